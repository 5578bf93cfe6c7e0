//! `bankproof certs issue` as somebody at a terminal sees it, and what it wrote as OpenSSL sees it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]

use std::{fs, path::Path};

use assert_cmd::Command;
use bankproof::pki::{Defect, NearMiss, Recipe, inspect::facts};
use openssl::{
    pkcs12::Pkcs12,
    pkey::PKey,
    stack::Stack,
    x509::{X509, X509StoreContext, store::X509StoreBuilder, verify::X509VerifyFlags},
};

fn issue(out: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("bankproof").unwrap();
    command.args(["certs", "issue", "--out", out.to_str().unwrap()]).args(arguments);
    command
}

fn read(path: &Path) -> X509 {
    X509::from_pem(&fs::read(path).unwrap_or_else(|_| panic!("{} is missing", path.display()))).unwrap()
}

/// What `openssl verify -x509_strict` says of a certificate of this folder's PKI.
fn verify(folder: &Path, leaf: &X509) -> Result<(), String> {
    let mut store = X509StoreBuilder::new().unwrap();
    store.add_cert(read(&folder.join("ca-root.pem"))).unwrap();
    store.set_flags(X509VerifyFlags::X509_STRICT).unwrap();
    let mut chain = Stack::new().unwrap();
    chain.push(read(&folder.join("ca-issuing.pem"))).unwrap();
    let mut context = X509StoreContext::new().unwrap();
    let verdict = context.init(&store.build(), leaf, &chain, |context| {
        context.verify_cert().map(|_| context.error().error_string().to_owned())
    });
    match verdict.unwrap().as_str() {
        "ok" => Ok(()),
        error => Err(error.to_owned()),
    }
}

#[test]
fn openssl_verifies_every_recipe_strictly() {
    let folder = tempfile::tempdir().unwrap();
    for profile in Recipe::names().filter(|name| !name.starts_with("ca-")) {
        issue(folder.path(), &["--force", "--profile", profile]).assert().success();
        let leaf = read(&folder.path().join(format!("{profile}.pem")));
        verify(folder.path(), &leaf).unwrap_or_else(|error| panic!("{profile}: {error}"));
        let key = PKey::private_key_from_pem(&fs::read(folder.path().join(format!("{profile}.key"))).unwrap()).unwrap();
        assert!(leaf.public_key().unwrap().public_eq(&key), "{profile}");
    }
}

#[test]
fn openssl_reads_a_whole_set_and_verifies_what_has_no_defect() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    issue(folder, &[]).assert().success();
    for name in ["tpp-a-qwac", "tpp-b-renewed-qwac", "tpp-c-qsealc", "bank"] {
        verify(folder, &read(&folder.join(format!("{name}.pem")))).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    for near_miss in NearMiss::all().filter(|near_miss| near_miss.name() != "longer-chain") {
        let leaf = read(&folder.join(format!("near-misses/tpp-a-{near_miss}.pem")));
        verify(folder, &leaf).unwrap_or_else(|error| panic!("{near_miss}: {error}"));
    }
    for defect in Defect::all() {
        read(&folder.join(format!("defects/tpp-a-{defect}.pem")));
    }
    let refused = ["unknown-ca", "self-signed", "missing-intermediate", "altered", "expired", "not-yet-valid"];
    for defect in refused.into_iter().chain(["unknown-critical-extension"]) {
        assert!(verify(folder, &read(&folder.join(format!("defects/tpp-a-{defect}.pem")))).is_err(), "{defect}");
    }
}

#[test]
fn one_certificate_in_every_form_with_every_kind_of_key() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("password"), "a long password\n").unwrap();
    for (kind, expected) in
        [("p256", "EC P-256"), ("p384", "EC P-384"), ("p521", "EC P-521"), ("rsa2048", "RSA"), ("rsa3072", "RSA")]
    {
        issue(folder, &["--force", "--key", kind, "--format", "der"]).assert().success();
        let (certificate, key) =
            (fs::read(folder.join("qwac.der")).unwrap(), fs::read(folder.join("qwac.key.der")).unwrap());
        assert_eq!(facts(&certificate).unwrap().key.kind, expected);
        let leaf = X509::from_der(&certificate).unwrap();
        assert!(leaf.public_key().unwrap().public_eq(&PKey::private_key_from_pkcs8(&key).unwrap()), "{kind}");
    }
    let password = folder.join("password");
    issue(
        folder,
        &["--force", "--profile", "qsealc", "--format", "p12", "--password-file", password.to_str().unwrap()],
    )
    .assert()
    .success();
    let container = Pkcs12::from_der(&fs::read(folder.join("qsealc.p12")).unwrap()).unwrap();
    assert!(container.parse2("another").is_err());
    let content = container.parse2("a long password").unwrap();
    let (leaf, key) = (content.cert.unwrap(), content.pkey.unwrap());
    assert!(leaf.public_key().unwrap().public_eq(&key) && content.ca.unwrap().len() == 1);
    issue(
        folder,
        &["--force", "--near-miss", "role-order", "--format", "p12", "--password-env", "BANKPROOF_TEST_PASSWORD"],
    )
    .env("BANKPROOF_TEST_PASSWORD", "another long password")
    .assert()
    .success();
    let container = Pkcs12::from_der(&fs::read(folder.join("qwac-role-order.p12")).unwrap()).unwrap();
    container.parse2("another long password").unwrap();
}

#[test]
fn whoever_mistypes_is_told_what_there_is() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty");
    fs::write(&empty, "").unwrap();
    let empty = empty.to_str().unwrap();
    let cases: [(&[&str], &str); 9] = [
        (&["--profile", "qwack"], "qwac-rsa"),
        (&["--defect", "expird"], "\"expired\""),
        (&["--near-miss", "role-ordr"], "\"role-order\""),
        (&["--key", "rsa"], "rsa3072"),
        (&["--profile", "bank-server", "--defect", "roles-flattened"], "take a QWAC or a QSealC"),
        (&["--format", "p12"], "--password-file"),
        (&["--format", "pem", "--password-file", empty], "empty"),
        (&["--format", "p12", "--password-env", "BANKPROOF_NO_SUCH_VARIABLE"], "BANKPROOF_NO_SUCH_VARIABLE"),
        (&["--defect", "key-of-another", "--format", "p12", "--password-env", "PATH"], "--format pem"),
    ];
    for (arguments, hint) in cases {
        let output = issue(folder.path(), arguments).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && told.contains(hint), "{arguments:?}: {told}");
    }
}

#[test]
fn the_names_can_be_listed() {
    let output = issue(Path::new("never-made"), &["--list"]).output().unwrap();
    let listed = String::from_utf8(output.stdout).unwrap();
    let names = Recipe::names().chain(Defect::all().map(Defect::name)).chain(NearMiss::all().map(NearMiss::name));
    for name in names.chain(["rsa4096"]) {
        assert!(listed.contains(name), "{name} is not listed");
    }
    assert!(output.status.success() && !Path::new("never-made").exists());
}

#[test]
fn no_ca_is_overwritten_unless_that_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("certs");
    issue(&out, &[]).assert().success();
    let kept = |name: &str| fs::read(out.join(name)).unwrap();
    let (ca, key) = (kept("ca-issuing.pem"), kept("ca-issuing.key"));
    for arguments in [&[][..], &["--profile", "qwac"], &["--defect", "expired"]] {
        let output = issue(&out, arguments).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {told}");
        for word in ["ca-root.pem", "--force", "--ca", "--out"] {
            assert!(told.contains(word), "{arguments:?}: {word} is not in {told}");
        }
        assert!(output.stdout.is_empty());
        assert_eq!((kept("ca-issuing.pem"), kept("ca-issuing.key")), (ca.clone(), key.clone()), "{arguments:?}");
        assert!(!out.join("qwac.pem").exists() && !out.join("qwac-expired.pem").exists(), "{arguments:?}");
    }
    // A CA whose certificate is gone has still its key there.
    for name in ["ca-root.pem", "ca-issuing.pem"] {
        fs::remove_file(out.join(name)).unwrap();
    }
    issue(&out, &[]).assert().code(2);
    assert_eq!(kept("ca-issuing.key"), key);
    issue(&out, &["--force"]).assert().success();
    assert_ne!(kept("ca-issuing.key"), key);
}

#[test]
fn a_certificate_can_be_issued_under_a_ca_that_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let (pki, out) = (folder.path().join("pki"), folder.path().join("bad"));
    issue(&pki, &[]).assert().success();
    let ca = pki.join("ca-issuing.pem");
    let (ca, key) = (ca.to_str().unwrap(), pki.join("ca-issuing.key"));
    let issuer = read(&pki.join("ca-issuing.pem"));
    let signed = |name: &str| read(&out.join(name)).verify(&issuer.public_key().unwrap()).unwrap();
    issue(&out, &["--ca", ca, "--defect", "expired"]).assert().success();
    assert!(signed("qwac-expired.pem") && verify(&pki, &read(&out.join("qwac-expired.pem"))).is_err());
    issue(&out, &["--ca", ca, "--ca-key", key.to_str().unwrap(), "--profile", "qsealc"]).assert().success();
    assert!(signed("qsealc.pem") && verify(&pki, &read(&out.join("qsealc.pem"))).is_ok());
    // Of the CA nothing is written: it is there.
    assert!(!out.join("ca-issuing.pem").exists() && !out.join("ca-root.pem").exists());
    // As the certificate that it shall take the place of.
    let like = pki.join("tpp-b-qwac.pem");
    issue(&out, &["--ca", ca, "--like", like.to_str().unwrap(), "--defect", "expired"]).assert().success();
    let made = facts(&fs::read(out.join("tpp-b-expired.pem")).unwrap()).unwrap();
    assert_eq!(made.organization_identifier.as_deref(), Some("PSDDE-BAFIN-100002"));
    // Its own folder is no obstacle: what is there of the CA stays.
    issue(&pki, &["--ca", ca, "--defect", "expired"]).assert().success();
    assert_eq!(read(&pki.join("ca-issuing.pem")).to_der().unwrap(), issuer.to_der().unwrap());
}

#[test]
fn what_is_no_ca_issues_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let pki = folder.path().join("pki");
    issue(&pki, &[]).assert().success();
    let path = |name: &str| pki.join(name).to_str().unwrap().to_owned();
    fs::rename(pki.join("ca-issuing.key"), pki.join("moved.key")).unwrap();
    let (ca, leaf, nowhere) = (path("ca-issuing.pem"), path("tpp-a-qwac.pem"), path("nowhere.pem"));
    let other = path("tpp-a-qwac.key");
    let cases: [(&[&str], &str); 4] = [
        (&["--ca", &ca, "--defect", "expired"], "ca-issuing.key"),
        (&["--ca", &leaf, "--defect", "expired"], "cannot issue certificates"),
        (&["--ca", &nowhere, "--defect", "expired"], "nowhere.pem"),
        (&["--ca", &ca, "--ca-key", &other, "--defect", "expired"], "does not belong"),
    ];
    for (arguments, hint) in cases {
        let output = issue(&folder.path().join("out"), arguments).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && told.contains(hint), "{arguments:?}: {told}");
    }
    assert!(!folder.path().join("out").exists());
}

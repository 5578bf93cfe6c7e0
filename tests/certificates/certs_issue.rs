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
        issue(folder.path(), &["--profile", profile]).assert().success();
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
    for (kind, expected) in [("p256", "EC P-256"), ("p384", "EC P-384"), ("rsa2048", "RSA"), ("rsa3072", "RSA")] {
        issue(folder, &["--key", kind, "--format", "der"]).assert().success();
        let (certificate, key) =
            (fs::read(folder.join("qwac.der")).unwrap(), fs::read(folder.join("qwac.key.der")).unwrap());
        assert_eq!(facts(&certificate).unwrap().key.kind, expected);
        let leaf = X509::from_der(&certificate).unwrap();
        assert!(leaf.public_key().unwrap().public_eq(&PKey::private_key_from_pkcs8(&key).unwrap()), "{kind}");
    }
    let password = folder.join("password");
    issue(folder, &["--profile", "qsealc", "--format", "p12", "--password-file", password.to_str().unwrap()])
        .assert()
        .success();
    let container = Pkcs12::from_der(&fs::read(folder.join("qsealc.p12")).unwrap()).unwrap();
    assert!(container.parse2("another").is_err());
    let content = container.parse2("a long password").unwrap();
    let (leaf, key) = (content.cert.unwrap(), content.pkey.unwrap());
    assert!(leaf.public_key().unwrap().public_eq(&key) && content.ca.unwrap().len() == 1);
    issue(folder, &["--near-miss", "role-order", "--format", "p12", "--password-env", "BANKPROOF_TEST_PASSWORD"])
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

//! The test PKI as others see it: rustls's verifier, OpenSSL, the file system.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails, in its helpers too")]

use std::sync::Arc;

use bankproof::pki::inspect::facts;
use bankproof::pki::{Authority, Defect, Issued, NearMiss, Recipe, Role, TestPki};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, UnixTime};

fn verifier(pki: &TestPki) -> Arc<dyn ClientCertVerifier> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(pki.root.certificate_pem().as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap()
}

/// How rustls judges the chain that a client presents.
fn judge(pki: &TestPki, issued: &Issued) -> Result<(), String> {
    let chain: Vec<_> = CertificateDer::pem_slice_iter(issued.chain_pem.as_bytes()).map(Result::unwrap).collect();
    let (leaf, rest) = chain.split_first().unwrap();
    verifier(pki).verify_client_cert(leaf, rest, UnixTime::now()).map(|_| ()).map_err(|error| format!("{error:?}"))
}

fn defect(name: &str) -> Defect {
    name.parse().unwrap()
}

#[test]
fn rustls_accepts_every_good_qwac() {
    let pki = TestPki::fresh().unwrap();
    for tpp in &pki.tpps {
        judge(&pki, &tpp.qwac).unwrap();
        judge(&pki, &tpp.renewed).unwrap();
    }
}

#[test]
fn rustls_refuses_bad_qwacs_for_the_reason_they_were_made_for() {
    let pki = TestPki::fresh().unwrap();
    let expected = [
        // The names lead to our CA, and its key does not fit.
        (defect("unknown-ca"), Some("BadSignature")),
        (defect("self-signed"), Some("UnknownIssuer")),
        (defect("expired"), Some("Expired")),
        (defect("not-yet-valid"), Some("NotValidYet")),
        (defect("no-psd2-statement"), None),
    ];
    for (defect, reason) in expected {
        let bad = pki.issuing.issue_with_defect(&pki.tpps[0].recipe, defect).unwrap();
        match (judge(&pki, &bad), reason) {
            (Ok(()), None) => {}
            (Err(found), Some(reason)) => assert!(found.contains(reason), "{defect}: {found}"),
            (found, _) => panic!("{defect}: {found:?}, expected {reason:?}"),
        }
    }
}

/// What OpenSSL prints of a certificate, without what is another each time.
fn printed(issued: &Issued) -> String {
    let certificate = openssl::x509::X509::from_pem(issued.certificate_pem.as_bytes()).unwrap();
    let text = String::from_utf8(certificate.to_text().unwrap()).unwrap();
    let varies = |line: &&str| {
        let bytes = line
            .trim()
            .split(':')
            .all(|byte| byte.is_empty() || (byte.len() == 2 && byte.chars().all(|c| c.is_ascii_hexdigit())));
        !bytes && !line.contains("Not Before") && !line.contains("Not After")
    };
    text.lines().filter(varies).collect::<Vec<_>>().join("\n")
}

/// The parts in which certificates can differ, each in a form that can be compared.
fn says(issued: &Issued) -> String {
    let facts = facts(issued.certificate_pem.as_bytes()).unwrap();
    let days = (
        (facts.not_before - time::OffsetDateTime::now_utc()).whole_days(),
        (facts.not_after - facts.not_before).whole_days(),
    );
    let certificate = openssl::x509::X509::from_pem(issued.certificate_pem.as_bytes()).unwrap();
    let subject = certificate.subject_name().to_der().unwrap();
    let own_key = openssl::pkey::PKey::private_key_from_pem(issued.key_pem.as_bytes()).unwrap();
    let fits = certificate.public_key().unwrap().public_eq(&own_key);
    let statements = facts.qc_statements.map(|statements| format!("{statements:?}"));
    format!(
        "{} {subject:?} {days:?} {statements:?} {:?} {} {fits}",
        printed(issued),
        facts.qc_error,
        issued.chain_pem.matches("BEGIN").count()
    )
}

#[test]
fn each_deviation_differs_from_the_good_certificate_in_what_it_says() {
    let pki = TestPki::fresh().unwrap();
    let french = Recipe::named("qwac-pi-only").unwrap().organization_identifier("PSDFR-ACPR-10278").country("FR");
    for recipe in [&pki.tpps[0].recipe, &french.nca("Prudential Supervisory and Resolution Authority", "FR-ACPR")] {
        each_deviation_differs(&pki, recipe);
    }
}

fn each_deviation_differs(pki: &TestPki, recipe: &Recipe) {
    let good = says(&pki.issuing.issue(recipe).unwrap());
    assert_eq!(says(&pki.issuing.issue(recipe).unwrap()), good, "two good ones say the same");
    let issuer = openssl::x509::X509::from_pem(pki.issuing.certificate_pem().as_bytes()).unwrap();
    let signed = |issued: &Issued| {
        let certificate = openssl::x509::X509::from_pem(issued.certificate_pem.as_bytes()).unwrap();
        certificate.verify(&issuer.public_key().unwrap()).unwrap_or(false)
    };
    for defect in Defect::all() {
        let bad = pki.issuing.issue_with_defect(recipe, defect).unwrap();
        assert!(says(&bad) != good || !signed(&bad), "{defect} is no different");
    }
    for near_miss in NearMiss::all() {
        let odd = pki.issuing.issue_near_miss(recipe, near_miss).unwrap();
        assert_ne!(says(&odd), good, "{near_miss} is no different");
        assert!(facts(odd.certificate_pem.as_bytes()).unwrap().qc_error.is_none(), "{near_miss}");
        assert_eq!(judge(pki, &odd), Ok(()), "{near_miss}");
    }
}

#[test]
fn a_certificate_can_be_had_again_as_if_it_were_renewed() {
    let pki = TestPki::fresh().unwrap();
    let own = Recipe::qwac().organization("Zahlungen Süd & Co").roles([Role::PspPi]).nca("Bank of Italy", "IT-BI");
    let ordinary = Recipe::bank_server().organization("Nobody's bank");
    for (recipe, roles) in [(own, vec![Role::PspPi]), (ordinary, vec![Role::PspPi, Role::PspAi])] {
        let own = pki.issuing.issue(&recipe).unwrap();
        let again = pki.issuing.issue(&Recipe::like(own.certificate_pem.as_bytes()).unwrap()).unwrap();
        let [old, new] = [&own, &again].map(|issued| facts(issued.certificate_pem.as_bytes()).unwrap());
        assert_eq!((&old.subject, &old.names), (&new.subject, &new.names));
        assert_eq!((new.psd2_roles, new.qc_error), (roles, None));
        assert_ne!(old.thumbprint, new.thumbprint);
    }
    assert!(Recipe::like(b"nothing").is_err());
}

#[test]
fn facts_say_what_the_recipe_asked_for() {
    let pki = TestPki::fresh().unwrap();
    let found = facts(pki.tpps[0].qwac.certificate_pem.as_bytes()).unwrap();
    assert_eq!(
        found.subject,
        "CN=tpp-a.example,serialNumber=HRB 100001,jurisdictionC=DE,businessCategory=Private Organization,organizationIdentifier=PSDDE-BAFIN-100001,O=Aster Payments GmbH,L=Berlin,C=DE"
    );
    assert_eq!(
        found.issuer,
        "CN=Bankproof Test Issuing CA,organizationIdentifier=NTRDE-HRB 100100,O=Bankproof Test Trust Services,C=DE"
    );
    assert_eq!(found.organization_identifier.as_deref(), Some("PSDDE-BAFIN-100001"));
    assert_eq!(found.psd2_roles, [Role::PspPi, Role::PspAi]);
    assert_eq!(found.nca_id.as_deref(), Some("DE-BAFIN"));
    assert_eq!(found.names, ["tpp-a.example"]);
    assert_eq!(found.key_usage, ["digitalSignature"]);
    assert_eq!(found.extended_key_usage, ["serverAuth", "clientAuth"]);
    assert_eq!(found.policies, ["0.4.0.194112.1.4", "0.4.0.19495.3.1"]);
    assert_eq!((found.key.kind.as_str(), found.key.bits), ("EC P-256", 256));
    assert_eq!(found.thumbprint.len(), 43);
    let text = found.to_string();
    for part in
        ["QWAC", "363 days remain", "may initiate payments", "Federal Financial Supervisory Authority (DE-BAFIN)"]
    {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    let seal = facts(pki.tpps[2].qsealc.certificate_pem.as_bytes()).unwrap();
    assert_eq!(seal.psd2_roles, [Role::PspAi]);
    assert!(seal.extended_key_usage.is_empty() && seal.key_usage == ["contentCommitment"]);
    let bank = facts(pki.bank.certificate_pem.as_bytes()).unwrap();
    assert_eq!(bank.names, ["localhost", "127.0.0.1", "::1", "bank.bankproof.test"]);
    assert!(!bank.qualified && bank.qc_statements.is_none());
}

#[test]
fn a_renewed_certificate_has_the_same_subject_and_another_key() {
    let pki = TestPki::fresh().unwrap();
    let tpp = &pki.tpps[0];
    let [old, new] = [&tpp.qwac, &tpp.renewed].map(|issued| facts(issued.certificate_pem.as_bytes()).unwrap());
    assert_eq!(old.subject, new.subject);
    assert_ne!(old.thumbprint, new.thumbprint);
    assert_ne!(tpp.qwac.key_pem, tpp.renewed.key_pem);
}

#[test]
fn openssl_agrees_with_the_profile() {
    let pki = TestPki::fresh().unwrap();
    let certificate = openssl::x509::X509::from_pem(pki.tpps[0].qwac.certificate_pem.as_bytes()).unwrap();
    let text = String::from_utf8(certificate.to_text().unwrap()).unwrap();
    for part in [
        "CA Issuers - URI:http://qtsp.example/issuing.cer",
        "OCSP - URI:http://ocsp.qtsp.example",
        "URI:http://qtsp.example/issuing.crl",
        "X509v3 Key Usage: critical\n                Digital Signature\n",
        "Policy: 0.4.0.19495.3.1",
        "X509v3 Authority Key Identifier:",
        "X509v3 Subject Key Identifier:",
        "DNS:tpp-a.example",
        "CA:FALSE",
        "organizationIdentifier",
        "qcStatements: \n",
    ] {
        assert!(text.contains(part), "{part:?} is not in\n{text}");
    }
    let issuer = openssl::x509::X509::from_pem(pki.issuing.certificate_pem().as_bytes()).unwrap();
    assert!(certificate.verify(&issuer.public_key().unwrap()).unwrap());
    assert_eq!(issuer.issued(&certificate), openssl::x509::X509VerifyResult::OK);
}

#[test]
fn an_authority_comes_back_from_its_files_in_any_key_format() {
    let pki = TestPki::fresh().unwrap();
    let key = openssl::pkey::PKey::private_key_from_pem(pki.issuing.key_pem().as_bytes()).unwrap();
    let sec1 = String::from_utf8(key.ec_key().unwrap().private_key_to_pem().unwrap()).unwrap();
    assert!(sec1.starts_with("-----BEGIN EC PRIVATE KEY-----"));
    for key_pem in [pki.issuing.key_pem(), &sec1] {
        let authority = Authority::from_pem(pki.issuing.certificate_pem(), key_pem).unwrap();
        let issued = authority.issue(&Recipe::qwac().roles([Role::PspIc])).unwrap();
        judge(&pki, &issued).unwrap();
    }
}

#[test]
fn an_authority_is_refused_where_its_files_do_not_fit() {
    let pki = TestPki::fresh().unwrap();
    let refuse = |certificate: &str, key: &str| Authority::from_pem(certificate, key).unwrap_err().to_string();
    let (certificate, key) = (pki.issuing.certificate_pem(), pki.issuing.key_pem());
    assert!(refuse(certificate, pki.root.key_pem()).contains("does not belong"));
    assert!(refuse(&pki.bank.certificate_pem, &pki.bank.key_pem).contains("do not say CA"));
    assert!(refuse(key, key).contains("the input is a private key"));
    assert!(refuse(certificate, certificate).contains("no PEM private key"));
    let secret = key.lines().nth(1).unwrap();
    assert!(!refuse(certificate, &key.replace("BEGIN", "BEGUN")).contains(secret));
}

#[test]
fn an_rsa_authority_can_issue() {
    let key = openssl::pkey::PKey::from_rsa(openssl::rsa::Rsa::generate(2048).unwrap()).unwrap();
    let mut name = openssl::x509::X509NameBuilder::new().unwrap();
    name.append_entry_by_text("CN", "An RSA CA").unwrap();
    let name = name.build();
    let mut ca = openssl::x509::X509Builder::new().unwrap();
    ca.set_version(2).unwrap();
    ca.set_subject_name(&name).unwrap();
    ca.set_issuer_name(&name).unwrap();
    ca.set_pubkey(&key).unwrap();
    ca.set_not_before(&openssl::asn1::Asn1Time::days_from_now(0).unwrap()).unwrap();
    ca.set_not_after(&openssl::asn1::Asn1Time::days_from_now(9).unwrap()).unwrap();
    ca.append_extension(openssl::x509::extension::BasicConstraints::new().critical().ca().build().unwrap()).unwrap();
    ca.sign(&key, openssl::hash::MessageDigest::sha256()).unwrap();
    let ca = ca.build();
    let pkcs1 = String::from_utf8(key.rsa().unwrap().private_key_to_pem().unwrap()).unwrap();
    let authority = Authority::from_pem(std::str::from_utf8(&ca.to_pem().unwrap()).unwrap(), &pkcs1).unwrap();
    let issued = authority.issue(&Recipe::qwac()).unwrap();
    let leaf = openssl::x509::X509::from_pem(issued.certificate_pem.as_bytes()).unwrap();
    assert!(leaf.verify(&key).unwrap());
    authority.issue_with_defect(&Recipe::qwac(), defect("unknown-ca")).unwrap();
}

#[test]
fn debug_forms_show_no_key() {
    let pki = TestPki::fresh().unwrap();
    let shown = format!("{pki:?}");
    assert!(!shown.contains("PRIVATE"));
}

#[test]
fn writes_the_layout_that_certs_issue_promises() {
    let dir = tempfile::tempdir().unwrap();
    let pki = TestPki::fresh().unwrap();
    pki.write(dir.path()).unwrap();
    pki.write(dir.path()).unwrap();
    pki.write_deviations(dir.path()).unwrap();
    let read =
        |name: &str| std::fs::read_to_string(dir.path().join(name)).unwrap_or_else(|_| panic!("{name} is missing"));
    for tpp in ["tpp-a", "tpp-b", "tpp-c"] {
        for kind in ["qwac", "renewed-qwac", "qsealc"] {
            assert_eq!(read(&format!("{tpp}-{kind}.pem")).matches("BEGIN CERTIFICATE").count(), 1);
            assert!(read(&format!("{tpp}-{kind}.key")).contains("PRIVATE KEY"));
        }
        for defect in Defect::all() {
            read(&format!("defects/{tpp}-{defect}.pem"));
            read(&format!("defects/{tpp}-{defect}.key"));
        }
        for near_miss in NearMiss::all() {
            read(&format!("near-misses/{tpp}-{near_miss}.pem"));
        }
    }
    assert_eq!(read("bank.pem").matches("BEGIN CERTIFICATE").count(), 2);
    read("ca-root.pem");
    assert!(!dir.path().join("ca-root.key").exists());
    Authority::from_pem(&read("ca-issuing.pem"), &read("ca-issuing.key")).unwrap();
    #[cfg(unix)]
    for name in ["ca-issuing.key", "tpp-a-qwac.key", "bank.key", "defects/tpp-a-expired.key"] {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(dir.path().join(name)).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
    }
}

//! Files, findings, formats, exit codes.

use std::fs;
use std::process::Command;

use bankproof::pki::{Defect, NearMiss};
use openssl::pkcs12::Pkcs12;
use openssl::pkey::PKey;
use openssl::x509::X509;

use super::support::{folder, json, lint, rules, text};

#[test]
fn what_the_factory_issues_is_clean() {
    let folder = folder();
    for tpp in ["tpp-a", "tpp-b", "tpp-c"] {
        for (name, kind) in [("qwac", "qwac"), ("renewed-qwac", "qwac"), ("qsealc", "qsealc")] {
            let object = json(folder.path(), &[&format!("{tpp}-{name}.pem")]);
            assert_eq!((object["kind"].as_str(), rules(&object)), (Some(kind), vec![]), "{object}");
        }
    }
    for name in ["ca-root.pem", "ca-issuing.pem"] {
        let object = json(folder.path(), &[name]);
        assert_eq!(object["kind"], "other");
        assert!(object["findings"].as_array().unwrap().is_empty() && object["worst"].is_null(), "{object}");
        assert_eq!(lint(folder.path(), &[name]).status.code(), Some(0));
    }
}

/// What each defect shows itself by.
const SHOWS: [(&str, &str); 63] = [
    ("agreement-only", "rfc8446-cannot-sign"),
    ("altered", "rfc5280-not-signed-by-issuer"),
    ("authority-country-mismatch", "house-authorities-differ"),
    ("authority-mismatch", "eba-authority-not-listed"),
    ("ca-as-leaf", "rfc5280-ca-as-leaf"),
    ("commitment-only", "rfc8446-cannot-sign"),
    ("country-mismatch", "house-countries-differ"),
    ("critical-qc-statements", "en319412-5-statements-critical"),
    ("disclosure-not-in-english", "en319412-5-disclosure-not-english"),
    ("disclosure-over-http", "en319412-5-disclosure-scheme"),
    ("expired", "rfc5280-expired"),
    ("identifier-small-letters", "en319412-1-identifier-syntax"),
    ("identifier-without-hyphens", "en319412-1-identifier-syntax"),
    ("identifier-without-number", "en319412-1-identifier-syntax"),
    ("legislation-in-the-eu", "en319412-5-legislation-in-the-eu"),
    ("nca-fields-swapped", "ts119495-authority-id-syntax"),
    ("nca-id-empty", "ts119495-statement-broken"),
    ("nca-id-missing", "ts119495-statement-broken"),
    ("nca-id-small-letters", "ts119495-authority-id-syntax"),
    ("nca-id-underscore", "ts119495-authority-id-syntax"),
    ("nca-id-without-country", "ts119495-authority-id-syntax"),
    ("nca-name-empty", "ts119495-statement-broken"),
    ("nca-name-missing", "ts119495-statement-broken"),
    ("nca-name-printable", "ts119495-statement-broken"),
    ("nca-name-too-long", "ts119495-statement-broken"),
    ("no-names", "en319412-4-alternative-name-missing"),
    ("no-organization-identifier", "ts119495-identifier-missing"),
    ("no-psd2-statement", "ts119495-statement-missing"),
    ("no-qc-compliance", "en319412-5-compliance-missing"),
    ("no-qc-statements", "en319412-5-statements-missing"),
    ("no-status", "en319412-2-no-revocation-source"),
    ("not-yet-valid", "rfc5280-not-yet-valid"),
    ("policy-of-seals", "en319412-5-policy-of-another-kind"),
    ("psd2-bare", "ts119495-statement-broken"),
    ("psd2-not-der", "ts119495-statement-broken"),
    ("psd2-statement-twice", "en319412-5-statement-twice"),
    ("psd2-trailing-octets", "ts119495-statement-broken"),
    ("psd2-truncated", "ts119495-statement-broken"),
    ("qc-statements-twice", "rfc5280-extension-twice"),
    ("qc-type-missing", "en319412-5-type-missing"),
    ("qc-type-seal", "en319412-3-key-usage"),
    ("qc-type-signature", "ts119495-policy-without-statement"),
    ("qscd-in-qwac", "en319412-5-device-in-qwac"),
    ("role-bank-only", "house-bank-role-alone"),
    ("role-in-small-letters", "ts119495-role-name-of-another"),
    ("role-name-empty", "ts119495-statement-broken"),
    ("role-named-ai", "ts119495-role-name-of-another"),
    ("role-named-pi", "ts119495-role-name-of-another"),
    ("role-names-printable", "ts119495-statement-broken"),
    ("role-unknown-only", "ts119495-role-unknown"),
    ("role-unspecified", "house-unspecified-role"),
    ("roles-empty", "ts119495-no-role"),
    ("roles-flattened", "ts119495-statement-broken"),
    ("roles-missing", "ts119495-statement-broken"),
    ("roles-reversed", "ts119495-statement-broken"),
    ("roles-unwrapped", "ts119495-statement-broken"),
    ("self-signed", "house-self-signed"),
    ("server-only", "rfc5280-not-for-clients"),
    ("sha1-signature", "cabf-signature-hash"),
    ("status-signing-only", "en319412-4-not-for-servers"),
    ("unknown-ca", "rfc5280-not-signed-by-issuer"),
    ("unknown-critical-extension", "rfc5280-critical-and-unknown"),
    ("weak-key", "cabf-rsa-key-short"),
];

/// In these there is nothing to see: they are good certificates of somebody who is not entitled to what a bank is asked
/// for, or whose chain or key is missing.
const INVISIBLE: [&str; 5] =
    ["key-of-another", "missing-intermediate", "role-accounts-only", "role-cards-only", "seal-for-tls"];

#[test]
fn every_defect_is_found_that_can_be_seen() {
    let folder = folder();
    for defect in Defect::all() {
        let file = format!("defects/tpp-a-{defect}.pem");
        // The issuing CA beside it: who has signed shows by no other means.
        let list = json(folder.path(), &[&file, "ca-issuing.pem"]);
        match SHOWS.iter().find(|(name, _)| *name == defect.name()) {
            Some((_, rule)) => assert!(rules(&list[0]).iter().any(|found| found == rule), "{defect}: {list}"),
            None => assert!(INVISIBLE.contains(&defect.name()) && rules(&list[0]).is_empty(), "{defect}: {list}"),
        }
        let code = if list[0]["worst"] == "MUST" { 1 } else { 0 };
        assert_eq!(lint(folder.path(), &[&file, "ca-issuing.pem"]).status.code(), Some(code), "{defect}");
    }
}

#[test]
fn what_is_odd_and_valid_breaks_no_rule_that_must_be_kept() {
    let folder = folder();
    for near_miss in NearMiss::all() {
        let object = json(folder.path(), &[&format!("near-misses/tpp-a-{near_miss}.pem")]);
        assert_ne!(object["worst"], "MUST", "{near_miss}: {object}");
    }
}

#[test]
fn one_certificate_is_one_object_and_several_are_a_list() {
    let folder = folder();
    let one = json(folder.path(), &["defects/tpp-a-expired.pem"]);
    let keys: Vec<&String> = one.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["file", "kind", "findings", "worst"]);
    assert_eq!(one["file"], "defects/tpp-a-expired.pem");
    let finding = one["findings"][0].as_object().unwrap();
    assert_eq!(finding.keys().collect::<Vec<_>>(), ["rule", "clause", "level", "message", "actual", "expected"]);
    assert_eq!(finding["clause"], "RFC 5280 §4.1.2.5, §6.1.3");
    assert!(finding["message"].as_str().unwrap().contains("A bank's TLS server ends the handshake."));
    let files: Vec<String> = json(folder.path(), &["bank.pem", "tpp-a-qwac.pem"])
        .as_array()
        .unwrap()
        .iter()
        .map(|object| object["file"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(files, ["bank.pem", "bank.pem#2", "tpp-a-qwac.pem"]);
    // A bundle alone is a list too, and so is a single certificate among files that were named.
    assert_eq!(json(folder.path(), &["bank.pem"]).as_array().unwrap().len(), 2);
}

#[test]
fn der_and_pkcs12_are_linted_too() {
    let folder = folder();
    let read = |name: &str| fs::read(folder.path().join(name)).unwrap();
    let certificate = X509::from_pem(&read("tpp-a-qsealc.pem")).unwrap();
    fs::write(folder.path().join("seal.der"), certificate.to_der().unwrap()).unwrap();
    let key = PKey::private_key_from_pem(&read("tpp-a-qsealc.key")).unwrap();
    let archive = Pkcs12::builder().cert(&certificate).pkey(&key).build2("öpen sesame").unwrap();
    fs::write(folder.path().join("seal.p12"), archive.to_der().unwrap()).unwrap();
    fs::write(folder.path().join("password"), "öpen sesame\r\n").unwrap();
    assert_eq!(json(folder.path(), &["seal.der"])["kind"], "qsealc");
    assert_eq!(json(folder.path(), &["seal.p12", "--password-file", "password"])["kind"], "qsealc");
    let by_environment = Command::new(env!("CARGO_BIN_EXE_bankproof"))
        .args(["certs", "lint", "seal.p12", "--password-env", "SEAL_PASSWORD"])
        .env("SEAL_PASSWORD", "öpen sesame")
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(text(&by_environment).0.starts_with("seal.p12: QSealC"), "{by_environment:?}");
    let refused = lint(folder.path(), &["seal.p12"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused).1.contains("openssl pkcs12"), "{refused:?}");
}

#[test]
fn what_is_no_certificate_is_told_and_the_rest_is_linted() {
    let folder = folder();
    fs::write(folder.path().join("big.pem"), vec![b'A'; 10_000_000]).unwrap();
    fs::write(folder.path().join("empty.pem"), "").unwrap();
    for (file, found) in [
        ("tpp-a-qwac.key", "holds no certificate, but a private key"),
        ("big.pem", "more than 1000000 octets"),
        ("empty.pem", "it is empty"),
        ("missing.pem", "cannot be read"),
        (".", "it is a directory"),
    ] {
        let output = lint(folder.path(), &[file, "ca-root.pem"]);
        let (result, error) = text(&output);
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains(file) && error.contains(found) && error.contains("mend: "), "{error}");
        assert!(result.contains("ca-root.pem: "), "{result}");
    }
    assert_eq!(lint(folder.path(), &[]).status.code(), Some(2));
}

#[test]
fn a_damaged_certificate_is_a_finding() {
    let folder = folder();
    let der = X509::from_pem(&fs::read(folder.path().join("tpp-a-qwac.pem")).unwrap()).unwrap().to_der().unwrap();
    fs::write(folder.path().join("cut.der"), &der[..der.len() / 2]).unwrap();
    let object = json(folder.path(), &["cut.der"]);
    assert_eq!((rules(&object), object["worst"].as_str()), (vec!["rfc5280-unreadable".to_owned()], Some("MUST")));
    assert_eq!(lint(folder.path(), &["cut.der"]).status.code(), Some(1));
}

#[test]
fn kind_and_purpose_can_be_said() {
    let folder = folder();
    let as_qwac = rules(&json(folder.path(), &["--kind", "qwac", "tpp-a-qsealc.pem"]));
    assert!(as_qwac.iter().any(|rule| rule == "en319412-5-type-of-another-kind"), "{as_qwac:?}");
    let bank = rules(&json(folder.path(), &["--kind", "qwac", "bank.pem"])[0]);
    assert!(bank.iter().any(|rule| rule == "rfc5280-not-for-clients"), "{bank:?}");
    let bank = rules(&json(folder.path(), &["--kind", "qwac", "--purpose", "server", "bank.pem"])[0]);
    assert!(!bank.iter().any(|rule| rule == "rfc5280-not-for-clients"), "{bank:?}");
    // The CA in the bundle is not taken for a QWAC.
    assert_eq!(json(folder.path(), &["--kind", "qwac", "bank.pem"])[1]["kind"], "other");
}

#[test]
fn the_rules_are_listed() {
    let folder = folder();
    let (listed, _) = text(&lint(folder.path(), &["--rules"]));
    assert!(listed.contains("ts119495-role-name-of-another                MUST   TS 119 495 REG-5.2.2-5"), "{listed}");
    let rows = json(folder.path(), &["--rules"]);
    assert!(rows.as_array().unwrap().len() >= 60);
    assert!(listed.ends_with(&format!("\n{} rules\n", rows.as_array().unwrap().len())));
}

#[test]
fn anything_is_explained() {
    let folder = folder();
    let bundle = ["tpp-a-qwac.pem", "tpp-a-qwac.key"].map(|name| fs::read(folder.path().join(name)).unwrap()).concat();
    fs::write(folder.path().join("bundle.pem"), bundle).unwrap();
    let inspect = |file: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bankproof"));
        command.args(["certs", "inspect", file]).current_dir(folder.path()).output().unwrap()
    };
    let (said, _) = text(&inspect("bundle.pem"));
    for part in [
        "bundle.pem holds a certificate and a private key.",
        "PSP_PI (may initiate payments",
        "QcType: websites (0.4.0.1862.1.6.3)",
        "QCP-w-psd2: qualified, website, for PSD2 (0.4.0.19495.3.1)",
        "private key, not encrypted: keep it to yourself",
    ] {
        assert!(said.contains(part), "{part} is not in\n{said}");
    }
    let secret = fs::read_to_string(folder.path().join("tpp-a-qwac.key")).unwrap();
    assert!(!said.contains(secret.lines().nth(1).unwrap()));
    assert_eq!(inspect("missing.pem").status.code(), Some(2));
}

//! Keys of every kind: those that work, and those that no run can use.

use std::fs;

use bankproof::pki::{Authority, KeyKind, Recipe};
use openssl::{
    asn1::Asn1Time,
    dsa::Dsa,
    ec::{Asn1Flag, EcGroup, EcKey},
    hash::MessageDigest,
    nid::Nid,
    pkey::{PKey, Private},
    x509::{X509Builder, X509NameBuilder},
};
use serde_json::Value;

use super::support::Desk;

/// The target file with another certificate and key in place of a pair of the bundled bank's.
fn with_pair(desk: &Desk, target: &str, pair: &str, certificate: &[u8], key: &[u8]) -> String {
    fs::write(desk.path("odd.pem"), certificate).unwrap();
    fs::write(desk.path("odd.key"), key).unwrap();
    let text = target.replacen(&format!("t-identities/{pair}.pem"), "odd.pem", 1);
    text.replacen(&format!("t-identities/{pair}.key"), "odd.key", 1)
}

fn authority(desk: &Desk) -> Authority {
    let (certificate, key) = (desk.read("t-identities/ca-issuing.pem"), desk.read("t-identities/ca-issuing.key"));
    Authority::from_pem(&certificate, &key).unwrap()
}

#[test]
fn a_key_on_p521_opens_the_bank_and_seals() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    let good = desk.read("t.toml");
    let ca = authority(&desk);
    let recipe = Recipe::like(desk.read("t-identities/tpp-a-qwac.pem").as_bytes()).unwrap();
    let qwac = ca.issue(&recipe.key(KeyKind::P521)).unwrap();
    desk.write(
        "t.toml",
        &with_pair(&desk, &good, "tpp-a-qwac", qwac.certificate_pem.as_bytes(), qwac.key_pem.as_bytes()),
    );
    let ended = desk.run(&["t.toml", "CERT-023", "FLOW-001", "CERT-004", "TLS-001"]);
    for id in ["CERT-023", "FLOW-001", "CERT-004"] {
        assert_eq!(desk.last_run().check(id)["verdict"], "pass", "{id}: {}{}", ended.stdout, ended.stderr);
    }
    let doctor = desk.bankproof(&["doctor", "t.toml"]);
    assert_eq!(doctor.code, 0, "{}{}", doctor.stdout, doctor.stderr);
}

fn ec(curve: Nid, flag: Asn1Flag) -> PKey<Private> {
    let mut group = EcGroup::from_curve_name(curve).unwrap();
    group.set_asn1_flag(flag);
    PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()
}

/// A certificate that the key signs itself; where it cannot, another one signs.
fn certificate(key: &PKey<Private>) -> Vec<u8> {
    let mut name = X509NameBuilder::new().unwrap();
    name.append_entry_by_text("O", "Aster Payments GmbH").unwrap();
    let name = name.build();
    let mut builder = X509Builder::new().unwrap();
    builder.set_version(2).unwrap();
    builder.set_subject_name(&name).unwrap();
    builder.set_issuer_name(&name).unwrap();
    builder.set_pubkey(key).unwrap();
    builder.set_not_before(&Asn1Time::days_from_now(0).unwrap()).unwrap();
    builder.set_not_after(&Asn1Time::days_from_now(60).unwrap()).unwrap();
    builder.sign(&ec(Nid::X9_62_PRIME256V1, Asn1Flag::NAMED_CURVE), MessageDigest::sha256()).unwrap();
    builder.build().to_pem().unwrap()
}

/// Keys that TLS here does not speak, and what each is called.
fn unspoken() -> Vec<(PKey<Private>, &'static str)> {
    let named = |curve| ec(curve, Asn1Flag::NAMED_CURVE);
    vec![
        (named(Nid::BRAINPOOL_P256R1), "EC on brainpoolP256r1"),
        (named(Nid::BRAINPOOL_P512R1), "EC on brainpoolP512r1"),
        (named(Nid::SECP256K1), "EC on secp256k1"),
        (named(Nid::SECP224R1), "EC on secp224r1"),
        (ec(Nid::X9_62_PRIME256V1, Asn1Flag::EXPLICIT_CURVE), "EC with parameters of its own"),
        (PKey::generate_ed448().unwrap(), "Ed448"),
        (PKey::from_dsa(Dsa::generate(2048).unwrap()).unwrap(), "DSA"),
    ]
}

#[test]
fn a_kind_of_key_that_tls_does_not_speak_ends_the_run_before_it_begins() {
    let desk = Desk::new();
    // Nobody is ever asked: the bank need not be there.
    drop(desk.bank("t.toml", &[]));
    let good = desk.read("t.toml");
    for (key, kind) in unspoken() {
        let pem = key.private_key_to_pem_pkcs8().unwrap();
        desk.write("t.toml", &with_pair(&desk, &good, "tpp-a-qwac", &certificate(&key), &pem));
        let ended = desk.run(&["t.toml", "META-001"]);
        assert_eq!(ended.code, 2, "{kind}: {}{}", ended.stdout, ended.stderr);
        for word in ["t.toml, line ", "identity \"tpp-a\"", "`odd.key`", kind, "mend: ", "P-521"] {
            assert!(ended.stderr.contains(word), "{kind}: {word:?} is not in {}", ended.stderr);
        }
        assert!(!ended.stderr.contains("bank-down") && desk.runs().is_empty(), "{kind}: {}", ended.stderr);
        let doctor = desk.bankproof(&["doctor", "t.toml", "--format", "json"]);
        let told: Value = serde_json::from_str(&doctor.stdout).unwrap();
        assert_eq!(doctor.code, 2, "{kind}: {told:#}");
        let findings = told["findings"].as_array().unwrap();
        assert_eq!(findings.len(), 1, "{kind}: {told:#}");
        assert_eq!((&findings[0]["name"], &findings[0]["layer"]), (&"key-kind".into(), &"file".into()), "{told:#}");
    }
}

#[test]
fn so_does_a_seal_that_does_not_sign_in_the_banks_form() {
    let desk = Desk::new();
    drop(desk.bank("t.toml", &[]));
    let good = desk.read("t.toml");
    assert!(good.contains("form = \"berlin-group\""), "{good}");
    let p384 = || ec(Nid::SECP384R1, Asn1Flag::NAMED_CURVE);
    let cases: [(PKey<Private>, &str, &str, &str); 5] = [
        (PKey::generate_ed25519().unwrap(), "berlin-group", "Ed25519", "RSA, or EC"),
        (PKey::generate_ed448().unwrap(), "berlin-group", "Ed448", "RSA, or EC"),
        (PKey::from_dsa(Dsa::generate(2048).unwrap()).unwrap(), "berlin-group", "DSA", "RSA, or EC"),
        (p384(), "uk-jws", "EC on P-384", "RSA"),
        (p384(), "rfc9421", "EC on P-384", "EC on P-256"),
    ];
    for (key, form, kind, mend) in cases {
        let pem = key.private_key_to_pem_pkcs8().unwrap();
        let text = with_pair(&desk, &good, "tpp-a-qsealc", &certificate(&key), &pem);
        desk.write("t.toml", &text.replacen("form = \"berlin-group\"", &format!("form = \"{form}\""), 1));
        let ended = desk.run(&["t.toml", "META-001"]);
        assert_eq!(ended.code, 2, "{kind} {form}: {}{}", ended.stdout, ended.stderr);
        for word in ["identity \"tpp-a\", seal", "`odd.key`", kind, form, mend] {
            assert!(ended.stderr.contains(word), "{kind} {form}: {word:?} is not in {}", ended.stderr);
        }
    }
}

#[test]
fn so_does_a_test_ca_that_cannot_issue() {
    let desk = Desk::new();
    drop(desk.bank("t.toml", &[]));
    let good = desk.read("t.toml");
    let key = ec(Nid::BRAINPOOL_P256R1, Asn1Flag::NAMED_CURVE);
    let pem = key.private_key_to_pem_pkcs8().unwrap();
    desk.write("t.toml", &with_pair(&desk, &good, "ca-issuing", &certificate(&key), &pem));
    let ended = desk.run(&["t.toml", "META-001"]);
    assert_eq!(ended.code, 2, "{}{}", ended.stdout, ended.stderr);
    for word in ["[test_ca]", "`odd.key`", "EC on brainpoolP256r1"] {
        assert!(ended.stderr.contains(word), "{word:?} is not in {}", ended.stderr);
    }
}

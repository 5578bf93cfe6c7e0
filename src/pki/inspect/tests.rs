//! Reading what others send: odd certificates, and garbage.

use proptest::prelude::*;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

use super::*;
use crate::pki::{Recipe, TestPki};

fn der(pem: &str) -> Vec<u8> {
    CertificateDer::from_pem_slice(pem.as_bytes()).unwrap().to_vec()
}

#[test]
fn pem_and_der_say_the_same() {
    let pki = TestPki::fresh().unwrap();
    let pem = &pki.tpps[0].qwac.certificate_pem;
    assert_eq!(facts(pem.as_bytes()).unwrap(), facts(&der(pem)).unwrap());
    assert_eq!(to_pem(&CertificateDer::from(der(pem))), *pem);
}

#[test]
fn whatever_is_no_certificate_is_named() {
    let pki = TestPki::fresh().unwrap();
    let name = |input: &[u8]| facts(input).unwrap_err().to_string();
    assert!(name(b"").contains("empty"));
    assert!(name(b"hello").contains("5 octets of something else"));
    let key = &pki.tpps[0].qwac.key_pem;
    assert!(name(key.as_bytes()).contains("a private key"));
    assert!(!name(key.as_bytes()).contains(key.lines().nth(1).unwrap()));
    let mut long = der(&pki.bank.certificate_pem);
    long.push(0);
    assert!(name(&long).contains("1 octets follow"));
}

#[test]
fn a_hostile_name_cannot_steer_the_terminal() {
    let pki = TestPki::fresh().unwrap();
    let recipe = Recipe::qwac().organization(" a,b\u{1b}[31m\n").common_name("#x+y\\");
    let found = facts(pki.issuing.issue(&recipe).unwrap().certificate_pem.as_bytes()).unwrap();
    assert!(found.subject.starts_with(r"CN=\#x\+y\\,serialNumber="), "{}", found.subject);
    assert!(found.subject.ends_with(r",O=\ a\,b\1B[31m\0A,L=Berlin,C=DE"), "{}", found.subject);
    assert!(!found.to_string().contains('\u{1b}'));
}

#[test]
fn the_explanation_knows_what_is_missing() {
    let pki = TestPki::fresh().unwrap();
    let say =
        |recipe: &Recipe| facts(pki.issuing.issue(recipe).unwrap().certificate_pem.as_bytes()).unwrap().to_string();
    assert!(say(&Recipe::qwac().without_psd2_statement()).contains("there is no PSD2 statement"));
    assert!(say(&Recipe::qwac().validity(-10, 9)).contains("ended 1 day ago"));
    assert!(say(&Recipe::qwac().validity(30, 10)).contains("begins in 29 days"));
    assert!(say(&Recipe::qsealc()).contains("QSealC"));
    assert!(say(&Recipe::qwac().roles([])).contains("Roles:            none"));
    let root = facts(pki.root.certificate_pem().as_bytes()).unwrap();
    assert!(root.is_ca && root.to_string().contains("certification authority"));
}

proptest! {
    #[test]
    fn garbage_is_an_error_and_no_panic(mut garbage in prop::collection::vec(any::<u8>(), 0..300), der in any::<bool>()) {
        if der && let Some(first) = garbage.first_mut() {
            *first = 0x30;
        }
        prop_assert!(facts(&garbage).is_err());
    }

    #[test]
    fn a_damaged_certificate_does_not_panic(cut in 0.0..1.0f64, flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)) {
        thread_local!(static GOOD: Vec<u8> = der(&TestPki::fresh().unwrap().tpps[0].qwac.certificate_pem));
        let mut bad = GOOD.with(Clone::clone);
        let short = &bad[..(bad.len() as f64 * cut) as usize];
        prop_assert!(facts(short).is_err());
        for (at, value) in flips {
            let length = bad.len();
            bad[at.index(length)] ^= value;
        }
        if let Ok(found) = facts(&bad) {
            let _ = found.to_string();
        }
    }
}

#[test]
fn keys_and_requests_get_a_sensible_word() {
    let pki = TestPki::fresh().unwrap();
    let pem = &pki.tpps[0].qwac.key_pem;
    let key = openssl::pkey::PKey::private_key_from_pem(pem.as_bytes()).unwrap();
    let said = private_key(&key);
    assert!(said.contains("EC on P-256, 256 bits") && said.contains("keep it to yourself"), "{said}");
    let mut builder = openssl::x509::X509Req::builder().unwrap();
    builder.set_pubkey(&key).unwrap();
    let mut name = openssl::x509::X509Name::builder().unwrap();
    name.append_entry_by_text("O", "Aster Payments GmbH").unwrap();
    builder.set_subject_name(&name.build()).unwrap();
    builder.sign(&key, openssl::hash::MessageDigest::sha256()).unwrap();
    let mut der = builder.build().to_der().unwrap();
    let said = request(&der).unwrap();
    assert!(said.contains("O=Aster Payments GmbH") && said.contains("EC P-256") && said.contains("as it must be"));
    *der.last_mut().unwrap() ^= 1;
    assert!(request(&der).map_or(true, |said| said.contains("not by the key in it")));
    assert!(request(&der[..20]).is_err());
}

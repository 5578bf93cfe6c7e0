//! A certificate in a record is the certificate, and its private key is nowhere.

use std::{fs, sync::Arc};

use bankproof::{
    evidence::recorder::Recorder,
    targets::{self, KeyPair},
    tpp::{
        api::{Draft, request},
        session::Session,
        signing::How,
    },
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use openssl::{
    asn1::Asn1Time,
    bn::BigNum,
    ec::{EcGroup, EcKey},
    hash::MessageDigest,
    nid::Nid,
    pkey::{PKey, Private},
    rsa::Rsa,
    x509::{X509, X509NameBuilder},
};

use super::support::{Desk, Run};

const HEADER: &str = "tpp-signature-certificate";

/// A certificate whose subject has a name of so many letters: where its base64 falls depends on that.
fn certificate(key: &PKey<Private>, letters: usize) -> X509 {
    let mut name = X509NameBuilder::new().unwrap();
    name.append_entry_by_nid(Nid::COUNTRYNAME, "DE").unwrap();
    name.append_entry_by_nid(Nid::ORGANIZATIONNAME, &"Payments GmbH"[..letters]).unwrap();
    name.append_entry_by_nid(Nid::COMMONNAME, "seal").unwrap();
    let name = name.build();
    let mut builder = X509::builder().unwrap();
    builder.set_version(2).unwrap();
    builder.set_serial_number(&BigNum::from_u32(4711).unwrap().to_asn1_integer().unwrap()).unwrap();
    builder.set_subject_name(&name).unwrap();
    builder.set_issuer_name(&name).unwrap();
    builder.set_not_before(&Asn1Time::days_from_now(0).unwrap()).unwrap();
    builder.set_not_after(&Asn1Time::days_from_now(90).unwrap()).unwrap();
    builder.set_pubkey(key).unwrap();
    builder.sign(key, MessageDigest::sha256()).unwrap();
    builder.build()
}

fn pair(key: &PKey<Private>, certificate: &X509) -> KeyPair {
    let text = |pem: Vec<u8>| String::from_utf8(pem).unwrap();
    let key_pem = text(key.private_key_to_pem_pkcs8().unwrap());
    KeyPair { certificate_pem: text(certificate.to_pem().unwrap()), key_pem }
}

/// The secret numbers of a key, by name.
fn numbers(key: &PKey<Private>) -> Vec<(&'static str, Vec<u8>)> {
    match key.rsa() {
        Ok(rsa) => vec![
            ("d", rsa.d().to_vec()),
            ("p", rsa.p().unwrap().to_vec()),
            ("q", rsa.q().unwrap().to_vec()),
            ("dP", rsa.dmp1().unwrap().to_vec()),
            ("dQ", rsa.dmq1().unwrap().to_vec()),
            ("qInv", rsa.iqmp().unwrap().to_vec()),
        ],
        Err(_) => vec![("scalar", key.ec_key().unwrap().private_key().to_vec())],
    }
}

/// Whoever gives a key away writes it like that; of each text, the places that hold a good part of a secret number.
fn written(key: &PKey<Private>) -> Vec<(String, String)> {
    let hexadecimal = |octets: &[u8]| octets.iter().map(|octet| format!("{octet:02x}")).collect::<String>();
    let mut all = Vec::new();
    for (name, number) in numbers(key) {
        all.push((format!("{name} in hexadecimal"), hexadecimal(&number)));
        all.push((format!("{name} in upper case"), hexadecimal(&number).to_uppercase()));
        all.push((
            format!("{name} in decimal"),
            BigNum::from_slice(&number).unwrap().to_dec_str().unwrap().to_string(),
        ));
        for before in 0..3 {
            let whole = [&vec![7; before], &number[..], &[9, 9]].concat();
            all.push((format!("{name} in base64 after {before}"), STANDARD.encode(&whole)));
            all.push((format!("{name} in base64url after {before}"), URL_SAFE_NO_PAD.encode(&whole)));
        }
    }
    let text = |pem: Vec<u8>| String::from_utf8(pem).unwrap();
    all.push(("PKCS#8".into(), text(key.private_key_to_pem_pkcs8().unwrap())));
    let own = key.rsa().map(|rsa| rsa.private_key_to_pem().unwrap());
    all.push(("its own PEM".into(), text(own.unwrap_or_else(|_| key.ec_key().unwrap().private_key_to_pem().unwrap()))));
    all.push(("DER in base64".into(), STANDARD.encode(key.private_key_to_der().unwrap())));
    all.push(("DER in hexadecimal".into(), hexadecimal(&key.private_key_to_pkcs8().unwrap())));
    all
}

/// Twelve octets of a secret number in a text, in any writing.
fn shows(text: &str, key: &PKey<Private>) -> bool {
    let folded: String = text.chars().filter(|one| !one.is_whitespace()).collect();
    let hexadecimal = |octets: &[u8]| octets.iter().map(|octet| format!("{octet:02x}")).collect::<String>();
    numbers(key).iter().any(|(_, number)| {
        number.windows(12).any(|part| {
            folded.to_lowercase().contains(&hexadecimal(part))
                || folded.contains(&STANDARD.encode(part))
                || folded.contains(&URL_SAFE_NO_PAD.encode(part))
        }) || folded.contains(&**BigNum::from_slice(number).unwrap().to_dec_str().unwrap())
    })
}

fn keys() -> [PKey<Private>; 2] {
    let curve = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    [
        PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap(),
        PKey::from_ec_key(EcKey::generate(&curve).unwrap()).unwrap(),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recorded_certificate_is_the_certificate_whatever_its_names_and_its_key() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    let plain = targets::load(&desk.path("t.toml")).unwrap();
    let mut torn = Vec::new();
    for (kind, key) in ["RSA", "EC"].into_iter().zip(keys()) {
        for letters in 1..=12 {
            let issued = certificate(&key, letters);
            let mut target = plain.clone();
            target.identities[0].seal = Some(pair(&key, &issued));
            let recorder = Arc::new(Recorder::new(0, |_| {}));
            let session = Session::open(Arc::new(target), recorder.clone()).await.unwrap();
            let tpp = session.target.tpp();
            let draft = Draft::new(&session, tpp).unwrap().signed(How::AsUsual);
            let client = session.client(tpp);
            let exchange = request::attempt_to_initiate(&session, &"SIGN-002".into(), client, &draft).await.unwrap();
            let recorded = exchange.request.header(HEADER).unwrap();
            let octets = STANDARD.decode(recorded.trim()).unwrap_or_default();
            let is_whole =
                X509::from_der(&octets).is_ok_and(|parsed| parsed.to_der().unwrap() == issued.to_der().unwrap());
            torn.extend((!is_whole).then(|| format!("{kind}, {letters} letters: {recorded}")));
            for (name, written) in written(&key) {
                let hidden = recorder.redact(&format!("before {written} behind"));
                assert!(!shows(&hidden, &key), "{kind}: {name} shows in {hidden}");
                assert!(shows(&written, &key), "{kind}: {name} is no leak, and this test finds nothing");
            }
        }
    }
    assert!(torn.is_empty(), "{} certificates are torn:\n{}", torn.len(), torn.join("\n"));
}

/// The certificates in a text, by the name of the header before them.
fn certificates_in(text: &str, between: &str) -> Vec<Vec<u8>> {
    let folded = text.to_ascii_lowercase();
    let names = folded.match_indices(HEADER).map(|(at, _)| at + HEADER.len()).collect::<Vec<_>>();
    let begins = names.into_iter().map(|at| &text[at..]);
    let values = begins.filter_map(|rest| rest.strip_prefix(between));
    values
        .map(|rest| {
            let end = rest.find(|one: char| !one.is_ascii_alphanumeric() && !"+/=".contains(one)).unwrap_or(rest.len());
            STANDARD.decode(&rest[..end]).unwrap_or_default()
        })
        .collect()
}

/// The seals of the bank's test PKI (DER).
fn seals(desk: &Desk) -> Vec<Vec<u8>> {
    let entries = fs::read_dir(desk.path("t-identities")).unwrap().map(|entry| entry.unwrap().path());
    let seals = entries.filter(|path| path.to_string_lossy().ends_with("-qsealc.pem"));
    seals.map(|path| X509::from_pem(&fs::read(path).unwrap()).unwrap().to_der().unwrap()).collect()
}

#[test]
fn every_certificate_in_journal_and_report_can_be_parsed() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &["signature-unchecked"]);
    let ended = desk.run(&["t.toml", "SIGN-00"]);
    let run: Run = desk.last_run();
    let (journal, report) = (run.read("journal.ndjson"), run.read("report.html").replace("&#x2F;", "/"));
    let in_journal = certificates_in(&journal, "\",\"");
    let in_report = [":</span> ", ": "].map(|between| certificates_in(&report, between)).concat();
    assert!(
        in_journal.len() > 5 && !in_report.is_empty(),
        "{} {}: {}",
        in_journal.len(),
        in_report.len(),
        ended.stdout
    );
    let seals = seals(&desk);
    for (place, found) in [("journal", in_journal), ("report", in_report)] {
        let parsed: Vec<_> = found.iter().map(|octets| X509::from_der(octets)).collect();
        let torn = parsed.iter().filter(|parsed| parsed.is_err()).count();
        assert_eq!(torn, 0, "{torn} of {} certificates in the {place} are torn", parsed.len());
        assert!(found.iter().any(|octets| seals.contains(octets)), "{place}");
    }
    for text in [journal, report] {
        assert!(!text.contains("‹key:"), "there is no key in what was sent");
    }
}

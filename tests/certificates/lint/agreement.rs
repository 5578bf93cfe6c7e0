//! The facts that the linter rests on are those that OpenSSL reads from the same octets.

use std::process::Command;

use bankproof::pki::inspect::facts;
use bankproof::pki::{Recipe, TestPki};
use openssl::asn1::{Asn1Time, Asn1TimeRef};
use openssl::nid::Nid;
use openssl::x509::X509;
use time::OffsetDateTime;

/// Certificates of every recipe, and of the TPPs.
fn certificates() -> Vec<String> {
    let pki = TestPki::fresh().unwrap();
    let issued = Recipe::names().map(|name| pki.issuing.issue(&Recipe::named(name).unwrap()).unwrap().certificate_pem);
    let odd = Recipe::qwac().organization("Ünïcode, \"Ltd\" + Söhne").dns_name("xn--bcher-kva.example");
    let odd = pki.issuing.issue(&odd).unwrap().certificate_pem;
    let cas = [&pki.root, &pki.issuing].map(|ca| ca.certificate_pem().to_owned());
    issued.chain([odd]).chain(cas).chain(pki.tpps.iter().map(|tpp| tpp.qsealc.certificate_pem.clone())).collect()
}

#[test]
fn every_field_is_as_openssl_reads_it() {
    for pem in certificates() {
        let (ours, theirs) = (facts(pem.as_bytes()).unwrap(), X509::from_pem(pem.as_bytes()).unwrap());
        assert_eq!(ours.serial.trim_start_matches("00"), hex(&theirs.serial_number().to_bn().unwrap().to_vec()));
        assert_eq!(moment(theirs.not_before()), ours.not_before.unix_timestamp());
        assert_eq!(moment(theirs.not_after()), ours.not_after.unix_timestamp());
        let value =
            |nid| theirs.subject_name().entries_by_nid(nid).next().map(|entry| entry.data().to_string().unwrap());
        assert_eq!(ours.common_name, value(Nid::COMMONNAME));
        assert_eq!(ours.organization, value(Nid::ORGANIZATIONNAME));
        assert_eq!(ours.organization_identifier, by_oid(&theirs));
        let names: Vec<String> = theirs.subject_alt_names().into_iter().flatten().map(|name| named(&name)).collect();
        assert_eq!(ours.names, names);
        let algorithm = theirs.signature_algorithm().object().nid().long_name().unwrap();
        assert_eq!(ours.signature_algorithm, algorithm);
        let key = theirs.public_key().unwrap();
        assert_eq!(ours.key.bits as u32, key.bits());
        let digest = theirs.digest(openssl::hash::MessageDigest::sha256()).unwrap();
        assert_eq!(ours.thumbprint, base64_url(&digest));
    }
}

#[test]
fn the_text_is_as_openssl_writes_it() {
    for pem in certificates() {
        let ours = facts(pem.as_bytes()).unwrap();
        // The library that is built in, and the command where there is one.
        let built_in = X509::from_pem(pem.as_bytes()).unwrap().to_text().unwrap();
        let texts = [Some(String::from_utf8(built_in).unwrap()), command(&pem)];
        for text in texts.into_iter().flatten() {
            let has = |part: &str| assert!(text.contains(part), "{part:?} is not in\n{text}");
            has(&format!("({} bit)", ours.key.bits));
            ours.policies
                .iter()
                .filter(|policy| *policy != "2.5.29.32.0")
                .for_each(|policy| has(&format!("Policy: {policy}")));
            for (usage, theirs) in USAGES {
                assert_eq!(ours.key_usage.iter().any(|ours| ours == usage), text.contains(theirs), "{usage}\n{text}");
            }
            for (purpose, theirs) in PURPOSES {
                let has = ours.extended_key_usage.iter().any(|ours| ours == purpose);
                assert_eq!(has, text.contains(theirs), "{purpose}\n{text}");
            }
            has(&format!("Signature Algorithm: {}", ours.signature_algorithm));
            ours.ocsp.iter().for_each(|url| has(&format!("OCSP - URI:{url}")));
            ours.ca_issuers.iter().for_each(|url| has(&format!("CA Issuers - URI:{url}")));
            ours.crls.iter().for_each(|url| has(&format!("URI:{url}")));
            assert_eq!(ours.is_ca, text.contains("CA:TRUE"), "{text}");
            let serial = ours.serial.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
            has(serial.collect::<Vec<_>>().join(":").trim_start_matches("00:"));
        }
    }
}

const USAGES: [(&str, &str); 4] = [
    ("digitalSignature", "Digital Signature"),
    ("contentCommitment", "Non Repudiation"),
    ("keyEncipherment", "Key Encipherment"),
    ("keyCertSign", "Certificate Sign"),
];
const PURPOSES: [(&str, &str); 2] =
    [("serverAuth", "TLS Web Server Authentication"), ("clientAuth", "TLS Web Client Authentication")];

fn command(pem: &str) -> Option<String> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), pem).unwrap();
    let output = Command::new("openssl").args(["x509", "-noout", "-text", "-in"]).arg(file.path()).output().ok()?;
    output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
}

fn moment(time: &Asn1TimeRef) -> i64 {
    let since = Asn1Time::from_unix(0).unwrap().diff(time).unwrap();
    OffsetDateTime::UNIX_EPOCH.unix_timestamp() + i64::from(since.days) * 86_400 + i64::from(since.secs)
}

fn named(name: &openssl::x509::GeneralName) -> String {
    match (name.dnsname(), name.ipaddress()) {
        (Some(name), _) => name.to_owned(),
        (_, Some([a, b, c, d])) => format!("{a}.{b}.{c}.{d}"),
        (_, Some(octets)) => std::net::Ipv6Addr::from(<[u8; 16]>::try_from(octets).unwrap()).to_string(),
        other => panic!("{other:?}"),
    }
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

fn base64_url(octets: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(octets)
}

/// The library has no number for organizationIdentifier, but a name.
fn by_oid(certificate: &X509) -> Option<String> {
    let mut entries = certificate.subject_name().entries();
    let found = entries.find(|entry| entry.object().to_string() == "organizationIdentifier")?;
    Some(found.data().to_string().unwrap())
}

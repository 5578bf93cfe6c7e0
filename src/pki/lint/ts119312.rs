//! TS 119 312 and the CA/B forum on keys and algorithms. The former recommends, the latter demands, for websites.

use openssl::x509::X509;
use x509_parser::asn1_rs::{Oid, Tag};
use x509_parser::public_key::PublicKey;
use x509_parser::signature_algorithm::SignatureAlgorithm;

use super::cert::{Cert, when};
use super::rule::{Bank, Level, Rule, Scope};

/// RSA keys shorter than this are not recommended by TS 119 312, in bits.
const RSA_FLOOR: usize = 1900;
/// RSA keys shorter than this must not stand in a website's certificate, in bits.
const RSA_WEB_FLOOR: usize = 2048;

/// Kinds of keys that TS 119 312 recommends, as the reader of keys calls them.
const RECOMMENDED: [&str; 8] = [
    "RSA",
    "EC P-256",
    "EC P-384",
    "EC P-521",
    "EC brainpoolP256r1",
    "EC brainpoolP384r1",
    "EC brainpoolP512r1",
    "EC FRP256v1",
];

/// Signature algorithms: object identifier, name, and what to say of them.
const ALGORITHMS: [(&str, &str, Strength); 17] = [
    ("1.2.840.113549.1.1.11", "sha256WithRSAEncryption", Strength::Good),
    ("1.2.840.113549.1.1.12", "sha384WithRSAEncryption", Strength::Good),
    ("1.2.840.113549.1.1.13", "sha512WithRSAEncryption", Strength::Good),
    ("1.2.840.113549.1.1.10", "RSASSA-PSS", Strength::Good),
    ("1.2.840.10045.4.3.2", "ecdsa-with-SHA256", Strength::Good),
    ("1.2.840.10045.4.3.3", "ecdsa-with-SHA384", Strength::Good),
    ("1.2.840.10045.4.3.4", "ecdsa-with-SHA512", Strength::Good),
    ("1.2.840.113549.1.1.2", "md2WithRSAEncryption", Strength::Broken),
    ("1.2.840.113549.1.1.4", "md5WithRSAEncryption", Strength::Broken),
    ("1.2.840.113549.1.1.5", "sha1WithRSAEncryption", Strength::Broken),
    ("1.3.14.3.2.29", "sha1WithRSA", Strength::Broken),
    ("1.2.840.10045.4.1", "ecdsa-with-SHA1", Strength::Broken),
    ("1.2.840.10040.4.3", "dsa-with-sha1", Strength::Broken),
    ("1.2.840.113549.1.1.14", "sha224WithRSAEncryption", Strength::NotRecommended),
    ("1.2.840.10045.4.3.1", "ecdsa-with-SHA224", Strength::NotRecommended),
    ("1.3.101.112", "Ed25519", Strength::NotRecommended),
    ("1.3.101.113", "Ed448", Strength::NotRecommended),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Strength {
    Good,
    NotRecommended,
    Broken,
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "cabf-rsa-key-short",
        clause: "CA/B BR §6.1.5",
        level: Level::Must,
        scope: Scope::Qwac,
        message: "Its RSA key is too short.",
        expected: "2048 bits or more",
        bank: Bank::EndsHandshake,
        broken: |cert| rsa_below(cert, RSA_WEB_FLOOR),
    },
    Rule {
        id: "ts119312-rsa-key-short",
        clause: "TS 119 312 §8.4, EN 319 412-2 GEN-4.2.5-1",
        level: Level::Should,
        scope: Scope::NotQwac,
        message: "Its RSA key is too short.",
        expected: "1900 bits or more",
        bank: Bank::RefusesSignatures,
        broken: |cert| rsa_below(cert, RSA_FLOOR),
    },
    Rule {
        id: "ts119312-rsa-exponent",
        clause: "TS 119 312 §6.2.2.1",
        level: Level::Should,
        scope: Scope::Any,
        message: "The public exponent of its RSA key is weak.",
        expected: "an odd number between 2^16 and 2^256",
        bank: Bank::StrictRefuses,
        broken: |cert| match cert.x509.public_key().parsed().ok()? {
            PublicKey::RSA(key) => {
                let digits = significant(key.exponent);
                let is_odd = digits.last().is_some_and(|last| last & 1 == 1);
                let is_large = digits.len() > 2 && digits != [1, 0, 0];
                when(!is_odd || !is_large || digits.len() > 32, crate::pki::name::hex(digits))
            }
            _ => None,
        },
    },
    Rule {
        id: "rfc5480-key-unreadable",
        clause: "RFC 5280 §4.1.2.7, RFC 5480 §2",
        level: Level::Must,
        scope: Scope::Any,
        message: "Its public key is none.",
        expected: "a key that can be read, and a point that is on its curve",
        bank: Bank::EndsHandshake,
        broken: |cert| {
            let kind = cert.facts.key.kind.as_str();
            // OpenSSL knows the other kinds, but not every curve that there is.
            let is_known = RECOMMENDED.contains(&kind) && kind != "EC FRP256v1";
            let key = X509::from_der(cert.der).ok().filter(|_| is_known)?.public_key();
            match key {
                Err(_) => Some(format!("{kind}, which cannot be read")),
                Ok(key) => when(key.ec_key().is_ok_and(|key| key.check_key().is_err()), "a point off its curve"),
            }
        },
    },
    Rule {
        id: "ts119312-key-kind",
        clause: "EN 319 412-2 GEN-4.2.5-1, TS 119 312",
        level: Level::Should,
        scope: Scope::Any,
        message: "Its key is of a kind that is not recommended.",
        expected: "RSA, P-256, P-384, P-521, brainpoolP256r1, brainpoolP384r1, brainpoolP512r1 or FRP256v1",
        bank: Bank::StrictRefuses,
        broken: |cert| {
            // The reader of keys names the curve's object identifier where it does not know the curve.
            let is_frp = || curve(cert).is_some_and(|oid| oid.to_id_string() == "1.2.250.1.223.101.256.1");
            when(!RECOMMENDED.contains(&cert.facts.key.kind.as_str()) && !is_frp(), &cert.facts.key.kind)
        },
    },
    Rule {
        id: "rfc5480-curve-not-named",
        clause: "RFC 5480 §2.1.1",
        level: Level::Must,
        scope: Scope::Any,
        message: "Its EC key does not name its curve.",
        expected: "the object identifier of a named curve",
        bank: Bank::EndsHandshake,
        broken: |cert| {
            let is_ec = cert.x509.public_key().algorithm.algorithm.to_id_string() == "1.2.840.10045.2.1";
            when(is_ec && curve(cert).is_none(), "parameters of its own")
        },
    },
    Rule {
        id: "cabf-signature-hash",
        clause: "CA/B BR §7.1.3.2",
        level: Level::Must,
        scope: Scope::Qwac,
        message: "It is signed by an algorithm that is broken.",
        expected: "SHA-256, SHA-384 or SHA-512 with RSA or ECDSA",
        bank: Bank::EndsHandshake,
        broken: |cert| signature(cert, Strength::Broken),
    },
    Rule {
        id: "ts119312-signature-hash",
        clause: "EN 319 412-2 GEN-4.2.2-1, TS 119 312",
        level: Level::Should,
        scope: Scope::NotQwac,
        message: "It is signed by an algorithm that is broken.",
        expected: "SHA-256, SHA-384 or SHA-512 with RSA or ECDSA",
        bank: Bank::RefusesSignatures,
        broken: |cert| signature(cert, Strength::Broken),
    },
    Rule {
        id: "ts119312-signature-algorithm",
        clause: "EN 319 412-2 GEN-4.2.2-1, TS 119 312",
        level: Level::Should,
        scope: Scope::Any,
        message: "It is signed by an algorithm that is not recommended.",
        expected: "SHA-256, SHA-384 or SHA-512 with RSA or ECDSA",
        bank: Bank::StrictRefuses,
        broken: |cert| signature(cert, Strength::NotRecommended),
    },
];

fn rsa_below(cert: &Cert<'_>, floor: usize) -> Option<String> {
    let key = &cert.facts.key;
    when(key.kind == "RSA" && key.bits < floor, format!("{} bits", key.bits))
}

fn curve<'a>(cert: &'a Cert<'_>) -> Option<Oid<'a>> {
    let parameters = cert.x509.public_key().algorithm.parameters.as_ref()?;
    // The parser takes any other value for an object identifier too.
    parameters.as_oid().ok().filter(|_| parameters.tag() == Tag::Oid)
}

fn significant(number: &[u8]) -> &[u8] {
    number.iter().position(|octet| *octet != 0).and_then(|at| number.get(at..)).unwrap_or_default()
}

/// The algorithm's name, where it is of that strength.
fn signature(cert: &Cert<'_>, strength: Strength) -> Option<String> {
    let oid = cert.x509.signature_algorithm.algorithm.to_id_string();
    let known = ALGORITHMS.iter().find(|(known, ..)| *known == oid);
    let (name, found) = match known {
        Some((_, "RSASSA-PSS", _)) => pss(cert),
        Some((_, name, strength)) => ((*name).to_owned(), *strength),
        None => (oid, Strength::NotRecommended),
    };
    when(found == strength, name)
}

/// RSASSA-PSS is as good as its hash, which is SHA-1 where it is not said.
fn pss(cert: &Cert<'_>) -> (String, Strength) {
    let hash = match SignatureAlgorithm::try_from(&cert.x509.signature_algorithm) {
        Ok(SignatureAlgorithm::RSASSA_PSS(parameters)) => parameters.hash_algorithm_oid().to_id_string(),
        _ => return ("RSASSA-PSS with parameters that cannot be read".to_owned(), Strength::NotRecommended),
    };
    match hash.as_str() {
        "2.16.840.1.101.3.4.2.1" | "2.16.840.1.101.3.4.2.2" | "2.16.840.1.101.3.4.2.3" => {
            ("RSASSA-PSS".to_owned(), Strength::Good)
        }
        "1.3.14.3.2.26" => ("RSASSA-PSS with SHA-1".to_owned(), Strength::Broken),
        _ => (format!("RSASSA-PSS with {hash}"), Strength::NotRecommended),
    }
}

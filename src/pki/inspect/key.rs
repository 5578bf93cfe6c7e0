//! The public key of a certificate.

use serde::Serialize;
use x509_parser::public_key::PublicKey;
use x509_parser::x509::SubjectPublicKeyInfo;

/// A public key's kind and length.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Key {
    /// `EC P-256`, `RSA` …
    pub kind: String,
    /// Its length in bits; 0 where it is not known.
    pub bits: usize,
}

pub(super) fn key(spki: &SubjectPublicKeyInfo<'_>) -> Key {
    let algorithm = spki.algorithm.algorithm.to_id_string();
    match spki.parsed() {
        Ok(PublicKey::RSA(key)) => Key { kind: "RSA".to_owned(), bits: significant_bits(key.modulus) },
        Ok(PublicKey::EC(point)) => {
            curve(spki).unwrap_or_else(|| Key { kind: "EC".to_owned(), bits: point.key_size() })
        }
        _ if algorithm == "1.3.101.112" => Key { kind: "Ed25519".to_owned(), bits: 256 },
        _ => Key { kind: algorithm, bits: 0 },
    }
}

/// The modulus comes with a zero octet in front where its highest bit is set.
fn significant_bits(number: &[u8]) -> usize {
    let digits: &[u8] = number.iter().position(|octet| *octet != 0).and_then(|at| number.get(at..)).unwrap_or_default();
    digits.first().map_or(0, |first| digits.len() * 8 - first.leading_zeros() as usize)
}

fn curve(spki: &SubjectPublicKeyInfo<'_>) -> Option<Key> {
    let oid = spki.algorithm.parameters.as_ref()?.as_oid().ok()?.to_id_string();
    let (kind, bits) = match oid.as_str() {
        "1.2.840.10045.3.1.7" => ("EC P-256", 256),
        "1.3.132.0.34" => ("EC P-384", 384),
        "1.3.132.0.35" => ("EC P-521", 521),
        "1.3.36.3.3.2.8.1.1.7" => ("EC brainpoolP256r1", 256),
        "1.3.36.3.3.2.8.1.1.11" => ("EC brainpoolP384r1", 384),
        "1.3.36.3.3.2.8.1.1.13" => ("EC brainpoolP512r1", 512),
        _ => return None,
    };
    Some(Key { kind: kind.to_owned(), bits })
}

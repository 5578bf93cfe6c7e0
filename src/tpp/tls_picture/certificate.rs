//! What is seen of a certificate.

use rustls::pki_types::{CertificateDer, pem::PemObject};
use x509_parser::{
    oid_registry::Oid,
    prelude::{FromDer, X509Certificate, X509Name},
};

use crate::{evidence::tls::CertificateSeen, pki::inspect, targets::Target};

/// Signature algorithms by object identifier and hash.
const HASHES: [(&str, &str); 15] = [
    ("1.2.840.113549.1.1.4", "MD5"),
    ("1.2.840.113549.1.1.5", "SHA-1"),
    ("1.3.14.3.2.29", "SHA-1"),
    ("1.2.840.10040.4.3", "SHA-1"),
    ("1.2.840.10045.4.1", "SHA-1"),
    ("1.2.840.113549.1.1.14", "SHA-224"),
    ("1.2.840.113549.1.1.11", "SHA-256"),
    ("1.2.840.113549.1.1.12", "SHA-384"),
    ("1.2.840.113549.1.1.13", "SHA-512"),
    ("1.2.840.113549.1.1.10", "RSA-PSS"),
    ("1.2.840.10045.4.3.2", "SHA-256"),
    ("1.2.840.10045.4.3.3", "SHA-384"),
    ("1.2.840.10045.4.3.4", "SHA-512"),
    ("1.3.101.112", "Ed25519"),
    ("1.3.101.113", "Ed448"),
];

/// What a certificate says that matters to TLS; `None` where it cannot be read.
pub(super) fn seen(der: &CertificateDer<'_>) -> Option<CertificateSeen> {
    let facts = inspect::facts(der).ok()?;
    let (_, parsed) = X509Certificate::from_der(der).ok()?;
    Some(CertificateSeen {
        subject: facts.subject,
        issuer: facts.issuer,
        names: facts.names,
        not_before: facts.not_before,
        not_after: facts.not_after,
        key: facts.key.kind,
        key_bits: facts.key.bits,
        signature_hash: hash(&parsed.signature_algorithm.algorithm),
    })
}

fn hash(algorithm: &Oid<'_>) -> String {
    let dotted = algorithm.to_id_string();
    HASHES.iter().find(|(known, _)| *known == dotted).map_or(dotted, |(_, hash)| (*hash).to_owned())
}

/// A distinguished name in DER as text, always the same for the same name.
pub(super) fn name(der: &[u8]) -> Option<String> {
    X509Name::from_der(der).ok().map(|(_, name)| name.to_string())
}

/// The authorities along the way from the TPP's certificate to its root, as far as the target file knows them, and
/// whether it knows them all: a server may name any of them when it says whose certificates it wants.
pub(super) fn authorities(target: &Target) -> (Vec<String>, bool) {
    let pairs = [Some(&target.tpp().qwac), target.test_ca.as_ref()].into_iter().flatten();
    let pems: Vec<&str> = pairs
        .map(|pair| pair.certificate_pem.as_str())
        .chain(target.trust_anchors.iter().map(String::as_str))
        .collect();
    let ders: Vec<_> = pems.iter().flat_map(|pem| CertificateDer::pem_slice_iter(pem.as_bytes()).flatten()).collect();
    let known: Vec<(String, String)> = ders
        .iter()
        .filter_map(|der| X509Certificate::from_der(der).ok())
        .map(|(_, certificate)| (certificate.subject().to_string(), certificate.issuer().to_string()))
        .collect();
    let mut names: Vec<String> = known.first().map(|(_, issuer)| issuer.clone()).into_iter().collect();
    while let Some(last) = names.last() {
        match known.iter().find(|(subject, _)| subject == last) {
            None => return (names, false),
            // A root, or authorities that vouch for each other.
            Some((_, issuer)) if names.contains(issuer) => break,
            Some((_, issuer)) => names.push(issuer.clone()),
        }
    }
    (names, true)
}

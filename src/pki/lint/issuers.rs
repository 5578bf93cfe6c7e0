//! Certificates that are given beside the one that is linted: its issuer may be among them.

use std::collections::HashMap;

use openssl::x509::X509;

/// A name with more certificates than this is not judged: each would have to be tried.
const NAMESAKES: usize = 16;

/// Certificates by their holders' names.
#[derive(Debug, Clone, Default)]
pub struct Issuers(HashMap<Vec<u8>, Vec<Vec<u8>>>);

/// What the certificates of that name say of a signature.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Signed {
    /// None of them has the name, or too many have.
    Unknown,
    /// By one of them.
    Yes,
    /// By none of them.
    No,
}

impl<'a> FromIterator<&'a [u8]> for Issuers {
    /// From DER; what cannot be read is left out.
    fn from_iter<T: IntoIterator<Item = &'a [u8]>>(certificates: T) -> Self {
        let mut by_name: HashMap<Vec<u8>, Vec<Vec<u8>>> = HashMap::new();
        for der in certificates {
            if let Ok((_, parsed)) = x509_parser::parse_x509_certificate(der) {
                let namesakes = by_name.entry(parsed.subject().as_raw().to_vec()).or_default();
                if !namesakes.iter().any(|known| known == der) && namesakes.len() <= NAMESAKES {
                    namesakes.push(der.to_vec());
                }
            }
        }
        Self(by_name)
    }
}

impl Issuers {
    /// Whether one of those with the issuer's name (as DER) has signed the certificate.
    pub(super) fn signed(&self, certificate: &[u8], issuer: &[u8]) -> Signed {
        let namesakes: Vec<&Vec<u8>> =
            self.0.get(issuer).into_iter().flatten().filter(|der| der.as_slice() != certificate).collect();
        let Ok(certificate) = X509::from_der(certificate) else { return Signed::Unknown };
        if namesakes.is_empty() || namesakes.len() > NAMESAKES {
            return Signed::Unknown;
        }
        let has_signed = |der: &Vec<u8>| {
            let key = X509::from_der(der).and_then(|issuer| issuer.public_key());
            key.and_then(|key| certificate.verify(&key)).unwrap_or(false)
        };
        if namesakes.into_iter().any(has_signed) { Signed::Yes } else { Signed::No }
    }
}

//! Certificates in the order in which a TLS peer presents them: the leaf, then whoever issued it, and so on.

use rustls_pki_types::CertificateDer;
use x509_parser::certificate::X509Certificate;

use crate::pki::inspect::{self, parse};

/// Certificates in order, the leaf first; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// Each as DER.
    pub certificates: Vec<Vec<u8>>,
    /// They stood in another order.
    pub moved: bool,
}

impl Chain {
    /// The chain as PEM, with line ends as everything expects them.
    pub fn to_pem(&self) -> String {
        self.certificates.iter().map(|der| to_pem(der)).collect()
    }
}

/// A certificate as PEM, from DER.
pub fn to_pem(der: &[u8]) -> String {
    inspect::to_pem(&CertificateDer::from(der))
}

/// No chain is longer: more certificates than this are a list of CAs.
const LONGEST: usize = 20;

/// The certificates in order, and whether any had to move; none where they are no chain. One alone is always one.
pub(super) fn sort<'a>(certificates: &[&'a [u8]]) -> Option<(Vec<&'a [u8]>, bool)> {
    if let [one] = certificates {
        return Some((vec![one], false));
    }
    if certificates.len() > LONGEST {
        return None;
    }
    let parsed: Vec<X509Certificate<'_>> = certificates.iter().map(|der| parse(der).ok()).collect::<Option<_>>()?;
    // The leaf is the only one that has issued none of the others.
    let is_issuer = |at: usize| (0..parsed.len()).any(|other| other != at && issued(&parsed[at], &parsed[other]));
    let mut leaves = (0..parsed.len()).filter(|at| !is_issuer(*at));
    let (Some(leaf), None) = (leaves.next(), leaves.next()) else { return None };
    let mut order = vec![leaf];
    while order.len() < parsed.len() {
        let last = *order.last()?;
        let next = (0..parsed.len()).find(|at| !order.contains(at) && issued(&parsed[*at], &parsed[last]))?;
        order.push(next);
    }
    let moved = !order.is_sorted();
    Some((order.into_iter().map(|at| certificates[at]).collect(), moved))
}

/// By name alone: whether the signature holds is for whoever judges it.
fn issued(issuer: &X509Certificate<'_>, subject: &X509Certificate<'_>) -> bool {
    issuer.subject().as_raw() == subject.issuer().as_raw()
}

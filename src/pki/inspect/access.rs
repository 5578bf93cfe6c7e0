//! Where to ask about a certificate and its issuer. A broken extension reads as a missing one.

use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::{DistributionPointName, GeneralName, ParsedExtension};

use crate::pki::oid;

/// The URLs of authorityInfoAccess by that method (RFC 5280 §4.2.2.1).
pub(super) fn access(certificate: &X509Certificate<'_>, method: &[u64]) -> Vec<String> {
    let lists = certificate.iter_extensions().filter_map(|extension| match extension.parsed_extension() {
        ParsedExtension::AuthorityInfoAccess(access) => Some(access),
        _ => None,
    });
    let of_method = lists.flat_map(|list| list.iter()).filter(|entry| oid::is(&entry.access_method, method));
    of_method.filter_map(|entry| url(&entry.access_location)).collect()
}

/// The URLs of the CRL distribution points (RFC 5280 §4.2.1.13).
pub(super) fn crls(certificate: &X509Certificate<'_>) -> Vec<String> {
    let points = certificate.iter_extensions().filter_map(|extension| match extension.parsed_extension() {
        ParsedExtension::CRLDistributionPoints(points) => Some(points.iter()),
        _ => None,
    });
    let names = points.flatten().filter_map(|point| match &point.distribution_point {
        Some(DistributionPointName::FullName(names)) => Some(names),
        _ => None,
    });
    names.flatten().filter_map(url).collect()
}

fn url(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::URI(url) => Some((*url).to_owned()),
        _ => None,
    }
}

//! Where a certificate says that its status is told.

use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::{DistributionPointName, GeneralName, ParsedExtension};

use crate::pki::recipe::{Recipe, Status};
use crate::pki::{PkiError, inspect, oid};

/// Where a certificate says that its status is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Locations {
    /// The OCSP responders of its authorityInfoAccess (RFC 5280 §4.2.2.1).
    pub ocsp: Vec<String>,
    /// The lists of its cRLDistributionPoints (RFC 5280 §4.2.1.13).
    pub crl: Vec<String>,
}

impl Locations {
    /// Reads them from a certificate, PEM or DER; a broken extension names no place.
    ///
    /// # Errors
    /// When it is no certificate that can be read.
    pub fn of(pem_or_der: &[u8]) -> Result<Self, PkiError> {
        let der = inspect::certificate_der(pem_or_der)?;
        let certificate = inspect::parse(&der)?;
        Ok(Self { ocsp: responders(&certificate), crl: lists(&certificate) })
    }
}

fn responders(certificate: &X509Certificate<'_>) -> Vec<String> {
    let parsed = certificate.iter_extensions().map(|extension| extension.parsed_extension());
    let access = parsed.filter_map(|parsed| match parsed {
        ParsedExtension::AuthorityInfoAccess(access) => Some(access),
        _ => None,
    });
    let all = access.flat_map(|access| access.iter());
    all.filter(|found| oid::is(&found.access_method, oid::OCSP))
        .filter_map(|found| uri(&found.access_location))
        .collect()
}

fn lists(certificate: &X509Certificate<'_>) -> Vec<String> {
    let parsed = certificate.iter_extensions().map(|extension| extension.parsed_extension());
    let points = parsed.filter_map(|parsed| match parsed {
        ParsedExtension::CRLDistributionPoints(points) => Some(points),
        _ => None,
    });
    let named = points.flat_map(|points| points.iter()).filter_map(|point| point.distribution_point.as_ref());
    let names = named.filter_map(|name| match name {
        DistributionPointName::FullName(names) => Some(names),
        DistributionPointName::NameRelativeToCRLIssuer(_) => None,
    });
    names.flatten().filter_map(uri).collect()
}

fn uri(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::URI(uri) => Some((*uri).to_owned()),
        _ => None,
    }
}

impl Recipe {
    /// Sets where the certificate says that its issuer and its status are found; each may be left out.
    pub fn status_at(mut self, ca_issuers: Option<String>, ocsp: Option<String>, crl: Option<String>) -> Self {
        self.status = Status { ca_issuers, ocsp, crl };
        self
    }

    /// The same for a trust service that has its addresses where the bundled one has them. The list is named: a list
    /// that no bank has seen before is one that no bank holds an older copy of.
    pub fn status_at_service(self, url: &str, list: &str) -> Self {
        let at = |path: &str| Some(format!("{url}/{path}"));
        self.status_at(at("issuing.cer"), at("ocsp"), at(&format!("crl/{list}.crl")))
    }
}

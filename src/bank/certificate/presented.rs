//! The certificate that a TPP has presented, read once for each connection.

use std::ops::Deref;

use rustls_pki_types::CertificateDer;
use x509_parser::asn1_rs::Tag;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;

use super::statement::{self, Flaw};
use crate::pki::inspect::{self, CertificateFacts};
use crate::pki::qc::{Psd2Statement, QcStatements};

/// The organization's name (X.520).
const ORGANIZATION: &str = "2.5.4.10";
/// qcStatements (RFC 3739 §3.2.6).
const QC_STATEMENTS: &str = "1.3.6.1.5.5.7.1.3";

/// A certificate that was presented and whose key was proven to be held. It reads as its facts, and knows a little more.
#[derive(Debug)]
pub(in crate::bank) struct Presented {
    facts: CertificateFacts,
    /// What is wrong with the form of its PSD2 statement.
    pub(in crate::bank) flaw: Option<Flaw>,
    /// Where its holder is established (C).
    pub(in crate::bank) country: Option<String>,
    /// Its holder's name is a PrintableString.
    pub(in crate::bank) has_printable_name: bool,
    /// How many certificates were presented, itself among them.
    pub(in crate::bank) chain_length: usize,
}

impl Presented {
    /// Reads the first certificate of a chain; none where it cannot be read.
    pub(in crate::bank) fn read(chain: &[CertificateDer<'_>]) -> Option<Self> {
        let leaf = chain.first()?;
        let (_, parsed) = X509Certificate::from_der(leaf).ok()?;
        let country = parsed.subject().iter_country().next();
        let country = country.and_then(|country| country.as_str().ok()).map(str::to_owned);
        let is_name = |oid: String| oid == ORGANIZATION;
        let mut names = parsed.subject().iter_attributes().filter(|part| is_name(part.attr_type().to_id_string()));
        Some(Self {
            facts: inspect::facts(leaf).ok()?,
            flaw: flaw(&parsed),
            country,
            has_printable_name: names.any(|name| name.attr_value().tag() == Tag::PrintableString),
            chain_length: chain.len(),
        })
    }

    /// The PSD2 statement, where there is one that can be read.
    pub(in crate::bank) fn psd2(&self) -> Option<&Psd2Statement> {
        self.facts.qc_statements.as_ref().and_then(QcStatements::psd2)
    }
}

fn flaw(certificate: &X509Certificate<'_>) -> Option<Flaw> {
    let is_qc = |oid: String| oid == QC_STATEMENTS;
    let mut found = certificate.iter_extensions().filter(|extension| is_qc(extension.oid.to_id_string()));
    match (found.next(), found.next()) {
        (_, Some(_)) => Some(Flaw::Twice),
        (Some(one), None) => statement::flaw(one.value),
        (None, None) => None,
    }
}

impl Deref for Presented {
    type Target = CertificateFacts;

    fn deref(&self) -> &CertificateFacts {
        &self.facts
    }
}

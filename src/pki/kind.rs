//! What a certificate is: one answer, which the inspector explains and the linter goes by.

use serde::Serialize;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;

use super::inspect::CertificateFacts;
use super::oid;
use super::qc::QcType;
use super::statements::{Statement, Statements};

/// What a certificate is, as far as rules depend on it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A qualified certificate for website authentication, with which a TPP opens TLS connections.
    Qwac,
    /// A qualified certificate for electronic seals, with which a TPP signs.
    Qsealc,
    /// A natural person's certificate for signatures.
    Person,
    /// Anything else: a CA, a bank's server.
    #[default]
    Other,
}

/// QCP-n and QCP-n-qscd: natural persons.
const PERSON_POLICIES: [&str; 2] = ["0.4.0.194112.1.0", "0.4.0.194112.1.2"];
/// QCP-l and QCP-l-qscd: seals.
pub(super) const SEAL_POLICIES: [&str; 2] = ["0.4.0.194112.1.1", "0.4.0.194112.1.3"];
/// The policies of EN 319 411-2 for websites: QEVCP-w, QNCP-w, QNCP-w-gen.
pub(super) const WEB_POLICIES: [&str; 3] = ["0.4.0.194112.1.4", "0.4.0.194112.1.5", "0.4.0.194112.1.6"];
/// QCP-w-psd2 (TS 119 495 OVR-6.1-3).
pub(super) const PSD2_POLICY: &str = "0.4.0.19495.3.1";
/// surname, givenName and pseudonym, which natural persons have.
const OF_PERSONS: [&[u64]; 3] = [&[2, 5, 4, 4], &[2, 5, 4, 42], &[2, 5, 4, 65]];
/// serialNumber, which in a person's certificate says who it is (EN 319 412-1 §5.1.3).
const SERIAL_NUMBER: &[u64] = &[2, 5, 4, 5];
/// The schemes by which natural persons are identified there: passport, identity card, national number, tax number.
const PERSON_SCHEMES: [&str; 4] = ["PAS", "IDC", "PNO", "TIN"];

impl Kind {
    /// What it claims to be. A TPP's certificate that leaves half of that out must not pass for one of another kind.
    pub(super) fn of(certificate: &X509Certificate<'_>, facts: &CertificateFacts) -> Self {
        let statements = Statements::of(certificate);
        let find = |arcs| statements.as_ref().and_then(|statements: &Statements| statements.find(arcs));
        let types = find(oid::QC_TYPE).and_then(Statement::types).unwrap_or_default();
        let says = |kind: QcType| types.iter().any(|oid| oid == kind.arcs());
        let has = |policies: &[&str]| facts.policies.iter().any(|found| policies.contains(&found.as_str()));
        let identifier = facts.organization_identifier.as_deref().unwrap_or_default();
        let is_of_tpp = has(&[PSD2_POLICY]) || identifier.starts_with("PSD") || find(oid::QC_PSD2).is_some();
        let claims = statements.is_some() || is_of_tpp;
        let is_for = |purpose: &str| facts.extended_key_usage.iter().any(|found| found == purpose);
        let is_for_servers = names_host(certificate) || is_for("serverAuth");
        let is_for_tls = is_for_servers || is_for("clientAuth") || is_for("anyExtendedKeyUsage");
        match () {
            () if says(QcType::Web) => Self::Qwac,
            () if says(QcType::Eseal) => Self::Qsealc,
            () if says(QcType::Esign) => Self::Person,
            () if has(&WEB_POLICIES) || has(&[PSD2_POLICY]) => Self::Qwac,
            () if has(&SEAL_POLICIES) => Self::Qsealc,
            () if has(&PERSON_POLICIES) => Self::Person,
            () if !claims => Self::Other,
            () if facts.is_ca && facts.extended_key_usage.is_empty() => Self::Other,
            // Without QcType a qualified certificate is for signatures: annexes III and IV of eIDAS need the statement.
            () if !is_of_tpp && !is_for_servers && is_of_person(certificate, facts) => Self::Person,
            () if is_for_tls => Self::Qwac,
            () => Self::Qsealc,
        }
    }

    /// The same for people: what it is, and whether it claims to be qualified.
    pub fn in_words(self, facts: &CertificateFacts) -> &'static str {
        match (self, facts.qualified) {
            (Self::Qwac, true) => "QWAC: qualified certificate for TLS connections",
            (Self::Qwac, false) => "QWAC by its form, but it does not claim to be qualified",
            (Self::Qsealc, true) => "QSealC: qualified certificate for the seals of an organization",
            (Self::Qsealc, false) => "QSealC by its form, but it does not claim to be qualified",
            (Self::Person, _) => "a person's certificate for signatures: of no use for PSD2",
            (Self::Other, _) if facts.is_ca => "certification authority",
            (Self::Other, _) => "ordinary certificate, neither QWAC nor QSealC",
        }
    }

    /// What a request for such a certificate asks for: the trust service provider adds that it is qualified.
    pub(super) fn asked_for(self) -> &'static str {
        match self {
            Self::Qwac => "a QWAC, for TLS connections",
            Self::Qsealc => "a QSealC, for the seals of an organization",
            Self::Person => "a person's certificate for signatures: of no use for PSD2",
            Self::Other => "a certificate of no particular kind",
        }
    }
}

/// It is made out to a host. Persons and seals have addresses of mail there, if anything.
fn names_host(certificate: &X509Certificate<'_>) -> bool {
    let names = certificate.subject_alternative_name().ok().flatten();
    let is_host = |name: &GeneralName<'_>| matches!(name, GeneralName::DNSName(_) | GeneralName::IPAddress(_));
    names.is_some_and(|names| names.value.general_names.iter().any(is_host))
}

/// It has a person's name or number, or nothing by which an organization could be known.
fn is_of_person(certificate: &X509Certificate<'_>, facts: &CertificateFacts) -> bool {
    let is_nobodys = facts.organization.is_none() && facts.organization_identifier.is_none();
    is_nobodys || is_natural_person(certificate)
}

/// Its subject is named as natural persons are (EN 319 412-2 §4.2.4).
pub(super) fn is_natural_person(certificate: &X509Certificate<'_>) -> bool {
    let has_scheme = |number: &str| {
        let scheme = number.get(..3).unwrap_or_default();
        PERSON_SCHEMES.contains(&scheme) && number.as_bytes().get(5) == Some(&b'-')
    };
    certificate.subject().iter_attributes().any(|attribute| {
        let is = |arcs: &[u64]| oid::is(attribute.attr_type(), arcs);
        OF_PERSONS.iter().any(|arcs| is(arcs)) || (is(SERIAL_NUMBER) && attribute.as_str().is_ok_and(has_scheme))
    })
}

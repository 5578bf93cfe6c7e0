//! What a certificate says, as data.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use time::OffsetDateTime;
use x509_parser::certificate::X509Certificate;

use super::access::{access, crls};
use super::key::{Key, key};
use super::names;
use super::purposes::{alternative_names, extended_key_usage, key_usage, policies};
use super::read::{certificate_der, parse};
use crate::pki::qc::{QcStatements, QcType, Role};
use crate::pki::{Kind, PkiError, name, oid};

/// What a certificate says. Nothing here is judged: neither the signature nor the dates nor the issuer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CertificateFacts {
    /// What it is; told in words alone.
    #[serde(skip)]
    pub kind: Kind,
    /// The holder, as RFC 4514 writes names; `organizationIdentifier` is spelled out.
    pub subject: String,
    /// Who issued it, likewise.
    pub issuer: String,
    /// The serial number in hexadecimal, lower case, with its leading zeros.
    pub serial: String,
    /// When it begins to hold.
    #[serde(with = "time::serde::rfc3339")]
    pub not_before: OffsetDateTime,
    /// The last moment at which it holds.
    #[serde(with = "time::serde::rfc3339")]
    pub not_after: OffsetDateTime,
    /// The subject's organizationIdentifier, by which a bank knows a TPP.
    pub organization_identifier: Option<String>,
    /// The subject's organization name.
    pub organization: Option<String>,
    /// The subject's common name.
    pub common_name: Option<String>,
    /// The PSD2 roles whose name and object identifier agree; none where there is no PSD2 statement.
    pub psd2_roles: Vec<Role>,
    /// The name of the national competent authority.
    pub nca_name: Option<String>,
    /// The identifier of the national competent authority, `DE-BAFIN` for example.
    pub nca_id: Option<String>,
    /// What a qualified certificate is for.
    pub qc_type: Option<QcType>,
    /// Whether it claims to be an EU qualified certificate.
    pub qualified: bool,
    /// The QcStatements as they stand there.
    pub qc_statements: Option<QcStatements>,
    /// Why the QcStatements cannot be read, where they are there and cannot.
    pub qc_error: Option<String>,
    /// The public key.
    pub key: Key,
    /// What the key may do (RFC 5280 §4.2.1.3).
    pub key_usage: Vec<String>,
    /// What the certificate is for (RFC 5280 §4.2.1.12); none where the extension is missing.
    pub extended_key_usage: Vec<String>,
    /// DNS names and IP addresses of the subjectAltName.
    pub names: Vec<String>,
    /// The certificate policies, dotted.
    pub policies: Vec<String>,
    /// Where OCSP responders are (RFC 5280 §4.2.2.1).
    pub ocsp: Vec<String>,
    /// Where the issuer's certificate is (RFC 5280 §4.2.2.1).
    pub ca_issuers: Vec<String>,
    /// Where revocation lists are (RFC 5280 §4.2.1.13).
    pub crls: Vec<String>,
    /// The algorithm of its signature, by name where it is a usual one, else dotted.
    pub signature_algorithm: String,
    /// Whether it is the certificate of a CA.
    pub is_ca: bool,
    /// SHA-256 of the DER, base64url: the `x5t#S256` of RFC 8705 §3.1.
    #[serde(rename = "x5t#S256")]
    pub thumbprint: String,
    /// The same digest as OpenSSL prints it: pairs of capital hexadecimal digits with colons.
    pub fingerprint: String,
}

/// Reads a certificate: the first of a PEM file, or DER.
///
/// # Errors
/// When there is no certificate, or none that can be read. Broken QcStatements are a fact, not an error.
pub fn facts(pem_or_der: &[u8]) -> Result<CertificateFacts, PkiError> {
    let der = certificate_der(pem_or_der)?;
    let certificate = parse(&der)?;
    let (qc_statements, qc_error) = read_qc_statements(&certificate);
    let psd2 = qc_statements.as_ref().and_then(QcStatements::psd2);
    let subject = certificate.subject();
    let text = |arcs: &[u64]| {
        let found = subject.iter_attributes().find(|attribute| oid::is(attribute.attr_type(), arcs))?;
        found.as_str().ok().map(str::to_owned)
    };
    let digest = openssl::sha::sha256(&der);
    let facts = CertificateFacts {
        kind: Kind::default(),
        subject: name::text(subject),
        issuer: name::text(certificate.issuer()),
        serial: name::hex(certificate.raw_serial()),
        not_before: certificate.validity().not_before.to_datetime(),
        not_after: certificate.validity().not_after.to_datetime(),
        organization_identifier: text(oid::ORGANIZATION_IDENTIFIER),
        organization: text(oid::ORGANIZATION),
        common_name: text(oid::COMMON_NAME),
        psd2_roles: psd2.map(|psd2| psd2.known_roles()).unwrap_or_default(),
        nca_name: psd2.map(|psd2| psd2.nca_name.clone()),
        nca_id: psd2.map(|psd2| psd2.nca_id.clone()),
        qc_type: qc_statements.as_ref().and_then(QcStatements::qc_type),
        qualified: qc_statements.as_ref().is_some_and(QcStatements::is_qualified),
        qc_statements,
        qc_error,
        key: key(certificate.public_key()),
        key_usage: key_usage(&certificate),
        extended_key_usage: extended_key_usage(&certificate),
        names: alternative_names(&certificate),
        policies: policies(&certificate),
        ocsp: access(&certificate, oid::OCSP),
        ca_issuers: access(&certificate, oid::CA_ISSUERS),
        crls: crls(&certificate),
        signature_algorithm: algorithm(&certificate),
        is_ca: certificate.is_ca(),
        thumbprint: URL_SAFE_NO_PAD.encode(digest),
        fingerprint: digest.map(|octet| format!("{octet:02X}")).join(":"),
    };
    Ok(CertificateFacts { kind: Kind::of(&certificate, &facts), ..facts })
}

fn algorithm(certificate: &X509Certificate<'_>) -> String {
    let dotted = certificate.signature_algorithm.algorithm.to_id_string();
    names::name(&dotted).map_or(dotted, str::to_owned)
}

fn read_qc_statements(certificate: &X509Certificate<'_>) -> (Option<QcStatements>, Option<String>) {
    let mut found = certificate.iter_extensions().filter(|extension| oid::is(&extension.oid, oid::QC_STATEMENTS));
    match (found.next(), found.next()) {
        (None, _) => (None, None),
        (Some(_), Some(_)) => (None, Some("QcStatements: the extension is there twice".to_owned())),
        (Some(extension), None) => match QcStatements::decode(extension.value) {
            Ok(statements) => (Some(statements), None),
            Err(error) => (None, Some(error.to_string())),
        },
    }
}

//! What is no certificate, but stands in files beside them: keys and requests.

use openssl::pkey::{Id, PKey, Private};
use x509_parser::asn1_rs::FromDer;
use x509_parser::certification_request::X509CertificationRequest;

use super::key::key;
use crate::pki::{PkiError, name};

/// What a certificate request says, one `label: value` line for each fact.
///
/// # Errors
/// When it cannot be read.
pub fn request(der: &[u8]) -> Result<String, PkiError> {
    let bad = |reason: &str| PkiError::BadCertificate { reason: format!("the request is {reason}") };
    let (rest, request) = X509CertificationRequest::from_der(der).map_err(|_| bad("no PKCS#10 in DER"))?;
    if !rest.is_empty() {
        return Err(bad("followed by other octets"));
    }
    let info = &request.certification_request_info;
    let signed = match openssl::x509::X509Req::from_der(der).and_then(|req| req.verify(req.public_key()?.as_ref())) {
        Ok(true) => "by the key in it, as it must be",
        _ => "not by the key in it: no trust service provider takes it",
    };
    let key = key(&info.subject_pki);
    let lines = [
        ("Kind", "certificate request: nothing is certified yet".to_owned()),
        ("Subject", name::text(&info.subject)),
        ("Key", format!("{}, {} bits", key.kind, key.bits)),
        ("Signed", signed.to_owned()),
    ];
    Ok(super::explain::lines(lines.into_iter()))
}

/// What can be said of a private key without telling it.
pub fn private_key(key: &PKey<Private>) -> String {
    let kind = match key.id() {
        Id::RSA => "RSA",
        Id::EC => "EC",
        Id::ED25519 => "Ed25519",
        _ => "another kind",
    };
    let lines = [
        ("Kind", "private key, not encrypted: keep it to yourself".to_owned()),
        ("Key", format!("{kind}, {} bits", key.bits())),
    ];
    super::explain::lines(lines.into_iter())
}

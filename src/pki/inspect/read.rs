//! From bytes to a parsed certificate.

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use x509_parser::asn1_rs::FromDer;
use x509_parser::certificate::X509Certificate;

use crate::pki::PkiError;

/// The first certificate of a PEM file, or DER as it is.
pub(in crate::pki) fn certificate_der(pem_or_der: &[u8]) -> Result<CertificateDer<'static>, PkiError> {
    // A certificate in DER begins with the tag of a SEQUENCE, which PEM text never does.
    if pem_or_der.first() == Some(&0x30) {
        return Ok(CertificateDer::from(pem_or_der.to_vec()));
    }
    CertificateDer::from_pem_slice(pem_or_der).map_err(|_| PkiError::NoCertificate { found: describe(pem_or_der) })
}

/// Parses one certificate and nothing after it.
pub(in crate::pki) fn parse(der: &[u8]) -> Result<X509Certificate<'_>, PkiError> {
    let (rest, certificate) = X509Certificate::from_der(der)
        .map_err(|error| PkiError::BadCertificate { reason: format!("it is not X.509 in DER ({error})") })?;
    match rest.len() {
        0 => Ok(certificate),
        more => Err(PkiError::BadCertificate { reason: format!("{more} octets follow its end") }),
    }
}

/// A certificate as PEM.
pub(in crate::pki) fn to_pem(der: &CertificateDer<'_>) -> String {
    use base64::Engine;
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let mut pem = String::from("-----BEGIN CERTIFICATE-----\n");
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(64));
        pem.push_str(line);
        pem.push('\n');
        rest = after;
    }
    pem.push_str("-----END CERTIFICATE-----\n");
    pem
}

fn describe(input: &[u8]) -> String {
    let text = String::from_utf8_lossy(input);
    let kinds = [
        ("PRIVATE KEY-----", "a private key"),
        ("CERTIFICATE REQUEST-----", "a certificate request"),
        ("PUBLIC KEY-----", "a public key"),
        ("BEGIN CERTIFICATE-----", "a PEM certificate block that is broken"),
    ];
    match kinds.iter().find(|(mark, _)| text.contains(mark)) {
        _ if input.is_empty() => "the input is empty".to_owned(),
        Some((_, kind)) => format!("the input is {kind}"),
        None => format!("the input is {} octets of something else", input.len()),
    }
}

//! How the bank asks for client certificates, and what faults make of it; the certificates are judged elsewhere.

use axum::Router;
use axum::http::StatusCode;
use tokio_rustls::rustls::DistinguishedName;

use crate::bank::faults::Faults;
use crate::bank::http;

/// Whose certificates the bank says it wants, where that is not whose it trusts.
pub(in crate::bank) fn authorities(faults: &Faults) -> Option<Vec<DistinguishedName>> {
    faults.on("client-authorities-of-others").then(|| vec![nobody()])
}

/// Whether whoever has no certificate is let in all the same.
pub(in crate::bank) fn is_optional(faults: &Faults) -> bool {
    faults.on("client-certificate-merely-requested")
}

/// What whoever comes without a certificate is shown, where the certificate is merely asked for.
pub(in crate::bank) fn lobby(faults: &Faults) -> Option<Router> {
    let page = || async { http::with_body(StatusCode::OK, "text/html; charset=utf-8", "<h1>Welcome</h1>".into()) };
    is_optional(faults).then(|| Router::new().fallback(page))
}

/// The name of an authority that no TPP has a certificate of.
fn nobody() -> DistinguishedName {
    let name = yasna::construct_der(|writer| {
        writer.write_sequence(|names| {
            names.next().write_set(|attributes| {
                attributes.next().write_sequence(|attribute| {
                    // commonName
                    attribute.next().write_oid(&yasna::models::ObjectIdentifier::from_slice(&[2, 5, 4, 3]));
                    attribute.next().write_utf8_string("Authority of another country");
                });
            });
        });
    });
    DistinguishedName::from(name)
}

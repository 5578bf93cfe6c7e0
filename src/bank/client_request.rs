//! How the bank asks for client certificates, and what faults make of it; the certificates are judged elsewhere.

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use rustls_pki_types::{CertificateDer, UnixTime};
use tokio_rustls::rustls::client::danger::HandshakeSignatureValid;
use tokio_rustls::rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use tokio_rustls::rustls::{DigitallySignedStruct, DistinguishedName, Error, SignatureScheme};

use super::faults::Faults;
use super::http;

/// The same judge, asking as the faults have it.
pub(super) fn apply(judge: Arc<dyn ClientCertVerifier>, faults: &Faults) -> Arc<dyn ClientCertVerifier> {
    let (others, optional) = (faults.on("client-authorities-of-others"), is_optional(faults));
    match others || optional {
        true => {
            let names = if others { vec![nobody()] } else { judge.root_hint_subjects().to_vec() };
            Arc::new(Asking { judge, names, optional })
        }
        false => judge,
    }
}

fn is_optional(faults: &Faults) -> bool {
    faults.on("client-certificate-merely-requested")
}

/// What whoever comes without a certificate is shown, where the certificate is merely asked for.
pub(super) fn lobby(faults: &Faults) -> Option<Router> {
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

#[derive(Debug)]
struct Asking {
    judge: Arc<dyn ClientCertVerifier>,
    names: Vec<DistinguishedName>,
    optional: bool,
}

impl ClientCertVerifier for Asking {
    fn client_auth_mandatory(&self) -> bool {
        !self.optional && self.judge.client_auth_mandatory()
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &self.names
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        self.judge.verify_client_cert(end_entity, intermediates, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.judge.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.judge.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.judge.supported_verify_schemes()
    }
}

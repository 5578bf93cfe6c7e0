//! How the TLS layer judges client certificates: as RTS Art. 34 asks, or with one fault that forgives one thing.

use std::sync::Arc;

use rustls_pki_types::{CertificateDer, UnixTime};
use tokio_rustls::rustls::client::danger::HandshakeSignatureValid;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use tokio_rustls::rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, RootCertStore, SignatureScheme,
};

use super::error::BankError;
use super::faults::Faults;
use crate::pki::inspect;

/// The judge of client certificates for the token endpoint and the API.
pub(super) fn judge(roots: Arc<RootCertStore>, faults: &Faults) -> Result<Arc<dyn ClientCertVerifier>, BankError> {
    let provider = Arc::new(ring::default_provider());
    let strict = WebPkiClientVerifier::builder_with_provider(roots, provider).build()?;
    Ok(Arc::new(Judge { strict, mandatory: !faults.some_endpoint_is_anonymous(), faults: faults.clone() }))
}

#[derive(Debug)]
struct Judge {
    strict: Arc<dyn ClientCertVerifier>,
    mandatory: bool,
    faults: Faults,
}

impl Judge {
    /// Whether the bank is to look away from what is wrong with this certificate.
    fn forgives(&self, end_entity: &CertificateDer<'_>, error: &Error) -> bool {
        use CertificateError as E;
        let Error::InvalidCertificate(defect) = error else { return false };
        match defect {
            E::Expired | E::ExpiredContext { .. } => self.faults.on("expired-certificate-accepted"),
            E::NotValidYet | E::NotValidYetContext { .. } => self.faults.on("not-yet-valid-certificate-accepted"),
            _ if signs_itself(end_entity) => self.faults.on("self-signed-accepted"),
            E::UnknownIssuer | E::BadSignature => self.faults.on("unknown-ca-accepted"),
            _ => false,
        }
    }
}

fn signs_itself(end_entity: &CertificateDer<'_>) -> bool {
    inspect::facts(end_entity).is_ok_and(|facts| facts.subject == facts.issuer)
}

impl ClientCertVerifier for Judge {
    fn client_auth_mandatory(&self) -> bool {
        self.mandatory
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.strict.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        match self.strict.verify_client_cert(end_entity, intermediates, now) {
            Err(error) if self.forgives(end_entity, &error) => Ok(ClientCertVerified::assertion()),
            verdict => verdict,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.strict.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.strict.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.strict.supported_verify_schemes()
    }
}

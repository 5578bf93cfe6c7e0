//! The fault by which the bank says that it wants certificates of an authority that no TPP has, and judges as before.

use std::sync::Arc;

use rustls_pki_types::{CertificateDer, UnixTime};
use tokio_rustls::rustls::client::danger::HandshakeSignatureValid;
use tokio_rustls::rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use tokio_rustls::rustls::{DigitallySignedStruct, DistinguishedName, Error, SignatureScheme};

use super::faults::Faults;

/// The same judge; where the fault is on, with another list of authorities.
pub(super) fn apply(judge: Arc<dyn ClientCertVerifier>, faults: &Faults) -> Arc<dyn ClientCertVerifier> {
    if !faults.on("client-authorities-of-others") {
        return judge;
    }
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
    Arc::new(Others { judge, names: vec![DistinguishedName::from(name)] })
}

#[derive(Debug)]
struct Others {
    judge: Arc<dyn ClientCertVerifier>,
    names: Vec<DistinguishedName>,
}

impl ClientCertVerifier for Others {
    fn client_auth_mandatory(&self) -> bool {
        self.judge.client_auth_mandatory()
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

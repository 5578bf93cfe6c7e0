//! How the TLS layer judges client certificates: as RTS Art. 34 asks, or with one fault that forgives one thing.

use std::sync::Arc;

use rustls_pki_types::{CertificateDer, UnixTime};
use tokio_rustls::rustls::client::danger::HandshakeSignatureValid;
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use tokio_rustls::rustls::{
    CertificateError, CertificateError as E, DigitallySignedStruct, DistinguishedName, Error, RootCertStore,
    SignatureScheme,
};

use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::ParsedExtension;
use x509_parser::prelude::FromDer;

use super::presented::Presented;
use crate::bank::error::BankError;
use crate::bank::faults::Faults;
use crate::bank::habits::{self, Habits};
use crate::bank::oauth::client::request;
use crate::bank::tls::{self, handshake_signature, refused};
use crate::pki::inspect::{self, CertificateFacts};

/// The judge of client certificates for the token endpoint and the API.
pub(in crate::bank) fn judge(
    roots: Arc<RootCertStore>,
    faults: &Faults,
    habits: &Habits,
) -> Result<Arc<dyn ClientCertVerifier>, BankError> {
    let provider = Arc::new(tls::provider());
    let strict = WebPkiClientVerifier::builder_with_provider(Arc::clone(&roots), provider).build()?;
    let authorities = request::authorities(faults).unwrap_or_else(|| strict.root_hint_subjects().to_vec());
    let mandatory =
        !faults.some_endpoint_may_be_anonymous() && !request::is_optional(faults) && !habits::judges_in_http(habits);
    Ok(Arc::new(Judge { strict, roots, authorities, mandatory, faults: faults.clone(), habits: habits.clone() }))
}

#[derive(Debug)]
struct Judge {
    strict: Arc<dyn ClientCertVerifier>,
    roots: Arc<RootCertStore>,
    authorities: Vec<DistinguishedName>,
    mandatory: bool,
    faults: Faults,
    habits: Habits,
}

/// A certificate that TLS refuses, with all that can be told of it.
struct Suspect<'a> {
    error: &'a CertificateError,
    facts: CertificateFacts,
    alone: bool,
    comes_with_our_ca: bool,
    critical: Option<Critical>,
}

/// The critical extension that TLS does not know.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Critical {
    QcStatements,
    Other,
}

/// A fault, and what it forgives.
type Pardon = (&'static str, fn(&Suspect<'_>) -> bool);

/// What the bank is to look away from, the first row that fits.
const PARDONS: [Pardon; 11] = [
    ("expired-certificate-accepted", |it| matches!(it.error, E::Expired | E::ExpiredContext { .. })),
    ("not-yet-valid-certificate-accepted", |it| matches!(it.error, E::NotValidYet | E::NotValidYetContext { .. })),
    ("self-signed-accepted", |it| signs_itself(&it.facts)),
    ("incomplete-chain-accepted", |it| it.alone && matches!(it.error, E::UnknownIssuer)),
    ("altered-certificate-accepted", |it| it.comes_with_our_ca && matches!(it.error, E::BadSignature)),
    ("unknown-ca-accepted", |it| matches!(it.error, E::UnknownIssuer | E::BadSignature)),
    ("ca-certificate-accepted", |it| it.facts.is_ca),
    ("critical-statements-accepted", |it| it.critical == Some(Critical::QcStatements)),
    ("unknown-critical-extension-accepted", |it| it.critical == Some(Critical::Other)),
    ("extended-key-usage-unchecked", |it| matches!(it.error, E::InvalidPurpose | E::InvalidPurposeContext { .. })),
    ("sha1-signature-accepted", |it| {
        matches!(
            it.error,
            E::UnsupportedSignatureAlgorithmContext { .. } | E::UnsupportedSignatureAlgorithmForPublicKeyContext { .. }
        )
    }),
];

impl Judge {
    /// Whether the bank is to look away from what is wrong with this certificate.
    fn forgives(&self, end_entity: &CertificateDer<'_>, others: &[CertificateDer<'_>], error: &Error) -> bool {
        let Error::InvalidCertificate(error) = error else { return false };
        let Ok(facts) = inspect::facts(end_entity) else { return false };
        let suspect = Suspect {
            error,
            facts,
            alone: others.is_empty(),
            comes_with_our_ca: others.iter().any(|other| self.is_trusted(other)),
            critical: unknown_critical_extension(end_entity),
        };
        let reason = PARDONS.iter().find(|(_, fits)| fits(&suspect));
        reason.is_some_and(|(fault, _)| self.faults.on(fault))
    }

    fn is_unlicensed(&self, end_entity: &CertificateDer<'_>) -> bool {
        let certificate = Presented::read(std::slice::from_ref(end_entity));
        certificate.is_some_and(|certificate| habits::refuses_in_tls(&self.habits, &self.faults, &certificate))
    }

    /// Whether it is one of the bank's trust anchors.
    fn is_trusted(&self, ca: &CertificateDer<'_>) -> bool {
        let Ok((_, ca)) = X509Certificate::from_der(ca) else { return false };
        // The anchor has the content of the sequence only.
        self.roots.roots.iter().any(|anchor| ca.public_key().raw.ends_with(&anchor.subject_public_key_info))
    }

    /// Whether the signature of a handshake will do that rustls has refused.
    fn forgives_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> bool {
        if self.faults.on("possession-unchecked") {
            return true;
        }
        // What rustls will not look at, somebody else has to.
        let is_weak = || inspect::facts(certificate).is_ok_and(|facts| is_weak(&facts));
        let unseen =
            unknown_critical_extension(certificate).is_some() || (self.faults.on("weak-key-accepted") && is_weak());
        unseen && handshake_signature::verifies(certificate, signed.scheme, message, signed.signature())
    }
}

fn signs_itself(facts: &CertificateFacts) -> bool {
    facts.subject == facts.issuer
}

/// ETSI TS 119 312: less than 2048 bits of RSA are too few.
fn is_weak(facts: &CertificateFacts) -> bool {
    facts.key.kind == "RSA" && facts.key.bits < 2048
}

fn unknown_critical_extension(certificate: &CertificateDer<'_>) -> Option<Critical> {
    let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
    let mut critical = certificate.iter_extensions().filter(|extension| extension.critical);
    critical.find_map(|extension| match extension.parsed_extension() {
        ParsedExtension::UnsupportedExtension { oid } if oid.to_id_string() == "1.3.6.1.5.5.7.1.3" => {
            Some(Critical::QcStatements)
        }
        ParsedExtension::UnsupportedExtension { .. } => Some(Critical::Other),
        _ => None,
    })
}

impl ClientCertVerifier for Judge {
    fn client_auth_mandatory(&self) -> bool {
        self.mandatory
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &self.authorities
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let verdict = match self.strict.verify_client_cert(end_entity, intermediates, now) {
            Ok(_) if self.is_unlicensed(end_entity) => {
                Err(Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure))
            }
            Err(error) if self.forgives(end_entity, intermediates, &error) => Ok(ClientCertVerified::assertion()),
            verdict => verdict,
        };
        verdict.inspect_err(|_| refused::keep(end_entity))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        match self.strict.verify_tls12_signature(message, certificate, signature) {
            Err(_) if self.forgives_signature(message, certificate, signature) => {
                Ok(HandshakeSignatureValid::assertion())
            }
            verdict => verdict,
        }
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        match self.strict.verify_tls13_signature(message, certificate, signature) {
            Err(_) if self.forgives_signature(message, certificate, signature) => {
                Ok(HandshakeSignatureValid::assertion())
            }
            verdict => verdict,
        }
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.strict.supported_verify_schemes()
    }
}

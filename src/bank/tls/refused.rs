//! Why a handshake was refused, for whoever watches the bank.

use std::cell::RefCell;
use std::future::Future;
use std::io;

use rustls_pki_types::CertificateDer;
use tokio_rustls::rustls::{CertificateError as E, Error};

use crate::bank::certificate::presented::Presented;
use crate::bank::rule::Refused;

tokio::task_local! {
    /// The certificate that was refused in the handshake that this task is about: TLS says why, and not whose.
    static CERTIFICATE: RefCell<Option<Presented>>;
}

/// Keeps the certificate that is refused in the handshake that is under way.
pub(in crate::bank) fn keep(certificate: &CertificateDer<'_>) {
    let read = || Presented::read(std::slice::from_ref(certificate));
    // Outside of a handshake there is nobody to tell.
    let _ = CERTIFICATE.try_with(|kept| *kept.borrow_mut() = read());
}

/// What becomes of a handshake, with the certificate that was refused in it, if one was.
pub(super) async fn with_certificate<T>(handshake: impl Future<Output = T>) -> (T, Option<Presented>) {
    let watched = async {
        let outcome = handshake.await;
        (outcome, CERTIFICATE.with(RefCell::take))
    };
    CERTIFICATE.scope(RefCell::default(), watched).await
}

/// Whether a handshake failed because nobody has shown a certificate.
pub(super) fn is_for_want_of_a_certificate(error: &io::Error) -> bool {
    let error = error.get_ref().and_then(|error| error.downcast_ref::<Error>());
    matches!(error, Some(Error::NoCertificatesPresented))
}

/// Why a handshake failed; `None` where somebody went away.
pub(super) fn why(error: &io::Error) -> Option<Refused> {
    let error = error.get_ref()?.downcast_ref::<Error>()?;
    Some(match error {
        Error::NoCertificatesPresented => refused("certificate_missing", "no certificate was presented"),
        Error::InvalidCertificate(error) => of_certificate(error),
        Error::PeerIncompatible(_) => refused("version_or_suite", &error.to_string()),
        Error::AlertReceived(alert) => refused("peer", &format!("the other side gave up: {alert:?}")),
        _ => refused("tls", &error.to_string()),
    })
}

pub(super) fn refused(rule: &str, reason: &str) -> Refused {
    Refused { rule: rule.to_owned(), reason: reason.to_owned() }
}

fn of_certificate(error: &E) -> Refused {
    let (rule, reason) = match error {
        E::Expired | E::ExpiredContext { .. } => ("expired", "the certificate has expired"),
        E::NotValidYet | E::NotValidYetContext { .. } => ("not_yet_valid", "the certificate is not valid yet"),
        E::UnknownIssuer => ("unknown_ca", "the issuer of the certificate is not trusted here"),
        E::Revoked => ("revoked", "the certificate was revoked"),
        E::BadSignature => ("certificate_signature", "the signature of the certificate is not its issuer's"),
        E::InvalidPurpose | E::InvalidPurposeContext { .. } => {
            ("extended_key_usage", "the certificate is not for TLS clients")
        }
        E::ApplicationVerificationFailure => ("licence", "the certificate is not one of a TPP that may come here"),
        E::UnsupportedSignatureAlgorithmContext { .. } | E::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            ("signature_algorithm", "the certificate is signed in a way that is not accepted here")
        }
        E::Other(other) => return refused("certificate", &other.to_string()),
        other => return refused("certificate", &other.to_string()),
    };
    refused(rule, reason)
}

//! What a certificate must say to identify a TPP, beyond what TLS has judged (RTS Art. 34).

use super::world::World;
use crate::pki::inspect::CertificateFacts;
use crate::pki::qc::QcStatements;

type Rule = fn(&World, &CertificateFacts) -> Result<(), &'static str>;

/// The rules for certificates, in the order in which they are applied. They hold for the token endpoint and the API.
const RULES: [Rule; 4] = [
    refuse_everybody,
    check_psd2_statement,          // RTS Art. 34(3), TS 119 495 GEN-5.1-1
    check_organization_identifier, // TS 119 495 GEN-5.3-3
    check_renewal,
];

/// Whether a certificate identifies a TPP; if not, why.
pub(super) fn check(world: &World, certificate: &CertificateFacts) -> Result<(), &'static str> {
    RULES.iter().try_for_each(|rule| rule(world, certificate))
}

/// Whether the certificate has the statement of TS 119 495 Annex A.
pub(super) fn has_psd2_statement(certificate: &CertificateFacts) -> bool {
    certificate.qc_statements.as_ref().and_then(QcStatements::psd2).is_some()
}

fn refuse_everybody(world: &World, _: &CertificateFacts) -> Result<(), &'static str> {
    match world.faults.on("valid-qwac-refused") {
        true => Err("the certificate is not accepted"),
        false => Ok(()),
    }
}

fn check_psd2_statement(world: &World, certificate: &CertificateFacts) -> Result<(), &'static str> {
    match has_psd2_statement(certificate) || world.faults.on("certificate-without-psd2-statement-accepted") {
        true => Ok(()),
        false => Err("the certificate has no PSD2 statement"),
    }
}

fn check_organization_identifier(_: &World, certificate: &CertificateFacts) -> Result<(), &'static str> {
    match certificate.organization_identifier {
        Some(_) => Ok(()),
        None => Err("the certificate has no organizationIdentifier"),
    }
}

/// A TPP is known by its subject, so that any certificate of it will do.
fn check_renewal(world: &World, certificate: &CertificateFacts) -> Result<(), &'static str> {
    let pinned = |known: &&super::customer::Registration| known.subject == certificate.subject;
    match world.clients.iter().find(pinned) {
        Some(known)
            if known.first_thumbprint != certificate.thumbprint && world.faults.on("renewed-certificate-refused") =>
        {
            Err("the certificate is not the registered one")
        }
        _ => Ok(()),
    }
}

//! The certificate revocation list (RFC 5280 §5).

use rcgen::{
    CertificateRevocationListParams, Issuer, KeyIdMethod, KeyPair, RevocationReason, RevokedCertParams, SerialNumber,
};
use time::{Duration, OffsetDateTime};

use super::CRL_LIFETIME;
use super::register::{Listed, Reason};
use crate::pki::PkiError;

/// The list of this moment, DER.
pub(super) fn issue(
    issuing: &Issuer<'static, KeyPair>,
    listed: &[Listed],
    now: OffsetDateTime,
) -> Result<Vec<u8>, PkiError> {
    let params = CertificateRevocationListParams {
        this_update: now,
        next_update: now.saturating_add(Duration::seconds(CRL_LIFETIME)),
        // RFC 5280 §5.2.3: it grows with every list; a list is made of each question's moment.
        crl_number: SerialNumber::from(u64::try_from(now.unix_timestamp()).unwrap_or_default()),
        issuing_distribution_point: None,
        revoked_certs: listed.iter().map(revoked).collect(),
        key_identifier_method: KeyIdMethod::Sha256,
    };
    Ok(params.signed_by(issuing)?.der().to_vec())
}

fn revoked(listed: &Listed) -> RevokedCertParams {
    RevokedCertParams {
        serial_number: SerialNumber::from_slice(&listed.serial),
        revocation_time: listed.at,
        reason_code: reason(listed.reason),
        invalidity_date: None,
    }
}

/// RFC 5280 §5.3.1: where the reason is not specified, it is left out.
fn reason(reason: Reason) -> Option<RevocationReason> {
    match reason {
        Reason::Unspecified => None,
        Reason::KeyCompromise => Some(RevocationReason::KeyCompromise),
        Reason::Superseded => Some(RevocationReason::Superseded),
        Reason::CessationOfOperation => Some(RevocationReason::CessationOfOperation),
        Reason::CertificateHold => Some(RevocationReason::CertificateHold),
        Reason::PrivilegeWithdrawn => Some(RevocationReason::PrivilegeWithdrawn),
    }
}

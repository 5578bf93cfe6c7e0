//! What an issuing CA says about its certificates after it has issued them: a CRL (RFC 5280 §5) and the answers of an
//! OCSP responder (RFC 6960). Both say the truth unless they are told, certificate by certificate, to misbehave: a bank
//! must be seen to notice.
//!
//! There is no network here and no clock: bytes and the time come in, bytes go out.

mod crl;
mod locations;
mod register;
mod request;
mod response;
mod signer;

pub use locations::Locations;
pub use register::{CrlEntry, OcspAnswer, Reason, Statement};

use time::OffsetDateTime;

use super::{Authority, PkiError};
use register::Register;
use signer::Signer;

/// For how long an OCSP answer may be relied on, in seconds (its `nextUpdate`).
pub const OCSP_LIFETIME: i64 = 60;
/// For how long a CRL may be relied on, in seconds (its `nextUpdate`).
pub const CRL_LIFETIME: i64 = 300;

/// The status service of one issuing CA. Its `Debug` form shows no keys.
pub struct StatusService {
    issuer: request::Issuer,
    issuing: rcgen::Issuer<'static, rcgen::KeyPair>,
    /// May sign answers: it has the CA's word for it.
    delegated: Signer,
    /// May not, and would like to.
    impostor: Signer,
    register: Register,
}

impl std::fmt::Debug for StatusService {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StatusService").field("register", &self.register).finish_non_exhaustive()
    }
}

impl StatusService {
    /// The status service of that CA, with a delegated responder that the CA has just appointed. Every certificate is
    /// good until told otherwise.
    ///
    /// # Errors
    /// The CA's own certificate or key cannot be used.
    pub fn new(authority: &Authority) -> Result<Self, PkiError> {
        let key = rcgen::KeyPair::from_pem(authority.key_pem())?;
        let issuing = rcgen::Issuer::from_ca_cert_pem(authority.certificate_pem(), key)?;
        Ok(Self {
            issuer: request::Issuer::of(authority)?,
            delegated: Signer::delegated(&issuing)?,
            impostor: Signer::impostor(&issuing)?,
            issuing,
            register: Register::default(),
        })
    }

    /// Sets what is said about a certificate from now on, by its serial number in hexadecimal. False where that is no
    /// serial number (RFC 5280 §4.1.2.2: at most 20 octets).
    pub fn state(&self, serial: &str, statement: Statement, now: OffsetDateTime) -> bool {
        self.register.write(serial, statement, now)
    }

    /// The CRL of this moment, DER (RFC 5280 §5).
    ///
    /// # Errors
    /// It cannot be signed.
    pub fn crl(&self, now: OffsetDateTime) -> Result<Vec<u8>, PkiError> {
        crl::issue(&self.issuing, &self.register.listed(), now)
    }

    /// The answer to an OCSP request, DER; none where the responder was told to stay silent about it (RFC 6960 §2.1).
    ///
    /// # Errors
    /// It cannot be signed.
    pub fn ocsp(&self, request: &[u8], now: OffsetDateTime) -> Result<Option<Vec<u8>>, PkiError> {
        let Some(request) = request::decode(request) else {
            return Ok(Some(response::error(response::MALFORMED_REQUEST)));
        };
        let conduct = |id: &request::CertId| match self.issuer.is_named_by(id) {
            true => self.register.ocsp(&id.serial),
            // Another CA's certificate: nothing is known of it.
            false => register::Told { answer: OcspAnswer::Unknown, ..register::Told::default() },
        };
        let told: Vec<register::Told> = request.ids.iter().map(conduct).collect();
        // Whatever is told about one certificate holds for the whole answer: nobody asks about several here.
        match told.first().map(|told| told.answer).unwrap_or_default() {
            OcspAnswer::Silent => Ok(None),
            OcspAnswer::TryLater => Ok(Some(response::error(response::TRY_LATER))),
            OcspAnswer::Undelegated => response::successful(&request, &told, &self.impostor, now).map(Some),
            _ => response::successful(&request, &told, &self.delegated, now).map(Some),
        }
    }
}

#[cfg(test)]
mod tests;

//! The errors of the payment API: an object with a list of codes, which are long names in 3.1.11 and four letters in 4.0.

use axum::http::StatusCode;
use axum::http::header::WWW_AUTHENTICATE;
use axum::response::Response;
use serde_json::{Map, Value, json};

use crate::bank::http;
use crate::bank::inside;
use crate::bank::model::consent::Version;
use crate::bank::model::world::World;
use crate::bank::refusal::{Kind, Refusal};
use crate::bank::rule::{self, Breach};

/// A code as each version spells it.
pub(super) type Code = &'static (&'static str, &'static str);

pub(super) const FIELD_INVALID: Code = &("UK.OBIE.Field.Invalid", "U002");
pub(super) const FIELD_MISSING: Code = &("UK.OBIE.Field.Missing", "U004");
pub(super) const FIELD_UNEXPECTED: Code = &("UK.OBIE.Field.Unexpected", "U005");
pub(super) const HEADER_INVALID: Code = &("UK.OBIE.Header.Invalid", "U006");
pub(super) const HEADER_MISSING: Code = &("UK.OBIE.Header.Missing", "U007");
pub(super) const CONSENT_MISMATCH: Code = &("UK.OBIE.Resource.ConsentMismatch", "U008");
pub(super) const INVALID_CONSENT_STATUS: Code = &("UK.OBIE.Resource.InvalidConsentStatus", "U009");
pub(super) const INVALID_FORMAT: Code = &("UK.OBIE.Resource.InvalidFormat", "U010");
pub(super) const NOT_FOUND: Code = &("UK.OBIE.Resource.NotFound", "U011");
pub(super) const UNSUPPORTED_ACCOUNT: Code = &("UK.OBIE.Unsupported.AccountIdentifier", "U021");
pub(super) const UNSUPPORTED_CURRENCY: Code = &("UK.OBIE.Unsupported.Currency", "U023");
pub(super) const UNSUPPORTED_INSTRUMENT: Code = &("UK.OBIE.Unsupported.LocalInstrument", "U026");
pub(super) const UNSUPPORTED_SCHEME: Code = &("UK.OBIE.Unsupported.Scheme", "U027");
const SIGNATURE_INVALID: Code = &("UK.OBIE.Signature.Invalid", "U015");
const SIGNATURE_MISSING: Code = &("UK.OBIE.Signature.Missing", "U019");
/// Belongs to 403.
const REAUTHENTICATE: Code = &("UK.OBIE.Reauthenticate", "U028");
/// A name of the bank's own in 3.1.11, and one of ISO's in 4.0: nothing published says that a token has expired.
const TOKEN_EXPIRED: Code = &("UK.Bankproof.TokenExpired", "DS24");
const UNEXPECTED_ERROR: Code = &("UK.OBIE.UnexpectedError", "U000");

/// Why a request is refused.
#[derive(Clone, Debug)]
pub(super) struct UkError {
    status: StatusCode,
    /// None where nothing is said but the status.
    code: Option<Code>,
    text: String,
    /// The field that is wrong.
    path: Option<String>,
    /// What stands in WWW-Authenticate.
    challenge: Option<&'static str>,
    /// It is for the age of the token, which the versions answer differently.
    expired: bool,
    /// The rule that was broken, for whoever watches the bank.
    rule: String,
}

impl Breach for UkError {
    fn rule(&mut self) -> &mut String {
        &mut self.rule
    }
}

/// How UK Open Banking spells what the rules of the bank say (Read-Write Data API Profile, HTTP status codes).
impl From<Refusal> for UkError {
    fn from(refusal: Refusal) -> Self {
        let error = match refusal.kind {
            Kind::Malformed => Self::bad_request(INVALID_FORMAT, refusal.text),
            Kind::TokenUnknown | Kind::TokenInvalid => Self::bare(StatusCode::UNAUTHORIZED, refusal.text),
            Kind::TokenExpired => Self { expired: true, ..Self::bare(StatusCode::UNAUTHORIZED, refusal.text) },
            Kind::NotForThis => Self::bare(StatusCode::FORBIDDEN, refusal.text),
            Kind::SignatureMissing => Self::bad_request(SIGNATURE_MISSING, refusal.text),
            Kind::SignatureInvalid | Kind::CertificateMissing | Kind::CertificateInvalid | Kind::CertificateExpired => {
                Self::bad_request(SIGNATURE_INVALID, refusal.text)
            }
            Kind::Failure => {
                Self { code: Some(UNEXPECTED_ERROR), ..Self::bare(StatusCode::INTERNAL_SERVER_ERROR, refusal.text) }
            }
        };
        Self { challenge: refusal.challenge, rule: refusal.rule, ..error }
    }
}

impl UkError {
    /// Nothing but a status; why is not told to the TPP.
    pub(super) fn bare(status: StatusCode, why: impl Into<String>) -> Self {
        let rule = String::new();
        Self { status, code: None, text: why.into(), path: None, challenge: None, expired: false, rule }
    }

    pub(super) fn bad_request(code: Code, text: impl Into<String>) -> Self {
        Self { code: Some(code), ..Self::bare(StatusCode::BAD_REQUEST, text) }
    }

    /// The field that is wrong.
    pub(super) fn at(self, path: impl Into<String>) -> Self {
        Self { path: Some(path.into()), ..self }
    }

    /// An id that stands for nothing: 400, and not 404, which is for paths.
    pub(super) fn unknown(world: &World, what: &str) -> Self {
        let error = Self::bad_request(NOT_FOUND, format!("there is no such {what}"));
        match world.faults.on("uk-unknown-404") {
            true => Self { status: StatusCode::NOT_FOUND, ..error },
            false => error,
        }
    }

    pub(super) fn response(&self, world: &World, version: Version) -> Response {
        let code = self.code.or_else(|| says_more(world, version, self.expired).then_some(TOKEN_EXPIRED));
        let mut response = match code {
            Some(code) => http::json(self.status, &self.body(world, version, code)),
            None => http::empty(self.status),
        };
        if let Some(challenge) = self.challenge {
            http::set(&mut response, WWW_AUTHENTICATE, challenge);
        }
        let path = self.path.iter().map(|path| format!(" at {path}")).collect::<String>();
        rule::refused(response, &self.rule, &format!("{}{path}", self.text))
    }

    fn body(&self, world: &World, version: Version, code: Code) -> Value {
        let misplaced = self.status == StatusCode::BAD_REQUEST && world.faults.on("uk-code-status");
        let code = if misplaced { REAUTHENTICATE } else { code };
        let mut error = Map::new();
        let spelt = match version {
            Version::V3 => code.0,
            Version::V4 => code.1,
        };
        error.insert("ErrorCode".to_owned(), json!(spelt));
        error.insert("Message".to_owned(), json!(inside::told(&world.faults, &self.text)));
        if let Some(path) = &self.path {
            error.insert("Path".to_owned(), json!(path));
        }
        let id = world.random.uuid().to_string();
        match version {
            _ if world.faults.on("uk-error-form") => json!({ "error": spelt, "error_description": self.text }),
            Version::V3 => json!({
                "Id": id,
                "Code": format!("{} {}", self.status.as_u16(), self.status.canonical_reason().unwrap_or_default()),
                "Message": "The request was refused.",
                "Errors": [error],
            }),
            Version::V4 => json!({ "Id": id, "Errors": [error] }),
        }
    }
}

/// An expired token is answered without a body in 3.1.11, and with one in 4.0.
fn says_more(world: &World, version: Version, expired: bool) -> bool {
    let has_body = match version {
        Version::V3 => false,
        Version::V4 => true,
    };
    expired && has_body != world.faults.on("uk-expired-body")
}

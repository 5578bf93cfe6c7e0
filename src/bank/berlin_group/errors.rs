//! The errors of the payment API: `tppMessages` (NextGenPSD2 1.3).

use axum::http::StatusCode;
use axum::http::header::WWW_AUTHENTICATE;
use axum::response::Response;
use serde_json::{Map, json};

use crate::bank::faults::Faults;
use crate::bank::http;
use crate::bank::inside;
use crate::bank::refusal::{Kind, Refusal};
use crate::bank::rule::{self, Breach};

/// One error, with the status that belongs to its code.
#[derive(Clone, Debug)]
pub(super) struct TppMessage {
    status: u16,
    code: &'static str,
    text: String,
    path: Option<String>,
    challenge: Option<&'static str>,
    /// The rule that was broken, for whoever watches the bank.
    rule: String,
}

impl Breach for TppMessage {
    fn rule(&mut self) -> &mut String {
        &mut self.rule
    }
}

/// How Berlin Group spells what the rules of the bank say (implementation guidelines §14.11).
impl From<Refusal> for TppMessage {
    fn from(refusal: Refusal) -> Self {
        let (status, code) = match refusal.kind {
            Kind::Malformed => (400, "FORMAT_ERROR"),
            Kind::TokenUnknown => (401, "TOKEN_UNKNOWN"),
            Kind::TokenInvalid => (401, "TOKEN_INVALID"),
            Kind::TokenExpired => (401, "TOKEN_EXPIRED"),
            Kind::NotForThis => (403, "RESOURCE_UNKNOWN"),
            Kind::SignatureMissing => (401, "SIGNATURE_MISSING"),
            Kind::SignatureInvalid => (401, "SIGNATURE_INVALID"),
            Kind::CertificateMissing => (401, "CERTIFICATE_MISSING"),
            Kind::CertificateInvalid => (401, "CERTIFICATE_INVALID"),
            Kind::CertificateExpired => (401, "CERTIFICATE_EXPIRED"),
            Kind::Failure => (500, "INTERNAL_SERVER_ERROR"),
        };
        Self { challenge: refusal.challenge, rule: refusal.rule, ..Self::new(status, code, refusal.text) }
    }
}

impl TppMessage {
    pub(super) fn new(status: u16, code: &'static str, text: impl Into<String>) -> Self {
        Self { status, code, text: text.into(), path: None, challenge: None, rule: String::new() }
    }

    /// 400 FORMAT_ERROR: what was sent has not the form that it must have.
    pub(super) fn format_error(text: impl Into<String>) -> Self {
        Self::new(400, "FORMAT_ERROR", text)
    }

    /// The field that is wrong.
    pub(super) fn at(self, path: &str) -> Self {
        Self { path: Some(path.to_owned()), ..self }
    }

    pub(super) fn response(&self, faults: &Faults) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let unauthorised = status == StatusCode::UNAUTHORIZED;
        let mut response = if unauthorised && faults.on("error-as-html") {
            http::with_body(
                status,
                "text/html; charset=utf-8",
                "<html><body><h1>Unauthorized</h1></body></html>".into(),
            )
        } else {
            let code = if unauthorised && faults.on("error-code-wrong-status") { "PRODUCT_UNKNOWN" } else { self.code };
            let mut message = Map::new();
            message.insert("category".to_owned(), json!("ERROR"));
            message.insert("code".to_owned(), json!(code));
            if let Some(path) = &self.path {
                message.insert("path".to_owned(), json!(path));
            }
            message.insert("text".to_owned(), json!(self.text(faults)));
            http::json(status, &json!({ "tppMessages": [message] }))
        };
        if let Some(challenge) = self.challenge {
            http::set(&mut response, WWW_AUTHENTICATE, challenge);
        }
        let path = self.path.iter().map(|path| format!(" at {path}")).collect::<String>();
        rule::refused(response, &self.rule, &format!("{}{path} ({})", self.text, self.code))
    }

    fn text(&self, faults: &Faults) -> String {
        let text = inside::told(faults, &self.text);
        let is_unauthorised = self.status == 401;
        if is_unauthorised && faults.on("error-text-too-long") {
            return text + &", as the documentation says".repeat(25);
        }
        text
    }
}

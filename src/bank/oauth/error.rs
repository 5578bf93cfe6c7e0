//! The errors of OAuth 2.0: one type for the redirect to the TPP and for the JSON of the token endpoint.

use axum::http::StatusCode;
use axum::http::header::WWW_AUTHENTICATE;
use axum::response::Response;
use serde_json::json;

use crate::bank::http;
use crate::bank::rule::{self, Breach};

/// An error by its registered code (RFC 6749 §4.1.2.1 and §5.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::bank) struct OAuthError {
    pub(in crate::bank) code: &'static str,
    pub(in crate::bank) description: String,
    /// The client came with an Authorization header, and is told what to put there.
    pub(in crate::bank) with_challenge: bool,
    /// The rule that was broken, for whoever watches the bank.
    pub(in crate::bank) rule: String,
}

impl Breach for OAuthError {
    fn rule(&mut self) -> &mut String {
        &mut self.rule
    }
}

impl OAuthError {
    pub(in crate::bank) fn new(code: &'static str, description: impl Into<String>) -> Self {
        Self { code, description: description.into(), with_challenge: false, rule: String::new() }
    }

    pub(in crate::bank) fn invalid_request(description: impl Into<String>) -> Self {
        Self::new("invalid_request", description)
    }

    pub(in crate::bank) fn invalid_client(description: impl Into<String>) -> Self {
        Self::new("invalid_client", description)
    }

    pub(in crate::bank) fn invalid_grant(description: impl Into<String>) -> Self {
        Self::new("invalid_grant", description)
    }

    pub(in crate::bank) fn server_error(description: impl Into<String>) -> Self {
        Self::new("server_error", description)
    }

    fn status(&self) -> StatusCode {
        match self.code {
            "invalid_client" => StatusCode::UNAUTHORIZED,
            "server_error" => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    /// The answer, known as a refusal to whoever watches the bank.
    pub(in crate::bank) fn mark(&self, response: Response) -> Response {
        rule::refused(response, &self.rule, &format!("{} ({})", self.description, self.code))
    }

    /// The answer of the token, revocation and introspection endpoints (RFC 6749 §5.2).
    pub(in crate::bank) fn response(&self) -> Response {
        let body = json!({ "error": self.code, "error_description": self.description });
        let mut response = http::json(self.status(), &body);
        if self.with_challenge {
            http::set(&mut response, WWW_AUTHENTICATE, "Basic realm=\"clients\"");
        }
        self.mark(response)
    }
}

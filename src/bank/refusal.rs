//! Why the bank refuses what a TPP asks of its API, in no dialect's words: the rules say it, and the dialect spells it.

use super::rule::Breach;

/// Why a request is refused.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    /// What is wrong with it.
    pub(super) kind: Kind,
    /// For people.
    pub(super) text: String,
    /// What stands in WWW-Authenticate (RFC 6750 §3).
    pub(super) challenge: Option<&'static str>,
    /// The rule that was broken, for whoever watches the bank.
    pub(super) rule: String,
}

impl Breach for Refusal {
    fn rule(&mut self) -> &mut String {
        &mut self.rule
    }
}

/// What is wrong with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It has not the form that it must have.
    Malformed,
    /// It has no access token, or one that nobody knows.
    TokenUnknown,
    /// The access token is not valid here.
    TokenInvalid,
    /// The access token has expired.
    TokenExpired,
    /// The access token is for something else.
    NotForThis,
    /// It is not signed.
    SignatureMissing,
    /// Its signature is wrong.
    SignatureInvalid,
    /// The certificate of its signature is missing.
    CertificateMissing,
    /// The certificate of its signature is not accepted.
    CertificateInvalid,
    /// The certificate of its signature has expired.
    CertificateExpired,
    /// The bank itself has failed.
    Failure,
}

impl Refusal {
    pub(super) fn new(kind: Kind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into(), challenge: None, rule: String::new() }
    }

    pub(super) fn challenge(self, challenge: &'static str) -> Self {
        Self { challenge: Some(challenge), ..self }
    }
}

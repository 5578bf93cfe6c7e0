//! A customer's session at the bank.

use super::authorization::AuthorizationRequest;

/// A customer on the way to approving something.
#[derive(Clone, Debug)]
pub(in crate::bank) struct Session {
    pub(in crate::bank) purpose: Purpose,
    pub(in crate::bank) step: Step,
    /// What makes a form one of ours.
    pub(in crate::bank) csrf: String,
    /// Who has logged in, by user name.
    pub(in crate::bank) customer: Option<String>,
    pub(in crate::bank) wrong_attempts: u32,
    pub(in crate::bank) expires_at: i64,
}

/// What the customer has come for.
#[derive(Clone, Debug)]
pub(in crate::bank) enum Purpose {
    /// To answer an authorization request.
    OAuth(Box<AuthorizationRequest>),
    /// To authorise a payment by the redirect approach.
    Redirect {
        authorisation: String,
        /// The TPP-Redirect-URI.
        back: Option<String>,
        /// The TPP-Nok-Redirect-URI.
        back_if_refused: Option<String>,
    },
}

/// How often a customer has failed to be authenticated since it last was.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::bank) struct Attempts {
    pub(in crate::bank) failed: u32,
    pub(in crate::bank) last_at: i64,
}

/// The pages, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::bank) enum Step {
    Login,
    Sca,
    Consent,
}

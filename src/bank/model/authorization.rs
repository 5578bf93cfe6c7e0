//! Authorization requests, on their way and waiting.

use super::grant::Challenge;

/// An authorization request that has passed every rule so far.
#[derive(Clone, Debug)]
pub(in crate::bank) struct AuthorizationRequest {
    pub(in crate::bank) client_id: String,
    pub(in crate::bank) back: Return,
    /// A token for the browser instead of a code: only with a fault.
    pub(in crate::bank) implicit: bool,
    pub(in crate::bank) scope: String,
    /// What it names for the customer to authorise: a payment, or a consent to one, by its id.
    pub(in crate::bank) intent: Option<String>,
    pub(in crate::bank) challenge: Option<Challenge>,
    /// OpenID Connect Core §3.1.2.1.
    pub(in crate::bank) nonce: Option<String>,
}

/// Where a TPP wants the answer, and what it wants to see in it.
#[derive(Clone, Debug)]
pub(in crate::bank) struct Return {
    pub(in crate::bank) redirect_uri: String,
    pub(in crate::bank) state: Option<String>,
}

/// A request that waits for its customer.
#[derive(Clone, Debug)]
pub(in crate::bank) struct Pushed {
    pub(in crate::bank) request: AuthorizationRequest,
    pub(in crate::bank) expires_at: i64,
    pub(in crate::bank) used: bool,
}

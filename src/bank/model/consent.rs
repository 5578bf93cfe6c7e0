//! What customers are asked to agree to before a payment is ordered, and the orders: beside each consent stands a payment
//! of the same id, which knows whose it is and what the customer has decided.

use serde_json::{Map, Value};

/// The version of the API that something was made under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::bank) enum Version {
    /// 3.1.11.
    V3,
    /// 4.0.
    V4,
}

/// A consent to one payment.
#[derive(Clone, Debug)]
pub(in crate::bank) struct Consent {
    pub(in crate::bank) version: Version,
    /// `Data` as the TPP sent it.
    pub(in crate::bank) data: Map<String, Value>,
    /// `Risk` as the TPP sent it.
    pub(in crate::bank) risk: Value,
    pub(in crate::bank) created_at: i64,
    /// The order that has used it up.
    pub(in crate::bank) order: Option<String>,
}

/// A payment that was ordered under a consent.
#[derive(Clone, Debug)]
pub(in crate::bank) struct Order {
    /// The organizationIdentifier of the TPP.
    pub(in crate::bank) owner: String,
    pub(in crate::bank) consent: String,
    pub(in crate::bank) initiation: Value,
    pub(in crate::bank) created_at: i64,
}

/// What a TPP has made under an idempotency key.
#[derive(Clone, Debug)]
pub(in crate::bank) struct Made {
    /// The body of the first request.
    pub(in crate::bank) body: Value,
    /// The id of what was made.
    pub(in crate::bank) id: String,
    pub(in crate::bank) at: i64,
}

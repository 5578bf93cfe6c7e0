//! Answers of UK Open Banking's payment API (Read/Write 3.1.11 and 4.0).

mod amounts;
mod asked;
mod every_answer;
mod payment;
mod refusal;
#[cfg(test)]
mod tests;

use serde_json::Value;

pub use amounts::amounts_published;
pub use asked::payments_as_asked;
pub use every_answer::{carry_interaction_id, errors_published, statuses_published};
pub use payment::{
    asks_no_more, consent_created, consent_is, consent_waits, dates_accepted, funds_told, has_own_interaction_id,
    no_balance_told, not_modified, one_of_two, order_told, repeated,
};
pub use refusal::{bad_request, denied, expired, status_is};
use time::{OffsetDateTime, format_description::well_known::Iso8601};
use uuid::Uuid;

use crate::evidence::exchange::{Exchange, Response};

/// What the answer says under `Data`.
fn data(response: &Response) -> Value {
    response.json().map(|json| json["Data"].clone()).unwrap_or_default()
}

/// What the request said, as JSON.
fn sent(exchange: &Exchange) -> Value {
    serde_json::from_str(&exchange.request.body).unwrap_or_default()
}

/// A date with a time and a zone (ISO 8601): a shop and its bank may be in two of them. Without seconds is one too.
fn has_zone(text: &str) -> bool {
    text.contains('T') && OffsetDateTime::parse(text, &Iso8601::DEFAULT).is_ok()
}

/// The id by which a call is found in both logs is a UUID (RFC 4122).
fn is_uuid(text: &str) -> bool {
    Uuid::parse_str(text).is_ok()
}

//! How far a consent and an order have come, as each version spells it; and dates.

use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::format_description;

use super::consents;
use crate::bank::model::consent::{Consent, Order, Version};
use crate::bank::model::payment::{Payment, Stage};
use crate::bank::model::world::World;

/// When an order is under way, and when it is done, in seconds after it came.
const UNDER_WAY: i64 = 30;
const DONE: i64 = 60;

/// A status as each version spells it.
type Status = (&'static str, &'static str);

fn spelt(version: Version, status: Status) -> &'static str {
    match version {
        Version::V3 => status.0,
        Version::V4 => status.1,
    }
}

const AUTHORISED: Status = ("Authorised", "AUTH");

/// The status of a consent that the customer has agreed to.
pub(super) fn authorised(version: Version) -> &'static str {
    spelt(version, AUTHORISED)
}

/// The status of a consent.
pub(super) fn consent_status(world: &World, version: Version, consent: &Consent, payment: &Payment) -> &'static str {
    const AWAITING: Status = ("AwaitingAuthorisation", "AWAU");
    let faults = &world.faults;
    let status = match payment.stage {
        Stage::Received if faults.on("uk-consent-born-authorised") => AUTHORISED,
        Stage::Received => AWAITING,
        Stage::Accepted { .. } if consents::is_used_up(world, consent) => ("Consumed", "COND"),
        Stage::Accepted { .. } if faults.on("uk-approval-unrecorded") => AWAITING,
        Stage::Accepted { .. } => AUTHORISED,
        Stage::Rejected | Stage::Cancelled if faults.on("uk-denial-unrecorded") => AWAITING,
        Stage::Rejected | Stage::Cancelled => ("Rejected", "RJCT"),
    };
    spelt(version, status)
}

/// Why a consent was rejected, which 4.0 wants to hear.
pub(super) fn status_reason(version: Version, payment: &Payment) -> Option<Value> {
    match (version, payment.stage) {
        (Version::V4, Stage::Rejected) => Some(json!([{
            "StatusReasonCode": "DS02",
            "StatusReasonDescription": "The customer has not agreed to the payment.",
        }])),
        _ => None,
    }
}

/// How long ago an order came, in seconds.
fn age(world: &World, order: &Order) -> i64 {
    world.clock.now().saturating_sub(order.created_at)
}

/// The status of an order.
pub(super) fn order_status(world: &World, version: Version, order: &Order) -> &'static str {
    let status = match age(world, order) {
        _ if world.faults.on("uk-status-undeclared") => ("InProgress", "DONE"),
        ..UNDER_WAY => ("Pending", "RCVD"),
        UNDER_WAY..DONE => ("AcceptedSettlementInProcess", "ACSP"),
        DONE.. => ("AcceptedSettlementCompleted", "ACSC"),
    };
    spelt(version, status)
}

/// The same in the words of its details.
pub(super) fn detailed_status(world: &World, version: Version, order: &Order) -> &'static str {
    let status = match age(world, order) {
        ..UNDER_WAY => ("Pending", "PDNG"),
        UNDER_WAY..DONE => ("AcceptedSettlementInProcess", "ACSP"),
        DONE.. => ("AcceptedSettlementCompleted", "ACSC"),
    };
    spelt(version, status)
}

/// When an order came to its status.
pub(super) fn order_changed_at(world: &World, order: &Order) -> i64 {
    let since = match age(world, order) {
        ..UNDER_WAY => 0,
        UNDER_WAY..DONE => UNDER_WAY,
        DONE.. => DONE,
    };
    order.created_at.saturating_add(since)
}

/// A date of an answer (ISO 8601), which has its zone.
pub(super) fn date(world: &World, seconds: i64) -> String {
    let moment = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let text = moment.format(format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]")).unwrap_or_default();
    if world.faults.on("uk-date-forms") { text } else { format!("{text}+00:00") }
}

//! What is served without TLS, where a fault says so.

use crate::bank::certificate::identification::API;
use crate::bank::faults::Faults;
use crate::bank::oauth::client::authentication::Endpoint;
use crate::bank::routes;

/// The customer's pages and the metadata, and at a place that place alone.
const FAULT: &str = "plain-http-served";

fn places() -> impl Iterator<Item = &'static str> {
    Endpoint::FOR_CLIENTS.into_iter().map(Endpoint::place).chain([API])
}

/// The places that can be served without TLS, each with the fault.
pub(in crate::bank) fn by_place() -> impl Iterator<Item = (&'static str, &'static str)> {
    places().map(|place| (place, FAULT))
}

/// Whether anything may be.
pub(super) fn may_be_served(faults: &Faults) -> bool {
    faults.may_be_on(FAULT) || places().any(|place| faults.may_be_on_at(FAULT, place))
}

/// Whether a request that begins so is.
pub(super) fn is_served(faults: &Faults, greeting: &[u8]) -> bool {
    let head = String::from_utf8_lossy(greeting);
    let path = head.split(' ').nth(1).unwrap_or_default();
    let place = Endpoint::at(path).map(Endpoint::place).or_else(|| routes::is_api(path).then_some(API));
    match place {
        Some(place) => faults.on_at(FAULT, place),
        None => faults.on(FAULT),
    }
}

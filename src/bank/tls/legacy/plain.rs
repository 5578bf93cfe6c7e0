//! What is served without TLS, where a fault says so.

use crate::bank::faults::Faults;
use crate::bank::routes;

/// The customer's pages and the metadata, and at a place that place alone.
const FAULT: &str = "plain-http-served";

/// What is at a path.
type IsThere = fn(&str) -> bool;

const PLACES: [(&str, IsThere); 5] = [
    ("token-endpoint", |path| path == "/token"),
    ("revocation-endpoint", |path| path == "/revoke"),
    ("introspection-endpoint", |path| path == "/introspect"),
    ("pushed-request-endpoint", |path| path == "/par"),
    ("api", routes::is_api),
];

/// The places that can be served without TLS, each with the fault.
pub(in crate::bank) fn by_place() -> impl Iterator<Item = (&'static str, &'static str)> {
    PLACES.iter().map(|(place, _)| (*place, FAULT))
}

/// Whether anything may be.
pub(super) fn may_be_served(faults: &Faults) -> bool {
    faults.may_be_on(FAULT) || PLACES.iter().any(|(place, _)| faults.may_be_on_at(FAULT, place))
}

/// Whether a request that begins so is.
pub(super) fn is_served(faults: &Faults, greeting: &[u8]) -> bool {
    let head = String::from_utf8_lossy(greeting);
    let path = head.split(' ').nth(1).unwrap_or_default();
    match PLACES.iter().find(|(_, is_there)| is_there(path)) {
        Some((place, _)) => faults.on_at(FAULT, place),
        None => faults.on(FAULT),
    }
}

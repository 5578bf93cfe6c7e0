//! Faults of how answers are written, whatever they say.

use axum::body::{Body, to_bytes};
use axum::http::header::{ALLOW, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use futures::FutureExt;
use serde_json::{Map, Value, json};

use super::http::Incoming;
use super::model::world::World;
use super::routes;

/// No answer of this bank is longer, in octets.
const LONGEST: usize = 256 * 1024;

/// The answer as a bank with these faults writes it.
pub(super) fn answer(world: &World, incoming: &Incoming, mut response: Response) -> Response {
    let faults = &world.faults;
    if response.status() == StatusCode::METHOD_NOT_ALLOWED && faults.on("allow-missing") {
        response.headers_mut().remove(ALLOW);
    }
    if leads_twice(world, &response) {
        response.headers_mut().append(LOCATION, HeaderValue::from_static("/elsewhere"));
    }
    if !is_json(&response) {
        return response;
    }
    if response.status().is_success() && routes::is_api(&incoming.path) && faults.on("payment-json-as-text") {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    }
    if faults.on("json-member-twice") {
        response = rewritten(response, with_first_member_twice);
    }
    if faults.on("json-with-byte-order-mark") {
        response = rewritten(response, |text| format!("\u{feff}{text}"));
    }
    if faults.on("json-with-idle-comma") {
        response = rewritten(response, |text| match text.trim_end().strip_suffix('}') {
            Some(rest) if !rest.trim_end().ends_with('{') => format!("{rest},}}"),
            _ => text.to_owned(),
        });
    }
    response
}

fn leads_twice(world: &World, response: &Response) -> bool {
    response.headers().contains_key(LOCATION) && world.faults.on("location-twice")
}

/// An object with its first member at its end once more.
fn with_first_member_twice(text: &str) -> String {
    let object: Map<String, Value> = serde_json::from_str(text).unwrap_or_default();
    match (object.iter().next(), text.trim_end().strip_suffix('}')) {
        (Some((name, value)), Some(rest)) => format!("{rest},{}:{value}}}", json!(name)),
        _ => text.to_owned(),
    }
}

fn is_json(response: &Response) -> bool {
    response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"))
}

fn rewritten(response: Response, write: impl FnOnce(&str) -> String) -> Response {
    let (parts, body) = response.into_parts();
    // The bank's bodies are there as soon as they are asked for.
    let body = to_bytes(body, LONGEST).now_or_never().and_then(Result::ok).unwrap_or_default();
    Response::from_parts(parts, Body::from(write(&String::from_utf8_lossy(&body))))
}

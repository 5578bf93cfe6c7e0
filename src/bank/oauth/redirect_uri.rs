//! Where a TPP may have the customer sent.

use url::{Url, form_urlencoded};

use super::slips;
use crate::bank::http::Params;
use crate::bank::model::customer::Registration;
use crate::bank::model::world::World;

/// The redirect_uri, if it is one of the client's, character by character (RFC 9700 §2.1). What is wrong with it is
/// told to the customer and not to that address (RFC 6749 §4.1.2.1).
pub(in crate::bank) fn check(
    world: &World,
    client: &Registration,
    params: &Params,
    is_pushed: bool,
) -> Result<String, &'static str> {
    let name = "redirect_uri";
    if params.repeats(name) && !is_pushed && !slips::AUTHORIZATION.takes_first(world, name) {
        return Err("redirect_uri is sent twice.");
    }
    let registered = &client.client.redirect_uris;
    let usual = || registered.first().map(String::as_str).filter(|_| world.faults.on("redirect-uri-defaulted"));
    let uri = params.get("redirect_uri").or_else(usual).ok_or("redirect_uri is missing.")?;
    let accepted = registered.iter().any(|known| known == uri)
        || (is_pushed && uri.starts_with("https://") && !uri.contains('#') && takes_any(world))
        || tolerated(world, registered, uri)
        || (is_of_another(world, uri) && world.faults.on("redirect-uri-of-any-client-accepted"));
    if accepted { Ok(uri.to_owned()) } else { Err("The address to send you back to is not registered.") }
}

fn is_of_another(world: &World, uri: &str) -> bool {
    world.clients.iter().any(|other| other.client.redirect_uris.iter().any(|known| known == uri))
}

/// RFC 9126 2.4: a client that has authenticated itself may bring an address that it has not registered.
fn takes_any(world: &World) -> bool {
    world.habits.has("unregistered-uris-when-pushed")
}

type Likeness = fn(&str, &str) -> bool;

/// Loose comparisons of a registered URI with the one that came, each of them a fault.
const LIKENESSES: [(&str, Likeness); 10] = [
    ("redirect-uri-unchecked", |_, _| true),
    ("redirect-uri-prefix-match", |known, uri| uri.starts_with(known) && !uri.contains('#')),
    ("redirect-uri-substring-match", |known, uri| {
        let (Some(known), Some(other)) = (host(known), host(uri)) else { return false };
        other != known && uri.contains(&known) && !uri.contains('#')
    }),
    ("redirect-uri-fragment-accepted", |known, uri| uri.split_once('#').is_some_and(|(front, _)| front == known)),
    ("redirect-uri-http-accepted", |known, uri| uri.strip_prefix("http://") == known.strip_prefix("https://")),
    ("redirect-uri-decoded", |known, uri| uri != known && decoded(uri).is_some_and(|uri| uri == known)),
    ("redirect-uri-normalised", |known, uri| uri != known && Url::parse(known).ok() == Url::parse(uri).ok()),
    ("redirect-uri-path-parameter-ignored", |known, uri| uri.split_once(';').is_some_and(|(front, _)| front == known)),
    ("redirect-uri-query-may-go-on", |known, uri| known.contains('?') && uri.starts_with(&format!("{known}&"))),
    ("redirect-uri-of-sub-host-accepted", |known, uri| {
        let (Some(known), Some(other)) = (host(known), host(uri)) else { return false };
        other.strip_suffix(&known).is_some_and(|front| front.ends_with('.'))
    }),
];

fn tolerated(world: &World, registered: &[String], uri: &str) -> bool {
    let like = |likeness: Likeness| registered.iter().any(|known| likeness(known, uri));
    LIKENESSES.iter().any(|(fault, likeness)| like(*likeness) && world.faults.on(fault))
}

fn decoded(uri: &str) -> Option<String> {
    form_urlencoded::parse(uri.as_bytes()).next().map(|(decoded, _)| decoded.into_owned())
}

fn host(uri: &str) -> Option<String> {
    Url::parse(uri).ok()?.host_str().map(str::to_owned)
}

//! Scripts of other sites (CORS, Fetch §3.2): this bank lets none in, unless a fault or a habit does.

use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, VARY,
};
use axum::http::{Method, StatusCode};
use axum::response::Response;

use super::http::{self, Incoming};
use super::model::world::World;
use super::routes;

const AUTHORIZATION: &str = "authorization-endpoint";
const PAGES: &str = "pages";
const API: &str = "payment-api";
/// What can be asked for, by its path, as cells call it.
const DOORS: [(&str, &str); 5] = [
    ("/authorize", AUTHORIZATION),
    ("/token", "token-endpoint"),
    ("/revoke", "revocation-endpoint"),
    ("/introspect", "introspection-endpoint"),
    ("/par", "pushed-request-endpoint"),
];
/// The fault that lets everybody in, and in the name of whoever sits before the browser.
const REFLECTED: &str = "origins-reflected-with-credentials";
/// The fault that takes other origins for the bank's own.
const MISTAKEN: &str = "origins-mistaken-for-own";
type Likeness = fn(&str, &str) -> bool;

/// Origins that a careless comparison takes for that of the bank's own pages.
const LIKENESSES: [(&str, Likeness); 5] = [
    ("null", |origin, _| origin == "null"),
    ("sub-host", |origin, own| origin.ends_with(&format!(".{}", host(own)))),
    ("beginning", |origin, own| origin != own && origin.starts_with(own)),
    ("ending", |origin, own| host(origin) != host(own) && origin.ends_with(host(own))),
    ("without-tls", |origin, own| origin.strip_prefix("http://") == own.strip_prefix("https://")),
];

fn host(origin: &str) -> &str {
    origin.split_once("://").map_or(origin, |(_, host)| host)
}

/// Each fault at each door, and each likeness.
pub(super) fn by_place() -> impl Iterator<Item = (&'static str, &'static str)> {
    let doors = DOORS.iter().map(|(_, door)| *door).chain([PAGES, API]);
    doors.map(|door| (door, REFLECTED)).chain(LIKENESSES.iter().map(|(name, _)| (*name, MISTAKEN)))
}

fn door(path: &str) -> &'static str {
    let named = DOORS.iter().find(|(ending, _)| path.ends_with(ending)).map(|(_, door)| *door);
    named.unwrap_or(if routes::is_api(path) { API } else { PAGES })
}

/// The answer with what it says to scripts of other sites.
pub(super) fn answer(world: &World, incoming: &Incoming, mut response: Response) -> Response {
    let Some(origin) = incoming.header("origin") else { return response };
    let door = door(&incoming.path);
    let is_reflected = world.faults.on(REFLECTED) || world.faults.on_at(REFLECTED, door) || is_mistaken(world, origin);
    let is_open = (door == AUTHORIZATION && world.faults.on("cors-at-authorization-endpoint"))
        || (is_for_scripts(door, &incoming.path) && world.habits.has("scripts-let-in-where-they-may"));
    if !is_reflected && !is_open {
        return response;
    }
    if incoming.method == Method::OPTIONS {
        response = http::empty(StatusCode::NO_CONTENT);
        http::set(&mut response, ACCESS_CONTROL_ALLOW_METHODS, "GET, POST");
        http::set(&mut response, ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type");
    }
    http::set(&mut response, ACCESS_CONTROL_ALLOW_ORIGIN, if is_reflected { origin } else { "*" });
    if is_reflected {
        http::set(&mut response, ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
        http::set(&mut response, VARY, "Origin");
    }
    response
}

/// RFC 9700 §2.6: what clients that run in browsers ask directly.
fn is_for_scripts(door: &str, path: &str) -> bool {
    !matches!(door, AUTHORIZATION | API) && (door != PAGES || path.contains("/.well-known/") || path.ends_with("/jwks"))
}

fn is_mistaken(world: &World, origin: &str) -> bool {
    // The origin is what stands before the path.
    let own: String = world.issuer.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
    LIKENESSES.iter().any(|(name, is_like)| {
        is_like(origin, &own) && (world.faults.on(MISTAKEN) || world.faults.on_at(MISTAKEN, name))
    })
}

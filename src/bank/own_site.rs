//! Requests that no other site may cause: a page that somebody has open in a browser can ask this machine too, and under a
//! name of its own that leads here (DNS rebinding).

use std::net::IpAddr;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, HOST, ORIGIN};
use axum::http::uri::Authority;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use serde_json::json;

use super::{http, rule};

/// A site that only this machine's own programs are to use.
#[derive(Clone)]
pub(super) struct OwnSite {
    /// `https://127.0.0.1:PORT`.
    pub(super) base: String,
    /// By which method which media type comes, and what is told to whoever sends another.
    pub(super) media_types: &'static [(Method, &'static str, &'static str)],
}

/// The same rooms, for nobody who was sent by another site.
pub(super) fn guarded<S: Clone + Send + Sync + 'static>(rooms: Router<S>, site: OwnSite) -> Router<S> {
    rooms.layer(from_fn_with_state(site, look))
}

async fn look(State(site): State<OwnSite>, request: Request, next: Next) -> Response {
    let refused = site.stranger(&request).or_else(|| site.other_media_type(&request));
    match refused {
        Some((status, why)) => rule::refused(http::json(status, &json!({ "error": why })), "own_site", why),
        None => next.run(request).await,
    }
}

/// Where the request says that it goes: HTTP/2 has a place of its own for it, and may have the old one too.
fn named(request: &Request) -> Option<Vec<Authority>> {
    let hosts = request.headers().get_all(HOST).iter().map(|host| Authority::try_from(host.as_bytes()).ok());
    request.uri().authority().cloned().map(Some).into_iter().chain(hosts).collect()
}

impl OwnSite {
    fn stranger(&self, request: &Request) -> Option<(StatusCode, &'static str)> {
        let named = named(request).filter(|named| named.iter().all(|authority| self.is_here(authority)));
        let Some(here) = named.as_ref().and_then(|named| named.first()) else {
            let why = "the Host is not this machine's: use the address that the bank has told";
            return Some((StatusCode::FORBIDDEN, why));
        };
        let own = format!("{}://{here}", self.base.split(':').next().unwrap_or_default());
        let is_foreign = |origin: &HeaderValue| !own.as_bytes().eq_ignore_ascii_case(origin.as_bytes());
        let is_sent = |from: &HeaderValue| from != "same-origin" && from != "none";
        let headers = request.headers();
        let is_strange =
            headers.get_all(ORIGIN).iter().any(is_foreign) || headers.get_all("sec-fetch-site").iter().any(is_sent);
        is_strange.then_some((StatusCode::FORBIDDEN, "another site may not ask this"))
    }

    /// A form of another site cannot have the right one, and a script only by asking before.
    fn other_media_type(&self, request: &Request) -> Option<(StatusCode, &'static str)> {
        let (_, _, complaint) = self.media_types.iter().find(|(by, wanted, _)| {
            let sent = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
            by == request.method() && !sent.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(wanted)
        })?;
        Some((StatusCode::UNSUPPORTED_MEDIA_TYPE, complaint))
    }

    /// By number, by the name that every machine has for itself, or by the site's own.
    fn is_here(&self, authority: &Authority) -> bool {
        let host = authority.host().trim_matches(['[', ']']);
        let own = self.base.split("://").nth(1).and_then(|own| own.parse::<Authority>().ok());
        let is_own = own.is_some_and(|own| own.host().eq_ignore_ascii_case(authority.host()));
        let is_loopback = host.parse().is_ok_and(|address: IpAddr| address.is_loopback());
        !authority.as_str().contains('@') && (is_own || is_loopback || host.eq_ignore_ascii_case("localhost"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_others_can_make_lead_here_are_not_here() {
        let site = OwnSite { base: "https://127.0.0.1:4711".into(), media_types: &[] };
        let is_here = |host: &str| host.parse().is_ok_and(|authority: Authority| site.is_here(&authority));
        for own in ["127.0.0.1:4711", "127.0.0.1", "127.9.9.9:1", "localhost:4711", "LOCALHOST", "[::1]:4711"] {
            assert!(is_here(own), "{own}");
        }
        for other in [
            "rebind.example:4711",
            "localhost.example",
            "127.0.0.1.example",
            "192.0.2.1",
            "[::2]",
            "x@127.0.0.1",
            "localhost.",
            "0.0.0.0:4711",
        ] {
            assert!(!is_here(other), "{other}");
        }
    }
}

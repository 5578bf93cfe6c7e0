//! The bank's clock: real time plus an offset, so that nothing has to sleep for something to expire.

use std::sync::atomic::{AtomicI64, Ordering};

use axum::http::{Method, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use time::OffsetDateTime;

use super::http::{self, Incoming};
use super::model::world::World;
use super::rule;

/// Seconds since 1970 as the bank sees them.
#[derive(Debug, Default)]
pub(super) struct Clock {
    offset: AtomicI64,
}

impl Clock {
    pub(super) fn now(&self) -> i64 {
        OffsetDateTime::now_utc().unix_timestamp().saturating_add(self.offset.load(Ordering::Relaxed))
    }

    fn advance(&self, seconds: u32) {
        self.offset.fetch_add(seconds.into(), Ordering::Relaxed);
    }
}

#[derive(Deserialize)]
struct Advance {
    advance_seconds: u32,
}

/// What is sent here, and as what.
pub(super) const MEDIA_TYPES: &[(Method, &str, &str)] =
    &[(Method::POST, "application/json", "the Content-Type must be application/json")];

/// `GET` reads the clock, `POST {"advance_seconds": N}` moves it on. Nobody but this machine may do either.
pub(super) fn endpoint(world: &World, incoming: &Incoming) -> Response {
    if !incoming.peer.address.is_loopback() {
        let refusal = json!({ "error": "the clock answers this machine only" });
        return rule::refused(
            http::json(StatusCode::FORBIDDEN, &refusal),
            "own_machine",
            "the clock is this machine's",
        );
    }
    if incoming.method == Method::POST {
        match serde_json::from_slice::<Advance>(&incoming.body) {
            Ok(advance) => world.clock.advance(advance.advance_seconds),
            Err(_) => {
                let help = json!({ "error": "expected {\"advance_seconds\": N}, N a number of whole seconds" });
                return rule::refused(
                    http::json(StatusCode::BAD_REQUEST, &help),
                    "clock",
                    "the body says no advance_seconds",
                );
            }
        }
    } else if incoming.method != Method::GET {
        return http::method_not_allowed("GET, POST");
    }
    http::json(StatusCode::OK, &json!({ "now": world.clock.now() }))
}

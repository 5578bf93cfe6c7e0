//! How answers come over the wire: whatever stands between the bank and the TPP has habits of its own.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::StatusCode;
use axum::http::header::{
    ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_LENGTH, ETAG, HeaderName, HeaderValue, LAST_MODIFIED, SERVER, SET_COOKIE,
    VARY, VIA,
};
use axum::response::Response;
use futures::{FutureExt, stream};

use super::answers::{Answer, LONGEST};
use super::{Habit, berlin_group};
use crate::bank::http::Incoming;
use crate::bank::model::world::World;

pub(super) const ROWS: &[Habit] = &[
    Habit { id: "closes-connections", says: "closes the connection after each answer (RFC 9112 9.6)" },
    Habit { id: "answers-in-chunks", says: "sends its answers piece by piece and without their length (RFC 9112 7.1)" },
    Habit {
        id: "behind-a-load-balancer",
        says: "stands behind a load balancer, which adds cookies, Via, Server and headers of its own to every answer \
               (RFC 9110 7.6.3 and 10.2.4, RFC 6265 3)",
    },
    Habit {
        id: "caches-what-may-be",
        says: "lets metadata and keys be kept for an hour, with an ETag and a date (RFC 9111 5.2.2, RFC 8414 3)",
    },
    Habit {
        id: "unknown-methods-not-found",
        says: "says 404 to methods that an address has not, and nothing of those that it has (RFC 9110 15.5.5)",
    },
    Habit { id: "slow-answers", says: "takes its time for every answer: no clause says how long" },
];

/// For each answer.
const SLOW: Duration = Duration::from_millis(120);
/// Octets at a time.
const PIECE: usize = 97;

/// The answer as it leaves the house.
pub(in crate::bank) async fn as_sent(world: &World, mut response: Response) -> Response {
    if world.habits.has("slow-answers") {
        tokio::time::sleep(SLOW).await;
    }
    if world.faults.on("version-told-in-server") {
        response.headers_mut().insert(SERVER, HeaderValue::from_static("BankServer/4.7.11 (Linux) OpenSSL/3.0.2"));
    }
    if world.habits.has("closes-connections") {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    if world.habits.has("answers-in-chunks") {
        let (mut parts, body) = response.into_parts();
        let body = to_bytes(body, LONGEST).now_or_never().and_then(Result::ok).unwrap_or_default();
        if body.is_empty() {
            return Response::from_parts(parts, Body::empty());
        }
        parts.headers.remove(CONTENT_LENGTH);
        let pieces: Vec<Result<Bytes, Infallible>> =
            body.chunks(PIECE).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
        return Response::from_parts(parts, Body::from_stream(stream::iter(pieces)));
    }
    response
}

pub(super) fn behind_a_load_balancer(_: &World, _: &Incoming, answer: &mut Answer) {
    let headers = &mut answer.parts.headers;
    let values = [
        (SET_COOKIE, "AWSALB=q1w2e3r4t5/+==; Expires=Wed, 01 Jan 2031 00:00:00 GMT; Path=/"),
        (SET_COOKIE, "TS01a2b3c4=0123456789abcdef; Path=/; Secure; HTTPOnly"),
        (SERVER, "gateway"),
        (VIA, "1.1 front.bank.example"),
        (HeaderName::from_static("x-envoy-upstream-service-time"), "7"),
    ];
    for (name, value) in values {
        headers.append(name, HeaderValue::from_static(value));
    }
}

/// RFC 9110 15.5.5: a server need not say that there is something for other methods.
pub(super) fn not_found(_: &World, _: &Incoming, answer: &mut Answer) {
    // A cancellation that comes too late is refused with the same status.
    let is_refused = answer.parts.status == StatusCode::METHOD_NOT_ALLOWED && !answer.broke(&["cancellation"]);
    if is_refused && answer.parts.headers.remove(ALLOW).is_some() {
        answer.parts.status = StatusCode::NOT_FOUND;
        berlin_group::say_unknown(answer);
    }
}

pub(super) fn kept_for_an_hour(_: &World, incoming: &Incoming, answer: &mut Answer) {
    let may_be_kept = incoming.path.starts_with("/.well-known/") || incoming.path == "/jwks";
    if may_be_kept && answer.parts.status.is_success() {
        answer.lines(&CACHE_CONTROL, ["public, max-age=3600"]);
        answer.lines(&ETAG, ["W/\"5f-1a2b\""]);
        answer.lines(&VARY, ["Accept-Encoding, Origin"]);
        answer.lines(&LAST_MODIFIED, ["Sat, 28 Nov 2026 08:00:00 GMT"]);
    }
}

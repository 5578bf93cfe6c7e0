//! The introspection endpoint (RFC 7662).

use axum::http::header::CACHE_CONTROL;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};

use super::access_token::{self, Claims};
use super::client::authentication::{self, Endpoint};
use super::error::OAuthError;
use super::{hint, slips};
use crate::bank::http::{self, Incoming};
use crate::bank::model::customer::Registration;
use crate::bank::model::state::State;
use crate::bank::model::world::World;
use crate::bank::rule::under;

/// In seconds.
const DAY: i64 = 86_400;

/// `POST /introspect`.
pub(in crate::bank) fn endpoint(world: &World, incoming: &Incoming) -> Response {
    if incoming.method != Method::POST || world.faults.on("introspection-by-get-alone") {
        return http::method_not_allowed("POST");
    }
    let mut response = match respond(world, incoming) {
        Ok(body) => http::json(StatusCode::OK, &body),
        Err(error) => under("introspection")(error).response(),
    };
    http::set(&mut response, CACHE_CONTROL, "no-store");
    response
}

fn respond(world: &World, incoming: &Incoming) -> Result<Value, OAuthError> {
    let params = authentication::parameters(world, incoming, false, &slips::INTROSPECTION)?;
    let client = authentication::authenticate(world, incoming, &params, Endpoint::Introspection)?;
    let token = params.get("token").ok_or_else(|| OAuthError::invalid_request("token is missing"))?;
    let hint = params.get("token_type_hint");
    if hint::is_refused(world, hint::AT_INTROSPECTION, hint) {
        return Err(OAuthError::invalid_request("there is no such kind of token"));
    }
    let state = world.state();
    let found = found(world, &state, client, token);
    let misled = hint.is_some_and(|hint| hint == found.other_kind) && world.faults.on("introspection-obeys-hint");
    Ok(match found.dead {
        _ if misled => inactive(world),
        Some(_) if revoked_is_active(world, &found) => found.told,
        Some(what) => dead(world, what, found.told),
        None if world.faults.on("introspection-inactive-for-live-token") => inactive(world),
        None => found.told,
    })
}

/// What is found of a token.
struct Found {
    /// What is told of it where it is good.
    told: Value,
    /// What it is called where it is no good.
    dead: Option<&'static str>,
    /// The hint that misleads whoever searches by it.
    other_kind: &'static str,
}

/// What a token that is no good can be, as cells call it.
const UNKNOWN: &str = "unknown-token";
const ALTERED: &str = "altered-token";
const EXPIRED: &str = "expired-token";
const FOREIGN: &str = "foreign-token";
pub(in crate::bank) const REVOKED: &str = "revoked-token";
pub(in crate::bank) const OF_REVOKED_GRANT: &str = "token-of-a-revoked-grant";
pub(in crate::bank) const OF_REPLAYED_CODE: &str = "token-of-a-replayed-code";
const REVOKED_REFRESH_TOKEN: &str = "revoked-refresh-token";
/// Ways to say too much of it.
const ACTIVE: &str = "dead-token-active";
const TOLD: &str = "dead-token-told-of";
/// The rule that what was good is looked at again.
const USED: &str = "revocation_of_used_token";
const DEAD: [&str; 8] =
    [UNKNOWN, ALTERED, EXPIRED, FOREIGN, REVOKED, OF_REVOKED_GRANT, OF_REPLAYED_CODE, REVOKED_REFRESH_TOKEN];

/// Each way to say too much of a token that is no good, of each such token.
pub(in crate::bank) fn rules_by_token() -> impl Iterator<Item = (&'static str, &'static str)> {
    let all = DEAD.into_iter().flat_map(|what| [(what, ACTIVE), (what, TOLD)]);
    // Of what was never issued there is nothing to tell.
    all.filter(|cell| *cell != (UNKNOWN, TOLD)).chain([(PLACE, USED)])
}

fn found(world: &World, state: &State, client: &Registration, token: &str) -> Found {
    let grant = state.refresh_tokens.get(token).and_then(|id| state.grants.get(id));
    if let Some(grant) = grant.filter(|_| !world.habits.has("introspects-access-tokens-alone")) {
        let dead = match grant.client_id == client.client.client_id {
            false => Some(FOREIGN),
            true => grant.refresh_revoked.then_some(REVOKED_REFRESH_TOKEN),
        };
        let told = json!({ "active": true, "scope": grant.scope, "client_id": grant.client_id, "sub": grant.subject });
        return Found { told, dead, other_kind: "access_token" };
    }
    let (claims, dead) = match access_token::read(world, token) {
        Some(claims) => (Some(claims.clone()), why_dead(world, state, client, &claims)),
        None => match access_token::unverified(world, token) {
            Some(claims) => (Some(claims), Some(ALTERED)),
            None => (None, Some(UNKNOWN)),
        },
    };
    let told = claims.map_or_else(|| json!({ "active": true }), |claims| active(world, &claims));
    Found { told, dead, other_kind: "refresh_token" }
}

fn why_dead(world: &World, state: &State, client: &Registration, claims: &Claims) -> Option<&'static str> {
    let row = state.access_tokens.get(&claims.jti);
    match row {
        None => Some(UNKNOWN),
        Some(_) if claims.client_id != client.client.client_id => Some(FOREIGN),
        Some(row) if row.is_revoked(world) && !is_remembered(world, state, &claims.jti) => Some(row.ended_as),
        Some(_) if claims.exp <= world.clock.now() => Some(EXPIRED),
        Some(_) => {
            let watched = world.faults.seen_token_may_outlive(PLACE);
            state.seen.borrow_mut().extend(watched.then(|| (claims.jti.clone(), PLACE)));
            None
        }
    }
}

/// As cells call it.
const PLACE: &str = "introspection-endpoint";

/// The place of a fault: what was good once is answered from a cache.
fn is_remembered(world: &World, state: &State, jti: &str) -> bool {
    world.faults.seen_token_outlives(PLACE) && state.was_seen(jti, Some(PLACE))
}

fn revoked_is_active(world: &World, found: &Found) -> bool {
    found.dead == Some(REVOKED) && world.faults.on("introspection-revoked-active")
}

/// RFC 7662 §2.2: that it is no good, and nothing else; unless a fault says more.
fn dead(world: &World, what: &str, told: Value) -> Value {
    let says = |fault: &str| world.faults.on(fault) || world.faults.on_at(fault, what);
    if says(ACTIVE) {
        return told;
    }
    match told {
        Value::Object(mut members) if members.len() > 1 && says(TOLD) => {
            members.insert("active".to_owned(), json!(false));
            Value::Object(members)
        }
        _ => inactive(world),
    }
}

/// RFC 7662 §2.2, with the binding of RFC 8705 §3.2.
fn active(world: &World, claims: &Claims) -> Value {
    let faults = &world.faults;
    let foreign = faults.on("introspection-names-other-client");
    let longer = if faults.on("introspection-tells-longer-life") { DAY } else { 0 };
    let mut body = json!({
        "active": if faults.on("introspection-active-as-text") { json!("true") } else { json!(true) },
        "scope": claims.scope,
        "client_id": if foreign { "PSDXX-OTHER-1" } else { &claims.client_id },
        "token_type": "Bearer",
        "exp": claims.exp.saturating_add(longer),
        "iat": claims.iat,
        "sub": claims.sub,
        "aud": claims.aud,
        "iss": claims.iss,
        "jti": claims.jti,
    });
    if let Some(members) = body.as_object_mut().filter(|_| world.habits.has("introspection-without-iat")) {
        members.remove("iat");
    }
    if let (Some(confirmation), Some(body)) = (&claims.cnf, body.as_object_mut())
        && !world.faults.on("introspection-without-cnf")
    {
        body.insert("cnf".to_owned(), json!(confirmation));
    }
    body
}

/// RFC 7662 §2.2: nothing more than that.
fn inactive(world: &World) -> Value {
    match world.faults.on("introspection-inactive-details") {
        true => json!({ "active": false, "error_description": "the token is not in the table of tokens" }),
        false => json!({ "active": false }),
    }
}

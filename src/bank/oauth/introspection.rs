//! The introspection endpoint (RFC 7662).

use axum::http::header::CACHE_CONTROL;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};

use super::access_token::{self, Claims};
use super::client::authentication::{self, Endpoint};
use super::error::OAuthError;
use crate::bank::http::{self, Incoming};
use crate::bank::model::customer::Registration;
use crate::bank::model::state::State;
use crate::bank::model::world::World;
use crate::bank::rule::under;

/// In seconds.
const DAY: i64 = 86_400;

/// `POST /introspect`.
pub(in crate::bank) fn endpoint(world: &World, incoming: &Incoming) -> Response {
    if incoming.method != Method::POST {
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
    let params = authentication::parameters(incoming, false)?;
    let client = authentication::authenticate(world, incoming, &params, Endpoint::Introspection)?;
    let token = params.get("token").ok_or_else(|| OAuthError::invalid_request("token is missing"))?;
    let state = world.state();
    let live = access_token::read(world, token).filter(|claims| is_active(world, &state, client, claims));
    let revoked = || {
        let claims = access_token::read(world, token)?;
        state.access_tokens.get(&claims.jti).filter(|token| token.is_revoked(world)).map(|_| claims)
    };
    Ok(match (live, revoked()) {
        (Some(claims), _) => active(world, &claims),
        (None, Some(claims)) if world.faults.on("introspection-details-of-revoked") => {
            json!({ "active": false, "client_id": claims.client_id, "scope": claims.scope, "exp": claims.exp })
        }
        (None, _) => inactive(world),
    })
}

fn is_active(world: &World, state: &State, client: &Registration, claims: &Claims) -> bool {
    let revoked = state.access_tokens.get(&claims.jti).is_none_or(|token| token.is_revoked(world));
    claims.client_id == client.client.client_id
        && claims.exp > world.clock.now()
        && (!revoked || world.faults.on("introspection-revoked-active"))
        && !world.faults.on("introspection-inactive-for-live-token")
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

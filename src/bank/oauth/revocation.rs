//! The revocation endpoint (RFC 7009).

use axum::http::{Method, StatusCode};
use axum::response::Response;

use super::access_token;
use super::client::authentication::{self, Endpoint};
use super::error::OAuthError;
use super::{hint, introspection, slips};
use crate::bank::http::{self, Incoming};
use crate::bank::model::customer::Registration;
use crate::bank::model::state::State;
use crate::bank::model::world::World;
use crate::bank::rule::under;

/// `POST /revoke`.
pub(in crate::bank) fn endpoint(world: &World, incoming: &Incoming) -> Response {
    let by_get = incoming.method == Method::GET && world.faults.on("revocation-by-get");
    if incoming.method != Method::POST && !by_get {
        return http::method_not_allowed("POST");
    }
    match respond(world, incoming, by_get) {
        Ok(()) => http::empty(StatusCode::OK),
        Err(error) => under("revocation")(error).response(),
    }
}

fn respond(world: &World, incoming: &Incoming, by_get: bool) -> Result<(), OAuthError> {
    let params = authentication::parameters(world, incoming, by_get, &slips::REVOCATION)?;
    let client = authentication::authenticate(world, incoming, &params, Endpoint::Revocation)?;
    let Some(token) = params.get("token") else {
        return match world.faults.on("revocation-without-token-accepted") {
            true => Ok(()),
            false => Err(OAuthError::invalid_request("token is missing")),
        };
    };
    let mut state = world.state();
    let hint = params.get("token_type_hint");
    // RFC 7009 §2.2: a hint that is none does not influence the answer.
    if hint::is_refused(world, hint::AT_REVOCATION, hint) {
        return Err(OAuthError::new("unsupported_token_type", "there is no such kind of token"));
    }
    // RFC 7009 §2.1: the hint may speed up the search and must not narrow it.
    let is_refresh_token = state.refresh_tokens.get(token).is_some();
    let only = match (hint, is_refresh_token) {
        (Some("refresh_token"), false) => hint.filter(|_| world.faults.on("revocation-hint-obeyed")),
        (Some("access_token"), true) => hint.filter(|_| world.faults.on("refresh-token-kept-by-hint")),
        _ => None,
    };
    if hint::keeps_alive(world, hint, is_refresh_token) {
        return Ok(());
    }
    let found = (only != Some("access_token") && revoke_refresh_token(world, &mut state, client, token))
        || (only != Some("refresh_token") && revoke_access_token(world, &mut state, client, token)?);
    // RFC 7009 §2.2: an unknown token is as good as revoked.
    match found || only.is_some() || !world.faults.on("unknown-token-revocation-refused") {
        true => Ok(()),
        false => Err(OAuthError::invalid_request("the token is not known")),
    }
}

/// Whether the token was a refresh token. It takes the access tokens of the grant with it (RFC 7009 §2.1).
fn revoke_refresh_token(world: &World, state: &mut State, client: &Registration, token: &str) -> bool {
    let Some(grant) = state.refresh_tokens.get(token).cloned() else { return false };
    let owner = state.grants.get(&grant).map(|grant| grant.client_id.clone()).unwrap_or_default();
    if may_revoke(world, client, &owner) {
        if !world.faults.on("refresh-token-revocation-without-effect") {
            state.revoke_refresh_token_of(&grant);
        }
        let recalls = !world.habits.has("tokens-not-recalled");
        if recalls && !world.faults.on("refresh-revocation-keeps-access-tokens") {
            let spared =
                |_: &State, number, _: &str| number > 0 && world.faults.on("refresh-revocation-keeps-refreshed-tokens");
            state.revoke_access_tokens_of(&grant, introspection::OF_REVOKED_GRANT, spared);
        }
    }
    true
}

/// Whether the token was an access token.
fn revoke_access_token(
    world: &World,
    state: &mut State,
    client: &Registration,
    token: &str,
) -> Result<bool, OAuthError> {
    let Some(claims) = access_token::read(world, token) else { return Ok(false) };
    if world.habits.has("tokens-not-recalled") {
        return Err(OAuthError::new("unsupported_token_type", "access tokens live until they end"));
    }
    let Some(known) = state.access_tokens.get(&claims.jti) else { return Ok(false) };
    if known.revoked.is_some() && world.faults.on("second-revocation-server-error") {
        return Err(OAuthError::server_error("the token could not be revoked"));
    }
    if may_revoke(world, client, &claims.client_id) && !world.faults.on("access-token-revocation-without-effect") {
        state.revoke_access_token(&claims.jti, introspection::REVOKED);
    }
    Ok(true)
}

/// RFC 7009 §2.1: only the client that a token was issued to. The others learn nothing.
fn may_revoke(world: &World, client: &Registration, owner: &str) -> bool {
    client.client.client_id == owner || world.faults.on("revocation-by-other-client")
}

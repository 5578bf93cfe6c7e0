//! Redeeming an authorization code (RFC 6749 §4.1.3).

use serde_json::Value;

use super::{Allowed, Answer, TokenRequest, pkce};
use crate::bank::faults::REPLAY_KEEPS_USED_TOKENS;
use crate::bank::model::grant::AuthorizationCode;
use crate::bank::model::state::State;
use crate::bank::oauth::error::OAuthError;
use crate::bank::oauth::{introspection, openid};
use crate::bank::rule::{Named, rules, under};

/// What a rule may look at.
pub(super) struct Redemption<'a> {
    pub(super) request: &'a TokenRequest<'a>,
    pub(super) code: &'a AuthorizationCode,
    pub(super) state: &'a State,
}

type Rule = fn(&Redemption<'_>) -> Result<(), OAuthError>;

/// The rules for a code that has not been redeemed, in the order in which they are applied.
const RULES: &[Named<Rule>] = rules![
    check_age,          // RFC 6749 §4.1.2
    check_redirect_uri, // RFC 6749 §4.1.3
    pkce::check,        // RFC 7636 §4.6
    refuse_in_any_case,
];

pub(super) fn redeem(request: &TokenRequest<'_>, state: &mut State) -> Answer {
    let value = request.required("code")?;
    let Some(code) = state.codes.get(value).cloned() else { return unissued(request, state) };
    // The client comes first: another TPP must not be able to end the grant of the right one by a replay.
    check_client(request, &code).map_err(under("client"))?;
    reject_replay(request, state, &code).map_err(under("replay"))?;
    let redemption = Redemption { request, code: &code, state };
    RULES.iter().try_for_each(|rule| rule.apply(|rule| rule(&redemption)))?;

    let intent = code.intent.as_deref();
    let allowed = Allowed { scope: &code.scope, subject: &request.world.subject, intent };
    let grant = request.grant(state, &allowed, true);
    if let Some(code) = state.codes.get_mut(value) {
        code.redeemed_for = Some(grant.clone());
    }
    let mut body = request.tokens(state, &grant, &code.scope)?;
    if let Some(id_token) = openid::id_token(request.world, &code) {
        body["id_token"] = Value::String(id_token);
    }
    Ok(body)
}

/// RFC 6749 §4.1.3: the code is valid.
fn unissued(request: &TokenRequest<'_>, state: &mut State) -> Answer {
    let world = request.world;
    if world.faults.on("unissued-code-accepted") {
        let scope = "PIS".to_owned();
        let grant = request.grant(state, &Allowed { scope: &scope, subject: &world.subject, intent: None }, true);
        return request.tokens(state, &grant, &scope);
    }
    match world.faults.on("garbage-code-server-error") {
        true => Err(OAuthError::server_error("the code could not be read")),
        false => Err(OAuthError::invalid_grant("the code is not known")),
    }
}

/// RFC 6749 §4.1.3: the code was issued to this client.
fn check_client(request: &TokenRequest<'_>, code: &AuthorizationCode) -> Result<(), OAuthError> {
    match code.client_id == request.client.client.client_id || request.world.faults.on("code-not-bound-to-client") {
        true => Ok(()),
        false => Err(OAuthError::invalid_grant("the code is another client's")),
    }
}

/// RFC 6749 §4.1.2: a code works once, and what it gave is taken back when it comes again.
fn reject_replay(request: &TokenRequest<'_>, state: &mut State, code: &AuthorizationCode) -> Result<(), OAuthError> {
    let faults = &request.world.faults;
    let Some(grant) = &code.redeemed_for else { return Ok(()) };
    if faults.on("code-reusable") {
        return Ok(());
    }
    if !faults.on("replay-keeps-tokens") {
        if !request.world.habits.has("tokens-not-recalled") {
            state.revoke_access_tokens_of(grant, introspection::OF_REPLAYED_CODE, |state, number, jti| {
                (number > 0 && faults.on("replay-keeps-refreshed-tokens"))
                    || (faults.on(REPLAY_KEEPS_USED_TOKENS) && state.was_seen(jti, None))
            });
        }
        if !faults.on("replay-keeps-refresh-token") {
            state.revoke_refresh_token_of(grant);
        }
    }
    Err(OAuthError::invalid_grant("the code has been used"))
}

fn check_age(redemption: &Redemption<'_>) -> Result<(), OAuthError> {
    let world = redemption.request.world;
    match world.clock.now() < redemption.code.expires_at || world.faults.on("code-never-expires") {
        true => Ok(()),
        false => Err(OAuthError::invalid_grant("the code has expired")),
    }
}

/// RFC 6749 §4.1.3: identical to the one of the authorization request.
fn check_redirect_uri(redemption: &Redemption<'_>) -> Result<(), OAuthError> {
    let Redemption { request, code, .. } = redemption;
    match request.params.get("redirect_uri") {
        Some(uri) if uri == code.redirect_uri => Ok(()),
        _ if request.world.faults.on("redirect-uri-not-bound-to-code") => Ok(()),
        Some(_) => Err(OAuthError::invalid_grant("the redirect_uri is not that of the authorization request")),
        None if request.world.faults.on("redirect-uri-may-be-left-out") => Ok(()),
        None => Err(OAuthError::invalid_request("redirect_uri is missing")),
    }
}

fn refuse_in_any_case(redemption: &Redemption<'_>) -> Result<(), OAuthError> {
    match redemption.request.world.faults.on("valid-code-refused") {
        true => Err(OAuthError::invalid_grant("the code is not accepted")),
        false => Ok(()),
    }
}

//! A new access token for a refresh token (RFC 6749 §6). It is bound to the certificate that is presented now, so
//! that a TPP with a renewed certificate keeps its customers' consents. Refresh tokens are not rotated, unless a habit
//! says so: they are bound to the client by its certificate (RFC 9700 §2.2.2).

use super::{Answer, TokenRequest};
use crate::bank::model::grant::Grant;
use crate::bank::model::state::State;
use crate::bank::oauth::error::OAuthError;

pub(super) fn refresh(request: &TokenRequest<'_>, state: &mut State) -> Answer {
    let faults = &request.world.faults;
    let token = request.required("refresh_token")?;
    let unknown = || OAuthError::invalid_grant("the refresh token is not known");
    let id = state.refresh_tokens.get(token).cloned().ok_or_else(unknown)?;
    let grant = state.grants.get(&id).ok_or_else(unknown)?;
    if grant.client_id != request.client.client.client_id && !faults.on("refresh-token-not-bound-to-client") {
        return Err(unknown());
    }
    let outlives = || grant.refreshed && faults.on("used-refresh-token-outlives-revocation");
    if (grant.refresh_revoked && !outlives()) || faults.on("refresh-refused") {
        return Err(OAuthError::invalid_grant("the refresh token is no longer valid"));
    }
    if grant.granted_under != request.thumbprint && faults.on("refresh-token-bound-to-certificate") {
        return Err(OAuthError::invalid_grant("the refresh token was given to another certificate"));
    }
    let scope = check_scope(request, grant)?;
    let bound_to = match faults.on("refresh-keeps-old-binding") {
        true => grant.granted_under.clone(),
        false => request.thumbprint.clone().filter(|_| !faults.on("refreshed-token-unbound")),
    };
    if request.world.habits.has("refresh-tokens-rotate") || faults.on("refresh-token-replaced") {
        rotate(request, state, &id, token);
    }
    if let Some(grant) = state.grants.get_mut(&id) {
        grant.refreshed = true;
    }
    request.tokens_bound_to(state, &id, &scope, bound_to)
}

/// RFC 6749 §6: a new refresh token takes the place of the old one.
fn rotate(request: &TokenRequest<'_>, state: &mut State, id: &str, old: &str) {
    let new = request.world.new_secret(state);
    state.refresh_tokens.remove(old);
    state.refresh_tokens.insert(new.clone(), id.to_owned());
    if let Some(grant) = state.grants.get_mut(id) {
        grant.refresh_token = Some(new);
    }
}

/// RFC 6749 §6: never more than was granted.
fn check_scope(request: &TokenRequest<'_>, grant: &Grant) -> Result<String, OAuthError> {
    let Some(asked) = request.params.get("scope") else { return Ok(grant.scope.clone()) };
    let granted = |scope: &str| grant.scope.split(' ').any(|one| one == scope);
    match asked.split(' ').all(granted) || request.world.faults.on("refresh-widens-scope") {
        true => Ok(asked.to_owned()),
        false => {
            let is_misnamed = request.world.faults.on("refresh-scope-refusal-misnamed");
            let code = if is_misnamed { "invalid_grant" } else { "invalid_scope" };
            Err(OAuthError::new(code, "the scope is wider than what was granted"))
        }
    }
}

//! A token for the TPP itself, without a customer (RFC 6749 §4.4).

use super::{Answer, TokenRequest};
use crate::bank::model::state::State;
use crate::bank::oauth::error::OAuthError;
use crate::bank::oauth::scope;

pub(super) fn grant(request: &TokenRequest<'_>, state: &mut State) -> Answer {
    let scope = request.params.get("scope").unwrap_or(scope::PAYMENTS);
    if !scope::is_licensed(request.client, scope) && !request.world.faults.on("unlicensed-scope-granted") {
        return Err(OAuthError::new("invalid_scope", "the TPP is not licensed for that"));
    }
    // RFC 6749 §4.4.3: a refresh token should not be included.
    let with_refresh_token = request.world.faults.on("client-credentials-refresh-token");
    let grant = request.grant(state, scope, &request.client.client.client_id, with_refresh_token);
    let unbound = request.world.faults.on("client-credentials-token-unbound");
    let bound_to = request.thumbprint.clone().filter(|_| !unbound);
    request.tokens_bound_to(state, &grant, scope, bound_to)
}

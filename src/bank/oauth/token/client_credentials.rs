//! A token for the TPP itself, without a customer (RFC 6749 §4.4).

use super::{Allowed, Answer, TokenRequest};
use crate::bank::certificate::licence::Access;
use crate::bank::dialect::Dialect;
use crate::bank::model::state::State;
use crate::bank::oauth::error::OAuthError;
use crate::bank::oauth::scope::{self, PAYMENTS};

pub(super) fn grant(request: &TokenRequest<'_>, state: &mut State) -> Answer {
    let scope = request.params.get("scope").unwrap_or(PAYMENTS);
    if !is_licensed(request, scope) && !request.world.faults.on("unlicensed-scope-granted") {
        return Err(OAuthError::new("invalid_scope", "the TPP is not licensed for that"));
    }
    // RFC 6749 §4.4.3: a refresh token should not be included.
    let with_refresh_token = request.world.faults.on("client-credentials-refresh-token");
    let allowed = Allowed { scope, subject: &request.client.client.client_id, intent: None };
    let grant = request.grant(state, &allowed, with_refresh_token);
    let unbound = request.world.faults.on("client-credentials-token-unbound");
    let bound_to = request.thumbprint.clone().filter(|_| !unbound);
    request.tokens_bound_to(state, &grant, scope, bound_to)
}

/// Where payments begin with such a token, a bank that does not look at roles does not look at them here either.
fn is_licensed(request: &TokenRequest<'_>, scope: &str) -> bool {
    let blind = match request.world.dialect {
        Dialect::BerlinGroup => false,
        Dialect::UkOpenBanking => scope == PAYMENTS && Access::Lodging.is_for_any_role(&request.world.faults),
    };
    blind || scope::is_licensed(request.client, scope)
}

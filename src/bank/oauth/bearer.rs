//! The protected resource's look at the access token (RFC 6750, RFC 9068 §4, RFC 8705 §3).

use super::access_token::{self, Claims};
use super::client::authentication::Endpoint;
use super::scope;
use crate::bank::http::Incoming;
use crate::bank::model::grant::AccessToken;
use crate::bank::model::state::State;
use crate::bank::model::world::World;
use crate::bank::refusal::{Kind, Refusal};
use crate::bank::rule::{Named, rules};

/// What a request takes.
#[derive(Clone, Copy, Debug)]
pub(in crate::bank) enum Need<'a> {
    /// A token with that scope that a customer's approval has given.
    Scope(&'a str),
    /// A token for payments, whoever has got it.
    Payments,
    /// A token for that payment, unless no customer was asked: whether that will do is for another rule.
    Payment(&'a str),
}

/// What a rule may look at.
struct Presented<'a> {
    world: &'a World,
    state: &'a State,
    incoming: &'a Incoming,
    claims: &'a Claims,
    need: Need<'a>,
    /// The operation.
    place: &'static str,
}

type Rule = fn(&Presented<'_>) -> Result<(), Refusal>;

/// The rules for a token that is one of ours, in the order in which they are applied.
const RULES: &[Named<Rule>] = rules![
    check_revocation, // RFC 6750 §3.1
    check_age,        // RFC 9068 §4
    check_binding,    // RFC 8705 §3
    check_scope,      // RFC 6750 §3.1, insufficient_scope
    refuse_in_any_case,
];

/// The rules of an operation for tokens that were revoked.
pub(in crate::bank) fn rules_at(place: &'static str) -> [(&'static str, &'static str); 2] {
    [(place, "token_revocation"), (place, "revocation_of_used_token")]
}

/// Whether the request has the token that it takes.
pub(in crate::bank) fn check(
    world: &World,
    state: &State,
    incoming: &Incoming,
    need: Need<'_>,
    place: &'static str,
) -> Result<(), Refusal> {
    let Some(token) = presented(world, incoming) else {
        return no_token(world);
    };
    let claims = access_token::read(world, token).ok_or_else(|| {
        match world.faults.on("challenge-missing-beside-bad-token") {
            true => Refusal::new(Kind::TokenInvalid, "the token is not valid"),
            false => invalid(Kind::TokenInvalid, "the token is not valid"),
        }
    })?;
    let presented = Presented { world, state, incoming, claims: &claims, need, place };
    RULES.iter().try_for_each(|rule| rule.apply(|rule| rule(&presented)))
}

/// Whose token the request has, and what the bank remembers of it; whether it is still good was asked before.
pub(in crate::bank) fn holder<'s>(
    world: &World,
    state: &'s State,
    incoming: &Incoming,
) -> Option<(String, &'s AccessToken)> {
    let claims = access_token::read(world, presented(world, incoming)?)?;
    let row = state.access_tokens.get(&claims.jti)?;
    Some((claims.client_id, row))
}

/// The token in the Authorization header, whose scheme may be written in any case (RFC 9110 §11.1). What stands in the
/// query or the body does not count (RFC 6750 §2.3, RFC 9700 §4.3.2).
fn presented<'a>(world: &World, incoming: &'a Incoming) -> Option<&'a str> {
    let header = incoming.header("authorization").and_then(|value| value.split_once(' '));
    let recognised = |scheme: &str| {
        scheme == "Bearer" || (scheme.eq_ignore_ascii_case("Bearer") && !world.faults.on("bearer-case-sensitive"))
    };
    let in_header = header.filter(|(scheme, _)| recognised(scheme)).map(|(_, token)| token.trim());
    let in_query = || incoming.query.get("access_token").filter(|_| world.faults.on("token-in-query-accepted"));
    in_header.or_else(in_query)
}

/// RFC 6750 §3: a challenge, and no error where there was no token.
fn no_token(world: &World) -> Result<(), Refusal> {
    if world.faults.on("resource-served-without-token") {
        return Ok(());
    }
    let message = Refusal::new(Kind::TokenUnknown, "an access token is needed");
    match world.faults.on("resource-without-challenge") {
        true => Err(message),
        false if world.faults.on("challenge-without-parameter") => Err(message.challenge("Bearer")),
        false => Err(message.challenge("Bearer realm=\"payments\"")),
    }
}

fn invalid(kind: Kind, text: &str) -> Refusal {
    Refusal::new(kind, text).challenge("Bearer error=\"invalid_token\"")
}

fn check_revocation(presented: &Presented<'_>) -> Result<(), Refusal> {
    let Presented { world, state, claims, place, .. } = presented;
    let is_overlooked = || {
        world.faults.leave_out("token_revocation", place)
            || (world.faults.seen_token_outlives(place) && state.was_seen(&claims.jti, Some(place)))
    };
    match state.access_tokens.get(&claims.jti) {
        Some(token) if !token.is_revoked(world) => {
            let is_watched = world.faults.seen_token_may_outlive(place);
            state.seen.borrow_mut().extend(is_watched.then(|| (claims.jti.clone(), *place)));
            Ok(())
        }
        Some(_) if is_overlooked() => Ok(()),
        Some(_) => Err(invalid(Kind::TokenInvalid, "the token was revoked")),
        None => Err(invalid(Kind::TokenUnknown, "the token is not known")),
    }
}

/// In seconds.
const LEEWAY: i64 = 300;

fn check_age(presented: &Presented<'_>) -> Result<(), Refusal> {
    let world = presented.world;
    let late = world.clock.now().saturating_sub(presented.claims.exp);
    let is_borne = || late < LEEWAY && world.habits.has("tokens-honoured-five-minutes-longer");
    match late < 0 || is_borne() || world.faults.on("expired-token-accepted") {
        true => Ok(()),
        false => Err(invalid(Kind::TokenExpired, "the token has expired")),
    }
}

fn check_binding(presented: &Presented<'_>) -> Result<(), Refusal> {
    let faults = &presented.world.faults;
    let row = presented.state.access_tokens.get(&presented.claims.jti);
    let Some(bound_to) = row.and_then(|row| row.bound_to.as_ref()) else { return Ok(()) };
    let same = match &presented.incoming.peer.certificate {
        Some(certificate) => certificate.thumbprint == *bound_to,
        None => faults.anonymous(Endpoint::BoundResource),
    };
    match same || faults.on("token-not-bound") {
        true => Ok(()),
        false if faults.on("binding-refused-with-403") => {
            Err(Refusal::new(Kind::NotForThis, "the token is bound to another certificate"))
        }
        false => Err(invalid(Kind::TokenInvalid, "the token is bound to another certificate")),
    }
}

fn check_scope(presented: &Presented<'_>) -> Result<(), Refusal> {
    let has = |scope: &str| scope::holds(&presented.claims.scope, scope);
    let granted = match presented.need {
        Need::Scope(scope) => has(scope),
        Need::Payments => has(scope::PAYMENTS),
        Need::Payment(id) => {
            let own = presented.state.access_tokens.get(&presented.claims.jti).and_then(|row| row.intent.as_deref());
            has(scope::PAYMENTS) && own.is_none_or(|own| own == id)
        }
    };
    match granted || presented.world.faults.on("token-scope-unchecked") {
        true => Ok(()),
        false => Err(Refusal::new(Kind::NotForThis, "the token is not for this payment")
            .challenge("Bearer error=\"insufficient_scope\"")),
    }
}

fn refuse_in_any_case(presented: &Presented<'_>) -> Result<(), Refusal> {
    // Without a customer's token there is no way to the protected resource.
    let is_protected = !matches!(presented.need, Need::Payments);
    match is_protected && presented.world.faults.on("valid-token-refused") {
        true => Err(invalid(Kind::TokenInvalid, "the token is not accepted")),
        false => Ok(()),
    }
}

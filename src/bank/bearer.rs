//! The protected resource's look at the access token (RFC 6750, RFC 9068 §4, RFC 8705 §3).

use super::access_token::{self, Claims};
use super::client_auth::Endpoint;
use super::http::Incoming;
use super::payments::TppMessage;
use super::state::State;
use super::world::World;

/// What a rule may look at.
struct Presented<'a> {
    world: &'a World,
    state: &'a State,
    incoming: &'a Incoming,
    claims: &'a Claims,
    scope: &'a str,
}

type Rule = fn(&Presented<'_>) -> Result<(), TppMessage>;

/// The rules for a token that is one of ours, in the order in which they are applied.
const RULES: [Rule; 5] = [
    check_revocation, // RFC 6750 §3.1
    check_age,        // RFC 9068 §4
    check_binding,    // RFC 8705 §3
    check_scope,      // RFC 6750 §3.1, insufficient_scope
    refuse_in_any_case,
];

/// Whether the request may use what the scope stands for.
pub(super) fn check(world: &World, state: &State, incoming: &Incoming, scope: &str) -> Result<(), TppMessage> {
    let Some(token) = presented(world, incoming) else {
        return no_token(world);
    };
    let claims = access_token::read(world, token).ok_or_else(|| invalid("TOKEN_INVALID", "the token is not valid"))?;
    let presented = Presented { world, state, incoming, claims: &claims, scope };
    RULES.iter().try_for_each(|rule| rule(&presented))
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
fn no_token(world: &World) -> Result<(), TppMessage> {
    if world.faults.on("resource-served-without-token") {
        return Ok(());
    }
    let message = TppMessage::new(401, "TOKEN_UNKNOWN", "an access token is needed");
    match world.faults.on("resource-without-challenge") {
        true => Err(message),
        false => Err(message.challenge("Bearer")),
    }
}

fn invalid(code: &'static str, text: &str) -> TppMessage {
    TppMessage::new(401, code, text).challenge("Bearer error=\"invalid_token\"")
}

fn check_revocation(presented: &Presented<'_>) -> Result<(), TppMessage> {
    match presented.state.access_tokens.get(&presented.claims.jti) {
        Some(token) if !token.revoked => Ok(()),
        Some(_) => Err(invalid("TOKEN_INVALID", "the token was revoked")),
        None => Err(invalid("TOKEN_UNKNOWN", "the token is not known")),
    }
}

/// In seconds.
const LEEWAY: i64 = 300;

fn check_age(presented: &Presented<'_>) -> Result<(), TppMessage> {
    let world = presented.world;
    let late = world.clock.now().saturating_sub(presented.claims.exp);
    let is_borne = || late < LEEWAY && world.habits.has("tokens-honoured-five-minutes-longer");
    match late < 0 || is_borne() || world.faults.on("expired-token-accepted") {
        true => Ok(()),
        false => Err(invalid("TOKEN_EXPIRED", "the token has expired")),
    }
}

fn check_binding(presented: &Presented<'_>) -> Result<(), TppMessage> {
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
            Err(TppMessage::new(403, "RESOURCE_UNKNOWN", "the token is bound to another certificate"))
        }
        false => Err(invalid("TOKEN_INVALID", "the token is bound to another certificate")),
    }
}

fn check_scope(presented: &Presented<'_>) -> Result<(), TppMessage> {
    let granted = presented.claims.scope.split(' ').any(|one| one == presented.scope);
    match granted || presented.world.faults.on("token-scope-unchecked") {
        true => Ok(()),
        false => Err(TppMessage::new(403, "RESOURCE_UNKNOWN", "the token is not for this payment")
            .challenge("Bearer error=\"insufficient_scope\"")),
    }
}

fn refuse_in_any_case(presented: &Presented<'_>) -> Result<(), TppMessage> {
    match presented.world.faults.on("valid-token-refused") {
        true => Err(invalid("TOKEN_INVALID", "the token is not accepted")),
        false => Ok(()),
    }
}

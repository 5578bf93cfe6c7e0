//! Answers of the protected resource (RFC 6750).

use super::{Finding, challenges_by, head_of, in_words};
use crate::evidence::exchange::Exchange;

/// The resource was served.
pub fn served(exchange: &Exchange) -> Finding {
    let response = head_of!(exchange);
    Finding::of((200..300).contains(&response.status), "status 200 with the resource", in_words(response)).at(exchange)
}

/// The token was not accepted; which error the bank chose does not matter here (RFC 6750 3.1 leaves it a SHOULD).
pub fn token_refused(exchange: &Exchange) -> Finding {
    Finding::of_refusal(exchange, "a refusal with 401 or 403")
}

/// The token has gone with its revocation. Where the bank revokes no access tokens at all, it is not the finer points of it
/// that it misses: then the control says more than this.
pub fn token_revoked(exchange: &Exchange) -> Finding {
    token_refused(exchange).granted(false)
}

/// A request without a token is refused with a challenge (RFC 6750 3). The challenge is what the clause demands; that 401
/// stands above it, it only shows.
pub fn challenged(exchange: &Exchange) -> Finding {
    let response = head_of!(exchange);
    let challenges: Vec<&str> = response.headers_named("www-authenticate").collect();
    let is_bearer = challenges_by(response, "Bearer") && challenges.iter().any(|challenge| has_parameter(challenge));
    let actual = match challenges[..] {
        [] => format!("status {} without WWW-Authenticate", response.status),
        _ => format!("status {}, WWW-Authenticate: {}", response.status, challenges.join(", ")),
    };
    let granted = response.status < 300;
    let is_refusal = (400..500).contains(&response.status);
    Finding::of(is_refusal && is_bearer, "status 401 with WWW-Authenticate: Bearer and a parameter", actual)
        .granted(granted)
        .at(exchange)
}

/// RFC 6750 3: the scheme is followed by one parameter or more. Which scheme a parameter belongs to is not looked at: a bank
/// that names several is understood by whoever knows them.
fn has_parameter(challenge: &str) -> bool {
    challenge.contains('=')
}

//! Access tokens that are bound to certificates (RFC 8705).

use super::{Finding, head_of, in_words, response_of};
use crate::evidence::exchange::Exchange;

/// The metadata says that the server binds access tokens to certificates (RFC 8705 3.3).
pub fn metadata_says_bound(exchange: &Exchange) -> Finding {
    let response = response_of!(exchange);
    let told = response.json().unwrap_or_default()["tls_client_certificate_bound_access_tokens"].clone();
    let actual = if told.is_null() { "it is not said".to_owned() } else { told.to_string() };
    Finding::of(told == true, "tls_client_certificate_bound_access_tokens: true", actual).at(exchange)
}

/// The token that came with that response says that it is bound to a certificate (RFC 8705 3.1).
pub fn says_bound(exchange: &Exchange, bound_to: Option<&str>) -> Finding {
    let actual = bound_to.map_or("no cnf with x5t#S256".to_owned(), |thumbprint| format!("x5t#S256: {thumbprint}"));
    Finding::of(bound_to.is_some(), "cnf with x5t#S256 in the access token", actual).at(exchange)
}

/// It is the certificate with that thumbprint (RFC 8705 3.1).
pub fn says_bound_to(exchange: &Exchange, bound_to: Option<&str>, thumbprint: &str) -> Finding {
    let Some(bound_to) = bound_to else {
        return Finding::Unclear("the access token does not say which certificate it is bound to".into());
    };
    let expected = format!("x5t#S256 {thumbprint}: the SHA-256 of the certificate, base64url without padding");
    Finding::of(bound_to == thumbprint, expected, format!("x5t#S256: {bound_to}")).at(exchange)
}

/// The token opened nothing: refused in the handshake, or by an error.
pub fn token_refused(exchange: &Exchange) -> Finding {
    Finding::of_refusal(exchange, "a refusal in the TLS handshake, or with 401 or 403")
}

/// The refusal has the status and the error code that a TPP can act on (RFC 8705 3).
pub fn refused_as_invalid(exchange: &Exchange) -> Finding {
    let response = head_of!(exchange);
    let expected = "status 401, and the error invalid_token where an error is named";
    let challenges = response.headers_named("www-authenticate");
    let errors: Vec<&str> = challenges.filter_map(|value| value.split_once("error=")).map(|(_, rest)| rest).collect();
    let named = |error: &&str| error.trim_start_matches('"').starts_with("invalid_token");
    let actual = match errors.first() {
        Some(error) => format!("{}, error={error}", in_words(response)),
        None => in_words(response),
    };
    Finding::of(response.status == 401 && errors.iter().all(named), expected, actual).at(exchange)
}

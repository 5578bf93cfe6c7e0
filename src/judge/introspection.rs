//! Answers of the introspection endpoint (RFC 7662).

use serde_json::Value;

use super::{Finding, in_words, response_of, token};
use crate::evidence::exchange::{Answer, Exchange, Response};

fn active(response: &Response) -> Option<bool> {
    response.json().filter(|_| response.status == 200)?["active"].as_bool()
}

/// The token is said to be active, or to be inactive (RFC 7662 2.2).
pub fn is_active(exchange: &Exchange, wanted: bool) -> Finding {
    let response = response_of!(exchange);
    let told = response.json().filter(|_| response.status == 200).unwrap_or_default()["active"].clone();
    let actual = match told {
        Value::Bool(active) => format!("active: {active}"),
        Value::Null => in_words(response),
        other => format!("active: {other}, which is neither true nor false"),
    };
    Finding::of(active(response) == Some(wanted), format!("status 200 with active: {wanted}"), actual).at(exchange)
}

/// Nothing but `active` is said (RFC 7662 2.2).
pub fn says_nothing_else(exchange: &Exchange) -> Finding {
    let response = response_of!(exchange);
    let json = response.json().unwrap_or_default();
    let names: Vec<String> = json.as_object().map(|members| members.keys().cloned().collect()).unwrap_or_default();
    Finding::of(names == ["active"], "the member active alone", format!("the members {}", names.join(", ")))
        .at(exchange)
}

/// The token is bound to the certificate with that thumbprint (RFC 8705 3.2).
pub fn is_bound_to(exchange: &Exchange, thumbprint: &str) -> Finding {
    let response = response_of!(exchange);
    let told = response.json().unwrap_or_default()["cnf"]["x5t#S256"].as_str().unwrap_or("none").to_owned();
    let expected = format!("cnf with x5t#S256 {thumbprint}");
    Finding::of(told == thumbprint, expected, format!("x5t#S256: {told}")).at(exchange)
}

/// Whoever asked without authenticating learned nothing (RFC 7662 2.1): refused, or told what anybody is told of a token
/// that is none of his business (2.2).
pub fn nothing_learned(exchange: &Exchange) -> Finding {
    match &exchange.answer {
        Answer::Response(response) if active(response) == Some(true) => {
            Finding::of(false, "a refusal", "active: true, to somebody who did not authenticate")
                .granted(true)
                .at(exchange)
        }
        Answer::Response(response) if active(response) == Some(false) => {
            Finding::of(true, "a refusal", "active: false, of a live token").at(exchange)
        }
        _ => token::turned_away(exchange),
    }
}

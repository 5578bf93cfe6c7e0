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

/// Another TPP is told nothing of a token: it is refused, or told that the token is inactive and nothing else (RFC 7662 2.2).
pub fn tells_nothing(exchange: &Exchange) -> Finding {
    let response = response_of!(exchange);
    if active(response) == Some(true) {
        return Finding::of(false, "active: false, or a refusal", "active: true").granted(true).at(exchange);
    }
    match response.status {
        500.. => Finding::Unclear(format!("{}: the bank answered {}", exchange.purpose, in_words(response))),
        300.. => Finding::of(true, "active: false, or a refusal", in_words(response)).at(exchange),
        _ => says_nothing_else(exchange),
    }
}

/// Nothing but `active` is said (RFC 7662 2.2).
pub fn says_nothing_else(exchange: &Exchange) -> Finding {
    let response = response_of!(exchange);
    if active(response) == Some(true) {
        // That a dead token is said to be alive is for another check.
        return Finding::Unclear("the token is said to be active".into());
    }
    let json = response.json().unwrap_or_default();
    let names: Vec<String> = json.as_object().map(|members| members.keys().cloned().collect()).unwrap_or_default();
    Finding::of(names == ["active"], "the member active alone", format!("the members {}", names.join(", ")))
        .at(exchange)
}

/// How far the length of a token's life may differ from what was told as it was issued, in seconds: clocks are rounded, and
/// a leeway for clocks is added on one side or on both (RFC 7519 4.1.4).
const LEEWAY: f64 = 600.0;

/// A token as it was issued.
#[derive(Clone, Copy, Debug, Default)]
pub struct Issued<'a> {
    /// To whom.
    pub client_id: &'a str,
    /// For how long, in seconds.
    pub lifetime: Option<u64>,
    /// When, by the bank's own clock, in seconds since 1970: a TPP's clock is another one.
    pub at: Option<f64>,
}

/// What is told of a live token is told of that token: the client that it was issued to, and, where it tells when it ends, the
/// life that it was issued for, in seconds (RFC 7662 2.2), from when it is said to have been issued, or was.
pub fn as_issued(exchange: &Exchange, token: Issued<'_>) -> Finding {
    let Issued { client_id, lifetime, at } = token;
    let response = response_of!(exchange);
    if active(response) != Some(true) {
        return Finding::Unclear(format!("the token is not said to be active: {}", in_words(response)));
    }
    let json = response.json().unwrap_or_default();
    let client = json["client_id"].as_str();
    let life = json["exp"].as_f64().zip(json["iat"].as_f64().or(at)).map(|(end, start)| end - start);
    let issued = lifetime.and_then(|seconds| u32::try_from(seconds).ok()).map(f64::from);
    let lives = life.zip(issued);
    if client.is_none() && lives.is_none() {
        return Finding::Beside("the bank tells neither the client of a token nor how long it lives".into());
    }
    let is_right_client = client.is_none_or(|client| client == client_id);
    let is_right_life = lives.is_none_or(|(told, issued)| (told - issued).abs() <= LEEWAY);
    let of_client = |client: &str| format!("client_id {client}");
    let of_life = |seconds: f64| format!("a life of {seconds:.0} seconds");
    let in_words = |client: Option<&str>, life: Option<f64>| {
        client.map(of_client).into_iter().chain(life.map(of_life)).collect::<Vec<_>>().join(", ")
    };
    let expected = in_words(client.map(|_| client_id), lives.map(|(_, issued)| issued));
    let actual = in_words(client, lives.map(|(told, _)| told));
    Finding::of(is_right_client && is_right_life, expected, actual).at(exchange)
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
            Finding::of(false, "a refusal", "active: true").granted(true).at(exchange)
        }
        Answer::Response(response) if active(response) == Some(false) => {
            Finding::of(true, "a refusal", "active: false, of a live token").at(exchange)
        }
        _ => token::turned_away(exchange),
    }
}

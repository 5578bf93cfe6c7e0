//! Who was let in by certificate, and how whoever was not was refused.

use super::{Comparison, Finding, error_code, in_words, response_of, turned_down, vocabulary::Vocabulary};
use crate::evidence::{
    exchange::{Answer, Exchange, Layer, Response},
    operation::Operation,
};

/// What came of it at a door, and what the TPP itself was told of its token afterwards, where that is known.
pub type Door<'e> = (&'e Exchange, Option<&'e Exchange>);

/// What the bank gave: a token, or a payment.
fn served(response: &Response, words: &Vocabulary) -> bool {
    let gave = |json: serde_json::Value| json["access_token"].is_string() || words.has_created(&json);
    response.status < 300 && response.json().is_some_and(gave)
}

/// The same at the endpoint of that exchange; nothing where it cannot be told. Whoever is not authenticated may be told that
/// a live token is inactive, and that it was revoked, which it then is not.
fn served_at((exchange, after): Door<'_>, response: &Response, words: &Vocabulary) -> Option<bool> {
    let is_active = |exchange: &Exchange| exchange.response()?.json()?["active"].as_bool();
    match exchange.operation {
        Operation::Introspection => Some(response.status < 300 && is_active(exchange) == Some(true)),
        Operation::Revocation if response.status < 300 => after.and_then(is_active).map(|is_active| !is_active),
        Operation::Revocation | Operation::PushedRequest => Some(response.status < 300),
        _ => Some(served(response, words)),
    }
}

/// How a connection was turned down without an HTTP response: in the handshake, or where the client had finished it
/// before the server looked at the certificate, on the first read; with the alert, if there was one.
fn turned_down_how(exchange: &Exchange) -> Option<String> {
    let in_words = turned_down(exchange)?;
    let (version, alert) = exchange.tls.as_ref().map_or(("", None), |tls| (tls.version.as_str(), tls.alert.as_deref()));
    let Some(alert) = alert else { return Some(in_words) };
    Some(match version {
        "" => format!("refused in TLS: the alert \"{alert}\" in the handshake"),
        version => format!("refused in TLS: the alert \"{alert}\" on the first read ({version})"),
    })
}

/// Whoever came with that certificate was served.
pub fn let_in(exchange: &Exchange, words: &Vocabulary) -> Finding {
    let expected = "the certificate is accepted and the request is served";
    // A connection that is closed without a word may be any trouble; only an alert says why.
    if let Some(actual) = turned_down_how(exchange).filter(|_| !is_closed(exchange)) {
        return Finding::of(false, expected, actual).at(exchange);
    }
    let response = response_of!(exchange);
    let served = served(response, words);
    if !served && !words.is_about_the_caller(response.status, error_code(response).as_deref()) {
        let answer = in_words(response);
        return Finding::Unclear(format!("the request was refused for another reason than the certificate: {answer}"));
    }
    Finding::of(served, expected, in_words(response)).at(exchange)
}

/// Whoever came with another certificate of the same TPP was served as before. A refusal that is about the payment's state
/// says nothing of that.
pub fn not_a_stranger(exchange: &Exchange, words: &Vocabulary) -> Finding {
    let response = response_of!(exchange);
    let expected = "an answer about the payment, as under the certificate that it was initiated with";
    match response.status {
        200..300 => Finding::of(true, expected, in_words(response)).at(exchange),
        400 if error_code(response).is_some_and(|code| words.unknown.contains(&code.as_str())) => {
            Finding::of(false, expected, in_words(response)).at(exchange)
        }
        401 | 403 | 404 => Finding::of(false, expected, in_words(response)).at(exchange),
        // It is no time for that, or the bank does not do it at all.
        405 | 409 => Finding::Beside(format!("{}: the bank answered {}", exchange.purpose, in_words(response))),
        _ => Finding::Unclear(format!("{}: the bank answered {}", exchange.purpose, in_words(response))),
    }
}

fn is_closed(exchange: &Exchange) -> bool {
    matches!(&exchange.answer, Answer::Failure(failure) if failure.layer == Layer::Closed)
}

/// The same at each of these doors: all that let it in are told.
pub fn refused_at_each<'e>(doors: impl Iterator<Item = Door<'e>>, words: &Vocabulary) -> Finding {
    let findings: Vec<Finding> = doors.map(|door| refused_at(door, words)).collect();
    let open: Vec<&Comparison> =
        findings.iter().filter_map(|it| if let Finding::Broken(broken) = it { Some(broken) } else { None }).collect();
    if let Some(first) = open.first() {
        let actual = open.iter().map(|broken| broken.actual.as_str()).collect::<Vec<_>>().join("; ");
        return Finding::Broken(Comparison { actual, ..(*first).clone() });
    }
    let unclear = findings.iter().find(|finding| matches!(finding, Finding::Unclear(_)));
    let told = unclear.or(findings.last()).cloned();
    told.unwrap_or_else(|| Finding::Unclear("no door was tried".into()))
}

/// Whoever came with that certificate was refused: in the handshake, by an alert after it, or by 401 or 403.
pub fn refused(exchange: &Exchange, words: &Vocabulary) -> Finding {
    refused_at((exchange, None), words)
}

fn refused_at(door: Door<'_>, words: &Vocabulary) -> Finding {
    let (exchange, expected) = (door.0, "a refusal: a TLS alert, or an HTTP error");
    if let Some(actual) = turned_down_how(exchange) {
        return Finding::of(true, expected, actual).at(exchange);
    }
    let response = response_of!(exchange);
    if response.status >= 500 {
        return Finding::Unclear(format!("the bank answered {}: neither let in nor refused", response.status));
    }
    let Some(served) = served_at(door, response, words) else {
        return Finding::Unclear(format!("{}: what came of it cannot be told", exchange.purpose));
    };
    let actual = match served {
        true => format!("{}: {}, which was served", response.status, exchange.purpose),
        false => in_words(response),
    };
    Finding::of(!served, expected, actual).granted(true).at(exchange)
}

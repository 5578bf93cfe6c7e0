//! Answers of the endpoint for pushed authorization requests (RFC 9126).

use super::{Finding, in_words, response_of, turned_down};
use crate::evidence::exchange::{Exchange, Response};

fn kept(response: &Response) -> bool {
    response.status < 300 && response.json().is_some_and(|json| json["request_uri"].is_string())
}

/// The request was accepted with 201, and the TPP was told under which name it waits and for how long (RFC 9126 2.2).
pub fn accepted(exchange: &Exchange) -> Finding {
    let response = response_of!(exchange);
    let json = response.json().unwrap_or_default();
    let lifetime = json["expires_in"].as_f64().is_some_and(|seconds| seconds > 0.0);
    let holds = response.status == 201 && kept(response) && lifetime;
    let actual = match kept(response) {
        true => format!("{} with request_uri, expires_in: {}", response.status, json["expires_in"]),
        false => in_words(response),
    };
    Finding::of(holds, "status 201 with request_uri and expires_in", actual).at(exchange)
}

/// The bank has taken the request; how it says so is for another check.
pub fn taken(exchange: &Exchange) -> Finding {
    let response = response_of!(exchange);
    Finding::of(kept(response), "the name under which the request waits", in_words(response)).at(exchange)
}

/// The request waits for less than so many seconds (FAPI 2.0 Security Profile 5.3.2.2).
pub fn waits_less_than(exchange: &Exchange, seconds: u64) -> Finding {
    let response = response_of!(exchange);
    let told = response.json().unwrap_or_default()["expires_in"].clone();
    match told.as_f64().filter(|_| kept(response)) {
        Some(told_seconds) => {
            // What a double cannot tell apart is no difference here.
            let holds = told_seconds < seconds as f64;
            Finding::of(holds, format!("expires_in of less than {seconds}"), format!("expires_in: {told}")).at(exchange)
        }
        None => {
            Finding::Unclear(format!("the bank keeps no request, or does not say how long: {}", in_words(response)))
        }
    }
}

/// The request was not accepted: refused in TLS, or by an error.
pub fn refused(exchange: &Exchange) -> Finding {
    let expected = "a refusal";
    if let Some(actual) = turned_down(exchange) {
        return Finding::of(true, expected, actual).at(exchange);
    }
    let response = response_of!(exchange);
    match response.status {
        _ if kept(response) => Finding::of(false, expected, format!("{}: the request was accepted", response.status))
            .granted(true)
            .at(exchange),
        400..500 => Finding::of(true, expected, in_words(response)).at(exchange),
        _ => Finding::Unclear(format!("{}: the bank answered {}", exchange.purpose, in_words(response))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(status: u16, body: &str) -> Exchange {
        let exchange = json!({
            "id": "x0001", "check": "PAR-011", "identity": "tpp-a", "purpose": "push", "sent_at": "2026-01-01T00:00:00Z",
            "duration_ms": 1.0, "tls": null,
            "request": { "method": "POST", "url": "https://bank.example/par", "headers": [], "body": "" },
            "answer": { "kind": "response", "status": status, "headers": [], "truncated": false, "body": body },
        });
        serde_json::from_value(exchange).expect("an exchange")
    }

    #[test]
    fn what_is_not_kept_is_refused() {
        for (status, body, expected) in [
            (400, r#"{"error": "invalid_client"}"#, Some(true)),
            (401, "", Some(true)),
            (302, "", None),
            (201, r#"{"request_uri": "urn:x", "expires_in": 60}"#, Some(false)),
            (201, "{}", None),
            (500, "", None),
        ] {
            let holds = match refused(&told(status, body)) {
                Finding::Holds(_) => Some(true),
                Finding::Broken(_) => Some(false),
                Finding::Unclear(_) | Finding::Beside(_) => None,
            };
            assert_eq!(holds, expected, "{status} {body}");
        }
    }

    #[test]
    fn a_request_waits_for_less_than_so_long() {
        for (status, body, expected) in [
            (201, r#"{"request_uri": "urn:x", "expires_in": 599}"#, Some(true)),
            (201, r#"{"request_uri": "urn:x", "expires_in": 600}"#, Some(false)),
            (201, r#"{"request_uri": "urn:x", "expires_in": 1e300}"#, Some(false)),
            (201, r#"{"request_uri": "urn:x"}"#, None),
            (201, r#"{"expires_in": 60}"#, None),
            (400, r#"{"error": "invalid_request"}"#, None),
            (201, "<html>", None),
        ] {
            let holds = match waits_less_than(&told(status, body), 600) {
                Finding::Holds(_) => Some(true),
                Finding::Broken(_) => Some(false),
                Finding::Unclear(_) | Finding::Beside(_) => None,
            };
            assert_eq!(holds, expected, "{body}");
        }
    }
}

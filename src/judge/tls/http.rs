//! What comes of requests without TLS, without a certificate, and from a browser.

use std::sync::Arc;

use crate::{
    evidence::exchange::{Answer, Exchange, Response},
    judge::{Finding, error_code, head_of, in_words, turned_down},
};

/// Nothing is served without TLS (RFC 6749 3.1, 3.2): no answer, an error, or a redirect to https.
pub fn nothing_in_the_clear(exchanges: &[Arc<Exchange>]) -> Finding {
    none_in_the_clear(exchanges, "without TLS no answer, an error, or a redirect to https", serves)
}

/// What is served at one place is not served without TLS. Whoever asks wrongly is refused by it with or without: then what
/// the refusal says shows whose it is.
pub fn silent_in_the_clear(exchanges: &[Arc<Exchange>]) -> Finding {
    let expected = "without TLS no answer, an error that is not the endpoint's own, or a redirect to https";
    none_in_the_clear(exchanges, expected, |response| serves(response) || is_its_own_refusal(response))
}

fn serves(response: &Response) -> bool {
    match response.status {
        300..=399 => response.header("location").is_some_and(|to| to.to_ascii_lowercase().starts_with("http://")),
        status => status < 300,
    }
}

/// A refusal that only says that something is wrong may be that of a proxy that wants TLS. Whoever wants credentials with 401
/// wants them in the clear.
fn is_its_own_refusal(response: &Response) -> bool {
    const OWN: [&str; 6] = [
        "invalid_client",
        "invalid_grant",
        "unsupported_grant_type",
        "unauthorized_client",
        "unsupported_token_type",
        "invalid_token",
    ];
    response.status == 401 || error_code(response).is_some_and(|code| OWN.contains(&code.as_str()))
}

fn none_in_the_clear(exchanges: &[Arc<Exchange>], expected: &str, serves: fn(&Response) -> bool) -> Finding {
    if exchanges.is_empty() {
        return Finding::Unclear("no host was asked".into());
    }
    match exchanges.iter().find(|exchange| exchange.response().is_some_and(serves)) {
        Some(exchange) => {
            let answer = exchange.response().map(in_words).unwrap_or_default();
            Finding::of(false, expected, format!("{}: {answer}", exchange.request.url)).granted(true).at(exchange)
        }
        None => Finding::of(true, expected, told(exchanges)),
    }
}

fn told(exchanges: &[Arc<Exchange>]) -> String {
    let one = |exchange: &Arc<Exchange>| match &exchange.answer {
        Answer::Response(response) => format!("{}: {}", exchange.request.url, in_words(response)),
        Answer::Failure(failure) => format!("{}: {}", exchange.request.url, failure.message),
    };
    exchanges.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// Whoever comes to an endpoint for TPPs without a certificate is turned away, by TLS or by an HTTP error.
pub fn none_without_certificate(exchanges: &[Arc<Exchange>]) -> Finding {
    let expected = "whoever has no certificate is turned away, by TLS or by an HTTP error";
    let mut unclear = exchanges.is_empty().then(|| "no endpoint was asked".to_owned());
    for exchange in exchanges.iter().filter(|exchange| turned_down(exchange).is_none()) {
        let response = head_of!(exchange);
        // Some answer errors with 200: what they say counts. Whoever is sent elsewhere is not served here.
        let is_error = response.status >= 300 || error_code(response).is_some();
        match response.status {
            500.. => {
                unclear = Some(format!("{}: neither served nor turned away: {}", exchange.purpose, in_words(response)));
            }
            _ if !is_error => {
                let actual = format!("{}: served with {}", exchange.request.url, in_words(response));
                return Finding::of(false, expected, actual).granted(true).at(exchange);
            }
            _ => {}
        }
    }
    match unclear {
        Some(reason) => Finding::Unclear(reason),
        None => Finding::of(true, expected, told(exchanges)),
    }
}

/// TLS that turns away whoever has no certificate does so in a session as well that was begun at another host
/// (RFC 9325 3.4): `before` is a visit without such a session, `after` one with it, `asked_again` whether the server
/// asked for a certificate in the latter.
pub fn none_by_anothers_session(before: &Exchange, after: &Exchange, asked_again: bool) -> Finding {
    let expected = "turned away in TLS, with a session of another host as without";
    if turned_down(before).is_none() {
        return Finding::Unclear("whoever has no certificate is not turned away in TLS to begin with".into());
    }
    if let Some(actual) = turned_down(after) {
        return Finding::of(true, expected, actual).at(after);
    }
    let response = head_of!(after);
    match asked_again {
        true => Finding::Unclear(format!("asked for a certificate, and answered {}", in_words(response))),
        false => {
            let actual =
                format!("let in by TLS without being asked for a certificate, and answered {}", in_words(response));
            Finding::of(false, expected, actual).granted(true).at(after)
        }
    }
}

/// A browser is told to come over TLS alone from now on (RFC 9325 3.2, RFC 6797 6.1.1).
pub fn strict_transport(exchange: &Exchange) -> Finding {
    let response = head_of!(exchange);
    if response.status >= 500 {
        return Finding::Unclear(format!("the bank answered {}", response.status));
    }
    let header = response.header("strict-transport-security");
    let lasts = |header: &str| {
        let directives = header.split(';').filter_map(|directive| directive.split_once('='));
        let mut ages = directives.filter(|(name, _)| name.trim().eq_ignore_ascii_case("max-age"));
        ages.next().and_then(|(_, age)| age.trim().trim_matches('"').parse::<u64>().ok()).is_some_and(|age| age > 0)
    };
    let actual = format!("Strict-Transport-Security: {}", header.unwrap_or("none"));
    Finding::of(header.is_some_and(lasts), "Strict-Transport-Security with a max-age above 0", actual).at(exchange)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16, headers: &[(&str, &str)], body: &str) -> Arc<Exchange> {
        let exchange = serde_json::json!({
            "id": "x0001", "check": "TLS-007", "identity": "anyone", "purpose": "ask", "duration_ms": 1.0,
            "sent_at": "2026-11-21T10:00:00Z",
            "request": { "method": "GET", "url": "http://bank.example/", "headers": [], "body": "" },
            "answer": { "kind": "response", "status": status, "headers": headers, "body": body, "truncated": false },
            "tls": null,
        });
        Arc::new(serde_json::from_value(exchange).unwrap())
    }

    #[test]
    fn only_what_is_served_in_the_clear_is_held_against_a_bank() {
        let cases = [
            (answered(200, &[], "{}"), false),
            (answered(301, &[("location", "http://www.bank.example/")], ""), false),
            (answered(301, &[("location", "https://bank.example/")], ""), true),
            (answered(302, &[("location", "/login")], ""), true),
            (answered(400, &[], "The plain HTTP request was sent to HTTPS port"), true),
            (answered(404, &[], ""), true),
        ];
        for (exchange, good) in cases {
            let holds = matches!(nothing_in_the_clear(std::slice::from_ref(&exchange)), Finding::Holds(_));
            assert_eq!(holds, good, "{exchange:?}");
        }
    }

    #[test]
    fn whoever_has_no_certificate_may_be_told_so_in_any_way() {
        let of = |exchange| none_without_certificate(&[exchange]);
        assert!(matches!(of(answered(401, &[], "")), Finding::Holds(_)));
        assert!(matches!(of(answered(200, &[], "{\"error\":\"invalid_client\"}")), Finding::Holds(_)));
        assert!(matches!(of(answered(200, &[], "<html>Welcome</html>")), Finding::Broken(_)));
        assert!(matches!(of(answered(302, &[], "")), Finding::Holds(_)));
        assert!(matches!(of(answered(500, &[], "")), Finding::Unclear(_)));
    }

    #[test]
    fn a_max_age_of_zero_takes_the_promise_back() {
        let of = |value: &str| strict_transport(&answered(200, &[("strict-transport-security", value)], ""));
        assert!(matches!(of("max-age=31536000; includeSubDomains"), Finding::Holds(_)));
        assert!(matches!(of("includeSubDomains; Max-Age=\"600\""), Finding::Holds(_)));
        assert!(matches!(of("max-age=0"), Finding::Broken(_)));
        assert!(matches!(of("preload"), Finding::Broken(_)));
    }
}

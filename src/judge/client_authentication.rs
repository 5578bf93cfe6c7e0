//! Who was taken for the client that it said it was (RFC 6749 2.3, RFC 7523).

use super::{
    Comparison, Finding, challenges_by, error_code, in_words, introspection, pushed_request, response_of, token,
    turned_down,
};
use crate::evidence::{
    exchange::{Exchange, Response},
    operation::Operation,
};

/// Errors of the token endpoint that only a client that is known can be told (RFC 6749 5.2).
const OF_KNOWN_CLIENTS: [&str; 4] = ["invalid_scope", "unauthorized_client", "invalid_grant", "unsupported_grant_type"];
/// How clients can authenticate without a secret that the bank has too.
const WITHOUT_SECRETS: [&str; 3] = ["tls_client_auth", "self_signed_tls_client_auth", "private_key_jwt"];

fn granted(response: &Response) -> bool {
    let gave = |json: serde_json::Value| json["access_token"].is_string() || json["request_uri"].is_string();
    response.status < 300 && response.json().is_some_and(gave)
}

/// The client was known, and got what it asked for or was refused for something else (RFC 6749 5.2).
pub fn authenticated(exchange: &Exchange) -> Finding {
    let expected = "the client is authenticated";
    let response = response_of!(exchange);
    let code = error_code(response);
    if granted(response) || code.as_deref().is_some_and(|code| OF_KNOWN_CLIENTS.contains(&code)) {
        return Finding::of(true, expected, in_words(response)).at(exchange);
    }
    let barred = response.status == 401 || code.as_deref() == Some("invalid_client");
    match barred {
        true => Finding::of(false, expected, in_words(response)).at(exchange),
        false => Finding::Unclear(format!("{}: the bank answered {}", exchange.purpose, in_words(response))),
    }
}

/// The client was turned away for what it authenticated with (RFC 6749 5.2); a refusal that it could have got in any case
/// shows nothing.
pub fn not_authenticated(exchange: &Exchange) -> Finding {
    let expected = "a refusal with \"invalid_client\"";
    if let Some(actual) = turned_down(exchange) {
        return Finding::of(true, expected, actual).at(exchange);
    }
    let response = response_of!(exchange);
    if granted(response) {
        return Finding::of(false, expected, format!("{}: the client was served", response.status))
            .granted(true)
            .at(exchange);
    }
    let blames_client = match error_code(response).as_deref() {
        Some(code) => matches!(code, "invalid_client" | "invalid_request") || response.status == 401,
        None => matches!(response.status, 400 | 401 | 403),
    };
    match blames_client {
        true => Finding::of(true, expected, in_words(response)).at(exchange),
        false => Finding::Unclear(format!("{}: the bank answered {}", exchange.purpose, in_words(response))),
    }
}

/// Whoever came without the right credentials got nothing of what the endpoint is for (RFC 6749 3.2.1, RFC 7009 2.1,
/// RFC 7662 2.1, RFC 9126 2.1).
pub fn not_served(exchange: &Exchange) -> Finding {
    match exchange.operation {
        Operation::Introspection => introspection::nothing_learned(exchange),
        Operation::Revocation => token::turned_away(exchange),
        Operation::PushedRequest => pushed_request::refused(exchange),
        _ => token::none_issued(exchange),
    }
}

/// A client that has used the Authorization header is refused in its terms (RFC 6749 5.2).
pub fn challenged(exchange: &Exchange) -> Finding {
    let response = response_of!(exchange);
    let is_basic = challenges_by(response, "Basic");
    if response.status != 401 && error_code(response).as_deref() != Some("invalid_client") {
        return Finding::Unclear(format!("{}: the bank answered {}", exchange.purpose, in_words(response)));
    }
    let actual = format!("{}, {}", in_words(response), if is_basic { "with such a challenge" } else { "without one" });
    let expected = "status 401, and WWW-Authenticate with the scheme Basic";
    Finding::of(response.status == 401 && is_basic, expected, actual).at(exchange)
}

/// TPPs can authenticate by something that the bank itself does not know (RFC 9700 2.5): this one does, or the metadata
/// offers it. `own` is how the TPP authenticates; `offered` what the metadata says, where it says anything.
pub fn possible_without_secret(own: &str, offered: Option<&[String]>) -> Finding {
    let is_one = |method: &str| WITHOUT_SECRETS.contains(&method);
    let holds = is_one(own) || offered.is_some_and(|offered| offered.iter().any(|method| is_one(method)));
    let actual = match (is_one(own), offered) {
        (true, _) => format!("the TPP authenticates by {own}"),
        (false, Some(offered)) => format!("the TPP authenticates by {own}; the bank offers {}", offered.join(", ")),
        (false, None) => format!("the TPP authenticates by {own}, and nothing else is known to be offered"),
    };
    let comparison = Comparison {
        expected: "client authentication by certificate or by signed assertion".into(),
        actual,
        ..Comparison::default()
    };
    if holds { Finding::Holds(comparison) } else { Finding::Broken(comparison) }
}

/// The TPP is registered to authenticate by something that the bank itself does not know (FAPI 2.0 Security Profile 5.3.2.1).
pub fn without_secret(own: &str) -> Finding {
    let expected = format!("one of {}", WITHOUT_SECRETS.join(", "));
    Finding::of(WITHOUT_SECRETS.contains(&own), expected, format!("the TPP authenticates by {own}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_has_no_secret_of_the_bank_s() {
        for (own, holds) in [
            ("tls_client_auth", true),
            ("private_key_jwt", true),
            ("client_secret_basic", false),
            ("client_secret_post", false),
        ] {
            assert_eq!(matches!(without_secret(own), Finding::Holds(_)), holds, "{own}");
        }
    }

    #[test]
    fn a_secret_is_found_only_where_nothing_better_is_offered() {
        let methods = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let broken = |own, offered: Option<&[&str]>| {
            let offered = offered.map(methods);
            matches!(possible_without_secret(own, offered.as_deref()), Finding::Broken(_))
        };
        assert!(broken("client_secret_basic", None));
        assert!(broken("client_secret_post", Some(&["client_secret_basic", "client_secret_post"])));
        assert!(!broken("client_secret_basic", Some(&["client_secret_basic", "private_key_jwt"])));
        assert!(!broken("tls_client_auth", None));
    }
}

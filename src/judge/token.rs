//! Answers of the token and revocation endpoints.

use super::{Finding, error_code, head_of, in_words, one_of, response_of, unreadable};
use crate::evidence::{
    Guessability,
    exchange::{Exchange, Response},
};

/// What a guess may at most succeed with, in bits (RFC 6749 10.10 asks for 128; what a sample shows is less).
const GUESS_BITS: f64 = 96.0;
/// Two random values never have so much in common that fewer bits than this tell them apart.
const ALIKE_BITS: f64 = 48.0;
/// The least length of a value that holds 128 bits in base64url.
const GUESS_LENGTH: usize = 22;

fn holds_token(response: &Response) -> bool {
    response.status < 300 && response.json().is_some_and(|json| json["access_token"].is_string())
}

/// No token was issued for it. How the refusal is told is for another check.
pub fn turned_down(exchange: &Exchange) -> Finding {
    let response = response_of!(exchange);
    let expected = "a refusal, and no access token";
    if holds_token(response) {
        let actual = format!("{}: an access token was issued", response.status);
        return Finding::of(false, expected, actual).granted(true).at(exchange);
    }
    if response.status >= 500 {
        return Finding::Unclear(format!("{}: the bank answered {}", exchange.purpose, in_words(response)));
    }
    Finding::of(true, expected, in_words(response)).at(exchange)
}

/// Of two requests with one code one at most has brought a token (RFC 6749 4.1.2).
pub fn one_of_two(first: &Exchange, second: &Exchange) -> Finding {
    let (one, other) = (response_of!(first), response_of!(second));
    let told = format!("{} and {}", in_words(one), in_words(other));
    let times = [one, other].into_iter().filter(|response| holds_token(response)).count();
    match [one, other].into_iter().any(|response| response.status >= 500) && times == 0 {
        true => Finding::Unclear(format!("neither of the two brought a token: {told}")),
        false => Finding::of(times < 2, "one access token at most", told).granted(true).at(second),
    }
}

/// The same, and the server did not fail on it.
pub fn turned_down_without_failing(exchange: &Exchange) -> Finding {
    let response = response_of!(exchange);
    match response.status {
        500.. => Finding::of(false, "a refusal, and no failure of the server", in_words(response)).at(exchange),
        _ => turned_down(exchange),
    }
}

/// The request was refused with one of these error codes (RFC 6749 5.2).
pub fn refused(exchange: &Exchange, codes: &[&str]) -> Finding {
    let response = response_of!(exchange);
    let expected = format!("a refusal with status 400 and the error {}", one_of(codes));
    if holds_token(response) {
        let actual = format!("{}: an access token was issued", response.status);
        return Finding::of(false, expected, actual).granted(true).at(exchange);
    }
    if let Some(defect) = unreadable(response) {
        return Finding::Unclear(format!("{}: {} with {defect}", exchange.purpose, response.status));
    }
    let code = error_code(response);
    let right_code = code.as_deref().is_some_and(|code| codes.contains(&code));
    // 401 is for failed client authentication (RFC 6749 5.2), which a bank may check first.
    let right_status = response.status == 400 || (response.status == 401 && code.as_deref() == Some("invalid_client"));
    Finding::of(right_code && right_status, expected, in_words(response)).at(exchange)
}

/// Where the request was refused, it was with one of these error codes. That it was granted, or that the server failed on it,
/// is for other checks.
pub fn refusal_named(exchange: &Exchange, codes: &[&str]) -> Finding {
    match exchange.response() {
        Some(response) if holds_token(response) => Finding::Beside("the request was granted, and not refused".into()),
        Some(response) if response.status >= 500 && !matches!(response.status, 502..=504) => {
            Finding::Beside("the server failed on the request".into())
        }
        _ => refused(exchange, codes),
    }
}

/// The password grant was refused (RFC 9700 2.4). A server that looks at the password before it looks at the grant says
/// `invalid_grant` to whoever has no password, and nobody can tell what it would say to whoever has. How it is told is for another
/// check.
pub fn password_grant_refused(exchange: &Exchange) -> Finding {
    match exchange.response().and_then(error_code).as_deref() {
        Some("invalid_grant") => Finding::Unclear(
            "the bank looked at the user name and the password first: whether it would grant a token for the right ones \
             cannot be told"
                .into(),
        ),
        _ => turned_down(exchange),
    }
}

/// No token was issued, however the request was refused: in the TLS handshake, by a page, by an error.
pub fn none_issued(exchange: &Exchange) -> Finding {
    let expected = "no access token";
    if let Some(actual) = super::turned_down(exchange) {
        return Finding::of(true, expected, actual).at(exchange);
    }
    let response = response_of!(exchange);
    let actual = if holds_token(response) {
        format!("{}: an access token was issued", response.status)
    } else {
        in_words(response)
    };
    Finding::of(!holds_token(response), expected, actual).granted(true).at(exchange)
}

/// A token was issued (RFC 6749 5.1).
pub fn issued(exchange: &Exchange) -> Finding {
    let response = response_of!(exchange);
    // Whether the status is the right one is for another check.
    Finding::of(holds_token(response), "an access_token", in_words(response)).at(exchange)
}

/// The response has the members that RFC 6749 5.1 requires, as JSON.
pub fn has_required_members(exchange: &Exchange) -> Finding {
    let response = response_of!(exchange);
    let json = response.json().unwrap_or_default();
    let is_json =
        response.header("content-type").is_some_and(|kind| kind.to_ascii_lowercase().starts_with("application/json"));
    let missing: Vec<&str> =
        ["access_token", "token_type"].into_iter().filter(|name| !json[*name].is_string()).collect();
    let actual = match (is_json, missing.is_empty()) {
        (false, _) => format!("Content-Type: {}", response.header("content-type").unwrap_or("none")),
        (true, false) => format!("JSON without {}", missing.join(" and ")),
        (true, true) => "JSON with both".into(),
    };
    let holds = is_json && missing.is_empty();
    Finding::of(holds, "application/json with access_token and token_type", actual).at(exchange)
}

/// The response forbids caching (RFC 6749 5.1).
pub fn forbids_caching(exchange: &Exchange) -> Finding {
    let response = head_of!(exchange);
    let mut lines = response.headers_named("cache-control").peekable();
    let value = if lines.peek().is_none() { "none".to_owned() } else { lines.collect::<Vec<_>>().join(", ") };
    Finding::of(is_kept_by_nobody(response), "Cache-Control: no-store", format!("Cache-Control: {value}")).at(exchange)
}

/// One of its cache directives is `no-store` (RFC 9111 5.2.2.5).
pub(super) fn is_kept_by_nobody(response: &Response) -> bool {
    let mut directives = response.headers_named("cache-control").flat_map(|line| line.split(','));
    directives.any(|directive| directive.trim().eq_ignore_ascii_case("no-store"))
}

/// The response says how long the token lives (RFC 6749 5.1).
pub fn says_lifetime(exchange: &Exchange) -> Finding {
    let response = response_of!(exchange);
    let value = response.json().unwrap_or_default()["expires_in"].clone();
    // That it is to be a number and no text is for `members_have_their_types` to say.
    let seconds = value.as_f64().or_else(|| value.as_str()?.parse().ok());
    let holds = seconds.is_some_and(|seconds| seconds > 0.0 && seconds.fract() == 0.0);
    Finding::of(holds, "expires_in with a number of seconds", format!("expires_in: {value}")).at(exchange)
}

/// No claim of the token that came with that response stands twice (RFC 7519 4).
pub fn claims_stand_once(exchange: &Exchange, twice: Option<&str>) -> Finding {
    let actual = twice.map_or("so it is".to_owned(), |name| format!("the claim \"{name}\" twice"));
    Finding::of(twice.is_none(), "each claim of the access token once", actual).at(exchange)
}

/// No refresh token came with the token (RFC 6749 4.4.3).
pub fn without_refresh_token(exchange: &Exchange) -> Finding {
    let response = response_of!(exchange);
    let has = response.json().is_some_and(|json| json["refresh_token"].is_string());
    let actual = if has { "a refresh_token was issued" } else { "no refresh_token" };
    Finding::of(!has, "no refresh_token", actual).at(exchange)
}

/// Nothing was granted that was not granted before: refused, or the wider scope was left out (RFC 6749 6).
pub fn scope_not_widened(exchange: &Exchange, added: &str) -> Finding {
    let expected = format!("a refusal, or a scope without \"{added}\"");
    if let Some(actual) = super::turned_down(exchange) {
        return Finding::of(true, expected, actual).at(exchange);
    }
    let response = response_of!(exchange);
    if !holds_token(response) {
        return Finding::of(true, expected, in_words(response)).at(exchange);
    }
    let Some(scope) = response.json().unwrap_or_default()["scope"].as_str().map(str::to_owned) else {
        // By RFC 6749 5.1 a scope that is not named is the one that was asked for; few banks mean it so.
        return Finding::Unclear("a token was issued, and the answer does not say for which scope".into());
    };
    let widened = scope.split(' ').any(|one| one == added);
    Finding::of(!widened, expected, format!("a token with the scope \"{scope}\"")).at(exchange)
}

/// The revocation was acknowledged (RFC 7009 2.2).
pub fn acknowledged(exchange: &Exchange) -> Finding {
    let response = head_of!(exchange);
    Finding::of(response.status == 200, "status 200", in_words(response)).at(exchange)
}

/// Whoever asked was turned away: in the TLS handshake or by an error.
pub fn turned_away(exchange: &Exchange) -> Finding {
    Finding::of_refusal(exchange, "a refusal in the TLS handshake, or an error")
}

/// The values seen are long, distinct and unpredictable (RFC 6749 10.10).
pub fn unguessable(samples: &[Guessability]) -> Finding {
    if samples.is_empty() {
        return Finding::Beside("this run has seen no code and no token".into());
    }
    if samples.iter().map(|sample| sample.seen).sum::<usize>() < 2 {
        return Finding::Unclear("too few codes and tokens were seen to compare them".into());
    }
    let weak = samples.iter().find(|sample| {
        sample.shortest < GUESS_LENGTH || sample.varying_bits < GUESS_BITS || sample.least_bits < ALIKE_BITS
    });
    let in_words = |sample: &Guessability| {
        format!(
            "{} values of {}: {} characters or more, about {:.0} bits apart",
            sample.seen, sample.kind, sample.shortest, sample.varying_bits
        )
    };
    let actual = match weak {
        Some(weak) => in_words(weak),
        None => samples.iter().map(in_words).collect::<Vec<_>>().join("; "),
    };
    let expected = format!("{GUESS_LENGTH} characters or more, and {GUESS_BITS} bits or more between any two");
    Finding::of(weak.is_none(), expected, actual)
}

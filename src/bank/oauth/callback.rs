//! The way back to the TPP: the authorization response (RFC 6749 §4.1.2) and its errors.

use axum::http::StatusCode;
use axum::response::Response;
use url::form_urlencoded;

use super::error::OAuthError;
use crate::bank::http;
use crate::bank::model::authorization::Return;
use crate::bank::model::world::World;
use crate::bank::psu::session;

/// Sends the browser back with a code, or with an error.
pub(in crate::bank) fn redirect(world: &World, back: &Return, outcome: Result<&str, &OAuthError>) -> Response {
    let mut params = Vec::new();
    match outcome {
        Ok(_) if world.faults.on("approval-without-code") => {}
        Ok(code) => params.push(("code", code.to_owned())),
        Err(error) => {
            params.push(("error", name(world, error).to_owned()));
            let quoted = world.faults.on("callback-errors-with-quotes");
            let description = if quoted { format!("\"{}\"", error.description) } else { error.description.clone() };
            params.push(("error_description", description));
        }
    }
    let is_rare = outcome.is_err_and(|error| error.code != "access_denied" || error.description == session::RAN_OUT);
    if !(is_rare && world.faults.on("state-missing-on-rare-errors")) {
        params.extend(state(world, back, outcome.is_ok()).map(|state| ("state", state)));
    }
    if !(is_rare && world.faults.on("iss-missing-on-rare-errors")) {
        params.extend(issuer(world, outcome.is_ok()).map(|issuer| ("iss", issuer)));
    }
    if world.faults.on("callback-parameter-repeated") {
        params.extend(back.state.clone().map(|state| ("state", state)));
    }
    if outcome.is_err() && world.faults.on("worthless-code-beside-error") {
        params.push(("code", world.random.letters(32)));
    }
    let mut response = http::see_other(&join(&base(world, &back.redirect_uri), &params));
    if world.habits.has("callback-by-302") {
        *response.status_mut() = StatusCode::FOUND;
    }
    if outcome.is_ok() && world.faults.on("redirect-307") {
        *response.status_mut() = StatusCode::TEMPORARY_REDIRECT;
    }
    match outcome {
        Ok(_) => response,
        Err(error) => error.mark(response),
    }
}

/// What an error is called, here and where a request is pushed (RFC 6749 §4.1.2.1, RFC 9126 §2.3).
pub(in crate::bank::oauth) fn name(world: &World, error: &OAuthError) -> &'static str {
    let is_known = matches!(error.code, "access_denied" | "invalid_client");
    if !is_known && world.faults.on("authorization-errors-misnamed") { "failed" } else { error.code }
}

/// Sends the browser back with a token in the fragment: what the implicit grant does (RFC 6749 §4.2.2).
pub(in crate::bank) fn redirect_with_token(back: &Return, token: &str) -> Response {
    let mut fragment = form_urlencoded::Serializer::new(String::new());
    fragment.append_pair("access_token", token).append_pair("token_type", "Bearer");
    if let Some(state) = &back.state {
        fragment.append_pair("state", state);
    }
    http::see_other(&format!("{}#{}", back.redirect_uri, fragment.finish()))
}

/// RFC 6749 §4.1.2: the exact value received from the client, or none where none was received.
fn state(world: &World, back: &Return, success: bool) -> Option<String> {
    let faults = &world.faults;
    let Some(state) = &back.state else {
        return faults.on("state-invented").then(|| world.random.letters(12));
    };
    if faults.on(if success { "state-dropped" } else { "state-missing-on-error" }) {
        return None;
    }
    if faults.on("state-reencoded") {
        let one_value = state.replace('&', "%26").replace('=', "%3D");
        return Some(form_urlencoded::parse(one_value.as_bytes()).map(|(decoded, _)| decoded).collect());
    }
    if faults.on("state-trimmed") {
        return Some(state.trim().to_owned());
    }
    if faults.on("state-escaped") {
        return Some(state.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;"));
    }
    if faults.on("state-in-small-letters") {
        return Some(state.to_lowercase());
    }
    let limit = if faults.on("state-truncated") { 255 } else { usize::MAX };
    Some(state.chars().take(limit).collect())
}

/// RFC 9207 §2.
fn issuer(world: &World, success: bool) -> Option<String> {
    let fault = if success { "iss-missing" } else { "iss-missing-on-error" };
    let named = || match world.faults.on("iss-of-another-server") {
        true => "https://other-bank.example".to_owned(),
        false => world.issuer.clone(),
    };
    (!world.faults.on(fault) && !world.habits.has("few-features")).then(named)
}

/// RFC 6749 §3.1.2: the query of the redirect_uri is retained.
fn base(world: &World, redirect_uri: &str) -> String {
    match redirect_uri.split_once('?') {
        Some((front, _)) if world.faults.on("redirect-uri-query-lost") => front.to_owned(),
        _ => redirect_uri.to_owned(),
    }
}

/// Adds parameters to a URI that may have a query of its own.
fn join(uri: &str, params: &[(&str, String)]) -> String {
    let (front, fragment) = uri.split_once('#').map_or((uri, None), |(front, rest)| (front, Some(rest)));
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(params).finish();
    let glue = if query.is_empty() {
        ""
    } else if front.contains('?') {
        "&"
    } else {
        "?"
    };
    let fragment = fragment.map(|fragment| format!("#{fragment}")).unwrap_or_default();
    format!("{front}{glue}{query}{fragment}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_of_the_redirect_uri_is_kept_and_values_are_encoded() {
        let params = [("state", "a+b%20=&/?#~c".to_owned())];
        let joined = join("https://tpp-a.example/callback?tenant=7", &params);
        assert_eq!(joined, "https://tpp-a.example/callback?tenant=7&state=a%2Bb%2520%3D%26%2F%3F%23%7Ec");
    }
}

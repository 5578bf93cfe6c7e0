//! Answers that say the same in other words: other header lines, other error codes, other media types, pages.

use std::io::Write;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::StatusCode;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue,
    LOCATION, REFERRER_POLICY, WWW_AUTHENTICATE, X_FRAME_OPTIONS,
};
use axum::http::response::Parts;
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures::FutureExt;
use serde_json::{Value, json};
use url::{Url, form_urlencoded};

use super::berlin_group::{self, is_payment_api};
use super::{Habit, certificates, oauth, pages, return_to_tpp, wire};
use crate::bank::http::Incoming;
use crate::bank::misspelt;
use crate::bank::model::world::World;
use crate::bank::rule::Refused;

/// Answers of this bank are shorter, in octets.
pub(super) const LONGEST: usize = 256 * 1024;
/// A bank that takes no longer addresses says so, in octets.
const LONGEST_QUERY: usize = 1200;

pub(super) const ROWS: &[Habit] = &[
    Habit {
        id: "headers-in-several-lines",
        says: "writes lists of headers in several lines (RFC 9110 5.3), JSON with a charset and white space (RFC 8259 2), \
               the referrer policy into its pages, and addresses of its own without their host (RFC 9110 10.2.2); it packs \
               answers for whoever does not say that he cannot unpack them (RFC 9110 12.5.3)",
    },
    Habit {
        id: "errors-on-pages",
        says: "tells the customer and not the TPP what is wrong with an authorization request, and takes no long ones \
               (RFC 9700 4.11.2, RFC 9110 15.5.15)",
    },
    Habit {
        id: "other-oauth-errors",
        says: "takes another of the error codes where RFC 6749 4.1.2.1 and 5.2 leave a choice, without a description; a \
               refused response_type is told in the fragment (RFC 6749 4.2.2.1)",
    },
    Habit {
        id: "problem-reports",
        says: "tells errors of the payment API as problem reports (RFC 7807, BG-errors-tppmessages), takes other codes where \
               there is a choice, and does not tell what belongs to others from what there is not (RFC 9110 15.5.4)",
    },
    Habit {
        id: "bare-errors",
        says: "tells errors of the payment API by their status alone: a body is optional (BG-errors-body-optional)",
    },
    Habit {
        id: "reads-back-normalised",
        says: "reads payments back as it keeps them: amounts without the zeros that say nothing, accounts with their \
               currency, and what it knows besides (NextGenPSD2 14.1 and 14.3, OBActiveCurrencyAndAmount)",
    },
    Habit {
        id: "more-than-is-asked",
        says: "says more than it must: warnings before errors, unknown members, links, keys and parameters, endpoints with a query \
               (RFC 6749 5.1, RFC 8414 2, RFC 7517 4.5, BG-errors-tppmessages)",
    },
];

/// An answer that can be rewritten.
#[derive(Clone)]
pub(super) struct Answer {
    pub(super) parts: Parts,
    pub(super) body: Bytes,
}

type Rewrite = fn(&World, &Incoming, &mut Answer);

const REWRITES: [(&str, Rewrite); 29] = [
    ("certificates-judged-in-http", certificates::as_a_gateway),
    ("certificates-refused-with-400", certificates::as_nginx),
    ("refresh-token-told-again", oauth::refresh_token_again),
    ("rejects-what-it-took", berlin_group::rejects),
    ("multipart-forms", pages::with_multipart_forms),
    ("pages-want-origin", pages::with_referrer),
    ("asks-to-tick", pages::with_more_questions),
    ("one-time-code-first", pages::with_code_first),
    ("notice-before-login", pages::after_a_notice),
    ("caches-what-may-be", wire::kept_for_an_hour),
    ("introspection-in-one-word", oauth::in_one_word),
    ("revocation-says-more", oauth::with_a_body),
    ("unknown-methods-not-found", wire::not_found),
    ("headers-in-several-lines", in_several_lines),
    ("errors-on-pages", on_pages),
    ("other-oauth-errors", by_other_codes),
    ("oauth-errors-with-more", oauth::errors_with_more),
    ("problem-reports", berlin_group::as_problems),
    ("bare-errors", berlin_group::without_body),
    ("more-than-is-asked", with_more),
    ("empty-parameters-on-return", return_to_tpp::with_empty_parameters),
    ("spaces-in-percent", return_to_tpp::with_percent),
    ("fragment-on-return", return_to_tpp::with_fragment),
    ("leaves-by-two-redirects", return_to_tpp::by_two_redirects),
    ("errors-at-an-address", return_to_tpp::at_an_address),
    ("returns-by-meta-refresh", return_to_tpp::by_meta_refresh),
    ("returns-by-form", return_to_tpp::by_form),
    ("returns-by-link", return_to_tpp::by_link),
    ("behind-a-load-balancer", wire::behind_a_load_balancer),
];

/// The answer as a bank with these habits gives it.
pub(in crate::bank) fn in_our_words(world: &World, incoming: &Incoming, response: Response) -> Response {
    let response = misspelt::answer(world, incoming, response);
    let mut rewrites = REWRITES.iter().filter(|(id, _)| world.habits.may_have(id)).peekable();
    if rewrites.peek().is_none() {
        return response;
    }
    let (parts, body) = response.into_parts();
    // The bank's bodies are there as soon as they are asked for.
    let body = to_bytes(body, LONGEST).now_or_never().and_then(Result::ok).unwrap_or_default();
    let mut answer = Answer { parts, body };
    rewrites.for_each(|(id, rewrite)| {
        let mut rewritten = answer.clone();
        rewrite(world, incoming, &mut rewritten);
        // Only of an answer that would be another one does it matter whether the bank has the habit.
        if !rewritten.says_the_same_as(&answer) && world.habits.has(id) {
            answer = rewritten;
        }
    });
    Response::from_parts(answer.parts, Body::from(answer.body))
}

impl Answer {
    /// Whether whoever reads it is told what that answer tells.
    fn says_the_same_as(&self, other: &Self) -> bool {
        let (parts, others) = (&self.parts, &other.parts);
        (parts.status, &parts.headers, &self.body) == (others.status, &others.headers, &other.body)
    }

    /// Whether it refuses what broke one of these rules.
    pub(super) fn broke(&self, rules: &[&str]) -> bool {
        self.parts.extensions.get::<Refused>().is_some_and(|refused| rules.contains(&refused.rule.as_str()))
    }

    pub(super) fn header(&self, name: &HeaderName) -> Option<&str> {
        self.parts.headers.get(name)?.to_str().ok()
    }

    /// In as many lines as there are values.
    pub(super) fn lines<const N: usize>(&mut self, name: &HeaderName, values: [&str; N]) {
        self.parts.headers.remove(name);
        for value in values.into_iter().filter_map(|value| HeaderValue::try_from(value).ok()) {
            self.parts.headers.append(name, value);
        }
    }

    pub(super) fn is_error(&self) -> bool {
        self.parts.status.is_client_error() || self.parts.status.is_server_error()
    }

    pub(super) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    pub(super) fn say(&mut self, json: &Value) {
        self.body = json.to_string().into();
    }

    /// A page in the place of the answer.
    pub(super) fn page(&mut self, status: StatusCode) {
        self.parts.status = status;
        self.parts.headers.remove(LOCATION);
        self.lines(&CONTENT_TYPE, ["text/html"]);
        self.body = "<!DOCTYPE html><title>Sorry</title><p>This did not work. Please tell the shop.".into();
    }
}

fn in_several_lines(world: &World, incoming: &Incoming, answer: &mut Answer) {
    if answer.header(&CACHE_CONTROL).is_some_and(|value| value == "no-store") {
        answer.lines(&CACHE_CONTROL, ["private, max-age=0", "No-Store"]);
    }
    if let Some(policy) = answer.header(&CONTENT_SECURITY_POLICY).map(str::to_owned) {
        answer.lines(&CONTENT_SECURITY_POLICY, ["base-uri 'none'", &policy]);
        answer.parts.headers.remove(X_FRAME_OPTIONS);
    }
    if let Some(challenge) = answer.header(&WWW_AUTHENTICATE).map(str::to_owned) {
        let told = challenge.replacen("Bearer error=", "error = ", 1).replacen("Bearer realm=", "realm = ", 1);
        answer.lines(&WWW_AUTHENTICATE, ["Negotiate", &format!("bearer realm=\"payments, and more\", {told}")]);
    }
    if answer.parts.headers.remove(REFERRER_POLICY).is_some() {
        let page = String::from_utf8_lossy(&answer.body).replacen(
            "<head>",
            "<head><META content='no-referrer' NAME=referrer>",
            1,
        );
        answer.body = page.into();
    }
    if let Some(own) = answer.header(&LOCATION).and_then(|to| to.strip_prefix(&world.issuer)).map(str::to_owned) {
        answer.lines(&LOCATION, [&own]);
    }
    if answer.header(&CONTENT_TYPE) == Some("application/json")
        && let Some(json) = answer.json()
    {
        answer.lines(&CONTENT_TYPE, ["Application/JSON; charset=UTF-8"]);
        answer.body = format!("\r\n{json:#}\n").into();
    }
    if !incoming.headers.contains_key(ACCEPT_ENCODING) && !answer.body.is_empty() {
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        if let Ok(packed) = packed.write_all(&answer.body).and_then(|()| packed.finish()) {
            answer.lines(&CONTENT_ENCODING, ["gzip"]);
            answer.body = packed.into();
        }
    }
}

fn on_pages(world: &World, incoming: &Incoming, answer: &mut Answer) {
    if incoming.path != "/authorize" {
        return;
    }
    if incoming.path_and_query.len() > LONGEST_QUERY {
        return answer.page(StatusCode::URI_TOO_LONG);
    }
    if answer.header(&LOCATION).is_some_and(|to| !to.starts_with(&world.issuer)) {
        answer.page(StatusCode::BAD_REQUEST);
    }
}

/// What a code becomes where the description begins so.
const OTHER_CODES: [(&str, &str, &str); 9] = [
    ("unsupported_grant_type", "", "unauthorized_client"),
    ("invalid_grant", "code_verifier is missing", "invalid_request"),
    ("invalid_grant", "code_verifier must", "invalid_request"),
    ("invalid_grant", "code_verifier has", "invalid_request"),
    ("invalid_grant", "the redirect_uri", "invalid_request"),
    ("invalid_grant", "the code is not known", "invalid_request"),
    ("invalid_grant", "the code is another", "unauthorized_client"),
    ("invalid_scope", "", "access_denied"),
    ("invalid_request", "response_type", "unsupported_response_type"),
];

fn other_code(code: &str, description: &str) -> Option<&'static str> {
    let row = OTHER_CODES.iter().find(|(from, begin, _)| *from == code && description.starts_with(begin));
    row.map(|(_, _, to)| *to)
}

fn by_other_codes(world: &World, incoming: &Incoming, answer: &mut Answer) {
    if incoming.path == "/authorize" {
        return by_other_codes_in_redirect(world, incoming, answer);
    }
    let Some(mut json) = answer.json().filter(|json| answer.is_error() && json["error"].is_string()) else { return };
    let text = |name: &str| json[name].as_str().unwrap_or_default().to_owned();
    let (code, description) = (text("error"), text("error_description"));
    // RFC 6749 5.2: 401 is for whoever has tried the Authorization header; others may be told 400.
    if incoming.header("authorization").is_none() {
        answer.parts.status = StatusCode::BAD_REQUEST;
    }
    if let Some(other) = other_code(&code, &description).filter(|other| *other != "access_denied") {
        json["error"] = json!(other);
    }
    if let Some(members) = json.as_object_mut() {
        members.remove("error_description");
    }
    json["error_uri"] = json!(format!("{}/errors", world.issuer));
    answer.say(&json);
}

fn by_other_codes_in_redirect(world: &World, incoming: &Incoming, answer: &mut Answer) {
    let Some(mut to) = answer.header(&LOCATION).and_then(|to| Url::parse(to).ok()) else { return };
    if to.as_str().starts_with(&world.issuer) {
        return;
    }
    let mut pairs: Vec<(String, String)> = to.query_pairs().into_owned().collect();
    let value = |name: &str| {
        let found = pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        found.unwrap_or_default()
    };
    let (code, description) = (value("error"), value("error_description"));
    let is_implicit = incoming.query.get("response_type") == Some("token");
    let other = if is_implicit { Some("unauthorized_client") } else { other_code(&code, &description) };
    pairs.retain(|(name, _)| name != "error_description");
    for (_, value) in pairs.iter_mut().filter(|(name, _)| name == "error") {
        other.unwrap_or(&code).clone_into(value);
    }
    let text = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    if is_implicit {
        to.set_query(None);
        to.set_fragment(Some(&text));
    } else {
        to.set_query(Some(&text));
    }
    answer.lines(&LOCATION, [to.as_str()]);
}

fn with_more(world: &World, incoming: &Incoming, answer: &mut Answer) {
    if let Some(mut to) = answer.header(&LOCATION).and_then(|to| Url::parse(to).ok()) {
        if incoming.path != "/authorize" && !to.as_str().starts_with(&world.issuer) && !is_payment_api(incoming) {
            to.query_pairs_mut().append_pair("session_state", "a b=c").append_pair("scope", "unknown");
            answer.lines(&LOCATION, [to.as_str()]);
        }
        if !is_payment_api(incoming) {
            return;
        }
    }
    let Some(mut json) = answer.json().filter(Value::is_object) else { return };
    match incoming.path.as_str() {
        "/token" if !answer.is_error() => {
            json["token_type"] = json!("bearer");
            json["refresh_token_expires_in"] = json!(7_776_000);
            json["consent"] = json!({ "kind": "payment", "of": [1, 2, null] });
        }
        "/jwks" => add_keys(&mut json),
        path if path.starts_with("/.well-known/") => {
            add_queries(&mut json);
            if let Some(aliases) = json.get_mut("mtls_endpoint_aliases") {
                add_queries(aliases);
            }
            json["registration_endpoint"] = Value::Null;
            json["op_policy_uri"] = json!("http://www.bank.example/policy");
            json["acr_values_supported"] = json!(["sca"]);
        }
        _ if is_payment_api(incoming) => berlin_group::add_members(&mut json, answer.is_error()),
        _ => {}
    }
    answer.say(&json);
}

/// Endpoints may have a query of their own (RFC 6749 3.1, 3.2).
fn add_queries(document: &mut Value) {
    for name in ["authorization_endpoint", "token_endpoint", "revocation_endpoint", "introspection_endpoint"] {
        if let Some(url) = document[name].as_str().map(|url| format!("{url}?brand=7")) {
            document[name] = json!(url);
        }
    }
}

/// A key of another kind that stands for the first, and two that have no name.
fn add_keys(set: &mut Value) {
    let first = set["keys"][0].clone();
    let mut nameless = first.clone();
    if let Some(members) = nameless.as_object_mut() {
        members.remove("kid");
    }
    let other_kind = json!({ "kty": "RSA", "kid": first["kid"], "n": "AQAB", "e": "AQAB" });
    if let Some(keys) = set["keys"].as_array_mut() {
        keys.extend([other_kind, nameless.clone(), nameless]);
    }
}

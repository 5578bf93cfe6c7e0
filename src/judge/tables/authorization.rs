//! Judges of the authorization endpoint.

use std::sync::Arc;

use super::{answered, exchange, table};
use crate::{
    evidence::walk_end::{AuthorizationFacts, Component, WalkEnd},
    judge::{Finding, authorization},
};

const CALLBACK: &str = "https://tpp.example/callback";

fn ended(walk_end: WalkEnd) -> AuthorizationFacts {
    let text = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    AuthorizationFacts {
        registered: vec![CALLBACK.to_owned()],
        own: vec![CALLBACK.to_owned()],
        sent: vec![text("redirect_uri", CALLBACK), text("state", "s1")],
        walk_end,
        worthless_code: false,
        has_acted: true,
        unsure: None,
        agent: "form-script",
        exchanges: vec![Arc::new(answered(303, &[], ""))],
    }
}

/// Back at the TPP, with these parameters.
fn back(parameters: &[(&str, &str)]) -> AuthorizationFacts {
    back_at(CALLBACK, parameters)
}

fn back_at(url: &str, parameters: &[(&str, &str)]) -> AuthorizationFacts {
    ended(WalkEnd::CalledBack {
        url: url.to_owned(),
        parameters: parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        component: Component::Query,
        status: 303,
    })
}

fn stranded(status: u16) -> AuthorizationFacts {
    ended(WalkEnd::Stranded { status })
}

fn elsewhere(url: &str) -> AuthorizationFacts {
    ended(WalkEnd::Elsewhere { url: url.to_owned() })
}

fn gave_up() -> AuthorizationFacts {
    ended(WalkEnd::GaveUp { pages: 9 })
}

fn pushed(status: u16) -> AuthorizationFacts {
    ended(WalkEnd::RefusedAtPush { status, error: Some("invalid_request".to_owned()) })
}

/// Nobody has seen the customer do what it was to do.
fn idle(facts: AuthorizationFacts) -> AuthorizationFacts {
    AuthorizationFacts { has_acted: false, ..facts }
}

/// The code was tried, and brought no token.
fn worthless(facts: AuthorizationFacts) -> AuthorizationFacts {
    AuthorizationFacts { worthless_code: true, ..facts }
}

fn unsure(facts: AuthorizationFacts) -> AuthorizationFacts {
    AuthorizationFacts { unsure: Some("which button?"), ..facts }
}

/// Asked with another redirect_uri.
fn asked(uri: &str, facts: AuthorizationFacts) -> AuthorizationFacts {
    AuthorizationFacts { sent: vec![("redirect_uri".to_owned(), uri.to_owned())], ..facts }
}

#[test]
fn no_second_code() {
    let first = || back(&[("code", "c1"), ("state", "s")]).walk_end;
    table(
        |(before, facts)| authorization::no_second_code(before, facts),
        [
            ((first(), stranded(400)), "holds"),
            ((first(), back(&[("error", "access_denied")])), "holds"),
            ((first(), back(&[("code", "c1")])), "holds"),
            ((first(), back(&[("code", "c2")])), "granted"),
            ((stranded(400).walk_end, back(&[("code", "c2")])), "unclear"),
        ],
    );
}

#[test]
fn code_received() {
    table(
        authorization::code_received,
        [
            (back(&[("code", "c")]), "holds"),
            (back(&[("code", "")]), "broken"),
            (back(&[("code", "c"), ("error", "x")]), "holds"),
            (worthless(back(&[("code", "c"), ("error", "x")])), "broken"),
            (back(&[("code", "c"), ("code", "d")]), "broken"),
            (back(&[("code", "c"), ("state", "s1"), ("state", "s1"), ("access_token", "t")]), "holds"),
            (back(&[("error", "access_denied")]), "broken"),
            (back(&[]), "broken"),
            (stranded(400), "broken"),
            (stranded(200), "broken"),
            // A page that the target file has no words for is not the bank's fault.
            (idle(stranded(200)), "unclear"),
            // What the agent sent was not taken: another may send it as a browser does.
            (idle(stranded(400)), "unclear"),
            (idle(elsewhere("https://idp.example/")), "unclear"),
            (idle(elsewhere("http://idp.example/")), "broken"),
            (gave_up(), "unclear"),
            (unsure(back(&[])), "unclear"),
            (unsure(back(&[("code", "c")])), "holds"),
        ],
    );
}

#[test]
fn code_issued() {
    table(
        authorization::code_issued,
        [
            (back(&[("code", "c")]), "holds"),
            (back_at("https://tpp.example/elsewhere", &[("code", "c")]), "holds"),
            (back(&[("code", "c"), ("error", "x")]), "holds"),
            (worthless(back(&[("code", "c"), ("error", "x")])), "broken"),
            (back(&[("error", "access_denied")]), "broken"),
            (idle(stranded(400)), "unclear"),
            (idle(stranded(200)), "unclear"),
        ],
    );
}

#[test]
fn no_code() {
    table(
        authorization::no_code,
        [
            (back(&[("error", "x")]), "holds"),
            (back(&[]), "holds"),
            (stranded(500), "holds"),
            (gave_up(), "holds"),
            (back(&[("code", "c")]), "granted"),
            (back(&[("access_token", "t")]), "granted"),
            (back(&[("error", "x"), ("code", "c")]), "granted"),
            (worthless(back(&[("error", "x"), ("code", "c")])), "holds"),
            (back(&[("codes", "c")]), "holds"),
        ],
    );
}

#[test]
fn refused() {
    table(
        authorization::refused,
        [
            (back(&[("error", "invalid_request")]), "holds"),
            (back(&[("error", "failed")]), "holds"),
            (back(&[("error", "server_error")]), "broken"),
            (back(&[("error", "invalid_request"), ("code", "c")]), "granted"),
            (worthless(back(&[("error", "invalid_request"), ("code", "c")])), "holds"),
            (back(&[("error", "invalid_request"), ("access_token", "t")]), "holds"),
            (back(&[("access_token", "t")]), "broken"),
            (back(&[("code", "c")]), "granted"),
            (stranded(400), "holds"),
            (stranded(200), "holds"),
            (stranded(500), "broken"),
            (pushed(400), "holds"),
            (pushed(500), "broken"),
            (elsewhere("https://evil.example/"), "broken"),
            (idle(elsewhere("https://idp.example/")), "unclear"),
            (gave_up(), "unclear"),
        ],
    );
}

#[test]
fn refusal_named() {
    table(
        |facts| authorization::refusal_named(facts, &["invalid_request", "invalid_scope"]),
        [
            (back(&[("error", "invalid_request")]), "holds"),
            (back(&[("error", "invalid_scope")]), "holds"),
            (back(&[("error", "failed")]), "broken"),
            (back(&[("error", "server_error")]), "broken"),
            (back(&[("code", "c")]), "beside"),
            (back(&[("access_token", "t")]), "beside"),
            (stranded(400), "holds"),
            (pushed(400), "holds"),
        ],
    );
}

#[test]
fn not_sent_to_requested() {
    let evil = "https://evil.example/callback";
    table(
        authorization::not_sent_to_requested,
        [
            (asked(evil, stranded(400)), "holds"),
            (asked(evil, back_at(CALLBACK, &[("error", "invalid_request")])), "holds"),
            (asked(evil, elsewhere("https://evil.example/callback?code=c")), "granted"),
            // Another path of the same stranger.
            (asked(evil, elsewhere("https://evil.example/")), "granted"),
            (asked(evil, elsewhere("http://evil.example/callback")), "holds"),
            (asked("https://tpp.example/callback/", back_at("https://tpp.example/callback/?code=c", &[])), "granted"),
            (asked("https://tpp.example/callback/", back_at("https://tpp.example/callback?code=c", &[])), "holds"),
            // One that differs by its query alone has been honoured only if the query came back.
            (asked("https://tpp.example/callback?a=1", back_at("https://tpp.example/callback?code=c", &[])), "holds"),
            (
                asked("https://tpp.example/callback?a=1", back_at("https://tpp.example/callback?a=1&code=c", &[])),
                "granted",
            ),
            (asked("https://tpp.example/callback#x", back_at(CALLBACK, &[("error", "x")])), "holds"),
            (asked("https://tpp.example/callback#x", back_at(CALLBACK, &[("code", "c")])), "granted"),
        ],
    );
}

#[test]
fn told() {
    table(
        |facts| authorization::told(facts, "access_denied"),
        [
            (back(&[("error", "access_denied")]), "holds"),
            (back(&[("error", "access_denied"), ("code", "c")]), "broken"),
            (worthless(back(&[("error", "access_denied"), ("code", "c")])), "holds"),
            (back(&[("error", "Access_Denied")]), "broken"),
            (back(&[("code", "c")]), "broken"),
            (stranded(200), "broken"),
            (unsure(stranded(200)), "unclear"),
            (unsure(back(&[("error", "access_denied")])), "holds"),
        ],
    );
}

#[test]
fn told_of_an_error() {
    let judges = [authorization::told_of_an_error, authorization::told_of_an_error_unless_still_open];
    for (judge, still_open) in judges.into_iter().zip(["broken", "holds"]) {
        table(
            judge,
            [
                (back(&[("error", "anything"), ("state", "s1")]), "holds"),
                (back(&[("error", "anything"), ("state", "s2")]), "broken"),
                (back(&[("error", "anything")]), "broken"),
                (back(&[("error", "anything"), ("state", "s0"), ("state", "s1")]), "holds"),
                (back(&[("state", "s1")]), "broken"),
                (stranded(200), "broken"),
                (unsure(stranded(200)), "unclear"),
                (back(&[("code", "c"), ("state", "s1")]), still_open),
            ],
        );
    }
}

#[test]
fn another_state_is_told_apart_from_none() {
    for (parameters, says) in [
        (&[("error", "x"), ("state", "s2")][..], "with another state than its own"),
        (&[("error", "x")], "without its state"),
    ] {
        let Finding::Broken(told) = authorization::told_of_an_error(&back(parameters)) else { panic!("it holds") };
        assert!(told.actual.ends_with(says), "{}", told.actual);
    }
}

#[test]
fn challenge_not_exposed() {
    for (is_exposed, said) in [(Some(false), "holds"), (Some(true), "broken"), (None, "unclear")] {
        let judge = |facts: &AuthorizationFacts| authorization::challenge_not_exposed(facts, is_exposed);
        table(judge, [(back(&[("code", "c")]), said)]);
    }
}

#[test]
fn state_unchanged() {
    for (judge, page, failed) in [
        (authorization::state_unchanged as fn(&_) -> _, "unclear", "unclear"),
        (authorization::state_unchanged_if_called_back, "holds", "broken"),
    ] {
        table(
            judge,
            [
                (back(&[("state", "s1")]), "holds"),
                (back(&[("state", "S1")]), "broken"),
                // That it stands there twice is for another check.
                (back(&[("state", "s0"), ("state", "s1")]), "holds"),
                (back(&[("state", "s1 ")]), "broken"),
                (back(&[]), "broken"),
                (stranded(400), page),
                (pushed(400), page),
                (stranded(500), failed),
                (gave_up(), "unclear"),
            ],
        );
    }
}

#[test]
fn no_state() {
    table(
        authorization::no_state,
        [
            (back(&[("code", "c")]), "holds"),
            (back(&[("state", "made-up")]), "broken"),
            // A parameter without a value is none (RFC 6749 3.1).
            (back(&[("state", "")]), "holds"),
            (stranded(200), "unclear"),
        ],
    );
}

#[test]
fn issuer_returned() {
    table(
        |facts| authorization::issuer_returned(facts, "https://bank.example"),
        [
            (back(&[("iss", "https://bank.example")]), "holds"),
            (back(&[("iss", "https://bank.example/")]), "broken"),
            (back(&[("iss", "x"), ("iss", "https://bank.example")]), "holds"),
            (back(&[("issuer", "https://bank.example")]), "broken"),
            (back(&[]), "broken"),
            (stranded(200), "unclear"),
        ],
    );
}

#[test]
fn query_kept() {
    let uri = "https://tpp.example/callback?tenant=7&lang=de";
    table(
        authorization::query_kept,
        [
            (asked(uri, back(&[("tenant", "7"), ("lang", "de"), ("code", "c")])), "holds"),
            (asked(uri, back(&[("tenant", "7"), ("code", "c")])), "broken"),
            (asked(uri, back(&[("tenant", "8"), ("lang", "de")])), "broken"),
            (asked(CALLBACK, back(&[("code", "c")])), "holds"),
            (asked(uri, stranded(200)), "unclear"),
        ],
    );
}

#[test]
fn form_dropped() {
    let redirected = |method: &str, status: u16| {
        let answer =
            serde_json::json!({ "kind": "response", "status": status, "headers": [], "body": "", "truncated": false });
        let walk_end =
            WalkEnd::CalledBack { url: CALLBACK.to_owned(), parameters: vec![], component: Component::Query, status };
        AuthorizationFacts { exchanges: vec![Arc::new(exchange(method, answer))], ..ended(walk_end) }
    };
    table(
        authorization::form_dropped,
        [
            (redirected("POST", 303), "holds"),
            (redirected("POST", 302), "holds"),
            (redirected("POST", 307), "broken"),
            (redirected("POST", 308), "broken"),
            // There is no form to carry over.
            (redirected("GET", 307), "holds"),
            (AuthorizationFacts { exchanges: vec![], ..redirected("POST", 307) }, "unclear"),
            (stranded(200), "unclear"),
        ],
    );
}

//! Judges of the token and revocation endpoints.

use super::{alert, answered, endless, error, failed, json, table, table_of_answers};
use crate::{evidence::Guessability, judge::token};

const TOKEN: &str = r#"{"access_token":"t","token_type":"Bearer"}"#;

#[test]
fn refused() {
    table_of_answers(
        |exchange| token::refused(exchange, &["invalid_grant", "invalid_request"]),
        [
            (error(400, "invalid_grant"), "holds"),
            (error(400, "invalid_request"), "holds"),
            (error(400, "invalid_scope"), "broken"),
            (error(401, "invalid_grant"), "broken"),
            (error(403, "invalid_grant"), "broken"),
            // A bank may look at the client first, but then that is what it has to be refused for.
            (error(401, "invalid_client"), "broken"),
            (error(500, "invalid_grant"), "broken"),
            (answered(400, &[], ""), "broken"),
            (answered(400, &[("content-type", "text/html")], "<p>invalid_grant"), "broken"),
            (error(200, "invalid_grant"), "broken"),
            (json(200, TOKEN), "granted"),
            (endless(400, "{"), "unclear"),
        ],
    );
    table(|exchange| token::refused(exchange, &["invalid_client"]), [(error(401, "invalid_client"), "holds")]);
}

#[test]
fn one_of_two() {
    table(
        |(first, second)| token::one_of_two(first, second),
        [
            ((json(200, TOKEN), error(400, "invalid_grant")), "holds"),
            ((error(400, "invalid_grant"), json(200, TOKEN)), "holds"),
            ((json(200, TOKEN), json(200, TOKEN)), "granted"),
            // A bank that notices may give nothing to either.
            ((error(400, "invalid_grant"), error(400, "invalid_grant")), "holds"),
            ((answered(500, &[], ""), error(400, "invalid_grant")), "unclear"),
            ((json(200, TOKEN), failed("connect")), "unclear"),
            ((answered(503, &[], ""), json(200, TOKEN)), "unclear"),
        ],
    );
}

#[test]
fn password_grant_refused() {
    table_of_answers(
        token::password_grant_refused,
        [
            (error(400, "unsupported_grant_type"), "holds"),
            (error(400, "unauthorized_client"), "holds"),
            (error(400, "invalid_grant"), "unclear"),
            (error(200, "unsupported_grant_type"), "holds"),
            (answered(404, &[("content-type", "text/html")], "<p>No"), "holds"),
            (error(500, "server_error"), "unclear"),
            (json(200, TOKEN), "granted"),
        ],
    );
}

#[test]
fn none_issued() {
    table_of_answers(
        token::none_issued,
        [
            (error(400, "anything"), "holds"),
            (answered(500, &[], ""), "holds"),
            (answered(200, &[("content-type", "text/html")], "<p>No"), "holds"),
            (json(200, r#"{"access_token":null}"#), "holds"),
            (alert(), "holds"),
            (failed("closed"), "holds"),
            // A failure of TLS without an alert is trouble, and no refusal.
            (failed("tls"), "unclear"),
            (json(200, TOKEN), "granted"),
            (json(201, TOKEN), "granted"),
            (endless(200, "{"), "unclear"),
        ],
    );
}

#[test]
fn issued() {
    table_of_answers(
        token::issued,
        [
            (json(200, TOKEN), "holds"),
            (json(201, TOKEN), "holds"),
            (json(200, r#"{"access_token":7}"#), "broken"),
            (json(200, r#"{"token":"t"}"#), "broken"),
            (json(400, TOKEN), "broken"),
            (error(400, "invalid_grant"), "broken"),
            (endless(200, TOKEN), "unclear"),
        ],
    );
}

#[test]
fn has_required_members() {
    table_of_answers(
        token::has_required_members,
        [
            (json(200, TOKEN), "holds"),
            (answered(200, &[("content-type", "Application/JSON;charset=UTF-8")], TOKEN), "holds"),
            (answered(200, &[("content-type", "text/json")], TOKEN), "broken"),
            (answered(200, &[], TOKEN), "broken"),
            (json(200, r#"{"access_token":"t"}"#), "broken"),
            (json(200, r#"{"access_token":"t","token_type":null}"#), "broken"),
            (json(200, r#"{"token_type":"Bearer"}"#), "broken"),
        ],
    );
}

#[test]
fn forbids_caching() {
    let with = |value| answered(200, &[("cache-control", value)], "");
    table_of_answers(
        token::forbids_caching,
        [(with("no-store"), "holds"), (with("no-cache"), "broken"), (answered(200, &[], ""), "broken")],
    );
}

#[test]
fn claims_stand_once() {
    let response = json(200, r#"{"access_token":"t"}"#);
    assert_eq!(super::word(&token::claims_stand_once(&response, None)), "holds");
    assert_eq!(super::word(&token::claims_stand_once(&response, Some("sub"))), "broken");
}

#[test]
fn says_lifetime() {
    let with = |value: &str| json(200, &format!(r#"{{"access_token":"t","expires_in":{value}}}"#));
    table_of_answers(
        token::says_lifetime,
        [
            (with("300"), "holds"),
            (with("0"), "broken"),
            (with("-1"), "broken"),
            (with("\"300\""), "holds"),
            (with("null"), "broken"),
            (json(200, TOKEN), "broken"),
        ],
    );
}

#[test]
fn without_refresh_token() {
    table_of_answers(
        token::without_refresh_token,
        [
            (json(200, TOKEN), "holds"),
            (json(200, r#"{"access_token":"t","refresh_token":null}"#), "holds"),
            (json(200, r#"{"access_token":"t","refresh_token":"r"}"#), "broken"),
        ],
    );
}

#[test]
fn scope_not_widened() {
    let scope = |scope: &str| json(200, &format!(r#"{{"access_token":"t","scope":"{scope}"}}"#));
    table_of_answers(
        |exchange| token::scope_not_widened(exchange, "accounts"),
        [
            (error(400, "invalid_scope"), "holds"),
            (scope("PIS:1"), "holds"),
            (scope("PIS:1 accounts-of-others"), "holds"),
            (scope("PIS:1 accounts"), "broken"),
            (scope("accounts"), "broken"),
            (json(200, TOKEN), "unclear"),
            (alert(), "holds"),
        ],
    );
}

#[test]
fn acknowledged() {
    table_of_answers(
        token::acknowledged,
        [
            (answered(200, &[], ""), "holds"),
            (endless(200, "what it says does not matter"), "holds"),
            (answered(204, &[], ""), "broken"),
            (error(400, "invalid_request"), "broken"),
            (answered(500, &[], ""), "broken"),
        ],
    );
}

#[test]
fn turned_away() {
    table_of_answers(
        token::turned_away,
        [
            (error(401, "invalid_client"), "holds"),
            (answered(404, &[], ""), "holds"),
            (answered(302, &[("location", "/")], ""), "holds"),
            (alert(), "holds"),
            (failed("closed"), "holds"),
            (answered(500, &[], ""), "unclear"),
            (answered(200, &[], ""), "granted"),
        ],
    );
}

#[test]
fn unguessable() {
    let sample = |seen, shortest, varying_bits, least_bits| Guessability {
        kind: "codes",
        seen,
        shortest,
        varying_bits,
        least_bits,
    };
    let good = || sample(5, 22, 96.0, 48.0);
    table(
        |samples: &Vec<Guessability>| token::unguessable(samples),
        [
            (vec![], "beside"),
            (vec![sample(1, 43, 200.0, 200.0)], "unclear"),
            (vec![good()], "holds"),
            (vec![sample(5, 21, 200.0, 200.0)], "broken"),
            (vec![sample(5, 22, 95.9, 48.0)], "broken"),
            (vec![sample(5, 22, 96.0, 47.9)], "broken"),
            (vec![good(), sample(5, 8, 20.0, 20.0)], "broken"),
            (vec![good(), good()], "holds"),
        ],
    );
}

#[test]
fn turned_down() {
    let rows = || {
        [
            (error(400, "invalid_grant"), "holds"),
            (error(403, "invalid_code"), "holds"),
            (answered(200, &[], ""), "holds"),
            (json(200, r#"{"access_token":"t"}"#), "granted"),
        ]
    };
    table_of_answers(token::turned_down, rows().into_iter().chain([(answered(500, &[], ""), "unclear")]));
    let failing = [(answered(500, &[], ""), "broken"), (answered(503, &[], ""), "unclear")];
    table_of_answers(token::turned_down_without_failing, rows().into_iter().chain(failing));
}

#[test]
fn refusal_named() {
    table_of_answers(
        |exchange: &crate::evidence::exchange::Exchange| token::refusal_named(exchange, &["invalid_grant"]),
        [
            (error(400, "invalid_grant"), "holds"),
            (error(400, "invalid_code"), "broken"),
            (error(403, "invalid_grant"), "broken"),
            (error(200, "invalid_grant"), "broken"),
            (error(401, "invalid_client"), "broken"),
            (json(200, r#"{"access_token":"t"}"#), "beside"),
            (error(500, "server_error"), "beside"),
        ],
    );
}

//! Judges of every answer of a run.

use std::sync::Arc;

use super::{answered, error, exchange, failed, json, message, table};
use crate::{
    evidence::exchange::Exchange,
    judge::{Finding, berlin_group, every_answer, vocabulary::berlin_group::WORDS},
};

type Judge = fn(&[Arc<Exchange>]) -> Finding;

/// Each row is a run of that answer and one that is right.
#[track_caller]
fn rows(judge: Judge, right: &Exchange, rows: impl IntoIterator<Item = (Exchange, &'static str)>) {
    let run = |exchange: Exchange| vec![Arc::new(right.clone()), Arc::new(exchange)];
    table(|run: &Vec<Arc<Exchange>>| judge(run), rows.into_iter().map(|(exchange, said)| (run(exchange), said)));
    table(
        |run: &Vec<Arc<Exchange>>| judge(run),
        [
            (vec![], "unclear"),
            (vec![Arc::new(failed("timeout"))], "unclear"),
            // What stands before a bank that is down is not the bank.
            (vec![Arc::new(answered(503, &[], "<p>panicked at"))], "unclear"),
        ],
    );
}

fn with_ids(sent: Option<&str>, returned: Option<&str>) -> Exchange {
    let mut exchange = serde_json::to_value(json(200, "{}")).unwrap();
    let headers =
        |id: Option<&str>| serde_json::json!(id.map(|id| ("X-Request-ID", id)).into_iter().collect::<Vec<_>>());
    exchange["request"]["headers"] = headers(sent);
    exchange["answer"]["headers"] = headers(returned);
    serde_json::from_value(exchange).unwrap()
}

#[test]
fn carry_request_id() {
    let (id, other) = ("93bac548-d2de-4546-b106-880a5018460d", "93bac548-d2de-4546-b106-880a5018460e");
    let upper = id.to_uppercase();
    rows(
        every_answer::carry_request_id,
        &with_ids(Some(id), Some(id)),
        [
            (with_ids(Some(id), Some(&upper)), "holds"),
            (with_ids(Some(id), Some(other)), "broken"),
            (with_ids(Some(id), None), "broken"),
            // No clause says what belongs to a request without one, or with one that is none.
            (with_ids(None, None), "holds"),
            (with_ids(Some("seven"), None), "holds"),
        ],
    );
}

#[test]
fn statuses_published() {
    rows(
        |answers| every_answer::statuses_published(answers, &WORDS),
        &json(200, r#"{"transactionStatus":"RCVD"}"#),
        [
            (json(200, r#"{"transactionStatus":"ACSC"}"#), "holds"),
            (json(200, r#"{"transactionStatus":"acsc"}"#), "broken"),
            (json(200, r#"{"transactionStatus":"DONE"}"#), "broken"),
            (json(400, r#"{"transactionStatus":"DONE"}"#), "broken"),
            (json(200, r#"{"transactionStatus":7}"#), "holds"),
            (json(200, "{}"), "holds"),
        ],
    );
}

#[test]
fn errors_published() {
    let problem = |body: &str| answered(400, &[("content-type", "application/problem+json")], body);
    rows(
        berlin_group::errors_published,
        &message(400, "FORMAT_ERROR"),
        [
            (answered(404, &[], ""), "holds"),
            (problem(r#"{"type":"about:blank"}"#), "holds"),
            (problem(r#"{"title":"no"}"#), "broken"),
            (json(400, r#"{"type":"about:blank"}"#), "broken"),
            (json(400, r#"{"tppMessages":[{"code":"FORMAT_ERROR"}]}"#), "broken"),
            (json(400, r#"{"tppMessages":[]}"#), "broken"),
            (answered(400, &[("content-type", "text/html")], "<p>FORMAT_ERROR"), "broken"),
            (json(200, r#"{"anything":1}"#), "holds"),
        ],
    );
}

#[test]
fn codes_match_statuses() {
    rows(
        |answers| every_answer::codes_match_statuses(answers, &WORDS),
        &message(400, "FORMAT_ERROR"),
        [
            (message(404, "RESOURCE_UNKNOWN"), "holds"),
            (message(403, "RESOURCE_UNKNOWN"), "holds"),
            (message(409, "RESOURCE_UNKNOWN"), "broken"),
            (message(401, "FORMAT_ERROR"), "broken"),
            (message(500, "FORMAT_ERROR"), "broken"),
            // A code of the bank's own is the bank's own.
            (message(418, "TEAPOT"), "holds"),
            (message(200, "FORMAT_ERROR"), "holds"),
        ],
    );
}

#[test]
fn token_errors_are_json() {
    let get = exchange(
        "GET",
        serde_json::json!({ "kind": "response", "status": 405, "headers": [], "body": "no", "truncated": false }),
    );
    rows(
        every_answer::token_errors_are_json,
        &error(400, "invalid_grant"),
        [
            (json(200, "{}"), "holds"),
            (get, "holds"),
            (json(400, r#"{"error":7}"#), "broken"),
            (json(400, "{}"), "broken"),
            (answered(400, &[("content-type", "text/plain")], r#"{"error":"invalid_grant"}"#), "broken"),
            (answered(500, &[], ""), "broken"),
        ],
    );
}

#[test]
fn no_internals() {
    let page = |text: &str| answered(500, &[("content-type", "text/html")], text);
    rows(
        every_answer::no_internals,
        &page("<p>Something went wrong"),
        [
            (page("<p>Our systems are being traced back"), "holds"),
            (page("Traceback (most recent call last)"), "broken"),
            (page("thread 'main' panicked at src/main.rs"), "broken"),
            (json(200, r#"{"hint":"SQLSTATE[42S02]"}"#), "broken"),
        ],
    );
}

//! Judges of a payment API, whatever its dialect.

use std::sync::Arc;

use super::{alert, answered, json, message, table, table_of_answers};
use crate::{
    evidence::{
        exchange::Exchange,
        operation::Operation,
        walk_end::{AuthorizationFacts, Component, WalkEnd},
    },
    judge::{
        payment,
        vocabulary::{Refusal, berlin_group::WORDS},
    },
};

fn about(operation: Operation, exchange: Exchange) -> Exchange {
    Exchange { operation, ..exchange }
}

fn status(status: &str) -> Exchange {
    json(200, &format!(r#"{{"transactionStatus":"{status}"}}"#))
}

#[test]
fn refused_with() {
    table_of_answers(
        |exchange| payment::refused_with(exchange, &["FORMAT_ERROR", "PAYMENT_FAILED"]),
        [
            (message(400, "FORMAT_ERROR"), "holds"),
            (message(403, "PAYMENT_FAILED"), "holds"),
            // A bare refusal has no code that could be wrong.
            (answered(400, &[], ""), "holds"),
            (message(400, "SERVICE_INVALID"), "broken"),
            (answered(400, &[("content-type", "text/html")], "<p>FORMAT_ERROR"), "broken"),
            (message(500, "FORMAT_ERROR"), "broken"),
            (json(201, "{}"), "broken"),
        ],
    );
}

#[test]
fn refused_for() {
    let taken = |status: &str| json(201, &format!(r#"{{"transactionStatus":"{status}","paymentId":"1"}}"#));
    for refusal in [Refusal::Amount, Refusal::PayeeAccount] {
        table_of_answers(
            |exchange| payment::refused_for(exchange, refusal, &WORDS),
            [
                (message(400, "FORMAT_ERROR"), "holds"),
                (taken("RJCT"), "holds"),
                (taken("RCVD"), "broken"),
                (taken("CANC"), "broken"),
            ],
        );
    }
    // What has no form is not taken to be rejected.
    table_of_answers(
        |exchange| payment::refused_for(exchange, Refusal::Malformed, &WORDS),
        [(message(400, "FORMAT_ERROR"), "holds"), (taken("RJCT"), "broken")],
    );
}

#[test]
fn refused_and_not_shown() {
    for judge in [payment::refused, payment::not_shown] {
        table_of_answers(
            judge,
            [
                (message(401, "TOKEN_INVALID"), "holds"),
                (answered(404, &[], ""), "holds"),
                (answered(303, &[("location", "/login")], ""), "holds"),
                (alert(), "holds"),
                (answered(500, &[], ""), "unclear"),
                (status("RCVD"), "granted"),
                (answered(204, &[], ""), "granted"),
            ],
        );
    }
}

#[test]
fn refused_beside() {
    let refused = || message(403, "RESOURCE_UNKNOWN");
    let beside = |own: Exchange| move |exchange: &Exchange| payment::refused_beside(exchange, &own, &WORDS);
    table_of_answers(
        beside(status("RCVD")),
        [
            (refused(), "holds"),
            (alert(), "holds"),
            (status("RCVD"), "granted"),
            (answered(204, &[], ""), "granted"),
            (answered(500, &[], ""), "unclear"),
        ],
    );
    let taken = |status: &str| json(201, &format!(r#"{{"transactionStatus":"{status}","paymentId":"1"}}"#));
    table(
        beside(status("RCVD")),
        [
            (about(Operation::Initiation, taken("RJCT")), "holds"),
            (about(Operation::Initiation, taken("RCVD")), "granted"),
            (about(Operation::AuthorisationList, json(200, r#"{"authorisationIds":[]}"#)), "holds"),
            (about(Operation::AuthorisationList, json(200, r#"{"authorisationIds":["1"]}"#)), "granted"),
            (about(Operation::Status, json(200, r#"{"authorisationIds":[]}"#)), "granted"),
        ],
    );
    // What nobody is given shows nothing, and what somebody is given who must not have it is wrong all the same.
    for (own, expected) in [
        (answered(204, &[], ""), "holds"),
        (answered(405, &[], ""), "beside"),
        (message(404, "RESOURCE_UNKNOWN"), "beside"),
        (about(Operation::AuthorisationList, message(400, "SERVICE_INVALID")), "beside"),
        (message(401, "CERTIFICATE_INVALID"), "unclear"),
        (alert(), "unclear"),
    ] {
        table(beside(own.clone()), [(refused(), expected)]);
        table(beside(own), [(status("RCVD"), "granted")]);
    }
}

#[test]
fn not_executed() {
    table_of_answers(
        |exchange| payment::not_executed(exchange, &WORDS),
        [
            (status("RCVD"), "holds"),
            (status("ACCP"), "holds"),
            (status("CANC"), "holds"),
            (status("ACSC"), "broken"),
            (status("ACSP"), "broken"),
            // Which statuses there are is another check's business.
            (status("SLEEPING"), "holds"),
            (json(200, "{}"), "unclear"),
            (json(404, r#"{"transactionStatus":"ACSC"}"#), "unclear"),
        ],
    );
}

#[test]
fn neither_accepted_nor_executed() {
    table_of_answers(
        |exchange| payment::neither_accepted_nor_executed(exchange, &WORDS, Some("RCVD")),
        [
            (status("RCVD"), "holds"),
            (status("RJCT"), "holds"),
            (status("PDNG"), "holds"),
            (status("ACCP"), "broken"),
            (status("ACSC"), "broken"),
        ],
    );
}

#[test]
fn not_accepted_by_that() {
    let since = |at_first: &'static str, now: &str, says: &'static str| ((at_first, status(now)), says);
    table(
        |(at_first, exchange)| payment::not_accepted_by_that(exchange, &WORDS, Some(at_first)),
        [
            since("RCVD", "RCVD", "holds"),
            since("RCVD", "ACSC", "broken"),
            since("ACCP", "ACCP", "holds"),
            since("ACCP", "ACSC", "broken"),
            since("ACSC", "ACSC", "unclear"),
            since("ACSC", "RJCT", "holds"),
        ],
    );
}

#[test]
fn sent_to() {
    let landed = |walk_end| AuthorizationFacts {
        registered: Vec::new(),
        own: Vec::new(),
        sent: Vec::new(),
        walk_end,
        worthless_code: false,
        has_acted: true,
        unsure: None,
        agent: "form-script",
        exchanges: vec![Arc::new(answered(303, &[], ""))],
    };
    let back = |url: &str| {
        landed(WalkEnd::CalledBack {
            url: url.into(),
            parameters: Vec::new(),
            component: Component::Query,
            status: 303,
        })
    };
    let unsure = AuthorizationFacts { unsure: Some("which button?"), ..landed(WalkEnd::Stranded { status: 200 }) };
    table(
        |facts| payment::sent_to(facts, "https://tpp.example/nok"),
        [
            (back("https://tpp.example/nok"), "holds"),
            (back("https://tpp.example/nok?x=1"), "holds"),
            (back("https://tpp.example/nok/"), "broken"),
            (back("https://tpp.example/ok"), "broken"),
            (landed(WalkEnd::Stranded { status: 200 }), "broken"),
            (unsure, "unclear"),
        ],
    );
}

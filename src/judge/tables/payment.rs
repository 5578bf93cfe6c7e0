//! Judges of the payment API.

use std::sync::Arc;

use super::{alert, answered, endless, failed, json, message, table, table_of_answers};
use crate::{
    evidence::{
        exchange::Exchange,
        walk_end::{AuthorizationFacts, WalkEnd},
    },
    judge::{payment, vocabulary::berlin_group::WORDS},
};

fn status(status: &str) -> Exchange {
    json(200, &format!(r#"{{"transactionStatus":"{status}"}}"#))
}

#[test]
fn created() {
    let with = |id: &str, status: &str, links: &str| {
        json(201, &format!(r#"{{"paymentId":{id},"transactionStatus":{status},"_links":{links}}}"#))
    };
    let link = r#"{"self":{"href":"/v1/p/1"}}"#;
    table_of_answers(
        payment::created,
        [
            (with("\"1\"", "\"RCVD\"", link), "holds"),
            (with("\"1\"", "\"RCVD\"", "{}"), "broken"),
            // Where it goes nowhere, no link leads anywhere.
            (with("\"1\"", "\"RJCT\"", "{}"), "holds"),
            (with("1", "\"RCVD\"", link), "broken"),
            (with("\"1\"", "null", link), "broken"),
            (json(200, r#"{"paymentId":"1","transactionStatus":"RCVD","_links":{"self":{}}}"#), "broken"),
            (message(400, "FORMAT_ERROR"), "broken"),
            (message(401, "TOKEN_UNKNOWN"), "unclear"),
            (message(401, "CERTIFICATE_INVALID"), "broken"),
            (endless(201, "{"), "unclear"),
        ],
    );
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
fn approach_agrees() {
    let with = |approach: &str, links: &str| {
        let headers = [("aspsp-sca-approach", approach), ("content-type", "application/json")];
        answered(201, &headers, &format!(r#"{{"transactionStatus":"RCVD","_links":{{{links}}}}}"#))
    };
    table_of_answers(
        payment::approach_agrees,
        [
            (with("REDIRECT", r#""scaOAuth":{}"#), "holds"),
            (with("REDIRECT", r#""scaRedirect":{}"#), "holds"),
            (with("REDIRECT", r#""scaStatus":{}"#), "broken"),
            (with("DECOUPLED", r#""scaStatus":{}"#), "holds"),
            (with("DECOUPLED", r#""scaRedirect":{}"#), "broken"),
            (with("redirect", r#""scaOAuth":{}"#), "broken"),
            (with("none", r#""startAuthorisation":{}"#), "holds"),
            (with("none", r#""scaOAuth":{}"#), "broken"),
            (with("REDIRECT", r#""self":{}"#), "unclear"),
        ],
    );
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
fn cancelled() {
    table_of_answers(
        |exchange| payment::cancelled(exchange, &WORDS),
        [
            (status("CANC"), "holds"),
            (status("RJCT"), "holds"),
            (status("RCVD"), "broken"),
            (status("ACSC"), "broken"),
            (answered(404, &[], ""), "holds"),
            (message(400, "RESOURCE_UNKNOWN"), "holds"),
            (message(400, "FORMAT_ERROR"), "unclear"),
        ],
    );
}

#[test]
fn cancellation_accepted() {
    table_of_answers(
        payment::cancellation_accepted,
        [
            (answered(204, &[], ""), "holds"),
            (json(202, "{}"), "holds"),
            (json(200, "{}"), "broken"),
            (answered(405, &[], ""), "broken"),
            (answered(500, &[], ""), "broken"),
        ],
    );
}

#[test]
fn authorisation_created() {
    let with =
        |status: u16, sca: &str, links: &str| json(status, &format!(r#"{{"scaStatus":{sca},"_links":{{{links}}}}}"#));
    let link = r#""scaOAuth":{"href":"https://bank.example/"}"#;
    table_of_answers(
        payment::authorisation_created,
        [
            (with(201, "\"received\"", link), "holds"),
            (with(201, "\"received\"", r#""scaRedirect":{"href":"https://bank.example/"}"#), "holds"),
            (with(201, "\"received\"", r#""scaRedirect":"https://bank.example/""#), "broken"),
            (with(201, "\"received\"", r#""self":{"href":"/"}"#), "broken"),
            (with(201, "null", link), "broken"),
            (with(200, "\"received\"", link), "broken"),
        ],
    );
}

#[test]
fn sca_status_is() {
    let with = |status: u16, sca: &str| json(status, &format!(r#"{{"scaStatus":{sca}}}"#));
    table_of_answers(
        |exchange| payment::sca_status_is(exchange, &["finalised", "exempted"]),
        [
            (with(200, "\"finalised\""), "holds"),
            (with(200, "\"exempted\""), "holds"),
            (with(200, "\"started\""), "broken"),
            (with(200, "\"Finalised\""), "broken"),
            (with(200, "7"), "unclear"),
            (with(404, "\"finalised\""), "unclear"),
            (failed("closed"), "unclear"),
        ],
    );
}

#[test]
fn sent_to() {
    let landed = |walk_end| AuthorizationFacts {
        registered: Vec::new(),
        sent: Vec::new(),
        walk_end,
        has_acted: true,
        unsure: None,
        agent: "form-script",
        exchanges: vec![Arc::new(answered(303, &[], ""))],
    };
    let back = |url: &str| {
        landed(WalkEnd::CalledBack { url: url.into(), parameters: Vec::new(), in_fragment: false, status: 303 })
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

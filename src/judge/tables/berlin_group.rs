//! Judges of Berlin Group's payment API.

use super::{answered, endless, failed, json, message, table, table_of_answers};
use crate::{
    evidence::exchange::Exchange,
    judge::{Finding, berlin_group, vocabulary::berlin_group::WORDS},
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
        berlin_group::created,
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
fn one_of_two() {
    let paid = |id: &str| json(201, &format!(r#"{{"paymentId":"{id}","transactionStatus":"RCVD"}}"#));
    table(
        |(first, second)| berlin_group::one_of_two(first, second),
        [
            ((paid("1"), paid("1")), "holds"),
            ((paid("1"), message(400, "FORMAT_ERROR")), "holds"),
            ((paid("1"), message(409, "STATUS_INVALID")), "holds"),
            ((paid("1"), paid("2")), "broken"),
            ((message(400, "FORMAT_ERROR"), paid("1")), "unclear"),
            ((paid("1"), answered(500, &[], "")), "unclear"),
            ((paid("1"), failed("connect")), "unclear"),
        ],
    );
}

#[test]
fn approach_agrees() {
    let with = |approach: &str, links: &str| {
        let headers = [("aspsp-sca-approach", approach), ("content-type", "application/json")];
        answered(201, &headers, &format!(r#"{{"transactionStatus":"RCVD","_links":{{{links}}}}}"#))
    };
    table_of_answers(
        berlin_group::approach_agrees,
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
fn cancelled() {
    table_of_answers(
        |exchange| berlin_group::cancelled(exchange, &WORDS),
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
        berlin_group::cancellation_accepted,
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
fn authorisation_listed() {
    table_of_answers(
        |exchange| berlin_group::authorisation_listed(exchange, "https://bank.example/p/1/authorisations/a7/?x=1"),
        [
            (json(200, r#"{"authorisationIds":["a6","a7"]}"#), "holds"),
            (json(200, r#"{"authorisationIds":["a6"]}"#), "broken"),
            (json(200, r#"{"authorisationIds":"a7"}"#), "broken"),
            (json(200, r#"["a7"]"#), "broken"),
            (message(405, "SERVICE_INVALID"), "beside"),
            (message(401, "CERTIFICATE_INVALID"), "unclear"),
        ],
    );
}

#[test]
fn authorisation_created() {
    let with =
        |status: u16, sca: &str, links: &str| json(status, &format!(r#"{{"scaStatus":{sca},"_links":{{{links}}}}}"#));
    let link = r#""scaOAuth":{"href":"https://bank.example/"}"#;
    table_of_answers(
        berlin_group::authorisation_created,
        [
            (with(201, "\"received\"", link), "holds"),
            (with(201, "\"received\"", r#""scaRedirect":{"href":"https://bank.example/"}"#), "holds"),
            (with(201, "\"received\"", r#""scaRedirect":"https://bank.example/""#), "broken"),
            (with(201, "\"received\"", r#""self":{"href":"/"}"#), "broken"),
            (with(201, "null", link), "broken"),
            (with(200, "\"received\"", link), "broken"),
            (with(201, "\"exempted\"", link), "holds"),
            (with(201, "\"finalised\"", link), "broken"),
            (with(201, "\"unconfirmed\"", link), "broken"),
        ],
    );
}

#[test]
fn sca_status_is() {
    let with = |status: u16, sca: &str| json(status, &format!(r#"{{"scaStatus":{sca}}}"#));
    table_of_answers(
        |exchange| berlin_group::sca_status_is(exchange, &["finalised", "exempted"]),
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
fn sca_status_link_leads_somewhere() {
    table_of_answers(
        |exchange| berlin_group::sca_status_link_leads_somewhere(Some(exchange)),
        [
            (json(200, r#"{"scaStatus":"received"}"#), "holds"),
            (json(404, "{}"), "broken"),
            (json(401, "{}"), "unclear"),
        ],
    );
    assert!(matches!(berlin_group::sca_status_link_leads_somewhere(None), Finding::Holds(_)));
}

#[test]
fn text_accepted() {
    table_of_answers(
        berlin_group::text_accepted,
        [
            (json(201, r#"{"paymentId":"P-1"}"#), "holds"),
            (json(400, r#"{"tppMessages":[{"category":"ERROR","code":"FORMAT_ERROR"}]}"#), "broken"),
            (json(401, "{}"), "unclear"),
            (json(500, "{}"), "unclear"),
        ],
    );
}

#[test]
fn is_metadata() {
    table_of_answers(
        berlin_group::is_metadata,
        [
            (json(200, r#"{"issuer":"https://a","authorization_endpoint":"https://a/b"}"#), "holds"),
            (json(200, r#"{"issuer":"https://a"}"#), "broken"),
            (answered(200, &[("content-type", "text/html")], "<p>Our interface"), "broken"),
            (json(404, "{}"), "broken"),
            (json(500, "{}"), "unclear"),
        ],
    );
}

#[test]
fn nobody_has_agreed() {
    let told = |status: &str| json(200, &format!(r#"{{"scaStatus":"{status}"}}"#));
    table_of_answers(
        berlin_group::nobody_has_agreed,
        [
            (told("received"), "holds"),
            (told("scaMethodSelected"), "holds"),
            (told("failed"), "holds"),
            (told("finalised"), "broken"),
            (told("unconfirmed"), "broken"),
            (told("exempted"), "beside"),
            (json(200, "{}"), "unclear"),
            (json(500, r#"{"scaStatus":"finalised"}"#), "unclear"),
            // Not told yet.
            (json(404, r#"{"tppMessages":[{"category":"ERROR","code":"RESOURCE_UNKNOWN"}]}"#), "beside"),
        ],
    );
}

#[test]
fn statuses_agree() {
    for (read, told, expected) in [
        ("ACCP", "ACCP", "holds"),
        ("RCVD", "ACSC", "holds"),
        ("ACTC", "ACSP", "holds"),
        ("RJCT", "CANC", "holds"),
        ("RJCT", "ACCP", "broken"),
        ("ACSC", "CANC", "broken"),
        ("RCVD", "RJCT", "broken"),
        // What nobody has published means nothing.
        ("GONE", "ACSC", "holds"),
    ] {
        let finding = berlin_group::statuses_agree(&status(read), &status(told));
        assert_eq!(super::word(&finding), expected, "{read} {told}");
    }
    let silent = json(200, "{}");
    assert_eq!(super::word(&berlin_group::statuses_agree(&silent, &status("ACCP"))), "beside");
    assert_eq!(super::word(&berlin_group::statuses_agree(&status("RJCT"), &silent)), "unclear");
    table_of_answers(
        |exchange| berlin_group::statuses_agree(&status("RJCT"), exchange),
        [(message(403, "CONSENT_UNKNOWN"), "unclear")],
    );
    table_of_answers(
        |exchange| berlin_group::statuses_agree(exchange, &status("RJCT")),
        [(message(401, "TOKEN_INVALID"), "unclear")],
    );
}

//! Judges of the introspection endpoint.

use super::{answered, error, json, table_of_answers};
use crate::judge::introspection::{self, Issued};

#[test]
fn is_active() {
    for (wanted, active, inactive) in [(true, "holds", "broken"), (false, "broken", "holds")] {
        table_of_answers(
            |exchange| introspection::is_active(exchange, wanted),
            [
                (json(200, r#"{"active":true}"#), active),
                (json(200, r#"{"active":false}"#), inactive),
                (json(200, r#"{"active":"true"}"#), "broken"),
                (json(200, "{}"), "broken"),
                (json(201, r#"{"active":true}"#), "broken"),
                (error(401, "invalid_client"), "broken"),
            ],
        );
    }
}

#[test]
fn says_nothing_else() {
    table_of_answers(
        introspection::says_nothing_else,
        [
            (json(200, r#"{"active":false}"#), "holds"),
            (json(200, r#"{"active":false,"scope":"PIS"}"#), "broken"),
            (json(200, r#"{"active":false,"scope":null}"#), "broken"),
            (json(200, r#"{"active":true,"scope":"PIS"}"#), "unclear"),
            (json(200, "{}"), "broken"),
            (answered(200, &[], ""), "broken"),
        ],
    );
}

#[test]
fn is_bound_to() {
    table_of_answers(
        |exchange| introspection::is_bound_to(exchange, "abc"),
        [
            (json(200, r#"{"active":true,"cnf":{"x5t#S256":"abc"}}"#), "holds"),
            (json(200, r#"{"active":true,"cnf":{"x5t#S256":"ABC"}}"#), "broken"),
            (json(200, r#"{"active":true,"cnf":{"x5t#S256":"abc="}}"#), "broken"),
            (json(200, r#"{"active":true,"x5t#S256":"abc"}"#), "broken"),
            (json(200, r#"{"active":true}"#), "broken"),
        ],
    );
}

const ISSUED: Issued<'_> = Issued { client_id: "tpp-7", lifetime: Some(300), at: None };

#[test]
fn as_issued() {
    table_of_answers(
        |exchange| introspection::as_issued(exchange, ISSUED),
        [
            (json(200, r#"{"active":true,"client_id":"tpp-7","iat":1000,"exp":1300}"#), "holds"),
            (json(200, r#"{"active":true,"client_id":"tpp-7"}"#), "holds"),
            (json(200, r#"{"active":true,"client_id":"tpp-7","exp":9999}"#), "holds"),
            // A leeway for clocks on both sides, and seconds with a fraction.
            (json(200, r#"{"active":true,"iat":700,"exp":1599.5}"#), "holds"),
            (json(200, r#"{"active":true,"client_id":"tpp-8"}"#), "broken"),
            (json(200, r#"{"active":true,"client_id":"tpp-7","iat":1000,"exp":87400}"#), "broken"),
            (json(200, r#"{"active":true,"iat":1000,"exp":1000000}"#), "broken"),
            (json(200, r#"{"active":true,"scope":"PIS"}"#), "beside"),
            (json(200, r#"{"active":true}"#), "beside"),
            (json(200, r#"{"active":false,"client_id":"tpp-8"}"#), "unclear"),
            (error(401, "invalid_client"), "unclear"),
        ],
    );
    let told = json(200, r#"{"active":true,"iat":1000,"exp":1000000}"#);
    let endless = Issued { lifetime: None, ..ISSUED };
    assert_eq!(super::word(&introspection::as_issued(&told, endless)), "beside", "nothing to hold it against");
    // Where the bank does not say when it was issued, whoever was there knows.
    let known = Issued { at: Some(1000.0), ..ISSUED };
    table_of_answers(
        |exchange| introspection::as_issued(exchange, known),
        [
            (json(200, r#"{"active":true,"exp":1300}"#), "holds"),
            (json(200, r#"{"active":true,"exp":1899}"#), "holds"),
            (json(200, r#"{"active":true,"exp":87400}"#), "broken"),
            (json(200, r#"{"active":true,"exp":300}"#), "broken"),
            (json(200, r#"{"active":true,"iat":87100,"exp":87400}"#), "holds"),
        ],
    );
}

#[test]
fn nothing_learned() {
    table_of_answers(
        introspection::nothing_learned,
        [
            (error(401, "invalid_client"), "holds"),
            (json(200, r#"{"active":false}"#), "holds"),
            (json(200, r#"{"active":true}"#), "granted"),
            (json(200, "{}"), "granted"),
            (answered(500, &[], ""), "unclear"),
        ],
    );
}

#[test]
fn what_is_neither_true_nor_false_is_told_as_it_is() {
    let exchange = json(200, r#"{"active":"true"}"#);
    let crate::judge::Finding::Broken(told) = introspection::is_active(&exchange, true) else { panic!("it holds") };
    assert_eq!(told.actual, "active: \"true\", which is neither true nor false");
}

#[test]
fn tells_nothing() {
    table_of_answers(
        introspection::tells_nothing,
        [
            (error(401, "invalid_client"), "holds"),
            (json(200, r#"{"active":false}"#), "holds"),
            (json(200, r#"{"active":true}"#), "granted"),
            (json(200, r#"{"active":false,"scope":"PIS"}"#), "broken"),
            (answered(500, &[], ""), "unclear"),
        ],
    );
}

//! Judges of client authentication, and of pushed requests, which it stands before.

use super::{alert, answered, error, json, table, table_of_answers};
use crate::{
    evidence::{exchange::Exchange, operation::Operation},
    judge::{client_authentication, pushed_request},
};

const TOKEN: &str = r#"{"access_token":"t"}"#;
const PUSHED: &str = r#"{"request_uri":"urn:x:1","expires_in":60}"#;

#[test]
fn authenticated() {
    table_of_answers(
        client_authentication::authenticated,
        [
            (json(200, TOKEN), "holds"),
            (json(201, PUSHED), "holds"),
            // Only whoever is known is told so.
            (error(400, "invalid_grant"), "holds"),
            (error(400, "unsupported_grant_type"), "holds"),
            (error(401, "invalid_client"), "broken"),
            (error(400, "invalid_client"), "broken"),
            (answered(401, &[], ""), "broken"),
            (error(400, "invalid_request"), "unclear"),
            (answered(403, &[], ""), "unclear"),
            (json(200, "{}"), "unclear"),
            (alert(), "unclear"),
        ],
    );
}

#[test]
fn not_authenticated() {
    table_of_answers(
        client_authentication::not_authenticated,
        [
            (error(401, "invalid_client"), "holds"),
            (error(400, "invalid_client"), "holds"),
            (error(400, "invalid_request"), "holds"),
            (error(401, "whatever"), "holds"),
            (answered(403, &[], ""), "holds"),
            (alert(), "holds"),
            (json(200, TOKEN), "granted"),
            (json(201, PUSHED), "granted"),
            // It could have been told that in any case.
            (error(400, "invalid_grant"), "unclear"),
            (answered(500, &[], ""), "unclear"),
            (answered(404, &[], ""), "unclear"),
        ],
    );
}

#[test]
fn challenged() {
    let with = |status: u16, scheme: &str| {
        let headers = [("www-authenticate", scheme), ("content-type", "application/json")];
        answered(status, &headers, r#"{"error":"invalid_client"}"#)
    };
    table_of_answers(
        client_authentication::challenged,
        [
            (with(401, "Basic realm=\"bank\""), "holds"),
            (with(401, "Bearer, basic realm=\"bank\""), "holds"),
            (with(401, "Bearer"), "broken"),
            (with(401, "Basically"), "broken"),
            (with(400, "Basic"), "broken"),
            (error(401, "invalid_client"), "broken"),
            (error(400, "invalid_request"), "unclear"),
            (json(200, TOKEN), "unclear"),
        ],
    );
}

#[test]
fn pushed_request_accepted() {
    table_of_answers(
        pushed_request::accepted,
        [
            (json(201, PUSHED), "holds"),
            (json(200, PUSHED), "broken"),
            (json(201, r#"{"request_uri":"urn:x:1"}"#), "broken"),
            (json(201, r#"{"request_uri":"urn:x:1","expires_in":0}"#), "broken"),
            (json(201, r#"{"request_uri":"urn:x:1","expires_in":"60"}"#), "broken"),
            (json(201, r#"{"expires_in":60}"#), "broken"),
            (error(400, "invalid_request"), "broken"),
        ],
    );
}

#[test]
fn pushed_request_refused() {
    table_of_answers(
        pushed_request::refused,
        [
            (error(400, "invalid_request"), "holds"),
            (answered(405, &[], ""), "holds"),
            (alert(), "holds"),
            (json(201, PUSHED), "granted"),
            (json(200, PUSHED), "granted"),
            (json(200, "{}"), "unclear"),
            (answered(302, &[], ""), "unclear"),
            (answered(500, &[], ""), "unclear"),
        ],
    );
}

#[test]
fn not_served() {
    let at = |operation: Operation, exchange: Exchange| Exchange { operation, ..exchange };
    table(
        client_authentication::not_served,
        [
            (at(Operation::Token, error(401, "invalid_client")), "holds"),
            (at(Operation::Token, json(200, TOKEN)), "granted"),
            (at(Operation::PushedRequest, error(401, "invalid_client")), "holds"),
            (at(Operation::PushedRequest, json(201, PUSHED)), "granted"),
            (at(Operation::Revocation, error(401, "invalid_client")), "holds"),
            (at(Operation::Revocation, answered(200, &[], "")), "granted"),
            (at(Operation::Introspection, json(200, r#"{"active":false}"#)), "holds"),
            (at(Operation::Introspection, json(200, r#"{"active":true}"#)), "granted"),
        ],
    );
}

#[test]
fn pushed_request_taken() {
    table_of_answers(
        pushed_request::taken,
        [
            (json(201, PUSHED), "holds"),
            (json(200, PUSHED), "holds"),
            (error(400, "invalid_request"), "broken"),
            (json(201, "{}"), "broken"),
        ],
    );
}

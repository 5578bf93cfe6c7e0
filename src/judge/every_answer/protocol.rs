//! What HTTP and JSON ask of every answer.

use std::sync::Arc;

use super::{Answers, all};
use crate::{
    evidence::{
        exchange::{Exchange, Response},
        json,
        operation::Operation,
    },
    judge::{Finding, error_code, says_json},
};

/// Every answer that says that it is JSON is JSON (RFC 8259 2), without a byte order mark (8.1).
pub fn json_is_json(answers: Answers<'_>) -> Finding {
    let spoken = those(answers, |_, response| says_json(response) && !response.body.is_empty() && !response.truncated);
    all(&spoken, "JSON as RFC 8259 writes it", |_, response| json::defect(&response.body).map_or(Ok(()), Err))
}

/// Every answer of the payment API that holds JSON says so.
pub fn json_is_declared(answers: Answers<'_>) -> Finding {
    let holds_json = |response: &Response| response.json().is_some_and(|json| json.is_object() || json.is_array());
    // Errors have a check of their own.
    let spoken = those(answers, |_, response| response.status < 300 && holds_json(response));
    all(&spoken, "Content-Type: application/json beside JSON", |_, response| {
        let kind = response.header("content-type").unwrap_or("none");
        says_json(response).then_some(()).ok_or_else(|| format!("Content-Type: {kind}"))
    })
}

/// Every 401 challenges whoever asked (RFC 9110 15.5.2). Where a certificate or a signature is what is wanting, HTTP knows no
/// challenge for it.
pub fn unauthorized_is_challenged(answers: Answers<'_>) -> Finding {
    let is_about = |response: &Response, what: &[&str]| {
        error_code(response).is_some_and(|code| what.iter().any(|what| code.to_ascii_uppercase().contains(what)))
    };
    // Where every error is told by its status alone, or somebody comes with another certificate, nobody says whether that or
    // a token was wanting.
    let is_told = |exchange: &Exchange, response: &Response| {
        exchange.operation.is_about_payments() && response.status >= 400 && error_code(response).is_some()
    };
    let tells_codes = !those(answers, is_told).is_empty();
    // RFC 6749 5.2 asks it of the token endpoint only where the client came with that header.
    let is_for_http = |exchange: &Exchange, response: &Response| {
        let is_known = !exchange.operation.is_about_payments() || (tells_codes && exchange.identity.how.is_none());
        (exchange.request.header("authorization").is_some() && is_known)
            || exchange.operation == Operation::Resource
            || exchange.operation.is_about_payments() && is_about(response, &["TOKEN"])
    };
    let refused = those(answers, |exchange, response| {
        response.status == 401
            && is_for_http(exchange, response)
            && !is_about(response, &["CERTIFICATE", "SIGNATURE", "PSU", "ROLE", "PRODUCT", "CONSENT"])
    });
    if refused.is_empty() {
        return Finding::Beside("nobody was refused with 401 for want of a token or a password in this run".into());
    }
    all(&refused, "WWW-Authenticate beside 401", |_, response| {
        response.header("www-authenticate").map(|_| ()).ok_or_else(|| "401 without WWW-Authenticate".into())
    })
}

/// Every 405 names the methods that there are (RFC 9110 15.5.6).
pub fn methods_are_named(answers: Answers<'_>) -> Finding {
    let refused = those(answers, |_, response| response.status == 405);
    if refused.is_empty() {
        return Finding::Beside("nothing was refused with 405 in this run".into());
    }
    all(&refused, "Allow beside 405", |_, response| {
        response.header("allow").map(|_| ()).ok_or_else(|| "405 without Allow".into())
    })
}

pub(super) fn those(answers: Answers<'_>, such: impl Fn(&Exchange, &Response) -> bool) -> Vec<Arc<Exchange>> {
    let is_such = |exchange: &&Arc<Exchange>| exchange.response().is_some_and(|response| such(exchange, response));
    answers.iter().filter(is_such).cloned().collect()
}

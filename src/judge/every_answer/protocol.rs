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
    all(&spoken, "JSON as RFC 8259 writes it, in UTF-8", |_, response| {
        // What is no UTF-8 was replaced as the answer was read.
        let is_utf8 = !response.body.contains(char::REPLACEMENT_CHARACTER);
        let defect = json::defect(&response.body).or((!is_utf8).then(|| "octets that are no UTF-8".to_owned()));
        defect.map_or(Ok(()), Err)
    })
}

/// No object of any JSON has two members of one name (RFC 8259 4).
pub fn members_stand_once(answers: Answers<'_>) -> Finding {
    let spoken = those(answers, |_, response| says_json(response) && !response.body.is_empty() && !response.truncated);
    all(&spoken, "each member of an object once", |_, response| match json::repeated(&response.body) {
        Some(name) => Err(format!("the member \"{name}\" twice in one object")),
        None => Ok(()),
    })
}

/// The fields that are no lists and that a bank sends.
const SINGLE: [&str; 5] = ["location", "content-type", "content-location", "etag", "retry-after"];

/// No field that is no list stands in two lines (RFC 9110 5.3).
pub fn fields_stand_once(answers: Answers<'_>) -> Finding {
    all(answers, "one line of each header field that is no list", |_, response| {
        let lines = |name: &str| response.headers_named(name).count();
        match SINGLE.into_iter().find(|name| lines(name) > 1) {
            Some(name) => Err(format!("{name} in {} lines", lines(name))),
            None => Ok(()),
        }
    })
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

/// Every 401 for want of a token challenges whoever asked (RFC 9110 15.5.2, RFC 6750 3). Where a certificate or a signature is
/// what is wanting, HTTP knows no challenge for it; where the bank does not say what is, nobody can tell.
pub fn unauthorized_is_challenged(answers: Answers<'_>) -> Finding {
    let is_about_token = |exchange: &Exchange, response: &Response| {
        let code = error_code(response);
        let is_named = code.as_deref().is_some_and(|code| code.to_ascii_uppercase().contains("TOKEN"));
        match exchange.operation {
            Operation::Resource => is_named || code.is_none(),
            operation => is_named && operation.is_about_payments(),
        }
    };
    let refused = those(answers, |exchange, response| response.status == 401 && is_about_token(exchange, response));
    if refused.is_empty() {
        return Finding::Beside("nobody was refused with 401 for want of a token in this run".into());
    }
    all(&refused, "WWW-Authenticate beside 401", |_, response| {
        response.header("www-authenticate").map(|_| ()).ok_or_else(|| "401 without WWW-Authenticate".into())
    })
}

/// Every 405 names the methods that there are (RFC 9110 15.5.6).
pub fn methods_are_named(answers: Answers<'_>) -> Finding {
    // To OPTIONS whatever stands before a bank says what it likes.
    let is_of_bank = |exchange: &Exchange| &*exchange.request.method != "OPTIONS";
    let refused = those(answers, |exchange, response| response.status == 405 && is_of_bank(exchange));
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

//! Checks over a whole run: what every answer must have, wherever it came from.

use std::sync::Arc;

use super::{Finding, error_code, error_message, payment::TRANSACTION_STATUSES};
use crate::evidence::exchange::{Exchange, Response};

/// Codes that Berlin Group publishes, with the HTTP statuses that they may stand with.
const CODES: [(&str, &[u16]); 43] = [
    ("FORMAT_ERROR", &[400]),
    ("PARAMETER_NOT_CONSISTENT", &[400]),
    ("PARAMETER_NOT_SUPPORTED", &[400]),
    ("SERVICE_INVALID", &[400, 405]),
    ("RESOURCE_UNKNOWN", &[400, 403, 404]),
    ("RESOURCE_EXPIRED", &[400, 403]),
    ("RESOURCE_BLOCKED", &[400]),
    ("TIMESTAMP_INVALID", &[400]),
    ("PERIOD_INVALID", &[400]),
    ("SCA_METHOD_UNKNOWN", &[400]),
    ("SCA_INVALID", &[400]),
    ("TRANSACTION_ID_INVALID", &[400]),
    ("CONSENT_UNKNOWN", &[400, 403]),
    ("PAYMENT_FAILED", &[400]),
    ("EXECUTION_DATE_INVALID", &[400]),
    ("CARD_INVALID", &[400]),
    ("NO_PIIS_ACTIVATION", &[400]),
    ("CERTIFICATE_INVALID", &[401]),
    ("CERTIFICATE_EXPIRED", &[401]),
    ("CERTIFICATE_BLOCKED", &[401]),
    ("CERTIFICATE_REVOKED", &[401]),
    ("CERTIFICATE_REVOKE", &[401]),
    ("CERTIFICATE_MISSING", &[401]),
    ("ROLE_INVALID", &[401]),
    ("SIGNATURE_INVALID", &[401]),
    ("SIGNATURE_MISSING", &[401]),
    ("CORPORATE_ID_INVALID", &[401]),
    ("PSU_CREDENTIALS_INVALID", &[401]),
    ("CONSENT_INVALID", &[401]),
    ("CONSENT_EXPIRED", &[401]),
    ("TOKEN_UNKNOWN", &[401]),
    ("TOKEN_INVALID", &[401]),
    ("TOKEN_EXPIRED", &[401]),
    ("REQUIRED_KID_MISSING", &[401]),
    ("SERVICE_BLOCKED", &[403]),
    ("PRODUCT_INVALID", &[403]),
    ("PRODUCT_UNKNOWN", &[404]),
    ("CANCELLATION_INVALID", &[405]),
    ("REQUESTED_FORMATS_INVALID", &[406]),
    ("STATUS_INVALID", &[409]),
    ("REFERENCE_STATUS_INVALID", &[409]),
    ("UNSUPPORTED_MEDIA_TYPE", &[415]),
    ("ACCESS_EXCEEDED", &[429]),
];

/// Traces of a server's inside that no customer needs, each such as no page says it by chance.
const INTERNALS: [&str; 17] = [
    "stack trace",
    "Stack trace:",
    "Traceback (most recent call last)",
    "at java.",
    "at org.springframework",
    "java.lang.",
    "System.NullReferenceException",
    "   at System.",
    "at process.processTicksAndRejections",
    "(node:internal/",
    "goroutine 1 [running]",
    "PHP Fatal error",
    "SQLSTATE[",
    "You have an error in your SQL syntax",
    "ORA-0",
    "panicked at",
    "PG::",
];

type Answers<'a> = &'a [Arc<Exchange>];

/// Every answer carries the X-Request-ID of its request, and one of its own where the request had none.
pub fn carry_request_id(answers: Answers<'_>) -> Finding {
    let expected = "the X-Request-ID of the request in every answer";
    all(answers, expected, |exchange, response| {
        let sent = exchange.request.header("x-request-id").filter(|id| uuid::Uuid::parse_str(id).is_ok());
        let returned = response.header("x-request-id");
        // What an answer to a request without one, or with a malformed one, should carry, no clause says.
        let good = sent.is_none() || returned.is_some_and(|id| sent.is_some_and(|sent| id.eq_ignore_ascii_case(sent)));
        good.then_some(()).ok_or_else(|| format!("X-Request-ID: {}", returned.unwrap_or("none")))
    })
}

/// Every transactionStatus is published.
pub fn statuses_published(answers: Answers<'_>) -> Finding {
    all(answers, "a published transactionStatus", |_, response| {
        match response.json().unwrap_or_default()["transactionStatus"].as_str() {
            Some(status) if !TRANSACTION_STATUSES.contains(&status) => Err(format!("transactionStatus \"{status}\"")),
            _ => Ok(()),
        }
    })
}

/// Every error that says something has `tppMessages` or is a problem report (RFC 7807); a bare one is lawful.
pub fn errors_published(answers: Answers<'_>) -> Finding {
    all(answers, "tppMessages with category and code, as JSON", |_, response| {
        if response.status < 400 || response.body.is_empty() {
            return Ok(());
        }
        let kind = response.header("content-type").unwrap_or("none").to_ascii_lowercase();
        let json = response.json().unwrap_or_default();
        let message = error_message(&json);
        let has_messages = message["code"].is_string() && message["category"].is_string();
        let is_problem = kind.starts_with("application/problem+json") && json["type"].is_string();
        let good = (has_messages && kind.contains("json")) || is_problem;
        good.then_some(()).ok_or_else(|| format!("status {} as {kind}, without tppMessages", response.status))
    })
}

/// Every published code stands with a status that belongs to it; codes of a bank's own are left alone.
pub fn codes_match_statuses(answers: Answers<'_>) -> Finding {
    all(answers, "each code with the status that belongs to it", |_, response| {
        let code = error_code(response).filter(|_| response.status >= 400);
        let row = code.as_deref().and_then(|code| CODES.iter().find(|(known, _)| *known == code));
        match row {
            Some((code, statuses)) if !statuses.contains(&response.status) => {
                Err(format!("{code} with status {}", response.status))
            }
            _ => Ok(()),
        }
    })
}

/// Every error of the token endpoint is JSON with an error code (RFC 6749 5.2).
pub fn token_errors_are_json(answers: Answers<'_>) -> Finding {
    all(answers, "application/json with the member error", |exchange, response| {
        // 405 and its like come from the HTTP server and not from OAuth.
        if response.status < 400 || &*exchange.request.method != "POST" {
            return Ok(());
        }
        let kind = response.header("content-type").unwrap_or("none").to_ascii_lowercase();
        let has_error = response.json().is_some_and(|json| json["error"].is_string());
        let good = has_error && kind.starts_with("application/json");
        good.then_some(()).ok_or_else(|| format!("status {} as {kind}", response.status))
    })
}

/// No answer shows the inside of the server.
pub fn no_internals(answers: Answers<'_>) -> Finding {
    all(answers, "no stack trace, no database error", |_, response| {
        match INTERNALS.iter().find(|trace| response.body.contains(**trace)) {
            Some(trace) => Err(format!("status {} with \"{trace}\"", response.status)),
            None => Ok(()),
        }
    })
}

fn all(answers: Answers<'_>, expected: &str, judge: impl Fn(&Exchange, &Response) -> Result<(), String>) -> Finding {
    let responses: Vec<_> = answers.iter().filter_map(|exchange| Some((exchange, exchange.response()?))).collect();
    // What stands before a server that is down is not the bank.
    let own = responses.iter().filter(|(_, response)| !matches!(response.status, 429 | 502..=504));
    let mut bad = Vec::new();
    for (exchange, response) in own.clone() {
        if let Err(actual) = judge(exchange, response) {
            bad.push((exchange, actual));
        }
    }
    let count = own.count();
    match bad.first() {
        _ if count == 0 => Finding::Unclear("this run has no such answer".into()),
        None => Finding::of(true, expected, format!("so it is in all {count} answers")),
        Some((exchange, actual)) => {
            let path = exchange.request.url.split('?').next().unwrap_or_default();
            let place = format!("{} {path}", exchange.request.method);
            let actual = format!("{} of {count} answers; the first is to {place}: {actual}", bad.len());
            Finding::of(false, expected, actual).at(exchange)
        }
    }
}

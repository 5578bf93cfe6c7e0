//! Checks over a whole run: what every answer must have, wherever it came from.

mod callbacks;
mod cookies;
mod internals;
mod passwords;
mod protocol;
mod scopes;
mod spelling;
mod tokens;

use std::sync::Arc;

pub use callbacks::{bring_back_the_state, issuers, name_the_issuer, pages_forbid_framing, say_one_thing_once};
pub use cookies::cookies_are_for_tls;
pub use internals::{no_internals, no_versions};
pub use passwords::passwords_are_hidden;
pub use protocol::{
    fields_stand_once, json_is_declared, json_is_json, members_stand_once, methods_are_named,
    unauthorized_is_challenged,
};
pub use scopes::{refreshes_stay_within, tokens_stay_within};
pub use spelling::{errors_told_are_spelt, token_errors_are_spelt};
pub use tokens::{come_with_200, forbid_caching, members_have_their_types, types_are_registered};

use super::{Finding, error_code, unreadable, vocabulary::Vocabulary};
use crate::evidence::exchange::{Exchange, Response};

pub(super) type Answers<'a> = &'a [Arc<Exchange>];

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

/// Every status of a payment is published.
pub fn statuses_published(answers: Answers<'_>, words: &Vocabulary) -> Finding {
    all(answers, &format!("a published {}", words.status_name), |_, response| match words.status_in(response) {
        Some(status) if words.stage(&status).is_none() => Err(format!("{} \"{status}\"", words.status_name)),
        _ => Ok(()),
    })
}

/// Every published code stands with a status that belongs to it; codes of a bank's own are left alone.
pub fn codes_match_statuses(answers: Answers<'_>, words: &Vocabulary) -> Finding {
    all(answers, "each code with the status that belongs to it", |_, response| {
        // Where a dialect has no codes for who asks, what stands with 401 is the bank's choice.
        let is_free = response.status == 401 && words.caller.always;
        let code = error_code(response).filter(|_| response.status >= 400 && !is_free);
        let row = code.as_deref().and_then(|code| words.codes.iter().find(|(known, _)| *known == code));
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
        // Nor is a server that fails the subject of 5.2.
        // What cannot be read is for another check.
        let is_lost = unreadable(response).is_some();
        if !(400..500).contains(&response.status) || &*exchange.request.method != "POST" || is_lost {
            return Ok(());
        }
        let kind = response.header("content-type").unwrap_or("none").to_ascii_lowercase();
        let has_error = response.json().is_some_and(|json| json["error"].is_string());
        let good = has_error && kind.starts_with("application/json");
        good.then_some(()).ok_or_else(|| format!("status {} as {kind}", response.status))
    })
}

pub(super) fn all(
    answers: Answers<'_>,
    expected: &str,
    judge: impl Fn(&Exchange, &Response) -> Result<(), String>,
) -> Finding {
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
        _ if count == 0 => {
            Finding::Unclear("no check of this run has made such an answer: select others beside this one".into())
        }
        None => Finding::of(true, expected, format!("so it is in all {count} answers")),
        Some((exchange, actual)) => {
            let path = exchange.request.url.split('?').next().unwrap_or_default();
            let place = format!("{} {path}", exchange.request.method);
            let actual = format!("not so in {} of {count} answers; the first is to {place}: {actual}", bad.len());
            Finding::of(false, expected, actual).at(exchange)
        }
    }
}

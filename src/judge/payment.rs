//! Answers of a payment API, whatever its dialect.

use super::{
    Finding, error_code, in_words, one_of, response_of, unreadable,
    vocabulary::{Refusal, Stage, Vocabulary},
};
use crate::evidence::{
    exchange::{Exchange, Response},
    operation::Operation,
    walk_end::{AuthorizationFacts, WalkEnd},
};

/// The request was refused for that reason, by a code that the dialect has for it. What is wrong with an amount or an account
/// may be found out once the payment is taken, which is then rejected at once.
pub fn refused_for(exchange: &Exchange, refusal: Refusal, words: &Vocabulary) -> Finding {
    let taken = exchange.response().filter(|response| (200..300).contains(&response.status));
    let stage = taken.and_then(|response| words.stage(&words.status_in(response)?));
    match (refusal, stage) {
        (Refusal::Amount | Refusal::PayeeAccount, Some(Stage::Rejected)) => {
            let expected =
                format!("a refusal with {}, or a payment that is rejected", one_of(words.codes_for(refusal)));
            Finding::of(true, expected, taken.map(in_words).unwrap_or_default()).at(exchange)
        }
        _ => refused_with(exchange, words.codes_for(refusal)),
    }
}

/// The request was refused with one of these codes.
pub fn refused_with(exchange: &Exchange, codes: &[&str]) -> Finding {
    let response = response_of!(exchange);
    if let Some(defect) = unreadable(response) {
        return Finding::Unclear(format!("{}: {} with {defect}", exchange.purpose, response.status));
    }
    let code = error_code(response);
    // No clause obliges a bank to send a body with an error, so a bare refusal is one too.
    let right_code = code.as_deref().map_or(response.body.is_empty(), |code| codes.contains(&code));
    let holds = (400..500).contains(&response.status) && right_code;
    Finding::of(holds, format!("a refusal with {}", one_of(codes)), in_words(response)).at(exchange)
}

/// The request was refused, whatever the code.
pub fn refused(exchange: &Exchange) -> Finding {
    Finding::of_refusal(exchange, "a refusal (4xx)")
}

/// Whoever must not have it was refused what the TPP itself is given: what nobody is given shows nothing. A payment that is
/// taken and rejected in one answer is refused, and a list without anything in it tells nothing.
pub fn refused_beside(exchange: &Exchange, own: &Exchange, words: &Vocabulary) -> Finding {
    let finding = match exchange.response().filter(|response| response.status < 300) {
        Some(response) if refuses_all_the_same(exchange, response, words) => {
            Finding::of(true, "a refusal (4xx)", format!("{}: nothing was given", in_words(response))).at(exchange)
        }
        _ => refused(exchange),
    };
    if !matches!(finding, Finding::Holds(_)) {
        return finding;
    }
    let is_optional = matches!(own.operation, Operation::AuthorisationList | Operation::OrderDetails);
    match own.status() {
        Some(..300) => finding,
        Some(400..=499) if is_optional => Finding::Beside(format!("{}: the bank does not offer it", own.purpose)),
        Some(404 | 405 | 501) => Finding::Beside(format!("{}: the bank does not offer it", own.purpose)),
        Some(status) => Finding::Unclear(format!("{}: the TPP itself was answered {status}", own.purpose)),
        None => Finding::Unclear(format!("{}: the TPP itself got no answer", own.purpose)),
    }
}

fn refuses_all_the_same(exchange: &Exchange, response: &Response, words: &Vocabulary) -> bool {
    match exchange.operation {
        Operation::Initiation => {
            words.status_in(response).and_then(|status| words.stage(&status)) == Some(Stage::Rejected)
        }
        Operation::AuthorisationList => {
            let list = response.json().and_then(|json| json.pointer(words.authorisations)?.as_array().cloned());
            list.is_some_and(|list| list.is_empty())
        }
        _ => false,
    }
}

/// Not a cent has moved.
pub fn not_executed(exchange: &Exchange, words: &Vocabulary) -> Finding {
    let good = |status: &str| words.stage(status) != Some(Stage::Executed);
    status_is(exchange, words, "a status from before execution", good)
}

/// The bank has neither accepted nor executed it. A status that it had before the customer was asked says that its form,
/// its account and its funds were checked, and not that the customer has agreed (ISO 20022, ACCP and ACFC).
pub fn neither_accepted_nor_executed(exchange: &Exchange, words: &Vocabulary, at_first: Option<&str>) -> Finding {
    let as_before = |status: &str| words.only_checked.contains(&status) && at_first == Some(status);
    let is_accepted =
        |status: &str| words.stage(status).is_some_and(Stage::is_accepted) || words.agreed.contains(&status);
    let good = |status: &str| !is_accepted(status) || as_before(status);
    // What is gone is not accepted.
    if let Some(response) = exchange.response()
        && (response.status == 404 || error_code(response).is_some_and(|code| words.unknown.contains(&code.as_str())))
    {
        return Finding::of(true, "rejected, cancelled, or gone", in_words(response)).at(exchange);
    }
    status_is(exchange, words, "rejected, cancelled, or a status from before acceptance", good)
}

/// Whatever was done at the bank's pages has not made it accepted. What was so before anybody was asked is for one check to
/// say, and shows nothing here.
pub fn not_accepted_by_that(exchange: &Exchange, words: &Vocabulary, at_first: Option<&str>) -> Finding {
    let is_accepted =
        |status: &str| words.stage(status).is_some_and(Stage::is_accepted) || words.agreed.contains(&status);
    let was_so = at_first.filter(|status| is_accepted(status) && !words.only_checked.contains(status));
    match (neither_accepted_nor_executed(exchange, words, at_first), was_so) {
        (Finding::Broken(_), Some(status)) => {
            Finding::Unclear(format!("the bank told {status} before anybody had been asked"))
        }
        (finding, _) => finding,
    }
}

/// The status that is told is a good one.
pub(super) fn status_is(
    exchange: &Exchange,
    words: &Vocabulary,
    expected: &str,
    good: impl Fn(&str) -> bool,
) -> Finding {
    let response = response_of!(exchange);
    match words.status_in(response).filter(|_| response.status == 200) {
        Some(status) => Finding::of(good(&status), expected, format!("{} {status}", words.status_name)).at(exchange),
        None => Finding::Unclear(format!("{}: the bank answered {}", exchange.purpose, in_words(response))),
    }
}

/// Nothing of the payment was shown.
pub fn not_shown(exchange: &Exchange) -> Finding {
    Finding::of_refusal(exchange, "a refusal with 401, 403 or 404")
}

/// The customer was sent to that address, whole.
pub fn sent_to(facts: &AuthorizationFacts, address: &str) -> Finding {
    let (holds, landed) = match &facts.walk_end {
        WalkEnd::CalledBack { url, .. } => {
            (super::landing::is_at(url, address), url.split('?').next().unwrap_or_default().to_owned())
        }
        other => (false, other.to_string()),
    };
    let finding = Finding::of(holds, format!("the PSU is sent to {address}"), format!("the PSU landed at {landed}"));
    super::authorization::unless_unsure(facts, holds, finding)
}

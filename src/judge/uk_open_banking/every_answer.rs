//! Answers of a whole run.

use std::sync::Arc;

use serde_json::Value;

use super::{data, is_uuid};
use crate::{
    evidence::{exchange::Exchange, operation::Operation},
    judge::{
        Finding,
        every_answer::all,
        unreadable,
        vocabulary::uk_open_banking::{Consent, Release},
    },
};

type Answers<'a> = &'a [Arc<Exchange>];

/// Every answer carries the interaction id of its request, or one of its own where the request had none.
pub fn carry_interaction_id(answers: Answers<'_>) -> Finding {
    all(answers, "the x-fapi-interaction-id of the request in every answer", |exchange, response| {
        let sent = exchange.request.header("x-fapi-interaction-id").filter(|id| is_uuid(id));
        let returned = response.header("x-fapi-interaction-id");
        let good = returned.is_some_and(|id| sent.map_or(is_uuid(id), |sent| id.eq_ignore_ascii_case(sent)));
        good.then_some(()).ok_or_else(|| format!("x-fapi-interaction-id: {}", returned.unwrap_or("none")))
    })
}

/// Every status is published for what it is a status of; a consent begins by waiting for the customer, or nowhere.
pub fn statuses_published(answers: Answers<'_>, release: &Release) -> Finding {
    all(answers, "a published Status", |exchange, response| {
        let data = data(response);
        let Some(status) = data["Status"].as_str().filter(|_| response.status < 300) else { return Ok(()) };
        let good = match exchange.operation {
            Operation::Order | Operation::OrderStatus => release.words.stage(status).is_some(),
            Operation::Initiation => {
                matches!(release.consent(status), Some(Consent::Awaiting | Consent::Rejected))
            }
            _ => release.consent(status).is_some(),
        };
        good.then_some(()).ok_or_else(|| format!("Status \"{status}\""))
    })
}

/// Every error that says something has the published form; a bare one is lawful.
pub fn errors_published(answers: Answers<'_>, release: &Release) -> Finding {
    all(answers, "an error object as published, as JSON", |_, response| {
        // What cannot be read is for another check.
        if response.status < 400 || response.body.is_empty() || unreadable(response).is_some() {
            return Ok(());
        }
        let kind = response.header("content-type").unwrap_or("none").to_ascii_lowercase();
        if !kind.starts_with("application/json") && !kind.starts_with("application/jose+jwe") {
            return Err(format!("status {} as {kind}", response.status));
        }
        match response.json().map(|json| complaint(&json, release)) {
            Some(None) => Ok(()),
            Some(Some(what)) => Err(format!("status {}: {what}", response.status)),
            None => Err(format!("status {} with a body that is no JSON", response.status)),
        }
    })
}

/// What is wrong with an error object (code sets; the schemas of both releases).
fn complaint(json: &Value, release: &Release) -> Option<String> {
    let short = |value: &Value, longest: usize| value.as_str().is_some_and(|text| text.chars().count() <= longest);
    let optional = |value: &Value, longest: usize| value.is_null() || short(value, longest);
    let errors = json["Errors"].as_array().filter(|errors| !errors.is_empty());
    let Some(errors) = errors else { return Some("no Errors".into()) };
    // 3.1.11 wants all that 4.0 leaves optional.
    if release.code_length.is_none() && !(short(&json["Code"], 40) && short(&json["Message"], 500)) {
        return Some("no Code or no Message".into());
    }
    if !optional(&json["Id"], 40) {
        return Some("an Id of more than 40 characters".into());
    }
    errors.iter().find_map(|error| {
        let code = error["ErrorCode"].as_str().unwrap_or_default();
        let right_length = release.code_length.is_none_or(|length| code.chars().count() == length);
        match () {
            () if code.is_empty() || !right_length => Some(format!("ErrorCode \"{code}\"")),
            () if !optional(&error["Message"], 500) || !optional(&error["Path"], 500) => {
                Some("a Message or Path of more than 500 characters".into())
            }
            () if release.code_length.is_none() && error["Message"].is_null() => {
                Some("an error without Message".into())
            }
            () => None,
        }
    })
}

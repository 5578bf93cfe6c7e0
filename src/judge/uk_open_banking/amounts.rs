//! Amounts: how much they are, and how they are written (OBActiveCurrencyAndAmount of Read/Write 3.1.11 and 4.0).

use std::sync::Arc;

use serde_json::Value;

use crate::{
    evidence::exchange::Exchange,
    judge::{
        Finding,
        every_answer::{Answers, all},
    },
};

/// Digits before the point, and after it.
const LONGEST: (usize, usize) = (13, 5);

/// Every amount that is told is a text of the published form: `^\d{1,13}$|^\d{1,13}\.\d{1,5}$`. Zeros at its end are within it.
pub fn amounts_published(answers: Answers<'_>) -> Finding {
    let tells = |exchange: &&Arc<Exchange>| {
        let json = exchange.response().filter(|response| response.status < 300).and_then(|response| response.json());
        json.is_some_and(|json| !amounts(&json["Data"]).is_empty())
    };
    let telling: Vec<Arc<Exchange>> = answers.iter().filter(tells).cloned().collect();
    if telling.is_empty() {
        return Finding::Beside("no answer of this run tells an amount".into());
    }
    let expected = "amounts as texts, with 13 digits at most and 5 decimals after a point at most";
    all(&telling, expected, |_, response| {
        let json = response.json().unwrap_or_default();
        match amounts(&json["Data"]).into_iter().find(|amount| !has_form(amount)) {
            Some(other) => Err(format!("Amount {other}")),
            None => Ok(()),
        }
    })
}

/// Every member `Amount` that has its currency beside it.
fn amounts(json: &Value) -> Vec<Value> {
    match json {
        Value::Object(members) => {
            let own = members.get("Amount").filter(|amount| !amount.is_object() && members.contains_key("Currency"));
            own.cloned().into_iter().chain(members.values().flat_map(amounts)).collect()
        }
        Value::Array(items) => items.iter().flat_map(amounts).collect(),
        _ => Vec::new(),
    }
}

fn has_form(amount: &Value) -> bool {
    let digits = |part: &str, most| (1..=most).contains(&part.len()) && part.bytes().all(|one| one.is_ascii_digit());
    amount.as_str().is_some_and(|text| match text.split_once('.') {
        Some((whole, decimals)) => digits(whole, LONGEST.0) && digits(decimals, LONGEST.1),
        None => digits(text, LONGEST.0),
    })
}

/// How much an amount is, in one spelling, whatever zeros it has; nothing where nobody can say.
pub(super) fn how_much(amount: &Value) -> Option<String> {
    let text = match amount {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    let is_number = !whole.is_empty() && whole.bytes().chain(decimals.bytes()).all(|octet| octet.is_ascii_digit());
    let plain = || format!("{}.{}", whole.trim_start_matches('0'), decimals.trim_end_matches('0'));
    is_number.then(plain)
}

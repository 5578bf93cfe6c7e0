//! Consents and orders that are told, beside what was asked for (UK Open Banking Read/Write 3.1.11 and 4.0).

use std::{collections::HashMap, sync::Arc};

use serde_json::Value;

use super::{amounts, data, sent};
use crate::{
    evidence::{exchange::Exchange, operation::Operation},
    judge::{
        Finding,
        every_answer::{Answers, all},
    },
};

/// Where the recorder has put something in a value's place.
type Redacted<'a> = &'a dyn Fn(&str) -> String;

/// Every consent and every order that is told is what was asked for, member by member: the bank changes nothing in Initiation,
/// and tells all of it. What else it knows is its own. Amounts count by how much they are; what form they have is for another
/// check. `redacted` is a value as the recorder has it: accounts are no secret of a bank that writes them in groups.
pub fn payments_as_asked(answers: Answers<'_>, redacted: impl Fn(&str) -> String) -> Finding {
    let mut asked: HashMap<String, Value> = HashMap::new();
    for exchange in answers.iter().filter(|exchange| is_asking(exchange)) {
        // Under one idempotency key the first request is the one that counts.
        let request = sent(exchange);
        id(exchange).into_iter().for_each(|id| _ = asked.entry(id).or_insert_with(|| request.clone()));
    }
    let is_known = |exchange: &&Arc<Exchange>| id(exchange).is_some_and(|id| asked.contains_key(&id));
    let told: Vec<Arc<Exchange>> = answers.iter().filter(is_known).cloned().collect();
    if told.is_empty() {
        return Finding::Beside("no consent and no order of this run tells what it is for".into());
    }
    all(&told, "Initiation and Risk as they were asked for", |exchange, response| {
        let asked = id(exchange).and_then(|id| asked.get(&id));
        let others = asked.map(|asked| {
            let initiation = differences(&data(response)["Initiation"], &asked["Data"]["Initiation"], &redacted);
            let risk = response.json().unwrap_or_default()["Risk"].take();
            // Only what waits for the customer has a Risk; that it has one at all is for another check.
            let risk = if risk.is_object() { differences(&risk, &asked["Risk"], &redacted) } else { Vec::new() };
            initiation.into_iter().chain(risk).collect::<Vec<_>>()
        });
        let others = others.unwrap_or_default();
        if others.is_empty() { Ok(()) } else { Err(others.join(", ")) }
    })
}

fn is_asking(exchange: &Exchange) -> bool {
    matches!(exchange.operation, Operation::Initiation | Operation::Order) && &*exchange.request.method == "POST"
}

/// The id of the consent or the order that an answer tells of, where it tells what that is for.
fn id(exchange: &Exchange) -> Option<String> {
    let name = match exchange.operation {
        Operation::Order | Operation::OrderStatus => "DomesticPaymentId",
        _ => "ConsentId",
    };
    let data = data(exchange.response().filter(|response| response.status < 300)?);
    let id = data[name].as_str().filter(|_| data["Initiation"].is_object())?;
    Some(format!("{name} {id}"))
}

/// What is told otherwise than it was asked for, or not at all, by its names.
pub(super) fn differences(told: &Value, asked: &Value, redacted: Redacted<'_>) -> Vec<String> {
    let mut found = Vec::new();
    compare(told, asked, "", redacted, &mut found);
    found
}

fn compare(told: &Value, asked: &Value, name: &str, redacted: Redacted<'_>, found: &mut Vec<String>) {
    let below = |member: &str| if name.is_empty() { member.to_owned() } else { format!("{name}.{member}") };
    match (told, asked) {
        // What the bank knows besides is its own.
        (_, Value::Null) => {}
        (Value::Null, _) => found.push(format!("no {name}")),
        (Value::Object(_), Value::Object(asked)) => {
            for (member, value) in asked {
                compare(&told[member], value, &below(member), redacted, found);
            }
        }
        (Value::Array(told), Value::Array(asked)) if told.len() == asked.len() => {
            told.iter().zip(asked).for_each(|(told, asked)| compare(told, asked, name, redacted, found));
        }
        _ if is_same(told, asked, name, redacted) => {}
        _ => found.push(format!("another {name}")),
    }
}

fn is_same(told: &Value, asked: &Value, name: &str, redacted: Redacted<'_>) -> bool {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.split_whitespace().collect::<Vec<_>>().join(" ")),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    };
    let both = text(told).zip(text(asked));
    both.is_some_and(|(one, other)| match name.rsplit('.').next() {
        Some("Amount") => match (amounts::how_much(told), amounts::how_much(asked)) {
            (Some(told), Some(asked)) => told == asked,
            // How much that is nobody can say.
            _ => true,
        },
        Some("Identification" | "SecondaryIdentification") => {
            let plain = |text: &str| redacted(&text.replace(' ', ""));
            plain(&one) == plain(&other)
        }
        _ => one == other,
    })
}

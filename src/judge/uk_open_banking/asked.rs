//! Consents and orders that are told, beside what was asked for (UK Open Banking Read/Write 3.1.11 and 4.0).

use std::{collections::HashMap, sync::Arc};

use serde_json::Value;

use super::{data, sent};
use crate::{
    evidence::{exchange::Exchange, operation::Operation},
    judge::{
        Finding,
        every_answer::{Answers, all},
    },
};

/// What the customer's money goes by.
const MEMBERS: [&str; 6] = [
    "/InstructedAmount/Amount",
    "/InstructedAmount/Currency",
    "/CreditorAccount/SchemeName",
    "/CreditorAccount/Identification",
    "/InstructionIdentification",
    "/EndToEndIdentification",
];

/// Every consent and every order that is told is what was asked for. Amounts may be written with other zeros at their end; what
/// is left out is not told, and what else the bank knows is its own.
pub fn payments_as_asked(answers: Answers<'_>) -> Finding {
    let mut asked: HashMap<String, Value> = HashMap::new();
    for exchange in answers.iter().filter(|exchange| is_asking(exchange)) {
        // Under one idempotency key the first request is the one that counts.
        let initiation = sent(exchange)["Data"]["Initiation"].take();
        id(exchange).into_iter().for_each(|id| _ = asked.entry(id).or_insert_with(|| initiation.clone()));
    }
    let is_known = |exchange: &&Arc<Exchange>| id(exchange).is_some_and(|id| asked.contains_key(&id));
    let told: Vec<Arc<Exchange>> = answers.iter().filter(is_known).cloned().collect();
    if told.is_empty() {
        return Finding::Beside("no consent and no order of this run tells what it is for".into());
    }
    all(&told, "amount, payee and references as they were asked for", |exchange, response| {
        let asked = id(exchange).and_then(|id| asked.get(&id));
        let others = asked.map(|asked| differences(&data(response)["Initiation"], asked)).unwrap_or_default();
        if others.is_empty() { Ok(()) } else { Err(format!("another {}", others.join(", "))) }
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

fn differences(told: &Value, asked: &Value) -> Vec<&'static str> {
    let text = |json: &Value, member: &str| json.pointer(member).and_then(Value::as_str).map(plain);
    let differs = |member: &&str| {
        let both = text(told, member).zip(text(asked, member));
        both.is_some_and(|(told, asked)| told != asked)
    };
    MEMBERS.into_iter().filter(differs).map(|member| member.rsplit('/').next().unwrap_or_default()).collect()
}

/// Without the zeros at the end of an amount that say nothing, and without space.
fn plain(text: &str) -> String {
    let text: String = text.split_whitespace().collect();
    match text.split_once('.') {
        Some((whole, rest)) if text.bytes().all(|octet| octet.is_ascii_digit() || octet == b'.') => {
            format!("{whole}.{}", rest.trim_end_matches('0')).trim_end_matches('.').to_owned()
        }
        _ => text,
    }
}

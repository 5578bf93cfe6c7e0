//! Payments that are read, beside what was ordered (Berlin Group NextGenPSD2 1.3).

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use serde_json::Value;

use crate::{
    evidence::{berlin_group::requests_by_id, exchange::Exchange, json, operation::Operation},
    judge::{
        Finding,
        every_answer::{Answers, all},
    },
};

/// Every payment has an id of its own. What is sent once more under the same X-Request-ID may bring what it brought before.
pub fn ids_differ(answers: Answers<'_>) -> Finding {
    let taken: Vec<Arc<Exchange>> = answers.iter().filter(|exchange| order(exchange).is_some()).cloned().collect();
    if taken.is_empty() {
        return Finding::Beside("no payment was initiated in this run".into());
    }
    let requests = requests_by_id(answers);
    all(&taken, "a paymentId that no other payment has", |exchange, _| {
        let Some((id, _)) = order(exchange) else { return Ok(()) };
        let times = requests.get(&id).map_or(0, BTreeSet::len);
        if times > 1 { Err(format!("paymentId {id}, as {times} payments have it")) } else { Ok(()) }
    })
}

/// Every payment that is read is the one that was initiated: amount, currency, both accounts, the payee and the references.
/// Amounts may be written with other zeros at their end, account numbers with spaces and texts in other letters; amount and
/// payee's account must be there (`paymentInitiationWithStatusResponse`), and what else is left out is not told. `redacted` is a
/// value as the recorder has it: accounts are no secret of a bank that writes them in groups.
pub fn payments_as_ordered(answers: Answers<'_>, redacted: impl Fn(&str) -> String) -> Finding {
    let mut ordered: HashMap<String, Value> = answers.iter().filter_map(|exchange| order(exchange)).collect();
    // Which of several payments with one id is meant nobody knows; another check speaks of them.
    let requests = requests_by_id(answers);
    ordered.retain(|id, _| requests.get(id).is_some_and(|requests| requests.len() == 1));
    let read: Vec<Arc<Exchange>> = answers.iter().filter(|exchange| payment(exchange).is_some()).cloned().collect();
    if read.is_empty() {
        return Finding::Beside("no payment was read in this run".into());
    }
    all(&read, "amount, currency, accounts, payee and references as they were ordered", |exchange, _| {
        let Some(told) = payment(exchange) else { return Ok(()) };
        let id = exchange.request.url.rsplit('/').next().unwrap_or_default();
        let others = ordered.get(id).map(|ordered| differences(&told, ordered, &redacted)).unwrap_or_default();
        if others.is_empty() { Ok(()) } else { Err(others.join(", ")) }
    })
}

/// An initiation that brought a payment: its id and what was ordered.
fn order(exchange: &Exchange) -> Option<(String, Value)> {
    let response = exchange.response().filter(|response| response.status < 300)?;
    let is_order = exchange.operation == Operation::Initiation;
    let id = response.json()?["paymentId"].as_str().filter(|_| is_order)?.to_owned();
    Some((id, json::read(&exchange.request.body)?))
}

/// A payment as it is read.
fn payment(exchange: &Exchange) -> Option<Value> {
    let response = exchange.response().filter(|response| response.status == 200)?;
    let is_read = exchange.operation == Operation::Payment && &*exchange.request.method == "GET";
    response.json().filter(|json| is_read && json.is_object())
}

/// What a payment that is read has, where it was ordered.
const NEEDED: [&str; 2] = ["instructedAmount", "creditorAccount"];

/// What it is called, where it stands, and how it is written plainly.
type Member<'a> = (&'a str, &'a [&'a str], &'a dyn Fn(String) -> String);

pub(super) fn differences(told: &Value, ordered: &Value, redacted: impl Fn(&str) -> String) -> Vec<String> {
    let text = |json: &Value, path: &[&str]| {
        let value = path.iter().try_fold(json, |json, name| json.get(*name))?;
        // That an amount is text is for a schema to say: here it counts how much it is.
        value.as_str().map(str::to_owned).or_else(|| value.as_number().map(ToString::to_string))
    };
    let account = |value: String| redacted(&value.split_whitespace().collect::<String>());
    let members: [Member<'_>; 7] = [
        ("amount", &["instructedAmount", "amount"], &|value| number(&value)),
        ("currency", &["instructedAmount", "currency"], &|value| value),
        ("creditorAccount", &["creditorAccount", "iban"], &account),
        ("debtorAccount", &["debtorAccount", "iban"], &account),
        ("creditorName", &["creditorName"], &|value| folded(&value)),
        ("endToEndIdentification", &["endToEndIdentification"], &|value| value.trim().to_owned()),
        ("remittanceInformationUnstructured", &["remittanceInformationUnstructured"], &|value| folded(&value)),
    ];
    let different = members.iter().filter_map(|(name, path, plain)| {
        let (told, ordered) = (plain(text(told, path)?), plain(text(ordered, path)?));
        (told != ordered).then(|| format!("{name} {told} instead of {ordered}"))
    });
    let missing = NEEDED.iter().filter(|name| told[**name].is_null() && !ordered[**name].is_null());
    different.chain(missing.map(|name| format!("no {name}"))).collect()
}

/// Banks write texts in capitals, with single spaces, and with a space for a character that their payments do not have.
fn folded(text: &str) -> String {
    let kept: String =
        text.chars().map(|character| if character.is_alphanumeric() { character } else { ' ' }).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// A decimal without the zeros that say nothing.
fn number(text: &str) -> String {
    let (whole, rest) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let (whole, rest) = (whole.trim_start_matches('0'), rest.trim_end_matches('0'));
    format!("{whole}.{rest}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_read_is_what_was_ordered_however_it_is_written() {
        let ordered = json!({
            "instructedAmount": { "amount": "12.50", "currency": "EUR" }, "creditorName": "Shop",
            "creditorAccount": { "iban": "DE12500105170648489890" }, "debtorAccount": { "iban": "‹account:1›" },
            "endToEndIdentification": "BP-1", "remittanceInformationUnstructured": "Order no. 7, thanks",
        });
        let redacted = |text: &str| text.replace("DE75512108001245126199", "‹account:1›");
        let with = |change: fn(&mut Value)| {
            let mut told = ordered.clone();
            change(&mut told);
            differences(&told, &ordered, redacted)
        };
        for lawful in [
            (|_| {}) as fn(&mut Value),
            |told| told["instructedAmount"]["amount"] = json!("12.5"),
            |told| told["instructedAmount"]["amount"] = json!("12.500"),
            |told| told["instructedAmount"]["amount"] = json!("0012.50"),
            |told| told["instructedAmount"]["amount"] = json!(12.5),
            |told| told["creditorName"] = json!("  SHOP "),
            |told| told["creditorAccount"]["iban"] = json!("DE12 5001 0517 0648 4898 90"),
            |told| told["debtorAccount"]["iban"] = json!("DE75 5121 0800 1245 1261 99"),
            |told| told["creditorName"] = Value::Null,
            |told| told["remittanceInformationUnstructured"] = json!("ORDER NO  7  THANKS"),
            |told| told["remittanceInformationUnstructured"] = Value::Null,
            |told| told["endToEndIdentification"] = Value::Null,
            |told| told["creditorAccount"] = json!({ "bban": "500105170648489890" }),
            |told| told["transactionStatus"] = json!("ACSC"),
        ] {
            assert_eq!(with(lawful), [] as [String; 0]);
        }
        for (wrong, name) in [
            ((|told| told["instructedAmount"]["amount"] = json!("12.51")) as fn(&mut Value), "amount"),
            (|told| told["instructedAmount"]["amount"] = json!("125.0"), "amount"),
            (|told| told["instructedAmount"]["amount"] = json!(999.99), "amount"),
            (|told| told["instructedAmount"]["currency"] = json!("USD"), "currency"),
            (|told| told["creditorAccount"]["iban"] = json!("DE89370400440532013000"), "creditorAccount"),
            (|told| told["debtorAccount"]["iban"] = json!("DE89370400440532013000"), "debtorAccount"),
            (|told| told["creditorName"] = json!("Somebody"), "creditorName"),
            (|told| told["endToEndIdentification"] = json!("BP-2"), "endToEnd"),
            (|told| told["remittanceInformationUnstructured"] = json!("Order no. 8"), "remittance"),
            (|told| told["instructedAmount"] = Value::Null, "no instructedAmount"),
            (|told| drop(told.as_object_mut().unwrap().remove("creditorAccount")), "no creditorAccount"),
        ] {
            assert!(with(wrong).iter().any(|said| said.starts_with(name)), "{name}");
        }
    }
}

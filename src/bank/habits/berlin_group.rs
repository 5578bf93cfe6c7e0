//! Berlin Group's payments spelt, started, settled and cancelled otherwise, and its answers in other words.

use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::Habit;
use super::answers::Answer;
use crate::bank::berlin_group;
use crate::bank::http::Incoming;
use crate::bank::model::world::World;

pub(super) const ROWS: &[Habit] = &[
    Habit {
        id: "accepted-profile-before-sca",
        says: "says ACCP once form and account are checked, before the customer is asked and after a denial, then ACSP until \
               it settles the next day (ISO 20022 ExternalPaymentTransactionStatus1Code); calls a new authorisation \
               psuIdentified and a final one unconfirmed; and forgets cancelled payments (RFC 9110 15.5.5)",
    },
    Habit {
        id: "relative-links",
        says: "writes links without the host (BG-links-href), and ids of payments with characters that paths may have \
               (RFC 3986 3.3)",
    },
    Habit {
        id: "api-below-a-path",
        says: "has its API below a path, and writes links from the root of the host (BG-links-href, RFC 3986 4.2)",
    },
    Habit {
        id: "technical-checks-first",
        says: "says ACTC until the customer has agreed, and ACFC until it settles (ISO 20022 \
               ExternalPaymentTransactionStatus1Code)",
    },
    Habit {
        id: "rejects-what-it-took",
        says: "takes a payment to an account that cannot be, and rejects it in the same answer (NextGenPSD2 5.3.1, \
               transactionStatus RJCT)",
    },
    Habit {
        id: "sca-status-lags",
        says: "tells each scaStatus, and that a payment was cancelled, a second late: its servers tell one another, and no \
               clause gives a time",
    },
    Habit {
        id: "sca-status-untold-at-first",
        says: "does not know the scaStatus of an authorisation before the customer has come (RFC 9110 15.5.5; no clause says \
               from when it is told)",
    },
    Habit {
        id: "links-by-handle",
        says: "has names of its own in its links, beside the paymentId by which it knows a payment too (BG-links-href)",
    },
    Habit {
        id: "explicit-start-alone",
        says: "leaves it to the TPP to start each authorisation, whatever the TPP prefers, and then sends it to OAuth \
               (BG-links-start-authorisation)",
    },
    Habit {
        id: "implicit-start-alone",
        says: "starts each authorisation itself, though the TPP would rather, and refuses a second one \
               (BG-authorisations-conflict; what the TPP prefers is no order)",
    },
    Habit {
        id: "cancellation-by-psu",
        says: "has the customer authorise cancellations, and answers 202 (BG-cancellation-answer)",
    },
    Habit {
        id: "redirect-alone",
        says: "authorises payments on its own pages and not by OAuth (BG-links-sca-redirect)",
    },
    Habit {
        id: "sca-exempted",
        says: "exempts every payment from strong customer authentication, small as they are (RTS Art. 16 and 18)",
    },
];

/// Whether that is asked of Berlin Group's API.
pub(super) fn is_payment_api(incoming: &Incoming) -> bool {
    berlin_group::is_path(&incoming.path)
}

/// What is wrong with an account is found out after the payment was taken.
pub(super) fn rejects(world: &World, incoming: &Incoming, answer: &mut Answer) {
    let Some(json) = answer.json().filter(|_| is_payment_api(incoming) && answer.is_error()) else { return };
    let text = json["tppMessages"][0]["text"].as_str().unwrap_or_default();
    if incoming.method != Method::POST || !text.starts_with("the check digits") {
        return;
    }
    let id = world.random.uuid().to_string();
    answer.parts.status = StatusCode::CREATED;
    let messages = json!([{ "category": "ERROR", "code": "PAYMENT_FAILED", "text": text }]);
    let links = json!({ "self": { "href": format!("{}/{id}", incoming.path) } });
    answer.say(&json!({ "transactionStatus": "RJCT", "paymentId": id, "_links": links, "tppMessages": messages }));
}

/// An error that says there is nothing, in the place of another.
pub(super) fn say_unknown(answer: &mut Answer) {
    if answer.json().is_some_and(|json| json["tppMessages"].is_array()) {
        let message =
            json!({ "category": "ERROR", "code": "RESOURCE_UNKNOWN", "text": "there is nothing at this path" });
        answer.say(&json!({ "tppMessages": [message] }));
    }
}

/// The path that the API lies below.
pub(in crate::bank) const BELOW: &str = "/xs2a/psd2-api";

/// The request as the API is asked it, wherever that lies.
pub(in crate::bank) fn below_a_path(world: &World, incoming: Incoming) -> Incoming {
    match incoming.path.strip_prefix(BELOW).map(str::to_owned) {
        Some(path) if world.habits.has("api-below-a-path") => Incoming { path, ..incoming },
        _ => incoming,
    }
}

/// Begins the name that a payment has in links.
const HANDLE: &str = "by-name-";

/// What a payment is called in links.
pub(in crate::bank) fn handle(world: &World, payment: &str) -> String {
    match world.habits.has("links-by-handle") {
        true => format!("{HANDLE}{}", payment.chars().rev().collect::<String>()),
        false => payment.to_owned(),
    }
}

/// The payment that is called so.
pub(in crate::bank) fn called(world: &World, name: &str) -> String {
    match name.strip_prefix(HANDLE).filter(|_| world.habits.has("links-by-handle")) {
        Some(reversed) => reversed.chars().rev().collect(),
        None => name.to_owned(),
    }
}

/// A payment as the bank keeps it.
pub(in crate::bank) fn read_back(world: &World, payment: &mut Map<String, Value>) {
    if !world.habits.has("reads-back-normalised") {
        return;
    }
    if let Some(amount) = payment.get_mut("instructedAmount").and_then(|it| it.get_mut("amount")) {
        amount_as_kept(world, amount);
    }
    for account in ["debtorAccount", "creditorAccount"] {
        if let Some(account) = payment.get_mut(account).and_then(Value::as_object_mut) {
            account.insert("currency".to_owned(), json!("EUR"));
        }
    }
    payment.insert("creditorAgent".to_owned(), json!("COBADEFFXXX"));
    payment.insert("debtorName".to_owned(), json!(world.customer.name));
    payment.insert("batchBookingPreferred".to_owned(), Value::Null);
}

/// An amount without the zeros that say nothing.
pub(in crate::bank) fn amount_as_kept(world: &World, amount: &mut Value) {
    let text = amount.as_str().filter(|text| text.contains('.')).map(str::to_owned);
    if let Some(text) = text.filter(|_| world.habits.has("reads-back-normalised")) {
        *amount = json!(text.trim_end_matches('0').trim_end_matches('.'));
    }
}

/// What stands in the place of a code: status, code.
const OTHER_MESSAGES: [(&str, &str, u16, &str); 5] = [
    ("PRODUCT_UNKNOWN", "", 403, "PRODUCT_INVALID"),
    ("RESOURCE_UNKNOWN", "the payment is not", 404, "RESOURCE_UNKNOWN"),
    ("FORMAT_ERROR", "the check digits", 400, "PAYMENT_FAILED"),
    ("FORMAT_ERROR", "an amount", 400, "PAYMENT_FAILED"),
    ("SIGNATURE_INVALID", "", 401, "CERTIFICATE_INVALID"),
];

pub(super) fn as_problems(_: &World, incoming: &Incoming, answer: &mut Answer) {
    let Some(json) = answer.json().filter(|_| is_payment_api(incoming) && answer.is_error()) else { return };
    let message = &json["tppMessages"][0];
    let (code, text) = (message["code"].as_str().unwrap_or_default(), message["text"].as_str().unwrap_or_default());
    let other = OTHER_MESSAGES.iter().find(|(from, begin, _, _)| *from == code && text.starts_with(begin));
    let (status, code) = other.map_or((answer.parts.status.as_u16(), code), |(_, _, status, code)| (*status, *code));
    answer.parts.status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    answer.lines(&CONTENT_TYPE, ["application/problem+json"]);
    answer.say(&json!({
        "type": "https://bank.example/problems/request",
        "title": "The request was refused",
        "status": status,
        "detail": text,
        "code": code,
        "additionalErrors": [{ "title": "see the code", "code": code }],
    }));
}

pub(super) fn without_body(_: &World, incoming: &Incoming, answer: &mut Answer) {
    if is_payment_api(incoming) && answer.is_error() {
        answer.parts.headers.remove(CONTENT_TYPE);
        answer.body = Bytes::new();
    }
}

/// More than an answer must have: warnings, fees, links.
pub(super) fn add_members(json: &mut Value, is_error: bool) {
    let warning = json!({ "category": "WARNING", "code": "WARNING", "text": "This version will be gone next year." });
    if is_error {
        let messages = json["tppMessages"].as_array().cloned().unwrap_or_default();
        let further = json!({ "category": "ERROR", "code": "BANK_77", "text": "That is all we know." });
        json["tppMessages"] = [vec![warning], messages, vec![further]].concat().into();
        json["_links"] = json!({ "help": { "href": "/help" } });
        return;
    }
    json["psuMessage"] = json!("Thank you.");
    json["tppMessages"] = json!([warning]);
    json["transactionFees"] = json!({ "currency": "EUR", "amount": "0.00" });
    if json["_links"].is_object() {
        json["_links"]["confirmation"] = json!({ "href": "/v1/confirmations/1", "title": null });
    }
}

//! `GET` on a payment and on its status.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::{Call, TppMessage, words};
use crate::bank::habits;
use crate::bank::http;
use crate::bank::model::state::State;

/// The payment as it was sent, and its status.
pub(super) fn payment(call: &Call<'_>, state: &mut State) -> Result<Response, TppMessage> {
    let mut body = state.payments.get(call.payment).map(|payment| payment.order.clone()).unwrap_or_default();
    if call.world.faults.on("amount-read-back-differs") {
        body.insert("instructedAmount".to_owned(), json!({ "currency": "EUR", "amount": "999.99" }));
    }
    if call.world.faults.on("payee-read-back-differs") {
        body.insert("creditorAccount".to_owned(), json!({ "iban": "DE02120300000000202051" }));
    }
    if call.world.faults.on("references-read-back-differ") {
        body.insert("remittanceInformationUnstructured".to_owned(), json!("Rent for May"));
        body.insert("endToEndIdentification".to_owned(), json!("NOTPROVIDED"));
    }
    if call.world.faults.on("amount-not-read-back") {
        body.remove("instructedAmount");
    }
    misread(call, &mut body);
    habits::read_back(call.world, &mut body);
    let rejected = call.world.faults.on("rejected-where-it-is-read");
    let status = if rejected { "RJCT" } else { transaction_status(call, state) };
    body.insert("transactionStatus".to_owned(), json!(status));
    Ok(http::json(StatusCode::OK, &Value::Object(body)))
}

/// The places of faults: what is longer than a bank's own tables, and what it keeps as a number.
fn misread(call: &Call<'_>, body: &mut Map<String, Value>) {
    let faults = &call.world.faults;
    for (field, longest, fault) in [
        ("remittanceInformationUnstructured", 70, "remittance-cut-where-it-is-read"),
        ("creditorName", 35, "payee-name-cut-where-it-is-read"),
    ] {
        let text = body.get(field).and_then(Value::as_str).filter(|text| text.chars().count() > longest);
        let cut = text.filter(|_| faults.on(fault)).map(|text| text.chars().take(longest).collect::<String>());
        body.extend(cut.map(|cut| (field.to_owned(), json!(cut))));
    }
    let amount = body.get_mut("instructedAmount").and_then(|amount| amount.get_mut("amount"));
    let Some((amount, text)) = amount.and_then(|amount| amount.as_str().map(str::to_owned).map(|text| (amount, text)))
    else {
        return;
    };
    if let Some((whole, tens)) = text.strip_suffix('0').and_then(|text| text.split_once('.'))
        && tens.len() == 1
        && faults.on("cents-misread-after-zero")
    {
        *amount = json!(format!("{whole}.0{tens}"));
    }
}

/// The status alone.
pub(super) fn status(call: &Call<'_>, state: &mut State) -> Result<Response, TppMessage> {
    Ok(http::json(StatusCode::OK, &json!({ "transactionStatus": transaction_status(call, state) })))
}

fn transaction_status(call: &Call<'_>, state: &State) -> &'static str {
    state.payments.get(call.payment).map_or("RCVD", |payment| words::transaction_status(payment, call.world))
}

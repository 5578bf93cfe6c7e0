//! `DELETE` on a payment.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use super::{Call, TppMessage, words};
use crate::bank::http;
use crate::bank::model::state::State;

/// Cancels a payment that has not been executed, without asking the customer again.
pub(super) fn cancel(call: &Call<'_>, state: &mut State) -> Result<Response, TppMessage> {
    let faults = &call.world.faults;
    if let Some(payment) = state.payments.get_mut(call.payment) {
        if payment.is_final(call.world) && !faults.on("executed-payment-cancellable") {
            if faults.on("cancellation-refusal-misnamed") {
                return Err(TppMessage::format_error("the payment cannot be read"));
            }
            return Err(TppMessage::new(405, "CANCELLATION_INVALID", "the payment can no longer be cancelled"));
        }
        if call.world.habits.has("cancellation-by-psu") {
            let start = format!("{}/cancellation-authorisations", call.address(call.payment));
            let status = words::transaction_status(payment, call.world);
            let body = json!({ "transactionStatus": status, "_links": { "startAuthorisation": { "href": start } } });
            return Ok(http::json(StatusCode::ACCEPTED, &body));
        }
        if !faults.on("cancellation-without-effect") {
            payment.cancel();
        }
    }
    Ok(match faults.on("cancellation-wrong-status") {
        true => http::json(StatusCode::OK, &json!({ "transactionStatus": "CANC" })),
        false => http::empty(StatusCode::NO_CONTENT),
    })
}

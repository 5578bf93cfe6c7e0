//! `GET …/funds-confirmation`: whether the customer has the money.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use super::errors::INVALID_CONSENT_STATUS;
use super::{Call, UkError, consents, words};
use crate::bank::http;
use crate::bank::model::payment::Stage;
use crate::bank::model::state::State;

/// What the customer has, in pounds.
const BALANCE: f64 = 1_000_000.0;

pub(super) fn confirm(call: &Call<'_>, state: &mut State) -> Result<Response, UkError> {
    let (world, id) = (call.world, call.id);
    let (consent, payment) = consents::known(call, state, id)?;
    let is_authorised = payment.is_accepted() && consent.order.is_none();
    if !is_authorised && !world.faults.on("uk-funds-any-state") {
        return Err(UkError::bad_request(INVALID_CONSENT_STATUS, "the consent is not authorised"));
    }
    let available = payment.amount.parse::<f64>().is_ok_and(|amount| amount <= BALANCE);
    let told = match world.faults.on("uk-funds-not-boolean") {
        true => json!(if available { "Yes" } else { "No" }),
        false => json!(available),
    };
    let mut result = json!({ "FundsAvailableDateTime": words::date(world, world.clock.now()), "FundsAvailable": told });
    if world.faults.on("uk-funds-reject-consent")
        && let Some(payment) = state.payments.get_mut(id)
    {
        payment.stage = Stage::Rejected;
    }
    if world.faults.on("uk-funds-tell-balance") {
        result["Balance"] = json!({ "Amount": format!("{BALANCE:.2}"), "Currency": "GBP" });
    }
    let link = call.address(&format!("/domestic-payment-consents/{id}/funds-confirmation"));
    let body = json!({ "Data": { "FundsAvailableResult": result }, "Links": { "Self": link }, "Meta": {} });
    Ok(http::json(StatusCode::OK, &body))
}

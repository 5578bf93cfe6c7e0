//! `/domestic-payments`: what is paid under a consent.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::consents;
use super::errors::{CONSENT_MISMATCH, INVALID_CONSENT_STATUS};
use super::idempotency::{self, Earlier};
use super::told::{self, Place};
use super::{Call, UkError, validate, words};
use crate::bank::http;
use crate::bank::model::consent::{Consent, Order};
use crate::bank::model::payment::Payment;
use crate::bank::model::state::State;
use crate::bank::oauth::bearer;

/// `POST /domestic-payments`.
pub(super) fn create(call: &Call<'_>, state: &mut State) -> Result<Response, UkError> {
    let body: Value = serde_json::from_slice(&call.incoming.body).unwrap_or_default();
    match idempotency::earlier(call, state, &body) {
        Earlier::Nothing => {}
        // The consent is used up by now, and its order is answered all the same.
        Earlier::Same(id) => return answer(call, state, StatusCode::CREATED, &id),
        Earlier::Other(_) => return Err(idempotency::taken()),
    }
    let (consent_id, initiation, risk) = validate::order(call, &body)?;
    let (consent, payment) = consents::known(call, state, &consent_id)?;
    check_version(call, consent)?;
    check_authorisation(call, state, &consent_id, payment)?;
    if consents::is_used_up(call.world, consent) {
        return Err(UkError::bad_request(INVALID_CONSENT_STATUS, "the consent is used up"));
    }
    check_match(call, consent, &initiation, &risk)?;
    let id = call.world.random.uuid().to_string();
    let order = Order {
        owner: payment.owner.clone(),
        consent: consent_id.clone(),
        initiation,
        created_at: call.world.clock.now(),
    };
    state.orders.insert(id.clone(), order);
    if let Some(consent) = state.consents.get_mut(&consent_id) {
        consent.order = Some(id.clone());
    }
    idempotency::note(call, state, body, &id);
    answer(call, state, StatusCode::CREATED, &id)
}

/// Payment Initiation API Profile, release management.
fn check_version(call: &Call<'_>, consent: &Consent) -> Result<(), UkError> {
    match consent.version == call.version || call.world.faults.on("uk-version-mixed") {
        true => Ok(()),
        false => {
            Err(UkError::bad_request(CONSENT_MISMATCH, "the consent is one of another version").at("Data.ConsentId"))
        }
    }
}

/// The token is that of the consent, and the customer has agreed.
fn check_authorisation(call: &Call<'_>, state: &State, id: &str, payment: &Payment) -> Result<(), UkError> {
    if call.world.faults.on("uk-order-unauthorised") {
        return Ok(());
    }
    let token = bearer::holder(call.world, state, call.incoming).and_then(|(_, token)| token.intent.as_deref());
    if token.is_some_and(|own| own != id) {
        return Err(UkError::bare(StatusCode::FORBIDDEN, "the token is that of another consent"));
    }
    match payment.is_accepted() {
        true => Ok(()),
        false => Err(UkError::bad_request(INVALID_CONSENT_STATUS, "the customer has not agreed")),
    }
}

/// What is paid is what was agreed to.
fn check_match(call: &Call<'_>, consent: &Consent, initiation: &Value, risk: &Value) -> Result<(), UkError> {
    let same = |what: bool, path: &str| match what || call.world.faults.on("uk-order-mismatch") {
        true => Ok(()),
        false => Err(UkError::bad_request(CONSENT_MISMATCH, "the consent says something else").at(path)),
    };
    same(consent.data.get("Initiation") == Some(initiation), "Data.Initiation")?;
    same(consent.risk == *risk, "Risk")
}

/// `GET /domestic-payments/{DomesticPaymentId}`.
pub(super) fn read(call: &Call<'_>, state: &mut State) -> Result<Response, UkError> {
    answer(call, state, StatusCode::OK, call.id)
}

/// `GET /domestic-payments/{DomesticPaymentId}/payment-details`.
pub(super) fn details(call: &Call<'_>, state: &mut State) -> Result<Response, UkError> {
    let (world, id, order) = (call.world, call.id, known(call, state, call.id)?);
    let status = words::detailed_status(world, call.version, order);
    let details = json!({
        "PaymentTransactionId": id,
        "Status": status,
        "StatusUpdateDateTime": words::date(world, words::order_changed_at(world, order)),
        "StatusDetail": { "Status": status },
    });
    let link = call.address(&format!("/domestic-payments/{id}/payment-details"));
    let body = json!({ "Data": { "PaymentStatus": [details] }, "Links": { "Self": link }, "Meta": {} });
    Ok(http::json(StatusCode::OK, &body))
}

/// An order of the TPP that asks.
fn known<'s>(call: &Call<'_>, state: &'s State, id: &str) -> Result<&'s Order, UkError> {
    let order = state.orders.get(id).ok_or_else(|| UkError::unknown(call.world, "payment"))?;
    consents::own(call, state, &order.owner)?;
    Ok(order)
}

fn answer(call: &Call<'_>, state: &State, status: StatusCode, id: &str) -> Result<Response, UkError> {
    let (world, order) = (call.world, known(call, state, id)?);
    let place = if status == StatusCode::OK { Place::OrderRead } else { Place::OrderMade };
    let initiation = told::initiation(world, place, order.initiation.clone());
    let data = json!({
        "DomesticPaymentId": id,
        "ConsentId": order.consent,
        "CreationDateTime": words::date(world, order.created_at),
        "Status": words::order_status(world, call.version, order),
        "StatusUpdateDateTime": words::date(world, words::order_changed_at(world, order)),
        "Initiation": initiation,
    });
    let link = call.address(&format!("/domestic-payments/{id}"));
    Ok(http::json(status, &json!({ "Data": data, "Links": { "Self": link }, "Meta": {} })))
}

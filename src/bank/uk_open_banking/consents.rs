//! `/domestic-payment-consents`: what a customer is to agree to.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::idempotency::{self, Earlier};
use super::told::{self, Place};
use super::{Call, UkError, validate, words};
use crate::bank::certificate::renewal;
use crate::bank::http;
use crate::bank::model::consent::Consent;
use crate::bank::model::payment::{Payment, Stage};
use crate::bank::model::state::State;
use crate::bank::model::world::World;

/// `POST /domestic-payment-consents`.
pub(super) fn create(call: &Call<'_>, state: &mut State) -> Result<Response, UkError> {
    let body: Value = serde_json::from_slice(&call.incoming.body).unwrap_or_default();
    let faults = &call.world.faults;
    match idempotency::earlier(call, state, &body) {
        Earlier::Nothing => {}
        Earlier::Same(id) => return answer(call, state, StatusCode::CREATED, &id),
        Earlier::Other(id) if faults.on("uk-replay-overwrites") => {
            let (data, risk) = validate::consent(call, &body)?;
            if let Some(consent) = state.consents.get_mut(&id) {
                (consent.data, consent.risk) = (data, risk);
            }
            return answer(call, state, StatusCode::CREATED, &id);
        }
        Earlier::Other(_) => return Err(idempotency::taken()),
    }
    let (data, risk) = validate::consent(call, &body)?;
    let id = call.world.random.uuid().to_string();
    let payment = payment(call, state, &data);
    let now = call.world.clock.now();
    state.payments.insert(id.clone(), payment);
    state.consents.insert(id.clone(), Consent { version: call.version, data, risk, created_at: now, order: None });
    idempotency::note(call, state, body, &id);
    answer(call, state, StatusCode::CREATED, &id)
}

/// What the customer is shown, and decides about.
fn payment(call: &Call<'_>, state: &State, data: &Map<String, Value>) -> Payment {
    let initiation = data.get("Initiation").unwrap_or(&Value::Null);
    let text = |object: &str, field: &str| initiation[object][field].as_str().unwrap_or_default().to_owned();
    Payment {
        owner: call.tpp(state),
        initiated_under: call.thumbprint(),
        order: Map::new(),
        amount: text("InstructedAmount", "Amount"),
        currency: text("InstructedAmount", "Currency"),
        creditor_name: text("CreditorAccount", "Name"),
        creditor_account: text("CreditorAccount", "Identification"),
        debtor_account: text("DebtorAccount", "Identification"),
        stage: Stage::Received,
        before: None,
        changed_at: call.world.clock.now(),
        authorisations: Vec::new(),
        redirect_uri: None,
        nok_redirect_uri: None,
    }
}

/// `GET /domestic-payment-consents/{ConsentId}`.
pub(super) fn read(call: &Call<'_>, state: &mut State) -> Result<Response, UkError> {
    answer(call, state, StatusCode::OK, call.id)
}

/// A consent of the TPP that asks.
pub(super) fn known<'s>(call: &Call<'_>, state: &'s State, id: &str) -> Result<(&'s Consent, &'s Payment), UkError> {
    let found = state.consents.get(id).zip(state.payments.get(id));
    let (consent, payment) = found.ok_or_else(|| UkError::unknown(call.world, "consent"))?;
    own(call, state, &payment.owner)?;
    match renewal::parts_from_payment(call.world, call.incoming, payment) {
        true => Err(UkError::bare(StatusCode::FORBIDDEN, "the consent belongs to another certificate")),
        false => Ok((consent, payment)),
    }
}

/// RTS Art. 36 gives a TPP what concerns its own payments.
pub(super) fn own(call: &Call<'_>, state: &State, owner: &str) -> Result<(), UkError> {
    let faults = &call.world.faults;
    match call.tpp(state) == owner || faults.on("uk-owner-unchecked") || faults.leave_out("owner", call.operation) {
        true => Ok(()),
        false => Err(UkError::bare(StatusCode::FORBIDDEN, "it is another TPP's")),
    }
}

/// Whether a consent has bought its payment, and buys no other.
pub(super) fn is_used_up(world: &World, consent: &Consent) -> bool {
    consent.order.is_some() && !world.faults.on("uk-consent-reusable")
}

fn answer(call: &Call<'_>, state: &State, status: StatusCode, id: &str) -> Result<Response, UkError> {
    let (consent, payment) = known(call, state, id)?;
    let world = call.world;
    let ordered = consent.order.as_ref().and_then(|id| state.orders.get(id)).map(|order| order.created_at);
    let changed_at = ordered.unwrap_or(payment.changed_at);
    let mut data = consent.data.clone();
    let place = if status == StatusCode::OK { Place::ConsentRead } else { Place::ConsentMade };
    let initiation = data.remove("Initiation").unwrap_or_default();
    data.insert("Initiation".to_owned(), told::initiation(world, place, initiation));
    data.insert("ConsentId".to_owned(), json!(id));
    data.insert("CreationDateTime".to_owned(), json!(words::date(world, consent.created_at)));
    let told = words::consent_status(world, call.version, consent, payment);
    // Not where it is created: that is another fault.
    let is_early =
        status == StatusCode::OK && payment.is_authorisable() && world.faults.on("uk-consent-read-as-authorised");
    data.insert("Status".to_owned(), json!(if is_early { words::authorised(call.version) } else { told }));
    data.insert("StatusUpdateDateTime".to_owned(), json!(words::date(world, changed_at)));
    data.extend(words::status_reason(call.version, payment).map(|reason| ("StatusReason".to_owned(), reason)));
    let link = call.address(&format!("/domestic-payment-consents/{id}"));
    let body = json!({ "Data": data, "Risk": consent.risk, "Links": { "Self": link }, "Meta": {} });
    Ok(http::json(status, &body))
}

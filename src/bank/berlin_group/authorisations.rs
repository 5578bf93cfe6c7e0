//! The authorisation sub-resource of a payment.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, json};

use super::initiate::{ASPSP_SCA_APPROACH, approach, create_authorisation};
use super::{Call, TppMessage, words};
use crate::bank::http;
use crate::bank::model::payment::{Authorisation, Payment, ScaStatus};
use crate::bank::model::state::State;
use crate::bank::oauth::openid;

/// `POST …/authorisations`: the explicit start of the redirect approach, or of the decoupled one.
pub(super) fn start(call: &Call<'_>, state: &mut State) -> Result<Response, TppMessage> {
    let once = call.world.habits.has("implicit-start-alone");
    let may_start = |payment: &Payment| payment.is_authorisable() && (payment.authorisations.is_empty() || !once);
    if !state.payments.get(call.payment).is_some_and(may_start) {
        return Err(TppMessage::new(409, "STATUS_INVALID", "the payment can no longer be authorised"));
    }
    let id = create_authorisation(call, state, call.payment);
    let mut links = Map::new();
    let by_redirect = approach(call) == "REDIRECT";
    if by_redirect && !call.world.faults.on("authorisation-without-sca-redirect") {
        let (name, href) = match call.world.habits.has("explicit-start-alone") {
            true => ("scaOAuth", format!("{}/{}", call.world.issuer, openid::well_known(call.world))),
            false => ("scaRedirect", format!("{}/sca/{id}", call.world.issuer)),
        };
        links.insert(name.to_owned(), json!({ "href": href }));
    }
    let sca_status = format!("{}/authorisations/{id}", call.address(call.payment));
    links.insert("scaStatus".to_owned(), json!({ "href": sca_status }));
    let is_final = call.world.faults.on("authorisation-born-final");
    let status = if is_final { ScaStatus::Finalised } else { ScaStatus::Received };
    let body = json!({ "scaStatus": words::sca_status(status, call.world), "authorisationId": id, "_links": links });
    let mut response = http::json(StatusCode::CREATED, &body);
    http::set(&mut response, ASPSP_SCA_APPROACH, approach(call));
    Ok(response)
}

/// `GET …/authorisations`.
pub(super) fn list(call: &Call<'_>, state: &mut State) -> Result<Response, TppMessage> {
    let mut ids = state.payments.get(call.payment).map(|payment| payment.authorisations.clone()).unwrap_or_default();
    if call.world.faults.on("newest-authorisation-unlisted") {
        ids.pop();
    }
    Ok(http::json(StatusCode::OK, &json!({ "authorisationIds": ids })))
}

/// `GET …/authorisations/{authorisationId}`.
pub(super) fn sca_status(call: &Call<'_>, state: &mut State) -> Result<Response, TppMessage> {
    let found = state.authorisations.get(call.authorisation).filter(|found| found.payment == call.payment);
    let is_told = |found: &&Authorisation| {
        let has_come = found.told_status(call.world) != ScaStatus::Received;
        has_come || !call.world.habits.has("sca-status-untold-at-first")
    };
    match found.filter(is_told) {
        Some(found) => {
            let status = match found.told_status(call.world) {
                ScaStatus::Received if call.world.faults.on("sca-status-final-too-early") => ScaStatus::Finalised,
                status => status,
            };
            Ok(http::json(StatusCode::OK, &json!({ "scaStatus": words::sca_status(status, call.world) })))
        }
        None => Err(TppMessage::new(404, "RESOURCE_UNKNOWN", "there is no such authorisation")),
    }
}

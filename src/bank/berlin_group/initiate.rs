//! `POST /v1/payments/sepa-credit-transfers`.

use axum::http::header::LOCATION;
use axum::http::{HeaderName, StatusCode};
use axum::response::Response;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{Call, TppMessage, validate, words};
use crate::bank::http;
use crate::bank::model::payment::{Authorisation, Initiated, Payment, ScaStatus, Stage};
use crate::bank::model::state::State;
use crate::bank::oauth::openid;

pub(super) const ASPSP_SCA_APPROACH: HeaderName = HeaderName::from_static("aspsp-sca-approach");

pub(super) fn initiate(call: &Call<'_>, state: &mut State) -> Result<Response, TppMessage> {
    let body: Map<String, Value> = serde_json::from_slice(&call.incoming.body)
        .map_err(|_| TppMessage::format_error("the body is no JSON object"))?;
    let order = validate::order(call.world, &body)?;
    if let Some(answer) = once_more(call, state, &body) {
        return answer;
    }
    let habits = &call.world.habits;
    let id = call.world.random.uuid().to_string();
    let id = if habits.has("relative-links") { format!("P:{id};v=1,~(a)!*'==") } else { id };
    let id = if call.world.faults.on("payment-id-repeated") { format!("first-of-{}", call.tpp()) } else { id };
    let uri = |name| call.incoming.header(name).map(str::to_owned);
    let mut payment = Payment {
        owner: call.tpp().to_owned(),
        initiated_under: call.thumbprint(),
        order: body.clone(),
        amount: order.amount,
        currency: order.currency,
        creditor_name: order.creditor_name,
        creditor_account: order.creditor_iban,
        debtor_account: order.debtor_iban,
        stage: Stage::Received,
        before: None,
        changed_at: call.world.clock.now(),
        authorisations: Vec::new(),
        redirect_uri: uri("tpp-redirect-uri"),
        nok_redirect_uri: uri("tpp-nok-redirect-uri"),
    };
    if habits.has("sca-exempted") {
        payment.accept(call.world);
    }
    let status = words::transaction_status(&payment, call.world);
    if state.payments.get(&id).is_none() {
        state.payments.insert(id.clone(), payment);
    }
    note_certificate(call, state);
    let preferred = call.incoming.header("tpp-explicit-authorisation-preferred") == Some("true");
    let sca_link = match preferred || habits.has("explicit-start-alone") {
        _ if habits.has("sca-exempted") => Vec::new(),
        _ if habits.has("implicit-start-alone") => sca_links(call, state, &id),
        true => start_link(call, &id),
        false if is_decoupled(call) => decoupled_links(call, state, &id),
        false => sca_links(call, state, &id),
    };
    let answer = created(call, &id, status, sca_link.clone());
    if let Some(request) = request_of(call) {
        state.initiated.insert(request, Initiated { order: body, payment: id, sca_links: sca_link });
    }
    Ok(answer)
}

/// By what a request is known that is sent once more: a TPP gives each an id of its own. What is no UUID tells nothing apart.
fn request_of(call: &Call<'_>) -> Option<String> {
    let id = call.incoming.header("x-request-id").filter(|id| Uuid::try_parse(id).is_ok())?;
    Some(format!("{} {id}", call.tpp()))
}

/// What a TPP is answered that asks once more because it got no answer: what it was answered before, and no second payment.
fn once_more(call: &Call<'_>, state: &State, body: &Map<String, Value>) -> Option<Result<Response, TppMessage>> {
    let before = state.initiated.get(&request_of(call)?)?;
    let payment = state.payments.get(&before.payment)?;
    if call.world.faults.on("request-sent-again-pays-twice") {
        return None;
    }
    Some(match before.order == *body {
        true => {
            let status = words::transaction_status(payment, call.world);
            Ok(created(call, &before.payment, status, before.sca_links.clone()))
        }
        false => Err(TppMessage::format_error("the X-Request-ID belongs to another request")),
    })
}

/// Whom the bank has met, and under which certificates, oldest first.
fn note_certificate(call: &Call<'_>, state: &mut State) {
    let (tpp, Some(thumbprint)) = (call.tpp().to_owned(), call.thumbprint()) else { return };
    match state.certificates_met.get_mut(&tpp) {
        Some(met) if met.contains(&thumbprint) => {}
        Some(met) => met.push(thumbprint),
        None => state.certificates_met.insert(tpp, vec![thumbprint]),
    }
}

/// The links of the explicit start: the TPP creates the authorisation itself.
fn start_link(call: &Call<'_>, id: &str) -> Vec<(&'static str, String)> {
    let start = ("startAuthorisation", format!("{}/authorisations", call.address(id)));
    let too_early = call.world.faults.on("sca-status-link-before-authorisation");
    let status = too_early.then(|| ("scaStatus", format!("{}/authorisations/{id}", call.address(id))));
    [start].into_iter().chain(status).collect()
}

/// The links of the OAuth approach: the authorisation is there, and the customer authorises by an authorization request;
/// or those of the redirect approach.
fn sca_links(call: &Call<'_>, state: &mut State, id: &str) -> Vec<(&'static str, String)> {
    let authorisation = create_authorisation(call, state, id);
    let way = match call.world.habits.has("redirect-alone") {
        true => ("scaRedirect", format!("{}/sca/{authorisation}", call.world.issuer)),
        false => ("scaOAuth", oauth_link(call)),
    };
    let way = Some(way).filter(|_| !call.world.faults.on("sca-link-missing"));
    let status = ("scaStatus", format!("{}/authorisations/{authorisation}", call.address(id)));
    way.into_iter().chain([status]).collect()
}

fn oauth_link(call: &Call<'_>) -> String {
    let is_page = call.world.faults.on("sca-oauth-without-metadata");
    let path = if is_page { "documentation" } else { openid::well_known(call.world) };
    let link = format!("{}/{path}", call.world.issuer);
    if call.world.faults.on("sca-link-without-tls") { link.replacen("https:", "http:", 1) } else { link }
}

/// The customer is asked on its own device: all that the TPP gets is where to ask how it fares.
fn decoupled_links(call: &Call<'_>, state: &mut State, id: &str) -> Vec<(&'static str, String)> {
    let authorisation = create_authorisation(call, state, id);
    vec![("scaStatus", format!("{}/authorisations/{authorisation}", call.address(id)))]
}

/// The TPP would rather not have its customer sent anywhere, and the bank has no embedded approach (NextGenPSD2 §4.10).
fn is_decoupled(call: &Call<'_>) -> bool {
    call.world.habits.has("sca-decoupled") || call.incoming.header("tpp-redirect-preferred") == Some("false")
}

/// The `ASPSP-SCA-Approach`, which counts OAuth as a redirect.
pub(super) fn approach(call: &Call<'_>) -> &'static str {
    if is_decoupled(call) { "DECOUPLED" } else { "REDIRECT" }
}

/// A new authorisation sub-resource of a payment; the addresses come from this request, or else from the initiation.
pub(super) fn create_authorisation(call: &Call<'_>, state: &mut State, payment: &str) -> String {
    let id = call.world.random.uuid().to_string();
    let uri = |name| call.incoming.header(name).map(str::to_owned);
    if let Some(row) = state.payments.get_mut(payment) {
        row.authorisations.push(id.clone());
        let authorisation = Authorisation {
            payment: payment.to_owned(),
            status: ScaStatus::Received,
            before: None,
            redirect_uri: uri("tpp-redirect-uri").or_else(|| row.redirect_uri.clone()),
            nok_redirect_uri: uri("tpp-nok-redirect-uri").or_else(|| row.nok_redirect_uri.clone()),
            decoupled: is_decoupled(call),
            decision: None,
        };
        state.authorisations.insert(id.clone(), authorisation);
    }
    id
}

fn created(call: &Call<'_>, id: &str, status: &str, sca_links: Vec<(&'static str, String)>) -> Response {
    let address = match call.world.faults.on("links-of-another-payment") {
        true => call.address(&call.world.random.uuid().to_string()),
        false => call.address(id),
    };
    let mut links = Map::new();
    if !call.world.faults.on("payment-links-missing") {
        let own = [("self", address.clone()), ("status", format!("{address}/status"))];
        for (name, href) in own.into_iter().chain(sca_links) {
            let bare = call.world.faults.on("links-as-texts");
            links.insert(name.to_owned(), if bare { json!(href) } else { json!({ "href": href }) });
        }
    }
    let body = json!({ "transactionStatus": status, "paymentId": id, "_links": links });
    let mut response = http::json(StatusCode::CREATED, &body);
    http::set(&mut response, LOCATION, &address);
    if !call.world.faults.on("sca-approach-missing") {
        let undeclared = call.world.faults.on("sca-approach-undeclared");
        http::set(&mut response, ASPSP_SCA_APPROACH, if undeclared { "OAUTH" } else { approach(call) });
    }
    response
}

//! Pushed authorization requests (RFC 9126): examined at once, and kept for the customer's browser.

use axum::http::header::CACHE_CONTROL;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};

use super::client::authentication::{self, Endpoint};
use super::error::OAuthError;
use super::{authorize, callback, slips};
use crate::bank::http::{self, Incoming, Params};
use crate::bank::model::authorization::{AuthorizationRequest, Pushed};
use crate::bank::model::customer::Registration;
use crate::bank::model::state::State;
use crate::bank::model::world::World;
use crate::bank::rule::under;

/// How long a request is kept, in seconds.
const LIFETIME: i64 = 90;
const LONGER: i64 = 300;
/// The same with a fault.
const HOUR: i64 = 3600;
const PREFIX: &str = "urn:ietf:params:oauth:request_uri:";
const OWN_PREFIX: &str = "urn:bank.example:requests:2026:";

/// `POST /par`.
pub(in crate::bank) fn endpoint(world: &World, incoming: &Incoming) -> Response {
    let by_get = incoming.method == Method::GET && world.faults.on("par-by-get");
    if incoming.method != Method::POST && !by_get {
        return http::method_not_allowed("POST");
    }
    let status = if world.faults.on("par-answered-with-200") { StatusCode::OK } else { StatusCode::CREATED };
    let mut response = match respond(world, incoming, by_get) {
        Ok(body) => http::json(status, &body),
        Err(mut error) => {
            error.code = callback::name(world, &error);
            error.response()
        }
    };
    http::set(&mut response, CACHE_CONTROL, "no-cache, no-store");
    response
}

fn respond(world: &World, incoming: &Incoming, by_get: bool) -> Result<Value, OAuthError> {
    let params = authentication::any_parameters(incoming, by_get)?;
    let params = authentication::written_right(world, params, &slips::PUSHED)?;
    let client = authentication::authenticate(world, incoming, &params, Endpoint::PushedRequest)?;
    // RFC 9126 §2.1
    if params.get("request_uri").is_some() && !world.faults.on("par-request-uri-parameter-accepted") {
        return Err(under("request_uri")(OAuthError::invalid_request("request_uri has no place here")));
    }
    if params.get("client_id") != Some(client.client.client_id.as_str()) {
        return Err(under("client_id")(OAuthError::invalid_request("client_id is not that of the client")));
    }
    let mut state = world.state();
    let request = authorize::examine_pushed(world, &state, &params).map_err(under("authorization_request"))?;
    let is_own = world.habits.has("pushed-requests-of-five-minutes");
    let (prefix, usual) = if is_own { (OWN_PREFIX, LONGER) } else { (PREFIX, LIFETIME) };
    let name = format!("{prefix}{}", world.random.secret());
    let lifetime = if world.faults.on("pushed-request-kept-for-an-hour") { HOUR } else { usual };
    let pushed = Pushed { request, expires_at: world.clock.now().saturating_add(lifetime), used: false };
    state.pushed_requests.insert(name.clone(), pushed);
    match world.faults.on("par-without-lifetime") {
        true => Ok(json!({ "request_uri": name })),
        false => Ok(json!({ "request_uri": name, "expires_in": lifetime })),
    }
}

/// Whether everybody has to push its requests (RFC 9126 §5).
pub(in crate::bank) fn is_required_of_all(world: &World) -> bool {
    world.habits.has("par-required") || world.habits.has("unregistered-uris-when-pushed")
}

/// Whether a client has to push its requests (RFC 9126 §5 and §6).
pub(in crate::bank) fn is_required(world: &World, client: &Registration) -> bool {
    let required = client.client.must_push || is_required_of_all(world);
    required && !world.faults.on("par-requirement-unenforced")
}

/// The request that the browser's one refers to; none where it refers to nothing.
pub(in crate::bank) fn find(
    world: &World,
    state: &mut State,
    params: &Params,
) -> Option<Result<AuthorizationRequest, &'static str>> {
    let name = params.get("request_uri")?;
    Some(match slips::AUTHORIZATION.refused(world, params) {
        Some(_) => Err("The parameters of this request are written wrongly."),
        None => take(world, state, name, params.get("client_id")),
    })
}

fn take(
    world: &World,
    state: &mut State,
    name: &str,
    client_id: Option<&str>,
) -> Result<AuthorizationRequest, &'static str> {
    let faults = &world.faults;
    let pushed = state.pushed_requests.get_mut(name).filter(|_| !faults.on("pushed-request-refused"));
    let pushed = pushed.ok_or("This request is not known.")?;
    if client_id != Some(pushed.request.client_id.as_str()) && !faults.on("pushed-request-of-any-client") {
        return Err("This request is another company's.");
    }
    if world.clock.now() >= pushed.expires_at && !faults.on("pushed-request-never-expires") {
        return Err("This request has expired.");
    }
    let mut request = pushed.request.clone();
    if pushed.used {
        if !faults.on("pushed-request-reusable") {
            return Err("This request has been used.");
        }
        // What was agreed to then is agreed to again, whatever has become of the payment.
        request.intent = None;
    }
    pushed.used = true;
    Ok(request)
}

//! Which path leads where, on which listener.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::{MethodRouter, any};

use super::certificate::{proxy, revocation_status};
use super::http::{self, Incoming};
use super::model::world::World;
use super::oauth::{authorize, introspection, metadata, openid, par, revocation, token};
use super::own_site::{self, OwnSite};
use super::psu::{device, pages, session};
use super::{berlin_group, clock, cors, habits, race, rule, uk_open_banking};

type Endpoint = fn(&World, &Incoming) -> Response;

/// What the customer's browser and everybody else may reach, below the issuer's path too where it has one.
pub(super) fn front(world: Arc<World>) -> Router {
    let here = front_at_root(Arc::clone(&world));
    match world.issuer.split_once("://").and_then(|(_, rest)| rest.split_once('/')) {
        Some((_, path)) => {
            let document = format!("/.well-known/oauth-authorization-server/{path}");
            let documents =
                Router::new().route(&document, serve(openid::plain_document)).with_state(Arc::clone(&world));
            here.merge(documents).nest(&format!("/{path}"), front_at_root(world))
        }
        None => here,
    }
}

fn front_at_root(world: Arc<World>) -> Router {
    let site = OwnSite { base: world.issuer.clone(), media_types: clock::MEDIA_TYPES };
    let clock = Router::new().route("/clock", serve(clock::endpoint));
    Router::new()
        .merge(own_site::guarded(clock, site))
        .route("/.well-known/oauth-authorization-server", serve(openid::plain_document))
        .route("/.well-known/openid-configuration", serve(openid::document))
        .route("/jwks", serve(metadata::jwks))
        .route("/documentation", serve(documentation))
        .route("/authorize", serve(authorize::endpoint))
        // For clients that authenticate without a certificate.
        .route("/token", serve_tpp(token::endpoint))
        .route("/revoke", serve_tpp(revocation::endpoint))
        .route("/introspect", serve_tpp(introspection::endpoint))
        .route("/par", serve_tpp(par::endpoint))
        .route("/login", serve(session::endpoint))
        .route("/sca", serve(session::endpoint))
        .route("/sca/{authorisation}", serve(session::from_sca_redirect))
        .route("/consent", serve(session::endpoint))
        .route("/leave/{id}", serve(habits::leaving))
        .route("/device", serve(device::endpoint))
        .fallback_service(serve(nothing_here).with_state(Arc::clone(&world)))
        .with_state(world)
}

/// What TPPs may reach, with a client certificate.
pub(super) fn back(world: Arc<World>) -> Router {
    Router::new()
        .route("/token", serve_tpp(token::endpoint))
        .route("/revoke", serve_tpp(revocation::endpoint))
        .route("/introspect", serve_tpp(introspection::endpoint))
        .route("/par", serve_tpp(par::endpoint))
        .fallback_service(serve_tpp(api).with_state(Arc::clone(&world)))
        .with_state(world)
}

/// An endpoint is a plain function: it waits for nothing.
fn serve(endpoint: Endpoint) -> MethodRouter<Arc<World>> {
    any(move |State(world): State<Arc<World>>, incoming: Incoming| async move {
        let response = habits::in_our_words(&world, &incoming, endpoint(&world, &incoming));
        let response = cors::answer(&world, &incoming, response);
        habits::as_sent(&world, response).await
    })
}

/// The same for TPPs: first it is found out whether their certificate has been revoked, which nothing else waits for.
fn serve_tpp(endpoint: Endpoint) -> MethodRouter<Arc<World>> {
    any(move |State(world): State<Arc<World>>, incoming: Incoming| async move {
        let incoming = habits::below_a_path(&world, proxy::believe(&world.faults, incoming));
        revocation_status::look_up(&world, &incoming.peer).await;
        race::look_first(&world, &incoming).await;
        let response = endpoint(&world, &incoming);
        // What the payment API says is in the bank's words before it is signed.
        let is_done = is_api(&incoming.path);
        let response = if is_done { response } else { habits::in_our_words(&world, &incoming, response) };
        habits::as_sent(&world, cors::answer(&world, &incoming, response)).await
    })
}

/// The payment APIs, of both dialects: every path that is not one of the authorization server's.
fn api(world: &World, incoming: &Incoming) -> Response {
    match uk_open_banking::is_path(&incoming.path) {
        true => uk_open_banking::endpoint(world, incoming),
        false => berlin_group::endpoint(world, incoming),
    }
}

/// Whether a path is one of a payment API.
pub(super) fn is_api(path: &str) -> bool {
    berlin_group::is_path(path) || uk_open_banking::is_path(path)
}

/// Where the metadata send whoever wants to read (RFC 8414 §2, `service_documentation`).
fn documentation(world: &World, incoming: &Incoming) -> Response {
    if incoming.method != Method::GET {
        return http::method_not_allowed("GET");
    }
    let text = "TPPs are known by their certificates (ETSI TS 119 495), customers authorise by OAuth 2.0, as the metadata say, \
                and payments follow the standards that the bank names when it starts.";
    pages::message(world, StatusCode::OK, "What TPPs find here", text)
}

pub(super) fn nothing_here(world: &World, _: &Incoming) -> Response {
    let page = pages::message(world, StatusCode::NOT_FOUND, "There is nothing here", "Check the address.");
    rule::refused(page, "path", "there is nothing at this path")
}

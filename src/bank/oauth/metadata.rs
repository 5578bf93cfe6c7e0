//! What the authorization server says about itself (RFC 8414), and its public keys.

use axum::http::header::CACHE_CONTROL;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};

use super::client::authentication;
use super::client::method::{self, ClientMethod};
use super::openid;
use super::par;
use super::token;
use crate::bank::http::{self, Incoming};
use crate::bank::model::world::World;
use crate::bank::uk_open_banking::intent;

/// `GET /.well-known/oauth-authorization-server` (RFC 8414 §3).
pub(in crate::bank) fn document(world: &World, incoming: &Incoming) -> Response {
    if incoming.method != Method::GET {
        return http::method_not_allowed("GET");
    }
    let mut metadata = describe(world);
    if openid::speaks(world) {
        openid::describe(&mut metadata);
    }
    intent::describe(world, &mut metadata);
    for (fault, bend) in BENDS {
        if world.faults.on(fault) {
            bend(&mut metadata);
        }
    }
    if world.habits.has("few-features") {
        WITHOUT.iter().for_each(|name| remove(&mut metadata, name));
        put(&mut metadata, "grant_types_supported", json!(["authorization_code", "refresh_token"]));
    }
    let media_type =
        if world.faults.on("metadata-wrong-media-type") { "text/html; charset=utf-8" } else { "application/json" };
    let mut response = http::with_body(StatusCode::OK, media_type, metadata.to_string());
    http::set(&mut response, CACHE_CONTROL, "no-cache");
    response
}

/// `GET /jwks` (RFC 7517 §5).
pub(in crate::bank) fn jwks(world: &World, incoming: &Incoming) -> Response {
    if incoming.method != Method::GET {
        return http::method_not_allowed("GET");
    }
    let keys = world.keys.jwks(world.faults.on("jwks-private-key"), world.faults.on("jwks-duplicate-kid"));
    http::json(StatusCode::OK, &keys)
}

fn describe(world: &World) -> Value {
    let World { issuer, api, .. } = world;
    let usual = method::ordinary(world.dialect, &world.faults, &world.habits);
    let methods = json!(method::offered(usual));
    // Where clients need no certificate, they need no listener that asks for one either.
    let base = match authentication::wants_certificate(world, usual) {
        true => api,
        false => issuer,
    };
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{base}/token"),
        "revocation_endpoint": format!("{base}/revoke"),
        "introspection_endpoint": format!("{base}/introspect"),
        "jwks_uri": format!("{issuer}/jwks"),
        "scopes_supported": ["payments", "accounts"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "client_credentials", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": methods,
        "token_endpoint_auth_signing_alg_values_supported": ["PS256", "ES256"],
        "revocation_endpoint_auth_methods_supported": methods,
        "introspection_endpoint_auth_methods_supported": methods,
        "tls_client_certificate_bound_access_tokens": token::are_bound(world) && usual != ClientMethod::ClientSecretPost,
        "authorization_response_iss_parameter_supported": true,
        "mtls_endpoint_aliases": {
            "token_endpoint": format!("{api}/token"),
            "revocation_endpoint": format!("{api}/revoke"),
            "introspection_endpoint": format!("{api}/introspect"),
            "pushed_authorization_request_endpoint": format!("{api}/par"),
        },
        "pushed_authorization_request_endpoint": format!("{base}/par"),
        "require_pushed_authorization_requests": par::is_required_of_all(world),
        "service_documentation": format!("{issuer}/documentation"),
    })
}

/// What a bank with few features does not name.
const WITHOUT: [&str; 5] = [
    "revocation_endpoint",
    "introspection_endpoint",
    "jwks_uri",
    "mtls_endpoint_aliases",
    "authorization_response_iss_parameter_supported",
];

type Bend = fn(&mut Value);

/// What each fault of the metadata does to the document.
const BENDS: [(&str, Bend); 7] = [
    ("metadata-wrong-issuer", |metadata| put(metadata, "issuer", json!("https://other-bank.example"))),
    ("metadata-http-endpoint", |metadata| {
        let plain = metadata.get("introspection_endpoint").and_then(Value::as_str).unwrap_or_default();
        let plain = json!(plain.replacen("https://", "http://", 1));
        put(metadata, "introspection_endpoint", plain);
    }),
    ("metadata-without-bound-tokens", |metadata| remove(metadata, "tls_client_certificate_bound_access_tokens")),
    ("metadata-without-pkce", |metadata| remove(metadata, "code_challenge_methods_supported")),
    ("metadata-without-revocation-endpoint", |metadata| {
        remove(metadata, "revocation_endpoint");
        if let Some(aliases) = metadata.get_mut("mtls_endpoint_aliases") {
            remove(aliases, "revocation_endpoint");
        }
    }),
    ("metadata-offers-password", |metadata| {
        if let Some(grants) = metadata.get_mut("grant_types_supported").and_then(Value::as_array_mut) {
            grants.push(json!("password"));
        }
    }),
    ("metadata-offers-alg-none", |metadata| {
        let name = "token_endpoint_auth_signing_alg_values_supported";
        if let Some(algorithms) = metadata.get_mut(name).and_then(Value::as_array_mut) {
            algorithms.push(json!("none"));
        }
    }),
];

fn put(object: &mut Value, name: &str, value: Value) {
    if let Some(object) = object.as_object_mut() {
        object.insert(name.to_owned(), value);
    }
}

fn remove(object: &mut Value, name: &str) {
    if let Some(object) = object.as_object_mut() {
        object.remove(name);
    }
}

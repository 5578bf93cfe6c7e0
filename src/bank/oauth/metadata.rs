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
    bend_members(world, &mut metadata);
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
    let mut keys = world.keys.jwks(world.faults.on("jwks-private-key"), world.faults.on("jwks-duplicate-kid"));
    if world.faults.on("jwks-use-missing") {
        mix_without_use(&mut keys);
    }
    http::json(StatusCode::OK, &keys)
}

/// A key for encryption beside those for signing, which no longer say what they are for.
fn mix_without_use(keys: &mut Value) {
    let Some(keys) = keys.get_mut("keys").and_then(Value::as_array_mut) else { return };
    let mut another = keys.first().cloned().unwrap_or_default();
    keys.iter_mut().for_each(|key| remove(key, "use"));
    put(&mut another, "use", json!("enc"));
    put(&mut another, "alg", json!("RSA-OAEP-256"));
    put(&mut another, "kid", json!("encryption"));
    keys.push(another);
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
        "revocation_endpoint_auth_signing_alg_values_supported": ["PS256", "ES256"],
        "introspection_endpoint_auth_methods_supported": methods,
        "introspection_endpoint_auth_signing_alg_values_supported": ["PS256", "ES256"],
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
const BENDS: [(&str, Bend); 12] = [
    ("metadata-wrong-issuer", |metadata| put(metadata, "issuer", json!("https://other-bank.example"))),
    (PLAIN, |metadata| without_tls(metadata, "introspection_endpoint")),
    (MISSING, |metadata| remove(metadata, "response_types_supported")),
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
    ("metadata-endpoint-with-fragment", |metadata| {
        let address = metadata.get("authorization_endpoint").and_then(Value::as_str).unwrap_or_default();
        let address = json!(format!("{address}#start"));
        put(metadata, "authorization_endpoint", address);
    }),
    ("metadata-empty-list", |metadata| put(metadata, "ui_locales_supported", json!([]))),
    (NO_ALGORITHMS, |metadata| remove(metadata, &algorithms("token_endpoint"))),
    ("metadata-without-iss-parameter", |metadata| {
        remove(metadata, "authorization_response_iss_parameter_supported");
    }),
];

/// The members that every server names (RFC 8414 §2), which a bank can be told to leave out one by one.
const NEEDED: [&str; 4] = ["issuer", "authorization_endpoint", "token_endpoint", "response_types_supported"];
/// The addresses of the document, which a bank can be told to give without TLS one by one.
const ADDRESSES: [&str; 6] = [
    "authorization_endpoint",
    "token_endpoint",
    "revocation_endpoint",
    "introspection_endpoint",
    "pushed_authorization_request_endpoint",
    "jwks_uri",
];
/// The endpoints at which clients may authenticate by JWT, with algorithms of their own.
const BY_JWT: [&str; 2] = ["revocation_endpoint", "introspection_endpoint"];
const NO_ALGORITHMS: &str = "metadata-without-signing-algorithms";
const MISSING: &str = "metadata-member-missing";
const PLAIN: &str = "metadata-http-endpoint";

/// What a fault does to a member of that name.
type BendMember = fn(&mut Value, &str);

/// What may be wrong with single members: the fault, the members that it has cells at, and what it does to one.
const MEMBERS: [(&str, &[&str], BendMember); 3] = [
    (MISSING, &NEEDED, remove),
    (PLAIN, &ADDRESSES, without_tls),
    (NO_ALGORITHMS, &BY_JWT, |metadata, endpoint| remove(metadata, &algorithms(endpoint))),
];

/// Each fault of a member at each member.
pub(in crate::bank) fn faults_by_member() -> impl Iterator<Item = (&'static str, &'static str)> {
    MEMBERS.into_iter().flat_map(|(fault, members, _)| members.iter().map(move |member| (*member, fault)))
}

fn bend_members(world: &World, metadata: &mut Value) {
    for (fault, members, bend) in MEMBERS {
        members.iter().filter(|member| world.faults.on_at(fault, member)).for_each(|member| bend(metadata, member));
    }
}

fn algorithms(endpoint: &str) -> String {
    format!("{endpoint}_auth_signing_alg_values_supported")
}

fn without_tls(metadata: &mut Value, member: &str) {
    let address = metadata.get(member).and_then(Value::as_str).unwrap_or_default();
    let plain = json!(address.replacen("https://", "http://", 1));
    put(metadata, member, plain);
}

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

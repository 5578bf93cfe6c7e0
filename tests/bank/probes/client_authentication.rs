//! Probes of clients that authenticate by assertions and secrets, and of what clients push.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::rsa::Padding;
use openssl::sign::{RsaPssSaltlen, Signer};
use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};
use time::OffsetDateTime;
use url::Url;

use super::Probe;
use super::helpers::*;
use crate::world::*;

pub(crate) const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

probes! {
    "right-credentials-refused": |world| {
        let by_assertion = shown(world, &assertion(world, json!({}))).await;
        let by_secret = answer(token(world, &[]).basic_auth(id(world, BY_SECRET), Some(secret(world)))).await.0;
        (by_assertion, by_secret) == (200, 200)
    };
    // Assertions
    "assertion-signature-unchecked": |world| {
        let forged = signed(&good_claims(world), &world.pki.bank_seal.key_pem);
        shown(world, &forged).await == 401
    };
    "assertion-alg-none-accepted": |world| {
        let unsigned = format!("{}.{}.", encoded(&json!({ "alg": "none" })), encoded(&good_claims(world)));
        shown(world, &unsigned).await == 401
    };
    "assertion-audience-unchecked": |world| refuses_claim(world, "aud", json!("https://other-bank.example/token")).await;
    "assertion-expiry-unchecked": |world| refuses_claim(world, "exp", json!(seconds_from_now(-120))).await;
    "assertion-without-expiry-accepted": |world| refuses_claim(world, "exp", Value::Null).await;
    "assertion-names-unchecked": |world| {
        let other = json!(world.client_id(1));
        refuses_claim(world, "iss", other.clone()).await && refuses_claim(world, "sub", other).await
    };
    "assertion-with-loose-audience-accepted": |world| {
        let at_token = json!(format!("{}/token", world.bank.issuer));
        refuses_claim(world, "aud", at_token).await && refuses_claim(world, "aud", json!([world.bank.issuer])).await
    };
    "assertion-from-the-future-accepted": |world| {
        let later = json!(seconds_from_now(120));
        refuses_claim(world, "nbf", later.clone()).await && refuses_claim(world, "iat", later).await
    };
    "assertion-of-a-fast-clock-refused": |world| {
        let soon = seconds_from_now(8);
        shown(world, &assertion(world, json!({ "iat": soon, "nbf": soon }))).await == 200
    };
    "assertion-replayable": |world| {
        let assertion = assertion(world, json!({}));
        (shown(world, &assertion).await, shown(world, &assertion).await) == (200, 401)
    };
    // Secrets
    "secrets-authenticate-alone": |world| authenticates_without_secret(world).await;
    "secrets-in-forms-authenticate-alone": |world| {
        let binds = metadata(world).await.1["tls_client_certificate_bound_access_tokens"] == true;
        binds && authenticates_without_secret(world).await
    };
    "client-secret-unchecked": |world| with_wrong_secret(world).await.status() == StatusCode::UNAUTHORIZED;
    "client-secret-in-query-accepted": |world| {
        let fields = form(world.nobody.post(at_front(world, "/token")), &[("grant_type", "client_credentials".into())]);
        let query = [("client_id", id(world, BY_SECRET)), ("client_secret", secret(world))];
        let mut request = fields.build().unwrap();
        request.url_mut().query_pairs_mut().extend_pairs(query);
        world.nobody.execute(request).await.unwrap().status() == StatusCode::UNAUTHORIZED
    };
    "two-client-authentications-accepted": |world| {
        let request = token(world, &[("client_secret", secret(world))]);
        let (status, body) = answer(request.basic_auth(id(world, BY_SECRET), Some(secret(world)))).await;
        invalid("invalid_request", &(status, error(&body)))
    };
    "basic-refused-without-challenge": |world| {
        let refusal = with_wrong_secret(world).await;
        let challenge = refusal.headers().get("www-authenticate").and_then(|value| value.to_str().ok());
        refusal.status() == StatusCode::UNAUTHORIZED && challenge.is_some_and(|scheme| scheme.starts_with("Basic "))
    };
    // Pushed requests
    "par-answered-with-200": |world| push(world, &[]).await.0 == 201;
    "par-without-lifetime": |world| push(world, &[]).await.1["expires_in"].is_number();
    "pushed-request-refused": |world| {
        let name = pushed(world).await;
        gives_code(world, &name, world.client_id(0)).await
    };
    "pushed-request-of-any-client": |world| {
        let name = pushed(world).await;
        !gives_code(world, &name, world.client_id(1)).await
    };
    "pushed-request-reusable": |world| {
        let name = pushed(world).await;
        let first = gives_code(world, &name, world.client_id(0)).await;
        first && !gives_code(world, &name, world.client_id(0)).await
    };
    "pushed-request-never-expires": |world| {
        let name = pushed(world).await;
        world.advance(91).await;
        !gives_code(world, &name, world.client_id(0)).await
    };
    "par-request-uri-parameter-accepted": |world| {
        let name = pushed(world).await;
        let (status, body) = push(world, &[("request_uri", &name)]).await;
        invalid("invalid_request", &(status, error(&body)))
    };
    "par-by-get": |world| {
        let mut url = world.authorization(&world.payment().await, &[]);
        let par = Url::parse(&format!("{}/par", world.bank.api)).unwrap();
        url.set_port(par.port()).unwrap();
        url.set_path(par.path());
        world.a.get(url).send().await.unwrap().status() == StatusCode::METHOD_NOT_ALLOWED
    };
    "par-without-client-authentication": |world| {
        let (status, body) = push_by(world, world.nobody.post(at_front(world, "/par")), &[]).await;
        status == 401 && body["error"] == "invalid_client"
    };
    "par-requirement-unenforced": |world| {
        approve(world, &[("client_id", id(world, BY_ASSERTION))]).await.param("code").is_none()
    };
    "pushed-parameter-twice-accepted": |world| push_with(world, "state", "twice").await == 400;
    "empty-pushed-parameter-refused": |world| push_with(world, "response_mode", "").await == 201;
    "par-refuses-issuer-as-audience": |world| {
        push_for(world, json!(world.bank.issuer)).await == 201
    };
    "par-takes-loose-audience": |world| {
        let (par, list) = (json!(at_front(world, "/par")), json!([world.bank.issuer]));
        (push_for(world, par).await, push_for(world, list).await) == (401, 401)
    };
    "pushed-request-kept-for-an-hour": |world| {
        push(world, &[]).await.1["expires_in"].as_i64().unwrap() < 600
    };
    // What all of it is for
    "tokens-unbound": |world| {
        let (payment, tokens) = world.tokens().await;
        world.read(&world.renewed, &payment, access(&tokens)).await.status() == StatusCode::UNAUTHORIZED
    };
}

/// TPP A once more, with a registration of its own for each of these ways.
const BY_ASSERTION: &str = "tpp-a-jwt";
const BY_SECRET: &str = "tpp-a-secret";

fn registered<'w>(world: &'w World, name: &str) -> &'w bankproof::bank::Client {
    world.bank.clients.iter().find(|client| client.name == name).unwrap()
}

fn id<'w>(world: &'w World, name: &str) -> &'w str {
    &registered(world, name).client_id
}

fn secret(world: &World) -> &str {
    registered(world, BY_SECRET).secret.as_deref().unwrap()
}

/// Where nobody needs a certificate.
fn at_front(world: &World, path: &str) -> String {
    format!("{}{path}", world.bank.issuer)
}

/// A request for a token without a certificate, from whomever the fields name.
fn token(world: &World, fields: &[(&str, &str)]) -> RequestBuilder {
    let fields = fields.iter().chain(&[("grant_type", "client_credentials")]);
    let fields: Vec<_> = fields.map(|(name, value)| (*name, (*value).to_owned())).collect();
    form(world.nobody.post(at_front(world, "/token")), &fields)
}

async fn with_wrong_secret(world: &World) -> reqwest::Response {
    token(world, &[]).basic_auth(id(world, BY_SECRET), Some("another-secret")).send().await.unwrap()
}

/// The bank offers a way without shared secrets, and a certificate is enough.
async fn authenticates_without_secret(world: &World) -> bool {
    let offered = metadata(world).await.1["token_endpoint_auth_methods_supported"].clone();
    let offered = offered.as_array().unwrap().iter().any(|way| !way.as_str().unwrap().starts_with("client_secret"));
    offered && token_error(world, &[("grant_type", "client_credentials")]).await.0 == 200
}

pub(crate) fn seconds_from_now(seconds: i64) -> i64 {
    OffsetDateTime::now_utc().unix_timestamp() + seconds
}

fn good_claims(world: &World) -> Value {
    let client = id(world, BY_ASSERTION);
    json!({
        "iss": client,
        "sub": client,
        "aud": world.bank.issuer,
        "jti": uuid::Uuid::new_v4().to_string(),
        "iat": seconds_from_now(0),
        "exp": seconds_from_now(60),
    })
}

/// A new assertion of TPP A with some claims replaced; one that is null is left out.
fn assertion(world: &World, changes: Value) -> String {
    let mut claims = good_claims(world);
    let all = claims.as_object_mut().unwrap();
    all.extend(changes.as_object().unwrap().clone());
    all.retain(|_, value| !value.is_null());
    signed(&claims, &world.pki.tpps[0].qsealc.key_pem)
}

fn encoded(part: &Value) -> String {
    URL_SAFE_NO_PAD.encode(part.to_string())
}

/// Under the algorithm PS256.
pub(crate) fn signed(claims: &Value, key_pem: &str) -> String {
    let message = format!("{}.{}", encoded(&json!({ "alg": "PS256", "typ": "JWT" })), encoded(claims));
    let key = PKey::private_key_from_pem(key_pem.as_bytes()).unwrap();
    let mut signer = Signer::new(MessageDigest::sha256(), &key).unwrap();
    signer.set_rsa_padding(Padding::PKCS1_PSS).unwrap();
    signer.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH).unwrap();
    let signature = signer.sign_oneshot_to_vec(message.as_bytes()).unwrap();
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// How a request for a token with that assertion is answered.
async fn shown(world: &World, assertion: &str) -> u16 {
    let client = [
        ("client_id", id(world, BY_ASSERTION)),
        ("client_assertion_type", ASSERTION_TYPE),
        ("client_assertion", assertion),
    ];
    answer(token(world, &client)).await.0
}

async fn refuses_claim(world: &World, claim: &str, value: Value) -> bool {
    shown(world, &assertion(world, json!({ claim: value }))).await == 401
}

/// Pushes a request for a new payment as TPP A does, with some parameters replaced.
async fn push(world: &World, changes: &[(&str, &str)]) -> (u16, Value) {
    push_by(world, world.a.post(format!("{}/par", world.bank.api)), changes).await
}

/// The same with one more parameter at the end.
async fn push_with(world: &World, name: &str, value: &str) -> u16 {
    let mut params = world.authorization(&world.payment().await, &[]);
    params.query_pairs_mut().append_pair(name, value);
    let request = world.a.post(format!("{}/par", world.bank.api));
    let request = request.header("Content-Type", "application/x-www-form-urlencoded");
    answer(request.body(params.query().unwrap().to_owned())).await.0
}

async fn push_by(world: &World, request: RequestBuilder, changes: &[(&str, &str)]) -> (u16, Value) {
    let params = world.authorization(&world.payment().await, changes);
    let request = request.header("Content-Type", "application/x-www-form-urlencoded");
    answer(request.body(params.query().unwrap().to_owned())).await
}

/// How a request is answered that is pushed with an assertion for that audience.
async fn push_for(world: &World, audience: Value) -> u16 {
    let assertion = assertion(world, json!({ "aud": audience }));
    let client = [
        ("client_id", id(world, BY_ASSERTION)),
        ("client_assertion_type", ASSERTION_TYPE),
        ("client_assertion", &assertion),
    ];
    push_by(world, world.nobody.post(at_front(world, "/par")), &client).await.0
}

/// The name under which a pushed request of TPP A waits.
async fn pushed(world: &World) -> String {
    let (_, body) = push(world, &[]).await;
    body["request_uri"].as_str().unwrap_or_else(|| panic!("not pushed: {body}")).to_owned()
}

/// The customer comes with the name of a pushed request, and approves whatever is shown.
async fn gives_code(world: &World, name: &str, client_id: &str) -> bool {
    let params = [("client_id", client_id), ("request_uri", name)];
    let start = Url::parse_with_params(&at_front(world, "/authorize"), params).unwrap();
    world.browse(start, APPROVE).await.param("code").is_some()
}

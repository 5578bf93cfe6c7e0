//! A small lawful bank, of which each case breaks one piece.

use serde_json::{Value, json};
use url::form_urlencoded;
use wiremock::{Request, ResponseTemplate};

use super::{
    cases::Places,
    support::{CALLBACK, CODE, PASSWORD, TOKEN, USERNAME},
};

/// What the lawful bank answers.
pub(crate) fn lawful(request: &Request, places: &Places) -> ResponseTemplate {
    match (request.method.as_str(), request.url.path()) {
        ("GET", "/.well-known/oauth-authorization-server") => {
            ResponseTemplate::new(200).set_body_json(metadata(places, &[]))
        }
        ("GET", "/authorize") => authorize(request),
        ("POST", "/login") => login(request),
        ("POST", "/token") => token(json!({ "access_token": TOKEN, "token_type": "Bearer", "expires_in": 300 })),
        ("POST", path) if path.starts_with("/v1/payments/") => created(places, json!({})),
        ("GET", path) if path.ends_with("/status") => {
            ResponseTemplate::new(200).set_body_json(json!({ "transactionStatus": "RCVD" }))
        }
        ("GET", "/resource") if request.headers.contains_key("authorization") => {
            ResponseTemplate::new(200).set_body_json(json!({ "accounts": [] }))
        }
        _ => ResponseTemplate::new(404).set_body_string("not here"),
    }
}

/// The metadata document, with other members.
pub(crate) fn metadata(places: &Places, other: &[(&str, Value)]) -> Value {
    let base = &places.base;
    let mut metadata = json!({
        "issuer": base,
        "authorization_endpoint": format!("{base}/authorize"),
        "token_endpoint": format!("{base}/token"),
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code"],
        "code_challenge_methods_supported": ["S256"],
    });
    for (name, value) in other {
        metadata[*name] = value.clone();
    }
    metadata
}

/// A metadata document with other members, as an answer.
pub(crate) fn metadata_with(request: &Request, places: &Places, other: &[(&str, Value)]) -> Option<ResponseTemplate> {
    is(request, "/.well-known/oauth-authorization-server")
        .then(|| ResponseTemplate::new(200).set_body_json(metadata(places, other)))
}

/// The request is for that path.
pub(crate) fn is(request: &Request, path: &str) -> bool {
    request.url.path() == path
}

/// A field of the query or of the form.
pub(crate) fn field(request: &Request, name: &str) -> String {
    let query = request.url.query().unwrap_or_default().as_bytes();
    let fields = form_urlencoded::parse(query).chain(form_urlencoded::parse(&request.body));
    fields.into_iter().find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// A page.
pub(crate) fn html(body: impl Into<Vec<u8>>) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(body.into(), "text/html; charset=utf-8")
}

/// A redirect.
pub(crate) fn redirect(to: &str) -> ResponseTemplate {
    ResponseTemplate::new(303).insert_header("Location", to)
}

/// The login form of the bank, sent to that address.
pub(crate) fn form(request: &Request, action: &str) -> String {
    format!(
        "<form method=post action=\"{action}\"><input name=username><input name=password type=password>\
         <input name=otp><input type=hidden name=state value=\"{}\"><button name=do value=approve>Yes</button>\
         <button name=do value=deny>No</button></form>",
        field(request, "state")
    )
}

fn authorize(request: &Request) -> ResponseTemplate {
    match field(request, "redirect_uri") == CALLBACK {
        true => html(format!("<!doctype html><title>Login</title>{}", form(request, "/login"))),
        false => ResponseTemplate::new(400).set_body_string("unknown redirect_uri"),
    }
}

fn login(request: &Request) -> ResponseTemplate {
    let right = [("username", USERNAME), ("password", PASSWORD), ("otp", CODE)];
    if right.iter().any(|(name, value)| field(request, name) != *value) {
        return html("wrong credentials");
    }
    let state = field(request, "state");
    match field(request, "do") == "approve" {
        true => redirect(&format!("{CALLBACK}?code={}&state={state}", uuid::Uuid::new_v4())),
        false => redirect(&format!("{CALLBACK}?error=access_denied&state={state}")),
    }
}

/// A token response.
pub(crate) fn token(body: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).insert_header("Cache-Control", "no-store").set_body_json(body)
}

/// A created payment, with other members.
pub(crate) fn created(places: &Places, other: Value) -> ResponseTemplate {
    let payment = format!("{}/v1/payments/sepa-credit-transfers/p-1", places.base);
    let mut body = json!({
        "paymentId": "p-1",
        "transactionStatus": "RCVD",
        "_links": {
            "self": { "href": payment },
            "status": { "href": format!("{payment}/status") },
            "startAuthorisation": { "href": format!("{payment}/authorisations") },
        },
    });
    for (name, value) in other.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    ResponseTemplate::new(201).insert_header("ASPSP-SCA-Approach", "REDIRECT").set_body_json(body)
}

//! What the foreign banks have in common: they do OAuth by the book, each behind pages of its own.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    extract::{Form, State},
    http::{HeaderMap, StatusCode},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use url::{Url, form_urlencoded};

use super::support::CALLBACK;

/// Fields of a query or a form.
pub(crate) type Fields = Vec<(String, String)>;

/// The bank behind the pages.
#[derive(Clone)]
pub(crate) struct Core {
    /// Its issuer.
    pub(crate) base: String,
    /// Where its pages are.
    pub(crate) pages: String,
    inner: Arc<Mutex<Inner>>,
}

#[derive(Default)]
struct Inner {
    sessions: HashMap<String, Session>,
    codes: HashMap<String, Grant>,
    redeemed: HashMap<String, String>,
    tokens: HashSet<String>,
}

/// One customer at the pages.
#[derive(Clone, Default)]
pub(crate) struct Session {
    /// The authorization request.
    request: HashMap<String, String>,
    /// How often the one-time code was wrong.
    pub(crate) wrong: usize,
    /// How far the customer has come.
    pub(crate) stage: usize,
}

#[derive(Clone)]
struct Grant {
    challenge: String,
}

/// Why a request is refused: on the bank's own page, or by telling the TPP.
pub(crate) enum Refusal {
    /// Whoever asked may be anybody.
    Page(&'static str),
    /// The address that tells the TPP.
    Tell(String),
}

impl Core {
    pub(crate) fn new(base: &str, pages: &str) -> Self {
        Self { base: base.into(), pages: pages.into(), inner: Arc::default() }
    }

    /// Everything but the pages.
    pub(crate) fn router(&self) -> Router {
        self.router_with("/.well-known/oauth-authorization-server")
    }

    /// The same with the metadata at that place.
    pub(crate) fn router_with(&self, metadata_path: &str) -> Router {
        Router::new()
            .route(metadata_path, get(metadata))
            .route("/token", post(token))
            .route("/resource", get(resource))
            .with_state(self.clone())
    }

    /// Looks at an authorization request (RFC 6749 4.1.1, RFC 7636 4.3); what it gives is the id of a session.
    pub(crate) fn begin(&self, query: &str) -> Result<String, Refusal> {
        let fields: Fields = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let request: HashMap<String, String> = fields.iter().cloned().collect();
        let get = |name: &str| request.get(name).map(String::as_str);
        if request.len() < fields.len() {
            return Err(Refusal::Page("a parameter came twice"));
        }
        if get("client_id") != Some("tpp-a") || get("redirect_uri") != Some(CALLBACK) {
            return Err(Refusal::Page("this TPP, or its address, is not known"));
        }
        let tell = |error: &str| Err(Refusal::Tell(answer(&request, "error", error)));
        match get("response_type") {
            None => return tell("invalid_request"),
            Some("code") => {}
            Some(_) => return tell("unsupported_response_type"),
        }
        if get("code_challenge").is_none() || get("code_challenge_method") != Some("S256") {
            return tell("invalid_request");
        }
        if get("scope") != Some("accounts") {
            return tell("invalid_scope");
        }
        let id = uuid::Uuid::new_v4().to_string();
        self.inner.lock().unwrap().sessions.insert(id.clone(), Session { request, ..Session::default() });
        Ok(id)
    }

    /// The same, where a customer has one session at a time: a new one ends all others.
    pub(crate) fn begin_alone(&self, query: &str) -> Result<String, Refusal> {
        let id = self.begin(query)?;
        self.inner.lock().unwrap().sessions.retain(|known, _| *known == id);
        Ok(id)
    }

    /// The session of that id.
    pub(crate) fn session(&self, id: &str) -> Option<Session> {
        self.inner.lock().unwrap().sessions.get(id).cloned()
    }

    /// Remembers a session as it is now.
    pub(crate) fn keep(&self, id: &str, session: &Session) {
        self.inner.lock().unwrap().sessions.insert(id.into(), session.clone());
    }

    /// Hidden fields that tell the TPP that its customer has left, should the form be sent.
    pub(crate) fn leaving(&self, id: &str) -> String {
        let state = self.session(id).and_then(|session| session.request.get("state").cloned());
        let state = state.map(|state| state.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;"));
        let state = state.map(|state| format!("<input type=hidden name=state value=\"{state}\">")).unwrap_or_default();
        format!("<input type=hidden name=error value=access_denied>{state}")
    }

    /// Ends a session: the address of the TPP with a code, or with the error.
    pub(crate) fn end(&self, id: &str, error: Option<&str>) -> String {
        let mut inner = self.inner.lock().unwrap();
        let session = inner.sessions.remove(id).unwrap_or_default();
        if let Some(error) = error {
            return answer(&session.request, "error", error);
        }
        let code = uuid::Uuid::new_v4().simple().to_string();
        inner.codes.insert(code.clone(), Grant { challenge: session.request["code_challenge"].clone() });
        answer(&session.request, "code", &code)
    }
}

/// The TPP's address with a parameter and the state.
fn answer(request: &HashMap<String, String>, name: &str, value: &str) -> String {
    let mut url = Url::parse(CALLBACK).unwrap();
    url.query_pairs_mut().append_pair(name, value);
    if let Some(state) = request.get("state") {
        url.query_pairs_mut().append_pair("state", state);
    }
    url.into()
}

async fn metadata(State(core): State<Core>) -> Json<Value> {
    Json(json!({
        "issuer": core.base,
        "authorization_endpoint": format!("{}/authorize", core.base),
        "token_endpoint": format!("{}/token", core.base),
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code"],
        "code_challenge_methods_supported": ["S256"],
    }))
}

async fn token(State(core): State<Core>, Form(fields): Form<HashMap<String, String>>) -> Response {
    let get = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    let refuse = |error: &str| no_store(StatusCode::BAD_REQUEST, json!({ "error": error }));
    if get("grant_type") != "authorization_code" {
        return refuse("unsupported_grant_type");
    }
    let mut inner = core.inner.lock().unwrap();
    if let Some(token) = inner.redeemed.get(get("code")).cloned() {
        inner.tokens.remove(&token);
        return refuse("invalid_grant");
    }
    let challenge = URL_SAFE_NO_PAD.encode(openssl::sha::sha256(get("code_verifier").as_bytes()));
    let length = get("code_verifier").len();
    let is_good = |grant: &Grant| grant.challenge == challenge && (43..=128).contains(&length);
    let is_plain = get("code_verifier").chars().all(|c| c.is_ascii_alphanumeric() || "-._~".contains(c));
    if !inner.codes.get(get("code")).is_some_and(is_good) || !is_plain || get("redirect_uri") != CALLBACK {
        return refuse("invalid_grant");
    }
    inner.codes.remove(get("code"));
    let token = uuid::Uuid::new_v4().simple().to_string();
    inner.redeemed.insert(get("code").into(), token.clone());
    inner.tokens.insert(token.clone());
    no_store(StatusCode::OK, json!({ "access_token": token, "token_type": "Bearer", "expires_in": 300 }))
}

fn no_store(status: StatusCode, body: Value) -> Response {
    (status, [("Cache-Control", "no-store")], Json(body)).into_response()
}

async fn resource(State(core): State<Core>, headers: HeaderMap) -> Response {
    let sent = headers.get("authorization").and_then(|value| value.to_str().ok()?.split_once(' '));
    match sent.is_some_and(|(_, token)| core.inner.lock().unwrap().tokens.contains(token)) {
        true => Json(json!({ "accounts": [] })).into_response(),
        false => (StatusCode::UNAUTHORIZED, [("WWW-Authenticate", "Bearer")], "").into_response(),
    }
}

/// A page that is neither framed nor tells its address.
pub(crate) fn page(body: impl Into<String>) -> Response {
    let headers = [("X-Frame-Options", "DENY"), ("Referrer-Policy", "same-origin")];
    (headers, Html(format!("<!doctype html><html lang=de><title>Bank</title><body>{}", body.into()))).into_response()
}

/// A page that says no, with that status.
pub(crate) fn refusal(status: StatusCode, text: &str) -> Response {
    (status, page(format!("<h1>{text}</h1>"))).into_response()
}

/// A redirect after a form (RFC 9700 4.12).
pub(crate) fn see(address: &str) -> Response {
    Redirect::to(address).into_response()
}

//! A bank that speaks OpenID Connect, asks about cookies before anything else, knows one session at a time, and locks its
//! customer out for good after three mistakes.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    Router,
    extract::{Form, RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};

use super::{
    server::{Core, Refusal, page, refusal, see},
    support::{CODE, PASSWORD, USERNAME},
};

/// How a customer finds through these pages.
pub(crate) fn psu() -> String {
    format!(
        "[psu]\none_time_code = \"code\"\nfields = {{ login = \"{USERNAME}\" }}\n\
         secrets = {{ secret = \"{PASSWORD}\", code = \"{CODE}\" }}\n\
         buttons = {{ continue = [\"Log in\", \"Only necessary cookies\"], approve = [\"Authorise\"], \
         deny = [\"Do not authorise\"] }}\n"
    )
}

#[derive(Clone)]
struct Pages {
    core: Core,
    mistakes: Arc<AtomicUsize>,
}

/// Three mistakes, and nobody gets in any more.
const LOCKED: usize = 3;

pub(crate) fn router(core: &Core) -> Router {
    Router::new()
        .route("/authorize", get(authorize))
        .route("/cookies", post(cookies))
        .route("/login", post(login))
        .route("/decision", post(decision))
        .with_state(Pages { core: core.clone(), mistakes: Arc::default() })
}

async fn authorize(State(pages): State<Pages>, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    match pages.core.begin_alone(&query.unwrap_or_default()) {
        Ok(id) if asked_about_cookies(&headers) => login_page(&id),
        Ok(id) => page(format!(
            "<form method=post action=/cookies><input type=hidden name=id value={id}>\
             <button name=cookies value=all>Accept all cookies</button>\
             <button name=cookies value=some>Only necessary cookies</button></form>"
        )),
        Err(Refusal::Tell(address)) => see(&address),
        Err(Refusal::Page(text)) => refusal(StatusCode::BAD_REQUEST, text),
    }
}

fn asked_about_cookies(headers: &HeaderMap) -> bool {
    headers
        .get("cookie")
        .and_then(|value| value.to_str().ok())
        .is_some_and(|cookies| cookies.contains("cookieConsent="))
}

async fn cookies(Form(fields): Form<HashMap<String, String>>) -> Response {
    let id = fields.get("id").map(String::as_str).unwrap_or_default();
    ([("Set-Cookie", "cookieConsent=necessary; Path=/; Secure")], login_page(id)).into_response()
}

fn login_page(id: &str) -> Response {
    page(format!(
        "<form method=post action=/login><input type=hidden name=id value={id}><input name=login>\
         <input name=secret type=password><input name=code autocomplete=one-time-code><button>Log in</button></form>"
    ))
}

/// Two forms, the refusal first: whoever presses the first button there is says no.
async fn login(State(pages): State<Pages>, Form(fields): Form<HashMap<String, String>>) -> Response {
    let id = fields.get("id").cloned().unwrap_or_default();
    if pages.core.session(&id).is_none() {
        return refusal(StatusCode::CONFLICT, "You have started anew in another window");
    }
    if pages.mistakes.load(Ordering::Relaxed) >= LOCKED {
        return refusal(StatusCode::FORBIDDEN, "Your access is locked");
    }
    let right = [("login", USERNAME), ("secret", PASSWORD), ("code", CODE)];
    if !right.iter().all(|(name, value)| fields.get(*name).is_some_and(|is| is == value)) {
        pages.mistakes.fetch_add(1, Ordering::Relaxed);
        return login_page(&id);
    }
    let form = |answer: &str, caption: &str| {
        format!(
            "<form method=post action=/decision><input type=hidden name=id value={id}>\
             <input type=hidden name=answer value={answer}><button>{caption}</button></form>"
        )
    };
    page(format!("<h1>Give access?</h1>{}{}", form("no", "Do not authorise"), form("yes", "Authorise")))
}

async fn decision(State(pages): State<Pages>, Form(fields): Form<HashMap<String, String>>) -> Response {
    let id = fields.get("id").cloned().unwrap_or_default();
    if pages.core.session(&id).is_none() {
        return refusal(StatusCode::CONFLICT, "You have started anew in another window");
    }
    let error = fields.get("answer").is_none_or(|answer| answer != "yes").then_some("access_denied");
    see(&pages.core.end(&id, error))
}

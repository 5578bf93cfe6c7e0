//! One page for everything: three fields, and two buttons that have nothing but captions.

use std::collections::HashMap;

use axum::{
    Router,
    extract::{Form, RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::Response,
    routing::{get, post},
};

use super::{
    server::{Core, Refusal, page, refusal, see},
    support::{CODE, PASSWORD, USERNAME},
};

/// How a customer finds through these pages.
pub(crate) fn psu() -> String {
    format!(
        "[psu]\none_time_code = \"tan\"\nfields = {{ kundennummer = \"{USERNAME}\" }}\n\
         secrets = {{ pin = \"{PASSWORD}\", tan = \"{CODE}\" }}\n\
         buttons = {{ approve = [\"Freigeben\"], deny = [\"Ablehnen\"] }}\n"
    )
}

pub(crate) fn router(core: &Core) -> Router {
    Router::new()
        .route("/authorize", get(authorize))
        .route("/freigeben", post(approve))
        .route("/ablehnen", post(deny))
        .with_state(core.clone())
}

/// A request that it knows to be the TPP's is refused by telling the TPP.
async fn authorize(State(core): State<Core>, RawQuery(query): RawQuery) -> Response {
    match core.begin(&query.unwrap_or_default()) {
        Ok(id) => form(&id, ""),
        Err(Refusal::Tell(address)) => see(&address),
        Err(Refusal::Page(text)) => refusal(StatusCode::BAD_REQUEST, text),
    }
}

/// As old pages do, the form begins inside of a table.
fn form(id: &str, note: &str) -> Response {
    page(
        format!(
            "<p>{note}</p><table><form method=post action=/freigeben><tr><td>Kundennummer<td><input name=kundennummer>\
         <tr><td>PIN<td><input name=pin type=password><tr><td>TAN<td><input name=tan autocomplete=one-time-code>\
         <input type=hidden name=vorgang value={id}>\
         <tr><td><button formaction=/ablehnen formnovalidate>Ablehnen</button><td><button> Frei&shy;geben</button>\
         </form></table>"
        )
        .replace("&shy;", ""),
    )
}

/// A form that does not say where it was filled in is taken for a forgery, as by Django.
fn is_forged(headers: &HeaderMap) -> bool {
    let value = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value("origin") != format!("https://{}", value("host"))
}

async fn approve(
    State(core): State<Core>,
    headers: HeaderMap,
    Form(fields): Form<HashMap<String, String>>,
) -> Response {
    if is_forged(&headers) {
        return refusal(StatusCode::FORBIDDEN, "CSRF");
    }
    let id = fields.get("vorgang").cloned().unwrap_or_default();
    let Some(mut session) = core.session(&id) else { return refusal(StatusCode::GONE, "Vorgang beendet") };
    let right = [("kundennummer", USERNAME), ("pin", PASSWORD), ("tan", CODE)];
    if right.iter().all(|(name, value)| fields.get(*name).map(String::as_str) == Some(value)) {
        return see(&core.end(&id, None));
    }
    session.wrong += 1;
    core.keep(&id, &session);
    match session.wrong {
        0..3 => form(&id, "Eingaben pr\u{fc}fen"),
        _ => see(&core.end(&id, Some("access_denied"))),
    }
}

async fn deny(State(core): State<Core>, Form(fields): Form<HashMap<String, String>>) -> Response {
    see(&core.end(fields.get("vorgang").map(String::as_str).unwrap_or_default(), Some("access_denied")))
}

//! Pages at another host than the issuer's, which never redirect to the TPP: they show a link, refresh, or post a form.

use std::collections::HashMap;

use axum::{
    Router,
    extract::{Form, Query, RawQuery, State},
    response::Response,
    routing::{get, post},
};

use super::{
    server::{Core, Refusal, page, see},
    support::{CODE, PASSWORD, USERNAME},
};

/// How a customer finds through these pages, at those hosts.
pub(crate) fn psu(hosts: &str) -> String {
    format!(
        "[psu]\none_time_code = \"code\"\nhosts = {hosts}\nfields = {{ user = \"{USERNAME}\" }}\n\
         secrets = {{ pass = \"{PASSWORD}\", code = \"{CODE}\" }}\n\
         buttons = {{ continue = [\"Sign in\"], approve = [\"yes\"], deny = [\"no\"], cancel = [\"Cancel\"] }}\n"
    )
}

/// The issuer's own host.
pub(crate) fn front(core: &Core) -> Router {
    Router::new().route("/authorize", get(authorize)).with_state(core.clone())
}

/// The host with the pages.
pub(crate) fn pages(core: &Core) -> Router {
    Router::new()
        .route("/login", get(login))
        .route("/sign-in", post(sign_in))
        .route("/decide", post(decide))
        .with_state(core.clone())
}

/// Its error pages have the status 200 and a link to the TPP's front page, as careless ones do.
async fn authorize(State(core): State<Core>, RawQuery(query): RawQuery) -> Response {
    match core.begin(&query.unwrap_or_default()) {
        Ok(id) => see(&format!("{}/login?id={id}", core.pages)),
        Err(Refusal::Page(text)) => {
            page(format!("<h1>{text}</h1><a href='https://tpp-a.example/'>Back to merchant</a>"))
        }
        Err(Refusal::Tell(address)) => refresh(&address),
    }
}

fn refresh(address: &str) -> Response {
    page(format!("<meta http-equiv=refresh content=\"2; url={}\"><p>One moment …</p>", address.replace('&', "&amp;")))
}

async fn login(State(core): State<Core>, Query(fields): Query<HashMap<String, String>>) -> Response {
    sign_in_page(&core, fields.get("id").map(String::as_str).unwrap_or_default())
}

/// The way out is a form that leads to the TPP at once, the button for the way on stands outside of its form.
fn sign_in_page(core: &Core, id: &str) -> Response {
    let leave = core.leaving(id);
    page(format!(
        "<form method=get action=\"https://tpp-a.example/callback\">{leave}<button>Cancel</button></form>\
         <form method=post id=f action=\"{}/sign-in\"><input name=user><input name=pass type=password><input name=code>\
         <input type=hidden name=id value={id}></form><button form=f>Sign in</button>",
        core.pages
    ))
}

async fn sign_in(State(core): State<Core>, Form(fields): Form<HashMap<String, String>>) -> Response {
    let id = fields.get("id").cloned().unwrap_or_default();
    let Some(mut session) = core.session(&id) else { return page("<h1>This session is over</h1>") };
    let right = [("user", USERNAME), ("pass", PASSWORD), ("code", CODE)];
    if right.iter().all(|(name, value)| fields.get(*name).is_some_and(|is| is == value)) {
        return page(format!(
            "<form method=post action=/decide><input type=hidden name=id value={id}>\
             <button name=answer value=no>I refuse</button><button name=answer value=yes>I agree</button></form>"
        ));
    }
    session.wrong += 1;
    core.keep(&id, &session);
    match session.wrong {
        0..3 => sign_in_page(&core, &id),
        _ => refresh(&core.end(&id, Some("access_denied"))),
    }
}

async fn decide(State(core): State<Core>, Form(fields): Form<HashMap<String, String>>) -> Response {
    let id = fields.get("id").cloned().unwrap_or_default();
    if fields.get("answer").is_some_and(|answer| answer == "yes") {
        let address = core.end(&id, None).replace('&', "&amp;");
        return page(format!(
            "<h1>Thank you</h1><form action=/logout method=post><button>Sign out</button></form>\
             <a href=/help>Help</a> <a href=\"{address}\">Return to merchant</a>"
        ));
    }
    refresh(&core.end(&id, Some("access_denied")))
}

//! A bank whose pages are made by script, and sent by it: `form-script` sees an empty page and cannot tell, `browser` walks
//! through.

use std::{collections::HashMap, time::Duration};

use axum::{
    Json, Router,
    extract::{Query, RawQuery, State},
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::{
    browser::settings,
    server::Refusal,
    server::{Core, page, refusal, see},
    support::{self, Bank, CODE, PASSWORD, USERNAME, judge},
};

/// A page that a script builds in a shadow tree once it has asked the bank, as pages of our days do. The form has no field
/// names but labels, is sent as JSON, and comes a little late.
const PAGE: &str = r#"<div id=app></div><script>
const id = new URLSearchParams(location.search).get('id'), root = app.attachShadow({ mode: 'open' });
const ask = async answer => {
  const reply = await fetch('/api/step', { method: 'POST', body: JSON.stringify({ id, ...answer }),
    headers: { 'Content-Type': 'application/json' } });
  const next = await reply.json();
  next.leave ? location.assign(next.leave) : setTimeout(() => show(next), 150);
};
const show = next => {
  root.innerHTML = `<p>${next.text}</p>` + next.fields.map(name => `<label>${name} <input data-is="${name}"></label>`).join('')
    + next.buttons.map(name => `<div role=button tabindex=0 data-does="${name}">${name}</div>`).join('');
  for (const button of root.querySelectorAll('[data-does]')) button.onclick = () => {
    const told = Object.fromEntries(Array.from(root.querySelectorAll('input'), field => [field.dataset.is, field.value]));
    ask({ does: button.dataset.does, ...told });
  };
};
ask({ does: 'begin' });
</script>"#;

fn psu(agents: &str, settings: &str) -> String {
    format!(
        "[psu]\nagents = {agents}\none_time_code = \"Transaction number\"\nfields = {{ Customer = \"{USERNAME}\" }}\n\
         secrets = {{ PIN = \"{PASSWORD}\", \"Transaction number\" = \"{CODE}\" }}\n\
         buttons = {{ continue = [\"Go on\"], approve = [\"Yes, pay\"], deny = [\"No\"], cancel = [\"Leave\"] }}\n{settings}\n"
    )
}

fn router(core: &Core) -> Router {
    Router::new()
        .route("/authorize", get(authorize))
        .route("/app", get(|| async { page(PAGE) }))
        .route("/api/step", post(step))
        .with_state(core.clone())
}

async fn authorize(State(core): State<Core>, RawQuery(query): RawQuery) -> Response {
    match core.begin(&query.unwrap_or_default()) {
        Ok(id) => see(&format!("/app?id={id}")),
        Err(Refusal::Page(why)) => refusal(StatusCode::BAD_REQUEST, why),
        Err(Refusal::Tell(address)) => see(&address),
    }
}

async fn step(
    State(core): State<Core>,
    Query(_): Query<HashMap<String, String>>,
    Json(told): Json<Value>,
) -> Json<Value> {
    let text = |name: &str| told[name].as_str().unwrap_or_default();
    let id = text("id");
    let Some(mut session) = core.session(id) else {
        return Json(json!({ "text": "Over", "fields": [], "buttons": [] }));
    };
    let leave = |error| Json(json!({ "leave": core.end(id, error) }));
    let good = match (session.stage, text("does")) {
        (_, "Leave") | (2, "No") => return leave(Some("access_denied")),
        (2, "Yes, pay") => return leave(None),
        (_, "begin") => return Json(shown(session.stage, "Welcome")),
        (0, _) => text("Customer") == USERNAME && text("PIN") == PASSWORD,
        (1, _) => text("Transaction number") == CODE,
        _ => false,
    };
    match good {
        true => session.stage += 1,
        false => session.wrong += 1,
    }
    core.keep(id, &session);
    match session.wrong {
        0..3 => Json(shown(session.stage, if good { "Right" } else { "Wrong" })),
        _ => leave(Some("access_denied")),
    }
}

fn shown(stage: usize, text: &str) -> Value {
    match stage {
        0 => json!({ "text": text, "fields": ["Customer", "PIN"], "buttons": ["Leave", "Go on"] }),
        1 => json!({ "text": text, "fields": ["Transaction number"], "buttons": ["Leave", "Go on"] }),
        _ => json!({ "text": text, "fields": [], "buttons": ["No", "Yes, pay"] }),
    }
}

async fn bank(agents: &str, settings: &str) -> Bank {
    let (door, base) = support::listener().await;
    let core = Core::new(&base, &base);
    let inside = TcpListener::bind("127.0.0.1:0").await.unwrap();
    support::terminate(door, inside.local_addr().unwrap());
    let router = core.router().merge(router(&core));
    tokio::spawn(async move { axum::serve(inside, router).await.unwrap() });
    Bank { psu: psu(agents, settings), capabilities: &["psu-may-be-locked", "protected-resource"], ..Bank::new(&base) }
}

const CHECKS: [&str; 8] =
    ["FLOW-001", "FLOW-003", "AUTHZ-006", "AUTHZ-014", "PSU-001", "PSU-002", "PSU-004", "STATE-002"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_script_nothing_can_be_told_and_nobody_is_accused() {
    let bank = bank("[\"form-script\"]", "").await;
    let judged = judge(&bank, &CHECKS, Duration::from_secs(120)).await;
    assert_eq!((judged.exit, judged.accusing()), (3, Vec::new()), "{}", judged.said);
    assert_eq!(judged.verdict("FLOW-001"), "inconclusive");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_walks_through_pages_made_by_script() {
    let Some(settings) = settings() else { return };
    // The cheap agent is tried first, as a user would have it, and passes the turn.
    let bank = bank("[\"form-script\", \"browser\"]", &settings).await;
    let judged = judge(&bank, &CHECKS, Duration::from_secs(600)).await;
    assert_eq!(judged.defects, [""; 0], "{}", judged.said);
    assert_eq!(judged.exit, 0, "{}", judged.said);
    for check in CHECKS {
        assert_eq!(judged.verdict(check), "pass", "{check}: {}", judged.reason(check));
    }
}

/// Links inside of each other, labels without end, and thousands of fields: what a script tells of a page is bounded too.
async fn endless() -> Response {
    let nested = "<object><a href=x>".repeat(180) + &"word ".repeat(60_000);
    let fields = "<input name=a id=a>".repeat(6_000) + &"<label for=a>label</label>".repeat(6_000);
    page(format!("{fields}{nested}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_without_end_comes_to_an_end_in_a_browser() {
    let Some(settings) = settings() else { return };
    let (door, base) = support::listener().await;
    let core = Core::new(&base, &base);
    let inside = TcpListener::bind("127.0.0.1:0").await.unwrap();
    support::terminate(door, inside.local_addr().unwrap());
    let router = core.router().route("/authorize", get(endless));
    tokio::spawn(async move { axum::serve(inside, router).await.unwrap() });
    let bank = Bank { psu: psu("[\"browser\"]", &settings), ..Bank::new(&base) };
    let judged = judge(&bank, &["FLOW-001"], Duration::from_secs(180)).await;
    assert_eq!((judged.exit, judged.accusing()), (3, Vec::new()), "{}", judged.said);
    assert!(judged.peak < 400_000, "it took {} kB", judged.peak);
}

//! Four pages with GET forms, a cookie, a search form on each, a button that only a script could use, and links as ways
//! out.

use std::collections::HashMap;

use axum::{
    Router,
    extract::{Path, Query, RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::get,
};

use super::{
    server::{Core, page, refusal, see},
    support::{CODE, PASSWORD, USERNAME},
};

/// How a customer finds through these pages.
pub(crate) fn psu() -> String {
    format!(
        "[psu]\none_time_code = \"smstan\"\n\
         fields = {{ teilnehmer = \"{USERNAME}\", bereich = \"firmen\", verfahren = \"sms\" }}\n\
         secrets = {{ kennwort = \"{PASSWORD}\", smstan = \"{CODE}\" }}\n\
         buttons = {{ continue = [\"weiter\"], approve = [\"Auftrag freigeben\"], deny = [\"Auftrag ablehnen\"], \
         cancel = [\"abbruch\"] }}\n"
    )
}

pub(crate) fn router(core: &Core) -> Router {
    Router::new()
        .route("/authorize", get(authorize))
        .route("/schritt/{number}", get(step))
        .route("/abbruch", get(cancel))
        .with_state(core.clone())
}

/// Whatever is wrong is told to the customer alone.
async fn authorize(State(core): State<Core>, RawQuery(query): RawQuery) -> Response {
    match core.begin(&query.unwrap_or_default()) {
        Ok(id) => ([("Set-Cookie", format!("vorgang={id}; Path=/; Secure; HttpOnly"))], shown(0, "")).into_response(),
        Err(_) => refusal(StatusCode::BAD_REQUEST, "Diese Anfrage ist nicht zul\u{e4}ssig"),
    }
}

const PARTS: [&str; 4] = [
    "<form action=/schritt/1><select name=bereich><option value='' disabled>Bitte w\u{e4}hlen<option value=privat>Privat\
     <option value=firmen>Firmen</select><button type=button onclick='go()'>Weiter</button>\
     <input type=submit value=Weiter></form>",
    "<form action=/schritt/2><input name=teilnehmer><input type=hidden name=seite value=2><button>Weiter</button></form>",
    "<form action=/schritt/3 method=get><input name=kennwort type=password><input name=smstan>\
     <input type=radio name=verfahren value=app><input type=radio name=verfahren value=sms><button>Weiter</button></form>",
    "<form action=/schritt/4><input type=hidden name=antwort value=nein><button>Auftrag ablehnen</button></form>\
     <form action=/schritt/4><input type=hidden name=antwort value=ja><button>Auftrag freigeben</button></form>",
];

fn shown(number: usize, note: &str) -> Response {
    let search = "<form action=/suche><input name=q type=search><button>Suchen</button></form>";
    let out = "<a href=/impressum>Impressum</a> <a id=abbruch href=/abbruch>Zur\u{fc}ck ohne Freigabe</a>";
    page(format!("{search}<p>{note}</p>{}{out}", PARTS[number]))
}

fn cookie(headers: &HeaderMap) -> String {
    let cookies = headers.get("cookie").and_then(|value| value.to_str().ok()).unwrap_or_default();
    cookies.split("; ").find_map(|pair| pair.strip_prefix("vorgang=")).unwrap_or_default().to_owned()
}

async fn step(
    State(core): State<Core>,
    Path(number): Path<usize>,
    headers: HeaderMap,
    Query(fields): Query<HashMap<String, String>>,
) -> Response {
    let id = cookie(&headers);
    let Some(mut session) = core.session(&id).filter(|session| session.stage + 1 == number) else {
        return refusal(StatusCode::BAD_REQUEST, "Kein Vorgang");
    };
    let has =
        |pairs: &[(&str, &str)]| pairs.iter().all(|(name, value)| fields.get(*name).is_some_and(|is| is == value));
    let good = match number {
        1 => has(&[("bereich", "firmen")]),
        2 => has(&[("teilnehmer", USERNAME), ("seite", "2")]),
        3 => has(&[("kennwort", PASSWORD), ("smstan", CODE), ("verfahren", "sms")]),
        _ if has(&[("antwort", "ja")]) => return see(&core.end(&id, None)),
        _ => return see(&core.end(&id, Some("access_denied"))),
    };
    match good {
        true => session.stage += 1,
        false => session.wrong += 1,
    }
    core.keep(&id, &session);
    match session.wrong {
        0..3 => shown(session.stage, if good { "" } else { "Falsche Eingabe" }),
        _ => see(&core.end(&id, Some("access_denied"))),
    }
}

async fn cancel(State(core): State<Core>, headers: HeaderMap) -> Response {
    see(&core.end(&cookie(&headers), Some("access_denied")))
}

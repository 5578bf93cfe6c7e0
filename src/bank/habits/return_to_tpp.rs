//! Other ways back to the TPP: RFC 6749 1.7 leaves to the bank by what means the user agent is sent there.

use axum::body::Bytes;
use axum::http::header::LOCATION;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use futures::FutureExt;
use url::{Url, form_urlencoded};

use super::Habit;
use super::answers::Answer;
use crate::bank::http::{self, Incoming};
use crate::bank::model::world::World;
use crate::bank::psu::pages;

pub(super) const ROWS: &[Habit] = &[
    Habit {
        id: "empty-parameters-on-return",
        says: "names every parameter of an authorization response, with no value where it has none to tell (RFC 6749 3.1: \
               such a one counts as omitted)",
    },
    Habit {
        id: "fragment-on-return",
        says: "ends the address that it sends the customer back to in a fragment that says nothing, #_=_, which no server \
               is sent (RFC 9110 10.2.2)",
    },
    Habit {
        id: "spaces-in-percent",
        says: "writes a space in the address that it sends the customer back to as %20 and not as a plus (RFC 3986 2.1)",
    },
    Habit {
        id: "leaves-by-two-redirects",
        says: "ends the customer's session at an address of its own before it sends the customer back from there (RFC 6749 1.7)",
    },
    Habit {
        id: "errors-at-an-address",
        says: "sends the customer to a page of its own, with error= in its address, where it tells the TPP nothing \
               (RFC 9700 4.11.2)",
    },
    Habit {
        id: "returns-by-meta-refresh",
        says: "sends the customer back by a page that leads on by itself (RFC 6749 1.7: any other method of the user agent)",
    },
    Habit {
        id: "returns-by-form",
        says: "sends the customer back by a form with method GET, which a script sends and a button without script \
               (RFC 6749 1.7)",
    },
    Habit {
        id: "returns-by-link",
        says: "tells the customer how it ended, and has a link back to the TPP on that page (RFC 6749 1.7)",
    },
];

/// Where the customer is sent back to, if that is what the answer does.
fn way_back(world: &World, incoming: &Incoming, answer: &Answer) -> Option<Url> {
    let to = answer.header(&LOCATION)?;
    let is_of_pages = ["/authorize", "/login", "/sca", "/consent"].iter().any(|path| incoming.path.starts_with(path));
    Url::parse(to).ok().filter(|_| is_of_pages && !to.starts_with(&world.issuer))
}

pub(super) fn with_empty_parameters(world: &World, incoming: &Incoming, answer: &mut Answer) {
    let Some(mut to) = way_back(world, incoming, answer).filter(tells_something) else { return };
    let has = |to: &Url, name: &str| to.query_pairs().any(|(key, _)| key == name);
    for name in ["code", "state", "error", "error_description", "error_uri"] {
        if !has(&to, name) {
            to.query_pairs_mut().append_pair(name, "");
        }
    }
    answer.lines(&LOCATION, [to.as_str()]);
}

fn tells_something(to: &Url) -> bool {
    to.query_pairs().any(|(name, _)| name == "code" || name == "error")
}

pub(super) fn with_fragment(world: &World, incoming: &Incoming, answer: &mut Answer) {
    let Some(mut to) = way_back(world, incoming, answer).filter(|to| to.fragment().is_none()) else { return };
    to.set_fragment(Some("_=_"));
    answer.lines(&LOCATION, [to.as_str()]);
}

pub(super) fn with_percent(world: &World, incoming: &Incoming, answer: &mut Answer) {
    let Some(mut to) = way_back(world, incoming, answer) else { return };
    let query = to.query().map(|query| query.replace('+', "%20"));
    to.set_query(query.as_deref());
    answer.lines(&LOCATION, [to.as_str()]);
}

/// Where the customer is sent on from.
const LEAVING: &str = "/leave/";

pub(super) fn by_two_redirects(world: &World, incoming: &Incoming, answer: &mut Answer) {
    let Some(to) = way_back(world, incoming, answer) else { return };
    let id = world.random.secret();
    answer.lines(&LOCATION, [format!("{}{LEAVING}{id}", world.issuer).as_str()]);
    world.state().leaving.insert(id, to.into());
}

/// `GET /leave/{id}`: the second of the two redirects.
pub(in crate::bank) fn leaving(world: &World, incoming: &Incoming) -> Response {
    let id = incoming.path.rsplit('/').next().unwrap_or_default();
    let to = world.state().leaving.remove(id).filter(|_| incoming.method == Method::GET);
    to.map_or_else(|| pages::error(world, "leave", "This link is not known."), |to| http::see_other(&to))
}

pub(super) fn at_an_address(world: &World, incoming: &Incoming, answer: &mut Answer) {
    if incoming.path == "/authorize" && answer.is_error() {
        answer.parts.status = StatusCode::FOUND;
        let to = format!("{}/sorry?error=invalid_request&error_description=The+request+is+wrong", world.issuer);
        answer.lines(&LOCATION, [to.as_str()]);
        answer.body = Bytes::new();
    }
}

pub(super) fn by_meta_refresh(world: &World, incoming: &Incoming, answer: &mut Answer) {
    let Some(to) = way_back(world, incoming, answer) else { return };
    let head = format!("<meta http-equiv=\"refresh\" content=\"1; url='{}'\">", escaped(to.as_str()));
    leave(world, answer, &head, "");
}

pub(super) fn by_form(world: &World, incoming: &Incoming, answer: &mut Answer) {
    let Some(mut to) = way_back(world, incoming, answer).filter(|to| to.fragment().is_none()) else { return };
    let fields: String = form_urlencoded::parse(to.query().unwrap_or_default().as_bytes())
        .map(|(name, value)| {
            format!("<input type=\"hidden\" name=\"{}\" value=\"{}\">\n", escaped(&name), escaped(&value))
        })
        .collect();
    to.set_query(None);
    let form = format!(
        "<form method=\"get\" action=\"{}\">\n{fields}<noscript><button>Continue</button></noscript>\n</form>\n\
         <script>document.forms[0].submit()</script>",
        escaped(to.as_str())
    );
    leave(world, answer, "", &form);
}

pub(super) fn by_link(world: &World, incoming: &Incoming, answer: &mut Answer) {
    let Some(to) = way_back(world, incoming, answer) else { return };
    leave(world, answer, "", &format!("<p><a href=\"{}\">Back to where you came from</a></p>", escaped(to.as_str())));
}

/// A page in the place of the redirect, with the headers of every page.
fn leave(world: &World, answer: &mut Answer, head: &str, main: &str) {
    let page = pages::message(world, StatusCode::OK, "That was all", "We send you back to where you came from.");
    let (parts, body) = page.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).now_or_never().and_then(Result::ok).unwrap_or_default();
    let html = String::from_utf8_lossy(&body);
    let html = html.replacen("</head>", &format!("{head}\n</head>"), 1);
    answer.body = html.replacen("</main>", &format!("{main}\n</main>"), 1).into();
    answer.parts = parts;
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('\'', "&#39;").replace('<', "&lt;")
}

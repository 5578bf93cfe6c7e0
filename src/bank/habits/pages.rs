//! Other pages for the customer: how they are asked for, what they ask and how they say it.

use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, HeaderValue, REFERRER_POLICY};
use axum::response::Response;

use super::Habit;
use super::answers::Answer;
use crate::bank::http::{Incoming, Params};
use crate::bank::model::world::World;
use crate::bank::psu::pages;
use crate::bank::rule;

pub(super) const ROWS: &[Habit] = &[
    Habit {
        id: "multipart-forms",
        says: "has its forms sent as multipart/form-data, and reads no others (HTML, enctype; RFC 7578)",
    },
    Habit {
        id: "pages-want-origin",
        says: "takes forms only with the Origin and the Referer of its own pages, whose referrer policy lets browsers send \
               them there and nowhere else (RFC 6749 10.12, Fetch 3.2)",
    },
    Habit {
        id: "username-first",
        says: "asks for the user name on one page and for the password on the next (RFC 6749 3.1)",
    },
    Habit {
        id: "asks-to-tick",
        says: "has the customer choose the account from a list and tick a box before it approves (RFC 6749 3.1)",
    },
    Habit {
        id: "notice-before-login",
        says: "shows a notice before the log-in, with a button to go on (RFC 6749 3.1)",
    },
    Habit {
        id: "pages-in-german",
        says: "writes amounts with a comma and account numbers in groups of four on its pages, as people do (ISO 13616-1)",
    },
    Habit {
        id: "sessions-renewed",
        says: "gives the customer's session another id at each step, in cookies with many attributes and more than one \
               (RFC 6265 4.1, protection from session fixation)",
    },
    Habit {
        id: "forms-without-secret",
        says: "tells in its forms what they are about and nothing that is secret: its cookie goes with no form of another site \
               (RFC 6265bis, SameSite; RFC 6749 10.12 leaves the means to the server)",
    },
    Habit {
        id: "cookies-of-one-host",
        says: "has a cookie that browsers take from no other host and from no page without TLS (RFC 6265bis, __Host-)",
    },
    Habit {
        id: "one-time-code-first",
        says: "asks for the one-time code on the first page and for the password on the second (RTS Art. 4(1) has no order)",
    },
    Habit { id: "three-attempts", says: "takes three wrong attempts and no more, where RTS Art. 4(3)(b) allows five" },
    Habit {
        id: "sessions-of-five-minutes",
        says: "ends a session after the five minutes of RTS Art. 4(3)(d), whatever the customer does",
    },
    Habit {
        id: "other-words-for-endings",
        says: "tells a customer who could not be authenticated and one who took too long by server_error and \
               temporarily_unavailable, for which RFC 6749 4.1.2.1 leaves room beside access_denied",
    },
];

/// The paths of the customer's pages.
const PAGES: [&str; 3] = ["/login", "/sca", "/consent"];

fn is_page(incoming: &Incoming) -> bool {
    PAGES.contains(&incoming.path.as_str())
}

/// What a page's form says, as the bank reads it.
pub(in crate::bank) fn form(world: &World, incoming: &Incoming) -> Params {
    if !world.habits.has("multipart-forms") {
        return incoming.form();
    }
    let boundary = incoming.header("content-type").and_then(|kind| kind.strip_prefix("multipart/form-data; boundary="));
    let pairs = boundary.map(|boundary| parts(&String::from_utf8_lossy(&incoming.body), boundary)).unwrap_or_default();
    Params::of(pairs)
}

/// The fields of a body of RFC 7578.
fn parts(body: &str, boundary: &str) -> Vec<(String, String)> {
    let delimiter = format!("--{}", boundary.trim_matches('"'));
    let parts = body.split(&delimiter).filter_map(|part| {
        let (head, value) = part.trim_start_matches("\r\n").split_once("\r\n\r\n")?;
        let name = head.split_once("name=\"")?.1.split('"').next()?;
        Some((name.to_owned(), value.strip_suffix("\r\n").unwrap_or(value).to_owned()))
    });
    parts.collect()
}

/// What is told to a form that is not from the bank's own page; `None` where it is.
pub(in crate::bank) fn refuses_form(world: &World, incoming: &Incoming) -> Option<Response> {
    let own_page = format!("{}/", world.issuer);
    let is_own = incoming.header("origin") == Some(world.issuer.as_str())
        && incoming.header("referer").is_some_and(|from| from.starts_with(&own_page));
    let refused = !is_own && world.habits.has("pages-want-origin");
    refused.then(|| {
        let page = pages::message(world, StatusCode::FORBIDDEN, "This did not work", "This form is not from here.");
        rule::refused(page, "origin", "the form has not the Origin and Referer of the bank's page")
    })
}

pub(super) fn with_multipart_forms(_: &World, incoming: &Incoming, answer: &mut Answer) {
    if is_page(incoming) {
        in_html(answer, |html| {
            html.replace("<form method=\"post\"", "<form enctype=\"multipart/form-data\" method=\"post\"")
        });
    }
}

pub(super) fn with_referrer(_: &World, incoming: &Incoming, answer: &mut Answer) {
    if is_page(incoming) && answer.parts.headers.contains_key(REFERRER_POLICY) {
        answer.parts.headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    }
}

pub(super) fn with_more_questions(_: &World, incoming: &Incoming, answer: &mut Answer) {
    if !is_page(incoming) {
        return;
    }
    in_html(answer, |html| {
        let asked = "<label for=\"account\">Account</label>\n<select id=\"account\" name=\"account\">\n\
                     <option value=\"1\" selected>Current account</option>\n<option value=\"2\">Savings</option>\n</select>\n\
                     <label><input type=\"checkbox\" name=\"agrees\" value=\"yes\" required> I have read the conditions</label>\n";
        let mark = "<div class=\"buttons\">\n<button class=\"main\" name=\"action\" value=\"approve\">";
        html.replacen(mark, &format!("{asked}{mark}"), 1)
    });
}

/// Whether the customer has ticked what is to be ticked.
pub(in crate::bank) fn has_agreed(world: &World, form: &Params) -> bool {
    (form.get("agrees") == Some("yes") && form.get("account") == Some("1")) || !world.habits.has("asks-to-tick")
}

pub(super) fn with_code_first(_: &World, incoming: &Incoming, answer: &mut Answer) {
    const PASSWORD: &str = "id=\"password\" name=\"password\" type=\"password\" autocomplete=\"current-password\"";
    const CODE: &str = "id=\"otp\" name=\"otp\" inputmode=\"numeric\" autocomplete=\"one-time-code\"";
    match incoming.path.as_str() {
        "/login" => in_html(answer, |html| html.replace(PASSWORD, CODE).replace(">Password<", ">One-time code<")),
        "/sca" => in_html(answer, |html| html.replace(CODE, PASSWORD).replace(">One-time code<", ">Password<")),
        _ => {}
    }
}

pub(super) fn after_a_notice(_: &World, incoming: &Incoming, answer: &mut Answer) {
    if incoming.path != "/login" || incoming.method != axum::http::Method::GET || incoming.query.get("seen").is_some() {
        return;
    }
    in_html(answer, |html| match (html.split_once("<main>"), html.split_once("</main>")) {
        (Some((front, _)), Some((_, rest))) => format!(
            "{front}<main>\n<h1>Beware of fraud</h1>\n<p>We never ask for your password by telephone.</p>\n\
             <form method=\"get\" action=\"/login\">\n<button name=\"seen\" value=\"continue\">Continue</button>\n</form>\n</main>{rest}"
        ),
        _ => html.to_owned(),
    });
}

/// A value as the customer is shown it.
pub(in crate::bank) fn shown(world: &World, value: &str, is_amount: bool) -> String {
    match (world.habits.has("pages-in-german"), is_amount) {
        (false, _) => value.to_owned(),
        (true, true) => value.replace('.', ","),
        (true, false) => {
            let groups: Vec<String> =
                value.as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four).into()).collect();
            groups.join("\u{a0}")
        }
    }
}

/// The cookie that is set beside the session's.
pub(in crate::bank) const SECOND_COOKIE: &str = "language=de; Expires=Wed, 01 Jan 2031 00:00:00 GMT; Max-Age=31536000; Path=/; Secure; SameSite=Strict; Priority=Low";

fn in_html(answer: &mut Answer, change: impl FnOnce(&str) -> String) {
    if answer.header(&CONTENT_TYPE).is_some_and(|kind| kind.starts_with("text/html")) {
        answer.body = change(&String::from_utf8_lossy(&answer.body)).into();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_of_a_multipart_form_are_read() {
        let body = "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x\r\n\
                    Content-Disposition: form-data; name=\"b\"\r\n\r\n\r\n--x--\r\n";
        let owned = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(parts(body, "x"), [owned("a", "1"), owned("b", "")]);
        assert_eq!(parts("no form", "x"), []);
    }
}

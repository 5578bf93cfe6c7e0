//! Where the customer lands, and what the TPP is told there.

use std::{sync::Mutex, time::Instant};

use super::{
    bent_bank::{Setting, judged, judged_in},
    man::{Answered, Asked, Bend},
};

/// What reaches the TPP by a customer, and what the bank is asked besides.
const CHECKS: &[&str] = &["FLOW", "STATE", "AUTHZ-012", "PSU-001", "PKCE-003"];

/// A bank that changes every answer which it sends to a TPP.
fn sends(change: fn(&str) -> String) -> impl Bend {
    move |_: &Asked, answered: &mut Answered| {
        if let Some(location) = answered.callback() {
            answered.put("location", &change(&location));
        }
    }
}

/// Every check of a landing is broken, and nothing is open for it.
async fn lands_wrongly(name: &str, change: fn(&str) -> String) {
    let came = judged(CHECKS, sends(change)).await;
    for id in ["FLOW-001", "AUTHZ-012", "STATE-002", "PSU-001"] {
        assert_eq!(came.check(id)["verdict"], "fail", "{name}, {id}: {}", came.said);
    }
    assert_eq!(came.check("PKCE-003")["verdict"], "pass", "{name}: one deviation is one failure\n{}", came.said);
    assert_eq!(came.exit, 1, "{name}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_customer_lands_where_the_request_said_and_nowhere_else() {
    lands_wrongly("another TPP", |location| location.replace("tpp-a.example", "tpp-b.example")).await;
    lands_wrongly("a user name", |location| location.replace("https://tpp-a", "https://x@tpp-a")).await;
    lands_wrongly("another path", |location| location.replace("/callback", "/")).await;
    lands_wrongly("a slash more", |location| location.replace("/callback?", "/callback/?")).await;
    // Nobody of whom the target file speaks is there: what is told there, nobody hears.
    let came = judged(CHECKS, sends(|location| location.replace("tpp-a.example", "tpp-a.example:8443"))).await;
    assert_eq!(came.check("FLOW-001")["verdict"], "fail", "{}", came.said);
    assert!(came.with("pass").iter().all(|id| id != "PSU-001"), "{}", came.said);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_stands_in_the_query_once_and_alone() {
    lands_wrongly("in the fragment", |location| location.replacen('?', "#", 1)).await;
    let came = judged(&["FLOW"], sends(|location| location.replacen("code=", "code=other&code=", 1))).await;
    assert_eq!(came.with("fail"), ["FLOW-001"], "{}", came.said);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_answer_says_twice_or_against_itself_is_said_once() {
    for change in [
        |location: &str| format!("{location}&state=other"),
        |location: &str| location.replacen("state=", "state=other&state=", 1),
        |location: &str| location.replacen("iss=", "iss=other&iss=", 1),
        |location: &str| format!("{location}&access_token=t0p&token_type=Bearer"),
        |location: &str| location.replace("error=", "code=n0ne&error="),
        |location: &str| location.replace("code=", "error=access_denied&code="),
    ] {
        let checks = [CHECKS, &["AUTHZ", "PKCE", "REDIR", "PSU"]].concat();
        judged(&checks, sends(change)).await.is_accused_by(&["FLOW-005"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_beside_an_error_that_brings_a_token_is_a_yes() {
    let says_no_too = sends(|location| location.replace("code=", "error=access_denied&code="));
    let bank = &["--fault", "denial-gives-code"];
    let came = judged_in(Setting { checks: &["FLOW", "AUTHZ-006"], bank, ..Setting::default() }, says_no_too).await;
    assert_eq!(came.with("fail"), ["AUTHZ-006", "FLOW-005"], "{}", came.said);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_answer_may_lawfully_have_besides_accuses_nobody() {
    for change in [
        |location: &str| format!("{location}&session_state=x&scope=a%20b"),
        |location: &str| format!("{location}#_=_"),
        |location: &str| location.replace("error=", "code=&error="),
        |location: &str| location.replace("tpp-a.example", "TPP-A.example:443"),
    ] {
        judged(CHECKS, sends(change)).await.is_accused_by(&[]);
    }
}

/// A gateway that lets a few authorization requests a second through.
struct Busy(Mutex<(Instant, f64)>, u16);

impl Bend for Busy {
    fn request(&self, asked: &mut Asked) -> Option<Answered> {
        let comes =
            asked.method == "GET" && asked.path().ends_with("/authorize") && asked.target.contains("client_id=");
        let mut held = self.0.lock().unwrap();
        let now = Instant::now();
        *held = (now, (held.1 + now.duration_since(held.0).as_secs_f64()).min(1.0));
        let full = comes && held.1 < 1.0;
        held.1 -= if comes && !full { 1.0 } else { 0.0 };
        full.then(|| {
            Answered::page(self.1, "<!doctype html><title>Too many requests</title><p>Please try again later.")
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_before_the_pages_accuses_nobody_and_shows_nothing() {
    for status in [429, 503] {
        let came = judged(&["FLOW", "PKCE", "AUTHZ"], Busy(Mutex::new((Instant::now(), 0.0)), status)).await;
        assert!(came.with("fail").is_empty() && came.with("warn").is_empty(), "{status}: {}", came.said);
        assert!(!came.with("inconclusive").is_empty(), "{status}: {}", came.said);
        assert_eq!(came.exit, 3, "{status}: {}", came.said);
    }
}

/// Brings the customer back by a page in place of the redirect.
fn by_page(headers: fn(&mut Answered, &str), html: fn(&str) -> String) -> impl Bend {
    move |_: &Asked, answered: &mut Answered| {
        let Some(location) = answered.callback() else { return };
        let mut page = Answered::page(200, &html(&location));
        page.put("x-frame-options", "DENY");
        page.put("referrer-policy", "no-referrer");
        page.put("cache-control", "no-store");
        headers(&mut page, &location);
        *answered = page;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_agent_cannot_follow_is_its_own_matter() {
    let script =
        |location: &str| format!("<!doctype html><title>Done</title><script>location.replace({location:?})</script>");
    let plain = |_: &str| "<!doctype html><title>Done</title><p>You are being sent back.".to_owned();
    let refresh: fn(&mut Answered, &str) = |page, location| page.put("refresh", &format!("0; url={location}"));
    for (name, bend) in [("script", by_page(|_, _| {}, script)), ("Refresh", by_page(refresh, plain))] {
        let came = judged(&["FLOW", "PSU-001"], bend).await;
        let told = &came.check("FLOW-001");
        assert_eq!(told["verdict"], "inconclusive", "{name}: {}", came.said);
        assert!(told["reason"].as_str().unwrap_or_default().contains("browser"), "{name}: {told}");
        assert_eq!((came.with("fail"), came.exit), (vec![], 3), "{name}: {}", came.said);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn other_lawful_ways_back_are_followed() {
    for html in [
        |location: &str| format!("<meta http-equiv=refresh content=\"0; url={location}\"><p>Done"),
        |location: &str| format!("<a id=back href=\"{location}\">Back to the shop</a>"),
        |location: &str| {
            let pairs = url::Url::parse(location).unwrap();
            let escaped = |value: &str| value.replace('&', "&amp;").replace('"', "&quot;");
            let field = |(name, value): (std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>)| {
                format!("<input type=hidden name={name} value=\"{}\">", escaped(&value))
            };
            let fields = pairs.query_pairs().map(field);
            let (place, fields) = (location.split('?').next().unwrap_or_default(), fields.collect::<String>());
            format!("<body onload=\"document.forms[0].submit()\"><form action=\"{place}\">{fields}</form>")
        },
    ] {
        judged(&["FLOW", "STATE", "PSU-001"], by_page(|_, _| {}, html)).await.is_accused_by(&[]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_posted_is_none_in_the_query() {
    let post = |location: &str| {
        let pairs = url::Url::parse(location).unwrap();
        let fields =
            pairs.query_pairs().map(|(name, value)| format!("<input type=hidden name={name} value=\"{value}\">"));
        let (place, fields) = (location.split('?').next().unwrap_or_default(), fields.collect::<String>());
        format!("<form method=post action=\"{place}\">{fields}<button>Go on</button></form>")
    };
    let came = judged(&["FLOW"], by_page(|_, _| {}, post)).await;
    assert_eq!(came.check("FLOW-001")["verdict"], "fail", "{}", came.said);
}

/// Wants of each form what a browser sends with it.
struct Wary;

impl Bend for Wary {
    fn request(&self, asked: &mut Asked) -> Option<Answered> {
        let is_form = asked.method == "POST" && asked.headers.contains_key("origin");
        let from_here = asked.headers.get("referer").and_then(|page| page.to_str().ok());
        let is_packed = asked.headers.get("content-type")?.to_str().ok()?.starts_with("multipart/form-data; boundary=");
        if is_form && from_here.is_some_and(|page| page.starts_with("https://localhost:")) && is_packed {
            let boundary = asked.headers["content-type"].to_str().unwrap().rsplit('=').next().unwrap().to_owned();
            asked.body = unpacked(&String::from_utf8_lossy(&asked.body), &boundary).into_bytes();
            asked.headers.insert("content-type", "application/x-www-form-urlencoded".parse().unwrap());
            asked.headers.insert("origin", "null".parse().unwrap());
            return None;
        }
        is_form.then(|| Answered::page(400, "<title>Forbidden</title><p>Referer checking failed."))
    }

    fn answer(&self, _: &Asked, answered: &mut Answered) {
        if answered.header("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
            answered.put("referrer-policy", "same-origin");
            let html =
                String::from_utf8_lossy(&answered.body).replace("<form ", "<form enctype=\"multipart/form-data\" ");
            answered.body = html.into_bytes();
        }
    }
}

fn unpacked(body: &str, boundary: &str) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    for part in body.split(&format!("--{boundary}")) {
        if let Some((head, value)) = part.split_once("\r\n\r\n") {
            let name = head.split("name=\"").nth(1).unwrap().trim_end_matches('"');
            form.append_pair(name, value.trim_end_matches("\r\n"));
        }
    }
    form.finish()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_browser_sends_with_a_form_is_sent() {
    judged(&["FLOW", "STATE", "PSU-001"], Wary).await.is_accused_by(&[]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_not_taken_is_not_the_banks_failure_alone() {
    let came = judged(&["FLOW"], Refuses).await;
    let told = came.check("FLOW-001");
    assert_eq!(told["verdict"], "inconclusive", "{}", came.said);
    assert!(told["reason"].as_str().unwrap_or_default().contains("browser"), "{told}");
}

/// Takes no form at all from this agent.
struct Refuses;

impl Bend for Refuses {
    fn request(&self, asked: &mut Asked) -> Option<Answered> {
        let is_form = asked.method == "POST" && asked.headers.contains_key("origin");
        is_form.then(|| Answered::page(400, "<title>Bad Request</title><p>Not as you send it."))
    }
}

/// A bank whose pages carry the authorization request along in hidden fields.
#[derive(Default)]
struct CarriesAlong(Mutex<String>);

impl Bend for CarriesAlong {
    fn answer(&self, asked: &Asked, answered: &mut Answered) {
        let mut state = self.0.lock().unwrap();
        let sent = asked.came_as.split(['?', '&']).find_map(|pair| pair.strip_prefix("state="));
        sent.into_iter().for_each(|sent| sent.clone_into(&mut state));
        let page = String::from_utf8_lossy(&answered.body)
            .replace("</form>", &format!("<input type=hidden name=state value=\"{state}\"></form>"));
        if answered.header("content-type").is_some_and(|kind| kind.contains("html")) {
            answered.body = page.into_bytes();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_carry_the_request_along_accuse_nobody() {
    judged(&["FLOW-001", "STATE-001", "STATE-006"], CarriesAlong::default()).await.is_accused_by(&[]);
}

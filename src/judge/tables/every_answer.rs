//! Judges of every answer of a run.

use std::sync::Arc;

use super::{answered, error, exchange, failed, json, message, table};
use crate::{
    evidence::{cookies::Without, exchange::Exchange},
    judge::{Finding, berlin_group, every_answer, vocabulary::berlin_group::WORDS},
};

type Judge = fn(&[Arc<Exchange>]) -> Finding;

/// Each row is a run of that answer and one that is right.
#[track_caller]
fn rows(judge: Judge, right: &Exchange, rows: impl IntoIterator<Item = (Exchange, &'static str)>) {
    let run = |exchange: Exchange| vec![Arc::new(right.clone()), Arc::new(exchange)];
    table(|run: &Vec<Arc<Exchange>>| judge(run), rows.into_iter().map(|(exchange, said)| (run(exchange), said)));
    table(
        |run: &Vec<Arc<Exchange>>| judge(run),
        [
            (vec![], "unclear"),
            (vec![Arc::new(failed("timeout"))], "unclear"),
            // What stands before a bank that is down is not the bank.
            (vec![Arc::new(answered(503, &[], "<p>panicked at"))], "unclear"),
        ],
    );
}

fn with_ids(sent: Option<&str>, returned: Option<&str>) -> Exchange {
    let mut exchange = serde_json::to_value(json(200, "{}")).unwrap();
    let headers =
        |id: Option<&str>| serde_json::json!(id.map(|id| ("X-Request-ID", id)).into_iter().collect::<Vec<_>>());
    exchange["request"]["headers"] = headers(sent);
    exchange["answer"]["headers"] = headers(returned);
    serde_json::from_value(exchange).unwrap()
}

#[test]
fn carry_request_id() {
    let (id, other) = ("93bac548-d2de-4546-b106-880a5018460d", "93bac548-d2de-4546-b106-880a5018460e");
    let upper = id.to_uppercase();
    rows(
        every_answer::carry_request_id,
        &with_ids(Some(id), Some(id)),
        [
            (with_ids(Some(id), Some(&upper)), "holds"),
            (with_ids(Some(id), Some(other)), "broken"),
            (with_ids(Some(id), None), "broken"),
            // No clause says what belongs to a request without one, or with one that is none.
            (with_ids(None, None), "holds"),
            (with_ids(Some("seven"), None), "holds"),
        ],
    );
}

#[test]
fn statuses_published() {
    rows(
        |answers| every_answer::statuses_published(answers, &WORDS),
        &json(200, r#"{"transactionStatus":"RCVD"}"#),
        [
            (json(200, r#"{"transactionStatus":"ACSC"}"#), "holds"),
            (json(200, r#"{"transactionStatus":"acsc"}"#), "broken"),
            (json(200, r#"{"transactionStatus":"DONE"}"#), "broken"),
            (json(400, r#"{"transactionStatus":"DONE"}"#), "broken"),
            (json(200, r#"{"transactionStatus":7}"#), "holds"),
            (json(200, "{}"), "holds"),
        ],
    );
}

#[test]
fn errors_published() {
    let problem = |body: &str| answered(400, &[("content-type", "application/problem+json")], body);
    rows(
        berlin_group::errors_published,
        &message(400, "FORMAT_ERROR"),
        [
            (answered(404, &[], ""), "holds"),
            (problem(r#"{"type":"about:blank"}"#), "holds"),
            (problem(r#"{"title":"no"}"#), "broken"),
            (json(400, r#"{"type":"about:blank"}"#), "broken"),
            (json(400, r#"{"tppMessages":[{"code":"FORMAT_ERROR"}]}"#), "broken"),
            (json(400, r#"{"tppMessages":[]}"#), "broken"),
            (answered(400, &[("content-type", "text/html")], "<p>FORMAT_ERROR"), "broken"),
            (json(200, r#"{"anything":1}"#), "holds"),
        ],
    );
}

#[test]
fn texts_fit() {
    let said = |status: u16, texts: &[&str]| {
        let message = |text: &&str| serde_json::json!({ "category": "ERROR", "code": "FORMAT_ERROR", "text": text });
        let messages: Vec<_> = texts.iter().map(message).collect();
        json(status, &serde_json::json!({ "tppMessages": messages }).to_string())
    };
    let of = |length: usize| "ü".repeat(length);
    rows(
        berlin_group::texts_fit,
        &said(400, &["no"]),
        [
            (said(400, &[&of(500)]), "holds"),
            // As the earlier releases of 1.3 had it.
            (said(400, &[&of(512)]), "holds"),
            (said(400, &[&of(513)]), "broken"),
            (said(201, &["no", &of(513)]), "broken"),
            (said(500, &[&of(513)]), "broken"),
            // What was put for a secret is not the bank's.
            (said(400, &[&format!("{}‹access_token:ab12cd›{}", of(256), of(256))]), "holds"),
            (said(400, &[&format!("{}‹access_token:ab12cd›{}", of(256), of(257))]), "broken"),
            (said(400, &[&format!("{}‹", of(513))]), "broken"),
            (message(400, "FORMAT_ERROR"), "holds"),
            (json(400, r#"{"tppMessages":[{"text":7}]}"#), "holds"),
            (answered(400, &[("content-type", "text/html")], &of(600)), "holds"),
        ],
    );
}

#[test]
fn codes_match_statuses() {
    rows(
        |answers| every_answer::codes_match_statuses(answers, &WORDS),
        &message(400, "FORMAT_ERROR"),
        [
            (message(404, "RESOURCE_UNKNOWN"), "holds"),
            (message(403, "RESOURCE_UNKNOWN"), "holds"),
            (message(409, "RESOURCE_UNKNOWN"), "broken"),
            (message(401, "FORMAT_ERROR"), "broken"),
            (message(500, "FORMAT_ERROR"), "broken"),
            // A code of the bank's own is the bank's own.
            (message(418, "TEAPOT"), "holds"),
            (message(200, "FORMAT_ERROR"), "holds"),
        ],
    );
}

#[test]
fn token_errors_are_json() {
    let get = exchange(
        "GET",
        serde_json::json!({ "kind": "response", "status": 405, "headers": [], "body": "no", "truncated": false }),
    );
    rows(
        every_answer::token_errors_are_json,
        &error(400, "invalid_grant"),
        [
            (json(200, "{}"), "holds"),
            (get, "holds"),
            (json(400, r#"{"error":7}"#), "broken"),
            (json(400, "{}"), "broken"),
            (answered(400, &[("content-type", "text/plain")], r#"{"error":"invalid_grant"}"#), "broken"),
            // A server that fails is not the subject of RFC 6749 5.2.
            (answered(500, &[], ""), "holds"),
        ],
    );
}

#[test]
fn no_internals() {
    let page = |text: &str| answered(500, &[("content-type", "text/html")], text);
    rows(
        every_answer::no_internals,
        &page("<p>Something went wrong"),
        [
            (page("<p>Our systems are being traced back"), "holds"),
            (page("Traceback (most recent call last)"), "broken"),
            (page("thread 'main' panicked at src/main.rs"), "broken"),
            (json(200, r#"{"hint":"SQLSTATE[42S02]"}"#), "broken"),
            (json(200, r#"{"hint":"ORA-00942: table or view does not exist"}"#), "broken"),
            // What a token may hold by chance.
            (json(200, r#"{"access_token":"eyJhbGciOiJFUzI1NiJ9.pORA-0aZ.ORA-00942"}"#), "holds"),
            (page("com.bank.core.Ledger.book(Ledger.java:117)"), "broken"),
            (page("File \"/srv/app/views.py\", line 42, in pay"), "broken"),
            (page("/srv/core.go:88 +0x1d"), "broken"),
            (page("our views.py and Ledger.java: thanks to 117 people"), "holds"),
            (json(200, r#"{"sample":"Ledger.java:117)"}"#), "holds"),
            (
                answered(
                    303,
                    &[("location", "https://tpp/cb?error=server_error&error_description=java.lang.Null+x")],
                    "",
                ),
                "broken",
            ),
            (
                answered(401, &[("www-authenticate", "Bearer error_description=\"at org.springframework%2Ex\"")], ""),
                "broken",
            ),
            (json(400, r#"{"text":"com.bank.xs2a.PaymentRepository"}"#), "broken"),
            (json(400, r#"{"text":"UK.OBIE.Field.Missing, Payments.Service"}"#), "holds"),
            (json(400, r#"{"path":"/v1/payments","type":"https://bank.example/errors/format"}"#), "holds"),
            (json(400, r#"{"text":"db-01.bank.internal"}"#), "broken"),
            (json(400, r#"{"text":"no answer from 10.1.2.3:5432"}"#), "broken"),
            (json(403, r#"{"text":"your address 10.1.2.3 is not known"}"#), "holds"),
            (page("<script>a.b.LoginController</script>"), "holds"),
            (json(400, r#"{"text":"version 1.2.3.4"}"#), "holds"),
            (json(200, r#"{"text":"10.1.2.3"}"#), "holds"),
            (json(500, r#"{"text":"SELECT a FROM b"}"#), "broken"),
            (page("Select your account from the list"), "holds"),
            (page("Payments.java:17)"), "broken"),
            (answered(400, &[("x-error", "org.hibernate.JDBCException")], ""), "broken"),
        ],
    );
}

#[test]
fn no_versions() {
    let from = |name: &str, value: &str| answered(200, &[(name, value)], "");
    alone(
        every_answer::no_versions,
        [
            (from("server", "nginx"), "holds"),
            (from("Server", "nginx/1.25.3"), "broken"),
            (from("x-powered-by", "PHP/8.2"), "broken"),
            (from("x-powered-by", "Express"), "holds"),
            (from("via", "1.1 front.bank.example"), "holds"),
            (from("server", "gateway-2"), "holds"),
        ],
    );
}

/// Each row is a run of that answer alone.
#[track_caller]
pub(super) fn alone(
    judge: impl Fn(&[Arc<Exchange>]) -> Finding,
    rows: impl IntoIterator<Item = (Exchange, &'static str)>,
) {
    table(
        |run: &Vec<Arc<Exchange>>| judge(run),
        rows.into_iter().map(|(exchange, said)| (vec![Arc::new(exchange)], said)),
    );
}

/// The same answer to something that was asked of that operation, at that address and with that body.
pub(super) fn of(operation: &str, url: &str, body: &str, answer: Exchange) -> Exchange {
    let mut exchange = serde_json::to_value(answer).unwrap();
    exchange["operation"] = operation.into();
    exchange["request"]["url"] = url.into();
    exchange["request"]["body"] = body.into();
    if body.is_empty() {
        exchange["request"]["method"] = "GET".into();
    }
    serde_json::from_value(exchange).unwrap()
}

#[test]
fn json_is_json() {
    let mark = '\u{feff}';
    alone(
        every_answer::json_is_json,
        [
            (json(200, "{}"), "holds"),
            (json(400, &format!("{mark}{{}}")), "broken"),
            (json(200, r#"{"a":1,}"#), "broken"),
            (json(200, r#"{"a":1"#), "broken"),
            (json(200, ""), "unclear"),
            (answered(200, &[("content-type", "application/problem+json; charset=utf-8")], "<p>"), "broken"),
            // What calls itself otherwise is no business of this.
            (answered(200, &[("content-type", "text/html")], "<p>"), "unclear"),
        ],
    );
}

#[test]
fn members_stand_once() {
    alone(
        every_answer::members_stand_once,
        [
            (json(200, r#"{"a":1,"b":{"a":1}}"#), "holds"),
            (json(400, r#"{"error":"x","error":"x"}"#), "broken"),
            (json(200, r#"[{"a":1},{"b":1,"b":2}]"#), "broken"),
            // That it is no JSON is said elsewhere.
            (json(200, r#"{"a":1,"a""#), "holds"),
            (answered(200, &[("content-type", "text/html")], r#"{"a":1,"a":1}"#), "unclear"),
        ],
    );
}

#[test]
fn fields_stand_once() {
    alone(
        every_answer::fields_stand_once,
        [
            (answered(201, &[("location", "/a"), ("content-type", "text/html")], ""), "holds"),
            (answered(201, &[("location", "/a"), ("Location", "/b")], ""), "broken"),
            (
                answered(200, &[("content-type", "application/json"), ("content-type", "application/json")], ""),
                "broken",
            ),
            // Lists may stand in several lines, and cookies have to.
            (answered(200, &[("cache-control", "private"), ("cache-control", "no-store")], ""), "holds"),
            (answered(200, &[("set-cookie", "a=1"), ("set-cookie", "b=2")], ""), "holds"),
        ],
    );
}

#[test]
fn cookies_are_for_tls() {
    let page = |cookies: &[&str]| {
        let headers: Vec<_> = cookies.iter().map(|cookie| ("set-cookie", *cookie)).collect();
        of("page", "https://bank.example/login", "", answered(200, &headers, ""))
    };
    alone(
        |answers| {
            let tried = [("a", Without::Lost), ("b", Without::Agreed), ("c", Without::Untried)];
            every_answer::cookies_are_for_tls(answers, &tried.map(|(name, came)| (name.to_owned(), came)))
        },
        [
            (page(&["a=1; Path=/; Secure; HttpOnly"]), "holds"),
            (page(&["a=1;SECURE"]), "holds"),
            (page(&["a=1; Path=/"]), "broken"),
            (page(&["b=1; Path=/"]), "holds"),
            (page(&["b=1", "a=1; Secure"]), "holds"),
            (page(&["b=1", "a=1"]), "broken"),
            (page(&["c=1"]), "beside"),
            (page(&["a=1; Secure", "Secure=1"]), "beside"),
            (page(&["c=1", "a=1"]), "broken"),
            (page(&["a=Secure; Comment=Secure cookie"]), "broken"),
            // What is taken back holds nothing.
            (page(&["a=; Max-Age=0"]), "beside"),
            (page(&["a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT"]), "beside"),
            (page(&[]), "beside"),
            (answered(200, &[("set-cookie", "gateway=1")], "{}"), "beside"),
        ],
    );
}

#[test]
fn json_is_declared() {
    let as_kind = |kind: &str, body: &str| answered(200, &[("content-type", kind)], body);
    alone(
        every_answer::json_is_declared,
        [
            (json(201, "{}"), "holds"),
            (as_kind("Application/JSON; Charset=\"utf-8\"", "{}"), "holds"),
            (as_kind("text/plain", "{}"), "broken"),
            (answered(200, &[], "[]"), "broken"),
            (as_kind("text/plain", "7"), "unclear"),
            (answered(400, &[("content-type", "text/plain")], "{}"), "unclear"),
        ],
    );
}

#[test]
fn unauthorized_is_challenged() {
    let paid = |answer| of("status", "https://bank.example/v1/p/1/status", "", answer);
    let challenged = answered(401, &[("www-authenticate", "Bearer realm=\"x\"")], r#"{"error":"invalid_token"}"#);
    alone(
        every_answer::unauthorized_is_challenged,
        [
            (paid(message(401, "TOKEN_INVALID")), "broken"),
            (paid(challenged), "holds"),
            // HTTP has no challenge for a certificate, and what is not said nobody knows.
            (paid(message(401, "CERTIFICATE_INVALID")), "beside"),
            (paid(answered(401, &[], "")), "beside"),
            (of("resource", "https://bank.example/r", "", answered(401, &[], "")), "broken"),
            (error(401, "invalid_client"), "beside"),
            (paid(message(403, "TOKEN_INVALID")), "beside"),
        ],
    );
}

#[test]
fn methods_are_named() {
    alone(
        every_answer::methods_are_named,
        [
            (answered(405, &[("Allow", "POST")], ""), "holds"),
            (answered(405, &[], ""), "broken"),
            (answered(404, &[], ""), "beside"),
        ],
    );
}

#[test]
fn answers_with_a_token() {
    let token = |status: u16, members: &str| json(status, &format!(r#"{{"access_token":"t"{members}}}"#));
    alone(
        every_answer::come_with_200,
        [
            (token(200, ""), "holds"),
            (token(201, ""), "broken"),
            (json(201, "{}"), "unclear"),
            (token(400, ""), "unclear"),
        ],
    );
    alone(
        every_answer::types_are_registered,
        [
            (token(200, r#","token_type":"bearer""#), "holds"),
            (token(200, r#","token_type":"DPoP""#), "holds"),
            (token(200, r#","token_type":"JWT""#), "broken"),
            (token(200, ""), "broken"),
        ],
    );
    alone(
        every_answer::members_have_their_types,
        [
            (token(200, r#","scope":"a b","expires_in":300"#), "holds"),
            (token(200, r#","scope":null"#), "holds"),
            (token(200, r#","scope":["a"]"#), "broken"),
            (token(200, r#","expires_in":"300""#), "broken"),
            (token(200, r#","refresh_token":7"#), "broken"),
        ],
    );
    let kept = |value: &str| {
        let headers = [("content-type", "application/json"), ("cache-control", value)];
        answered(200, &headers, r#"{"access_token":"t"}"#)
    };
    alone(
        every_answer::forbid_caching,
        [(kept("private, No-Store"), "holds"), (kept("no-cache"), "broken"), (token(200, ""), "broken")],
    );
}

const CALLBACK: &str = "https://tpp.example/callback";

fn redirect(location: &str) -> Exchange {
    of("page", "https://bank.example/consent", "", answered(303, &[("location", location)], ""))
}

#[test]
fn name_the_issuer() {
    let registered = [CALLBACK.to_owned()];
    let with = |rest: &str| redirect(&format!("{CALLBACK}{rest}"));
    alone(
        |run| every_answer::name_the_issuer(run, &registered, "https://bank.example"),
        [
            (with("?code=c&iss=https%3A%2F%2Fbank.example"), "holds"),
            (with("#error=x&iss=https://bank.example"), "holds"),
            (with("?error=x"), "broken"),
            (with("?code=c&iss=https://other.example"), "broken"),
            // That it stands there twice is for another check.
            (with("?code=c&iss=https://bank.example&iss=https://other.example"), "holds"),
            (with("?code=c&iss=https://other.example&iss=https://other.example"), "broken"),
            (redirect("https://bank.example/next?code=c"), "beside"),
            (with("?tenant=7"), "beside"),
        ],
    );
}

#[test]
fn errors_told_are_spelt() {
    let registered = [CALLBACK.to_owned()];
    let with = |rest: &str| redirect(&format!("{CALLBACK}{rest}"));
    alone(
        |run| every_answer::errors_told_are_spelt(run, &registered),
        [
            (with("?error=access_denied&error_description=The+customer+said+no."), "holds"),
            (with("?error=x&error_description=~%21%23%5B%5D"), "holds"),
            (with("?error=x&error_description=%22no%22"), "broken"),
            (with("?error=x&error_description=a%5Cb"), "broken"),
            (with("?error=x&error_description=nicht+m%C3%B6glich"), "broken"),
            (with("?error=x&error_description=a%0Ab"), "broken"),
            (with("?error=x&error_uri=https://bank.example/a+b"), "broken"),
            // What is the TPP's own is as the TPP has spelt it.
            (with("?error=x&state=%22s%22"), "holds"),
            (with("?code=c&state=s"), "beside"),
            (redirect("https://bank.example/next"), "beside"),
        ],
    );
}

#[test]
fn token_errors_are_spelt() {
    let token = |body: &str| of("token", "https://bank.example/token", "", json(400, body));
    alone(
        every_answer::token_errors_are_spelt,
        [
            (token(r#"{"error":"invalid_grant","error_description":"the code has expired"}"#), "holds"),
            (token(r#"{"error":"invalid_grant","error_description":"the \"code\" has expired"}"#), "broken"),
            (token(r#"{"error":"invalid grant\n"}"#), "broken"),
            (token(r#"{"error":"x","error_uri":"https://bank.example/a b"}"#), "broken"),
            (token(r#"{"error":"x","hint":"\"anything\""}"#), "holds"),
            (token(r#"{"access_token":"t"}"#), "beside"),
        ],
    );
}

#[test]
fn passwords_are_hidden() {
    let page = |html: &str| {
        let headers = [("content-type", "text/html")];
        of("page", "https://bank.example/login", "", answered(200, &headers, html))
    };
    alone(
        every_answer::passwords_are_hidden,
        [
            (page("<form><input name=password type=PASSWORD></form>"), "holds"),
            (page("<form><input name=password></form>"), "broken"),
            (page("<form><input type=text id=userPasswd></form>"), "broken"),
            (page("<form><input type=password name=password><input type=tel name=password2></form>"), "broken"),
            // What nobody types in, or a script may hide.
            (page("<form><input type=hidden name=password value=x></form>"), "beside"),
            (page("<form><input type=submit name=forgot_password></form>"), "beside"),
            (page("<form><input name=password></form><script src=a.js></script>"), "beside"),
            (page("<form><input name=username></form><p>Your password?"), "beside"),
        ],
    );
}

/// With an id each, as the exchanges of a run have.
pub(super) fn numbered(run: &[Arc<Exchange>]) -> Vec<Arc<Exchange>> {
    let with_id =
        |(at, exchange): (usize, &Arc<Exchange>)| Exchange { id: format!("x{at:04}"), ..(**exchange).clone() };
    run.iter().enumerate().map(with_id).map(Arc::new).collect()
}

#[test]
fn bring_back_the_state() {
    let registered = [CALLBACK.to_owned()];
    let asks = |query: &str| {
        let url = format!("https://bank.example/authorize?client_id=a{query}");
        Arc::new(of("page", &url, "", answered(302, &[("location", "/login")], "")))
    };
    let pushes = |state: &str| Arc::new(of("pushed-request", "https://bank.example/par", state, json(201, "{}")));
    let back = |query: &str| Arc::new(redirect(&format!("{CALLBACK}?code=c{query}")));
    table(
        |run: &Vec<Arc<Exchange>>| every_answer::bring_back_the_state(&numbered(run), &registered),
        [
            (vec![asks("&state=s"), back("&state=s")], "holds"),
            (vec![asks("&state=s"), back("")], "broken"),
            (vec![asks("&state=s"), back("&state=t")], "broken"),
            (vec![asks("&state=s"), back("&state=t&state=s")], "holds"),
            (vec![asks(""), back("")], "holds"),
            (vec![asks(""), back("&state=made-up")], "holds"),
            // Two flows of one check may be under way at once.
            (vec![asks("&state=s"), asks("&state=t"), back("&state=s"), back("&state=t")], "holds"),
            (vec![pushes("client_id=a&state=s"), asks("&request_uri=urn:x"), back("&state=s")], "holds"),
            (vec![pushes("client_id=a&state=s"), asks("&request_uri=urn:x"), back("")], "broken"),
            (vec![asks("&state=s")], "beside"),
        ],
    );
}

#[test]
fn say_one_thing_once() {
    let registered = [CALLBACK.to_owned(), format!("{CALLBACK}?state=own")];
    let asks = |kind: &str| {
        let url = format!("https://bank.example/authorize?client_id=a&response_type={kind}");
        Arc::new(of("page", &url, "", answered(302, &[("location", "/login")], "")))
    };
    let back = |rest: &str| Arc::new(redirect(&format!("{CALLBACK}{rest}")));
    table(
        |run: &Vec<Arc<Exchange>>| every_answer::say_one_thing_once(&numbered(run), &registered),
        [
            (vec![asks("code"), back("?code=c&state=s&iss=i")], "holds"),
            (vec![back("?error=e&state=s")], "holds"),
            (vec![back("?error=e&code=&state=s")], "holds"),
            (vec![back("?code=c&state=s&state=s")], "broken"),
            (vec![back("?state=own&code=c&state=s")], "holds"),
            (vec![back("?error=e&iss=i&iss=j")], "broken"),
            (vec![back("?error=e&code=c")], "broken"),
            (vec![back("?code=c#access_token=t")], "broken"),
            (vec![asks("code+id_token"), back("#code=c&id_token=t")], "holds"),
            (vec![asks("code")], "beside"),
        ],
    );
}

#[test]
fn pages_forbid_framing() {
    let page = |headers: &[(&str, &str)], html: &str| {
        let headers = [&[("content-type", "text/html")], headers].concat();
        of("page", "https://bank.example/login", "", answered(200, &headers, html))
    };
    let form = "<FORM></form>";
    alone(
        every_answer::pages_forbid_framing,
        [
            (page(&[("x-frame-options", "DENY")], form), "holds"),
            (page(&[("x-frame-options", "sameorigin")], form), "holds"),
            (page(&[("x-frame-options", "ALLOWALL")], form), "broken"),
            (page(&[("content-security-policy", "default-src x; frame-ancestors 'none'")], form), "holds"),
            (page(&[("content-security-policy", "frame-ancestors https:")], form), "broken"),
            (page(&[("content-security-policy", "frame-ancestors *"), ("x-frame-options", "DENY")], form), "broken"),
            (page(&[("content-security-policy", "frame-ancestors https://app.bank.example")], form), "holds"),
            (page(&[], form), "broken"),
            (page(&[], "<p>Done"), "beside"),
        ],
    );
}

#[test]
fn ids_differ() {
    let initiated = |request: &str, answer: Exchange| {
        let mut exchange = of("initiation", "https://bank.example/v1/p", "{}", answer);
        exchange.request.headers.push(("X-Request-ID".into(), request.into()));
        Arc::new(exchange)
    };
    let seven = || json(201, r#"{"paymentId":"7"}"#);
    table(
        |run: &Vec<Arc<Exchange>>| berlin_group::ids_differ(run),
        [
            (vec![initiated("a", seven()), initiated("b", json(201, r#"{"paymentId":"8"}"#))], "holds"),
            (vec![initiated("a", seven()), initiated("b", seven())], "broken"),
            // Sent once more, it is the same payment.
            (vec![initiated("a", seven()), initiated("a", seven())], "holds"),
            (vec![initiated("a", seven()), initiated("b", json(400, r#"{"paymentId":"7"}"#))], "holds"),
            (vec![initiated("a", json(400, "{}"))], "beside"),
        ],
    );
}

#[test]
fn payments_as_ordered() {
    let order = |amount: &str| format!(r#"{{"instructedAmount":{{"amount":"{amount}","currency":"EUR"}}}}"#);
    let initiated =
        Arc::new(of("initiation", "https://bank.example/v1/p", &order("1.50"), json(201, r#"{"paymentId":"7"}"#)));
    let read = |body: &str| Arc::new(of("payment", "https://bank.example/v1/p/7", "", json(200, body)));
    table(
        |run: &Vec<Arc<Exchange>>| berlin_group::payments_as_ordered(run, str::to_owned),
        [
            (vec![initiated.clone(), read(&order("1.5"))], "holds"),
            (vec![initiated.clone(), read(&order("1.51"))], "broken"),
            (vec![initiated.clone(), read("{}")], "broken"),
            (vec![read("{}")], "holds"),
            (vec![initiated], "beside"),
        ],
    );
}

#[test]
fn a_page_may_bring_the_customer_back_too() {
    let page = |html: &str| answered(200, &[("content-type", "text/html; charset=utf-8")], html);
    let registered = [CALLBACK.to_owned()];
    alone(
        |answers| every_answer::name_the_issuer(answers, &registered, "i"),
        [
            (page(&format!("<a href=\"{CALLBACK}?error=access_denied&amp;iss=i\">back</a>")), "holds"),
            (page(&format!("<a href=\"{CALLBACK}?error=access_denied\">back</a>")), "broken"),
            (page(&format!("<meta http-equiv=refresh content=\"0; url={CALLBACK}?code=1&amp;iss=j\">")), "broken"),
            (page(&format!("<form action=\"{CALLBACK}\"><input type=hidden name=code value=1></form>")), "broken"),
            // It leads to the shop, and tells nothing.
            (page(&format!("<a href=\"{CALLBACK}\">back to the shop, error or no error</a>")), "beside"),
        ],
    );
}

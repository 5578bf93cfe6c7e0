//! The table of broken banks.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use serde_json::json;
use wiremock::{Request, ResponseTemplate};

use super::{
    answers::{created, field, form, html, is, metadata_with, redirect, token},
    support::{CALLBACK, TOKEN},
    wire::Wire,
};

/// Where things are.
pub(crate) struct Places {
    /// The bank, by its name.
    pub(crate) base: String,
    /// The port whose connections break.
    pub(crate) raw: String,
    /// The same bank under another host name: to the TPP that is somebody else.
    pub(crate) elsewhere: String,
    /// The same bank without TLS.
    pub(crate) plain: String,
}

type Answers = fn(&Request, &Places) -> Option<ResponseTemplate>;

/// One broken bank, and what is to come of it.
#[derive(Clone, Copy)]
pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// Ids, or their beginnings.
    pub(crate) checks: &'static [&'static str],
    /// What differs from the lawful bank.
    pub(crate) answers: Answers,
    /// How the other port breaks.
    pub(crate) wire: Wire,
    /// There is nothing but the other port.
    pub(crate) only_wire: bool,
    pub(crate) payments: bool,
    pub(crate) capabilities: &'static [&'static str],
    pub(crate) timeout_seconds: u64,
    pub(crate) exit: i32,
    /// Every check that accuses the bank, in order.
    pub(crate) accusing: &'static [&'static str],
    /// What others come to.
    pub(crate) verdicts: &'static [(&'static str, &'static str)],
}

const LAWFUL: Case = Case {
    name: "nothing is wrong",
    checks: &["META-00", "META-011", "FLOW-001", "FLOW-002", "FLOW-003", "FLOW-004", "FLOW-005", "AUTHZ-006"],
    answers: |_, _| None,
    wire: Wire::Closed,
    only_wire: false,
    payments: false,
    capabilities: &[],
    timeout_seconds: 5,
    exit: 0,
    accusing: &[],
    verdicts: &[("FLOW-002", "pass"), ("AUTHZ-006", "pass")],
};

const UNCLEAR: &str = "inconclusive";
const META: Case = Case { checks: &["META", "FLOW-001"], exit: 1, verdicts: &[("FLOW-001", UNCLEAR)], ..LAWFUL };

fn metadata_body(request: &Request, body: impl Into<Vec<u8>>, kind: &str) -> Option<ResponseTemplate> {
    request.url.path().starts_with("/.well-known/").then(|| ResponseTemplate::new(200).set_body_raw(body.into(), kind))
}

const STEAL: &str = "<script>steal()</script>";

pub(crate) const METADATA: &[Case] = &[
    LAWFUL,
    Case {
        name: "metadata is HTML",
        answers: |request, _| metadata_body(request, format!("<title>{STEAL}</title>{STEAL}"), "text/html"),
        accusing: &["META-001"],
        ..META
    },
    Case {
        name: "metadata is malformed JSON",
        answers: |request, _| metadata_body(request, r#"{"issuer": "x","#, "application/json"),
        accusing: &["META-001"],
        ..META
    },
    Case {
        name: "metadata is null",
        answers: |request, _| metadata_body(request, "null", "application/json"),
        accusing: &["META-001"],
        ..META
    },
    Case {
        name: "metadata is empty",
        answers: |request, _| metadata_body(request, "", "application/json"),
        accusing: &["META-001"],
        ..META
    },
    Case {
        name: "metadata is no UTF-8",
        answers: |request, _| metadata_body(request, b"{\"issuer\": \"\xff\xfe\xc0\"".to_vec(), "application/json"),
        accusing: &["META-001"],
        ..META
    },
    Case {
        name: "metadata nests deeper than anybody reads",
        answers: |request, _| {
            let body = format!("{{\"issuer\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
            metadata_body(request, body, "application/json")
        },
        exit: 3,
        verdicts: &[("META-001", UNCLEAR), ("META-011", UNCLEAR), ("FLOW-001", UNCLEAR)],
        ..META
    },
    Case {
        name: "metadata has 50 MB",
        answers: |request, _| metadata_body(request, vec![b' '; 50 << 20], "application/json"),
        exit: 3,
        verdicts: &[("META-001", UNCLEAR), ("META-011", UNCLEAR), ("FLOW-001", UNCLEAR)],
        ..META
    },
    Case {
        name: "metadata is longer than what is recorded, and lawful",
        answers: |request, places| metadata_with(request, places, &[("x_notes", json!("n".repeat(200_000)))]),
        exit: 3,
        verdicts: &[("META-001", UNCLEAR), ("META-003", UNCLEAR), ("FLOW-001", "pass")],
        ..META
    },
    Case {
        name: "metadata has the wrong type",
        answers: |request, places| {
            let body = super::answers::metadata(places, &[]).to_string();
            metadata_body(request, body, "text/plain")
        },
        accusing: &["META-001"],
        verdicts: &[("META-002", "pass"), ("META-003", "pass"), ("FLOW-001", "pass")],
        ..META
    },
    Case {
        name: "the issuer is another",
        answers: |request, places| {
            let elsewhere = &places.elsewhere;
            let endpoint = json!(format!("{elsewhere}/authorize"));
            metadata_with(request, places, &[("issuer", json!(elsewhere)), ("authorization_endpoint", endpoint)])
        },
        accusing: &["META-002"],
        ..META
    },
    Case {
        name: "endpoints are relative",
        answers: |request, places| {
            let (authorize, token) = (json!("/authorize"), json!("token"));
            metadata_with(request, places, &[("authorization_endpoint", authorize), ("token_endpoint", token)])
        },
        accusing: &["META-003"],
        ..META
    },
    Case {
        name: "endpoints have no TLS",
        checks: &["META", "FLOW-001", "TOKEN-005"],
        answers: |request, places| {
            let at = |path: &str| json!(format!("{}{path}", places.plain));
            let endpoints = [("authorization_endpoint", at("/authorize")), ("token_endpoint", at("/token"))];
            metadata_with(request, places, &endpoints)
        },
        accusing: &["META-003"],
        ..META
    },
    Case {
        name: "endpoints are scripts",
        answers: |request, places| {
            let script = json!("javascript:steal()");
            metadata_with(request, places, &[("authorization_endpoint", script.clone()), ("jwks_uri", script)])
        },
        accusing: &["META-003"],
        ..META
    },
    Case {
        name: "members are of the wrong type",
        answers: |request, places| {
            metadata_with(request, places, &[("issuer", json!({})), ("token_endpoint", json!([1]))])
        },
        accusing: &["META-002", "META-003"],
        verdicts: &[],
        ..META
    },
    Case {
        name: "metadata leads in a circle",
        answers: |request, _| request.url.path().starts_with("/.well-known/").then(|| redirect(request.url.path())),
        accusing: &["META-001"],
        ..META
    },
];

const PAGE: Case = Case { checks: &["FLOW-001"], exit: 3, verdicts: &[("FLOW-001", UNCLEAR)], ..LAWFUL };

fn authorization(request: &Request, answer: impl FnOnce() -> ResponseTemplate) -> Option<ResponseTemplate> {
    is(request, "/authorize").then(answer)
}

pub(crate) const PAGES: &[Case] = &[
    Case {
        name: "the authorization endpoint leads in a circle",
        answers: |request, _| authorization(request, || redirect("/authorize")),
        ..PAGE
    },
    Case {
        name: "it sends the PSU to a file",
        answers: |request, _| authorization(request, || redirect("file:///etc/passwd")),
        exit: 1,
        accusing: &["FLOW-001"],
        verdicts: &[],
        ..PAGE
    },
    Case {
        name: "it sends the PSU to another host",
        answers: |request, places| authorization(request, || redirect(&format!("{}/login", places.elsewhere))),
        ..PAGE
    },
    Case {
        name: "it sends the PSU to the same host without TLS",
        answers: |request, places| authorization(request, || redirect(&format!("{}/login", places.plain))),
        exit: 1,
        accusing: &["FLOW-001"],
        verdicts: &[],
        ..PAGE
    },
    Case {
        name: "the Location is no URL",
        answers: |request, _| authorization(request, || redirect("https://[::bad/")),
        exit: 1,
        accusing: &["FLOW-001"],
        verdicts: &[],
        ..PAGE
    },
    Case {
        name: "it calls the TPP back with code and error",
        answers: |request, _| {
            let state = field(request, "state");
            authorization(request, || redirect(&format!("{CALLBACK}?code=abcdefgh&error={STEAL}&state={state}")))
        },
        exit: 1,
        checks: &["FLOW-001", "FLOW-005"],
        accusing: &["FLOW-005"],
        verdicts: &[],
        ..PAGE
    },
    Case {
        name: "a page without forms",
        answers: |request, _| authorization(request, || html(format!("<h1>Welcome</h1>{STEAL}"))),
        ..PAGE
    },
    Case {
        name: "a form that goes to another host",
        checks: &["FLOW-001", "AUTHZ-006"],
        answers: |request, places| {
            authorization(request, || html(form(request, &format!("{}/login", places.elsewhere))))
        },
        verdicts: &[("FLOW-001", UNCLEAR), ("AUTHZ-006", UNCLEAR)],
        ..PAGE
    },
    Case {
        name: "a form that goes to another host by its base",
        answers: |request, places| {
            let base = format!("<head><base href=\"{}/\"></head>", places.elsewhere);
            authorization(request, || html(base + &form(request, "login")))
        },
        ..PAGE
    },
    Case {
        name: "a form that goes out of TLS",
        answers: |request, places| authorization(request, || html(form(request, &format!("{}/login", places.plain)))),
        exit: 1,
        accusing: &["FLOW-001"],
        verdicts: &[],
        ..PAGE
    },
    Case {
        name: "a button that sends its form to another host",
        answers: |request, places| {
            let elsewhere = format!("<button formaction=\"{}/login\" ", places.elsewhere);
            authorization(request, || html(form(request, "/login").replacen("<button ", &elsewhere, 1)))
        },
        ..PAGE
    },
    Case {
        name: "a form that is a script",
        answers: |request, _| authorization(request, || html(form(request, "javascript:steal()"))),
        ..PAGE
    },
    Case {
        name: "credentials carried over to another host by a 307",
        answers: |request, places| {
            let to = format!("{}/login", places.elsewhere);
            is(request, "/login").then(|| ResponseTemplate::new(307).insert_header("Location", to))
        },
        exit: 1,
        accusing: &["FLOW-001"],
        verdicts: &[],
        ..PAGE
    },
    Case {
        name: "a meta refresh to the bank's own page",
        answers: |request, _| {
            if is(request, "/next") {
                return Some(html(form(request, "/login")));
            }
            let to = format!("/next?state={}", field(request, "state"));
            let page = format!("<meta http-equiv=\"Refresh\" content=\"0; URL='{to}'\">");
            authorization(request, || html(page))
        },
        exit: 0,
        verdicts: &[("FLOW-001", "pass")],
        ..PAGE
    },
    Case {
        name: "a meta refresh to another host",
        answers: |request, places| {
            let page = format!("<meta http-equiv=refresh content=\"3;url={}/login\">", places.elsewhere);
            authorization(request, || html(page))
        },
        ..PAGE
    },
    Case {
        name: "a meta refresh that goes in a circle",
        answers: |request, _| authorization(request, || html("<meta http-equiv=refresh content=0>")),
        ..PAGE
    },
    Case {
        name: "a page that a parser chokes on",
        answers: |request, _| {
            let tags: String = (0..40_000).map(|number| format!("<b class=c{number}><p>")).collect();
            authorization(request, || html(tags + &form(request, "/login")))
        },
        ..PAGE
    },
    Case {
        name: "a page of 100,000 forms",
        answers: |request, _| authorization(request, || html("<form><button>x</button></form>".repeat(100_000))),
        ..PAGE
    },
    Case {
        name: "a page that is no UTF-8",
        answers: |request, _| {
            let mut page = b"<title>\xff\xc3\x28</title>".to_vec();
            page.extend(form(request, "/login").into_bytes());
            authorization(request, || html(page))
        },
        exit: 0,
        verdicts: &[("FLOW-001", "pass")],
        ..PAGE
    },
    Case {
        name: "a page that is a gzip bomb",
        answers: |request, _| authorization(request, || bomb("text/html")),
        ..PAGE
    },
];

/// 200 MB of blanks in 200 KB.
fn bomb(kind: &str) -> ResponseTemplate {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let blanks = vec![b' '; 1 << 20];
    for _ in 0..200 {
        encoder.write_all(&blanks).unwrap();
    }
    ResponseTemplate::new(200).set_body_raw(encoder.finish().unwrap(), kind).insert_header("Content-Encoding", "gzip")
}

const TOKENS: Case =
    Case { checks: &["FLOW-002"], exit: 1, accusing: &["FLOW-002"], verdicts: &[("FLOW-001", "pass")], ..LAWFUL };

fn tokens(request: &Request, answer: impl FnOnce() -> ResponseTemplate) -> Option<ResponseTemplate> {
    is(request, "/token").then(answer)
}

fn json_text(status: u16, body: impl Into<Vec<u8>>) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body.into(), "application/json")
}

const PAYMENTS: Case =
    Case { checks: &["BG-001"], payments: true, exit: 1, accusing: &["BG-001"], verdicts: &[], ..LAWFUL };
const LINKS: Case = Case {
    checks: &["BG-025"],
    capabilities: &["explicit-authorisation"],
    exit: 3,
    accusing: &[],
    verdicts: &[("BG-025", UNCLEAR)],
    ..PAYMENTS
};

fn initiation(request: &Request, answer: impl FnOnce() -> ResponseTemplate) -> Option<ResponseTemplate> {
    is(request, "/v1/payments/sepa-credit-transfers").then(answer)
}

/// An authorisation whose link for the customer is `sca`, and that for its status `status`.
fn authorisation(request: &Request, sca: &str, status: &str) -> Option<ResponseTemplate> {
    let links = json!({ "scaRedirect": { "href": sca }, "scaStatus": { "href": status } });
    let body = json!({ "scaStatus": "received", "authorisationId": "a-1", "_links": links });
    request.url.path().ends_with("/authorisations").then(|| ResponseTemplate::new(201).set_body_json(body))
}

pub(crate) const API: &[Case] = &[
    Case {
        name: "the access token is a number",
        answers: |request, _| tokens(request, || token(json!({ "access_token": 5, "token_type": "Bearer" }))),
        ..TOKENS
    },
    Case {
        name: "the token response is a list",
        answers: |request, _| tokens(request, || token(json!([{ "access_token": TOKEN }]))),
        ..TOKENS
    },
    Case {
        name: "the token response is empty",
        answers: |request, _| tokens(request, || json_text(200, "")),
        ..TOKENS
    },
    Case {
        name: "the token response is cut off",
        answers: |request, _| {
            tokens(request, || json_text(200, format!("{{\"token_type\":\"Bearer\",\"access_token\" : \"{TOKEN}\",")))
        },
        checks: &["FLOW-002", "API-002"],
        accusing: &["API-002"],
        verdicts: &[("FLOW-002", UNCLEAR)],
        ..TOKENS
    },
    Case {
        name: "the token response is no UTF-8",
        answers: |request, _| {
            tokens(request, || {
                json_text(200, [b"{\"access_token\":\"", TOKEN.as_bytes(), b"\",\"x\":\xff\xff}"].concat())
            })
        },
        checks: &["FLOW-002", "API-002"],
        accusing: &["API-002"],
        verdicts: &[("FLOW-002", UNCLEAR)],
        ..TOKENS
    },
    Case {
        name: "the token response is a gzip bomb",
        answers: |request, _| tokens(request, || bomb("application/json")),
        exit: 3,
        accusing: &[],
        verdicts: &[("FLOW-001", "pass"), ("FLOW-002", UNCLEAR)],
        ..TOKENS
    },
    Case {
        name: "the token response is said to be gzip and is not",
        answers: |request, _| {
            tokens(request, || token(json!({ "access_token": TOKEN })).insert_header("Content-Encoding", "gzip"))
        },
        exit: 3,
        accusing: &[],
        verdicts: &[("FLOW-001", "pass"), ("FLOW-002", UNCLEAR)],
        ..TOKENS
    },
    Case {
        name: "the token error is a script",
        answers: |request, _| {
            let body = json!({ "error": STEAL, "error_description": format!("\u{1b}[2J\u{0}\u{202e}]]>&{STEAL}") });
            tokens(request, || ResponseTemplate::new(400).set_body_json(body))
        },
        ..TOKENS
    },
    Case {
        name: "the token response is a flood of short codes",
        answers: |request, _| {
            let codes: Vec<_> = (0..60_000).map(|number| json!({ "code": format!("c{number:05}") })).collect();
            tokens(request, || token(json!(codes)))
        },
        exit: 3,
        accusing: &[],
        verdicts: &[("FLOW-001", "pass"), ("FLOW-002", UNCLEAR)],
        ..TOKENS
    },
    Case {
        name: "the token response is a flood of tokens that begin alike",
        answers: |request, _| {
            let alike: Vec<_> =
                (0..20_000).map(|number| json!({ "token": format!("aaaaaaaaaa{number:05}") })).collect();
            tokens(request, || token(json!(alike)))
        },
        exit: 3,
        accusing: &[],
        verdicts: &[("FLOW-001", "pass"), ("FLOW-002", UNCLEAR)],
        ..TOKENS
    },
    Case {
        name: "the token endpoint leads in a circle",
        answers: |request, _| tokens(request, || ResponseTemplate::new(307).insert_header("Location", "/token")),
        ..TOKENS
    },
    Case {
        name: "a payment without an id",
        answers: |request, places| initiation(request, || created(places, json!({ "paymentId": null }))),
        ..PAYMENTS
    },
    Case {
        name: "a payment without anything",
        answers: |request, _| initiation(request, || json_text(201, "[]")),
        ..PAYMENTS
    },
    Case {
        name: "a payment whose id leads elsewhere",
        checks: &["BG-001", "BG-012"],
        answers: |request, places| {
            let id = format!("..//{}/?{STEAL}#", places.elsewhere);
            initiation(request, || created(places, json!({ "paymentId": id })))
        },
        exit: 3,
        accusing: &[],
        verdicts: &[("BG-001", "pass")],
        ..PAYMENTS
    },
    Case {
        name: "a link to start the authorisation at another host",
        answers: |request, places| {
            let href = format!("{}/v1/payments/p-1/authorisations", places.elsewhere.trim_start_matches("https:"));
            let links = json!({ "startAuthorisation": { "href": href } });
            initiation(request, || created(places, json!({ "_links": links })))
        },
        ..LINKS
    },
    Case {
        name: "a link to start the authorisation without TLS",
        answers: |request, places| {
            let links = json!({ "startAuthorisation": { "href": format!("{}/authorisations", places.plain) } });
            initiation(request, || created(places, json!({ "_links": links })))
        },
        ..LINKS
    },
    Case {
        name: "a link for the PSU to another host",
        answers: |request, places| authorisation(request, &format!("{}/authorize", places.elsewhere), "/status"),
        ..LINKS
    },
    Case {
        name: "a link for the PSU without TLS",
        answers: |request, places| authorisation(request, &format!("{}/authorize", places.plain), "/status"),
        ..LINKS
    },
    Case {
        name: "a link for the PSU that is a script",
        answers: |request, _| authorisation(request, "javascript:steal()", "/status"),
        ..LINKS
    },
];

const WIRE: Case = Case {
    checks: &["META-001", "FLOW-001", "CERT-002"],
    only_wire: true,
    timeout_seconds: 1,
    exit: 3,
    verdicts: &[("META-001", UNCLEAR), ("FLOW-001", UNCLEAR), ("CERT-002", UNCLEAR), ("CERT-023", UNCLEAR)],
    ..LAWFUL
};
/// The token endpoint alone breaks.
const DOOR: Case = Case {
    checks: &["FLOW-002", "CERT-002", "CERT-003"],
    answers: |request, places| metadata_with(request, places, &[("token_endpoint", json!(places.raw))]),
    only_wire: false,
    timeout_seconds: 5,
    verdicts: &[
        ("FLOW-001", "pass"),
        ("FLOW-002", UNCLEAR),
        ("CERT-023", UNCLEAR),
        ("CERT-002", UNCLEAR),
        ("CERT-003", UNCLEAR),
    ],
    ..WIRE
};
/// The customer's pages alone break.
const LOGIN: Case = Case {
    checks: &["FLOW-001"],
    answers: |request, places| metadata_with(request, places, &[("authorization_endpoint", json!(places.raw))]),
    only_wire: false,
    timeout_seconds: 2,
    verdicts: &[("FLOW-001", UNCLEAR)],
    ..WIRE
};

pub(crate) const CONNECTIONS: &[Case] = &[
    Case { name: "everything is cut off", wire: Wire::Truncated, ..WIRE },
    Case { name: "everything is in bad chunks", wire: Wire::BadChunks, ..WIRE },
    Case { name: "everything drips", wire: Wire::Drip, ..WIRE },
    Case { name: "everything has 10,000 headers", wire: Wire::Headers, ..WIRE },
    Case { name: "everything has a header of 10 MB", wire: Wire::LongHeader, ..WIRE },
    Case { name: "nothing speaks HTTP", wire: Wire::NoHttp, ..WIRE },
    Case { name: "every connection is closed at once", wire: Wire::Closed, ..WIRE },
    Case { name: "nothing ever answers", wire: Wire::Silent, ..WIRE },
    Case { name: "the certificate is none", wire: Wire::BadCertificate, ..WIRE },
    Case { name: "there is no TLS", wire: Wire::Plain, ..WIRE },
    Case { name: "the token endpoint cuts its answers off", wire: Wire::Truncated, ..DOOR },
    Case { name: "the token endpoint sends bad chunks", wire: Wire::BadChunks, ..DOOR },
    Case { name: "the token endpoint drips", wire: Wire::Drip, timeout_seconds: 2, ..DOOR },
    Case { name: "the token endpoint sends 10,000 headers", wire: Wire::Headers, ..DOOR },
    Case { name: "the token endpoint does not speak HTTP", wire: Wire::NoHttp, ..DOOR },
    Case { name: "the token endpoint closes every connection", wire: Wire::Closed, ..DOOR },
    Case { name: "the token endpoint never answers", wire: Wire::Silent, timeout_seconds: 2, ..DOOR },
    Case { name: "the token endpoint has no certificate", wire: Wire::BadCertificate, ..DOOR },
    Case { name: "the pages are cut off", wire: Wire::Truncated, ..LOGIN },
    Case { name: "the pages drip", wire: Wire::Drip, ..LOGIN },
    Case { name: "the pages have 10,000 headers", wire: Wire::Headers, ..LOGIN },
    Case { name: "the pages never come", wire: Wire::Silent, ..LOGIN },
];

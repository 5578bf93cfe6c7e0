//! An exchange as the page shows it: whole within bounds, or as one line.

use serde::Serialize;
use time::{format_description::BorrowedFormatItem, macros::format_description};

use crate::run::event::{Answer, Exchange, Layer, Operation, Presented, Text, TlsFacts};

use super::super::text::{cut, one_line, shortened, visible};
use super::curl::{Curl, REQUEST_BOUND, curl};

/// How much of a message is shown: bytes of its body, bytes of its first line and of each header, and headers.
struct Bounds {
    body: usize,
    field: usize,
    headers: usize,
}

/// Whoever sends a request again needs the whole of it.
const OF_REQUEST: Bounds = Bounds { body: REQUEST_BOUND, field: REQUEST_BOUND, headers: 100 };
const OF_RESPONSE: Bounds = Bounds { body: 4_096, field: 1_024, headers: 40 };
/// Bytes of any other text that are shown.
const FIELD_BOUND: usize = 1_024;

const MOMENT: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day] [hour]:[minute]:[second].[subsecond digits:3] UTC");

/// What is left of the bytes that a page may spend on exchanges shown whole.
pub(super) struct Budget {
    left: usize,
    run_id: String,
}

/// An exchange on one line.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    id: String,
    identity: String,
    purpose: String,
    method: String,
    path: String,
    status: String,
}

/// An exchange, whole.
#[derive(Debug, Serialize)]
pub(super) struct Detail {
    /// Unique on the page, as an exchange may stand under several checks.
    pub(super) anchor: String,
    row: Row,
    sent_at: String,
    took: String,
    request_id: Option<String>,
    tls: Option<String>,
    request: Message,
    response: Option<Message>,
    failure: Option<String>,
    curl: Option<Curl>,
    /// What walks there afresh.
    replay: Option<String>,
    /// It is about something that the run had made: a payment, a code, a session.
    rests_on_state: bool,
}

/// A request or a response.
#[derive(Debug, Serialize)]
struct Message {
    line: String,
    headers: Vec<(String, String)>,
    headers_missing: usize,
    body: String,
    body_missing: usize,
    body_bytes: usize,
    truncated: bool,
}

impl Budget {
    /// So many bytes, for exchanges of that run.
    pub(super) fn of(left: usize, run_id: &str) -> Self {
        Self { left, run_id: run_id.to_owned() }
    }

    /// The exchange whole, if there is room for it.
    pub(super) fn detail(&mut self, check: &str, exchange: &Exchange, with_curl: bool) -> Option<Detail> {
        let replay = with_curl.then(|| visible(&format!("bankproof replay {} {}", self.run_id, exchange.id)));
        let detail = Detail { replay, ..Detail::of(check, exchange, with_curl) };
        self.left = self.left.checked_sub(detail.weight())?;
        Some(detail)
    }
}

impl Row {
    pub(super) fn of(exchange: &Exchange) -> Self {
        Self {
            id: one_line(&exchange.id, FIELD_BOUND),
            identity: one_line(&exchange.identity.to_string(), FIELD_BOUND),
            purpose: one_line(&exchange.purpose, 200),
            method: one_line(&exchange.request.method, 40),
            path: one_line(&short(path(&exchange.request.url)), 120),
            status: short_status(&exchange.answer),
        }
    }
}

impl Detail {
    fn of(check: &str, exchange: &Exchange, with_curl: bool) -> Self {
        let request = &exchange.request;
        let line = format!("{} {}", request.method, request.url);
        let (response, failure) = match &exchange.answer {
            Answer::Response(response) => {
                let line = status(response.status);
                let message = Message::of(&line, &response.headers, &response.body, &OF_RESPONSE);
                (Some(Message { truncated: response.truncated, ..message }), None)
            }
            Answer::Failure(failure) => {
                let told = format!("{}: {}", layer(failure.layer), shortened(&failure.message, FIELD_BOUND));
                (None, Some(told))
            }
        };
        Self {
            anchor: visible(&format!("{check}-{}", exchange.id)),
            row: Row::of(exchange),
            sent_at: exchange.sent_at.format(MOMENT).unwrap_or_default(),
            took: format!("{:.1} ms", exchange.duration_ms),
            request_id: request.header("x-request-id").map(|value| one_line(value, FIELD_BOUND)),
            tls: exchange.tls.as_ref().map(tls),
            request: Message::of(&line, &request.headers, &request.body, &OF_REQUEST),
            response,
            failure,
            curl: if with_curl { curl(exchange) } else { None },
            replay: None,
            rests_on_state: rests_on_state(exchange),
        }
    }

    /// About how many bytes of the page it takes.
    fn weight(&self) -> usize {
        let curl = self.curl.as_ref().map_or(0, |curl| escaped(&curl.command));
        let response = self.response.as_ref().map_or(0, Message::weight);
        1_500 + self.request.weight() + response + curl
    }
}

/// It names something that the run had made before: a payment, an authorisation, a code.
fn rests_on_state(exchange: &Exchange) -> bool {
    match exchange.operation {
        Operation::Payment | Operation::Status | Operation::ScaStatus | Operation::Authorisation => true,
        Operation::Cancellation | Operation::FundsConfirmation | Operation::Order | Operation::OrderStatus => true,
        Operation::Page => true,
        Operation::Token => exchange.request.body.contains("code="),
        _ => false,
    }
}

impl Message {
    fn of(line: &str, headers: &[(Text, Text)], body: &str, bounds: &Bounds) -> Self {
        let shown = headers.iter().take(bounds.headers);
        let body_bytes = body.len();
        let body = cut(body, bounds.body);
        Self {
            line: shortened(line, bounds.field),
            headers: shown.map(|(name, value)| (one_line(name, 200), one_line(value, bounds.field))).collect(),
            headers_missing: headers.len().saturating_sub(bounds.headers),
            body: body.text,
            body_missing: body.missing,
            body_bytes,
            truncated: false,
        }
    }

    fn weight(&self) -> usize {
        let headers: usize = self.headers.iter().map(|(name, value)| 40 + escaped(name) + escaped(value)).sum();
        escaped(&self.line) + headers + escaped(&self.body)
    }
}

/// Bytes of a text once it is escaped for HTML.
fn escaped(text: &str) -> usize {
    text.bytes().map(|byte| if b"&<>\"'".contains(&byte) { 6 } else { 1 }).sum()
}

/// The URL from its path on; all of it where it has none.
fn path(url: &str) -> &str {
    url.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..])).unwrap_or(url)
}

/// Without the query, whose place is in the exchange itself.
fn short(path: &str) -> String {
    path.split_once('?').map_or_else(|| path.to_owned(), |(path, _)| format!("{path}?…"))
}

fn short_status(answer: &Answer) -> String {
    match answer {
        Answer::Response(response) => response.status.to_string(),
        Answer::Failure(failure) => match failure.layer {
            Layer::Connect => "no connection",
            Layer::Tls => "TLS refused",
            Layer::Timeout => "timeout",
            Layer::Closed => "closed",
            Layer::Protocol => "no HTTP",
        }
        .to_owned(),
    }
}

fn layer(layer: Layer) -> &'static str {
    match layer {
        Layer::Connect => "No connection",
        Layer::Tls => "TLS refused the connection",
        Layer::Closed => "The connection was closed without an answer",
        Layer::Timeout => "Nothing came in time",
        Layer::Protocol => "What came is no whole HTTP response",
    }
}

fn tls(facts: &TlsFacts) -> String {
    let version = Some(&facts.version).filter(|version| !version.is_empty());
    let rows = [
        version.map(|version| one_line(version, 100)),
        Some(match &facts.client_subject {
            Some(subject) => format!("client certificate {}", one_line(subject, 400)),
            None => "no client certificate".to_owned(),
        }),
        facts.client_certificate.as_ref().map(|certificate| presented(certificate)),
        facts.alert.as_ref().map(|alert| format!("refused with the alert {}", one_line(alert, 100))),
    ];
    rows.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// What tells a certificate from others of the same subject.
fn presented(certificate: &Presented) -> String {
    let Presented { thumbprint, roles, not_before, not_after } = certificate;
    let roles = if roles.is_empty() { "no role".to_owned() } else { roles.join(" ") };
    one_line(&format!("x5t#S256 {thumbprint}, {roles}, {not_before} to {not_after}"), FIELD_BOUND)
}

/// `400 Bad Request`, for the codes that a bank uses.
fn status(code: u16) -> String {
    let phrase = match code {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        409 => "Conflict",
        415 => "Unsupported Media Type",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        _ => return code.to_string(),
    };
    format!("{code} {phrase}")
}

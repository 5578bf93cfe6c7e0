//! One HTTP request and its response, as recorded: redacted, bounded and readable years later.

use std::{sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{operation::Operation, speaker::Speaker};

/// A time that was measured, in milliseconds to the microsecond: so it is the same number again when a journal is read.
pub fn milliseconds(took: Duration) -> f64 {
    to_the_microsecond(took.as_secs_f64() * 1000.0)
}

/// Milliseconds without what is finer than a microsecond.
pub fn to_the_microsecond(milliseconds: f64) -> f64 {
    (milliseconds * 1000.0).round() / 1000.0
}

/// Who asked.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// We did: the request was sent by us.
    #[default]
    Sent,
    /// Whoever is judged did: the request was received by us.
    Received,
}

/// A text that most exchanges of a run say alike, and share.
pub type Text = Arc<str>;

/// One HTTP request and what came of it. Secrets are gone from it: the recorder replaced them as it was made.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Exchange {
    /// Stable within a run: `x0042`.
    pub id: String,
    /// The check that sent the request.
    pub check: Text,
    /// Who asked; a journal that does not say it is one of requests that were sent.
    #[serde(default)]
    pub direction: Direction,
    /// Who spoke: an identity of the target file, or `psu` and the agent for whoever played the customer.
    pub identity: Speaker,
    /// What was asked for.
    #[serde(default)]
    pub operation: Operation,
    /// What the request was for, in the words of banks and TPPs: `redeem the authorization code`.
    pub purpose: Text,
    /// When the request was sent (UTC).
    #[serde(with = "time::serde::rfc3339")]
    pub sent_at: OffsetDateTime,
    /// From sending the request to the last byte read, in milliseconds.
    pub duration_ms: f64,
    /// What was sent.
    pub request: Request,
    /// What came back.
    pub answer: Answer,
    /// How the connection was secured, where that is known.
    pub tls: Option<TlsFacts>,
}

/// A recorded request.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Request {
    /// `GET`, `POST` …
    pub method: Text,
    /// The whole URL.
    pub url: String,
    /// In the order sent.
    pub headers: Vec<(Text, Text)>,
    /// Empty where there was none.
    pub body: String,
}

/// What came back on a request.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Answer {
    /// An HTTP response, whole or cut at the recorder's bound.
    Response(Response),
    /// No HTTP response.
    Failure(Failure),
}

/// A recorded response.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// In the order received, names in lower case.
    pub headers: Vec<(Text, Text)>,
    /// As text; bytes that are no UTF-8 are replaced.
    pub body: String,
    /// The body was longer than the bound and is cut here.
    pub truncated: bool,
}

/// Why there is no response.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// Where it went wrong.
    pub layer: Layer,
    /// In words.
    pub message: String,
}

/// Where a request without a response went wrong.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// No connection: nobody listens, no route, no name.
    Connect,
    /// The TLS handshake failed, or a TLS alert came after it; the peer refused only where there is an alert.
    Tls,
    /// Nothing came in time.
    Timeout,
    /// The peer closed the connection without a word.
    Closed,
    /// What came is not HTTP, or broke off.
    Protocol,
}

/// How the connection was secured.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct TlsFacts {
    /// `TLSv1.3` or `TLSv1.2`; empty where no handshake completed.
    pub version: String,
    /// The subject of the client certificate that was presented, if one was.
    pub client_subject: Option<Text>,
    /// What tells that certificate from others of the same subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_certificate: Option<Arc<Presented>>,
    /// The TLS alert by which the peer refused, if it did: `certificate_expired`.
    pub alert: Option<String>,
}

/// A client certificate that was presented, by what it is told apart by: those that are bad on purpose, and renewed ones,
/// have the subject of the good one.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Presented {
    /// Its `x5t#S256` (RFC 8705 3.1): what a token that is bound to it names.
    pub thumbprint: String,
    /// Its PSD2 roles: `PSP_PI`; those of its QcStatements.
    pub roles: Vec<String>,
    /// The first and the last day on which it holds: `2026-12-31`.
    pub not_before: String,
    /// See `not_before`.
    pub not_after: String,
}

impl Exchange {
    /// The response, if one came.
    pub fn response(&self) -> Option<&Response> {
        match &self.answer {
            Answer::Response(response) => Some(response),
            Answer::Failure(_) => None,
        }
    }

    /// The status code, if a response came.
    pub fn status(&self) -> Option<u16> {
        self.response().map(|response| response.status)
    }
}

impl Request {
    /// The first header of that name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        first(&self.headers, name)
    }
}

impl Response {
    /// The first header of that name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        first(&self.headers, name)
    }

    /// Every header of that name, in any case and in the order received: a server may write one list in several lines
    /// (RFC 9110 5.3).
    pub fn headers_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| &**value)
    }

    /// The body as JSON, if it is JSON.
    pub fn json(&self) -> Option<serde_json::Value> {
        super::json::read(&self.body)
    }
}

fn first<'a>(headers: &'a [(Text, Text)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| &**value)
}

//! What a browser asks of the bank, carried there and back. Pages are recorded; pictures, styles and what scripts fetch
//! are not: rules for pages are not theirs.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use http_body_util::Full;
use hyper::{
    HeaderMap, Response, StatusCode,
    body::Bytes,
    header::{HeaderName, HeaderValue},
    http::request::Parts,
};
use time::OffsetDateTime;
use url::Url;

use crate::{
    evidence::operation::Operation,
    evidence::{
        check_row::CheckRow,
        exchange::{Exchange, Failure, Layer, TlsFacts},
        recorder::{Purpose, RawAnswer, RawRequest},
    },
    targets::psu::Agent,
    tpp::{
        Trouble, psu,
        session::Session,
        transport::{self, Client},
    },
};

/// No script or picture of an honest page is larger, in bytes.
const BODY_BOUND: usize = 16 * 1024 * 1024;
/// What is about one connection and not about the request, or what our own client does by itself.
const OF_THE_CONNECTION: [&str; 12] = [
    "connection",
    "proxy-connection",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "host",
    "content-length",
    "accept-encoding",
    "content-encoding",
    "alt-svc",
];

/// Carries requests of one walk to the bank.
pub(super) struct Relay<'a> {
    session: &'a Session,
    check: &'a CheckRow,
    client: Client,
}

/// What was fetched for the browser.
pub(super) struct Fetched {
    pub(super) response: Response<Full<Bytes>>,
    /// What was recorded, if it is a page.
    pub(super) exchange: Option<Arc<Exchange>>,
    /// The bank did not answer as a living server does.
    pub(super) trouble: Option<Trouble>,
}

/// An answer of the bank.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
    tls: TlsFacts,
}

impl<'a> Relay<'a> {
    pub(super) fn new(session: &'a Session, check: &'a CheckRow) -> Result<Self, Trouble> {
        Ok(Self { session, check, client: session.relay(&psu::name_of(Agent::Browser))? })
    }

    pub(super) fn timeout(&self) -> Duration {
        self.client.timeout()
    }

    /// Asks the bank for the browser.
    pub(super) async fn fetch(&self, url: &Url, head: &Parts, body: Bytes, is_page: bool) -> Fetched {
        let (sent_at, clock) = (OffsetDateTime::now_utc(), Instant::now());
        let sent = String::from_utf8_lossy(&body).into_owned();
        let request = self.request(url, head, body.to_vec());
        let headers = request.as_ref().map_or_else(|_| in_text(&head.headers), transport::headers_sent);
        let answer = match request {
            Ok(request) => self.ask(url, request).await,
            Err(failure) => Err(failure),
        };
        let record = async |answer: &RawAnswer<'_>, tls| {
            let purpose = if head.method == "GET" { "the browser opens a page" } else { "the browser sends a form" };
            let (check, identity) = (self.check.clone(), self.client.identity().clone());
            let operation = Operation::Page;
            let purpose = Purpose { check, identity, operation, purpose: purpose.into() };
            let request =
                RawRequest { method: head.method.as_str(), url: url.as_str(), headers: &headers, body: &sent };
            self.session.recorder.record(&purpose, &request, answer, sent_at, clock.elapsed(), tls).await
        };
        match answer {
            Ok(answer) => {
                let (headers, body) = (in_text(&answer.headers), String::from_utf8_lossy(&answer.body));
                let status = answer.status.as_u16();
                let raw = RawAnswer::Response { status, headers: &headers, body: &body, truncated: false };
                let exchange = if is_page { Some(record(&raw, Some(answer.tls.clone())).await) } else { None };
                let gateway = psu::navigation::is_environment(status);
                let trouble = gateway.then(|| Trouble::Environment(format!("the bank answered {status} to the PSU")));
                Fetched { response: answer.response(), exchange, trouble }
            }
            Err(failure) => {
                let trouble = Trouble::Environment(format!("the browser opens a page: {}", failure.message));
                let exchange = if is_page { Some(record(&RawAnswer::Failure(failure), None).await) } else { None };
                Fetched { response: page(502, "<p>The bank does not answer."), exchange, trouble: Some(trouble) }
            }
        }
    }

    fn request(&self, url: &Url, head: &Parts, body: Vec<u8>) -> Result<reqwest::Request, Failure> {
        let mut headers = HeaderMap::new();
        for (name, value) in head.headers.iter().filter(|(name, _)| is_end_to_end(name)) {
            headers.append(name.clone(), value.clone());
        }
        self.client.request(head.method.clone(), url.as_str(), headers, body)
    }

    async fn ask(&self, url: &Url, request: reqwest::Request) -> Result<Answer, Failure> {
        if let Some(message) = self.session.target.network.lost.objection(url.as_str()) {
            return Err(Failure { layer: Layer::Connect, message });
        }
        let _turn = self.client.turn().await;
        let mut response = self.client.execute(request).await.map_err(|error| transport::failure(&error))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let tls = self.client.tls_of(&response);
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| transport::failure(&error))? {
            body.extend_from_slice(&chunk);
            if body.len() > BODY_BOUND {
                let message = format!("more than {BODY_BOUND} bytes came for {}", url.path());
                return Err(Failure { layer: Layer::Protocol, message });
            }
        }
        Ok(Answer { status, headers, body, tls })
    }
}

impl Answer {
    fn response(self) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::new(Bytes::from(self.body)));
        *response.status_mut() = self.status;
        for (name, value) in self.headers.iter().filter(|(name, _)| is_end_to_end(name)) {
            response.headers_mut().append(name.clone(), value.clone());
        }
        response
    }
}

/// A page of our own.
pub(super) fn page(status: u16, html: &'static str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from_static(html.as_bytes())));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    response.headers_mut().insert("content-type", HeaderValue::from_static("text/html"));
    response
}

fn is_end_to_end(name: &HeaderName) -> bool {
    !OF_THE_CONNECTION.contains(&name.as_str())
}

fn in_text(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect()
}

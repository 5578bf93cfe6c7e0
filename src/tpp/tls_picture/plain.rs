//! A request without TLS: to the port where TLS is spoken, and to that of HTTP where a host may have one.

use std::{
    io,
    net::IpAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use time::OffsetDateTime;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::timeout,
};
use uuid::Uuid;

use super::host::{self, Host};
use crate::{
    evidence::operation::Operation,
    evidence::{
        check_row::CheckRow,
        exchange::{Exchange, Failure, Layer},
        recorder::{Purpose, RawAnswer, RawRequest},
    },
    targets::network::{Network, Route},
    tpp::{
        answer::{self, Missing},
        network,
        session::Session,
        user_agent,
    },
};

/// A server that waits for TLS says nothing: that is not waited for long.
const LIMIT: Duration = Duration::from_secs(3);
/// No more of an answer is read.
const BOUND: usize = 64 * 1024;
const HTTP: u16 = 80;
const HTTPS: u16 = 443;

/// What is asked: a form is posted.
struct Question<'a> {
    form: Option<&'a str>,
}

impl Question<'_> {
    fn method(&self) -> &'static str {
        if self.form.is_some() { "POST" } else { "GET" }
    }

    fn body(&self) -> &str {
        self.form.unwrap_or_default()
    }
}

/// Asks every host for an endpoint of its own without TLS, and records what comes of it.
pub async fn ask_in_the_clear(session: &Session, check: &CheckRow) -> Vec<Arc<Exchange>> {
    let mut exchanges = Vec::new();
    for host in host::all(session) {
        exchanges.extend(at_each_port(session, check, &host, &Question { form: None }).await);
    }
    exchanges
}

/// Asks the bank at that https address of its own without TLS, by GET or by posting that form, and records what comes of
/// it.
pub async fn ask_there_in_the_clear(
    session: &Session,
    check: &CheckRow,
    door: &str,
    url: &str,
    form: Option<&str>,
) -> Vec<Arc<Exchange>> {
    let Some(host) = host::at(url) else { return Vec::new() };
    let host = Host { doors: vec![door.to_owned()], ..host };
    at_each_port(session, check, &host, &Question { form }).await
}

async fn at_each_port(session: &Session, check: &CheckRow, host: &Host, question: &Question<'_>) -> Vec<Arc<Exchange>> {
    let own = (host.port == HTTPS && has_ports_of_its_own(session, host)).then_some(HTTP);
    let mut exchanges = Vec::new();
    for port in [Some(host.port), own].into_iter().flatten() {
        exchanges.push(ask(session, check, host, port, question).await);
    }
    exchanges
}

/// Nobody knows what is at the other ports of this machine, a target file may name one port alone, and most proxies connect
/// to the ports of TLS alone.
fn has_ports_of_its_own(session: &Session, host: &Host) -> bool {
    let is_this_machine =
        host.name == "localhost" || host.name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    if session.target.network.own.hosts.objection_to(&host.name, HTTP).is_some() {
        return false;
    }
    match session.target.network.route(&host.name) {
        Route::ByName => !is_this_machine,
        Route::At(address) => address.port.is_none(),
        Route::Through(_) => false,
    }
}

async fn ask(session: &Session, check: &CheckRow, host: &Host, port: u16, question: &Question<'_>) -> Arc<Exchange> {
    let authority = Host { port, ..host.clone() }.authority();
    let url = format!("http://{authority}{}", host.path);
    let user_agent = user_agent::of(&session.recorder);
    // Berlin Group's APIs look for an id before all else.
    let id = Uuid::new_v4().to_string();
    let headers = [
        ("Host", authority.as_str()),
        ("Accept", "*/*"),
        ("User-Agent", user_agent.as_str()),
        ("X-Request-ID", id.as_str()),
        ("Connection", "close"),
    ];
    let length = question.form.map_or(String::new(), |form| form.len().to_string());
    let of_form =
        question.form.map(|_| [("Content-Type", "application/x-www-form-urlencoded"), ("Content-Length", &length)]);
    let headers = headers.into_iter().chain(of_form.into_iter().flatten());
    let headers: Vec<_> = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let purpose = Purpose {
        check: check.clone(),
        identity: "anyone".into(),
        operation: Operation::Other,
        purpose: format!("ask for {} without TLS", host.doors.first().map_or("it", String::as_str)),
    };
    let request = RawRequest { method: question.method(), url: &url, headers: &headers, body: question.body() };
    let _turn = session.target.network.pace.turn().await;
    let (sent_at, clock) = (OffsetDateTime::now_utc(), Instant::now());
    let limit = LIMIT.min(Duration::from_secs(session.target.timeout_of(&host.name)));
    let outcome = timeout(limit, converse(&session.target.network, host, port, &headers, question)).await;
    let outcome = outcome.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
    let parsed = outcome.and_then(|bytes| answer::whole(&bytes));
    let raw = match &parsed {
        Ok(parsed) => RawAnswer::Response {
            status: parsed.status,
            headers: &parsed.headers,
            body: &parsed.body,
            truncated: parsed.missing == Missing::Something,
        },
        Err(error) => RawAnswer::Failure(failure(error)),
    };
    session.recorder.record(&purpose, &request, &raw, sent_at, clock.elapsed(), None).await
}

async fn converse(
    network: &Network,
    host: &Host,
    port: u16,
    headers: &[(String, String)],
    question: &Question<'_>,
) -> io::Result<Vec<u8>> {
    let mut tcp = network::connect(network, &host.name, port).await?;
    let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let request = format!("{} {} HTTP/1.1\r\n{lines}\r\n{}", question.method(), host.path, question.body());
    tcp.write_all(request.as_bytes()).await?;
    let (mut received, mut buffer) = (Vec::new(), [0; 4096]);
    while received.len() < BOUND && !answer::is_whole(&received) {
        match tcp.read(&mut buffer).await? {
            0 => break,
            count => received.extend_from_slice(&buffer[..count]),
        }
    }
    if received.is_empty() { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(received) }
}

fn failure(error: &io::Error) -> Failure {
    let (layer, message) = match error.kind() {
        io::ErrorKind::TimedOut => (Layer::Timeout, "no answer came in time".to_owned()),
        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => {
            (Layer::Closed, "the connection was closed without an answer".to_owned())
        }
        io::ErrorKind::ConnectionRefused | io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
            (Layer::Connect, error.to_string())
        }
        _ => (Layer::Protocol, error.to_string()),
    };
    Failure { layer, message }
}

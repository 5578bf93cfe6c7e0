//! The TLS probe: who is let in, and how whoever is not is refused.
//!
//! In TLS 1.3 the client has finished its handshake before the server looks at its certificate, and an HTTP client
//! that writes at once mostly sees a broken pipe where the alert was. So the probe waits for a word of the server
//! before it writes, and reads whatever is left after a failed write.

use std::{
    io,
    sync::Arc,
    time::{Duration, Instant},
};

use rustls::pki_types::ServerName;
use time::OffsetDateTime;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::{TlsConnector, client::TlsStream};
use url::Url;

use super::{
    Trouble,
    answer::{self, Missing},
    network,
    presented::Certificate,
    restrained::Restrained,
    tls,
    transport::alert_in,
    user_agent,
};
use crate::{
    evidence::operation::Operation,
    evidence::{
        check_row::CheckRow,
        exchange::{Exchange, Failure, Layer},
        recorder::{Purpose, RawAnswer, RawRequest, Recorder},
        speaker::Speaker,
    },
    targets::{KeyPair, Target, network::Network, requests::change_headers},
};

/// How long a server without session tickets is given to object before the request is written.
const OBJECTION: Duration = Duration::from_millis(250);
/// No more of an answer is read.
const ANSWER_BOUND: usize = 256 * 1024;

/// What to send over a fresh connection.
pub struct Knock<'a> {
    /// What is asked for.
    pub operation: Operation,
    /// Which certificate is presented, in words for the report: `tpp-a (expired)`.
    pub identity: Speaker,
    /// The certificate, if any.
    pub pair: Option<&'a KeyPair>,
    /// `POST`.
    pub method: String,
    /// The whole URL.
    pub url: String,
    /// Without `Host`, `Content-Length` and `Connection`.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
    /// What for, in words for the report.
    pub purpose: String,
}

/// Knocks at an endpoint of the bank over a fresh connection and records what comes of it: an HTTP response, or a failure
/// of the layer that refused.
///
/// # Errors
/// Only what is wrong on our side: an unusable certificate or URL.
pub async fn knock(
    target: &Target,
    recorder: &Arc<Recorder>,
    check: &CheckRow,
    knock: Knock<'_>,
) -> Result<Arc<Exchange>, Trouble> {
    knock_and_read(target, recorder, check, knock).await.map(|(exchange, _)| exchange)
}

/// The same, with the body of the answer as it came, secrets and all; empty where there is none.
///
/// # Errors
/// As for [`knock`].
pub(super) async fn knock_and_read(
    target: &Target,
    recorder: &Arc<Recorder>,
    check: &CheckRow,
    knock: Knock<'_>,
) -> Result<(Arc<Exchange>, String), Trouble> {
    let config = Arc::new(tls::config_for(target, knock.pair)?);
    converse_over(config, target, recorder, check, knock).await
}

/// The same with TLS settings of the caller's.
///
/// # Errors
/// Only what is wrong on our side: an unusable URL.
pub(super) async fn knock_over(
    config: Arc<rustls::ClientConfig>,
    target: &Target,
    recorder: &Arc<Recorder>,
    check: &CheckRow,
    knock: Knock<'_>,
) -> Result<Arc<Exchange>, Trouble> {
    converse_over(config, target, recorder, check, knock).await.map(|(exchange, _)| exchange)
}

async fn converse_over(
    config: Arc<rustls::ClientConfig>,
    target: &Target,
    recorder: &Arc<Recorder>,
    check: &CheckRow,
    mut knock: Knock<'_>,
) -> Result<(Arc<Exchange>, String), Trouble> {
    if knock.operation == Operation::Token {
        change_headers(&target.requests, Operation::Token, &mut knock.headers, None);
    }
    let url = Url::parse(&knock.url).map_err(|error| Trouble::Harness(format!("{}: {error}", knock.url)))?;
    knock.headers = whole(&url, knock.headers, knock.body.len(), &user_agent::of(recorder));
    let _turn = target.network.pace.turn().await;
    let (sent_at, clock) = (OffsetDateTime::now_utc(), Instant::now());
    let mut facts = Certificate::of(knock.pair).tls(String::new(), None);
    let limit = Duration::from_secs(target.timeout_of(url.host_str().unwrap_or_default()));
    let gone = || {
        let message = target.network.lost.objection(&knock.url)?;
        Some(Failure { layer: Layer::Connect, message })
    };
    let strange = || {
        let why = target.network.own.hosts.objection(&url)?;
        Some(Failure { layer: Layer::Connect, message: format!("not sent: {why}") })
    };
    let restrained = || Restrained::of(target, false).objection(&knock.method, &knock.body);
    let objection = strange().or_else(restrained).or_else(gone);
    let answer = match objection {
        Some(failure) => Err(failure),
        None => {
            let outcome = timeout(limit, converse(&target.network, config, &url, &knock, &mut facts.version)).await;
            let outcome = outcome.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
            outcome.and_then(|bytes| answer::whole(&bytes)).map_err(|error| classify(&error))
        }
    };
    facts.alert = answer.as_ref().err().and_then(|failure| alert_in(&failure.message));
    let raw = match &answer {
        Ok(parsed) => RawAnswer::Response {
            status: parsed.status,
            headers: &parsed.headers,
            body: &parsed.body,
            truncated: parsed.missing == Missing::Something,
        },
        Err(failure) => RawAnswer::Failure(failure.clone()),
    };
    let Knock { operation, identity, purpose, .. } = knock;
    let purpose = Purpose { check: check.clone(), identity, operation, purpose };
    let request = RawRequest { method: &knock.method, url: &knock.url, headers: &knock.headers, body: &knock.body };
    let exchange = recorder.record(&purpose, &request, &raw, sent_at, clock.elapsed(), Some(facts)).await;
    Ok((exchange, answer.map(|parsed| parsed.body).unwrap_or_default()))
}

async fn converse(
    network: &Network,
    config: Arc<rustls::ClientConfig>,
    url: &Url,
    knock: &Knock<'_>,
    version: &mut String,
) -> io::Result<Vec<u8>> {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let tcp = network::connect(network, host, url.port_or_known_default().unwrap_or(443)).await?;
    tcp.set_nodelay(true)?;
    let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
    let mut stream = TlsConnector::from(config).connect(name, tcp).await?;
    *version = stream.get_ref().1.protocol_version().and_then(|it| it.as_str().map(normal)).unwrap_or_default();
    let mut answer = Vec::new();
    await_objection(&mut stream).await?;
    // What the server still has to say counts, even where it no longer listens.
    let written = write(&mut stream, url, knock).await;
    let read = read(&mut stream, &mut answer).await;
    match (read, written) {
        _ if !answer.is_empty() => Ok(answer),
        (Err(error), _) | (Ok(()), Err(error)) => Err(error),
        (Ok(()), Ok(())) => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

/// `TLSv1_3` as everybody else writes it.
fn normal(version: &str) -> String {
    version.replace('_', ".")
}

/// Waits until the server has accepted (a session ticket comes), objected (an alert comes), or had its time.
async fn await_objection(stream: &mut TlsStream<TcpStream>) -> io::Result<()> {
    let (tcp, connection) = stream.get_mut();
    if connection.protocol_version() != Some(rustls::ProtocolVersion::TLSv1_3) {
        return Ok(());
    }
    let deadline = Instant::now() + OBJECTION;
    while connection.tls13_tickets_received() == 0 {
        match timeout(deadline.saturating_duration_since(Instant::now()), tcp.readable()).await {
            Err(_) => return Ok(()),
            Ok(ready) => ready?,
        }
        match connection.read_tls(&mut Tcp(tcp)) {
            Ok(0) => return Ok(()),
            // Whoever answers before being asked has no objection that TLS could tell.
            Ok(_) if connection.process_new_packets().map_err(io::Error::other)?.plaintext_bytes_to_read() > 0 => {
                return Ok(());
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// A non-blocking read for rustls.
struct Tcp<'a>(&'a TcpStream);

impl io::Read for Tcp<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.try_read(buffer)
    }
}

async fn write(stream: &mut TlsStream<TcpStream>, url: &Url, knock: &Knock<'_>) -> io::Result<()> {
    let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let mut head = format!("{} {path} HTTP/1.1\r\n", knock.method);
    for (name, value) in &knock.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("\r\n{}", knock.body));
    stream.write_all(head.as_bytes()).await?;
    stream.flush().await
}

/// Every header that goes out: those of the request, and what is said of the connection and of the sender.
fn whole(url: &Url, headers: Vec<(String, String)>, length: usize, user_agent: &str) -> Vec<(String, String)> {
    let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
    let header = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    // Who says nothing of codings may be answered in any (RFC 9110 12.5.3), and nothing here unpacks them.
    let first = [("Host", host), ("Connection", "close"), ("Accept-Encoding", "identity"), ("User-Agent", user_agent)];
    let is_told = |name: &str| headers.iter().any(|(own, _)| own.eq_ignore_ascii_case(name));
    let mut all: Vec<_> = first.into_iter().filter(|(name, _)| !is_told(name)).map(header).collect();
    all.extend(headers);
    all.push(header(("Content-Length", &length.to_string())));
    all
}

async fn read(stream: &mut TlsStream<TcpStream>, answer: &mut Vec<u8>) -> io::Result<()> {
    let mut buffer = [0; 8192];
    while answer.len() < ANSWER_BOUND {
        match stream.read(&mut buffer).await? {
            0 => break,
            count => answer.extend_from_slice(&buffer[..count]),
        }
        // A server need not close the connection when it has said everything.
        if answer::is_whole(answer) {
            break;
        }
    }
    Ok(())
}

fn classify(error: &io::Error) -> Failure {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    let (layer, message) = match (inner, error.kind()) {
        // What we refuse in the bank's own handshake is no refusal of the bank's: only an alert is.
        (Some(tls), _) => (Layer::Tls, tls.to_string()),
        (None, io::ErrorKind::TimedOut) => (Layer::Timeout, "no answer came in time".into()),
        (
            None,
            io::ErrorKind::ConnectionRefused | io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable,
        ) => (Layer::Connect, error.to_string()),
        (None, io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe) => {
            (Layer::Closed, "the connection was closed without an answer".into())
        }
        (None, _) => (Layer::Protocol, error.to_string()),
    };
    Failure { layer, message }
}

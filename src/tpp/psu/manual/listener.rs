//! Where the customer's callback arrives by itself: a port of this machine, with TLS for a redirection URI that is here,
//! without for whatever forwards it.

use std::{sync::Arc, time::Duration};

use futures::{StreamExt, stream::FuturesUnordered};
use rustls::pki_types::PrivatePkcs8KeyDer;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;
use url::{Host, Url, form_urlencoded};

use crate::tpp::{Trouble, tls};

/// A visitor who has said nothing by then is none.
const VISIT: Duration = Duration::from_secs(10);
/// No browser opens more connections at a time.
const VISITS: usize = 64;
/// Before accepting again where the system has no more connections to give.
const BREATH: Duration = Duration::from_millis(100);
/// No callback is longer, in bytes.
const WORDS: usize = 64 * 1024;
/// The first byte of a TLS handshake.
const TLS: u8 = 0x16;
/// What the customer sees. A browser keeps the fragment to itself, so the page hands it over.
const PAGE: &str = "<!DOCTYPE html><meta charset=utf-8><title>Back at the TPP</title><p>You are back at the TPP. \
    You can close this window and look at the terminal.<script>if (location.hash.length > 1) fetch(location.pathname, \
    { method: 'POST', body: location.hash.slice(1) })</script>";

/// A port that waits for callbacks.
pub(super) struct Listener {
    tcp: TcpListener,
    acceptor: Option<TlsAcceptor>,
    /// The addresses at which the TPP wants its customers back.
    expected: Vec<Url>,
}

impl Listener {
    /// Takes the port.
    ///
    /// # Errors
    /// Somebody else has it.
    pub(super) async fn open(address: &str, ways_out: &[&str]) -> Result<Self, Trouble> {
        let tcp = TcpListener::bind(address).await.map_err(|error| {
            Trouble::Prerequisite(format!(
                "the callback port {address} cannot be used: {error}; end what uses it, or name another as `listen` under \
                 [psu.manual]"
            ))
        })?;
        let expected: Vec<Url> = ways_out.iter().filter_map(|uri| Url::parse(uri).ok()).collect();
        let acceptor = expected.first().and_then(|uri| acceptor(uri.host_str()?));
        Ok(Self { tcp, acceptor, expected })
    }

    /// The next callback that tells the TPP something. Browsers open connections for later, and say nothing on them.
    pub(super) async fn callback(&self) -> String {
        let mut visits = FuturesUnordered::new();
        loop {
            tokio::select! {
                accepted = self.tcp.accept(), if visits.len() < VISITS => match accepted {
                    Ok((visitor, _)) => visits.push(tokio::time::timeout(VISIT, self.hear(visitor))),
                    Err(_) => tokio::time::sleep(BREATH).await,
                },
                Some(heard) = visits.next(), if !visits.is_empty() => if let Ok(Some(url)) = heard {
                    return url;
                }
            }
        }
    }

    async fn hear(&self, visitor: TcpStream) -> Option<String> {
        let mut first = [0];
        visitor.peek(&mut first).await.ok()?;
        match (&self.acceptor, first[0]) {
            (Some(acceptor), TLS) => self.converse(acceptor.accept(visitor).await.ok()?).await,
            (None, TLS) => None,
            _ => self.converse(visitor).await,
        }
    }

    async fn converse(&self, mut visitor: impl AsyncRead + AsyncWrite + Unpin) -> Option<String> {
        let request = heard(&mut visitor).await?;
        let is_of_path = |uri: &&Url| request.target.split('?').next() == Some(uri.path());
        let known = self.expected.iter().find(is_of_path).filter(|_| self.is_for_us(&request));
        let (status, page) = if known.is_some() { ("200 OK", PAGE) } else { ("404 Not Found", "") };
        let head = format!("HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {}\r\n", page.len());
        let _ = visitor.write_all(format!("{head}Connection: close\r\n\r\n{page}").as_bytes()).await;
        let _ = visitor.shutdown().await;
        let mut url = known?.join(&request.target).ok()?;
        let has_fragment = request.method == "POST" && !request.body.is_empty();
        if has_fragment {
            url.set_fragment(Some(&request.body));
        }
        let text = if has_fragment { request.body.as_str() } else { url.query().unwrap_or_default() };
        let tells = form_urlencoded::parse(text.as_bytes()).any(|(name, _)| TELLING.contains(&&*name));
        tells.then(|| url.into())
    }

    /// The bank sends the customer's browser here, and the page above asks by itself. Nobody else is heard: no picture or
    /// script of another site, and nobody who comes under a name that is neither the TPP's nor this machine's.
    fn is_for_us(&self, request: &Request) -> bool {
        let is_the_tpps = |host: &str| self.expected.iter().any(|uri| uri.host_str().is_some_and(|own| own == host));
        let is_ours = |url: &Url| match url.host() {
            Some(Host::Domain(name)) => is_the_tpps(name) || name == "localhost",
            Some(Host::Ipv4(_) | Host::Ipv6(_)) => true,
            None => false,
        };
        let Some(host) = Url::parse(&format!("http://{}/", request.host)).ok().filter(is_ours) else { return false };
        if request.method != "POST" {
            return matches!(request.fetch_mode.as_str(), "" | "navigate");
        }
        let origin = Url::parse(&request.origin).ok();
        let from = origin.as_ref().and_then(Url::host_str);
        let is_own =
            request.origin.is_empty() || from.is_some_and(|from| Some(from) == host.host_str() || is_the_tpps(from));
        is_own && request.media_type.eq_ignore_ascii_case("text/plain")
    }
}

/// What a callback tells the TPP; one without any of it may be a look of the browser's own.
const TELLING: [&str; 4] = ["code", "error", "access_token", "state"];

/// TLS in the name of that host, with a certificate that the person has to accept once.
fn acceptor(host: &str) -> Option<TlsAcceptor> {
    let key = rcgen::KeyPair::generate().ok()?;
    let params = rcgen::CertificateParams::new(vec![host.trim_matches(['[', ']']).to_owned()]).ok()?;
    let certificate = params.self_signed(&key).ok()?;
    let config = rustls::ServerConfig::builder_with_provider(tls::provider())
        .with_safe_default_protocol_versions()
        .ok()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], PrivatePkcs8KeyDer::from(key.serialize_der()).into())
        .ok()?;
    Some(TlsAcceptor::from(Arc::new(config)))
}

/// What is said of a request, and what it says.
struct Request {
    method: String,
    target: String,
    host: String,
    origin: String,
    /// What a browser wants of it, where it tells.
    fetch_mode: String,
    media_type: String,
    body: String,
}

/// Reads one request.
async fn heard(visitor: &mut (impl AsyncRead + Unpin)) -> Option<Request> {
    let mut words = Vec::with_capacity(4096);
    loop {
        let mut headers = [httparse::EMPTY_HEADER; 100];
        let mut request = httparse::Request::new(&mut headers);
        if let httparse::Status::Complete(end) = request.parse(&words).ok()? {
            let header = |name: &str| {
                let mut of_name = request.headers.iter().filter(|header| header.name.eq_ignore_ascii_case(name));
                let value = of_name.next().and_then(|header| std::str::from_utf8(header.value).ok());
                value.unwrap_or_default().trim().to_owned()
            };
            let length: usize = header("content-length").parse().unwrap_or(0);
            if let Some(body) = words.get(end..end + length.min(WORDS)) {
                return Some(Request {
                    method: request.method?.to_owned(),
                    target: request.path?.to_owned(),
                    host: header("host"),
                    origin: header("origin"),
                    fetch_mode: header("sec-fetch-mode"),
                    media_type: header("content-type").split(';').next().unwrap_or_default().trim().to_owned(),
                    body: String::from_utf8_lossy(body).into_owned(),
                });
            }
        }
        if words.len() > 2 * WORDS || visitor.read_buf(&mut words).await.ok()? == 0 {
            return None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn heard_from(request: &str) -> Option<String> {
        let uri = Url::parse("https://localhost:8765/callback").ok()?;
        let tcp = TcpListener::bind("127.0.0.1:0").await.ok()?;
        let listener = Listener { tcp, acceptor: None, expected: vec![uri] };
        let (mut browser, visitor) = tokio::io::duplex(64 * 1024);
        browser.write_all(request.as_bytes()).await.ok()?;
        listener.converse(visitor).await
    }

    #[tokio::test]
    async fn callbacks_are_heard_and_nothing_else_is() {
        for host in ["localhost:8765", "LOCALHOST", "127.0.0.1:8765", "[::1]:1"] {
            let query = format!("GET /callback?code=a&state=b HTTP/1.1\r\nHost: {host}\r\n\r\n");
            let heard = heard_from(&query).await;
            assert_eq!(heard.as_deref(), Some("https://localhost:8765/callback?code=a&state=b"), "{host}");
        }
        let fragment = heard_from(&posted("https://localhost:8765", "text/plain;charset=UTF-8")).await;
        assert_eq!(fragment.as_deref(), Some("https://localhost:8765/callback#access_token=a"));
        for other in ["GET /callback HTTP/1.1\r\n\r\n", "GET /favicon.ico?code=1 HTTP/1.1\r\n\r\n", "\x00\x01\r\n\r\n"]
        {
            assert_eq!(heard_from(other).await, None, "{other}");
        }
    }

    fn posted(origin: &str, media_type: &str) -> String {
        format!(
            "POST /callback HTTP/1.1\r\nHost: localhost:8765\r\nOrigin: {origin}\r\nContent-Type: {media_type}\r\n\
             Content-Length: 14\r\n\r\naccess_token=a"
        )
    }

    #[tokio::test]
    async fn no_other_site_is_heard() {
        let callback = |headers: &str| format!("GET /callback?code=a HTTP/1.1\r\n{headers}\r\n\r\n");
        assert!(heard_from(&callback("Host: localhost\r\nSec-Fetch-Mode: navigate")).await.is_some());
        for other in [
            callback("Host: rebind.example"),
            callback("Host: rebind.example:8765"),
            callback("Accept: */*"),
            callback("Host: localhost\r\nSec-Fetch-Mode: no-cors"),
            posted("https://evil.example", "text/plain"),
            posted("null", "text/plain"),
            posted("https://localhost:8765", "application/x-www-form-urlencoded"),
        ] {
            assert_eq!(heard_from(&other).await, None, "{other}");
        }
    }

    #[tokio::test]
    async fn a_silent_connection_keeps_nobody_waiting() {
        let uri = Url::parse("http://localhost/callback").map(|uri| vec![uri]).unwrap_or_default();
        let listener =
            TcpListener::bind("127.0.0.1:0").await.map(|tcp| Listener { tcp, acceptor: None, expected: uri });
        let Ok(listener) = listener else { return };
        let Ok(address) = listener.tcp.local_addr() else { return };
        let visit = async {
            let silent = [TcpStream::connect(address).await, TcpStream::connect(address).await];
            let mut browser = TcpStream::connect(address).await?;
            browser.write_all(b"GET /callback?code=a HTTP/1.1\r\nHost: localhost\r\n\r\n").await?;
            Ok::<_, std::io::Error>((silent, browser))
        };
        let (_held, heard) = tokio::join!(visit, tokio::time::timeout(VISIT / 2, listener.callback()));
        assert_eq!(heard.ok().as_deref(), Some("http://localhost/callback?code=a"));
    }
}

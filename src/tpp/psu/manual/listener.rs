//! Where the customer's callback arrives by itself: a port of this machine, with TLS for a redirection URI that is here,
//! without for whatever forwards it.

use std::{sync::Arc, time::Duration};

use rustls::pki_types::PrivatePkcs8KeyDer;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;
use url::{Url, form_urlencoded};

use crate::tpp::{Trouble, tls};

/// A visitor who has said nothing by then is none.
const VISIT: Duration = Duration::from_secs(10);
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

    /// The next callback that tells the TPP something.
    pub(super) async fn callback(&self) -> String {
        loop {
            let Ok((visitor, _)) = self.tcp.accept().await else {
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            };
            if let Ok(Some(url)) = tokio::time::timeout(VISIT, self.hear(visitor)).await {
                return url;
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
        let (method, target, body) = heard(&mut visitor).await?;
        let known = self.expected.iter().find(|uri| target.split('?').next() == Some(uri.path()));
        let (status, page) = if known.is_some() { ("200 OK", PAGE) } else { ("404 Not Found", "") };
        let head = format!("HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {}\r\n", page.len());
        let _ = visitor.write_all(format!("{head}Connection: close\r\n\r\n{page}").as_bytes()).await;
        let _ = visitor.shutdown().await;
        let mut url = known?.join(&target).ok()?;
        let has_fragment = method == "POST" && !body.is_empty();
        if has_fragment {
            url.set_fragment(Some(&body));
        }
        let text = if has_fragment { body.as_str() } else { url.query().unwrap_or_default() };
        let tells = form_urlencoded::parse(text.as_bytes()).any(|(name, _)| TELLING.contains(&&*name));
        tells.then(|| url.into())
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

/// Method, target and body of a request.
async fn heard(visitor: &mut (impl AsyncRead + Unpin)) -> Option<(String, String, String)> {
    let mut words = Vec::with_capacity(4096);
    loop {
        let mut headers = [httparse::EMPTY_HEADER; 100];
        let mut request = httparse::Request::new(&mut headers);
        if let httparse::Status::Complete(end) = request.parse(&words).ok()? {
            let length = request.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
            let length = length.and_then(|header| std::str::from_utf8(header.value).ok()?.trim().parse().ok());
            let body = words.get(end..end + length.unwrap_or(0).min(WORDS));
            if let Some(body) = body {
                let body = String::from_utf8_lossy(body).into_owned();
                return Some((request.method?.to_owned(), request.path?.to_owned(), body));
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

    async fn heard_from(request: &'static str) -> Option<String> {
        let uri = Url::parse("https://localhost:8765/callback").ok()?;
        let tcp = TcpListener::bind("127.0.0.1:0").await.ok()?;
        let listener = Listener { tcp, acceptor: None, expected: vec![uri] };
        let (mut browser, visitor) = tokio::io::duplex(64 * 1024);
        browser.write_all(request.as_bytes()).await.ok()?;
        listener.converse(visitor).await
    }

    #[tokio::test]
    async fn callbacks_are_heard_and_nothing_else_is() {
        let query = heard_from("GET /callback?code=a&state=b HTTP/1.1\r\nHost: x\r\n\r\n").await;
        assert_eq!(query.as_deref(), Some("https://localhost:8765/callback?code=a&state=b"));
        let fragment = "POST /callback HTTP/1.1\r\nContent-Length: 14\r\n\r\naccess_token=a";
        assert_eq!(heard_from(fragment).await.as_deref(), Some("https://localhost:8765/callback#access_token=a"));
        for other in ["GET /callback HTTP/1.1\r\n\r\n", "GET /favicon.ico?code=1 HTTP/1.1\r\n\r\n", "\x00\x01\r\n\r\n"]
        {
            assert_eq!(heard_from(other).await, None, "{other}");
        }
    }
}

//! The interceptor between the browser and the bank: the browser's only way out, on loopback. What is for the bank goes there
//! over our own TLS, which trusts the target's CAs alone; the address of the TPP is the way out; nothing else is asked,
//! whatever a page wants. So every page that the browser opens is recorded like any other exchange.

use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use futures::{StreamExt, stream::FuturesUnordered};
use http_body_util::{BodyExt, Full, Limited};
use hyper::{Request, Response, body::Bytes, body::Incoming, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use rcgen::{CertificateParams, KeyPair, PublicKeyData};
use rustls::pki_types::PrivatePkcs8KeyDer;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;
use url::{Url, form_urlencoded};

use super::relay::{self, Fetched, Relay};
use crate::{
    evidence::{check_row::CheckRow, exchange::Exchange, walk_end::WalkEnd},
    tpp::{Trouble, psu::navigation::Navigation, session::Session, tls},
};

/// No page opens more connections at a time.
const VISITS: usize = 64;
/// The first words on a connection, in bytes, and how long they may take.
const WORDS: usize = 16 * 1024;
const FIRST_WORDS: Duration = Duration::from_secs(10);
/// A browser opens a connection anew that was not used for so long.
const KEPT: Duration = Duration::from_secs(60);
/// No honest form is longer, in bytes.
const BODY_BOUND: usize = 4 * 1024 * 1024;
const NOT_ASKED: &str =
    "<!DOCTYPE html><title>Not asked</title><p>This address is not known as the bank's: it was not asked.";
const BACK: &str = "<!DOCTYPE html><title>Back</title><p>The customer is back at the TPP.";

/// What has passed the interceptor so far.
#[derive(Default)]
struct Passed {
    exchanges: Vec<Arc<Exchange>>,
    walk_end: Option<WalkEnd>,
    trouble: Option<Trouble>,
    /// The status of the last page.
    status: u16,
    in_flight: usize,
    last: Option<Instant>,
}

/// The interceptor of one walk.
pub(super) struct Interceptor<'a> {
    navigation: &'a Navigation<'a>,
    relay: Relay<'a>,
    listener: TcpListener,
    address: SocketAddr,
    key: KeyPair,
    passed: Mutex<Passed>,
}

/// A request is under way until this is dropped.
struct UnderWay<'a>(&'a Mutex<Passed>);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        let mut passed = lock(self.0);
        passed.in_flight -= 1;
        passed.last = Some(Instant::now());
    }
}

impl<'a> Interceptor<'a> {
    /// Opens an interceptor with a key of its own.
    ///
    /// # Errors
    /// No port of this machine is free, or no key can be made.
    pub(super) async fn open(
        session: &'a Session,
        check: &'a CheckRow,
        navigation: &'a Navigation<'a>,
    ) -> Result<Self, Trouble> {
        let failed =
            |error: &dyn std::fmt::Display| Trouble::Harness(format!("no interceptor for the browser: {error}"));
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(|error| failed(&error))?;
        let address = listener.local_addr().map_err(|error| failed(&error))?;
        let key = KeyPair::generate().map_err(|error| failed(&error))?;
        let relay = Relay::new(session, check)?;
        Ok(Self { navigation, relay, listener, address, key, passed: Mutex::default() })
    }

    /// Where the browser finds it.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The longest time to wait for an answer of the bank.
    pub(super) fn timeout(&self) -> Duration {
        self.relay.timeout()
    }

    /// The hash of its public key as browsers take it: SHA-256 of the SubjectPublicKeyInfo, in base64.
    pub(super) fn key_hash(&self) -> String {
        STANDARD.encode(openssl::sha::sha256(&self.key.subject_public_key_info()))
    }

    /// Where the customer has ended up, once it has left the bank.
    ///
    /// # Errors
    /// The bank does not answer.
    pub(super) fn walk_end(&self) -> Result<Option<WalkEnd>, Trouble> {
        let passed = lock(&self.passed);
        passed.trouble.clone().map_or_else(|| Ok(passed.walk_end.clone()), Err)
    }

    /// Since when nothing has been under way; `None` while something is.
    pub(super) fn quiet_since(&self) -> Option<Instant> {
        let passed = lock(&self.passed);
        passed.last.filter(|_| passed.in_flight == 0)
    }

    /// The status of the last page.
    pub(super) fn status(&self) -> u16 {
        lock(&self.passed).status
    }

    /// Every page and redirect so far.
    pub(super) fn exchanges(&self) -> Vec<Arc<Exchange>> {
        lock(&self.passed).exchanges.clone()
    }

    /// Serves the browser until the walk is over: it never ends by itself but for a trouble.
    pub(super) async fn serve(&self) -> Trouble {
        let mut visits = FuturesUnordered::new();
        loop {
            tokio::select! {
                accepted = self.listener.accept() => match accepted {
                    Ok((tcp, _)) if visits.len() < VISITS => visits.push(self.visit(tcp)),
                    Ok(_) => {}
                    Err(error) => return Trouble::Harness(format!("the browser's interceptor: {error}")),
                },
                Some(()) = visits.next(), if !visits.is_empty() => {}
            }
        }
    }

    /// One connection of the browser: a tunnel that ends here, or a request without TLS, which goes nowhere.
    async fn visit(&self, mut tcp: TcpStream) {
        let words = tokio::time::timeout(FIRST_WORDS, first_words(&mut tcp)).await;
        let Some(words) = words.ok().flatten() else { return };
        if words.method != "CONNECT" {
            if let Some(url) = Url::parse(&words.target).ok().filter(|_| words.is_page) {
                self.leads_to(&url, self.status());
            }
            let head =
                format!("HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\nContent-Length: {}\r\n", NOT_ASKED.len());
            let _ = tcp.write_all(format!("{head}Connection: close\r\n\r\n{NOT_ASKED}").as_bytes()).await;
            return;
        }
        let Some(acceptor) = self.acceptor(&words.target) else { return };
        if tcp.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.is_err() {
            return;
        }
        let Ok(Ok(tls)) = tokio::time::timeout(FIRST_WORDS, acceptor.accept(tcp)).await else { return };
        let place = words.target.as_str();
        let service = service_fn(move |request| self.answer(place, request));
        let mut http = hyper::server::conn::http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(KEPT);
        // A browser that hangs up is no trouble.
        let _ = http.serve_connection(TokioIo::new(tls), service).await;
    }

    /// TLS in the name of that host, which the browser accepts for its key.
    fn acceptor(&self, authority: &str) -> Option<TlsAcceptor> {
        let host = authority.rsplit_once(':')?.0.trim_matches(['[', ']']);
        let certificate = CertificateParams::new(vec![host.to_owned()]).ok()?.self_signed(&self.key).ok()?;
        let key = PrivatePkcs8KeyDer::from(self.key.serialize_der());
        let config = rustls::ServerConfig::builder_with_provider(tls::provider())
            .with_safe_default_protocol_versions()
            .ok()?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key.into())
            .ok()?;
        Some(TlsAcceptor::from(Arc::new(config)))
    }

    async fn answer(&self, place: &str, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
        lock(&self.passed).in_flight += 1;
        let _under_way = UnderWay(&self.passed);
        let (head, body) = request.into_parts();
        let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
        let Ok(url) = Url::parse(&format!("https://{place}{path}")) else { return Ok(relay::page(400, NOT_ASKED)) };
        let Ok(body) = Limited::new(body, BODY_BOUND).collect().await.map(|body| body.to_bytes()) else {
            return Ok(relay::page(413, NOT_ASKED));
        };
        // What is fetched before anybody asked for it is no page that the customer sees.
        let is_page = head.headers.get("sec-fetch-dest").is_some_and(|kind| kind == "document")
            && !head.headers.contains_key("sec-purpose");
        if self.navigation.end(&url, 0).is_some() {
            // No page of the bank led there, and no redirect that was not noted already: it is a start page, or the like.
            let is_own = head.headers.get("sec-fetch-site").is_some_and(|from| from == "none");
            if is_page
                && !is_own
                && let Some(walk_end) = self.navigation.end_of_form(&url, form(&head.method, &body), self.status())
            {
                self.land(walk_end);
            }
            return Ok(relay::page(200, if is_page { BACK } else { NOT_ASKED }));
        }
        let fetched = self.relay.fetch(&url, &head, body, is_page).await;
        Ok(self.note(&url, fetched, is_page))
    }

    /// Takes note of a page, and of where it leads.
    fn note(&self, url: &Url, fetched: Fetched, is_page: bool) -> Response<Full<Bytes>> {
        if !is_page {
            return fetched.response;
        }
        let location =
            fetched.response.headers().get("location").and_then(|value| value.to_str().ok().map(str::to_owned));
        let mut passed = lock(&self.passed);
        passed.exchanges.extend(fetched.exchange);
        passed.status = fetched.response.status().as_u16();
        if let Some(trouble) = fetched.trouble {
            passed.trouble.get_or_insert(trouble);
        }
        let status = passed.status;
        drop(passed);
        if let (300..=399, Some(location)) = (status, location) {
            match url.join(&location) {
                Ok(next) => self.leads_to(&next, status),
                Err(_) => self.land(WalkEnd::Elsewhere { url: location }),
            }
        }
        fetched.response
    }

    fn leads_to(&self, url: &Url, status: u16) {
        if let Some(walk_end) = self.navigation.end(url, status) {
            self.land(walk_end);
        }
    }

    fn land(&self, walk_end: WalkEnd) {
        lock(&self.passed).walk_end.get_or_insert(walk_end);
    }

    /// The address that the browser shows has a fragment that no request shows.
    pub(super) fn with_fragment_of(&self, walk_end: WalkEnd, shown: &str) -> WalkEnd {
        let WalkEnd::CalledBack { url, status, .. } = &walk_end else { return walk_end };
        let shown = Url::parse(shown).ok().filter(|shown| shown.fragment().is_some());
        let is_same = |shown: &Url| shown.as_str().split('#').next() == Some(url.as_str());
        shown.filter(is_same).and_then(|shown| self.navigation.end(&shown, *status)).unwrap_or(walk_end)
    }
}

/// What a form sends to the TPP by POST.
fn form(method: &hyper::Method, body: &[u8]) -> Vec<(String, String)> {
    let body = if method == hyper::Method::POST { body } else { &[] };
    form_urlencoded::parse(body).into_owned().collect()
}

/// The first request on a connection.
struct FirstWords {
    method: String,
    target: String,
    is_page: bool,
}

async fn first_words(tcp: &mut TcpStream) -> Option<FirstWords> {
    let mut words = Vec::with_capacity(1024);
    while !words.windows(4).any(|end| end == b"\r\n\r\n") {
        if words.len() > WORDS || tcp.read_buf(&mut words).await.ok()? == 0 {
            return None;
        }
    }
    let mut headers = [httparse::EMPTY_HEADER; 100];
    let mut request = httparse::Request::new(&mut headers);
    request.parse(&words).ok()?;
    let navigates = |header: &httparse::Header<'_>| {
        header.name.eq_ignore_ascii_case("upgrade-insecure-requests") && header.value == b"1"
    };
    let is_page = request.headers.iter().any(navigates);
    Some(FirstWords { method: request.method?.to_owned(), target: request.path?.to_owned(), is_page })
}

fn lock(passed: &Mutex<Passed>) -> MutexGuard<'_, Passed> {
    passed.lock().unwrap_or_else(PoisonError::into_inner)
}

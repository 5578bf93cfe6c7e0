//! HTTP over TLS for one identity: bounded, timed, never following a redirect, every exchange recorded.

use std::{
    error::Error,
    io, iter,
    sync::Arc,
    time::{Duration, Instant},
};

use reqwest::{
    Client as Http, Method,
    cookie::{CookieStore, Jar},
    header::{self, HeaderMap, HeaderName, HeaderValue},
    redirect::Policy,
};
use time::OffsetDateTime;
use url::{Url, form_urlencoded};

use super::{Trouble, network, presented::Certificate, restrained::Restrained, signing::Outgoing, tls, user_agent};
use crate::{
    evidence::operation::Operation,
    evidence::{
        check_row::CheckRow,
        exchange::{Exchange, Failure, Layer, TlsFacts},
        recorder::{Purpose, RawAnswer, RawRequest, Recorder},
        speaker::Speaker,
    },
    targets::{
        KeyPair, Target,
        network::Network,
        own::Places,
        requests::{Change, change_headers},
    },
};

/// No more of a body is read: what a bank has to say is far shorter.
const BODY_BOUND: usize = 1024 * 1024;

/// One identity's way to the bank, with its own connections.
pub struct Client {
    http: Http,
    /// For hosts that want a certificate from whoever has none, or none from whoever has one; and which that is.
    other: Option<(Http, Certificate)>,
    has_certificate: bool,
    identity: Speaker,
    certificate: Certificate,
    timeout: Duration,
    network: Network,
    recorder: Arc<Recorder>,
    /// What a browser keeps of the bank's; nobody else keeps any.
    cookies: Option<Jar>,
    /// Cookies that are not kept, by name.
    left_out: Vec<String>,
    user_agent: Option<HeaderValue>,
    restrained: Restrained,
    /// Where it goes.
    places: Places,
    /// What the bank wants of requests.
    changes: Vec<Change>,
}

/// A request to send.
pub struct Call {
    operation: Operation,
    method: Method,
    url: String,
    headers: Vec<(String, String)>,
    body: String,
    purpose: String,
}

/// A response, secrets and all, and the exchange that was made of it.
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// In the order received, names in lower case.
    pub headers: Vec<(String, String)>,
    /// As text.
    pub body: String,
    /// What was recorded.
    pub exchange: Arc<Exchange>,
}

/// No response came.
pub struct NoReply {
    /// Where it went wrong.
    pub failure: Failure,
    /// What was recorded.
    pub exchange: Arc<Exchange>,
    /// It was not sent: the host has stopped answering before.
    is_lost: bool,
}

impl NoReply {
    /// The bank has refused the connection by a TLS alert.
    pub fn is_a_refusal(&self) -> bool {
        self.exchange.tls.as_ref().is_some_and(|tls| tls.alert.is_some())
    }

    /// Somebody was there and hung up without a word.
    pub(super) fn is_cut(&self) -> bool {
        let says = |words: &str| self.failure.message.contains(words);
        self.failure.layer != Layer::Tls && (says("reset by peer") || says("closed before message completed"))
    }

    /// As a reason why something could not be carried out.
    pub fn trouble(&self) -> Trouble {
        let message = &self.failure.message;
        // What it was for is no matter then: the reason is one for all that is left.
        Trouble::Environment(match self.is_lost {
            true => message.clone(),
            false => format!("{}: {message}", self.exchange.purpose),
        })
    }
}

impl Call {
    /// A GET.
    pub fn get(operation: Operation, url: &str, purpose: &str) -> Self {
        Self::new(operation, Method::GET, url, purpose)
    }

    /// A request of that method.
    pub fn new(operation: Operation, method: Method, url: &str, purpose: &str) -> Self {
        Self { operation, method, url: url.into(), headers: Vec::new(), body: String::new(), purpose: purpose.into() }
    }

    /// A POST of a form.
    pub fn form(operation: Operation, url: &str, fields: &[(String, String)], purpose: &str) -> Self {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        Self { body, ..Self::new(operation, Method::POST, url, purpose) }
            .header("Content-Type", "application/x-www-form-urlencoded")
    }

    /// A POST of JSON.
    pub fn json(operation: Operation, url: &str, body: &serde_json::Value, purpose: &str) -> Self {
        Self { body: body.to_string(), ..Self::new(operation, Method::POST, url, purpose) }
            .header("Content-Type", "application/json")
    }

    /// A request as it goes out.
    pub fn of(operation: Operation, outgoing: &Outgoing, purpose: &str) -> Result<Self, Trouble> {
        let method =
            outgoing.method.parse().map_err(|_| Trouble::Harness(format!("no method: {}", outgoing.method)))?;
        let headers = outgoing.headers.clone();
        Ok(Self { headers, body: outgoing.body.clone(), ..Self::new(operation, method, &outgoing.url, purpose) })
    }

    fn header_map(&self) -> Result<HeaderMap, Failure> {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            let (name_read, value_read) = (name.parse::<HeaderName>(), value.parse::<HeaderValue>());
            let (Ok(name_read), Ok(value_read)) = (name_read, value_read) else {
                let message = format!("not sent: HTTP has no such header as {name}");
                return Err(Failure { layer: Layer::Protocol, message });
            };
            headers.append(name_read, value_read);
        }
        Ok(headers)
    }

    /// With that body.
    pub fn body(mut self, body: &str) -> Self {
        self.body = body.into();
        self
    }

    /// With that header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }
}

impl Client {
    /// A client that presents `pair`, or no certificate.
    ///
    /// # Errors
    /// A certificate, key or trust anchor that cannot be used.
    pub fn new(
        target: &Target,
        identity: &Speaker,
        pair: Option<&KeyPair>,
        recorder: &Arc<Recorder>,
    ) -> Result<Self, Trouble> {
        let config = tls::config_for(target, pair)?;
        Self::build(target, identity, pair, recorder, config, false)?.minding_hosts(target)
    }

    /// With what some hosts want otherwise by the target file.
    fn minding_hosts(self, target: &Target) -> Result<Self, Trouble> {
        let wanted = !self.has_certificate;
        if !target.network.hosts().any(|(_, host)| host.client_certificate == Some(wanted)) {
            return Ok(self);
        }
        let pair = wanted.then(|| &target.tpp().qwac);
        let http = http(target, tls::config_for(target, pair)?)?;
        Ok(Self { other: Some((http, Certificate::of(pair))), ..self })
    }

    /// What that host wants otherwise, if it does.
    fn other_for(&self, url: &str) -> Option<&(Http, Certificate)> {
        let other = self.other.as_ref()?;
        let url = Url::parse(url).ok()?;
        let wanted = self.network.host(url.host_str()?)?.client_certificate?;
        (wanted != self.has_certificate).then_some(other)
    }

    /// A client with TLS settings of its own: two with the same ones share their TLS sessions, and no connections.
    ///
    /// # Errors
    /// No HTTP client could be built.
    pub(super) fn over(
        target: &Target,
        identity: &Speaker,
        pair: &KeyPair,
        recorder: &Arc<Recorder>,
        config: rustls::ClientConfig,
    ) -> Result<Self, Trouble> {
        Self::build(target, identity, Some(pair), recorder, config, false)
    }

    /// A client without a certificate, which keeps cookies where nobody does it for it, and goes to those places alone.
    pub(super) fn browser(
        target: &Target,
        name: &Speaker,
        recorder: &Arc<Recorder>,
        config: rustls::ClientConfig,
        cookies: bool,
        places: &Places,
    ) -> Result<Self, Trouble> {
        let client = Self::build(target, name, None, recorder, config, cookies)?.minding_hosts(target)?;
        Ok(Self { places: places.clone(), ..client })
    }

    /// The same, which keeps no cookies of these names.
    pub(super) fn keeping_no_cookies(self, names: &[String]) -> Self {
        Self { left_out: names.to_vec(), ..self }
    }

    fn build(
        target: &Target,
        identity: &Speaker,
        pair: Option<&KeyPair>,
        recorder: &Arc<Recorder>,
        config: rustls::ClientConfig,
        cookies: bool,
    ) -> Result<Self, Trouble> {
        Ok(Self {
            http: http(target, config)?,
            other: None,
            has_certificate: pair.is_some(),
            identity: identity.clone(),
            certificate: Certificate::of(pair),
            timeout: Duration::from_secs(target.timeout_seconds),
            network: target.network.clone(),
            recorder: recorder.clone(),
            cookies: cookies.then(Jar::default),
            left_out: Vec::new(),
            user_agent: HeaderValue::from_str(&user_agent::of(recorder)).ok(),
            restrained: Restrained::of(target, cookies),
            places: target.network.own.hosts.clone(),
            changes: target.requests.clone(),
        })
    }

    /// Sends a request that was made by [`Self::request`].
    pub(super) async fn execute(&self, request: reqwest::Request) -> reqwest::Result<reqwest::Response> {
        let url = request.url().to_string();
        self.carrier(&url).execute(request).await
    }

    /// What carries a request to that address.
    fn carrier(&self, url: &str) -> &Http {
        self.other_for(url).map_or(&self.http, |(http, _)| http)
    }

    /// Who speaks: `tpp-a`, or `tpp-a (renewed)`.
    pub fn identity(&self) -> &Speaker {
        &self.identity
    }

    /// The longest time to wait for an answer.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// A request by the way that the target file tells, with every header that it goes out with, as [`Self::send`] sends it;
    /// it is not recorded. This is the last guard of all of HTTP.
    ///
    /// # Errors
    /// It leads to somebody whom the target file does not name, or cannot be written.
    pub(super) fn request(
        &self,
        method: Method,
        url: &str,
        headers: HeaderMap,
        body: Vec<u8>,
    ) -> Result<reqwest::Request, Failure> {
        let not_sent = |layer, why: String| Failure { layer, message: format!("not sent: {why}") };
        let parsed = Url::parse(url).map_err(|error| not_sent(Layer::Protocol, error.to_string()))?;
        if let Some(why) = self.places.objection(&parsed) {
            return Err(not_sent(Layer::Connect, why.to_string()));
        }
        let headers = self.whole(headers, &parsed, body.len());
        let http = self.carrier(url);
        let request = match network::moved(&self.network, url) {
            Some((url, named)) => http.request(method, url).header("Host", named),
            None => http.request(method, parsed),
        };
        let request = if body.is_empty() { request } else { request.body(body) };
        let request = match self.own_timeout(url) {
            Some(seconds) => request.timeout(Duration::from_secs(seconds)),
            None => request,
        };
        request.headers(headers).build().map_err(|error| failure(&error))
    }

    /// Those headers, and whatever else goes out: nothing is left to the HTTP client but `Host`.
    fn whole(&self, mut headers: HeaderMap, url: &Url, length: usize) -> HeaderMap {
        if length > 0 {
            headers.insert(header::CONTENT_LENGTH, length.into());
        }
        let cookies = self.cookies.as_ref().and_then(|cookies| cookies.cookies(url));
        let own = [
            (header::COOKIE, cookies),
            (header::ACCEPT, Some(HeaderValue::from_static("*/*"))),
            (header::ACCEPT_ENCODING, Some(HeaderValue::from_static("gzip"))),
            (header::USER_AGENT, self.user_agent.clone()),
        ];
        for (name, value) in own {
            if let (false, Some(value)) = (headers.contains_key(&name), value) {
                headers.insert(name, value);
            }
        }
        headers
    }

    /// Waits until the bank may be asked again.
    pub(super) async fn turn(&self) -> impl Sized + '_ {
        self.network.pace.turn().await
    }

    /// How the connection was secured that an answer came over.
    pub(super) fn tls_of(&self, response: &reqwest::Response) -> TlsFacts {
        let tls = response.extensions().get::<reqwest::tls::TlsInfo>();
        let version = tls.and_then(|info| info.version()).map(version_name);
        self.tls_facts(response.url().as_str(), version.unwrap_or_default(), None)
    }

    /// Sends a request for a check and records what comes of it.
    ///
    /// # Errors
    /// No HTTP response came: that too is recorded.
    pub async fn send(&self, check: &CheckRow, mut call: Call) -> Result<Reply, NoReply> {
        if call.operation == Operation::Token {
            change_headers(&self.changes, Operation::Token, &mut call.headers, None);
        }
        let (identity, operation, purpose) = (self.identity.clone(), call.operation, call.purpose.clone());
        let purpose = Purpose { check: check.clone(), identity, operation, purpose };
        let _turn = self.network.pace.turn().await;
        let (sent_at, clock) = (OffsetDateTime::now_utc(), Instant::now());
        let gone = self.network.lost.objection(&call.url);
        let is_lost = gone.is_some();
        let gone = gone.map(|message| Failure { layer: Layer::Connect, message });
        let objection = gone.or_else(|| self.restrained.objection(call.method.as_str(), &call.body));
        let request = call
            .header_map()
            .and_then(|headers| self.request(call.method.clone(), &call.url, headers, call.body.clone().into_bytes()));
        // What is not sent is told as it was meant.
        let sent = request.as_ref().map_or_else(|_| call.headers.clone(), headers_sent);
        let raw = RawRequest { method: call.method.as_str(), url: &call.url, headers: &sent, body: &call.body };
        let outcome = match (objection, request) {
            (Some(failure), _) | (None, Err(failure)) => Err(failure),
            (None, Ok(request)) => self.exchange(&call, request).await,
        };
        let took = clock.elapsed();
        match outcome {
            Ok(received) => {
                let answer = RawAnswer::Response {
                    status: received.status,
                    headers: &received.headers,
                    body: &received.body,
                    truncated: received.truncated,
                };
                let tls = self.tls_facts(&call.url, received.version, None);
                let exchange = self.recorder.record(&purpose, &raw, &answer, sent_at, took, Some(tls)).await;
                Ok(Reply { status: received.status, headers: received.headers, body: received.body, exchange })
            }
            Err(failure) => {
                let tls = (failure.layer == Layer::Tls)
                    .then(|| self.tls_facts(&call.url, String::new(), alert_in(&failure.message)));
                let answer = RawAnswer::Failure(failure.clone());
                let exchange = self.recorder.record(&purpose, &raw, &answer, sent_at, took, tls).await;
                Err(NoReply { failure, exchange, is_lost })
            }
        }
    }

    async fn exchange(&self, call: &Call, request: reqwest::Request) -> Result<Received, Failure> {
        let mut response = match self.carrier(&call.url).execute(request).await {
            Ok(response) => response,
            Err(error) => {
                let failure = self.blamed(failure(&error), &call.url).await;
                match is_nobody(&error, failure.layer) {
                    true => self.network.lost.missed(&call.url, &failure.message, OffsetDateTime::now_utc()),
                    false => self.network.lost.met(&call.url),
                }
                return Err(failure);
            }
        };
        self.network.lost.met(&call.url);
        self.keep_cookies(&call.url, response.headers());
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        let tls = response.extensions().get::<reqwest::tls::TlsInfo>();
        if let Some(certificate) = tls.and_then(reqwest::tls::TlsInfo::peer_certificate) {
            // A host may be asked at another port than it is named with.
            let is_moved = self.network.hosts().next().is_some();
            let named = if is_moved { Url::parse(&call.url).ok() } else { None };
            let url = named.as_ref().unwrap_or(response.url());
            let (host, port) = (url.host_str(), url.port_or_known_default());
            self.recorder.met(&format!("{}:{}", host.unwrap_or_default(), port.unwrap_or_default()), certificate);
        }
        let version = tls.and_then(|info| info.version()).map(version_name);
        let (mut body, mut truncated) = (Vec::new(), false);
        while let Some(chunk) = response.chunk().await.map_err(|error| failure(&error))? {
            body.extend_from_slice(&chunk);
            if body.len() >= BODY_BOUND {
                (truncated, _) = (true, body.truncate(BODY_BOUND));
                break;
            }
        }
        let body =
            String::from_utf8(body).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        Ok(Received { status, headers, body, truncated, version: version.unwrap_or_default() })
    }

    /// Keeps what the bank has set, where this is a browser.
    /// Has the browser keep that cookie as one of the place's, as if it had been set there before.
    pub(super) fn plant(&self, place: &Url, cookie: &str) {
        if let Some(cookies) = &self.cookies {
            cookies.add_cookie_str(cookie, place);
        }
    }

    fn keep_cookies(&self, url: &str, headers: &HeaderMap) {
        if let (Some(cookies), Ok(url)) = (&self.cookies, Url::parse(url)) {
            let name = |cookie: &&HeaderValue| {
                let text = cookie.to_str().unwrap_or_default();
                text.split('=').next().unwrap_or_default().trim().to_owned()
            };
            let mut kept = headers.get_all(header::SET_COOKIE).iter().filter(|it| !self.left_out.contains(&name(it)));
            cookies.set_cookies(&mut kept, &url);
        }
    }

    /// Where a proxy stands between, it is asked why there is no connection: the HTTP client does not tell.
    async fn blamed(&self, failure: Failure, url: &str) -> Failure {
        let Ok(url) = Url::parse(url) else { return failure };
        if failure.layer != Layer::Connect {
            return failure;
        }
        match tokio::time::timeout(self.timeout, network::blame(&self.network, &url)).await {
            Ok(Some(message)) => Failure { message, ..failure },
            _ => failure,
        }
    }

    /// The bound of a host that has one of its own, in seconds.
    fn own_timeout(&self, url: &str) -> Option<u64> {
        self.network.hosts().next()?;
        self.network.host(Url::parse(url).ok()?.host_str()?)?.timeout_seconds
    }

    fn tls_facts(&self, url: &str, version: String, alert: Option<String>) -> TlsFacts {
        let certificate = self.other_for(url).map_or(&self.certificate, |(_, certificate)| certificate);
        certificate.tls(version, alert)
    }
}

/// What carries requests over TLS with those settings.
fn http(target: &Target, config: rustls::ClientConfig) -> Result<Http, Trouble> {
    let timeout = Duration::from_secs(target.timeout_seconds);
    // What one host needs, another may take to connect: each request has its own bound.
    let hosts = target.network.hosts().filter_map(|(_, host)| host.timeout_seconds);
    let longest = hosts.map(Duration::from_secs).fold(timeout, Duration::max);
    network::configure(Http::builder(), &target.network)
        .tls_backend_preconfigured(config)
        .tls_info(true)
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        // A little less, so that a host where nobody answers is told apart from a slow answer.
        .connect_timeout(longest.mul_f64(0.9))
        .timeout(timeout)
        .build()
        .map_err(|error| Trouble::Harness(format!("no HTTP client: {error}")))
}

struct Received {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
    truncated: bool,
    version: String,
}

impl Reply {
    /// The first header of that name (in lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON; `null` where it is none.
    pub fn json(&self) -> serde_json::Value {
        crate::evidence::json::read(&self.body).unwrap_or_default()
    }
}

/// The headers of a request as they go out, names in lower case. The TLS settings name no protocol, so that it is HTTP/1.1;
/// what writes it puts `Host` last, where it is not told.
pub(super) fn headers_sent(request: &reqwest::Request) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let mut sent: Vec<_> = request.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
    if !request.headers().contains_key(header::HOST) {
        let url = request.url();
        sent.push(("host".into(), url[url::Position::BeforeHost..url::Position::AfterPort].to_owned()));
    }
    sent
}

pub(super) fn failure(error: &reqwest::Error) -> Failure {
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        message = inner.to_string();
        cause = inner.source();
    }
    let tls = message.contains("alert") || message.contains("certificate") || message.contains("handshake");
    let layer = match () {
        () if error.is_timeout() => Layer::Timeout,
        () if tls => Layer::Tls,
        () if error.is_connect() => Layer::Connect,
        () => Layer::Protocol,
    };
    if layer == Layer::Timeout {
        message = "no answer came in time".into();
    }
    Failure { layer, message }
}

/// No connection came about, and not because somebody cut it: nothing listens, there is no route and no name, or nothing
/// came in time.
fn is_nobody(error: &reqwest::Error, layer: Layer) -> bool {
    let mut causes = iter::successors(error.source(), |cause| (*cause).source());
    let is_somebody = causes.any(|cause| {
        cause.downcast_ref::<io::Error>().is_some_and(|cause| {
            use io::ErrorKind::{BrokenPipe, ConnectionReset, InvalidData, UnexpectedEof};
            matches!(cause.kind(), BrokenPipe | ConnectionReset | InvalidData | UnexpectedEof)
        })
    });
    error.is_connect() && matches!(layer, Layer::Connect | Layer::Timeout) && !is_somebody
}

/// `received fatal alert: CertificateExpired` names the alert last.
pub(super) fn alert_in(message: &str) -> Option<String> {
    message.split_once("fatal alert: ").map(|(_, alert)| alert.trim().to_owned())
}

fn version_name(version: reqwest::tls::Version) -> String {
    match version {
        reqwest::tls::Version::TLS_1_2 => "TLSv1.2".into(),
        reqwest::tls::Version::TLS_1_3 => "TLSv1.3".into(),
        other => format!("{other:?}"),
    }
}

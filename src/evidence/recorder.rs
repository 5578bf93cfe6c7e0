//! The recorder: the only maker of an exchange. What it makes is redacted from its first moment.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use time::OffsetDateTime;

use super::{
    check_row::CheckRow,
    exchange::{self, Answer, Direction, Exchange, Failure, Request, Response, Text, TlsFacts},
    guessability::{self, Guessability},
    operation::Operation,
    own::{OwnAnswer, OwnRequest},
    secrets::{Search, Vault},
    sniff,
    speaker::Speaker,
    tls::HostPicture,
};

/// A recorded body is cut at this many bytes.
const BODY_BOUND: usize = 64 * 1024;
/// An answer with more new secrets is recorded without its body: no honest one has so many.
const SECRETS_BOUND: usize = 2_000;
/// An exchange with more text, in octets, is searched on a thread of its own: others go on meanwhile.
const LARGE: usize = 128 * 1024;
/// Header values are cut at this many bytes, and no more than this many headers are kept.
const HEADER_BOUND: usize = 8 * 1024;
const HEADERS_BOUND: usize = 100;
/// No bank has more servers, and none a longer certificate, in octets.
const SERVERS_BOUND: usize = 50;
const CERTIFICATE_BOUND: usize = 64 * 1024;

/// Who sent a request and what for.
#[derive(Clone, Debug)]
pub struct Purpose {
    /// The check that sends it.
    pub check: CheckRow,
    /// The identity that speaks.
    pub identity: Speaker,
    /// What is asked for.
    pub operation: Operation,
    /// In the words of banks and TPPs.
    pub purpose: String,
}

/// A request as it went out, secrets and all. It lives only until it is recorded.
pub struct RawRequest<'a> {
    /// `POST`.
    pub method: &'a str,
    /// The whole URL.
    pub url: &'a str,
    /// In the order sent.
    pub headers: &'a [(String, String)],
    /// Empty where there was none.
    pub body: &'a str,
}

/// What came back, secrets and all.
pub enum RawAnswer<'a> {
    /// An HTTP response.
    Response {
        /// The status code.
        status: u16,
        /// In the order received, names in lower case.
        headers: &'a [(String, String)],
        /// As text.
        body: &'a str,
        /// The reader gave up at its bound.
        truncated: bool,
    },
    /// No HTTP response.
    Failure(Failure),
}

type Listener = Box<dyn Fn(&Arc<Exchange>) + Send + Sync>;
type PictureListener = Box<dyn Fn(&Arc<HostPicture>) + Send + Sync>;

/// Records every exchange of a run and keeps its secrets.
pub struct Recorder {
    run_id: Option<String>,
    vault: Vault,
    exchanges: Mutex<Vec<Arc<Exchange>>>,
    by_row: Mutex<HashMap<CheckRow, Vec<Arc<Exchange>>>>,
    /// The last exchange for each purpose: the next one is likely to say much of the same.
    last: Mutex<HashMap<Text, Arc<Exchange>>>,
    codes: Mutex<Vec<String>>,
    refresh_tokens: Mutex<Vec<String>>,
    servers: Mutex<BTreeMap<String, Vec<u8>>>,
    next: AtomicUsize,
    listener: Listener,
    picture_listener: PictureListener,
}

impl Recorder {
    /// A recorder that tells `listener` of each exchange as it is made; ids go on after `first`.
    pub fn new(first: usize, listener: impl Fn(&Arc<Exchange>) + Send + Sync + 'static) -> Self {
        Self {
            run_id: None,
            vault: Vault::new(),
            exchanges: Mutex::new(Vec::new()),
            by_row: Mutex::default(),
            last: Mutex::default(),
            codes: Mutex::default(),
            refresh_tokens: Mutex::default(),
            servers: Mutex::default(),
            next: AtomicUsize::new(first),
            listener: Box::new(listener),
            picture_listener: Box::new(|_| {}),
        }
    }

    /// The same recorder, for the run of that id.
    pub fn of_run(self, id: &str) -> Self {
        Self { run_id: Some(id.to_owned()), ..self }
    }

    /// The run that is recorded, where it is one.
    pub fn run_id(&self) -> Option<&str> {
        self.run_id.as_deref()
    }

    /// The same recorder, which tells `listener` of each TLS picture.
    pub fn telling_pictures(self, listener: impl Fn(&Arc<HostPicture>) + Send + Sync + 'static) -> Self {
        Self { picture_listener: Box::new(listener), ..self }
    }

    /// Records the TLS picture of a host. It holds what a server shows to everybody, but for what a proxy on the way says.
    pub fn record_picture(&self, mut picture: HostPicture) -> Arc<HostPicture> {
        picture.reasons().for_each(|reason| *reason = self.redact(reason));
        let picture = Arc::new(picture);
        (self.picture_listener)(&picture);
        picture
    }

    /// Takes over what an earlier part of the same run has recorded.
    pub fn adopt(&self, earlier: Vec<Arc<Exchange>>) {
        lock(&self.exchanges).extend(earlier);
    }

    /// A server, by host and port, has presented that certificate (DER). The first of each counts, and only so many servers.
    pub fn met(&self, server: &str, certificate: &[u8]) {
        let mut servers = lock(&self.servers);
        if !servers.contains_key(server) && servers.len() < SERVERS_BOUND && certificate.len() <= CERTIFICATE_BOUND {
            servers.insert(server.to_owned(), certificate.to_vec());
        }
    }

    /// The servers that were met, with the certificate of each (DER).
    pub fn servers(&self) -> Vec<(String, Vec<u8>)> {
        lock(&self.servers).iter().map(|(server, certificate)| (server.clone(), certificate.clone())).collect()
    }

    /// From now on `value` is a secret: it never shows in anything that is recorded.
    pub fn secret(&self, kind: &'static str, value: &str) {
        self.vault.learn(kind, value);
    }

    /// The same of what is no text.
    pub fn secret_octets(&self, kind: &'static str, value: &[u8]) {
        self.vault.learn_octets(kind, value);
    }

    /// From now on `value` is a secret in the header of that name, whatever else it may be elsewhere.
    pub fn secret_in_header(&self, name: &str, kind: &'static str, value: &str) {
        self.vault.learn_in_header(name, kind, value);
    }

    /// The codes and tokens in an address that came another way than in an exchange are secrets from now on.
    pub fn secrets_of(&self, address: &str) {
        sniff::url(address, &mut |kind, value| _ = self.vault.learn(kind, value));
    }

    /// `value` is never a secret: what judges compare with must not be hidden from them.
    pub fn public(&self, value: &str) {
        self.vault.publish(value);
    }

    /// The text without secrets.
    pub fn redact(&self, text: &str) -> String {
        self.vault.search().redact(text)
    }

    /// Keeps an authorization code that the bank issued, for [`Self::guessability`].
    pub fn issued_code(&self, code: &str) {
        lock(&self.codes).push(code.into());
    }

    /// Keeps a refresh token that the bank issued, for [`Self::guessability`].
    pub fn issued_refresh_token(&self, token: &str) {
        let mut tokens = lock(&self.refresh_tokens);
        // A bank that does not rotate gives the same one again.
        if !tokens.iter().any(|known| known == token) {
            tokens.push(token.into());
        }
    }

    /// How guessable the codes and refresh tokens of this run are.
    pub fn guessability(&self) -> Vec<Guessability> {
        let codes = guessability::of("authorization codes", &lock(&self.codes));
        let tokens = guessability::of("refresh tokens", &lock(&self.refresh_tokens));
        codes.into_iter().chain(tokens).collect()
    }

    /// Every exchange so far, in order.
    pub fn exchanges(&self) -> Vec<Arc<Exchange>> {
        lock(&self.exchanges).clone()
    }

    /// The ids of the exchanges of a check, or of one row of it.
    pub fn ids_of(&self, row: &CheckRow) -> Vec<String> {
        let by_row = lock(&self.by_row);
        by_row.get(row).into_iter().flatten().map(|exchange| exchange.id.clone()).collect()
    }

    /// The exchanges of a check, or of one row of it, in order.
    pub fn exchanges_of(&self, row: &CheckRow) -> Vec<Arc<Exchange>> {
        lock(&self.by_row).get(row).cloned().unwrap_or_default()
    }

    /// Makes an exchange of what was sent and what came back; where there is much to search, not on the caller's thread.
    pub async fn record(
        self: &Arc<Self>,
        purpose: &Purpose,
        request: &RawRequest<'_>,
        answer: &RawAnswer<'_>,
        sent_at: OffsetDateTime,
        took: Duration,
        tls: Option<TlsFacts>,
    ) -> Arc<Exchange> {
        if request.length() + answer.length() > LARGE {
            let (recorder, purpose, tls) = (self.clone(), purpose.clone(), tls.clone());
            let (request, answer) = (OwnRequest::of(request), OwnAnswer::of(answer));
            let record = move || recorder.record_here(&purpose, &request.raw(), &answer.raw(), sent_at, took, tls);
            if let Ok(exchange) = tokio::task::spawn_blocking(record).await {
                return exchange;
            }
        }
        self.record_here(purpose, request, answer, sent_at, took, tls)
    }

    /// The same at once.
    pub fn record_here(
        &self,
        purpose: &Purpose,
        request: &RawRequest<'_>,
        answer: &RawAnswer<'_>,
        sent_at: OffsetDateTime,
        took: Duration,
        tls: Option<TlsFacts>,
    ) -> Arc<Exchange> {
        let earlier = lock(&self.last).get(purpose.purpose.as_str()).cloned();
        let earlier = earlier.as_deref();
        let is_flood = learn_from(&self.vault, request, answer);
        let search = self.vault.search();
        let exchange = Arc::new(Exchange {
            id: format!("x{:04}", self.next.fetch_add(1, Ordering::Relaxed) + 1),
            check: purpose.check.check.clone(),
            direction: Direction::Sent,
            identity: purpose.identity.clone(),
            operation: purpose.operation,
            purpose: shared(&purpose.purpose, earlier.map(|earlier| &earlier.purpose)),
            sent_at,
            duration_ms: exchange::milliseconds(took),
            request: redacted_request(&search, request, earlier),
            answer: redacted_answer(&search, answer, is_flood, earlier),
            tls,
        });
        lock(&self.last).insert(exchange.purpose.clone(), exchange.clone());
        lock(&self.by_row).entry(purpose.check.clone()).or_default().push(exchange.clone());
        lock(&self.exchanges).push(exchange.clone());
        (self.listener)(&exchange);
        exchange
    }
}

/// Learns the secrets of an exchange; `true` where the body of the answer holds too many of them.
fn learn_from(vault: &Vault, request: &RawRequest<'_>, answer: &RawAnswer<'_>) -> bool {
    let mut count = 0;
    if let RawAnswer::Response { body, .. } = answer {
        sniff::body(body, &mut |kind, value| {
            count += usize::from(vault.learn(kind, value));
        });
    }
    let mut found = |kind: &'static str, value: &str| _ = vault.learn(kind, value);
    sniff::url(request.url, &mut found);
    sniff::body(request.body, &mut found);
    request.headers.iter().for_each(|(name, value)| sniff::header(name, value, &mut found));
    if let RawAnswer::Response { headers, .. } = answer {
        headers.iter().for_each(|(name, value)| sniff::header(name, value, &mut found));
    }
    count > SECRETS_BOUND
}

fn redacted_request(search: &Search<'_>, raw: &RawRequest<'_>, earlier: Option<&Exchange>) -> Request {
    let earlier = earlier.map(|earlier| &earlier.request);
    Request {
        method: shared(raw.method, earlier.map(|earlier| &earlier.method)),
        url: search.redact(raw.url),
        headers: redacted_headers(search, raw.headers, earlier.map(|earlier| &earlier.headers)),
        body: cut(search.redact(raw.body), BODY_BOUND),
    }
}

fn redacted_answer(search: &Search<'_>, raw: &RawAnswer<'_>, is_flood: bool, earlier: Option<&Exchange>) -> Answer {
    let earlier = earlier.and_then(Exchange::response).map(|response| &response.headers);
    match raw {
        RawAnswer::Response { status, headers, .. } if is_flood => Answer::Response(Response {
            status: *status,
            headers: redacted_headers(search, headers, earlier),
            body: format!("‹not recorded: the body holds more than {SECRETS_BOUND} secrets›"),
            truncated: true,
        }),
        RawAnswer::Response { status, headers, body, truncated } => Answer::Response(Response {
            status: *status,
            headers: redacted_headers(search, headers, earlier),
            body: cut(search.redact(body), BODY_BOUND),
            truncated: *truncated || body.len() > BODY_BOUND,
        }),
        RawAnswer::Failure(failure) => {
            Answer::Failure(Failure { layer: failure.layer, message: search.redact(&failure.message) })
        }
    }
}

fn redacted_headers(
    search: &Search<'_>,
    headers: &[(String, String)],
    earlier: Option<&Vec<(Text, Text)>>,
) -> Vec<(Text, Text)> {
    let redacted = |(index, (name, value)): (usize, &(String, String))| {
        let earlier = earlier.and_then(|earlier| earlier.get(index));
        let value = cut(search.redact_header(name, value), HEADER_BOUND);
        (shared(name, earlier.map(|(name, _)| name)), shared(&value, earlier.map(|(_, value)| value)))
    };
    headers.iter().take(HEADERS_BOUND).enumerate().map(redacted).collect()
}

/// The text as an earlier exchange has it, where that says the same: a run of many requests keeps it once.
fn shared(text: &str, earlier: Option<&Text>) -> Text {
    earlier.filter(|earlier| &***earlier == text).map_or_else(|| text.into(), Text::clone)
}

/// Always after redaction: a cut through a secret would leave half of it.
fn cut(mut text: String, bound: usize) -> String {
    text.truncate(text.floor_char_boundary(bound));
    text
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

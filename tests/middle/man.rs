//! A man in the middle of one bank on loopback: it shows the bank's own certificate, comes to the bank with the certificate
//! of whoever asks, and bends what is asked or answered. To those who ask it is `localhost`; the bank may go by that name too.

use std::{
    collections::HashMap,
    fs,
    path::Path,
    sync::{Arc, Mutex},
};

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header},
};
use bankproof::{targets::KeyPair, tpp::tls};
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use rustls::{
    RootCertStore, ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::WebPkiClientVerifier,
};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// What somebody asks of the bank.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) method: String,
    /// Path and query as they came; what a bend of the request makes of them is sent to the bank.
    pub(crate) target: String,
    /// The same as it came, whatever was made of it.
    pub(crate) came_as: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// What the bank answers, or the middle in its place.
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// What the middle does.
pub(crate) trait Bend: Send + Sync + 'static {
    /// Changes a request, or answers it in the bank's place.
    fn request(&self, _asked: &mut Asked) -> Option<Answered> {
        None
    }

    /// Changes an answer.
    fn answer(&self, _asked: &Asked, _answered: &mut Answered) {}
}

/// What changes answers alone.
impl<F: Fn(&Asked, &mut Answered) + Send + Sync + 'static> Bend for F {
    fn answer(&self, asked: &Asked, answered: &mut Answered) {
        self(asked, answered);
    }
}

impl Asked {
    pub(crate) fn path(&self) -> &str {
        self.came_as.split('?').next().unwrap_or_default()
    }

    pub(crate) fn is_token(&self) -> bool {
        self.method == "POST" && self.path().ends_with("/token")
    }
}

impl Answered {
    pub(crate) fn page(status: u16, html: &str) -> Self {
        let mut page = Self { status, headers: HeaderMap::new(), body: html.as_bytes().to_vec() };
        page.put("content-type", "text/html; charset=utf-8");
        page
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub(crate) fn put(&mut self, name: &'static str, value: &str) {
        self.headers.insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
    }

    pub(crate) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// Changes a JSON object; whatever else there is stays as it is.
    pub(crate) fn change(&mut self, change: impl FnOnce(&mut Value)) {
        if let Some(mut object) = self.json().filter(Value::is_object) {
            change(&mut object);
            self.body = object.to_string().into_bytes();
        }
    }

    /// Where it sends the customer, where that is back to a TPP with an answer.
    pub(crate) fn callback(&self) -> Option<String> {
        let location = self.header("location")?;
        let answers = location.contains("code=") || location.contains("error=");
        (answers && location.contains("://tpp")).then(|| location.to_owned())
    }
}

/// The bank has hung up.
#[derive(Debug)]
struct Closed;

impl std::fmt::Display for Closed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the bank has hung up")
    }
}

impl std::error::Error for Closed {}

/// Who may come through: fingerprints are whole certificates, DER.
struct Man {
    bend: Arc<dyn Bend>,
    pairs: HashMap<Vec<u8>, KeyPair>,
    anchors: String,
    ways: Mutex<HashMap<Option<Vec<u8>>, reqwest::Client>>,
    bank: &'static str,
}

/// What whoever asks calls the middle.
const ITSELF: &str = "localhost";

/// Starts one before the bank whose identities lie in `folder` and that calls itself `bank`; gives its port.
pub(crate) async fn before(folder: &Path, bank: &'static str, bend: Arc<dyn Bend>) -> u16 {
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let mut roots = RootCertStore::empty();
    for name in ["ca-root.pem", "ca-issuing.pem"] {
        roots.add(CertificateDer::from_pem_slice(read(name).as_bytes()).unwrap()).unwrap();
    }
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), tls::provider());
    let verifier = verifier.allow_unauthenticated().build().unwrap();
    let chain = CertificateDer::pem_slice_iter(read("bank.pem").as_bytes()).map(Result::unwrap).collect();
    let key = PrivateKeyDer::from_pem_slice(read("bank.key").as_bytes()).unwrap();
    let config = ServerConfig::builder_with_provider(tls::provider()).with_safe_default_protocol_versions().unwrap();
    let config = config.with_client_cert_verifier(verifier).with_single_cert(chain, key).unwrap();
    let man = Arc::new(Man { bend, pairs: pairs(folder), anchors: read("ca-root.pem"), ways: Mutex::default(), bank });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(stand(listener, TlsAcceptor::from(Arc::new(config)), man));
    port
}

fn pairs(folder: &Path) -> HashMap<Vec<u8>, KeyPair> {
    let mut pairs = HashMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let key = entry.unwrap().path();
        let certificate = key.with_extension("pem");
        if key.extension().is_some_and(|kind| kind == "key") && certificate.exists() {
            let (certificate_pem, key_pem) =
                (fs::read_to_string(certificate).unwrap(), fs::read_to_string(&key).unwrap());
            let leaf = CertificateDer::from_pem_slice(certificate_pem.as_bytes()).unwrap().to_vec();
            pairs.insert(leaf, KeyPair { certificate_pem, key_pem });
        }
    }
    pairs
}

async fn stand(listener: TcpListener, acceptor: TlsAcceptor, man: Arc<Man>) {
    while let Ok((tcp, _)) = listener.accept().await {
        let (acceptor, man) = (acceptor.clone(), man.clone());
        tokio::spawn(async move {
            let Ok(stream) = acceptor.accept(tcp).await else { return };
            let shown = stream.get_ref().1.peer_certificates().and_then(|chain| Some(chain.first()?.to_vec()));
            let way = man.way(shown);
            let service = tower::service_fn(move |request: Request<hyper::body::Incoming>| {
                let (man, way) = (man.clone(), way.clone());
                async move { man.forward(way, request).await.ok_or(Closed) }
            });
            let server = hyper::server::conn::http1::Builder::new();
            let _ = server.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service)).await;
        });
    }
}

impl Man {
    fn way(&self, shown: Option<Vec<u8>>) -> reqwest::Client {
        let mut ways = self.ways.lock().unwrap();
        let pair = shown.as_ref().and_then(|leaf| self.pairs.get(leaf));
        let fresh = || {
            let config = tls::client_config(std::slice::from_ref(&self.anchors), pair).unwrap();
            let builder = reqwest::Client::builder().tls_backend_preconfigured(config);
            builder.redirect(reqwest::redirect::Policy::none()).no_proxy().http1_only().build().unwrap()
        };
        ways.entry(shown.clone()).or_insert_with(fresh).clone()
    }

    /// Nothing where the bank hangs up: so does the middle.
    async fn forward(&self, way: reqwest::Client, request: Request<hyper::body::Incoming>) -> Option<Response<Body>> {
        let (parts, body) = request.into_parts();
        let body = to_bytes(Body::new(body), 1 << 20).await.unwrap_or_default().to_vec();
        let target = parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
        let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default().to_owned();
        let port = host.rsplit_once(':').map_or("443", |(_, port)| port).to_owned();
        let mut asked = Asked {
            method: parts.method.to_string(),
            target: target.replace(ITSELF, self.bank),
            came_as: target,
            headers: parts.headers,
            body: swapped(&body, ITSELF, self.bank),
        };
        let mut answered = match self.bend.request(&mut asked) {
            Some(early) => early,
            None => self.passed_on(&way, &port, &asked).await?,
        };
        self.bend.answer(&asked, &mut answered);
        let mut response = Response::new(Body::from(answered.body));
        *response.status_mut() = StatusCode::from_u16(answered.status).unwrap();
        *response.headers_mut() = answered.headers;
        Some(response)
    }

    async fn passed_on(&self, way: &reqwest::Client, port: &str, asked: &Asked) -> Option<Answered> {
        let mut headers = asked.headers.clone();
        for name in [header::HOST, header::CONTENT_LENGTH, header::ACCEPT_ENCODING] {
            headers.remove(name);
        }
        swap_in(&mut headers, ITSELF, self.bank);
        let method = reqwest::Method::from_bytes(asked.method.as_bytes()).unwrap();
        let request = way.request(method, format!("https://{}:{port}{}", self.bank, asked.target)).headers(headers);
        let sent = request.body(asked.body.clone()).send().await.ok()?;
        let (status, mut headers) = (sent.status().as_u16(), sent.headers().clone());
        for name in [header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::CONNECTION] {
            headers.remove(name);
        }
        swap_in(&mut headers, self.bank, ITSELF);
        let body = swapped(&sent.bytes().await.unwrap_or_default(), self.bank, ITSELF);
        Some(Answered { status, headers, body })
    }
}

fn swap_in(headers: &mut HeaderMap, from: &str, to: &str) {
    for value in headers.values_mut() {
        if let Ok(text) = value.to_str() {
            *value = HeaderValue::from_str(&text.replace(from, to)).unwrap();
        }
    }
}

fn swapped(body: &[u8], from: &str, to: &str) -> Vec<u8> {
    match std::str::from_utf8(body) {
        Ok(text) => text.replace(from, to).into_bytes(),
        Err(_) => body.to_vec(),
    }
}

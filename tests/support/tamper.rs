//! A reverse proxy with TLS in front of a bank, which bends what the bank answers.

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header},
};
use bankproof::tpp::tls;
use hyper_util::{rt::TokioIo, server::conn::auto, service::TowerToHyperService};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use tokio_rustls::TlsAcceptor;

/// What the bank answered, before the proxy hands it on.
pub(crate) struct Bent {
    pub(crate) path: String,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Bent {
    pub(crate) fn set(&mut self, name: &'static str, value: &str) {
        self.headers.insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
    }
}

pub(crate) type Bend = fn(&mut Bent);

/// Starts one that shows this certificate (PEM, the leaf first); gives its origin, by which the bank's own is replaced.
pub(crate) async fn tamper(bank: &str, anchors: &str, chain_pem: &str, key_pem: &str, bend: Bend) -> String {
    let chain: Vec<_> = CertificateDer::pem_slice_iter(chain_pem.as_bytes()).map(Result::unwrap).collect();
    let key = PrivateKeyDer::from_pem_slice(key_pem.as_bytes()).unwrap();
    let config = ServerConfig::builder_with_provider(tls::provider()).with_safe_default_protocol_versions().unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config.with_no_client_auth().with_single_cert(chain, key).unwrap()));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("https://{}", listener.local_addr().unwrap());
    let upstream = reqwest::Client::builder()
        .tls_backend_preconfigured(tls::client_config(&[anchors.to_owned()], None).unwrap())
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap();
    let (bank, own) = (bank.to_owned(), origin.clone());
    let router = Router::new()
        .fallback(move |request: Request| forward(upstream.clone(), bank.clone(), own.clone(), request, bend));
    tokio::spawn(async move {
        while let Ok((tcp, _)) = listener.accept().await {
            let (acceptor, service) = (acceptor.clone(), TowerToHyperService::new(router.clone()));
            tokio::spawn(async move {
                if let Ok(stream) = acceptor.accept(tcp).await {
                    let builder = auto::Builder::new(hyper_util::rt::TokioExecutor::new());
                    let _ = builder.serve_connection(TokioIo::new(stream), service).await;
                }
            });
        }
    });
    origin
}

async fn forward(upstream: reqwest::Client, bank: String, own: String, request: Request, bend: Bend) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    let rest = parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
    let mut headers = parts.headers;
    [header::HOST, header::CONTENT_LENGTH, header::ACCEPT_ENCODING].iter().for_each(|name| drop(headers.remove(name)));
    let body = to_bytes(body, 1 << 20).await.unwrap();
    let sent =
        upstream.request(parts.method, format!("{bank}{rest}")).headers(headers).body(body).send().await.unwrap();
    let (status, mut headers) = (sent.status().as_u16(), sent.headers().clone());
    [header::CONTENT_LENGTH, header::TRANSFER_ENCODING].iter().for_each(|name| drop(headers.remove(name)));
    for value in headers.values_mut() {
        *value = HeaderValue::from_str(&value.to_str().unwrap().replace(&bank, &own)).unwrap();
    }
    let body = String::from_utf8_lossy(&sent.bytes().await.unwrap()).replace(&bank, &own);
    let mut bent = Bent { path, status, headers, body };
    bend(&mut bent);
    let mut response = Response::new(Body::from(bent.body));
    *response.status_mut() = StatusCode::from_u16(bent.status).unwrap();
    *response.headers_mut() = bent.headers;
    response
}

//! The small trust service beside the bank: where the status of the test CA's certificates is told, over plain HTTP on
//! this machine, as trust service providers do it. What it says of a certificate can be set, so that a TPP can revoke one
//! that it has made with the test CA:
//!
//! ```text
//! PUT /certificates/0a1b2c…   {"crl": "listed", "ocsp": "revoked", "reason": "keyCompromise"}
//! ```

use std::net::Ipv4Addr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::{get, post, put};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper_util::rt::TokioIo;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use serde_json::json;
use time::OffsetDateTime;
use tokio::net::TcpListener;

use super::peer::Peer;
use crate::bank::conversation::{self, Host, Patience, converse};
use crate::bank::error::BankError;
use crate::bank::http;
use crate::bank::model::world::World;
use crate::bank::observer::{Listener, Reporter};
use crate::bank::own_site::{self, OwnSite};
use crate::pki::status::{CRL_LIFETIME, OCSP_LIFETIME, Statement, StatusService};
use crate::pki::{Authority, PkiError};

/// Requests beyond this many octets are refused.
const LARGEST_REQUEST: usize = 8 * 1024;

/// A place for the trust service that is taken before the certificates are issued: they have to name it.
#[derive(Debug)]
pub struct TrustPlace {
    listener: TcpListener,
    url: String,
}

impl TrustPlace {
    /// Takes a free port of 127.0.0.1: nobody but this machine is told, or may say, anything.
    ///
    /// # Errors
    /// There is no port to be had.
    pub async fn take() -> Result<Self, BankError> {
        let address = (Ipv4Addr::LOCALHOST, 0).into();
        let failed = |source| BankError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let url = format!("http://{}", listener.local_addr().map_err(failed)?);
        Ok(Self { listener, url })
    }

    /// The base of its addresses: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// What the trust service knows.
#[derive(Debug)]
pub(in crate::bank) struct TrustService {
    /// The base of its addresses.
    pub(in crate::bank) url: String,
    status: StatusService,
    issuer: CertificateDer<'static>,
}

impl TrustService {
    pub(in crate::bank) fn new(url: String, issuing: &Authority) -> Result<Self, PkiError> {
        let issuer = CertificateDer::from_pem_slice(issuing.certificate_pem().as_bytes());
        let unreadable = |_| PkiError::BadCertificate { reason: "the issuing CA's is no PEM".to_owned() };
        Ok(Self { url, status: StatusService::new(issuing)?, issuer: issuer.map_err(unreadable)? })
    }
}

/// Serves until the task is aborted.
pub(in crate::bank) async fn serve(place: TrustPlace, world: Arc<World>, patience: Patience) {
    // Not one of the bank's own listeners: a CA watches over itself.
    let host = Host { app: routes(world, place.url), patience, reporter: Reporter::new(None, Listener::Pages) };
    conversation::attend(place.listener, |tcp, address| {
        converse(TokioIo::new(tcp), Peer::with_certificate(address, None), host.clone())
    })
    .await;
}

/// What is sent here, and as what.
const MEDIA_TYPES: &[(Method, &str, &str)] = &[
    (Method::PUT, "application/json", "the Content-Type must be application/json"),
    (Method::POST, "application/ocsp-request", "the Content-Type must be application/ocsp-request"),
];

fn routes(world: Arc<World>, base: String) -> Router {
    let rooms = Router::new()
        .route("/issuing.cer", get(issuer))
        // Each certificate may name a list of its own, as where lists are partitioned; they are all the same one.
        .route("/crl/{name}", get(crl))
        .route("/ocsp", post(ocsp_by_post))
        .route("/ocsp/{*request}", get(ocsp_by_get))
        .route("/certificates/{serial}", put(state))
        .layer(DefaultBodyLimit::max(LARGEST_REQUEST))
        .with_state(world);
    own_site::guarded(rooms, OwnSite { base, media_types: MEDIA_TYPES })
}

async fn issuer(State(world): State<Arc<World>>) -> Response {
    binary("application/pkix-cert", world.trust.issuer.to_vec())
}

async fn crl(State(world): State<Arc<World>>) -> Response {
    match world.trust.status.crl(now(&world)) {
        Ok(list) => binary("application/pkix-crl", list),
        Err(_) => http::empty(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// RFC 6960 appendix A.1: the request is the body.
async fn ocsp_by_post(State(world): State<Arc<World>>, request: Bytes) -> Response {
    ocsp(&world, &request)
}

/// RFC 6960 appendix A.1: the request is the end of the path, base64 and then percent-encoded.
async fn ocsp_by_get(State(world): State<Arc<World>>, Path(request): Path<String>) -> Response {
    ocsp(&world, &STANDARD.decode(request).unwrap_or_default())
}

fn ocsp(world: &World, request: &[u8]) -> Response {
    match world.trust.status.ocsp(request, now(world)) {
        Ok(Some(answer)) => binary("application/ocsp-response", answer),
        Ok(None) => http::empty(StatusCode::SERVICE_UNAVAILABLE),
        Err(_) => http::empty(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// Says after how many seconds nobody may go by an earlier answer any more.
async fn state(State(world): State<Arc<World>>, Path(serial): Path<String>, body: Bytes) -> Response {
    let refused = |text: String| http::json(StatusCode::BAD_REQUEST, &json!({ "error": text }));
    let statement: Statement = match serde_json::from_slice(&body) {
        Ok(statement) => statement,
        Err(error) => return refused(error.to_string()),
    };
    if !world.trust.status.state(&serial, statement, now(&world)) {
        return refused("the path must end in a serial number in hexadecimal".to_owned());
    }
    http::json(StatusCode::OK, &json!({ "crl_seconds": CRL_LIFETIME, "ocsp_seconds": OCSP_LIFETIME }))
}

/// The trust service has the bank's clock.
fn now(world: &World) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(world.clock.now()).unwrap_or_else(|_| OffsetDateTime::now_utc())
}

fn binary(media_type: &'static str, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    http::set(&mut response, axum::http::header::CONTENT_TYPE, media_type);
    response
}

//! The two listeners: TLS with and without a client certificate.

pub(super) mod handshake_signature;
mod legacy;
mod server_certificate;

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use openssl::ssl::{Ssl, SslContext};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_openssl::SslStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::server::danger::ClientCertVerifier;
use tokio_rustls::rustls::server::{ServerSessionMemoryCache, StoresServerSessions};
use tokio_rustls::rustls::version::TLS12;
use tokio_rustls::rustls::{ALL_VERSIONS, RootCertStore, ServerConfig, SupportedProtocolVersion};
use tower::ServiceExt;

use super::certificate::peer::Peer;
use super::error::BankError;
use super::faults::Faults;
use super::habits::{self, Habits};
use super::log::Log;
use super::oauth::client::request;
use crate::pki::{Issued, TestPki};
use legacy::{Legacy, Turn};

/// A peer that does not finish its handshake in this time is dropped.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long a refused peer may take to read why.
const FAREWELL: Duration = Duration::from_secs(1);
/// Before accepting again where the system has no more connections to give.
const BREATH: Duration = Duration::from_millis(10);

/// The CAs whose certificates are let in: the root, and the issuing CA for TPPs that present their certificate alone.
pub(super) fn trust(pki: &TestPki) -> Result<Arc<RootCertStore>, BankError> {
    let mut store = RootCertStore::empty();
    for authority in [&pki.root, &pki.issuing] {
        store.add(CertificateDer::from_pem_slice(authority.certificate_pem().as_bytes())?)?;
    }
    Ok(Arc::new(store))
}

/// Where sessions are kept that can be resumed.
type Sessions = Arc<dyn StoresServerSessions>;

/// One store for both listeners, where a fault asks for it; each has its own otherwise.
pub(super) fn shared_sessions(faults: &Faults) -> Option<Sessions> {
    faults.on("session-resumed-across-hosts").then(|| ServerSessionMemoryCache::new(256) as Sessions)
}

/// A listener's way of letting connections in.
#[derive(Clone)]
pub(super) struct Door {
    acceptor: TlsAcceptor,
    without_tls_1_3: TlsAcceptor,
    legacy: Option<Legacy>,
    /// What whoever comes without a certificate is shown; `None` where the rules see to that.
    lobby: Option<Router>,
    habits: Habits,
}

impl Door {
    /// TLS with the bank's certificate, and with the given judge of client certificates, if any.
    pub(super) fn open(
        pki: &TestPki,
        faults: &Faults,
        sessions: Option<Sessions>,
        judge: Option<Arc<dyn ClientCertVerifier>>,
        habits: &Habits,
    ) -> Result<Self, BankError> {
        let asks_tpps = judge.is_some();
        let certificate = server_certificate::of(pki, faults, asks_tpps)?;
        let without_tls_1_3 = acceptor(&certificate, &[&TLS12], sessions.clone(), judge.clone())?;
        let acceptor = match faults.on("tls-1-3-missing") {
            true => without_tls_1_3.clone(),
            false => acceptor(&certificate, ALL_VERSIONS, sessions, judge)?,
        };
        let legacy = Legacy::of(faults, pki, asks_tpps)?;
        let lobby = if asks_tpps { request::lobby(faults) } else { None };
        Ok(Self { acceptor, without_tls_1_3, legacy, lobby, habits: habits.clone() })
    }

    /// With a log of whoever gets no further than the lobby.
    pub(super) fn logged(self, log: &Log) -> Self {
        Self { lobby: self.lobby.map(|lobby| log.at(lobby, "api")), ..self }
    }
}

fn acceptor(
    certificate: &Issued,
    versions: &[&'static SupportedProtocolVersion],
    sessions: Option<Sessions>,
    judge: Option<Arc<dyn ClientCertVerifier>>,
) -> Result<TlsAcceptor, BankError> {
    let chain: Vec<_> = CertificateDer::pem_slice_iter(certificate.chain_pem.as_bytes()).collect::<Result<_, _>>()?;
    let key = PrivateKeyDer::from_pem_slice(certificate.key_pem.as_bytes())?;
    let builder =
        ServerConfig::builder_with_provider(Arc::new(ring::default_provider())).with_protocol_versions(versions)?;
    let builder = match judge {
        Some(judge) => builder.with_client_cert_verifier(judge),
        None => builder.with_no_client_auth(),
    };
    let mut config = builder.with_single_cert(chain, key)?;
    if let Some(sessions) = sessions {
        config.session_storage = sessions;
    }
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Accepts connections until the task is aborted, which ends them all.
pub(super) async fn serve(listener: TcpListener, door: Door, app: Router) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((tcp, address)) => {
                    // A stalled handshake must not keep others waiting.
                    connections.spawn(connection(tcp, address, door.clone(), app.clone()));
                }
                Err(_) => tokio::time::sleep(BREATH).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connection(tcp: TcpStream, address: SocketAddr, door: Door, app: Router) {
    let _ = tcp.set_nodelay(true);
    let Some(legacy) = &door.legacy else {
        return secured(tcp, address, door.acceptor, (door.lobby, door.habits), app).await;
    };
    match timeout(HANDSHAKE, legacy.turn(tcp)).await {
        Ok(Turn::Ordinary(tcp)) => secured(tcp, address, door.acceptor, (door.lobby, door.habits), app).await,
        Ok(Turn::WithoutTls13(tcp)) => {
            secured(tcp, address, door.without_tls_1_3, (door.lobby, door.habits), app).await
        }
        Ok(Turn::Plain(tcp)) => converse(TokioIo::new(tcp), Peer::with_certificate(address, None), app).await,
        Ok(Turn::OpenSsl(tcp, context)) => old(tcp, address, &context, app).await,
        Ok(Turn::Over(tcp)) => part_in_good_order(tcp).await,
        Err(_) => {}
    }
}

/// With the bank's own TLS.
async fn secured(
    tcp: TcpStream,
    address: SocketAddr,
    acceptor: TlsAcceptor,
    (lobby, habits): (Option<Router>, Habits),
    app: Router,
) {
    let stream = match timeout(HANDSHAKE, acceptor.accept(tcp).into_fallible()).await {
        Ok(Ok(stream)) => stream,
        Ok(Err((_, tcp))) => return part_in_good_order(tcp).await,
        Err(_) => return,
    };
    let peer = Peer::new(address, stream.get_ref().1);
    if habits::hangs_up_on(&habits, peer.certificate.as_ref()) {
        return;
    }
    let app = lobby.filter(|_| peer.certificate.is_none()).unwrap_or(app);
    converse(TokioIo::new(stream), peer, app).await;
}

/// With OpenSSL, which speaks what the bank's own TLS does not.
async fn old(tcp: TcpStream, address: SocketAddr, context: &SslContext, app: Router) {
    let Ok(mut stream) = Ssl::new(context).and_then(|ssl| SslStream::new(ssl, tcp)) else { return };
    match timeout(HANDSHAKE, Pin::new(&mut stream).accept()).await {
        Ok(Ok(())) => {
            let certificate = stream.ssl().peer_certificate().and_then(|certificate| certificate.to_der().ok());
            let peer = Peer::with_certificate(address, certificate);
            converse(TokioIo::new(stream), peer, app).await;
        }
        Ok(Err(_)) => drain(stream.get_mut()).await,
        Err(_) => {}
    }
}

async fn converse<I>(io: I, peer: Peer, app: Router)
where
    I: hyper::rt::Read + hyper::rt::Write + Unpin + 'static,
{
    let peer = Arc::new(peer);
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Arc::clone(&peer));
        app.clone().oneshot(request)
    });
    // An error here is a peer that broke off; there is nobody left to tell.
    let _ = auto::Builder::new(TokioExecutor::new()).serve_connection(io, service).await;
}

/// Closes a refused connection so that the peer can read the alert: closing with unread data would reset the
/// connection, and the alert would be lost on the way.
async fn part_in_good_order(mut tcp: TcpStream) {
    drain(&mut tcp).await;
}

async fn drain(tcp: &mut TcpStream) {
    let _ = tcp.shutdown().await;
    let drain = async {
        let mut scrap = [0; 4096];
        while matches!(tcp.read(&mut scrap).await, Ok(1..)) {}
    };
    let _ = timeout(FAREWELL, drain).await;
}

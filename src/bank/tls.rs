//! The two listeners: TLS with and without a client certificate.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::server::danger::ClientCertVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};
use tower::ServiceExt;

use super::error::BankError;
use super::peer::Peer;
use crate::pki::{Issued, TestPki};

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

/// TLS with the bank's certificate, and with the given judge of client certificates, if any.
pub(super) fn acceptor(bank: &Issued, judge: Option<Arc<dyn ClientCertVerifier>>) -> Result<TlsAcceptor, BankError> {
    let chain: Vec<_> = CertificateDer::pem_slice_iter(bank.chain_pem.as_bytes()).collect::<Result<_, _>>()?;
    let key = PrivateKeyDer::from_pem_slice(bank.key_pem.as_bytes())?;
    let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?;
    let builder = match judge {
        Some(judge) => builder.with_client_cert_verifier(judge),
        None => builder.with_no_client_auth(),
    };
    let mut config = builder.with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Accepts connections until the task is aborted, which ends them all.
pub(super) async fn serve(listener: TcpListener, acceptor: TlsAcceptor, app: Router) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((tcp, address)) => {
                    // A stalled handshake must not keep others waiting.
                    connections.spawn(connection(tcp, address, acceptor.clone(), app.clone()));
                }
                Err(_) => tokio::time::sleep(BREATH).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connection(tcp: TcpStream, address: SocketAddr, acceptor: TlsAcceptor, app: Router) {
    let _ = tcp.set_nodelay(true);
    let stream = match timeout(HANDSHAKE, acceptor.accept(tcp).into_fallible()).await {
        Ok(Ok(stream)) => stream,
        Ok(Err((_, tcp))) => return part_in_good_order(tcp).await,
        Err(_) => return,
    };
    let peer = Arc::new(Peer::new(address, stream.get_ref().1));
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Arc::clone(&peer));
        app.clone().oneshot(request)
    });
    // An error here is a peer that broke off; there is nobody left to tell.
    let _ = auto::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await;
}

/// Closes a refused connection so that the peer can read the alert: closing with unread data would reset the
/// connection, and the alert would be lost on the way.
async fn part_in_good_order(mut tcp: TcpStream) {
    let _ = tcp.shutdown().await;
    let drain = async {
        let mut scrap = [0; 4096];
        while matches!(tcp.read(&mut scrap).await, Ok(1..)) {}
    };
    let _ = timeout(FAREWELL, drain).await;
}

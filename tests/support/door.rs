//! A front door with TLS: wiremock and axum speak plain http behind it, a raw socket nothing at all.

use std::{future::Future, net::SocketAddr, sync::Arc};

use rustls::{
    RootCertStore, ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::WebPkiClientVerifier,
};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use super::pki;

/// Whether a door asks its visitors for a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Client {
    /// Everybody may come in.
    Anyone,
    /// Only who has one from the test PKI.
    Required,
}

/// TLS of those versions, with that many session tickets.
pub(crate) fn acceptor(
    client: Client,
    versions: &[&'static rustls::SupportedProtocolVersion],
    tickets: usize,
) -> TlsAcceptor {
    let chain: Vec<_> = CertificateDer::pem_slice_iter(pki().bank.chain_pem.as_bytes()).map(Result::unwrap).collect();
    let key = PrivateKeyDer::from_pem_slice(pki().bank.key_pem.as_bytes()).unwrap();
    let builder =
        ServerConfig::builder_with_provider(bankproof::tpp::tls::provider()).with_protocol_versions(versions).unwrap();
    let builder = match client {
        Client::Anyone => builder.with_no_client_auth(),
        Client::Required => {
            let mut roots = RootCertStore::empty();
            for pem in [pki().root.certificate_pem(), pki().issuing.certificate_pem()] {
                roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()).unwrap();
            }
            let provider = bankproof::tpp::tls::provider();
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
            builder.with_client_cert_verifier(verifier)
        }
    };
    let mut config = builder.with_single_cert(chain, key).unwrap();
    config.send_tls13_tickets = tickets;
    TlsAcceptor::from(Arc::new(config))
}

/// A loopback port, and its address under the bank's name.
pub(crate) async fn listener() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    (listener, base)
}

/// Plays a server whose every connection, once it is secured, is left to `play`.
pub(crate) fn serve<F>(
    listener: TcpListener,
    acceptor: TlsAcceptor,
    play: impl Fn(TlsStream<TcpStream>) -> F + Clone + Send + 'static,
) where
    F: Future<Output = ()> + Send + 'static,
{
    tokio::spawn(async move {
        while let Ok((tcp, _)) = listener.accept().await {
            let (acceptor, play) = (acceptor.clone(), play.clone());
            tokio::spawn(async move {
                if let Ok(stream) = acceptor.accept(tcp).await {
                    play(stream).await;
                }
            });
        }
    });
}

/// Plays a server that has TLS and hands every byte on to `upstream`.
pub(crate) fn terminate(listener: TcpListener, upstream: SocketAddr) {
    serve(listener, acceptor(Client::Anyone, rustls::ALL_VERSIONS, 2), move |mut stream| async move {
        if let Ok(mut tcp) = TcpStream::connect(upstream).await {
            let _ = copy_bidirectional(&mut stream, &mut tcp).await;
        }
    });
}

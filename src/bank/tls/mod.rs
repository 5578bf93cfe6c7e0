//! The two listeners: TLS with and without a client certificate.

pub(super) mod handshake_signature;
mod legacy;
pub(super) mod refused;
mod server_certificate;

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use hyper_util::rt::TokioIo;
use openssl::ssl::{Ssl, SslContext};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_openssl::SslStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::rustls::server::danger::ClientCertVerifier;
use tokio_rustls::rustls::server::{ServerSessionMemoryCache, StoresServerSessions};
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{ALL_VERSIONS, RootCertStore, ServerConfig, SupportedProtocolVersion};

use super::certificate::peer::Peer;
use super::conversation::{self, Host, converse};
use super::error::BankError;
use super::faults::Faults;
use super::habits::{self, Habits};
use super::oauth::client::request;
use super::observer::Visitor;
use crate::pki::{self, Issued, TestPki};
use legacy::{Legacy, Turn};

pub(super) use legacy::by_place as plain_by_place;

/// How long a refused peer may take to read why.
const FAREWELL: Duration = Duration::from_secs(1);

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
    lobby: Option<axum::Router>,
    faults: Faults,
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
        let versions = if habits.has("tls-1-3-alone") { &[&TLS13][..] } else { ALL_VERSIONS };
        let acceptor = match faults.on("tls-1-3-missing") {
            true => without_tls_1_3.clone(),
            false => acceptor(&certificate, versions, sessions, judge)?,
        };
        let legacy = Legacy::of(faults, pki, asks_tpps)?;
        let lobby = if asks_tpps { request::lobby(faults) } else { None };
        Ok(Self { acceptor, without_tls_1_3, legacy, lobby, faults: faults.clone(), habits: habits.clone() })
    }
}

/// The bank's cryptography: TPPs may have keys on P-521 too.
pub(in crate::bank) fn provider() -> CryptoProvider {
    CryptoProvider { signature_verification_algorithms: pki::verified_signatures(), ..ring::default_provider() }
}

fn acceptor(
    certificate: &Issued,
    versions: &[&'static SupportedProtocolVersion],
    sessions: Option<Sessions>,
    judge: Option<Arc<dyn ClientCertVerifier>>,
) -> Result<TlsAcceptor, BankError> {
    let chain: Vec<_> = CertificateDer::pem_slice_iter(certificate.chain_pem.as_bytes()).collect::<Result<_, _>>()?;
    let key = PrivateKeyDer::from_pem_slice(certificate.key_pem.as_bytes())?;
    let builder = ServerConfig::builder_with_provider(Arc::new(provider())).with_protocol_versions(versions)?;
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

/// Lets whoever comes in, until the task is aborted.
pub(super) async fn serve(listener: TcpListener, door: Door, host: Host) {
    conversation::attend(listener, |tcp, address| {
        let visit = Visit { address, host: host.clone() };
        visit.come_in(tcp, door.clone())
    })
    .await;
}

/// Somebody at the door.
struct Visit {
    address: SocketAddr,
    host: Host,
}

impl Visit {
    async fn come_in(self, tcp: TcpStream, door: Door) {
        let Some(legacy) = &door.legacy else { return self.secured(tcp, door.acceptor.clone(), door).await };
        match timeout(self.host.patience.handshake, legacy.turn(tcp)).await {
            Ok(Turn::Ordinary(tcp)) => self.secured(tcp, door.acceptor.clone(), door).await,
            Ok(Turn::WithoutTls13(tcp)) => self.secured(tcp, door.without_tls_1_3.clone(), door).await,
            Ok(Turn::Plain(tcp)) => {
                let peer = Peer::with_certificate(self.address, None);
                converse(TokioIo::new(tcp), peer, self.host).await;
            }
            Ok(Turn::OpenSsl(tcp, context)) => self.old(tcp, &context).await,
            Ok(Turn::Over(tcp)) => part_in_good_order(tcp).await,
            Err(_) => {}
        }
    }

    /// With the bank's own TLS.
    async fn secured(self, tcp: TcpStream, acceptor: TlsAcceptor, door: Door) {
        let handshake = timeout(self.host.patience.handshake, acceptor.accept(tcp).into_fallible());
        let stream = match refused::with_certificate(handshake).await {
            (Ok(Ok(stream)), _) => stream,
            (Ok(Err((error, tcp))), certificate) => {
                if refused::is_for_want_of_a_certificate(&error) {
                    door.faults.note_anonymous();
                }
                if let Some(why) = refused::why(&error) {
                    self.host.reporter.handshake_refused(Visitor::of(certificate.as_ref()), &why);
                }
                return part_in_good_order(tcp).await;
            }
            (Err(_), _) => return self.gave_up(),
        };
        let peer = Peer::new(self.address, stream.get_ref().1);
        if habits::hangs_up_on(&door.habits, peer.certificate.as_ref()) {
            let why = refused::refused("licence", "the bank hangs up on such certificates without a word");
            return self.host.reporter.handshake_refused(Visitor::of(peer.certificate.as_ref()), &why);
        }
        let app = door.lobby.filter(|_| peer.certificate.is_none()).unwrap_or(self.host.app);
        converse(TokioIo::new(stream), peer, Host { app, ..self.host }).await;
    }

    /// With OpenSSL, which speaks what the bank's own TLS does not.
    async fn old(self, tcp: TcpStream, context: &SslContext) {
        let Ok(mut stream) = Ssl::new(context).and_then(|ssl| SslStream::new(ssl, tcp)) else { return };
        match timeout(self.host.patience.handshake, Pin::new(&mut stream).accept()).await {
            Ok(Ok(())) => {
                let certificate = stream.ssl().peer_certificate().and_then(|certificate| certificate.to_der().ok());
                let peer = Peer::with_certificate(self.address, certificate);
                converse(TokioIo::new(stream), peer, self.host).await;
            }
            Ok(Err(error)) => {
                let certificate = stream.ssl().peer_certificate().and_then(|certificate| certificate.to_der().ok());
                let peer = Peer::with_certificate(self.address, certificate);
                let why = refused::refused("tls", &error.to_string());
                self.host.reporter.handshake_refused(Visitor::of(peer.certificate.as_ref()), &why);
                drain(stream.get_mut()).await;
            }
            Err(_) => self.gave_up(),
        }
    }

    /// Whoever is silent in the handshake is not waited for.
    fn gave_up(&self) {
        let why = refused::refused("patience", "the handshake took too long");
        self.host.reporter.handshake_refused(Visitor::WithoutCertificate, &why);
    }
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

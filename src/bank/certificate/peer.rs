//! Who is at the other end of a connection, as far as TLS tells.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};

use rustls_pki_types::CertificateDer;
use tokio_rustls::rustls::{HandshakeKind, ServerConnection};

use super::presented::Presented;

/// The other end of one connection; every request on it knows its peer.
#[derive(Debug)]
pub(in crate::bank) struct Peer {
    /// Where it connects from.
    pub(in crate::bank) address: IpAddr,
    /// The certificate that it presented and proved to hold.
    pub(in crate::bank) certificate: Option<Presented>,
    /// The same as it came.
    pub(in crate::bank) leaf: Option<CertificateDer<'static>>,
    /// The connection goes on with the session of an earlier one, whose certificate counts for this one too.
    pub(in crate::bank) resumed: bool,
    has_asked: AtomicBool,
}

impl Default for Peer {
    /// Somebody far away of whom nothing is known.
    fn default() -> Self {
        Self {
            address: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            certificate: None,
            leaf: None,
            resumed: false,
            has_asked: AtomicBool::new(false),
        }
    }
}

impl Peer {
    /// A peer that showed this certificate, in DER, or none.
    pub(in crate::bank) fn with_certificate(address: SocketAddr, der: Option<Vec<u8>>) -> Self {
        let leaf = der.map(CertificateDer::from);
        let certificate = leaf.as_ref().and_then(|leaf| Presented::read(std::slice::from_ref(leaf)));
        Self { address: address.ip(), certificate, leaf, ..Self::default() }
    }

    pub(in crate::bank) fn new(address: SocketAddr, connection: &ServerConnection) -> Self {
        let chain = connection.peer_certificates();
        Self {
            address: address.ip(),
            certificate: chain.and_then(Presented::read),
            leaf: chain.and_then(|chain| chain.first()).map(|der| der.clone().into_owned()),
            resumed: connection.handshake_kind() == Some(HandshakeKind::Resumed),
            has_asked: AtomicBool::new(false),
        }
    }

    /// One of whom somebody else has told the certificate.
    pub(in crate::bank) fn reported(address: IpAddr, certificate: Presented) -> Self {
        Self { address, certificate: Some(certificate), ..Self::default() }
    }

    /// Whether there was a request on this connection before the one that is noted now.
    pub(in crate::bank) fn note_request(&self) -> bool {
        self.has_asked.swap(true, Ordering::Relaxed)
    }
}

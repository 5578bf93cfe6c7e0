//! Who is at the other end of a connection, as far as TLS tells.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use tokio_rustls::rustls::ServerConnection;

use crate::pki::inspect::{self, CertificateFacts};

/// The other end of one connection; every request on it knows its peer.
#[derive(Debug)]
pub(super) struct Peer {
    /// Where it connects from.
    pub(super) address: IpAddr,
    /// The certificate that it presented and proved to hold.
    pub(super) certificate: Option<CertificateFacts>,
}

impl Default for Peer {
    /// Somebody far away of whom nothing is known.
    fn default() -> Self {
        Self { address: IpAddr::V4(Ipv4Addr::UNSPECIFIED), certificate: None }
    }
}

impl Peer {
    pub(super) fn new(address: SocketAddr, connection: &ServerConnection) -> Self {
        let leaf = connection.peer_certificates().and_then(|chain| chain.first());
        Self { address: address.ip(), certificate: leaf.and_then(|der| inspect::facts(der).ok()) }
    }
}

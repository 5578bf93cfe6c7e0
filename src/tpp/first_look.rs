//! A first look at a server of which nothing is known yet: the certificates that it shows, trusted by nobody.

use std::{
    io,
    net::{TcpStream, ToSocketAddrs},
    time::Duration,
};

use openssl::ssl::{HandshakeError, SslConnector, SslMethod, SslRef, SslVerifyMode};
use url::Url;

use super::{Trouble, network};
use crate::targets::Target;

/// No chain is longer.
const LONGEST: usize = 20;

/// Whether a connection to that host comes about, by the way that the target file tells.
///
/// # Errors
/// It does not; the message names the proxy where that is to blame.
pub async fn reach(target: &Target, host: &str, port: u16) -> io::Result<()> {
    network::connect(&target.network, host, port).await.map(drop)
}

/// The certificates (DER) that the server of that address shows, its own first. Nothing is sent.
///
/// # Errors
/// No connection, or no handshake that gets as far as the certificates.
pub fn shown(url: &str, limit: Duration) -> Result<Vec<Vec<u8>>, Trouble> {
    let trouble = |what: String| Trouble::Environment(format!("{url}: {what}"));
    let parsed = Url::parse(url).map_err(|error| trouble(error.to_string()))?;
    let host = parsed.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let tcp = connect(&host, parsed.port_or_known_default().unwrap_or(443), limit)
        .map_err(|error| trouble(format!("no connection: {error}")))?;
    let mut builder = SslConnector::builder(SslMethod::tls_client()).map_err(|error| trouble(error.to_string()))?;
    // Whom to trust is just what is not known yet.
    builder.set_verify(SslVerifyMode::NONE);
    let configuration = builder.build().configure().map_err(|error| trouble(error.to_string()))?;
    match configuration.verify_hostname(false).connect(&host, tcp) {
        Ok(stream) => chain(stream.ssl()),
        // A server that wants a certificate ends the handshake once it has shown its own.
        Err(HandshakeError::Failure(stream) | HandshakeError::WouldBlock(stream)) => chain(stream.ssl()),
        Err(HandshakeError::SetupFailure(_)) => None,
    }
    .ok_or_else(|| trouble("no TLS handshake came about".into()))
}

fn connect(host: &str, port: u16, limit: Duration) -> io::Result<TcpStream> {
    let mut last = io::Error::from(io::ErrorKind::NotFound);
    for address in (host, port).to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, limit) {
            Ok(tcp) => {
                tcp.set_read_timeout(Some(limit))?;
                tcp.set_write_timeout(Some(limit))?;
                return Ok(tcp);
            }
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn chain(ssl: &SslRef) -> Option<Vec<Vec<u8>>> {
    let shown: Vec<_> = ssl.peer_cert_chain()?.iter().take(LONGEST).filter_map(|one| one.to_der().ok()).collect();
    (!shown.is_empty()).then_some(shown)
}

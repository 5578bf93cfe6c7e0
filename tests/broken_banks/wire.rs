//! What a mock of HTTP cannot play: broken connections, by hand.

use std::{sync::Arc, time::Duration};

use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use super::support::{self, Client};

/// How a connection breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wire {
    /// The body ends in its middle.
    Truncated,
    /// The chunk sizes make no sense.
    BadChunks,
    /// One byte in 100 ms, for ever.
    Drip,
    /// Ten thousand header fields.
    Headers,
    /// One header field of 10 MB.
    LongHeader,
    /// A status line of another protocol.
    NoHttp,
    /// Nothing after the handshake but the end.
    Closed,
    /// Nothing after the handshake at all.
    Silent,
    /// A server certificate that is none.
    BadCertificate,
    /// No TLS: an HTTP server on the port.
    Plain,
}

const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

/// Plays a server that is broken in that way.
pub(crate) fn play(listener: TcpListener, wire: Wire) {
    match wire {
        Wire::Plain => plain(listener),
        Wire::BadCertificate => support::serve(listener, bad_certificate(), |_| async {}),
        _ => {
            let acceptor = support::acceptor(Client::Anyone, rustls::ALL_VERSIONS, 2);
            support::serve(listener, acceptor, move |stream| speak(stream, wire));
        }
    }
}

async fn speak(mut stream: TlsStream<TcpStream>, wire: Wire) {
    if wire == Wire::Closed {
        let _ = stream.shutdown().await;
        return;
    }
    let mut request = [0; 4096];
    if stream.read(&mut request).await.is_err() {
        return;
    }
    let _ = match wire {
        Wire::Truncated => {
            send(&mut stream, format!("{HEAD}Content-Length: 1000\r\n\r\n{{\"issuer\":").as_bytes()).await
        }
        Wire::BadChunks => {
            let body = "ffffffffffffffff\r\n{}\r\n-1\r\n\r\n";
            send(&mut stream, format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n{body}").as_bytes()).await
        }
        Wire::Drip => drip(&mut stream).await,
        Wire::Headers => {
            let fields: String = (0..10_000).map(|number| format!("X-Field-{number}: {number}\r\n")).collect();
            send(&mut stream, format!("{HEAD}{fields}Content-Length: 2\r\n\r\n{{}}").as_bytes()).await
        }
        Wire::LongHeader => {
            let value = "x".repeat(10_000_000);
            send(&mut stream, format!("{HEAD}X-Long: {value}\r\nContent-Length: 2\r\n\r\n{{}}").as_bytes()).await
        }
        Wire::NoHttp => send(&mut stream, b"SSH-2.0-OpenSSH_9.9\r\n\xff\xfe\x00\r\n\r\n").await,
        _ => {
            tokio::time::sleep(Duration::from_secs(60)).await;
            Ok(())
        }
    };
}

async fn send(stream: &mut TlsStream<TcpStream>, bytes: &[u8]) -> std::io::Result<()> {
    stream.write_all(bytes).await?;
    stream.shutdown().await
}

async fn drip(stream: &mut TlsStream<TcpStream>) -> std::io::Result<()> {
    stream.write_all(format!("{HEAD}Content-Length: 100000\r\n\r\n").as_bytes()).await?;
    loop {
        stream.write_all(b" ").await?;
        stream.flush().await?;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn plain(listener: TcpListener) {
    tokio::spawn(async move {
        while let Ok((mut tcp, _)) = listener.accept().await {
            let _ = tcp.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").await;
        }
    });
}

fn bad_certificate() -> TlsAcceptor {
    let key = PrivateKeyDer::from_pem_slice(support::pki().bank.key_pem.as_bytes()).unwrap();
    let key = bankproof::tpp::tls::provider().key_provider.load_private_key(key).unwrap();
    let garbage = CertificateDer::from(b"\x30\x82\x7f\xffthis is no certificate".to_vec());
    let config = ServerConfig::builder_with_provider(bankproof::tpp::tls::provider())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(Always(Arc::new(CertifiedKey::new(vec![garbage], key)))));
    TlsAcceptor::from(Arc::new(config))
}

#[derive(Debug)]
struct Always(Arc<CertifiedKey>);

impl ResolvesServerCert for Always {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.clone())
    }
}

//! Connections to the bank by the way that the target file tells: by name, at an address, or through a proxy.

use std::{io, net::SocketAddr};

use reqwest::ClientBuilder;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpStream, lookup_host},
};
use url::Url;

use crate::targets::network::{Network, Proxy, Route};

/// No proxy says more before it connects, in octets.
const PREAMBLE: usize = 16 * 1024;

/// A connection to a host of the bank; not timed, which is for the caller.
///
/// # Errors
/// It does not come about; the message names the proxy where that is to blame, and the kind is never one that a bank's own
/// refusal has.
pub(super) async fn connect(network: &Network, host: &str, port: u16) -> io::Result<TcpStream> {
    // The last guard of whatever is no HTTP.
    if let Some(why) = network.own.hosts.objection_to(host, port) {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, format!("not asked: {why}")));
    }
    match network.route(host) {
        Route::ByName => TcpStream::connect(addresses(host, port).await?.as_slice()).await,
        Route::At(address) => TcpStream::connect((address.ip, address.port.unwrap_or(port))).await,
        Route::Through(proxy) => through(proxy, host, port).await,
    }
}

async fn addresses(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    let found = lookup_host((host, port)).await;
    found.map(Iterator::collect).map_err(|error| {
        io::Error::new(io::ErrorKind::HostUnreachable, format!("the address of {host} cannot be found: {error}"))
    })
}

async fn through(proxy: &Proxy, host: &str, port: u16) -> io::Result<TcpStream> {
    let blame = |what: String| io::Error::new(io::ErrorKind::ConnectionRefused, format!("the proxy {proxy} {what}"));
    let tcp = TcpStream::connect((proxy.host.as_str(), proxy.port)).await;
    let mut tcp = tcp.map_err(|error| blame(format!("cannot be reached: {error}")))?;
    let authority = if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") };
    let login = proxy.authorization().map_or_else(String::new, |value| format!("Proxy-Authorization: {value}\r\n"));
    let request = format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n{login}\r\n");
    tcp.write_all(request.as_bytes()).await.map_err(|error| blame(format!("does not listen: {error}")))?;
    match preamble(&mut tcp).await.map_err(|error| blame(format!("does not answer: {error}")))? {
        (200..=299, _) => Ok(tcp),
        (status, reason) => Err(blame(format!("does not connect to {authority}: {status} {reason}"))),
    }
}

/// Status and reason of the proxy's answer. Nobody speaks behind it yet: in TLS and HTTP the client begins.
async fn preamble(tcp: &mut TcpStream) -> io::Result<(u16, String)> {
    let (mut received, mut buffer) = (Vec::new(), [0; 1024]);
    while received.len() < PREAMBLE {
        match tcp.read(&mut buffer).await? {
            0 => break,
            count => received.extend_from_slice(&buffer[..count]),
        }
        let mut fields = [httparse::EMPTY_HEADER; 64];
        let mut answer = httparse::Response::new(&mut fields);
        if answer.parse(&received).map_err(io::Error::other)?.is_complete() {
            return Ok((answer.code.unwrap_or_default(), answer.reason.unwrap_or_default().to_owned()));
        }
    }
    Err(io::ErrorKind::UnexpectedEof.into())
}

/// The same ways for the HTTP client; never those of the environment.
pub(super) fn configure(builder: ClientBuilder, network: &Network) -> ClientBuilder {
    let at = network.hosts().filter_map(|(name, host)| Some((name, host.address?)));
    let builder = at.fold(builder, |builder, (name, address)| {
        builder.resolve(name, SocketAddr::new(address.ip, address.port.unwrap_or(0)))
    });
    if network.proxies().next().is_none() {
        return builder.no_proxy();
    }
    let network = network.clone();
    builder.proxy(reqwest::Proxy::custom(move |url: &Url| match network.route(url.host_str()?) {
        Route::Through(proxy) => proxy.url(),
        _ => None,
    }))
}

/// The URL to connect to and the `Host` to name, where a host is at another port than its URLs say.
pub(super) fn moved(network: &Network, url: &str) -> Option<(Url, String)> {
    network.hosts().next()?;
    let mut url = Url::parse(url).ok()?;
    let Route::At(address) = network.route(url.host_str()?) else { return None };
    let named = url[url::Position::BeforeHost..url::Position::AfterPort].to_owned();
    url.set_port(Some(address.port?)).ok()?;
    Some((url, named))
}

/// Why a proxy did not connect, in its own words; `None` where no proxy is to blame.
pub(super) async fn blame(network: &Network, url: &Url) -> Option<String> {
    let host = url.host_str()?.trim_matches(['[', ']']);
    let Route::Through(proxy) = network.route(host) else { return None };
    match through(proxy, host, url.port_or_known_default().unwrap_or(443)).await {
        Ok(_) => Some(format!("the proxy {proxy} did not connect, and does now")),
        Err(error) => Some(error.to_string()),
    }
}

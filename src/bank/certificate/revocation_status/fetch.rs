//! A request to the trust service: plain HTTP, bounded and timed.

use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Request, StatusCode};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::bank::model::world::World;

/// A trust service that has not answered by then has no answer.
const PATIENCE: Duration = Duration::from_secs(2);
/// No more of an answer is read.
const LARGEST_ANSWER: usize = 1024 * 1024;

/// What the trust service answers; none where it is not the one that the bank knows, or has no answer.
pub(super) async fn fetch(world: &World, url: &str, post: Option<(&'static str, Vec<u8>)>) -> Option<Bytes> {
    let path = url.strip_prefix(&world.trust.url).filter(|path| path.starts_with('/'))?;
    let authority = world.trust.url.strip_prefix("http://")?;
    let request = Request::builder().uri(path).header("Host", authority);
    let request = match post {
        Some((media_type, body)) => {
            request.method("POST").header("Content-Type", media_type).body(Body::from(body)).ok()?
        }
        None => request.body(Body::empty()).ok()?,
    };
    timeout(PATIENCE, exchange(authority, request)).await.ok().flatten()
}

async fn exchange(authority: &str, request: Request<Body>) -> Option<Bytes> {
    let tcp = TcpStream::connect(authority).await.ok()?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(tcp)).await.ok()?;
    // It ends when the sender is dropped, at the end of this function.
    tokio::spawn(connection);
    let response = sender.send_request(request).await.ok()?;
    match response.status() {
        StatusCode::OK => to_bytes(Body::new(response.into_body()), LARGEST_ANSWER).await.ok(),
        _ => None,
    }
}

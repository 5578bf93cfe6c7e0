//! Connections, whatever they are secured by: so many at a time, and none that keeps its place by saying nothing.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tower::ServiceExt;

use super::certificate::peer::Peer;
use super::http;
use super::observer::{Reporter, Visitor};
use super::rule;

/// So many connections at a time, at each listener; whoever comes then waits until another goes.
const AT_ONCE: usize = 512;
/// Before accepting again where the system has no more connections to give.
const BREATH: Duration = Duration::from_millis(10);
/// What is under way when a connection is ended may take so long to end.
const FAREWELL: Duration = Duration::from_secs(1);
/// A peer that speaks HTTP/2 is asked so often whether it is there, and has so long to say so.
const ARE_YOU_THERE: Duration = Duration::from_secs(20);
const HERE: Duration = Duration::from_secs(10);
/// So many requests at a time on a connection of HTTP/2.
const STREAMS: u32 = 100;

/// How long the bank waits for whoever is connected to it.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For the end of a TLS handshake.
    pub handshake: Duration,
    /// For the head of the first request, once there is a connection.
    pub head: Duration,
    /// For the head of the next request, once there was one. Clients keep connections, and find out by it that they are gone.
    pub idle: Duration,
    /// For the rest of a request, and for its answer.
    pub request: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { handshake: seconds(10), head: seconds(10), idle: seconds(30), request: seconds(30) }
    }
}

/// Who answers at a listener.
#[derive(Clone)]
pub(super) struct Host {
    pub(super) app: Router,
    pub(super) patience: Patience,
    /// Tells what is asked and answered here.
    pub(super) reporter: Reporter,
}

/// Accepts connections until the task is aborted, which ends them all.
pub(super) async fn attend<V>(listener: TcpListener, visit: impl Fn(TcpStream, SocketAddr) -> V)
where
    V: Future<Output = ()> + Send + 'static,
{
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let mut visits = JoinSet::new();
    while let Ok(place) = Arc::clone(&places).acquire_owned().await {
        while visits.try_join_next().is_some() {}
        match listener.accept().await {
            Ok((tcp, address)) => {
                let _ = tcp.set_nodelay(true);
                let visit = visit(tcp, address);
                visits.spawn(async move {
                    visit.await;
                    drop(place);
                });
            }
            Err(_) => sleep(BREATH).await,
        }
    }
}

/// Answers the requests of one connection.
pub(super) async fn converse<I>(io: I, peer: Peer, host: Host)
where
    I: hyper::rt::Read + hyper::rt::Write + Unpin + 'static,
{
    let (peer, patience) = (Arc::new(peer), host.patience);
    let (told, mut pulse) = watch::channel(Pulse::default());
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Arc::clone(&peer));
        let (host, peer, under_way) = (host.clone(), Arc::clone(&peer), UnderWay::begin(&told));
        async move {
            let question = host.reporter.question(&request);
            let answer = timeout(patience.request, host.app.oneshot(request)).await;
            drop(under_way);
            let answer = match answer {
                Ok(Ok(answer)) => answer,
                Err(_) => {
                    rule::refused(http::empty(StatusCode::REQUEST_TIMEOUT), "patience", "the request took too long")
                }
            };
            if let Some(question) = question {
                host.reporter.answered(&question, Visitor::of(peer.certificate.as_ref()), &answer);
            }
            Ok::<Response, Infallible>(answer)
        }
    });
    let mut builder = auto::Builder::new(TokioExecutor::new());
    let http2 = &mut builder.http2();
    http2.timer(TokioTimer::new()).keep_alive_interval(ARE_YOU_THERE).keep_alive_timeout(HERE);
    http2.max_concurrent_streams(STREAMS);
    let mut connection = pin!(builder.serve_connection(io, service));
    tokio::select! {
        // An error here is a peer that broke off; there is nobody left to tell.
        _ = connection.as_mut() => return,
        () = silence(&mut pulse, patience) => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = timeout(FAREWELL, connection).await;
}

/// What a connection is about. hyper's own timer begins with the first octet that tells HTTP/1 from HTTP/2, and that
/// octet may never come.
#[derive(Clone, Copy, Default)]
struct Pulse {
    under_way: usize,
    has_asked: bool,
}

/// A request is under way until this is dropped.
struct UnderWay(watch::Sender<Pulse>);

impl UnderWay {
    fn begin(told: &watch::Sender<Pulse>) -> Self {
        told.send_modify(|pulse| (pulse.under_way, pulse.has_asked) = (pulse.under_way + 1, true));
        Self(told.clone())
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.send_modify(|pulse| pulse.under_way -= 1);
    }
}

/// Waits until no head of a request has come for too long.
async fn silence(pulse: &mut watch::Receiver<Pulse>, patience: Patience) {
    loop {
        let now = *pulse.borrow_and_update();
        let bound = match now {
            Pulse { under_way: 1.., .. } => patience.request + FAREWELL,
            Pulse { has_asked: true, .. } => patience.idle,
            _ => patience.head,
        };
        if !matches!(timeout(bound, pulse.changed()).await, Ok(Ok(()))) {
            return;
        }
    }
}

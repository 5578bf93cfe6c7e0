//! The TLS probe: whoever is refused is seen to be refused by an alert, and whoever is let in by a response, every time.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]

mod support;

use std::{sync::Arc, time::Duration};

use bankproof::{
    evidence::{
        exchange::{Answer, Exchange, Layer},
        operation::Operation,
        recorder::Recorder,
    },
    judge::{Finding, certificate, vocabulary::berlin_group::WORDS},
    pki::{Defect, TestPki},
    targets::{self, KeyPair, Target},
    tpp::probe::{Knock, knock},
};
use futures::{StreamExt, stream};
use rustls::version::{TLS12, TLS13};
use support::{Bank, Client, acceptor, listener, pki, serve};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::server::TlsStream;

const TRIES: usize = 50;
/// Knocks at a time: more than the machine has cores, so that both sides are late now and then.
const AT_ONCE: usize = 10;
const ANSWER: &[u8] =
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 23\r\n\r\n{\"access_token\":\"abcd\"}";

type Version = &'static rustls::SupportedProtocolVersion;

/// The kinds of server: their version of TLS, and their session tickets.
const SERVERS: [(&str, Version, usize); 4] =
    [("TLS 1.2", &TLS12, 0), ("TLS 1.3", &TLS13, 2), ("TLS 1.3, one ticket", &TLS13, 1), ("TLS 1.3, none", &TLS13, 0)];

struct Prober {
    target: Target,
    recorder: Arc<Recorder>,
    url: String,
}

impl Prober {
    fn new(base: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let bank = Bank { timeout_seconds: 2, ..Bank::new(base) };
        let target = targets::load(&bank.write(folder.path())).unwrap();
        Self { target, recorder: Arc::new(Recorder::new(0, |_| {})), url: format!("{base}/token") }
    }

    async fn knock(&self, pair: Option<&KeyPair>) -> Arc<Exchange> {
        let request = Knock {
            identity: "tpp-a".into(),
            pair,
            operation: Operation::Token,
            method: "POST".into(),
            url: self.url.clone(),
            headers: Vec::new(),
            body: "grant_type=authorization_code".repeat(200),
            purpose: "knock".into(),
        };
        knock(&self.target, &self.recorder, &"CERT-001".into(), request).await.unwrap()
    }

    async fn knock_often(&self, pair: Option<&KeyPair>) -> Vec<Arc<Exchange>> {
        stream::iter(0..TRIES).map(|_| self.knock(pair)).buffer_unordered(AT_ONCE).collect().await
    }
}

async fn answer(mut stream: TlsStream<TcpStream>) {
    let mut request = Vec::new();
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        if stream.read_buf(&mut request).await.unwrap_or(0) == 0 {
            return;
        }
    }
    let _ = stream.write_all(ANSWER).await;
    let _ = stream.shutdown().await;
    // What is left unread would reset the connection, answer and all.
    let _ = tokio::time::timeout(Duration::from_secs(1), tokio::io::copy(&mut stream, &mut tokio::io::sink())).await;
}

async fn server(client: Client, version: Version, tickets: usize) -> Prober {
    let (door, base) = listener().await;
    serve(door, acceptor(client, &[version], tickets), answer);
    Prober::new(&base)
}

/// Certificates that a bank refuses in the handshake.
fn bad() -> Vec<(&'static str, Option<KeyPair>)> {
    let recipe = &pki().tpp("tpp-a").unwrap().recipe;
    let pair = |issued: bankproof::pki::Issued| KeyPair { certificate_pem: issued.chain_pem, key_pem: issued.key_pem };
    let defect = |name: &str| name.parse::<Defect>().unwrap();
    let with = |defect| Some(pair(pki().issuing.issue_with_defect(recipe, defect).unwrap()));
    let foreign = TestPki::fresh().unwrap().tpp("tpp-a").unwrap().qwac.clone();
    vec![
        ("none", None),
        ("expired", with(defect("expired"))),
        ("not yet valid", with(defect("not-yet-valid"))),
        ("self-signed", with(defect("self-signed"))),
        ("of another CA", Some(pair(foreign))),
    ]
}

fn good() -> KeyPair {
    let qwac = pki().tpp("tpp-a").unwrap().qwac.clone();
    KeyPair { certificate_pem: qwac.chain_pem, key_pem: qwac.key_pem }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_is_always_an_alert() {
    for (name, version, tickets) in SERVERS {
        let prober = server(Client::Required, version, tickets).await;
        for (certificate, pair) in bad() {
            for exchange in prober.knock_often(pair.as_ref()).await {
                let Answer::Failure(failure) = &exchange.answer else { panic!("{name}, {certificate}: {exchange:?}") };
                let alert = exchange.tls.as_ref().and_then(|tls| tls.alert.as_deref()).unwrap_or_default();
                assert!(failure.layer == Layer::Tls && !alert.is_empty(), "{name}, {certificate}: {failure:?}");
                assert!(matches!(certificate::refused(&exchange, &WORDS), Finding::Holds(_)), "{name}, {certificate}");
                assert!(matches!(certificate::let_in(&exchange, &WORDS), Finding::Broken(_)), "{name}, {certificate}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acceptance_is_always_a_response() {
    let good = good();
    for (name, version, tickets) in SERVERS {
        for (client, pair) in [(Client::Required, Some(&good)), (Client::Anyone, Some(&good)), (Client::Anyone, None)] {
            let prober = server(client, version, tickets).await;
            for exchange in prober.knock_often(pair).await {
                assert_eq!(exchange.status(), Some(200), "{name}, {client:?}: {:?}", exchange.answer);
                assert_eq!(
                    exchange.tls.as_ref().map(|tls| tls.version.as_str()),
                    Some(&*name[..7].replace("TLS ", "TLSv"))
                );
                assert!(matches!(certificate::let_in(&exchange, &WORDS), Finding::Holds(_)), "{name}, {client:?}");
                assert!(matches!(certificate::refused(&exchange, &WORDS), Finding::Broken(_)), "{name}, {client:?}");
            }
        }
    }
}

/// How a server behaves once the connection is secured, and what is to be seen of it.
#[derive(Clone, Copy, Debug)]
enum Manner {
    AnswersUnasked,
    AnswersMuchUnasked,
    StaysOpen,
    Chunks,
    Stalls,
    StallsMidway,
    CutsOff,
    Closes,
    Drops,
    Chatters,
}

async fn behave(mut stream: TlsStream<TcpStream>, manner: Manner) {
    use Manner::*;
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    let unasked = matches!(manner, AnswersUnasked | AnswersMuchUnasked | Closes | Drops);
    if !unasked && stream.read(&mut [0; 16384]).await.is_err() {
        return;
    }
    let text = match manner {
        AnswersUnasked | StaysOpen => String::from_utf8_lossy(ANSWER).into_owned(),
        AnswersMuchUnasked => format!("{head}Content-Length: 100000\r\n\r\n{}", " ".repeat(100_000)),
        Chunks => format!("{head}Transfer-Encoding: chunked\r\n\r\n17\r\n{{\"access_token\":\"abcd\"}}\r\n0\r\n\r\n"),
        StallsMidway | CutsOff => format!("{head}Content-Length: 1000\r\n\r\n{{\"access_token\":\"abcd\"}}"),
        Chatters => "220 mail.bank.example ESMTP\r\n".into(),
        Stalls | Closes | Drops => String::new(),
    };
    let _ = stream.write_all(text.as_bytes()).await;
    let _ = stream.flush().await;
    match manner {
        Drops => {}
        StaysOpen | Chunks | Stalls | StallsMidway => tokio::time::sleep(Duration::from_secs(30)).await,
        _ => _ = stream.shutdown().await,
    }
    let _ = tokio::time::timeout(Duration::from_secs(1), tokio::io::copy(&mut stream, &mut tokio::io::sink())).await;
}

/// What an exchange came to, in a word.
fn seen(exchange: &Exchange) -> String {
    match &exchange.answer {
        Answer::Response(response) if response.truncated => format!("{} cut off", response.status),
        Answer::Response(response) => response.status.to_string(),
        Answer::Failure(failure) => format!("{:?}", failure.layer),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_with_manners_of_their_own() {
    use Manner::*;
    let expected = [
        (AnswersUnasked, "200"),
        (AnswersMuchUnasked, "200 cut off"),
        (StaysOpen, "200"),
        (Chunks, "200"),
        (Stalls, "Timeout"),
        (StallsMidway, "Timeout"),
        (CutsOff, "200 cut off"),
        (Closes, "Closed"),
        (Drops, "Closed"),
        (Chatters, "Protocol"),
    ];
    let tried = stream::iter(expected).map(|(manner, expected)| async move {
        let mut wrong = Vec::new();
        for (name, version, tickets) in SERVERS {
            let (door, base) = listener().await;
            serve(door, acceptor(Client::Anyone, &[version], tickets), move |stream| behave(stream, manner));
            let exchange = Prober::new(&base).knock(None).await;
            if seen(&exchange) != expected {
                wrong.push(format!("{name}, {manner:?}: {} instead of {expected}", seen(&exchange)));
            }
        }
        wrong
    });
    let wrong: Vec<String> = tried.buffer_unordered(5).flat_map(stream::iter).collect().await;
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_refusal_is_not_taken_for_one() {
    for manner in [Manner::StallsMidway, Manner::CutsOff, Manner::Chatters, Manner::AnswersMuchUnasked] {
        let (door, base) = listener().await;
        serve(door, acceptor(Client::Anyone, rustls::ALL_VERSIONS, 2), move |stream| behave(stream, manner));
        let exchange = Prober::new(&base).knock(None).await;
        assert!(matches!(certificate::refused(&exchange, &WORDS), Finding::Unclear(_)), "{manner:?}: {exchange:?}");
        assert!(matches!(certificate::let_in(&exchange, &WORDS), Finding::Unclear(_)), "{manner:?}: {exchange:?}");
    }
    // A bank whose own certificate we do not trust has refused nobody.
    let (door, base) = listener().await;
    serve(door, acceptor(Client::Anyone, rustls::ALL_VERSIONS, 2), answer);
    let mut prober = Prober::new(&base);
    prober.target.trust_anchors = vec![TestPki::fresh().unwrap().root.certificate_pem().to_owned()];
    let exchange = prober.knock(None).await;
    assert!(matches!(certificate::refused(&exchange, &WORDS), Finding::Unclear(_)), "{exchange:?}");
    assert!(matches!(certificate::let_in(&exchange, &WORDS), Finding::Unclear(_)), "{exchange:?}");
}

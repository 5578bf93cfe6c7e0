//! Trouble on the way is told apart from a broken rule: what it may have spoilt is asked again, and the first answer counts.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]

#[path = "support/mod.rs"]
mod support;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use support::{Bank, Client, acceptor, judge, listener, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const PATIENCE: Duration = Duration::from_secs(60);

/// A bank whose metadata is in order, and what its gateway says instead to requests from the `first` on, `times` times.
async fn bank(first: usize, times: usize, says: &'static str) -> Bank {
    let (listener, base) = listener().await;
    let metadata = serde_json::json!({
        "issuer": base,
        "authorization_endpoint": format!("{base}/authorize"),
        "token_endpoint": format!("{base}/token"),
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
        "grant_types_supported": ["authorization_code"],
        "token_endpoint_auth_methods_supported": ["tls_client_auth"],
    });
    let good = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{metadata}",
        metadata.to_string().len()
    );
    let asked = Arc::new(AtomicUsize::new(0));
    serve(listener, acceptor(Client::Anyone, rustls::ALL_VERSIONS, 2), move |mut stream| {
        let (good, asked) = (good.clone(), asked.clone());
        async move {
            let mut buffer = [0; 8192];
            if !stream.read(&mut buffer).await.is_ok_and(|count| count > 0) {
                return;
            }
            let at = asked.fetch_add(1, Ordering::Relaxed) + 1;
            let troubled = at >= first && at - first < times;
            let _ = stream.write_all(if troubled { says.as_bytes() } else { good.as_bytes() }).await;
            let _ = stream.shutdown().await;
        }
    });
    Bank::new(&base)
}

const PAGE: &str = "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/html\r\nConnection: close\r\n\
                    Content-Length: 32\r\n\r\n<h1>The service is unavailable.\n\n";
const BUSY: &str = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

#[tokio::test]
async fn what_held_when_asked_again_is_marked_and_is_no_pass() {
    for says in [PAGE, BUSY] {
        // The first request finds the endpoints; the second is the check's own.
        let bank = bank(2, 1, says).await;
        let judged = judge(&bank, &["META-001"], PATIENCE).await;
        let check = &judged.results["checks"][0];
        assert_eq!(check["verdict"], "inconclusive", "{check:#}");
        assert!(check["flaky"].as_str().is_some_and(|flaky| flaky.contains("it held when asked again")), "{check:#}");
        assert_eq!(judged.exit, 3, "{}", judged.said);
        assert!(judged.said.contains("flaky"), "{}", judged.said);
        assert_eq!(judged.defects, Vec::<String>::new());
    }
}

#[tokio::test]
async fn trouble_that_does_not_pass_is_not_flaky() {
    let bank = bank(2, 100, PAGE).await;
    let judged = judge(&bank, &["META-001"], PATIENCE).await;
    let check = &judged.results["checks"][0];
    assert!(check["flaky"].is_null(), "{check:#}");
    assert_ne!(check["verdict"], "pass");
    assert_ne!(judged.exit, 0);
}

#[tokio::test]
async fn metadata_is_asked_for_again_and_the_bank_is_judged_all_the_same() {
    for says in [PAGE, BUSY] {
        let bank = bank(1, 1, says).await;
        let judged = judge(&bank, &["META-001"], PATIENCE).await;
        assert_eq!((judged.verdict("META-001").as_str(), judged.exit), ("pass", 0), "{}", judged.said);
        let of_discovery: Vec<_> =
            judged.exchanges.iter().filter(|exchange| exchange["check"] == "preflight").collect();
        assert_eq!(of_discovery.len(), 2, "the first answer is kept: {of_discovery:#?}");
        assert_ne!(of_discovery[0]["answer"]["status"], 200);
    }
}

#[tokio::test]
async fn metadata_that_does_not_come_is_asked_for_a_few_times_only() {
    let patient =
        "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 3600\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    for (says, times) in [(PAGE, 3), (patient, 1)] {
        let bank = bank(1, 100, says).await;
        let judged = judge(&bank, &["META-001"], PATIENCE).await;
        assert_eq!((judged.verdict("META-001").as_str(), judged.exit), ("inconclusive", 3), "{}", judged.said);
        assert_eq!(judged.exchanges.len(), times, "{:#?}", judged.exchanges);
    }
}

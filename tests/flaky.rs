//! Trouble on the way is told apart from a broken rule: what it may have spoilt is asked again, and the first answer counts.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]

#[allow(dead_code, reason = "each file of tests uses its part of the support")]
#[path = "sessions/support.rs"]
mod sessions;
#[path = "support/mod.rs"]
mod support;

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::Value;
use sessions::{Desk, eventually};
use support::{Bank, Client, acceptor, judge, listener, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const PATIENCE: Duration = Duration::from_secs(60);

/// The answer with the metadata of that issuer.
fn metadata(base: &str) -> String {
    let metadata = serde_json::json!({
        "issuer": base,
        "authorization_endpoint": format!("{base}/authorize"),
        "token_endpoint": format!("{base}/token"),
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
        "grant_types_supported": ["authorization_code"],
        "token_endpoint_auth_methods_supported": ["tls_client_auth"],
    });
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{metadata}",
        metadata.to_string().len()
    )
}

/// A bank whose metadata is in order, and what its gateway says instead to requests from the `first` on, `times` times.
async fn bank(first: usize, times: usize, says: &'static str) -> Bank {
    bank_saying(first, vec![says; times]).await
}

/// The same, with what each of these requests is told.
async fn bank_saying(first: usize, says: Vec<&'static str>) -> Bank {
    let says = Arc::new(says);
    let (listener, base) = listener().await;
    let good = metadata(&base);
    let asked = Arc::new(AtomicUsize::new(0));
    serve(listener, acceptor(Client::Anyone, rustls::ALL_VERSIONS, 2), move |mut stream| {
        let (good, asked, says) = (good.clone(), asked.clone(), says.clone());
        async move {
            let mut buffer = [0; 8192];
            if !stream.read(&mut buffer).await.is_ok_and(|count| count > 0) {
                return;
            }
            let at = asked.fetch_add(1, Ordering::Relaxed) + 1;
            let trouble = at.checked_sub(first).and_then(|at| says.get(at).copied());
            let _ = stream.write_all(trouble.unwrap_or(&good).as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    Bank::new(&base)
}

const PAGE: &str = "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/html\r\nConnection: close\r\n\
                    Content-Length: 32\r\n\r\n<h1>The service is unavailable.\n\n";
const BROKEN: &str = "HTTP/1.1 500 Internal Server Error\r\nContent-Type: text/html\r\nConnection: close\r\n\
                      Content-Length: 13\r\n\r\n<h1>Oh no.\n\n\n";
const LOCKED: &str = "HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/json\r\nConnection: close\r\n\
                      Content-Length: 35\r\n\r\n{\"error\": \"the database is locked\"}";
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
async fn a_server_that_fails_by_itself_is_asked_again_and_told_to_be_asked_one_at_a_time() {
    let bank = bank(2, 1, LOCKED).await;
    let judged = judge(&bank, &["META-001"], PATIENCE).await;
    let check = &judged.results["checks"][0];
    assert_eq!((&check["verdict"], judged.exit), (&Value::from("inconclusive"), 3), "{check:#}");
    let flaky = check["flaky"].as_str().unwrap_or_default();
    assert!(flaky.contains("the server's own error (500)") && flaky.contains("`--jobs 1`"), "{check:#}");
    assert!(judged.said.contains("`--jobs 1`"), "{}", judged.said);
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
async fn a_row_that_is_troubled_twice_is_no_accusation() {
    let features = tempfile::tempdir().unwrap();
    let outline = "Feature: Rows\n\n  @ROWS-001 @must @covers:RFC8414-3.2-json\n  Scenario Outline: The metadata is told: <time>\n    \
                   Whoever asks often is answered often.\n\n    \
                   When the TPP fetches the metadata document\n    Then the metadata is served as JSON\n\n    \
                   Examples:\n      | time |\n      | once |\n      | again |\n";
    fs::write(features.path().join("rows.feature"), outline).unwrap();
    let bank = bank_saying(2, vec![PAGE, PAGE, BROKEN, BROKEN]).await;
    let judged = judge(&bank, &["ROWS", "--features", features.path().to_str().unwrap()], PATIENCE).await;
    let check = &judged.results["checks"][0];
    assert_eq!(check["verdict"], "inconclusive", "{check:#}");
    assert_eq!(judged.exchanges.iter().filter(|exchange| exchange["check"] == "ROWS-001").count(), 4);
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

/// The bank is killed once so many checks are done. Whatever comes after, nobody is accused of it.
#[test]
fn a_bank_that_dies_in_mid_run_is_not_asked_for_the_rest_and_not_accused() {
    for (jobs, after) in [("1", 5), ("4", 40)] {
        let desk = Desk::new();
        let bank = desk.bank("bank.toml", &[]);
        let mut session = desk.spawn(&["run", "bank.toml", "--out", "out", "--jobs", jobs]);
        let is_judged = |line: &&str| line.contains("\"check-finished\"") && !line.contains("\"not-applicable\"");
        let finished = |journal: &str| journal.lines().filter(is_judged).count();
        eventually("some checks to be done", || {
            let folder = desk.runs().pop()?;
            (finished(&fs::read_to_string(folder.0.join("journal.ndjson")).ok()?) >= after).then_some(())
        });
        bank.end();
        let code = eventually("the run to end", || session.try_wait().unwrap()).code();
        assert_eq!(code, Some(3), "with {jobs} jobs");

        let run = desk.last_run();
        let results = run.results();
        let told = |check: &Value| format!("{} {}: {}", check["id"], check["verdict"], check["reason"]);
        let checks = results["checks"].as_array().unwrap();
        let of_verdict =
            |verdict: &str| checks.iter().filter(|check| check["verdict"] == verdict).map(told).collect::<Vec<_>>();
        let accused: Vec<String> = ["fail", "warn", "info"].into_iter().flat_map(of_verdict).collect();
        assert_eq!(accused, Vec::<String>::new(), "with {jobs} jobs");
        assert!(of_verdict("pass").len() >= after);
        let untold = of_verdict("inconclusive");
        let gone = |reason: &&String| reason.contains("environment: 127.0.0.1:") && reason.contains(GONE);
        assert!(untold.iter().filter(gone).count() > 50, "with {jobs} jobs: {untold:#?}");

        let mut exchanges = run.events();
        exchanges.retain(|event| event["event"] == "exchange");
        // What failed without a connection and was asked all the same: a few at each server.
        let refused = |exchange: &&Value| {
            let message = exchange["answer"]["message"].as_str().unwrap_or_default();
            exchange["answer"]["layer"] == "connect" && !message.contains(GONE)
        };
        let tried = exchanges.iter().filter(refused).count();
        assert!(tried <= 30, "with {jobs} jobs, a dead bank was asked {tried} times");
    }
}

/// A server that hangs: the system still takes its connections, and nobody secures them.
#[tokio::test]
async fn a_bank_that_hangs_is_not_waited_for_again_and_again() {
    let (listener, base) = listener().await;
    let (metadata, asked) = (metadata(&base), Arc::new(AtomicUsize::new(0)));
    let served = asked.clone();
    tokio::spawn(async move {
        let acceptor = acceptor(Client::Anyone, rustls::ALL_VERSIONS, 2);
        let (tcp, _) = listener.accept().await.unwrap();
        let mut stream = acceptor.accept(tcp).await.unwrap();
        let _ = stream.read(&mut [0; 8192]).await;
        let _ = stream.write_all(metadata.as_bytes()).await;
        let _ = stream.shutdown().await;
        // From now on connections are taken, and nothing is said.
        let mut silent = Vec::new();
        while let Ok((tcp, _)) = listener.accept().await {
            served.fetch_add(1, Ordering::Relaxed);
            silent.push(tcp);
        }
    });
    let bank = Bank { timeout_seconds: 1, ..Bank::new(&base) };
    let judged = judge(&bank, &["META", "PKCE", "STATE", "REDIR"], PATIENCE).await;
    assert_eq!((judged.exit, judged.accusing()), (3, Vec::new()), "{}", judged.said);
    assert!(judged.reason("PKCE-003").contains(GONE), "{}", judged.said);
    let asked = asked.load(Ordering::Relaxed);
    assert!(asked <= 30, "a bank that hangs was asked {asked} times");
}

const GONE: &str = "does not answer any more since";

//! Broken and hostile banks: each gets a verdict or an `inconclusive`, never a panic, a hang or a broken report, and
//! never a secret that is not its own.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

#[path = "broken_banks/answers.rs"]
mod answers;
#[path = "broken_banks/cases.rs"]
mod cases;
#[path = "broken_banks/echoes.rs"]
mod echoes;
#[path = "support/encodings.rs"]
mod encodings;
#[path = "broken_banks/pages.rs"]
mod pages;
#[path = "broken_banks/strangers.rs"]
mod strangers;
#[path = "broken_banks/wire.rs"]
mod wire;

use std::{sync::Arc, time::Duration};

use cases::{Case, Places};
use futures::{StreamExt, stream};
use support::{Bank, Judged, judge};
use tokio::sync::Semaphore;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate, matchers::any};

/// No run of a few checks may take longer, whatever the bank does.
const BOUND: Duration = Duration::from_secs(60);
/// Runs at a time, of all tests together: what a bank lawfully does must not run into the timeouts of its case.
static AT_ONCE: Semaphore = Semaphore::const_new(5);

struct Play(Case, Arc<Places>);

impl Respond for Play {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        (self.0.answers)(request, &self.1).unwrap_or_else(|| answers::lawful(request, &self.1))
    }
}

/// Everything that a case came to that it should not have come to.
async fn try_out(case: Case) -> Vec<String> {
    let server = MockServer::start().await;
    let (door, base) = support::listener().await;
    let (back, raw) = support::listener().await;
    let authority = base.trim_start_matches("https://").to_owned();
    support::terminate(door, *server.address());
    wire::play(back, case.wire);
    let elsewhere = base.replace("localhost", "127.0.0.1");
    let plain = server.uri().replace("127.0.0.1", "localhost");
    let places = Arc::new(Places { base, raw, elsewhere, plain });
    Mock::given(any()).respond_with(Play(case, places.clone())).mount(&server).await;
    let bank = Bank {
        api: case.payments.then(|| places.base.clone()),
        capabilities: case.capabilities,
        hosts: vec![places.raw.trim_start_matches("https://").to_owned()],
        timeout_seconds: case.timeout_seconds,
        ..Bank::new(if case.only_wire { &places.raw } else { &places.base })
    };
    let turn = AT_ONCE.acquire().await.unwrap();
    let judged = judge(&bank, case.checks, BOUND).await;
    drop(turn);
    let mut problems = problems(&case, &judged);
    for request in server.received_requests().await.unwrap() {
        let host = request.headers["host"].to_str().unwrap();
        if host != authority {
            problems.push(format!("{} {} went to {host}", request.method, request.url.path()));
        }
    }
    problems.iter().map(|problem| format!("{}: {problem}", case.name)).collect()
}

fn problems(case: &Case, judged: &Judged) -> Vec<String> {
    let mut problems = judged.defects.clone();
    if judged.exit != case.exit {
        problems.push(format!("exit {} instead of {}: {}", judged.exit, case.exit, judged.said));
    }
    if judged.accusing() != case.accusing {
        let reasons = judged.accusing().iter().map(|id| format!("{id} {}", judged.reason(id))).collect::<Vec<_>>();
        problems.push(format!("accuses {reasons:?} instead of {:?}", case.accusing));
    }
    for (check, verdict) in case.verdicts {
        if judged.verdict(check) != *verdict {
            let (actual, reason) = (judged.verdict(check), judged.reason(check));
            problems.push(format!("{check} is \"{actual}\" instead of {verdict}: {reason}"));
        }
    }
    problems
}

async fn try_all(cases: &'static [Case]) {
    let tried =
        stream::iter(cases.iter().copied().map(|case| tokio::spawn(try_out(case)))).buffer_unordered(cases.len());
    let problems: Vec<String> = tried.map(Result::unwrap).flat_map(stream::iter).collect().await;
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn broken_metadata() {
    try_all(cases::METADATA).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn broken_pages() {
    try_all(cases::PAGES).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn broken_tokens_and_payments() {
    try_all(cases::API).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn broken_connections() {
    try_all(cases::CONNECTIONS).await;
}

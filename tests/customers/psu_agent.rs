//! The PSU agent at login pages that are not the bundled bank's: other fields, buttons, page counts and ways back. All
//! of these banks are lawful, so every check that accuses one of them is wrong.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use crate::support;

#[path = "psu_agent/four_pages.rs"]
mod four_pages;
#[path = "psu_agent/one_at_a_time.rs"]
mod one_at_a_time;
#[path = "psu_agent/one_page.rs"]
mod one_page;
#[path = "psu_agent/other_host.rs"]
mod other_host;
#[path = "psu_agent/server.rs"]
pub(crate) mod server;

use std::time::Duration;

use axum::Router;
use server::Core;
use support::{Bank, Judged, judge};
use tokio::net::TcpListener;

/// Everything that the pages have a part in.
const CHECKS: [&str; 7] = ["AUTHZ", "FLOW", "META", "PKCE", "PSU", "REDIR", "STATE"];
const BOUND: Duration = Duration::from_secs(120);

/// Serves an application behind TLS.
async fn open(door: TcpListener, router: Router) {
    let inside = TcpListener::bind("127.0.0.1:0").await.unwrap();
    support::terminate(door, inside.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(inside, router).await.unwrap() });
}

async fn judged(issuer: &str, psu: String, checks: &[&str]) -> Judged {
    let bank = Bank { psu, capabilities: &["psu-may-be-locked", "protected-resource"], ..Bank::new(issuer) };
    judge(&bank, checks, BOUND).await
}

/// Nothing is accused, nothing remains untold, and these checks have really run.
fn assert_lawful(judged: &Judged, passed: &[&str]) {
    assert_eq!(judged.defects, [""; 0], "{}", judged.said);
    assert_eq!(judged.accusing(), [""; 0], "{}", judged.said);
    assert_eq!(judged.exit, 0, "{}", judged.said);
    for check in passed {
        assert_eq!(judged.verdict(check), "pass", "{check}: {}", judged.reason(check));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_page_with_everything() {
    let (door, base) = support::listener().await;
    let core = Core::new(&base, &base);
    open(door, core.router().merge(one_page::router(&core))).await;
    let judged = judged(&base, one_page::psu(), &CHECKS).await;
    assert_lawful(&judged, &["FLOW-001", "FLOW-003", "AUTHZ-006", "AUTHZ-008", "STATE-002", "PSU-002", "PSU-004"]);
    assert_eq!(judged.verdict("PSU-001"), "not-applicable");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_pages_with_a_cookie() {
    let (door, base) = support::listener().await;
    let core = Core::new(&base, &base);
    open(door, core.router().merge(four_pages::router(&core))).await;
    let judged = judged(&base, four_pages::psu(), &CHECKS).await;
    assert_lawful(&judged, &["FLOW-001", "FLOW-003", "AUTHZ-006", "STATE-002", "PSU-001", "PSU-002", "PSU-004"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_session_at_a_time_behind_a_question_about_cookies() {
    let (door, base) = support::listener().await;
    let core = Core::new(&base, &base);
    let openid = core.router_with("/.well-known/openid-configuration");
    open(door, openid.merge(one_at_a_time::router(&core))).await;
    let bank = Bank { psu: one_at_a_time::psu(), capabilities: &["protected-resource"], ..Bank::new(&base) };
    let judged = judge(&bank, &CHECKS, BOUND).await;
    assert_lawful(&judged, &["FLOW-001", "FLOW-003", "AUTHZ-006", "AUTHZ-008", "STATE-002", "PKCE-003"]);
    // Nobody has said that the customer may be locked out, so nobody mistypes three times.
    assert_eq!(judged.verdict("PSU-004"), "not-applicable");
}

async fn two_hosts() -> String {
    let ((door, base), (pages_door, pages)) = (support::listener().await, support::listener().await);
    let core = Core::new(&base, &pages.replace("localhost", "127.0.0.1"));
    open(door, core.router().merge(other_host::front(&core))).await;
    open(pages_door, other_host::pages(&core)).await;
    base
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_at_another_host_that_never_redirect() {
    let judged = judged(&two_hosts().await, other_host::psu("[\"127.0.0.1\"]"), &CHECKS).await;
    assert_lawful(&judged, &["FLOW-001", "FLOW-003", "AUTHZ-006", "STATE-002", "PSU-001", "PSU-002", "PSU-004"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_at_a_host_that_the_target_file_does_not_name() {
    let judged = judged(&two_hosts().await, other_host::psu("[]"), &["FLOW-001", "AUTHZ-006", "PSU-001"]).await;
    assert_eq!((judged.exit, judged.accusing()), (3, Vec::new()), "{}", judged.said);
    let reason = judged.reason("FLOW-001");
    assert!(reason.contains("127.0.0.1") && reason.contains("hosts"), "{reason}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_that_no_page_has_accuse_nobody() {
    let (door, base) = support::listener().await;
    let core = Core::new(&base, &base);
    open(door, core.router().merge(four_pages::router(&core))).await;
    let psu = four_pages::psu().replace("Auftrag ", "Payment ").replace("abbruch", "cancel");
    let judged = judged(&base, psu, &["FLOW-001", "AUTHZ-006", "PSU-001"]).await;
    assert_eq!(judged.accusing(), [""; 0], "{}", judged.said);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn credentials_that_are_wrong_in_the_target_file_accuse_nobody() {
    let (door, base) = support::listener().await;
    let core = Core::new(&base, &base);
    open(door, core.router().merge(one_page::router(&core))).await;
    let psu = one_page::psu().replace(support::PASSWORD, "another-password");
    let judged = judged(&base, psu, &["FLOW-001", "AUTHZ-006"]).await;
    assert_eq!((judged.exit, judged.accusing()), (3, Vec::new()), "{}", judged.said);
}

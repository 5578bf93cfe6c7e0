//! Every way to the bank obeys the `[network]` table: proxies, addresses, anchors. The bank goes by a name that no DNS knows.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]
#![allow(dead_code, reason = "each file of tests uses its part of the support")]

#[path = "support/connect_proxy.rs"]
mod connect_proxy;
#[path = "sessions/support.rs"]
mod support;

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
};

use bankproof::{
    bank::Settings,
    catalogue::Catalogue,
    run::{
        bundled,
        event::{Event, Verdict},
        execute::{Order, execute},
        plan::Selection,
    },
    targets,
};
use connect_proxy::{ConnectProxy, Manner};
use support::{Desk, Ended, ForeignBank};

const NAME: &str = "bank.bankproof.test";
/// Checks that reach the bank in every way: HTTP, bare TLS, greetings, without TLS, with one session at two hosts.
const CHECKS: [&str; 6] = ["TLS", "CERT-001", "CERT-004", "CERT-023", "PKCE-003", "META-001"];

/// A bank that goes by its name, and its target file without the address that it is at.
fn nameless_bank(desk: &Desk) -> (ForeignBank, String) {
    let bank = desk.bank_with("t.toml", &["--habit", "known-by-name"]);
    let text = desk.read("t.toml");
    let table = format!("[network.hosts.\"{NAME}\"]\naddress = \"127.0.0.1\"\n");
    assert!(text.contains(&table), "{text}");
    (bank, text.replace(&table, ""))
}

fn with(text: &str, network: &str) -> String {
    format!("{text}\n[network]\n{network}\n")
}

fn judge(desk: &Desk, environment: &[(&str, &str)], checks: &[&str]) -> Ended {
    desk.bankproof_in(environment, &[&["run", "--out", "out", "t.toml"], checks].concat())
}

#[test]
fn a_run_goes_through_the_proxy_and_nowhere_else() {
    let desk = Desk::new();
    let (_bank, text) = nameless_bank(&desk);
    // "tester:open-sesame-4711"
    let proxy = ConnectProxy::start(Manner::Knows("dGVzdGVyOm9wZW4tc2VzYW1lLTQ3MTE="));
    let login = "proxy_user = \"tester\"\nproxy_password = { env = \"PROXY_PASSWORD\" }";
    desk.write("t.toml", &with(&text, &format!("proxy = \"{}\"\n{login}", proxy.url())));
    let ended = judge(&desk, &[("PROXY_PASSWORD", "open-sesame-4711")], &CHECKS);
    let run = desk.last_run();
    assert_eq!(run.with("inconclusive"), Vec::<String>::new(), "{}", ended.stdout);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    let asked = proxy.asked();
    assert!(asked.len() > 20, "{asked:?}");
    assert!(asked.iter().all(|authority| authority.starts_with(NAME)), "{asked:?}");
    let journal = run.read("journal.ndjson");
    assert!(
        !journal.contains("open-sesame-4711") && !journal.contains("dGVzdGVyOm9wZW4"),
        "a secret is in the journal"
    );
}

#[test]
fn a_host_is_reached_at_its_address_and_the_environment_is_not_asked() {
    let desk = Desk::new();
    let (_bank, text) = nameless_bank(&desk);
    let proxy = ConnectProxy::start(Manner::Connects);
    let environment = [("HTTPS_PROXY", proxy.url()), ("https_proxy", proxy.url()), ("ALL_PROXY", proxy.url())];
    let environment: Vec<(&str, &str)> = environment.iter().map(|(name, url)| (*name, url.as_str())).collect();
    desk.write("t.toml", &with(&text, &format!("[network.hosts.\"{NAME}\"]\naddress = \"127.0.0.1\"")));
    let ended = judge(&desk, &environment, &CHECKS);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    assert_eq!(proxy.asked(), Vec::<String>::new());
    desk.write("t.toml", &with(&text, "proxy = \"environment\""));
    let ended = judge(&desk, &environment, &["CERT-023"]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    assert!(!proxy.asked().is_empty());
    // Whom the environment exempts is looked for by name, and nobody knows that name.
    let exempt = [environment.clone(), vec![("NO_PROXY", "other.example,bankproof.test")]].concat();
    let asked = proxy.asked().len();
    assert_eq!(judge(&desk, &exempt, &["CERT-023"]).code, 3);
    assert_eq!(proxy.asked().len(), asked);
}

#[test]
fn a_proxy_that_refuses_is_named_and_no_bank_accused() {
    let desk = Desk::new();
    let (_bank, text) = nameless_bank(&desk);
    for (manner, words) in [
        (Manner::Refuses("403 Forbidden"), "403 Forbidden"),
        (Manner::Knows("c29tZWJvZHk6ZWxzZQ=="), "407 Proxy Authentication Required"),
        (Manner::Refuses("503 Busy"), "503 Busy"),
    ] {
        let proxy = ConnectProxy::start(manner);
        desk.write("t.toml", &with(&text, &format!("proxy = \"{}\"", proxy.url())));
        let ended = judge(&desk, &[], &CHECKS);
        assert_eq!(ended.code, 3, "{manner:?}: {}{}", ended.stdout, ended.stderr);
        let run = desk.last_run();
        let accused = [run.with("fail"), run.with("warn"), run.with("info"), run.with("pass")].concat();
        assert_eq!(accused, Vec::<String>::new(), "{manner:?}");
        let reason = run.check("PKCE-003")["reason"].to_string();
        assert!(reason.contains("environment") && reason.contains(&proxy.url()) && reason.contains(words), "{reason}");
    }
    desk.write("t.toml", &with(&text, "proxy = \"http://127.0.0.1:1\""));
    assert_eq!(judge(&desk, &[], &CHECKS).code, 3);
    let reason = desk.last_run().check("PKCE-003")["reason"].to_string();
    assert!(reason.contains("the proxy http://127.0.0.1:1 cannot be reached"), "{reason}");
}

#[test]
fn a_proxy_that_repeats_its_password_is_quoted_without_it() {
    let desk = Desk::new();
    let (_bank, text) = nameless_bank(&desk);
    let proxy = ConnectProxy::start(Manner::Repeats("tester:open-sesame-4711"));
    let login = "proxy_user = \"tester\"\nproxy_password = \"open-sesame-4711\"";
    desk.write("t.toml", &with(&text, &format!("proxy = \"{}\"\n{login}", proxy.url())));
    let ended = judge(&desk, &[], &CHECKS);
    assert_eq!(ended.code, 3, "{}{}", ended.stdout, ended.stderr);
    let run = desk.last_run();
    let examined = desk.bankproof(&["doctor", "t.toml"]);
    assert_eq!(examined.code, 3, "{}{}", examined.stdout, examined.stderr);
    let examined_for_machines = desk.bankproof(&["doctor", "t.toml", "--format", "json"]);
    let files = ["report.html", "results.json", "junit.xml", "journal.ndjson"].map(|name| (name, run.read(name)));
    let told = [
        ("stdout", ended.stdout),
        ("stderr", ended.stderr),
        ("doctor", examined.stdout + &examined.stderr),
        ("doctor as JSON", examined_for_machines.stdout + &examined_for_machines.stderr),
    ];
    let quoted = ["results.json", "junit.xml", "journal.ndjson", "doctor", "doctor as JSON"];
    for (name, text) in files.into_iter().chain(told) {
        for secret in ["open-sesame-4711", "dGVzdGVyOm9wZW4tc2VzYW1lLTQ3MTE", "b3Blbi1zZXNhbWUtNDcxM"] {
            assert!(!text.contains(secret), "{name} holds {secret}: {text}");
        }
        assert!(!quoted.contains(&name) || text.contains("407 Who is tester:‹password:"), "{name}: {text}");
    }
}

#[test]
fn a_host_may_have_anchors_of_its_own() {
    let desk = Desk::new();
    let (_bank, text) = nameless_bank(&desk);
    assert_eq!(desk.bankproof(&["certs", "issue", "--out", "other"]).code, 0);
    let others = text.replacen("t-identities/ca-root.pem", "other/ca-root.pem", 1);
    let host = format!("[network.hosts.\"{NAME}\"]\naddress = \"127.0.0.1\"\n");
    desk.write("t.toml", &with(&others, &host));
    let ended = judge(&desk, &[], &["CERT-023"]);
    assert_eq!(ended.code, 3, "{}{}", ended.stdout, ended.stderr);
    let own = format!("{host}trust_anchors = [\"t-identities/ca-root.pem\"]\ntimeout_seconds = 30");
    desk.write("t.toml", &with(&others, &own));
    let ended = judge(&desk, &[], &["CERT-023", "PKCE-003", "TLS"]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
}

#[test]
fn a_network_that_cannot_be_is_refused_with_line_and_mend() {
    let desk = Desk::new();
    let (_bank, text) = nameless_bank(&desk);
    let host = |lines: &str| format!("[network.hosts.\"{NAME}\"]\n{lines}");
    for (network, key) in [
        ("proxy = \"proxy.example:3128\"".to_owned(), "`network.proxy`"),
        ("proxy = \"https://proxy.example\"".to_owned(), "only proxies that are spoken to by http://"),
        ("proxy = \"http://me:open-sesame-4711@proxy.example\"".to_owned(), "names a user"),
        ("proxy_user = \"me\"".to_owned(), "without `network.proxy`"),
        ("requests_per_second = 0".to_owned(), "`network.requests_per_second`"),
        ("concurrency = 0".to_owned(), "`network.concurrency`"),
        ("quiet_hours = [\"at night\"]".to_owned(), "`network.quiet_hours`"),
        ("utc_offset = \"CET\"".to_owned(), "`network.utc_offset`"),
        (host("address = \"bank.example\""), "which is no address"),
        (host("address = \"127.0.0.1\"\nproxy = \"http://proxy.example\""), "cannot both hold"),
        ("[network.hosts.\"127.0.0.1\"]\naddress = \"10.0.0.1\"".to_owned(), "an address already"),
        (
            "[[network.maintenance]]\nfrom = \"2026-12-01T22:00:00Z\"\nuntil = \"tomorrow\"\nreason = \"r\"".to_owned(),
            "`network.maintenance.until`",
        ),
    ] {
        desk.write("t.toml", &with(&text, &network));
        let ended = judge(&desk, &[], &["META-001"]);
        assert_eq!(ended.code, 2, "{network}: {}{}", ended.stdout, ended.stderr);
        for word in [key, "mend: ", "t.toml"] {
            assert!(ended.stderr.contains(word), "{network}: \"{word}\" is not in {}", ended.stderr);
        }
        assert!(!ended.stderr.contains("open-sesame"), "{}", ended.stderr);
    }
}

#[test]
fn a_run_in_announced_maintenance_asks_nothing() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    let text = desk.read("t.toml");
    let now = time::OffsetDateTime::now_utc();
    let at = |hours: i64| {
        (now + time::Duration::hours(hours)).format(&time::format_description::well_known::Rfc3339).unwrap()
    };
    let window = |from: i64, until: i64| {
        format!("[[network.maintenance]]\nfrom = \"{}\"\nuntil = \"{}\"\nreason = \"release 7\"", at(from), at(until))
    };
    desk.write("t.toml", &with(&text, &format!("concurrency = 1\nrequests_per_second = 500\n{}", window(-1, 1))));
    let ended = judge(&desk, &[], &["PKCE-003", "META-001"]);
    assert_eq!(ended.code, 3, "{}{}", ended.stdout, ended.stderr);
    let run = desk.last_run();
    assert_eq!(run.requests(), []);
    let reason = run.check("PKCE-003")["reason"].as_str().unwrap().to_owned();
    assert!(reason.starts_with("environment: maintenance: release 7, until "), "{reason}");
    assert_eq!(judge(&desk, &[], &["PKCE-003", "META-001", "--ignore-quiet-hours"]).code, 0);
    desk.write("t.toml", &with(&text, &window(1, 2)));
    assert_eq!(judge(&desk, &[], &["META-001"]).code, 0);
}

#[tokio::test]
async fn a_run_that_comes_into_maintenance_asks_nothing_more() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.toml");
    let (bank, pki) = bundled::start(Settings::default()).await.unwrap();
    bundled::write_target(&path, &bank, &pki, &BTreeSet::new()).unwrap();
    let window = "[[network.maintenance]]\nfrom = \"2030-01-01T02:00:00Z\"\nuntil = \"2030-01-01T04:00:00Z\"\nreason = \"release 7\"";
    std::fs::write(&path, with(&std::fs::read_to_string(&path).unwrap(), window)).unwrap();
    let mut target = targets::load(&path).unwrap();
    // Every look at the clock is ten minutes later: the window begins with the thirteenth.
    let looks = AtomicI64::new(0);
    target.network.calendar = target.network.calendar.with_clock(move || {
        time::macros::datetime!(2030-01-01 00:00 UTC)
            + time::Duration::minutes(10 * looks.fetch_add(1, Ordering::Relaxed))
    });
    let prefixes = vec!["PKCE".to_owned(), "META".to_owned(), "FLOW".to_owned()];
    let order = Order {
        target: Arc::new(target),
        catalogue: Arc::new(Catalogue::load(None).unwrap()),
        selection: Selection { prefixes, tags: None, level: None },
        waivers: Default::default(),
        jobs: 1,
        slow: false,
        min_share: 0,
        resumed: None,
        stop: Arc::default(),
        run_id: "test".into(),
    };
    let told: Arc<Mutex<Vec<Event>>> = Arc::default();
    let log = told.clone();
    execute(order, Arc::new(move |event: &Event| log.lock().unwrap().push(event.clone()))).await.unwrap();
    bank.stop().await;
    let told = told.lock().unwrap();
    let results: Vec<_> = told
        .iter()
        .filter_map(|event| match event {
            Event::CheckFinished(result) => Some(result),
            _ => None,
        })
        .collect();
    let late: Vec<_> = results.iter().filter(|result| result.reason.contains("maintenance: release 7")).collect();
    assert!(results.iter().any(|result| result.verdict == Verdict::Pass) && late.len() > 3, "{results:?}");
    assert!(
        late.iter().all(|result| result.verdict == Verdict::Inconclusive && result.exchanges.is_empty()),
        "{late:?}"
    );
}

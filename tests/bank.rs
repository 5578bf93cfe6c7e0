//! The bundled bank, judged by hand: one flow from end to end, and its rules one by one.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]

#[path = "support/difference.rs"]
mod difference;

#[path = "bank/world.rs"]
mod world;

#[path = "bank/doors.rs"]
mod doors;

#[path = "bank/probes/mod.rs"]
mod probes;

#[path = "bank/rules.rs"]
mod rules;

#[path = "bank/signatures.rs"]
mod signatures;

#[path = "bank/uk_open_banking.rs"]
mod uk_open_banking;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use bankproof::bank::{Dialect, faults};
use world::{APPROVE, STATE, World};

#[tokio::test]
async fn a_payment_goes_from_initiation_to_execution() {
    let world = World::new(&[]).await;
    let payment = world.payment().await;
    let browsed = world.browse(world.authorization(&payment, &[]), APPROVE).await;
    assert_eq!(browsed.status, 303);
    assert_eq!(browsed.param("state").as_deref(), Some(STATE));
    assert_eq!(browsed.param("iss").as_ref(), Some(&world.bank.issuer));
    assert!(browsed.pages.contains("123.50") && browsed.pages.contains("Müller &amp; Söhne &lt;GmbH&gt;"));

    let (status, tokens) = world.redeem(&browsed.param("code").unwrap(), &[]).await;
    assert_eq!(status, 200, "{tokens}");
    let response = world.read(&world.a, &payment, tokens["access_token"].as_str().unwrap()).await;
    assert_eq!(response.status(), 200);
    let body: serde_json::Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    assert_eq!(body["transactionStatus"], "ACCP");
    assert_eq!(body["creditorName"], "Müller & Söhne <GmbH>");

    world.advance(60).await;
    let status = world::identified(world.a.get(format!("{}/status", world.payment_url(&payment))));
    assert_eq!(world::answer(status).await.1["transactionStatus"], "ACSC");
    world.bank.stop().await;
}

#[tokio::test]
async fn another_verifier_is_refused_unless_the_bank_is_told_not_to_look() {
    let another = [("code_verifier", "another-verifier-another-verifier-another-verifier")];
    for (faults, expected) in [(&[][..], 400), (&["pkce-verifier-unchecked"], 200)] {
        let world = World::new(faults).await;
        let code = world.code(&world.payment().await).await;
        let (status, body) = world.redeem(&code, &another).await;
        assert_eq!(status, expected, "{body}");
    }
}

/// Faults that break what only a bank with that habit keeps to.
const BROKEN: [(&str, &str); 3] = [
    ("code-outlives-a-minute", "codes-live-a-minute"),
    ("assertion-with-loose-audience-accepted", "assertions-for-its-issuer-alone"),
    ("par-takes-loose-audience", "assertions-for-its-issuer-alone"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_clean_bank_behaves_and_each_fault_shows() {
    let mut wrong = Vec::new();
    for (fault, probe) in probes::all() {
        let habits: Vec<&str> = BROKEN.iter().filter(|(id, _)| *id == fault).map(|(_, habit)| *habit).collect();
        let world = async |faults: &[&str]| World::with(Dialect::BerlinGroup, faults, &habits).await;
        if !probe(&world(&[]).await).await {
            wrong.push(format!("{fault}: the clean bank does it"));
        }
        if probe(&world(&[fault]).await).await {
            wrong.push(format!("{fault}: the bank does not do it when told to"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The faults of the bank's TLS do not show over HTTP: `tests/tls_picture` and the proof look at the handshakes.
const OF_TLS: &str = include_str!("../src/bank/faults/tls.rs");

#[test]
fn every_fault_has_a_probe() {
    let probed: BTreeSet<_> = probes::all().iter().map(|(fault, _)| *fault).collect();
    let known: BTreeSet<_> = faults::all().iter().map(|fault| fault.id).collect();
    let known: BTreeSet<_> = known.into_iter().filter(|id| !OF_TLS.contains(&format!("\"{id}\""))).collect();
    let mend = "a row in the file of tests/bank/probes where the probes of its area are: `\"fault-id\": |world| …;`, true where the \
                bank behaves";
    difference::same("probes of faults", known, probed, mend);
}

/// So that a search for a fault's id finds the one place where the bank bends.
#[test]
fn each_fault_is_asked_for_at_one_place() {
    let source: String = sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/bank")));
    // What is said of cells names no place where the bank bends.
    let source = source.replace(include_str!("../src/bank/faults/cells.rs").split("#[cfg(test)]").next().unwrap(), "");
    for fault in faults::all() {
        let places = source.matches(&format!("\"{}\"", fault.id)).count();
        assert_eq!(
            places, 2,
            "{}: it has to be written twice in src/bank: in its row, and where `faults.on` asks for it",
            fault.id
        );
    }
}

/// The code of a folder, without its tests.
fn sources(folder: &Path) -> String {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let read = |path: PathBuf| match path.extension().is_some_and(|extension| extension == "rs") {
        true => std::fs::read_to_string(path).unwrap().split("#[cfg(test)]").next().unwrap_or_default().to_owned(),
        false if path.is_dir() => sources(&path),
        false => String::new(),
    };
    entries.map(read).collect()
}

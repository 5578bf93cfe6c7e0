//! On which terms a bank is judged: tolerances, wishes and deviations of the target file and of the bank's profile. All are
//! shown, and none turns a failure green.

use std::fs;

use super::support::{Desk, Ended};

/// The target file with those lines at its top, and those tables at its end.
fn add(desk: &Desk, top: &str, tables: &str) {
    let text = desk.read("t.toml");
    desk.write("t.toml", &format!("{top}\n{text}\n{tables}\n"));
}

/// Everything that people read of a run.
fn told(desk: &Desk, ended: &Ended) -> [String; 3] {
    let page = desk.last_run().read("report.html");
    [ended.stdout.clone(), ended.stderr.clone(), page]
}

#[test]
fn a_tolerance_changes_the_verdict_and_is_shown() {
    let desk = Desk::new();
    let _bank = desk.bank_with("t.toml", &["--habit", "tokens-honoured-five-minutes-longer"]);
    let usual = desk.run(&["t.toml", "TOKEN-015"]);
    assert_eq!(desk.last_run().check("TOKEN-015")["verdict"], "pass", "{}", usual.stdout);
    assert_eq!(desk.last_run().results()["target"]["terms"], serde_json::Value::Null);
    add(&desk, "", "[tolerances]\ntoken_expiry_seconds = 60\nreason = \"we ask more of ourselves\"");
    let strict = desk.run(&["t.toml", "TOKEN-015"]);
    assert_eq!(desk.last_run().check("TOKEN-015")["verdict"], "fail", "{}", strict.stdout);
    let says = "an access token may be honoured after its end for 60 seconds (330 where nothing is said)";
    for told in told(&desk, &strict) {
        assert!(told.contains(says) && told.contains("we ask more of ourselves"), "{told}");
    }
    assert_eq!(desk.last_run().results()["target"]["terms"][0]["kind"], "tolerance");
}

#[test]
fn a_bank_that_wants_more_is_judged_where_the_file_says_what() {
    let desk = Desk::new();
    let _bank = desk.bank_with("t.toml", &["--habit", "wants-more-of-requests", "--require-signatures"]);
    assert!(desk.read("t.toml").contains("[[requests]]"), "the target file says nothing of what the bank wants");
    assert_eq!(desk.run(&["t.toml", "BG-001", "FLOW-003"]).code, 0);
    for told in [desk.last_run().read("report.html"), desk.last_run().read("results.json")] {
        assert!(told.contains("initiation is sent with PSU-ID, with a body that has creditorAddress"));
        assert!(!told.contains("max.mustermann"), "who the customer is stands in the report");
    }
    let journal = desk.last_run().read("journal.ndjson");
    assert!(journal.contains("creditorAddress") && !journal.contains("max.mustermann"));
    // What is sent otherwise is signed as it is sent, and this bank would not have it otherwise.
    assert!(journal.contains("headers=\\\"digest x-request-id psu-id tpp-redirect-uri\\\""), "PSU-ID is not signed");
}

const FAULT: &[&str] = &["pkce-verifier-unchecked"];

fn deviation(check: &str, more: &str) -> String {
    format!("[[deviation]]\nchecks = [\"{check}\"]\nreason = \"mended in release 8\"\nsince = \"release 5\"\n{more}\n")
}

#[test]
fn a_declared_deviation_is_shown_beside_the_failure_and_forgives_nothing() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", FAULT);
    add(&desk, "", &deviation("PKCE-003", ""));
    let ended = desk.run(&["t.toml", "PKCE-003"]);
    assert_eq!(ended.code, 1, "{}", ended.stdout);
    let check = desk.last_run().check("PKCE-003");
    assert_eq!(
        (check["verdict"].as_str(), check["declared"].as_str()),
        (Some("fail"), Some("mended in release 8 (since release 5)"))
    );
    assert_eq!(desk.last_run().results()["declarations"][0]["as_declared"], true);
    assert_eq!(super::support::complaints_of_schema(&desk.last_run().results()), Vec::<String>::new());
    for told in [ended.stdout, desk.last_run().read("report.html"), desk.last_run().read("junit.xml")] {
        assert!(told.contains("mended in release 8"), "{told}");
    }
}

#[test]
fn a_declaration_that_explains_nothing_is_told() {
    let seen = "seen = \"the customer is sent away\"";
    for (faults, declared, came) in [
        (&[][..], deviation("PKCE-003", ""), "the declaration is stale"),
        (FAULT, deviation("PKCE-003", seen), "otherwise than declared"),
        (FAULT, deviation("STATE-001", ""), "was not selected"),
        (FAULT, deviation("PKCE-999", ""), "there is no such check"),
    ] {
        let desk = Desk::new();
        let _bank = desk.bank("t.toml", faults);
        add(&desk, "", &declared);
        let ended = desk.run(&["t.toml", "PKCE-003"]);
        assert!(desk.last_run().check("PKCE-003")["declared"].is_null());
        assert!(ended.stdout.contains(came), "{came}: {}", ended.stdout);
        assert!(desk.last_run().read("report.html").contains(came), "{came} is not on the page");
        assert_eq!(ended.code, i32::from(!faults.is_empty()));
    }
}

#[test]
fn a_bank_s_profile_is_taken_in() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    desk.write(
        "bank-profile.toml",
        "name = \"Example Bank, release 7\"\ncapabilities = [\"cancellation\"]\n[tolerances]\ntoken_expiry_seconds = 600\n\
         revocation_delay_seconds = 20\n[[deviation]]\nchecks = [\"PKCE-003\"]\nreason = \"x\"\n",
    );
    add(&desk, "profile_file = \"bank-profile.toml\"", "[tolerances]\ntoken_expiry_seconds = 120");
    let ended = desk.run(&["t.toml", "PKCE-003"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    for says in
        ["described by Example Bank, release 7", "for 120 seconds", "for 20 seconds", "the declaration is stale"]
    {
        assert!(ended.stdout.contains(says), "{says}: {}", ended.stdout);
    }
}

#[test]
fn what_is_wrong_with_a_profile_is_told_with_its_line() {
    for (profile, complaints) in [
        ("name = \"x\"\ncapabilities = [\"cancelation\"]\n", &["line 2", "cancelation"][..]),
        ("name = \"x\"\n[[identity]]\nname = \"x\"\n", &["line 2", "identity"]),
        ("name = \"x\"\n[tolerances]\ntoken_expiry_seconds = 7200\n", &["line 3", "more than an hour"]),
        ("name = \"x\"\n[[requests]]\nheaders = { Host = \"x\" }\n", &["line 3", "Host", "transport"]),
        ("name = \"x\"\n[[requests]]\noperations = [\"pay\"]\n", &["line 3", "pay"]),
    ] {
        let desk = Desk::new();
        let _bank = desk.bank("t.toml", &[]);
        add(&desk, "profile_file = \"p.toml\"", "");
        desk.write("p.toml", profile);
        let ended = desk.run(&["t.toml", "PKCE-003"]);
        assert_eq!(ended.code, 2, "{}", ended.stderr);
        for complaint in ["p.toml", "mend"].iter().chain(complaints) {
            assert!(ended.stderr.contains(complaint), "{complaint}: {}", ended.stderr);
        }
        fs::remove_file(desk.path("p.toml")).unwrap();
        assert!(desk.run(&["t.toml"]).stderr.contains("the bank's profile"));
    }
}

#[test]
fn the_example_of_a_profile_can_be_used() {
    let example = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/profiles/example.toml");
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    add(&desk, &format!("profile_file = \"{}\"", example.display()), "");
    let ended = desk.run(&["t.toml", "BG-001"]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    assert!(ended.stdout.contains("described by Example Bank, release 7"), "{}", ended.stdout);
}

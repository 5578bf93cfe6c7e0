//! Known deviations: a valid waiver forgives a failure and hides nothing; any other is itself a failure.

use super::support::{Desk, Ended};

const FAULT: &[&str] = &["pkce-verifier-unchecked"];

fn waiver(check: &str, expires: &str, scope: &str) -> String {
    format!(
        "[[waiver]]\ncheck = \"{check}\"\nreason = \"mended in release 7\"\nowner = \"jo@bank.example\"\n\
         expires = \"{expires}\"\nscope = \"{scope}\"\n"
    )
}

/// Judges a bank with those faults under those waivers.
fn judged(desk: &Desk, faults: &[&str], waivers: &str) -> Ended {
    let _bank = desk.bank("t.toml", faults);
    desk.write("waivers.toml", waivers);
    desk.run(&["t.toml", "PKCE-003", "--waivers", "waivers.toml"])
}

#[test]
fn a_waived_failure_is_forgiven_and_stays_a_failure() {
    for scope in ["*", "Bundled bank"] {
        let desk = Desk::new();
        let ended = judged(&desk, FAULT, &waiver("PKCE-003", "2099-12-31", scope));
        assert_eq!(ended.code, 0, "{}", ended.stdout);
        let run = desk.last_run();
        assert_eq!(run.with("fail"), ["PKCE-003"]);
        assert_eq!(run.results()["totals"]["waived"], 1);
        assert!(run.read("report.html").contains("mended in release 7"));
    }
}

#[test]
fn two_broken_musts_under_waivers_are_accepted_and_not_conformant() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &["iss-missing", "state-dropped"]);
    desk.write("w.toml", &["AUTHZ-011", "STATE-001"].map(|check| waiver(check, "2099-12-31", "*")).concat());
    let ended = desk.run(&["t.toml", "AUTHZ-011", "STATE-001", "--waivers", "w.toml"]);
    assert_eq!(ended.code, 0, "{}", ended.stdout);
    let sentence = desk.last_run().results()["verdict"].as_str().unwrap().to_owned();
    assert!(sentence.starts_with("Accepted with 2 known deviations (not conformant)"), "{sentence}");
    assert!(desk.last_run().read("report.html").contains("class=\"verdict warn\""), "it is not amber");
}

#[test]
fn a_waiver_for_another_target_forgives_nothing() {
    let desk = Desk::new();
    let ended = judged(&desk, FAULT, &waiver("PKCE-003", "2099-12-31", "Another bank"));
    assert_eq!(ended.code, 1);
    // The scope may be misspelt.
    let told = "is for this target, \"Bundled bank\"; they are for \"Another bank\"";
    assert!(ended.stderr.contains(told), "{}", ended.stderr);
    let last = ended.stderr.trim_end().lines().last().unwrap_or_default();
    assert_eq!(last, "The waiver for PKCE-003 is for \"Another bank\", and this target is \"Bundled bank\".");
}

#[test]
fn a_stale_an_expired_and_an_unknown_waiver_are_failures() {
    for (faults, text, complaint) in [
        (&[][..], waiver("PKCE-003", "2099-12-31", "*"), "stale"),
        (FAULT, waiver("PKCE-003", "2020-01-31", "*"), "expired"),
        (&[][..], waiver("PKCE-999", "2099-12-31", "*"), "unknown"),
    ] {
        let desk = Desk::new();
        let ended = judged(&desk, faults, &text);
        assert_eq!(ended.code, 1, "{complaint}: {}", ended.stdout);
        assert!(ended.stdout.contains(complaint), "{complaint}: {}", ended.stdout);
        assert!(desk.last_run().read("report.html").contains(complaint), "{complaint} is not in the report");
    }
}

#[test]
fn a_waiver_for_a_check_that_was_not_selected_is_not_stale() {
    let desk = Desk::new();
    assert_eq!(judged(&desk, &[], &waiver("STATE-001", "2099-12-31", "*")).code, 0);
}

#[test]
fn a_broken_waiver_file_is_wrong_usage() {
    for (text, complaint) in [
        (waiver("PKCE-003", "next year", "*"), "next year"),
        (waiver("PKCE-003", "2099-12-31", "*").replace("owner", "owned_by"), "line 4"),
        ("[[waiver]]\ncheck = ".into(), "line 2"),
    ] {
        let desk = Desk::new();
        let ended = judged(&desk, &[], &text);
        assert_eq!(ended.code, 2, "{}", ended.stderr);
        for words in ["waivers.toml", complaint, "mend: "] {
            assert!(ended.stderr.contains(words), "{words}: {}", ended.stderr);
        }
    }
}

//! Security profiles: the bundled bank keeps to them when told to, target files declare them, and reports name them.

use super::support::{Desk, complaints_of_schema};

/// The target file of a bank with those lines instead of the profile that it names.
fn declaring(desk: &Desk, lines: &str) -> String {
    let text = desk.read("t.toml");
    let own = text.lines().find(|line| line.starts_with("profiles = ")).unwrap();
    let name = format!("{}.toml", lines.len());
    desk.write(&name, &text.replace(own, lines));
    name
}

#[test]
fn the_bundled_bank_keeps_to_a_profile_and_the_report_names_it() {
    let desk = Desk::new();
    let ended = desk.run(&["--profile", "fapi2-core", "PAR", "PKCE-001", "AUTHZ-030", "TOKEN-021", "CAUTH"]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    let run = desk.last_run();
    let results = run.results();
    assert_eq!(complaints_of_schema(&results), Vec::<String>::new());
    assert_eq!(results["target"]["profile"], "fapi2-core");
    assert_eq!(results["target"]["profiles"], serde_json::json!(["fapi2-core"]));
    assert!(run.read("report.html").contains("<dd>fapi2-core</dd>"));
    for id in ["PAR-009", "PAR-010", "PAR-011", "PKCE-001", "AUTHZ-030", "TOKEN-021", "CAUTH-017", "CAUTH-018"] {
        assert_eq!((&run.check(id)["verdict"], &run.check(id)["level"]), (&"pass".into(), &"MUST".into()), "{id}");
    }
    // A client's secret is nothing that a bank of the profile would take.
    assert_eq!(run.check("CAUTH-011")["verdict"], "not-applicable");
    let documents = results["requirements"].as_array().unwrap().iter().map(|row| row["document"].clone());
    assert!(documents.clone().any(|document| document == "FAPI 2.0 Security Profile"));

    let ended = desk.run(&["AUTHZ-030", "PKCE-001", "RS-003"]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    let (run, results) = (desk.last_run(), desk.last_run().results());
    assert_eq!(results["target"]["profiles"], serde_json::json!(["oauth-bcp"]));
    let reason = "it belongs to the profile fapi2-core, and the target has oauth-bcp";
    assert_eq!(run.check("AUTHZ-030")["reason"], reason);
    assert_eq!(run.check("RS-003")["level"], "MAY");
    let documents = results["requirements"].as_array().unwrap().iter().map(|row| row["document"].clone());
    assert!(!documents.clone().any(|document| document == "FAPI 2.0 Security Profile"));
}

#[test]
fn a_profile_that_there_is_none_of_is_told_with_the_nearest() {
    let desk = Desk::new();
    for command in [&["run", "--profile"][..], &["bank", "--profile"], &["prove", "--profile"]] {
        let ended = desk.bankproof(&[command, &["fapi2-cor"]].concat());
        assert_eq!(ended.code, 2, "{command:?}: {}", ended.stderr);
        let told = "there is no profile \"fapi2-cor\"; did you mean \"fapi2-core\"";
        assert!(ended.stderr.contains(told), "{command:?}: {}", ended.stderr);
    }
    let _bank = desk.bank("t.toml", &[]);
    for (lines, key) in [
        ("profile = \"oauth-bpc\"", "`profile` holds \"oauth-bpc\", which is no profile"),
        ("profiles = [\"fapi2-core\", \"oauth-bpc\"]", "`profiles` holds \"oauth-bpc\", which is no profile"),
    ] {
        let ended = desk.run(&[&declaring(&desk, lines)]);
        assert_eq!(ended.code, 2, "{}", ended.stderr);
        assert!(ended.stderr.contains(key) && ended.stderr.contains("did you mean \"oauth-bcp\""), "{}", ended.stderr);
    }
    let ended = desk.run(&["t.toml", "--profile", "fapi2-core"]);
    assert_eq!(ended.code, 2, "{}", ended.stderr);
    assert!(ended.stderr.contains("--profile is for the bundled bank"), "{}", ended.stderr);
    assert!(desk.runs().is_empty());
}

/// A scenario of the user's own for banks of that profile alone.
fn own_check(desk: &Desk, profile: &str) {
    let tags = format!("@covers:RFC8414-3.2-json @MINE-001 @must @passive @profile:{profile}");
    let steps = "When the TPP fetches the metadata document\n    Then the metadata is served as JSON";
    let feature = format!("Feature: Mine\n\n  {tags}\n  Scenario: The metadata is JSON\n    Why.\n\n    {steps}\n");
    desk.folder("mine");
    desk.write("mine/mine.feature", &feature);
}

#[test]
fn a_target_declares_as_many_as_it_likes_and_what_they_include_holds() {
    let desk = Desk::new();
    let _bank = desk.bank_with("t.toml", &["--profile", "fapi2-core"]);
    assert!(desk.read("t.toml").contains("profiles = [\"fapi2-core\"]"));
    own_check(&desk, "oauth-bcp");
    for (lines, profile, profiles) in [
        ("profiles = [\"fapi2-core\"]", "fapi2-core", &["fapi2-core"][..]),
        ("profiles = [\"oauth-bcp\", \"fapi2-core\"]", "oauth-bcp, fapi2-core", &["oauth-bcp", "fapi2-core"]),
        ("profile = \"fapi2-core\"", "fapi2-core", &["fapi2-core"]),
    ] {
        let ended = desk.run(&[&declaring(&desk, lines), "MINE", "PAR-010", "PKCE-001", "--features", "mine"]);
        assert_eq!(ended.code, 0, "{lines}: {}{}", ended.stdout, ended.stderr);
        let (run, target) = (desk.last_run(), desk.last_run().results()["target"].clone());
        assert_eq!((&target["profile"], &target["profiles"]), (&profile.into(), &serde_json::json!(profiles)));
        for id in ["MINE-001", "PAR-010", "PKCE-001"] {
            assert_eq!(run.check(id)["verdict"], "pass", "{lines}: {id}");
        }
    }
    own_check(&desk, "fapi2-core");
    let ended = desk.run(&[&declaring(&desk, "profiles = []"), "MINE", "--features", "mine"]);
    assert_eq!(desk.last_run().check("MINE-001")["verdict"], "not-applicable", "{}", ended.stdout);
}

#[test]
fn a_bank_that_does_not_keep_to_what_it_declares_is_found_out() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    let target = declaring(&desk, "profiles = [\"fapi2-core\"]");
    let ended = desk.run(&[&target, "PAR", "AUTHZ-001", "AUTHZ-030", "TOKEN-021", "CAUTH"]);
    assert_eq!(ended.code, 1, "{}{}", ended.stdout, ended.stderr);
    let run = desk.last_run();
    assert_eq!(run.with("fail"), ["AUTHZ-030", "CAUTH-017", "CAUTH-018", "PAR-009"]);
    // The TPP pushes its requests all the same.
    let pushed = run.requests().iter().filter(|(method, url)| method == "POST" && url.ends_with("/par")).count();
    assert!(pushed > 10, "{pushed} requests were pushed");
}

#[test]
fn a_run_goes_on_with_the_profile_that_it_began_with() {
    let desk = Desk::new();
    assert_eq!(desk.run(&["--profile", "fapi2-core", "AUTHZ-030"]).code, 0);
    let run = desk.last_run();
    let journal = run.read("journal.ndjson");
    let begun: String = journal.lines().take(1).map(|line| format!("{line}\n")).collect();
    std::fs::write(run.0.join("journal.ndjson"), begun).unwrap();
    let ended = desk.bankproof(&["run", "--resume", run.0.to_str().unwrap()]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    assert_eq!(desk.last_run().check("AUTHZ-030")["verdict"], "pass");
}

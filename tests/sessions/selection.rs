//! What the user selects, and what comes with it.

use std::collections::BTreeSet;

use bankproof::catalogue::{Catalogue, Check, Level};

use super::support::Desk;

/// The ids of those checks and of all their controls.
fn with_controls(catalogue: &Catalogue, selects: impl Fn(&Check) -> bool) -> BTreeSet<String> {
    let mut wanted: BTreeSet<String> =
        catalogue.checks.iter().filter(|check| selects(check)).map(|check| check.id.clone()).collect();
    loop {
        let controls = wanted.iter().flat_map(|id| catalogue.check(id).unwrap().controls_at("berlin-group"));
        let more: BTreeSet<String> = controls.filter(|id| !wanted.contains(id)).collect();
        if more.is_empty() {
            return wanted;
        }
        wanted.extend(more);
    }
}

/// The ids of the checks that a run with those arguments judged.
fn judged(arguments: &[&str]) -> BTreeSet<String> {
    let desk = Desk::new();
    let ended = desk.run(arguments);
    assert_eq!(ended.code, 0, "{arguments:?}: {}{}", ended.stdout, ended.stderr);
    desk.last_run().verdicts().into_keys().collect()
}

#[test]
fn a_prefix_selects_its_checks_and_their_controls() {
    let catalogue = Catalogue::load(None).unwrap();
    assert_eq!(judged(&["PKCE-003"]), with_controls(&catalogue, |check| check.id == "PKCE-003"));
    assert!(judged(&["pkce-003"]).contains("FLOW-002"), "ids are taken in any case");
    let two = with_controls(&catalogue, |check| check.id.starts_with("PKCE") || check.id.starts_with("STATE-00"));
    assert_eq!(judged(&["PKCE", "STATE-00"]), two);
}

#[test]
fn a_level_selects_what_is_at_least_as_strict_on_this_bank() {
    let catalogue = Catalogue::load(None).unwrap();
    // The bundled bank has declared stricter rules for itself.
    let policies = ["pkce-required", "pkce-s256-only"].map(str::to_owned).into();
    let profiles = ["oauth-bcp".to_owned()].into();
    let expected = with_controls(&catalogue, |check| check.level_for(&profiles, &policies) == Level::Must);
    assert!(expected.contains("PKCE-001"), "a policy raises it");
    assert_eq!(judged(&["--level", "must"]), expected);
}

#[test]
fn tags_select_and_narrow_what_prefixes_select() {
    let catalogue = Catalogue::load(None).unwrap();
    let expected = with_controls(&catalogue, |check| check.id.starts_with("AUTHZ") && !check.has_tag("must"));
    assert_eq!(judged(&["AUTHZ", "--tags", "@oauth and not @must"]), expected);
}

#[test]
fn a_check_over_the_whole_run_alone_brings_along_what_makes_its_answers() {
    let desk = Desk::new();
    for (prefix, own) in [("API-00", 7), ("STATE-006", 1), ("BG-032", 1), ("TOKEN-023", 1)] {
        let ended = desk.run(&[prefix]);
        assert_eq!(ended.code, 0, "{prefix}: {}{}", ended.stdout, ended.stderr);
        let run = desk.last_run();
        assert_eq!(run.with("pass").iter().filter(|id| id.starts_with(prefix)).count(), own, "{}", ended.stdout);
        assert!(ended.stderr.contains("FLOW-003"), "what came along is not told: {}", ended.stderr);
    }
    // Beside others it looks at what they make, and says so where they make nothing of the kind.
    let ended = desk.run(&["META-001", "TOKEN-023"]);
    assert!(ended.stdout.contains("select others beside this one"), "{}", ended.stdout);
}

#[test]
fn what_is_selected_of_another_dialect_alone_is_nothing_judged() {
    let desk = Desk::new();
    let ended = desk.run(&["UK"]);
    assert_eq!(ended.code, 4, "{}{}", ended.stdout, ended.stderr);
    assert!(ended.stdout.contains("of another dialect, and this bank's is berlin-group"), "{}", ended.stdout);
    assert!(!ended.stdout.contains("Conformant"), "{}", ended.stdout);
    assert!(!desk.last_run().read("report.html").contains("class=\"verdict pass\""), "it is green");
    assert_eq!(desk.latest(), None, "nothing was judged, and `latest` leads there");
}

#[test]
fn the_controls_that_come_along_are_told() {
    let desk = Desk::new();
    let ended = desk.run(&["STATE-001"]);
    assert!(ended.stderr.contains("with 1 check and its control FLOW-001"), "{}", ended.stderr);
}

#[test]
fn json_for_machines_is_the_results_and_nothing_else() {
    let desk = Desk::new();
    let ended = desk.run(&["PKCE-003", "--format", "json"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let printed: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(printed, desk.last_run().results());
}

#[test]
fn a_feature_of_the_users_own_is_judged_like_any_other() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("mine")).unwrap();
    let mine = "Feature: Mine\n\n  @MINE-001 @should @covers:RFC7636-4.6 @control:FLOW-002\n  Scenario: Another verifier is welcome\n    \
                It is not.\n\n    Given the PSU has authorised the TPP\n    \
                When the TPP redeems the authorization code with another code_verifier\n    Then an access token is issued\n";
    desk.write("mine/mine.feature", mine);
    let ended = desk.run(&["MINE", "--features", "mine"]);
    assert_eq!(desk.last_run().check("MINE-001")["verdict"], "warn", "{}", ended.stdout);
    assert_eq!(ended.code, 0, "a warning fails nobody");
    desk.write("mine/mine.feature", &mine.replace("Given the PSU", "Given the moon"));
    let ended = desk.run(&["MINE", "--features", "mine"]);
    assert_eq!(ended.code, 2, "{}", ended.stderr);
    assert!(
        ended.stderr.contains("mine/mine.feature, line 7")
            && ended.stderr.contains("Given the PSU has authorised the TPP")
    );
    assert_eq!(desk.runs().len(), 1, "a run has begun with a step that nobody knows");
}

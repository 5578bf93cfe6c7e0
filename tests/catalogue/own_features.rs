//! Features of the user's own: what is wrong with them is told, with file and line where there is one.

use std::fs;

use bankproof::{catalogue::Catalogue, run::own};

use super::problems;

/// A scenario that keeps every rule, for changing one thing at a time.
const GOOD: &str = r#"@covers:RFC7636-4.6
Feature: My own checks

  @MINE-001 @must @fault:pkce-verifier-unchecked @control:FLOW-002 @needs:authorization
  Scenario: The bank does as I like
    Otherwise I would not like it.

    Given the PSU has authorised the TPP
    When the TPP redeems the authorization code
    Then an access token is issued
"#;

/// A folder with that feature in it.
fn folder_with(feature: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("deeper")).unwrap();
    fs::write(folder.path().join("deeper/mine.feature"), feature).unwrap();
    folder
}

/// The catalogue with that feature beside it, however bad; else why it cannot be read.
fn with(feature: &str) -> Result<Catalogue, String> {
    Catalogue::load(Some(folder_with(feature).path())).map_err(|error| error.to_string())
}

#[test]
fn a_good_feature_is_taken() {
    let catalogue = with(GOOD).unwrap();
    assert!(catalogue.check("MINE-001").is_some());
    assert_eq!(problems(&catalogue), Vec::<String>::new());
}

#[test]
fn what_breaks_a_rule_is_named() {
    for (good, bad, complaint) in [
        ("@covers:RFC7636-4.6", "@covers:RFC7636-99", "there is no requirement RFC7636-99"),
        ("@covers:RFC7636-4.6", "", "it covers no requirement"),
        ("@fault:pkce-verifier-unchecked", "@fault:pkce-no-such-fault", "there is no fault pkce-no-such-fault"),
        ("@fault:pkce-verifier-unchecked", "", "no fault proves it"),
        ("@needs:authorization", "@needs:clairvoyance", "there is no capability clairvoyance"),
        ("    Otherwise I would not like it.\n", "", "it has no description"),
        ("The bank does as I like", "TODO", "words of a template"),
        ("The bank does as I like", "", "it has no title"),
        ("    Then an access token is issued\n", "", "it has no Then"),
    ] {
        let problems = problems(&with(&GOOD.replace(good, bad)).unwrap());
        let told = problems.iter().any(|problem| problem.contains(complaint) && problem.contains("MINE-001"));
        assert!(told, "{complaint}: {problems:?}");
    }
}

#[test]
fn a_check_is_not_stricter_than_its_clauses() {
    let catalogue = Catalogue::load(None).unwrap();
    let should = catalogue.requirements.iter().find(|row| row.row.level > bankproof::catalogue::Level::Must).unwrap();
    let feature = GOOD.replace("RFC7636-4.6", &should.row.id);
    let problems = problems(&with(&feature).unwrap());
    assert!(problems.iter().any(|problem| problem.contains("stricter than any clause")), "{problems:?}");
}

#[test]
fn a_fault_without_a_check_and_an_id_taken_twice_are_named() {
    let mut catalogue = Catalogue::load(None).unwrap();
    let removed = catalogue.checks.iter().position(|check| check.id == "PKCE-003").unwrap();
    catalogue.checks.remove(removed);
    catalogue.checks.push(catalogue.checks[0].clone());
    catalogue.requirements.push(catalogue.requirements[0].clone());
    let problems = problems(&catalogue);
    for complaint in ["fault pkce-verifier-unchecked: no check is proven by it", "the id is taken twice"] {
        assert!(problems.iter().any(|problem| problem.contains(complaint)), "{complaint}: {problems:?}");
    }
    assert!(problems.iter().any(|problem| problem.starts_with("requirement ")), "{problems:?}");
}

#[test]
fn what_cannot_be_used_is_refused_with_file_and_line() {
    for (good, bad, line, complaint) in [
        (" @must", "", "line 5", "exactly one level"),
        ("@must", "@must @may", "line 5", "exactly one level"),
        ("@MINE-001", "@mine-1", "line 5", "no id"),
        ("@MINE-001", "@PKCE-003", "line 5", "PKCE-003 is taken"),
        ("@MINE-001", "@PKCE-003", "line 5", "features/oauth/pkce.feature, line "),
        ("Feature: My own checks", "My own checks", "line 2", "is no Gherkin"),
        ("  @MINE-001", "  Background:\n    Given a token that was never issued\n\n  @MINE-001", "", "Background"),
        ("  @MINE-001", "  Rule: Mine\n\n  @MINE-001", "", "Rule"),
    ] {
        let error = with(&GOOD.replace(good, bad)).err();
        let error = error.unwrap_or_else(|| format!("{bad} is taken"));
        assert!(error.contains("deeper/mine.feature") && error.contains(line) && error.contains(complaint), "{error}");
    }
}

#[test]
fn what_cannot_be_run_is_told_before_the_run_with_a_mend() {
    for (good, bad, line, complaints) in [
        (
            "redeems the authorization code",
            "redeem the authorisation code",
            "line 9",
            &["there is no step", "When the TPP redeems the authorization code\n", "mend"][..],
        ),
        ("When the TPP redeems", "And the TPP redeems", "line 9", &["is a When and stands where a Given should"]),
        ("    Then an access token is issued\n", "", "line 5", &["MINE-001 has no Then"]),
        ("RFC7636-4.6", "RFC7636-4.66", "line 5", &["there is no requirement RFC7636-4.66", "\"RFC7636-4.6\"", "mend"]),
        (
            "needs:authorization",
            "needs:authorisation",
            "line 5",
            &["there is no capability authorisation", "\"authorization\""],
        ),
        ("control:FLOW-002", "control:FLOW-999", "line 5", &["there is no check FLOW-999", "\"FLOW-00"]),
        ("fault:pkce-verifier-unchecked", "fault:pkce-verifier-uncheckt", "line 5", &["\"pkce-verifier-unchecked\""]),
        (
            "@needs:authorization",
            "@need:authorization",
            "line 5",
            &["the tag @need:authorization is not known", "\"needs\""],
        ),
        ("@needs:authorization", "@pasive", "line 5", &["@pasive is not known; did you mean @passive?"]),
        ("@must", "@may @must:oauth-bcpp @dialect:berlin", "line 5", &["there is no dialect berlin"]),
    ] {
        let folder = folder_with(&GOOD.replace(good, bad));
        let told =
            own::load(Some(folder.path())).map(|_| format!("{bad} is taken")).unwrap_or_else(|error| error.to_string());
        assert!(told.contains("deeper/mine.feature") && told.contains(line), "{told}");
        complaints.iter().for_each(|complaint| assert!(told.contains(complaint), "{complaint}: {told}"));
    }
}

#[test]
fn own_scenarios_need_no_fault_and_may_have_tags_of_their_own() {
    let folder = folder_with(&GOOD.replace("@fault:pkce-verifier-unchecked", "@nightly @team-payments"));
    let catalogue = own::load(Some(folder.path())).unwrap();
    assert!(catalogue.check("MINE-001").is_some_and(|check| check.own && check.has_tag("nightly")));
    assert!(catalogue.check("PKCE-003").is_some_and(|check| !check.own));
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let broken = GOOD.replace("redeems", "swallows").replace("RFC7636-4.6", "HOUSE-1").replace("issued", "eaten");
    let told = own::load(Some(folder_with(&broken).path())).unwrap_err().to_string();
    for line in ["line 5: there is no requirement", "line 9: there is no step", "line 10: there is no step"] {
        assert!(told.contains(line), "{line}: {told}");
    }
}

#[test]
fn a_folder_that_holds_nothing_to_run_is_refused() {
    let empty = tempfile::tempdir().unwrap();
    assert!(own::load(Some(empty.path())).unwrap_err().to_string().contains("holds no scenario"));
    let folder = folder_with(GOOD);
    fs::write(folder.path().join("binary.feature"), [0xff, 0xfe]).unwrap();
    assert!(own::load(Some(folder.path())).unwrap_err().to_string().contains("UTF-8"));
    let folder = folder_with(GOOD);
    fs::create_dir(folder.path().join("requirements")).unwrap();
    let row = "document = \"Mine\"\ntitle = \"Mine\"\n[[requirement]]\nid = \"RFC7636-4.6\"\nclause = \"1\"\nlevel = \"MUST\"\n\
               bound = \"bank\"\ntext = \"x\"\nlink = \"\"\nobservable = true\nwhy_not = \"\"\n";
    fs::write(folder.path().join("requirements/mine.toml"), row).unwrap();
    let told = own::load(Some(folder.path())).unwrap_err().to_string();
    assert!(told.contains("RFC7636-4.6 of \"Mine\" is in the inventory of RFC 7636 already"), "{told}");
}

#[test]
fn the_command_line_refuses_such_a_folder_as_wrong_usage() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mine.feature"), GOOD.replace(" @must", "")).unwrap();
    for (features, complaint) in
        [(folder.path().to_owned(), "exactly one level"), ("/no/such/folder".into(), "cannot be read")]
    {
        let output = assert_cmd::Command::cargo_bin("bankproof")
            .unwrap()
            .args(["run", "--features"])
            .arg(features)
            .arg("--out")
            .arg(folder.path().join("reports"))
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(told.contains(complaint), "{told}");
    }
    assert!(!folder.path().join("reports").exists(), "a run that never began has left a folder");
}

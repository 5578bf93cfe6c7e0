//! Features of the user's own: what is wrong with them is told, with file and line where there is one.

use std::{fs, path::Path, sync::Arc};

use bankproof::{
    catalogue::Catalogue,
    run::{lint, own},
};

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

/// What the lint says of that feature, once as the user's own and once as a part of the catalogue.
fn as_theirs_and_as_ours(feature: &str) -> [Vec<String>; 2] {
    let mut catalogue = with(feature).unwrap();
    let told = |catalogue: &Catalogue| lint::all(catalogue).iter().map(ToString::to_string).collect();
    let theirs = told(&catalogue);
    for check in catalogue.checks.iter_mut().filter(|check| check.own) {
        Arc::make_mut(check).own = false;
    }
    // The folder is another each time.
    let feature = |told: Vec<String>| -> Vec<String> {
        told.iter().map(|told| told.split_once("/deeper/").map_or(told.clone(), |(_, rest)| rest.to_owned())).collect()
    };
    [feature(theirs), feature(told(&catalogue))]
}

#[test]
fn a_good_feature_is_taken() {
    assert!(with(GOOD).unwrap().check("MINE-001").is_some());
    assert_eq!(as_theirs_and_as_ours(GOOD), [const { Vec::<String>::new() }; 2]);
}

/// What is wrong, what it is made of, and the complaint: the same whoever wrote it.
const BROKEN: [(&str, &str, &str); 25] = [
    (
        "@covers:RFC7636-4.6",
        "@covers:RFC7636-4.66",
        "there is no requirement RFC7636-4.66; the nearest are \"RFC7636-4.6\"",
    ),
    ("@covers:RFC7636-4.6", "", "it covers no requirement"),
    ("@fault:pkce-verifier", "@fault:pkce-verifyer", "the nearest are \"pkce-verifier-unchecked\""),
    ("@needs:authorization", "@needs:clairvoyance", "there is no capability clairvoyance"),
    ("@needs:authorization", "@needs:paymnts", "the nearest are \"payments\""),
    ("@needs:authorization", "@needs:payments:expired", "there is no capability payments:expired"),
    ("@needs:authorization", "@needs:bad-certificate:expird", "there is no defect expird; the nearest are \"expired\""),
    ("@needs:authorization", "@neds:payments", "the tag @neds:payments is not known; the nearest are \"needs\""),
    ("@needs:authorization", "@nedes", "did you mean @needs:…?"),
    ("@needs:authorization", "@pasive", "did you mean @passive?"),
    (
        "@must",
        "@may @must:pkce-requird",
        "there is no profile or policy pkce-requird; the nearest are \"pkce-required\"",
    ),
    ("@must", "@may @should:oauth-bpc", "the nearest are \"oauth-bcp\""),
    ("@must", "@must @profile:oauth-bc", "there is no profile oauth-bc; the nearest are \"oauth-bcp\""),
    ("@must", "@must @dialect:berlin-grup", "there is no dialect berlin-grup; the nearest are \"berlin-group\""),
    ("@control:FLOW-002", "@control:FLOW-999", "there is no check FLOW-999; the nearest are \"FLOW-00"),
    ("@control:FLOW-002", "@control:berlin-grup=FLOW-002", "there is no dialect berlin-grup"),
    ("@control:FLOW-002", "@control:BG-001", "none of its controls can run at a bank of the dialect uk-open-banking"),
    ("Otherwise I would not like it.", "", "it has no description"),
    ("The bank does as I like", "TODO", "\"TODO\" of a template"),
    ("The bank does as I like", "", "it has no title"),
    ("Then an access token is issued", "", "it has no Then"),
    (
        "redeems the auth",
        "redeem the auth",
        "there is no step \"the TPP redeem the authorization code\"; the nearest are\n    When the TPP redeems",
    ),
    ("When the TPP redeems", "And the TPP redeems", "is a When and stands where a Given should"),
    (
        "token is issued",
        "token is issued\n\n    @slow\n    Examples:\n      | a |\n      | 1 |",
        "only @needs: and @fault: do",
    ),
    (
        "token is issued",
        "token is issued\n\n    @neds:x\n    Examples:\n      | a |\n      | 1 |",
        "the tag @neds:x is not known",
    ),
];

#[test]
fn what_breaks_a_rule_is_named_with_file_and_line_whoever_wrote_it() {
    for (good, bad, complaint) in BROKEN {
        let [theirs, ours] = as_theirs_and_as_ours(&outlined(good, bad));
        let told = theirs.iter().find(|problem| problem.contains(complaint));
        let told = told.unwrap_or_else(|| panic!("{bad}: {complaint}: {theirs:?}"));
        assert!(told.starts_with("mine.feature, line ") && told.contains(": MINE-001: "), "{told}");
        // Faults can be added to our bank, and a user can leave them out.
        let without_mend = |told: &Vec<String>| -> Vec<String> {
            told.iter().map(|told| told.split("; or ").next().unwrap().to_owned()).collect()
        };
        assert_eq!(without_mend(&theirs), without_mend(&ours), "{bad}");
    }
}

/// The good feature with that mistake, as an outline where the mistake is in one.
fn outlined(good: &str, bad: &str) -> String {
    assert!(GOOD.contains(good), "{good}");
    let kind = if bad.contains("Examples:") { "Scenario Outline:" } else { "Scenario:" };
    GOOD.replace(good, bad).replace("Scenario:", kind)
}

#[test]
fn only_ours_need_a_fault_and_only_our_faults_a_check() {
    let without = GOOD.replace("@fault:pkce-verifier-unchecked", "");
    let [theirs, ours] = as_theirs_and_as_ours(&without);
    assert!(theirs.is_empty(), "{theirs:?}");
    assert!(ours.len() == 1 && ours[0].contains("no fault of the bundled bank proves it"), "{ours:?}");
    let mut catalogue = with(GOOD).unwrap();
    catalogue.checks.retain(|check| check.id != "PKCE-003");
    // A user's check proves nothing of ours.
    let told: Vec<String> = lint::all(&catalogue).iter().map(ToString::to_string).collect();
    assert!(told[0].contains("fault pkce-verifier-unchecked: no check is proven by it"), "{told:?}");
}

#[test]
fn a_check_is_not_stricter_than_its_clauses() {
    let catalogue = Catalogue::load(None).unwrap();
    let should = catalogue.requirements.iter().find(|row| row.row.level > bankproof::catalogue::Level::Must).unwrap();
    for problems in as_theirs_and_as_ours(&GOOD.replace("RFC7636-4.6", &should.row.id)) {
        assert!(problems.iter().any(|problem| problem.contains("stricter than any clause")), "{problems:?}");
    }
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
fn the_command_line_tells_a_tag_that_nobody_knows_before_the_run() {
    for (tag, nearest) in [
        ("@must:pkce-requird", "pkce-required"),
        ("@neds:payments", "needs"),
        ("@needs:paymnts", "payments"),
        ("@dialect:berlin-grup", "berlin-group"),
        ("@profile:oauth-bc", "oauth-bcp"),
        ("@slw", "slow"),
    ] {
        let folder = folder_with(&GOOD.replace("@needs:authorization", tag));
        for command in ["list", "run"] {
            let told = refused(&[command, "--features"], folder.path());
            assert!(told.contains("deeper/mine.feature, line 5: MINE-001: "), "{told}");
            assert!(told.contains(tag.rsplit(':').next().unwrap()) && told.contains(nearest), "{told}");
        }
    }
}

/// What the binary says of wrong usage.
fn refused(arguments: &[&str], folder: &Path) -> String {
    let mut command = assert_cmd::Command::cargo_bin("bankproof").unwrap();
    let output = command.args(arguments).arg(folder).current_dir(folder.parent().unwrap()).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{told}");
    told
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
    for line in [
        "line 5: MINE-001: there is no requirement",
        "line 9: MINE-001: there is no step",
        "line 10: MINE-001: there is no step",
    ] {
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

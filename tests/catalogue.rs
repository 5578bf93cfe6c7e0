//! The catalogue: its own rules, its steps, and what the command line tells of it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

#[path = "support/difference.rs"]
mod difference;
#[path = "catalogue/new_check.rs"]
mod new_check;
#[path = "catalogue/own_features.rs"]
mod own_features;

use std::{collections::BTreeSet, path::Path, sync::Arc};

use bankproof::{
    bank::{self, habits},
    catalogue::{Catalogue, Level, profiles},
    pki::{Defect, NearMiss, TestPki},
    run::lint,
    steps,
    targets::{Method, capability},
};
use cucumber::World as _;
use serde_json::Value;

/// How new snapshots of these tests are accepted.
const ACCEPT: &str = "cargo test --test catalogue";

/// What `bankproof` prints with those arguments, where it ends well.
fn printed(arguments: &[&str]) -> String {
    let output = assert_cmd::Command::cargo_bin("bankproof").unwrap().args(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn rows(arguments: &[&str]) -> Vec<Value> {
    serde_json::from_str(&printed(arguments)).unwrap()
}

fn words<'a>(row: &'a Value, member: &str) -> Vec<&'a str> {
    row[member].as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect()
}

#[test]
fn the_catalogue_keeps_its_own_rules() {
    let problems: Vec<String> = lint::all(&Catalogue::load(None).unwrap()).iter().map(ToString::to_string).collect();
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn a_profile_or_policy_that_there_is_none_of_is_complained_of() {
    let mut catalogue = Catalogue::load(None).unwrap();
    let check = Arc::make_mut(catalogue.checks.iter_mut().find(|check| check.id == "PKCE-001").unwrap());
    check.tags.push("profile:qwac-only".to_owned());
    check.raised.extend(["fapi2", "pkce-requird"].map(|by| (Level::Must, by.to_owned())));
    let problems: Vec<String> = lint::all(&catalogue).iter().map(ToString::to_string).collect();
    for problem in ["no profile or policy fapi2;", "no profile or policy pkce-requird;", "no profile qwac-only;"] {
        assert!(problems.iter().any(|told| told.contains(problem)), "{problem}: {problems:?}");
    }
}

/// The words of our own data name what there is.
#[test]
fn a_profile_names_what_there_is() {
    let catalogue = Catalogue::load(None).unwrap();
    for profile in profiles::known() {
        let bank = &profile.bundled_bank;
        for habit in bank.habits.iter().chain(&bank.without) {
            assert!(habits::find(habit).is_some(), "{}: there is no habit {habit}", profile.name);
        }
        for name in &profile.capabilities {
            assert!(capability::find(name).is_some(), "{}: there is no capability {name}", profile.name);
        }
        for name in &profile.client.authentication {
            let method: Result<Method, _> = serde_json::from_value(Value::String(name.clone()));
            assert!(method.is_ok(), "{}: there is no client authentication {name}", profile.name);
        }
        for id in profile.raises.must.iter().chain(&profile.raises.should) {
            assert!(catalogue.check(id).is_some(), "{}: there is no check {id}", profile.name);
        }
    }
}

/// A level is never a matter of taste, under a profile neither.
#[test]
fn what_a_profile_raises_covers_a_clause_of_it_that_is_as_strict() {
    let catalogue = Catalogue::load(None).unwrap();
    for profile in profiles::known() {
        for check in &catalogue.checks {
            let raised = check.raised.iter().filter(|(_, by)| by == &profile.name).map(|(level, _)| *level).min();
            let Some(raised) =
                raised.or_else(|| check.has_tag(&format!("profile:{}", profile.name)).then_some(check.level))
            else {
                continue;
            };
            let covered = check.tagged("covers");
            let rows = catalogue.requirements.iter().filter(|row| row.profile.as_ref() == Some(&profile.name));
            let strictest = rows.filter(|row| covered.contains(&row.row.id)).map(|row| row.row.level).min();
            assert!(strictest.is_some_and(|level| level <= raised), "{}: {raised:?} under {}", check.id, profile.name);
        }
    }
}

/// The last words of the steps that begin so: the names of defects, or of near misses.
fn named_after(catalogue: &Catalogue, words: &str) -> BTreeSet<String> {
    let steps = catalogue.checks.iter().flat_map(|check| &check.rows).flat_map(|row| &row.scenario.steps);
    steps.filter_map(|step| Some(step.value.split_once(words)?.1.to_owned())).collect()
}

#[test]
fn a_bank_is_asked_about_every_defect_and_every_near_miss() {
    let catalogue = Catalogue::load(None).unwrap();
    let defects = Defect::all().filter(|defect| !defect.is_for_linters_only()).map(|defect| defect.name().to_owned());
    let mend = "add a row to an outline under features/, or take it out there";
    difference::same("defects that a check tries", defects, named_after(&catalogue, "that is defective: "), mend);
    let near_misses = NearMiss::all().map(|near_miss| near_miss.name().to_owned());
    difference::same("near misses that a check tries", near_misses, named_after(&catalogue, "that is unusual: "), mend);
}

#[test]
fn what_tries_a_defect_needs_its_certificate_and_no_other() {
    for check in Catalogue::load(None).unwrap().checks {
        for row in &check.rows {
            let defect =
                row.scenario.steps.iter().find_map(|step| Some(step.value.split_once("defective: ")?.1.to_owned()));
            let needs = check.tagged("needs").into_iter().chain(row.needs.clone());
            let needs: Vec<String> =
                needs.filter_map(|need| Some(need.strip_prefix("bad-certificate:")?.to_owned())).collect();
            let needs_none = defect.as_ref().is_some_and(|name| name.parse::<Defect>().unwrap().needs_no_trust());
            assert_eq!(needs, Vec::from_iter(defect.filter(|_| !needs_none)), "{}: {}", check.id, row.name);
        }
    }
}

#[test]
fn each_step_definition_is_used() {
    // What the documents show users for scenarios of their own is used too.
    let shown = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/own-scenarios");
    let (catalogue, collection) = (Catalogue::load(Some(&shown)).unwrap(), steps::World::collection());
    let steps = catalogue.checks.iter().flat_map(|check| &check.rows).flat_map(|row| &row.scenario.steps);
    let used: BTreeSet<String> =
        steps.filter_map(|step| collection.find(step).unwrap()).map(|(_, _, at, _)| format!("{at:?}")).collect();
    // The engine shows its collection for debugging only: a definition has one location, whatever else it has.
    let shown = format!("{collection:?}");
    let locations = shown.split("Location {").skip(1).filter_map(|text| text.split('}').next());
    let all: BTreeSet<String> = locations.map(str::to_owned).collect();
    let unused: Vec<&String> =
        all.iter().filter(|location| !used.iter().any(|used| used.contains(location.as_str()))).collect();
    assert!(all.len() > 100, "only {} definitions were found: the test has gone blind", all.len());
    assert!(unused.is_empty(), "no scenario uses them: take them out of src/steps/, or write the check: {unused:#?}");
}

#[test]
fn the_list_for_machines_has_every_member() {
    let rows = rows(&["list", "--format", "json"]);
    assert!(rows.len() >= 75, "{}", rows.len());
    let ids: BTreeSet<&str> = rows.iter().map(|row| row["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), rows.len(), "an id is taken twice");
    for row in &rows {
        let members: Vec<&String> = row.as_object().unwrap().keys().collect();
        assert_eq!(members, ["id", "title", "level", "requirements", "faults", "feature", "line"]);
        assert!(["MUST", "SHOULD", "MAY"].contains(&row["level"].as_str().unwrap()), "{row}");
        assert!(!words(row, "requirements").is_empty() && !words(row, "faults").is_empty(), "{row}");
        let feature = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(row["feature"].as_str().unwrap());
        let text = std::fs::read_to_string(&feature).unwrap();
        let line = text.lines().nth(row["line"].as_u64().unwrap() as usize - 1).unwrap();
        assert!(line.contains("Scenario") && line.contains(row["title"].as_str().unwrap()), "{row}: {line}");
    }
}

#[test]
fn the_list_for_people() {
    let list = printed(&["list"]);
    difference::as_kept("catalogue__the_list_for_people", &list, ACCEPT);
    insta::assert_snapshot!(list);
}

#[test]
fn the_coverage_is_counted_by_what_is_proven_and_every_row_says_why() {
    let text = printed(&["list", "--coverage"]);
    let requirements = rows(&["list", "--coverage", "--format", "json"]);
    let states = |row: &Value| {
        let state = text.lines().find(|line| line.split_whitespace().nth(2) == row["id"].as_str())?;
        state.split_whitespace().next()
    };
    for row in &requirements {
        let expected = match (row["observable"] == true, row["proven"] == true, words(row, "checks").is_empty()) {
            (false, ..) => "unobservable",
            (_, true, _) => "proven",
            (.., false) => "milder",
            (.., true) => "uncovered",
        };
        assert_eq!(states(row), Some(expected), "{row}");
    }
    let musts = requirements.iter().filter(|row| row["observable"] == true && row["level"] == "MUST");
    let proven = musts.clone().filter(|row| row["proven"] == true).count();
    assert!(text.contains(&format!("All documents: MUST {proven} of {}", musts.count())), "the sum over all documents");
    let counts: Vec<&str> = text.lines().filter(|line| !line.starts_with(' ')).collect();
    let counts = counts.join("\n");
    difference::as_kept("catalogue__the_coverage_is_counted_by_what_is_proven_and_every_row_says_why", &counts, ACCEPT);
    insta::assert_snapshot!(counts);
}

#[test]
fn a_claim_that_no_fault_breaks_is_complained_of() {
    let mut catalogue = Catalogue::load(None).unwrap();
    let check = Arc::make_mut(catalogue.checks.iter_mut().find(|check| check.id == "STATE-001").unwrap());
    check.tags.push("covers:RFC6749-5.1-no-store".to_owned());
    let problems: Vec<String> = lint::all(&catalogue).iter().map(ToString::to_string).collect();
    let told = |words: &str| problems.iter().any(|problem| problem.contains(words));
    assert!(told("fault state-dropped: STATE-001, which has to catch it, covers several requirements"), "{problems:?}");
    assert!(told("STATE-001: it covers RFC6749-5.1-no-store, and no fault of its own breaks that"), "{problems:?}");
}

#[test]
fn a_check_is_explained() {
    let explained = printed(&["explain", "PKCE-003"]);
    difference::as_kept("catalogue__a_check_is_explained", &explained, ACCEPT);
    insta::assert_snapshot!(explained);
    assert_eq!(printed(&["explain", "pkce-003"]), printed(&["explain", "PKCE-003"]));
}

#[test]
fn every_check_is_explained_with_what_it_rests_on_and_what_proves_it() {
    // In one process each: the list names them, so each of them must be there.
    for row in rows(&["list", "--format", "json"]).iter().step_by(10) {
        let text = printed(&["explain", row["id"].as_str().unwrap()]);
        for word in words(row, "requirements").into_iter().chain(words(row, "faults")) {
            assert!(text.contains(word), "{word} is not in\n{text}");
        }
    }
}

#[test]
fn an_area_a_fault_a_habit_and_a_requirement_are_explained() {
    let area = printed(&["explain", "PKCE"]);
    assert!(area.contains("PKCE-001  ") && area.contains("PKCE-003  "), "{area}");
    let fault = printed(&["explain", "iss-missing"]);
    assert!(fault.contains("Caught by") && fault.contains("AUTHZ-"), "{fault}");
    let requirement = printed(&["explain", "rfc7636-4.6"]);
    assert!(requirement.contains("RFC 7636") && requirement.contains("PKCE-003"), "{requirement}");
    assert!(printed(&["explain", "opaque-access-tokens"]).contains("lawful"));
}

#[test]
fn an_area_alone_is_listed() {
    let listed = printed(&["list", "PKCE"]);
    assert!(listed.lines().filter(|line| line.starts_with("PKCE-")).count() > 3, "{listed}");
    assert!(!listed.contains("META-"), "{listed}");
    assert!(rows(&["list", "--level", "MUST", "--format", "json"]).iter().all(|row| row["level"] == "MUST"));
}

/// What the catalogue has a check for can be seen: the report counts by the same rows.
#[test]
fn a_requirement_with_a_check_is_observable() {
    let requirements = rows(&["list", "--coverage", "--format", "json"]);
    let covered = requirements.iter().filter(|row| !words(row, "checks").is_empty());
    assert!(covered.clone().any(|row| row["id"] == "RTS-32.1-availability"));
    covered.for_each(|row| assert_eq!(row["observable"], true, "{row}"));
}

#[test]
fn a_check_that_does_not_exist_is_wrong_usage() {
    let output = assert_cmd::Command::cargo_bin("bankproof").unwrap().args(["explain", "PKCE-999"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("bankproof list"));
}

#[test]
fn each_step_is_listed_once_under_its_keyword() {
    let text = printed(&["steps"]);
    let steps: Vec<&str> = text.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   ")).collect();
    assert_eq!(steps.iter().collect::<BTreeSet<_>>().len(), steps.len(), "a step is printed twice");
    for step in ["  Given the PSU has authorised the TPP", "  Then the token request is refused with …"] {
        assert!(steps.contains(&step), "{step} is missing");
    }
}

/// Each check that locks a customer out finds one at the bundled bank whom nobody has locked out before.
#[tokio::test]
async fn the_bundled_bank_has_a_customer_for_each_check_that_locks_one_out() {
    let catalogue = Catalogue::load(None).unwrap();
    let locking = catalogue.checks.iter().filter(|check| check.has_tag("locks-psu"));
    let rows: usize = locking.map(|check| check.rows.len().max(1)).sum();
    let bank = bank::start(&TestPki::fresh().unwrap(), bank::Settings::default()).await.unwrap();
    assert!((12..=bank.lockable.len()).contains(&rows), "{rows} of {}", bank.lockable.len());
}

use std::collections::BTreeMap;

use super::*;
use crate::catalogue::WhyNot;

/// Seven checks: a chain of controls, one with a control by dialect, and what applies to some banks alone.
const FEATURE: &str = "Feature: Some

  @A-001 @must @control:A-002
  Scenario: It needs a control
    Given x
  @A-002 @should @control:B-001
  Scenario: It is one, and needs one
    Given x
  @B-001 @may @must:strict @must:fapi
  Scenario: It is raised
    Given x
  @B-002 @must @dialect:berlin-group @control:berlin-group=C-001 @control:uk-open-banking=C-002 @control:D-001
  Scenario: It is Berlin Group's
    Given x
  @C-001 @must @needs:payments
  Scenario: It needs payments
    Given x
  @C-002 @must @slow @dialect:uk-open-banking
  Scenario: It needs time
    Given x
  @D-001 @must @profile:fapi @needs:moon
  Scenario Outline: It has rows: <row>
    Given <row>
    Examples:
      | row   |
      | plain |
    @needs:sun
    Examples:
      | row   |
      | sunny |
";

fn catalogue() -> Catalogue {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("some.feature"), FEATURE).unwrap();
    Catalogue::of_folder(folder.path()).unwrap()
}

fn context(dialect: &str, profile: &str, capabilities: &[&str]) -> Context {
    Context {
        capabilities: capabilities.iter().map(|name| (*name).to_owned()).collect(),
        missing: BTreeMap::from([("payments", (WhyNot::NotProvided, "the target has no payment API"))]),
        dialect: dialect.to_owned(),
        profiles: [profile.to_owned()].into(),
        time_can_pass: false,
        restraint: None,
    }
}

fn plan(selection: &Selection, context: &Context, policies: &[&str]) -> Vec<Planned> {
    let policies = policies.iter().map(|name| (*name).to_owned()).collect();
    selection.plan(&catalogue(), context, &policies).unwrap()
}

fn selection(prefixes: &[&str], tags: Option<&str>, level: Option<Level>) -> Selection {
    Selection {
        prefixes: prefixes.iter().map(|prefix| (*prefix).to_owned()).collect(),
        tags: tags.map(str::to_owned),
        level,
    }
}

/// The ids, each with a star where it is there as a control only.
fn ids(planned: &[Planned]) -> Vec<String> {
    planned.iter().map(|it| format!("{}{}", it.check.id, if it.only_as_control { "*" } else { "" })).collect()
}

#[test]
fn what_is_selected_comes_with_its_controls_and_theirs_in_the_order_of_the_catalogue() {
    let berlin_group = context("berlin-group", "oauth-bcp", &["payments", "moon"]);
    for (prefixes, tags, level, expected) in [
        (&["A-001"][..], None, None, &["A-001", "A-002*", "B-001*"][..]),
        (&["B-001"], None, None, &["B-001"]),
        (&["C", "A-002"], None, None, &["A-002", "B-001*", "C-001", "C-002"]),
        // The control of this dialect, and the one of all dialects.
        (&["B-002"], None, None, &["B-002", "C-001*", "D-001*"]),
        (&["Z"], None, None, &[]),
        (&[], Some("@slow or @may"), None, &["B-001", "C-002"]),
        (&["A"], Some("not @must"), None, &["A-002", "B-001*"]),
        (&["A", "B-001"], None, Some(Level::Should), &["A-001", "A-002", "B-001*"]),
        (&["A"], None, Some(Level::Must), &["A-001", "A-002*", "B-001*"]),
    ] {
        let planned = plan(&selection(prefixes, tags, level), &berlin_group, &[]);
        assert_eq!(ids(&planned), expected, "{prefixes:?} {tags:?} {level:?}");
    }
    let everything = plan(&Selection::default(), &berlin_group, &[]);
    assert_eq!(ids(&everything), ["A-001", "A-002", "B-001", "B-002", "C-001", "C-002", "D-001"]);
}

#[test]
fn a_control_of_another_dialect_is_not_taken_along() {
    let uk = context("uk-open-banking", "oauth-bcp", &["moon"]);
    assert_eq!(ids(&plan(&selection(&["B-002"], None, None), &uk, &[])), ["B-002", "C-002*", "D-001*"]);
}

#[test]
fn a_level_is_raised_by_profile_or_policy_and_counts_as_raised() {
    let only_musts = selection(&["B-001"], None, Some(Level::Must));
    for (profile, policies, level) in [
        ("oauth-bcp", &[][..], Level::May),
        ("oauth-bcp", &["lax"], Level::May),
        ("oauth-bcp", &["strict"], Level::Must),
        ("fapi", &[], Level::Must),
    ] {
        let context = context("none", profile, &[]);
        let planned = plan(&selection(&["B-001"], None, None), &context, policies);
        assert_eq!(planned[0].level, level, "{profile} {policies:?}");
        assert_eq!(plan(&only_musts, &context, policies).len(), usize::from(level == Level::Must));
    }
}

#[test]
fn what_does_not_apply_is_planned_with_its_reason() {
    let objections = |context: &Context| -> Vec<(String, String)> {
        let planned = plan(&Selection::default(), context, &[]);
        planned.into_iter().filter_map(|it| Some((it.check.id.clone(), it.objection?.reason))).collect()
    };
    let told = objections(&context("uk-open-banking", "oauth-bcp", &["moon"]));
    let expected = [
        ("B-002", "it is about the dialect berlin-group, and the target has uk-open-banking"),
        ("C-001", "the target has no payment API"),
        ("C-002", "it needs time to pass"),
        ("D-001", "it belongs to the profile fapi"),
    ];
    assert_eq!(told.len(), expected.len(), "{told:?}");
    for ((id, reason), (expected_id, words)) in told.iter().zip(expected) {
        assert!(id == expected_id && reason.starts_with(words), "{id}: {reason}");
    }
    let patient = Context { time_can_pass: true, ..context("uk-open-banking", "fapi", &["payments", "moon"]) };
    assert_eq!(objections(&patient).len(), 1);
    let lunar = objections(&context("berlin-group", "fapi", &["payments"]));
    assert_eq!(lunar.last().unwrap(), &("D-001".to_owned(), "the target has no moon".to_owned()));
    let restrained = Context { restraint: Some("it is production".to_owned()), ..patient };
    assert!(objections(&restrained).iter().any(|(id, why)| id == "A-001" && why.ends_with("it is production")));
}

#[test]
fn only_the_rows_that_apply_run() {
    for (capabilities, rows) in [(&["moon"][..], &[0][..]), (&["moon", "sun"], &[0, 1])] {
        let planned = plan(&selection(&["D"], None, None), &context("none", "fapi", capabilities), &[]);
        assert_eq!((planned[0].objection.as_ref(), planned[0].rows_that_run.as_slice()), (None, rows));
    }
}

#[test]
fn a_tag_expression_that_is_none_is_told_with_an_example() {
    for tags in ["@must and and", "(@must"] {
        let error = selection(&[], Some(tags), None).tag_expression().unwrap_err().to_string();
        assert!(error.contains(tags) && error.contains("@must and not @slow"), "{error}");
    }
}

#[test]
fn a_selection_is_told_in_the_words_of_the_command_line() {
    assert_eq!(Selection::default().in_words(), "");
    let all = selection(&["PKCE", "API-001"], Some("@must"), Some(Level::Should));
    assert_eq!(all.in_words(), "PKCE API-001 --tags \"@must\" --level should");
}

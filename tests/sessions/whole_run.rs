//! The first thing a newcomer does.

use std::path::Path;

use super::support::{Desk, complaints_of_schema};

#[test]
fn bankproof_alone_judges_the_bundled_bank_and_leaves_reports() {
    let desk = Desk::new();
    let ended = desk.bankproof(&[]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    for file in ["report.html", "results.json", "junit.xml", "journal.ndjson"] {
        assert!(desk.path("reports/latest").join(file).exists(), "{file} is missing");
    }
    assert!(ended.stdout.contains("Conformant") && !ended.stdout.contains("PASS "), "{}", ended.stdout);
    assert!(!format!("{}{}", ended.stdout, ended.stderr).contains('\u{1b}'), "escapes where there is no terminal");
}

#[test]
fn a_run_leaves_four_files_that_agree() {
    let desk = Desk::new();
    let ended = desk.run(&[]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    let run = desk.last_run();
    let results = run.results();
    assert_eq!(complaints_of_schema(&results), Vec::<String>::new());

    let verdicts = run.verdicts();
    let checks = results["checks"].as_array().unwrap();
    assert!(verdicts.len() >= 75 && verdicts.len() == checks.len(), "a check is there twice");
    for check in checks {
        let explained = check["verdict"] == "not-applicable" && check["reason"] != "";
        assert!(check["verdict"] == "pass" || explained, "{check}");
    }
    let totals = results["totals"].as_object().unwrap();
    for (verdict, count) in totals.iter().filter(|(name, _)| *name != "waived") {
        assert_eq!(count.as_u64().unwrap() as usize, run.with(verdict).len(), "{verdict}");
    }
    assert_eq!(run.read("junit.xml").matches("<testcase ").count(), verdicts.len());
    let html = run.read("report.html");
    assert!(verdicts.keys().all(|id| html.contains(id.as_str())));

    let events = run.events();
    assert_eq!(events[0]["event"], "started");
    assert_eq!(events[events.len() - 1]["event"], "finished");
    let mut finished = run.finished();
    finished.sort();
    assert!(finished.iter().eq(verdicts.keys()), "the journal and the results differ");
}

#[test]
fn the_bundled_bank_of_the_uk_passes_what_is_asked_of_it() {
    let desk = Desk::new();
    let ended = desk.run(&["--dialect", "uk-open-banking"]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    let run = desk.last_run();
    assert_eq!(run.results()["target"]["dialect"], "uk-open-banking");
    let (passed, others) = (run.with("pass"), run.with("not-applicable"));
    assert_eq!(passed.len() + others.len(), run.verdicts().len());
    assert!(passed.len() >= 250 && passed.iter().filter(|id| id.starts_with("UK-")).count() >= 15, "{passed:?}");
    // BG-022 is PSD2's own and has its number from before there was another dialect.
    let of_berlin_group: Vec<_> = passed.iter().filter(|id| id.starts_with("BG-")).collect();
    assert_eq!(of_berlin_group, ["BG-022"], "checks of the Berlin Group were asked of a bank of the UK");
}

#[test]
fn latest_leads_to_the_newest_run_by_a_relative_link() {
    let desk = Desk::new();
    for _ in 0..2 {
        assert_eq!(desk.run(&["META-001"]).code, 0);
        let latest = desk.latest().unwrap();
        assert!(latest.is_relative() && latest.components().count() == 1, "{latest:?}");
        assert_eq!(latest, Path::new(desk.last_run().0.file_name().unwrap()));
    }
    assert_eq!(desk.runs().len(), 2);
}

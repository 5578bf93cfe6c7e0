//! Killed and interrupted runs: what is left, and how they go on.

use std::{
    collections::BTreeSet,
    fs::OpenOptions,
    io::Write,
    process::{Child, Command},
};

use super::support::{Desk, Run, code_of, complaints_of_schema, eventually};

/// Waits until that many checks of the newest run have finished.
fn finished(desk: &Desk, session: &mut Child, count: usize) -> Run {
    eventually("checks of the run", || {
        assert!(session.try_wait().unwrap().is_none(), "the run came to its end before it could be disturbed");
        desk.runs().pop().filter(|run| run.finished().len() >= count)
    })
}

/// `kill -9` once that many checks have finished; gives the ids of those that had.
fn killed(desk: &Desk, arguments: &[&str], count: usize) -> (Run, Vec<String>) {
    let mut session = desk.begin(arguments);
    let run = finished(desk, &mut session, count);
    session.kill().unwrap();
    session.wait().unwrap();
    let finished = run.finished();
    (run, finished)
}

/// Every check has one verdict, and none that had finished ran again.
fn is_whole(run: &Run, before: &[String]) {
    let mut all = run.finished();
    assert!(all.len() > before.len(), "nothing was left to do");
    all.sort();
    let checks: Vec<String> = run.verdicts().into_keys().collect();
    assert_eq!(all, checks, "a check has no verdict in the journal, or two");
    let started = run.events()[0]["checks"].as_array().unwrap().len();
    assert_eq!(checks.len(), started, "a check that the run began with has no verdict");

    let lines = run.read("journal.ndjson");
    assert!(lines.contains("\"event\":\"resumed\""));
    let after = lines.split("\"event\":\"resumed\"").last().unwrap();
    for id in before {
        assert!(!after.contains(&format!("{{\"event\":\"check-started\",\"id\":\"{id}\"}}")), "{id} ran again");
    }
    assert_eq!(complaints_of_schema(&run.results()), Vec::<String>::new());
}

#[test]
fn a_killed_run_goes_on_against_the_same_bank() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    let (run, before) = killed(&desk, &["t.toml"], 12);
    for file in ["report.html", "results.json", "junit.xml"] {
        assert!(!run.has(file), "a killed run has a {file}");
    }
    assert_eq!(desk.latest(), None);

    let folder = run.0.to_str().unwrap();
    let ended = desk.run(&["t.toml", "--resume", folder]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    is_whole(&run, &before);
    assert_eq!(desk.runs().len(), 1);
    assert_eq!(desk.latest().unwrap().as_os_str(), run.0.file_name().unwrap());
    assert!(run.read("report.html").contains("against the same bank"));
}

#[test]
fn a_run_that_was_killed_near_its_end_goes_on() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    let (run, before) = killed(&desk, &["t.toml"], 110);
    let ended = desk.run(&["t.toml", "--resume", run.0.to_str().unwrap()]);
    is_whole(&run, &before);
    assert_eq!(run.with("fail"), Vec::<String>::new());
    // What was seen before the run was killed still counts, but for the codes themselves: they are secrets and are not
    // kept, so where fewer than two came afterwards, nothing can be told of them.
    let untold = run.with("inconclusive");
    assert!(untold.is_empty() || untold == ["TOKEN-009"], "{untold:?}");
    assert_eq!(ended.code, if untold.is_empty() { 0 } else { 3 }, "{}", ended.stdout);
}

#[test]
fn a_killed_run_of_the_bundled_bank_goes_on_with_a_new_one_and_says_so() {
    let desk = Desk::new();
    let (run, before) = killed(&desk, &[], 12);
    let ended = desk.run(&["--resume", run.0.to_str().unwrap()]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    is_whole(&run, &before);
    for text in [run.read("report.html"), run.results().to_string(), ended.stderr] {
        assert!(text.contains("new instance of the bank"), "the report does not say that the bank is a new one");
    }
}

#[test]
fn a_line_that_was_torn_is_no_obstacle() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    let (run, before) = killed(&desk, &["t.toml", "PKCE", "STATE"], 3);
    let mut journal = OpenOptions::new().append(true).open(run.0.join("journal.ndjson")).unwrap();
    journal.write_all(b"{\"event\":\"check-finished\",\"id\":\"PKCE-0").unwrap();
    let ended = desk.run(&["t.toml", "--resume", run.0.to_str().unwrap()]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    let after: BTreeSet<String> = run.finished().into_iter().collect();
    assert!(before.iter().all(|id| after.contains(id)) && after.len() == run.verdicts().len());
}

#[test]
fn a_run_can_be_killed_and_resumed_twice() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    let (run, first) = killed(&desk, &["t.toml"], 10);
    let folder = run.0.to_str().unwrap().to_owned();
    let (_, second) = killed(&desk, &["t.toml", "--resume", &folder], first.len() + 10);
    assert_eq!(desk.run(&["t.toml", "--resume", &folder]).code, 0);
    is_whole(&run, &second);
}

#[test]
fn a_finished_run_and_the_run_of_another_bank_cannot_be_resumed() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    assert_eq!(desk.run(&["t.toml", "META-001"]).code, 0);
    let ended = desk.run(&["t.toml", "--resume", "out/latest"]);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("nothing to resume"), "{}", ended.stderr);

    let (run, _) = killed(&desk, &["t.toml"], 3);
    desk.write("u.toml", &desk.read("t.toml").replace("name = \"Bundled bank\"", "name = \"Another bank\""));
    let ended = desk.run(&["u.toml", "--resume", run.0.to_str().unwrap()]);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("Bundled bank"), "{}", ended.stderr);
}

#[test]
fn ctrl_c_leaves_a_valid_partial_report_and_latest_as_it_was() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    assert_eq!(desk.run(&["t.toml", "META-001"]).code, 0);
    let latest = desk.latest();

    let mut session = desk.begin(&["t.toml"]);
    let run = eventually("a second run", || desk.runs().pop().filter(|_| desk.runs().len() == 2));
    finished(&desk, &mut session, 8);
    interrupt(&session);
    assert_eq!(code_of(&mut session), Some(3), "an interrupted run has judged nobody");

    let results = run.results();
    assert_eq!(complaints_of_schema(&results), Vec::<String>::new());
    let (done, selected) = (run.verdicts().len(), run.events()[0]["checks"].as_array().unwrap().len());
    assert!((8..selected).contains(&done), "{done} of {selected}");
    assert_eq!(run.with("fail"), Vec::<String>::new());
    assert!(
        run.read("report.html").contains("It was stopped by its user."),
        "the report does not say that it is partial"
    );
    assert_eq!(run.events().last().unwrap()["interrupted"], true);
    assert_eq!(desk.latest(), latest);

    let before = run.finished();
    assert_eq!(desk.run(&["t.toml", "--resume", run.0.to_str().unwrap()]).code, 0);
    is_whole(&run, &before);
    assert_ne!(desk.latest(), latest);
}

/// Ctrl-C, for that process alone.
fn interrupt(session: &Child) {
    let kill = Command::new("sh").arg("-c").arg(format!("kill -INT {}", session.id())).status().unwrap();
    assert!(kill.success());
}

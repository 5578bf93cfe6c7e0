//! Which reports a run leaves, and how they are made again from its journal.

use std::{fs, process::Command};

use super::support::{Desk, Ended, Run, code_of, complaints_of_schema, eventually};

const FILES: [&str; 3] = ["results.json", "junit.xml", "report.html"];

fn files(run: &Run) -> Vec<String> {
    let names = fs::read_dir(&run.0).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name != ".lock").collect();
    names.sort();
    names
}

/// Takes the reports of the newest run away and has them made again: they are the same to the octet.
fn is_the_same_again(desk: &Desk, ended: i32) -> Ended {
    let run = desk.last_run();
    let before = FILES.map(|name| run.read(name));
    FILES.iter().for_each(|name| fs::remove_file(run.0.join(name)).unwrap());
    let again = desk.bankproof(&["report", run.0.to_str().unwrap()]);
    assert_eq!(again.code, ended, "{}{}", again.stdout, again.stderr);
    for (name, before) in FILES.iter().zip(before) {
        let after = run.read(name);
        let differs = before.lines().zip(after.lines()).find(|(before, after)| before != after);
        assert!(before == after, "{name} is another: {differs:?}");
    }
    again
}

#[test]
fn a_run_is_rendered_again_from_its_journal() {
    let desk = Desk::new();
    let ended = desk.run(&[]);
    let again = is_the_same_again(&desk, ended.code);
    assert_eq!(again.stdout, ended.stdout.replace("out/", desk.path("out/").to_str().unwrap()));
    // By the name that `latest` is, and by the run's own.
    let name = desk.last_run().0.file_name().unwrap().to_str().unwrap().to_owned();
    for word in ["latest", &name] {
        let again = desk.bankproof(&["report", word, "--out", "out", "--report", "json"]);
        assert_eq!(again.code, ended.code, "{word}: {}", again.stderr);
    }
}

#[test]
fn a_failed_run_is_rendered_again_with_its_waivers_and_declarations() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &["pkce-verifier-unchecked", "state-dropped"]);
    let declared = "\n[[deviation]]\nchecks = [\"STATE-001\", \"PKCE-999\"]\nreason = \"release 7\"\n";
    desk.write("t.toml", &(desk.read("t.toml") + declared));
    desk.write(
        "w.toml",
        "[[waiver]]\ncheck = \"PKCE-003\"\nreason = \"mended soon\"\nowner = \"jo@bank.example\"\nexpires = \"2099-12-31\"\n\
         scope = \"*\"\n",
    );
    let ended = desk.run(&["t.toml", "PKCE", "STATE", "--waivers", "w.toml"]);
    assert_eq!(ended.code, 1, "{}{}", ended.stdout, ended.stderr);
    assert_eq!(desk.last_run().check("PKCE-003")["waived"]["reason"], "mended soon");
    is_the_same_again(&desk, 1);
}

#[test]
fn an_interrupted_run_is_rendered_again_and_so_is_what_became_of_it() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    let mut session = desk.begin(&["t.toml", "PKCE", "STATE", "CERT"]);
    let run = eventually("some checks", || desk.runs().pop().filter(|run| run.finished().len() >= 4));
    let sent = Command::new("sh").arg("-c").arg(format!("kill -INT {}", session.id())).status().unwrap();
    assert!(sent.success());
    let code = code_of(&mut session).unwrap();
    assert_eq!(run.results()["interrupted"], true);
    is_the_same_again(&desk, code);

    let ended = desk.run(&["t.toml", "--resume", run.0.to_str().unwrap()]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    is_the_same_again(&desk, 0);
}

#[test]
fn a_killed_run_is_rendered_as_far_as_it_came() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    let mut session = desk.begin(&["t.toml", "PKCE", "STATE"]);
    let run = eventually("some checks", || desk.runs().pop().filter(|run| run.finished().len() >= 3));
    let folder = run.0.to_str().unwrap().to_owned();
    let going_on = desk.bankproof(&["report", &folder]);
    assert!(going_on.code == 2 && going_on.stderr.contains("is still going on"), "{}", going_on.stderr);
    session.kill().unwrap();
    session.wait().unwrap();
    let mut journal = run.read("journal.ndjson");
    journal.push_str("{\"event\":\"check-finished\",\"id\":\"PKCE-0");
    fs::write(run.0.join("journal.ndjson"), journal).unwrap();

    let ended = desk.bankproof(&["report", &folder]);
    assert_eq!(ended.code, 3, "{}{}", ended.stdout, ended.stderr);
    assert!(ended.stderr.contains("of the journal cannot be read, as where a run was killed"), "{}", ended.stderr);
    let results = run.results();
    assert!(results["finished_at"].is_null() && !results["unjudged"].as_array().unwrap().is_empty(), "{results}");
    assert_eq!(complaints_of_schema(&results), Vec::<String>::new());
    assert!(run.read("report.html").contains("PKCE-001") && run.has("junit.xml"));
}

/// A journal from before it had a version, directions and what the run was accepted by.
#[test]
fn a_journal_of_old_can_be_read() {
    let desk = Desk::new();
    let ended = desk.run(&["PKCE"]);
    let run = desk.last_run();
    let old = run.events().into_iter().filter(|event| event["event"] != "accepting").map(|mut event| {
        let members = event.as_object_mut().unwrap();
        for new in ["journal", "judged", "direction"] {
            members.remove(new);
        }
        format!("{event}\n")
    });
    let old: String = old.collect();
    assert!(run.read("journal.ndjson").contains("\"direction\":\"sent\"") && !old.contains("\"direction\""));
    fs::write(run.0.join("journal.ndjson"), old).unwrap();
    is_the_same_again(&desk, ended.code);
    let results = run.results();
    let exchanges = run.events().iter().filter(|event| event["event"] == "exchange").count();
    assert_eq!(results["exchanges"], serde_json::json!({ "sent": exchanges, "received": 0 }));
    assert_eq!(results["judged"], "bank");
}

#[test]
fn what_is_no_journal_of_ours_is_refused_with_a_reason() {
    let desk = Desk::new();
    let folder = desk.folder("run");
    let started = |more: &str| format!("{{\"event\":\"started\",\"tool_version\":\"9.1.0\"{more}}}\n");
    let of_old = started("");
    let of_tomorrow = started(",\"journal\":7");
    let cases: [(Option<&[u8]>, &str); 6] = [
        (None, "cannot be read: No such file"),
        (Some(b""), "does not begin with a run"),
        (Some(b"hello\n"), "does not begin with a run"),
        (Some(b"\xff\xfe\0\0{\"event\":\"started\""), "does not begin with a run"),
        (Some(of_tomorrow.as_bytes()), "was written by bankproof 9.1.0 (version 7 of the journal)"),
        (Some(of_old.as_bytes()), "was written by bankproof 9.1.0 (version 1 of the journal)"),
    ];
    for (bytes, told) in cases {
        if let Some(bytes) = bytes {
            fs::write(desk.path("run/journal.ndjson"), bytes).unwrap();
        }
        let ended = desk.bankproof(&["report", &folder]);
        assert_eq!(ended.code, 2, "{told}: {}{}", ended.stdout, ended.stderr);
        assert!(ended.stderr.contains(told) && ended.stderr.contains("journal.ndjson"), "{told}: {}", ended.stderr);
        assert!(!desk.path("run/report.html").exists() && !desk.path("run/.lock").exists(), "{told}");
    }
    for missing in ["nowhere", "latest"] {
        let ended = desk.bankproof(&["report", missing]);
        assert!(ended.code == 2 && ended.stderr.contains("name the folder of a run"), "{}", ended.stderr);
        assert!(!desk.path(missing).exists());
    }
}

#[test]
fn a_run_leaves_the_reports_that_it_is_asked_for() {
    let desk = Desk::new();
    for (asked, left) in [
        ("json", &["journal.ndjson", "results.json"][..]),
        ("junit,html", &["journal.ndjson", "junit.xml", "report.html"]),
        ("html,json,junit", &["journal.ndjson", "junit.xml", "report.html", "results.json"]),
    ] {
        let ended = desk.run(&["PKCE-001", "--report", asked]);
        assert_eq!(ended.code, 0, "{}", ended.stderr);
        let run = desk.last_run();
        assert_eq!(files(&run), left);
        let told = if asked == "json" { "results.json" } else { "report.html" };
        assert!(ended.stdout.contains(&format!("/{told}")), "{}", ended.stdout);
        // Another report beside them.
        desk.bankproof(&["report", "latest", "--out", "out", "--report", "junit"]);
        assert!(run.has("junit.xml"));
    }
}

#[test]
fn a_report_format_that_there_is_none_of_is_wrong_usage() {
    let desk = Desk::new();
    for command in [&["run", "--report", "json,junt"][..], &["report", "latest", "--report", "junt"]] {
        let ended = desk.bankproof(command);
        assert_eq!(ended.code, 2, "{}", ended.stderr);
        assert!(ended.stderr.contains("did you mean \"junit\"?"), "{}", ended.stderr);
        assert!(ended.stderr.contains("There are json, junit, html"), "{}", ended.stderr);
    }
    assert!(!desk.path("reports").exists());
}

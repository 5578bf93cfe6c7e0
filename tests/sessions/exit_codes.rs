//! One test for each exit code that a bank or a user can bring about; 2 has a file of its own.

use std::{fs::OpenOptions, process::Stdio};

use bankproof::bank::faults;

use super::support::Desk;

#[test]
fn zero_where_everything_selected_holds() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    let ended = desk.run(&["t.toml", "PKCE"]);
    assert_eq!(ended.code, 0, "{}", ended.stdout);
    assert_eq!(desk.last_run().with("pass").len(), desk.last_run().verdicts().len());
}

#[test]
fn one_for_a_bank_that_does_not_hold_the_verifier_against_the_challenge() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &["pkce-verifier-unchecked"]);
    let ended = desk.run(&["t.toml"]);
    assert_eq!(ended.code, 1, "{}", ended.stdout);

    let run = desk.last_run();
    let fault = faults::all().iter().find(|fault| fault.id == "pkce-verifier-unchecked").unwrap();
    let mut expected = [&["PKCE-003"], fault.also].concat();
    expected.sort_unstable();
    let mut found = [run.with("fail"), run.with("warn")].concat();
    found.sort_unstable();
    assert!(run.with("fail").iter().any(|id| id == "PKCE-003"), "{found:?}");
    assert!(found.len() > 1 && found.iter().all(|id| expected.contains(&id.as_str())), "{found:?}");
    assert_eq!(run.results()["totals"]["inconclusive"], 0);

    // In words that a bank's developer understands: what was asked, what came, which clause, which request.
    let check = run.check("PKCE-003");
    assert!(check["expected"].as_str().unwrap().contains("a refusal"), "{check}");
    assert!(check["actual"].as_str().unwrap().contains("200"), "{check}");
    let html = run.read("report.html");
    for words in ["The token endpoint refuses a code_verifier that does not match", "A stolen authorization code"] {
        assert!(html.contains(words), "{words}");
    }
    assert!(html.contains("https://www.rfc-editor.org/rfc/rfc7636#section-4.6"));
    assert!(ended.stdout.contains("FAIL  PKCE-003") && !ended.stdout.contains("FAIL  PKCE-001"), "{}", ended.stdout);
}

#[test]
fn three_and_no_failure_where_nobody_listens() {
    let desk = Desk::new();
    desk.bank("t.toml", &[]).end();
    let ended = desk.run(&["t.toml"]);
    assert_eq!(ended.code, 3, "{}", ended.stdout);
    let run = desk.last_run();
    assert_eq!(run.with("fail"), Vec::<String>::new());
    assert_eq!(run.with("warn"), Vec::<String>::new());
    assert_eq!(run.with("pass"), Vec::<String>::new(), "nothing was seen, so nothing holds");
    assert!(run.check("PKCE-003")["reason"].as_str().unwrap().starts_with("environment: "));
    assert!(run.has("report.html") && run.has("junit.xml"));
}

#[test]
fn three_where_nothing_could_be_told_whatever_the_level() {
    let desk = Desk::new();
    desk.bank("t.toml", &[]).end();
    desk.write("w.toml", &waiver("META-004"));
    for arguments in [&["META-004"][..], &["META-004", "META-007"], &["META-004", "--waivers", "w.toml"]] {
        let ended = desk.run(&[&["t.toml"], arguments].concat());
        assert_eq!(ended.code, 3, "{arguments:?}: {}", ended.stdout);
        let run = desk.last_run();
        assert_eq!(run.with("inconclusive").len(), run.verdicts().len(), "{arguments:?}");
        assert_eq!(run.results()["exit_code"], 3, "{arguments:?}");
        for told in [ended.stdout, run.read("report.html"), run.results()["verdict"].to_string()] {
            assert!(told.contains("Could not be judged: ") && !told.contains("Conformant"), "{arguments:?}: {told}");
        }
    }
}

fn waiver(check: &str) -> String {
    format!("[[waiver]]\ncheck = \"{check}\"\nreason = \"r\"\nowner = \"o\"\nexpires = \"2099-12-31\"\nscope = \"*\"\n")
}

#[test]
fn four_where_nothing_is_selected() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    for arguments in [["t.toml", "PKCE", "--tags=@etsi"], ["t.toml", "META-007", "--level=MUST"]] {
        let ended = desk.run(&arguments);
        assert_eq!(ended.code, 4, "{arguments:?}: {}", ended.stderr);
        assert!(!ended.stdout.contains("0 checks: "), "{arguments:?}: {}", ended.stdout);
    }
}

#[test]
fn four_where_nothing_selected_applies() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    desk.write("t.toml", &desk.read("t.toml").replace("environment = \"test\"", "environment = \"production\""));
    assert_eq!(desk.run(&["t.toml", "PKCE"]).code, 4);
    assert_eq!(desk.last_run().with("not-applicable").len(), desk.last_run().verdicts().len());
}

/// No money moves on production: what is left is a part of what the bank can be held to.
#[test]
fn four_where_too_few_of_the_musts_were_judged_unless_less_is_asked_for() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    desk.write("t.toml", &desk.read("t.toml").replace("environment = \"test\"", "environment = \"production\""));
    let ended = desk.run(&["t.toml"]);
    assert_eq!(ended.code, 4, "{}", ended.stdout);
    let sentence = desk.last_run().results()["verdict"].as_str().unwrap().to_owned();
    assert!(
        sentence.starts_with("Nothing was found against it in the ") && sentence.contains("MUSTs of"),
        "{sentence}"
    );
    assert!(sentence.contains("a verdict takes 50 % of them") && !ended.stdout.contains("Conformant"), "{sentence}");
    assert!(ended.stdout.contains(&sentence), "{}", ended.stdout);
    let ended = desk.run(&["t.toml", "--min-share", "0"]);
    assert_eq!(ended.code, 0, "{}", ended.stdout);
    assert!(!ended.stdout.contains("a verdict takes"), "{}", ended.stdout);
    let page = desk.last_run().read("report.html");
    assert!(page.contains("class=\"verdict warn\"") && !page.contains("class=\"verdict pass\""), "it is green");
}

#[test]
fn five_where_no_report_can_be_written() {
    let desk = Desk::new();
    desk.write("file", "in the way");
    let ended = desk.bankproof(&["run", "META-001", "--out", "file/reports"]);
    assert_eq!(ended.code, 5, "{}", ended.stderr);
    assert!(ended.stderr.contains("file/reports"), "{}", ended.stderr);
}

/// Each command that prints.
const PRINTING: [&[&str]; 12] = [
    &["run", "--out", "out", "META-001"],
    &["run", "--out", "out", "META-001", "--format", "json"],
    &["list"],
    &["list", "--coverage"],
    &["list", "--format", "json"],
    &["explain", "PKCE-003"],
    &["steps"],
    &["certs", "lint", "--rules"],
    &["certs", "inspect", "pki/ca-root.pem"],
    &["certs", "issue", "--list"],
    &["--help"],
    &["--version"],
];

#[test]
fn five_where_the_result_cannot_be_printed() {
    let desk = Desk::new();
    assert_eq!(desk.bankproof(&["certs", "issue", "--out", "pki"]).code, 0);
    for arguments in PRINTING.into_iter().chain([&["prove", "--habit", "opaque-access-tokens", "META-001"][..]]) {
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let ended = desk.command(arguments).stdout(full).output().unwrap();
        let told = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(5), "{arguments:?}: {told}");
        assert!(told.contains("could not be printed: No space left on device"), "{arguments:?}: {told}");
    }
    // What stands in a result is lost with it, whatever its own exit code would have been.
    for arguments in [
        &["doctor", "nope.toml"][..],
        &["doctor", "nope.toml", "--format", "json"],
        &["certs", "lint", "pki/defects/tpp-a-expired.pem"],
        &["certs", "lint", "--format", "json", "pki/ca-root.pem"],
    ] {
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let ended = desk.command(arguments).stdout(full).output().unwrap();
        let told = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(5), "{arguments:?}: {told}");
        assert!(told.contains("could not be printed"), "{arguments:?}: {told}");
    }
    // What was judged is on disk all the same.
    assert!(desk.last_run().has("report.html"));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let desk = Desk::new();
    assert_eq!(desk.bankproof(&["certs", "issue", "--out", "pki"]).code, 0);
    for arguments in PRINTING {
        let mut child = desk.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let ended = child.wait_with_output().unwrap();
        let told = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(0), "{arguments:?}: {told}");
        assert!(!told.contains("panicked") && !told.contains("Broken pipe"), "{arguments:?}: {told}");
    }
}

#[test]
fn a_proof_of_checks_that_do_not_apply_is_none() {
    let ended = Desk::new().bankproof(&["prove", "BG-001", "--dialect", "uk-open-banking"]);
    assert_eq!(ended.code, 4, "{}{}", ended.stdout, ended.stderr);
    assert!(ended.stderr.contains("nothing was proven") && ended.stderr.contains("--dialect"), "{}", ended.stderr);
}

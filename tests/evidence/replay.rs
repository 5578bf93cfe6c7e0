//! An exchange of a run is sent again: by `bankproof replay`, and where nothing in it lived in the run alone, by the line for a
//! shell that the report prints.

use std::{collections::BTreeMap, path::Path, process::Command};

use serde_json::Value;

use super::support::{Desk, Ended, Run};

/// Each makes some check fail, most of them in an exchange that needs what is live in one run alone.
const FAULTS: [&str; 10] = [
    "code-reusable",
    "pkce-verifier-unchecked",
    "state-dropped",
    "token-not-bound",
    "redirect-uri-unchecked",
    "expired-certificate-accepted",
    "iss-missing",
    "payment-links-missing",
    "signature-unchecked",
    "client-secret-unchecked",
];
/// The checks that find them.
const CHECKS: [&str; 12] = [
    "AUTHZ-011",
    "BG-001",
    "CAUTH-012",
    "CERT-004",
    "PKCE-003",
    "PKCE-010",
    "REDIR-001",
    "SIGN-002",
    "SIGN-003",
    "STATE-001",
    "TOKEN-001",
    "TOKEN-010",
];

/// The failures of a run: each check with the exchange that its verdict rests on.
fn failures(run: &Run) -> BTreeMap<String, String> {
    let results = run.results();
    let failed = results["checks"].as_array().unwrap().iter().filter(|check| check["verdict"] == "fail");
    let text = |value: &Value| value.as_str().map(str::to_owned);
    failed.filter_map(|check| Some((text(&check["id"])?, text(&check["decisive"])?))).collect()
}

fn replay(desk: &Desk, exchange: &str, more: &[&str]) -> Ended {
    desk.bankproof(&[&["replay", "latest", exchange, "--out", "out"], more].concat())
}

#[test]
fn whoever_doubts_a_failure_sends_it_again() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &FAULTS);
    desk.run(&[&["t.toml"], &CHECKS[..]].concat());
    let run = desk.last_run();
    let failures = failures(&run);
    assert!(failures.len() >= 10, "{failures:?}");
    let mut unlike = Vec::new();
    for (check, exchange) in &failures {
        let ended = replay(&desk, exchange, &["--target", "t.toml"]);
        unlike.extend(
            (ended.code != 0).then(|| format!("{check} {exchange}: {} {}{}", ended.code, ended.stdout, ended.stderr)),
        );
        for secret in secrets(&desk) {
            assert!(!ended.stdout.contains(&secret) && !ended.stderr.contains(&secret), "{check}: a secret shows");
        }
    }
    assert!(unlike.is_empty(), "{} of {} give another answer:\n{}", unlike.len(), failures.len(), unlike.join("\n"));
    the_lines_give_the_recorded_answers(&desk, &run);
}

/// The customer's secrets.
fn secrets(desk: &Desk) -> Vec<String> {
    let file: toml::Table = desk.read("t.toml").parse().unwrap();
    let secrets = file["psu"]["secrets"].as_table().unwrap();
    secrets.values().map(|secret| secret.as_str().unwrap().to_owned()).collect()
}

/// Every line of the report that asks for nothing that lived in the run alone, with the status that was recorded.
fn lines(run: &Run) -> Vec<(String, String)> {
    let report = run.read("report.html");
    let mut lines = Vec::new();
    for details in report.split("<details class=\"exchange\"").skip(1) {
        let between = |from: &str, to: &str| Some(details.split_once(from)?.1.split_once(to)?.0.to_owned());
        let (Some(status), Some(line)) =
            (between("class=\"status\">", "<"), between("<pre class=\"curl\" tabindex=\"0\">", "</pre>"))
        else {
            continue;
        };
        let line = [
            ("&quot;", "\""),
            ("&#39;", "'"),
            ("&#x27;", "'"),
            ("&#x2F;", "/"),
            ("&lt;", "<"),
            ("&gt;", ">"),
            ("&amp;", "&"),
        ]
        .iter()
        .fold(line, |line, (escaped, plain)| line.replace(escaped, plain));
        // Account numbers are in the target file; whatever else is a variable lived in the run alone.
        if !details.contains("lived in this run alone") {
            lines.push((line, status));
        }
    }
    lines
}

fn the_lines_give_the_recorded_answers(desk: &Desk, run: &Run) {
    if Command::new("curl").arg("--version").output().is_err() {
        assert!(std::env::var_os("BANKPROOF_REQUIRE_CURL").is_none(), "curl is missing");
        return eprintln!("SKIPPED: curl is not here");
    }
    let lines = lines(run);
    assert!(!lines.is_empty(), "no line can be sent as it is");
    let file: toml::Table = desk.read("t.toml").parse().unwrap();
    let account = |name: &str| file["payment"][name].as_str().unwrap().to_owned();
    let accounts = [("debtorAccount", account("debtor_iban")), ("creditorAccount", account("creditor_iban"))];
    for (line, status) in lines {
        let line = accounts.iter().fold(line, |line, (member, value)| {
            let Some(at) = line.find(member) else { return line };
            let from = at + line[at..].find("\"$ACCOUNT_").unwrap();
            let to = from + 2 + line[from + 1..].find('"').unwrap();
            format!("{}'{value}'{}", &line[..from], &line[to..])
        });
        let came = answer_of(&line, &desk.path("t-identities"));
        assert!(came.starts_with(&format!("HTTP/1.1 {status}")), "{status} was recorded: {line}\n{came}");
    }
}

fn answer_of(line: &str, folder: &Path) -> String {
    let output = Command::new("bash").args(["-c", line]).current_dir(folder).output().unwrap();
    String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
}

#[test]
fn a_run_of_the_bundled_bank_needs_no_target_file() {
    let desk = Desk::new();
    assert_eq!(desk.run(&["PKCE-001", "CERT-004"]).code, 0);
    let events = desk.last_run().events();
    let exchanges: Vec<_> = events.iter().filter(|event| event["event"] == "exchange").collect();
    let of = |purpose: &str| {
        let found = exchanges.iter().find(|exchange| exchange["purpose"].as_str().unwrap().contains(purpose));
        found.unwrap_or_else(|| panic!("{purpose}: {exchanges:#?}"))["id"].as_str().unwrap().to_owned()
    };
    for purpose in ["discover", "initiate", "redeem"] {
        let ended = replay(&desk, &of(purpose), &[]);
        assert_eq!(ended.code, 0, "{purpose}: {}{}", ended.stdout, ended.stderr);
        assert!(
            ended.stdout.contains("The answer is the recorded one") && ended.stdout.contains("\n< "),
            "{}",
            ended.stdout
        );
    }
}

#[test]
fn habits_of_the_bundled_bank_are_walked_to_again() {
    let desk = Desk::new();
    let _bank = desk.bank_with("t.toml", &["--habit", "callback-by-302"]);
    assert_eq!(desk.run(&["t.toml", "FLOW-001"]).code, 0);
    let events = desk.last_run().events();
    let back = events.iter().filter(|event| event["response"]["status"] == 302 || event["answer"]["status"] == 302);
    let mut back = back.filter(|event| event["check"] == "FLOW-001");
    let back = back.next_back().unwrap()["id"].as_str().unwrap().to_owned();
    let ended = replay(&desk, &back, &[]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
}

#[test]
fn a_bank_that_was_mended_gives_another_answer() {
    let desk = Desk::new();
    let ill = desk.bank("ill.toml", &["pkce-verifier-unchecked"]);
    desk.run(&["ill.toml", "PKCE-003"]);
    let exchange = failures(&desk.last_run())["PKCE-003"].clone();
    ill.end();
    let gone = replay(&desk, &exchange, &["--target", "ill.toml"]);
    assert_eq!(gone.code, 3, "{}{}", gone.stdout, gone.stderr);
    assert!(gone.stdout.contains("was not sent again"), "{}", gone.stdout);
    let _mended = desk.bank("mended.toml", &[]);
    let ended = replay(&desk, &exchange, &["--target", "mended.toml"]);
    assert_eq!(ended.code, 1, "{}{}", ended.stdout, ended.stderr);
    for words in ["status: 200 recorded, 400 now", "error code: none recorded, invalid_grant now"] {
        assert!(ended.stdout.contains(words), "{words}: {}", ended.stdout);
    }
}

#[test]
fn what_cannot_be_sent_again_is_told_before_anything_is_asked() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    let text = desk.read("t.toml");
    desk.write("other.toml", &text.replace("bundled = true\n", ""));
    assert_eq!(desk.run(&["other.toml", "META-001"]).code, 0);
    for (arguments, words) in [
        (&["replay", "nowhere", "x0001"][..], "cannot be read"),
        (&["replay", "latest", "x0001"], "reports/latest"),
        (&["replay", "latest", "x9999", "--out", "out"], "has no exchange x9999: it has x0001 to"),
        (&["replay", "latest", "x0001", "--out", "out"], "name its target file with --target"),
        (&["replay", "latest", "x0001", "--out", "out", "--target", "none.toml"], "none.toml"),
    ] {
        let ended = desk.bankproof(arguments);
        assert_eq!(ended.code, 2, "{arguments:?}: {}{}", ended.stdout, ended.stderr);
        assert!(ended.stderr.contains(words), "{words}: {}", ended.stderr);
    }
}

/// The part of the report that is about a check.
fn section(run: &Run, check: &str) -> String {
    let report = run.read("report.html");
    let from = report.find(&format!("id=\"{check}\" data-verdict")).unwrap();
    let length = report[from..].find("</article>").unwrap();
    report[from..from + length].to_owned()
}

#[test]
fn what_came_over_tls_alone_has_a_line_too() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &["tls-1-1-accepted", "pkce-optional"]);
    desk.run(&["t.toml", "TLS-002", "PKCE-001", "CERT-004"]);
    let run = desk.last_run();
    let tls = section(&run, "TLS-002").replace("&#x2F;", "/").replace("&lt;", "<");
    let lines: Vec<&str> = tls.lines().filter(|line| line.contains("openssl s_client")).collect();
    assert!(lines.len() == 2 && lines.iter().all(|line| line.contains(" -tls1_1 ")), "{lines:?}");
    let line = &lines[0][lines[0].find("openssl").unwrap()..];
    match Command::new("openssl").arg("version").output() {
        Err(_) => eprintln!("SKIPPED: openssl is not here"),
        Ok(_) => assert!(answer_of(line, &desk.path("")).contains("TLSv1.1"), "{line}"),
    }
    let walk = section(&run, "PKCE-001");
    assert!(walk.contains("it may be answered with another error"), "a payment that was used is not told: {walk}");
    let place = |words: &str| walk.find(words).unwrap_or_else(|| panic!("{words}: {walk}"));
    assert!(place("The request that was put to the test") < place("What it led to: the exchange that decides"));
    assert!(run.read("report.html").contains("x5t#S256"), "whose certificate it was is not told");
}

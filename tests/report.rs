//! The reports of a run with a hostile bank: complete, escaped, bounded, and as their formats ask.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[allow(dead_code, reason = "each file of tests uses its part of the fixtures")]
mod fixtures;

use std::collections::HashMap;

use bankproof::report::{FORMATS, html, json, junit, terminal, write};
use bankproof::run::event::{Event, Level, RunRecord, Verdict, Waived, WhyNot};
use bankproof::run::exit;
use scraper::{ElementRef, Html, Selector};
use serde_json::Value;

fn select<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    page.select(&Selector::parse(selector).unwrap()).collect()
}

fn text(element: ElementRef) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn page(record: &RunRecord) -> Html {
    Html::parse_document(&html::render(record).unwrap())
}

#[test]
fn json_says_it_all() {
    let results: Value = serde_json::from_str(&json::render(&fixtures::record()).unwrap()).unwrap();
    insta::assert_json_snapshot!(results);
}

#[test]
fn json_is_as_the_schema_says() {
    let schema: Value = serde_json::from_str(include_str!("../reports/schema/results-v1.schema.json")).unwrap();
    jsonschema::meta::validate(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for record in [fixtures::record(), fixtures::clean(), fixtures::interrupted(), fixtures::full_run(1)] {
        let results: Value = serde_json::from_str(&json::render(&record).unwrap()).unwrap();
        let errors: Vec<String> = validator.iter_errors(&results).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
    let mut other: Value = serde_json::from_str(&json::render(&fixtures::record()).unwrap()).unwrap();
    other["surprise"] = Value::Null;
    assert!(!validator.is_valid(&other));
}

#[test]
fn json_counts_each_check_once() {
    let results: Value = serde_json::from_str(&json::render(&fixtures::record()).unwrap()).unwrap();
    let totals = results["totals"].as_object().unwrap();
    let sum: u64 = totals.iter().filter(|(key, _)| *key != "waived").filter_map(|(_, count)| count.as_u64()).sum();
    assert_eq!(sum as usize, results["checks"].as_array().unwrap().len());
    assert_eq!(totals["waived"], 1);
}

#[test]
fn junit_has_a_case_for_each_check() {
    let xml = junit::render(&fixtures::record()).unwrap();
    insta::assert_snapshot!(xml);
    assert!(xml.contains(r#"<testsuites name="bankproof" tests="13" skipped="4" failures="3" errors="1""#), "{xml}");
    assert_eq!(xml.matches("<testcase ").count(), fixtures::record().info.checks.len());
}

#[test]
fn junit_calls_a_failure_a_failure() {
    let xml = junit::render(&fixtures::record()).unwrap();
    // The fault of h2spec: failures filed under errors.
    assert_eq!(xml.matches("<failure ").count(), 3);
    assert_eq!(xml.matches("<error ").count(), 1, "only an inconclusive MUST is an error");
    assert_eq!(xml.matches("<skipped ").count(), 4, "not-applicable, and an inconclusive SHOULD");
    let stopped = junit::render(&fixtures::interrupted()).unwrap();
    assert_eq!(stopped.matches("not judged: the run stopped before").count(), 11);
}

#[test]
fn the_summary_puts_failures_first() {
    let options = terminal::Options::default();
    let path = std::path::Path::new("reports/20261121-101500-4f2a/report.html");
    insta::assert_snapshot!("summary", terminal::summary(&fixtures::record(), options, Some(path)));
    insta::assert_snapshot!("summary_clean", terminal::summary(&fixtures::clean(), options, Some(path)));
    insta::assert_snapshot!("summary_interrupted", terminal::summary(&fixtures::interrupted(), options, None));
    let all = terminal::Options { passes: true, colour: true, ..options };
    let coloured = terminal::summary(&fixtures::record(), all, None);
    assert!(coloured.contains("\u{1b}[") && coloured.contains("PKCE-001"), "{coloured}");
}

#[test]
fn the_bank_cannot_steer_the_terminal() {
    let summary = terminal::summary(&fixtures::record(), terminal::Options::default(), None);
    assert!(!summary.contains(['\u{1b}', '\u{202e}']), "{summary}");
}

#[test]
fn plain_progress_is_a_few_lines() {
    let lines = |verbose, passes| {
        let (path, file) = tempfile::NamedTempFile::new().unwrap().keep().map(|(file, path)| (path, file)).unwrap();
        let mut terminal = terminal::Terminal::lines(terminal::Options { verbose, passes, colour: false }, file);
        let record = fixtures::record();
        terminal.on(&Event::Started(Box::new(record.info)));
        for result in record.results {
            terminal.on(&Event::CheckStarted { id: result.id.clone() });
            terminal.on(&Event::CheckFinished(Box::new(result)));
        }
        terminal.on(&Event::Finished { at: fixtures::BEGAN, interrupted: true });
        drop(terminal);
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::remove_file(path).unwrap();
        text.lines().count()
    };
    assert_eq!(lines(false, false), 3);
    assert_eq!(lines(true, false), 3 + 7);
    assert_eq!(lines(true, true), 3 + 13);
}

#[test]
fn html_shows_every_check_once_and_failures_first() {
    for record in [fixtures::record(), fixtures::interrupted(), fixtures::full_run(2)] {
        let page = page(&record);
        let mut ids = HashMap::new();
        select(&page, "[id]")
            .iter()
            .for_each(|element| *ids.entry(element.attr("id").unwrap().to_owned()).or_insert(0) += 1);
        assert!(ids.values().all(|count| *count == 1), "an id stands twice");
        assert!(record.info.checks.iter().all(|check| ids.contains_key(&check.id)));
        let shown: Vec<&str> =
            select(&page, "[data-verdict]").iter().filter_map(|it| it.attr("data-verdict")).collect();
        assert_eq!(shown.len(), record.results.len());
        let last_fail = shown.iter().rposition(|verdict| *verdict == "fail");
        let first_pass = shown.iter().position(|verdict| *verdict == "pass");
        assert!(last_fail.is_none() || first_pass.is_none() || last_fail < first_pass);
    }
}

#[test]
fn html_escapes_what_the_bank_sends() {
    let source = html::render(&fixtures::record()).unwrap();
    assert!(!source.contains("<img") && !source.contains("<b>A"), "hostile bytes came through");
    let page = Html::parse_document(&source);
    assert!(select(&page, "img, iframe, link, object, embed, form, base, svg").is_empty());
    assert_eq!(select(&page, "script").len(), 1);
    let handlers =
        |element: &ElementRef| element.value().attrs().any(|(name, _)| name.starts_with("on") || name == "style");
    assert!(!select(&page, "*").iter().any(handlers), "no inline handler, no inline style");
    assert!(!source.contains('\u{202e}') && !source.contains('\u{1b}'));
}

#[test]
fn html_loads_nothing() {
    let source = html::render(&fixtures::record()).unwrap();
    let page = Html::parse_document(&source);
    assert!(select(&page, "[src], [srcset], [data], [action], [background], [poster]").is_empty());
    assert!(!source.contains("url(") && !source.contains("@import"));
    for link in select(&page, "a[href]") {
        let href = link.attr("href").unwrap();
        let outward = href.starts_with("https://") && link.attr("rel") == Some("noreferrer");
        assert!(href.starts_with('#') || outward, "{href}");
    }
}

#[test]
fn html_allows_its_own_script_alone() {
    use base64::Engine;
    let page = page(&fixtures::record());
    let script: String = select(&page, "script")[0].text().collect();
    let hash = base64::engine::general_purpose::STANDARD.encode(openssl::sha::sha256(script.as_bytes()));
    let policy = select(&page, "meta[http-equiv=Content-Security-Policy]")[0].attr("content").unwrap();
    assert!(policy.starts_with("default-src 'none';") && policy.contains(&format!("script-src 'sha256-{hash}'")));
}

#[test]
fn every_link_within_the_page_leads_somewhere() {
    for record in [fixtures::record(), fixtures::clean(), fixtures::interrupted()] {
        let page = page(&record);
        let ids: Vec<&str> = select(&page, "[id]").iter().filter_map(|element| element.attr("id")).collect();
        let links = select(&page, "a[href^='#']");
        let lost: Vec<_> =
            links.iter().filter_map(|a| a.attr("href")).filter(|href| !ids.contains(&&href[1..])).collect();
        assert!(lost.is_empty(), "{lost:?}");
    }
}

#[test]
fn a_failure_tells_what_a_developer_needs() {
    let page = page(&fixtures::record());
    let article = text(select(&page, "#PKCE-003")[0]);
    for part in [
        "✗ fail",
        "The token endpoint refuses a code_verifier that does not match",
        "A stolen authorization code must be worthless",
        "RFC 7636, 4.6 · MUST",
        "the token request is refused with 400",
        "200 and an access token",
        "X-Request-ID 99391c7e-ad88-49ec-a2ad-99ddcb1f7721",
        "2026-11-21 10:15:00.021 UTC",
        "POST https://localhost:9443/token",
        "TLSv1.3 · client certificate O=TPP A GmbH",
        "can be used once only",
        "… cut here,",
    ] {
        assert!(article.contains(part), "{part} is missing in {article}");
    }
    let curl = select(&page, "#PKCE-003 .curl")[0].text().collect::<String>();
    insta::assert_snapshot!("curl", curl);
}

/// A shell must hand on exactly what was sent, with the secrets back in their places.
#[test]
fn the_curl_line_survives_a_shell() {
    let page = page(&fixtures::record());
    let line: String = select(&page, "#BG-004 .curl")[0].text().collect();
    let script = format!("curl() {{ printf '%s\\n' \"$@\"; }}\n{line}");
    let secrets = [("TOKEN_AB12CD", "t$x"), ("ACCOUNT_AA01BB", "DE00 \"'")];
    let output = std::process::Command::new("sh").args(["-euc", &script]).envs(secrets).output().unwrap();
    let words = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    assert!(words.contains("\nAuthorization: Bearer t$x\n"), "{words}");
    let body = r#"{"instructedAmount":{"currency":"EUR","amount":"123.50"},"debtorAccount":{"iban":"DE00 "'"},"creditorName":"Merchant's \"shop\" $HOME"}"#;
    assert!(words.ends_with(&format!("--data-raw\n{body}\n")), "{words}");
}

#[test]
fn the_verdict_is_one_sentence() {
    let headline = |record: &RunRecord| text(select(&page(record), ".headline")[0]);
    assert_eq!(
        headline(&fixtures::record()),
        "Not conformant: 2 of 10 checks fail, 1 fails under a waiver, 1 breaks a recommendation, 2 could not be told."
    );
    assert_eq!(
        headline(&fixtures::clean()),
        "Conformant in the 3 of 6 checks that apply (2 MUSTs of 4 were judged); the rest: 3 not applicable (not offered by the bank)."
    );
    let mut dead = fixtures::clean();
    dead.results.iter_mut().for_each(|result| result.verdict = Verdict::Inconclusive);
    assert_eq!(headline(&dead), "Could not be judged: 4 mandatory checks were inconclusive. No failure was found.");
    dead.info.checks.iter_mut().for_each(|check| check.level = bankproof::run::event::Level::Should);
    assert_eq!(headline(&dead), "Could not be judged: none of the 6 checks that apply could be told.");
    assert!(headline(&fixtures::interrupted()).starts_with("Not finished: 2 of 13 checks were judged"));
    let mut none = fixtures::clean();
    none.results.retain(|result| result.verdict == Verdict::NotApplicable);
    none.info.checks.retain(|check| none.results.iter().any(|result| result.id == check.id));
    assert!(headline(&none).starts_with("Nothing was judged: none of the 3 selected checks"));
}

/// The sentence of a run, its colour, and what it ends with.
fn banner(record: &RunRecord) -> (String, String, u8) {
    let page = page(record);
    let classes = select(&page, "#verdict")[0].attr("class").unwrap().to_owned();
    (text(select(&page, ".headline")[0]), classes.replace("verdict", "").trim().to_owned(), exit::code(record))
}

/// Everything holds, but the MUSTs that do not apply do so for that reason.
fn left_out(why_not: WhyNot) -> RunRecord {
    let mut record = fixtures::clean();
    record.results.iter_mut().filter(|it| it.why_not.is_some()).for_each(|it| it.why_not = Some(why_not));
    record
}

#[test]
fn the_sentence_is_green_only_where_all_was_judged_that_can_be() {
    assert_eq!(banner(&fixtures::clean()).1, "pass", "what the bank does not offer cannot be judged");
    assert_eq!(banner(&left_out(WhyNot::Dialect)).1, "pass");
    for (why_not, word) in [
        (WhyNot::NotProvided, "not in the target file"),
        (WhyNot::Time, "takes time"),
        (WhyNot::HeldBack, "held back on production"),
    ] {
        let (sentence, colour, code) = banner(&left_out(why_not));
        assert_eq!((colour.as_str(), code), ("warn", 0), "{sentence}");
        assert!(sentence.contains(word), "{sentence}");
    }
    let (sentence, ..) = banner(&left_out(WhyNot::HeldBack));
    assert!(
        sentence.starts_with("Nothing was found against it in the 3 checks that need no payment (2 MUSTs of 4"),
        "{sentence}"
    );
}

#[test]
fn too_small_a_share_is_no_verdict_unless_the_checks_were_chosen() {
    let mut record = left_out(WhyNot::NotProvided);
    record.info.min_share = 50;
    assert_eq!(banner(&record).2, 0, "2 of 4 are 50 %");
    record.info.min_share = 51;
    let (sentence, colour, code) = banner(&record);
    assert_eq!((colour.as_str(), code), ("warn", 4), "{sentence}");
    assert!(sentence.starts_with("Not judged: 2 MUSTs of 4 were judged, and a verdict takes 51 %"), "{sentence}");
    record.info.selection = "PKCE".into();
    let (sentence, _, code) = banner(&record);
    assert_eq!(code, 0, "{sentence}");
    assert!(sentence.starts_with("Conformant in what was selected, in the 3 of 6 checks that apply"), "{sentence}");
    // What is of another dialect is no part of the whole.
    let mut other = left_out(WhyNot::Dialect);
    other.info.min_share = 100;
    assert_eq!(banner(&other).2, 0);
}

#[test]
fn what_is_broken_under_a_waiver_is_accepted_and_not_conformant() {
    let mut record = fixtures::clean();
    let waived = Waived { reason: "r".into(), owner: "o".into(), expires: "2099-12-31".into() };
    let must = record.info.checks.iter().find(|check| check.level == Level::Must).unwrap().id.clone();
    let result = record.results.iter_mut().find(|result| result.id == must && result.why_not.is_none()).unwrap();
    (result.verdict, result.waived) = (Verdict::Fail, Some(waived));
    let (sentence, colour, code) = banner(&record);
    assert_eq!((colour.as_str(), code), ("warn", 0), "{sentence}");
    assert!(
        sentence.starts_with("Accepted with 1 known deviation (not conformant) in the 3 of 6 checks"),
        "{sentence}"
    );
}

#[test]
fn coverage_is_one_figure_counted_in_this_run() {
    let record = fixtures::record();
    let results: Value = serde_json::from_str(&json::render(&record).unwrap()).unwrap();
    let count = |member: &str| {
        let rows = results["requirements"].as_array().unwrap().iter();
        rows.filter(|row| row[member] == true).count() as u64
    };
    for member in ["observable", "covered", "judged"] {
        assert_eq!(results["coverage"][member], count(member), "{member}");
    }
    let head = text(select(&page(&record), "#traceability > p")[1]);
    let told = format!(
        "Judged in this run: {} of the {} requirements that a client can observe; checks exist for {}.",
        count("judged"),
        count("observable"),
        count("covered")
    );
    assert!(head.starts_with(&told), "{head}");
    assert!(count("judged") < count("covered"), "what does not apply was not judged");
}

#[test]
fn one_cause_is_told_once() {
    let summary = terminal::summary(&fixtures::dead(), terminal::Options::default(), None);
    assert!(summary.starts_with("INCONCLUSIVE  95 checks: FULL-000, "), "{summary}");
    assert_eq!(summary.matches("connection refused").count(), 1);
    let page = page(&fixtures::dead());
    assert_eq!(select(&page, "article.check").len(), 0, "so many are folded");
    assert!(text(select(&page, ".causes")[0]).starts_with("95 checks environment: discover"));
}

#[test]
fn what_is_not_judged_is_loud() {
    let notices: String = select(&page(&fixtures::interrupted()), ".notice").into_iter().map(text).collect();
    for part in
        ["told to misbehave", "pkce-verifier-unchecked", "not complete", "was resumed", "Waivers need attention"]
    {
        assert!(notices.contains(part), "{part} is missing in {notices}");
    }
}

#[test]
fn the_matrix_shows_what_is_uncovered() {
    let page = page(&fixtures::record());
    assert_eq!(select(&page, ".matrix .uncovered").len(), 1);
    assert_eq!(
        text(select(&page, ".matrix .unobservable td")[2]),
        "Not observable: it binds the client, and bankproof is the client"
    );
    assert_eq!(select(&page, ".matrix tbody tr").len(), fixtures::record().info.requirements.len());
}

#[test]
fn a_full_run_stays_under_three_megabytes() {
    for failing in [0, 1, 95] {
        let bytes = html::render(&fixtures::full_run(failing)).unwrap().len();
        assert!(bytes < 3_000_000, "{bytes} bytes with {failing} failing");
    }
}

#[test]
fn the_files_appear_whole() {
    let dir = tempfile::tempdir().unwrap();
    let all: Vec<_> = FORMATS.iter().collect();
    write(&fixtures::record(), dir.path(), &all).unwrap();
    let mut names: Vec<_> = std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    let mut files: Vec<_> = FORMATS.iter().map(|format| format.file).collect();
    files.sort_unstable();
    assert_eq!(names, files);
    let error = write(&fixtures::record(), &dir.path().join("missing"), &all).unwrap_err().to_string();
    assert!(error.contains("results.json") && error.contains("--out"), "{error}");
}

#[test]
fn the_certificates_are_told_with_what_is_wrong_with_them() {
    let page = page(&fixtures::record());
    let certificates: Vec<String> = select(&page, ".certificate").into_iter().map(text).collect();
    assert_eq!(certificates.len(), 3);
    assert!(
        certificates[0].starts_with("tpp-a, QWAC ends 2027-11-21, 363 days after this run began"),
        "{certificates:?}"
    );
    assert!(certificates[1].starts_with("tpp-a, renewed QWAC ended 2027-11-21, before this run began · 1 MUST broken"));
    for part in ["A bank's TLS server ends the handshake.", "ended 2026-11-20 <b>A", "an end that is still to come"] {
        assert!(certificates[1].contains(part), "{certificates:?}");
    }
    assert!(certificates[2].starts_with("the bank, trust anchor"));
}

#[test]
fn each_format_is_told_in_the_folder_of_reports_and_in_the_help() {
    let told = include_str!("../reports/README.md");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_bankproof")).args(["run", "--help"]).output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    for format in FORMATS {
        let row = format!("| `{}` | {} |", format.file, format.about);
        assert!(told.contains(&row), "reports/README.md lacks: {row}");
        assert!(help.contains(&format!("{} {} for {}", format.name, format.file, format.about)), "{help}");
    }
}

#[test]
fn the_noun_of_whoever_is_judged_comes_from_its_role() {
    let mut record = fixtures::record();
    record.info.judged = bankproof::run::event::Role::Client;
    let page = page(&record);
    let told = text(page.root_element());
    assert!(told.contains("What the TPP did") && told.contains("The TPP breaks a requirement"), "{told}");
    assert!(!told.contains("What the bank did") && !told.contains("against the bank"), "{told}");
    let results: Value = serde_json::from_str(&json::render(&record).unwrap()).unwrap();
    assert_eq!(results["judged"], "client");
}

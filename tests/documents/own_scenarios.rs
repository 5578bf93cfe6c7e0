//! `docs/own-scenarios/` works as `docs/own-scenarios.md` says: read, listed, explained, run, reported.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "own_scenarios/many_rows.rs"]
mod many_rows;

use std::{fs, path::Path, process::Output};

use serde_json::Value;

const OWN: &str = "docs/own-scenarios";

fn bankproof(arguments: &[&str]) -> Output {
    let root = env!("CARGO_MANIFEST_DIR");
    assert_cmd::Command::cargo_bin("bankproof").unwrap().args(arguments).current_dir(root).output().unwrap()
}

fn stdout(arguments: &[&str]) -> String {
    let output = bankproof(arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_example_passes_against_the_bundled_bank_and_is_reported_as_any_check() {
    let out = tempfile::tempdir().unwrap();
    let folder = out.path().to_str().unwrap();
    let said = stdout(&["run", "HOUSE", "--features", OWN, "--out", folder, "--format", "json"]);
    let results: Value = serde_json::from_str(&said).unwrap();
    let checks = results["checks"].as_array().unwrap();
    let own: Vec<&Value> = checks.iter().filter(|check| check["id"].as_str().unwrap().starts_with("HOUSE-")).collect();
    assert!(own.len() >= 3);
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(OWN).join("house.feature")).unwrap();
    for check in &own {
        assert_eq!(check["verdict"], "pass", "{check:#}");
        assert_eq!(check["feature"]["path"], format!("{OWN}/house.feature"));
        let line = text.lines().nth(check["feature"]["line"].as_u64().unwrap() as usize - 1).unwrap();
        assert!(line.contains("Scenario"), "{line}");
    }
    let covered = results["requirements"].as_array().unwrap().iter().filter(|row| row["document"] == "House rules");
    assert!(covered.clone().count() > 0 && covered.into_iter().all(|row| row["covered"] == true));
    let page = fs::read_to_string(out.path().join("latest/report.html")).unwrap();
    assert!(
        page.contains("HOUSE-001") && page.contains("docs&#x2F;own-scenarios") || page.contains("docs/own-scenarios")
    );
    assert!(fs::read_to_string(out.path().join("latest/junit.xml")).unwrap().contains("HOUSE-001"));
}

#[test]
fn it_is_listed_and_explained() {
    assert!(stdout(&["list", "--features", OWN]).contains("of your own"));
    assert!(stdout(&["list", "--coverage", "--features", OWN]).contains("House rules: "));
    let told = stdout(&["explain", "HOUSE-001", "--features", OWN]);
    assert!(told.contains("house.feature, line ") && !told.contains("What proves it"), "{told}");
    assert_eq!(bankproof(&["explain", "HOUSE-001"]).status.code(), Some(2));
}

#[test]
fn the_page_shows_the_example_as_it_is() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/own-scenarios.md")).unwrap();
    let feature = fs::read_to_string(root.join(OWN).join("house.feature")).unwrap();
    let shown = page.split("```gherkin\n").nth(1).unwrap().split("```").next().unwrap();
    assert!(feature.starts_with(shown), "docs/own-scenarios.md shows other words than the example has");
}

#[test]
fn every_step_is_listed_with_an_example_that_is_there() {
    let steps: Vec<Value> = serde_json::from_str(&stdout(&["steps", "--format", "json"])).unwrap();
    assert!(steps.len() > 200);
    for step in &steps {
        let example = &step["example"];
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(example["path"].as_str().unwrap());
        let text = fs::read_to_string(&path).unwrap();
        let line = text.lines().nth(example["line"].as_u64().unwrap() as usize - 1).unwrap();
        let written = example["text"].as_str().unwrap();
        // The line of an outline has its columns where the example has a row's values.
        assert!(line.contains(written) || line.contains('<'), "{written}: {line}");
        assert_ne!(step["text"], "");
    }
}

#[test]
fn steps_are_found_by_their_words() {
    let told = stdout(&["steps", "grant_type"]);
    assert!(told.contains("When the TPP asks for a token with grant_type {string}"), "{told}");
    assert!(told.contains("\"urn:example:unknown\" | \"password\""), "{told}");
    assert!(told.contains("TOKEN-005 (features/oauth/token.feature, line "), "{told}");
    assert!(stdout(&["steps", "then", "scaStatus"]).lines().filter(|line| line.starts_with("  Then")).count() > 0);
    assert_eq!(bankproof(&["steps", "no-such-word"]).status.code(), Some(2));
}

//! What the README and `docs/target.md` show works: command lines are accepted, TOML loads, names exist.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use assert_cmd::assert::OutputAssertExt;
use bankproof::{bank::faults, catalogue::Catalogue, run::waiver::Waivers, targets};

const BANKPROOF: &str = env!("CARGO_BIN_EXE_bankproof");

fn page(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// The fenced blocks of that language.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    let found = page.split(&fence).skip(1).map(|rest| rest.split("\n```").next().unwrap().to_owned());
    found.collect()
}

/// Every `bankproof …` of a shell block, without its comment, as words.
fn command_lines(page: &str) -> Vec<Vec<String>> {
    let lines = blocks(page, "sh").join("\n");
    let commands = lines.lines().filter_map(|line| line.strip_prefix("bankproof "));
    commands.map(|line| words(line.split(" #").next().unwrap())).collect()
}

/// Split at spaces, as a shell does it: what stands in quotes is one word.
fn words(line: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for (index, part) in line.split('"').enumerate() {
        match index % 2 {
            0 => words.extend(part.split_whitespace().map(str::to_owned)),
            _ => words.push(part.to_owned()),
        }
    }
    words
}

#[test]
fn every_command_line_is_accepted() {
    let lines = command_lines(&page("README.md"));
    assert!(lines.len() >= 8, "the README shows commands: {lines:?}");
    for line in lines {
        // `--help` comes last: whatever cannot be parsed is refused before it is reached.
        Command::new(BANKPROOF).args(&line).arg("--help").assert().success();
    }
}

#[test]
fn every_name_in_a_command_line_exists() {
    let catalogue = Catalogue::load(None).unwrap();
    let faults: BTreeSet<&str> = faults::all().iter().map(|fault| fault.id).collect();
    for line in command_lines(&page("README.md")) {
        for pair in line.windows(2) {
            assert!(pair[0] != "--fault" || faults.contains(pair[1].as_str()), "there is no fault {}", pair[1]);
        }
        let is_id = |word: &&String| {
            word.len() > 3 && word.chars().all(|c| c.is_ascii_uppercase() || "-0123456789".contains(c))
        };
        for id in line.iter().filter(is_id) {
            assert!(catalogue.checks.iter().any(|check| check.id.starts_with(id.as_str())), "there is no check {id}");
        }
    }
}

#[test]
fn every_target_file_loads() {
    let folder = tempfile::tempdir().unwrap();
    Command::new(BANKPROOF).args(["certs", "issue", "--out", "certs"]).current_dir(&folder).assert().success();
    for name in ["README.md", "docs/target.md"] {
        let page = page(name);
        let targets: Vec<String> =
            blocks(&page, "toml").into_iter().filter(|block| block.contains("[server]")).collect();
        assert_eq!(targets.len(), 1, "{name} shows one target file");
        let path = folder.path().join("bank.toml");
        fs::write(&path, &targets[0]).unwrap();
        targets::load(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn the_waiver_file_loads() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("waivers.toml");
    let waivers = blocks(&page("docs/target.md"), "toml").into_iter().find(|block| block.contains("[[waiver]]"));
    fs::write(&path, waivers.expect("docs/target.md shows waivers")).unwrap();
    Waivers::load(&path).unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn every_capability_is_told() {
    let page = page("docs/target.md");
    for capability in targets::capability::ALL {
        assert!(page.contains(&format!("`{}`", capability.name)), "docs/target.md does not tell {}", capability.name);
    }
}

#[test]
fn the_exit_codes_are_those_of_the_help() {
    let help = Command::new(BANKPROOF).arg("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let table = help.split_once("Exit codes:").unwrap().1.lines().map(str::trim).filter(|line| !line.is_empty());
    for line in table {
        let (code, meaning) = line.split_once(' ').unwrap();
        let row = format!("| {code} | {} |", meaning.trim());
        assert!(page("README.md").contains(&row), "the README lacks: {row}");
    }
}

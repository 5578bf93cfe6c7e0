//! A folder with the test PKI, and the command on files in it.

use std::path::Path;
use std::process::{Command, Output};

use bankproof::pki::TestPki;
use serde_json::Value;
use tempfile::TempDir;

/// What the recipes of today leave out, and the rules that say so. Each row goes when its recipe is as real ones are.
pub(crate) const AWAITED: [&str; 4] = [
    "cabf-ev-attributes-missing",
    "cabf-ev-place-missing",
    "en319412-2-issuer-identifier-missing",
    "en319412-2-web-issuer-identifier-missing",
];

/// A fresh test PKI on disk.
pub(crate) fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    TestPki::fresh().unwrap().write(folder.path()).unwrap();
    folder
}

pub(crate) fn lint(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bankproof"));
    command.args(["certs", "lint"]).args(arguments).current_dir(folder).output().unwrap()
}

pub(crate) fn json(folder: &Path, arguments: &[&str]) -> Value {
    let output = lint(folder, &[&["--format", "json"], arguments].concat());
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

/// The rules that an object of the JSON output names, without those that are awaited.
pub(crate) fn rules(object: &Value) -> Vec<String> {
    let findings = object["findings"].as_array().unwrap();
    let rules = findings.iter().map(|finding| finding["rule"].as_str().unwrap().to_owned());
    rules.filter(|rule| !AWAITED.contains(&rule.as_str())).collect()
}

pub(crate) fn text(output: &Output) -> (String, String) {
    (String::from_utf8_lossy(&output.stdout).into_owned(), String::from_utf8_lossy(&output.stderr).into_owned())
}

//! A folder with the test PKI, and the command on files in it.

use std::path::Path;
use std::process::{Command, Output};

use bankproof::pki::TestPki;
use serde_json::Value;
use tempfile::TempDir;

/// A fresh test PKI on disk.
pub(crate) fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let pki = TestPki::fresh().unwrap();
    pki.write(folder.path()).unwrap();
    pki.write_deviations(folder.path()).unwrap();
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

/// The rules that an object of the JSON output names.
pub(crate) fn rules(object: &Value) -> Vec<String> {
    let findings = object["findings"].as_array().unwrap();
    findings.iter().map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
}

pub(crate) fn text(output: &Output) -> (String, String) {
    (String::from_utf8_lossy(&output.stdout).into_owned(), String::from_utf8_lossy(&output.stderr).into_owned())
}

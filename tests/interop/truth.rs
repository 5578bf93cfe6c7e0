//! What is right to say of a server, and whether the binary says it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::Stdio,
};

use serde::Deserialize;
use serde_json::Value;

/// What is right to say of one check.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    verdict: String,
    /// How it was seen by hand: for people.
    #[serde(rename = "seen")]
    _seen: String,
}

/// Judges the target in `folder` by every check, and compares what came out with the table.
pub(crate) fn compare(folder: &Path, table: &str) {
    let truth: BTreeMap<String, Row> = toml::from_str(table).unwrap();
    let judged = judge(folder);
    let right = |id: &str| truth.get(id).map_or("not-applicable", |row| &row.verdict).to_owned();
    let wrong: Vec<String> = judged
        .iter()
        .filter(|(id, (verdict, _))| right(id) != *verdict)
        .map(|(id, (verdict, why))| format!("{id}: right is {}, said was {verdict}: {why}", right(id)))
        .collect();
    let unknown: Vec<&String> = truth.keys().filter(|id| !judged.contains_key(*id)).collect();
    assert!(unknown.is_empty(), "in the table, and no check: take them out: {unknown:?}");
    assert!(
        wrong.is_empty(),
        "{} verdicts are not those of the table beside the server:\n{}\nmend: ask the server by hand (tests/interop/look.sh, \
         tests/interop/README.md); where Bankproof is right, write `ID = {{ verdict = \"…\", seen = \"…\" }}`; else mend Bankproof",
        wrong.len(),
        wrong.join("\n")
    );
}

/// What a server is accused of by right, as the table has it.
pub(crate) fn accused(table: &str) -> BTreeSet<String> {
    let truth: BTreeMap<String, Row> = toml::from_str(table).unwrap();
    truth.into_iter().filter(|(_, row)| accuses(&row.verdict)).map(|(id, _)| id).collect()
}

/// Whether that verdict says that something is not as it should be.
pub(crate) fn accuses(verdict: &str) -> bool {
    matches!(verdict, "fail" | "warn" | "info")
}

/// Why a check came to what it came to, when `compare` judged the target in `folder`.
pub(crate) fn reason(folder: &Path, id: &str) -> String {
    verdicts(&folder.join("out"), "").remove(id).unwrap().1
}

/// What the doctor says of the target in `folder`.
pub(crate) fn doctor(folder: &Path) -> String {
    let mut doctor = std::process::Command::new(env!("CARGO_BIN_EXE_bankproof"));
    let output = doctor.arg("doctor").arg(folder.join("target.toml")).stdin(Stdio::null()).output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The verdict on every check, and the reason.
fn judge(folder: &Path) -> BTreeMap<String, (String, String)> {
    let out = folder.join("out");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_bankproof"))
        .args(["run", "--slow", "--out"])
        .arg(&out)
        .arg(folder.join("target.toml"))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    verdicts(&out, &String::from_utf8_lossy(&output.stderr))
}

/// What `results.json` of the newest run in `out` has; `said` is what that run said.
pub(crate) fn verdicts(out: &Path, said: &str) -> BTreeMap<String, (String, String)> {
    let results = fs::read_to_string(out.join("latest/results.json")).unwrap_or_else(|error| panic!("{error}: {said}"));
    let results: Value = serde_json::from_str(&results).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let why = |check: &Value| format!("{} (actual: {})", text(&check["reason"]), text(&check["actual"]));
    let checks = results["checks"].as_array().unwrap();
    checks.iter().map(|check| (text(&check["id"]), (text(&check["verdict"]), why(check)))).collect()
}

//! The binary judging a bank: its exit code, its reports, and whether they are whole.

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

use super::{Bank, CODE, PASSWORD, TOKEN};

/// What a run of the binary left behind.
pub(crate) struct Judged {
    /// The exit code; -1 where it had to be killed.
    pub(crate) exit: i32,
    /// What it said on stderr and stdout.
    pub(crate) said: String,
    /// `results.json`.
    pub(crate) results: Value,
    /// Every exchange of `journal.ndjson`.
    pub(crate) exchanges: Vec<Value>,
    /// Everything that is wrong with the reports.
    pub(crate) defects: Vec<String>,
    /// What it left behind, by name.
    pub(crate) left: Vec<(&'static str, String)>,
    /// The most memory that it took, in kB, where the system tells.
    pub(crate) peak: u64,
}

/// Judges a bank by the checks of those prefixes, and kills the binary where it takes longer than `bound`.
pub(crate) async fn judge(bank: &Bank, checks: &[&str], bound: Duration) -> Judged {
    let folder = tempfile::tempdir().unwrap();
    let target = bank.write(folder.path());
    let checks: Vec<String> = checks.iter().map(|check| (*check).to_owned()).collect();
    let run = move || {
        let (exit, said, peak) = run(folder.path(), &target, &checks, bound);
        Judged { peak, ..Judged::of(exit, said, &folder.path().join("out/latest")) }
    };
    tokio::task::spawn_blocking(run).await.unwrap()
}

fn run(folder: &Path, target: &Path, checks: &[String], bound: Duration) -> (i32, String, u64) {
    let output = fs::File::create(folder.join("said")).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_bankproof"))
        .arg("run")
        .arg(target)
        .args(checks)
        .arg("--out")
        .arg(folder.join("out"))
        .stdin(Stdio::null())
        .stdout(output.try_clone().unwrap())
        .stderr(output)
        .spawn()
        .unwrap();
    let (until, mut peak) = (Instant::now() + bound, 0);
    let exit = loop {
        peak = peak_of(child.id()).unwrap_or(peak);
        match child.try_wait().unwrap() {
            Some(status) => break status.code().unwrap_or(-1),
            None if Instant::now() > until => {
                child.kill().unwrap();
                child.wait().unwrap();
                break -1;
            }
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    };
    (exit, fs::read_to_string(folder.join("said")).unwrap_or_default(), peak)
}

fn peak_of(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

impl Judged {
    fn of(exit: i32, said: String, folder: &Path) -> Self {
        let mut defects = Vec::new();
        let mut read = |name: &str| {
            let text = fs::read_to_string(folder.join(name)).unwrap_or_default();
            for (what, secret) in [("password", PASSWORD), ("one-time code", CODE), ("token", TOKEN)] {
                if text.contains(secret) {
                    defects.push(format!("{name} holds the {what}"));
                }
            }
            text
        };
        let (html, json, xml) = (read("report.html"), read("results.json"), read("junit.xml"));
        let journal = read("journal.ndjson");
        let results: Value = serde_json::from_str(&json).unwrap_or_default();
        let schema: Value = serde_json::from_str(include_str!("../../reports/schema/results-v1.schema.json")).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let is_line = |line: &str| serde_json::from_str::<Value>(line).is_ok();
        let sound = [
            ("report.html is not there or not whole", html.trim_end().ends_with("</html>")),
            ("report.html holds the bank's own script", !html.contains("<script>steal")),
            ("results.json is not as its schema says", validator.is_valid(&results)),
            ("junit.xml cannot be read", quick_junit::Report::deserialize_from_str(&xml).is_ok()),
            ("journal.ndjson cannot be read", !journal.is_empty() && journal.lines().all(is_line)),
            ("something panicked", !said.contains("panicked") && !json.contains("panicked")),
        ];
        defects.extend(sound.iter().filter(|(_, is)| !is).map(|(what, _)| (*what).to_owned()));
        let events = journal.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let exchanges = events.filter(|event| event["event"] == "exchange").collect();
        let left = vec![("report.html", html), ("results.json", json), ("junit.xml", xml), ("journal.ndjson", journal)];
        Self { exit, said, results, exchanges, defects, left, peak: 0 }
    }

    /// Every check and what it came to.
    pub(crate) fn verdicts(&self) -> BTreeMap<String, String> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let checks = self.results["checks"].as_array().into_iter().flatten();
        checks.map(|check| (text(&check["id"]), text(&check["verdict"]))).collect()
    }

    /// What a check came to.
    pub(crate) fn verdict(&self, id: &str) -> String {
        self.verdicts().remove(id).unwrap_or_default()
    }

    /// Why, in words.
    pub(crate) fn reason(&self, id: &str) -> String {
        let checks = self.results["checks"].as_array().into_iter().flatten();
        let found = checks.into_iter().find(|check| check["id"] == id);
        found.and_then(|check| check["reason"].as_str()).unwrap_or_default().to_owned()
    }

    /// The checks that accuse the bank.
    pub(crate) fn accusing(&self) -> Vec<String> {
        let accuses = |verdict: &str| matches!(verdict, "fail" | "warn" | "info");
        self.verdicts().into_iter().filter(|(_, verdict)| accuses(verdict)).map(|(id, _)| id).collect()
    }
}

//! Starting the binary, with an end to every wait, and reading what it leaves behind.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use serde_json::Value;
use tempfile::TempDir;

/// No session takes that long, on the slowest machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// A folder of its own for each test: the binary runs in it, and writes its reports to `out`.
pub(crate) struct Desk(TempDir);

/// What a session came to.
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A bank in a process of its own, ended with the test.
pub(crate) struct ForeignBank(Child);

/// The folder of a run.
pub(crate) struct Run(pub(crate) PathBuf);

impl Desk {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    /// Runs `bankproof` with those arguments to its end.
    pub(crate) fn bankproof(&self, arguments: &[&str]) -> Ended {
        self.bankproof_in(&[], arguments)
    }

    /// The same with those variables in its environment.
    pub(crate) fn bankproof_in(&self, environment: &[(&str, &str)], arguments: &[&str]) -> Ended {
        let mut command = assert_cmd::Command::cargo_bin("bankproof").unwrap();
        command.envs(environment.iter().copied());
        let output = command.args(arguments).current_dir(self.0.path()).timeout(PATIENCE).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let code = output.status.code().unwrap_or_else(|| panic!("{arguments:?} ended by a signal"));
        Ended { code, stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// Runs `bankproof run --out out` with those arguments to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        self.bankproof(&[&["run", "--out", "out"], arguments].concat())
    }

    /// Lets `bankproof run --out out --jobs 1` begin with those arguments, to be disturbed.
    pub(crate) fn begin(&self, arguments: &[&str]) -> Child {
        let command = &[&["run", "--out", "out", "--jobs", "1"], arguments].concat();
        self.spawn(command)
    }

    /// A bank with those faults, and a target file of that name once it answers.
    pub(crate) fn bank(&self, target: &str, faults: &[&str]) -> ForeignBank {
        let faults: Vec<&str> = faults.iter().flat_map(|fault| ["--fault", fault]).collect();
        self.bank_with(target, &faults)
    }

    /// A bank started with those arguments, and a target file of that name once it answers.
    pub(crate) fn bank_with(&self, target: &str, arguments: &[&str]) -> ForeignBank {
        let bank = ForeignBank(self.spawn(&[&["bank", "--write-target", target], arguments].concat()));
        eventually("the target file", || self.path(target).exists().then_some(()));
        bank
    }

    /// The same with those variables in its environment.
    pub(crate) fn begin_in(&self, environment: &[(&str, &str)], arguments: &[&str]) -> Child {
        self.spawn_in(environment, &[&["run", "--out", "out", "--jobs", "1"], arguments].concat())
    }

    /// The same, with what it prints kept for `wait_with_output`.
    pub(crate) fn begin_to_read(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(&[&["run", "--out", "out", "--jobs", "1"], arguments].concat());
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Lets the binary begin with those arguments.
    pub(crate) fn spawn(&self, arguments: &[&str]) -> Child {
        self.spawn_in(&[], arguments)
    }

    /// The same with those variables in its environment.
    pub(crate) fn spawn_in(&self, environment: &[(&str, &str)], arguments: &[&str]) -> Child {
        let mut command = self.command(arguments);
        command.envs(environment.iter().copied()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// The binary in this folder, with those arguments.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bankproof"));
        command.args(arguments).current_dir(self.0.path()).stdin(Stdio::null());
        command
    }

    /// Makes a folder, and gives its whole path.
    pub(crate) fn folder(&self, name: &str) -> String {
        fs::create_dir_all(self.path(name)).unwrap();
        self.path(name).to_str().unwrap().to_owned()
    }

    /// The folders of the runs under `out`, oldest first.
    pub(crate) fn runs(&self) -> Vec<Run> {
        let entries = fs::read_dir(self.path("out")).into_iter().flatten();
        let mut folders: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        folders.retain(|path| path.is_dir() && !path.is_symlink());
        folders.sort_by_key(|path| fs::metadata(path).unwrap().created().unwrap());
        folders.into_iter().map(Run).collect()
    }

    /// The newest run.
    pub(crate) fn last_run(&self) -> Run {
        self.runs().pop().unwrap()
    }

    /// Where `out/latest` leads, as it is written.
    pub(crate) fn latest(&self) -> Option<PathBuf> {
        fs::read_link(self.path("out/latest")).ok()
    }
}

impl ForeignBank {
    /// From now on nobody listens there.
    pub(crate) fn end(self) {
        drop(self);
    }
}

impl Drop for ForeignBank {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Run {
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.join(name).exists()
    }

    pub(crate) fn results(&self) -> Value {
        serde_json::from_str(&self.read("results.json")).unwrap()
    }

    /// Every event of the journal; a line that is none ends the test.
    pub(crate) fn events(&self) -> Vec<Value> {
        self.read("journal.ndjson").lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The ids of the checks that have finished so far, as often as they have.
    pub(crate) fn finished(&self) -> Vec<String> {
        let text = fs::read_to_string(self.0.join("journal.ndjson")).unwrap_or_default();
        let events = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let finished = events.filter(|event| event["event"] == "check-finished");
        finished.map(|event| event["id"].as_str().unwrap().to_owned()).collect()
    }

    pub(crate) fn verdicts(&self) -> BTreeMap<String, String> {
        let results = self.results();
        let checks = results["checks"].as_array().unwrap().iter();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        checks.map(|check| (text(&check["id"]), text(&check["verdict"]))).collect()
    }

    /// The ids of the checks that came to that.
    pub(crate) fn with(&self, verdict: &str) -> Vec<String> {
        self.verdicts().into_iter().filter(|(_, own)| own == verdict).map(|(id, _)| id).collect()
    }

    pub(crate) fn check(&self, id: &str) -> Value {
        let results = self.results();
        let found = results["checks"].as_array().unwrap().iter().find(|check| check["id"] == id);
        found.unwrap_or_else(|| panic!("{id} is not in the results")).clone()
    }

    /// Methods and URLs of all requests of the run.
    pub(crate) fn requests(&self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let exchanges = self.events().into_iter().filter(|event| event["event"] == "exchange");
        exchanges.map(|event| (text(&event["request"]["method"]), text(&event["request"]["url"]))).collect()
    }
}

/// Everything that is wrong with a `results.json`, by the schema in the repository.
pub(crate) fn complaints_of_schema(results: &Value) -> Vec<String> {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/schema/results-v1.schema.json");
    let schema: Value = serde_json::from_str(&fs::read_to_string(schema).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    validator.iter_errors(results).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// Waits until `look` finds something.
pub(crate) fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "{what}: waited in vain");
        sleep(Duration::from_millis(10));
    }
}

/// The exit code of a session that was begun.
pub(crate) fn code_of(child: &mut Child) -> Option<i32> {
    eventually("the end of the session", || child.try_wait().unwrap()).code()
}

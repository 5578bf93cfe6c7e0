//! The bundled bank, its target file led through the middle, and the binary judging it.

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::Semaphore;

use super::man::{self, Bend};

/// Runs at a time, of all tests together.
static AT_ONCE: Semaphore = Semaphore::const_new(2);
const PATIENCE: Duration = Duration::from_secs(120);

/// What a run came to.
pub(crate) struct Came {
    pub(crate) exit: i32,
    pub(crate) said: String,
    pub(crate) results: Value,
    _folder: TempDir,
}

/// How a bank is bent and judged.
pub(crate) struct Setting<'a> {
    /// Ids or areas of checks.
    pub(crate) checks: &'a [&'a str],
    /// Options of the bundled bank.
    pub(crate) bank: &'a [&'a str],
    /// Changes the target file.
    pub(crate) target: fn(&mut toml::Table),
}

impl Default for Setting<'_> {
    fn default() -> Self {
        Self { checks: &[], bank: &[], target: |_| {} }
    }
}

struct Bank(Child);

impl Drop for Bank {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Judges the bank as it is bent, by those checks.
pub(crate) async fn judged(checks: &[&str], bend: impl Bend) -> Came {
    judged_in(Setting { checks, ..Setting::default() }, bend).await
}

/// The same in another setting.
pub(crate) async fn judged_in(setting: Setting<'_>, bend: impl Bend) -> Came {
    let _turn = AT_ONCE.acquire().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let bundled = folder.path().join("bundled.toml");
    let mut bank = binary(folder.path());
    bank.args(["bank", "--write-target", "bundled.toml"]).args(setting.bank);
    let _bank = Bank(bank.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    let until = Instant::now() + PATIENCE;
    while !bundled.exists() {
        assert!(Instant::now() < until, "the bank does not start");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let port = man::before(&folder.path().join("bundled-identities"), "127.0.0.1", Arc::new(bend)).await;
    fs::write(
        folder.path().join("target.toml"),
        led_through(&fs::read_to_string(&bundled).unwrap(), port, setting.target),
    )
    .unwrap();
    let mut run = binary(folder.path());
    run.args(["run", "target.toml", "--out", "out"]).args(setting.checks);
    let output = tokio::task::spawn_blocking(move || run.output().unwrap()).await.unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    let results = fs::read_to_string(folder.path().join("out/latest/results.json")).unwrap_or_default();
    let results = serde_json::from_str(&results).unwrap_or_default();
    Came { exit: output.status.code().unwrap_or(-1), said, results, _folder: folder }
}

fn binary(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bankproof"));
    command.current_dir(folder).stdin(Stdio::null());
    command
}

/// The target file without what a middle cannot sign for: the test CA, message signatures, assertions for its issuer.
fn led_through(bundled: &str, port: u16, change: fn(&mut toml::Table)) -> String {
    let mut target: toml::Table = toml::from_str(&bundled.replace("127.0.0.1", "localhost")).unwrap();
    for key in ["test_ca", "bundled"] {
        target.remove(key);
    }
    // Nothing of the host stands in a detached JWS.
    if target.get("signing").is_some_and(|signing| signing["form"].as_str() != Some("uk-jws")) {
        target.remove("signing");
    }
    if let Some(identities) = target.get_mut("identity").and_then(toml::Value::as_array_mut) {
        identities.retain(|identity| identity["name"].as_str() != Some("tpp-a-jwt"));
    }
    let here = toml::toml! { [hosts.localhost] }.try_into::<toml::Table>().unwrap();
    target.insert("network".into(), toml::Value::Table(here));
    target["network"]["hosts"]["localhost"]
        .as_table_mut()
        .unwrap()
        .insert("address".into(), format!("127.0.0.1:{port}").into());
    change(&mut target);
    toml::to_string(&target).unwrap()
}

impl Came {
    /// Every check and what it came to.
    pub(crate) fn verdicts(&self) -> BTreeMap<String, String> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let checks = self.results["checks"].as_array().into_iter().flatten();
        checks.map(|check| (text(&check["id"]), text(&check["verdict"]))).collect()
    }

    /// The checks that came to that.
    pub(crate) fn with(&self, verdict: &str) -> Vec<String> {
        self.verdicts().into_iter().filter(|(_, came)| came == verdict).map(|(id, _)| id).collect()
    }

    /// A check, as `results.json` has it.
    pub(crate) fn check(&self, id: &str) -> Value {
        let mut checks = self.results["checks"].as_array().into_iter().flatten();
        checks.find(|check| check["id"] == id).cloned().unwrap_or_default()
    }

    /// What is left open, but for what rests on a check that has failed: that shows nothing, and says so.
    pub(crate) fn open(&self) -> Vec<String> {
        let failed = self.with("fail");
        let rests_on_a_failure = |id: &String| {
            let reason = self.check(id)["reason"].as_str().unwrap_or_default().to_owned();
            failed.iter().any(|control| reason.contains(&format!("its positive control {control} came to fail")))
        };
        self.with("inconclusive").into_iter().filter(|id| !rests_on_a_failure(id)).collect()
    }

    /// The bank is accused by these checks alone, nothing else is left open, and the exit code says so.
    pub(crate) fn is_accused_by(&self, expected: &[&str]) {
        let verdicts = self.verdicts();
        let open = self.open();
        let accusing: Vec<_> = verdicts
            .iter()
            .filter(|(_, came)| matches!(came.as_str(), "fail" | "warn"))
            .map(|(id, _)| id.as_str())
            .collect();
        assert!(accusing == expected && open.is_empty(), "{accusing:?}, open: {open:?}\n{}", self.said);
        assert_eq!(self.exit, i32::from(!expected.is_empty()), "{}", self.said);
    }
}

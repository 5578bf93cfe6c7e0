//! Faulty banks made of foreign servers, by a man in the middle: each is accused of its fault and of nothing else that the server itself
//! is not accused of.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::Stdio,
    sync::Arc,
};

use tokio::sync::Semaphore;

use crate::{faults::Fault, man, truth};

/// Runs at a time.
static AT_ONCE: Semaphore = Semaphore::const_new(2);
/// What has to do with OAuth and its pages. The clock stands still: the banks share a server.
const CHECKS: &[&str] = &[
    "FLOW", "AUTHZ", "STATE", "PSU", "PKCE", "PAR", "REDIR", "TOKEN", "RS", "REVOKE", "INTRO", "META", "API", "TLS-008",
];

/// Judges the server behind `folder/target.toml`, of which the table has what is right to say, as it is, and once for each
/// fault. What the table accuses it of is no false accusation, whether a request of the run came upon it or not.
pub(crate) fn each_is_caught(folder: &Path, table: &str, faults: &[Fault]) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let nothing = |_: &man::Asked, _: &mut man::Answered| {};
        let itself = judged(folder, "itself", Arc::new(nothing)).await;
        let accused = itself.keys().filter(|id| is_accused(&itself, id)).cloned();
        let known: BTreeSet<String> = accused.chain(truth::accused(table)).collect();
        let complaints = faults
            .iter()
            .map(|fault| async { complaint(fault, &known, &judged(folder, fault.name, (fault.bend)()).await) });
        let complaints: Vec<String> = futures::future::join_all(complaints).await.into_iter().flatten().collect();
        assert!(complaints.is_empty(), "{} of {} banks:\n{}", complaints.len(), faults.len(), complaints.join("\n"));
    });
}

/// Every check, what it came to and why.
type Came = BTreeMap<String, (String, String)>;

fn complaint(fault: &Fault, known: &BTreeSet<String>, came: &Came) -> Option<String> {
    let is_in = |ids: &[&str], id: &str| ids.contains(&id);
    let told = |id: &str| came.get(id).map_or(String::new(), |(verdict, why)| format!("{id} {verdict}: {why}"));
    let missed = fault.caught_by.iter().filter(|id| !is_accused(came, id)).map(|id| format!("missed by {}", told(id)));
    let is_false = |id: &&String| {
        is_accused(came, id) && !known.contains(*id) && !is_in(fault.caught_by, id) && !is_in(fault.also, id)
    };
    let falsely = came.keys().filter(is_false).map(|id| format!("accused of more by {}", told(id)));
    let all: Vec<_> = missed.chain(falsely).collect();
    (!all.is_empty()).then(|| format!("{}: {}", fault.name, all.join("\n    ")))
}

fn is_accused(came: &Came, id: &str) -> bool {
    came.get(id).is_some_and(|(verdict, _)| truth::accuses(verdict))
}

/// What the bank behind that middle comes to.
async fn judged(folder: &Path, name: &str, bend: Arc<dyn man::Bend>) -> Came {
    let _turn = AT_ONCE.acquire().await.unwrap();
    let port = man::before(&folder.join("certificates"), "localhost", bend).await;
    let (target, out) = (format!("{name}.toml"), format!("out {name}"));
    fs::write(folder.join(&target), led_through(&fs::read_to_string(folder.join("target.toml")).unwrap(), port))
        .unwrap();
    let mut run = std::process::Command::new(env!("CARGO_BIN_EXE_bankproof"));
    run.current_dir(folder).stdin(Stdio::null()).args(["run", &target, "--out", &out]).args(CHECKS);
    let output = tokio::task::spawn_blocking(move || run.output().unwrap()).await.unwrap();
    truth::verdicts(&folder.join(out), &String::from_utf8_lossy(&output.stderr))
}

/// The target file without what a middle cannot sign for, and without the clock.
fn led_through(text: &str, port: u16) -> String {
    let mut target: toml::Table = toml::from_str(text).unwrap();
    target.remove("test_ca");
    target["server"].as_table_mut().unwrap().remove("clock");
    let address = format!("[network.hosts.localhost]\naddress = \"127.0.0.1:{port}\"\n");
    format!("{}\n{address}", toml::to_string(&target).unwrap())
}

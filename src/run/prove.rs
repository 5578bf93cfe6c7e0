//! The kill matrix: the whole catalogue against the clean bank and against each fault, many banks at once.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::{Arc, Mutex, PoisonError, atomic::AtomicUsize, atomic::Ordering},
};

use serde::Serialize;

use super::{
    bundled,
    event::{CheckResult, Event, Verdict},
    execute::{Order, execute},
    plan::Selection,
};
use crate::{
    bank::{Settings, faults},
    catalogue::Catalogue,
    target,
};

/// How many scenarios of one bank run at a time.
const JOBS: usize = 8;

/// The whole proof.
#[derive(Clone, Debug, Serialize)]
pub struct Proof {
    /// The clean bank.
    pub clean: Clean,
    /// Each fault.
    pub faults: Vec<FaultRow>,
    /// Faults that the check that must catch them did not catch.
    pub survivors: usize,
    /// Findings that nobody expected, on any bank.
    pub false_alarms: usize,
}

/// What the catalogue said of the clean bank.
#[derive(Clone, Debug, Serialize)]
pub struct Clean {
    /// Checks that accused it.
    pub alarms: Vec<String>,
    /// Checks that could not be told.
    pub inconclusive: Vec<String>,
    /// Checks that passed.
    pub passed: usize,
}

/// What the catalogue said of one fault.
#[derive(Clone, Debug, Serialize)]
pub struct FaultRow {
    /// The fault.
    pub id: String,
    /// What the bank does wrong.
    pub says: String,
    /// The checks that must catch it.
    pub must_catch: Vec<String>,
    /// Those of them that did.
    pub caught_by: Vec<String>,
    /// Whatever else fell, expected or not.
    pub also_tripped: Vec<String>,
    /// What fell and is not expected to.
    pub unexpected: Vec<String>,
    /// What could not be told because of the fault.
    pub inconclusive: Vec<String>,
    /// A check that must catch it did not.
    pub survived: bool,
}

/// What the proof is about.
#[derive(Clone, Debug)]
pub struct Scope {
    /// Only faults whose checks' ids begin with one of these; empty for all.
    pub prefixes: Vec<String>,
    /// How many banks at a time.
    pub threads: usize,
}

/// Why the proof could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the proof could not be made: {0}")]
pub struct ProofError(String);

/// Runs the matrix; `told` hears of each bank as it is done.
///
/// # Errors
/// A bank could not be started, or judged.
pub fn prove(catalogue: &Arc<Catalogue>, scope: &Scope, told: &(dyn Fn(&str) + Sync)) -> Result<Proof, ProofError> {
    let must_catch = must_catch(catalogue);
    let in_scope = |fault: &&faults::Fault| {
        let catching = must_catch.get(fault.id).into_iter().flatten();
        scope.prefixes.is_empty()
            || catching.into_iter().any(|check| scope.prefixes.iter().any(|prefix| check.starts_with(prefix.as_str())))
    };
    let rows: Vec<Option<&faults::Fault>> =
        std::iter::once(None).chain(faults::all().iter().filter(in_scope).map(Some)).collect();
    let verdicts = judge_all(catalogue, &rows, scope.threads, told)?;
    let mut verdicts = verdicts.into_iter();
    let clean = clean(&verdicts.next().unwrap_or_default());
    let faults: Vec<FaultRow> =
        rows.iter().flatten().zip(verdicts).map(|(fault, results)| row(fault, &must_catch, &results)).collect();
    let survivors = faults.iter().filter(|row| row.survived).count();
    let false_alarms = clean.alarms.len() + faults.iter().map(|row| row.unexpected.len()).sum::<usize>();
    Ok(Proof { clean, faults, survivors, false_alarms })
}

type Results = Vec<CheckResult>;

fn judge_all(
    catalogue: &Arc<Catalogue>,
    rows: &[Option<&faults::Fault>],
    threads: usize,
    told: &(dyn Fn(&str) + Sync),
) -> Result<Vec<Results>, ProofError> {
    let problem = |error: &dyn std::fmt::Display| ProofError(error.to_string());
    let folder = tempfile::tempdir().map_err(|error| problem(&error))?;
    let next = AtomicUsize::new(0);
    let done: Mutex<BTreeMap<usize, Result<Results, ProofError>>> = Mutex::default();
    // The engine swaps the process's panic hook in each run: kept once, outside of all of them, and silent meanwhile, for
    // what runs side by side would put it back while another still fails its steps.
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(fault) = rows.get(index) else { break };
                    let results = judge_one(catalogue, folder.path(), fault.map(|fault| fault.id));
                    told(fault.map_or("the clean bank", |fault| fault.id));
                    done.lock().unwrap_or_else(PoisonError::into_inner).insert(index, results);
                }
            });
        }
    });
    std::panic::set_hook(hook);
    done.into_inner().unwrap_or_else(PoisonError::into_inner).into_values().collect()
}

/// Starts a bank on this thread, with a runtime of its own, and judges it.
fn judge_one(catalogue: &Arc<Catalogue>, folder: &Path, fault: Option<&str>) -> Result<Results, ProofError> {
    let problem = |error: &dyn std::fmt::Display| ProofError(format!("{}: {error}", fault.unwrap_or("the clean bank")));
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| problem(&error))?;
    let faults: BTreeSet<String> = fault.iter().map(|id| (*id).to_owned()).collect();
    runtime.block_on(async {
        let settings = Settings { faults: faults.clone(), signatures_required: true, ..Settings::default() };
        let (bank, pki) = bundled::start(settings).await.map_err(|error| problem(&error))?;
        let path = folder.join(format!("{}.toml", fault.unwrap_or("clean")));
        bundled::write_target(&path, &bank, &pki, &faults).map_err(|error| problem(&error))?;
        let target = target::load(&path).map_err(|error| problem(&error))?;
        let results: Arc<Mutex<Results>> = Arc::default();
        let heard = results.clone();
        let order = Order {
            target: Arc::new(target),
            catalogue: catalogue.clone(),
            selection: Selection::default(),
            jobs: JOBS,
            slow: false,
            resumed: None,
            stop: Arc::default(),
            run_id: String::new(),
        };
        let listener = Arc::new(move |event: &Event| {
            if let Event::CheckFinished(result) = event {
                heard.lock().unwrap_or_else(PoisonError::into_inner).push((**result).clone());
            }
        });
        execute(order, listener).await.map_err(|error| problem(&error))?;
        bank.stop().await;
        let results = std::mem::take(&mut *results.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(results)
    })
}

/// The checks that each fault must be caught by, from the catalogue.
fn must_catch(catalogue: &Catalogue) -> BTreeMap<String, Vec<String>> {
    let mut map: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for check in &catalogue.checks {
        for fault in check.tagged("fault") {
            map.entry(fault).or_default().push(check.id.clone());
        }
    }
    map
}

fn clean(results: &[CheckResult]) -> Clean {
    Clean {
        alarms: broken(results),
        inconclusive: with(results, |verdict| verdict == Verdict::Inconclusive),
        passed: with(results, |verdict| verdict == Verdict::Pass).len(),
    }
}

fn row(fault: &faults::Fault, must_catch: &BTreeMap<String, Vec<String>>, results: &[CheckResult]) -> FaultRow {
    let must_catch = must_catch.get(fault.id).cloned().unwrap_or_default();
    let broken = broken(results);
    let (caught_by, also_tripped): (Vec<_>, Vec<_>) = broken.into_iter().partition(|check| must_catch.contains(check));
    let is_unexpected = |check: &&String| !fault.also.contains(&check.as_str());
    FaultRow {
        id: fault.id.into(),
        says: fault.says.into(),
        survived: must_catch.is_empty() || caught_by.len() < must_catch.len(),
        unexpected: also_tripped.iter().filter(is_unexpected).cloned().collect(),
        inconclusive: with(results, |verdict| verdict == Verdict::Inconclusive),
        must_catch,
        caught_by,
        also_tripped,
    }
}

fn broken(results: &[CheckResult]) -> Vec<String> {
    with(results, |verdict| matches!(verdict, Verdict::Fail | Verdict::Warn | Verdict::Info))
}

fn with(results: &[CheckResult], wanted: impl Fn(Verdict) -> bool) -> Vec<String> {
    let mut ids: Vec<String> =
        results.iter().filter(|result| wanted(result.verdict)).map(|result| result.id.clone()).collect();
    ids.sort();
    ids
}

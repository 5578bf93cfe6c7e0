//! The kill matrix: the whole catalogue against the clean bank, against each lawful habit of banks, and against each
//! fault, many banks at once.

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
    bank::{Dialect, Settings, faults, habits},
    catalogue::{Catalogue, Level},
    targets,
};

/// How many scenarios of one bank run at a time.
const JOBS: usize = 8;

/// The whole proof.
#[derive(Clone, Debug, Serialize)]
pub struct Proof {
    /// The clean bank.
    pub clean: Clean,
    /// The clean bank with each habit: whoever accuses it is mistaken.
    pub habits: Vec<HabitRow>,
    /// Each fault.
    pub faults: Vec<FaultRow>,
    /// Faults that the check that must catch them did not catch.
    pub survivors: usize,
    /// Findings that nobody expected, on any bank.
    pub false_alarms: usize,
}

/// What the catalogue said of the clean bank.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Clean {
    /// Checks that accused it.
    pub alarms: Vec<String>,
    /// Checks that could not be told.
    pub inconclusive: Vec<String>,
    /// Checks that passed.
    pub passed: usize,
}

/// What the catalogue said of the clean bank with one habit.
#[derive(Clone, Debug, Serialize)]
pub struct HabitRow {
    /// The habit.
    pub id: String,
    /// What the bank does, and why it may.
    pub says: String,
    /// The checks of SHOULDs and MAYs that say so, and rightly.
    pub falls_short_of: Vec<String>,
    /// What came of it.
    #[serde(flatten)]
    pub came: Clean,
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
    /// Mandatory checks that could not be told, though all that the bank leaves aside is advice: it ends with 3 for
    /// nothing.
    pub untold_without_need: Vec<String>,
    /// A check that must catch it did not.
    pub survived: bool,
}

/// What the proof is about.
#[derive(Clone, Debug)]
pub struct Scope {
    /// The dialect of every bank; faults and habits that are another's are left out.
    pub dialect: Dialect,
    /// Only faults whose checks' ids begin with one of these; empty for all.
    pub prefixes: Vec<String>,
    /// The habits too, where there are prefixes.
    pub habits: bool,
    /// Only these habits, and no fault unless there are prefixes; empty for all.
    pub only_habits: Vec<String>,
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
    let mut must_catch = must_catch(catalogue, scope.dialect);
    let duties = duties(catalogue);
    let in_scope = |fault: &&faults::Fault| {
        let catching = must_catch.get(fault.id).into_iter().flatten();
        (scope.prefixes.is_empty() && scope.only_habits.is_empty())
            || catching.into_iter().any(|check| scope.prefixes.iter().any(|prefix| check.starts_with(prefix.as_str())))
    };
    let in_some_dialect = must_catch_in_any(catalogue);
    let is_of_here = |fault: &&faults::Fault| must_catch.contains_key(fault.id) || !in_some_dialect.contains(fault.id);
    let is_asked = |habit: &&habits::Habit| match scope.only_habits.is_empty() {
        true => scope.prefixes.is_empty() || scope.habits,
        false => scope.only_habits.iter().any(|id| id == habit.id),
    };
    let rows: Vec<Row> = std::iter::once(Row::Clean)
        .chain(
            habits::all()
                .into_iter()
                .filter(|habit| habits::is_for(habit.id, scope.dialect))
                .filter(is_asked)
                .map(Row::Habit),
        )
        .chain(faults::all().iter().filter(is_of_here).filter(in_scope).map(Row::Fault))
        .collect();
    let verdicts = judge_all(catalogue, &rows, scope, told)?;
    // What does not apply to the clean bank catches nothing at any.
    let idle =
        verdicts.first().map(|clean| with(clean, |verdict| verdict == Verdict::NotApplicable)).unwrap_or_default();
    must_catch.values_mut().for_each(|checks| checks.retain(|check| !idle.contains(check)));
    let is_another_dialects = |fault: &faults::Fault| {
        let catching = must_catch.get(fault.id).is_some_and(|checks| !checks.is_empty());
        !catching && in_some_dialect.contains(fault.id)
    };
    let (mut clean, mut habits, mut faults) = (Clean::default(), Vec::new(), Vec::new());
    for (row, results) in rows.iter().zip(&verdicts) {
        match row {
            Row::Clean => clean = what_came(results),
            Row::Habit(habit) => habits.push(habit_row(habit, results)),
            Row::Fault(fault) if is_another_dialects(fault) => {}
            Row::Fault(fault) => faults.push(fault_row(fault, &must_catch, &duties, results)),
        }
    }
    let survivors = faults.iter().filter(|row| row.survived).count();
    let lawful: usize = habits.iter().map(|row| row.came.alarms.len()).sum();
    let false_alarms = clean.alarms.len() + lawful + faults.iter().map(|row| row.unexpected.len()).sum::<usize>();
    Ok(Proof { clean, habits, faults, survivors, false_alarms })
}

type Results = Vec<CheckResult>;

/// A bank to judge.
#[derive(Clone, Copy)]
enum Row {
    Clean,
    Habit(&'static habits::Habit),
    Fault(&'static faults::Fault),
}

impl Row {
    fn name(self) -> &'static str {
        match self {
            Self::Clean => "the clean bank",
            Self::Habit(habit) => habit.id,
            Self::Fault(fault) => fault.id,
        }
    }

    fn settings(self) -> Settings {
        let only = |id: &str| BTreeSet::from([id.to_owned()]);
        let clean = Settings { signatures_required: true, ..Settings::default() };
        match self {
            Self::Clean => clean,
            Self::Habit(habit) => Settings { habits: only(habit.id), ..clean },
            Self::Fault(fault) => Settings { faults: only(fault.id), ..clean },
        }
    }
}

fn judge_all(
    catalogue: &Arc<Catalogue>,
    rows: &[Row],
    proof: &Scope,
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
        for _ in 0..proof.threads.max(1) {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(row) = rows.get(index) else { break };
                    let results = judge_one(catalogue, folder.path(), *row, proof.dialect);
                    told(row.name());
                    done.lock().unwrap_or_else(PoisonError::into_inner).insert(index, results);
                }
            });
        }
    });
    std::panic::set_hook(hook);
    done.into_inner().unwrap_or_else(PoisonError::into_inner).into_values().collect()
}

/// Starts a bank on this thread, with a runtime of its own, and judges it.
fn judge_one(catalogue: &Arc<Catalogue>, folder: &Path, row: Row, dialect: Dialect) -> Result<Results, ProofError> {
    let problem = |error: &dyn std::fmt::Display| ProofError(format!("{}: {error}", row.name()));
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| problem(&error))?;
    let settings = Settings { dialect, ..row.settings() };
    let faults = settings.faults.clone();
    runtime.block_on(async {
        let (bank, pki) = bundled::start(settings).await.map_err(|error| problem(&error))?;
        let path = folder.join(format!("{}.toml", row.name()));
        bundled::write_target(&path, &bank, &pki, &faults).map_err(|error| problem(&error))?;
        let target = targets::load(&path).map_err(|error| problem(&error))?;
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

/// The faults that some check must catch, whatever its dialect.
fn must_catch_in_any(catalogue: &Catalogue) -> BTreeSet<String> {
    catalogue.checks.iter().flat_map(|check| check.tagged("fault")).collect()
}

/// The checks that each fault must be caught by at a bank of that dialect, from the catalogue.
fn must_catch(catalogue: &Catalogue, dialect: Dialect) -> BTreeMap<String, Vec<String>> {
    let mut map: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for check in catalogue.checks.iter().filter(|check| check.is_for(dialect.name())) {
        for fault in check.tagged("fault") {
            map.entry(fault).or_default().push(check.id.clone());
        }
    }
    map
}

/// The checks that a bank has to pass.
fn duties(catalogue: &Catalogue) -> BTreeSet<String> {
    catalogue.checks.iter().filter(|check| check.level == Level::Must).map(|check| check.id.clone()).collect()
}

fn what_came(results: &[CheckResult]) -> Clean {
    Clean {
        alarms: broken(results),
        inconclusive: with(results, |verdict| verdict == Verdict::Inconclusive),
        passed: with(results, |verdict| verdict == Verdict::Pass).len(),
    }
}

/// A warning that a SHOULD is not met is right where the habit is not to meet it; a failure never is.
fn habit_row(habit: &habits::Habit, results: &[CheckResult]) -> HabitRow {
    let mut came = what_came(results);
    let (allowed, warned) =
        (habits::falls_short_of(habit.id), with(results, |it| matches!(it, Verdict::Warn | Verdict::Info)));
    let is_right = |check: &String| allowed.contains(&check.as_str()) && warned.contains(check);
    let (falls_short_of, alarms) = came.alarms.into_iter().partition(is_right);
    came.alarms = alarms;
    HabitRow { id: habit.id.into(), says: habit.says.into(), falls_short_of, came }
}

fn fault_row(
    fault: &faults::Fault,
    must_catch: &BTreeMap<String, Vec<String>>,
    duties: &BTreeSet<String>,
    results: &[CheckResult],
) -> FaultRow {
    let has_failed = results.iter().any(|result| result.verdict == Verdict::Fail);
    let untold = with(results, |verdict| verdict == Verdict::Inconclusive);
    let needless = untold.iter().filter(|check| !has_failed && duties.contains(*check));
    let must_catch = must_catch.get(fault.id).cloned().unwrap_or_default();
    let broken = broken(results);
    let (caught_by, also_tripped): (Vec<_>, Vec<_>) = broken.into_iter().partition(|check| must_catch.contains(check));
    let is_unexpected = |check: &&String| !fault.also.contains(&check.as_str());
    FaultRow {
        id: fault.id.into(),
        says: fault.says.into(),
        survived: must_catch.is_empty() || caught_by.len() < must_catch.len(),
        unexpected: also_tripped.iter().filter(is_unexpected).cloned().collect(),
        untold_without_need: needless.cloned().collect(),
        inconclusive: untold,
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

//! The kill matrix: the whole catalogue against the clean bank; and each lawful habit of banks and each fault against the
//! checks that it reaches, which comes to the same as the whole catalogue.

mod pairs;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, atomic::AtomicBool},
};

use serde::Serialize;

use super::{
    bundled,
    event::Verdict,
    reach::Reach,
    trial::{Court, Verdicts},
};
use crate::{
    bank::{Dialect, Settings, faults, habits},
    catalogue::{Catalogue, Check, Level, profiles::Declared},
    pki::Scratch,
};

/// To find out how far each row reaches takes as long as so many rows do: fewer are tried on everything.
const FEW: usize = 12;

/// The whole proof.
#[derive(Clone, Debug, Serialize)]
pub struct Proof {
    /// The clean bank.
    pub clean: Clean,
    /// The clean bank with each habit: whoever accuses it is mistaken.
    pub habits: Vec<HabitRow>,
    /// Each fault.
    pub faults: Vec<FaultRow>,
    /// The grid: each rule of the bank's tables at each place where it holds, in their order.
    pub cells: Vec<CellRow>,
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

/// One rule at one place, and who notices that it is left out there.
#[derive(Clone, Debug, Serialize)]
pub struct CellRow {
    /// `owner`.
    pub rule: String,
    /// `cancellation`.
    pub place: String,
    /// The checks that caught it; none where nobody outside can tell.
    pub caught_by: Vec<String>,
    /// Why nobody outside can tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub untold: Option<String>,
}

/// What the proof is about.
#[derive(Clone, Debug)]
pub struct Scope {
    /// The dialect of every bank; faults and habits that are another's are left out.
    pub dialect: Dialect,
    /// The profiles that every bank keeps to; habits that break one of them are left out, and so are faults of checks that
    /// belong to others.
    pub profiles: Declared,
    /// Only faults whose checks' ids begin with one of these; empty for all.
    pub prefixes: Vec<String>,
    /// The habits too, where there are prefixes.
    pub habits: bool,
    /// Only these habits, and no fault unless there are prefixes; empty for all.
    pub only_habits: Vec<String>,
    /// Every bank has these habits, whatever else it has.
    pub under: Vec<String>,
    /// So many pairs of habits and nothing else, drawn by that seed; each is tried on every check.
    pub pairs: Option<Pairs>,
    /// Try each fault and each habit on every check, and not only on those that it reaches.
    pub everything: bool,
    /// How many banks at a time.
    pub threads: usize,
}

/// How pairs of habits are drawn.
#[derive(Clone, Copy, Debug)]
pub struct Pairs {
    /// How many; fewer where there are not so many.
    pub count: usize,
    /// The same seed draws the same pairs.
    pub seed: u64,
}

/// Why the proof could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    /// A bank could not be started, or judged.
    #[error("the proof could not be made: {bank}: {source}")]
    Bank {
        /// Which.
        bank: String,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// There is no place for the banks' target files.
    #[error(
        "no temporary folder can be made: {0}\n  mend: let TMPDIR name a folder that you may write to, with some space left"
    )]
    Folder(#[source] std::io::Error),
    /// It was stopped before every bank had been judged.
    #[error("stopped before every bank was judged: nothing is proven")]
    Stopped,
}

/// Runs the matrix; `told` hears of each bank as it is done, and of how many checks it was tried on.
///
/// # Errors
/// A bank could not be started, or judged.
pub fn prove(
    catalogue: &Arc<Catalogue>,
    scope: &Scope,
    told: &(dyn Fn(&str, usize) + Sync),
) -> Result<Proof, ProofError> {
    prove_unless(&Arc::default(), catalogue, scope, told)
}

/// The same, until `stop` is set.
///
/// # Errors
/// A bank could not be started, or judged; or the proof was stopped.
pub fn prove_unless(
    stop: &Arc<AtomicBool>,
    catalogue: &Arc<Catalogue>,
    scope: &Scope,
    told: &(dyn Fn(&str, usize) + Sync),
) -> Result<Proof, ProofError> {
    let mut must_catch = must_catch(catalogue, scope.dialect);
    add_cells_of_named(&mut must_catch, scope.dialect);
    let duties = duties(catalogue, &scope.profiles);
    let folder = Scratch::new().map_err(ProofError::Folder)?;
    let court = Court { folder: folder.path(), stop, threads: scope.threads };
    let clean = court.side_by_side(&[clean_bank(scope)], |settings| {
        court.judge("the clean bank", settings.clone(), catalogue.clone()).map(|trial| trial.verdicts)
    })?;
    let clean = clean.into_iter().next().unwrap_or_default();
    told("the clean bank", catalogue.checks.len());
    // What does not apply to the clean bank catches nothing at any.
    let applies = |check: &String| clean.get(check) != Some(&Verdict::NotApplicable);
    must_catch.values_mut().for_each(|checks| checks.retain(applies));
    must_catch.retain(|_, checks| !checks.is_empty());
    let rows = rows(catalogue, scope, &must_catch);
    let reach = match scope.everything || scope.pairs.is_some() || rows.len() <= FEW {
        true => None,
        false => {
            let reach = Reach::measure(&court, catalogue, &clean_bank(scope), &clean)?;
            told("how far each of them reaches", catalogue.checks.len());
            Some(reach)
        }
    };
    let verdicts = court.side_by_side(&rows, |row| {
        let Some(reach) = &reach else {
            let verdicts = court.judge(&row.id(), row.settings(scope), catalogue.clone())?.verdicts;
            told(&row.id(), catalogue.checks.len());
            return Ok(verdicts);
        };
        let checks = reach.of(catalogue, &row.id(), &row.expected(&must_catch));
        let count = checks.checks.len();
        let tried = court.judge(&row.id(), row.settings(scope), Arc::new(checks))?;
        told(&row.id(), count);
        Ok(reach.with_the_rest(catalogue, &tried, &clean))
    })?;
    let (mut habits, mut faults) = (Vec::new(), Vec::new());
    for (row, verdicts) in rows.iter().zip(&verdicts) {
        match row {
            Row::Habits(all) => habits.push(habit_row(all, verdicts)),
            Row::Fault(fault) => faults.push(fault_row(fault, &must_catch, &duties, verdicts)),
        }
    }
    let clean = what_came(&clean);
    let survivors = faults.iter().filter(|row| row.survived).count();
    let lawful: usize = habits.iter().map(|row| row.came.alarms.len()).sum();
    let false_alarms = clean.alarms.len() + lawful + faults.iter().map(|row| row.unexpected.len()).sum::<usize>();
    let cells = cells(scope, &faults);
    Ok(Proof { clean, habits, faults, cells, survivors, false_alarms })
}

/// The grid, as far as it was tried.
fn cells(scope: &Scope, faults: &[FaultRow]) -> Vec<CellRow> {
    let row = |fault: &'static faults::Fault| {
        let cell = fault.cell?;
        let tried = faults.iter().find(|row| row.id == fault.id);
        let is_shown = tried.is_some() || (cell.untold.is_some() && scope.prefixes.is_empty());
        is_shown.then(|| CellRow {
            rule: cell.rule.into(),
            place: cell.place.into(),
            caught_by: tried.map(|row| row.caught_by.clone()).unwrap_or_default(),
            untold: cell.untold.map(str::to_owned),
        })
    };
    if scope.pairs.is_some() || (faults.is_empty() && !scope.only_habits.is_empty()) {
        return Vec::new();
    }
    faults::cells(scope.dialect).iter().filter_map(row).collect()
}

/// The habits and the faults that the proof is about.
fn rows(catalogue: &Catalogue, scope: &Scope, must_catch: &BTreeMap<String, Vec<String>>) -> Vec<Row> {
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
    let already = scope.profiles.habits();
    let is_had = |id: &str| already.contains(id) || scope.under.iter().any(|under| under == id);
    let is_new = |id: &str| !is_had(id) && !scope.profiles.forbid_habit(id);
    let is_lawful = |habit: &&habits::Habit| habits::is_for(habit.id, scope.dialect) && is_new(habit.id);
    let habits = habits::all().into_iter().filter(is_lawful);
    if let Some(drawn) = scope.pairs {
        return pairs::draw(&habits.collect::<Vec<_>>(), drawn)
            .into_iter()
            .map(|pair| Row::Habits(pair.into()))
            .collect();
    }
    let is_told = |fault: &&faults::Fault| fault.cell.is_none_or(|cell| cell.untold.is_none());
    let faults = faults::of(scope.dialect).filter(is_told).filter(is_of_here).filter(in_scope);
    habits.filter(is_asked).map(|habit| Row::Habits(vec![habit])).chain(faults.map(Row::Fault)).collect()
}

fn clean_bank(scope: &Scope) -> Settings {
    let settings = Settings { dialect: scope.dialect, signatures_required: true, ..Settings::default() };
    let mut settings = bundled::keeping_to(&scope.profiles, settings);
    settings.habits.extend(scope.under.iter().cloned());
    settings
}

/// A bank that differs from the clean one.
enum Row {
    Habits(Vec<&'static habits::Habit>),
    Fault(&'static faults::Fault),
}

impl Row {
    fn id(&self) -> String {
        match self {
            Self::Habits(all) => named(all),
            Self::Fault(fault) => fault.id.to_owned(),
        }
    }

    /// The checks that it is known to trip.
    fn expected(&self, must_catch: &BTreeMap<String, Vec<String>>) -> Vec<String> {
        let known = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        match self {
            Self::Habits(all) => known(&shortfalls(all)),
            Self::Fault(fault) => {
                let also = if fault.cell.is_some() { Vec::new() } else { known(fault.also) };
                [also, must_catch.get(fault.id).cloned().unwrap_or_default()].concat()
            }
        }
    }

    fn settings(&self, scope: &Scope) -> Settings {
        let mut settings = clean_bank(scope);
        match self {
            Self::Habits(all) => settings.habits.extend(all.iter().map(|habit| habit.id.to_owned())),
            Self::Fault(fault) => drop(settings.faults.insert(fault.id.to_owned())),
        }
        settings
    }
}

/// The faults that some check must catch, whatever its dialect.
fn must_catch_in_any(catalogue: &Catalogue) -> BTreeSet<String> {
    catalogue.checks.iter().flat_map(|check| check.faults()).collect()
}

/// The checks that each fault must be caught by at a bank of that dialect, from the catalogue.
fn must_catch(catalogue: &Catalogue, dialect: Dialect) -> BTreeMap<String, Vec<String>> {
    let mut map: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for check in catalogue.checks.iter().filter(|check| check.is_for(dialect.name())) {
        for fault in check.faults() {
            map.entry(fault).or_default().push(check.id.clone());
        }
    }
    map
}

/// What has a name at every place is caught at one place by the same checks.
fn add_cells_of_named(must_catch: &mut BTreeMap<String, Vec<String>>, dialect: Dialect) {
    for cell in faults::cells(dialect) {
        // Unless some check names the very cell.
        if let Some(named) = cell.cell.and_then(|it| must_catch.get(it.rule).cloned()) {
            must_catch.entry(cell.id.to_owned()).or_insert(named);
        }
    }
    must_catch.retain(|_, checks| !checks.is_empty());
}

/// The checks that a bank has to pass.
fn duties(catalogue: &Catalogue, profiles: &Declared) -> BTreeSet<String> {
    let (profiles, policies) = (profiles.names(), BTreeSet::new());
    let is_duty = |check: &&Arc<Check>| check.level_for(&profiles, &policies) == Level::Must;
    catalogue.checks.iter().filter(is_duty).map(|check| check.id.clone()).collect()
}

fn what_came(verdicts: &Verdicts) -> Clean {
    Clean {
        alarms: broken(verdicts),
        inconclusive: with(verdicts, |verdict| verdict == Verdict::Inconclusive),
        passed: with(verdicts, |verdict| verdict == Verdict::Pass).len(),
    }
}

/// A warning that a SHOULD is not met is right where the habit is not to meet it; a failure never is.
fn habit_row(all: &[&'static habits::Habit], verdicts: &Verdicts) -> HabitRow {
    let mut came = what_came(verdicts);
    let (allowed, warned) = (shortfalls(all), with(verdicts, |it| matches!(it, Verdict::Warn | Verdict::Info)));
    let is_right = |check: &String| allowed.contains(&check.as_str()) && warned.contains(check);
    let (falls_short_of, alarms) = came.alarms.into_iter().partition(is_right);
    came.alarms = alarms;
    let says: Vec<&str> = all.iter().map(|habit| habit.says).collect();
    HabitRow { id: named(all), says: says.join("; and it "), falls_short_of, came }
}

fn named(all: &[&'static habits::Habit]) -> String {
    all.iter().map(|habit| habit.id).collect::<Vec<_>>().join("+")
}

fn shortfalls(all: &[&'static habits::Habit]) -> Vec<&'static str> {
    all.iter().flat_map(|habit| habits::falls_short_of(habit.id)).copied().collect()
}

fn fault_row(
    fault: &faults::Fault,
    must_catch: &BTreeMap<String, Vec<String>>,
    duties: &BTreeSet<String>,
    verdicts: &Verdicts,
) -> FaultRow {
    let has_failed = verdicts.values().any(|verdict| *verdict == Verdict::Fail);
    let untold = with(verdicts, |verdict| verdict == Verdict::Inconclusive);
    let needless = untold.iter().filter(|check| !has_failed && duties.contains(*check));
    let must_catch = must_catch.get(fault.id).cloned().unwrap_or_default();
    let broken = broken(verdicts);
    let (caught_by, also_tripped): (Vec<_>, Vec<_>) = broken.into_iter().partition(|check| must_catch.contains(check));
    let is_unexpected = |check: &&String| !fault.may_trip(check);
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

fn broken(verdicts: &Verdicts) -> Vec<String> {
    with(verdicts, |verdict| matches!(verdict, Verdict::Fail | Verdict::Warn | Verdict::Info))
}

fn with(verdicts: &Verdicts, wanted: impl Fn(Verdict) -> bool) -> Vec<String> {
    verdicts.iter().filter(|(_, verdict)| wanted(**verdict)).map(|(id, _)| id.clone()).collect()
}

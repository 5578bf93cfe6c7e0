//! From the outcomes of scenarios to the results of checks: rows merged, controls applied.

use std::collections::{BTreeSet, HashMap};

use super::{
    engine::Done,
    event::{CheckResult, Variant, Verdict, WhyNot},
    plan::Planned,
    verdict::verdict,
};
use crate::{
    catalogue::Objection,
    evidence::{check_row::CheckRow, exchange::to_the_microsecond},
    judge::Comparison,
    steps::Outcome,
    tpp::Trouble,
};

/// What is known of the checks of a run so far.
///
/// An outcome is looked at once when it comes and once when its check is settled, however many rows and checks there are.
pub(super) struct Collector {
    planned: Vec<Planned>,
    /// The dialect of the bank: what shows that it accepts is named by dialect.
    dialect: &'static str,
    /// Where in `planned` a check is, by its id.
    places: HashMap<String, usize>,
    /// The checks that have a check as their control, by its id.
    dependents: HashMap<String, Vec<usize>>,
    /// Beside `planned`: the outcomes of the rows, as far as they are known.
    rows: Vec<Rows>,
    /// What each check came to, once it is settled.
    settled: HashMap<String, Verdict>,
}

/// The rows of one check.
struct Rows {
    /// By index; `None` where the row does not run, or has not run yet.
    done: Vec<Option<Done>>,
    /// How many have not run yet.
    awaited: usize,
}

impl Collector {
    /// Nothing known yet but what an earlier part of the run has settled.
    pub(super) fn new(planned: Vec<Planned>, dialect: &'static str, settled: HashMap<String, Verdict>) -> Self {
        let mut dependents: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, planned) in planned.iter().enumerate() {
            let controls = planned.check.controls_at(dialect);
            controls.into_iter().for_each(|control| dependents.entry(control).or_default().push(place));
        }
        let rows = |planned: &Planned| Rows {
            done: (0..planned.check.rows.len()).map(|_| None).collect(),
            awaited: planned.rows_that_run.len(),
        };
        Self {
            places: planned.iter().enumerate().map(|(place, planned)| (planned.check.id.clone(), place)).collect(),
            dependents,
            rows: planned.iter().map(rows).collect(),
            planned,
            dialect,
            settled,
        }
    }

    /// Takes the outcome of a scenario, and tells of every check that this settles.
    pub(super) fn take(&mut self, done: Done, exchanges_of: &dyn Fn(&CheckRow) -> Vec<String>) -> Vec<CheckResult> {
        let index = done.row.row.unwrap_or_default();
        let Some(&place) = self.places.get(&*done.row.check) else { return Vec::new() };
        if self.planned[place].rows_that_run.binary_search(&index).is_err() {
            return Vec::new();
        }
        let rows = &mut self.rows[place];
        rows.awaited -= usize::from(rows.done[index].is_none());
        rows.done[index] = Some(done);
        self.settle_of(BTreeSet::from([place]), exchanges_of)
    }

    /// Tells of every check that can be settled before anything has run.
    pub(super) fn settle(&mut self, exchanges_of: &dyn Fn(&CheckRow) -> Vec<String>) -> Vec<CheckResult> {
        self.settle_of((0..self.planned.len()).collect(), exchanges_of)
    }

    /// Tells of those that can be settled by now, and of the others that this settles: one settled control may settle many.
    fn settle_of(
        &mut self,
        mut candidates: BTreeSet<usize>,
        exchanges_of: &dyn Fn(&CheckRow) -> Vec<String>,
    ) -> Vec<CheckResult> {
        let mut results = Vec::new();
        while !candidates.is_empty() {
            let open = candidates.iter().filter(|&&place| !self.settled.contains_key(&self.planned[place].check.id));
            let ready: Vec<CheckResult> = open.filter_map(|&place| self.result(place, exchanges_of)).collect();
            self.settled.extend(ready.iter().map(|result| (result.id.clone(), result.as_control())));
            candidates = ready.iter().filter_map(|result| self.dependents.get(&result.id)).flatten().copied().collect();
            results.extend(ready);
        }
        results
    }

    fn result(&self, place: usize, exchanges_of: &dyn Fn(&CheckRow) -> Vec<String>) -> Option<CheckResult> {
        let (planned, rows) = (&self.planned[place], &self.rows[place]);
        if let Some(objection) = &planned.objection {
            return Some(objected(planned, objection));
        }
        if rows.awaited > 0 {
            return None;
        }
        let control = self.control_that_failed(planned)?;
        let rows: Vec<&Done> = rows.done.iter().flatten().collect();
        let variants: Vec<Variant> = rows.iter().map(|done| variant(planned, done, exchanges_of)).collect();
        // A row that turned out not to apply counts only where none applies.
        let rank = |(_, variant): &(usize, &Variant)| (variant.verdict == Verdict::NotApplicable, variant.verdict);
        let (place, worst) = variants.iter().enumerate().min_by_key(rank)?;
        let worst = worst.clone();
        let mut result = CheckResult {
            id: planned.check.id.clone(),
            verdict: worst.verdict,
            why_not: None,
            reason: worst.reason,
            expected: worst.expected,
            actual: worst.actual,
            duration_ms: to_the_microsecond(rows.iter().map(|done| done.duration_ms).sum()),
            exchanges: variants.iter().flat_map(|variant| variant.exchanges.clone()).collect(),
            decisive: worst.decisive,
            variants: if planned.check.rows.len() > 1 { variants } else { Vec::new() },
            waived: None,
            declared: None,
            flaky: flaky(&rows),
            control: None,
            served: served(&rows),
        };
        // What a bank has granted against the rule, it has granted, whatever else it refuses.
        let granted =
            rows.iter().any(|done| matches!(&done.outcome, Outcome::Broken(comparison) if comparison.granted));
        // Where the bank is gone for the control too, that is the reason for both.
        let is_unreachable = matches!(rows[place].outcome, Outcome::Inconclusive(Trouble::Environment(_)));
        let is_gone = |control: &(String, Verdict)| control.1 == Verdict::Inconclusive && is_unreachable;
        if let Some((id, verdict)) = control.filter(|control| !granted && !is_gone(control)) {
            (result.verdict, result.reason) = without_control(&id, verdict);
            result.control = Some(id);
        }
        // What turns out not to apply only when it is asked is what the bank does not have.
        result.why_not = (result.verdict == Verdict::NotApplicable).then_some(WhyNot::NotOffered);
        Some(result)
    }

    /// The first control that did not pass, if one did not; `None` where one is not settled yet. A control that does not
    /// apply says nothing.
    fn control_that_failed(&self, planned: &Planned) -> Option<Option<(String, Verdict)>> {
        // One that the plan has left out is of another dialect.
        let is_planned = |id: &String| self.places.contains_key(id);
        let controls = planned.check.controls_at(self.dialect).into_iter().filter(is_planned);
        let verdicts: Option<Vec<_>> = controls.map(|id| Some((id.clone(), *self.settled.get(&id)?))).collect();
        Some(verdicts?.into_iter().find(|(_, verdict)| has_fallen(*verdict)))
    }
}

/// Why a check was asked again, where all of it held by then.
fn flaky(rows: &[&Done]) -> Option<String> {
    let held =
        |done: &&Done| matches!(done.outcome, Outcome::Holds(_) | Outcome::NotApplicable(_)) || done.flaky.is_some();
    rows.iter().all(held).then(|| rows.iter().find_map(|done| done.flaky.clone())).flatten()
}

/// Every row that does not hold was given what it asked for.
fn served(rows: &[&Done]) -> bool {
    let is_served = |done: &&Done| match &done.outcome {
        Outcome::Broken(comparison) => comparison.served,
        Outcome::Holds(_) | Outcome::NotApplicable(_) => true,
        Outcome::Inconclusive(_) => false,
    };
    rows.iter().any(|done| matches!(done.outcome, Outcome::Broken(_))) && rows.iter().all(is_served)
}

/// A control that came to that shows no acceptance.
pub(super) fn has_fallen(verdict: Verdict) -> bool {
    !matches!(verdict, Verdict::Pass | Verdict::NotApplicable)
}

/// A refusal proves something only beside an acceptance. Where the clause of the control lets a bank refuse that too,
/// the check is not about such a bank.
pub(super) fn without_control(id: &str, verdict: Verdict) -> (Verdict, String) {
    if matches!(verdict, Verdict::Warn | Verdict::Info) {
        let why = format!("its positive control {id} does not hold here, which its clause lets a bank do");
        return (Verdict::NotApplicable, why);
    }
    let why = format!("its positive control {id} came to {}, so this proves nothing", name(verdict));
    (Verdict::Inconclusive, Trouble::Prerequisite(why).to_string())
}

fn variant(planned: &Planned, done: &Done, exchanges_of: &dyn Fn(&CheckRow) -> Vec<String>) -> Variant {
    let index = done.row.row.unwrap_or_default();
    let verdict = verdict(planned.level, &done.outcome);
    let (comparison, reason) = match &done.outcome {
        Outcome::Holds(comparison) => (comparison.clone(), String::new()),
        Outcome::Broken(comparison) => {
            let reason = format!("expected {}, but got: {}", comparison.expected, comparison.actual);
            (comparison.clone(), reason)
        }
        Outcome::Inconclusive(trouble) => (Comparison::default(), trouble.to_string()),
        Outcome::NotApplicable(reason) => (Comparison::default(), reason.clone()),
    };
    Variant {
        name: planned.check.rows[index].name.clone(),
        verdict,
        reason,
        expected: comparison.expected,
        actual: comparison.actual,
        exchanges: exchanges_of(&done.row),
        decisive: comparison.exchange,
    }
}

/// A check that does not apply.
pub(super) fn objected(planned: &Planned, objection: &Objection) -> CheckResult {
    let result = blank(planned, Verdict::NotApplicable, objection.reason.clone());
    CheckResult { why_not: Some(objection.why_not), ..result }
}

/// A result without evidence.
pub(super) fn blank(planned: &Planned, verdict: Verdict, reason: String) -> CheckResult {
    CheckResult {
        id: planned.check.id.clone(),
        verdict,
        why_not: None,
        reason,
        expected: String::new(),
        actual: String::new(),
        duration_ms: 0.0,
        exchanges: Vec::new(),
        decisive: None,
        variants: Vec::new(),
        waived: None,
        declared: None,
        flaky: None,
        control: None,
        served: false,
    }
}

fn name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Fail => "fail",
        Verdict::Warn => "warn",
        Verdict::Info => "info",
        Verdict::NotApplicable => "not-applicable",
        Verdict::Inconclusive => "inconclusive",
    }
}

#[cfg(test)]
mod tests;

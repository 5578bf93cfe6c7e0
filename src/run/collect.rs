//! From the outcomes of scenarios to the results of checks: rows merged, controls applied.

use std::collections::HashMap;

use super::{
    engine::Done,
    event::{CheckResult, Variant, Verdict},
    plan::Planned,
    verdict::verdict,
};
use crate::{judge::Comparison, steps::Outcome};

/// What is known of the checks of a run so far.
pub(super) struct Collector {
    planned: Vec<Planned>,
    /// The rows that were run, by label.
    rows: HashMap<String, Done>,
    /// What each check came to, once it is settled.
    settled: HashMap<String, Verdict>,
}

impl Collector {
    /// Nothing known yet but what an earlier part of the run has settled.
    pub(super) fn new(planned: Vec<Planned>, settled: HashMap<String, Verdict>) -> Self {
        Self { planned, rows: HashMap::new(), settled }
    }

    /// Takes the outcome of a scenario, and tells of every check that this settles.
    pub(super) fn take(&mut self, done: Done, exchanges_of: &dyn Fn(&str) -> Vec<String>) -> Vec<CheckResult> {
        self.rows.insert(done.label.clone(), done);
        self.settle(exchanges_of)
    }

    /// Tells of every check that can be settled by now: one settled control may settle many others.
    pub(super) fn settle(&mut self, exchanges_of: &dyn Fn(&str) -> Vec<String>) -> Vec<CheckResult> {
        let mut results = Vec::new();
        loop {
            let ready: Vec<CheckResult> = (self.planned.iter())
                .filter(|planned| !self.settled.contains_key(&planned.check.id))
                .filter_map(|planned| self.result(planned, exchanges_of))
                .collect();
            if ready.is_empty() {
                return results;
            }
            // A control is there to show that the bank accepts: a flaky one has shown it.
            let shown = |result: &CheckResult| result.flaky.as_ref().map_or(result.verdict, |_| Verdict::Pass);
            self.settled.extend(ready.iter().map(|result| (result.id.clone(), shown(result))));
            results.extend(ready);
        }
    }

    fn result(&self, planned: &Planned, exchanges_of: &dyn Fn(&str) -> Vec<String>) -> Option<CheckResult> {
        if let Some(reason) = &planned.objection {
            return Some(blank(planned, Verdict::NotApplicable, reason.clone()));
        }
        let control = self.control_that_failed(planned)?;
        let rows: Option<Vec<_>> = (0..planned.check.rows.len())
            .map(|index| label(planned, index))
            .filter(|(_, runs)| *runs)
            .map(|(label, _)| self.rows.get(&label))
            .collect();
        let rows = rows?;
        let variants: Vec<Variant> = rows.iter().map(|done| variant(planned, done, exchanges_of)).collect();
        // A row that turned out not to apply counts only where none applies.
        let rank = |variant: &&Variant| (variant.verdict == Verdict::NotApplicable, variant.verdict);
        let worst = variants.iter().min_by_key(rank)?.clone();
        let mut result = CheckResult {
            id: planned.check.id.clone(),
            verdict: worst.verdict,
            reason: worst.reason,
            expected: worst.expected,
            actual: worst.actual,
            duration_ms: rows.iter().map(|done| done.duration_ms).sum(),
            exchanges: variants.iter().flat_map(|variant| variant.exchanges.clone()).collect(),
            decisive: worst.decisive,
            variants: if planned.check.rows.len() > 1 { variants } else { Vec::new() },
            waived: None,
            declared: None,
            flaky: flaky(&rows),
        };
        // What a bank has granted against the rule, it has granted, whatever else it refuses.
        let granted =
            rows.iter().any(|done| matches!(&done.outcome, Outcome::Broken(comparison) if comparison.granted));
        // Where the bank is gone for the control too, that is the reason for both.
        let is_gone = |control: &(String, Verdict)| {
            control.1 == Verdict::Inconclusive
                && result.verdict == Verdict::Inconclusive
                && result.reason.starts_with("environment: ")
        };
        if let Some((id, verdict)) = control.filter(|control| !granted && !is_gone(control)) {
            (result.verdict, result.reason) = without_control(&id, verdict);
        }
        Some(result)
    }

    /// The first control that did not pass, if one did not; `None` where one is not settled yet. A control that does not
    /// apply says nothing.
    fn control_that_failed(&self, planned: &Planned) -> Option<Option<(String, Verdict)>> {
        let controls = planned.check.tagged("control");
        let verdicts: Option<Vec<_>> =
            controls.into_iter().map(|id| Some((id.clone(), *self.settled.get(&id)?))).collect();
        Some(verdicts?.into_iter().find(|(_, verdict)| has_fallen(*verdict)))
    }
}

/// Why a check was asked again, where all of it held by then.
fn flaky(rows: &[&Done]) -> Option<String> {
    let held =
        |done: &&Done| matches!(done.outcome, Outcome::Holds(_) | Outcome::NotApplicable(_)) || done.flaky.is_some();
    rows.iter().all(held).then(|| rows.iter().find_map(|done| done.flaky.clone())).flatten()
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
    let why = format!("prerequisite: its positive control {id} came to {}, so this proves nothing", name(verdict));
    (Verdict::Inconclusive, why)
}

/// The label of a row, and whether it runs.
pub(super) fn label(planned: &Planned, index: usize) -> (String, bool) {
    let id = &planned.check.id;
    let label = if planned.check.rows.len() > 1 { format!("{id}#{}", index + 1) } else { id.clone() };
    (label, planned.rows_that_run.contains(&index))
}

fn variant(planned: &Planned, done: &Done, exchanges_of: &dyn Fn(&str) -> Vec<String>) -> Variant {
    let index = done.label.split_once('#').and_then(|(_, number)| number.parse::<usize>().ok()).unwrap_or(1) - 1;
    let verdict = verdict(planned.level, &done.outcome);
    let (comparison, reason) = match &done.outcome {
        Outcome::Holds(comparison) => (comparison.clone(), String::new()),
        Outcome::Broken(comparison) => {
            let reason = format!("expected {}, but got: {}", comparison.expected, comparison.actual);
            (comparison.clone(), reason)
        }
        Outcome::Inconclusive(reason) | Outcome::NotApplicable(reason) => (Comparison::default(), reason.clone()),
    };
    Variant {
        name: planned.check.rows[index].name.clone(),
        verdict,
        reason,
        expected: comparison.expected,
        actual: comparison.actual,
        exchanges: exchanges_of(&done.label),
        decisive: comparison.exchange,
    }
}

/// A result without evidence.
pub(super) fn blank(planned: &Planned, verdict: Verdict, reason: String) -> CheckResult {
    CheckResult {
        id: planned.check.id.clone(),
        verdict,
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

//! A record with an index: every check beside its outcome, every exchange by its id.

use std::collections::{HashMap, HashSet};

use crate::run::event::{CheckInfo, CheckResult, Exchange, Level, RequirementInfo, RunRecord};

/// A record, indexed.
pub(super) struct Index<'a> {
    /// What is indexed.
    pub(super) record: &'a RunRecord,
    checks: HashMap<&'a str, &'a CheckInfo>,
    exchanges: HashMap<&'a str, &'a Exchange>,
    requirements: HashMap<&'a str, &'a RequirementInfo>,
    strays: HashMap<&'a str, CheckInfo>,
}

/// One check beside its outcome.
#[derive(Clone, Copy)]
pub(super) struct Judged<'b> {
    /// Its checks.
    pub(super) info: &'b CheckInfo,
    /// What it came to.
    pub(super) result: &'b CheckResult,
}

impl Judged<'_> {
    /// The reason, where it says more than what was expected and what was done.
    pub(super) fn reason(&self) -> &str {
        let (result, told) = (self.result, |text: &str| !text.is_empty() && self.result.reason.contains(text));
        if told(&result.expected) && told(&result.actual) { "" } else { &result.reason }
    }
}

impl<'a> Index<'a> {
    /// Indexes a record.
    pub(super) fn new(record: &'a RunRecord) -> Self {
        let checks: HashMap<_, _> = record.info.checks.iter().map(|check| (check.id.as_str(), check)).collect();
        let without = |id: &str| !checks.contains_key(id);
        let strays = record.results.iter().filter(|result| without(&result.id));
        Self {
            strays: strays.map(|result| (result.id.as_str(), stray(&result.id))).collect(),
            checks,
            exchanges: record.exchanges.iter().map(|exchange| (exchange.id.as_str(), &**exchange)).collect(),
            requirements: record.info.requirements.iter().map(|row| (row.id.as_str(), row)).collect(),
            record,
        }
    }

    /// The checks that have a verdict, in the order of the catalogue.
    pub(super) fn judged(&self) -> Vec<Judged<'_>> {
        let checks = |id: &str| self.checks.get(id).copied().or_else(|| self.strays.get(id));
        self.record.results.iter().filter_map(|result| Some(Judged { info: checks(&result.id)?, result })).collect()
    }

    /// The checks that were selected and have no verdict: the run was stopped before.
    pub(super) fn unjudged(&self) -> Vec<&'a CheckInfo> {
        let judged: HashSet<&str> = self.record.results.iter().map(|result| result.id.as_str()).collect();
        self.record.info.checks.iter().filter(|check| !judged.contains(check.id.as_str())).collect()
    }

    /// The exchange of that id.
    pub(super) fn exchange(&self, id: &str) -> Option<&'a Exchange> {
        self.exchanges.get(id).copied()
    }

    /// The requirement of that id.
    pub(super) fn requirement(&self, id: &str) -> Option<&'a RequirementInfo> {
        self.requirements.get(id).copied()
    }
}

/// Stands in for checks that a journal has lost, so that no outcome is.
fn stray(id: &str) -> CheckInfo {
    CheckInfo {
        id: id.to_owned(),
        title: "(its description is missing from the record of this run)".to_owned(),
        description: String::new(),
        level: Level::Must,
        feature: String::new(),
        path: String::new(),
        line: 0,
        requirements: Vec::new(),
        faults: Vec::new(),
        steps: Vec::new(),
        as_control: false,
    }
}

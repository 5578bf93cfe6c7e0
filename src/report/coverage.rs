//! Requirements counted, the same way in every report.

use std::collections::HashSet;

use serde::Serialize;

use crate::run::event::{RequirementInfo, RunRecord, is_told};

/// How much of what a client can observe was judged in a run, and how much checks exist for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Coverage {
    /// Every requirement.
    pub(super) all: usize,
    /// Those that a client can observe.
    pub(super) observable: usize,
    /// Those that the catalogue has a check for.
    pub(super) covered: usize,
    /// Those that a check of this run said something about.
    pub(super) judged: usize,
}

impl Coverage {
    /// Of all requirements of a run.
    pub(super) fn of(record: &RunRecord) -> Self {
        let (told, mut coverage) = (told(record), Self::default());
        record.info.requirements.iter().for_each(|row| coverage.add(row, &told));
        coverage
    }

    /// Counts one more.
    pub(super) fn add(&mut self, row: &RequirementInfo, told: &HashSet<&str>) {
        self.all += 1;
        self.observable += usize::from(row.observable);
        self.covered += usize::from(!row.checks.is_empty());
        self.judged += usize::from(is_judged(row, told));
    }
}

/// A check of this run said something about it.
pub(super) fn is_judged(row: &RequirementInfo, told: &HashSet<&str>) -> bool {
    row.checks.iter().any(|id| told.contains(id.as_str()))
}

/// The checks of a run that said something about the bank.
pub(super) fn told(record: &RunRecord) -> HashSet<&str> {
    let told = record.results.iter().filter(|result| is_told(result.verdict));
    told.map(|result| result.id.as_str()).collect()
}

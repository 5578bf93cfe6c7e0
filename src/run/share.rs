//! How much of what a bank can be held to a run has judged: a verdict is worth no more.

use std::collections::{BTreeMap, HashMap};

use super::event::{CheckResult, Level, RunRecord, Verdict, WhyNot};

/// What a run has judged, and what it has not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// The checks of level MUST among those of the run that are for the bank's dialect and profile.
    pub musts: usize,
    /// How many of them were judged.
    pub judged: usize,
    /// How many of them could be judged and were not: the bank has what they ask about.
    pub open: usize,
    /// How many checks of any level do not apply, by the reason in a word.
    pub rest: BTreeMap<WhyNot, usize>,
    /// So many percent of the MUSTs have to be judged for a verdict.
    pub asked_percent: u8,
    /// Checks were chosen on purpose: what was not chosen is missed by nobody.
    pub selected: bool,
}

impl Share {
    /// Counts a record.
    pub fn of(record: &RunRecord) -> Self {
        let results: HashMap<&str, &CheckResult> =
            record.results.iter().map(|result| (result.id.as_str(), result)).collect();
        let selected = !record.info.selection.is_empty();
        let mut share = Self { asked_percent: record.info.min_share, selected, ..Self::default() };
        for check in &record.info.checks {
            share.add(check.level == Level::Must, results.get(check.id.as_str()).copied());
        }
        share
    }

    fn add(&mut self, is_must: bool, result: Option<&CheckResult>) {
        let why_not = result.and_then(left_out);
        if let Some(why_not) = why_not {
            *self.rest.entry(why_not).or_default() += 1;
        }
        if !is_must || matches!(why_not, Some(WhyNot::Dialect | WhyNot::Profile)) {
            return;
        }
        let is_judged = result.is_some_and(|result| is_told(result.verdict));
        self.musts += 1;
        self.judged += usize::from(is_judged);
        self.open += usize::from(!is_judged && why_not != Some(WhyNot::NotOffered));
    }

    /// Enough for a verdict on the bank.
    pub fn is_enough(&self) -> bool {
        self.selected || self.judged * 100 >= self.musts * usize::from(self.asked_percent)
    }

    /// Every MUST that the bank can be held to was judged.
    pub fn is_whole(&self) -> bool {
        self.open == 0
    }

    /// No money was moved and no page opened, which kept checks from the bank.
    pub fn is_held_back(&self) -> bool {
        self.rest.contains_key(&WhyNot::HeldBack)
    }
}

/// It says something of the bank.
pub fn is_told(verdict: Verdict) -> bool {
    !matches!(verdict, Verdict::NotApplicable | Verdict::Inconclusive)
}

/// In a word why it does not apply; older journals have no word.
fn left_out(result: &CheckResult) -> Option<WhyNot> {
    (result.verdict == Verdict::NotApplicable).then(|| result.why_not.unwrap_or(WhyNot::NotProvided))
}

//! The verdict table: the one place where a finding becomes a verdict.

use super::event::Verdict;
use crate::{catalogue::Level, steps::Outcome};

/// What a finding comes to at that level.
pub fn verdict(level: Level, outcome: &Outcome) -> Verdict {
    match (outcome, level) {
        (Outcome::Holds(_), _) => Verdict::Pass,
        (Outcome::Inconclusive(_), _) => Verdict::Inconclusive,
        (Outcome::NotApplicable(_), _) => Verdict::NotApplicable,
        (Outcome::Broken(_), Level::Must) => Verdict::Fail,
        (Outcome::Broken(_), Level::Should) => Verdict::Warn,
        (Outcome::Broken(_), Level::May) => Verdict::Info,
    }
}

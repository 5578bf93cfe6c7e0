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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{judge::Comparison, tpp::Trouble};

    #[test]
    fn the_table() {
        let granted = || Comparison { granted: true, ..Comparison::default() };
        for (outcome, must, should, may) in [
            (Outcome::Holds(Comparison::default()), Verdict::Pass, Verdict::Pass, Verdict::Pass),
            (Outcome::Broken(Comparison::default()), Verdict::Fail, Verdict::Warn, Verdict::Info),
            // What was granted decides what a control may explain away, and not how bad it is.
            (Outcome::Broken(granted()), Verdict::Fail, Verdict::Warn, Verdict::Info),
            (
                Outcome::Inconclusive(Trouble::Environment(String::new())),
                Verdict::Inconclusive,
                Verdict::Inconclusive,
                Verdict::Inconclusive,
            ),
            (
                Outcome::NotApplicable(String::new()),
                Verdict::NotApplicable,
                Verdict::NotApplicable,
                Verdict::NotApplicable,
            ),
        ] {
            for (level, expected) in [(Level::Must, must), (Level::Should, should), (Level::May, may)] {
                assert_eq!(verdict(level, &outcome), expected, "{level:?} {outcome:?}");
            }
        }
    }
}

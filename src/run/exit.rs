//! Exit codes: a public interface that nightly jobs rely on.

use std::collections::HashSet;

use super::event::{Level, RunRecord, Share, Verdict};

/// Every selected check passed, or fell short only under a valid waiver.
pub const CONFORMANT: u8 = 0;
/// At least one unwaived failure, or a stale, expired or unknown waiver.
pub const NOT_CONFORMANT: u8 = 1;
/// Wrong usage or configuration.
pub const USAGE: u8 = 2;
/// The target could not be judged: unreachable, nothing that applies could be told, or a mandatory check inconclusive.
pub const NOT_JUDGED: u8 = 3;
/// Nothing was selected, nothing selected applies, or too little of what the bank can be held to was judged.
pub const NOTHING: u8 = 4;
/// A report could not be written.
pub const NO_REPORT: u8 = 5;
/// A fault of bankproof itself.
pub const INTERNAL: u8 = 70;

/// The exit code of a run; the first that holds of 4 (nothing), 1, 3, 4 (too little), 0: what was found is told, however
/// little was looked at.
pub fn code(record: &RunRecord) -> u8 {
    let mandatory = record.info.checks.iter().filter(|check| check.level == Level::Must);
    let mandatory: HashSet<&str> = mandatory.map(|check| check.id.as_str()).collect();
    let unwaived = || record.results.iter().filter(|result| result.waived.is_none());
    let undecided = || {
        unwaived().any(|result| result.verdict == Verdict::Inconclusive && mandatory.contains(result.id.as_str()))
            || record.results.len() < record.info.checks.len()
            || !is_anything_told(record)
    };
    let has_failed = unwaived().any(|result| result.verdict == Verdict::Fail);
    if record.info.checks.is_empty() || (record.is_about_nothing() && !has_failed) {
        NOTHING
    } else if has_failed || !record.waiver_problems.is_empty() {
        NOT_CONFORMANT
    } else if undecided() {
        NOT_JUDGED
    } else if !Share::of(record).is_enough() {
        NOTHING
    } else {
        CONFORMANT
    }
}

/// A bank of which nothing could be told has passed nothing, whatever the level of what was asked, and whatever is waived.
fn is_anything_told(record: &RunRecord) -> bool {
    let untold = [Verdict::Inconclusive, Verdict::NotApplicable];
    record.results.iter().any(|result| !untold.contains(&result.verdict))
}

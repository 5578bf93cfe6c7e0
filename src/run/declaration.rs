//! Deviations that a bank has declared: each is shown beside what it explains, and told where it explains nothing. None
//! forgives a failure: that is for a waiver.

use super::event::{CheckResult, Declaration, DeclaredDeviation, Role, Verdict};

/// Marks the results that a declaration explains, and says what came of each declaration.
pub(super) fn apply(
    role: Role,
    declared: &[DeclaredDeviation],
    results: &mut [CheckResult],
    known: &[String],
) -> Vec<Declaration> {
    let each = declared.iter().flat_map(|deviation| deviation.checks.iter().map(move |check| (deviation, check)));
    let mut declarations = Vec::new();
    for (deviation, check) in each {
        let result = results.iter_mut().find(|result| &result.id == check);
        let (came, is_explained) = match &result {
            None if !known.contains(check) => ("there is no such check: mend the declaration", false),
            None => ("the check was not selected", false),
            Some(result) => outcome(deviation, result),
        };
        if let Some(result) = result.filter(|_| is_explained) {
            result.declared = Some(in_words(deviation));
        }
        let (check, reason) = (check.clone(), in_words(deviation));
        declarations.push(Declaration { check, reason, came: role.told(came), as_declared: is_explained });
    }
    declarations
}

fn outcome(deviation: &DeclaredDeviation, result: &CheckResult) -> (&'static str, bool) {
    let seen = || result.variants.iter().map(|row| &row.actual).chain([&result.actual]);
    let fits =
        || deviation.seen.as_ref().is_none_or(|fragment| seen().any(|actual| actual.contains(fragment.as_str())));
    match result.verdict {
        Verdict::Fail | Verdict::Warn | Verdict::Info if fits() => ("{who} deviates as declared", true),
        Verdict::Fail | Verdict::Warn | Verdict::Info => ("{who} deviates otherwise than declared", false),
        Verdict::Pass => ("the check passes: the declaration is stale", false),
        Verdict::Inconclusive => ("it could not be told", false),
        Verdict::NotApplicable => ("the check does not apply", false),
    }
}

/// `the reason (since release 7, https://…)`.
fn in_words(deviation: &DeclaredDeviation) -> String {
    let since = deviation.since.as_ref().map(|since| format!("since {since}"));
    let more: Vec<String> = since.into_iter().chain(deviation.reference.clone()).collect();
    match more.is_empty() {
        true => deviation.reason.clone(),
        false => format!("{} ({})", deviation.reason, more.join(", ")),
    }
}

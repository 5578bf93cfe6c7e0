//! `junit.xml`: one case for each check, for the pages of a build server.
//!
//! | verdict | case |
//! |---|---|
//! | `fail` | `<failure>`, also under a waiver: the type says `waived` |
//! | `inconclusive`, MUST | `<error>` |
//! | `inconclusive`, SHOULD or MAY; `not-applicable`; not judged | `<skipped>` with the reason |
//! | `warn`, `info` | passed, with the finding in `<system-out>` |
//! | `pass` | passed |

use std::time::Duration;

use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestSuite};

use crate::run::event::{CheckInfo, Level, RunInfo, RunRecord, Verdict};

use super::index::{Index, Judged};
use super::text::{one_line, shortened, visible};
use super::{BoxedError, words};

/// Longest message of a case, in bytes.
const MESSAGE_BOUND: usize = 2_000;

/// The run as `junit.xml`.
///
/// # Errors
/// Only on a fault of ours: everything in a record can be said in XML.
pub fn render(record: &RunRecord) -> Result<String, BoxedError> {
    let index = Index::new(record);
    let judged = index.judged();
    let cases = judged.iter().map(|judged| (judged.info, case(judged)));
    let mut suites: Vec<TestSuite> = Vec::new();
    for (info, case) in cases.chain(index.unjudged().into_iter().map(|info| (info, unjudged(info)))) {
        suite(&mut suites, info, &record.info).add_test_case(case);
    }
    let mut report = Report::new("bankproof");
    report.set_time(judged.iter().map(time).sum());
    // The report counts the cases of a suite as it is added.
    report.add_test_suites(suites);
    Ok(report.to_string()?)
}

/// The suite of the check's feature, made when its first check comes.
fn suite<'s>(suites: &'s mut Vec<TestSuite>, check: &CheckInfo, run: &RunInfo) -> &'s mut TestSuite {
    let name = visible(if check.feature.is_empty() { "bankproof" } else { &check.feature });
    let at = suites.iter().position(|suite| suite.name.as_str() == name).unwrap_or_else(|| {
        let mut suite = TestSuite::new(&name);
        suite.add_property(Property::new("run_id", visible(&run.run_id)));
        suite.add_property(Property::new("target", visible(&run.target.name)));
        suite.add_property(Property::new("tool", format!("bankproof {}", visible(&run.tool_version))));
        suites.push(suite);
        suites.len() - 1
    });
    &mut suites[at]
}

fn time(judged: &Judged) -> Duration {
    Duration::try_from_secs_f64(judged.result.duration_ms / 1000.0).unwrap_or_default()
}

fn case(judged: &Judged) -> TestCase {
    let Judged { info, result } = judged;
    let mut case = named(info, status(judged));
    case.set_time(time(judged));
    if matches!(result.verdict, Verdict::Warn | Verdict::Info) {
        case.set_system_out(format!("{}: {}", words::word(result.verdict).word, details(judged)));
    }
    if let Some(waived) = &result.waived {
        let told = format!("{} ({}, until {})", waived.reason, waived.owner, waived.expires);
        case.add_property(Property::new("waived", one_line(&told, MESSAGE_BOUND)));
    }
    if let Some(flaky) = &result.flaky {
        case.add_property(Property::new("flaky", one_line(flaky, MESSAGE_BOUND)));
    }
    if let Some(declared) = &result.declared {
        case.add_property(Property::new("declared", one_line(declared, MESSAGE_BOUND)));
    }
    case
}

fn unjudged(info: &CheckInfo) -> TestCase {
    let mut status = TestCaseStatus::skipped();
    status.set_message("not judged: the run stopped before").set_type("not-judged");
    named(info, status)
}

fn named(info: &CheckInfo, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(visible(&format!("{} {}", info.id, info.title)), status);
    case.set_classname(visible(&info.path.trim_end_matches(".feature").replace('/', ".")));
    case.add_property(Property::new("level", words::level(info.level)));
    if !info.requirements.is_empty() {
        case.add_property(Property::new("requirements", visible(&info.requirements.join(" "))));
    }
    case
}

fn status(judged: &Judged) -> TestCaseStatus {
    let (result, level) = (judged.result, judged.info.level);
    let mut status = match (result.verdict, level) {
        (Verdict::Fail, _) => TestCaseStatus::non_success(NonSuccessKind::Failure),
        (Verdict::Inconclusive, Level::Must) => TestCaseStatus::non_success(NonSuccessKind::Error),
        (Verdict::Inconclusive | Verdict::NotApplicable, _) => TestCaseStatus::skipped(),
        (Verdict::Warn | Verdict::Info | Verdict::Pass, _) => return TestCaseStatus::success(),
    };
    let kind = if result.waived.is_some() { "waived" } else { words::word(result.verdict).word };
    status.set_type(kind).set_message(message(judged)).set_description(details(judged));
    status
}

/// In one line: what a list of cases shows.
fn message(judged: &Judged) -> String {
    let result = judged.result;
    match result.verdict {
        Verdict::Fail => {
            let expected = one_line(&result.expected, MESSAGE_BOUND);
            format!("expected: {expected}; actual: {}", one_line(&result.actual, MESSAGE_BOUND))
        }
        _ => one_line(&result.reason, MESSAGE_BOUND),
    }
}

fn details(judged: &Judged) -> String {
    let (info, result) = (judged.info, judged.result);
    let broken = matches!(result.verdict, Verdict::Fail | Verdict::Warn | Verdict::Info);
    let rows = [
        ("", judged.reason()),
        ("expected: ", result.expected.as_str()),
        ("actual: ", result.actual.as_str()),
        ("what it means: ", if broken { info.description.as_str() } else { "" }),
        ("report: report.html#", info.id.as_str()),
    ];
    let told = rows.iter().filter(|(_, text)| !text.is_empty());
    let lines: Vec<String> = told.map(|(label, text)| format!("{label}{}", shortened(text, MESSAGE_BOUND))).collect();
    lines.join("\n")
}

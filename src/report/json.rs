//! `results.json`: the run for programs. Its schema is `reports/schema/results-v1.schema.json`.

use std::collections::HashSet;

use serde::Serialize;
use time::OffsetDateTime;

use crate::run::event::{
    Declaration, Direction, IdentityInfo, Level, RequirementInfo, Role, RunRecord, SeenBefore, Share, TargetInfo,
    Variant, Verdict, Waived, WhyNot,
};

use super::coverage::{self, Coverage};
use super::index::{Index, Judged};
use super::words::Totals;
use super::{BoxedError, words};

/// The version of the format; it changes when a reader of the old one would go wrong.
pub const SCHEMA: &str = "bankproof-results/1";

/// The run as `results.json`.
///
/// # Errors
/// Only on a fault of ours: everything in a record can be said in JSON.
pub fn render(record: &RunRecord) -> Result<String, BoxedError> {
    let index = Index::new(record);
    let mut text = serde_json::to_string_pretty(&Results::of(&index))?;
    text.push('\n');
    Ok(text)
}

#[derive(Serialize)]
struct Results<'a> {
    schema: &'static str,
    tool: Tool<'a>,
    run_id: &'a str,
    judged: Role,
    target: TargetInfo,
    identities: &'a [IdentityInfo],
    #[serde(with = "time::serde::rfc3339")]
    started_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    finished_at: Option<OffsetDateTime>,
    interrupted: bool,
    notes: &'a [String],
    exit_code: u8,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    seen_before: &'a [SeenBefore],
    selection: &'a str,
    verdict: String,
    share: ShareRow,
    totals: TotalsRow,
    exchanges: ExchangesRow,
    checks: Vec<CheckRow<'a>>,
    unjudged: Vec<&'a str>,
    coverage: Coverage,
    requirements: Vec<RequirementRow<'a>>,
    waiver_problems: &'a [String],
    #[serde(skip_serializing_if = "<[Declaration]>::is_empty")]
    declarations: &'a [Declaration],
}

#[derive(Serialize)]
struct ShareRow {
    musts: usize,
    judged: usize,
    asked_percent: u8,
    enough: bool,
    whole: bool,
}

#[derive(Serialize)]
struct Tool<'a> {
    name: &'static str,
    version: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct TotalsRow {
    pass: usize,
    fail: usize,
    warn: usize,
    info: usize,
    not_applicable: usize,
    inconclusive: usize,
    waived: usize,
}

#[derive(Serialize)]
struct CheckRow<'a> {
    id: &'a str,
    title: &'a str,
    level: Level,
    verdict: Verdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    why_not: Option<WhyNot>,
    reason: &'a str,
    requirements: &'a [String],
    expected: &'a str,
    actual: &'a str,
    duration_ms: f64,
    exchanges: &'a [String],
    decisive: Option<&'a str>,
    variants: &'a [Variant],
    waived: Option<&'a Waived>,
    #[serde(skip_serializing_if = "Option::is_none")]
    declared: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    flaky: Option<&'a str>,
    feature: FeatureRow<'a>,
}

#[derive(Serialize)]
struct FeatureRow<'a> {
    path: &'a str,
    line: usize,
}

#[derive(Serialize)]
struct RequirementRow<'a> {
    id: &'a str,
    document: &'a str,
    clause: &'a str,
    level: Level,
    observable: bool,
    checks: &'a [String],
    covered: bool,
    judged: bool,
}

impl<'a> Results<'a> {
    fn of(index: &'a Index<'a>) -> Self {
        let (record, totals) = (index.record, Totals::of(index));
        let told = coverage::told(record);
        Self {
            schema: SCHEMA,
            tool: Tool { name: "bankproof", version: &record.info.tool_version },
            run_id: &record.info.run_id,
            judged: record.info.judged,
            // The first version of these results knows no habits; the journal does.
            target: TargetInfo { habits: Vec::new(), ..record.info.target.clone() },
            identities: &record.info.identities,
            started_at: record.info.started_at,
            finished_at: record.finished_at,
            interrupted: record.interrupted,
            notes: &record.notes,
            exit_code: record.exit_code,
            seen_before: &record.info.seen_before,
            selection: &record.info.selection,
            verdict: words::headline(record, &totals),
            share: ShareRow::of(&Share::of(record)),
            totals: TotalsRow::of(&totals),
            exchanges: ExchangesRow::of(record),
            checks: index.judged().into_iter().map(CheckRow::of).collect(),
            unjudged: index.unjudged().into_iter().map(|check| check.id.as_str()).collect(),
            coverage: Coverage::of(record),
            requirements: record.info.requirements.iter().map(|row| RequirementRow::of(row, &told)).collect(),
            waiver_problems: &record.waiver_problems,
            declarations: &record.declarations,
        }
    }
}

/// How many exchanges there were, by who asked.
#[derive(Serialize)]
struct ExchangesRow {
    sent: usize,
    received: usize,
}

impl ExchangesRow {
    fn of(record: &RunRecord) -> Self {
        let count = |direction| record.exchanges.iter().filter(|exchange| exchange.direction == direction).count();
        Self { sent: count(Direction::Sent), received: count(Direction::Received) }
    }
}

impl ShareRow {
    fn of(share: &Share) -> Self {
        let (enough, whole) = (share.is_enough(), share.is_whole());
        Self { musts: share.musts, judged: share.judged, asked_percent: share.asked_percent, enough, whole }
    }
}

impl TotalsRow {
    fn of(totals: &Totals) -> Self {
        Self {
            pass: totals.count(Verdict::Pass),
            fail: totals.count(Verdict::Fail),
            warn: totals.count(Verdict::Warn),
            info: totals.count(Verdict::Info),
            not_applicable: totals.count(Verdict::NotApplicable),
            inconclusive: totals.count(Verdict::Inconclusive),
            waived: totals.waived,
        }
    }
}

impl<'a> CheckRow<'a> {
    fn of(judged: Judged<'a>) -> Self {
        let Judged { info, result } = judged;
        Self {
            id: &info.id,
            title: &info.title,
            level: info.level,
            verdict: result.verdict,
            why_not: result.why_not,
            reason: &result.reason,
            requirements: &info.requirements,
            expected: &result.expected,
            actual: &result.actual,
            duration_ms: result.duration_ms,
            exchanges: &result.exchanges,
            decisive: result.decisive.as_deref(),
            variants: &result.variants,
            waived: result.waived.as_ref(),
            flaky: result.flaky.as_deref(),
            declared: result.declared.as_deref(),
            feature: FeatureRow { path: &info.path, line: info.line },
        }
    }
}

impl<'a> RequirementRow<'a> {
    fn of(row: &'a RequirementInfo, told: &HashSet<&str>) -> Self {
        Self {
            id: &row.id,
            document: &row.document,
            clause: &row.clause,
            level: row.level,
            observable: row.observable,
            checks: &row.checks,
            covered: !row.checks.is_empty(),
            judged: coverage::is_judged(row, told),
        }
    }
}

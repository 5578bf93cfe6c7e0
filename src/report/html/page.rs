//! The whole page as plain data: what the templates print.

use serde::Serialize;

use crate::run::event::{Role, RunRecord, Share, Verdict};

use super::super::coverage::Coverage;
use super::super::index::{Index, Judged};
use super::super::text::{one_line, visible};
use super::super::words::{self, EXIT_CODES, Totals, WORDS};
use super::certificates::{self, Certificate};
use super::check::{Check, Mark};
use super::cover::{self, Identity, Notice, Run, Target};
use super::exchange::Budget;
use super::matrix::{Document, matrix};
use super::tls;

/// Bytes of the page that exchanges shown whole may take: the page stays under three megabytes.
const EXCHANGE_BYTES: usize = 1_700_000;

/// So many inconclusive checks stand open.
const OPEN_INCONCLUSIVE: usize = 8;

/// The sections of checks that did not simply pass, worst first.
const SECTIONS: [(&str, &str, &str); 5] = [
    ("failures", "Failures", "{Who} breaks a requirement that it must meet."),
    (
        "waived",
        "Known deviations",
        "Broken, but accepted for now: each stands under a waiver with a reason, an owner and a date.",
    ),
    ("warnings", "Warnings", "{Who} does otherwise than the standard recommends."),
    ("inconclusive", "Inconclusive", "These could not be told. They say nothing against {who}, and nothing for it."),
    (
        "information",
        "For information",
        "A standard leaves these to {who}. They are told so that others know what to reckon with.",
    ),
];

/// What the templates print.
#[derive(Debug, Serialize)]
pub(super) struct Page {
    target: Target,
    run: Run,
    identities: Vec<Identity>,
    certificates: Vec<Certificate>,
    notices: Vec<Notice>,
    headline: String,
    /// The verdict whose colour the headline bears; empty for none.
    tone: &'static str,
    counts: Vec<Count>,
    waived: usize,
    sections: Vec<Section>,
    passed: Vec<Check>,
    reasons: Vec<Reason>,
    not_applicable: usize,
    unjudged: Vec<(String, String)>,
    tls: tls::Table,
    documents: Vec<Document>,
    coverage: Coverage,
    exit_codes: Vec<(u8, String)>,
    /// Whoever is judged, as it stands in a sentence.
    who: &'static str,
}

#[derive(Debug, Serialize)]
struct Count {
    mark: Mark,
    count: usize,
    meaning: String,
}

#[derive(Debug, Serialize)]
struct Section {
    key: &'static str,
    title: &'static str,
    lead: String,
    checks: Vec<Check>,
    /// Too many to stand open: one cause, such as a bank that is down, made most of them.
    folded: bool,
    /// How many checks have which reason, where they are folded.
    causes: Vec<(usize, String)>,
}

/// The checks that do not apply for one reason.
#[derive(Debug, Serialize)]
struct Reason {
    reason: String,
    checks: Vec<(String, String)>,
}

impl Page {
    /// The page of a record.
    pub(super) fn of(index: &Index) -> Self {
        let (record, totals) = (index.record, Totals::of(index));
        let mut budget = Budget::of(EXCHANGE_BYTES, &record.info.run_id);
        let judged = index.judged();
        let mut sections: Vec<(Vec<Judged>, Vec<Check>)> =
            SECTIONS.iter().map(|(key, ..)| checks_of(index, &judged, key, &mut budget)).collect();
        let mut passed = checks_of(index, &judged, "passed", &mut budget);
        // The decisive exchanges have their room by now; the others share what is left.
        sections.iter_mut().chain([&mut passed]).for_each(|group| add_exchanges(index, group, &mut budget));
        let role = record.info.judged;
        Self {
            target: Target::of(&record.info),
            run: Run::of(record),
            identities: Identity::all(&record.info),
            certificates: certificates::all(&record.info),
            notices: cover::notices(record, &totals),
            headline: visible(&words::headline(record, &totals)),
            tone: tone(record, &totals),
            counts: counts(&totals, role),
            waived: totals.waived,
            sections: SECTIONS
                .iter()
                .zip(sections)
                .filter(|(_, (_, checks))| !checks.is_empty())
                .map(|(&(key, title, lead), (judged, checks))| {
                    Section::of(key, title, role.told(lead), &judged, checks)
                })
                .collect(),
            passed: passed.1,
            reasons: reasons(&judged),
            not_applicable: totals.count(Verdict::NotApplicable),
            unjudged: index.unjudged().iter().map(|info| (visible(&info.id), visible(&info.title))).collect(),
            tls: tls::Table::of(&record.tls),
            documents: matrix(index),
            coverage: Coverage::of(record),
            exit_codes: EXIT_CODES.iter().map(|(code, meaning)| (*code, role.told(meaning))).collect(),
            who: role.noun(),
        }
    }
}

impl Section {
    fn of(key: &'static str, title: &'static str, lead: String, judged: &[Judged], checks: Vec<Check>) -> Self {
        let folded = key == "inconclusive" && checks.len() > OPEN_INCONCLUSIVE;
        let causes = if folded { causes(judged) } else { Vec::new() };
        Self { key, title, lead, checks, folded, causes }
    }
}

/// How many checks have which reason, the most frequent first.
fn causes(judged: &[Judged]) -> Vec<(usize, String)> {
    let mut causes: Vec<(usize, String)> = Vec::new();
    for reason in judged.iter().map(|judged| one_line(&judged.result.reason, 1_000)) {
        match causes.iter_mut().find(|(_, known)| *known == reason) {
            Some((count, _)) => *count += 1,
            None => causes.push((1, reason)),
        }
    }
    causes.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    causes
}

fn section_of(judged: &Judged) -> &'static str {
    match judged.result.verdict {
        Verdict::Pass => "passed",
        Verdict::NotApplicable => "not-applicable",
        _ if judged.result.waived.is_some() => "waived",
        Verdict::Fail => "failures",
        Verdict::Warn => "warnings",
        Verdict::Inconclusive => "inconclusive",
        Verdict::Info => "information",
    }
}

fn checks_of<'b>(
    index: &Index,
    judged: &[Judged<'b>],
    key: &str,
    budget: &mut Budget,
) -> (Vec<Judged<'b>>, Vec<Check>) {
    let group: Vec<Judged<'b>> = judged.iter().filter(|judged| section_of(judged) == key).copied().collect();
    let checks = group.iter().map(|judged| Check::of(index, judged, budget)).collect();
    (group, checks)
}

fn add_exchanges(index: &Index, group: &mut (Vec<Judged>, Vec<Check>), budget: &mut Budget) {
    for (judged, check) in group.0.iter().zip(&mut group.1) {
        check.add_exchanges(index, judged, budget);
    }
}

fn reasons(judged: &[Judged]) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = Vec::new();
    for judged in judged.iter().filter(|judged| judged.result.verdict == Verdict::NotApplicable) {
        let reason = visible(&judged.result.reason);
        let check = (visible(&judged.info.id), visible(&judged.info.title));
        match reasons.iter_mut().find(|row| row.reason == reason) {
            Some(row) => row.checks.push(check),
            None => reasons.push(Reason { reason, checks: vec![check] }),
        }
    }
    reasons
}

fn counts(totals: &Totals, role: Role) -> Vec<Count> {
    let count = |word: &words::Word| Count {
        mark: Mark::of(word.verdict),
        count: totals.count(word.verdict),
        meaning: role.told(word.meaning),
    };
    WORDS.iter().map(count).collect()
}

fn tone(record: &RunRecord, totals: &Totals) -> &'static str {
    let share = Share::of(record);
    match () {
        () if totals.accused > 0 => "fail",
        () if totals.untold > 0 || totals.none_told() || totals.unjudged > 0 || !record.waiver_problems.is_empty() => {
            "warn"
        }
        () if totals.applicable() == 0 || record.is_about_nothing() => "",
        () if totals.accepted > 0 || !share.is_whole() || !share.is_enough() => "warn",
        () => "pass",
    }
}

//! Verdicts in words, counts, and the verdict on a whole run in one sentence: the same in every report.

use std::collections::HashSet;

use crate::run::event::{CheckInfo, Level, RunRecord, Share, Term, Verdict, WhyNot};

use super::index::{Index, Judged};

/// How a verdict is shown, and what it means.
pub(super) struct Word {
    /// The verdict.
    pub(super) verdict: Verdict,
    /// As machines and people read it.
    pub(super) word: &'static str,
    /// Beside the word, so that nothing rests on colour.
    pub(super) symbol: &'static str,
    /// For the legend, of whoever is judged.
    pub(super) meaning: &'static str,
}

/// Every verdict, worst first.
pub(super) const WORDS: [Word; 6] = [
    Word { verdict: Verdict::Fail, word: "fail", symbol: "✗", meaning: "A requirement of level MUST is broken." },
    Word { verdict: Verdict::Warn, word: "warn", symbol: "!", meaning: "A requirement of level SHOULD is broken." },
    Word {
        verdict: Verdict::Inconclusive,
        word: "inconclusive",
        symbol: "?",
        meaning: "Could not be told: a prerequisite, the environment or the harness was in the way. It says nothing against {who}, and nothing for it.",
    },
    Word {
        verdict: Verdict::Info,
        word: "info",
        symbol: "i",
        meaning: "A requirement of level MAY is not made use of.",
    },
    Word { verdict: Verdict::Pass, word: "pass", symbol: "✓", meaning: "The requirement holds." },
    Word {
        verdict: Verdict::NotApplicable,
        word: "not-applicable",
        symbol: "–",
        meaning: "Does not apply to this bank, profile, dialect or run; the reason is given.",
    },
];

/// The exit codes and what they mean, of whoever is judged.
pub(super) const EXIT_CODES: [(u8, &str); 7] = [
    (0, "Every selected check passed, or fell short only under a valid waiver."),
    (1, "At least one failure without a waiver, or a waiver that is stale, expired or unknown."),
    (2, "Wrong usage or configuration."),
    (3, "{Who} could not be judged: unreachable, or a mandatory check inconclusive."),
    (4, "Nothing was selected, nothing selected applies, or too few of the MUSTs were judged (--min-share)."),
    (5, "A report could not be written."),
    (70, "A fault of bankproof itself."),
];

/// On which terms the bank was judged: `Held back: no payment is made …`.
pub(super) fn term(term: &Term) -> String {
    let mut kind = term.kind.chars();
    let kind: String = kind.next().into_iter().flat_map(char::to_uppercase).chain(kind).collect();
    match term.reason.is_empty() {
        true => format!("{kind}: {}", term.says),
        false => format!("{kind}: {} ({})", term.says, term.reason),
    }
}

/// What came of the bank's declarations, each in a line: those that explain nothing first.
pub(super) fn declarations(record: &RunRecord) -> Vec<String> {
    let mut sorted: Vec<_> = record.declarations.iter().collect();
    sorted.sort_by_key(|declaration| declaration.as_declared);
    let told = sorted.into_iter().map(|it| format!("{}: {}: {}", it.check, it.came, it.reason));
    told.collect()
}

/// How a verdict is shown.
pub(super) fn word(verdict: Verdict) -> &'static Word {
    WORDS.iter().find(|word| word.verdict == verdict).unwrap_or(&WORDS[0])
}

/// A level as the standards print it.
pub(super) fn level(level: Level) -> &'static str {
    match level {
        Level::Must => "MUST",
        Level::Should => "SHOULD",
        Level::May => "MAY",
    }
}

/// How many checks came to what.
#[derive(Default)]
pub(super) struct Totals {
    counts: [usize; WORDS.len()],
    /// Outcomes under a valid waiver, of whatever verdict.
    pub(super) waived: usize,
    /// Failures without a waiver.
    pub(super) accused: usize,
    /// Failures under a waiver.
    pub(super) accepted: usize,
    /// Checks of level MUST that are inconclusive without a waiver.
    pub(super) untold: usize,
    /// Checks that were selected and have no verdict.
    pub(super) unjudged: usize,
}

impl Totals {
    /// Counts a record.
    pub(super) fn of(index: &Index) -> Self {
        let mut totals = Self { unjudged: index.unjudged().len(), ..Self::default() };
        index.judged().iter().for_each(|judged| totals.add(judged));
        totals
    }

    fn add(&mut self, judged: &Judged) {
        let (result, waived) = (judged.result, judged.result.waived.is_some());
        if let Some(at) = WORDS.iter().position(|word| word.verdict == result.verdict) {
            self.counts[at] += 1;
        }
        self.waived += usize::from(waived);
        self.accused += usize::from(result.verdict == Verdict::Fail && !waived);
        self.accepted += usize::from(result.verdict == Verdict::Fail && waived);
        let mandatory = judged.info.level == Level::Must;
        self.untold += usize::from(result.verdict == Verdict::Inconclusive && mandatory && !waived);
    }

    /// How many came to this verdict.
    pub(super) fn count(&self, verdict: Verdict) -> usize {
        WORDS.iter().position(|word| word.verdict == verdict).map_or(0, |at| self.counts[at])
    }

    /// How many have a verdict.
    pub(super) fn judged(&self) -> usize {
        self.counts.iter().sum()
    }

    /// None of the checks that apply could be told.
    pub(super) fn none_told(&self) -> bool {
        self.applicable() > 0 && self.applicable() == self.count(Verdict::Inconclusive)
    }

    /// How many apply to the bank.
    pub(super) fn applicable(&self) -> usize {
        self.judged() - self.count(Verdict::NotApplicable)
    }
}

/// The verdict on the run in one sentence.
pub(super) fn headline(record: &RunRecord, totals: &Totals) -> String {
    match totals.unjudged {
        0 => finished_headline(record, totals),
        left => {
            let (judged, all) = (totals.judged(), totals.judged() + left);
            let so_far = match totals.accused {
                0 => "no failure so far".to_owned(),
                1 => "1 of them fails".to_owned(),
                count => format!("{count} of them fail"),
            };
            format!("Not finished: {judged} of {all} checks were judged before the run stopped; {so_far}.")
        }
    }
}

fn finished_headline(record: &RunRecord, totals: &Totals) -> String {
    let all = totals.applicable();
    if record.is_about_nothing() && totals.accused == 0 {
        return nothing_judged(record);
    }
    if totals.accused > 0 {
        let fails = of(totals.accused, all, "fails", "fail");
        return format!("Not conformant: {fails}{}.{}", besides(totals, false), foundations(record));
    }
    if totals.untold > 0 {
        let checks = if totals.untold == 1 { "check was" } else { "checks were" };
        return format!(
            "Could not be judged: {} mandatory {checks} inconclusive. No failure was found.",
            totals.untold
        );
    }
    if totals.none_told() {
        return match all {
            1 => "Could not be judged: the one check that applies could not be told.".to_owned(),
            _ => format!("Could not be judged: none of the {all} checks that apply could be told."),
        };
    }
    if let Some(problem) = record.waiver_problems.first() {
        return format!(
            "Not accepted: no check fails without a waiver, but a waiver needs attention: {}.",
            problem.trim_end_matches('.')
        );
    }
    conformant(record, totals)
}

/// Where an ordinary request failed that many checks rest on, the target file may be to blame: whoever reads it can find out.
fn foundations(record: &RunRecord) -> String {
    let failed = record.results.iter().filter(|result| result.verdict == Verdict::Fail);
    let failed: HashSet<&str> = failed.map(|result| result.id.as_str()).collect();
    let untold = record.results.iter().filter(|result| result.verdict == Verdict::Inconclusive);
    let controls = untold.filter_map(|result| result.control.as_deref());
    let controls: Vec<&str> = controls.filter(|id| failed.contains(id)).collect();
    if controls.is_empty() || record.info.target.bundled {
        return String::new();
    }
    let names: std::collections::BTreeSet<&str> = controls.iter().copied().collect();
    let names: Vec<&str> = names.into_iter().collect();
    let count = match controls.len() {
        1 => "1 check rests".to_owned(),
        count => format!("{count} checks rest"),
    };
    format!(" On {} {count}: `bankproof doctor` tells whether the target file is to blame.", names.join(" and "))
}

fn nothing_judged(record: &RunRecord) -> String {
    let controls = record.info.checks.iter().filter(|check| check.as_control).count();
    let count = record.info.checks.len() - controls;
    if count == 0 {
        return "Nothing was judged: no check has a verdict.".to_owned();
    }
    let share = Share::of(record);
    let others = share.rest.get(&WhyNot::Dialect).is_some_and(|others| *others >= count);
    let why = match others {
        true => format!(": they are of another dialect, and this bank's is {}", record.info.target.dialect),
        false => String::new(),
    };
    let besides = match controls {
        0 => String::new(),
        1 => " Their control alone was judged, which says nothing of them.".to_owned(),
        controls => format!(" Their {controls} controls alone were judged, which say nothing of them."),
    };
    format!("Nothing was judged: none of the {count} selected checks applies to this bank{why}.{besides}")
}

/// With which checks a run begins: those that were selected, and what comes with them.
pub(super) fn selected(checks: &[CheckInfo]) -> String {
    const NAMED: usize = 12;
    let (along, own): (Vec<_>, Vec<_>) = checks.iter().partition(|check| check.as_control);
    let count = match own.len() {
        1 => "1 check".to_owned(),
        count => format!("{count} checks"),
    };
    let names: Vec<&str> = along.iter().take(NAMED).map(|check| check.id.as_str()).collect();
    let whose = if own.len() == 1 { "its" } else { "their" };
    match (along.len(), names.join(", ")) {
        (0, _) => count,
        (1, name) => format!("{count} and {whose} control {name}"),
        (all, names) if all > NAMED => format!("{count} and {all} others that they rest on: {names} …"),
        (_, names) => format!("{count} and what {} on: {names}", if own.len() == 1 { "it rests" } else { "they rest" }),
    }
}

/// No failure without a waiver: what that is worth, by how much was judged.
fn conformant(record: &RunRecord, totals: &Totals) -> String {
    let share = Share::of(record);
    let (applicable, all) = (totals.applicable(), totals.judged());
    let musts = musts(&share);
    let besides = besides(totals, true);
    let rest = rest(&share);
    if !share.is_enough() && !share.is_held_back() {
        return format!(
            "Not judged: {musts}, and a verdict takes {} % of them (see --min-share). No failure was found in the {applicable} of {all} checks that apply{besides}{rest}.",
            share.asked_percent
        );
    }
    let place = if share.selected { "what was selected, in " } else { "" };
    match totals.accepted {
        0 if share.is_held_back() => {
            let less = match share.is_enough() {
                true => String::new(),
                false => format!("; a verdict takes {} % of them (see --min-share)", share.asked_percent),
            };
            let selected = if share.selected { "In what was selected, nothing" } else { "Nothing" };
            format!(
                "{selected} was found against it in the {applicable} checks that need no payment ({musts}{less}){besides}{rest}."
            )
        }
        0 => format!("Conformant in {place}the {applicable} of {all} checks that apply ({musts}){besides}{rest}."),
        deviations => {
            let known = if deviations == 1 { "deviation" } else { "deviations" };
            format!(
                "Accepted with {deviations} known {known} (not conformant) in {place}the {applicable} of {all} checks that apply ({musts}){besides}{rest}."
            )
        }
    }
}

/// `200 MUSTs of 200 were judged`.
fn musts(share: &Share) -> String {
    match share.judged {
        1 => format!("1 MUST of {} was judged", share.musts),
        judged => format!("{judged} MUSTs of {} were judged", share.musts),
    }
}

/// How many checks do not apply, and in a word why.
fn rest(share: &Share) -> String {
    let word = |why_not: &WhyNot| match why_not {
        WhyNot::Dialect => "another dialect",
        WhyNot::Profile => "another profile",
        WhyNot::NotOffered => "not offered by the bank",
        WhyNot::NotProvided => "not in the target file",
        WhyNot::Time => "takes time",
        WhyNot::HeldBack => "held back on production",
    };
    let count: usize = share.rest.values().sum();
    let reasons: Vec<String> = match share.rest.len() {
        0 => return String::new(),
        1 => share.rest.keys().map(|why_not| word(why_not).to_owned()).collect(),
        _ => share.rest.iter().map(|(why_not, count)| format!("{count} {}", word(why_not))).collect(),
    };
    format!("; the rest: {count} not applicable ({})", reasons.join(", "))
}

/// What else the reader must know, in the same sentence.
fn besides(totals: &Totals, conformant: bool) -> String {
    let waived_fails = if conformant { 0 } else { totals.accepted };
    let rows = [
        (waived_fails, "fails under a waiver", "fail under a waiver"),
        (totals.count(Verdict::Warn), "breaks a recommendation", "break a recommendation"),
        (totals.count(Verdict::Inconclusive), "could not be told", "could not be told"),
        (if conformant { totals.count(Verdict::Info) } else { 0 }, "is for information", "are for information"),
    ];
    let told = rows.iter().filter(|(count, ..)| *count > 0);
    told.map(|(count, one, many)| format!(", {count} {}", if *count == 1 { one } else { many })).collect()
}

fn of(count: usize, all: usize, one: &str, many: &str) -> String {
    format!("{count} of {all} checks {}", if count == 1 { one } else { many })
}

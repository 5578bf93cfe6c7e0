//! The end of a run on standard output: failures first, the verdict last.

use std::fmt::{self, Write};
use std::path::Path;

use console::Style;

use crate::run::event::{RunRecord, Variant, Verdict};

use super::super::index::{Index, Judged};
use super::super::text::{one_line, visible};
use super::super::words::{self, Totals, WORDS};
use super::{LINE_BOUND, Options};

/// Verdicts in the order in which their checks are told.
const TOLD: [Verdict; 4] = [Verdict::Fail, Verdict::Inconclusive, Verdict::Warn, Verdict::Info];
/// Ids that are told of checks that one cause stopped.
const IDS_TOLD: usize = 10;
const QUIET: [Verdict; 2] = [Verdict::NotApplicable, Verdict::Pass];

/// What a user reads at the end of a run, without the last line end. `report` is the HTML report, where one was written.
pub fn summary(record: &RunRecord, options: Options, report: Option<&Path>) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = Summary { index: Index::new(record), options, report }.write(&mut out);
    out.truncate(out.trim_end().len());
    out
}

struct Summary<'a> {
    index: Index<'a>,
    options: Options,
    report: Option<&'a Path>,
}

impl Summary<'_> {
    fn write(&self, out: &mut String) -> fmt::Result {
        let (judged, totals) = (self.index.judged(), Totals::of(&self.index));
        for verdict in TOLD {
            for group in by_cause(judged.iter().filter(|judged| judged.result.verdict == verdict)) {
                self.group(out, &group)?;
            }
        }
        let quiet = if self.options.passes { &QUIET[..] } else { &[] };
        for verdict in quiet {
            judged.iter().filter(|judged| judged.result.verdict == *verdict).try_for_each(|it| self.title(out, it))?;
        }
        if self.options.passes {
            writeln!(out)?;
        }
        let unjudged = self.index.unjudged();
        if !unjudged.is_empty() {
            let ids: Vec<String> = unjudged.iter().map(|check| visible(&check.id)).collect();
            writeln!(out, "Not judged, as the run stopped before: {}\n", ids.join(", "))?;
        }
        for problem in &self.index.record.waiver_problems {
            writeln!(out, "Waiver: {}", one_line(problem, LINE_BOUND))?;
        }
        let who = self.index.record.info.judged.noun();
        for told in words::declarations(self.index.record) {
            writeln!(out, "Declared by {who}: {}", one_line(&told, LINE_BOUND))?;
        }
        self.end(out, &totals)
    }

    /// Checks that one cause stopped are told together.
    fn group(&self, out: &mut String, group: &[&Judged]) -> fmt::Result {
        let [first, .., _] = group else { return group.iter().try_for_each(|judged| self.check(out, judged)) };
        let word = words::word(first.result.verdict);
        let verdict = self.style(word.verdict).apply_to(word.word.to_uppercase());
        let ids: Vec<&str> = group.iter().take(IDS_TOLD).map(|judged| judged.info.id.as_str()).collect();
        let more = if group.len() > IDS_TOLD { " …" } else { "" };
        writeln!(out, "{verdict}  {} checks: {}{more}", group.len(), one_line(&ids.join(", "), LINE_BOUND))?;
        line(out, "because", &first.result.reason)?;
        writeln!(out)
    }

    fn check(&self, out: &mut String, judged: &Judged) -> fmt::Result {
        let result = judged.result;
        self.title(out, judged)?;
        if let Some(waived) = &result.waived {
            let told = format!("{} ({}, until {})", waived.reason, waived.owner, waived.expires);
            line(out, "waived", &told)?;
        }
        if let Some(flaky) = &result.flaky {
            line(out, "flaky", flaky)?;
        }
        if let Some(declared) = &result.declared {
            line(out, "declared", &format!("by {}: {declared}", self.index.record.info.judged.noun()))?;
        }
        line(out, "because", judged.reason())?;
        if result.verdict != Verdict::Inconclusive {
            line(out, "expected", &result.expected)?;
            line(out, "actual", &result.actual)?;
        }
        result.variants.iter().filter(|row| row.verdict == result.verdict).try_for_each(|row| variant(out, row))?;
        let page = self.report.filter(|report| report.extension().is_some_and(|kind| kind == "html"));
        if let Some(path) = page.filter(|_| result.verdict == Verdict::Fail) {
            line(out, "report", &format!("{}#{}", path.display(), judged.info.id))?;
        }
        writeln!(out)
    }

    fn title(&self, out: &mut String, judged: &Judged) -> fmt::Result {
        let (info, word) = (judged.info, words::word(judged.result.verdict));
        let style = self.style(word.verdict);
        let verdict = style.apply_to(word.word.to_uppercase());
        let papers: Vec<&str> =
            std::iter::once(words::level(info.level)).chain(info.requirements.iter().map(String::as_str)).collect();
        let (id, title) = (one_line(&info.id, LINE_BOUND), one_line(&info.title, LINE_BOUND));
        writeln!(out, "{verdict}  {id}  {title}  [{}]", one_line(&papers.join(", "), LINE_BOUND))
    }

    fn end(&self, out: &mut String, totals: &Totals) -> fmt::Result {
        let record = self.index.record;
        if !record.info.target.faults.is_empty() {
            let faults = one_line(&record.info.target.faults.join(", "), LINE_BOUND);
            writeln!(out, "The bank was told to misbehave: {faults}")?;
        }
        for term in &record.info.target.terms {
            writeln!(out, "{}", one_line(&words::term(term), LINE_BOUND))?;
        }
        if totals.judged() > 0 {
            writeln!(out, "{}: {}", checks(totals.judged()), self.counts(totals))?;
        }
        writeln!(out, "{}", one_line(&words::headline(record, totals), LINE_BOUND))?;
        match self.report {
            Some(path) => writeln!(out, "Report: {}", path.display()),
            None => Ok(()),
        }
    }

    fn counts(&self, totals: &Totals) -> String {
        let told = WORDS.iter().filter(|word| totals.count(word.verdict) > 0);
        let mut counts: Vec<String> = told
            .map(|word| self.style(word.verdict).apply_to(format!("{} {}", totals.count(word.verdict), word.word)))
            .map(|styled| styled.to_string())
            .collect();
        if totals.waived > 0 {
            counts.push(format!("{} waived", totals.waived));
        }
        counts.join(", ")
    }

    fn style(&self, verdict: Verdict) -> Style {
        let style = Style::new().force_styling(self.options.colour);
        match verdict {
            Verdict::Fail => style.red().bold(),
            Verdict::Warn => style.yellow().bold(),
            Verdict::Inconclusive => style.magenta().bold(),
            Verdict::Pass => style.green(),
            Verdict::Info | Verdict::NotApplicable => style.dim(),
        }
    }
}

/// Inconclusive checks that share a reason, where they are several; every other check by itself.
fn by_cause<'j, 'b: 'j>(judged: impl Iterator<Item = &'j Judged<'b>>) -> Vec<Vec<&'j Judged<'b>>> {
    let mut groups: Vec<Vec<&Judged>> = Vec::new();
    for judged in judged {
        let shares = |other: &Judged| {
            other.result.verdict == Verdict::Inconclusive && other.result.reason == judged.result.reason
        };
        match groups.iter_mut().find(|group| group.first().is_some_and(|first| shares(first))) {
            Some(group) => group.push(judged),
            None => groups.push(vec![judged]),
        }
    }
    groups
}

fn checks(count: usize) -> String {
    format!("{count} {}", if count == 1 { "check" } else { "checks" })
}

fn line(out: &mut String, label: &str, text: &str) -> fmt::Result {
    match text.is_empty() {
        true => Ok(()),
        false => writeln!(out, "      {label:<9} {}", one_line(text, LINE_BOUND)),
    }
}

fn variant(out: &mut String, row: &Variant) -> fmt::Result {
    let told = if row.actual.is_empty() { &row.reason } else { &row.actual };
    line(out, "variant", &format!("{}: {told}", row.name))
}

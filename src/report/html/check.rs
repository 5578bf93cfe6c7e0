//! A check as the page shows it: its papers, its outcome, and the exchanges that its verdict rests on.

use serde::Serialize;

use crate::run::event::{CheckInfo, CheckResult, Exchange, Operation, RequirementInfo, Variant, Verdict};

use super::super::index::{Index, Judged};
use super::super::text::{one_line, shortened, visible};
use super::super::words::{self, Word};
use super::exchange::{Budget, Detail, Row};
use super::greeting;

/// Bytes of a finding that are shown.
const FINDING_BOUND: usize = 4_096;
/// Exchanges of one check that are shown whole, and in a line each.
const DETAILS_BOUND: usize = 40;
const ROWS_BOUND: usize = 60;

/// A verdict, by word and symbol.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Mark {
    pub(super) word: &'static str,
    pub(super) symbol: &'static str,
}

/// One check, judged.
#[derive(Debug, Serialize)]
pub(super) struct Check {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) mark: Mark,
    level: &'static str,
    feature: String,
    description: String,
    source: String,
    steps: Vec<(String, String)>,
    requirements: Vec<Asked>,
    reason: String,
    expected: String,
    actual: String,
    waived: Option<String>,
    flaky: Option<String>,
    declared: Option<String>,
    proof: String,
    took: String,
    variants: Vec<VariantRow>,
    /// The authorization request of the walk whose end decides.
    asked: Option<Detail>,
    pub(super) decisive: Option<Detail>,
    /// What greets the hosts again, where there is no exchange.
    greetings: Vec<String>,
    pub(super) others: Vec<Detail>,
    rows: Vec<Row>,
    rows_missing: usize,
    made: usize,
    /// Whoever is judged, as it stands in a sentence.
    who: &'static str,
}

/// What a check's requirement asks.
#[derive(Debug, Serialize)]
struct Asked {
    id: String,
    document: String,
    clause: String,
    level: &'static str,
    text: String,
    link: String,
}

/// A row of an outline.
#[derive(Debug, Serialize)]
struct VariantRow {
    name: String,
    mark: Mark,
    expected: String,
    actual: String,
    exchange: String,
}

impl Mark {
    /// Of a verdict.
    pub(super) fn of(verdict: Verdict) -> Self {
        let Word { word, symbol, .. } = words::word(verdict);
        Self { word, symbol }
    }
}

impl Check {
    /// The check with its decisive exchange; `add_exchanges` adds the others.
    pub(super) fn of(index: &Index, judged: &Judged, budget: &mut Budget) -> Self {
        let Judged { info, result } = judged;
        let decisive = result.decisive.as_deref().and_then(|id| index.exchange(id));
        let quiet = matches!(result.verdict, Verdict::Pass);
        Self {
            id: visible(&info.id),
            title: visible(&info.title),
            mark: Mark::of(result.verdict),
            level: words::level(info.level),
            feature: visible(&info.feature),
            description: visible(&info.description),
            source: source(info),
            steps: info.steps.iter().map(|step| step_of(step)).collect(),
            requirements: info.requirements.iter().map(|id| Asked::of(id, index.requirement(id))).collect(),
            reason: shortened(judged.reason(), FINDING_BOUND),
            expected: shortened(&result.expected, FINDING_BOUND),
            actual: shortened(&result.actual, FINDING_BOUND),
            waived: result.waived.as_ref().map(|it| {
                one_line(&format!("{} Accepted by {} until {}.", full_stop(&it.reason), it.owner, it.expires), 1_000)
            }),
            declared: result.declared.as_ref().map(|it| one_line(it, 1_000)),
            flaky: result.flaky.as_ref().map(|it| one_line(&full_stop(it), 1_000)),
            proof: visible(&info.faults.join(", ")),
            took: format!("{:.0} ms", result.duration_ms),
            variants: result.variants.iter().map(|row| VariantRow::of(info, row)).collect(),
            asked: asked_for(index, result)
                .filter(|_| !quiet)
                .and_then(|exchange| budget.detail(&format!("{}-asked", info.id), exchange, true)),
            decisive: decisive.and_then(|exchange| budget.detail(&info.id, exchange, !quiet)),
            greetings: greeting::lines(info, result, &index.record.tls),
            others: Vec::new(),
            rows: Vec::new(),
            rows_missing: 0,
            made: result.exchanges.len(),
            who: index.record.info.judged.noun(),
        }
    }

    /// Adds the other exchanges: whole where the verdict is no pass and there is room, in one line each elsewhere.
    pub(super) fn add_exchanges(&mut self, index: &Index, judged: &Judged, budget: &mut Budget) {
        let result = judged.result;
        let whole = result.verdict != Verdict::Pass;
        // A passing check lists all that it did; elsewhere the decisive one already stands above.
        let listed = |id: &str| !whole || result.decisive.as_deref() != Some(id) || self.decisive.is_none();
        let exchanges: Vec<&Exchange> =
            result.exchanges.iter().filter(|id| listed(id)).filter_map(|id| index.exchange(id)).collect();
        for exchange in exchanges {
            let room = whole && self.others.len() < DETAILS_BOUND;
            match room.then(|| budget.detail(&judged.info.id, exchange, false)).flatten() {
                Some(detail) => self.others.push(detail),
                None if self.rows.len() < ROWS_BOUND => self.rows.push(Row::of(exchange)),
                None => self.rows_missing += 1,
            }
        }
        self.unlink_missing();
    }

    /// A variant points at its exchange only where that is on the page.
    fn unlink_missing(&mut self) {
        let details = self.decisive.iter().chain(&self.others);
        let anchors: Vec<&str> = details.map(|detail| detail.anchor.as_str()).collect();
        for row in &mut self.variants {
            if !anchors.contains(&row.exchange.as_str()) {
                row.exchange.clear();
            }
        }
    }
}

/// The authorization request that a walk through the bank's pages began with: a verdict on the walk's end is about it.
fn asked_for<'a>(index: &Index<'a>, result: &CheckResult) -> Option<&'a Exchange> {
    let decisive = result.decisive.as_deref()?;
    let at = result.exchanges.iter().position(|id| id == decisive)?;
    let walk = result.exchanges[..=at].iter().rev().map_while(|id| index.exchange(id));
    let mut walk = walk.take_while(|exchange| exchange.operation == Operation::Page);
    // Every authorization request names its client (RFC 6749 4.1.1, RFC 9126 4).
    let begins =
        walk.find(|exchange| exchange.request.method.as_ref() == "GET" && exchange.request.url.contains("client_id="));
    begins.filter(|exchange| exchange.id != decisive)
}

impl Asked {
    fn of(id: &str, row: Option<&RequirementInfo>) -> Self {
        match row {
            Some(row) => Self {
                id: visible(id),
                document: visible(&row.document),
                clause: visible(&row.clause),
                level: words::level(row.level),
                text: visible(&row.text),
                link: web_link(&row.link),
            },
            None => Self {
                id: visible(id),
                document: String::new(),
                clause: String::new(),
                level: "",
                text: String::new(),
                link: String::new(),
            },
        }
    }
}

impl VariantRow {
    fn of(info: &CheckInfo, row: &Variant) -> Self {
        let actual = if row.actual.is_empty() { &row.reason } else { &row.actual };
        Self {
            name: visible(&row.name),
            mark: Mark::of(row.verdict),
            expected: shortened(&row.expected, FINDING_BOUND),
            actual: shortened(actual, FINDING_BOUND),
            exchange: row.decisive.as_ref().map(|id| visible(&format!("{}-{id}", info.id))).unwrap_or_default(),
        }
    }
}

/// The link, if a browser may follow it: requirements may come from a user's own folder.
pub(super) fn web_link(link: &str) -> String {
    let web = link.starts_with("https://") || link.starts_with("http://");
    if web { link.to_owned() } else { String::new() }
}

fn source(info: &CheckInfo) -> String {
    match info.path.is_empty() {
        true => String::new(),
        false => visible(&format!("{}:{}", info.path, info.line)),
    }
}

fn step_of(step: &str) -> (String, String) {
    let (keyword, text) = step.trim().split_once(' ').unwrap_or(("", step));
    (visible(keyword), visible(text))
}

fn full_stop(text: &str) -> String {
    format!("{}.", text.trim_end_matches('.'))
}

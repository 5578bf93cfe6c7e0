//! The head of the page: who was judged, when, by whom, and what a reader must know before anything else.

use std::time::Duration;

use serde::Serialize;
use time::{OffsetDateTime, format_description::BorrowedFormatItem, macros::format_description};

use crate::run::event::{IdentityInfo, Operation, RunInfo, RunRecord, SeenBefore};

use super::super::text::visible;
use super::super::words::{self, Totals};

const DAY_AND_TIME: &[BorrowedFormatItem<'_>] =
    format_description!("[day padding:none] [month repr:long] [year], [hour]:[minute]:[second] UTC");

/// A run that bears this code and yet has a report: what could not be written is its journal.
const JOURNAL_LOST: u8 = 5;

/// Who was judged.
#[derive(Debug, Serialize)]
pub(super) struct Target {
    name: String,
    environment: String,
    issuer: String,
    api: String,
    dialect: String,
    profile: String,
    bundled: bool,
    capabilities: String,
}

/// When, by which version, with which checks.
#[derive(Debug, Serialize)]
pub(super) struct Run {
    id: String,
    version: String,
    started: String,
    finished: String,
    took: String,
    selection: String,
    selected: usize,
    exchanges: usize,
    exit_code: u8,
}

/// One TPP that was played.
#[derive(Debug, Serialize)]
pub(super) struct Identity {
    name: String,
    client_id: String,
    subject: String,
    organization: String,
    roles: String,
    not_after: String,
}

/// What a reader must know before anything else.
#[derive(Debug, Serialize)]
pub(super) struct Notice {
    title: String,
    lines: Vec<String>,
}

/// The notices of a run, loudest first.
pub(super) fn notices(record: &RunRecord, totals: &Totals) -> Vec<Notice> {
    let mut notices = Vec::new();
    let faults = &record.info.target.faults;
    if !faults.is_empty() {
        notices.push(Notice {
            title: "This bank was told to misbehave. Faults switched on:".to_owned(),
            lines: faults.iter().map(|fault| visible(fault)).collect(),
        });
    }
    if record.interrupted || record.finished_at.is_none() || totals.unjudged > 0 {
        let how = if record.interrupted { "It was stopped by its user." } else { "It ended before its time." };
        let left = format!("{} of the selected checks have no verdict.", totals.unjudged);
        notices.push(Notice { title: "This run is not complete.".to_owned(), lines: vec![how.to_owned(), left] });
    }
    if record.exit_code == JOURNAL_LOST {
        let lines = vec!["What was judged stands in this report; some of what it rests on may be missing.".to_owned()];
        notices.push(Notice { title: "The journal of this run is not whole.".to_owned(), lines });
    }
    let terms = &record.info.target.terms;
    if !terms.is_empty() {
        let lines = terms.iter().map(|term| visible(&words::term(term))).collect();
        notices.push(Notice { title: "On which terms this bank was judged, by its target file:".to_owned(), lines });
    }
    let seen_before = &record.info.seen_before;
    if !seen_before.is_empty() {
        let told = |seen: &SeenBefore| {
            let layer = seen.layer.in_words();
            visible(&format!("{} ({layer}): {}. Mend: {}", seen.name, seen.cause, seen.mend))
        };
        notices.push(Notice {
            title: "What was seen before the run, and may stand in its way:".to_owned(),
            lines: seen_before.iter().map(told).collect(),
        });
    }
    if !record.declarations.is_empty() {
        let lines = words::declarations(record).iter().map(|line| visible(line)).collect();
        notices.push(Notice {
            title: record.info.judged.told("Deviations that {who} has declared. They are shown, and forgive nothing:"),
            lines,
        });
    }
    let told = [("This run was resumed.", &record.notes), ("Waivers need attention.", &record.waiver_problems)];
    for (title, lines) in told.into_iter().filter(|(_, lines)| !lines.is_empty()) {
        notices.push(Notice { title: title.to_owned(), lines: lines.iter().map(|line| visible(line)).collect() });
    }
    notices
}

impl Target {
    /// As the target file names it.
    pub(super) fn of(info: &RunInfo) -> Self {
        let target = &info.target;
        Self {
            name: visible(&target.name),
            environment: visible(&target.environment),
            issuer: visible(&target.issuer),
            api: target.api.as_deref().map(visible).unwrap_or_default(),
            dialect: visible(&target.dialect),
            profile: visible(&target.profile),
            bundled: target.bundled,
            capabilities: visible(&capabilities(&target.capabilities)),
        }
    }
}

/// The capabilities, and in words what the bank can be asked for.
fn capabilities(names: &[String]) -> String {
    let operation = |name: &String| name.strip_prefix("operation:").and_then(Operation::named).map(Operation::in_words);
    let asked: Vec<&str> = names.iter().filter_map(operation).collect();
    let others: Vec<&str> = names.iter().filter(|name| operation(name).is_none()).map(String::as_str).collect();
    let others = others.join(", ");
    match (asked.is_empty(), others.is_empty()) {
        (true, _) => others,
        (false, true) => format!("can be asked for {}", asked.join(", ")),
        (false, false) => format!("{others}; can be asked for {}", asked.join(", ")),
    }
}

impl Run {
    /// The facts of a record.
    pub(super) fn of(record: &RunRecord) -> Self {
        let info = &record.info;
        let took = record.finished_at.map(|end| end - info.started_at);
        Self {
            id: visible(&info.run_id),
            version: visible(&info.tool_version),
            started: moment(info.started_at),
            finished: record.finished_at.map(moment).unwrap_or_default(),
            took: took.and_then(|took| Duration::try_from(took).ok()).map(told).unwrap_or_default(),
            selection: visible(&info.selection),
            selected: info.checks.len(),
            exchanges: record.exchanges.len(),
            exit_code: record.exit_code,
        }
    }
}

impl Identity {
    /// Every TPP of the run.
    pub(super) fn all(info: &RunInfo) -> Vec<Self> {
        info.identities.iter().map(Self::of).collect()
    }

    fn of(identity: &IdentityInfo) -> Self {
        Self {
            name: visible(&identity.name),
            client_id: visible(&identity.client_id),
            subject: visible(&identity.subject),
            organization: visible(&identity.organization_identifier),
            roles: visible(&identity.roles.join(", ")),
            not_after: visible(&identity.not_after),
        }
    }
}

fn moment(at: OffsetDateTime) -> String {
    at.to_offset(time::UtcOffset::UTC).format(DAY_AND_TIME).unwrap_or_default()
}

fn told(took: Duration) -> String {
    match took.as_secs() {
        0..60 => format!("{:.1} seconds", took.as_secs_f64()),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

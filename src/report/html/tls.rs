//! The TLS of the bank's hosts as a table: a row for each fact, a column for each host.

use serde::Serialize;

use crate::run::event::{RatedFact, RatedPicture, TlsMark};

use super::super::text::one_line;

/// Hosts that are shown: no bank has more, and a page has its bounds.
const HOSTS_BOUND: usize = 8;
/// Facts of a host that are shown.
const FACTS_BOUND: usize = 60;
/// Bytes of a fact that are shown.
const CELL_BOUND: usize = 400;

/// The table.
#[derive(Debug, Serialize)]
pub(super) struct Table {
    policy: String,
    legend: Vec<Word>,
    hosts: Vec<Host>,
    rows: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Host {
    name: String,
    doors: String,
}

#[derive(Debug, Serialize)]
struct Row {
    about: String,
    cells: Vec<Cell>,
    clause: String,
}

/// What was seen at one host; empty where the fact does not arise there.
#[derive(Debug, Default, Serialize)]
struct Cell {
    word: &'static str,
    tone: &'static str,
    symbol: &'static str,
    seen: String,
}

/// How a mark is shown, and what it means.
#[derive(Clone, Copy, Debug, Serialize)]
struct Word {
    #[serde(skip)]
    mark: TlsMark,
    word: &'static str,
    /// The class of a verdict whose colour it bears.
    tone: &'static str,
    symbol: &'static str,
    meaning: &'static str,
}

const WORDS: [Word; 5] = [
    word(TlsMark::Forbidden, "forbidden", "fail", "✗", "against a MUST"),
    word(TlsMark::Weak, "weak", "warn", "!", "against a SHOULD"),
    word(TlsMark::Unknown, "not told", "inconclusive", "?", "could not be found out"),
    word(TlsMark::Fine, "fine", "pass", "✓", "as it should be"),
    word(TlsMark::Information, "told", "info", "i", "not rated"),
];

const fn word(
    mark: TlsMark,
    word: &'static str,
    tone: &'static str,
    symbol: &'static str,
    meaning: &'static str,
) -> Word {
    Word { mark, word, tone, symbol, meaning }
}

impl Table {
    /// The table of the hosts that a run looked at.
    pub(super) fn of(pictures: &[RatedPicture]) -> Self {
        let shown = &pictures[..pictures.len().min(HOSTS_BOUND)];
        let mut abouts: Vec<&RatedFact> = Vec::new();
        for fact in shown.iter().flat_map(|picture| picture.rows.iter().take(FACTS_BOUND)) {
            if !abouts.iter().any(|known| known.about == fact.about) {
                abouts.push(fact);
            }
        }
        Self {
            policy: shown.first().map(|picture| one_line(&picture.policy, CELL_BOUND)).unwrap_or_default(),
            legend: WORDS.to_vec(),
            hosts: shown.iter().map(Host::of).collect(),
            rows: abouts.into_iter().map(|fact| Row::of(fact, shown)).collect(),
        }
    }
}

impl Host {
    fn of(picture: &RatedPicture) -> Self {
        let picture = &picture.picture;
        Self { name: one_line(&picture.host, CELL_BOUND), doors: one_line(&picture.doors.join(", "), CELL_BOUND) }
    }
}

impl Row {
    fn of(fact: &RatedFact, pictures: &[RatedPicture]) -> Self {
        let cell = |picture: &RatedPicture| {
            let own = picture.rows.iter().find(|own| own.about == fact.about);
            own.map(Cell::of).unwrap_or_default()
        };
        Self {
            about: one_line(&fact.about, CELL_BOUND),
            cells: pictures.iter().map(cell).collect(),
            clause: one_line(&fact.clause, CELL_BOUND),
        }
    }
}

impl Cell {
    fn of(fact: &RatedFact) -> Self {
        let Word { word, tone, symbol, .. } =
            WORDS.into_iter().find(|known| known.mark == fact.mark).unwrap_or(WORDS[2]);
        Self { word, tone, symbol, seen: one_line(&fact.seen, CELL_BOUND) }
    }
}

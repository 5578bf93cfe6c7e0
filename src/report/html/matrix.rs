//! The traceability matrix: every requirement of the inventories, what covers it, and what that came to.

use std::collections::HashMap;

use serde::Serialize;

use crate::run::event::{CheckResult, RequirementInfo, Variant, Verdict};

use super::super::coverage::{self, Coverage};
use super::super::index::Index;
use super::super::text::visible;
use super::super::words;
use super::check::{Mark, web_link};

/// So many variants of a check are named.
const MOST: usize = 12;

/// The requirements of one document.
#[derive(Debug, Serialize)]
pub(super) struct Document {
    name: String,
    rows: Vec<Requirement>,
    coverage: Coverage,
}

#[derive(Debug, Serialize)]
struct Requirement {
    id: String,
    clause: String,
    level: &'static str,
    text: String,
    link: String,
    state: &'static str,
    why_not: String,
    checks: Vec<Covering>,
}

#[derive(Debug, Serialize)]
struct Covering {
    id: String,
    /// `None` where the check was not selected, or has no verdict.
    mark: Option<Mark>,
    /// At which places, or with which values, it was tried; empty where it has no variants.
    tried: String,
}

/// The matrix, by document, in the order of the inventories.
pub(super) fn matrix(index: &Index) -> Vec<Document> {
    let results: HashMap<&str, &CheckResult> =
        index.record.results.iter().map(|result| (result.id.as_str(), result)).collect();
    let told = coverage::told(index.record);
    let mut documents: Vec<Document> = Vec::new();
    for row in &index.record.info.requirements {
        let name = visible(&row.document);
        let at = documents.iter().position(|document| document.name == name).unwrap_or_else(|| {
            documents.push(Document { name, rows: Vec::new(), coverage: Coverage::default() });
            documents.len() - 1
        });
        documents[at].coverage.add(row, &told);
        documents[at].add(row, &results);
    }
    documents
}

impl Document {
    fn add(&mut self, row: &RequirementInfo, results: &HashMap<&str, &CheckResult>) {
        self.rows.push(Requirement {
            id: visible(&row.id),
            clause: visible(&row.clause),
            level: words::level(row.level),
            text: visible(&row.text),
            link: web_link(&row.link),
            state: match (!row.checks.is_empty(), row.observable) {
                (true, _) => "covered",
                (false, true) => "uncovered",
                (false, false) => "unobservable",
            },
            why_not: visible(&row.why_not),
            checks: row.checks.iter().map(|id| Covering::of(id, results.get(id.as_str()).copied())).collect(),
        });
    }
}

impl Covering {
    fn of(id: &str, result: Option<&CheckResult>) -> Self {
        let mark = result.map(|result| Mark::of(result.verdict));
        Self { id: visible(id), mark, tried: result.map(tried).unwrap_or_default() }
    }
}

/// A requirement is proven where it was tried, and nowhere else: the variants that were judged.
fn tried(result: &CheckResult) -> String {
    let is_judged = |variant: &&Variant| {
        !variant.name.is_empty() && !matches!(variant.verdict, Verdict::NotApplicable | Verdict::Inconclusive)
    };
    let names: Vec<String> = result.variants.iter().filter(is_judged).map(|variant| visible(&variant.name)).collect();
    match names.len() {
        0..=MOST => names.join(", "),
        more => format!("{}, and {} more", names[..MOST].join(", "), more - MOST),
    }
}

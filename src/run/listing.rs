//! The catalogue as plain data, for lists and reports.

use std::collections::{BTreeSet, HashMap};

use super::event::{CheckInfo, Level, RequirementInfo};
use crate::catalogue::{Catalogue, Check};

/// The papers of a check, at the level that holds for a target.
pub fn check_info(check: &Check, level: Level) -> CheckInfo {
    CheckInfo {
        id: check.id.clone(),
        title: check.title.clone(),
        description: check.description.clone(),
        level,
        feature: check.feature.clone(),
        path: check.path.clone(),
        line: check.line,
        requirements: check.tagged("covers"),
        faults: check.tagged("fault"),
        steps: check.steps.clone(),
    }
}

/// Every requirement, and the checks that cover it.
pub fn requirements(catalogue: &Catalogue) -> Vec<RequirementInfo> {
    let mut covering: HashMap<String, Vec<String>> = HashMap::new();
    for check in &catalogue.checks {
        for id in BTreeSet::from_iter(check.tagged("covers")) {
            covering.entry(id).or_default().push(check.id.clone());
        }
    }
    let info = |requirement: &crate::catalogue::Requirement| {
        let row = requirement.row.clone();
        RequirementInfo {
            checks: covering.get(&row.id).cloned().unwrap_or_default(),
            id: row.id,
            document: requirement.document.clone(),
            clause: row.clause,
            level: row.level,
            text: row.text,
            link: row.link,
            observable: row.observable,
            why_not: row.why_not,
        }
    };
    catalogue.requirements.iter().map(info).collect()
}

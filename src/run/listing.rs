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
        faults: check.faults(),
        steps: check.steps.clone(),
        as_control: false,
    }
}

/// The dialect of a bank, and the profiles that hold there.
type Here<'a> = (&'a str, &'a BTreeSet<String>);

/// The same for a run at such a bank: what others are asked, it covers not.
pub fn check_info_at(check: &Check, level: Level, catalogue: &Catalogue, (dialect, profiles): Here<'_>) -> CheckInfo {
    let own = |id: &String| {
        let requirement = catalogue.requirements.iter().find(|requirement| &requirement.row.id == id);
        requirement.is_none_or(|requirement| requirement.binds(dialect, profiles))
    };
    let info = check_info(check, level);
    CheckInfo { requirements: info.requirements.into_iter().filter(own).collect(), ..info }
}

/// Every requirement that such a bank can be held to, and the checks that cover it there.
pub fn requirements_at(catalogue: &Catalogue, (dialect, profiles): Here<'_>) -> Vec<RequirementInfo> {
    let foreign = |check: &Check| !check.is_for(dialect) || !check.is_of(profiles);
    let is_foreign = |id: &String| catalogue.check(id).is_some_and(foreign);
    let own = catalogue.requirements.iter().zip(requirements(catalogue));
    let own = own.filter(|(requirement, _)| requirement.binds(dialect, profiles)).map(|(_, info)| info);
    own.map(|info| {
        let checks = info.checks.into_iter().filter(|id| !is_foreign(id)).collect();
        RequirementInfo { checks, ..info }
    })
    .collect()
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
            // Whoever has a check for it can see some of it.
            observable: row.observable || covering.contains_key(&row.id),
            checks: covering.get(&row.id).cloned().unwrap_or_default(),
            id: row.id,
            document: requirement.document.clone(),
            clause: row.clause,
            level: row.level,
            text: row.text,
            link: row.link,
            why_not: row.why_not,
        }
    };
    catalogue.requirements.iter().map(info).collect()
}

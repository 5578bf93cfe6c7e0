//! What of the documents is proven. A requirement is, where a fault breaks it that a check of its level has to catch: a
//! check's word alone that it covers something proves nothing, and a warning proves no MUST.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    bank::faults::{self, Fault},
    catalogue::{Catalogue, CatalogueError, Check, Level, Requirement},
};

/// How far one requirement is proven.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proven {
    /// The faults that break it, which a check of its level has to catch.
    pub faults: BTreeSet<&'static str>,
    /// Those that a milder check has to catch.
    pub mildly: BTreeSet<&'static str>,
    /// The places at which it is tried, where its faults are one rule at several places.
    pub places: BTreeSet<&'static str>,
}

/// How far each requirement is proven that a check covers, by its id.
pub fn of(catalogue: &Catalogue) -> BTreeMap<String, Proven> {
    let mut proven: BTreeMap<String, Proven> = BTreeMap::new();
    for check in ours(catalogue) {
        for fault in faults_of(check) {
            for id in broken(check, fault) {
                let Some(requirement) = catalogue.requirements.iter().find(|it| it.row.id == id) else { continue };
                let row = proven.entry(id).or_default();
                row.places.extend(fault.cell.map(|cell| cell.place));
                let is_as_strict = level(check, requirement) <= requirement.row.level;
                if is_as_strict { &mut row.faults } else { &mut row.mildly }.insert(fault.id);
            }
        }
    }
    proven
}

/// What tags, faults and requirements say against one another.
pub fn problems(catalogue: &Catalogue) -> Vec<CatalogueError> {
    let checks = ours(catalogue).flat_map(|check| claims_nothing_breaks(catalogue, check));
    checks.chain(faults::all().iter().flat_map(|fault| of_row(catalogue, fault))).collect()
}

/// A check without a fault, and a requirement that nobody knows, are complained of already.
fn claims_nothing_breaks(catalogue: &Catalogue, check: &Check) -> Vec<CatalogueError> {
    let faults = faults_of(check);
    let broken: BTreeSet<String> = faults.iter().flat_map(|fault| broken(check, fault)).collect();
    let is_known = |id: &String| catalogue.requirements.iter().any(|requirement| requirement.row.id == *id);
    let claimed = check.tagged("covers").into_iter();
    let claimed = claimed.filter(|id| !faults.is_empty() && is_known(id) && !broken.contains(id));
    let problem = |id: String| CatalogueError {
        path: check.path.clone().into(),
        line: Some(check.line),
        problem: format!(
            "{}: it covers {id}, and no fault of its own breaks that: write it into the row of one that does, add such a \
             fault, or take the tag away",
            check.id
        ),
    };
    claimed.map(problem).collect()
}

/// What a row of the faults says of what it breaks.
fn of_row(catalogue: &Catalogue, fault: &'static Fault) -> Vec<CatalogueError> {
    let catchers: Vec<&Check> = ours(catalogue).filter(|check| catches(&check.faults(), fault)).collect();
    let covered: BTreeSet<String> = catchers.iter().flat_map(|check| check.tagged("covers")).collect();
    let several = catchers.iter().find(|check| check.tagged("covers").len() > 1).filter(|_| fault.breaks.is_empty());
    let unsaid = several.map(|check| {
        format!(
            "{}, which has to catch it, covers several requirements: say which it breaks, by .breaks(&[…])",
            check.id
        )
    });
    let foreign = fault.breaks.iter().filter(|id| !covered.contains(**id));
    let foreign = foreign.map(|id| format!("it breaks {id}, and no check that has to catch it covers that"));
    let at = |problem: String| CatalogueError {
        path: "src/bank/faults".into(),
        line: None,
        problem: format!("fault {}: {problem}", fault.id),
    };
    unsaid.into_iter().chain(foreign).map(at).collect()
}

fn ours(catalogue: &Catalogue) -> impl Iterator<Item = &Check> {
    catalogue.checks.iter().map(AsRef::as_ref).filter(|check: &&Check| !check.own)
}

/// The faults that this check has to catch.
fn faults_of(check: &Check) -> Vec<&'static Fault> {
    let is_told = |fault: &&Fault| fault.cell.is_none_or(|cell| cell.untold.is_none());
    let names = check.faults();
    faults::everywhere().filter(is_told).filter(|fault| catches(&names, fault)).collect()
}

/// Whoever has to catch faults of those names has to catch that one.
fn catches(names: &[String], fault: &Fault) -> bool {
    names.iter().any(|name| fault.goes_by(name))
}

/// What of a check's requirements a fault breaks: what its row says, and all of them where there is one alone or the fault
/// is the very rule left out at one place.
fn broken(check: &Check, fault: &Fault) -> Vec<String> {
    let covered = check.tagged("covers");
    let says = |id: &String| fault.breaks.contains(&id.as_str());
    match fault.breaks.is_empty() {
        true if covered.len() == 1 || fault.cell.is_some() => covered,
        true => Vec::new(),
        false => covered.into_iter().filter(says).collect(),
    }
}

/// The strictest level that a check has where the requirement binds.
fn level(check: &Check, requirement: &Requirement) -> Level {
    let raised = check.raised.iter().filter(|_| requirement.profile.is_some()).map(|(level, _)| *level);
    raised.chain([check.level]).min().unwrap_or(check.level)
}

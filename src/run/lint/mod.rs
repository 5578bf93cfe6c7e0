//! The lint of feature files: the catalogue in the binary and a user's own folder are held to the same rules. Only what a
//! user cannot write is asked of ours alone: a fault of the bundled bank for each check, and a check for each fault.

mod steps;
mod tags;

use std::collections::BTreeSet;

use super::proven;
use crate::{
    bank::faults,
    catalogue::{Catalogue, CatalogueError, Check, Level},
    targets::Dialect,
};

/// Words that a template leaves behind.
const LEFT_OVER: [&str; 4] = ["TODO", "FIXME", "XXX", "lorem"];

/// Everything that is wrong with the catalogue and with the user's own features beside it, each with file and line.
pub fn all(catalogue: &Catalogue) -> Vec<CatalogueError> {
    let mut problems = of(catalogue, |_| true);
    problems.extend(unused_faults(catalogue));
    problems.extend(proven::problems(catalogue));
    problems
}

/// What is wrong with the user's own features.
pub(super) fn own(catalogue: &Catalogue) -> Vec<CatalogueError> {
    of(catalogue, |check| check.own)
}

fn of(catalogue: &Catalogue, wanted: impl Fn(&Check) -> bool) -> Vec<CatalogueError> {
    let checks = catalogue.checks.iter().filter(|check| wanted(check));
    checks.flat_map(|check| problems(catalogue, check)).collect()
}

fn problems(catalogue: &Catalogue, check: &Check) -> Vec<CatalogueError> {
    let at = |line: usize, problem: String| CatalogueError {
        path: check.path.clone().into(),
        line: Some(line),
        problem: format!("{}: {problem}", check.id),
    };
    let mut problems = words(check);
    problems.extend(tags::problems(catalogue, check));
    problems.extend(too_strict(catalogue, check));
    problems.extend(without_control_somewhere(catalogue, check));
    if !check.own && check.faults().is_empty() {
        problems.push("no fault of the bundled bank proves it: add @fault:ID, and its row in src/bank/faults".into());
    }
    let mut problems: Vec<_> = problems.into_iter().map(|problem| at(check.line, problem)).collect();
    problems.extend(steps::problems(check).into_iter().map(|(line, problem)| at(line, problem)));
    problems
}

/// What it says to people.
fn words(check: &Check) -> Vec<String> {
    let text = format!("{} {}", check.title, check.description);
    let left_over = LEFT_OVER.iter().find(|word| text.contains(**word));
    let rules = [
        (check.title.is_empty(), "it has no title: say after \"Scenario:\" what the bank must do".to_owned()),
        (
            check.description.is_empty(),
            "it has no description: say under the title what goes wrong otherwise".to_owned(),
        ),
        (
            left_over.is_some(),
            format!("\"{}\" of a template is left in its title or description", left_over.unwrap_or(&"")),
        ),
    ];
    rules.into_iter().filter(|(is_broken, _)| *is_broken).map(|(_, problem)| problem).collect()
}

/// The level is the clause's, and nobody's taste.
fn too_strict(catalogue: &Catalogue, check: &Check) -> Option<String> {
    let covered = check.tagged("covers");
    let rows = catalogue.requirements.iter().filter(|requirement| covered.contains(&requirement.row.id));
    let strictest: Level = rows.map(|requirement| requirement.row.level).min()?;
    (check.level < strictest).then(|| {
        format!("it is a {:?}, stricter than any clause that it covers: the strictest is a {strictest:?}", check.level)
    })
}

/// A refusal shows something only beside an acceptance, and so at the banks of each dialect.
fn without_control_somewhere(catalogue: &Catalogue, check: &Check) -> Option<String> {
    // One that is unknown is told of already.
    let has_controls =
        !check.tagged("control").is_empty() && check.controls().all(|(_, id)| catalogue.check(&id).is_some());
    let lacks_one = |dialect: &Dialect| {
        let controls = check.controls_at(dialect.name());
        let controls = controls.iter().filter_map(|id| catalogue.check(id));
        can_run(check, *dialect) && !controls.into_iter().any(|control| can_run(control, *dialect))
    };
    let dialect = Dialect::ALL.into_iter().filter(|_| has_controls).find(lacks_one)?.name();
    Some(format!(
        "none of its controls can run at a bank of the dialect {dialect}: add @control:{dialect}=ID, or the tag @dialect: \
         if it is for banks of another alone"
    ))
}

/// Some bank of that dialect can be asked.
fn can_run(check: &Check, dialect: Dialect) -> bool {
    let offers = |operation: &str| dialect.operations().iter().any(|own| own.name() == operation);
    let lacks = |need: &String| match need.strip_prefix("operation:") {
        Some(operation) => !offers(operation),
        None => dialect.lacks().contains(&need.as_str()),
    };
    let has = |needs: &[String]| !needs.iter().any(lacks);
    check.is_for(dialect.name()) && has(&check.tagged("needs")) && check.rows.iter().any(|row| has(&row.needs))
}

fn unused_faults(catalogue: &Catalogue) -> Vec<CatalogueError> {
    let ours = catalogue.checks.iter().filter(|check| !check.own);
    let used: BTreeSet<String> = ours.flat_map(|check| check.faults()).collect();
    // What nobody outside can tell needs none.
    let is_told = |fault: &&faults::Fault| fault.cell.is_none_or(|cell| cell.untold.is_none());
    let is_used =
        |fault: &&faults::Fault| used.contains(fault.id) || fault.cell.is_some_and(|it| used.contains(it.rule));
    let unused = faults::everywhere().filter(is_told).filter(|fault| !is_used(fault));
    let problem = |fault: &faults::Fault| CatalogueError {
        path: "src/bank/faults".into(),
        line: None,
        problem: format!(
            "fault {}: no check is proven by it: add @fault:{} to the check that must fail",
            fault.id, fault.id
        ),
    };
    unused.map(problem).collect()
}

//! The catalogue's own rules: what a check must have to be one.

use std::collections::BTreeSet;

use super::{Catalogue, Check, Level, needs_of, profiles};

/// What the catalogue can refer to beyond itself.
pub struct Known<'a> {
    /// Every fault of the bundled bank.
    pub faults: &'a [&'a str],
    /// Every capability.
    pub capabilities: &'a [&'a str],
    /// Every dialect, and the capabilities that no bank of it can have.
    pub dialects: &'a [(&'a str, &'a [&'a str])],
    /// Every policy that a bank can declare.
    pub policies: &'a [&'a str],
}

/// Words that a template leaves behind.
const LEFT_OVER: [&str; 4] = ["TODO", "FIXME", "XXX", "lorem"];

/// Everything that is wrong with the catalogue, each in a sentence that names the check.
pub fn lint(catalogue: &Catalogue, known: &Known<'_>) -> Vec<String> {
    let mut problems: Vec<String> =
        catalogue.checks.iter().flat_map(|check| lint_check(catalogue, check, known)).collect();
    let mut ids = BTreeSet::new();
    let repeated = catalogue.checks.iter().filter(|check| !ids.insert(&check.id));
    problems.extend(repeated.map(|check| format!("{}: the id is taken twice", check.id)));
    let mut rows = BTreeSet::new();
    let repeated = catalogue.requirements.iter().filter(|requirement| !rows.insert(&requirement.row.id));
    problems.extend(repeated.map(|requirement| format!("requirement {}: the id is taken twice", requirement.row.id)));
    let used: BTreeSet<String> = catalogue.checks.iter().flat_map(|check| check.tagged("fault")).collect();
    let unused = known.faults.iter().filter(|fault| !used.contains(**fault));
    problems.extend(unused.map(|fault| format!("fault {fault}: no check is proven by it")));
    problems
}

/// A capability, or one of a family: `bad-certificate:expired`.
fn is_known(known: &Known<'_>, need: &str) -> bool {
    let family = need.split_once(':').map_or(need, |(family, _)| family);
    known.capabilities.contains(&family)
}

/// Some bank of that dialect can be asked.
fn can_run(check: &Check, dialect: &str, lacks: &[&str]) -> bool {
    let has = |needs: &[String]| !needs.iter().any(|need| lacks.contains(&need.as_str()));
    check.is_for(dialect) && has(&check.tagged("needs")) && check.rows.iter().any(|row| has(&row.needs))
}

/// The profiles and policies of its tags that there are none of.
fn unknown_profiles(check: &Check, policies: &[&str]) -> Vec<String> {
    let is_profile = |name: &String| profiles::find(name).is_some();
    let only = check.tagged("profile").into_iter().filter(|name| !is_profile(name));
    let raised = ["must", "should", "may"].into_iter().flat_map(|level| check.tagged(level));
    let raised = raised.filter(|name| !is_profile(name) && !policies.contains(&name.as_str()));
    let only = only.map(|name| format!("there is no profile {name}"));
    only.chain(raised.map(|name| format!("there is no profile or policy {name}"))).collect()
}

fn lint_check(catalogue: &Catalogue, check: &Check, known: &Known<'_>) -> Vec<String> {
    let (faults, covers) = (check.tagged("fault"), check.tagged("covers"));
    let controls: Vec<(Option<String>, String)> = check.controls().collect();
    let requirement = |id: &String| catalogue.requirements.iter().find(|requirement| &requirement.row.id == id);
    let mut problems = Vec::new();
    let mut require = |good: bool, problem: String| {
        if !good {
            problems.push(format!("{} ({}, line {}): {problem}", check.id, check.path, check.line));
        }
    };
    require(!check.title.is_empty(), "it has no title".into());
    require(!check.description.is_empty(), "it has no description: say what goes wrong otherwise".into());
    require(!faults.is_empty(), "no fault proves it: add @fault:".into());
    require(!covers.is_empty(), "it covers no requirement: add @covers:".into());
    require(check.steps.iter().any(|step| step.starts_with("Then ")), "it has no Then".into());
    let text = format!("{} {}", check.title, check.description);
    require(!LEFT_OVER.iter().any(|word| text.contains(word)), "words of a template are left in it".into());
    for fault in faults.iter().filter(|fault| !known.faults.contains(&fault.as_str())) {
        require(false, format!("there is no fault {fault}"));
    }
    for id in covers.iter().filter(|id| requirement(id).is_none()) {
        require(false, format!("there is no requirement {id}"));
    }
    for (_, id) in controls.iter().filter(|(_, id)| catalogue.check(id).is_none()) {
        require(false, format!("there is no check {id} to be its control"));
    }
    let named = check.tagged("dialect").into_iter().chain(controls.iter().filter_map(|(at, _)| at.clone()));
    for name in named.filter(|name| !known.dialects.iter().any(|(dialect, _)| dialect == name)) {
        require(false, format!("there is no dialect {name}"));
    }
    for (dialect, lacks) in known.dialects.iter().filter(|_| !controls.is_empty()) {
        let shown = check.controls_at(dialect);
        let shown = shown.iter().filter_map(|id| catalogue.check(id)).any(|control| can_run(control, dialect, lacks));
        require(
            shown || !can_run(check, dialect, lacks),
            format!("none of its controls can run at a bank of the dialect {dialect}: add @control:{dialect}=ID"),
        );
    }
    for need in needs_of(check).iter().filter(|need| !is_known(known, need)) {
        require(false, format!("there is no capability {need}"));
    }
    for problem in unknown_profiles(check, known.policies) {
        require(false, problem);
    }
    let strictest = covers.iter().filter_map(requirement).map(|requirement| requirement.row.level).min();
    let own = check.level;
    require(
        strictest.is_none_or(|strictest| own >= strictest),
        format!(
            "it is {own:?}, stricter than any clause that it covers ({strictest:?})",
            strictest = strictest.unwrap_or(Level::May)
        ),
    );
    problems
}

//! Users' own scenarios: what is wrong with them is found before the first request, all of it at once, each with file,
//! line and mend.

use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    fmt,
    path::Path,
};

use cucumber::gherkin;

use crate::{
    bank::faults,
    catalogue::{Catalogue, CatalogueError, Check, Level, needs_of},
    pki::{distance, nearest, nearest_phrases},
    steps::book::{self, Known, Words},
    target::capability,
};

/// Tags that say something by themselves.
const PLAIN: [&str; 8] = ["must", "should", "may", "passive", "handshake", "serial", "slow", "locks-psu"];
/// Tags that say something of what stands after their colon.
const WITH_VALUE: [&str; 9] = ["covers", "fault", "control", "needs", "dialect", "profile", "must", "should", "may"];
const DIALECTS: [&str; 2] = ["berlin-group", "none"];
/// A free tag that is so much like one of ours is a slip of the pen.
const SLIP: usize = 2;

/// What is wrong with the user's own features (exit code 2).
#[derive(Debug)]
pub struct OwnProblems(Vec<CatalogueError>);

impl fmt::Display for OwnProblems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problems: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&problems.join("\n"))
    }
}

/// The catalogue, with the user's own features where a folder is named, and those held to the rules.
///
/// # Errors
/// A file cannot be read, or a scenario of the user's own cannot be run or reported.
pub fn load(own: Option<&Path>) -> Result<Catalogue, OwnProblems> {
    let catalogue = Catalogue::load(own).map_err(|error| OwnProblems(vec![error]))?;
    if own.is_none() {
        return Ok(catalogue);
    }
    let rules = Rules { catalogue: &catalogue };
    let problems: Vec<CatalogueError> =
        catalogue.checks.iter().filter(|check| check.own).flat_map(|check| rules.problems(check)).collect();
    if problems.is_empty() { Ok(catalogue) } else { Err(OwnProblems(problems)) }
}

struct Rules<'a> {
    catalogue: &'a Catalogue,
}

impl Rules<'_> {
    fn problems(&self, check: &Check) -> Vec<CatalogueError> {
        let at = |line: usize, problem: String| CatalogueError {
            path: check.path.clone().into(),
            line: Some(line),
            problem,
        };
        let mut problems: Vec<CatalogueError> =
            self.papers(check).into_iter().map(|problem| at(check.line, problem)).collect();
        problems.extend(Self::steps(check).into_iter().map(|(line, problem)| at(line, problem)));
        problems
    }

    /// What its tags and title say.
    fn papers(&self, check: &Check) -> Vec<String> {
        let id = &check.id;
        let mut problems: Vec<String> = check.tags.iter().filter_map(|tag| unknown_tag(tag)).collect();
        if check.title.is_empty() {
            problems.push(format!("{id} has no title: say after \"Scenario:\" what the bank must do"));
        }
        let requirements = || self.catalogue.requirements.iter().map(|requirement| requirement.row.id.as_str());
        let needs: BTreeSet<String> = needs_of(check);
        let families = |need: &String| need.split(':').next().unwrap_or_default().to_owned();
        let needs: Vec<String> = needs.iter().map(families).collect();
        let capabilities = || capability::ALL.iter().map(|known| known.name);
        let checks = || self.catalogue.checks.iter().map(|check| check.id.as_str());
        let fault_ids = || faults::all().iter().map(|fault| fault.id);
        problems.extend(unknown(
            &check.tagged("covers"),
            "requirement",
            requirements,
            "add it to a file in requirements/",
        ));
        problems.extend(unknown(&needs, "capability", capabilities, "docs/target.md has them all"));
        problems.extend(unknown(&check.tagged("control"), "check", checks, "`bankproof list` names them all"));
        problems.extend(unknown(
            &check.tagged("fault"),
            "fault of the bundled bank",
            fault_ids,
            "or leave the tag out: your own scenarios need none",
        ));
        problems.extend(unknown(&check.tagged("dialect"), "dialect", || DIALECTS.into_iter(), "or leave the tag out"));
        problems.extend(self.too_strict(check));
        problems
    }

    /// The level is the clause's, and nobody's taste.
    fn too_strict(&self, check: &Check) -> Option<String> {
        let covered = check.tagged("covers");
        let rows = self.catalogue.requirements.iter().filter(|requirement| covered.contains(&requirement.row.id));
        let strictest: Level = rows.map(|requirement| requirement.row.level).min()?;
        (check.level < strictest).then(|| {
            format!("{} is stricter than any clause that it covers: the strictest is a {strictest:?}", check.id)
        })
    }

    fn steps(check: &Check) -> Vec<(usize, String)> {
        let mut problems = BTreeMap::new();
        for step in check.rows.iter().flat_map(|row| &row.scenario.steps) {
            // The rows of an outline share their lines.
            if let Entry::Vacant(line) = problems.entry(step.position.line)
                && let Some(problem) = problem_of(step)
            {
                line.insert(problem);
            }
        }
        let mut problems: Vec<_> = problems.into_iter().collect();
        let judges = check.rows.iter().flat_map(|row| &row.scenario.steps).any(|step| book::keyword(step) == "Then");
        if !judges {
            let problem = format!("{} has no Then, so nothing is judged: `bankproof steps Then` lists them", check.id);
            problems.push((check.line, problem));
        }
        problems
    }
}

fn problem_of(step: &gherkin::Step) -> Option<String> {
    match book::find(step) {
        Known::As(_) => None,
        Known::Elsewhere(words) => {
            let (stands, should) = (words.keyword, book::keyword(step));
            Some(format!("\"{}\" is a {stands} and stands where a {should} should", step.value))
        }
        Known::Ambiguous => Some(format!("\"{}\" could be several steps: choose other words", step.value)),
        Known::Not => Some(unknown_step(&step.value)),
    }
}

fn unknown_step(value: &str) -> String {
    let plain = without_values(value);
    let texts = book::all().iter().map(|words| words.text.as_str());
    let lines = nearest_phrases(&plain, texts).into_iter().map(|text| {
        let words = book::all().iter().find(|words| words.text == text);
        format!("    {} {text}", words.map_or("", |words: &Words| words.keyword))
    });
    let nearest = lines.collect::<Vec<_>>().join("\n");
    format!(
        "there is no step \"{value}\"; the nearest are\n{nearest}\n  mend: use one of them as it stands; `bankproof steps WORD` finds more"
    )
}

/// `{string}` for what stands in quotes and `{int}` for numbers, as the book has it.
fn without_values(value: &str) -> String {
    let parts = value
        .split('"')
        .enumerate()
        .map(|(index, part)| if index % 2 == 1 { "{string}".into() } else { part.to_owned() });
    let words = parts.collect::<String>();
    let word = |word: &str| if word.parse::<u64>().is_ok() { "{int}".to_owned() } else { word.to_owned() };
    words.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// A tag of the user's own is free to be anything, unless it looks like one of ours.
fn unknown_tag(tag: &str) -> Option<String> {
    if let Some((kind, _)) = tag.split_once(':') {
        let message = || {
            let nearest = nearest(kind, WITH_VALUE.into_iter()).join(", ");
            format!("the tag @{tag} is not known; the nearest are {nearest}, each with a colon and a value")
        };
        return (!WITH_VALUE.contains(&kind)).then(message);
    }
    let slip = |known: &&&str| distance(tag, known) <= SLIP.min(known.len().saturating_sub(2));
    let known = PLAIN.iter().chain(&WITH_VALUE);
    match PLAIN.contains(&tag) {
        true => None,
        false => known.into_iter().find(slip).map(|known| {
            format!(
                "the tag @{tag} is not known; did you mean @{known}? A tag of your own must look less like one of ours"
            )
        }),
    }
}

fn unknown<'n, N: Iterator<Item = &'n str>>(
    used: &[String],
    what: &str,
    names: impl Fn() -> N,
    mend: &str,
) -> Vec<String> {
    let is_unknown = |id: &&String| !names().any(|name| name == id.as_str());
    let complain = |id: &String| {
        format!(
            "there is no {what} {id}; the nearest are {}\n  mend: use one of them; {mend}",
            nearest(id, names()).join(", ")
        )
    };
    used.iter().filter(is_unknown).map(complain).collect()
}

//! What steps may say: each is known, once, under its keyword, and a `Then` judges.

use std::collections::{BTreeMap, btree_map::Entry};

use cucumber::gherkin;

use crate::{
    catalogue::Check,
    pki::nearest_phrases,
    steps::list::{self, Known, Words},
};

/// What is wrong with the steps of a check, by line.
pub(super) fn problems(check: &Check) -> Vec<(usize, String)> {
    let steps = || check.rows.iter().flat_map(|row| &row.scenario.steps);
    let mut problems = BTreeMap::new();
    for step in steps() {
        // The rows of an outline share their lines.
        if let Entry::Vacant(line) = problems.entry(step.position.line)
            && let Some(problem) = problem_of(step)
        {
            line.insert(problem);
        }
    }
    let mut problems: Vec<_> = problems.into_iter().collect();
    if !steps().any(|step| list::keyword(step) == "Then") {
        problems
            .push((check.line, "it has no Then, so nothing is judged: `bankproof steps Then` lists them".to_owned()));
    }
    problems
}

fn problem_of(step: &gherkin::Step) -> Option<String> {
    match list::find(step) {
        Known::As(_) => None,
        Known::Elsewhere(words) => {
            let (stands, should) = (words.keyword, list::keyword(step));
            Some(format!("\"{}\" is a {stands} and stands where a {should} should", step.value))
        }
        Known::Ambiguous => Some(format!("\"{}\" could be several steps: choose other words", step.value)),
        Known::Not => Some(unknown_step(&step.value)),
    }
}

fn unknown_step(value: &str) -> String {
    let plain = without_values(value);
    let texts = list::all().iter().map(|words| words.text.as_str());
    let lines = nearest_phrases(&plain, texts).into_iter().map(|text| {
        let words = list::all().iter().find(|words| words.text == text);
        format!("    {} {text}", words.map_or("", |words: &Words| words.keyword))
    });
    let nearest = lines.collect::<Vec<_>>().join("\n");
    format!(
        "there is no step \"{value}\"; the nearest are\n{nearest}\n  mend: use one of them as it stands; `bankproof steps WORD` finds more"
    )
}

/// `{string}` for what stands in quotes and `{int}` for numbers, as the list has it.
fn without_values(value: &str) -> String {
    let parts = value
        .split('"')
        .enumerate()
        .map(|(index, part)| if index % 2 == 1 { "{string}".into() } else { part.to_owned() });
    let words = parts.collect::<String>();
    let word = |word: &str| if word.parse::<u64>().is_ok() { "{int}".to_owned() } else { word.to_owned() };
    words.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

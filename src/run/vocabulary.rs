//! The vocabulary of feature files: every step, where the catalogue uses it first, and with which values.

use std::collections::HashMap;

use serde::Serialize;

use crate::{
    catalogue::{Catalogue, CatalogueError},
    steps::book::{self, Known},
};

/// One step.
#[derive(Clone, Debug, Serialize)]
pub struct StepInfo {
    /// `Given`, `When` or `Then`.
    pub keyword: String,
    /// As the steps are defined: `{string}` is a text in quotes, `{int}` a number, `<a|b>` a choice, `…` free.
    pub text: String,
    /// What it is about: `token`.
    pub area: String,
    /// What it does beyond what its words say; often empty.
    pub help: String,
    /// The values that the catalogue puts into its one parameter.
    pub values: Vec<String>,
    /// The first scenario that uses it.
    pub example: Example,
}

/// A step as a scenario of the catalogue uses it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Example {
    /// The step as written there.
    pub text: String,
    /// The scenario's id.
    pub check: String,
    /// Its feature file.
    pub path: String,
    /// The line of the step.
    pub line: usize,
}

/// Every step, by area.
///
/// # Errors
/// The catalogue in the binary cannot be read.
pub fn all() -> Result<Vec<StepInfo>, CatalogueError> {
    let catalogue = Catalogue::load(None)?;
    let mut uses: HashMap<*const book::Words, Vec<Example>> = HashMap::new();
    for check in &catalogue.checks {
        for step in check.rows.iter().flat_map(|row| &row.scenario.steps) {
            let Known::As(words) = book::find(step) else { continue };
            let (text, path, line) = (step.value.clone(), check.path.clone(), step.position.line);
            uses.entry(words).or_default().push(Example { text, check: check.id.clone(), path, line });
        }
    }
    let info = |words: &book::Words| {
        let uses = uses.remove(&std::ptr::from_ref(words)).unwrap_or_default();
        StepInfo {
            keyword: words.keyword.into(),
            text: words.text.clone(),
            area: words.area.clone(),
            help: words.help.clone(),
            values: values(&words.text, &uses),
            example: uses.into_iter().next().unwrap_or_default(),
        }
    };
    Ok(book::all().iter().map(info).collect())
}

/// What differs between the uses of a step with one parameter, in the order in which it comes.
fn values(text: &str, uses: &[Example]) -> Vec<String> {
    let marks = ["{string}", "{int}", "…", "<"];
    if marks.iter().map(|mark| text.matches(mark).count()).sum::<usize>() != 1 {
        return Vec::new();
    }
    let Some(before) = marks.iter().find_map(|mark| Some(text.split_once(mark)?.0)) else { return Vec::new() };
    let after = text.rsplit(['}', '…', '>']).next().unwrap_or_default();
    let mut values: Vec<String> = Vec::new();
    for text in uses.iter().map(|used| &used.text) {
        let value = text.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
        if let Some(value) = value.filter(|value| !values.iter().any(|known| known == value)) {
            values.push(value.to_owned());
        }
    }
    values
}

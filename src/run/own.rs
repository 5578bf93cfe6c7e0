//! Users' own scenarios: what is wrong with them is found before the first request, all of it at once, each with file,
//! line and mend.

use std::{fmt, path::Path};

use super::lint;
use crate::catalogue::{Catalogue, CatalogueError};

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
    let problems = lint::own(&catalogue);
    if problems.is_empty() { Ok(catalogue) } else { Err(OwnProblems(problems)) }
}

//! Answers: given on the command line or in a file, or asked for.

use std::{
    collections::BTreeMap,
    io::{self, BufRead, Read},
    path::Path,
};

use super::super::{Stop, output};

/// No answer is longer, in octets.
const LONGEST: u64 = 4096;

/// What was given before anything is asked, by key.
pub(super) struct Answers(BTreeMap<String, String>);

impl Answers {
    /// From `key=value` pairs, which go before a file of TOML strings.
    pub(super) fn given(file: Option<&Path>, pairs: impl Iterator<Item = (String, String)>) -> Result<Self, Stop> {
        let mut answers = BTreeMap::new();
        if let Some(path) = file {
            let named = |error: &dyn std::fmt::Display| Stop::usage(format!("{}: {error}", path.display()));
            let text = std::fs::read_to_string(path).map_err(|error| named(&error))?;
            answers = toml::from_str(&text)
                .map_err(|error| named(&format!("{}; answers are strings: issuer = \"https://…\"", error.message())))?;
        }
        answers.extend(pairs);
        Ok(Self(answers))
    }

    /// The answer, if it was given.
    pub(super) fn find(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// The answer: given, typed, or the default where nothing is typed.
    pub(super) fn ask(&self, key: &str, question: &str, default: Option<&str>) -> Result<String, Stop> {
        match self.find(key) {
            Some(answer) => Ok(answer.to_owned()),
            None => typed(key, question, default),
        }
    }
}

/// What somebody types.
pub(super) fn typed(key: &str, question: &str, default: Option<&str>) -> Result<String, Stop> {
    let shown = default.map(|default| format!(" [{default}]")).unwrap_or_default();
    output::progress(&format!("{question}{shown}"));
    let mut line = String::new();
    let read = io::stdin().lock().take(LONGEST).read_line(&mut line);
    match (read, line.trim(), default) {
        (Ok(_), "", Some(default)) => Ok(default.to_owned()),
        (Ok(_), text, _) if !text.is_empty() => Ok(text.to_owned()),
        _ => {
            Err(Stop::usage(format!("no answer: type one, or give it with --answer {key}=VALUE or in --answers FILE")))
        }
    }
}

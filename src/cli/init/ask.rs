//! Answers: given on the command line or in a file, or asked for, and asked for again where they cannot be right.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    io::{self, BufRead, Read},
    path::Path,
};

use super::{
    super::{Stop, output},
    questions,
    read::text,
};
use crate::targets::mistake;

/// No answer is longer, in octets.
const LONGEST: u64 = 4096;
/// So often a question is asked again.
const AGAIN: usize = 3;

/// What was given before anything is asked, by key.
pub(super) struct Answers {
    given: BTreeMap<String, String>,
    /// What was typed, in the order of the questions.
    typed: RefCell<Vec<(String, String)>>,
}

/// What is typed for these is kept by nobody.
const SECRET: [&str; 2] = ["secrets", "client_secret"];

/// What somebody is asked.
#[derive(Clone, Copy)]
pub(super) struct Question<'a> {
    /// What the answer is called where it is given.
    pub(super) key: &'a str,
    pub(super) words: &'a str,
    /// What an empty line stands for.
    pub(super) default: Option<&'a str>,
}

impl Answers {
    /// From `key=value` pairs, which go before a file of TOML strings.
    pub(super) fn given(file: Option<&Path>, pairs: impl Iterator<Item = (String, String)>) -> Result<Self, Stop> {
        let mut answers = BTreeMap::new();
        if let Some(path) = file {
            let named = |error: &dyn std::fmt::Display| Stop::usage(format!("{}: {error}", path.display()));
            let text = std::fs::read_to_string(path).map_err(|error| named(&error))?;
            answers = toml::from_str(&text).map_err(|error| {
                named(&format!("{}; answers are strings: issuer = \"https://…\"", mistake(&text, &error)))
            })?;
        }
        answers.extend(pairs);
        if let Some(problem) = answers.keys().find_map(|key| questions::objection(key)) {
            return Err(Stop::usage(problem));
        }
        Ok(Self { given: answers, typed: RefCell::default() })
    }

    /// The answer, if it was given, and what it is read as.
    pub(super) fn find<T>(&self, key: &str, read: impl Fn(&str) -> Result<T, String>) -> Result<Option<T>, Stop> {
        let wrong = |problem| Stop::usage(format!("the answer to \"{key}\": {problem}"));
        self.given.get(key).map(|answer| read(answer.trim()).map_err(wrong)).transpose()
    }

    /// What was typed so far as a file of answers, without secrets; nothing where nothing was.
    pub(super) fn typed_so_far(&self) -> Option<String> {
        let typed = self.typed.borrow();
        let kept = typed.iter().filter(|(key, _)| !SECRET.contains(&key.as_str()));
        let lines: Vec<String> =
            kept.map(|(key, answer)| format!("{key} = {}\n", toml::Value::String(answer.clone()))).collect();
        (!lines.is_empty()).then(|| lines.concat())
    }

    /// The answer: given, typed, or the default where nothing is typed. `read` says what is wrong with it.
    pub(super) fn ask<T>(
        &self,
        key: &str,
        words: &str,
        default: Option<&str>,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T, Stop> {
        match self.find(key, &read)? {
            Some(answer) => Ok(answer),
            None => {
                let kept = |answer: &str| {
                    read(answer).inspect(|_| self.typed.borrow_mut().push((key.to_owned(), answer.to_owned())))
                };
                typed(Question { key, words, default }, kept)
            }
        }
    }
}

/// What somebody types: who types something wrong is told so and asked again.
pub(super) fn typed<T>(question: Question<'_>, read: impl Fn(&str) -> Result<T, String>) -> Result<T, Stop> {
    let mut again = 0;
    loop {
        match text(&line(question)?).and_then(|answer| read(&answer)) {
            Ok(answer) => return Ok(answer),
            Err(problem) if again == AGAIN => {
                return Err(Stop::usage(format!("{problem}; that was asked {} times", AGAIN + 1)));
            }
            Err(problem) => output::progress(&format!("  {problem}")),
        }
        again += 1;
    }
}

/// One line, or the default where it is empty.
fn line(Question { key, words, default }: Question<'_>) -> Result<String, Stop> {
    let shown = default.map(|default| format!(" [{default}]")).unwrap_or_default();
    output::progress(&format!("{words}{shown}"));
    let mut line = String::new();
    let read = io::stdin().lock().take(LONGEST).read_line(&mut line);
    match (read, line.trim(), default) {
        (Ok(_), "", Some(default)) => Ok(default.to_owned()),
        // What is left of such a line must not answer the next question.
        (Ok(_), ..) if line.len() as u64 == LONGEST && !line.ends_with('\n') => {
            Err(Stop::usage(format!("the answer to \"{key}\" is longer than {LONGEST} octets")))
        }
        (Ok(octets), typed, _) if octets > 0 => Ok(typed.to_owned()),
        _ => {
            Err(Stop::usage(format!("no answer: type one, or give it with --answer {key}=VALUE or in --answers FILE")))
        }
    }
}

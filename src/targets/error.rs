//! What is wrong with a target file: where, what was expected, how to mend it.

use std::path::{Path, PathBuf};

/// A target file that cannot be used (exit code 2).
#[derive(Debug, thiserror::Error)]
#[error("{file}{}: {problem}\n  mend: {mend}", .line.map(|line| format!(", line {line}")).unwrap_or_default(), file = .file.display())]
pub struct TargetError {
    /// What kind of mistake it is: `key-mismatch`; `target-file` where it has no name of its own.
    pub name: &'static str,
    /// The file.
    pub file: PathBuf,
    /// The line, where there is one.
    pub line: Option<usize>,
    /// What is wrong, with the key that it is about.
    pub problem: String,
    /// What to do.
    pub mend: String,
}

impl TargetError {
    /// The same as a mistake of that name.
    pub(super) fn named(self, name: &'static str) -> Self {
        Self { name, ..self }
    }
}

/// A file's text, for telling the line of a key.
pub(super) struct Source<'a> {
    pub(super) path: &'a Path,
    pub(super) text: &'a str,
}

impl Source<'_> {
    pub(super) fn error(&self, at: Option<usize>, problem: impl Into<String>, mend: impl Into<String>) -> TargetError {
        let line_of = |offset: usize| self.text[..offset.min(self.text.len())].matches('\n').count() + 1;
        TargetError {
            name: "target-file",
            file: self.path.to_owned(),
            line: at.map(line_of),
            problem: problem.into(),
            mend: mend.into(),
        }
    }
}

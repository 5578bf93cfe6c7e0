//! Reports of a run, each from the same record: HTML for people, JSON and JUnit for programs, lines for the terminal.
//!
//! What a bank sent is hostile text here: it is escaped, bounded and freed of characters that steer a terminal.

mod coverage;
pub mod html;
mod index;
pub mod json;
pub mod junit;
pub mod terminal;
mod text;
mod words;

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::run::event::RunRecord;

/// A report could not be made or written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A template of ours is wrong: a fault of bankproof.
    #[error("the HTML report could not be rendered, which is a fault of bankproof: {0}")]
    Template(#[from] tera::Error),
    /// The record cannot be said in JSON: a fault of bankproof.
    #[error("results.json could not be rendered, which is a fault of bankproof: {0}")]
    Json(#[from] serde_json::Error),
    /// The record cannot be said in JUnit's XML: a fault of bankproof.
    #[error("junit.xml could not be rendered, which is a fault of bankproof: {0}")]
    Junit(#[from] quick_junit::SerializeError),
    /// The disk said no.
    #[error("{}: the report could not be written: {source}; free some space, or choose another folder with --out", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Writes `report.html`, `results.json` and `junit.xml` into a folder that exists.
///
/// Each appears whole or not at all: it is written under another name and then renamed.
///
/// # Errors
/// When one of them cannot be rendered or written; those before it are there then.
pub fn write_all(record: &RunRecord, dir: &Path) -> Result<(), ReportError> {
    replace(&dir.join("results.json"), &json::render(record)?)?;
    replace(&dir.join("junit.xml"), &junit::render(record)?)?;
    replace(&dir.join("report.html"), &html::render(record)?)
}

fn replace(path: &Path, text: &str) -> Result<(), ReportError> {
    let unfinished = path.with_extension("unfinished");
    let written = write_whole(&unfinished, text).and_then(|()| fs::rename(&unfinished, path));
    written.map_err(|source| ReportError::Io { path: path.to_owned(), source })
}

fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(text.as_bytes())?;
    // A rename must not outlive the bytes when the machine goes down.
    file.sync_all()
}

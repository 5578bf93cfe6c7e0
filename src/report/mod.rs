//! Reports of a run, each from the same record: HTML for people, JSON and JUnit for programs, lines for the terminal.
//!
//! What a bank sent is hostile text here: it is escaped, bounded and freed of characters that steer a terminal.

mod coverage;
mod formats;
pub mod html;
mod index;
pub mod json;
pub mod junit;
pub mod terminal;
mod text;
mod words;

pub use formats::{FORMATS, Format};

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::run::event::RunRecord;

/// Why a format cannot say a record.
pub type BoxedError = Box<dyn Error + Send + Sync>;

/// A report could not be made or written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The record cannot be said in that format: a fault of bankproof.
    #[error("{file} could not be rendered, which is a fault of bankproof: {source}")]
    Render {
        /// The file that was to be written.
        file: &'static str,
        /// Why.
        source: BoxedError,
    },
    /// The disk said no.
    #[error("{}: the report could not be written: {source}; free some space, or choose another folder with --out", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Writes a run in those formats into a folder that exists.
///
/// Each file appears whole or not at all: it is written under another name and then renamed.
///
/// # Errors
/// When one of them cannot be rendered or written; those before it are there then.
pub fn write(record: &RunRecord, dir: &Path, formats: &[&Format]) -> Result<(), ReportError> {
    let mut chosen = FORMATS.iter().filter(|row| formats.iter().any(|format| format.name == row.name));
    chosen.try_for_each(|format| replace(&dir.join(format.file), &format.render(record)?))
}

/// Takes what an earlier part of the same run has left in other formats out of its folder: it tells of half a run.
///
/// # Errors
/// When one of them cannot be removed.
pub fn remove_others(dir: &Path, formats: &[&Format]) -> Result<(), ReportError> {
    let mut others = FORMATS.iter().filter(|row| formats.iter().all(|format| format.name != row.name));
    others.try_for_each(|format| {
        let path = dir.join(format.file);
        match fs::remove_file(&path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => Err(ReportError::Io { path, source }),
            _ => Ok(()),
        }
    })
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

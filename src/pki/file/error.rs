//! What is wrong with a file of certificates or keys: which one, what was found in it, and how to mend it.

use std::fmt;
use std::path::{Path, PathBuf};

/// Why a file cannot be used as certificate, key or PKCS#12. No message ever quotes what the file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileError {
    /// The file.
    pub path: PathBuf,
    /// What was found in it.
    pub found: String,
    /// How to convert it, mostly a line for OpenSSL.
    pub mend: String,
}

impl FileError {
    pub(super) fn new(path: &Path, found: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { path: path.to_owned(), found: found.into(), mend: mend.into() }
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}\n  mend: {}", self.path.display(), self.found, self.mend)
    }
}

impl std::error::Error for FileError {}

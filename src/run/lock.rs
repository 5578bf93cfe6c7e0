//! One process at a time writes into the folder of a run.

use std::{
    fs::{File, TryLockError},
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

/// Never the journal itself: that may be moved away while the run goes on.
const NAME: &str = ".lock";

/// A folder that is ours until this is dropped, or the process ends in whatever way.
#[derive(Debug)]
pub struct Lock {
    _file: Option<File>,
}

/// Why a folder is not ours.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process works there (exit code 2).
    #[error(
        "the run in {} is still going on in another process: let it come to its end, or stop it, and resume it then",
        .0.display()
    )]
    Taken(PathBuf),
    /// The lock cannot be made (exit code 5).
    #[error("{}: {source}", path.display())]
    Io {
        /// The lock.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl Lock {
    /// Takes a folder that exists.
    ///
    /// # Errors
    /// Somebody else has it, or nothing can be written there.
    pub fn take(folder: &Path) -> Result<Self, LockError> {
        let path = folder.join(NAME);
        let failed = |source| LockError::Io { path: path.clone(), source };
        let file = File::options().create(true).append(true).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: Some(file) }),
            Err(TryLockError::WouldBlock) => Err(LockError::Taken(folder.to_owned())),
            // Not every file system knows locks; the run is worth more than the guard.
            Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => Ok(Self { _file: None }),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }
}

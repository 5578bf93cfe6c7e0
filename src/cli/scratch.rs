//! One folder for everything temporary of this process, so that it can be taken away whole, however the process ends.

use std::sync::{Mutex, PoisonError};

use super::Stop;
use crate::pki::{Scratch, remove_scratch};

static FOLDER: Mutex<Option<Scratch>> = Mutex::new(None);

/// Makes it. Where that cannot be, whoever needs a temporary folder is told why, and nobody else.
pub(super) fn open() {
    let Ok(folder) = Scratch::new() else { return };
    if tempfile::env::override_temp_dir(folder.path()).is_ok() {
        *FOLDER.lock().unwrap_or_else(PoisonError::into_inner) = Some(folder);
    }
}

/// A folder in it for one purpose.
///
/// # Errors
/// There is no place for one.
pub(super) fn folder() -> Result<Scratch, Stop> {
    Scratch::new().map_err(|error| {
        let Stop { code, message } = Stop::because_of(&error);
        let mend = "let TMPDIR name a folder that you may write to, with some space left";
        Stop { code, message: format!("no temporary folder can be made: {message}\n  mend: {mend}") }
    })
}

/// Removes it with all that is in it, and whatever else this process keeps for a while.
pub(super) fn remove() {
    drop(FOLDER.lock().unwrap_or_else(PoisonError::into_inner).take());
    remove_scratch();
}

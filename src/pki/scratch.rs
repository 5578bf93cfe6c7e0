//! Folders for keys that nobody needs for longer than the program runs: closed to everybody else, and removed in the end,
//! however it comes. What a program that was killed has left behind is removed by the next one.

use std::collections::BTreeSet;
use std::fs::{self, File, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};
use std::time::Duration;

use tempfile::TempDir;

const PREFIX: &str = "bankproof-";
/// Locked for as long as the program runs, and open to be locked once it is gone.
const LOCK: &str = ".in-use";
const UNLOCKED: &str = ".unlocked";
/// A folder without that file is just being made, unless it is as old as this.
const BEING_MADE: Duration = Duration::from_secs(3600);

/// So often it is tried to remove a folder in which files appear meanwhile.
const TRIES: usize = 10;

/// Those of this process.
static OWN: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// A folder under the system's folder for temporary files; dropping it removes it.
#[derive(Debug)]
pub struct Scratch {
    folder: TempDir,
    _lock: File,
}

impl Scratch {
    /// Makes one.
    ///
    /// # Errors
    /// The folder for temporary files is not there, or takes nothing.
    pub fn new() -> io::Result<Self> {
        static SWEPT: Once = Once::new();
        let owner_alone = Permissions::from_mode(0o700);
        let folder = tempfile::Builder::new().prefix(PREFIX).permissions(owner_alone).tempdir()?;
        // It gets its name once it is locked: between the two, another program would take it for one left behind.
        let unnamed = folder.path().join(UNLOCKED);
        let lock = super::write::new_private(&unnamed)?;
        lock.try_lock()?;
        fs::rename(unnamed, folder.path().join(LOCK))?;
        own().insert(folder.path().to_owned());
        SWEPT.call_once(|| sweep(folder.path()));
        Ok(Self { folder, _lock: lock })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        own().remove(self.folder.path());
    }
}

/// Removes all folders of this process: for an end at which nothing is dropped.
pub fn remove_all() {
    for folder in std::mem::take(&mut *own()) {
        // Somebody may still be writing there.
        let _ = (0..TRIES).any(|_| fs::remove_dir_all(&folder).is_ok());
    }
}

fn own() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    OWN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes what stands beside that folder, is its owner's, and is in nobody's use.
fn sweep(own: &Path) {
    let Some((folder, owner)) = own.parent().zip(fs::metadata(own).ok().map(|own| own.uid())) else { return };
    let beside = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in beside.filter(|entry| entry.file_name().to_string_lossy().starts_with(PREFIX)) {
        // Of a link this is about the link: it leads nowhere.
        let is_ours = entry.metadata().is_ok_and(|found| found.is_dir() && found.uid() == owner);
        if is_ours && is_stale(&entry.path()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn is_stale(folder: &Path) -> bool {
    match File::open(folder.join(LOCK)) {
        Ok(lock) => lock.try_lock().is_ok(),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let age =
                fs::metadata(folder).and_then(|found| found.modified()).ok().and_then(|since| since.elapsed().ok());
            age.is_some_and(|age| age > BEING_MADE)
        }
        Err(_) => false,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_owners_alone_and_goes_with_its_user() {
        let scratch = Scratch::new().unwrap();
        let path = scratch.path().to_owned();
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o700);
        assert_eq!(fs::metadata(path.join(LOCK)).unwrap().mode() & 0o777, 0o600);
        assert!(!is_stale(&path), "it is in use");
        drop(scratch);
        assert!(!path.exists());
    }
}

//! What the machine does not give: disk space, folders, descriptors. That is nobody's fault of ours, and the user can mend it.

use std::{
    error::Error,
    fs,
    io::{self, ErrorKind},
};

use tokio::signal::unix::{SignalKind, signal};

use super::Stop;
use crate::run::exit;

/// What talks to a network needs so many file descriptors beside those that are taken.
const DESCRIPTORS: u64 = 40;
/// SIGXFSZ, on every system where this runs.
const FILE_TOO_LARGE: i32 = 25;

impl Stop {
    /// Because of what the operating system refused, where that is at the bottom of the error; else a fault of bankproof.
    pub(super) fn because_of(error: &(dyn Error + 'static)) -> Self {
        Self { code: refusal(error).map_or(exit::INTERNAL, code_of), message: error.to_string() }
    }
}

/// What the operating system said, where it said anything.
fn refusal(error: &(dyn Error + 'static)) -> Option<ErrorKind> {
    let own = error.downcast_ref::<io::Error>().map(io::Error::kind);
    error.source().and_then(refusal).or(own)
}

fn code_of(kind: ErrorKind) -> u8 {
    match kind {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge | ErrorKind::ReadOnlyFilesystem => {
            exit::NO_REPORT
        }
        _ => exit::USAGE,
    }
}

/// A runtime for commands that talk to a network.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, Stop> {
    runtime_for(0, "")
}

/// The same for one that needs `more` file descriptors than others, and says what else would help.
pub(super) fn runtime_for(more: u64, else_mend: &str) -> Result<tokio::runtime::Runtime, Stop> {
    let limit = soft_limit(&limits(), "Max open files");
    let taken = fs::read_dir("/proc/self/fd").map_or(0, |entries| entries.count() as u64);
    let needed = taken + DESCRIPTORS + more;
    // Too few of them show late, and as everything but what they are.
    if let Some(limit) = limit.filter(|limit| *limit < needed) {
        return Err(Stop::usage(format!(
            "this process may open {limit} files at a time, and needs {needed}\n  mend: raise the limit: ulimit -n {}{else_mend}",
            needed.next_power_of_two().max(1024)
        )));
    }
    tokio::runtime::Runtime::new().map_err(|error| Stop::because_of(&error))
}

/// Where files may only grow so far, a process is killed by a signal when one does: from now on the write fails instead,
/// and is told.
pub(super) fn let_long_writes_fail() -> Result<(), Stop> {
    if soft_limit(&limits(), "Max file size").is_some() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build();
        let listening = runtime.and_then(|runtime| {
            let _entered = runtime.enter();
            // The default action never comes back, though nobody listens any more.
            signal(SignalKind::from_raw(FILE_TOO_LARGE)).map(drop)
        });
        listening.map_err(|error| Stop::because_of(&error))?;
    }
    Ok(())
}

fn limits() -> String {
    fs::read_to_string("/proc/self/limits").unwrap_or_default()
}

/// A limit by the table of proc(5); `None` where there is no bound.
fn soft_limit(limits: &str, name: &str) -> Option<u64> {
    let row = limits.lines().find_map(|line| line.strip_prefix(name))?;
    row.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_machine_refuses_is_no_fault_of_ours() {
        let refused = |kind: ErrorKind| {
            let path = "t.toml".into();
            Stop::because_of(&crate::run::bundled::WriteError::Io { path, source: kind.into() }).code
        };
        assert_eq!(refused(ErrorKind::StorageFull), exit::NO_REPORT);
        assert_eq!(refused(ErrorKind::NotFound), exit::USAGE);
        assert_eq!(Stop::because_of(&std::fmt::Error).code, exit::INTERNAL);
    }

    #[test]
    fn the_soft_limit_is_the_one_that_counts() {
        let table = "Limit                     Soft Limit           Hard Limit           Units     \n\
                     Max open files            1024                 4096                 files     \n";
        assert_eq!(soft_limit(table, "Max open files"), Some(1024));
        let table = "Max file size             unlimited            unlimited            bytes     ";
        assert_eq!(soft_limit(table, "Max file size"), None);
        assert_eq!(soft_limit("", "Max file size"), None);
    }
}

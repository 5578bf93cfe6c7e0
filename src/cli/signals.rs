//! The signals by which a program is told to end: an interrupt at the terminal, a polite kill, a terminal that is gone.

use std::{fs, io};

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::Stop;
use crate::pki;

/// Hears them from now on: once a program listens, the system ends it no more.
pub(super) struct Ends {
    interrupt: Option<Signal>,
    terminate: Option<Signal>,
    hang_up: Option<Signal>,
}

impl Ends {
    /// Begins to listen, within a runtime.
    ///
    /// # Errors
    /// The system lets nobody listen.
    pub(super) fn listen() -> Result<Self, Stop> {
        let hear = |kind| heard(kind).map_err(|error| Stop::internal(format!("signals cannot be heard: {error}")));
        Ok(Self {
            interrupt: hear(SignalKind::interrupt())?,
            terminate: hear(SignalKind::terminate())?,
            hang_up: hear(SignalKind::hangup())?,
        })
    }

    /// Waits for the next one; the exit code of a program that it has ended.
    pub(super) async fn next(&mut self) -> i32 {
        let kind = tokio::select! {
            () = next(&mut self.interrupt) => SignalKind::interrupt(),
            () = next(&mut self.terminate) => SignalKind::terminate(),
            () = next(&mut self.hang_up) => SignalKind::hangup(),
        };
        128 + kind.as_raw_value()
    }
}

async fn next(signal: &mut Option<Signal>) {
    let heard = match signal {
        Some(signal) => signal.recv().await,
        None => None,
    };
    if heard.is_none() {
        std::future::pending::<()>().await;
    }
}

/// What the program was started to ignore, by `nohup` for example, it goes on to ignore.
fn heard(kind: SignalKind) -> io::Result<Option<Signal>> {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    if is_ignored(&status, kind.as_raw_value()) { Ok(None) } else { signal(kind).map(Some) }
}

/// The mask has a bit for each signal, the lowest for the first.
fn is_ignored(status: &str, number: i32) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
    mask >> (number - 1) & 1 == 1
}

/// For a command that has nothing to finish: what ends it leaves no folder with keys behind.
pub(super) fn leave_nothing_behind() -> Result<(), Stop> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Stop::internal)?;
    let mut ends = {
        let _inside = runtime.enter();
        Ends::listen()?
    };
    std::thread::spawn(move || {
        let code = runtime.block_on(ends.next());
        pki::remove_scratch();
        std::process::exit(code);
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_ignored_is_read_from_the_mask() {
        let status = "Name:\tx\nSigBlk:\tffffffffffffffff\nSigIgn:\t0000000000001001\n";
        assert!(is_ignored(status, 1) && is_ignored(status, 13) && !is_ignored(status, 2) && !is_ignored("", 1));
    }
}

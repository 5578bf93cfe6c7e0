//! Interrupts: SIGINT, SIGTERM and SIGHUP mean the same. The first lets what has begun come to its end; the second, of
//! whatever kind, ends the process at once.

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use futures::future::select_all;
use tokio::{
    runtime::Builder,
    signal::unix::{Signal, SignalKind, signal},
};

use super::{Stop, output, scratch};

/// Every signal that asks us to end.
pub(super) struct Signals(Vec<(SignalKind, Signal)>);

impl Signals {
    /// Begins to listen; from then on none of them ends the process by itself. Call it before the first await.
    ///
    /// # Errors
    /// The operating system does not let us.
    pub(super) fn listen() -> Result<Self, Stop> {
        let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
        let listen = |kind| Ok((kind, signal(kind).map_err(|error| Stop::because_of(&error))?));
        kinds.into_iter().filter(|kind| !is_left_alone(*kind)).map(listen).collect::<Result<_, Stop>>().map(Self)
    }

    /// Waits for the next one, and gives its number.
    pub(super) async fn next(&mut self) -> i32 {
        let each = self.0.iter_mut().map(|(kind, signal)| {
            Box::pin(async move {
                signal.recv().await;
                kind.as_raw_value()
            })
        });
        select_all(each).await.0
    }
}

/// Listens for interrupts until the process ends: what it gives is set by the first of them.
///
/// # Errors
/// The operating system does not let us.
pub(super) fn stop_at_first() -> Result<Arc<AtomicBool>, Stop> {
    let mut signals = Signals::listen()?;
    let stop = Arc::new(AtomicBool::new(false));
    let flag = stop.clone();
    tokio::spawn(async move {
        signals.next().await;
        flag.store(true, Ordering::Relaxed);
        output::progress("Stopping: checks that have begun come to their end; press Ctrl-C again to leave at once.");
        leave(signals.next().await)
    });
    Ok(stop)
}

/// Lets the first of them end the process, once it has tidied up: where nothing is half done that is worth keeping.
///
/// # Errors
/// The operating system does not let us.
pub(super) fn leave_at_first() -> Result<(), Stop> {
    let mut signals = Signals::listen()?;
    tokio::spawn(async move { leave(signals.next().await) });
    Ok(())
}

/// The same for a command without a runtime: what ends it leaves no folder with keys behind.
///
/// # Errors
/// The operating system does not let us.
pub(super) fn leave_nothing_behind() -> Result<(), Stop> {
    let runtime = Builder::new_current_thread().enable_all().build().map_err(|error| Stop::because_of(&error))?;
    let mut signals = {
        let _inside = runtime.enter();
        Signals::listen()?
    };
    std::thread::spawn(move || leave(runtime.block_on(signals.next())));
    Ok(())
}

/// Ends with the code that a shell gives whoever was ended by that signal. No destructor runs any more.
fn leave(number: i32) -> ! {
    scratch::remove();
    std::process::exit(128 + number)
}

/// Under `nohup` a hangup is ignored, and whoever listens for it would undo that.
fn is_left_alone(kind: SignalKind) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    kind == SignalKind::hangup() && is_ignored(&status, kind.as_raw_value())
}

/// `status` as in proc(5): a mask in hexadecimal digits, whose first bit is for signal 1.
fn is_ignored(status: &str, number: i32) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u128::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    (mask >> (number - 1)) & 1 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ignored_signal_is_a_bit_of_the_mask() {
        let status =
            "Name:\tbankproof\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000001001\nSigCgt:\t0000000100000440\n";
        assert!(is_ignored(status, 1) && is_ignored(status, 13));
        assert!(!is_ignored(status, 2) && !is_ignored(status, 15) && !is_ignored("", 1));
    }
}

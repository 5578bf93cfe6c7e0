//! Printing: results on stdout, everything else on stderr.

use std::{
    io::{self, ErrorKind, Write},
    sync::{Mutex, PoisonError},
};

/// The first result that could not be printed: what a program waits for is never lost in silence.
static LOST: Mutex<Option<io::Error>> = Mutex::new(None);

/// A line of the result; a failure is kept for [`lost`].
pub(super) fn result(text: &str) {
    let mut stdout = io::stdout();
    keep(writeln!(stdout, "{text}").and_then(|()| stdout.flush()));
}

/// Notes whether something could be printed. A reader that goes away has read enough, and is no error.
pub(super) fn keep(printed: io::Result<()>) {
    if let Err(error) = printed
        && error.kind() != ErrorKind::BrokenPipe
    {
        LOST.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
    }
}

/// Why a result could not be printed, if one could not.
pub(super) fn lost() -> Option<io::Error> {
    LOST.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// A line about how it goes.
pub(super) fn progress(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Why a command ends.
pub(super) fn complain(text: &str) {
    let _ = writeln!(io::stderr(), "bankproof: {text}");
}

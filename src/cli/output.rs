//! Printing: results on stdout, everything else on stderr. A reader that goes away is no error.

use std::io::{self, Write};

/// A line of the result.
pub(super) fn result(text: &str) {
    let _ = writeln!(io::stdout(), "{text}");
}

/// A line about how it goes.
pub(super) fn progress(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Why a command ends.
pub(super) fn complain(text: &str) {
    let _ = writeln!(io::stderr(), "bankproof: {text}");
}

//! The terminal of a person who plays the customer.

use std::{
    io::{BufRead, Read},
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::mpsc;

use crate::{report::terminal::Terminal, tpp::psu};

/// No address that a person pastes is longer, in bytes.
const LINE: u64 = 64 * 1024;

/// Listens to that person: what is said shows beside the progress of the run, and the lines of standard input are the answers.
pub(super) fn listen(terminal: Arc<Mutex<Terminal>>) {
    let (send, answers) = mpsc::unbounded_channel();
    psu::attend(move |line| terminal.lock().unwrap_or_else(PoisonError::into_inner).notice(line), answers);
    // Not the runtime's: reading a terminal cannot be broken off, and nobody must wait for it at the end.
    std::thread::spawn(move || {
        let mut input = std::io::stdin().lock();
        loop {
            let mut line = Vec::new();
            match input.by_ref().take(LINE).read_until(b'\n', &mut line) {
                Ok(1..) if send.send(String::from_utf8_lossy(&line).into_owned()).is_ok() => {}
                _ => break,
            }
        }
    });
}

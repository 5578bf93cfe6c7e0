//! The desk at which a person sits: what is said there and what is answered. There is one in a process, as there is one
//! terminal; only the command line may open it.

use std::sync::OnceLock;

use tokio::sync::{Mutex, MutexGuard, mpsc::UnboundedReceiver};

type Say = Box<dyn Fn(&str) + Send + Sync>;

static DESK: OnceLock<Desk> = OnceLock::new();

struct Desk {
    say: Say,
    answers: Mutex<UnboundedReceiver<String>>,
}

/// A person who is free for one thing at a time.
pub(super) struct Person {
    say: &'static Say,
    answers: MutexGuard<'static, UnboundedReceiver<String>>,
    has_left: bool,
}

/// Opens the desk: `say` tells the person a line, `answers` are the lines that come back. The first opening counts.
pub fn attend(say: impl Fn(&str) + Send + Sync + 'static, answers: UnboundedReceiver<String>) {
    let _ = DESK.set(Desk { say: Box::new(say), answers: Mutex::new(answers) });
}

/// Waits until the person is free; `None` where nobody sits there.
pub(super) async fn person() -> Option<Person> {
    let desk = DESK.get()?;
    let mut answers = desk.answers.lock().await;
    // What was said before the question is no answer to it.
    while answers.try_recv().is_ok() {}
    Some(Person { say: &desk.say, answers, has_left: false })
}

impl Person {
    pub(super) fn tell(&self, line: &str) {
        (self.say)(line);
    }

    /// The next line that is not empty; `None` once nobody can answer any more.
    pub(super) async fn answer(&mut self) -> Option<String> {
        while let Some(line) = self.answers.recv().await {
            if !line.trim().is_empty() {
                return Some(line.trim().to_owned());
            }
        }
        self.has_left = true;
        None
    }

    /// Nobody can answer any more.
    pub(super) fn has_left(&self) -> bool {
        self.has_left
    }
}

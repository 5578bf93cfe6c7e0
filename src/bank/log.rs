//! The bank's own log: a line for each request that it was asked and for each handshake that it refused, so that what a
//! client did, and by which rule it was refused, can be seen at the bank.
//!
//! ```text
//! TIME api POST /v1/payments/sepa-credit-transfers 401 tpp="PSDDE-BAFIN-1" request="…" rule=role reason="the certificate …"
//! TIME api TLS handshake refused tpp="PSDDE-BAFIN-1" rule=expired reason="the certificate has expired"
//! ```

use std::fmt::Write as _;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

use super::error::BankError;
use super::observer::{Observer, Seen, SeenEvent, Visitor};
use super::rule::Refused;

/// RFC 3339, with as many digits in each line.
const MOMENT: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]Z");

/// What strangers have written is cut after so many characters.
const LONGEST: usize = 200;

/// A request's id is a UUID as a rule, and nobody's is longer, in octets.
const LONGEST_ID: usize = 64;

/// A file to which everything is written that happens at the bank.
#[derive(Debug)]
pub struct Log(Mutex<File>);

impl Log {
    /// Begins a log anew in that file.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn begin(path: &Path) -> Result<Self, BankError> {
        let failed = |source| BankError::Log { path: path.to_owned(), source };
        File::create(path).map(|file| Self(Mutex::new(file))).map_err(failed)
    }
}

impl Observer for Log {
    fn saw(&self, seen: &Seen<'_>) {
        let now = OffsetDateTime::now_utc().format(MOMENT).unwrap_or_default();
        let line = format!("{now} {}\n", line(seen));
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A bank goes on when its disk is full.
        let _ = file.write_all(line.as_bytes());
    }
}

/// What is in queries and bodies (codes, tokens, passwords) is not told, and so stays out of it.
fn line(seen: &Seen<'_>) -> String {
    let listener = seen.listener.name();
    let (mut line, request_id, refused) = match seen.event {
        SeenEvent::Answered { method, path, request_id, status, refused } => {
            (format!("{listener} {} {} {status}", bare(method), bare(path)), request_id, refused)
        }
        SeenEvent::HandshakeRefused(refused) => (format!("{listener} TLS handshake refused"), None, Some(refused)),
    };
    let tpp = match seen.visitor {
        Visitor::WithoutCertificate => "no certificate",
        Visitor::Unnamed => "no organizationIdentifier",
        Visitor::Tpp(identifier) => identifier,
    };
    let mut add = |name: &str, value: &str| _ = write!(line, " {name}={value}");
    add("tpp", &quoted(tpp));
    match request_id {
        Some(id) if id.len() <= LONGEST_ID => add("request", &quoted(id)),
        // No id of a request, but it may be something else that is put there by mistake.
        Some(id) => add("request", &format!("\"({} octets)\"", id.len())),
        None => {}
    }
    if let Some(Refused { rule, reason }) = refused {
        add("rule", rule);
        add("reason", &quoted(reason));
    }
    line
}

/// Whatever somebody has written, on one line.
fn quoted(text: &str) -> String {
    format!("\"{}\"", bare(text))
}

fn bare(text: &str) -> String {
    let mut shown = String::new();
    for character in text.chars().take(LONGEST) {
        match character {
            '\'' => shown.push(character),
            _ => shown.extend(character.escape_debug()),
        }
    }
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bank::observer::Listener;

    #[test]
    fn what_strangers_write_stays_on_its_line_and_in_its_quotes() {
        let id = "a\"\nx api GET / 200 \u{202e}";
        let event =
            SeenEvent::Answered { method: "GET", path: "/v1/a", request_id: Some(id), status: 400, refused: None };
        let seen = Seen { listener: Listener::Api, visitor: Visitor::Tpp("PSD\r"), event };
        assert_eq!(line(&seen), r#"api GET /v1/a 400 tpp="PSD\r" request="a\"\nx api GET / 200 \u{202e}""#);
        assert!(bare(&"x".repeat(1_000_000)).len() < 1_000);
        let token = "eyJ".repeat(100);
        let event =
            SeenEvent::Answered { method: "GET", path: "/", request_id: Some(&token), status: 200, refused: None };
        assert!(line(&Seen { event, ..seen }).ends_with("request=\"(300 octets)\""));
    }
}

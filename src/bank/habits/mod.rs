//! Lawful ways in which banks differ from one another, and in which this one can be told to. A bank that has one of them
//! does nothing wrong: whoever accuses it is mistaken, and the proof says so. Each is one row here, and is asked for at
//! one place in the bank, which a search for its id finds.

mod answers;
mod authentication;
mod berlin_group;
mod certificates;
mod contradictions;
mod customers;
mod oauth;
mod pages;
mod return_to_tpp;
mod shortfalls;
mod wire;

pub(super) use answers::in_our_words;
pub(super) use berlin_group::{BELOW, amount_as_kept, below_a_path, called, handle, read_back};
pub(super) use certificates::{hangs_up_on, judges_in_http, knows, refuses_in_tls, refuses_untold};
pub use contradictions::contradict;
pub(super) use oauth::{inward, long, outward};
pub(super) use pages::{SECOND_COOKIE, form, has_agreed, refuses_form, shown};
pub(super) use return_to_tpp::leaving;
pub use shortfalls::falls_short_of;
pub(super) use wire::as_sent;

use std::collections::BTreeSet;

use super::asked::Asked;
use super::dialect::Dialect;
use super::error::BankError;
use crate::pki::nearest;

/// One lawful way in which a bank may differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Habit {
    /// In kebab-case, saying what the bank does: `callback-by-302`.
    pub id: &'static str,
    /// What the bank then does, and why it may, in one sentence.
    pub says: &'static str,
}

/// Habits that belong to no group.
const OTHERS: &[Habit] = &[
    Habit {
        id: "callback-by-302",
        says: "sends the customer back to the TPP with 302, as the examples of RFC 6749 do, and not with 303",
    },
    Habit {
        id: "known-by-name",
        says: "goes by a host name that no public DNS knows, as test systems behind a firewall do",
    },
    Habit {
        id: "issuer-with-a-path",
        says: "has an issuer with a path, as servers for many brands do, and its metadata between host and path (RFC 8414 3.1)",
    },
    Habit { id: "tls-1-3-alone", says: "speaks TLS 1.3 and nothing older (RFC 8446)" },
    Habit {
        id: "tokens-honoured-five-minutes-longer",
        says: "honours access tokens for five minutes after their end, the leeway for clocks that RFC 7519 4.1.4 allows",
    },
    Habit {
        id: "wants-more-of-requests",
        says: "wants PSU-ID and the payee's country with initiations, PSU-IP-Address with reads, and Accept to be JSON alone",
    },
];

/// Every habit of the bank, by area.
pub fn all() -> Vec<&'static Habit> {
    [
        OTHERS,
        authentication::ROWS,
        customers::ROWS,
        pages::ROWS,
        return_to_tpp::ROWS,
        answers::ROWS,
        wire::ROWS,
        oauth::ROWS,
        berlin_group::ROWS,
        certificates::ROWS,
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Habits of Berlin Group's API, beside those of its payments.
const OF_BERLIN_GROUP: [&str; 4] = ["wants-more-of-requests", "problem-reports", "bare-errors", "sca-decoupled"];

/// Whether a bank of that dialect can have a habit: it is one of its own API, or of what all banks have.
pub fn is_for(id: &str, dialect: Dialect) -> bool {
    let is_berlin_groups = OF_BERLIN_GROUP.contains(&id) || berlin_group::ROWS.iter().any(|row| row.id == id);
    match dialect {
        Dialect::BerlinGroup => true,
        Dialect::UkOpenBanking => !is_berlin_groups,
    }
}

/// The habit of that id.
pub fn find(id: &str) -> Option<&'static Habit> {
    all().into_iter().find(|habit| habit.id == id)
}

/// The ids that come nearest to that one.
pub fn nearest_to(id: &str) -> Vec<String> {
    nearest(id, all().iter().map(|habit| habit.id))
}

/// The habits that one bank has.
#[derive(Clone, Debug, Default)]
pub(super) struct Habits {
    has: Vec<&'static str>,
    asked: Asked,
}

impl Habits {
    pub(super) fn switch_on(wanted: &BTreeSet<String>, asked: Asked) -> Result<Self, BankError> {
        let unknown = |id: &String| BankError::UnknownHabit { id: id.clone(), nearest: nearest_to(id) };
        let has =
            wanted.iter().map(|id| Ok(find(id).ok_or_else(|| unknown(id))?.id)).collect::<Result<_, BankError>>()?;
        Ok(Self { has, asked })
    }

    /// Whether the bank has a habit.
    pub(super) fn has(&self, id: &str) -> bool {
        self.asked.note(id);
        self.has.contains(&id)
    }

    /// Whether it is worth finding out if the bank would do otherwise with a habit: it has it, or somebody wants to know.
    fn may_have(&self, id: &str) -> bool {
        self.asked.is_kept() || self.has.contains(&id)
    }
}

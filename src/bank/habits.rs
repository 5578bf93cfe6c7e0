//! Lawful ways in which banks differ from one another, and in which this one can be told to. A bank that has one of them
//! does nothing wrong: whoever accuses it is mistaken, and the proof says so. Each is one row here, and is asked for at
//! one place in the bank, which a search for its id finds.

use std::collections::BTreeSet;

use super::error::BankError;
use crate::pki::nearest;

/// One lawful way in which a bank may differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Habit {
    /// In kebab-case, saying what the bank does: `callback-by-302`.
    pub id: &'static str,
    /// What the bank then does, and why it may, in one sentence.
    pub says: &'static str,
}

/// Every habit of the bank.
pub const ALL: &[Habit] = &[Habit {
    id: "callback-by-302",
    says: "sends the customer back to the TPP with 302, as the examples of RFC 6749 do, and not with 303",
}];

/// The habits that one bank has.
#[derive(Clone, Debug, Default)]
pub(super) struct Habits(Vec<&'static str>);

impl Habits {
    pub(super) fn switch_on(asked: &BTreeSet<String>) -> Result<Self, BankError> {
        let known = |id: &String| ALL.iter().find(|habit| habit.id == *id).map(|habit| habit.id);
        let unknown = |id: &String| BankError::UnknownHabit {
            id: id.clone(),
            nearest: nearest(id, ALL.iter().map(|habit| habit.id)),
        };
        asked.iter().map(|id| known(id).ok_or_else(|| unknown(id))).collect::<Result<_, _>>().map(Self)
    }

    /// Whether the bank has a habit.
    pub(super) fn has(&self, id: &str) -> bool {
        self.0.contains(&id)
    }
}

//! What every customer who fills in pages has in common, whatever the pages are read with.

use super::Behaviour;
use crate::{evidence::landing::Landing, tpp::Trouble};

/// A customer who gets the same page more often than this has been told no.
pub(super) const REPEATS: usize = 12;
/// So often a form takes the same secrets from a customer who means to agree: most banks lock a customer out at the third
/// wrong one.
pub(super) const SECRETS: usize = 2;

/// A customer who wanted something else than to agree, and found no way to do it, shows nothing about the bank.
pub(super) fn not_done(behaviour: Behaviour, landing: &Landing) -> Trouble {
    let missing = match behaviour {
        Behaviour::Deny => "no page had a deny button as the target file names it",
        Behaviour::Cancel => "no page had a cancel button as the target file names it",
        Behaviour::WalkAway(_) => "no page had an approve button as the target file names it",
        _ => "no page asked for the secret that was to be mistyped",
    };
    Trouble::Prerequisite(format!("{missing}; {landing}"))
}

/// Why the way that the customer went may not be the one that was meant: `seen` are the pages, by what tells them apart.
pub(super) fn unsure(behaviour: Behaviour, seen: &[String], has_only_guessed: bool) -> Option<&'static str> {
    let again = (1..seen.len()).any(|index| seen[..index].contains(&seen[index]));
    match (behaviour, has_only_guessed) {
        (Behaviour::Approve, _) if again => Some("the bank asked again: are the credentials in the target file right?"),
        (_, true) => Some("a button was pressed that [psu] does not name: does it name the one that leads on?"),
        _ => None,
    }
}

/// The same length and kind of characters, and wrong in each of them.
pub(super) fn mistyped(secret: &str) -> String {
    let shift = |character: char| match character {
        '0'..='8' | 'a'..='y' | 'A'..='Y' => char::from_u32(u32::from(character) + 1).unwrap_or('7'),
        _ => '7',
    };
    secret.chars().map(shift).collect()
}

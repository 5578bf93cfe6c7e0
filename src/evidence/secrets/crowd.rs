//! Many secrets that look alike, searched all at once: whatever a bank makes of them, in one pass over the text.

use std::sync::Arc;

use aho_corasick::{
    Anchored, MatchKind,
    automaton::Automaton,
    nfa::noncontiguous::{Builder, NFA},
};

use super::{Secret, form::Form, hit::Hits};

/// An automaton for longer patterns would take too much time and memory to build, in octets.
const PATTERNS_BOUND: usize = 4 * 1024 * 1024;

/// Finds those secrets in those forms.
///
/// # Errors
/// They are too many, or too long.
pub(super) fn search(candidates: &[(Arc<Secret>, Form)], text: &[u8], hits: &mut Hits) -> Result<(), super::Withheld> {
    if candidates.iter().map(|(secret, form)| form.length(&secret.value)).sum::<usize>() > PATTERNS_BOUND {
        return Err(super::Withheld);
    }
    let patterns = candidates.iter().map(|(secret, form)| form.of(&secret.value));
    let automaton = Builder::new().match_kind(MatchKind::Standard).build(patterns).map_err(|_| super::Withheld)?;
    let mut state = automaton.start_state(Anchored::No).map_err(|_| super::Withheld)?;
    for (at, octet) in text.iter().enumerate() {
        state = automaton.next_state(Anchored::No, state, *octet);
        if let Some((index, length)) = longest(&automaton, state) {
            let (secret, form) = &candidates[index];
            let (from, to) = form.reach(&secret.value, text, at + 1 - length, at + 1);
            hits.add(from, to, secret);
        }
    }
    Ok(())
}

/// The longest pattern that ends here: it covers all the others that do, of which there may be many.
fn longest(automaton: &NFA, state: aho_corasick::automaton::StateID) -> Option<(usize, usize)> {
    if !automaton.is_match(state) {
        return None;
    }
    let pattern = automaton.match_pattern(state, 0);
    Some((pattern.as_usize(), automaton.pattern_len(pattern)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_pattern_of_a_state_is_its_longest() {
        let patterns = ["aaaaaaaa", "baaaaaaaa", "cbaaaaaaaa", "aa"];
        let automaton = Builder::new().match_kind(MatchKind::Standard).build(patterns).unwrap();
        let mut state = automaton.start_state(Anchored::No).unwrap();
        for octet in b"xcbaaaaaaaa" {
            state = automaton.next_state(Anchored::No, state, *octet);
        }
        assert_eq!(longest(&automaton, state), Some((2, 10)));
    }
}

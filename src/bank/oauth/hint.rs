//! Hints to the kind of a token (RFC 7009 §2.1, RFC 7662 §2.1): there are two, and the rest says nothing.

use crate::bank::model::world::World;

const KINDS: [&str; 2] = ["access_token", "refresh_token"];
/// What a hint can be that is none.
const ODD: [&str; 3] = ["unknown-hint", "hint-in-capitals", "hint-of-an-extension"];
/// Faults that refuse such a hint.
pub(in crate::bank) const AT_REVOCATION: &str = "revocation-refuses-odd-hint";
pub(in crate::bank) const AT_INTROSPECTION: &str = "introspection-refuses-odd-hint";
/// The fault by which it keeps alive what is to be revoked.
const KEEPING: &str = "token-kept-by-odd-hint";
const TOKENS: [&str; 2] = ["access-token", "refresh-token"];

/// What is odd about a hint.
pub(in crate::bank) fn oddity(hint: &str) -> Option<&'static str> {
    match hint {
        hint if KINDS.contains(&hint) => None,
        hint if KINDS.iter().any(|kind| hint.eq_ignore_ascii_case(kind)) => Some(ODD[1]),
        hint if hint.contains(':') => Some(ODD[2]),
        _ => Some(ODD[0]),
    }
}

/// Whether a fault refuses the hint; who is careful leaves it aside (RFC 7009 §2.2).
pub(in crate::bank) fn is_refused(world: &World, fault: &str, hint: Option<&str>) -> bool {
    hint.and_then(oddity).is_some_and(|kind| world.faults.on(fault) || world.faults.on_at(fault, kind))
}

/// Whether an odd hint keeps alive what is to be revoked.
pub(in crate::bank) fn keeps_alive(world: &World, hint: Option<&str>, is_refresh_token: bool) -> bool {
    let place = TOKENS[usize::from(is_refresh_token)];
    hint.and_then(oddity).is_some() && (world.faults.on(KEEPING) || world.faults.on_at(KEEPING, place))
}

/// Each fault at each kind of hint, or of token.
pub(in crate::bank) fn faults_by_place() -> impl Iterator<Item = (&'static str, &'static str)> {
    let refusing = [AT_REVOCATION, AT_INTROSPECTION].into_iter().flat_map(|fault| ODD.map(|kind| (kind, fault)));
    refusing.chain(TOKENS.map(|token| (token, KEEPING)))
}

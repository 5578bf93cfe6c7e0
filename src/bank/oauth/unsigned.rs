//! Ways to write a JWT that its maker has not signed (RFC 8725 §2.1, RFC 7518 §3.6), as cells call them.

use crate::bank::faults::Faults;

const NO_ALG: &str = "no-alg";
const EMPTY: &str = "empty-signature";
const KINDS: [&str; 7] = ["none", "None", "NONE", "nOnE", NO_ALG, EMPTY, "HS256"];

/// Which of them it is; none where it may be signed.
fn kind(alg: Option<&str>, signature: &str) -> Option<&'static str> {
    match alg {
        None => Some(NO_ALG),
        Some(alg) => KINDS
            .into_iter()
            .find(|kind| *kind == alg)
            .or(alg.eq_ignore_ascii_case("none").then_some(KINDS[3]))
            .or(signature.is_empty().then_some(EMPTY)),
    }
}

/// Whether such a JWT passes, by a fault that is for the plainest of them, or by its cells; who is careful takes what is
/// signed alone.
pub(in crate::bank) fn passes(faults: &Faults, fault: &str, alg: Option<&str>, signature: &str) -> bool {
    kind(alg, signature).is_some_and(|kind| (kind == KINDS[0] && faults.on(fault)) || faults.on_at(fault, kind))
}

/// The fault at each kind.
pub(in crate::bank) fn by_kind(fault: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    KINDS.into_iter().map(move |kind| (kind, fault))
}

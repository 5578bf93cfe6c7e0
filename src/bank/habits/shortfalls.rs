//! The advice that a bank with a habit does not follow, and need not: the warnings that say so are right.

/// A habit, and the checks of SHOULDs and MAYs that it falls short of.
const SHORTFALLS: [(&str, &[&str]); 4] = [
    ("introspection-in-one-word", &["INTRO-005"]),
    ("tokens-not-recalled", &["AUTHZ-008", "REVOKE-001", "TOKEN-019"]),
    (
        "takes-the-first-of-two",
        &["AUTHZ-017", "AUTHZ-037", "INTRO-013", "PAR-012", "REVOKE-019", "TOKEN-035", "TOKEN-036"],
    ),
    ("registered-certificates-alone", &["CERT-024", "CERT-026", "CERT-080", "CERT-110", "CERT-111"]),
];

/// The checks of SHOULDs and MAYs that a bank with that habit falls short of; nothing else may find anything.
pub fn falls_short_of(habit: &str) -> &'static [&'static str] {
    SHORTFALLS.iter().find(|(id, _)| *id == habit).map_or(&[], |(_, checks)| checks)
}

//! EN 319 412-3: certificates of legal persons. Its rules on the subject bind QSealCs; what a QWAC shares with them comes
//! from annex IV of the eIDAS regulation and from TS 119 495, and is told under the same rule.

use super::cert::{Cert, any, missing, when};
use super::oids;
use super::rule::{Bank, Level, Rule, Scope};
use crate::pki::oid;

/// What a subject has once and no more.
const ONCE: [(&[u64], &str); 4] = [
    (oids::COUNTRY, "countryName"),
    (oid::ORGANIZATION, "organizationName"),
    (oid::ORGANIZATION_IDENTIFIER, "organizationIdentifier"),
    (oid::COMMON_NAME, "commonName"),
];

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "en319412-3-country-missing",
        clause: "EN 319 412-3 LEG-4.2.1-2",
        level: Level::Must,
        scope: Scope::Qualified,
        message: "It does not say in which country its holder is established.",
        expected: "countryName in the subject",
        bank: Bank::StrictRefuses,
        broken: |cert| missing(!cert.subject(oids::COUNTRY).is_empty()),
    },
    Rule {
        id: "en319412-3-organization-missing",
        clause: "EN 319 412-3 LEG-4.2.1-2",
        level: Level::Must,
        scope: Scope::Qualified,
        message: "It does not give its holder's registered name.",
        expected: "organizationName in the subject",
        bank: Bank::StrictRefuses,
        broken: |cert| missing(cert.is_natural_person() || !cert.subject(oid::ORGANIZATION).is_empty()),
    },
    Rule {
        id: "en319412-3-identifier-missing",
        clause: "EN 319 412-3 LEG-4.2.1-2",
        level: Level::Must,
        scope: Scope::Qsealc,
        message: "It does not give its holder's number in a register.",
        expected: "organizationIdentifier in the subject",
        bank: Bank::CannotTellWho,
        // In a certificate for PSD2 it is TS 119 495 that asks for it, and tells more.
        broken: |cert| missing(cert.claims_psd2() || cert.organization_identifier().is_some()),
    },
    Rule {
        id: "en319412-3-common-name-missing",
        clause: "EN 319 412-3 LEG-4.2.1-2",
        level: Level::Must,
        scope: Scope::Qsealc,
        message: "It does not give the name by which its holder is commonly known.",
        expected: "commonName in the subject",
        bank: Bank::TakesNoNotice,
        broken: |cert| missing(!cert.subject(oid::COMMON_NAME).is_empty()),
    },
    Rule {
        id: "en319412-3-attribute-twice",
        clause: "EN 319 412-3 LEG-4.2.1-3",
        level: Level::Must,
        scope: Scope::Qualified,
        message: "Its subject has an attribute twice, and each reader may take another one.",
        expected: "countryName, organizationName, organizationIdentifier and commonName at most once each",
        bank: Bank::CannotTellWho,
        broken: |cert| {
            let twice = ONCE.iter().filter(|(arcs, _)| cert.subject(arcs).len() > 1);
            any(&twice.map(|(arcs, name)| format!("{name}: {}", cert.subject(arcs).join(", "))).collect::<Vec<_>>())
        },
    },
    Rule {
        id: "en319412-3-identifier-is-the-name",
        clause: "EN 319 412-3 LEG-4.2.1-6",
        level: Level::Must,
        scope: Scope::Qualified,
        message: "Its organizationIdentifier is the organization's name and no number in a register.",
        expected: "an identifier that differs from the name",
        bank: Bank::CannotTellWho,
        broken: |cert| {
            let identifier = cert.organization_identifier()?;
            when(cert.subject(oid::ORGANIZATION).contains(&identifier), identifier)
        },
    },
    Rule {
        id: "en319412-3-empty-attribute",
        clause: "EN 319 412-3 LEG-4.2.1-2, RFC 5280 appendix A.1",
        level: Level::Must,
        scope: Scope::Qualified,
        message: "Its subject has an attribute with nothing in it.",
        expected: "at least one character in each attribute",
        bank: Bank::CannotTellWho,
        broken: |cert| {
            let empty = ONCE.iter().filter(|(arcs, _)| cert.subject(arcs).iter().any(|value| value.trim().is_empty()));
            any(&empty.map(|(_, name)| (*name).to_owned()).collect::<Vec<_>>())
        },
    },
    Rule {
        id: "en319412-3-key-usage",
        clause: "EN 319 412-3 LEG-4.3.1-3",
        level: Level::Must,
        scope: Scope::Qsealc,
        message: "Its key may not make seals.",
        expected: "contentCommitment; with digitalSignature; or with that and keyEncipherment or keyAgreement (types A, B, F)",
        bank: Bank::RefusesSignatures,
        broken: |cert| when(cert.has(oids::KEY_USAGE) && setting(cert).is_none(), cert.facts.key_usage.join(", ")),
    },
    Rule {
        id: "en319412-3-key-usage-mixed",
        clause: "EN 319 412-3 LEG-4.3.1-4",
        level: Level::May,
        scope: Scope::Qsealc,
        message: "Its key may do more than make seals.",
        expected: "contentCommitment alone (type A), which the standard prefers",
        bank: Bank::TakesNoNotice,
        broken: |cert| when(setting(cert).is_some_and(|kind| kind != 'A'), cert.facts.key_usage.join(", ")),
    },
];

/// The setting of EN 319 412-2 §4.3.2 table 1, of those that allow to commit to content.
fn setting(cert: &Cert<'_>) -> Option<char> {
    let usages: Vec<&str> = cert.facts.key_usage.iter().map(String::as_str).collect();
    match usages.as_slice() {
        ["contentCommitment"] => Some('A'),
        ["digitalSignature", "contentCommitment"] => Some('B'),
        ["digitalSignature", "contentCommitment", "keyEncipherment" | "keyAgreement"] => Some('F'),
        _ => None,
    }
}

//! RFC 5280 on what makes a CA, and on what must not.

use x509_parser::extensions::ParsedExtension;

use super::cert::{missing, when};
use super::oids;
use super::rule::{Bank, Level, Rule, Scope};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "rfc5280-ca-subject-key-id-missing",
        clause: "RFC 5280 §4.2.1.2",
        level: Level::Must,
        scope: Scope::Ca,
        message: "The CA does not identify its own key.",
        expected: "a subjectKeyIdentifier",
        bank: Bank::CannotBuildChain,
        broken: |cert| missing(cert.has(oids::SUBJECT_KEY_ID)),
    },
    Rule {
        id: "rfc5280-ca-as-leaf",
        clause: "RFC 5280 §4.2.1.9",
        level: Level::Must,
        scope: Scope::Qualified,
        message: "It is the certificate of a CA, not of a TPP: its holder could issue certificates.",
        expected: "basicConstraints without cA",
        bank: Bank::EndsHandshake,
        broken: |cert| when(cert.facts.is_ca, "cA is true"),
    },
    Rule {
        id: "rfc5280-signs-certificates-without-ca",
        clause: "RFC 5280 §4.2.1.3, §4.2.1.9",
        level: Level::Must,
        scope: Scope::Any,
        message: "Its key may sign certificates, but it is not a CA's.",
        expected: "no keyCertSign",
        bank: Bank::StrictRefuses,
        broken: |cert| when(!cert.facts.is_ca && cert.has_usage("keyCertSign"), "keyCertSign"),
    },
    Rule {
        id: "rfc5280-path-length-without-ca",
        clause: "RFC 5280 §4.2.1.9",
        level: Level::Must,
        scope: Scope::Any,
        message: "It limits the length of paths below it, but is not a CA's.",
        expected: "no pathLenConstraint",
        bank: Bank::StrictRefuses,
        broken: |cert| match cert.parsed(oids::BASIC_CONSTRAINTS) {
            Some(ParsedExtension::BasicConstraints(limits)) if !limits.ca => {
                limits.path_len_constraint.map(|length| format!("pathLenConstraint {length}"))
            }
            _ => None,
        },
    },
    Rule {
        id: "rfc5280-ca-constraints-not-critical",
        clause: "RFC 5280 §4.2.1.9",
        level: Level::Must,
        scope: Scope::Ca,
        message: "The CA's basicConstraints are not critical.",
        expected: "critical",
        bank: Bank::StrictRefuses,
        broken: |cert| when(!cert.is_critical(oids::BASIC_CONSTRAINTS), "not critical"),
    },
    Rule {
        id: "rfc5280-ca-cannot-sign",
        clause: "RFC 5280 §4.2.1.3",
        level: Level::Must,
        scope: Scope::Ca,
        message: "The CA's key may not sign certificates.",
        expected: "keyUsage with keyCertSign",
        bank: Bank::EndsHandshake,
        broken: |cert| when(!cert.has_usage("keyCertSign"), cert.facts.key_usage.join(", ")),
    },
];

//! EN 319 412-5: QcStatements.

use std::collections::BTreeSet;

use super::cert::{Cert, any, missing, when};
use super::rule::{Bank, Level, Rule, Scope};
use super::{Kind, oids};
use crate::pki::oid;
use crate::pki::qc::QcType;
use crate::pki::statements::Statement;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "en319412-5-statements-missing",
        clause: "EN 319 412-5 QCS-5-01",
        level: Level::Must,
        scope: Scope::Qualified,
        message: "It has no QcStatements, and so is no qualified certificate at all.",
        expected: "the qcStatements extension",
        bank: Bank::Refuses,
        broken: |cert| missing(cert.statements.is_some()),
    },
    Rule {
        id: "en319412-5-statements-broken",
        clause: "RFC 3739 §3.2.6, EN 319 412-5 §4",
        level: Level::Must,
        scope: Scope::Any,
        message: "Its QcStatements are no list of statements, and no reader can find anything in them.",
        expected: "SEQUENCE OF QCStatement in DER",
        bank: Bank::Refuses,
        broken: |cert| cert.statements.as_ref()?.broken.clone(),
    },
    Rule {
        id: "en319412-5-statements-critical",
        clause: "EN 319 412-5 QCS-4.1-02",
        level: Level::Must,
        scope: Scope::Any,
        message: "Its QcStatements are critical: TLS libraries do not know them and have to refuse the certificate.",
        expected: "not critical",
        bank: Bank::EndsHandshake,
        broken: |cert| when(cert.is_critical(oid::QC_STATEMENTS), "critical"),
    },
    Rule {
        id: "en319412-5-statement-twice",
        clause: "EN 319 412-5 QCS-4.1-02A",
        level: Level::Must,
        scope: Scope::Any,
        message: "A statement is there twice, and each reader may take another one.",
        expected: "each statement once",
        bank: Bank::StrictRefuses,
        broken: |cert| {
            let mut seen = BTreeSet::new();
            let list = &cert.statements.as_ref()?.list;
            let again = list.iter().filter(|statement| !seen.insert(&statement.oid));
            any(&again.map(|statement| statement.oid.to_string()).collect::<Vec<_>>())
        },
    },
    Rule {
        id: "en319412-5-statement-broken",
        clause: "EN 319 412-5 §4, annex B",
        level: Level::Must,
        scope: Scope::Any,
        message: "A statement is not encoded as its definition says.",
        expected: "each statement in DER, as its document defines it",
        bank: Bank::StrictRefuses,
        broken: |cert| {
            let list = &cert.statements.as_ref()?.list;
            let errors = list.iter().filter_map(broken_statement);
            any(&errors.collect::<Vec<_>>())
        },
    },
    Rule {
        id: "en319412-5-compliance-missing",
        clause: "EN 319 412-5 QCS-5-01 (table 2, §4.2.1)",
        level: Level::Must,
        scope: Scope::Qualified,
        message: "It does not claim to be a qualified certificate.",
        expected: "the statement QcCompliance",
        bank: Bank::Refuses,
        broken: |cert| when(cert.has_statements() && cert.statement(oid::QC_COMPLIANCE).is_none(), "none"),
    },
    Rule {
        id: "en319412-5-type-missing",
        clause: "EN 319 412-5 QCS-5-01 (table 2, §4.2.3)",
        level: Level::Must,
        scope: Scope::Qualified,
        message: "It does not say whether it is for TLS or for seals.",
        expected: "the statement QcType",
        bank: Bank::StrictRefuses,
        broken: |cert| when(cert.has_statements() && cert.statement(oid::QC_TYPE).is_none(), "none"),
    },
    Rule {
        id: "en319412-5-type-not-one",
        clause: "EN 319 412-5 §4.2.3",
        level: Level::Must,
        scope: Scope::Any,
        message: "It says several things about what it is for, or nothing.",
        expected: "exactly one type",
        bank: Bank::StrictRefuses,
        broken: |cert| {
            let types = types(cert)?;
            when(types.len() != 1, if types.is_empty() { "no type".to_owned() } else { types.join(", ") })
        },
    },
    Rule {
        id: "en319412-5-type-unknown",
        clause: "EN 319 412-5 §4.2.3",
        level: Level::Must,
        scope: Scope::Any,
        message: "It names a type that does not exist.",
        expected: "0.4.0.1862.1.6.1 (signatures), .2 (seals) or .3 (websites)",
        bank: Bank::StrictRefuses,
        broken: |cert| {
            let types = cert.statement(oid::QC_TYPE)?.types()?;
            let unknown = types.iter().filter(|found| QcType::from_oid(found).is_none());
            any(&unknown.map(ToString::to_string).collect::<Vec<_>>())
        },
    },
    Rule {
        id: "en319412-5-type-of-another-kind",
        clause: "EN 319 412-5 §4.2.3",
        level: Level::Must,
        scope: Scope::Qualified,
        message: "It is a qualified certificate of another kind.",
        expected: "the type for websites (.3) in a QWAC, the one for seals (.2) in a QSealC",
        bank: Bank::Refuses,
        broken: |cert| {
            let wanted = if cert.kind == Kind::Qwac { QcType::Web } else { QcType::Eseal };
            let types = cert.statement(oid::QC_TYPE)?.types()?;
            let is_other = !types.is_empty() && !types.iter().any(|found| found == wanted.arcs());
            when(is_other, types.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
        },
    },
    Rule {
        id: "en319412-5-seal-for-tls",
        clause: "EN 319 412-5 §4.2.3, eIDAS regulation annex III",
        level: Level::Should,
        scope: Scope::Qsealc,
        message: "It is for seals by its kind, and for TLS by its extended key usage.",
        expected: "neither serverAuth nor clientAuth",
        bank: Bank::StrictRefuses,
        broken: |cert| {
            let is_for_tls = cert.is_for("serverAuth") || cert.is_for("clientAuth");
            when(is_for_tls, cert.facts.extended_key_usage.join(", "))
        },
    },
    Rule {
        id: "en319412-5-no-qualified-policy",
        clause: "EN 319 412-5 QCS-5.2-1, EN 319 411-2 §5.3",
        level: Level::Should,
        scope: Scope::Qualified,
        message: "None of its policies is one for qualified certificates, or several are.",
        expected: "exactly one policy of EN 319 411-2 (0.4.0.194112.1.x)",
        bank: Bank::TakesNoNotice,
        broken: |cert| {
            let count = oids::QUALIFIED_POLICIES.iter().filter(|policy| cert.has_policy(policy)).count();
            when(count != 1 && !cert.facts.policies.is_empty(), cert.facts.policies.join(", "))
        },
    },
    Rule {
        id: "en319412-5-policy-of-another-kind",
        clause: "EN 319 412-5 QCS-5.2-2",
        level: Level::Must,
        scope: Scope::Qualified,
        message: "Its policy is one for certificates of another kind.",
        expected: "QEVCP-w, QNCP-w or QNCP-w-gen in a QWAC, QCP-l or QCP-l-qscd in a QSealC",
        bank: Bank::StrictRefuses,
        broken: |cert| {
            let fits: &[&str] = if cert.kind == Kind::Qwac { &oids::WEB_POLICIES } else { &oids::SEAL_POLICIES };
            let is_other = |policy: &&&str| cert.has_policy(policy) && !fits.contains(*policy);
            any(&oids::QUALIFIED_POLICIES
                .iter()
                .filter(is_other)
                .map(|policy| (*policy).to_owned())
                .collect::<Vec<_>>())
        },
    },
];

fn types(cert: &Cert<'_>) -> Option<Vec<String>> {
    Some(cert.statement(oid::QC_TYPE)?.types()?.iter().map(ToString::to_string).collect())
}

/// The PSD2 statement has a rule of its own.
fn broken_statement(statement: &Statement) -> Option<String> {
    let has_none = [oids::QC_SSCD].iter().any(|arcs| statement.oid == **arcs) && !statement.info.is_empty();
    match statement.error() {
        _ if has_none => Some(format!("{}: it has no information, but some was found", statement.oid)),
        Some(error) if statement.oid != *oid::QC_PSD2 => Some(format!("{}: {error}", statement.oid)),
        _ => None,
    }
}

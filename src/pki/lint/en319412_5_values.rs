//! EN 319 412-5: what the statements other than QcCompliance and QcType say.

use x509_parser::asn1_rs::{Any, FromDer, Tag};

use super::cert::{any, has_scheme, when};
use super::rule::{Bank, Level, Rule, Scope};
use super::{country, oids};
use crate::pki::oid;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "en319412-5-device-in-qwac",
        clause: "EN 319 412-5 QCS-5-01 (table 2, §4.2.2)",
        level: Level::Must,
        scope: Scope::Qwac,
        message: "It says that its key is in a qualified signature device, which is nothing for websites.",
        expected: "no statement QcSSCD",
        bank: Bank::TakesNoNotice,
        broken: |cert| when(cert.statement(oids::QC_SSCD).is_some(), "QcSSCD"),
    },
    Rule {
        id: "en319412-5-device-against-policy",
        clause: "EN 319 412-5 §4.2.2, EN 319 411-2 §5.3",
        level: Level::Must,
        scope: Scope::Qsealc,
        message: "Its policy and its statements contradict each other on whether its key is in a qualified device.",
        expected: "QcSSCD with QCP-l-qscd (.1.3), and without it QCP-l (.1.1)",
        bank: Bank::TakesNoNotice,
        broken: |cert| {
            let has = cert.statement(oids::QC_SSCD).is_some();
            let (with, without) = (cert.has_policy(oids::QCP_L_QSCD), cert.has_policy(oids::QCP_L));
            let contradict = cert.has_statements() && ((with && !has) || (without && !with && has));
            when(contradict, if has { "QcSSCD and QCP-l" } else { "QCP-l-qscd and no QcSSCD" })
        },
    },
    Rule {
        id: "en319412-5-disclosure-missing",
        clause: "EN 319 412-5 QCS-5-01 (table 2, §4.3.4)",
        level: Level::Must,
        scope: Scope::Qualified,
        message: "It does not say where its issuer's disclosure statement is.",
        expected: "the statement QcPDS",
        bank: Bank::TakesNoNotice,
        broken: |cert| when(cert.has_statements() && cert.statement(oid::QC_PDS).is_none(), "none"),
    },
    Rule {
        id: "en319412-5-disclosure-not-english",
        clause: "EN 319 412-5 §4.3.4",
        level: Level::Must,
        scope: Scope::Qualified,
        message: "Its issuer's disclosure statement is not there in English.",
        expected: "at least one location with the language en",
        bank: Bank::TakesNoNotice,
        broken: |cert| {
            let pds = cert.statement(oid::QC_PDS)?.pds()?;
            let languages: Vec<&str> = pds.iter().map(|location| location.language.as_str()).collect();
            when(!languages.iter().any(|language| language.eq_ignore_ascii_case("en")), languages.join(", "))
        },
    },
    Rule {
        id: "en319412-5-disclosure-language",
        clause: "EN 319 412-5 §4.3.4",
        level: Level::Must,
        scope: Scope::Qualified,
        message: "A language of its issuer's disclosure statement is no code of ISO 639-1.",
        expected: "a code such as en or de",
        bank: Bank::TakesNoNotice,
        broken: |cert| {
            let pds = cert.statement(oid::QC_PDS)?.pds()?;
            any(&pds
                .iter()
                .filter(|at| !country::is_language(&at.language))
                .map(|at| at.language.clone())
                .collect::<Vec<_>>())
        },
    },
    Rule {
        id: "en319412-5-disclosure-scheme",
        clause: "EN 319 412-5 §4.3.4",
        level: Level::Must,
        scope: Scope::Qualified,
        message: "Its issuer's disclosure statement is not at an https URL.",
        expected: "https",
        bank: Bank::TakesNoNotice,
        broken: |cert| {
            let pds = cert.statement(oid::QC_PDS)?.pds()?;
            let is_url = |url: &str| has_scheme(url, &["https"]) && url::Url::parse(url).is_ok();
            any(&pds.iter().filter(|at| !is_url(&at.url)).map(|at| at.url.clone()).collect::<Vec<_>>())
        },
    },
    Rule {
        id: "en319412-5-legislation-in-the-eu",
        clause: "EN 319 412-5 QCS-5-01 (table 2, §4.2.4)",
        level: Level::Must,
        scope: Scope::Qualified,
        message: "It says that it is qualified under the law of other countries, although its issuer is in the EU.",
        expected: "no statement QcCClegislation",
        bank: Bank::StrictRefuses,
        broken: |cert| {
            let is_eea = cert.issuer(oids::COUNTRY).iter().any(|code| country::is_eea(code));
            when(cert.statement(oids::QC_LEGISLATION).is_some() && is_eea, "QcCClegislation")
        },
    },
    Rule {
        id: "en319412-5-legislation-missing",
        clause: "EN 319 412-5 §4.2.4",
        level: Level::Should,
        scope: Scope::Qualified,
        message: "Its issuer is outside of the EU, and it does not say under whose law it is qualified.",
        expected: "the statement QcCClegislation",
        bank: Bank::StrictRefuses,
        broken: |cert| {
            let countries = cert.issuer(oids::COUNTRY);
            let is_outside = !countries.is_empty() && !countries.iter().any(|code| country::is_eea(code));
            let is_missing = cert.has_statements() && cert.statement(oids::QC_LEGISLATION).is_none();
            when(is_outside && is_missing, format!("none, and the issuer is in {}", countries.join(", ")))
        },
    },
    Rule {
        id: "en319412-5-retention-period",
        clause: "EN 319 412-5 §4.3.3",
        level: Level::Must,
        scope: Scope::Any,
        message: "Its retention period is no number of years.",
        expected: "a positive INTEGER",
        bank: Bank::TakesNoNotice,
        broken: |cert| {
            let years = cert.statement(oids::QC_RETENTION)?.number().filter(|years| *years > 0);
            when(years.is_none(), "another value")
        },
    },
    Rule {
        id: "en319412-5-limit-value",
        clause: "EN 319 412-5 §4.3.2",
        level: Level::Must,
        scope: Scope::Any,
        message: "Its limit on the value of transactions is no amount of money.",
        expected: "a currency of ISO 4217, an amount and an exponent, both not negative",
        bank: Bank::TakesNoNotice,
        broken: |cert| {
            let info = &cert.statement(oids::QC_LIMIT)?.info;
            when(!is_limit(info), "another value")
        },
    },
];

/// `SEQUENCE { currency PrintableString or INTEGER, amount INTEGER, exponent INTEGER }`
fn is_limit(info: &[u8]) -> bool {
    let parts = || {
        let (_, sequence) = Any::from_der(info).ok()?;
        let (rest, currency) = Any::from_der(sequence.data).ok()?;
        let (rest, _) = u64::from_der(rest).ok()?;
        let (rest, _) = u64::from_der(rest).ok()?;
        let is_code = currency.tag() == Tag::PrintableString && currency.data.len() == 3;
        Some(rest.is_empty() && (is_code || currency.tag() == Tag::Integer))
    };
    parts().unwrap_or(false)
}

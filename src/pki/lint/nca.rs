//! The national competent authorities, as the EBA's list of identification codes for PSD2 has them (version 4 of 2 February
//! 2023) and GB-FCA, which left that list and still stands in certificates. The list changes by itself: nothing that is not
//! in it is wrong for that alone.

use super::cert::when;
use super::rule::{Bank, Level, Rule, Scope};
use super::ts119495::is_nca_id;

/// Identifier and name as certificates spell them.
const AUTHORITIES: [(&str, &str); 31] = [
    ("AT-FMA", "Austria Financial Market Authority"),
    ("BE-NBB", "National Bank of Belgium"),
    ("BG-BNB", "Bulgarian National Bank"),
    ("CY-CBC", "Central Bank of Cyprus"),
    ("CZ-CNB", "Czech National Bank"),
    ("DE-BAFIN", "Federal Financial Supervisory Authority"),
    ("DK-DFSA", "Danish Financial Supervisory Authority"),
    ("EE-FI", "Estonia Financial Supervisory Authority"),
    ("ES-BE", "Bank of Spain"),
    ("FI-FINFSA", "Finnish Financial Supervisory Authority"),
    ("FR-ACPR", "Prudential Supervisory and Resolution Authority"),
    ("GB-FCA", "Financial Conduct Authority"),
    ("GR-BOG", "Bank of Greece"),
    ("HR-HNB", "Croatian National Bank"),
    ("HU-CBH", "Central Bank of Hungary"),
    ("IE-CBI", "Central Bank of Ireland"),
    ("IS-CBI", "Central Bank of Iceland"),
    ("IT-BI", "Bank of Italy"),
    ("LI-FMA", "Financial Market Authority Liechtenstein"),
    ("LT-BL", "Bank of Lithuania"),
    ("LU-CSSF", "Commission for the Supervision of Financial Sector"),
    ("LV-BL", "Bank of Latvia"),
    ("MT-MFSA", "Malta Financial Services Authority"),
    ("NL-DNB", "The Netherlands Bank"),
    ("NO-FSA", "The Financial Supervisory Authority of Norway"),
    ("PL-PFSA", "Polish Financial Supervision Authority"),
    ("PT-BP", "Bank of Portugal"),
    ("RO-NBR", "National Bank of Romania"),
    ("SE-FINA", "Swedish Financial Supervision Authority"),
    ("SI-BS", "Bank of Slovenia"),
    ("SK-NBS", "National Bank of Slovakia"),
];

/// Identifiers that were in earlier versions of the list, and what came after them.
const REPLACED: [(&str, &str); 3] = [("HR-CNB", "HR-HNB"), ("IS-FME", "IS-CBI"), ("LV-FCMC", "LV-BL")];

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "eba-authority-replaced",
        clause: "EBA list of national identification codes, version 4",
        level: Level::Should,
        scope: Scope::Any,
        message: "The identifier of the competent authority has been replaced by another one.",
        expected: "HR-HNB for HR-CNB, IS-CBI for IS-FME, LV-BL for LV-FCMC",
        bank: Bank::StrictRefuses,
        broken: |cert| {
            let id = &cert.psd2()?.nca_id;
            replacement(id).map(|new| format!("{id}, now {new}"))
        },
    },
    Rule {
        id: "eba-authority-not-listed",
        clause: "EBA list of national identification codes, version 4",
        level: Level::Should,
        scope: Scope::Any,
        message: "The competent authority is not in the list that banks go by.",
        expected: "an identifier of the list",
        bank: Bank::StrictRefuses,
        broken: |cert| {
            let id = &cert.psd2()?.nca_id;
            when(is_nca_id(id) && name(id).is_none() && replacement(id).is_none(), id)
        },
    },
    Rule {
        id: "eba-authority-named-otherwise",
        clause: "TS 119 495 GEN-5.2.3-1, EBA list of national identification codes",
        level: Level::May,
        scope: Scope::Any,
        message: "The competent authority has another name in the list.",
        expected: "the name of the list",
        bank: Bank::TakesNoNotice,
        broken: |cert| {
            let psd2 = cert.psd2()?;
            let known = name(&psd2.nca_id)?;
            when(!psd2.nca_name.eq_ignore_ascii_case(known), format!("\"{}\", listed as \"{known}\"", psd2.nca_name))
        },
    },
];

/// The authority's name in certificates.
fn name(id: &str) -> Option<&'static str> {
    AUTHORITIES.iter().find(|(known, _)| *known == id).map(|(_, name)| *name)
}

/// What replaced an identifier.
fn replacement(id: &str) -> Option<&'static str> {
    REPLACED.iter().find(|(old, _)| *old == id).map(|(_, new)| *new)
}

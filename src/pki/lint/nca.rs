//! The national competent authorities of `certs/authorities.toml`. The EBA's list changes by itself: nothing that is not in
//! it is wrong for that alone.

use super::cert::when;
use super::rule::{Bank, Level, Rule, Scope};
use super::ts119495::is_nca_id;
use crate::pki::tables::authorities;

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
    authorities().iter().find(|known| known.id == id).map(|known| known.name.as_str())
}

/// What replaced an identifier.
fn replacement(id: &str) -> Option<&'static str> {
    authorities().iter().find(|known| known.former.as_deref() == Some(id)).map(|known| known.id.as_str())
}

//! TS 119 495: who authorised the holder, and for what.

use super::cert::{Cert, any, when};
use super::rule::{Bank, Level, Rule, Scope};
use super::{Kind, country, oids};
use crate::pki::qc::RoleOfPsp;
use crate::pki::{OrganizationIdentifier, Role, oid};

/// What stands for the authority of those that have none.
const NONE: &str = "NA";

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "ts119495-statement-missing",
        clause: "TS 119 495 GEN-5.1-1",
        level: Level::Must,
        scope: Scope::Qualified,
        message: "It says nothing of PSD2: neither which roles its holder has nor who authorised it.",
        expected: "the PSD2 statement (0.4.0.19495.2)",
        bank: Bank::GrantsNothing,
        broken: |cert| {
            let is_missing = cert.has_statements() && cert.statement(oid::QC_PSD2).is_none();
            when(is_missing && cert.claims_psd2(), "none")
        },
    },
    Rule {
        id: "house-not-for-psd2",
        clause: "TS 119 495 GEN-5.1-1 (house rule)",
        level: Level::Should,
        scope: Scope::Qualified,
        message: "It is a qualified certificate for other uses: nothing in it speaks of PSD2.",
        expected: "the PSD2 statement (0.4.0.19495.2) in the certificate of a TPP",
        bank: Bank::GrantsNothing,
        broken: |cert| {
            let is_missing = cert.has_statements() && cert.statement(oid::QC_PSD2).is_none();
            when(is_missing && !cert.claims_psd2(), "none")
        },
    },
    Rule {
        id: "ts119495-statement-broken",
        clause: "TS 119 495 GEN-5.1-3, annex A",
        level: Level::Must,
        scope: Scope::Any,
        message: "Its PSD2 statement is not encoded as annex A defines it.",
        expected: "PSD2QcType: SEQUENCE { rolesOfPSP SEQUENCE OF SEQUENCE { OID, UTF8String }, nCAName, nCAId }",
        bank: Bank::Refuses,
        broken: |cert| cert.statement(oid::QC_PSD2)?.error().map(str::to_owned),
    },
    Rule {
        id: "ts119495-no-role",
        clause: "TS 119 495 GEN-5.2.2-1",
        level: Level::Must,
        scope: Scope::Any,
        message: "It names no role.",
        expected: "at least one role",
        bank: Bank::GrantsNothing,
        broken: |cert| when(cert.psd2()?.roles.is_empty(), "none"),
    },
    Rule {
        id: "ts119495-role-name-of-another",
        clause: "TS 119 495 REG-5.2.2-5",
        level: Level::Must,
        scope: Scope::Any,
        message: "A role's name and its object identifier are those of different roles.",
        expected: "PSP_AS .1.1, PSP_PI .1.2, PSP_AI .1.3, PSP_IC .1.4, PSP_CB .1.5, PSP_PA .1.6, VOP_RS .1.51, VOP_VS .1.52 of 0.4.0.19495",
        bank: Bank::GrantsNothing,
        broken: |cert| roles(cert, RoleOfPsp::is_of_two_roles),
    },
    Rule {
        id: "ts119495-role-unknown",
        clause: "TS 119 495 GEN-5.2.2-2, GEN-5.2.2-4",
        level: Level::May,
        scope: Scope::Any,
        message: "It has a role that TS 119 495 V1.8.1 does not define.",
        expected: "PSP_AS, PSP_PI, PSP_AI, PSP_IC, PSP_CB, PSP_PA, VOP_RS or VOP_VS; a later version may know more",
        bank: Bank::TakesNoNotice,
        broken: |cert| {
            let is_known = |role: &RoleOfPsp| Role::from_oid(&role.oid).is_some() || role.is_unspecified();
            roles(cert, |role| !is_known(role) && !role.is_of_two_roles())
        },
    },
    Rule {
        id: "ts119495-role-outside-its-arc",
        clause: "TS 119 495 GEN-5.2.2-2, GEN-5.2.2-4",
        level: Level::Should,
        scope: Scope::Any,
        message: "A role's object identifier is not one of TS 119 495: others may register roles, but PSD2 has none of theirs.",
        expected: "an object identifier below 0.4.0.19495.1",
        bank: Bank::GrantsNothing,
        broken: |cert| roles(cert, |role| !role.oid.arcs().starts_with(oids::ROLES)),
    },
    Rule {
        id: "ts119495-unspecified-with-others",
        clause: "TS 119 495 GEN-5.2.2-1",
        level: Level::Must,
        scope: Scope::Any,
        message: "It says that the role is not specified, and names one all the same.",
        expected: "the unspecified role alone, or none of it",
        bank: Bank::StrictRefuses,
        broken: |cert| {
            let roles = &cert.psd2()?.roles;
            let has = roles.iter().any(|role| role.is_unspecified());
            when(has && roles.len() > 1, spelled(roles.iter()))
        },
    },
    Rule {
        id: "ts119495-unspecified-misnamed",
        clause: "TS 119 495 GEN-5.2.2-3A",
        level: Level::Must,
        scope: Scope::Any,
        message: "The unspecified role has another name.",
        expected: "Unspecified",
        bank: Bank::StrictRefuses,
        broken: |cert| roles(cert, |role| role.is_unspecified() && role.name != "Unspecified"),
    },
    Rule {
        id: "ts119495-role-twice",
        clause: "TS 119 495 §5.2.2 (house rule)",
        level: Level::Should,
        scope: Scope::Any,
        message: "A role is there twice.",
        expected: "each role once",
        bank: Bank::StrictRefuses,
        broken: |cert| {
            let roles = &cert.psd2()?.roles;
            let is_again = |at: usize| roles[..at].iter().any(|earlier| earlier.oid == roles[at].oid);
            let again = (0..roles.len().min(100)).filter(|at| is_again(*at)).map(|at| &roles[at]);
            Some(spelled(again)).filter(|found| !found.is_empty())
        },
    },
    Rule {
        id: "ts119495-authority-name-not-latin",
        clause: "TS 119 495 GEN-5.2.3-1",
        level: Level::Must,
        scope: Scope::Any,
        message: "The name of the competent authority is not in Latin letters.",
        expected: "the name as the authority itself gives it, in the Latin alphabet",
        bank: Bank::TakesNoNotice,
        broken: |cert| {
            let name = &cert.psd2()?.nca_name;
            let is_latin = |letter: char| matches!(letter, '\0'..='\u{24f}' | '\u{1e00}'..='\u{1eff}');
            when(name.chars().any(|letter| letter.is_alphabetic() && !is_latin(letter)), name)
        },
    },
    Rule {
        id: "ts119495-authority-id-syntax",
        clause: "TS 119 495 GEN-5.2.3-2",
        level: Level::Must,
        scope: Scope::Any,
        message: "The identifier of the competent authority is outside the grammar.",
        expected: "country, hyphen, two to eight capital letters, as in DE-BAFIN",
        bank: Bank::Refuses,
        broken: |cert| {
            let id = &cert.psd2()?.nca_id;
            // What an international holder has there is the matter of the rule below.
            when(!is_nca_id(id) && !cert.is_international(), id)
        },
    },
    Rule {
        id: "ts119495-authority-not-na",
        clause: "TS 119 495 GEN-5.2.3-1A, GEN-5.2.3-5",
        level: Level::Must,
        scope: Scope::Any,
        message: "Its holder is an international central bank or public authority, which nobody authorises, and an authority is named.",
        expected: "\"NA\" as NCAName and as NCAId",
        bank: Bank::StrictRefuses,
        broken: |cert| {
            let psd2 = cert.psd2().filter(|_| cert.is_international())?;
            when(psd2.nca_name != NONE || psd2.nca_id != NONE, format!("{}, {}", psd2.nca_name, psd2.nca_id))
        },
    },
    Rule {
        id: "ts119495-authority-country",
        clause: "TS 119 495 GEN-5.2.3-2",
        level: Level::Must,
        scope: Scope::Any,
        message: "The country in the identifier of the competent authority does not exist.",
        expected: "a code of ISO 3166-1",
        bank: Bank::Refuses,
        broken: |cert| {
            let id = &cert.psd2()?.nca_id;
            when(is_nca_id(id) && !cert.is_international() && !id.get(..2).is_some_and(country::is_iso), id)
        },
    },
    Rule {
        id: "ts119495-identifier-missing",
        clause: "TS 119 495 GEN-5.3-3",
        level: Level::Must,
        scope: Scope::Qualified,
        message: "It has no organizationIdentifier, by which banks know a TPP.",
        expected: "organizationIdentifier in the subject",
        bank: Bank::CannotTellWho,
        broken: |cert| when(cert.claims_psd2() && cert.organization_identifier().is_none(), "none"),
    },
    Rule {
        id: "ts119495-identifier-not-psd",
        clause: "TS 119 495 GEN-5.2.1-3",
        level: Level::Should,
        scope: Scope::Qualified,
        message: "Its organizationIdentifier is not the authorisation number of the competent authority.",
        expected: "PSD, country, hyphen, authority, hyphen, number",
        bank: Bank::StrictRefuses,
        broken: |cert| {
            let identifier = cert.organization_identifier()?;
            // Whom nobody authorises has no such number.
            let has_number = cert.psd2().is_some() && !cert.is_international();
            when(has_number && !identifier.starts_with("PSD"), identifier)
        },
    },
    Rule {
        id: "house-authorities-differ",
        clause: "TS 119 495 §5.2.1, §5.2.3 (house rule)",
        level: Level::Should,
        scope: Scope::Qualified,
        message: "The authority in its organizationIdentifier is not the one of its PSD2 statement.",
        expected: "the same country and authority in both",
        bank: Bank::StrictRefuses,
        broken: |cert| {
            let (text, stated) = (cert.organization_identifier()?, &cert.psd2()?.nca_id);
            let named = text.parse::<OrganizationIdentifier>().ok()?.nca_id()?;
            when(named != *stated && !cert.is_international(), format!("{named} and {stated}"))
        },
    },
    Rule {
        id: "house-countries-differ",
        clause: "EN 319 412-3 LEG-4.2.1-4, TS 119 495 §5.2.1 (house rule)",
        level: Level::Should,
        scope: Scope::Qualified,
        message: "Its holder is established in another country than the one whose authority licensed it.",
        expected: "the same country in countryName and in an organizationIdentifier of PSD",
        bank: Bank::TakesNoNotice,
        broken: |cert| {
            let licensed = cert.organization_identifier()?.parse::<OrganizationIdentifier>().ok()?;
            let established = cert.subject(oids::COUNTRY).into_iter().next()?;
            let differ = licensed.scheme == "PSD" && !licensed.country.eq_ignore_ascii_case(&established);
            when(differ, format!("{established} and {}", licensed.country))
        },
    },
    Rule {
        id: "ts119495-policy-without-statement",
        clause: "TS 119 495 OVR-6.1-3",
        level: Level::Must,
        scope: Scope::Any,
        message: "It claims the policy for PSD2 websites and is no such certificate.",
        expected: "0.4.0.19495.3.1 only in a QWAC with a PSD2 statement, beside QEVCP-w, QNCP-w or QNCP-w-gen",
        bank: Bank::StrictRefuses,
        broken: |cert| {
            let has_web = oids::WEB_POLICIES.iter().any(|policy| cert.has_policy(policy));
            let fits = cert.kind == Kind::Qwac && cert.statement(oid::QC_PSD2).is_some() && has_web;
            // Where the statements cannot be taken apart, another rule says so.
            let is_told = cert.statements.as_ref().is_some_and(|statements| statements.broken.is_some());
            when(cert.has_policy(oids::PSD2_POLICY) && !fits && !is_told, cert.facts.policies.join(", "))
        },
    },
];

fn roles(cert: &Cert<'_>, is_wrong: impl Fn(&RoleOfPsp) -> bool) -> Option<String> {
    let wrong: Vec<String> = cert.psd2()?.roles.iter().filter(|role| is_wrong(role)).map(one).collect();
    any(&wrong)
}

fn spelled<'a>(roles: impl Iterator<Item = &'a RoleOfPsp>) -> String {
    roles.map(one).collect::<Vec<_>>().join(", ")
}

fn one(role: &RoleOfPsp) -> String {
    format!("{} {}", role.name, role.oid)
}

/// `^[A-Z]{2}-[A-Z]{2,8}$`
pub(super) fn is_nca_id(id: &str) -> bool {
    let is_capitals = |text: &str| text.bytes().all(|octet| octet.is_ascii_uppercase());
    id.split_once('-').is_some_and(|(country, authority)| {
        country.len() == 2 && (2..=8).contains(&authority.len()) && is_capitals(country) && is_capitals(authority)
    })
}

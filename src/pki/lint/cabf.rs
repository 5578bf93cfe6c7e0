//! The CA/B forum on websites: extended validation, which QEVCP-w means, and what browsers ask. Where TS 119 495 has its
//! own policy in the certificate, it takes precedence (OVR-6.1-3), so that much of this is no more than a recommendation.

use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use x509_parser::asn1_rs::{Any, FromDer, Tag};

use super::cert::{Cert, any, missing, when};
use super::oids;
use super::rule::{Bank, Level, Rule, Scope};
use crate::pki::oid;

/// From when on browsers take certificates for at most so many days (CA/B BR §6.3.2).
const LONGEST: [(OffsetDateTime, i64); 4] = [
    (datetime!(2020-09-01 0:00 UTC), 398),
    (datetime!(2026-03-15 0:00 UTC), 200),
    (datetime!(2027-03-15 0:00 UTC), 100),
    (datetime!(2029-03-15 0:00 UTC), 47),
];

/// The attributes of extended validation.
const EXTENDED: [(&[u64], &str); 3] = [
    (oids::BUSINESS_CATEGORY, "businessCategory"),
    (oids::JURISDICTION, "jurisdictionCountryName"),
    (oids::SERIAL_NUMBER, "serialNumber"),
];

const CATEGORIES: [&str; 4] = ["Private Organization", "Government Entity", "Business Entity", "Non-Commercial Entity"];

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "cabf-ev-attributes-missing",
        clause: "CA/B EVG §7.1.4.2, EN 319 412-4 §4.2",
        level: Level::Must,
        scope: Scope::Website,
        message: "It claims extended validation and leaves out what that has found out about its holder.",
        expected: "businessCategory, jurisdictionCountryName and serialNumber in the subject",
        bank: Bank::TakesNoNotice,
        broken: |cert| {
            let lacking = EXTENDED.iter().filter(|(arcs, _)| cert.subject(arcs).is_empty());
            any(&lacking.map(|(_, name)| format!("no {name}")).collect::<Vec<_>>()).filter(|_| is_extended(cert))
        },
    },
    Rule {
        id: "cabf-ev-place-missing",
        clause: "CA/B EVG §7.1.4.2.7",
        level: Level::Must,
        scope: Scope::Website,
        message: "It claims extended validation and does not say where its holder does business.",
        expected: "localityName or stateOrProvinceName in the subject",
        bank: Bank::TakesNoNotice,
        broken: |cert| {
            let has = [oids::LOCALITY, oids::STATE].iter().any(|arcs| !cert.subject(arcs).is_empty());
            missing(has || !is_extended(cert))
        },
    },
    Rule {
        id: "cabf-ev-category-unknown",
        clause: "CA/B EVG §7.1.4.2.3",
        level: Level::Must,
        scope: Scope::Website,
        message: "Its businessCategory is not one of the four that there are.",
        expected: "Private Organization, Government Entity, Business Entity or Non-Commercial Entity",
        bank: Bank::TakesNoNotice,
        broken: |cert| {
            let category = cert.subject(oids::BUSINESS_CATEGORY).into_iter().next()?;
            when(!CATEGORIES.contains(&category.as_str()), category)
        },
    },
    Rule {
        id: "cabf-organization-id-missing",
        clause: "CA/B EVG §7.1.2.2 (cabfOrganizationIdentifier)",
        level: Level::Should,
        scope: Scope::Website,
        message: "It claims the EV policy and has an organizationIdentifier, but not the extension that goes with it.",
        expected: "the extension 2.23.140.3.1",
        bank: Bank::TakesNoNotice,
        broken: |cert| {
            let needs = cert.has_policy(oids::CABF_EV) && cert.organization_identifier().is_some();
            missing(!needs || cert.has(oids::CABF_ORGANIZATION_ID))
        },
    },
    Rule {
        id: "cabf-organization-id-differs",
        clause: "CA/B EVG §7.1.2.2 (cabfOrganizationIdentifier)",
        level: Level::Must,
        scope: Scope::Qualified,
        message: "The extension cabfOrganizationIdentifier says something else than the subject.",
        expected: "scheme, country and reference of the subject's organizationIdentifier",
        bank: Bank::StrictRefuses,
        broken: |cert| {
            let extension = cert.extension(oids::CABF_ORGANIZATION_ID)?;
            let stated = cabf_identifier(extension.value);
            let subject = cert.organization_identifier().unwrap_or_default();
            when(stated.as_deref() != Some(subject.as_str()), stated.unwrap_or_else(|| "it cannot be read".to_owned()))
        },
    },
    Rule {
        id: "cabf-period-too-long",
        clause: "CA/B BR §6.3.2",
        level: Level::Should,
        scope: Scope::Website,
        message: "Browsers do not take it: it is valid for too long.",
        expected: "at most 200 days (100 from 15 March 2027, 47 from 15 March 2029), or a policy that is not for browsers: QCP-w-psd2, QNCP-w-gen",
        bank: Bank::TakesNoNotice,
        broken: |cert| {
            let (begins, ends) = (cert.facts.not_before, cert.facts.not_after);
            let (_, longest) = LONGEST.iter().rev().find(|(from, _)| begins >= *from)?;
            let is_exempt = cert.has_policy(oids::PSD2_POLICY) && cert.statement(oid::QC_PSD2).is_some();
            let days = (ends - begins).whole_days();
            when(ends - begins > Duration::days(*longest) && !is_exempt, format!("{days} days"))
        },
    },
    Rule {
        id: "cabf-serial-short",
        clause: "CA/B BR §7.1",
        level: Level::Should,
        scope: Scope::Any,
        message: "Its serial number is too short to be a random one.",
        expected: "at least 64 random bits",
        bank: Bank::TakesNoNotice,
        broken: |cert| {
            let length = cert.x509.raw_serial().len();
            let is_bound = !cert.is_self_issued() && !cert.is_exempt_from_cabf();
            when(length < 8 && is_bound, format!("{length} octets"))
        },
    },
    Rule {
        id: "cabf-internal-name",
        clause: "CA/B BR §7.1.2.7.12",
        level: Level::Should,
        scope: Scope::Website,
        message: "It is made out to a host that does not exist on the internet.",
        expected: "names with a domain",
        bank: Bank::TakesNoNotice,
        broken: |cert| {
            let is_internal = |name: &&str| {
                let name = name.to_ascii_lowercase();
                !name.contains('.') || name.ends_with(".local") || name.ends_with(".internal")
            };
            any(&cert.dns_names().filter(is_internal).map(str::to_owned).collect::<Vec<_>>())
        },
    },
];

fn is_extended(cert: &Cert<'_>) -> bool {
    cert.has_policy(oids::QEVCP_W) || cert.has_policy(oids::CABF_EV)
}

/// `SEQUENCE { scheme PrintableString, country PrintableString, state [0] OPTIONAL, reference UTF8String }`, put together
/// again as the subject spells it.
fn cabf_identifier(value: &[u8]) -> Option<String> {
    let (_, sequence) = Any::from_der(value).ok()?;
    let mut rest = sequence.data;
    let mut parts = Vec::new();
    let mut state = String::new();
    while !rest.is_empty() {
        let (after, part) = Any::from_der(rest).ok()?;
        let text = std::str::from_utf8(part.data).ok()?.to_owned();
        match part.tag() {
            Tag::PrintableString | Tag::Utf8String => parts.push(text),
            _ => state = format!("+{text}"),
        }
        rest = after;
    }
    let [scheme, country, reference] = parts.as_slice() else { return None };
    Some(format!("{scheme}{country}{state}-{reference}"))
}

//! Rules of no document, but of experience with banks; each says so in its clause.

use time::Duration;

use super::cert::{any, when};
use super::oids;
use super::rule::{Bank, Level, Rule, Scope};
use crate::pki::oid;

/// So close to its end a certificate should have its successor.
const SOON: Duration = Duration::days(30);
/// Trust service providers issue qualified certificates for three years at most.
const LONG: Duration = Duration::days(3 * 366);

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "house-self-signed",
        clause: "eIDAS regulation art. 3(15), 3(39) (house rule)",
        level: Level::Must,
        scope: Scope::Qualified,
        message: "It is signed by its own holder and not by a qualified trust service provider.",
        expected: "an issuer other than the subject",
        bank: Bank::EndsHandshake,
        broken: |cert| when(cert.is_self_issued(), crate::pki::name::text(cert.x509.issuer())),
    },
    Rule {
        id: "house-expires-soon",
        clause: "house rule",
        level: Level::May,
        scope: Scope::Any,
        message: "It expires soon, and banks need time to learn of its successor.",
        expected: "more than 30 days to go",
        bank: Bank::TakesNoNotice,
        broken: |cert| {
            let left = cert.facts.not_after - cert.at;
            when((Duration::ZERO..SOON).contains(&left), format!("{} days to go", left.whole_days()))
        },
    },
    Rule {
        id: "house-period-very-long",
        clause: "house rule",
        level: Level::Should,
        scope: Scope::Qualified,
        message: "It is valid for longer than qualified certificates are issued for.",
        expected: "three years at most",
        bank: Bank::StrictRefuses,
        broken: |cert| {
            let period = cert.facts.not_after - cert.facts.not_before;
            when(period > LONG, format!("{} days", period.whole_days()))
        },
    },
    Rule {
        id: "house-text-with-odd-characters",
        clause: "house rule",
        level: Level::Should,
        scope: Scope::Qualified,
        message: "A text of its subject has spaces at an end, or control characters.",
        expected: "plain text",
        bank: Bank::CannotTellWho,
        broken: |cert| {
            let arcs = [oid::ORGANIZATION, oid::ORGANIZATION_IDENTIFIER, oid::COMMON_NAME, oids::COUNTRY];
            let values = arcs.iter().flat_map(|arcs| cert.subject(arcs));
            let is_odd = |value: &String| value.trim() != value || value.chars().any(char::is_control);
            any(&values.filter(is_odd).map(|value| format!("\"{value}\"")).collect::<Vec<_>>())
        },
    },
    Rule {
        id: "house-bank-role-alone",
        clause: "RTS 2018/389 art. 34(3) (house rule)",
        level: Level::May,
        scope: Scope::Any,
        message: "Its only role is that of a bank: it does not let its holder use another bank's interface.",
        expected: "PSP_PI, PSP_AI or PSP_IC for a third party",
        bank: Bank::GrantsNothing,
        broken: |cert| {
            let roles = cert.psd2()?.known_roles();
            when(roles == [crate::pki::Role::PspAs], "PSP_AS")
        },
    },
    Rule {
        id: "house-person",
        clause: "EN 319 412-5 §4.2.3, RTS 2018/389 art. 34(1) (house rule)",
        level: Level::Should,
        scope: Scope::Person,
        message: "It is a person's certificate for signatures: of no use for PSD2, which takes those of organizations.",
        expected: "a QWAC (QcType 0.4.0.1862.1.6.3) or a QSealC (.2) of the third party",
        bank: Bank::CannotTellWho,
        broken: |cert| Some(crate::pki::name::text(cert.x509.subject())),
    },
    Rule {
        id: "house-unspecified-role",
        clause: "TS 119 495 GEN-5.2.2-1, RTS 2018/389 art. 34(3) (house rule)",
        level: Level::Should,
        scope: Scope::Any,
        message: "Its role is not specified: a bank has to look the holder up in a register.",
        expected: "the roles that the competent authority has granted",
        bank: Bank::GrantsNothing,
        broken: |cert| {
            let roles = &cert.psd2()?.roles;
            let [only] = roles.as_slice() else { return None };
            when(only.is_unspecified(), &only.name)
        },
    },
];

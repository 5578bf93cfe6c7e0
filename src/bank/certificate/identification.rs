//! What a certificate must say to identify a TPP, beyond what TLS has judged (RTS Art. 34).
//!
//! What a bank refuses is one table, each row with the fault that makes it look away; what it must not refuse, and some
//! banks do, is another: `obstacles`.

use super::obstacles;
use super::presented::Presented;
use super::statement::Flaw;
use crate::bank::model::world::World;
use crate::pki::OrganizationIdentifier;
use crate::pki::qc::QcType;

/// The door of the payment API, whatever its dialect.
pub(in crate::bank) const API: &str = "payment-api";

/// One thing that a certificate can be refused for.
struct Rule {
    fault: &'static str,
    hits: fn(&Presented) -> bool,
    reason: &'static str,
}

const fn rule(fault: &'static str, hits: fn(&Presented) -> bool, reason: &'static str) -> Rule {
    Rule { fault, hits, reason }
}

/// What is refused, unless the fault is on. Each row hits what no other row hits, so that its fault lets something in.
const RULES: [Rule; 17] = [
    // TS 119 495 GEN-5.1-1 and Annex A: a PSD2 statement, whole and in DER
    rule(
        "certificate-without-psd2-statement-accepted",
        |c| c.flaw.is_none() && c.psd2().is_none(),
        "the certificate has no PSD2 statement",
    ),
    rule(
        "undecodable-statement-accepted",
        |c| c.flaw == Some(Flaw::Undecodable),
        "the PSD2 statement cannot be decoded",
    ),
    rule("duplicate-statement-accepted", |c| c.flaw == Some(Flaw::Twice), "the PSD2 statement is there twice"),
    rule("misshapen-roles-accepted", |c| c.flaw == Some(Flaw::Misshapen), "the roles are not encoded as they must be"),
    rule(
        "incomplete-statement-accepted",
        |c| c.flaw == Some(Flaw::Incomplete),
        "a field of the PSD2 statement is missing",
    ),
    rule(
        "field-length-unchecked",
        |c| c.flaw == Some(Flaw::Length),
        "a field of the PSD2 statement is empty or too long",
    ),
    rule(
        "string-type-unchecked",
        |c| c.flaw == Some(Flaw::StringType),
        "a text of the PSD2 statement is no UTF8String",
    ),
    // EN 319 412-5: qualified, and for websites
    rule(
        "unqualified-certificate-accepted",
        |c| c.psd2().is_some() && !c.qualified,
        "the certificate is not qualified",
    ),
    rule("qsealc-accepted-for-tls", is_seal, "the certificate is for seals"),
    rule(
        "qc-type-unchecked",
        |c| c.psd2().is_some() && c.qc_type != Some(QcType::Web) && !is_seal(c),
        "the QcType is not that of websites",
    ),
    // RFC 8446 §4.4.2.2, TS 119 312
    rule("key-usage-unchecked", |c| !may_sign_handshakes(c) && !is_seal(c), "the key may not sign"),
    // TS 119 495 GEN-5.2.1-3, GEN-5.3-3: who it is
    rule(
        "certificate-without-identifier-accepted",
        |c| c.organization_identifier.is_none(),
        "the certificate has no organizationIdentifier",
    ),
    rule(
        "organization-identifier-unchecked",
        |c| c.organization_identifier.is_some() && identifier(c).is_none(),
        "the organizationIdentifier has not the right form",
    ),
    rule("country-mismatch-unchecked", lives_elsewhere, "the country is not that of the organizationIdentifier"),
    // TS 119 495 GEN-5.2.3-2: who has authorised it
    rule(
        "nca-id-unchecked",
        |c| c.psd2().is_some_and(|psd2| !is_nca_id(&psd2.nca_id)),
        "the nCAId has not the right form",
    ),
    rule(
        "nca-country-mismatch-unchecked",
        |c| authorities(c).is_some_and(|(a, b)| a.split('-').next() != b.split('-').next()),
        "nCAId and organizationIdentifier name two countries",
    ),
    rule(
        "nca-mismatch-unchecked",
        |c| authorities(c).is_some_and(|(a, b)| a != b && a.split('-').next() == b.split('-').next()),
        "nCAId and organizationIdentifier name two authorities",
    ),
];

/// Whether a certificate identifies a TPP; if not, why. It holds at every door that asks for one.
pub(in crate::bank) fn check(world: &World, certificate: &Presented, door: &str) -> Result<(), &'static str> {
    obstacles::check(world, certificate)?;
    let looks_away = |rule: &Rule| world.faults.on(rule.fault) || world.faults.on_at(rule.fault, door);
    let refused = RULES.iter().find(|rule| (rule.hits)(certificate) && !looks_away(rule));
    refused.map_or(Ok(()), |rule| Err(rule.reason))
}

/// The faults that look away from one thing, each at every door by itself.
pub(in crate::bank) fn faults() -> impl Iterator<Item = &'static str> {
    RULES.iter().map(|rule| rule.fault)
}

/// A QSealC: for seals, and not for TLS.
fn is_seal(certificate: &Presented) -> bool {
    certificate.qc_type == Some(QcType::Eseal) && certificate.extended_key_usage.is_empty()
}

/// A certificate without the extension may be used for everything (RFC 5280 §4.2.1.3).
fn may_sign_handshakes(certificate: &Presented) -> bool {
    let usage = &certificate.key_usage;
    usage.is_empty() || usage.iter().any(|usage| usage == "digitalSignature")
}

fn identifier(certificate: &Presented) -> Option<OrganizationIdentifier> {
    certificate.organization_identifier.as_ref()?.parse().ok()
}

/// Two capitals, a hyphen, two to eight capitals.
fn is_nca_id(id: &str) -> bool {
    let capitals = |text: &str| text.bytes().all(|byte| byte.is_ascii_uppercase());
    id.split_once('-').is_some_and(|(country, authority)| {
        country.len() == 2 && capitals(country) && (2..=8).contains(&authority.len()) && capitals(authority)
    })
}

/// The authority as the PSD2 statement and as the organizationIdentifier name it, where both do.
fn authorities(certificate: &Presented) -> Option<(String, String)> {
    let stated = certificate.psd2().map(|psd2| psd2.nca_id.clone()).filter(|id| is_nca_id(id))?;
    Some((stated, identifier(certificate)?.nca_id()?))
}

/// An authorised TPP is established where its authority is.
fn lives_elsewhere(certificate: &Presented) -> bool {
    let authorised_in = identifier(certificate).filter(|identifier| identifier.authority.is_some());
    authorised_in.is_some_and(|identifier| certificate.country.as_ref().is_some_and(|own| *own != identifier.country))
}

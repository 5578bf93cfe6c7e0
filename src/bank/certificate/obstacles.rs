//! Certificates that are in order and that some banks refuse all the same. This one does so only when told to.

use time::{Duration, OffsetDateTime};

use super::presented::Presented;
use crate::bank::model::world::World;
use crate::pki::qc::{QcStatement, RoleOfPsp};
use crate::pki::{OrganizationIdentifier, Role};

/// One thing that is no reason to refuse a certificate.
struct Obstacle {
    fault: &'static str,
    hits: fn(&Presented) -> bool,
    pretext: &'static str,
}

const fn obstacle(fault: &'static str, hits: fn(&Presented) -> bool, pretext: &'static str) -> Obstacle {
    Obstacle { fault, hits, pretext }
}

const OBSTACLES: [Obstacle; 24] = [
    obstacle("valid-qwac-refused", |_| true, "the certificate is not accepted"),
    // Roles
    obstacle(
        "role-order-significant",
        |c| role_at(c, 0).is_none_or(|first| first.role() != Some(Role::PspPi)),
        "the first role is not PSP_PI",
    ),
    obstacle("several-roles-refused", |c| role_at(c, 2).is_some(), "the certificate has too many roles"),
    obstacle(
        "unknown-further-role-refused",
        |c| roles(c).any(|role| !Role::from_oid(&role.oid).is_some_and(Role::is_of_the_first)),
        "the certificate has a role that is not known",
    ),
    // QcStatements
    obstacle(
        "statement-order-significant",
        |c| c.qc_statements.as_ref().is_some_and(|all| all.0.first() != Some(&QcStatement::Compliance)),
        "the first statement is not QcCompliance",
    ),
    obstacle("further-statement-refused", has_other_statement, "the certificate has a statement that is not known"),
    obstacle(
        "several-disclosures-refused",
        has_several_disclosures,
        "the certificate has several disclosure statements",
    ),
    // Names
    obstacle("printable-string-refused", |c| c.has_printable_name, "the name is no UTF8String"),
    obstacle("long-name-refused", |c| name(c).chars().count() > 64, "the name is longer than 64 characters"),
    obstacle("foreign-letters-refused", |c| !name(c).is_ascii(), "the name has characters that are not allowed"),
    obstacle("several-dns-names-refused", |c| c.names.len() > 1, "the certificate has several names"),
    // Who it is
    obstacle(
        "hyphen-in-number-refused",
        |c| reference(c).contains('-'),
        "the organizationIdentifier has too many hyphens",
    ),
    obstacle(
        "space-in-number-refused",
        |c| reference(c).contains(' ') && is_authorised(c),
        "the organizationIdentifier has a space",
    ),
    obstacle(
        "foreign-authority-refused",
        |c| nca(c).is_some_and(|(_, id)| !id.starts_with("DE")),
        "the TPP was not authorised here",
    ),
    obstacle(
        "former-authority-refused",
        |c| nca(c).is_some_and(|(_, id)| FORMER.contains(&id)),
        "the authority is not on the list",
    ),
    obstacle(
        "authority-name-compared",
        |c| nca(c).is_some_and(|(name, id)| id == "DE-BAFIN" && name != BAFIN),
        "the authority has another name",
    ),
    obstacle(
        "other-scheme-refused",
        |c| identifier(c).is_some_and(|own| own.authority.is_none()),
        "the organizationIdentifier is no authorisation number",
    ),
    // Key, policy, time, chain
    obstacle("rsa-key-refused", |c| c.key.kind == "RSA", "the key is no EC key"),
    obstacle("p384-key-refused", |c| c.key.kind == "EC P-384", "the key is not on P-256"),
    obstacle("qncp-policy-refused", |c| !has_policy(c, "0.4.0.194112.1.4"), "the policy is not QEVCP-w"),
    obstacle("psd2-policy-demanded", |c| !has_policy(c, "0.4.0.19495.3.1"), "the certificate has no policy for PSD2"),
    obstacle(
        "long-validity-refused",
        |c| c.not_after - c.not_before > Duration::days(398),
        "the certificate is valid for too long",
    ),
    obstacle(
        "last-day-refused",
        |c| c.not_after - OffsetDateTime::now_utc() < Duration::days(2),
        "the certificate is about to end",
    ),
    obstacle("longer-chain-refused", |c| c.chain_length > 2, "the chain is too long"),
];

/// Identifiers of earlier lists that older certificates bear.
const FORMER: [&str; 3] = ["HR-CNB", "IS-FME", "LV-FCMC"];
const BAFIN: &str = "Federal Financial Supervisory Authority";

/// What the bank has been told to refuse a certificate for.
pub(in crate::bank) fn check(world: &World, certificate: &Presented) -> Result<(), &'static str> {
    let hit = OBSTACLES.iter().find(|obstacle| (obstacle.hits)(certificate) && world.faults.on(obstacle.fault));
    hit.map_or(Ok(()), |obstacle| Err(obstacle.pretext))?;
    check_renewal(world, certificate)
}

/// A TPP is known by its subject, so that any certificate of it will do.
fn check_renewal(world: &World, certificate: &Presented) -> Result<(), &'static str> {
    let pinned = |known: &&crate::bank::model::customer::Registration| known.subject == certificate.subject;
    match world.clients.iter().find(pinned) {
        Some(known)
            if known.first_thumbprint != certificate.thumbprint && world.faults.on("renewed-certificate-refused") =>
        {
            Err("the certificate is not the registered one")
        }
        _ => Ok(()),
    }
}

fn roles(certificate: &Presented) -> impl Iterator<Item = &RoleOfPsp> {
    certificate.psd2().into_iter().flat_map(|psd2| &psd2.roles)
}

fn role_at(certificate: &Presented, index: usize) -> Option<&RoleOfPsp> {
    roles(certificate).nth(index)
}

fn has_other_statement(certificate: &Presented) -> bool {
    let statements = certificate.qc_statements.iter().flat_map(|all| &all.0);
    statements.into_iter().any(|statement| matches!(statement, QcStatement::Other { .. }))
}

fn has_several_disclosures(certificate: &Presented) -> bool {
    let mut statements = certificate.qc_statements.iter().flat_map(|all| &all.0);
    statements.any(|statement| matches!(statement, QcStatement::Pds(places) if places.len() > 1))
}

fn name(certificate: &Presented) -> &str {
    certificate.organization.as_deref().unwrap_or_default()
}

fn identifier(certificate: &Presented) -> Option<OrganizationIdentifier> {
    certificate.organization_identifier.as_ref()?.parse().ok()
}

fn is_authorised(certificate: &Presented) -> bool {
    identifier(certificate).is_some_and(|identifier| identifier.authority.is_some())
}

fn reference(certificate: &Presented) -> String {
    identifier(certificate).filter(|own| own.authority.is_some()).map(|own| own.reference).unwrap_or_default()
}

/// Name and identifier of the authority.
fn nca(certificate: &Presented) -> Option<(&str, &str)> {
    certificate.psd2().map(|psd2| (psd2.nca_name.as_str(), psd2.nca_id.as_str()))
}

fn has_policy(certificate: &Presented, policy: &str) -> bool {
    certificate.policies.iter().any(|own| own == policy)
}

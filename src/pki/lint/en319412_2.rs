//! EN 319 412-2: what every qualified certificate has beside what RFC 5280 asks.

use super::cert::{any, has_scheme, missing, when};
use super::oids;
use super::rule::{Bank, Level, Rule, Scope};
use crate::pki::oid;

/// Extensions that are a CA's matter.
const CA_ONLY: [(&[u64], &str); 4] = [
    (oids::POLICY_MAPPINGS, "policyMappings"),
    (oids::NAME_CONSTRAINTS, "nameConstraints"),
    (oids::POLICY_CONSTRAINTS, "policyConstraints"),
    (oids::INHIBIT_ANY_POLICY, "inhibitAnyPolicy"),
];

/// What an issuer's name must have.
const ISSUER: [(&[u64], &str); 3] =
    [(oids::COUNTRY, "countryName"), (oid::ORGANIZATION, "organizationName"), (oid::COMMON_NAME, "commonName")];

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "en319412-2-issuer-name-incomplete",
        clause: "EN 319 412-2 GEN-4.2.3.1-2",
        level: Level::Must,
        scope: Scope::Qualified,
        message: "Its issuer's name leaves something out that a qualified trust service provider has to give.",
        expected: "countryName, organizationName and commonName",
        bank: Bank::TakesNoNotice,
        broken: |cert| {
            let lacking = ISSUER.iter().filter(|(arcs, _)| cert.issuer(arcs).is_empty());
            any(&lacking.map(|(_, name)| format!("no {name}")).collect::<Vec<_>>())
        },
    },
    Rule {
        id: "en319412-2-issuer-identifier-missing",
        clause: "EN 319 412-2 GEN-4.2.3.1-2",
        level: Level::Must,
        scope: Scope::Qsealc,
        message: "Its issuer's name does not identify the trust service provider.",
        expected: "organizationIdentifier in the issuer's name",
        bank: Bank::TakesNoNotice,
        broken: |cert| missing(!cert.issuer(oid::ORGANIZATION_IDENTIFIER).is_empty()),
    },
    Rule {
        // The issuers of websites' certificates follow the CA/B forum's profile, which does not ask for it.
        id: "en319412-2-web-issuer-identifier-missing",
        clause: "EN 319 412-2 GEN-4.2.3.1-2, CA/B BR §7.1.2",
        level: Level::May,
        scope: Scope::Qwac,
        message: "Its issuer's name does not identify the trust service provider.",
        expected: "organizationIdentifier in the issuer's name",
        bank: Bank::TakesNoNotice,
        broken: |cert| missing(!cert.issuer(oid::ORGANIZATION_IDENTIFIER).is_empty()),
    },
    Rule {
        id: "en319412-2-issuer-name-twice",
        clause: "EN 319 412-2 GEN-4.2.3.1-5",
        level: Level::Must,
        scope: Scope::Qualified,
        message: "Its issuer's name has an attribute twice.",
        expected: "each attribute once",
        bank: Bank::TakesNoNotice,
        broken: |cert| {
            let twice = ISSUER.iter().filter(|(arcs, _)| cert.issuer(arcs).len() > 1);
            any(&twice.map(|(_, name)| (*name).to_owned()).collect::<Vec<_>>())
        },
    },
    Rule {
        id: "en319412-2-key-usage-missing",
        clause: "EN 319 412-2 NAT-4.3.2-1",
        level: Level::Must,
        scope: Scope::Qualified,
        message: "It does not say what its key may do.",
        expected: "a keyUsage",
        bank: Bank::StrictRefuses,
        broken: |cert| missing(cert.has(oids::KEY_USAGE)),
    },
    Rule {
        id: "en319412-2-policies-missing",
        clause: "EN 319 412-2 GEN-4.3.3-2",
        level: Level::Must,
        scope: Scope::Qualified,
        message: "It names no policy that it was issued under.",
        expected: "certificatePolicies with at least one policy",
        bank: Bank::StrictRefuses,
        broken: |cert| missing(cert.has(oid::CERTIFICATE_POLICIES)),
    },
    Rule {
        id: "en319412-2-policies-critical",
        clause: "EN 319 412-2 GEN-4.3.3-1",
        level: Level::Should,
        scope: Scope::Qualified,
        message: "Its certificatePolicies are critical.",
        expected: "not critical",
        bank: Bank::StrictRefuses,
        broken: |cert| when(cert.is_critical(oid::CERTIFICATE_POLICIES), "critical"),
    },
    Rule {
        id: "en319412-2-alternative-name-critical",
        clause: "EN 319 412-2 GEN-4.3.5-1, GEN-4.3.6-1",
        level: Level::Must,
        scope: Scope::Qualified,
        message: "An alternative name is critical.",
        expected: "subjectAltName and issuerAltName not critical",
        bank: Bank::StrictRefuses,
        broken: |cert| {
            let critical = cert.is_critical(oids::SUBJECT_ALT_NAME) || cert.is_critical(oids::ISSUER_ALT_NAME);
            when(critical, "critical")
        },
    },
    Rule {
        id: "en319412-2-ca-only-extension",
        clause: "EN 319 412-2 GEN-4.3.4-1, GEN-4.3.8-1, GEN-4.3.9-1, GEN-4.3.12-1",
        level: Level::Must,
        scope: Scope::Qualified,
        message: "It has an extension that only a CA may have.",
        expected: "no policyMappings, nameConstraints, policyConstraints or inhibitAnyPolicy",
        bank: Bank::StrictRefuses,
        broken: |cert| {
            let found = CA_ONLY.iter().filter(|(arcs, _)| cert.has(arcs));
            any(&found.map(|(_, name)| (*name).to_owned()).collect::<Vec<_>>())
        },
    },
    Rule {
        id: "en319412-2-purposes-critical",
        clause: "EN 319 412-2 GEN-4.3.10-1",
        level: Level::Must,
        scope: Scope::Qualified,
        message: "Its extended key usage is critical.",
        expected: "not critical",
        bank: Bank::TakesNoNotice,
        broken: |cert| when(cert.is_critical(oids::EXTENDED_KEY_USAGE), "critical"),
    },
    Rule {
        id: "en319412-2-no-revocation-source",
        clause: "EN 319 412-2 GEN-4.3.11-2, GEN-4.4.1-8",
        level: Level::Must,
        scope: Scope::Qualified,
        message: "Nobody can find out whether it is revoked: it names neither an OCSP responder nor a revocation list.",
        expected: "an OCSP responder in authorityInfoAccess, or a CRL distribution point",
        bank: Bank::CannotAsk,
        broken: |cert| missing(!cert.access(oid::OCSP).is_empty() || !cert.crl_urls().is_empty()),
    },
    Rule {
        id: "en319412-2-crl-scheme",
        clause: "EN 319 412-2 GEN-4.3.11-4",
        level: Level::Must,
        scope: Scope::Qualified,
        message: "Its revocation list cannot be fetched by HTTP or LDAP.",
        expected: "a URL with http or ldap",
        bank: Bank::CannotAsk,
        broken: |cert| {
            let urls = cert.crl_urls();
            // The clause says http and ldap; a list that is fetched over https harms nobody.
            let fits = urls.iter().any(|url| has_scheme(url, &["http", "https", "ldap"]));
            when(cert.has(oids::CRL_POINTS) && !fits, if urls.is_empty() { "no URL".into() } else { urls.join(", ") })
        },
    },
    Rule {
        id: "en319412-2-crl-points-critical",
        clause: "EN 319 412-2 GEN-4.3.11-5",
        level: Level::Must,
        scope: Scope::Qualified,
        message: "Its CRL distribution points are critical.",
        expected: "not critical",
        bank: Bank::StrictRefuses,
        broken: |cert| when(cert.is_critical(oids::CRL_POINTS), "critical"),
    },
    Rule {
        id: "en319412-2-access-missing",
        clause: "EN 319 412-2 GEN-4.4.1-2",
        level: Level::Must,
        scope: Scope::Qualified,
        message: "It does not say where its issuer's certificate and its status are.",
        expected: "authorityInfoAccess",
        bank: Bank::CannotBuildChain,
        broken: |cert| missing(cert.has(oid::AUTHORITY_INFO_ACCESS)),
    },
    Rule {
        id: "en319412-2-ca-issuers-missing",
        clause: "EN 319 412-2 GEN-4.4.1-3",
        level: Level::Must,
        scope: Scope::Qualified,
        message: "It does not say where its issuer's certificate is.",
        expected: "a caIssuers entry in authorityInfoAccess",
        bank: Bank::CannotBuildChain,
        broken: |cert| when(cert.has(oid::AUTHORITY_INFO_ACCESS) && cert.access(oid::CA_ISSUERS).is_empty(), "none"),
    },
    Rule {
        id: "en319412-2-ca-issuers-scheme",
        clause: "EN 319 412-2 GEN-4.4.1-4",
        level: Level::Must,
        scope: Scope::Qualified,
        message: "Its issuer's certificate cannot be fetched by HTTP.",
        expected: "a URL with http or https",
        bank: Bank::CannotBuildChain,
        broken: |cert| {
            let urls = cert.access(oid::CA_ISSUERS);
            when(!urls.is_empty() && !urls.iter().any(|url| has_scheme(url, &["http", "https"])), urls.join(", "))
        },
    },
    Rule {
        id: "en319412-2-ocsp-scheme",
        clause: "EN 319 412-2 GEN-4.4.1-6",
        level: Level::Must,
        scope: Scope::Qualified,
        message: "Its OCSP responder cannot be reached by HTTP.",
        expected: "a URL with http or https",
        bank: Bank::CannotAsk,
        broken: |cert| {
            let urls = cert.access(oid::OCSP);
            when(!urls.is_empty() && !urls.iter().any(|url| has_scheme(url, &["http", "https"])), urls.join(", "))
        },
    },
];

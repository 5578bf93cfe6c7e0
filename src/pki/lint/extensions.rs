//! RFC 5280 on extensions.

use std::collections::BTreeSet;

use x509_parser::asn1_rs::{Any, FromDer};
use x509_parser::extensions::{GeneralName, ParsedExtension};

use super::cert::{Cert, any, missing, when};
use super::oids;
use super::rule::{Bank, Level, Rule, Scope};
use crate::pki::oid::{self, Oid};

/// The extensions that a bank's TLS library knows how to judge when they are critical.
const JUDGED: [&[u64]; 11] = [
    oids::KEY_USAGE,
    oids::SUBJECT_ALT_NAME,
    oids::ISSUER_ALT_NAME,
    oids::BASIC_CONSTRAINTS,
    oids::NAME_CONSTRAINTS,
    oids::CRL_POINTS,
    oids::POLICY_MAPPINGS,
    oids::POLICY_CONSTRAINTS,
    oids::EXTENDED_KEY_USAGE,
    oids::INHIBIT_ANY_POLICY,
    oid::CERTIFICATE_POLICIES,
];

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "rfc5280-extension-twice",
        clause: "RFC 5280 §4.2",
        level: Level::Must,
        scope: Scope::Any,
        message: "An extension is there twice, and each reader may take another one.",
        expected: "each extension once",
        bank: Bank::EndsHandshake,
        broken: |cert| {
            let mut seen = BTreeSet::new();
            let again = cert.x509.iter_extensions().filter(|extension| !seen.insert(extension.oid.as_bytes()));
            any(&again.map(|extension| extension.oid.to_id_string()).collect::<Vec<_>>())
        },
    },
    Rule {
        id: "rfc5280-extension-unreadable",
        clause: "RFC 5280 §4.2",
        level: Level::Must,
        scope: Scope::Any,
        message: "An extension is not encoded as its definition says.",
        expected: "each extension one DER value of its own type, and nothing after it",
        bank: Bank::EndsHandshake,
        broken: |cert| {
            let broken = cert.x509.iter_extensions().filter(|extension| {
                // QcStatements have rules of their own, which say more.
                !oid::is(&extension.oid, oid::QC_STATEMENTS)
                    && (extension.parsed_extension().error().is_some()
                        || Any::from_der(extension.value).map_or(true, |(rest, _)| !rest.is_empty()))
            });
            any(&broken.map(|extension| extension.oid.to_id_string()).collect::<Vec<_>>())
        },
    },
    Rule {
        id: "rfc5280-critical-and-unknown",
        clause: "RFC 5280 §4.2",
        level: Level::Must,
        scope: Scope::Any,
        message: "An extension is critical that TLS libraries do not know: they have to refuse the certificate.",
        expected: "only well-known extensions critical",
        bank: Bank::EndsHandshake,
        broken: |cert| {
            let unknown = cert.x509.iter_extensions().filter(|extension| {
                // QcStatements and precertificates have rules of their own.
                let known = JUDGED.iter().chain(&[oid::QC_STATEMENTS, oids::PRECERTIFICATE]);
                extension.critical && !known.into_iter().any(|arcs| oid::is(&extension.oid, arcs))
            });
            any(&unknown.map(|extension| extension.oid.to_id_string()).collect::<Vec<_>>())
        },
    },
    Rule {
        id: "rfc6962-precertificate",
        clause: "RFC 6962 §3.1",
        level: Level::Must,
        scope: Scope::Any,
        message: "It is a precertificate, made for the logs of certificate transparency and not for use.",
        expected: "the certificate itself",
        bank: Bank::EndsHandshake,
        broken: |cert| when(cert.has(oids::PRECERTIFICATE), "the poison extension"),
    },
    Rule {
        id: "rfc5280-authority-key-id-missing",
        clause: "RFC 5280 §4.2.1.1, EN 319 412-2 GEN-4.3.1-1",
        level: Level::Must,
        scope: Scope::Any,
        message: "It does not say which key of its issuer has signed it.",
        expected: "an authorityKeyIdentifier with a keyIdentifier",
        bank: Bank::CannotBuildChain,
        broken: |cert| {
            let has_key = match cert.parsed(oids::AUTHORITY_KEY_ID) {
                Some(ParsedExtension::AuthorityKeyIdentifier(aki)) => aki.key_identifier.is_some(),
                Some(_) => true,
                None => false,
            };
            when(!has_key && !cert.is_self_issued(), "none")
        },
    },
    Rule {
        id: "rfc5280-authority-key-id-critical",
        clause: "RFC 5280 §4.2.1.1",
        level: Level::Must,
        scope: Scope::Any,
        message: "Its authorityKeyIdentifier is critical.",
        expected: "not critical",
        bank: Bank::StrictRefuses,
        broken: |cert| when(cert.is_critical(oids::AUTHORITY_KEY_ID), "critical"),
    },
    Rule {
        id: "rfc5280-subject-key-id-missing",
        clause: "RFC 5280 §4.2.1.2",
        level: Level::Should,
        scope: Scope::Leaf,
        message: "It does not identify its own key.",
        expected: "a subjectKeyIdentifier",
        bank: Bank::TakesNoNotice,
        broken: |cert| missing(cert.has(oids::SUBJECT_KEY_ID)),
    },
    Rule {
        id: "rfc5280-key-usage-empty",
        clause: "RFC 5280 §4.2.1.3",
        level: Level::Must,
        scope: Scope::Any,
        message: "Its keyUsage allows nothing.",
        expected: "at least one usage",
        bank: Bank::EndsHandshake,
        broken: |cert| {
            let is_read = matches!(cert.parsed(oids::KEY_USAGE), Some(ParsedExtension::KeyUsage(_)));
            when(is_read && cert.facts.key_usage.is_empty(), "no usage")
        },
    },
    Rule {
        id: "rfc5280-key-usage-not-critical",
        clause: "RFC 5280 §4.2.1.3",
        level: Level::Should,
        scope: Scope::Any,
        message: "Its keyUsage is not critical.",
        expected: "critical",
        bank: Bank::TakesNoNotice,
        broken: |cert| when(cert.has(oids::KEY_USAGE) && !cert.is_critical(oids::KEY_USAGE), "not critical"),
    },
    Rule {
        id: "rfc5280-policy-twice",
        clause: "RFC 5280 §4.2.1.4",
        level: Level::Must,
        scope: Scope::Any,
        message: "A policy is there more than once.",
        expected: "each policy once",
        bank: Bank::StrictRefuses,
        broken: |cert| {
            let mut seen = BTreeSet::new();
            any(&cert.facts.policies.iter().filter(|policy| !seen.insert(*policy)).cloned().collect::<Vec<_>>())
        },
    },
    Rule {
        id: "rfc5280-alternative-name-broken",
        clause: "RFC 5280 §4.2.1.6",
        level: Level::Must,
        scope: Scope::Any,
        message: "Its subjectAltName has an entry that is none.",
        expected: "at least one entry, DNS names of letters, digits and hyphens, addresses of 4 or 16 octets",
        bank: Bank::StrictRefuses,
        broken: broken_name,
    },
    Rule {
        id: "rfc5280-purposes-empty",
        clause: "RFC 5280 §4.2.1.12",
        level: Level::Must,
        scope: Scope::Any,
        message: "Its extended key usage names no purpose.",
        expected: "at least one purpose",
        bank: Bank::EndsHandshake,
        broken: |cert| {
            let is_read = matches!(cert.parsed(oids::EXTENDED_KEY_USAGE), Some(ParsedExtension::ExtendedKeyUsage(_)));
            when(is_read && cert.facts.extended_key_usage.is_empty(), "no purpose")
        },
    },
    Rule {
        id: "rfc5280-access-critical",
        clause: "RFC 5280 §4.2.2.1",
        level: Level::Must,
        scope: Scope::Any,
        message: "Its authorityInfoAccess is critical.",
        expected: "not critical",
        bank: Bank::EndsHandshake,
        broken: |cert| when(cert.is_critical(oid::AUTHORITY_INFO_ACCESS), "critical"),
    },
    Rule {
        id: "rfc5280-object-identifier-broken",
        clause: "RFC 5280 §4.2, X.690 §8.19",
        level: Level::Must,
        scope: Scope::Any,
        message: "An extension's type is no object identifier that can be read.",
        expected: "an object identifier in DER",
        bank: Bank::EndsHandshake,
        broken: |cert| {
            let mut types = cert.x509.iter_extensions().map(|extension| extension.oid.as_bytes());
            let broken = types.find(|octets| Oid::from_content(octets).is_none())?;
            Some(crate::pki::name::hex(broken))
        },
    },
];

fn broken_name(cert: &Cert<'_>) -> Option<String> {
    if matches!(cert.parsed(oids::SUBJECT_ALT_NAME), Some(ParsedExtension::SubjectAlternativeName(_)))
        && cert.alternative_names().is_empty()
    {
        return Some("no entry".to_owned());
    }
    let broken = cert.alternative_names().iter().filter_map(|name| match name {
        GeneralName::DNSName(name) if !is_dns_name(name) => Some(format!("DNS name \"{name}\"")),
        GeneralName::IPAddress(octets) if ![4, 16].contains(&octets.len()) => {
            Some(format!("address of {} octets", octets.len()))
        }
        GeneralName::Invalid(tag, _) => Some(format!("entry of type {}", tag.0)),
        _ => None,
    });
    any(&broken.collect::<Vec<_>>())
}

/// RFC 1034 §3.5 as changed by RFC 1123, with underscores, which are in use, and a wildcard in front.
fn is_dns_name(name: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"-_".contains(&octet))
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let name = name.strip_prefix("*.").unwrap_or(name);
    name.len() <= 253 && name.split('.').all(is_label)
}

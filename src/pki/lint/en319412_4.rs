//! EN 319 412-4: certificates for websites, and what TLS asks of them.

use x509_parser::extensions::GeneralName;

use super::cert::{any, missing, when};
use super::oids;
use super::rule::{Bank, Level, Rule, Scope};
use super::{Purpose, cert::Cert};
use crate::pki::oid;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "en319412-4-purposes-missing",
        clause: "EN 319 412-4 WEB-4.1.3-4",
        level: Level::Must,
        scope: Scope::Qwac,
        message: "It does not say what it is for.",
        expected: "an extended key usage",
        bank: Bank::StrictRefuses,
        broken: |cert| missing(cert.has(oids::EXTENDED_KEY_USAGE)),
    },
    Rule {
        id: "en319412-4-not-for-servers",
        clause: "EN 319 412-4 WEB-4.1.3-4, CA/B BR §7.1.2.7.10",
        level: Level::Must,
        scope: Scope::Qwac,
        message: "It is for websites by its kind, but not by its extended key usage.",
        expected: "serverAuth",
        bank: Bank::TakesNoNotice,
        broken: |cert| when(!cert.facts.extended_key_usage.is_empty() && !cert.is_for("serverAuth"), purposes(cert)),
    },
    Rule {
        id: "rfc5280-not-for-clients",
        clause: "RFC 5280 §4.2.1.12",
        level: Level::Must,
        scope: Scope::Qwac,
        message: "It may not be used by a TLS client, and that is what a TPP needs it for (see --purpose).",
        expected: "clientAuth",
        bank: Bank::EndsHandshake,
        broken: |cert| {
            let is_asked = cert.purpose == Purpose::Client && !cert.facts.extended_key_usage.is_empty();
            when(is_asked && !cert.is_for("clientAuth") && !cert.is_for("anyExtendedKeyUsage"), purposes(cert))
        },
    },
    Rule {
        id: "cabf-any-purpose",
        clause: "CA/B BR §7.1.2.7.10",
        level: Level::Must,
        scope: Scope::Qwac,
        message: "It is for any purpose.",
        expected: "serverAuth, clientAuth and no others",
        bank: Bank::StrictRefuses,
        broken: |cert| when(cert.is_for("anyExtendedKeyUsage"), purposes(cert)),
    },
    Rule {
        id: "en319412-4-alternative-name-missing",
        clause: "EN 319 412-4 WEB-4.1.3-4",
        level: Level::Must,
        scope: Scope::Qwac,
        message: "It is not made out to any host.",
        expected: "a subjectAltName with at least one DNS name",
        bank: Bank::StrictRefuses,
        broken: |cert| {
            let is_address = |name: &GeneralName<'_>| matches!(name, GeneralName::IPAddress(_));
            missing(cert.dns_names().next().is_some() || cert.alternative_names().iter().any(is_address))
        },
    },
    Rule {
        id: "cabf-alternative-name-kind",
        clause: "CA/B BR §7.1.2.7.12",
        level: Level::Should,
        scope: Scope::Website,
        message: "It is made out to something that is no host.",
        expected: "DNS names and IP addresses only",
        bank: Bank::TakesNoNotice,
        broken: |cert| {
            let is_host =
                |name: &&GeneralName<'_>| !matches!(name, GeneralName::DNSName(_) | GeneralName::IPAddress(_));
            let others = cert.alternative_names().iter().filter(is_host);
            any(&others.map(ToString::to_string).collect::<Vec<_>>())
        },
    },
    Rule {
        id: "en319412-4-common-name-elsewhere",
        clause: "EN 319 412-4 WEB-4.1.3-4",
        level: Level::Should,
        scope: Scope::Qwac,
        message: "Its commonName is none of the hosts that it is made out to.",
        expected: "one of the DNS names, or no commonName",
        bank: Bank::TakesNoNotice,
        broken: |cert| {
            let name = cert.subject(oid::COMMON_NAME).into_iter().next()?;
            when(cert.dns_names().next().is_some() && !names_host(cert, &name), name)
        },
    },
    Rule {
        id: "cabf-wildcard",
        clause: "CA/B EVG §7.1.4.2",
        level: Level::Must,
        scope: Scope::Website,
        message: "It is made out to a wildcard, which extended validation does not allow.",
        expected: "whole host names",
        bank: Bank::TakesNoNotice,
        broken: |cert| {
            let is_extended = cert.has_policy(oids::QEVCP_W) || cert.has_policy(oids::CABF_EV);
            let wildcards: Vec<String> =
                cert.dns_names().filter(|name| name.contains('*')).map(str::to_owned).collect();
            any(&wildcards).filter(|_| is_extended)
        },
    },
    Rule {
        id: "rfc8446-cannot-sign",
        clause: "RFC 8446 §4.4.2.2, §4.4.2.3",
        level: Level::Must,
        scope: Scope::Qwac,
        message: "Its key may not sign a TLS handshake, neither a client's nor, in TLS 1.3, a server's.",
        expected: "digitalSignature",
        bank: Bank::EndsHandshake,
        broken: |cert| {
            when(cert.has(oids::KEY_USAGE) && !cert.has_usage("digitalSignature"), cert.facts.key_usage.join(", "))
        },
    },
    Rule {
        id: "cabf-key-usage",
        clause: "CA/B BR §7.1.2.7.11",
        level: Level::Must,
        scope: Scope::Website,
        message: "Its key may do what a website's key must not.",
        expected: "digitalSignature, with keyEncipherment for RSA or keyAgreement for EC",
        bank: Bank::StrictRefuses,
        broken: |cert| {
            let allowed = ["digitalSignature", "keyEncipherment", "keyAgreement", "dataEncipherment"];
            // A CA's certificate has rules of its own.
            let others = cert.facts.key_usage.iter().filter(|usage| !allowed.contains(&usage.as_str()));
            any(&others.cloned().collect::<Vec<_>>()).filter(|_| !cert.facts.is_ca)
        },
    },
    Rule {
        id: "rfc8813-ec-key-encipherment",
        clause: "RFC 8813 §3",
        level: Level::Must,
        scope: Scope::Any,
        message: "Its key may encipher, which an EC key cannot do.",
        expected: "neither keyEncipherment nor dataEncipherment for an EC key",
        bank: Bank::StrictRefuses,
        broken: |cert| {
            let enciphers = cert.has_usage("keyEncipherment") || cert.has_usage("dataEncipherment");
            when(cert.facts.key.kind.starts_with("EC") && enciphers, cert.facts.key_usage.join(", "))
        },
    },
    Rule {
        id: "en319412-4-server-without-dns-name",
        clause: "RFC 9525 §3",
        level: Level::Must,
        scope: Scope::Qwac,
        message: "It shall serve TLS and has no DNS name that a client could look for.",
        expected: "a DNS name in the subjectAltName",
        bank: Bank::TakesNoNotice,
        broken: |cert| when(cert.purpose == Purpose::Server && cert.dns_names().next().is_none(), "none"),
    },
];

fn purposes(cert: &Cert<'_>) -> String {
    cert.facts.extended_key_usage.join(", ")
}

fn names_host(cert: &Cert<'_>, name: &str) -> bool {
    cert.facts.names.iter().any(|host| host.eq_ignore_ascii_case(name))
}

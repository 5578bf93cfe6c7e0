//! Certificate requests: the rules that a request can break. What it leaves out, the trust service provider fills in; what
//! it says, the certificate will say too.

use super::cert::Cert;
use super::rule::{Bank, Level, Rule, Scope};
use super::{Finding, Linted, Options, rules};
use crate::pki::Kind;
use crate::pki::request::Request;

/// What is said of a request that cannot be read at all.
const UNREADABLE: Rule = Rule {
    id: "rfc2986-unreadable",
    clause: "RFC 2986 §4",
    level: Level::Must,
    scope: Scope::Request,
    message: "It is no certificate request: it cannot be read as PKCS#10.",
    expected: "a request in DER",
    bank: Bank::GetsNoCertificate,
    broken: |_| None,
};

/// What is said of a request that anybody could have made.
const UNSIGNED: Rule = Rule {
    id: "rfc2986-not-signed-by-its-key",
    clause: "RFC 2986 §3",
    level: Level::Must,
    scope: Scope::Request,
    message: "It is not signed by the key in it.",
    expected: "a signature by the private key that belongs to the request's public one",
    bank: Bank::GetsNoCertificate,
    broken: |_| None,
};

pub(super) const RULES: &[Rule] = &[UNREADABLE, UNSIGNED];

/// The rules about what stands there, of those about certificates.
const APPLY: [&str; 73] = [
    "rfc5280-subject-empty",
    "rfc5280-country-not-two-letters",
    "en319412-3-country-unknown",
    "rfc5280-country-not-printable",
    "rfc5280-old-string-type",
    "rfc5280-extension-twice",
    "rfc5280-extension-unreadable",
    "rfc5280-object-identifier-broken",
    "rfc5280-key-usage-empty",
    "rfc5280-ca-as-leaf",
    "rfc5280-signs-certificates-without-ca",
    "rfc5280-path-length-without-ca",
    "rfc5280-policy-twice",
    "rfc5280-alternative-name-broken",
    "rfc5280-purposes-empty",
    "en319412-1-identifier-syntax",
    "en319412-1-identifier-country",
    "en319412-1-identifier-scheme",
    "en319412-1-lei-check-digits",
    "en319412-1-semantics-of-a-person",
    "en319412-2-alternative-name-critical",
    "en319412-2-ca-only-extension",
    "en319412-2-purposes-critical",
    "en319412-3-attribute-twice",
    "en319412-3-identifier-is-the-name",
    "en319412-3-empty-attribute",
    "en319412-3-key-usage",
    "en319412-4-not-for-servers",
    "rfc5280-not-for-clients",
    "cabf-any-purpose",
    "cabf-alternative-name-kind",
    "en319412-4-common-name-elsewhere",
    "cabf-wildcard",
    "rfc8446-cannot-sign",
    "cabf-key-usage",
    "rfc8813-ec-key-encipherment",
    "cabf-internal-name",
    "cabf-organization-id-differs",
    "cabf-ev-category-unknown",
    "en319412-5-statements-broken",
    "en319412-5-statements-critical",
    "en319412-5-statement-twice",
    "en319412-5-statement-broken",
    "en319412-5-type-not-one",
    "en319412-5-type-unknown",
    "en319412-5-type-of-another-kind",
    "en319412-5-seal-for-tls",
    "en319412-5-policy-of-another-kind",
    "en319412-5-device-in-qwac",
    "ts119495-statement-broken",
    "ts119495-no-role",
    "ts119495-role-name-of-another",
    "ts119495-role-unknown",
    "ts119495-role-outside-its-arc",
    "ts119495-unspecified-with-others",
    "ts119495-unspecified-misnamed",
    "ts119495-role-twice",
    "ts119495-authority-name-not-latin",
    "ts119495-authority-id-syntax",
    "ts119495-authority-not-na",
    "ts119495-authority-country",
    "ts119495-identifier-not-psd",
    "eba-authority-replaced",
    "eba-authority-not-listed",
    "eba-authority-named-otherwise",
    "house-authorities-differ",
    "house-countries-differ",
    "cabf-rsa-key-short",
    "ts119312-rsa-key-short",
    "ts119312-rsa-exponent",
    "rfc5480-key-unreadable",
    "rfc5480-curve-not-named",
    "ts119312-key-kind",
];

/// Lints one request, from DER, by the rules that it can break.
pub fn lint_request(der: &[u8], options: &Options) -> Linted {
    let unreadable = |reason: String| {
        let kind = options.kind.unwrap_or(Kind::Other);
        Linted { kind, words: "something that cannot be read", findings: vec![UNREADABLE.finding(&reason)] }
    };
    let request = match Request::read(der) {
        Ok(request) => request,
        Err(error) => return unreadable(error.to_string()),
    };
    let cert = match Cert::read(&request.asked_for, options) {
        Ok(cert) => cert,
        Err(reason) => return unreadable(reason),
    };
    let applies = |rule: &&Rule| APPLY.contains(&rule.id) && cert.is_in(rule.scope);
    let broken = |rule: &'static Rule| Some(rule.finding(&(rule.broken)(&cert)?));
    let unsigned = (!request.is_signed).then(|| UNSIGNED.finding("another key's signature, or none"));
    let mut findings: Vec<Finding> = unsigned.into_iter().chain(rules().filter(applies).filter_map(broken)).collect();
    findings.sort_by_key(|finding| finding.level);
    Linted { kind: cert.kind, words: cert.kind.asked_for(), findings }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_that_applies_to_requests_exists() {
        for id in APPLY {
            assert!(rules().any(|rule| rule.id == id), "there is no rule {id}");
        }
    }
}

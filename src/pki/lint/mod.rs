//! The linter: what is wrong with anybody's certificate, by which clause, and what a bank would make of it.
//!
//! The rules are a table, grouped by the document that they come from. Each is one function of one certificate; none
//! trusts its input, and none knows more than the certificate, the issuers given beside it and the time it is judged at.

mod authorities;
mod cabf;
mod cert;
mod country;
mod en319412_1;
mod en319412_2;
mod en319412_3;
mod en319412_4;
mod en319412_5;
mod en319412_5_values;
mod extensions;
mod fields;
mod house;
mod issuers;
mod nca;
mod oids;
mod request;
mod rule;
#[cfg(test)]
mod tests;
mod ts119312;
mod ts119495;

use serde::Serialize;
use time::OffsetDateTime;

use self::cert::Cert;
pub use self::issuers::Issuers;
pub use self::request::lint_request;
pub use self::rule::{Bank, Level, Rule, Scope};
pub use crate::pki::Kind;

/// What a QWAC shall be used for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Purpose {
    /// TLS connections to a bank, as its client.
    #[default]
    Client,
    /// A TLS server.
    Server,
    /// Not said: neither extended key usage is asked for.
    Any,
}

/// How to lint.
#[derive(Debug, Clone)]
pub struct Options {
    /// What the certificate shall be; found out where it is not said.
    pub kind: Option<Kind>,
    /// What it shall be used for.
    pub purpose: Purpose,
    /// When it shall hold.
    pub at: OffsetDateTime,
    /// Certificates given beside it: where its issuer's name is among them, its key must have signed.
    pub issuers: Issuers,
}

impl Options {
    /// The kind found out, for a TLS client, at that time, without its issuers.
    pub fn at(at: OffsetDateTime) -> Self {
        Self { kind: None, purpose: Purpose::default(), at, issuers: Issuers::default() }
    }
}

/// What breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule.
    pub rule: &'static str,
    /// Where it is written.
    pub clause: &'static str,
    /// How strictly.
    pub level: Level,
    /// What is wrong, and what a bank would make of it.
    pub message: String,
    /// What is there; its length is bounded, and no control characters are left in it.
    pub actual: String,
    /// What should be there.
    pub expected: &'static str,
}

/// What the linter says of one certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linted {
    /// What it is, or was said to be.
    pub kind: Kind,
    /// The same for people.
    pub words: &'static str,
    /// What is wrong, the worst first.
    pub findings: Vec<Finding>,
}

impl Linted {
    /// The level of the worst finding; none where there is no finding.
    pub fn worst(&self) -> Option<Level> {
        self.findings.first().map(|finding| finding.level)
    }
}

/// Every rule, by document.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    [
        fields::RULES,
        extensions::RULES,
        authorities::RULES,
        en319412_1::RULES,
        en319412_2::RULES,
        en319412_3::RULES,
        en319412_4::RULES,
        en319412_5::RULES,
        en319412_5_values::RULES,
        ts119495::RULES,
        nca::RULES,
        ts119312::RULES,
        cabf::RULES,
        house::RULES,
        request::RULES,
    ]
    .into_iter()
    .flatten()
}

/// Lints one certificate, from DER. What cannot be read at all is a finding too.
pub fn lint(der: &[u8], options: &Options) -> Linted {
    let cert = match Cert::read(der, options) {
        Ok(cert) => cert,
        Err(reason) => {
            let kind = options.kind.unwrap_or(Kind::Other);
            let words = "a certificate that cannot be read";
            return Linted { kind, words, findings: vec![fields::UNREADABLE.finding(&reason)] };
        }
    };
    let broken = |rule: &'static Rule| Some(rule.finding(&(rule.broken)(&cert)?));
    let mut findings: Vec<Finding> = rules().filter(|rule| cert.is_in(rule.scope)).filter_map(broken).collect();
    findings.sort_by_key(|finding| finding.level);
    Linted { kind: cert.kind, words: cert.kind.in_words(&cert.facts), findings }
}

/// It is the certificate of a CA, as far as it can be read.
pub fn is_ca(der: &[u8]) -> bool {
    x509_parser::parse_x509_certificate(der).is_ok_and(|(_, certificate)| certificate.is_ca())
}

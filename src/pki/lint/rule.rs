//! What a rule is.

use std::fmt;

use serde::Serialize;

use super::Finding;
use super::cert::Cert;

/// How strictly a rule is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Level {
    /// The document demands it.
    Must,
    /// The document, or the practice of banks, recommends it.
    Should,
    /// Worth knowing.
    May,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Must => "MUST",
            Self::Should => "SHOULD",
            Self::May => "MAY",
        })
    }
}

/// Which certificates a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Every certificate.
    Any,
    /// Whatever is no CA.
    Leaf,
    /// CAs.
    Ca,
    /// QWACs and QSealCs.
    Qualified,
    /// QWACs.
    Qwac,
    /// QSealCs.
    Qsealc,
    /// Whatever is no QWAC.
    NotQwac,
    /// Certificates of natural persons.
    Person,
    /// QWACs, but for those whose policy exempts them from the CA/B forum's rules.
    Website,
    /// Certificate requests.
    Request,
}

impl Scope {
    /// Which certificates, in words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Leaf => "no CA",
            Self::Ca => "CA",
            Self::Qualified => "QWAC, QSealC",
            Self::Qwac => "QWAC",
            Self::Qsealc => "QSealC",
            Self::NotQwac => "no QWAC",
            Self::Person => "a person's",
            Self::Website => "QWAC for browsers",
            Self::Request => "request",
        }
    }
}

/// What a bank would make of a certificate that breaks a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bank {
    /// Its TLS server ends the handshake.
    EndsHandshake,
    /// It answers 401.
    Refuses,
    /// It does not let the holder do anything.
    GrantsNothing,
    /// It cannot tell who the holder is.
    CannotTellWho,
    /// It cannot ask whether the certificate is revoked.
    CannotAsk,
    /// It cannot find the issuer.
    CannotBuildChain,
    /// It does not take what the certificate signs.
    RefusesSignatures,
    /// A strict one refuses it.
    StrictRefuses,
    /// Nothing today.
    TakesNoNotice,
    /// Nothing: no certificate comes of such a request.
    GetsNoCertificate,
}

impl Bank {
    fn says(self) -> &'static str {
        match self {
            Self::EndsHandshake => "A bank's TLS server ends the handshake.",
            Self::Refuses => "A bank refuses its holder, with 401 for example.",
            Self::GrantsNothing => "A bank lets its holder do nothing, and answers 401 for example.",
            Self::CannotTellWho => "A bank cannot tell who the holder is, and refuses it.",
            Self::CannotAsk => "A bank cannot ask whether it is revoked, and a careful one refuses it for that.",
            Self::CannotBuildChain => "A bank may not find its issuer, and then ends the handshake.",
            Self::RefusesSignatures => "A bank does not take what it signs.",
            Self::StrictRefuses => "A strict bank refuses it, many do not look.",
            Self::TakesNoNotice => "Most banks take no notice.",
            Self::GetsNoCertificate => "No trust service provider issues a certificate for it.",
        }
    }
}

/// One rule.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its name: the document and what is wrong, in kebab-case.
    pub id: &'static str,
    /// Where it is written.
    pub clause: &'static str,
    /// How strictly.
    pub level: Level,
    /// Which certificates it is about.
    pub scope: Scope,
    /// What is wrong with a certificate that breaks it, a sentence.
    pub message: &'static str,
    /// What should be there.
    pub expected: &'static str,
    /// What a bank makes of it.
    pub bank: Bank,
    /// What is there instead, where the rule is broken.
    pub(super) broken: fn(&Cert<'_>) -> Option<String>,
}

/// So much of what stands in a certificate is shown, in characters.
const LONGEST: usize = 300;

impl Rule {
    pub(super) fn finding(&self, actual: &str) -> Finding {
        Finding {
            rule: self.id,
            clause: self.clause,
            level: self.level,
            message: format!("{} {}", self.message, self.bank.says()),
            actual: shown(actual),
            expected: self.expected,
        }
    }
}

/// A certificate is written by others: nothing in it may steer a terminal or fill a page.
fn shown(text: &str) -> String {
    let steers = |character: &char| {
        character.is_control() || matches!(character, '\u{200e}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let clean = |character: char| if steers(&character) { '\u{fffd}' } else { character };
    let mut shown: String = text.chars().take(LONGEST).map(clean).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}

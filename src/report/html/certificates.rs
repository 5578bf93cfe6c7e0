//! The certificates of a run: what they say, how long they last, and what the linter found in them.

use serde::Serialize;

use crate::run::event::{CertificateInfo, Level, RunInfo};

use super::super::text::visible;
use super::super::words;

/// One certificate, folded.
#[derive(Debug, Serialize)]
pub(super) struct Certificate {
    /// Whose, and what for: `tpp-a, QWAC`.
    title: String,
    /// `ends 2027-11-20, 363 days after this run began`.
    ends: String,
    /// `1 MUST broken, 2 SHOULD`; empty where nothing was found.
    found: String,
    facts: Vec<(String, String)>,
    findings: Vec<Finding>,
}

#[derive(Debug, Serialize)]
struct Finding {
    rule: String,
    clause: String,
    level: &'static str,
    message: String,
    actual: String,
    expected: String,
}

/// Every certificate of the run: those that were presented, then those of the bank.
pub(super) fn all(info: &RunInfo) -> Vec<Certificate> {
    let presented = info.identities.iter().flat_map(|identity| {
        identity.certificates.iter().map(|certificate| Certificate::of(&identity.name, certificate))
    });
    let bank = info.target.certificates.iter().map(|certificate| Certificate::of("the bank", certificate));
    presented.chain(bank).collect()
}

impl Certificate {
    fn of(whose: &str, certificate: &CertificateInfo) -> Self {
        Self {
            title: visible(&format!("{whose}, {}", certificate.used_as)),
            ends: visible(&ends(certificate)),
            found: found(certificate),
            facts: certificate.facts.iter().map(|fact| (visible(&fact.label), visible(&fact.value))).collect(),
            findings: certificate
                .findings
                .iter()
                .map(|finding| Finding {
                    rule: visible(&finding.rule),
                    clause: visible(&finding.clause),
                    level: words::level(finding.level),
                    message: visible(&finding.message),
                    actual: visible(&finding.actual),
                    expected: visible(&finding.expected),
                })
                .collect(),
        }
    }
}

/// Counted from the beginning of the run, so that the page says the same whenever it is read.
fn ends(certificate: &CertificateInfo) -> String {
    let days = |count: i64| if count == 1 { "1 day".to_owned() } else { format!("{count} days") };
    match certificate.days_left {
        left if left < 0 => format!("ended {}, before this run began", certificate.not_after),
        0 => format!("ends {}, within a day after this run began", certificate.not_after),
        left => format!("ends {}, {} after this run began", certificate.not_after, days(left)),
    }
}

fn found(certificate: &CertificateInfo) -> String {
    let count = |level: Level| certificate.findings.iter().filter(|finding| finding.level == level).count();
    let counts = [(Level::Must, "MUST broken"), (Level::Should, "SHOULD broken"), (Level::May, "worth knowing")];
    let told = counts.iter().map(|(level, what)| (count(*level), what)).filter(|(count, _)| *count > 0);
    told.map(|(count, what)| format!("{count} {what}")).collect::<Vec<_>>().join(", ")
}

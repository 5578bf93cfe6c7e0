//! What a run tells its listeners: plain, self-contained data, from which every report is made.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::waiver::Waivers;
use crate::pki::{Defect, NearMiss};

pub use super::share::{Share, is_told};
pub use crate::catalogue::{Level, WhyNot};
pub use crate::doctor::Finding as SeenBefore;
pub use crate::evidence::exchange::{
    Answer, Direction, Exchange, Failure, Layer, Presented, Request, Response, Text, TlsFacts,
};
pub use crate::evidence::operation::Operation;
pub use crate::evidence::speaker::Speaker;
pub use crate::judge::tls::rated::{Mark as TlsMark, RatedFact, RatedPicture};

/// What happens in a run, in the order in which it happens. The journal on disk is a line of JSON for each.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// Always first, before anything is asked of the bank: who is judged, by whom, with which checks.
    Started(Box<RunInfo>),
    /// A stopped run goes on from its journal.
    Resumed {
        /// When (UTC).
        #[serde(with = "time::serde::rfc3339")]
        at: OffsetDateTime,
        /// What differs from the run that stopped, in words: a new bank, a new certificate.
        note: String,
    },
    /// By what the run, or the part of it that begins here, is accepted.
    Accepting {
        /// Known deviations.
        waivers: Waivers,
        /// Every check that there is, selected or not.
        known: Vec<String>,
    },
    /// What was found on the way to the first check that may stand in the way of some.
    SeenBefore {
        /// Warnings and errors.
        findings: Vec<SeenBefore>,
    },
    /// A server of the bank has shown its certificate, told once for each.
    ServerMet(Box<CertificateInfo>),
    /// A check has begun.
    CheckStarted {
        /// The check.
        id: String,
    },
    /// One recorded request and its answer.
    Exchange(Arc<Exchange>),
    /// What the TLS of one host is like, and what a policy makes of it.
    TlsPicture(Box<RatedPicture>),
    /// A check has its verdict.
    CheckFinished(Box<CheckResult>),
    /// Always last, and missing where the run was killed.
    Finished {
        /// When (UTC).
        #[serde(with = "time::serde::rfc3339")]
        at: OffsetDateTime,
        /// Stopped by the user before every check had its verdict.
        interrupted: bool,
    },
}

/// The version of the journal; it changes when a reader of the old one would go wrong.
pub const JOURNAL: u32 = 1;

fn first_journal() -> u32 {
    1
}

/// Who is judged.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// A bank, by the TPPs that we play.
    #[default]
    Bank,
    /// A TPP's client, by the bank that we play.
    Client,
}

impl Role {
    /// As it stands in a sentence: `the bank`.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Bank => "the bank",
            Self::Client => "the TPP",
        }
    }

    /// The sentence about whoever is judged: `{who}` and, where it begins, `{Who}` stand for it.
    pub fn told(self, sentence: &str) -> String {
        let (first, rest) = self.noun().split_at(1);
        sentence.replace("{who}", self.noun()).replace("{Who}", &format!("{}{rest}", first.to_uppercase()))
    }
}

/// Who is judged, by whom, when, with which identities and which checks.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct RunInfo {
    /// The version of the journal that this is the first line of: [`JOURNAL`].
    #[serde(default = "first_journal")]
    pub journal: u32,
    /// Who is judged.
    #[serde(default)]
    pub judged: Role,
    /// `20261121-101500-4f2a`; also the name of the run's folder.
    pub run_id: String,
    /// The version of bankproof.
    pub tool_version: String,
    /// When the run began (UTC).
    #[serde(with = "time::serde::rfc3339")]
    pub started_at: OffsetDateTime,
    /// The bank under test.
    pub target: TargetInfo,
    /// The TPPs that were played.
    pub identities: Vec<IdentityInfo>,
    /// What was found before the first check that may stand in its way: warnings and errors.
    #[serde(default)]
    pub seen_before: Vec<SeenBefore>,
    /// How the checks were chosen, as the user said it; empty where all were.
    pub selection: String,
    /// So many percent of the MUSTs that a bank of this dialect and profile can be held to have to be judged for a verdict on
    /// the bank; 0 asks for none.
    #[serde(default)]
    pub min_share: u8,
    /// Every selected check, in the order of the catalogue.
    pub checks: Vec<CheckInfo>,
    /// Every requirement of the inventories, and whether a check of the catalogue covers it.
    pub requirements: Vec<RequirementInfo>,
}

/// The bank under test, as the target file names it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct TargetInfo {
    /// The name that the target file gives it.
    pub name: String,
    /// `test` or `production`.
    pub environment: String,
    /// `berlin-group`, or `none` where the target has no payment API.
    pub dialect: String,
    /// The profiles that it declares, in a line: `oauth-bcp`.
    pub profile: String,
    /// The same, one by one; empty in records of old, which had one profile only.
    #[serde(default)]
    pub profiles: Vec<String>,
    /// The issuer identifier of its authorization server.
    pub issuer: String,
    /// The base URL of its payment API, where it has one.
    pub api: Option<String>,
    /// It is the bank that bankproof brings along.
    pub bundled: bool,
    /// The faults that were switched on in the bundled bank.
    pub faults: Vec<String>,
    /// The lawful habits that the bundled bank was given beside those of its profiles.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub habits: Vec<String>,
    /// The capabilities that it declares.
    pub capabilities: Vec<String>,
    /// The CAs that its own certificates are trusted by, and the certificates of its servers that were met.
    #[serde(default)]
    pub certificates: Vec<CertificateInfo>,
    /// On which terms it was judged: what was held back, granted or sent otherwise because the target file says so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<Term>,
    /// How it is known to differ, by its own declaration.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deviations: Vec<DeclaredDeviation>,
}

/// A difference from the documents that the bank has declared.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct DeclaredDeviation {
    /// The checks that find it.
    pub checks: Vec<String>,
    /// What the bank does, and why.
    pub reason: String,
    /// Since when.
    pub since: Option<String>,
    /// Where the bank says so.
    pub reference: Option<String>,
    /// A fragment of what the bank is then seen to do.
    pub seen: Option<String>,
}

/// What came of one declaration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Declaration {
    /// The check that it is about.
    pub check: String,
    /// The bank's words.
    pub reason: String,
    /// What came of it, in words.
    pub came: String,
    /// The bank deviates as it has declared.
    pub as_declared: bool,
}

/// One way in which the target file has made this run different from that with another bank.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Term {
    /// `held back`, `allowed`, `tolerance`, `request`, `profile`.
    pub kind: String,
    /// What it comes to, in one sentence.
    pub says: String,
    /// Why, as the file has it; empty where it gives no reason.
    pub reason: String,
}

/// One TPP that was played.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct IdentityInfo {
    /// Its name in the target file: `tpp-a`.
    pub name: String,
    /// Its client id at the bank.
    pub client_id: String,
    /// The subject of its certificate.
    pub subject: String,
    /// The `organizationIdentifier` of its certificate; empty where there is none.
    pub organization_identifier: String,
    /// Its PSD2 roles: `PSP_PI`.
    pub roles: Vec<String>,
    /// `2026-12-31`.
    pub not_after: String,
    /// Its certificates, decoded, and linted before the first request.
    #[serde(default)]
    pub certificates: Vec<CertificateInfo>,
}

/// A certificate that was presented or met, as it was when the run began.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct CertificateInfo {
    /// What it was used as: `QWAC`, `renewed QWAC`, `trust anchor`, `TLS server bank.example`.
    pub used_as: String,
    /// Whose it is.
    pub subject: String,
    /// The last day on which it holds: `2026-12-31`.
    pub not_after: String,
    /// Whole days from the beginning of the run to its end; negative where it had ended by then.
    pub days_left: i64,
    /// What it says, in plain words.
    pub facts: Vec<CertificateFact>,
    /// What the linter found, the worst first. They say nothing of the bank.
    pub findings: Vec<CertificateFinding>,
}

/// One line of what a certificate says.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct CertificateFact {
    /// `Issuer`.
    pub label: String,
    /// In plain words.
    pub value: String,
}

/// What is wrong with a certificate, as `bankproof certs lint` says it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct CertificateFinding {
    /// `rfc5280-expired`.
    pub rule: String,
    /// Where the rule is written: `RFC 5280 §4.1.2.5`.
    pub clause: String,
    /// How strictly.
    pub level: Level,
    /// What is wrong, and what a bank would make of it.
    pub message: String,
    /// What is there.
    pub actual: String,
    /// What should be there.
    pub expected: String,
}

/// The papers of one check, from its scenario.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct CheckInfo {
    /// `PKCE-003`.
    pub id: String,
    /// What the bank must do.
    pub title: String,
    /// What goes wrong otherwise, in one or two plain sentences.
    pub description: String,
    /// MUST, SHOULD or MAY, for the profile of this run.
    pub level: Level,
    /// The title of its feature: `Proof Key for Code Exchange`.
    pub feature: String,
    /// `features/oauth/pkce.feature`.
    pub path: String,
    /// The line of the scenario in that file.
    pub line: usize,
    /// The ids of the requirements that it covers.
    pub requirements: Vec<String>,
    /// The faults that prove it.
    pub faults: Vec<String>,
    /// The scenario's steps, `Given …`, as printed in the feature file.
    pub steps: Vec<String>,
    /// It was not selected itself, and is judged for the sake of what was.
    #[serde(default, skip_serializing_if = "is_false")]
    pub as_control: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_false(value: &bool) -> bool {
    !value
}

/// One clause of one document, in our own words.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct RequirementInfo {
    /// `RFC7636-4.6`.
    pub id: String,
    /// `RFC 7636`.
    pub document: String,
    /// `4.6`.
    pub clause: String,
    /// Its level.
    pub level: Level,
    /// What it asks, in one sentence.
    pub text: String,
    /// Where to read it; empty where it is not published.
    pub link: String,
    /// A client can observe whether it is met.
    pub observable: bool,
    /// Why a client cannot observe it; empty where it can.
    pub why_not: String,
    /// The checks of the catalogue that cover it.
    pub checks: Vec<String>,
}

/// What a check came to. There are no others.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// A MUST is broken.
    Fail,
    /// A SHOULD is broken.
    Warn,
    /// A MAY is not made use of.
    Info,
    /// Could not be told: a prerequisite, the environment or the harness was in the way.
    Inconclusive,
    /// Does not apply to this bank, profile, dialect or run.
    NotApplicable,
    /// The requirement holds.
    Pass,
}

/// The outcome of one check.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct CheckResult {
    /// The check.
    pub id: String,
    /// What it came to.
    pub verdict: Verdict,
    /// In a word why it does not apply; nothing where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why_not: Option<WhyNot>,
    /// Why, in one sentence; empty on a pass.
    pub reason: String,
    /// What the requirement asks for; empty where nothing was judged.
    pub expected: String,
    /// What the bank did; empty where nothing was judged.
    pub actual: String,
    /// From its first step to its last, in milliseconds.
    pub duration_ms: f64,
    /// The exchanges that it made, by id, in order.
    pub exchanges: Vec<String>,
    /// The exchange that the verdict rests on, where there is one.
    pub decisive: Option<String>,
    /// The rows of an outline, each with its own outcome; empty for a plain scenario.
    pub variants: Vec<Variant>,
    /// The deviation is known and accepted: a mark on top of the verdict, never instead of it.
    pub waived: Option<Waived>,
    /// The bank has declared the deviation, in its own words: a mark that forgives nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared: Option<String>,
    /// It held when it was asked again, and why that was done: a mark on top of the verdict, never instead of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flaky: Option<String>,
    /// The check whose pass this one rests on, where it did not pass and that is the reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub control: Option<String>,
    /// It does not hold, and yet the bank has given what was rightly asked for: what rests on that can be judged.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub served: bool,
}

impl CheckResult {
    /// What it came to as the control of another check. It is there to show that the bank accepts: one that was flaky, or that
    /// was answered in a wrong form, has shown it.
    pub fn as_control(&self) -> Verdict {
        if self.flaky.is_some() || self.served { Verdict::Pass } else { self.verdict }
    }
}

/// One row of a scenario outline.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Variant {
    /// The row's values: `variant: trailing slash`.
    pub name: String,
    /// What the row came to.
    pub verdict: Verdict,
    /// Why; empty on a pass.
    pub reason: String,
    /// What the requirement asks for.
    pub expected: String,
    /// What the bank did.
    pub actual: String,
    /// The exchanges that the row made, by id.
    pub exchanges: Vec<String>,
    /// The exchange that the row's verdict rests on.
    pub decisive: Option<String>,
}

/// A known deviation, as the waiver file has it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Waived {
    /// Why it is accepted.
    pub reason: String,
    /// Who accepted it.
    pub owner: String,
    /// Until when: `2027-01-31`.
    pub expires: String,
}

/// A whole run, put together from its events: what every report renders.
#[derive(Clone, Debug)]
pub struct RunRecord {
    /// Who was judged, by whom, with which checks.
    pub info: RunInfo,
    /// When it ended (UTC); `None` where it was killed.
    pub finished_at: Option<OffsetDateTime>,
    /// Stopped by the user before every check had its verdict.
    pub interrupted: bool,
    /// What was said when the run was resumed, if it was.
    pub notes: Vec<String>,
    /// The outcomes, in the order of the catalogue.
    pub results: Vec<CheckResult>,
    /// Every exchange, in order.
    pub exchanges: Vec<Arc<Exchange>>,
    /// The TLS of each host that was looked at.
    pub tls: Vec<RatedPicture>,
    /// What is wrong with the waivers: stale, expired, unknown.
    pub waiver_problems: Vec<String>,
    /// What came of the bank's declarations.
    pub declarations: Vec<Declaration>,
    /// The exit code of the run.
    pub exit_code: u8,
}

impl RunRecord {
    /// Every check that was selected has its verdict, and none of them is about the bank: controls alone say nothing of it.
    pub fn is_about_nothing(&self) -> bool {
        let controls = self.info.checks.iter().filter(|check| check.as_control).map(|check| check.id.as_str());
        let controls: std::collections::HashSet<&str> = controls.collect();
        let mut selected = self.results.iter().filter(|result| !controls.contains(result.id.as_str()));
        self.results.len() == self.info.checks.len() && selected.all(|result| result.verdict == Verdict::NotApplicable)
    }
}

/// By which option of `bankproof certs issue`, and into which folder of a test PKI, a certificate is made again that is peculiar
/// in that way; none where it was made for the run alone.
pub fn remade_by(how: &str) -> Option<(&'static str, &'static str)> {
    match (how.parse::<Defect>(), how.parse::<NearMiss>()) {
        (Ok(_), _) => Some(("--defect", "defects")),
        (_, Ok(_)) => Some(("--near-miss", "near-misses")),
        _ => None,
    }
}

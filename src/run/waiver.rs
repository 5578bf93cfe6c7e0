//! Waivers: known deviations, each with a reason, an owner, an expiry and a scope.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use time::{Date, macros::format_description};

use super::event::{CheckResult, Verdict, Waived};
use crate::targets::mistake;

/// The waivers of one file.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Waivers(Vec<Waiver>);

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Waiver {
    check: String,
    reason: String,
    owner: String,
    expires: String,
    /// The name of a target, or `*`.
    scope: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default, rename = "waiver")]
    waivers: Vec<Waiver>,
}

/// A waiver file that cannot be used (exit code 2).
#[derive(Debug, thiserror::Error)]
#[error("{}{}: {problem}\n  mend: {mend}", path.display(), line.map(|line| format!(", line {line}")).unwrap_or_default())]
pub struct WaiverError {
    path: PathBuf,
    line: Option<usize>,
    problem: String,
    mend: &'static str,
}

/// What keeps a waiver from being used, or makes it suspicious.
pub struct Judgement<'a> {
    /// Every check id of the catalogue.
    pub known: &'a [String],
    /// The target's name.
    pub target: &'a str,
    /// Today (UTC).
    pub today: Date,
}

impl Waivers {
    /// Reads a waiver file.
    ///
    /// # Errors
    /// It cannot be read, holds an unknown key, lacks one, or has an expiry that is no date.
    pub fn load(path: &Path) -> Result<Self, WaiverError> {
        let mend = "write [[waiver]] with check, reason, owner, expires = \"2027-01-31\" and scope (a target's name, or \"*\")";
        let error = |line, problem| WaiverError { path: path.to_owned(), line, problem, mend };
        let text =
            std::fs::read_to_string(path).map_err(|io| error(None, format!("the waiver file cannot be read: {io}")))?;
        let file: File = toml::from_str(&text).map_err(|toml| {
            let line = toml.span().map(|span| text[..span.start].matches('\n').count() + 1);
            error(line, mistake(&text, &toml))
        })?;
        if let Some(bad) = file.waivers.iter().find(|waiver| waiver.expiry().is_none()) {
            return Err(error(
                None,
                format!("the waiver for {} expires on \"{}\", which is no date", bad.check, bad.expires),
            ));
        }
        Ok(Self(file.waivers))
    }

    /// Whom the waivers are for, where none is for that target: a scope may be misspelt.
    pub fn scopes_of_others(&self, target: &str) -> Option<String> {
        let is_for = |waiver: &Waiver| waiver.scope == "*" || waiver.scope == target;
        let scopes: std::collections::BTreeSet<String> =
            self.0.iter().map(|waiver| format!("\"{}\"", waiver.scope)).collect();
        (!self.0.is_empty() && !self.0.iter().any(is_for)).then(|| scopes.into_iter().collect::<Vec<_>>().join(", "))
    }

    /// Which results fall short, and have a waiver for another target alone: a scope may be misspelt.
    pub fn for_others(&self, target: &str, results: &[CheckResult]) -> Vec<String> {
        let short = results.iter().filter(|result| result.waived.is_none() && result.verdict == Verdict::Fail);
        let waivers = short.flat_map(|result| self.0.iter().filter(|waiver| waiver.check == result.id));
        let of_others = waivers.filter(|waiver| waiver.scope != "*" && waiver.scope != target);
        let told = of_others.map(|waiver| {
            format!("The waiver for {} is for \"{}\", and this target is \"{target}\".", waiver.check, waiver.scope)
        });
        told.collect()
    }

    /// Marks the results that a waiver covers, and says what is wrong with the waivers: unknown, expired, stale.
    pub fn apply(&self, results: &mut [CheckResult], judgement: &Judgement<'_>) -> Vec<String> {
        let mut problems = Vec::new();
        for waiver in self.0.iter().filter(|waiver| waiver.scope == "*" || waiver.scope == judgement.target) {
            if !judgement.known.contains(&waiver.check) {
                problems.push(format!("the waiver for {} is unknown: there is no such check", waiver.check));
            } else if waiver.expiry().is_none_or(|expiry| expiry < judgement.today) {
                problems.push(format!("the waiver for {} expired on {}", waiver.check, waiver.expires));
            } else if let Some(result) = results.iter_mut().find(|result| result.id == waiver.check) {
                match result.verdict {
                    Verdict::Fail | Verdict::Warn | Verdict::Info | Verdict::Inconclusive => {
                        result.waived = Some(waiver.mark())
                    }
                    Verdict::Pass => {
                        problems.push(format!("the waiver for {} is stale: the check passes", waiver.check))
                    }
                    Verdict::NotApplicable => {}
                }
            }
        }
        problems
    }
}

impl Waiver {
    fn expiry(&self) -> Option<Date> {
        Date::parse(&self.expires, format_description!("[year]-[month]-[day]")).ok()
    }

    fn mark(&self) -> Waived {
        Waived { reason: self.reason.clone(), owner: self.owner.clone(), expires: self.expires.clone() }
    }
}

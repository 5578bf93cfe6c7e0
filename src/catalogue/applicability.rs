//! Whether a check applies: decided before anything runs, each "no" with its reason.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Check, Row};

/// In a word why a check does not apply.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhyNot {
    /// It is about another dialect.
    Dialect,
    /// It belongs to another profile.
    Profile,
    /// It is about what the bank does not offer.
    NotOffered,
    /// The target file lacks what it takes to ask: it could be judged.
    NotProvided,
    /// Time would have to pass: it could be judged.
    Time,
    /// No money moves and no page is opened at this bank: it could be judged elsewhere.
    HeldBack,
}

/// Why a check does not apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objection {
    /// In a word.
    pub why_not: WhyNot,
    /// In words that end the sentence "not applicable: …".
    pub reason: String,
}

impl Objection {
    fn new(why_not: WhyNot, reason: impl Into<String>) -> Self {
        Self { why_not, reason: reason.into() }
    }
}

/// What applicability depends on.
#[derive(Clone, Debug)]
pub struct Context {
    /// What the bank can do.
    pub capabilities: BTreeSet<String>,
    /// Why a check that needs a capability does not apply where it is missing.
    pub missing: BTreeMap<&'static str, (WhyNot, &'static str)>,
    /// `berlin-group`.
    pub dialect: String,
    /// Those that hold, included ones too: `oauth-bcp`.
    pub profiles: BTreeSet<String>,
    /// The bank's clock can be moved, or the user will wait.
    pub time_can_pass: bool,
    /// Why payments must not be made and pages not be driven; `None` where they may.
    pub restraint: Option<String>,
}

/// Everything that a check or a row of it needs.
pub fn needs_of(check: &Check) -> BTreeSet<String> {
    check.tagged("needs").into_iter().chain(check.rows.iter().flat_map(|row| row.needs.clone())).collect()
}

impl Context {
    /// Why the check does not apply; `None` where it does.
    pub fn objection(&self, check: &Check) -> Option<Objection> {
        let dialects = check.tagged("dialect");
        if !dialects.is_empty() && !dialects.contains(&self.dialect) {
            let reason =
                format!("it is about the dialect {}, and the target has {}", dialects.join(" and "), self.dialect);
            return Some(Objection::new(WhyNot::Dialect, reason));
        }
        if !check.is_of(&self.profiles) {
            let reason = format!(
                "it belongs to the profile {}, and the target has {}",
                check.tagged("profile").join(" and "),
                self.profiles.iter().map(String::as_str).collect::<Vec<_>>().join(" and ")
            );
            return Some(Objection::new(WhyNot::Profile, reason));
        }
        if let Some(reason) = self.missing(&check.tagged("needs")) {
            return Some(reason);
        }
        if check.has_tag("slow") && !self.time_can_pass {
            let reason = "it needs time to pass and the bank's clock cannot be moved; --slow really waits";
            return Some(Objection::new(WhyNot::Time, reason));
        }
        if let Some(why) = self.restraint.as_ref().filter(|_| !check.has_tag("passive")) {
            let reason = format!("it makes payments, drives pages or obtains tokens: {why}");
            return Some(Objection::new(WhyNot::HeldBack, reason));
        }
        let rows = check.rows.iter();
        let is_none_left = rows.clone().all(|row| self.objection_to_row(row).is_some());
        is_none_left.then(|| rows.clone().find_map(|row| self.objection_to_row(row))).flatten()
    }

    /// Why one row of an applicable check does not apply.
    pub fn objection_to_row(&self, row: &Row) -> Option<Objection> {
        self.missing(&row.needs)
    }

    fn missing(&self, needs: &[String]) -> Option<Objection> {
        let need = needs.iter().find(|need| !self.capabilities.contains(*need))?;
        // One of a family, such as `bad-certificate:expired`, is missing as the family is.
        let known = self.missing.get(need.as_str()).or_else(|| self.missing.get(need.split(':').next()?));
        Some(match known {
            Some((why_not, reason)) => Objection::new(*why_not, *reason),
            None => Objection::new(WhyNot::NotProvided, format!("the target has no {need}")),
        })
    }
}

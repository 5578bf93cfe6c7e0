//! Whether a check applies: decided before anything runs, each "no" with its reason.

use std::collections::{BTreeMap, BTreeSet};

use super::{Check, Row};

/// What applicability depends on.
#[derive(Clone, Debug)]
pub struct Context {
    /// What the bank can do.
    pub capabilities: BTreeSet<String>,
    /// Why a check that needs a capability does not apply where it is missing.
    pub missing: BTreeMap<&'static str, &'static str>,
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
    pub fn objection(&self, check: &Check) -> Option<String> {
        let dialects = check.tagged("dialect");
        if !dialects.is_empty() && !dialects.contains(&self.dialect) {
            return Some(format!(
                "it is about the dialect {}, and the target has {}",
                dialects.join(" and "),
                self.dialect
            ));
        }
        if !check.is_of(&self.profiles) {
            return Some(format!(
                "it belongs to the profile {}, and the target has {}",
                check.tagged("profile").join(" and "),
                self.profiles.iter().map(String::as_str).collect::<Vec<_>>().join(" and ")
            ));
        }
        if let Some(reason) = self.missing(&check.tagged("needs")) {
            return Some(reason);
        }
        if check.has_tag("slow") && !self.time_can_pass {
            return Some("it needs time to pass and the bank's clock cannot be moved; --slow really waits".into());
        }
        if let Some(why) = self.restraint.as_ref().filter(|_| !check.has_tag("passive")) {
            return Some(format!("it makes payments, drives pages or obtains tokens: {why}"));
        }
        let rows = check.rows.iter();
        rows.clone()
            .all(|row| self.objection_to_row(row).is_some())
            .then(|| rows.clone().find_map(|row| self.objection_to_row(row)).unwrap_or_default())
    }

    /// Why one row of an applicable check does not apply.
    pub fn objection_to_row(&self, row: &Row) -> Option<String> {
        self.missing(&row.needs)
    }

    fn missing(&self, needs: &[String]) -> Option<String> {
        let need = needs.iter().find(|need| !self.capabilities.contains(*need))?;
        Some(
            self.missing
                .get(need.as_str())
                // One of a family, such as `bad-certificate:expired`, is missing as the family is.
                .or_else(|| self.missing.get(need.split(':').next()?))
                .map_or_else(|| format!("the target has no {need}"), |why| (*why).to_owned()),
        )
    }
}

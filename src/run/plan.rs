//! Which checks run: what the user selected, what that needs as controls, and what does not apply.

use std::{collections::BTreeSet, sync::Arc};

use cucumber::{gherkin::tagexpr::TagOperation, tag::Ext};

use crate::catalogue::{Catalogue, Check, Context, Level, Objection};

/// Checks that between them make every kind of answer that a check over the whole run is about: tokens, pages, callbacks with
/// codes and with errors, payments, refusals for want of a token and of a method.
const MAKERS: [&str; 9] =
    ["FLOW-003", "AUTHZ-006", "AUTHZ-033", "TOKEN-008", "RS-001", "BG-001", "BG-015", "UK-007", "UK-029"];

/// What the user selected; empty selects everything.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Ids, or the beginnings of ids: `PKCE`.
    pub prefixes: Vec<String>,
    /// `@must and not @slow`.
    pub tags: Option<String>,
    /// Only checks of that level, or stricter ones.
    pub level: Option<Level>,
}

/// A check that was selected, and what keeps it from running.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The check.
    pub check: Arc<Check>,
    /// Its level for this target.
    pub level: Level,
    /// Why it does not apply; `None` where it does.
    pub objection: Option<Objection>,
    /// The rows that apply, by index, in order.
    pub rows_that_run: Vec<usize>,
    /// It was not selected itself: a selected check has it as its control, or is over the whole run and needs its answers.
    pub only_as_control: bool,
}

/// A check that is to be judged, whether or not it will turn out to apply.
pub(super) struct Selected<'c> {
    pub(super) check: &'c Arc<Check>,
    /// Its level for this target.
    pub(super) level: Level,
    pub(super) only_as_control: bool,
}

/// A tag expression that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("--tags \"{0}\" is no tag expression; write for example --tags \"@must and not @slow\"")]
pub struct BadTags(String);

impl Selection {
    /// In words for the report; empty where everything is selected.
    pub fn in_words(&self) -> String {
        let prefixes = (!self.prefixes.is_empty()).then(|| self.prefixes.join(" "));
        let tags = self.tags.as_ref().map(|tags| format!("--tags \"{tags}\""));
        let level = self.level.map(|level| format!("--level {level:?}").to_lowercase());
        [prefixes, tags, level].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// The tag expression, ready for use.
    ///
    /// # Errors
    /// It cannot be parsed.
    pub fn tag_expression(&self) -> Result<Option<TagOperation>, BadTags> {
        let parse = |text: &String| text.parse().map_err(|_| BadTags(text.clone()));
        self.tags.as_ref().map(parse).transpose()
    }

    /// A tag of the expression that no check has.
    ///
    /// # Errors
    /// The tag expression cannot be parsed.
    pub fn unknown_tag(&self, catalogue: &Catalogue) -> Result<Option<String>, BadTags> {
        let mut asked = Vec::new();
        self.tag_expression()?.iter().for_each(|tags| tags_of(tags, &mut asked));
        let is_unknown = |tag: &String| !catalogue.checks.iter().any(|check| check.has_tag(tag));
        Ok(asked.into_iter().find(is_unknown))
    }

    /// The checks that the user selected, without their controls, in the order of the catalogue.
    ///
    /// # Errors
    /// The tag expression cannot be parsed.
    pub fn picked<'c>(
        &self,
        catalogue: &'c Catalogue,
        profiles: &BTreeSet<String>,
        policies: &BTreeSet<String>,
    ) -> Result<Vec<&'c Arc<Check>>, BadTags> {
        let tags = self.tag_expression()?;
        let is_picked = |check: &&Arc<Check>| {
            let by_id =
                self.prefixes.is_empty() || self.prefixes.iter().any(|prefix| check.id.starts_with(prefix.as_str()));
            let by_tag = tags.as_ref().is_none_or(|tags| tags.eval(check.tags.iter().map(String::as_str)));
            by_id && by_tag && self.level.is_none_or(|level| check.level_for(profiles, policies) <= level)
        };
        Ok(catalogue.checks.iter().filter(is_picked).collect())
    }

    /// The selected checks and their controls, in the order of the catalogue, and what keeps them from running.
    ///
    /// # Errors
    /// The tag expression cannot be parsed.
    pub fn plan(
        &self,
        catalogue: &Catalogue,
        context: &Context,
        policies: &BTreeSet<String>,
    ) -> Result<Vec<Planned>, BadTags> {
        let plan = |selected: Selected<'_>| Planned {
            level: selected.level,
            objection: context.objection(selected.check),
            rows_that_run: rows_that_run(context, selected.check),
            only_as_control: selected.only_as_control,
            check: selected.check.clone(),
        };
        Ok(self.checks(catalogue, &context.profiles, &context.dialect, policies)?.into_iter().map(plan).collect())
    }

    /// The selected checks and their controls, in the order of the catalogue. The bank need not be known for that.
    ///
    /// # Errors
    /// The tag expression cannot be parsed.
    pub(super) fn checks<'c>(
        &self,
        catalogue: &'c Catalogue,
        profiles: &BTreeSet<String>,
        dialect: &str,
        policies: &BTreeSet<String>,
    ) -> Result<Vec<Selected<'c>>, BadTags> {
        let level_of = |check: &Check| check.level_for(profiles, policies);
        let picked = self.picked(catalogue, profiles, policies)?;
        // Alone, a check over the whole run would have nothing to look at.
        let is_alone = !picked.is_empty() && picked.iter().all(|check| check.is_over_whole_run());
        let makers: &[&str] = if is_alone { &MAKERS } else { &[] };
        let is_of_here = |id: &&str| catalogue.check(id).is_some_and(|check| check.is_for(dialect));
        let selected: BTreeSet<String> = picked.into_iter().map(|check| check.id.clone()).collect();
        let makers = makers.iter().copied().filter(is_of_here).map(str::to_owned);
        let wanted = with_controls(catalogue, dialect, selected.iter().cloned().chain(makers).collect());
        let told = |check| Selected { check, level: level_of(check), only_as_control: !selected.contains(&check.id) };
        Ok(catalogue.checks.iter().filter(|check| wanted.contains(&check.id)).map(told).collect())
    }
}

fn tags_of(tags: &TagOperation, found: &mut Vec<String>) {
    match tags {
        TagOperation::And(left, right) | TagOperation::Or(left, right) => {
            tags_of(left, found);
            tags_of(right, found);
        }
        TagOperation::Not(tags) => tags_of(tags, found),
        TagOperation::Tag(tag) => found.push(tag.clone()),
    }
}

fn rows_that_run(context: &Context, check: &Check) -> Vec<usize> {
    (0..check.rows.len()).filter(|index| context.objection_to_row(&check.rows[*index]).is_none()).collect()
}

/// Those checks, their controls, and the controls of these. A control of another dialect shows nothing here, and is not taken
/// along.
pub(super) fn with_controls(catalogue: &Catalogue, dialect: &str, mut wanted: BTreeSet<String>) -> BTreeSet<String> {
    let is_of_here = |id: &String| catalogue.check(id).is_none_or(|check| check.is_for(dialect));
    loop {
        let checks = catalogue.checks.iter().filter(|check| wanted.contains(&check.id));
        let controls: BTreeSet<String> =
            checks.flat_map(|check| check.controls_at(dialect)).filter(is_of_here).collect();
        if controls.is_subset(&wanted) {
            return wanted;
        }
        wanted.extend(controls);
    }
}

#[cfg(test)]
mod tests;

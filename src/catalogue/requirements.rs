//! The inventories: what the documents ask, a clause a row.

use std::{collections::BTreeSet, path::Path};

use serde::Deserialize;

use super::{CatalogueError, Level};

/// One clause of one document, in our own words.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// `RFC 7636`.
    pub document: String,
    /// The dialect whose banks alone it binds, where it is one dialect's.
    pub dialect: Option<String>,
    /// The profile whose banks alone it binds, where it is one profile's.
    pub profile: Option<String>,
    /// What the inventory says of it.
    pub row: RequirementRow,
}

impl Requirement {
    /// It binds banks of that dialect that keep to those profiles.
    pub fn binds(&self, dialect: &str, profiles: &BTreeSet<String>) -> bool {
        self.dialect.as_deref().is_none_or(|own| own == dialect)
            && self.profile.as_ref().is_none_or(|own| profiles.contains(own))
    }
}

/// A row of an inventory.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequirementRow {
    /// `RFC7636-4.6`.
    pub id: String,
    /// `4.6`.
    pub clause: String,
    /// Its level.
    pub level: Level,
    /// Whom it binds.
    pub bound: String,
    /// What it asks, in one sentence.
    pub text: String,
    /// Where to read it; empty where it is not published.
    pub link: String,
    /// A client can observe whether it is met.
    pub observable: bool,
    /// Why a client cannot; empty where it can.
    pub why_not: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Inventory {
    document: String,
    dialect: Option<String>,
    profile: Option<String>,
    #[serde(rename = "title")]
    _title: String,
    #[serde(rename = "requirement")]
    requirements: Vec<RequirementRow>,
}

pub(super) fn inventory(path: &Path, text: &str) -> Result<Vec<Requirement>, CatalogueError> {
    let inventory: Inventory = toml::from_str(text).map_err(|error| CatalogueError {
        path: path.to_owned(),
        line: error.span().map(|span| text[..span.start].matches('\n').count() + 1),
        problem: error.message().to_owned(),
    })?;
    let Inventory { document, dialect, profile, requirements, .. } = inventory;
    let requirement =
        |row| Requirement { document: document.clone(), dialect: dialect.clone(), profile: profile.clone(), row };
    Ok(requirements.into_iter().map(requirement).collect())
}

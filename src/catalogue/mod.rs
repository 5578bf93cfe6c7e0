//! The catalogue: every check, read from the feature files, and every requirement of the inventories.

mod applicability;
mod parse;
pub mod profiles;
mod requirements;

use std::{
    collections::{BTreeSet, HashMap},
    path::{Path, PathBuf},
    sync::Arc,
};

pub use applicability::{Context, Objection, WhyNot, needs_of};
use cucumber::gherkin;
use include_dir::{Dir, include_dir};
pub use requirements::Requirement;
use serde::{Deserialize, Serialize};

static FEATURES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/features");

/// How binding a requirement is (RFC 2119).
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Level {
    /// Breaking it is a failure.
    Must,
    /// Breaking it is a warning.
    Should,
    /// Breaking it is worth knowing.
    May,
}

/// Every check and every requirement.
#[derive(Clone, Debug)]
pub struct Catalogue {
    /// In the order of the files and the scenarios in them; shared with the runs, as a check may have thousands of rows.
    pub checks: Vec<Arc<Check>>,
    /// In the order of the files and the rows in them.
    pub requirements: Vec<Requirement>,
}

/// One check: one scenario, or one outline with all its rows.
#[derive(Clone, Debug)]
pub struct Check {
    /// `PKCE-003`.
    pub id: String,
    /// What the bank must do.
    pub title: String,
    /// What goes wrong otherwise.
    pub description: String,
    /// The level of its clause.
    pub level: Level,
    /// Profiles and policies that raise it: `(Must, "fapi2")`.
    pub raised: Vec<(Level, String)>,
    /// The title of its feature.
    pub feature: String,
    /// `features/oauth/pkce.feature`.
    pub path: String,
    /// The line of its scenario.
    pub line: usize,
    /// It is the user's, and not of the catalogue in the binary.
    pub own: bool,
    /// All its tags and those of its feature, without `@`.
    pub tags: Vec<String>,
    /// Its steps, as printed.
    pub steps: Vec<String>,
    /// One for a scenario, one for each row of an outline.
    pub rows: Vec<Row>,
}

/// A scenario that can be run.
#[derive(Clone, Debug)]
pub struct Row {
    /// What tells it from the other rows; empty for a plain scenario.
    pub name: String,
    /// What it needs beyond the needs of its check.
    pub needs: Vec<String>,
    /// The faults that it catches beyond those of its check.
    pub faults: Vec<String>,
    /// For the engine.
    pub scenario: gherkin::Scenario,
}

/// A feature file, an inventory, or a check in one of them that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{}{}: {problem}", path.display(), line.map(|line| format!(", line {line}")).unwrap_or_default())]
pub struct CatalogueError {
    /// The file.
    pub path: PathBuf,
    /// The line, where there is one.
    pub line: Option<usize>,
    /// What is wrong, what was expected, and how to mend it.
    pub problem: String,
}

impl Catalogue {
    /// The catalogue that is in the binary, and the user's own features where a folder is named.
    ///
    /// # Errors
    /// A file that cannot be read or parsed, a scenario without an id or a level, or an id that is taken.
    pub fn load(own: Option<&Path>) -> Result<Self, CatalogueError> {
        let mut catalogue = Self { checks: Vec::new(), requirements: Vec::new() };
        catalogue.add_embedded(&FEATURES)?;
        catalogue.raise()?;
        let (checks, requirements) = (catalogue.checks.len(), catalogue.requirements.len());
        if let Some(folder) = own {
            catalogue.add_folder(folder)?;
            catalogue.checks[checks..].iter_mut().for_each(|check| Arc::make_mut(check).own = true);
            if catalogue.checks.len() == checks {
                let problem = "holds no scenario; put .feature files into it".to_owned();
                return Err(CatalogueError { path: folder.to_owned(), line: None, problem });
            }
        }
        catalogue.tell_checks_apart()?;
        catalogue.tell_requirements_apart(requirements, own)?;
        Ok(catalogue)
    }

    /// Notes at each check which profiles raise it.
    fn raise(&mut self) -> Result<(), CatalogueError> {
        for profile in profiles::checked()? {
            for (level, id) in profile.raises.each() {
                let Some(check) = self.checks.iter_mut().find(|check| &check.id == id) else {
                    let path = format!("features/profiles/{}.toml", profile.name).into();
                    let problem = format!("`raises` names {id}, which is no check: `bankproof list` names them all");
                    return Err(CatalogueError { path, line: None, problem });
                };
                Arc::make_mut(check).raised.push((level, profile.name.clone()));
            }
        }
        Ok(())
    }

    /// The feature files and inventories of one folder, and nothing else: those of a checkout, which may be newer than this
    /// binary.
    ///
    /// # Errors
    /// As for [`Catalogue::load`].
    pub fn of_folder(folder: &Path) -> Result<Self, CatalogueError> {
        let mut catalogue = Self { checks: Vec::new(), requirements: Vec::new() };
        catalogue.add_folder(folder)?;
        catalogue.tell_checks_apart()?;
        catalogue.tell_requirements_apart(catalogue.requirements.len(), None)?;
        Ok(catalogue)
    }

    /// Coverage is counted by the ids of requirements. Those from `own_begin` on are the user's, from that folder.
    fn tell_requirements_apart(&self, own_begin: usize, own: Option<&Path>) -> Result<(), CatalogueError> {
        let mut known: HashMap<&str, &Requirement> = HashMap::new();
        for (index, requirement) in self.requirements.iter().enumerate() {
            let id = &requirement.row.id;
            if let Some(earlier) = known.insert(id, requirement) {
                let problem = format!(
                    "the requirement {id} of \"{}\" is in the inventory of {} already: use another id",
                    requirement.document, earlier.document
                );
                let folder = own.filter(|_| index >= own_begin).unwrap_or(Path::new("features"));
                return Err(CatalogueError { path: folder.join("requirements"), line: None, problem });
            }
        }
        Ok(())
    }

    /// A run cannot tell two checks of one id apart.
    fn tell_checks_apart(&self) -> Result<(), CatalogueError> {
        let mut known: HashMap<&str, &Check> = HashMap::new();
        for check in &self.checks {
            if let Some(earlier) = known.insert(&check.id, check) {
                let problem = format!(
                    "the id {} is taken by {}, line {}: use another, such as @MINE-001",
                    check.id, earlier.path, earlier.line
                );
                return Err(CatalogueError { path: check.path.clone().into(), line: Some(check.line), problem });
            }
        }
        Ok(())
    }

    /// The first of these prefixes that no check's id begins with.
    pub fn unknown_prefix<'p>(&self, prefixes: &'p [String]) -> Option<&'p String> {
        prefixes.iter().find(|prefix| !self.checks.iter().any(|check| check.id.starts_with(prefix.as_str())))
    }

    /// The check of that id.
    pub fn check(&self, id: &str) -> Option<&Check> {
        self.checks.iter().map(|check| &**check).find(|check| check.id == id)
    }

    fn add_embedded(&mut self, folder: &Dir<'_>) -> Result<(), CatalogueError> {
        let mut files: Vec<_> = folder.files().collect();
        files.sort_by_key(|file| file.path());
        for file in files {
            self.add(&Path::new("features").join(file.path()), file.contents_utf8().unwrap_or_default())?;
        }
        let mut folders: Vec<_> = folder.dirs().collect();
        folders.sort_by_key(|folder| folder.path());
        folders.into_iter().try_for_each(|folder| self.add_embedded(folder))
    }

    fn add_folder(&mut self, folder: &Path) -> Result<(), CatalogueError> {
        let problem = |error: std::io::Error| CatalogueError {
            path: folder.to_owned(),
            line: None,
            problem: format!("cannot be read: {error}; name a folder with .feature files"),
        };
        let entries = std::fs::read_dir(folder).map_err(problem)?;
        let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.sort();
        for path in paths {
            if path.is_dir() {
                self.add_folder(&path)?;
            } else if matches!(extension(&path), "feature" | "toml") {
                let unread = |error: std::io::Error| CatalogueError {
                    path: path.clone(),
                    line: None,
                    problem: format!("cannot be read: {error}; it has to be a text in UTF-8"),
                };
                self.add(&path, &std::fs::read_to_string(&path).map_err(unread)?)?;
            }
        }
        Ok(())
    }

    fn add(&mut self, path: &Path, text: &str) -> Result<(), CatalogueError> {
        // Policies are read by the judges that hold facts against them.
        let is_inventory = path.parent().is_some_and(|folder| folder.ends_with("requirements"));
        match extension(path) {
            "feature" => self.checks.extend(parse::feature(path, text)?.into_iter().map(Arc::new)),
            "toml" if is_inventory => self.requirements.extend(requirements::inventory(path, text)?),
            _ => {}
        }
        Ok(())
    }
}

fn extension(path: &Path) -> &str {
    path.extension().and_then(|extension| extension.to_str()).unwrap_or_default()
}

impl Check {
    /// The values of its tags with that prefix: `fault` gives `pkce-verifier-unchecked`.
    pub fn tagged(&self, prefix: &str) -> Vec<String> {
        let value = |tag: &String| tag.strip_prefix(prefix)?.strip_prefix(':').map(str::to_owned);
        self.tags.iter().filter_map(value).collect()
    }

    /// The faults that it must catch, in any of its rows.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = self.tagged("fault");
        for fault in self.rows.iter().flat_map(|row| &row.faults) {
            if !faults.contains(fault) {
                faults.push(fault.clone());
            }
        }
        faults
    }

    /// It is about every dialect, or about that one among others.
    pub fn is_for(&self, dialect: &str) -> bool {
        let dialects = self.tagged("dialect");
        dialects.is_empty() || dialects.iter().any(|own| own == dialect)
    }

    /// The checks that show, at a bank of that dialect, that what this one sees refused is accepted otherwise:
    /// `@control:ID` holds for every dialect, `@control:DIALECT=ID` for that one alone.
    pub fn controls_at(&self, dialect: &str) -> Vec<String> {
        let here = |(own, _): &(Option<String>, String)| own.as_deref().is_none_or(|own| own == dialect);
        self.controls().filter(here).map(|(_, id)| id).collect()
    }

    /// Its controls, each with the dialect that it is for where it is for one.
    pub fn controls(&self) -> impl Iterator<Item = (Option<String>, String)> {
        self.tagged("control").into_iter().map(|control| match control.split_once('=') {
            Some((dialect, id)) => (Some(dialect.to_owned()), id.to_owned()),
            None => (None, control),
        })
    }

    /// It has that tag.
    pub fn has_tag(&self, tag: &str) -> bool {
        self.tags.iter().any(|own| own == tag)
    }

    /// It judges every answer of a run, and so runs last.
    pub fn is_over_whole_run(&self) -> bool {
        self.steps.first().is_some_and(|step| step.starts_with("Given every "))
    }

    /// It is about every profile, or about one of these.
    pub fn is_of(&self, profiles: &BTreeSet<String>) -> bool {
        let own = self.tagged("profile");
        own.is_empty() || own.iter().any(|own| profiles.contains(own))
    }

    /// Its level where those profiles and those policies hold.
    pub fn level_for(&self, profiles: &BTreeSet<String>, policies: &BTreeSet<String>) -> Level {
        let raised = self.raised.iter().filter(|(_, by)| profiles.contains(by) || policies.contains(by));
        raised.map(|(level, _)| *level).chain([self.level]).min().unwrap_or(self.level)
    }
}

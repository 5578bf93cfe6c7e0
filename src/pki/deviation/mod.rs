//! Certificates that differ from what a recipe describes in one thing: defects, which a bank must or should refuse, and
//! near misses, which look odd and are valid. Each is a row of a table.

mod defects;
mod make;
mod near_misses;
mod statement;

use std::fmt;
use std::str::FromStr;

use super::authority::{Authority, Issued};
use super::recipe::Recipe;
use super::{PkiError, qc::QcType};

/// How a certificate is made to differ.
#[derive(Clone, Copy)]
enum Make {
    /// By another recipe.
    Recipe(fn(Recipe) -> Result<Recipe, PkiError>),
    /// By an authority that does not do its work.
    Issue(fn(&Authority, &Recipe) -> Result<Issued, PkiError>),
}

/// One way in which a certificate can differ.
#[derive(Clone, Copy)]
struct Row {
    name: &'static str,
    says: &'static str,
    clause: &'static str,
    /// A bank cannot be asked: only a linter sees it.
    lint_only: bool,
    make: Make,
}

/// A row whose certificate follows another recipe.
const fn recipe(
    name: &'static str,
    says: &'static str,
    clause: &'static str,
    change: fn(Recipe) -> Result<Recipe, PkiError>,
) -> Row {
    Row { name, says, clause, lint_only: false, make: Make::Recipe(change) }
}

/// A row whose certificate is issued in another way.
const fn issue(
    name: &'static str,
    says: &'static str,
    clause: &'static str,
    issue: fn(&Authority, &Recipe) -> Result<Issued, PkiError>,
) -> Row {
    Row { name, says, clause, lint_only: false, make: Make::Issue(issue) }
}

impl Row {
    /// The same row, which no bank can be judged by.
    const fn lint_only(self) -> Self {
        Self { lint_only: true, ..self }
    }

    fn issue(&self, authority: &Authority, recipe: &Recipe) -> Result<Issued, PkiError> {
        let recipe = Recipe { reuse_key: true, ..recipe.clone() };
        match self.make {
            Make::Recipe(change) => authority.issue(&change(recipe)?),
            Make::Issue(issue) => issue(authority, &recipe),
        }
    }
}

macro_rules! deviation {
    ($(#[$says:meta])* $kind:ident, $word:literal, $rows:path) => {
        $(#[$says])*
        #[derive(Clone, Copy)]
        pub struct $kind(Row);

        impl $kind {
            /// Every one of them, in the order of the table.
            pub fn all() -> impl Iterator<Item = Self> {
                $rows.iter().map(|row| Self(*row))
            }

            /// The name on the command line, in features and in file names.
            pub fn name(self) -> &'static str {
                self.0.name
            }

            /// What is peculiar about the certificate, in words; nothing else is.
            pub fn says(self) -> &'static str {
                self.0.says
            }

            /// Which clause it breaks, or keeps to.
            pub fn clause(self) -> &'static str {
                self.0.clause
            }

            /// Whether only a linter can see it: a bank cannot be judged by what it makes of it.
            pub fn is_for_linters_only(self) -> bool {
                self.0.lint_only
            }

            pub(super) fn issue(self, authority: &Authority, recipe: &Recipe) -> Result<Issued, PkiError> {
                self.0.issue(authority, recipe)
            }
        }

        impl fmt::Display for $kind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }

        impl fmt::Debug for $kind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }

        impl PartialEq for $kind {
            fn eq(&self, other: &Self) -> bool {
                self.name() == other.name()
            }
        }

        impl Eq for $kind {}

        impl FromStr for $kind {
            type Err = PkiError;

            fn from_str(name: &str) -> Result<Self, PkiError> {
                let found = $rows.iter().find(|row| row.name == name).map(|row| Self(*row));
                found.ok_or_else(|| PkiError::unknown($word, name, $rows.iter().map(|row| row.name)))
            }
        }
    };
}

deviation! {
    /// What is wrong with a certificate, on purpose.
    Defect, "defect", defects::ROWS
}

deviation! {
    /// What is odd about a certificate that is valid all the same.
    NearMiss, "near miss", near_misses::ROWS
}

impl Defect {
    /// Certificate and key are no pair, which is the defect.
    pub fn is_of_the_key(self) -> bool {
        self.name() == "key-of-another"
    }

    /// The certificate needs nobody's trust, since nobody is to trust it: any authority can issue it.
    pub fn needs_no_trust(self) -> bool {
        matches!(self.name(), "unknown-ca" | "self-signed")
    }
}

/// Changes what the certificate is for.
fn of_type(recipe: Recipe, kind: Option<QcType>) -> Result<Recipe, PkiError> {
    Ok(recipe.with_qc(|qc| qc.kind = kind))
}

/// Changes the roles, by their names in `certs/roles.toml`.
fn roles(recipe: Recipe, names: &[&str]) -> Result<Recipe, PkiError> {
    Ok(recipe.with_psd2(|psd2| psd2.roles = names.iter().map(|name| (*name).to_owned()).collect()))
}

/// Changes the identifier of the competent authority, given the one that it has.
fn nca_id(recipe: Recipe, change: impl FnOnce(&str) -> String) -> Result<Recipe, PkiError> {
    let psd2 = recipe.qc_statements.as_ref().and_then(|qc| qc.psd2.as_ref()).cloned().unwrap_or_default();
    // The name stays what it was, also where it followed from the identifier.
    let statement = psd2.statement()?;
    Ok(recipe.nca(statement.nca_name, change(&statement.nca_id)))
}

/// The country of a competent authority: `DE` of `DE-BAFIN`.
fn country_of(nca_id: &str) -> &str {
    nca_id.split('-').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn there_are_enough_of_them_and_each_has_a_name_of_its_own() {
        let names: BTreeSet<_> = Defect::all().map(Defect::name).chain(NearMiss::all().map(NearMiss::name)).collect();
        assert_eq!(names.len(), Defect::all().count() + NearMiss::all().count());
        assert!(Defect::all().count() >= 35 && NearMiss::all().count() >= 12);
        for (says, clause) in Defect::all().map(|it| (it.says(), it.clause())) {
            assert!(!says.is_empty() && !clause.is_empty());
        }
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_nearest() {
        assert!("expird".parse::<Defect>().unwrap_err().to_string().contains("\"expired\""));
        assert!("role-ordr".parse::<NearMiss>().unwrap_err().to_string().contains("\"role-order\""));
    }
}

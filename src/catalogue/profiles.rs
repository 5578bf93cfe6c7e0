//! Profiles: what a bank promises of its OAuth beyond what all banks owe, as data. Each is a file of `features/profiles`; it
//! includes others, raises the level of checks, and says how a client behaves there.

use std::{
    collections::{BTreeSet, HashMap},
    path::{Path, PathBuf},
    sync::LazyLock,
};

use serde::Deserialize;

use super::{CatalogueError, FEATURES, Level};

/// The profile of a target that declares none.
const DEFAULT: &str = "oauth-bcp";

static KNOWN: LazyLock<Result<Vec<Profile>, CatalogueError>> = LazyLock::new(|| {
    let files = FEATURES.get_dir("profiles").into_iter().flat_map(|folder| folder.files());
    read(files.map(|file| (Path::new("features").join(file.path()), file.contents_utf8().unwrap_or_default())))
});

/// One profile, as its file tells it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// As target files and tags spell it: `fapi2-core`.
    pub name: String,
    /// What it is, in one sentence without a full stop.
    pub says: String,
    /// The profiles that hold too where this one does.
    #[serde(default)]
    pub includes: Vec<String>,
    /// What every bank of the profile can do, whether its metadata says so or not.
    #[serde(default)]
    pub capabilities: Vec<String>,
    /// Checks that are stricter where it holds.
    #[serde(default)]
    pub raises: Raises,
    /// How a client behaves.
    #[serde(default)]
    pub client: Conduct,
    /// How the bundled bank keeps to it.
    #[serde(default)]
    pub bundled_bank: BundledBank,
}

/// Ids of checks, by the level that they are raised to.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Raises {
    /// To a MUST.
    #[serde(default)]
    pub must: Vec<String>,
    /// To a SHOULD.
    #[serde(default)]
    pub should: Vec<String>,
}

/// How a client behaves at a bank of a profile.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conduct {
    /// It pushes every authorization request (RFC 9126).
    #[serde(default)]
    pub push: bool,
    /// What its access tokens are bound to.
    pub sender_constraint: Option<SenderConstraint>,
    /// The ways of authenticating that it may be registered for (RFC 7591 2); empty where the profile leaves that open.
    #[serde(default)]
    pub authentication: Vec<String>,
}

/// What access tokens are bound to.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub enum SenderConstraint {
    /// The client's TLS certificate (RFC 8705 3).
    Mtls,
}

/// How the bundled bank keeps to a profile.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundledBank {
    /// The habits that it has then.
    #[serde(default)]
    pub habits: Vec<String>,
    /// Habits that are lawful elsewhere and break the profile: the proof leaves them out.
    #[serde(default)]
    pub without: Vec<String>,
}

/// The profiles that a bank declares, and whatever they include.
#[derive(Clone, Debug)]
pub struct Declared {
    named: Vec<String>,
    /// What is included comes first; none twice.
    all: Vec<&'static Profile>,
}

/// Every profile there is, in the order of their files.
pub fn known() -> &'static [Profile] {
    KNOWN.as_deref().unwrap_or_default()
}

/// The profile of that name.
pub fn find(name: &str) -> Option<&'static Profile> {
    known().iter().find(|profile| profile.name == name)
}

/// The same as [`known`], for whoever can tell what is wrong with a file of ours.
pub(super) fn checked() -> Result<&'static [Profile], CatalogueError> {
    match &*KNOWN {
        Ok(profiles) => Ok(profiles),
        Err(error) => {
            Err(CatalogueError { path: error.path.clone(), line: error.line, problem: error.problem.clone() })
        }
    }
}

impl Default for Declared {
    /// Of a bank that says nothing of it.
    fn default() -> Self {
        Self::of(&[DEFAULT]).unwrap_or(Self { named: Vec::new(), all: Vec::new() })
    }
}

impl Declared {
    /// The profiles of these names; the usual one where there is no name. `None` where one is not known: see [`find`].
    pub fn of(names: &[impl AsRef<str>]) -> Option<Self> {
        if names.is_empty() {
            return Some(Self::default());
        }
        let (mut named, mut all) = (Vec::new(), Vec::new());
        for name in names.iter().map(AsRef::as_ref) {
            gather(find(name)?, &mut all);
            if !named.iter().any(|one| one == name) {
                named.push(name.to_owned());
            }
        }
        Some(Self { named, all })
    }

    /// As they were declared.
    pub fn named(&self) -> &[String] {
        &self.named
    }

    /// The names of all that hold, included ones too.
    pub fn names(&self) -> BTreeSet<String> {
        self.all.iter().map(|profile| profile.name.clone()).collect()
    }

    /// What every bank that keeps to them can do: as they say, and as clients behave there.
    pub fn capabilities(&self) -> impl Iterator<Item = &str> {
        let conduct = |profile: &'static Profile| {
            let pushes = profile.client.push.then_some(["par", "par-required"]).into_iter().flatten();
            let bound = profile.client.sender_constraint.map(|SenderConstraint::Mtls| "bound-tokens");
            pushes.chain(bound)
        };
        self.all.iter().flat_map(move |profile| profile.capabilities.iter().map(String::as_str).chain(conduct(profile)))
    }

    /// All of them let a client be registered to authenticate so.
    pub fn allow_authentication(&self, method: &str) -> bool {
        let mut allowed = self.all.iter().map(|profile| profile.client.authentication.as_slice());
        allowed.all(|allowed| allowed.is_empty() || allowed.iter().any(|one| one == method))
    }

    /// The habits that the bundled bank has to keep to them.
    pub fn habits(&self) -> BTreeSet<String> {
        self.all.iter().flat_map(|profile| profile.bundled_bank.habits.iter().cloned()).collect()
    }

    /// A bank with that habit breaks one of them.
    pub fn forbid_habit(&self, habit: &str) -> bool {
        self.all.iter().any(|profile| profile.bundled_bank.without.iter().any(|one| one == habit))
    }
}

fn gather(profile: &'static Profile, all: &mut Vec<&'static Profile>) {
    if all.iter().any(|one| one.name == profile.name) {
        return;
    }
    profile.includes.iter().filter_map(|name| find(name)).for_each(|included| gather(included, all));
    all.push(profile);
}

impl Raises {
    /// Each check that is raised, with the level that it is raised to.
    pub(super) fn each(&self) -> impl Iterator<Item = (Level, &String)> {
        let to = |level| move |id| (level, id);
        self.must.iter().map(to(Level::Must)).chain(self.should.iter().map(to(Level::Should)))
    }
}

/// Reads such files.
///
/// # Errors
/// A file cannot be parsed, a name is taken or not known, or profiles include one another in a circle.
fn read<'t>(files: impl Iterator<Item = (PathBuf, &'t str)>) -> Result<Vec<Profile>, CatalogueError> {
    let (mut profiles, mut paths) = (Vec::<Profile>::new(), HashMap::new());
    for (path, text) in files {
        let profile: Profile = toml::from_str(text).map_err(|error| CatalogueError {
            path: path.clone(),
            line: error.span().map(|span| text[..span.start].matches('\n').count() + 1),
            problem: error.message().to_owned(),
        })?;
        if let Some(earlier) = paths.insert(profile.name.clone(), path.clone()) {
            let problem = format!("`name` is \"{}\", as in {}: use another", profile.name, earlier.display());
            return Err(CatalogueError { path, line: None, problem });
        }
        profiles.push(profile);
    }
    for profile in &profiles {
        if let Some(problem) = wrong_inclusion(&profiles, &mut vec![&profile.name]) {
            let path = paths.get(&profile.name).cloned().unwrap_or_default();
            return Err(CatalogueError { path, line: None, problem: format!("`includes`: {problem}") });
        }
    }
    Ok(profiles)
}

/// What is wrong with what the last profile of the way includes, directly or not.
fn wrong_inclusion<'p>(profiles: &'p [Profile], way: &mut Vec<&'p String>) -> Option<String> {
    let last = *way.last()?;
    let Some(profile) = profiles.iter().find(|profile| &profile.name == last) else {
        return Some(format!("there is no profile \"{last}\"; name one that has a file here"));
    };
    for name in &profile.includes {
        let is_circle = way.contains(&name);
        way.push(name);
        if is_circle {
            let way = way.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", ");
            return Some(format!("{way} is a circle; take one of them out"));
        }
        let problem = wrong_inclusion(profiles, way);
        if problem.is_some() {
            return problem;
        }
        way.pop();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(files: &[(&str, &str)]) -> Result<Vec<Profile>, String> {
        let texts: Vec<(PathBuf, String)> = files
            .iter()
            .map(|(name, more)| {
                (PathBuf::from(format!("{name}.toml")), format!("name = \"{name}\"\nsays = \"x\"\n{more}"))
            })
            .collect();
        read(texts.iter().map(|(path, text)| (path.clone(), text.as_str()))).map_err(|error| error.to_string())
    }

    #[test]
    fn those_in_the_binary_can_be_read() {
        let names: Vec<&str> = checked().unwrap().iter().map(|profile| profile.name.as_str()).collect();
        assert_eq!(names, ["fapi2-core", "oauth-bcp"]);
    }

    #[test]
    fn a_circle_is_told_with_its_way() {
        let error = read_all(&[("a", "includes = [\"b\"]"), ("b", "includes = [\"c\"]"), ("c", "includes = [\"a\"]")]);
        assert_eq!(error.unwrap_err(), "a.toml: `includes`: a, b, c, a is a circle; take one of them out");
        let error = read_all(&[("a", "includes = [\"a\"]")]);
        assert_eq!(error.unwrap_err(), "a.toml: `includes`: a, a is a circle; take one of them out");
    }

    #[test]
    fn two_ways_to_one_profile_are_no_circle() {
        let files =
            [("a", "includes = [\"b\", \"c\"]"), ("b", "includes = [\"d\"]"), ("c", "includes = [\"d\"]"), ("d", "")];
        assert_eq!(read_all(&files).unwrap().len(), 4);
    }

    #[test]
    fn what_is_not_known_is_told_with_its_file() {
        for (more, problem) in [
            ("includes = [\"b\"]", "a.toml: `includes`: there is no profile \"b\"; name one that has a file here"),
            ("[client]\nsender_constraint = \"dpop\"", "a.toml, line 4: unknown variant `dpop`, expected `mtls`"),
            ("[clent]", "a.toml, line 3: unknown field `clent`"),
        ] {
            let error = read_all(&[("a", more)]).unwrap_err();
            assert!(error.starts_with(problem), "{error}");
        }
        let twice = [("a.toml", "name = \"a\"\nsays = \"x\""), ("b.toml", "name = \"a\"\nsays = \"x\"")];
        let error = read(twice.iter().map(|(path, text)| (PathBuf::from(path), *text))).unwrap_err().to_string();
        assert_eq!(error, "b.toml: `name` is \"a\", as in a.toml: use another");
    }

    #[test]
    fn what_is_included_holds_too() {
        let declared = Declared::of(&["fapi2-core"]).unwrap();
        assert_eq!(declared.named(), ["fapi2-core"]);
        assert_eq!(declared.names(), ["fapi2-core", "oauth-bcp"].map(str::to_owned).into());
        assert!(Declared::of(&["fapi2-cor"]).is_none());
        assert_eq!(Declared::of(&[] as &[&str]).unwrap().named(), [DEFAULT]);
        assert_eq!(
            Declared::of(&["oauth-bcp", "fapi2-core", "oauth-bcp"]).unwrap().named(),
            ["oauth-bcp", "fapi2-core"]
        );
    }

    #[test]
    fn how_clients_behave_is_what_the_bank_can_do() {
        let able = |name| Declared::of(&[name]).unwrap().capabilities().map(str::to_owned).collect::<BTreeSet<_>>();
        assert_eq!(
            able("fapi2-core"),
            ["bound-tokens", "iss-parameter", "par", "par-required"].map(str::to_owned).into()
        );
        assert_eq!(able("oauth-bcp"), BTreeSet::new());
    }

    #[test]
    fn a_client_is_registered_as_the_profile_allows() {
        let declared = Declared::of(&["fapi2-core"]).unwrap();
        assert!(
            declared.allow_authentication("private_key_jwt") && !declared.allow_authentication("client_secret_post")
        );
        assert!(Declared::default().allow_authentication("client_secret_post"));
    }
}

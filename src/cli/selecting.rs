//! Which checks a command is about, as the user says it: whatever is misspelt is refused before anything is asked or written.

use std::path::{Path, PathBuf};

use clap::{Args, CommandFactory, ValueEnum};

use super::{Arguments, Stop};
use crate::{
    catalogue::{Catalogue, Level},
    pki::{distance, nearest},
    run::plan::Selection,
};

#[derive(Args, Clone, Debug, Default)]
pub(super) struct SelectArguments {
    /// Only checks with these tags: "@must and not @slow".
    #[arg(long, value_name = "EXPR")]
    tags: Option<String>,
    /// Only checks of that level, or stricter ones.
    #[arg(long, value_enum, ignore_case = true)]
    level: Option<LevelArgument>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LevelArgument {
    Must,
    Should,
    May,
}

/// A word that names a target file, and no check.
pub(super) fn is_target(word: &str) -> bool {
    word.ends_with(".toml") || word.contains('/')
}

/// The checks that those words (none of them a target file) and options select.
pub(super) fn selection<'w>(
    catalogue: &Catalogue,
    words: impl Iterator<Item = &'w String>,
    options: &SelectArguments,
) -> Result<Selection, Stop> {
    let level = options.level.map(|level| match level {
        LevelArgument::Must => Level::Must,
        LevelArgument::Should => Level::Should,
        LevelArgument::May => Level::May,
    });
    let prefixes = words.map(|word| id_prefix(catalogue, word)).collect::<Result<_, _>>()?;
    let selection = Selection { prefixes, tags: options.tags.clone(), level };
    if let Some(tag) = selection.unknown_tag(catalogue).map_err(Stop::usage)? {
        let known = catalogue.checks.iter().flat_map(|check| &check.tags);
        let known: std::collections::BTreeSet<&str> = known.map(String::as_str).collect();
        let near: Vec<String> =
            nearest(&tag, known.into_iter()).iter().map(|name| format!("@{}", bare(name))).collect();
        let near = near.join(", ");
        return Err(Stop::usage(format!("--tags: no check has the tag @{tag}; the nearest are {near}")));
    }
    Ok(selection)
}

fn bare(quoted: &str) -> &str {
    quoted.trim_matches('"')
}

/// The beginning of an id, in capitals as ids are.
///
/// # Errors
/// No check's id begins so: with the command, the target file or the ids that the word comes nearest to.
pub(super) fn id_prefix(catalogue: &Catalogue, word: &str) -> Result<String, Stop> {
    let prefix = [word.to_uppercase()];
    if catalogue.unknown_prefix(&prefix).is_none() {
        let [prefix] = prefix;
        return Ok(prefix);
    }
    if let Some(complaint) = as_target(word).or_else(|| as_command(word)) {
        return Err(Stop::usage(complaint));
    }
    let ids = catalogue.checks.iter().map(|check| check.id.as_str());
    let near = nearest(&prefix[0], ids).join(", ");
    let complaint = format!("no check's id begins with {}; the nearest are {near}", prefix[0]);
    Err(Stop::usage(format!("{complaint}; `bankproof list` names them all")))
}

/// What to say of a word that was meant as a target file.
fn as_target(word: &str) -> Option<String> {
    let with_ending = format!("{word}.toml");
    if Path::new(&with_ending).is_file() {
        return Some(format!(
            "no check's id begins with {word}; the target file {with_ending} is named with its ending"
        ));
    }
    let is_meant = word.contains(['.', '\\']);
    is_meant.then(|| format!("there is no target file {word}, as they end in .toml{}", near_file(Path::new(word))))
}

/// What to say of a word that was meant as a command.
fn as_command(word: &str) -> Option<String> {
    let commands = Arguments::command();
    let names = commands.get_subcommands().map(clap::Command::get_name);
    let lower = word.to_lowercase();
    let near = names.filter(|name| distance(&lower, name) <= 2 && distance(&lower, name) * 2 <= name.len().max(4));
    let near = near.min_by_key(|name| distance(&lower, name))?;
    Some(format!("there is no command \"{word}\", and no check's id begins so; did you mean `bankproof {near}`?"))
}

/// A target file that is not there.
pub(super) fn check_target(path: &Path) -> Result<(), Stop> {
    match path.exists() {
        true => Ok(()),
        false => {
            let mend = near_file(path);
            let mend = if mend.is_empty() { "; `bankproof init` writes one" } else { mend.as_str() };
            Err(Stop::usage(format!("{}: there is no such file\n  mend: name a target file{mend}", path.display())))
        }
    }
}

/// The target file beside it whose name comes nearest.
fn near_file(path: &Path) -> String {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|end| end == "toml")).collect();
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let asked = name(path);
    let nearest = files.iter().map(|path| name(path)).min_by_key(|name| distance(&asked, name));
    nearest.map(|name| format!("; the nearest there is {name}")).unwrap_or_default()
}

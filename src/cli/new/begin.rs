//! What a new check begins as, in the files of a checkout: read from disk, as the binary may be older than they are.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::catalogue::{Catalogue, Check};

/// Where the faults of the bundled bank are.
pub(super) const FAULTS: &str = "src/bank/faults";
/// Where their probes are; those of TLS have none.
const PROBES: &str = "tests/bank/probes";

/// What is asked for.
pub(super) struct Wanted<'a> {
    /// An area, or an id.
    pub(super) id: &'a str,
    pub(super) title: &'a str,
    pub(super) fault: &'a str,
    pub(super) feature: Option<&'a Path>,
}

/// What is to be written.
pub(super) struct Begun {
    pub(super) id: String,
    pub(super) fault: String,
    /// The dialect that all checks of its file are for.
    pub(super) dialect: Option<String>,
    pub(super) edits: Vec<Edit>,
    pub(super) has_probe: bool,
    pub(super) is_new_fault: bool,
}

/// A file as it will be.
pub(super) struct Edit {
    /// From the root of the checkout.
    pub(super) path: PathBuf,
    /// Where the addition begins.
    pub(super) line: usize,
    /// What is added.
    pub(super) what: String,
    pub(super) text: String,
}

/// Thinks out what a new check begins as; writes nothing.
///
/// # Errors
/// In a sentence: an id that is or was taken, an area or a file that is not there, a title or fault that cannot be.
pub(super) fn check(checkout: &Path, wanted: &Wanted<'_>) -> Result<Begun, String> {
    if wanted.title.is_empty() || wanted.title.contains(['\n', '\r', '<']) {
        return Err("--title has to be one line of text that says what the bank must do".into());
    }
    if !is_kebab(wanted.fault) {
        return Err(format!(
            "--fault \"{}\" has to be small letters, digits and single hyphens: pkce-optional",
            wanted.fault
        ));
    }
    let catalogue = Catalogue::of_folder(&checkout.join("features")).map_err(|error| error.to_string())?;
    let id = next_id(&catalogue, wanted.id)?;
    let feature = feature(checkout, &catalogue, &id, wanted.feature)?;
    let scenario = format!(
        "\n  @covers:TODO\n  @{id} @must @fault:{} @control:TODO\n  Scenario: {}\n    TODO: say what goes wrong otherwise.\n\n    \
         Given TODO\n    When TODO\n    Then TODO\n",
        wanted.fault, wanted.title
    );
    let text = read(&checkout.join(&feature))?;
    let mut edits = vec![added(&feature, text.trim_end(), &format!("\n{scenario}"), format!("the scenario {id}"))];
    let is_new_fault = holding(checkout, FAULTS, &format!("\"{}\"", wanted.fault))?.is_none();
    let mut has_probe = false;
    if is_new_fault {
        let neighbours = faults_of(checkout, &catalogue, &feature, &id);
        edits.push(fault_row(checkout, &neighbours, wanted.fault)?);
        let probe = probe(checkout, &neighbours, wanted.fault)?;
        has_probe = probe.is_some();
        edits.extend(probe);
    }
    let dialect = dialect_of(checkout, &catalogue, &feature);
    Ok(Begun { id, fault: wanted.fault.to_owned(), dialect, edits, has_probe, is_new_fault })
}

fn is_kebab(id: &str) -> bool {
    let is_word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    id.contains('-') && id.split('-').all(is_word)
}

/// The one after the last, or the one that is asked for.
fn next_id(catalogue: &Catalogue, asked: &str) -> Result<String, String> {
    let (area, number) = asked.split_once('-').map_or((asked, None), |(area, number)| (area, Some(number)));
    if area.is_empty() || !area.chars().all(|c| c.is_ascii_uppercase()) {
        return Err(format!("\"{asked}\" is neither an area, such as PKCE, nor an id, such as PKCE-011"));
    }
    let next = format!(
        "{area}-{:03}",
        of_area(catalogue, area).filter_map(|check| number_of(&check.id)).max().unwrap_or_default() + 1
    );
    match number {
        None => Ok(next),
        Some(_) => match catalogue.check(asked) {
            Some(check) => Err(format!("{asked} is taken by {}, line {}: the next is {next}", check.path, check.line)),
            None if number_of(asked).is_some() => Ok(asked.to_owned()),
            None => Err(format!("\"{asked}\" is no id: the next is {next}")),
        },
    }
}

fn of_area<'c>(catalogue: &'c Catalogue, area: &str) -> impl Iterator<Item = &'c Check> {
    let begin = format!("{area}-");
    catalogue.checks.iter().map(|check| &**check).filter(move |check| check.id.starts_with(&begin))
}

fn number_of(id: &str) -> Option<u32> {
    let (_, number) = id.split_once('-')?;
    number.parse().ok().filter(|_| number.len() == 3 && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The file that is asked for, or the one with the last check of the area; from the root of the checkout.
fn feature(checkout: &Path, catalogue: &Catalogue, id: &str, asked: Option<&Path>) -> Result<PathBuf, String> {
    let area = id.split('-').next().unwrap_or_default();
    let last =
        of_area(catalogue, area).max_by_key(|check| number_of(&check.id)).map(|check| PathBuf::from(&check.path));
    let path = match asked {
        Some(path) => std::path::absolute(path).map_err(|error| error.to_string())?,
        None => {
            last.ok_or_else(|| format!("no feature has a check of the area {area}: name the file with --feature"))?
        }
    };
    let is_read = catalogue.checks.iter().any(|check| Path::new(&check.path) == path);
    match path.strip_prefix(checkout).ok().filter(|_| is_read) {
        Some(path) => Ok(path.to_owned()),
        None => {
            Err(format!("{} is no feature file of {}/features that has a check", path.display(), checkout.display()))
        }
    }
}

/// The one dialect that all checks in that file are for.
fn dialect_of(checkout: &Path, catalogue: &Catalogue, feature: &Path) -> Option<String> {
    let path = checkout.join(feature);
    let mut checks = catalogue.checks.iter().filter(|check| Path::new(&check.path) == path);
    let dialect = checks.next()?.tagged("dialect").into_iter().next()?;
    checks.all(|check| check.has_tag(&format!("dialect:{dialect}"))).then_some(dialect)
}

/// The faults of the checks in the same file, those of the area first and the newest of them first: the new one goes where
/// they are. Where all of these are cells, which have no row, those of the area in other files.
fn faults_of(checkout: &Path, catalogue: &Catalogue, feature: &Path, id: &str) -> Vec<String> {
    let area = format!("{}-", id.split('-').next().unwrap_or_default());
    let path = checkout.join(feature);
    let of = |wanted: &dyn Fn(&Check) -> bool| -> Vec<String> {
        let mut checks: Vec<_> = catalogue.checks.iter().filter(|check| wanted(check)).collect();
        checks.sort_by_key(|check| (!check.id.starts_with(&area), std::cmp::Reverse(number_of(&check.id))));
        checks.into_iter().flat_map(|check| check.tagged("fault")).collect()
    };
    let beside = of(&|check| Path::new(&check.path) == path);
    let has_row =
        beside.iter().any(|id| holding(checkout, FAULTS, &format!("\"{id}\"")).is_ok_and(|file| file.is_some()));
    if has_row { beside } else { of(&|check| check.id.starts_with(&area)) }
}

fn fault_row(checkout: &Path, neighbours: &[String], fault: &str) -> Result<Edit, String> {
    let found = find(checkout, FAULTS, neighbours, |id| format!("fault(\"{id}\"")).transpose();
    let found = found.or_else(|| find(checkout, FAULTS, neighbours, |id| format!("\"{id}\"")).transpose());
    let path = found.ok_or(format!("no file of {FAULTS} has a fault of the same feature: begin the row by hand"))??;
    let text = read(&checkout.join(&path))?;
    let (before, after) =
        text.rsplit_once("\n];").ok_or_else(|| format!("{} has no table of faults", path.display()))?;
    let row = format!("\n    fault(\"{fault}\", \"TODO: what the bank then does wrong.\"),");
    let edit = added(&path, before, &row, format!("the fault {fault}"));
    Ok(Edit { text: format!("{}\n];{after}", edit.text), ..edit })
}

fn probe(checkout: &Path, neighbours: &[String], fault: &str) -> Result<Option<Edit>, String> {
    let Some(path) = find(checkout, PROBES, neighbours, |id| format!("\"{id}\": |"))? else { return Ok(None) };
    let text = read(&checkout.join(&path))?;
    let (before, after) = text
        .split_once("probes! {")
        .and_then(|(head, table)| table.split_once("\n}").map(|(rows, rest)| (format!("{head}probes! {{{rows}"), rest)))
        .ok_or_else(|| format!("{} has no table of probes", path.display()))?;
    let row = format!("\n    // TODO: true where the bank behaves.\n    \"{fault}\": |_world| false;");
    let edit = added(&path, &before, &row, "its probe".into());
    Ok(Some(Edit { text: format!("{}\n}}{after}", edit.text), ..edit }))
}

fn added(path: &Path, before: &str, addition: &str, what: String) -> Edit {
    let empty = addition.bytes().take_while(|byte| *byte == b'\n').count();
    let line = before.lines().count() + empty;
    Edit { path: path.to_owned(), line, what, text: format!("{before}{addition}") }
}

/// The first file of a folder of the checkout that holds one of these faults, written so.
fn find(
    checkout: &Path,
    folder: &str,
    faults: &[String],
    written: impl Fn(&str) -> String,
) -> Result<Option<PathBuf>, String> {
    for fault in faults {
        if let Some(path) = holding(checkout, folder, &written(fault))? {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

fn holding(checkout: &Path, folder: &str, words: &str) -> Result<Option<PathBuf>, String> {
    let Ok(entries) = fs::read_dir(checkout.join(folder)) else { return Ok(None) };
    let mut names: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.file_name())).collect();
    names.sort();
    for name in names {
        let path = Path::new(folder).join(name);
        // `mod.rs` names faults that have their rows elsewhere.
        if path.extension().is_some_and(|it| it == "rs")
            && !path.ends_with("mod.rs")
            && read(&checkout.join(&path))?.contains(words)
        {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))
}

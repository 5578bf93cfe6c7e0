//! Paths are typed relative to where one is, and stand in a target file relative to that file.

use std::path::{Component, Path, PathBuf};

/// The path as a file in that folder writes it: as it was typed where that is enough, absolute where nothing else is possible.
pub(super) fn beside(folder: &Path, typed: &str) -> String {
    let path = Path::new(typed);
    if path.is_absolute() {
        return typed.to_owned();
    }
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let absolute = || std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string();
    match (folder.canonicalize(), Path::new(".").canonicalize()) {
        (Ok(folder), Ok(here)) if folder == here => typed.to_owned(),
        (Ok(folder), Ok(_)) => relative(&folder, path).map_or_else(absolute, |path| path.display().to_string()),
        _ => absolute(),
    }
}

/// A secret that may be in a file, which the target file names as it names others.
pub(super) fn kept_beside(folder: &Path, value: String) -> String {
    match value.strip_prefix("file:") {
        Some(path) => format!("file:{}", beside(folder, path)),
        None => value,
    }
}

/// From a folder to a file. A link to the file is kept: what it points to may change.
fn relative(folder: &Path, file: &Path) -> Option<PathBuf> {
    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (parent, name) = (parent.canonicalize().ok()?, file.file_name()?);
    let from: Vec<Component<'_>> = folder.components().collect();
    let to: Vec<Component<'_>> = parent.components().collect();
    let common = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    // Nothing in common: another drive.
    let up = (common > 0).then(|| from.iter().skip(common).map(|_| Component::ParentDir))?;
    Some(up.chain(to.iter().skip(common).copied()).collect::<PathBuf>().join(name))
}

//! Getting hold of other people's servers.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Why a server cannot be tried here. It fails the test where servers must be tried.
pub(crate) fn left_out(server: &str, why: &str) {
    let required = std::env::var_os("BANKPROOF_REQUIRE_INTEROP").is_some_and(|value| value == "1");
    assert!(!required, "BANKPROOF_REQUIRE_INTEROP is 1, but {server} cannot be tried: {why}");
    eprintln!("skipped: {server} is not judged: {why} (set BANKPROOF_REQUIRE_INTEROP=1 to fail instead)");
}

/// A copy of the folder of that name beside this file, where packages may be installed: under `target`, and kept.
pub(crate) fn workshop(name: &str) -> PathBuf {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop").join(name);
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join("interop").join(name);
    fs::create_dir_all(&to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
        }
    }
    to
}

/// Runs a command that installs something; what it was installed for is remembered, so that it runs once only.
///
/// # Errors
/// What the command said, or that there is no such command.
pub(crate) fn once(folder: &Path, wanted: &str, command: &mut Command) -> Result<(), String> {
    let (wanted, stamp) = (fs::read(folder.join(wanted)).unwrap(), folder.join(".installed"));
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let output = command.current_dir(folder).stdin(Stdio::null()).output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("it failed").to_owned());
    }
    fs::write(stamp, wanted).map_err(|error| error.to_string())
}

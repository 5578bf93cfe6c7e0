//! What is red says what has changed and what to do, rather than two lists of some hundred words.

#![allow(dead_code, reason = "each file of tests uses its part")]

use std::{collections::BTreeSet, fmt::Write as _, fs, path::Path};

/// How many lines are shown of what has come, and of what is gone.
const SHOWN: usize = 40;

/// The same words in both, in whatever order; else what is missing and what is too much, and the mend.
pub(crate) fn same<W: Ord + AsRef<str>>(
    what: &str,
    wanted: impl IntoIterator<Item = W>,
    found: impl IntoIterator<Item = W>,
    mend: &str,
) {
    let (wanted, found): (BTreeSet<W>, BTreeSet<W>) = (wanted.into_iter().collect(), found.into_iter().collect());
    let (missing, too_much) = (wanted.difference(&found), found.difference(&wanted));
    let told = marked('-', missing.map(AsRef::as_ref)) + &marked('+', too_much.map(AsRef::as_ref));
    assert!(told.is_empty(), "{what} (- is missing, + should not be there):\n{told}mend: {mend}\n");
}

/// The snapshot `tests/snapshots/NAME.snap` says the same; else which lines are gone and which are new, and how to accept
/// them. Where snapshots are being accepted it is silent.
pub(crate) fn as_kept(name: &str, now: &str, accept: &str) {
    if std::env::var_os("INSTA_UPDATE").is_some() {
        return;
    }
    let kept = kept(name);
    let lines = |text: &str| text.trim().lines().map(str::to_owned).collect::<Vec<_>>();
    let (before, after) = (lines(&kept), lines(now));
    let gone = before.iter().filter(|line| !after.contains(line)).map(String::as_str);
    let new = after.iter().filter(|line| !before.contains(line)).map(String::as_str);
    let told = marked('-', gone) + &marked('+', new);
    assert!(
        before == after,
        "tests/snapshots/{name}.snap says otherwise (- was, + is):\n{told}mend: where that is what you meant, `INSTA_UPDATE=always {accept}` accepts it; commit the file\n"
    );
}

/// What a snapshot says.
pub(crate) fn kept(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/snapshots/{name}.snap"));
    let text = fs::read_to_string(path).unwrap_or_default();
    text.splitn(3, "---\n").nth(2).unwrap_or_default().to_owned()
}

fn marked<'a>(mark: char, lines: impl Iterator<Item = &'a str>) -> String {
    let lines: Vec<&str> = lines.collect();
    let mut text = lines.iter().take(SHOWN).fold(String::new(), |text, line| text + &format!("  {mark} {line}\n"));
    if lines.len() > SHOWN {
        let _ = writeln!(text, "  {mark} … and {} more", lines.len() - SHOWN);
    }
    text
}

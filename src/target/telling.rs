//! What may be told of what stands in a target file. A secret may stand anywhere by mistake: a value is told only where
//! it can hardly be one, and everything else is told by its key and its line.

use std::path::Path;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::error::{Source, TargetError};

/// No word of a target file is longer, and none with digits.
const WORD: usize = 32;
const WORD_WITH_DIGITS: usize = 16;
/// No path that a person writes into a target file is longer.
const PATH: usize = 200;

/// A word that stands where one of a list is expected, in quotes; what is no word may be anything.
pub(crate) fn word(text: &str) -> String {
    let letters = text.trim_end_matches(|end: char| end.is_ascii_digit());
    let digits = text.len() - letters.len();
    let is_word = letters.starts_with(|first: char| first.is_ascii_alphabetic())
        && letters.bytes().all(|byte| byte.is_ascii_alphabetic() || b"-_".contains(&byte))
        && text.len() <= if digits == 0 { WORD } else { WORD_WITH_DIGITS }
        && digits <= 3;
    if is_word { format!("\"{text}\"") } else { "a value that is not shown".into() }
}

/// A number that is out of bounds; a long one may be a card's or a code.
pub(super) fn number(number: impl std::fmt::Display) -> String {
    let text = number.to_string();
    if text.len() <= 5 { text } else { "a number that is not shown".into() }
}

/// A path, where it looks like one or leads somewhere: keys and passwords are pasted where their files should be named.
pub(super) fn path(folder: &Path, text: &Path) -> Option<String> {
    let whole = folder.join(text);
    let written = text.to_string_lossy();
    let ending = text.extension().map(|ending| ending.to_string_lossy()).unwrap_or_default();
    let has_ending = (1..=6).contains(&ending.len())
        && ending.starts_with(|first: char| first.is_ascii_alphabetic())
        && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let looks_so = has_ending
        && written.len() <= PATH
        && !written.contains("://")
        && !written.contains(|one: char| one.is_control() || "@=+ ".contains(one));
    let is_random = |run: &str| {
        let has = |is: fn(&u8) -> bool| run.as_bytes().iter().any(is);
        run.len() >= 12 && has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_digit)
    };
    let looks_so = looks_so && !written.split(|one: char| !one.is_ascii_alphanumeric()).any(is_random);
    (looks_so || whole.exists()).then(|| whole.display().to_string())
}

/// What reading the form of a file complains about, without the values that it quotes.
pub(crate) fn mistake(text: &str, error: &toml::de::Error) -> String {
    let message = error.message();
    let Ok(table) = DeTable::parse(text) else { return message.to_owned() };
    let place = error.span().map(|span| key_at(table.get_ref(), span.start)).unwrap_or_default();
    let told = match message.split_once(' ').and_then(|(first, _)| Some((first, message.rsplit_once(", expected ")?))) {
        Some(("invalid", (found, expected))) => format!("{} stands where {expected} is expected", kind(found)),
        Some(("unknown", (found, expected))) if found.starts_with("unknown variant") => {
            format!("{} is not known, expected {expected}", word(between_ticks(found)))
        }
        _ if quotes_a_value(table.get_ref(), message) => "what stands here cannot be used".to_owned(),
        _ => message.to_owned(),
    };
    if place.is_empty() || told.contains(&format!("`{place}`")) { told } else { format!("`{place}`: {told}") }
}

/// A mistake in the form of a file, with its line.
pub(super) fn formal_mistake(source: &Source<'_>, error: &toml::de::Error, mend: &str) -> TargetError {
    source.error(error.span().map(|span| span.start), mistake(source.text, error), mend)
}

/// `invalid type: string "…"` → `a string`.
fn kind(found: &str) -> String {
    let found = found.split_once(": ").map_or(found, |(_, found)| found);
    let kind = found.split(['"', '`']).next().unwrap_or_default().trim();
    let kind = kind.trim_end_matches(|end: char| end.is_ascii_digit()).trim();
    match kind {
        "" => "something else".into(),
        "map" => "a table".into(),
        "sequence" => "an array".into(),
        _ if kind.starts_with(['a', 'e', 'i', 'o', 'u']) => format!("an {kind}"),
        _ => format!("a {kind}"),
    }
}

fn between_ticks(found: &str) -> &str {
    found.split_once('`').and_then(|(_, rest)| rest.rsplit_once('`')).map_or("", |(inner, _)| inner)
}

/// Messages are others' words: whatever they look like, none gets by with a value in it.
fn quotes_a_value(table: &DeTable<'_>, message: &str) -> bool {
    table.values().any(|value| is_quoted(value.get_ref(), message))
}

fn is_quoted(value: &DeValue<'_>, message: &str) -> bool {
    match value {
        DeValue::String(text) => text.len() > 3 && message.contains(&**text),
        DeValue::Integer(number) => number.as_str().len() > 3 && message.contains(number.as_str()),
        DeValue::Float(number) => number.as_str().len() > 3 && message.contains(number.as_str()),
        DeValue::Array(items) => items.iter().any(|item| is_quoted(item.get_ref(), message)),
        DeValue::Table(table) => quotes_a_value(table, message),
        DeValue::Boolean(_) | DeValue::Datetime(_) => false,
    }
}

/// The key whose value, or whose name, stands at that byte: `identity.seal.key`; empty where none does.
pub(super) fn key_at(table: &DeTable<'_>, at: usize) -> String {
    let mut inner = String::new();
    for (key, value) in table {
        let below = inside(value, at);
        if key.span().contains(&at) || value.span().contains(&at) || below.is_some() {
            inner = key.get_ref().to_string();
            if let Some(below) = below.filter(|below| !below.is_empty()) {
                inner = format!("{inner}.{below}");
            }
        }
    }
    inner
}

fn inside(value: &Spanned<DeValue<'_>>, at: usize) -> Option<String> {
    match value.get_ref() {
        // The parts of a table may be far from its head.
        DeValue::Table(table) => Some(key_at(table, at)).filter(|found| !found.is_empty()),
        DeValue::Array(items) => items.iter().find_map(|item| inside(item, at)),
        _ => value.span().contains(&at).then(String::new),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only its errors count")]
    struct File {
        name: String,
        table: std::collections::BTreeMap<String, Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "kebab-case")]
    #[allow(dead_code, reason = "only its errors count")]
    struct Inner {
        count: u8,
        choice: Choice,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Choice {
        One,
    }

    #[test]
    fn a_mistake_is_told_by_its_key_and_not_by_its_value() {
        for (text, told) in [
            ("name = \"n\"\ntable = \"sesame, expected 4711\"", "`table`: a string stands where a map is expected"),
            ("name = 4711081500", "`name`: an integer stands where a string is expected"),
            ("name = \"n\"\n[table.a]\ncount = 47110815", "`table.a.count`: an integer stands where u8 is expected"),
            (
                "name = \"n\"\n[table.a]\ncount = 1\nchoice = \"Sesame-4711\"",
                "`table.a.choice`: a value that is not shown is not known, expected `one`",
            ),
            (
                "name = \"n\"\n[table.a]\ncount = 1\nchoice = \"two\"",
                "`table.a.choice`: \"two\" is not known, expected `one`",
            ),
        ] {
            let error = toml::from_str::<File>(text).unwrap_err();
            assert_eq!(mistake(text, &error), told);
        }
    }

    #[test]
    fn a_path_is_told_where_it_can_be_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("plain"), "").unwrap();
        let told = |text: &str| path(folder.path(), Path::new(text)).is_some();
        for shown in ["keys/tpp-a.pem", "no/such/folder/tpp.p12", "plain", "k.key"] {
            assert!(told(shown), "{shown}");
        }
        let pem = "-----BEGIN PRIVATE KEY-----\nMIGH\n-----END PRIVATE KEY-----\n";
        let hidden =
            [pem, "MIGHAgEAMBMGByqGSM49/AgEG==", "hunter2", "eyJhbGciOiJub25lIn0.eyJzdWIi.c2ln", "a b.c", "x.4711"];
        for hidden in hidden {
            assert!(!told(hidden), "{hidden}");
        }
    }
}

//! No URL of a target file names a user: nobody would be told by it, and every report shows the address.

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};
use url::Url;

/// Below these keys stand secrets, what is sent as it is, and arguments of programs; a proxy says itself what it wants.
const NOT_OURS: [&str; 11] = [
    "secrets",
    "client_secret",
    "key_password",
    "proxy_password",
    "headers",
    "body",
    "fields",
    "command",
    "run",
    "arguments",
    "proxy",
];

/// The first URL of a file that names a user: where it stands, and its key.
pub(super) fn find(text: &str) -> Option<(std::ops::Range<usize>, String)> {
    let table = DeTable::parse(text).ok()?;
    in_table(table.get_ref(), "")
}

fn in_table(table: &DeTable<'_>, path: &str) -> Option<(std::ops::Range<usize>, String)> {
    let own = table.iter().filter(|(key, _)| !NOT_OURS.contains(&&**key.get_ref()));
    own.into_iter().find_map(|(key, value)| {
        let below = if path.is_empty() { key.get_ref().to_string() } else { format!("{path}.{}", key.get_ref()) };
        in_value(value, &below)
    })
}

fn in_value(value: &Spanned<DeValue<'_>>, path: &str) -> Option<(std::ops::Range<usize>, String)> {
    match value.get_ref() {
        DeValue::String(text) if names_a_user(text) => Some((value.span(), path.to_owned())),
        DeValue::Array(items) => items.iter().find_map(|item| in_value(item, path)),
        DeValue::Table(table) => in_table(table, path),
        _ => None,
    }
}

/// As a browser would read it; where none could, as a person would.
pub(crate) fn names_a_user(text: &str) -> bool {
    match Url::parse(text) {
        Ok(url) => !url.username().is_empty() || url.password().is_some(),
        // A password with a slash in it makes it no URL any more.
        Err(_) => text.split_once("://").is_some_and(|(_, rest)| rest.contains('@')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_seen_however_it_is_written() {
        for url in [
            "https://me:pw@bank.example",
            "https://me@bank.example/x",
            "https:me:pw@b.example",
            "https://:pw@b.example",
            "https://me:p/w@b.example",
        ] {
            assert!(names_a_user(url), "{url}");
        }
        for text in
            ["https://bank.example/@me", "me@bank.example", "https://bank.example?to=a@b", "mailto:me@bank.example"]
        {
            assert!(!names_a_user(text), "{text}");
        }
    }

    #[test]
    fn it_is_found_deep_inside_and_not_among_secrets() {
        let found = |text: &str| find(text).map(|(_, key)| key);
        assert_eq!(found("[[a]]\nb = [\"x\", \"https://me:pw@bank.example\"]").as_deref(), Some("a.b"));
        assert_eq!(found("a = { b = { c = \"https://me@bank.example\" } }").as_deref(), Some("a.b.c"));
        assert_eq!(found("[psu.secrets]\npin = \"https://me:pw@bank.example\""), None);
    }
}

//! The ways in which a secret is written by whoever gives it away: each by its name, made without the code under test.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};

/// A secret in twelve encodings, some of them in several spellings.
pub(crate) fn encodings(secret: &str) -> Vec<(String, String)> {
    let each = |write: &dyn Fn(u32) -> String| secret.chars().map(|one| write(u32::from(one))).collect::<String>();
    let octets = |write: &dyn Fn(u8) -> String| secret.bytes().map(write).collect::<String>();
    let percent = octets(&|octet| format!("%{octet:02X}"));
    let mut all = vec![
        ("plain".to_owned(), secret.to_owned()),
        ("hexadecimal".into(), octets(&|octet| format!("{octet:02x}"))),
        ("hexadecimal in upper case".into(), octets(&|octet| format!("{octet:02X}"))),
        ("URL".into(), percent.clone()),
        ("URL in lower case".into(), percent.to_lowercase()),
        ("URL twice".into(), percent.replace('%', "%25")),
        ("JSON".into(), each(&|one| format!("\\u{one:04x}"))),
        ("JSON in upper case".into(), each(&|one| format!("\\u{one:04X}"))),
        ("JSON in JSON".into(), each(&|one| format!("\\\\u{one:04x}"))),
        ("decimal entities".into(), each(&|one| format!("&#{one};"))),
        ("hexadecimal entities".into(), each(&|one| format!("&#x{one:x};"))),
        ("named entities".into(), named(secret)),
        ("reversed".into(), secret.chars().rev().collect()),
    ];
    for before in 0..3 {
        let (whole, group) = (format!("{}{secret}~", "~".repeat(before)), [0, 2, 3][before]);
        for (name, encoded) in [("base64", STANDARD.encode(&whole)), ("base64url", URL_SAFE_NO_PAD.encode(&whole))] {
            // What lies between, and is of the secret alone.
            let end = (before + secret.len()) * 8 / 6;
            all.push((format!("{name} after {before}"), encoded[group..end].to_owned()));
        }
    }
    all
}

/// What HTML has names for.
fn named(secret: &str) -> String {
    let names =
        [('-', "&#45;"), ('.', "&period;"), ('_', "&lowbar;"), ('+', "&plus;"), ('/', "&sol;"), ('=', "&equals;")];
    let name = |one: char| names.iter().find(|(known, _)| *known == one).map(|(_, name)| (*name).to_owned());
    secret.chars().map(|one| name(one).unwrap_or_else(|| one.to_string())).collect()
}

//! Structured fields (RFC 8941), as far as message signatures have them: strings, inner lists with parameters, byte
//! sequences, dictionaries.

use base64::{Engine, engine::general_purpose::STANDARD};

/// Longer fields are not read, in octets.
const LONGEST: usize = 16 * 1024;

/// A member of a dictionary: its name, and its value as it stands there.
pub(super) type Member<'a> = (&'a str, &'a str);

/// A string (§4.1.6).
pub(super) fn string(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A byte sequence (§4.1.8).
pub(super) fn bytes(octets: &[u8]) -> String {
    format!(":{}:", STANDARD.encode(octets))
}

/// The octets of a byte sequence.
pub(super) fn read_bytes(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text.strip_prefix(':')?.strip_suffix(':')?).ok()
}

/// The members of a dictionary.
pub(super) fn dictionary(text: &str) -> Option<Vec<Member<'_>>> {
    split(text, ',')?.into_iter().map(|member| member.trim().split_once('=')).collect()
}

/// The items of an inner list with their parameters, and the parameters of the list, each as it stands there.
pub(super) fn inner_list(text: &str) -> Option<(Vec<&str>, Vec<Member<'_>>)> {
    let rest = text.strip_prefix('(')?;
    let end = outside_strings(rest)?.into_iter().find(|(_, character)| *character == ')')?.0;
    let items = split(&rest[..end], ' ')?.into_iter().filter(|item| !item.is_empty()).collect();
    let parameters = split(&rest[end + 1..], ';')?.into_iter().map(str::trim).filter(|one| !one.is_empty());
    Some((items, parameters.map(|one| one.split_once('=').unwrap_or((one, ""))).collect()))
}

/// The text of a string.
pub(super) fn unquoted(text: &str) -> Option<String> {
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    let mut escaped = false;
    let is_text = |character: &char| {
        escaped = *character == '\\' && !escaped;
        !escaped
    };
    Some(inner.chars().filter(is_text).collect())
}

/// Splits at a character that stands outside of strings.
fn split(text: &str, at: char) -> Option<Vec<&str>> {
    let (mut parts, mut from) = (Vec::new(), 0);
    for (index, character) in outside_strings(text)? {
        if character == at {
            parts.push(&text[from..index]);
            from = index + character.len_utf8();
        }
    }
    parts.push(&text[from..]);
    Some(parts)
}

/// The characters that do not stand in a string, with their places; nothing where a string does not end.
fn outside_strings(text: &str) -> Option<Vec<(usize, char)>> {
    let (mut found, mut quoted, mut escaped) = (Vec::new(), false, false);
    if text.len() > LONGEST {
        return None;
    }
    for (index, character) in text.char_indices() {
        match (quoted, character) {
            (true, _) if escaped => escaped = false,
            (true, '\\') => escaped = true,
            (_, '"') => quoted = !quoted,
            (true, _) => {}
            (false, _) => found.push((index, character)),
        }
    }
    (!quoted).then_some(found)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_inner_list_is_read_with_its_parameters() {
        let (items, parameters) =
            inner_list("(\"@method\";req \"a b\" \"c\");created=1618884473;keyid=\"x;y)\"").unwrap();
        assert_eq!(items, ["\"@method\";req", "\"a b\"", "\"c\""]);
        assert_eq!(parameters, [("created", "1618884473"), ("keyid", "\"x;y)\"")]);
    }

    proptest! {
        #[test]
        fn a_string_is_read_as_it_was_written(text in "[ -~]{0,40}") {
            prop_assert_eq!(unquoted(&string(&text)), Some(text));
        }

        #[test]
        fn nothing_makes_the_reader_panic(text in "\\PC{0,80}") {
            let _ = (dictionary(&text), inner_list(&text), read_bytes(&text), unquoted(&text));
        }
    }
}

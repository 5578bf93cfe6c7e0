//! JSON as banks send it: read as far as its meaning is plain, and what is wrong with it said apart from what it says.

mod members;

pub use members::repeated;
use serde_json::Value;

/// A byte order mark: RFC 8259 8.1 forbids to send one, and lets whoever reads ignore it.
const MARK: char = '\u{feff}';

/// What a text says as JSON. A byte order mark before it, commas too many, what stands behind it, control characters in its
/// strings and numbers that JSON has not (they are null) do not hide it. `None` where it is none, or is cut off.
pub fn read(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok().or_else(|| {
        let text = text.trim_start_matches(MARK);
        first(text).or_else(|| first(&mended(text)))
    })
}

/// The one value that there is; behind an object or a list something else may stand.
fn first(text: &str) -> Option<Value> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    let value = values.next()?.ok()?;
    let is_whole = text.get(values.byte_offset()..)?.trim().is_empty();
    (is_whole || value.is_object() || value.is_array()).then_some(value)
}

/// What is wrong with a text as JSON (RFC 8259): where, and what. `None` where nothing is.
pub fn defect(text: &str) -> Option<String> {
    let error = serde_json::from_str::<Value>(text).err()?;
    if text.starts_with(MARK) {
        return Some("a byte order mark stands before the JSON".into());
    }
    // serde_json counts lines and columns, both from 1, the columns in octets.
    let before: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let octet = before + error.column();
    let what = error.to_string();
    let what = what.split(" at line ").next().unwrap_or_default();
    Some(format!("no JSON: {what} at octet {octet}"))
}

/// Numbers that programs write and JSON has not, the longest first.
const NO_NUMBERS: [&str; 3] = ["-Infinity", "Infinity", "NaN"];

/// Without the commas that no value follows (before a bracket that closes, and one after another), with null for what is no
/// number, and with control characters in strings as JSON writes them.
fn mended(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    // Where the last comma stands that nothing but space has followed so far.
    let (mut idle, mut in_string, mut escaped, mut done) = (None, false, false, 0);
    for (at, character) in text.char_indices() {
        if at < done {
            continue;
        }
        match character {
            _ if in_string => {
                in_string = escaped || character != '"';
                escaped = !escaped && character == '\\';
                if character.is_ascii_control() {
                    kept.push_str(&format!("\\u{:04x}", u32::from(character)));
                    continue;
                }
            }
            '}' | ']' | ',' => {
                if let Some(comma) = idle.take() {
                    kept.replace_range(comma..=comma, " ");
                }
                idle = (character == ',').then_some(kept.len());
            }
            ' ' | '\t' | '\r' | '\n' => {}
            _ => {
                (idle, in_string) = (None, character == '"');
                if let Some(none) = NO_NUMBERS.iter().find(|none| text[at..].starts_with(**none)) {
                    kept.push_str("null");
                    done = at + none.len();
                    continue;
                }
            }
        }
        kept.push(character);
    }
    kept
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_wrong_is_said_and_what_is_plain_is_read() {
        let thing = json!({ "a": [1, 2], "b": "x,}" });
        for (text, defect_is, reads) in [
            ("{\"a\":[1,2],\"b\":\"x,}\"}", None, true),
            ("\u{feff}{\"a\":[1,2],\"b\":\"x,}\"}", Some("byte order mark"), true),
            ("{\"a\":[1,2,],\"b\":\"x,}\",\n}", Some("octet 11"), true),
            ("{\"a\":[1,,2],\"b\":\"x,}\"}", Some("octet 9"), true),
            ("{\"a\":[1,2]\n\"b\":\"x,}\"}", Some("octet 12"), false),
            ("{\"a\":[1,2", Some("octet 9"), false),
            ("{\"a\":[1,2],\"b\":\"x,}\"} OK", Some("trailing characters"), true),
            ("{\"a\":[1,2],\"b\":\"x,}\"}{}", Some("trailing characters"), true),
            ("<html>", Some("octet 1"), false),
            ("1 or 2", Some("octet 3"), false),
            ("", Some("octet 0"), false),
        ] {
            let said = defect(text);
            assert_eq!(said.is_some(), defect_is.is_some(), "{text}: {said:?}");
            assert!(said.clone().unwrap_or_default().contains(defect_is.unwrap_or_default()), "{text}: {said:?}");
            assert_eq!(read(text).as_ref() == Some(&thing), reads, "{text}");
        }
    }

    #[test]
    fn what_json_cannot_write_is_read_as_it_was_meant() {
        for (text, meant) in [
            ("{\"a\":NaN,\"b\":[-Infinity,Infinity],\"c\":1}", json!({ "a": null, "b": [null, null], "c": 1 })),
            ("{\"a\":\"one\ttwo\nthree\",\"b\":\"NaN\"}", json!({ "a": "one\ttwo\nthree", "b": "NaN" })),
            ("{\"a\":\"NaN,}\",}", json!({ "a": "NaN,}" })),
        ] {
            assert!(defect(text).is_some_and(|said| said.contains("octet")), "{text}");
            assert_eq!(read(text), Some(meant), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_serde_json_reads_is_read_so(text in "\\PC{0,40}", commas in "[\\[\\],\"\\\\ a]{0,30}") {
            let _ = read(&text);
            let _ = read(&commas);
            let whole = json!({ text: commas }).to_string();
            proptest::prop_assert_eq!(read(&whole), serde_json::from_str(&whole).ok());
            proptest::prop_assert_eq!(mended(&whole), whole);
        }
    }
}

//! JSON as banks send it: read as far as its meaning is plain, and what is wrong with it said apart from what it says.

mod members;

pub use members::repeated;
use serde_json::Value;

/// A byte order mark: RFC 8259 8.1 forbids to send one, and lets whoever reads ignore it.
const MARK: char = '\u{feff}';

/// What a text says as JSON; a byte order mark before it and commas too many do not hide it. `None` where it is none.
pub fn read(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok().or_else(|| {
        let text = text.trim_start_matches(MARK);
        serde_json::from_str(text).ok().or_else(|| serde_json::from_str(&without_idle_commas(text)).ok())
    })
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

/// Without the commas that no value follows: before a bracket that closes, and one after another.
fn without_idle_commas(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    // Where the last comma stands that nothing but space has followed so far.
    let (mut idle, mut in_string, mut escaped) = (None, false, false);
    for character in text.chars() {
        match character {
            _ if in_string => {
                in_string = escaped || character != '"';
                escaped = !escaped && character == '\\';
            }
            '}' | ']' | ',' => {
                if let Some(comma) = idle.take() {
                    kept.replace_range(comma..=comma, " ");
                }
                idle = (character == ',').then_some(kept.len());
            }
            ' ' | '\t' | '\r' | '\n' => {}
            _ => (idle, in_string) = (None, character == '"'),
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
            ("<html>", Some("octet 1"), false),
            ("", Some("octet 0"), false),
        ] {
            let said = defect(text);
            assert_eq!(said.is_some(), defect_is.is_some(), "{text}: {said:?}");
            assert!(said.clone().unwrap_or_default().contains(defect_is.unwrap_or_default()), "{text}: {said:?}");
            assert_eq!(read(text).as_ref() == Some(&thing), reads, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_serde_json_reads_is_read_so(text in "\\PC{0,40}", commas in "[\\[\\],\"\\\\ a]{0,30}") {
            let _ = read(&text);
            let _ = read(&commas);
            let whole = json!({ text: commas }).to_string();
            proptest::prop_assert_eq!(read(&whole), serde_json::from_str(&whole).ok());
            proptest::prop_assert_eq!(without_idle_commas(&whole), whole);
        }
    }
}

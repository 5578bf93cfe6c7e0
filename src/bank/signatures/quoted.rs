//! Text with quoted strings in it, cut at characters that stand outside of them.

/// Longer texts are not looked at, in octets.
const LONGEST: usize = 16 * 1024;

/// The pieces between the separators, without white space around them. None where a quoted string has no end.
pub(super) fn pieces(text: &str, separator: u8) -> Option<Vec<&str>> {
    let (mut found, mut start, mut inside, mut skip) = (Vec::new(), 0, false, false);
    if text.len() > LONGEST {
        return None;
    }
    for (at, octet) in text.bytes().enumerate() {
        if skip {
            skip = false;
        } else if inside && octet == b'\\' {
            skip = true;
        } else if octet == b'"' {
            inside = !inside;
        } else if octet == separator && !inside {
            found.push(text[start..at].trim());
            start = at + 1;
        }
    }
    found.push(text[start..].trim());
    (!inside).then_some(found)
}

/// What stands between quotation marks, as it stands there.
pub(super) fn inner(text: &str) -> Option<&str> {
    text.strip_prefix('"')?.strip_suffix('"')
}

/// What stands between quotation marks, without the marks of escape (RFC 8941 §4.2.5).
pub(super) fn text(quoted: &str) -> Option<String> {
    let mut plain = String::new();
    let mut octets = inner(quoted)?.chars();
    while let Some(next) = octets.next() {
        plain.push(if next == '\\' { octets.next()? } else { next });
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_separator_in_quotes_separates_nothing() {
        assert_eq!(pieces("a=\"x,y\" , b=2", b','), Some(vec!["a=\"x,y\"", "b=2"]));
        assert_eq!(pieces("\"a\\\",b\",c", b','), Some(vec!["\"a\\\",b\"", "c"]));
        assert_eq!(pieces("a=\"x", b','), None);
        assert_eq!(text("\"a\\\"b\""), Some("a\"b".to_owned()));
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(input in "\\PC{0,80}") {
            let _ = (pieces(&input, b','), pieces(&input, b' '), text(&input));
        }

        #[test]
        fn what_has_no_quotes_is_cut_as_anything_else(input in "[a-z, ]{0,40}") {
            let expected: Vec<&str> = input.split(',').map(str::trim).collect();
            prop_assert_eq!(pieces(&input, b','), Some(expected));
        }
    }
}

//! Foreign text made fit for people: bounded, and with nothing in it that steers a terminal or turns the reading order.

/// The beginning of a text, and how much of it is missing.
#[derive(Debug, PartialEq)]
pub(super) struct Cut {
    /// What may be shown.
    pub(super) text: String,
    /// Bytes that were left out.
    pub(super) missing: usize,
}

/// What a cut says of itself takes up about so many bytes: to leave out fewer spares nothing.
const TELLING: usize = 64;

/// About `bound` bytes of a text, freed of control characters, cut between two characters.
pub(super) fn cut(text: &str, bound: usize) -> Cut {
    let end = if text.len() <= bound + TELLING { text.len() } else { text.floor_char_boundary(bound) };
    Cut { text: visible(&text[..end]), missing: text.len() - end }
}

/// As `cut`, with the cut said in the text itself.
pub(super) fn shortened(text: &str, bound: usize) -> String {
    let cut = cut(text, bound);
    match cut.missing {
        0 => cut.text,
        missing => format!("{} … cut here, {missing} bytes more", cut.text),
    }
}

/// As `shortened`, on one line.
pub(super) fn one_line(text: &str, bound: usize) -> String {
    shortened(text, bound).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text with every steering character shown as `⟦U+202E⟧`.
pub(super) fn visible(text: &str) -> String {
    if !text.contains(steers) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match steers(character) {
            true => out.push_str(&format!("⟦U+{:04X}⟧", u32::from(character))),
            false => out.push(character),
        }
    }
    out
}

/// Control characters other than line ends and tabs, marks that change the direction of text, and characters that are none.
pub(super) fn steers(character: char) -> bool {
    match character {
        '\n' | '\t' | '\r' => false,
        '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        '\u{fffe}' | '\u{ffff}' => true,
        other => other.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_falls_between_characters_and_is_counted() {
        let long = "aé".repeat(40);
        assert_eq!(cut(&long, 2), Cut { text: "a".to_owned(), missing: 119 });
        assert_eq!(shortened(&long, 3), "aé … cut here, 117 bytes more");
        assert_eq!(shortened("abc", 3), "abc");
    }

    #[test]
    fn nothing_is_cut_where_that_spares_nothing() {
        for length in 0..200 {
            let text = "x".repeat(length);
            let shown = shortened(&text, 10);
            assert!(shown == text || shown.len() < length, "{shown}");
        }
    }

    #[test]
    fn nothing_steers_the_terminal() {
        assert_eq!(visible("a\u{1b}[31mb\u{202e}c\n"), "a⟦U+001B⟧[31mb⟦U+202E⟧c\n");
    }
}

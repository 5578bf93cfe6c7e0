//! A text with its escapes taken off, and where in the source each octet of it stands: one search finds a secret however it
//! was written.
//!
//! JSON, percent, HTML and form escapes come off together, for one text often holds several kinds of them.

use std::borrow::Cow;

use markup5ever::data::NAMED_ENTITIES;
use memchr::{memchr, memchr3};

/// So often is a text decoded: JSON in JSON, with a URL in it whose parameter is a URL.
const LEVELS: usize = 5;
/// The longest name of an entity has 31 letters.
const LONGEST_ENTITY: usize = 33;
/// These are read without their semicolon too.
const BARE_ENTITIES: [&str; 4] = ["amp", "lt", "gt", "quot"];

/// A text without one layer of escapes.
#[derive(Default)]
pub(in crate::evidence) struct Decoded {
    /// What it says.
    pub(in crate::evidence) octets: Vec<u8>,
    /// Where what it says and what was written differ in length; between two of them they run side by side.
    escapes: Vec<Escape>,
}

/// One escape: where what it stands for begins and how long that is, and the same of what was written.
#[derive(Clone, Copy)]
struct Escape {
    at: usize,
    length: usize,
    source: usize,
    width: usize,
}

/// What an escape stands for; UTF-8 but for a lone octet behind a percent sign.
#[derive(Clone, Copy)]
enum Meant {
    Octet(u8),
    Character(char),
    Two(char, char),
}

impl Decoded {
    /// The place in the source of a range of what it says.
    pub(super) fn source(&self, from: usize, to: usize) -> (usize, usize) {
        let before = |at: usize| self.escapes.partition_point(|escape| escape.at < at);
        let beyond = |escape: &Escape, at: usize| escape.source + escape.width + (at - escape.at - escape.length);
        let from = match self.escapes[..before(from + 1)].last() {
            None => from,
            Some(escape) if from < escape.at + escape.length => escape.source,
            Some(escape) => beyond(escape, from),
        };
        let to = match self.escapes[..before(to)].last() {
            None => to,
            Some(escape) if to <= escape.at + escape.length => escape.source + escape.width,
            Some(escape) => beyond(escape, to),
        };
        (from, to)
    }

    fn push(&mut self, meant: Meant, source: usize, width: usize) {
        let at = self.octets.len();
        meant.write(&mut self.octets);
        self.escapes.push(Escape { at, length: self.octets.len() - at, source, width });
    }
}

impl Meant {
    fn write(self, into: &mut Vec<u8>) {
        let mut character = |one: char| into.extend_from_slice(one.encode_utf8(&mut [0; 4]).as_bytes());
        match self {
            Self::Octet(octet) => into.push(octet),
            Self::Character(one) => character(one),
            Self::Two(first, second) => {
                character(first);
                character(second);
            }
        }
    }
}

/// What a plus is: forms write it for a space, and everything else for itself. To find either, both are taken for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::evidence) enum Plus {
    /// A space.
    Space,
    /// A plus.
    Itself,
}

/// Every level of a text below the one that is written, the outermost first.
pub(in crate::evidence) fn levels(text: &[u8], plus: Plus) -> Vec<Decoded> {
    let mut levels: Vec<Decoded> = Vec::new();
    while levels.len() < LEVELS {
        match decode(levels.last().map_or(text, |level| &level.octets), plus) {
            Some(level) => levels.push(level),
            None => break,
        }
    }
    levels
}

/// What a text says at its lowest level, with a space for a plus.
pub(super) fn innermost(text: &[u8]) -> Cow<'_, [u8]> {
    levels(text, Plus::Space).pop().map_or(Cow::Borrowed(text), |level| Cow::Owned(level.octets))
}

/// Takes one layer of escapes off; `None` where there is none.
fn decode(text: &[u8], plus: Plus) -> Option<Decoded> {
    let mut decoded: Option<Decoded> = None;
    let (mut copied, mut at) = (0, 0);
    while let Some(found) = memchr3(b'\\', b'%', b'&', &text[at..]) {
        at += found;
        match escape(&text[at..]) {
            Some((meant, width)) => {
                let decoded = decoded.get_or_insert_default();
                decoded.octets.extend_from_slice(&text[copied..at]);
                decoded.push(meant, at, width);
                at += width;
                copied = at;
            }
            None => at += 1,
        }
    }
    let has_spaces = plus == Plus::Space && memchr(b'+', text).is_some();
    if decoded.is_none() && !has_spaces {
        return None;
    }
    let mut decoded = decoded.unwrap_or_default();
    decoded.octets.extend_from_slice(&text[copied..]);
    if plus == Plus::Space {
        decoded.octets.iter_mut().filter(|octet| **octet == b'+').for_each(|octet| *octet = b' ');
    }
    Some(decoded)
}

/// The escape that a text begins with, and how long it is.
fn escape(text: &[u8]) -> Option<(Meant, usize)> {
    match text.first()? {
        b'\\' => backslash(text),
        b'%' => Some((Meant::Octet(hexadecimal(text.get(1..3)?)? as u8), 3)),
        _ => entity(text),
    }
}

fn backslash(text: &[u8]) -> Option<(Meant, usize)> {
    let plain = |octet| Some((Meant::Octet(octet), 2));
    match text.get(1)? {
        octet @ (b'"' | b'\\' | b'/' | b'\'') => plain(*octet),
        b'b' => plain(8),
        b'f' => plain(12),
        b'n' => plain(b'\n'),
        b'r' => plain(b'\r'),
        b't' => plain(b'\t'),
        b'x' => Some((Meant::Character(char::from_u32(hexadecimal(text.get(2..4)?)?)?), 4)),
        b'u' => {
            let first = hexadecimal(text.get(2..6)?)?;
            if !(0xd800..0xdc00).contains(&first) {
                return Some((Meant::Character(char::from_u32(first)?), 6));
            }
            let rest = text.get(6..12).filter(|rest| rest.starts_with(b"\\u"))?;
            let second = hexadecimal(&rest[2..])?.checked_sub(0xdc00).filter(|second| *second < 0x400)?;
            Some((Meant::Character(char::from_u32(0x10000 + ((first - 0xd800) << 10) + second)?), 12))
        }
        _ => None,
    }
}

/// What a text of HTML or XML says: its character references alone are taken off.
pub(in crate::evidence) fn characters(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let (mut says, mut rest) = (Vec::with_capacity(text.len()), text.as_bytes());
    while let Some(at) = memchr(b'&', rest) {
        says.extend_from_slice(&rest[..at]);
        rest = &rest[at..];
        let (meant, width) = entity(rest).unwrap_or((Meant::Octet(b'&'), 1));
        meant.write(&mut says);
        rest = &rest[width..];
    }
    says.extend_from_slice(rest);
    Cow::Owned(String::from_utf8_lossy(&says).into_owned())
}

fn entity(text: &[u8]) -> Option<(Meant, usize)> {
    let rest = text.get(1..)?;
    if rest.first() == Some(&b'#') {
        let is_hexadecimal = matches!(rest.get(1), Some(b'x' | b'X'));
        let digits = &rest[if is_hexadecimal { 2 } else { 1 }..];
        let is_digit = |octet: &u8| if is_hexadecimal { octet.is_ascii_hexdigit() } else { octet.is_ascii_digit() };
        let count = digits.iter().take(LONGEST_ENTITY).take_while(|octet| is_digit(octet)).count();
        let number = std::str::from_utf8(&digits[..count]).ok()?;
        let one = char::from_u32(u32::from_str_radix(number, if is_hexadecimal { 16 } else { 10 }).ok()?)?;
        let end = text.len() - digits.len() + count;
        return Some((Meant::Character(one), end + usize::from(text.get(end) == Some(&b';'))));
    }
    let count = rest.iter().take(LONGEST_ENTITY).take_while(|octet| octet.is_ascii_alphanumeric()).count();
    let name = std::str::from_utf8(&rest[..count]).ok()?;
    if rest.get(count) == Some(&b';') {
        let (first, second) = *NAMED_ENTITIES.get(std::str::from_utf8(&rest[..=count]).ok()?)?;
        let first = char::from_u32(first)?;
        let second = char::from_u32(second).filter(|second| *second != '\0');
        let meant = second.map_or(Meant::Character(first), |second| Meant::Two(first, second));
        return Some((meant, count + 2));
    }
    let is_bare = BARE_ENTITIES.contains(&name) && rest.get(count) != Some(&b'=');
    let (first, _) = NAMED_ENTITIES.get(name).filter(|_| is_bare)?;
    Some((Meant::Character(char::from_u32(*first)?), count + 1))
}

fn hexadecimal(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, digit| Some(number << 4 | char::from(*digit).to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(text: &str) -> String {
        String::from_utf8(innermost(text.as_bytes()).into_owned()).unwrap()
    }

    #[test]
    fn every_kind_of_escape_is_taken_off() {
        for written in [
            "a/b=c",
            "a\\/b\\u003dc",
            "a%2Fb%3dc",
            "a%252Fb%253Dc",
            "a&sol;b&equals;c",
            "a&#47;b&#x3D;c",
            "a\\\\u002fb\\u0025253Dc",
        ] {
            assert_eq!(says(written), "a/b=c", "{written}");
        }
        assert_eq!(says("\\ud83d\\ude00 &ouml;&amp;lt;\\"), "😀 ö<\\");
        for whole in ["a=1&code=2&copy=3", "100% &unknown; \\q \\ud83d %zz &#;", "&#xffffffff;"] {
            assert_eq!(says(whole), whole);
        }
    }

    #[test]
    fn a_range_leads_back_to_what_was_written() {
        let written = "x \\u002f%41bc&amp;+z";
        let level = &levels(written.as_bytes(), Plus::Space)[0];
        assert_eq!(level.octets, b"x /Abc& z");
        let place = |from: usize, to: usize| {
            let (from, to) = level.source(from, to);
            &written[from..to]
        };
        assert_eq!(place(0, 2), "x ");
        assert_eq!(place(2, 3), "\\u002f");
        assert_eq!(place(2, 5), "\\u002f%41b");
        assert_eq!(place(4, 7), "bc&amp;");
        assert_eq!(place(5, 9), "c&amp;+z");
    }
}

//! Secrets in what is neither whole JSON nor a form: cut off, in a script, in an error text, escaped more than once.

use super::{Found, looks_random, named, names};
use crate::evidence::secrets::decode;

/// What stands between a name and its value at most, in octets.
const GAP: usize = 16;

/// Tells of the values behind telling names, at every level of escapes.
pub(super) fn members(text: &str, found: &mut Found<'_>) {
    level(text.as_bytes(), found);
    decode::levels(text.as_bytes(), decode::Plus::Itself).iter().for_each(|decoded| level(&decoded.octets, found));
}

fn level(text: &[u8], found: &mut Found<'_>) {
    let of_name = |octet: &u8| octet.is_ascii_alphanumeric() || b"_-".contains(octet);
    let mut at = 0;
    while at < text.len() {
        let length = text[at..].iter().take_while(|octet| of_name(octet)).count();
        if length == 0 {
            at += 1;
            continue;
        }
        let name = &text[at..at + length];
        at += length;
        let Some((sign, is_quoted, behind)) = sign(&text[at..]) else { continue };
        if let Some(name) = std::str::from_utf8(name).ok().and_then(names::kind) {
            let is_form = sign == b'=' && !is_quoted;
            at = text.len() - behind.len() + value(name, is_form, behind, found);
        }
    }
}

/// The colon or equals sign that a text begins with, behind a closing quote or none, and what is behind it.
fn sign(text: &[u8]) -> Option<(u8, bool, &[u8])> {
    let (quote, rest) = quotes(text);
    let (sign, rest) = skip(rest, |octet| octet.is_ascii_whitespace()).split_first()?;
    let is_sign = matches!(sign, b':' | b'=') && rest.first() != Some(&b'=');
    is_sign.then_some((*sign, quote.is_some(), rest))
}

/// The value that a text begins with, in quotes or not. Gives how much of the text needs no further look, in octets.
fn value(name: names::Telling, is_form: bool, text: &[u8], found: &mut Found<'_>) -> usize {
    let (quote, rest) = quotes(skip(text, |octet| octet.is_ascii_whitespace()));
    let ends = |octet: &u8| match quote {
        Some(quote) => *octet == quote,
        None => octet.is_ascii_whitespace() || b"&;,<>\"'{}[]()\\".contains(octet),
    };
    let end = rest.iter().position(ends).unwrap_or(rest.len());
    let value = std::str::from_utf8(&rest[..end]).unwrap_or_default().trim_end_matches('\\');
    // `Password: please` is prose.
    let is_number = name.tells_of_numbers() && value.bytes().all(|octet| octet.is_ascii_digit());
    if quote.is_some() || is_form || is_number || looks_random(value) {
        named(name, value, found);
    }
    if quote.is_some() { 0 } else { text.len() - rest.len() + end }
}

/// The quote that a text begins with, escaped or not, and what is behind it.
fn quotes(text: &[u8]) -> (Option<u8>, &[u8]) {
    let rest = skip(text, |octet| octet == b'\\');
    match rest.split_first() {
        Some((quote @ (b'"' | b'\'' | b'`'), rest)) => (Some(*quote), rest),
        _ => (None, text),
    }
}

fn skip(text: &[u8], such: fn(u8) -> bool) -> &[u8] {
    let count = text.iter().take(GAP).take_while(|octet| such(**octet)).count();
    &text[count..]
}

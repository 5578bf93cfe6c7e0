//! Secrets in HTML and XML: fields and addresses of a page, elements and attributes with a telling name.
//!
//! Read tag by tag in one pass, and not as a browser would: what is wrong with a page must not hide a token in it.

use std::borrow::Cow;

use super::{DEEPEST, Found, inside, named, names, text_at, unnamed};
use crate::evidence::secrets::decode::characters;

/// The attributes that name what an element is about, and those that hold its value.
const NAMING: [&str; 7] = ["name", "id", "property", "key", "itemprop", "for", "class"];
const HOLDING: [&str; 2] = ["value", "content"];
/// Elements whose value is the page's own, whoever looks at them.
const FIELDS: [&str; 5] = ["input", "button", "textarea", "option", "meta"];
/// So far is looked for the end of character data, in octets.
const CHARACTER_DATA: usize = 8 * 1024;

/// Tells of what is secret in a page or a document.
pub(super) fn elements(depth: usize, text: &str, found: &mut Found<'_>) {
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if !rest.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') {
            continue;
        }
        let tag = Tag::read(rest);
        tag.tell(depth, found);
        rest = &rest[tag.length..];
    }
}

struct Tag<'a> {
    name: &'a str,
    attributes: Vec<(&'a str, Cow<'a, str>)>,
    /// What is between it and the next tag.
    inner: &'a str,
    /// Without what is inside, in octets.
    length: usize,
}

impl<'a> Tag<'a> {
    /// The tag that a text begins with, behind the angle bracket.
    fn read(text: &'a str) -> Self {
        let is_space = |one: char| one.is_ascii_whitespace() || one == '/';
        let ends_name = |one: char| is_space(one) || one == '>' || one == '<';
        let (name, mut rest) = text.split_at(text.find(ends_name).unwrap_or(text.len()));
        let mut attributes = Vec::new();
        loop {
            rest = rest.trim_start_matches(is_space);
            if rest.is_empty() || rest.starts_with(['<', '>']) {
                break;
            }
            let end = rest.find(|one: char| ends_name(one) || one == '=').unwrap_or(rest.len());
            let (name, behind) = rest.split_at(end);
            rest = behind;
            let Some(behind) = behind.trim_start().strip_prefix('=') else {
                attributes.push((name, Cow::Borrowed("")));
                continue;
            };
            let (value, behind) = value(behind.trim_start());
            attributes.push((name, characters(value)));
            rest = behind;
        }
        let length = text.len() - rest.len();
        let inner = rest.strip_prefix('>').unwrap_or_default();
        Self { name, attributes, inner: text_of(inner), length }
    }

    fn tell(&self, depth: usize, found: &mut Found<'_>) {
        let mut naming = None;
        for (name, value) in &self.attributes {
            if is_one_of(&NAMING, name) {
                naming = naming.or(names::kind(value));
            } else if let Some(name) = names::kind(name) {
                named(name, value, found);
            } else if depth < DEEPEST && value.starts_with(['{', '[', '<']) {
                text_at(depth + 1, value, found);
            } else if depth < DEEPEST && value.contains(['?', '#', '=']) {
                inside(depth, value, found);
            }
        }
        let is_field = is_one_of(&FIELDS, self.name);
        for (_, value) in self.attributes.iter().filter(|(name, _)| is_one_of(&HOLDING, name)) {
            Self::holds(naming, is_field, value, found);
        }
        // In HTML `code` is how a text looks.
        let element = names::kind(self.name).filter(|_| !self.name.eq_ignore_ascii_case("code"));
        Self::holds(
            element.or(naming),
            self.name.eq_ignore_ascii_case("textarea"),
            &characters(self.inner.trim()),
            found,
        );
    }

    fn holds(name: Option<names::Telling>, is_field: bool, value: &str, found: &mut Found<'_>) {
        // An account number is written in groups, and everything else in one piece: prose is no secret.
        let is_one = |name: &names::Telling| name.kind == "account" || !value.contains(char::is_whitespace);
        if let Some(name) = name.filter(is_one) {
            named(name, value, found);
        }
        if is_field {
            unnamed("form", value, found);
        }
    }
}

fn is_one_of(all: &[&str], name: &str) -> bool {
    all.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// The value that a text begins with, and what is behind it. A quote that never ends is none.
fn value(text: &str) -> (&str, &str) {
    let quote = text.chars().next().filter(|first| matches!(first, '"' | '\''));
    if let Some((value, rest)) = quote.and_then(|quote| text[1..].split_once(quote)) {
        return (value, rest);
    }
    text.split_at(text.find(|one: char| one.is_ascii_whitespace() || one == '>').unwrap_or(text.len()))
}

/// The text that stands before the next tag; or in a section of character data.
fn text_of(inner: &str) -> &str {
    let trimmed = inner.trim_start();
    if let Some(data) = trimmed.strip_prefix("<![CDATA[") {
        let data = &data[..data.floor_char_boundary(CHARACTER_DATA)];
        return data.split("]]>").next().unwrap_or_default();
    }
    inner.split('<').next().unwrap_or_default()
}

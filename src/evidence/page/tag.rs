//! How many attributes a tag has that has not ended yet: a tokenizer compares each with all others, and tells of none of
//! them before the end.

/// Where in a tag the next character stands (WHATWG HTML 13.2.5.8 and 13.2.5.32 to 13.2.5.39).
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum At {
    #[default]
    Name,
    BeforeAttribute,
    Attribute,
    AfterAttribute,
    BeforeValue,
    Quoted(char),
    Unquoted,
}

/// A tag of which the beginning has come.
#[derive(Default)]
pub(super) struct Pending {
    at: At,
    /// So many attributes have begun.
    pub(super) attributes: usize,
    /// Its `>` has come.
    pub(super) has_ended: bool,
}

impl Pending {
    /// Whether a tag begins with that text; inside of an element that holds text alone, only the one that ends it.
    pub(super) fn begins(text: &str, inside: Option<&str>) -> bool {
        let Some(after) = text.strip_prefix('<') else { return false };
        let name = after.strip_prefix('/');
        match inside {
            Some(element) => {
                name.and_then(|name| name.get(..element.len())).is_some_and(|name| name.eq_ignore_ascii_case(element))
            }
            None => name.unwrap_or(after).starts_with(|first: char| first.is_ascii_alphabetic()),
        }
    }

    /// Reads on in the tag.
    pub(super) fn scan(&mut self, text: &str) {
        for (index, character) in text.char_indices() {
            if self.has_ended {
                return;
            }
            // The slash of an end tag is no part of its name.
            if index == 0 && character == '/' && self.at == At::Name {
                continue;
            }
            self.step(character);
        }
    }

    fn step(&mut self, character: char) {
        let is_space = matches!(character, ' ' | '\t' | '\n' | '\r' | '\x0c');
        self.at = match (self.at, character) {
            (At::Quoted(quote), _) if character == quote => At::BeforeAttribute,
            (At::Quoted(quote), _) => At::Quoted(quote),
            (At::BeforeValue, '"' | '\'') => At::Quoted(character),
            (At::BeforeValue, _) if is_space => At::BeforeValue,
            (_, '>') => {
                self.has_ended = true;
                return;
            }
            (At::BeforeValue, _) => At::Unquoted,
            (At::Unquoted, _) => {
                if is_space {
                    At::BeforeAttribute
                } else {
                    At::Unquoted
                }
            }
            (_, '/') => At::BeforeAttribute,
            (At::Name, _) => {
                if is_space {
                    At::BeforeAttribute
                } else {
                    At::Name
                }
            }
            (At::Attribute | At::AfterAttribute, '=') => At::BeforeValue,
            (At::Attribute, _) => {
                if is_space {
                    At::AfterAttribute
                } else {
                    At::Attribute
                }
            }
            (At::BeforeAttribute, _) if is_space => At::BeforeAttribute,
            (At::AfterAttribute, _) if is_space => At::AfterAttribute,
            (At::BeforeAttribute | At::AfterAttribute, _) => {
                self.attributes += 1;
                At::Attribute
            }
        };
    }
}

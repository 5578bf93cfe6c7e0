//! The characters of error texts.

use super::{Answers, all, callbacks, protocol::those};
use crate::judge::Finding;

const EXPECTED: &str = "error, error_description and error_uri in printable ASCII without \" and \\";

/// Every error that goes to a TPP by its customer is spelt in the published characters (RFC 6749 4.1.2.1).
pub fn errors_told_are_spelt(answers: Answers<'_>, registered: &[String]) -> Finding {
    let told = callbacks::told(answers, registered);
    if told.is_empty() {
        return Finding::Beside(callbacks::NO_REDIRECT.into());
    }
    let is_error = |id: &str| told.get(id).is_some_and(|told| told.iter().any(|(name, _)| name == "error"));
    let shown = those(answers, |exchange, _| is_error(&exchange.id));
    if shown.is_empty() {
        return Finding::Beside("no TPP was told of an error in this run".into());
    }
    all(&shown, EXPECTED, |exchange, _| {
        let told = told.get(exchange.id.as_str()).into_iter().flatten();
        spelt(told.map(|(name, value)| (name.as_str(), value.as_str())))
    })
}

/// Every error of the token endpoint is spelt in the published characters (RFC 6749 5.2).
pub fn token_errors_are_spelt(answers: Answers<'_>) -> Finding {
    let errors = those(answers, |_, response| response.json().is_some_and(|json| json["error"].is_string()));
    if errors.is_empty() {
        return Finding::Beside("the token endpoint answered with no error in this run".into());
    }
    all(&errors, EXPECTED, |_, response| {
        let json = response.json().unwrap_or_default();
        let members = json.as_object().into_iter().flatten();
        spelt(members.filter_map(|(name, value)| Some((name.as_str(), value.as_str()?))))
    })
}

fn spelt<'a>(mut texts: impl Iterator<Item = (&'a str, &'a str)>) -> Result<(), String> {
    let odd = texts.find_map(|(name, value)| Some((name, odd_character(name, value)?)));
    odd.map_or(Ok(()), |(name, odd)| Err(format!("{odd:?} in {name}")))
}

/// The first character of an error's text that may not be in it.
fn odd_character(name: &str, value: &str) -> Option<char> {
    let is_printable = |one: &char| matches!(one, '\u{21}' | '\u{23}'..='\u{5b}' | '\u{5d}'..='\u{7e}');
    match name {
        "error" | "error_description" => value.chars().find(|one| *one != ' ' && !is_printable(one)),
        "error_uri" => value.chars().find(|one| !is_printable(one)),
        _ => None,
    }
}

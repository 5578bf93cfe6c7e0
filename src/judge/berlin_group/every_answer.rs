//! What every answer of a run must have.

use crate::judge::{
    Finding,
    every_answer::{Answers, all},
    unreadable,
    vocabulary::berlin_group,
};

/// Every error that says something has `tppMessages` or is a problem report (RFC 7807); a bare one is lawful.
pub fn errors_published(answers: Answers<'_>) -> Finding {
    all(answers, "tppMessages with category and code, as JSON", |_, response| {
        // What cannot be read is for another check.
        if response.status < 400 || response.body.is_empty() || unreadable(response).is_some() {
            return Ok(());
        }
        let kind = response.header("content-type").unwrap_or("none").to_ascii_lowercase();
        let json = response.json().unwrap_or_default();
        let message = berlin_group::error_message(&json);
        let is_list = json["tppMessages"].is_array();
        let has_messages = message["code"].is_string() && message["category"].is_string();
        let is_problem = kind.starts_with("application/problem+json") && json["type"].is_string();
        let good = (has_messages && is_list && kind.contains("json")) || is_problem;
        let lacks = if has_messages && !is_list { "and tppMessages is no list" } else { "without tppMessages" };
        good.then_some(()).ok_or_else(|| format!("status {} as {kind}, {lacks}", response.status))
    })
}

/// The longest text: 500 characters as published (tppMessageText), and 512 (Max512Text) in earlier releases of 1.3.
const LONGEST: usize = 512;

/// No text of a message, be it an error or a warning, is longer than the standard has it.
pub fn texts_fit(answers: Answers<'_>) -> Finding {
    all(answers, "texts of tppMessages with 500 characters at most", |_, response| {
        let messages = response.json().unwrap_or_default()["tppMessages"].clone();
        let texts = messages.as_array().into_iter().flatten().filter_map(|message| message["text"].as_str());
        let longest = texts.map(length).max().unwrap_or(0);
        let says = || format!("status {} with a text of {longest} characters", response.status);
        (longest <= LONGEST).then_some(()).ok_or_else(says)
    })
}

/// In characters that the bank has sent: what the recorder puts for a secret has a length of its own.
fn length(text: &str) -> usize {
    let after = |part: &str| part.split_once('›').map_or(part, |(_, after)| after).chars().count();
    let mut parts = text.split('‹');
    parts.next().map_or(0, |first| first.chars().count()) + parts.map(after).sum::<usize>()
}

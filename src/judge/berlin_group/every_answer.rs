//! What every answer of a run must have.

use crate::judge::{
    Finding,
    every_answer::{Answers, all},
    vocabulary::berlin_group,
};

/// Every error that says something has `tppMessages` or is a problem report (RFC 7807); a bare one is lawful.
pub fn errors_published(answers: Answers<'_>) -> Finding {
    all(answers, "tppMessages with category and code, as JSON", |_, response| {
        if response.status < 400 || response.body.is_empty() {
            return Ok(());
        }
        let kind = response.header("content-type").unwrap_or("none").to_ascii_lowercase();
        let json = response.json().unwrap_or_default();
        let message = berlin_group::error_message(&json);
        let has_messages = message["code"].is_string() && message["category"].is_string();
        let is_problem = kind.starts_with("application/problem+json") && json["type"].is_string();
        let good = (has_messages && kind.contains("json")) || is_problem;
        good.then_some(()).ok_or_else(|| format!("status {} as {kind}, without tppMessages", response.status))
    })
}

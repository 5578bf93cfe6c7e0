//! What banks want that this harness does not speak: told in their own words.

use std::sync::Arc;

use super::{exchange::Exchange, page, walk_end::WalkEnd};

/// By the codes and the words in which banks say that they want it.
const NOT_SPOKEN: [(&str, &str); 7] = [
    ("invalid_request_object", "a signed request object (RFC 9101)"),
    ("request object", "a signed request object (RFC 9101)"),
    ("request_object", "a signed request object (RFC 9101)"),
    ("signed request", "a signed request object (RFC 9101)"),
    ("'request' parameter", "a signed request object (RFC 9101)"),
    ("jwt-secured authorization request", "a signed request object (RFC 9101)"),
    ("dpop", "DPoP (RFC 9449)"),
];

/// What the bank wants beyond a correct authorization request, where it says so: in an error, or on its page.
pub fn wanted(walk_end: &WalkEnd, has_acted: bool, exchanges: &[Arc<Exchange>]) -> Option<String> {
    let told = match walk_end {
        WalkEnd::CalledBack { .. } => {
            let said = ["error", "error_description"].into_iter().filter_map(|name| walk_end.returned(name));
            said.collect::<Vec<_>>().join(": ")
        }
        WalkEnd::Stranded { status } if *status >= 400 && !has_acted => {
            page::visible_text(&exchanges.last()?.response()?.body).ok()?
        }
        WalkEnd::RefusedAtPush { .. } => {
            let json = exchanges.last()?.response()?.json()?;
            format!("{}: {}", json["error"].as_str()?, json["error_description"].as_str().unwrap_or_default())
        }
        _ => return None,
    };
    let line = told.split_whitespace().collect::<Vec<_>>().join(" ");
    let lower = line.to_ascii_lowercase();
    let (_, what) = NOT_SPOKEN.iter().find(|(words, _)| lower.contains(words))?;
    let quoted: String = line.chars().take(200).collect();
    Some(format!("the bank wants {what}, which is not spoken here; it says: \"{quoted}\""))
}

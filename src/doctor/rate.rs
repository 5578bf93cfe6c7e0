//! A bank that has had enough of us: whatever else was found may be no more than that.

use super::{Case, Finding, Layer};

/// What was found, or that the bank refused to answer so many requests (RFC 6585 4).
pub(super) fn or_what_was_found(case: &Case, findings: Vec<Finding>) -> Vec<Finding> {
    if findings.iter().all(|finding| finding.layer == Layer::File) {
        return findings;
    }
    let exchanges = case.exchanges();
    let Some((url, response)) = exchanges.iter().rev().find_map(|exchange| {
        Some((&exchange.request.url, exchange.response().filter(|response| response.status == 429)?))
    }) else {
        return findings;
    };
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let (wait, until) = match response.header("retry-after") {
        Some(wait) => (format!("Retry-After: {wait}"), "wait for as long as Retry-After says"),
        None => ("without Retry-After".to_owned(), "wait a while"),
    };
    let cause = format!("{url} answered 429 Too Many Requests, {wait}");
    let mend = format!("{until}, then set `requests_per_second` under [network] to what the bank allows");
    vec![Finding::error(Layer::Gateway, "rate-limit", cause, mend)]
}

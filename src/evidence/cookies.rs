//! Cookies that the bank's pages set, and what became of customers whose browser did not keep one.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    exchange::{Exchange, Response},
    operation::Operation,
};

/// What a customer came to whose browser did not keep a cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Without {
    /// It was sent back with a code all the same: the cookie carries no session.
    Agreed,
    /// There was no going on.
    Lost,
    /// Nobody could try.
    Untried,
}

/// The cookies of the bank's pages that are not for TLS alone (RFC 6265 5.2.5), by name.
pub fn in_the_open(answers: &[Arc<Exchange>]) -> Vec<String> {
    let pages = answers.iter().filter(|exchange| are_set_by_page(exchange)).filter_map(|exchange| exchange.response());
    let names: BTreeSet<&str> = pages.flat_map(set_by).filter(|cookie| !is_for_tls(cookie)).map(name).collect();
    names.into_iter().map(str::to_owned).collect()
}

/// The answer is one of the bank's pages, over TLS.
pub fn are_set_by_page(exchange: &Exchange) -> bool {
    exchange.operation == Operation::Page && exchange.request.url.to_ascii_lowercase().starts_with("https:")
}

/// The cookies that an answer sets, and does not take back.
pub fn set_by(page: &Response) -> impl Iterator<Item = &str> {
    page.headers_named("set-cookie").filter(|cookie| !is_taken_back(cookie))
}

/// Browsers send it over TLS alone.
pub fn is_for_tls(cookie: &str) -> bool {
    has_attribute(cookie, "secure")
}

/// What it is called.
pub fn name(cookie: &str) -> &str {
    cookie.split('=').next().unwrap_or_default().trim()
}

fn is_taken_back(cookie: &str) -> bool {
    has_attribute(cookie, "max-age=0") || cookie.contains("01 Jan 1970") || cookie.contains("01-Jan-1970")
}

fn has_attribute(cookie: &str, wanted: &str) -> bool {
    cookie.split(';').skip(1).any(|attribute| attribute.trim().eq_ignore_ascii_case(wanted))
}

//! Every cookie that the customer's browser was given.

use super::{Answers, all, protocol::those};
use crate::{
    evidence::{
        exchange::{Exchange, Response},
        operation::Operation,
    },
    judge::Finding,
};

/// Every one of them is for TLS alone (RFC 6265 8.3). One that is taken back holds nothing any more.
pub fn cookies_are_for_tls(answers: Answers<'_>) -> Finding {
    let is_page = |exchange: &Exchange| {
        exchange.operation == Operation::Page && exchange.request.url.to_ascii_lowercase().starts_with("https:")
    };
    let setting = those(answers, |exchange, page| is_page(exchange) && cookies(page).next().is_some());
    if setting.is_empty() {
        return Finding::Beside("the bank's pages set no cookie in this run".into());
    }
    all(&setting, "Secure on every cookie of the pages", |_, page| {
        match cookies(page).find(|cookie| !has_attribute(cookie, "secure")) {
            Some(cookie) => {
                Err(format!("cookie {} without Secure", cookie.split('=').next().unwrap_or_default().trim()))
            }
            None => Ok(()),
        }
    })
}

fn cookies(page: &Response) -> impl Iterator<Item = &str> {
    page.headers_named("set-cookie").filter(|cookie| !is_taken_back(cookie))
}

fn is_taken_back(cookie: &str) -> bool {
    has_attribute(cookie, "max-age=0") || cookie.contains("01 Jan 1970") || cookie.contains("01-Jan-1970")
}

fn has_attribute(cookie: &str, wanted: &str) -> bool {
    cookie.split(';').skip(1).any(|attribute| attribute.trim().eq_ignore_ascii_case(wanted))
}

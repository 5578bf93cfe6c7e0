//! Every cookie that the customer's browser was given.

use std::collections::BTreeSet;

use super::{Answers, all, protocol::those};
use crate::{
    evidence::{
        exchange::{Exchange, Response},
        operation::Operation,
    },
    judge::Finding,
};

/// What a customer came to whose browser did not keep a cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Without {
    /// The customer was sent back with a code all the same: the cookie carries no session.
    Agreed,
    /// There was no going on.
    Lost,
    /// Nobody could try.
    Untried,
}

/// Every cookie that carries the customer's session is for TLS alone (RFC 6265 8.3): those without which there is no session,
/// as `tried` tells of those that are not. Load balancers and banners have cookies of their own; one that is taken back holds
/// nothing any more.
pub fn cookies_are_for_tls(answers: Answers<'_>, tried: &[(String, Without)]) -> Finding {
    let setting = those(answers, |exchange, page| is_page(exchange) && cookies(page).next().is_some());
    if setting.is_empty() {
        return Finding::Beside("the bank's pages set no cookie in this run".into());
    }
    let came = |cookie: &str| tried.iter().find(|(tried, _)| tried == name(cookie)).map(|(_, came)| came);
    let finding = all(&setting, "Secure on every cookie that carries the session", |_, page| {
        let is_lost = |cookie: &&str| !is_for_tls(cookie) && came(cookie) == Some(&Without::Lost);
        match cookies(page).find(is_lost) {
            Some(cookie) => Err(format!("cookie {} without Secure, and no session without it", name(cookie))),
            None => Ok(()),
        }
    });
    let is_open = |cookie: &&str| !is_for_tls(cookie) && matches!(came(cookie), None | Some(Without::Untried));
    let open = setting.iter().filter_map(|exchange| exchange.response()).flat_map(cookies).find(is_open);
    match (&finding, open) {
        (Finding::Holds(_), Some(open)) => {
            let why =
                format!("cookie {} is without Secure, and nobody could try whether it carries the session", name(open));
            Finding::Beside(why)
        }
        _ => finding,
    }
}

/// The cookies of the bank's pages that are not for TLS alone, by name.
pub fn cookies_in_the_open(answers: Answers<'_>) -> Vec<String> {
    let setting = those(answers, |exchange, _| is_page(exchange));
    let cookies = setting.iter().filter_map(|exchange| exchange.response()).flat_map(cookies);
    let names: BTreeSet<&str> = cookies.filter(|cookie| !is_for_tls(cookie)).map(name).collect();
    names.into_iter().map(str::to_owned).collect()
}

fn is_page(exchange: &Exchange) -> bool {
    exchange.operation == Operation::Page && exchange.request.url.to_ascii_lowercase().starts_with("https:")
}

fn is_for_tls(cookie: &str) -> bool {
    has_attribute(cookie, "secure")
}

fn name(cookie: &str) -> &str {
    cookie.split('=').next().unwrap_or_default().trim()
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

//! Every cookie that the customer's browser was given.

use super::{Answers, all, protocol::those};
use crate::{
    evidence::cookies::{Without, are_set_by_page, is_for_tls, name, set_by},
    judge::Finding,
};

/// Every cookie that carries the customer's session is for TLS alone (RFC 6265 8.3): those without which there is no session,
/// as `tried` tells of those that are not. Load balancers and banners have cookies of their own; one that is taken back holds
/// nothing any more.
pub fn cookies_are_for_tls(answers: Answers<'_>, tried: &[(String, Without)]) -> Finding {
    let setting = those(answers, |exchange, page| are_set_by_page(exchange) && set_by(page).next().is_some());
    if setting.is_empty() {
        return Finding::Beside("the bank's pages set no cookie in this run".into());
    }
    let came = |cookie: &str| tried.iter().find(|(tried, _)| tried == name(cookie)).map(|(_, came)| came);
    let finding = all(&setting, "Secure on every cookie that carries the session", |_, page| {
        let is_lost = |cookie: &&str| !is_for_tls(cookie) && came(cookie) == Some(&Without::Lost);
        match set_by(page).find(is_lost) {
            Some(cookie) => Err(format!("cookie {} without Secure, and no session without it", name(cookie))),
            None => Ok(()),
        }
    });
    let is_open = |cookie: &&str| !is_for_tls(cookie) && matches!(came(cookie), None | Some(Without::Untried));
    let open = setting.iter().filter_map(|exchange| exchange.response()).flat_map(set_by).find(is_open);
    match (&finding, open) {
        (Finding::Holds(_), Some(open)) => {
            let why =
                format!("cookie {} is without Secure, and nobody could try whether it carries the session", name(open));
            Finding::Beside(why)
        }
        _ => finding,
    }
}

//! Where the links of an initiation lead (Berlin Group NextGenPSD2 1.3).

use std::{collections::BTreeSet, sync::Arc};

use serde_json::Value;
use url::form_urlencoded;

use super::ordered::requests_by_id;
use crate::{
    evidence::{
        exchange::{Exchange, Response},
        operation::Operation,
    },
    judge::{
        Finding,
        every_answer::{Answers, all},
    },
};

/// The links to the payment itself.
const OWN: [&str; 3] = ["self", "status", "scaStatus"];
/// The links that lead the customer away.
const AWAY: [&str; 2] = ["scaRedirect", "scaOAuth"];

/// The links of every payment that was initiated, and its Location, lead to that payment and to no other. What an address
/// looks like is the bank's choice: only one that names another payment of this run, or another where its own would stand,
/// is wrong.
pub fn lead_to_their_payment(answers: Answers<'_>) -> Finding {
    // Where an id leads that several payments have nobody knows; another check speaks of them.
    let requests = requests_by_id(answers);
    let shared: BTreeSet<String> =
        requests.into_iter().filter(|(_, by)| by.len() > 1).map(|(id, _)| id.to_ascii_lowercase()).collect();
    let is_own = |exchange: &&Arc<Exchange>| payment_id(exchange).is_some_and(|id| !shared.contains(&id));
    let created: Vec<Arc<Exchange>> = answers.iter().filter(is_own).cloned().collect();
    if created.is_empty() {
        return Finding::Beside("no payment was initiated in this run under an id of its own".into());
    }
    let ids: BTreeSet<String> = created.iter().filter_map(|exchange| payment_id(exchange)).collect();
    all(&created, "links and Location of the payment that was initiated", |exchange, response| {
        let own = payment_id(exchange).unwrap_or_default();
        let collection = segments(&exchange.request.url);
        let links = OWN.iter().filter_map(|name| Some(((*name).to_owned(), link(response, name)?)));
        let locations = response.headers_named("location").map(|address| ("Location".to_owned(), address.to_owned()));
        let strays = links.chain(locations).filter(|(_, address)| names_another(address, &own, &ids, &collection));
        let strays: Vec<String> = strays.map(|(name, _)| name).collect();
        if strays.is_empty() { Ok(()) } else { Err(format!("{} of another payment", strays.join(", "))) }
    })
}

/// Every link that leads the customer away has TLS (RTS Art. 35(1)). An app may have a scheme of its own.
pub fn have_tls(answers: Answers<'_>) -> Finding {
    let leads = |exchange: &&Arc<Exchange>| {
        let is_start = matches!(exchange.operation, Operation::Initiation | Operation::Authorisation);
        let response = exchange.response().filter(|response| is_start && response.status < 300);
        response.is_some_and(|response| AWAY.iter().any(|name| link(response, name).is_some()))
    };
    let leading: Vec<Arc<Exchange>> = answers.iter().filter(leads).cloned().collect();
    if leading.is_empty() {
        return Finding::Beside("no answer of this run leads the customer away by a link".into());
    }
    all(&leading, "scaRedirect and scaOAuth with TLS", |_, response| {
        let is_plain = |address: String| address.trim_start().to_ascii_lowercase().starts_with("http:");
        match AWAY.iter().find(|name| link(response, name).is_some_and(is_plain)) {
            Some(name) => Err(format!("{name} by http")),
            None => Ok(()),
        }
    })
}

fn payment_id(exchange: &Exchange) -> Option<String> {
    let is_order = exchange.operation == Operation::Initiation;
    let response = exchange.response().filter(|response| is_order && response.status < 300)?;
    response.json()?["paymentId"].as_str().map(|id| id.to_ascii_lowercase())
}

fn link(response: &Response, name: &str) -> Option<String> {
    let link: Value = response.json()?["_links"][name]["href"].take();
    link.as_str().map(str::to_owned)
}

/// The segments of a path, as they are meant.
fn segments(address: &str) -> Vec<String> {
    let address = address.split(['?', '#']).next().unwrap_or_default();
    let path = address.split_once("://").map_or(address, |(_, rest)| rest);
    path.split('/').map(meant).filter(|segment| !segment.is_empty()).collect()
}

/// A segment without its escapes: what means something else in a form is escaped before it is read as one.
fn meant(segment: &str) -> String {
    let whole = segment.replace('+', "%2B").replace('=', "%3D").replace('&', "%26");
    let decoded: String = form_urlencoded::parse(whole.as_bytes()).map(|(text, _)| text.into_owned()).collect();
    decoded.to_ascii_lowercase()
}

fn names_another(address: &str, own: &str, ids: &BTreeSet<String>, collection: &[String]) -> bool {
    let segments = segments(address);
    if segments.iter().any(|segment| segment == own) {
        return false;
    }
    let is_other = segments.iter().any(|segment| ids.contains(segment));
    // Where payments of that kind are, and something in the place of the id.
    let kind = &collection[collection.len().saturating_sub(2)..];
    let stands_in_its_place = segments.windows(3).any(|window| window[..2] == *kind);
    is_other || (kind.len() == 2 && stands_in_its_place)
}

//! Where the links of an initiation lead (Berlin Group NextGenPSD2 1.3).

use std::{collections::BTreeSet, sync::Arc};

use serde_json::Value;
use url::form_urlencoded;

use super::ordered::{differences, requests_by_id};
use crate::{
    evidence::{
        exchange::{Exchange, Response},
        json,
        operation::Operation,
    },
    judge::{
        Finding,
        every_answer::{Answers, all},
        in_words,
    },
};

/// The links to the payment itself.
const OWN: [&str; 3] = ["self", "status", "scaStatus"];
/// The links that lead the customer away.
const AWAY: [&str; 2] = ["scaRedirect", "scaOAuth"];

/// A link that names neither its payment nor another of the run, where an id would stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// The payment, by its id.
    pub payment: String,
    /// What the link is called.
    pub name: String,
    /// Where it leads, as the bank wrote it.
    pub address: String,
    /// The same with the payment's own id in the place of what stands there.
    pub own: String,
    /// What is asked for there.
    pub operation: Operation,
}

/// What the bank answered where such a link leads, and where the payment itself would be.
#[derive(Clone, Debug)]
pub struct Followed {
    /// The link.
    pub doubt: Doubt,
    /// The answer at the link.
    pub there: Arc<Exchange>,
    /// The answer under the payment's own id.
    pub own: Arc<Exchange>,
}

/// The links of every payment that was initiated, and its Location, lead to that payment and to no other. What an address
/// looks like is the bank's choice, and what stands in it need not be the paymentId: wrong is what names another payment of
/// this run, and what was followed and leads nowhere, or to another payment, where the payment itself is told.
pub fn lead_to_their_payment(answers: Answers<'_>, followed: &[Followed]) -> Finding {
    let created = created(answers);
    if created.is_empty() {
        return Finding::Beside("no payment was initiated in this run under an id of its own".into());
    }
    let ids: BTreeSet<String> = created.iter().filter_map(|exchange| payment_id(exchange)).collect();
    let finding = all(&created, "links and Location of the payment that was initiated", |exchange, response| {
        let own = payment_id(exchange).unwrap_or_default();
        let strays = addresses(response).filter(|(_, address)| names_another(address, &own, &ids));
        let strays: Vec<String> = strays.map(|(name, _)| name).collect();
        if strays.is_empty() { Ok(()) } else { Err(format!("{} of another payment", strays.join(", "))) }
    });
    if !matches!(finding, Finding::Holds(_)) {
        return finding;
    }
    let wrong = followed.iter().find_map(|followed| Some((followed, leads_astray(followed, &created)?)));
    if let Some((followed, actual)) = wrong {
        let expected = "links and Location of the payment that was initiated";
        return Finding::of(false, expected, format!("{}: {actual}", followed.doubt.name)).at(&followed.there);
    }
    let settled: BTreeSet<&str> =
        followed.iter().filter(|it| is_served(&it.there)).map(|it| it.doubt.name.as_str()).collect();
    let open = doubts(answers).into_iter().find(|doubt| !settled.contains(doubt.name.as_str()));
    match open {
        None => finding,
        Some(Doubt { name, address, .. }) => {
            let answer = followed.iter().find(|it| it.doubt.name == name).and_then(|it| it.there.response());
            let answer =
                answer.map_or_else(String::new, |response| format!(", where the bank answered {}", in_words(response)));
            Finding::Unclear(format!("{name} leads to {address}{answer}: whose payment that is cannot be told"))
        }
    }
}

/// The links that have to be followed to be judged.
pub fn doubts(answers: Answers<'_>) -> Vec<Doubt> {
    let created = created(answers);
    let ids: BTreeSet<String> = created.iter().filter_map(|exchange| payment_id(exchange)).collect();
    let of = |exchange: &Arc<Exchange>| {
        let (payment, response) = (raw_id(exchange)?, exchange.response()?);
        let found = addresses(response).filter_map(|(name, address)| {
            let is_another = names_another(&address, &payment.to_ascii_lowercase(), &ids);
            let own = in_its_place(&address, &payment, &exchange.request.url).filter(|_| !is_another)?;
            let operation = match name.as_str() {
                "status" => Operation::Status,
                "scaStatus" => Operation::ScaStatus,
                _ => Operation::Payment,
            };
            Some(Doubt { payment: payment.clone(), name, address, own, operation })
        });
        Some(found.collect::<Vec<_>>())
    };
    created.iter().filter_map(of).flatten().collect()
}

/// The answers that brought a payment under an id of its own: where an id leads that several payments have nobody knows, and
/// another check speaks of them.
fn created(answers: Answers<'_>) -> Vec<Arc<Exchange>> {
    let requests = requests_by_id(answers);
    let shared: BTreeSet<String> =
        requests.into_iter().filter(|(_, by)| by.len() > 1).map(|(id, _)| id.to_ascii_lowercase()).collect();
    let is_own = |exchange: &&Arc<Exchange>| payment_id(exchange).is_some_and(|id| !shared.contains(&id));
    answers.iter().filter(is_own).cloned().collect()
}

fn is_served(exchange: &Exchange) -> bool {
    exchange.response().is_some_and(|response| response.status == 200)
}

/// How a link that was followed does not lead to its payment, where that is proven.
fn leads_astray(followed: &Followed, created: &[Arc<Exchange>]) -> Option<String> {
    let there = followed.there.response()?;
    if !is_served(&followed.own) {
        return None;
    }
    if matches!(there.status, 403 | 404 | 410) {
        return Some(format!("it leads to {}, where the payment's own address leads to 200", in_words(there)));
    }
    let own = |exchange: &&Arc<Exchange>| raw_id(exchange).as_deref() == Some(&followed.doubt.payment);
    let ordered = json::read(&created.iter().find(own)?.request.body)?;
    let told = there.json().filter(|_| there.status == 200 && followed.doubt.operation == Operation::Payment)?;
    let others = differences(&told, &ordered, str::to_owned);
    (!others.is_empty()).then(|| format!("it leads to a payment with {}", others.join(", ")))
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
    raw_id(exchange).map(|id| id.to_ascii_lowercase())
}

fn raw_id(exchange: &Exchange) -> Option<String> {
    let is_order = exchange.operation == Operation::Initiation;
    let response = exchange.response().filter(|response| is_order && response.status < 300)?;
    response.json()?["paymentId"].as_str().map(str::to_owned)
}

/// The links to the payment itself, and its Location.
fn addresses(response: &Response) -> impl Iterator<Item = (String, String)> + '_ {
    let links = OWN.iter().filter_map(|name| Some(((*name).to_owned(), link(response, name)?)));
    links.chain(response.headers_named("location").map(|address| ("Location".to_owned(), address.to_owned())))
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

fn names_another(address: &str, own: &str, ids: &BTreeSet<String>) -> bool {
    let segments = segments(address);
    let is_own = segments.iter().any(|segment| segment == own);
    !is_own && segments.iter().any(|segment| ids.contains(segment))
}

/// The address with the payment's own id in the place of what stands there, where payments of that kind are; nothing where
/// the id stands there already, or where nobody can say what stands where.
fn in_its_place(address: &str, payment: &str, collection: &str) -> Option<String> {
    if segments(address).contains(&payment.to_ascii_lowercase()) {
        return None;
    }
    let collection = segments(collection);
    let kind = &collection[collection.len().checked_sub(2)?..];
    let (path, rest) = address.split_at(address.find(['?', '#']).unwrap_or(address.len()));
    let mut parts: Vec<&str> = path.split('/').collect();
    let at =
        (2..parts.len()).find(|at| [parts[at - 2], parts[at - 1]].map(meant) == *kind && !parts[*at].is_empty())?;
    parts[at] = payment;
    Some(parts.join("/") + rest)
}

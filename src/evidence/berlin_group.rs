//! What the answers of a bank of Berlin Group say of the payments that were initiated (NextGenPSD2 1.3): their ids and links.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use serde_json::Value;
use url::form_urlencoded;

use super::{
    exchange::{Exchange, Response},
    operation::Operation,
};

/// The links to the payment itself.
const OWN: [&str; 3] = ["self", "status", "scaStatus"];
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

/// The links that have to be followed to be judged.
pub fn doubts(answers: &[Arc<Exchange>]) -> Vec<Doubt> {
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
pub fn created(answers: &[Arc<Exchange>]) -> Vec<Arc<Exchange>> {
    let requests = requests_by_id(answers);
    let shared: BTreeSet<String> =
        requests.into_iter().filter(|(_, by)| by.len() > 1).map(|(id, _)| id.to_ascii_lowercase()).collect();
    let is_own = |exchange: &&Arc<Exchange>| payment_id(exchange).is_some_and(|id| !shared.contains(&id));
    answers.iter().filter(is_own).cloned().collect()
}

/// Which requests brought each payment.
pub fn requests_by_id(answers: &[Arc<Exchange>]) -> BTreeMap<String, BTreeSet<String>> {
    let mut requests: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for exchange in answers {
        if let Some(id) = raw_id(exchange) {
            let request = exchange.request.header("x-request-id").unwrap_or(&exchange.id);
            requests.entry(id).or_default().insert(request.to_owned());
        }
    }
    requests
}

/// The id of the payment that was initiated, in lower case.
pub fn payment_id(exchange: &Exchange) -> Option<String> {
    raw_id(exchange).map(|id| id.to_ascii_lowercase())
}

/// The id of the payment that was initiated.
pub fn raw_id(exchange: &Exchange) -> Option<String> {
    let is_order = exchange.operation == Operation::Initiation;
    let response = exchange.response().filter(|response| is_order && response.status < 300)?;
    response.json()?["paymentId"].as_str().map(str::to_owned)
}

/// The links to the payment itself, and its Location.
pub fn addresses(response: &Response) -> impl Iterator<Item = (String, String)> + '_ {
    let links = OWN.iter().filter_map(|name| Some(((*name).to_owned(), link(response, name)?)));
    links.chain(response.headers_named("location").map(|address| ("Location".to_owned(), address.to_owned())))
}

/// Where a link leads.
pub fn link(response: &Response, name: &str) -> Option<String> {
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

/// It names another payment of the run, and not its own; ids are in lower case.
pub fn names_another(address: &str, own: &str, ids: &BTreeSet<String>) -> bool {
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

//! An exchange of an earlier run, walked to afresh and sent again: the check that sent it runs once more, so that whatever
//! lived in that run alone, a code or a token, is there again.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError, atomic::AtomicBool},
};

use url::{Url, form_urlencoded};

use super::{
    event::{Answer, CheckResult, Event, Exchange, Layer, Response, Verdict},
    execute::{self, Order},
    plan::{BadTags, Selection},
    record::Recorded,
    waiver::Waivers,
};
use crate::{catalogue::Catalogue, judge, targets::Target};

/// What is sent outside of any check, under these names in the record: before the first of them.
const OUTSIDE: [&str; 2] = ["preflight", "doctor"];

/// Where an exchange stands in a record: enough to find its like in another one.
#[derive(Clone, Debug)]
pub struct Place {
    /// The exchange as it was recorded.
    pub exchange: Arc<Exchange>,
    /// The row of the check that sent it, where the check has rows.
    pub row: Option<String>,
    /// How many of its kind came before it in that check and row.
    before: usize,
}

/// The bank and the catalogue with which a walk begins.
pub struct Walk {
    /// The bank.
    pub target: Arc<Target>,
    /// Every check there is.
    pub catalogue: Catalogue,
    /// Really wait where a bank's clock cannot be moved.
    pub slow: bool,
    /// Set to stop.
    pub stop: Arc<AtomicBool>,
    /// What the bank is told of who comes.
    pub run_id: String,
}

/// What became of a walk.
#[derive(Debug)]
pub enum Walked {
    /// The request was sent again.
    Sent(Arc<Exchange>),
    /// The check does not apply to the bank: why.
    DoesNotApply(String),
    /// The walk did not get to the request: why.
    NotReached(String),
}

/// In what an answer is not the recorded one.
#[derive(Debug, PartialEq, Eq)]
pub struct Difference {
    /// `status`.
    pub what: &'static str,
    /// As recorded; empty where it was not there.
    pub then: String,
    /// As it came now.
    pub now: String,
}

/// Finds an exchange in a record; `None` where there is none of that id.
pub fn place(recorded: &Recorded, id: &str) -> Option<Place> {
    let exchange = recorded.exchanges.iter().find(|exchange| exchange.id == id)?.clone();
    let result = recorded.results.iter().find(|result| *result.id == *exchange.check);
    let row = result.and_then(|result| result.variants.iter().find(|row| row.exchanges.iter().any(|own| own == id)));
    let row = row.map(|row| row.name.clone());
    let siblings = siblings(&recorded.exchanges, result, &exchange, row.as_deref());
    let before = siblings.iter().position(|sibling| sibling.id == exchange.id).unwrap_or_default();
    Some(Place { exchange, row, before })
}

/// The exchanges of the same check and row that ask for the same.
fn siblings(
    all: &[Arc<Exchange>],
    result: Option<&CheckResult>,
    like: &Exchange,
    row: Option<&str>,
) -> Vec<Arc<Exchange>> {
    let variants = result.map(|result| result.variants.as_slice()).unwrap_or_default();
    let of_row: Option<BTreeSet<&str>> = row.map(|row| {
        let own = variants.iter().filter(|variant| variant.name == row);
        own.flat_map(|variant| &variant.exchanges).map(String::as_str).collect()
    });
    let is_one = |exchange: &&Arc<Exchange>| {
        exchange.check == like.check
            && of_row.as_ref().is_none_or(|ids| ids.contains(exchange.id.as_str()))
            && (exchange.operation, &exchange.purpose, &exchange.identity, &exchange.request.method)
                == (like.operation, &like.purpose, &like.identity, &like.request.method)
    };
    all.iter().filter(is_one).cloned().collect()
}

/// Whether that check sends the exchange, or it is sent before any check is.
pub fn is_known(catalogue: &Catalogue, check: &str) -> bool {
    OUTSIDE.contains(&check) || catalogue.check(check).is_some()
}

/// Runs the check that sent an exchange, and finds its like.
///
/// # Errors
/// Never for want of tags: none are given.
pub async fn walk(walk: Walk, place: &Place) -> Result<Walked, BadTags> {
    let check = &place.exchange.check;
    let mut catalogue = walk.catalogue;
    catalogue.checks.retain(|known| *known.id == **check);
    let order = Order {
        target: walk.target,
        catalogue: Arc::new(catalogue),
        selection: Selection::default(),
        jobs: 1,
        slow: walk.slow,
        resumed: None,
        stop: walk.stop,
        run_id: walk.run_id,
        waivers: Waivers::default(),
        min_share: 0,
    };
    let seen = Arc::new(Mutex::new((Vec::new(), None)));
    let noting = seen.clone();
    let listener = move |event: &Event| {
        let mut seen = noting.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::Exchange(exchange) => seen.0.push(exchange.clone()),
            Event::CheckFinished(result) => seen.1 = Some((**result).clone()),
            _ => {}
        }
    };
    execute::execute(order, Arc::new(listener)).await?;
    let (exchanges, result) = std::mem::take(&mut *seen.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(found(place, &exchanges, result.as_ref()))
}

fn found(place: &Place, exchanges: &[Arc<Exchange>], result: Option<&CheckResult>) -> Walked {
    let siblings = siblings(exchanges, result, &place.exchange, place.row.as_deref());
    // Whoever was asked several times may have been asked less often now.
    if let Some(again) = siblings.get(place.before).or(siblings.last()) {
        return Walked::Sent(again.clone());
    }
    let row = |result: &CheckResult| {
        let row = result.variants.iter().find(|variant| place.row.as_ref() == Some(&variant.name));
        row.map_or_else(|| (result.verdict, result.reason.clone()), |row| (row.verdict, row.reason.clone()))
    };
    match result.map(row) {
        Some((Verdict::NotApplicable, reason)) => Walked::DoesNotApply(reason),
        Some((_, reason)) if !reason.is_empty() => Walked::NotReached(reason),
        _ => Walked::NotReached("the bank's answers led past it this time".into()),
    }
}

/// In what an answer is not the recorded one: its status, media type, error codes, and the names in it. What is fresh in
/// each answer, such as a token, is not compared; neither is what depends on the moment.
pub fn differences(then: &Exchange, now: &Exchange) -> Vec<Difference> {
    let (then, now) = (traits(then), traits(now));
    let unlike = then.into_iter().zip(now).filter(|((_, then), (_, now))| then != now);
    unlike.map(|((what, then), (_, now))| Difference { what, then, now }).collect()
}

/// What came of an exchange, in a word: its status, or why there is none.
pub fn outcome(exchange: &Exchange) -> String {
    match &exchange.answer {
        Answer::Response(response) => response.status.to_string(),
        Answer::Failure(failure) => format!("none, {}", why(failure.layer)),
    }
}

fn traits(exchange: &Exchange) -> Vec<(&'static str, String)> {
    let alert = exchange.tls.as_ref().and_then(|tls| tls.alert.clone()).unwrap_or_default();
    match &exchange.answer {
        Answer::Response(response) => vec![
            ("status", outcome(exchange)),
            ("TLS alert", alert),
            ("media type", media_type(response)),
            ("error code", judge::error_code(response).unwrap_or_default()),
            ("members", members(response)),
            ("parameters of Location", parameters(response)),
        ],
        Answer::Failure(_) => vec![("status", outcome(exchange)), ("TLS alert", alert)],
    }
}

fn why(layer: Layer) -> &'static str {
    match layer {
        Layer::Connect => "no connection",
        Layer::Tls => "refused in TLS",
        Layer::Timeout => "nothing came in time",
        Layer::Closed => "the connection was closed",
        Layer::Protocol => "what came is no HTTP",
    }
}

fn media_type(response: &Response) -> String {
    let value = response.header("content-type").unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn members(response: &Response) -> String {
    let body = response.json().unwrap_or_default();
    let names: BTreeSet<&str> =
        body.as_object().into_iter().flat_map(|object| object.keys().map(String::as_str)).collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}

fn parameters(response: &Response) -> String {
    let Some(url) = response.header("location").and_then(|location| Url::parse(location).ok()) else {
        return String::new();
    };
    let parts = [url.query(), url.fragment()].into_iter().flatten();
    let names = parts.flat_map(|part| form_urlencoded::parse(part.as_bytes()).map(|(name, _)| name.into_owned()));
    names.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(", ")
}

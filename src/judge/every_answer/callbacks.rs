//! Every answer that went to a TPP by its customer, and every page that the customer saw.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use url::{Url, form_urlencoded};

use super::{Answers, all, protocol::those};
use crate::{
    evidence::{
        exchange::{Exchange, Response},
        leads,
        operation::Operation,
    },
    judge::{Finding, authorization, landing},
};

/// A bank may bring its customers back by whatever a browser can do (RFC 6749 1.7).
pub(super) const NO_REDIRECT: &str = "the bank sent nobody back by a redirect in this run";
/// What the recorder puts in the place of the value of a field begins so.
const HIDDEN: &str = "‹form:";

/// Every one of them names the issuer (RFC 9207 2).
pub fn name_the_issuer(answers: Answers<'_>, registered: &[String], issuer: &str) -> Finding {
    let told = told(answers, registered);
    if told.is_empty() {
        return Finding::Beside(NO_REDIRECT.into());
    }
    let callbacks = those(answers, |exchange, _| told.contains_key(exchange.id.as_str()));
    all(&callbacks, &format!("iss={issuer} in every answer to a TPP"), |exchange, _| {
        let told = told.get(exchange.id.as_str()).into_iter().flatten();
        let issuers = told.filter(|(name, _)| name == "iss").map(|(_, value)| value.as_str());
        match issuers.collect::<Vec<_>>().as_slice() {
            [] => Err("no iss".into()),
            // That it stands there twice is for another check.
            all if all.contains(&issuer) => Ok(()),
            others => Err(format!("iss={}", others.join(", iss="))),
        }
    })
}

/// The issuers that they name.
pub fn issuers(answers: Answers<'_>, registered: &[String]) -> Vec<String> {
    let told = told(answers, registered).into_values().flatten();
    told.filter(|(name, value)| name == "iss" && !value.is_empty()).map(|(_, value)| value).collect()
}

/// Every one of them brings back a state that its TPP had sent (RFC 6749 4.1.2, 4.1.2.1).
pub fn bring_back_the_state(answers: Answers<'_>, registered: &[String]) -> Finding {
    let told = told(answers, registered);
    if told.is_empty() {
        return Finding::Beside(NO_REDIRECT.into());
    }
    // What one check has sent so far: several requests of one check may be under way at once.
    let mut sent: BTreeMap<&str, BTreeSet<Option<String>>> = BTreeMap::new();
    let mut wrong: BTreeMap<&str, String> = BTreeMap::new();
    let mut hidden: BTreeSet<&str> = BTreeSet::new();
    for exchange in answers {
        let states = sent.entry(&exchange.check).or_default();
        states.extend(asked_with(exchange));
        let Some(told) = told.get(exchange.id.as_str()).filter(|_| !states.is_empty()) else { continue };
        let told = told.iter().filter(|(name, value)| name == "state" && !value.is_empty());
        let told: Vec<_> = told.map(|(_, value)| value.clone()).collect();
        // A field of a form is recorded without what it holds.
        if told.iter().any(|state| state.contains(HIDDEN)) {
            hidden.insert(&exchange.id);
            continue;
        }
        // A state that nobody sent breaks no MUST, and has a check of its own.
        let was_sent = states.iter().any(Option::is_some);
        let is_among_them = told.iter().any(|state| states.contains(&Some(state.clone())));
        if was_sent && !is_among_them && !(told.is_empty() && states.contains(&None)) && are_plain(states) {
            let told = told.first().map_or_else(|| "no state".to_owned(), |state| format!("state={state}"));
            wrong.insert(&exchange.id, told);
        }
    }
    let is_shown = |id: &str| told.contains_key(id) && !hidden.contains(id);
    let shown = those(answers, |exchange, _| is_shown(&exchange.id));
    if shown.is_empty() {
        return Finding::Beside("what was told to TPPs stood in fields whose values are not recorded".into());
    }
    all(&shown, "the state that was sent, in every answer to a TPP", |exchange, _| {
        wrong.get(exchange.id.as_str()).map_or(Ok(()), |told| Err(told.clone()))
    })
}

/// Every one of them says one thing, and says it once (RFC 6749 3.1, 4.1.2.1).
pub fn say_one_thing_once(answers: Answers<'_>, registered: &[String]) -> Finding {
    let of = |exchange: &Arc<Exchange>| Some((exchange.id.clone(), way_back(exchange.response()?, registered)?));
    let ways: BTreeMap<String, (Url, Url)> = answers.iter().filter_map(of).collect();
    if ways.is_empty() {
        return Finding::Beside(NO_REDIRECT.into());
    }
    // Whoever asks for something else than a code alone may get it.
    let asks_otherwise = |exchange: &&Arc<Exchange>| {
        asked(exchange).iter().any(|(name, value)| name == "response_type" && value != "code")
    };
    let otherwise: BTreeSet<&str> = answers.iter().filter(asks_otherwise).map(|exchange| &*exchange.check).collect();
    let callbacks = those(answers, |exchange, _| ways.contains_key(&exchange.id));
    all(&callbacks, "a code or an error, and each parameter once", |exchange, _| {
        let asks_for_code = !otherwise.contains(&*exchange.check);
        let told = ways.get(&exchange.id);
        let wrong = told.and_then(|(url, own)| landing::contradiction(&told_at(url), own, asks_for_code));
        wrong.map_or(Ok(()), Err)
    })
}

/// Every page with a form forbids that it is framed (RFC 9700 4.16).
pub fn pages_forbid_framing(answers: Answers<'_>) -> Finding {
    let has_form = |page: &Response| page.body.to_ascii_lowercase().contains("<form");
    let is_page = |exchange: &Exchange| exchange.operation == Operation::Page;
    let pages = those(answers, |exchange, page| is_page(exchange) && authorization::is_html(page) && has_form(page));
    if pages.is_empty() {
        return Finding::Beside("the bank showed no page with a form in this run".into());
    }
    all(&pages, authorization::NO_FRAMES, |_, page| {
        authorization::forbids_framing(page).then_some(()).ok_or_else(|| format!("status {} without it", page.status))
    })
}

/// The parameters of an authorization request, in the address of the browser or pushed before; nothing where it is no such
/// request.
pub(super) fn authorization_request(exchange: &Exchange) -> Option<Vec<(String, String)>> {
    let parameters = asked(exchange);
    // One without a value counts as left out (RFC 6749 3.1).
    let has = |wanted: &str| parameters.iter().any(|(name, value)| name == wanted && !value.is_empty());
    (has("client_id") && !has("request_uri")).then_some(parameters)
}

/// States as most TPPs send them: that others come back as they were sent is for checks of their own.
fn are_plain(states: &BTreeSet<Option<String>>) -> bool {
    let is_plain = |one: u8| one.is_ascii_alphanumeric() || b"-._~".contains(&one);
    states.iter().flatten().all(|state| state.bytes().all(is_plain))
}

/// The state of an authorization request; nothing where it is no such request.
fn asked_with(exchange: &Exchange) -> Vec<Option<String>> {
    let Some(parameters) = authorization_request(exchange) else { return Vec::new() };
    let states = parameters.iter().filter(|(name, value)| name == "state" && !value.is_empty());
    let states: Vec<_> = states.map(|(_, value)| Some(value.clone())).collect();
    // Of two, none is the one that a bank has to bring back.
    let is_one = states.len() == 1;
    states.into_iter().chain((!is_one).then_some(None)).collect()
}

/// What was asked for, in the address of the browser or pushed before.
fn asked(exchange: &Exchange) -> Vec<(String, String)> {
    let url = Url::parse(&exchange.request.url).ok();
    match exchange.operation {
        Operation::PushedRequest => pairs(&exchange.request.body),
        Operation::Page => url.as_ref().map(|url| pairs(url.query().unwrap_or_default())).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// What each answer that went to a TPP told it, by the exchange that sent the customer there: a page is read once.
pub(super) fn told<'a>(answers: Answers<'a>, registered: &[String]) -> BTreeMap<&'a str, Vec<(String, String)>> {
    let of = |exchange: &'a Arc<Exchange>| {
        Some((exchange.id.as_str(), told_at(&way_back(exchange.response()?, registered)?.0)))
    };
    answers.iter().filter_map(of).collect()
}

/// Where the answer sends the customer with an answer for a TPP, by a redirect or by a page (RFC 6749 1.7), and the redirection
/// URI that this is.
fn way_back(response: &Response, registered: &[String]) -> Option<(Url, Url)> {
    let is_page =
        response.header("content-type").is_some_and(|kind| kind.to_ascii_lowercase().starts_with("text/html"));
    let ways: Vec<Url> = match response.header("location").filter(|_| (300..400).contains(&response.status)) {
        Some(location) => Url::parse(location).into_iter().collect(),
        // Most pages lead nowhere else: what is no answer to anybody need not be read.
        None if is_page && (response.body.contains("code") || response.body.contains("error")) => {
            leads::of(&response.body)
        }
        None => Vec::new(),
    };
    let is_answer = |(name, _): &(String, String)| matches!(name.as_str(), "code" | "error");
    ways.into_iter().find_map(|url| {
        let is_it = |uri: &&String| landing::is_at(url.as_str(), uri);
        // Of two the one counts that has more of its own.
        let own = registered.iter().filter(is_it).max_by_key(|uri| uri.len())?;
        let own = Url::parse(own).ok().filter(|_| told_at(&url).iter().any(is_answer))?;
        Some((url, own))
    })
}

fn told_at(url: &Url) -> Vec<(String, String)> {
    [url.query(), url.fragment()].into_iter().flatten().flat_map(pairs).collect()
}

pub(super) fn pairs(text: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

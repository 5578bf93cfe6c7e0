//! The customer's first page: whether the bank shows it at all for this redirect URI, and whether it asks for what [psu]
//! knows. Nothing is typed: a wrong password too often locks a customer out.

use std::{collections::BTreeSet, sync::Arc};

use scraper::Selector;
use url::{Url, form_urlencoded};

use super::{Case, Finding, Layer, approval::begin, finding::clean, said::words};
use crate::{
    evidence::{
        operation::Operation,
        page::{self, TooMuch},
    },
    targets::{Psu, psu::Agent},
    tpp::{
        Trouble,
        session::Session,
        transport::{Call, Reply},
    },
};

/// So many redirects are followed to the first page.
const REDIRECTS: usize = 8;

/// Looks at the first page of an authorization.
pub(super) async fn look(case: &Case) -> Vec<Finding> {
    let Ok(session) = case.session().await else { return Vec::new() };
    let fills_in = |psu: &&Psu| psu.agents.iter().any(|agent| *agent.get_ref() == Agent::FormScript);
    let psu = case.target.psu.as_ref().filter(fills_in).filter(|_| case.target.restraint.objection().is_none());
    let Some(psu) = psu else { return Vec::new() };
    // What is pushed can be opened once: a look would use it up.
    if session.must_push(case.target.tpp()) {
        return Vec::new();
    }
    let Ok(Some(approval)) = begin(case, &session).await else { return Vec::new() };
    let Some(request) = approval.request() else { return Vec::new() };
    let Ok(endpoint) = session.endpoint("authorization_endpoint", session.endpoints().authorization.as_ref()) else {
        return Vec::new();
    };
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(&request.parameters).finish();
    let joint = if endpoint.contains('?') { '&' } else { '?' };
    match first_page(&session, &format!("{endpoint}{joint}{query}")).await {
        Ok(Some((url, reply))) => of(case, psu, &url, &reply).into_iter().collect(),
        Ok(None) | Err(_) => Vec::new(),
    }
}

/// The first page that is no redirect; nothing where the customer is sent back at once, or elsewhere.
async fn first_page(session: &Arc<Session>, url: &str) -> Result<Option<(Url, Reply)>, Trouble> {
    let browser = session.browser(&"psu".into())?;
    let mut url = Url::parse(url).map_err(|error| Trouble::Harness(error.to_string()))?;
    for _ in 0..REDIRECTS {
        if session.objection(&url).is_some() {
            return Ok(None);
        }
        let call = Call::get(Operation::Page, url.as_str(), "look at the first page");
        let reply = browser.send(&"doctor".into(), call).await.map_err(|none| none.trouble())?;
        match (reply.status, reply.header("location").and_then(|to| url.join(to).ok())) {
            (300..=399, Some(next)) => url = next,
            _ => return Ok(Some((url, reply))),
        }
    }
    Ok(None)
}

fn of(case: &Case, psu: &Psu, url: &Url, reply: &Reply) -> Option<Finding> {
    let place = format!("{}{}", url.host_str().unwrap_or_default(), url.path());
    if (400..500).contains(&reply.status) {
        let tpp = case.target.tpp();
        let says = clean(&case.recorder.redact(&words(&reply.body))).chars().take(160).collect::<String>();
        let cause = format!(
            "{place} answers a correct authorization request of {} for {} with {}: \"{says}\"",
            tpp.name,
            tpp.redirect_uri(),
            reply.status
        );
        let mend =
            "register that redirect URI for the client at the bank, letter by letter, or correct `redirect_uris`";
        return Some(Finding::error(Layer::AuthorizationServer, "redirect-uri-refused", cause, mend));
    }
    changed_form(psu, &place, &reply.body)
}

/// A page that asks for something that [psu] does not know, or that nobody can read.
pub(super) fn changed_form(psu: &Psu, place: &str, body: &str) -> Option<Finding> {
    let asked = match asked(body) {
        Ok(asked) => asked,
        Err(too_much) => {
            let cause = format!("the page {place} cannot be read: {too_much}");
            let mend = "ask the bank for a page without it, or let a person play the customer: `agents = [\"manual\"]`";
            return Some(Finding::error(Layer::Core, "page-not-readable", cause, mend));
        }
    };
    let known: BTreeSet<&str> = psu.fields.keys().chain(psu.secrets.keys()).map(String::as_str).collect();
    let unknown: Vec<&str> =
        asked.iter().map(|field| field.name.as_str()).filter(|name| !known.contains(name)).collect();
    let is_login = asked.iter().any(|field| field.is_secret || known.contains(field.name.as_str()));
    if unknown.is_empty() || !is_login {
        return None;
    }
    let code = psu.one_time_code.as_ref().map(|field| field.get_ref().as_str());
    let there: BTreeSet<&str> = asked.iter().map(|field| field.name.as_str()).collect();
    let not_found: Vec<&str> = known.difference(&there).copied().filter(|name| Some(*name) != code).collect();
    let lacks = match not_found.is_empty() {
        true => String::new(),
        false => format!(", and has no field {}", quoted(&not_found)),
    };
    let cause = format!("the page {place} asks for {}, which [psu] does not know{lacks}", quoted(&unknown));
    let mend =
        format!("name {} under `fields` or `secrets` of [psu], with what the customer types there", quoted(&unknown));
    Some(Finding::error(Layer::Core, "login-form-changed", cause, mend))
}

/// None of the buttons that agree is on any page, and the last page with buttons has others.
pub(super) fn missing_button(psu: &Psu, pages: &[String]) -> Option<Finding> {
    let pages: Vec<Vec<Vec<String>>> = pages.iter().map(|body| buttons(body)).collect();
    let named = &psu.buttons.approve;
    let is_named = |label: &String| named.iter().any(|name| name.trim().eq_ignore_ascii_case(label));
    if named.is_empty() || pages.iter().flatten().flatten().any(is_named) {
        return None;
    }
    let last = pages.iter().rev().find(|buttons| !buttons.is_empty())?;
    let there: Vec<&str> = last.iter().filter_map(|names| names.first()).map(String::as_str).collect();
    let named: Vec<&str> = named.iter().map(String::as_str).collect();
    let (named, there) = (quoted(&named), quoted(&there));
    let cause = format!("no page has the button {named} of `buttons.approve` under [psu]; the last one has {there}");
    let mend = format!("name the one that agrees under buttons.approve of [psu]: it is one of {there}");
    Some(Finding::error(Layer::File, "button-not-found", cause, mend))
}

/// What each button of a page's forms is called, what it says first.
fn buttons(body: &str) -> Vec<Vec<String>> {
    let Ok(selector) = Selector::parse("form button, form input[type=submit]") else { return Vec::new() };
    let Ok(page) = page::read(body) else { return Vec::new() };
    let names = |button: scraper::ElementRef<'_>| {
        let text = button.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
        let others = ["value", "name", "id"].into_iter().filter_map(|name| button.attr(name)).map(str::to_owned);
        std::iter::once(text).chain(others).filter(|label| !label.is_empty()).collect::<Vec<_>>()
    };
    page.select(&selector).map(names).filter(|names| !names.is_empty()).collect()
}

fn quoted(names: &[&str]) -> String {
    clean(&names.iter().take(8).map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", "))
}

struct Field {
    name: String,
    is_secret: bool,
}

/// The fields of a page's forms that a customer has to type into.
fn asked(body: &str) -> Result<Vec<Field>, TooMuch> {
    let Ok(inputs) = Selector::parse("form input[name], form textarea[name]") else { return Ok(Vec::new()) };
    let page = page::read(body)?;
    let typed = page.select(&inputs).filter_map(|input| {
        let kind = input.attr("type").unwrap_or("text").to_ascii_lowercase();
        let is_typed = matches!(kind.as_str(), "text" | "password" | "email" | "tel" | "number" | "");
        is_typed
            .then(|| Field { name: input.attr("name").unwrap_or_default().to_owned(), is_secret: kind == "password" })
    });
    Ok(typed.collect())
}

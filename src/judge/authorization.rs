//! What the authorization endpoint made of a request, and what came back to the TPP.

use url::Url;

use super::{Finding, landing, one_of};
use crate::evidence::{
    exchange::{Exchange, Response},
    not_spoken,
    page::{self, TooMuch},
    walk_end::{AuthorizationFacts, WalkEnd},
};

impl Finding {
    fn at_end(self, facts: &AuthorizationFacts) -> Self {
        match facts.exchanges.last() {
            Some(last) => self.at(last),
            None => self,
        }
    }
}

/// The TPP was called back with one code, where and how it wants to be (RFC 6749 4.1.2). What stands beside it is for another
/// check.
pub fn code_received(facts: &AuthorizationFacts) -> Finding {
    let expected = "the TPP is called back at its redirect_uri, with one code in the query";
    code(facts, expected, landing::defect(facts).or_else(|| landing::codes(facts)).is_none())
}

/// The TPP was called back with a code. Where and how is for another check.
pub fn code_issued(facts: &AuthorizationFacts) -> Finding {
    code(facts, "the TPP is called back with a code", true)
}

fn code(facts: &AuthorizationFacts, expected: &str, lands_well: bool) -> Finding {
    let has_code = facts.has_code();
    if let Some(unclear) = not_spoken(facts).or_else(|| not_carried_out(facts)).filter(|_| !has_code) {
        return unclear;
    }
    Finding::of(has_code && lands_well, expected, landing::in_words(facts)).served(has_code).at_end(facts)
}

/// The bank wants of a correct request what this harness does not speak, and says so: in an error, or on its page.
fn not_spoken(facts: &AuthorizationFacts) -> Option<Finding> {
    not_spoken::wanted(&facts.walk_end, facts.has_acted, &facts.exchanges).map(Finding::Unclear)
}

/// The PSU may not have come to agree, and that may be for want of the right words in the target file: a page without a
/// form that is known, a host that is not known as the bank's, credentials that are not accepted.
fn not_carried_out(facts: &AuthorizationFacts) -> Option<Finding> {
    let hint = match (&facts.walk_end, facts.unsure) {
        (_, Some(hint)) => hint,
        (WalkEnd::Stranded { status }, None) if let Some(hint) = beyond_the_agent(facts, *status) => hint,
        (WalkEnd::GaveUp { .. }, None) => "are the customer's credentials in the target file right?",
        _ if facts.has_acted => return None,
        (WalkEnd::Stranded { status }, None) if *status < 400 => {
            "is there a button or a link that [psu] does not name?"
        }
        (WalkEnd::Elsewhere { url }, None) if url.starts_with("https://") && Url::parse(url).is_ok() => {
            "if that is the bank's, add it to `hosts` under [psu] of the target file"
        }
        _ => return None,
    };
    Some(unclear(facts, hint))
}

/// What a browser would have done on the last page, and this agent does not: RFC 6749 1.7 lets a bank bring the customer back by
/// whatever a browser can do.
fn beyond_the_agent(facts: &AuthorizationFacts, status: u16) -> Option<&'static str> {
    let last = facts.exchanges.last()?;
    let page = last.response().filter(|_| facts.agent != "browser")?;
    let has = |tag: &str| page.body.to_ascii_lowercase().contains(tag);
    let was_sent = &*last.request.method == "POST" && !facts.has_acted;
    match status {
        400..=499 if was_sent => {
            Some("the bank did not take a form of its page as this agent sends it; the agent `browser` may do better")
        }
        400.. => None,
        _ if page.header("refresh").is_some() => Some(
            "the last page leads on by a Refresh header, which this agent does not follow; the agent `browser` does",
        ),
        _ if has("<script") => {
            Some("the last page has script, which this agent does not run; the agent `browser` does")
        }
        _ if has("<iframe") || has("<frameset") => {
            Some("the last page has frames, which this agent does not open; the agent `browser` does")
        }
        _ => None,
    }
}

fn unclear(facts: &AuthorizationFacts, hint: &str) -> Finding {
    Finding::Unclear(format!("{} (PSU agent {}): {hint}", facts.walk_end, facts.agent))
}

/// Broken, or unclear where nobody has seen the PSU do what it was to do, or where a browser would have gone on.
pub(super) fn unless_unsure(facts: &AuthorizationFacts, holds: bool, finding: Finding) -> Finding {
    let beyond = match facts.walk_end {
        WalkEnd::Stranded { status } => beyond_the_agent(facts, status),
        _ => None,
    };
    match facts.unsure.or(beyond) {
        Some(hint) if !holds => unclear(facts, hint),
        _ => finding.at_end(facts),
    }
}

/// Who had been called back with a code was not given another one for the same yes. `before` is where the customer was then.
pub fn no_second_code(before: &WalkEnd, facts: &AuthorizationFacts) -> Finding {
    let (Some(first), second) = (before.returned("code"), facts.walk_end.returned("code")) else {
        return Finding::Unclear(format!("there was no code at first: {before}"));
    };
    let actual = match second {
        Some(second) if second == first => "the same code again".to_owned(),
        Some(_) => "another code".to_owned(),
        None => facts.walk_end.to_string(),
    };
    Finding::of(second.is_none_or(|second| second == first), "no other code", actual).granted(true).at_end(facts)
}

/// No code was issued, however the request was refused.
pub fn no_code(facts: &AuthorizationFacts) -> Finding {
    let given = given(facts);
    let actual =
        given.map_or_else(|| facts.walk_end.to_string(), |name| format!("the TPP was called back with {name}"));
    Finding::of(given.is_none(), "no authorization code", actual).granted(true).at_end(facts)
}

/// What the TPP was given that opens something, by its name. What is put beside an error is for another check, unless a code
/// there has brought a token.
fn given(facts: &AuthorizationFacts) -> Option<&'static str> {
    let walk_end = &facts.walk_end;
    let has_token = walk_end.returned("access_token").is_some() && walk_end.returned("error").is_none();
    [("code", facts.has_code()), ("access_token", has_token)]
        .into_iter()
        .find_map(|(name, there)| there.then_some(name))
}

/// The request was refused: by a page, or by calling the TPP back with whatever error. Which one is for another check.
pub fn refused(facts: &AuthorizationFacts) -> Finding {
    // A server that fails on the request has not refused it.
    refusal(facts, "an error page, or the TPP called back with an error", |error| error != "server_error")
}

/// The same with one of these errors, where the TPP is called back (RFC 6749 4.1.2.1).
fn refused_with(facts: &AuthorizationFacts, codes: &[&str]) -> Finding {
    let expected = format!("an error page, or the TPP called back with {}", one_of(codes));
    refusal(facts, &expected, |error| codes.contains(&error))
}

/// Where the request was refused by calling the TPP back, it was with one of these errors. That it was granted is for other
/// checks.
pub fn refusal_named(facts: &AuthorizationFacts, codes: &[&str]) -> Finding {
    match given(facts) {
        Some(_) => Finding::Beside("the request was granted, and not refused".into()),
        None => refused_with(facts, codes),
    }
}

fn refusal(facts: &AuthorizationFacts, expected: &str, is_right: impl Fn(&str) -> bool) -> Finding {
    let holds = match &facts.walk_end {
        WalkEnd::CalledBack { .. } => given(facts).is_none() && facts.walk_end.returned("error").is_some_and(&is_right),
        // A server that fails on the request has not refused it.
        WalkEnd::Stranded { status } => *status < 500,
        WalkEnd::RefusedAtPush { status, error } => *status < 500 && error.as_deref().is_none_or(&is_right),
        WalkEnd::Elsewhere { .. } => match not_carried_out(facts) {
            Some(unclear) => return unclear,
            None => false,
        },
        WalkEnd::GaveUp { .. } => return Finding::Unclear(facts.walk_end.to_string()),
    };
    Finding::of(holds, expected, facts.walk_end.to_string()).granted(facts.has_code()).at_end(facts)
}

/// The customer was not sent to the redirect_uri of the request (RFC 6749 3.1.2.4, RFC 9700 4.1.3).
pub fn not_sent_to_requested(facts: &AuthorizationFacts) -> Finding {
    let requested = facts.sent("redirect_uri").unwrap_or_default();
    let expected = format!("the PSU is not sent to {requested}");
    let landed = match &facts.walk_end {
        WalkEnd::CalledBack { url, .. } | WalkEnd::Elsewhere { url } => Some(url),
        _ => None,
    };
    let is_strange = |landed: &String| origin(landed) == origin(requested) && !is_registered(facts, landed);
    let sent = landed.is_some_and(|landed| is_strange(landed) || landing::is_at(landed, requested));
    // Where only a fragment tells it from the registered URI, an error there is no harm: a code is.
    let sent = sent && (!requested.contains('#') || facts.has_code());
    let actual = if sent { format!("the PSU was sent to {requested}") } else { facts.walk_end.to_string() };
    Finding::of(!sent, expected, actual).granted(true).at_end(facts)
}

/// The TPP was told that error (RFC 6749 4.1.2.1).
pub fn told(facts: &AuthorizationFacts, error: &str) -> Finding {
    let says_so = facts.walk_end.has_returned("error", error) && !facts.has_code();
    let holds = says_so && landing::defect(facts).is_none();
    let expected =
        format!("the TPP is called back at its redirect_uri, with the error \"{error}\" and no code in the query");
    unless_unsure(facts, holds, Finding::of(holds, expected, contents(facts)))
}

/// The TPP was told of some error, with its state (RFC 6749 4.1.2.1).
pub fn told_of_an_error(facts: &AuthorizationFacts) -> Finding {
    let walk_end = &facts.walk_end;
    let says_so = walk_end.returned("error").is_some() && facts.has_its_state();
    let holds = says_so && landing::defect(facts).is_none();
    let expected = "the TPP is called back at its redirect_uri, with an error and its state in the query";
    let actual = match walk_end {
        WalkEnd::CalledBack { .. } if !facts.has_its_state() => match walk_end.returned("state") {
            Some(_) => format!("{walk_end}, with another state than its own"),
            None => format!("{walk_end}, without its state"),
        },
        _ => landing::in_words(facts),
    };
    unless_unsure(facts, holds, Finding::of(holds, expected, actual))
}

/// The TPP was told of some error, unless the session was still open and the customer could agree.
pub fn told_of_an_error_unless_still_open(facts: &AuthorizationFacts) -> Finding {
    if facts.has_code() {
        let actual = "the session was still open: the PSU could go on";
        return Finding::of(true, "an error with the TPP's state, once the session has run out", actual).at_end(facts);
    }
    told_of_an_error(facts)
}

/// An error that does not reach the TPP where and how it must: whatever stands in it, the TPP is not told. Of a code that does
/// not, another check speaks.
fn error_astray(facts: &AuthorizationFacts) -> Option<String> {
    facts.walk_end.returned("error")?;
    landing::defect(facts).map(|_| landing::in_words(facts))
}

/// The state came back as it was sent (RFC 6749 4.1.2, 4.1.2.1).
pub fn state_unchanged(facts: &AuthorizationFacts) -> Finding {
    let WalkEnd::CalledBack { .. } = facts.walk_end else {
        return Finding::Unclear(format!("the TPP was not called back: {}", facts.walk_end));
    };
    let sent = facts.sent("state").unwrap_or_default();
    let returned = facts.walk_end.returned("state");
    let holds = returned.is_some() && facts.has_its_state();
    let actual = returned.map_or_else(|| "no state".to_owned(), |state| format!("state={state}"));
    match error_astray(facts) {
        Some(astray) => Finding::of(false, format!("state={sent} at the redirect_uri"), astray).at_end(facts),
        None => Finding::of(holds, format!("state={sent}"), actual).at_end(facts),
    }
}

/// The state came back as it was sent, or the request was refused on the bank's own page.
pub fn state_unchanged_if_called_back(facts: &AuthorizationFacts) -> Finding {
    match facts.walk_end {
        WalkEnd::Stranded { status } | WalkEnd::RefusedAtPush { status, .. } => {
            let actual = format!("the request was refused (status {status})");
            Finding::of(status < 500, "the whole state, or a refusal", actual).at_end(facts)
        }
        _ => state_unchanged(facts),
    }
}

/// The code_challenge cannot be read out of the code (RFC 7636 4.4); codes are secrets, so the TPP itself has looked.
pub fn challenge_not_exposed(facts: &AuthorizationFacts, is_exposed: Option<bool>) -> Finding {
    let Some(is_exposed) = is_exposed else {
        return Finding::Unclear(format!(
            "the TPP was sent no code, or has sent no code_challenge: {}",
            facts.walk_end
        ));
    };
    let actual = if is_exposed { "it stands in the code" } else { "a code without it" };
    Finding::of(!is_exposed, "no code_challenge in the code, be it encoded or not", actual).at_end(facts)
}

/// No state came back where none was sent.
pub fn no_state(facts: &AuthorizationFacts) -> Finding {
    let WalkEnd::CalledBack { .. } = facts.walk_end else {
        return Finding::Unclear(format!("the TPP was not called back: {}", facts.walk_end));
    };
    let returned = facts.walk_end.returned("state");
    let actual = returned.map_or_else(|| "no state".to_owned(), |state| format!("state={state}"));
    Finding::of(returned.is_none(), "no state", actual).at_end(facts)
}

/// The issuer came back (RFC 9207 2).
pub fn issuer_returned(facts: &AuthorizationFacts, issuer: &str) -> Finding {
    let WalkEnd::CalledBack { .. } = facts.walk_end else {
        return Finding::Unclear(format!("the TPP was not called back: {}", facts.walk_end));
    };
    let returned = facts.walk_end.returned("iss");
    let actual = returned.map_or_else(|| "no iss".to_owned(), |iss| format!("iss={iss}"));
    match error_astray(facts) {
        Some(astray) => Finding::of(false, format!("iss={issuer} at the redirect_uri"), astray).at_end(facts),
        None => Finding::of(facts.walk_end.has_returned("iss", issuer), format!("iss={issuer}"), actual).at_end(facts),
    }
}

/// The query that the redirect_uri had before is still there (RFC 6749 3.1.2).
pub fn query_kept(facts: &AuthorizationFacts) -> Finding {
    let WalkEnd::CalledBack { .. } = facts.walk_end else {
        return Finding::Unclear(format!("the TPP was not called back: {}", facts.walk_end));
    };
    let registered = facts.sent("redirect_uri").and_then(|uri| Url::parse(uri).ok());
    let own: Vec<(String, String)> = registered.map(|uri| uri.query_pairs().into_owned().collect()).unwrap_or_default();
    let lost: Vec<&str> = own
        .iter()
        .filter(|(name, value)| facts.walk_end.returned(name) != Some(value))
        .map(|(name, _)| name.as_str())
        .collect();
    let actual = if lost.is_empty() { "all of them are there".into() } else { format!("lost: {}", lost.join(", ")) };
    Finding::of(lost.is_empty(), "every parameter of the redirect_uri is still there", actual).at_end(facts)
}

/// The redirect to the TPP makes a browser drop the form (RFC 9700 4.12).
pub fn form_dropped(facts: &AuthorizationFacts) -> Finding {
    let WalkEnd::CalledBack { status, .. } = facts.walk_end else {
        return Finding::Unclear(format!("the TPP was not called back: {}", facts.walk_end));
    };
    let expected = "303 (or 302) in answer to a form that was posted, and not 307 or 308";
    let Some(last) = facts.exchanges.last() else {
        return Finding::Unclear(format!("the PSU agent {} has not seen the redirect", facts.agent));
    };
    let answers_post = &*last.request.method == "POST";
    let to = if answers_post { "a form that was posted" } else { "a GET, which has no form to carry on" };
    let actual = format!("status {status} in answer to {to}");
    Finding::of(!(answers_post && matches!(status, 307 | 308)), expected, actual).at_end(facts)
}

/// Every page forbids framing (RFC 9700 4.16).
pub fn framing_forbidden(facts: &AuthorizationFacts) -> Finding {
    every_page(facts, NO_FRAMES, |page| Ok(forbids_framing(page)))
}

pub(super) const NO_FRAMES: &str =
    "X-Frame-Options DENY or SAMEORIGIN, or a Content-Security-Policy whose frame-ancestors names no more than hosts";

/// No stranger's page can show this one in a frame. Of both headers the policy counts, where it speaks of frames (CSP 3 6.4.2.2);
/// other words for X-Frame-Options than two are ignored by browsers (HTML 7.6).
pub(super) fn forbids_framing(page: &Response) -> bool {
    let policies: Vec<&str> =
        page.headers_named("content-security-policy").flat_map(|line| line.split([';', ','])).collect();
    let mut named = policies.iter().filter_map(|policy| {
        let (name, sources) = policy.trim().split_once(char::is_whitespace).unwrap_or((policy.trim(), ""));
        name.eq_ignore_ascii_case("frame-ancestors").then_some(sources)
    });
    let is_open = |source: &str| {
        matches!(source.to_ascii_lowercase().as_str(), "*" | "https:" | "http:" | "https://*" | "http://*")
    };
    match named.next() {
        Some(sources) => !sources.split_whitespace().any(is_open),
        None => page
            .headers_named("x-frame-options")
            .flat_map(|line| line.split(','))
            .any(|word| matches!(word.trim().to_ascii_lowercase().as_str(), "deny" | "sameorigin")),
    }
}

/// Every page suppresses the referrer (RFC 9700 4.2.4).
pub fn referrer_suppressed(facts: &AuthorizationFacts) -> Finding {
    let strict = ["no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin", "origin"];
    let known =
        |policy: &str| policy == "unsafe-url" || policy == "no-referrer-when-downgrade" || strict.contains(&policy);
    let is_strict = |value: &str| {
        // Of several policies the last that is known counts (W3C Referrer Policy 8.1).
        let policies = value.split(',').map(|policy| policy.trim().to_ascii_lowercase());
        policies.rev().find(|policy| known(policy)).is_some_and(|policy| strict.contains(&policy.as_str()))
    };
    let in_header = |page: &Response| is_strict(&page.headers_named("referrer-policy").collect::<Vec<_>>().join(","));
    let in_page = |page: &Response| {
        let document = page::read(&page.body)?;
        let named = scraper::Selector::parse("meta[name=referrer i]").ok();
        let mut named = named.iter().flat_map(|named| document.select(named));
        Ok(named.any(|meta| meta.attr("content").is_some_and(is_strict)))
    };
    every_page(facts, "a Referrer-Policy that keeps the address to the bank", |page| match in_header(page) {
        true => Ok(true),
        false => in_page(page),
    })
}

/// The pages showed the amount and the payee before the customer agreed (RTS Art. 5(1)(a)).
pub fn amount_and_payee_shown(facts: &AuthorizationFacts, amount: &str, payee: &str) -> Finding {
    let mut shown = String::new();
    for (exchange, page) in pages(facts) {
        match page::visible_text(&page.body) {
            Ok(text) => shown.push_str(&bare(&text)),
            Err(too_much) => return not_readable(exchange, too_much),
        }
    }
    if shown.is_empty() {
        return Finding::Unclear("the bank showed no page; it may show the payment in its app".into());
    }
    // `10.00` may be shown as `10`.
    let amounts = [bare(amount), bare(amount.trim_end_matches('0').trim_end_matches('.'))];
    let missing: Vec<&str> = [
        ("the amount", amounts.iter().any(|amount| shown.contains(amount.as_str()))),
        ("the payee", shown.contains(&bare(payee))),
    ]
    .into_iter()
    .filter(|(_, there)| !there)
    .map(|(what, _)| what)
    .collect();
    if !missing.is_empty() && pages(facts).any(|(_, page)| page.truncated) {
        return Finding::Unclear(format!("not shown in as much of the pages as is kept: {}", missing.join(" and ")));
    }
    if !missing.is_empty() && pages(facts).any(|(_, page)| page.body.to_ascii_lowercase().contains("<script")) {
        let reason = "not in the pages as they were sent, but they have script, which may show it";
        return Finding::Unclear(format!("{reason}: {}", missing.join(" and ")));
    }
    let actual =
        if missing.is_empty() { "both are shown".into() } else { format!("not shown: {}", missing.join(" and ")) };
    Finding::of(missing.is_empty(), format!("a page that shows {amount} and {payee}"), actual).at_end(facts)
}

fn every_page(
    facts: &AuthorizationFacts,
    expected: &str,
    good: impl Fn(&Response) -> Result<bool, TooMuch>,
) -> Finding {
    let Some(first) = pages(facts).next() else {
        return Finding::Unclear("the bank showed no page".into());
    };
    match pages(facts).map(|(exchange, page)| (exchange, good(page))).find(|(_, good)| *good != Ok(true)) {
        Some((exchange, Err(too_much))) => not_readable(exchange, too_much),
        Some((exchange, Ok(_))) => {
            let actual = format!("a page without it: {} {}", exchange.request.method, path(exchange));
            Finding::of(false, expected, actual).at(exchange)
        }
        None => Finding::of(true, expected, format!("all {} pages have it", pages(facts).count())).at(first.0),
    }
}

/// What a page has that cannot be read is not known.
fn not_readable(exchange: &Exchange, too_much: TooMuch) -> Finding {
    Finding::Unclear(format!("the page {} cannot be read: {too_much}, and no honest page has", path(exchange)))
}

fn path(exchange: &Exchange) -> &str {
    exchange.request.url.split('?').next().unwrap_or_default()
}

fn pages(facts: &AuthorizationFacts) -> impl Iterator<Item = (&Exchange, &Response)> {
    let is_page = |response: &&Response| response.status == 200 && is_html(response);
    facts.exchanges.iter().filter_map(move |exchange| Some((&**exchange, exchange.response().filter(is_page)?)))
}

pub(super) fn is_html(response: &Response) -> bool {
    response.header("content-type").is_some_and(|kind| kind.to_ascii_lowercase().contains("html"))
}

/// Without what banks write differently: case, spaces, and the signs that part thousands and cents.
fn bare(text: &str) -> String {
    let counts = |character: &char| character.is_alphanumeric();
    text.chars().filter(counts).flat_map(char::to_lowercase).collect()
}

fn contents(facts: &AuthorizationFacts) -> String {
    match facts.has_code() {
        true => "the TPP was called back with an authorization code".into(),
        false => landing::in_words(facts),
    }
}

fn origin(text: &str) -> Option<(String, Option<String>, Option<u16>)> {
    let url = Url::parse(text).ok()?;
    Some((url.scheme().to_owned(), url.host_str().map(str::to_owned), url.port_or_known_default()))
}

/// The address is at a place of the TPP's own.
fn is_registered(facts: &AuthorizationFacts, address: &str) -> bool {
    facts.registered.iter().any(|registered| origin(registered) == origin(address))
}

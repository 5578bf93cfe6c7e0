//! The walk through a bank's pages, one step at a time, whatever their number and order.

use std::sync::Arc;

use url::{Url, form_urlencoded};

use super::{
    Behaviour, Walk,
    choice::{self, Step},
    form::{self, Button, Form},
};
use crate::{
    evidence::{exchange::Exchange, landing::Landing},
    target::{Psu, Secret},
    tpp::{
        Trouble, clock,
        session::Session,
        transport::{Call, Client, Reply},
    },
};

/// No honest bank needs more pages and redirects than this; what does is a loop.
const STEPS: usize = 40;
/// A customer who gets the same page more often than this has been told no.
const REPEATS: usize = 12;

/// Walks from `url` until the customer leaves the bank or can go no further. `ways_out` are addresses of the TPP.
///
/// # Errors
/// The bank stops answering, or its pages lead in a circle.
pub async fn walk(
    session: &Session,
    check: &str,
    url: &str,
    ways_out: &[&str],
    behaviour: Behaviour,
) -> Result<Walk, Trouble> {
    session.may_move_money()?;
    let _turn = session.turn().await;
    let psu = session.target.psu.as_ref().ok_or_else(|| Trouble::Prerequisite("the target has no PSU agent".into()))?;
    let walker = Walker {
        session,
        check,
        psu,
        browser: session.browser()?,
        ways_out: ways_out.iter().chain(&own_addresses(session)).filter_map(|uri| place(uri)).collect(),
        behaviour,
        wrong_codes: 0,
        has_acted: false,
        has_guessed: false,
        exchanges: Vec::new(),
        seen: Vec::new(),
    };
    walker.walk(url).await
}

struct Walker<'a> {
    session: &'a Session,
    check: &'a str,
    psu: &'a Psu,
    browser: Client,
    /// Scheme, host and port of every address that is the TPP's, or that it claims to be its own.
    ways_out: Vec<String>,
    behaviour: Behaviour,
    wrong_codes: usize,
    /// The customer has done what this behaviour is about: pressed the button, typed a secret wrong, walked away.
    has_acted: bool,
    /// The customer had to press something that the target file does not name.
    has_guessed: bool,
    exchanges: Vec<Arc<Exchange>>,
    /// The pages seen, by what tells them apart.
    seen: Vec<String>,
}

enum Next {
    Go(Call, Url),
    Land(Landing),
}

impl Walker<'_> {
    async fn walk(mut self, url: &str) -> Result<Walk, Trouble> {
        let mut at = Url::parse(url).map_err(|error| Trouble::Prerequisite(format!("{url}: {error}")))?;
        if !self.session.is_the_banks(&at) {
            return Err(Trouble::Prerequisite(format!("the PSU cannot begin: {}", self.session.why_not(&at))));
        }
        let mut call = Call::get(url, "open the authorization page");
        for _ in 0..STEPS {
            let reply = self.browser.send(self.check, call).await.map_err(|none| none.trouble())?;
            self.exchanges.push(reply.exchange.clone());
            match self.next(&at, &reply).await? {
                Next::Go(following, url) => (call, at) = (following, url),
                Next::Land(landing) => return self.end(landing),
            }
        }
        self.end(Landing::GaveUp { pages: STEPS })
    }

    /// A customer who wanted something else than to agree, and found no way to do it, shows nothing about the bank.
    fn end(self, landing: Landing) -> Result<Walk, Trouble> {
        if self.has_acted || self.behaviour == Behaviour::Approve {
            let (has_acted, unsure) = (self.has_acted, self.unsure());
            return Ok(Walk { landing, has_acted, unsure, exchanges: self.exchanges });
        }
        let missing = match self.behaviour {
            Behaviour::Deny => "no page had a deny button as the target file names it",
            Behaviour::Cancel => "no page had a cancel button as the target file names it",
            Behaviour::WalkAway(_) => "no page had an approve button as the target file names it",
            _ => "no page asked for the secret that was to be mistyped",
        };
        Err(Trouble::Prerequisite(format!("{missing}; {landing}")))
    }

    /// Why the way that the customer went may not be the one that was meant.
    fn unsure(&self) -> Option<&'static str> {
        let again = (1..self.seen.len()).any(|index| self.seen[..index].contains(&self.seen[index]));
        match (self.behaviour, self.has_guessed && !self.has_acted) {
            (Behaviour::Approve, _) if again => {
                Some("the bank asked again: are the credentials in the target file right?")
            }
            (_, true) => Some("a button was pressed that [psu] does not name: does it name the one that leads on?"),
            _ => None,
        }
    }

    async fn next(&mut self, at: &Url, reply: &Reply) -> Result<Next, Trouble> {
        match (reply.status, reply.header("location")) {
            (300..=399, Some(location)) => Ok(match at.join(location) {
                Ok(url) => self.lead(url, reply.status, "follow the bank's redirect"),
                Err(_) => Next::Land(Landing::Elsewhere { url: location.to_owned() }),
            }),
            (502..=504, _) => Err(Trouble::Environment(format!("the bank answered {} to the PSU", reply.status))),
            _ => self.page(at, reply).await,
        }
    }

    /// Where an address leads: back to the TPP, on at the bank, or to somebody whom the customer's browser would ask and
    /// a harness does not.
    fn lead(&self, url: Url, status: u16, caption: &str) -> Next {
        if self.ways_out.contains(&place_of(&url)) {
            let in_fragment = url.query().is_none() && url.fragment().is_some_and(|fragment| fragment.contains('='));
            let text = if in_fragment { url.fragment() } else { url.query() }.unwrap_or_default();
            let parameters = form_urlencoded::parse(text.as_bytes()).into_owned().collect();
            return Next::Land(Landing::CalledBack { url: url.into(), parameters, in_fragment, status });
        }
        if !self.session.is_the_banks(&url) {
            return Next::Land(Landing::Elsewhere { url: url.into() });
        }
        Next::Go(Call::get(url.as_str(), caption), url)
    }

    async fn page(&mut self, at: &Url, reply: &Reply) -> Result<Next, Trouble> {
        let Some(page) = form::read(&reply.body, at) else {
            let path = at.path();
            return Err(Trouble::Prerequisite(format!("the page {path} is too large or too deeply nested to be read")));
        };
        let decision = page.forms.iter().flat_map(|form| &form.buttons).chain(&page.links);
        if let (Behaviour::WalkAway(seconds), true) =
            (self.behaviour, decision.into_iter().any(|button| button.is_one_of(&self.psu.buttons.approve)))
        {
            clock::advance(self.session, self.check, seconds).await?;
            (self.behaviour, self.has_acted) = (Behaviour::Approve, true);
        }
        let is_answer = |url: &Url| self.ways_out.contains(&place_of(url)) && tells_something(url);
        let choice = choice::of(&page, self.psu, self.behaviour, self.has_acted, is_answer);
        let Some(choice) = choice else { return Ok(Next::Land(Landing::Stranded { status: reply.status })) };
        let mark = choice.mark();
        self.seen.push(mark.clone());
        if self.seen.iter().filter(|seen| **seen == mark).count() > REPEATS {
            return Ok(Next::Land(Landing::GaveUp { pages: self.seen.len() }));
        }
        self.has_guessed |= choice.is_guess;
        let next = self.carry_out(choice.step, reply.status);
        // Who was sent away before anything was sent has done nothing yet.
        self.has_acted |= choice.acts && !matches!(next, Next::Land(Landing::Elsewhere { .. }));
        Ok(next)
    }

    fn carry_out(&mut self, step: Step, status: u16) -> Next {
        match step {
            Step::Follow(url) => self.lead(url, status, "follow a link of the bank's page"),
            Step::Send(form, button) => self.send(*form, button, status),
        }
    }

    /// Nobody but the bank is given what the customer types.
    fn send(&mut self, mut form: Form, button: Option<Button>, status: u16) -> Next {
        let action = button.as_ref().and_then(|button| button.action.clone());
        let mut action = action.unwrap_or_else(|| form.action.clone());
        let post = button.as_ref().and_then(|button| button.post).unwrap_or(form.post);
        let is_the_banks = self.session.is_the_banks(&action);
        if is_the_banks {
            self.fill_in(&mut form);
        }
        form.fields.extend(button.and_then(|button| button.field));
        if !post {
            action.query_pairs_mut().clear();
        }
        if !post || !is_the_banks {
            action.query_pairs_mut().extend_pairs(&form.fields);
        }
        let caption = "send a form of the bank's page";
        match is_the_banks && post {
            true => Next::Go(Call::form(action.as_str(), &form.fields, caption), action),
            false => self.lead(action, status, caption),
        }
    }

    fn fill_in(&mut self, form: &mut Form) {
        let known = self.psu.fields.keys().chain(self.psu.secrets.keys());
        let chosen: Vec<String> = known.filter(|name| form.choices.contains(name)).cloned().collect();
        form.fields.extend(chosen.into_iter().map(|name| (name, String::new())));
        let code_field = self.psu.one_time_code.as_ref().map(|field| field.get_ref().as_str());
        let asks_for_code = code_field.is_some_and(|field| form.has(field));
        let wrong_code = match self.behaviour {
            Behaviour::MistypeOneTimeCode(times) if asks_for_code && self.wrong_codes < times => {
                self.wrong_codes += 1;
                true
            }
            _ => false,
        };
        for (name, value) in &mut form.fields {
            if let Some(known) = self.psu.fields.get(name) {
                value.clone_from(known);
            }
            if let Some(secret) = self.psu.secrets.get(name).map(Secret::value) {
                let wrong = match self.behaviour {
                    Behaviour::MistypeAlways => self.psu.one_time_code.is_none() || Some(name.as_str()) == code_field,
                    _ => wrong_code && Some(name.as_str()) == code_field,
                };
                self.has_acted |= wrong;
                *value = if wrong { mistyped(secret) } else { secret.to_owned() };
            }
        }
    }
}

/// More than a link to the TPP's front page: an answer to its request.
fn tells_something(url: &Url) -> bool {
    let parts = url.query().into_iter().chain(url.fragment());
    let mut names = parts.flat_map(|part| form_urlencoded::parse(part.as_bytes())).map(|(name, _)| name);
    names.any(|name| matches!(&*name, "code" | "error" | "access_token"))
}

/// The same length and kind of characters, and wrong in each of them.
fn mistyped(secret: &str) -> String {
    let shift = |character: char| match character {
        '0'..='8' | 'a'..='y' | 'A'..='Y' => char::from_u32(u32::from(character) + 1).unwrap_or('7'),
        _ => '7',
    };
    secret.chars().map(shift).collect()
}

fn own_addresses(session: &Session) -> Vec<&str> {
    session.target.identities.iter().flat_map(|identity| identity.redirect_uris.iter().map(String::as_str)).collect()
}

fn place(uri: &str) -> Option<String> {
    Url::parse(uri).ok().map(|url| place_of(&url))
}

fn place_of(url: &Url) -> String {
    format!("{}://{}:{}", url.scheme(), url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(0))
}

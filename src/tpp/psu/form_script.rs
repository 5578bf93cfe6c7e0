//! `form-script`: the customer's browser without script. It reads each page's HTML, fills in its form and sends it,
//! whatever the number and order of the pages.

mod meddling;

use std::sync::Arc;

use reqwest::Method;
use url::Url;
use uuid::Uuid;

use super::{
    Behaviour, Task, Walk,
    choice::{self, Step},
    conduct::Conduct,
    encoding::Encoding,
    form::{self, Button, Form},
    misdeed::{Cookies, Misdeed, Sent},
    navigation::{Navigation, Next, STEPS},
    referrer::Referrer,
};
use crate::{
    evidence::operation::Operation,
    evidence::{check_row::CheckRow, exchange::Exchange, walk_end::WalkEnd},
    targets::{Psu, Secret, psu::Agent},
    tpp::{
        Trouble,
        session::Session,
        transport::{Call, Client, Reply},
    },
};

const FORM: &str = "send a form of the bank's page";

/// Who fills in the forms.
pub(super) struct Customer<'a> {
    /// What it types and presses.
    pub(super) psu: &'a Psu,
    /// Somebody else, whose secrets it may try.
    pub(super) another: Option<&'a Psu>,
    /// Under whose name.
    pub(super) agent: Agent,
}

/// Walks until the customer leaves the bank or can go no further.
///
/// # Errors
/// The bank stops answering, or its pages cannot be walked as the target file says.
pub(super) async fn walk(task: &Task<'_>, Customer { psu, another, agent }: Customer<'_>) -> Result<Walk, Trouble> {
    let Task { session, check, url, .. } = *task;
    let walker = Walker {
        session,
        check,
        psu,
        agent,
        browser: session.browser(&super::name_of(agent))?.keeping_no_cookies(task.around.leaves_out),
        navigation: Navigation::new(session, task.ways_out),
        conduct: Conduct::new(task, psu, another),
        known: task.around.known,
        beside: task.around.beside,
        waits: task.around.beside.map(|_| task.url),
        kept: None,
        sent: Vec::new(),
        cookies: Cookies::default(),
        is_forged: false,
        intruder: None,
        before: None,
        exchanges: Vec::new(),
        at: None,
        referrer: None,
    };
    // Of two payments the one that is opened first; whoever has a session of its own has opened the other one before.
    let mixes = task.behaviour == Behaviour::Meddle(Misdeed::Mixes);
    walker.walk(task.around.beside.filter(|_| mixes).unwrap_or(url)).await
}

struct Walker<'a> {
    session: &'a Session,
    check: &'a CheckRow,
    psu: &'a Psu,
    agent: Agent,
    browser: Client,
    navigation: Navigation<'a>,
    conduct: Conduct<'a>,
    /// The forms of an earlier walk.
    known: &'a [Sent],
    sent: Vec<Sent>,
    cookies: Cookies,
    /// Where another payment lies.
    beside: Option<&'a str>,
    /// Where the customer goes on once another payment lies before it.
    waits: Option<&'a str>,
    /// The form by which the customer agrees to that other one.
    kept: Option<Form>,
    /// The next request is another site's.
    is_forged: bool,
    /// Somebody else's browser, whose cookies the customer's has been given.
    intruder: Option<Client>,
    /// Where the customer was before it went on.
    before: Option<WalkEnd>,
    exchanges: Vec<Arc<Exchange>>,
    /// Where the customer is.
    at: Option<Url>,
    /// The page that it looks at.
    referrer: Option<Referrer>,
}

impl Walker<'_> {
    async fn walk(mut self, url: &str) -> Result<Walk, Trouble> {
        let mut at = self.navigation.start(url)?;
        let mut call = Call::get(Operation::Page, url, "open the authorization page");
        self.plant().await?;
        for _ in 0..STEPS {
            let forged = std::mem::take(&mut self.is_forged);
            if let Some(told) = self.referrer.as_ref().and_then(|page| page.told_to(&at)).filter(|_| !forged) {
                call = call.header("Referer", &told);
            }
            let reply = match forged {
                true => self.session.relay(&super::name_of(self.agent))?.send(self.check, call).await,
                false => self.browser.send(self.check, call).await,
            };
            let reply = reply.map_err(|none| none.trouble())?;
            self.cookies.note(&at, set_cookies(&reply));
            self.exchanges.push(reply.exchange.clone());
            if let Some(walk_end) = self.is_taken_over(&at, &reply).await? {
                return self.end(walk_end);
            }
            match self.next(&at, &reply).await? {
                Next::Go(following, url) => (call, at) = (following, url),
                Next::Land(walk_end) => match self.once_more(&walk_end) {
                    Some(Next::Go(following, url)) => {
                        (call, at, self.before) = (following, url, Some(walk_end));
                    }
                    _ => return self.end(walk_end),
                },
            }
        }
        self.end(WalkEnd::GaveUp { pages: STEPS })
    }

    fn end(self, walk_end: WalkEnd) -> Result<Walk, Trouble> {
        let before = self.before;
        let walk = self.conduct.end(self.agent, walk_end, (self.exchanges, self.sent))?;
        Ok(Walk { before, ..walk })
    }

    async fn next(&mut self, at: &Url, reply: &Reply) -> Result<Next, Trouble> {
        match self.navigation.redirect(at, reply)? {
            Some(next) => Ok(next),
            None => self.page(at, reply).await,
        }
    }

    async fn page(&mut self, at: &Url, reply: &Reply) -> Result<Next, Trouble> {
        let page = form::read(&reply.body, at).map_err(|too_much| form::not_readable(at, too_much))?;
        let headers =
            reply.headers.iter().filter(|(name, _)| name == "referrer-policy").map(|(_, value)| value.clone());
        self.at = Some(at.clone());
        self.referrer = Some(Referrer::new(at, headers.chain(page.referrer_policies.iter().cloned())));
        let mut buttons = page.forms.iter().flat_map(|form| &form.buttons).chain(&page.links);
        if buttons.any(|button| button.is_one_of(&self.psu.buttons.approve)) {
            self.conduct.decides().await?;
        }
        if let Some(next) = self.meddle(&page, reply.status)? {
            return Ok(next);
        }
        let Conduct { behaviour, has_acted, .. } = self.conduct;
        let choice =
            choice::of(&page, self.psu, behaviour, has_acted, |url: &Url| self.navigation.is_answer(url, has_acted));
        let Some(choice) = choice else { return Ok(Next::Land(WalkEnd::Stranded { status: reply.status })) };
        if let Some(walk_end) = self.conduct.sees(&choice.mark(), self.asks_for_secrets(&choice.step)) {
            return Ok(Next::Land(walk_end));
        }
        self.conduct.has_guessed |= choice.is_guess;
        let next = self.carry_out(choice.step, reply.status)?;
        let is_the_deed = choice.acts && !matches!(behaviour, Behaviour::Meddle(_));
        // Who was sent away before anything was sent has done nothing yet.
        self.conduct.has_acted |= is_the_deed && !matches!(next, Next::Land(WalkEnd::Elsewhere { .. }));
        Ok(next)
    }

    fn asks_for_secrets(&self, step: &Step) -> bool {
        let asks = |form: &Form| self.psu.secrets.keys().any(|name| form.has(name));
        matches!(step, Step::Send(form, _) if asks(form))
    }

    fn carry_out(&mut self, step: Step, status: u16) -> Result<Next, Trouble> {
        match step {
            Step::Follow(url) => Ok(self.navigation.lead(url, status, "follow a link of the bank's page")),
            Step::Send(form, button) => self.send(*form, button, status),
        }
    }

    /// Nobody but the bank is given what the customer types.
    fn send(&mut self, mut form: Form, button: Option<Button>, status: u16) -> Result<Next, Trouble> {
        let action = button.as_ref().and_then(|button| button.action.clone());
        let mut action = action.unwrap_or_else(|| form.action.clone());
        let post = button.as_ref().and_then(|button| button.post).unwrap_or(form.post);
        let is_the_banks = self.session.objection(&action).is_none();
        if is_the_banks {
            self.fill_in(&mut form);
            self.conduct.bend(&mut form.fields)?;
        }
        let encoding = button.as_ref().and_then(|button| button.encoding).unwrap_or(form.encoding);
        let agrees = button.as_ref().is_some_and(|button| button.is_one_of(&self.psu.buttons.approve));
        form.fields.extend(button.and_then(|button| button.field));
        if is_the_banks {
            let page = self.at.clone();
            self.sent.push(Sent {
                agrees,
                page,
                form: Form { action: action.clone(), post, encoding, ..form.clone() },
            });
        }
        if !post {
            action.query_pairs_mut().clear();
        }
        if !post {
            action.query_pairs_mut().extend_pairs(&form.fields);
        }
        Ok(match (is_the_banks, post) {
            (true, true) => self.post(&form, encoding, action),
            (false, true) => match self.navigation.end_of_form(&action, form.fields, status) {
                Some(walk_end) => Next::Land(walk_end),
                None => self.navigation.lead(action, status, FORM),
            },
            _ => self.navigation.lead(action, status, FORM),
        })
    }

    /// Browsers send the origin, and many frameworks take a form without it for a forgery.
    fn post(&self, form: &Form, encoding: Encoding, action: Url) -> Next {
        let (kind, body) = encoding.pack(&form.fields, &Uuid::new_v4().simple().to_string());
        let call = Call::new(Operation::Page, Method::POST, action.as_str(), FORM).header("Content-Type", &kind);
        let origin = self.referrer.as_ref().map(|page| page.origin_for(&action));
        let call = origin.iter().fold(call, |call, origin| call.header("Origin", origin));
        Next::Go(call.body(&body), action)
    }

    fn fill_in(&mut self, form: &mut Form) {
        let known = self.psu.fields.keys().chain(self.psu.secrets.keys());
        let chosen: Vec<String> = known.filter(|name| form.choices.contains(name)).cloned().collect();
        form.fields.extend(chosen.into_iter().map(|name| (name, String::new())));
        let wrong_code = self.conduct.mistypes_code(|field| form.has(field));
        for (name, value) in &mut form.fields {
            if let Some(known) = self.psu.fields.get(name) {
                value.clone_from(known);
            }
            if let Some(secret) = self.psu.secrets.get(name).map(Secret::value) {
                *value = self.conduct.types(name, secret, wrong_code);
            }
        }
    }
}

fn set_cookies(reply: &Reply) -> impl Iterator<Item = &str> {
    reply.headers.iter().filter(|(name, _)| name == "set-cookie").map(|(_, value)| value.as_str())
}

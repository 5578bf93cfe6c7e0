//! What no page lets a customer do, carried out between the pages.

use reqwest::Method;
use url::Url;
use uuid::Uuid;

use super::{STEPS, Walker, set_cookies};
use crate::{
    evidence::{operation::Operation, walk_end::WalkEnd},
    tpp::{
        Trouble,
        psu::{
            Behaviour,
            form::{self, Button, Form, Page},
            misdeed::{Cookies, Factor, Misdeed, Sent},
            navigation::Next,
        },
        transport::{Call, Reply},
    },
};

/// The site that forges.
const ELSEWHERE: &str = "https://attacker.example";

impl Walker<'_> {
    /// What is done on a page that no page lets one do; `None` where the customer goes on as it is asked to.
    pub(super) fn meddle(&mut self, page: &Page, status: u16) -> Result<Option<Next>, Trouble> {
        let Behaviour::Meddle(misdeed) = self.conduct.behaviour else { return Ok(None) };
        let asks = |factor| page.forms.iter().any(|form| self.conduct.asks(|name| form.has(name), factor));
        if self.conduct.has_acted {
            // Whoever did what is asked for now would no longer have left it out.
            let is_over = match misdeed {
                Misdeed::Bends(factor, _) | Misdeed::Skips(factor) => asks(factor),
                Misdeed::PostsAhead | Misdeed::Forges(_) | Misdeed::Mixes | Misdeed::Fixes | Misdeed::Repeats => true,
                Misdeed::Guesses(..) => false,
            };
            return Ok(is_over.then_some(Next::Land(WalkEnd::Stranded { status })));
        }
        let agrees = page
            .forms
            .iter()
            .find(|form| form.buttons.iter().any(|button| button.is_one_of(&self.psu.buttons.approve)));
        if let (Misdeed::Mixes, Some(form), Some(url)) = (misdeed, agrees, self.waits) {
            let button = form.buttons.iter().find(|button| button.is_one_of(&self.psu.buttons.approve));
            let mut kept = form.clone();
            self.fill_in(&mut kept);
            kept.fields.extend(button.and_then(|button| button.field.clone()));
            (self.kept, self.waits) = (Some(kept), None);
            return Ok(Some(self.navigation.lead(
                self.navigation.start(url)?,
                status,
                "open another payment beside it",
            )));
        }
        let form = match misdeed {
            Misdeed::Mixes => agrees.and_then(|_| self.kept.take()),
            Misdeed::Skips(factor) if asks(factor) => {
                self.after(factor).map(|sent| sent.as_of(&page.forms, &self.psu.secrets))
            }
            Misdeed::PostsAhead if agrees.is_none() && !page.forms.is_empty() && self.known.len() > 1 => {
                self.agreement().map(|sent| sent.as_of(&page.forms, &self.psu.secrets))
            }
            Misdeed::Forges(unknown) => {
                agrees.and_then(|seen| Some(self.agreement()?.forged(seen, unknown, &self.psu.secrets)))
            }
            _ => None,
        };
        let Some(form) = form else { return Ok(None) };
        let (action, encoding) = (form.action.clone(), form.encoding);
        if self.session.objection(&action).is_some() || !form.post {
            return Ok(None);
        }
        self.conduct.has_acted = true;
        self.is_forged = matches!(misdeed, Misdeed::Forges(_));
        Ok(Some(if self.is_forged {
            self.post_from_elsewhere(&form, action)
        } else {
            self.post(&form, encoding, action)
        }))
    }

    /// The form by which the customer agreed, for whoever sends it again after it has come back.
    pub(super) fn once_more(&mut self, walk_end: &WalkEnd) -> Option<Next> {
        let is_due = matches!(self.conduct.behaviour, Behaviour::Meddle(Misdeed::Repeats)) && !self.conduct.has_acted;
        let is_back = walk_end.returned("code").is_some();
        let sent = self.sent.iter().rev().find(|sent| sent.agrees && sent.form.post).filter(|_| is_due && is_back)?;
        let next = self.post(&sent.form, sent.form.encoding, sent.form.action.clone());
        self.conduct.has_acted = true;
        Some(next)
    }

    /// Whoever means to take the session over begins one of its own, and gives the customer's browser its cookies.
    pub(super) async fn plant(&mut self) -> Result<(), Trouble> {
        let is_due = self.conduct.behaviour == Behaviour::Meddle(Misdeed::Fixes);
        let Some(url) = self.beside.filter(|_| is_due) else { return Ok(()) };
        let intruder = self.session.browser(&super::super::name_of(self.agent))?;
        let (mut at, mut cookies) = (self.navigation.start(url)?, Cookies::default());
        let mut call = Call::get(Operation::Page, url, "open the authorization page in a browser of one's own");
        for _ in 0..STEPS {
            let reply = intruder.send(self.check, call).await.map_err(|none| none.trouble())?;
            cookies.note(&at, set_cookies(&reply));
            match self.navigation.redirect(&at, &reply)? {
                Some(Next::Go(following, next)) => (call, at) = (following, next),
                Some(Next::Land(_)) | None => break,
            }
        }
        let mut planted = cookies.plantable().peekable();
        self.intruder = planted.peek().is_some().then_some(intruder);
        planted.for_each(|(place, line)| self.browser.plant(place, line));
        Ok(())
    }

    /// Once the customer stands before the decision, the intruder opens the same page with the cookies that it knows, and agrees
    /// where it is let.
    pub(super) async fn is_taken_over(&mut self, at: &Url, reply: &Reply) -> Result<Option<WalkEnd>, Trouble> {
        let Some(intruder) = self.intruder.take() else { return Ok(None) };
        let names = &self.psu.buttons.approve;
        // An address that is another each time is the customer's secret.
        let is_known = self.agreement().is_some_and(|sent| sent.page.as_ref() == Some(at));
        if reply.status >= 300 || !is_known || agreement_on(reply, at, names)?.is_none() {
            self.intruder = Some(intruder);
            return Ok(None);
        }
        let call = Call::get(Operation::Page, at.as_str(), "open the customer's page in a browser of one's own");
        let seen = intruder.send(self.check, call).await.map_err(|none| none.trouble())?;
        self.conduct.has_acted = true;
        let mut status = seen.status;
        if let Some((mut form, button)) = agreement_on(&seen, at, names)?.filter(|_| status < 300) {
            form.fields.extend(button.field);
            if let Next::Go(call, _) = self.post(&form, form.encoding, form.action.clone()) {
                status = intruder.send(self.check, call).await.map_err(|none| none.trouble())?.status;
            }
        }
        Ok(Some(WalkEnd::Stranded { status }))
    }

    /// The form by which the customer agreed on the earlier walk.
    fn agreement(&self) -> Option<&Sent> {
        self.known.iter().rev().find(|sent| sent.agrees).or(self.known.last())
    }

    /// The form that is sent once that factor was shown, where it is no part of it.
    fn after(&self, factor: Factor) -> Option<&Sent> {
        let asks = |sent: &Sent| self.conduct.asks(|name| sent.asks(|field| field == name), factor);
        let at = self.known.iter().position(asks)?;
        self.known[at..].iter().find(|sent| !asks(sent))
    }

    /// As a browser sends the form of another site (Fetch Metadata 2; RFC 6265bis, SameSite).
    fn post_from_elsewhere(&self, form: &Form, action: Url) -> Next {
        let (kind, body) = form.encoding.pack(&form.fields, &Uuid::new_v4().simple().to_string());
        let headers = [
            ("Content-Type", kind.as_str()),
            ("Origin", ELSEWHERE),
            ("Referer", ELSEWHERE),
            ("Sec-Fetch-Site", "cross-site"),
            ("Sec-Fetch-Mode", "navigate"),
            ("Sec-Fetch-Dest", "document"),
        ];
        let call = Call::new(Operation::Page, Method::POST, action.as_str(), "send a form that another site has made");
        let call = headers.into_iter().fold(call, |call, (name, value)| call.header(name, value));
        let cookies = self.cookies.sent_from_elsewhere(&action);
        let call = cookies.iter().fold(call, |call, cookies| call.header("Cookie", cookies));
        Next::Go(call.body(&body), action)
    }
}

/// The form of a page by which a customer agrees, and its button.
fn agreement_on(reply: &Reply, at: &Url, names: &[String]) -> Result<Option<(Form, Button)>, Trouble> {
    let page = form::read(&reply.body, at).map_err(|too_much| form::not_readable(at, too_much))?;
    let yes = |form: &Form| form.buttons.iter().find(|button| button.is_one_of(names)).cloned();
    Ok(page.forms.iter().find_map(|form| Some((form.clone(), yes(form)?))))
}

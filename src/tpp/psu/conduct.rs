//! What every customer who fills in pages has in common, whatever the pages are read with.

use std::{
    hash::{BuildHasher, RandomState},
    sync::Arc,
};

use super::{
    Behaviour, Meanwhile, Task, Walk,
    misdeed::{Bent, Factor, Misdeed, Sent},
};
use crate::{
    evidence::{check_row::CheckRow, exchange::Exchange, walk_end::WalkEnd},
    targets::{Buttons, Psu, psu::Agent},
    tpp::{Trouble, api::request, clock, session::Session},
};

/// A customer who gets the same page more often than this has been told no.
const REPEATS: usize = 12;
/// So often a form takes the same secrets from a customer who means to agree: most banks lock a customer out at the third
/// wrong one.
const SECRETS: usize = 2;

/// What a customer is at the bank for, and what it has done so far.
pub(super) struct Conduct<'a> {
    session: &'a Session,
    check: &'a CheckRow,
    psu: &'a Psu,
    /// The browser keeps what the bank sets.
    keeps_cookies: bool,
    /// Whoever has walked away agrees afterwards.
    pub(super) behaviour: Behaviour,
    /// The customer has done what this behaviour is about: pressed the button, typed a secret wrong, walked away.
    pub(super) has_acted: bool,
    /// The customer had to press something that the target file does not name.
    pub(super) has_guessed: bool,
    wrong_codes: usize,
    another: Option<&'a Psu>,
    meanwhile: Option<&'a Meanwhile<'a>>,
    /// The pages seen, by a hash of what tells them apart: that can be as long as the page.
    seen: Vec<u64>,
    hasher: RandomState,
}

impl<'a> Conduct<'a> {
    /// A customer who comes to the bank.
    pub(super) fn new(task: &Task<'a>, psu: &'a Psu, another: Option<&'a Psu>) -> Self {
        let Task { session, check, behaviour, .. } = *task;
        let meanwhile = task.around.meanwhile;
        let (has_acted, has_guessed, wrong_codes, seen) = (false, false, 0, Vec::new());
        let (hasher, keeps_cookies) = (RandomState::new(), task.around.leaves_out.is_empty());
        Self {
            session,
            check,
            psu,
            keeps_cookies,
            behaviour,
            has_acted,
            has_guessed,
            wrong_codes,
            another,
            meanwhile,
            seen,
            hasher,
        }
    }

    /// Stands before the decision: whoever was to walk away lets the time pass.
    ///
    /// # Errors
    /// The bank's clock cannot be moved, or it does not do what is to be done meanwhile.
    pub(super) async fn decides(&mut self) -> Result<(), Trouble> {
        if let Some(meanwhile) = self.meanwhile.take() {
            request::ask(self.session, self.check, meanwhile.client, meanwhile.ask.clone()).await?;
        }
        if let Behaviour::WalkAway(seconds) = self.behaviour {
            clock::advance(self.session, self.check, seconds).await?;
            (self.behaviour, self.has_acted) = (Behaviour::Approve, true);
        }
        Ok(())
    }

    /// Sees a page and means to go on from it; the end of the walk where the bank has shown it too often. A bank that does
    /// not take the customer's secrets is given them no more.
    pub(super) fn sees(&mut self, mark: &str, asks_for_secrets: bool) -> Option<WalkEnd> {
        let mark = self.hasher.hash_one(mark);
        let times = 1 + self.seen.iter().filter(|seen| **seen == mark).count();
        self.seen.push(mark);
        let is_honest = matches!(self.behaviour, Behaviour::Approve | Behaviour::Meddle(_));
        let logs_in = asks_for_secrets && is_honest && !self.has_acted;
        let refused = logs_in && times > SECRETS;
        // Whoever is not known again may be asked again, with the right secrets too.
        if refused && self.keeps_cookies {
            self.session.credentials_were_refused();
        }
        (refused || times > REPEATS).then_some(WalkEnd::GaveUp { pages: self.seen.len() })
    }

    /// Whether a one-time code is to be typed wrong this time, into a form that may ask for it.
    pub(super) fn mistypes_code(&mut self, asks_for: impl Fn(&str) -> bool) -> bool {
        let asked = self.code_field().is_some_and(asks_for);
        let wrong = matches!(self.behaviour, Behaviour::MistypeOneTimeCode(times) if asked && self.wrong_codes < times);
        self.wrong_codes += usize::from(wrong);
        wrong
    }

    /// What the customer types for that secret.
    pub(super) fn types(&mut self, name: &str, secret: &str, wrong_code: bool) -> String {
        let is_code = Some(name) == self.code_field();
        let wrong = match self.behaviour {
            Behaviour::MistypeAlways => is_code || self.code_field().is_none(),
            _ => wrong_code && is_code,
        };
        self.has_acted |= wrong;
        if wrong { mistyped(secret) } else { secret.to_owned() }
    }

    /// Whether a form asks for that factor.
    pub(super) fn asks(&self, has: impl Fn(&str) -> bool, factor: Factor) -> bool {
        self.factor_fields(factor).any(has)
    }

    fn factor_fields(&self, factor: Factor) -> impl Iterator<Item = &'a str> {
        let code = self.code_field();
        self.psu.secrets.keys().map(String::as_str).filter(move |name| factor.is(name, code))
    }

    /// Does to a form that is filled in what the misdeed is, where it is about what the form asks for.
    ///
    /// # Errors
    /// The target file knows no other customer.
    pub(super) fn bend(&mut self, fields: &mut Vec<(String, String)>) -> Result<(), Trouble> {
        let (factor, bent) = match self.behaviour {
            Behaviour::Meddle(Misdeed::Bends(factor, bent)) if !self.has_acted => (factor, bent),
            Behaviour::Meddle(Misdeed::Guesses(factor, times)) if self.wrong_codes < times => (factor, Bent::Wrong),
            Behaviour::Meddle(Misdeed::Guesses(..)) => {
                self.has_acted = true;
                return Ok(());
            }
            _ => return Ok(()),
        };
        let asked: Vec<&str> =
            self.factor_fields(factor).filter(|name| fields.iter().any(|(field, _)| field == name)).collect();
        if asked.is_empty() {
            return Ok(());
        }
        (self.has_acted, self.wrong_codes) = (true, self.wrong_codes + 1);
        if bent == Bent::LeftOut {
            fields.retain(|(name, _)| !asked.contains(&name.as_str()));
            return Ok(());
        }
        for (name, value) in fields.iter_mut().filter(|(name, _)| asked.contains(&name.as_str())) {
            match bent {
                Bent::LeftOut | Bent::Empty => value.clear(),
                Bent::Shortened => drop(value.pop()),
                Bent::Wrong => *value = mistyped(value),
                Bent::AnotherCustomers => {
                    let theirs = self.another.and_then(|another| another.secrets.get(name.as_str()));
                    let nobody =
                        || Trouble::DoesNotApply("the target file names no second customer (psu.lockable)".into());
                    let theirs = theirs.ok_or_else(nobody)?.value();
                    if theirs == value {
                        return Err(Trouble::DoesNotApply(format!("the two customers have the same \"{name}\"")));
                    }
                    theirs.clone_into(value);
                }
            }
        }
        Ok(())
    }

    fn code_field(&self) -> Option<&'a str> {
        self.psu.one_time_code.as_ref().map(|field| field.get_ref().as_str())
    }

    /// The whole walk.
    ///
    /// # Errors
    /// A customer who wanted something else than to agree, and found no way to do it, shows nothing about the bank.
    pub(super) fn end(
        self,
        agent: Agent,
        walk_end: WalkEnd,
        (exchanges, sent): (Vec<Arc<Exchange>>, Vec<Sent>),
    ) -> Result<Walk, Trouble> {
        if !self.has_acted && self.behaviour != Behaviour::Approve {
            return Err(not_done(self.behaviour, &walk_end));
        }
        let unsure = unsure(self.behaviour, &self.seen, self.has_guessed && !self.has_acted);
        Ok(Walk { agent, walk_end, has_acted: self.has_acted, unsure, exchanges, sent, before: None })
    }
}

/// The buttons that the behaviour is about.
pub(super) fn wanted(buttons: &Buttons, behaviour: Behaviour) -> &[String] {
    match behaviour {
        Behaviour::Cancel => &buttons.cancel,
        Behaviour::Deny => &buttons.deny,
        _ => &buttons.approve,
    }
}

/// Neither a way out nor, for a customer who does not agree, a yes.
pub(super) fn is_neutral(buttons: &Buttons, behaviour: Behaviour, is_one_of: impl Fn(&[String]) -> bool) -> bool {
    let agrees = !matches!(behaviour, Behaviour::Cancel | Behaviour::Deny);
    let says_yes = is_one_of(&buttons.approve) && !agrees;
    !says_yes && !is_one_of(&buttons.deny) && !is_one_of(&buttons.cancel)
}

fn not_done(behaviour: Behaviour, walk_end: &WalkEnd) -> Trouble {
    let missing = match behaviour {
        Behaviour::Meddle(misdeed) if matches!(walk_end, WalkEnd::CalledBack { .. }) => {
            return Trouble::DoesNotApply(misdeed.had_no_place().into());
        }
        Behaviour::Meddle(misdeed) => misdeed.had_no_place(),
        Behaviour::Deny => "no page had a deny button as the target file names it",
        Behaviour::Cancel => "no page had a cancel button as the target file names it",
        Behaviour::WalkAway(_) => "no page had an approve button as the target file names it",
        _ => "no page asked for the secret that was to be mistyped",
    };
    Trouble::Prerequisite(format!("{missing}; {walk_end}"))
}

/// Why the way that the customer went may not be the one that was meant: `seen` are the pages, by what tells them apart.
fn unsure(behaviour: Behaviour, seen: &[u64], has_only_guessed: bool) -> Option<&'static str> {
    let again = (1..seen.len()).any(|index| seen[..index].contains(&seen[index]));
    match (behaviour, has_only_guessed) {
        (Behaviour::Approve, _) if again => Some("the bank asked again: are the credentials in the target file right?"),
        (_, true) => Some("a button was pressed that [psu] does not name: does it name the one that leads on?"),
        _ => None,
    }
}

/// The same length and kind of characters, and wrong in each of them.
fn mistyped(secret: &str) -> String {
    let shift = |character: char| match character {
        '0'..='8' | 'a'..='y' | 'A'..='Y' => char::from_u32(u32::from(character) + 1).unwrap_or('7'),
        _ => '7',
    };
    secret.chars().map(shift).collect()
}

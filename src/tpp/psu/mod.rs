//! The PSU agents: the customer at the bank, who approves, refuses, cancels, mistypes or walks away. Each agent is a file
//! with a `walk` of its own; which of them are tried, and in which order, the target file says.

mod browser;
mod choice;
mod command;
mod conduct;
mod consent_hint;
pub mod decoupled;
mod direct_302;
mod encoding;
mod form;
mod form_script;
mod magic_user;
mod manual;
pub mod misdeed;
mod navigation;
mod referrer;

use std::sync::Arc;

pub use manual::attend;

use misdeed::{Misdeed, Sent};

use super::{
    Trouble,
    session::{Customers, Session},
};
use crate::{
    evidence::{check_row::CheckRow, exchange::Exchange, speaker::Speaker, walk_end::WalkEnd},
    targets::{
        Psu,
        psu::{Ability, Agent},
    },
    tpp::{api::request::Ask, transport::Client},
};

/// What the customer does at the bank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// Fills everything in and agrees.
    Approve,
    /// Fills everything in and refuses.
    Deny,
    /// Leaves on the first page that lets one leave.
    Cancel,
    /// Types every secret wrong, again and again.
    MistypeAlways,
    /// Types the one-time code wrong that many times, then right, and agrees.
    MistypeOneTimeCode(usize),
    /// Stops before the decision, lets that many seconds pass, and then agrees.
    WalkAway(u64),
    /// Does what no page lets one do, or has it done in its name, and agrees to whatever it is asked besides.
    Meddle(Misdeed),
}

impl Behaviour {
    /// What an agent must be able to do for it.
    pub fn ability(self) -> Ability {
        match self {
            Self::Approve => Ability::Approve,
            Self::Deny => Ability::Deny,
            Self::Cancel => Ability::Cancel,
            Self::MistypeAlways => Ability::Mistype,
            Self::MistypeOneTimeCode(_) => Ability::MistypeOneTimeCode,
            Self::WalkAway(_) => Ability::Abandon,
            Self::Meddle(_) => Ability::Meddle,
        }
    }
}

/// What the customer is sent to the bank for.
#[derive(Clone, Copy)]
pub struct Task<'a> {
    /// The way to the bank.
    pub session: &'a Session,
    /// In whose name requests are recorded.
    pub check: &'a CheckRow,
    /// Where the customer begins.
    pub url: &'a str,
    /// Addresses of the TPP, at which the customer leaves the bank; the first is the one that is meant.
    pub ways_out: &'a [&'a str],
    /// What the customer does there.
    pub behaviour: Behaviour,
    /// What goes on around it.
    pub around: Around<'a>,
}

/// What goes on around a walk.
#[derive(Clone, Copy, Default)]
pub struct Around<'a> {
    /// The forms of an earlier walk, for whoever has to know them beforehand.
    pub known: &'a [Sent],
    /// What happens while the customer stands before the decision.
    pub meanwhile: Option<&'a Meanwhile<'a>>,
    /// Where another payment lies before the customer, in the same browser, which it opens first.
    pub beside: Option<&'a str>,
    /// Cookies that the customer's browser does not keep, by name.
    pub leaves_out: &'a [String],
}

/// What the TPP asks the bank for while the customer stands before the decision.
pub struct Meanwhile<'a> {
    /// Under which identity.
    pub client: &'a Client,
    /// What.
    pub ask: Ask<'a>,
}

impl<'a> Task<'a> {
    /// A customer around whom nothing else goes on.
    pub fn plain(
        session: &'a Session,
        check: &'a CheckRow,
        (url, ways_out): (&'a str, &'a [&'a str]),
        behaviour: Behaviour,
    ) -> Self {
        Self { session, check, url, ways_out, behaviour, around: Around::default() }
    }
}

/// A customer's walk through the bank's pages.
pub struct Walk {
    /// Who walked.
    pub agent: Agent,
    /// Where it ended.
    pub walk_end: WalkEnd,
    /// Where it had ended before the customer went on all the same.
    pub before: Option<WalkEnd>,
    /// The customer has done what the behaviour is about: pressed the button, typed a secret wrong, walked away.
    pub has_acted: bool,
    /// Why the way that the customer went may not be the one that was meant.
    pub unsure: Option<&'static str>,
    /// Every page and redirect, in order.
    pub exchanges: Vec<Arc<Exchange>>,
    /// The forms that were sent, as far as the agent sends them itself.
    pub sent: Vec<Sent>,
}

impl Walk {
    /// A walk of which only the end is told. Whoever was to do it has, or would have said so: but an end that is no address of
    /// the TPP may be a page that it could not read.
    fn told(agent: Agent, behaviour: Behaviour, walk_end: WalkEnd, unsure: Option<&'static str>) -> Self {
        let has_acted = behaviour != Behaviour::Approve || matches!(walk_end, WalkEnd::CalledBack { .. });
        Self { agent, walk_end, has_acted, unsure, exchanges: Vec::new(), sent: Vec::new(), before: None }
    }

    /// The customer got to an end that another agent would not get beyond.
    fn is_clear(&self, behaviour: Behaviour) -> bool {
        match &self.walk_end {
            WalkEnd::CalledBack { .. } if self.unsure.is_none() => true,
            WalkEnd::CalledBack { .. } => behaviour != Behaviour::Approve && self.walk_end.returned("code").is_none(),
            _ if self.unsure.is_some() => false,
            // A bank that did not take a form may take it from an agent that sends it as a browser does.
            WalkEnd::Stranded { status } => self.has_acted || *status >= 400 && !self.has_sent_a_form(),
            WalkEnd::Elsewhere { .. } | WalkEnd::GaveUp { .. } => self.has_acted,
            // No customer was sent anywhere.
            WalkEnd::RefusedAtPush { .. } => true,
        }
    }

    fn has_sent_a_form(&self) -> bool {
        self.exchanges.last().is_some_and(|last| &*last.request.method == "POST")
    }

    /// The walk of a customer of whom the target file alone says that it does not agree.
    fn on_trust(self, behaviour: Behaviour) -> Self {
        match behaviour {
            Behaviour::Approve => self,
            _ => Self { has_acted: true, unsure: self.unsure.or(Some(ON_TRUST)), ..self },
        }
    }
}

const ON_TRUST: &str = "nobody has seen the PSU do it: does the target file tell the sandbox as it wants to be told?";

/// Sends the customer to the bank, and walks until the customer leaves it or can go no further. The agents of the target
/// file that can do what is wanted are tried in order: one that gets nowhere, for a page that it cannot read or a button
/// that it does not find, passes the turn to the next.
///
/// # Errors
/// [`Trouble::DoesNotApply`] where no agent can do it; else what stopped each of them, or the bank stops answering.
pub async fn walk(task: &Task<'_>) -> Result<Walk, Trouble> {
    let Task { session, behaviour, .. } = *task;
    session.may_move_money()?;
    let Customers { psu, another } = session.customers(task.check)?;
    let is_usual = session.target.psu.as_ref().is_some_and(|usual| usual.fields == psu.fields);
    // A pushed request may be good once: a second agent would be refused for what the first has done (RFC 9126 4).
    let tries = if task.url.contains("request_uri=") { 1 } else { usize::MAX };
    // Who plays by itself is the ordinary customer.
    let able = psu.able(behaviour.ability()).filter(|agent| is_usual || agent.fills_in_pages());
    // Nobody tells a real browser, or a person, which cookies to keep.
    let keeps_what_it_is_told = |agent: &Agent| task.around.leaves_out.is_empty() || *agent == Agent::FormScript;
    let able: Vec<Agent> = able.filter(keeps_what_it_is_told).take(tries).collect();
    let _turn = session.turn().await;
    session.may_log_in()?;
    let (mut unclear, mut told, mut applies) = (None, Vec::new(), false);
    for agent in &able {
        // An agent remembers much: not on the stack of every step.
        match Box::pin(one_walk(*agent, task, (&psu, another.as_ref()))).await {
            Ok(walk) if walk.is_clear(behaviour) || able.len() == 1 => return Ok(walk),
            Ok(walk) => unclear = unclear.or(Some(walk)),
            Err(Trouble::Prerequisite(why)) => {
                applies = true;
                told.push((agent, why));
            }
            Err(Trouble::DoesNotApply(why)) => told.push((agent, why)),
            Err(trouble) => return Err(trouble),
        }
    }
    if let Some(walk) = unclear {
        return Ok(walk);
    }
    let why = match &told[..] {
        [] => return Err(Trouble::DoesNotApply(psu.why_unable(behaviour.ability()))),
        [(_, why)] => why.clone(),
        several => several.iter().map(|(agent, why)| format!("{agent}: {why}")).collect::<Vec<_>>().join("; "),
    };
    Err(if applies { Trouble::Prerequisite(why) } else { Trouble::DoesNotApply(why) })
}

async fn one_walk(agent: Agent, task: &Task<'_>, (psu, another): (&Psu, Option<&Psu>)) -> Result<Walk, Trouble> {
    match agent {
        Agent::FormScript => form_script::walk(task, form_script::Customer { psu, another, agent }).await,
        Agent::Direct302 => direct_302::walk(task).await,
        Agent::ConsentHint => consent_hint::walk(task, psu).await,
        Agent::Decoupled => {
            Err(Trouble::DoesNotApply("the PSU decides on a device of its own, and goes nowhere".into()))
        }
        Agent::MagicUser => magic_user::walk(task, psu).await,
        Agent::Browser => browser::walk(task, psu).await,
        Agent::Command => command::walk(task, psu).await,
        Agent::Manual => manual::walk(task, psu).await,
    }
}

/// Under which name an agent's requests are recorded.
fn name_of(agent: Agent) -> Speaker {
    Speaker::of("psu", agent.name())
}

//! The customer in the target file: who plays it, what it types and presses, and what each player can do.

use std::{collections::BTreeMap, fmt};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::Secret;

/// The customer, and how the bank's pages are filled in.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Psu {
    /// Who plays the customer, in the order in which they are tried.
    #[serde(default = "form_script", skip_serializing_if = "is_form_script")]
    #[schemars(with = "Vec<Agent>")]
    pub agents: Vec<Spanned<Agent>>,
    /// Form fields by name and what the customer types there.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// The same for fields whose value is secret: typed wrong when the customer mistypes.
    #[serde(default)]
    pub secrets: BTreeMap<String, Secret>,
    /// Which of the secrets is the one-time code.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub one_time_code: Option<Spanned<String>>,
    /// The bank lets the same customer walk through its pages several times at once.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub parallel: bool,
    /// Hosts of the bank's pages, beside those of its issuer and endpoints.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<String>,
    /// Buttons by what they do, each known by its value, name, id or caption.
    #[serde(default)]
    pub buttons: Buttons,
}

/// Buttons of the bank's pages, each known by its value, name, id or caption.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Buttons {
    /// Go on to the next page; where none fits, the form's first button is pressed.
    #[serde(default, rename = "continue")]
    pub go_on: Vec<String>,
    /// Agree to the payment; needed by agents that fill in pages.
    #[serde(default)]
    pub approve: Vec<String>,
    /// Refuse the payment.
    #[serde(default)]
    pub deny: Vec<String>,
    /// Leave without a decision.
    #[serde(default)]
    pub cancel: Vec<String>,
}

/// Who plays the customer.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub enum Agent {
    /// Reads the bank's pages and fills in their forms, as a browser without script.
    #[serde(rename = "form-script")]
    FormScript,
    /// Nobody: the sandbox sends the customer back at once, and so approves.
    #[serde(rename = "direct-302")]
    Direct302,
}

/// What somebody who plays the customer may be able to do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Ability {
    /// Agree.
    Approve,
    /// Refuse.
    Deny,
    /// Leave without a decision.
    Cancel,
    /// Fail to be authenticated, again and again.
    Mistype,
    /// Type the one-time code wrong for some times, and then right.
    MistypeOneTimeCode,
    /// Walk away, and go on later.
    Abandon,
}

impl Agent {
    /// As the target file spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::FormScript => "form-script",
            Self::Direct302 => "direct-302",
        }
    }

    /// It fills in the bank's pages by the fields and buttons of `[psu]`.
    pub fn fills_in_pages(self) -> bool {
        matches!(self, Self::FormScript)
    }
}

impl fmt::Display for Agent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Ability {
    /// Ends a sentence that begins with "the customer can".
    fn in_words(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Deny => "deny",
            Self::Cancel => "cancel",
            Self::Mistype => "mistype its credentials",
            Self::MistypeOneTimeCode => "mistype the one-time code",
            Self::Abandon => "walk away and come back later",
        }
    }
}

impl Psu {
    /// The agents that can do that, in the order in which they are tried.
    pub fn able(&self, ability: Ability) -> impl Iterator<Item = Agent> {
        self.agents().filter(move |agent| self.can(*agent, ability))
    }

    /// Why nobody can do that.
    pub fn why_unable(&self, ability: Ability) -> String {
        let names: Vec<&str> = self.agents().map(Agent::name).collect();
        format!("no PSU agent of the target file ({}) can {}", names.join(", "), ability.in_words())
    }

    /// The customer who agrees is shown the bank's pages, and so are we.
    pub fn sees_pages(&self) -> bool {
        self.able(Ability::Approve).next().is_some_and(Agent::fills_in_pages)
    }

    fn agents(&self) -> impl Iterator<Item = Agent> {
        self.agents.iter().map(|agent| *agent.get_ref())
    }

    fn can(&self, agent: Agent, ability: Ability) -> bool {
        match agent {
            Agent::FormScript => self.pages_allow(ability),
            Agent::Direct302 => ability == Ability::Approve,
        }
    }

    /// What fields and buttons are enough for.
    fn pages_allow(&self, ability: Ability) -> bool {
        match ability {
            Ability::Approve | Ability::Abandon => true,
            Ability::Deny => !self.buttons.deny.is_empty(),
            Ability::Cancel => !self.buttons.cancel.is_empty(),
            Ability::Mistype => !self.secrets.is_empty(),
            Ability::MistypeOneTimeCode => self.one_time_code.is_some(),
        }
    }

    /// What is wrong with the table, where it is, and how to mend it.
    pub(super) fn objection(&self) -> Option<(Option<usize>, String, &'static str)> {
        if self.agents.is_empty() {
            return Some((None, "`psu.agents` is empty".into(), "leave it out, or name who plays the customer"));
        }
        if let Some(twice) = self.agents.iter().enumerate().find_map(|(index, agent)| {
            self.agents[..index].iter().any(|earlier| earlier.get_ref() == agent.get_ref()).then_some(agent)
        }) {
            let problem = format!("`psu.agents` names \"{}\" twice", twice.get_ref());
            return Some((
                Some(twice.span().start),
                problem,
                "name each agent once, in the order in which to try them",
            ));
        }
        let filler = self.agents.iter().find(|agent| agent.get_ref().fills_in_pages());
        let filler = filler.filter(|_| self.buttons.approve.is_empty())?;
        let problem = format!("`psu.buttons.approve` is missing, and the agent \"{}\" presses it", filler.get_ref());
        let mend = "name the button that agrees: buttons = { approve = [\"Approve\"] }";
        Some((Some(filler.span().start).filter(|at| *at > 0), problem, mend))
    }
}

fn form_script() -> Vec<Spanned<Agent>> {
    vec![Spanned::new(0..0, Agent::FormScript)]
}

fn is_form_script(agents: &[Spanned<Agent>]) -> bool {
    matches!(agents, [only] if *only.get_ref() == Agent::FormScript)
}

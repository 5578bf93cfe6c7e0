//! The customer in the target file: who plays it, what it types and presses, and what each player can do.

mod decoupled;
mod hint;
mod magic;

use std::{collections::BTreeMap, fmt};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toml::Spanned;

pub use decoupled::{Decoupled, Order};
pub use hint::ConsentHint;
pub use magic::{Login, MagicUser};

use super::{Secret, psu_agents};

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
    /// Other customers of the bank who may pay from the same account, and whom it may lock out: each is used up by one check.
    /// Where there are some, the ordinary customer is never locked out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lockable: Vec<Login>,
    /// The bank lets the same customer walk through its pages several times at once.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub parallel: bool,
    /// Hosts of the bank's pages, beside those of its issuer and endpoints.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<String>")]
    pub hosts: Vec<Spanned<String>>,
    /// Buttons by what they do, each known by its value, name, id or caption.
    #[serde(default)]
    pub buttons: Buttons,
    /// For the agent `consent-hint`: how the sandbox is told what its customer does.
    #[serde(rename = "consent-hint", skip_serializing_if = "Option::is_none")]
    pub consent_hint: Option<ConsentHint>,
    /// For the agent `magic-user`: who logs in decides what happens.
    #[serde(rename = "magic-user", skip_serializing_if = "Option::is_none")]
    pub magic_user: Option<MagicUser>,
    /// For the agent `decoupled`: how the customer is made to decide on a device of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decoupled: Option<Decoupled>,
    /// For the agent `browser`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub browser: Option<psu_agents::Browser>,
    /// For the agent `command`, which needs it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<psu_agents::Command>,
    /// For the agent `manual`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manual: Option<psu_agents::Manual>,
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

impl Buttons {
    /// A name that stands for yes and for no, which no button can mean; one for both ways of not agreeing there may be.
    fn ambiguous(&self) -> Option<&str> {
        let says_no = |name: &str| self.deny.iter().chain(&self.cancel).any(|other| other.eq_ignore_ascii_case(name));
        self.approve.iter().map(String::as_str).find(|name| says_no(name))
    }
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
    /// The authorization request itself tells the sandbox what its customer does.
    #[serde(rename = "consent-hint")]
    ConsentHint,
    /// Fills in forms like `form-script`; which user logs in decides what happens.
    #[serde(rename = "magic-user")]
    MagicUser,
    /// Decides on a device of its own, by a command or a URL, where the bank sends nobody anywhere.
    #[serde(rename = "decoupled")]
    Decoupled,
    /// A real browser, for pages that need script.
    #[serde(rename = "browser")]
    Browser,
    /// Any program that takes the link and prints where the customer came back.
    #[serde(rename = "command")]
    Command,
    /// A person at the terminal.
    #[serde(rename = "manual")]
    Manual,
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
    /// Send the bank's forms otherwise than its pages have them.
    Meddle,
}

impl Agent {
    /// As the target file spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::FormScript => "form-script",
            Self::Direct302 => "direct-302",
            Self::ConsentHint => "consent-hint",
            Self::MagicUser => "magic-user",
            Self::Decoupled => "decoupled",
            Self::Browser => "browser",
            Self::Command => "command",
            Self::Manual => "manual",
        }
    }

    /// It fills in the bank's pages by the fields and buttons of `[psu]`.
    pub fn fills_in_pages(self) -> bool {
        matches!(self, Self::FormScript | Self::MagicUser | Self::Browser)
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
            Self::Meddle => "send the bank's forms otherwise than its pages have them",
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

    /// How the customer is made to do that on a device of its own; `None` where it cannot be.
    pub fn elsewhere(&self, ability: Ability) -> Option<&Order> {
        self.decoupled.as_ref()?.order(ability)
    }

    /// It can log in as somebody else who may be locked out: programs and persons are who they are.
    pub fn has_lockable(&self) -> bool {
        !self.lockable.is_empty() && self.agents().any(Agent::fills_in_pages)
    }

    /// A person has to be at the terminal.
    pub fn needs_a_person(&self) -> bool {
        self.agents().any(|agent| agent == Agent::Manual)
    }

    fn agents(&self) -> impl Iterator<Item = Agent> {
        self.agents.iter().map(|agent| *agent.get_ref())
    }

    fn can(&self, agent: Agent, ability: Ability) -> bool {
        match agent {
            Agent::FormScript => self.pages_allow(ability),
            Agent::Browser => ability != Ability::Meddle && self.pages_allow(ability),
            Agent::Direct302 => ability == Ability::Approve,
            Agent::ConsentHint => self.consent_hint.as_ref().is_some_and(|hint| hint.value(ability).is_some()),
            Agent::MagicUser => self.magic_user.as_ref().is_some_and(|user| user.can(ability, self)),
            // It goes nowhere.
            Agent::Decoupled => false,
            Agent::Command => self.command.as_ref().is_some_and(|command| command.can(ability)),
            Agent::Manual => self.manual.as_ref().is_none_or(|manual| manual.can(ability)),
        }
    }

    /// What fields and buttons are enough for.
    fn pages_allow(&self, ability: Ability) -> bool {
        match ability {
            Ability::Approve | Ability::Abandon => true,
            Ability::Meddle => !self.secrets.is_empty(),
            Ability::Deny => !self.buttons.deny.is_empty(),
            Ability::Cancel => !self.buttons.cancel.is_empty(),
            Ability::Mistype => !self.secrets.is_empty(),
            Ability::MistypeOneTimeCode => self.one_time_code.is_some(),
        }
    }

    /// What is wrong with the table, where it is, and how to mend it.
    pub(super) fn objection(&self) -> Option<Objection> {
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
        if let Some(name) = self.buttons.ambiguous() {
            let problem = format!("`psu.buttons` names \"{name}\" for agreeing and for not agreeing");
            return Some((None, problem, "name each button for what it does: a customer who denies must not agree"));
        }
        if let Some(index) = self.lockable.iter().position(|login| login.fields.is_empty() && login.secrets.is_empty())
        {
            let problem = format!("`psu.lockable[{index}]` names nobody");
            return Some((None, problem, "say who logs in: fields = { … }, secrets = { … }; or take it out"));
        }
        self.objection_to_tables().or_else(|| {
            let presser = self.named(Agent::FormScript).or_else(|| self.named(Agent::Browser));
            let presser = presser.filter(|_| self.buttons.approve.is_empty())?;
            let agent = presser.get_ref();
            let problem = format!("`psu.buttons.approve` is missing, and the agent \"{agent}\" presses it");
            let mend = "name the button that agrees: buttons = { approve = [\"Approve\"] }";
            Some((place(presser), problem, mend))
        })
    }

    /// Each agent has the table that it goes by, and each table its agent.
    fn objection_to_tables(&self) -> Option<Objection> {
        let tables = [
            (Agent::ConsentHint, self.consent_hint.is_some(), "say how the sandbox is told: parameter = \"…\""),
            (Agent::MagicUser, self.magic_user.is_some(), "say who denies: deny = { fields = { … } }"),
            (Agent::Decoupled, self.decoupled.is_some(), "say how the customer approves: approve = { url = \"…\" }"),
            (Agent::Command, self.command.is_some(), "name the program: run = [\"./approve.py\"]"),
            (Agent::Browser, self.browser.is_some(), ""),
            (Agent::Manual, self.manual.is_some(), ""),
        ];
        tables
            .into_iter()
            .find_map(|(agent, has_table, mend)| match (self.named(agent), has_table) {
                // Without a table they go by what is usual.
                (Some(_), false) if matches!(agent, Agent::Browser | Agent::Manual) => None,
                (Some(named), false) => {
                    Some((place(named), format!("the agent \"{agent}\" has no table `[psu.{agent}]`"), mend))
                }
                (None, true) => {
                    let problem = format!("there is `[psu.{agent}]`, and `psu.agents` does not name \"{agent}\"");
                    Some((None, problem, "add it to `agents`, in the order in which to try them"))
                }
                _ => None,
            })
            .or_else(|| self.consent_hint.as_ref()?.objection())
            .or_else(|| self.decoupled.as_ref()?.objection())
            .or_else(|| self.browser.as_ref()?.objection())
            .or_else(|| self.command.as_ref()?.objection())
            .or_else(|| self.manual.as_ref()?.objection())
    }

    fn named(&self, agent: Agent) -> Option<&Spanned<Agent>> {
        self.agents.iter().find(|named| *named.get_ref() == agent)
    }

    /// What the customers type, the ordinary one and those of `magic-user`.
    pub fn logins(&self) -> impl Iterator<Item = (&BTreeMap<String, String>, &BTreeMap<String, Secret>)> {
        let magic =
            self.magic_user.iter().flat_map(|user| user.all()).map(|(_, login)| (&login.fields, &login.secrets));
        let lockable = self.lockable.iter().map(|login| (&login.fields, &login.secrets));
        std::iter::once((&self.fields, &self.secrets)).chain(magic).chain(lockable)
    }

    /// Every secret, with its key in the target file.
    pub(super) fn secrets_mut(&mut self) -> impl Iterator<Item = (String, &mut Secret)> {
        let own = self.secrets.iter_mut().map(|(name, secret)| (format!("psu.secrets.{name}"), secret));
        let lockable = self.lockable.iter_mut().enumerate().flat_map(|(index, login)| {
            let key = move |name: &String| format!("psu.lockable[{index}].secrets.{name}");
            login.secrets.iter_mut().map(move |(name, secret)| (key(name), secret))
        });
        own.chain(self.magic_user.iter_mut().flat_map(MagicUser::secrets_mut)).chain(lockable)
    }
}

/// What is wrong with the table: at which offset of the file, what, and how to mend it.
pub(super) type Objection = (Option<usize>, String, &'static str);

fn place(named: &Spanned<Agent>) -> Option<usize> {
    Some(named.span().start).filter(|at| *at > 0)
}

fn form_script() -> Vec<Spanned<Agent>> {
    vec![Spanned::new(0..0, Agent::FormScript)]
}

fn is_form_script(agents: &[Spanned<Agent>]) -> bool {
    matches!(agents, [only] if *only.get_ref() == Agent::FormScript)
}

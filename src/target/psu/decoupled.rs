//! `[psu.decoupled]`: the customer decides on a device of its own, and the TPP sees nothing of it but the status.

use std::{collections::BTreeMap, path::Path};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toml::Spanned;
use url::Url;

use super::{
    super::telling::{number, word},
    Ability, Objection,
};

/// By what the customer can be made to decide.
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
/// Nobody waits longer than this for one decision, in seconds.
const LONGEST_WAIT: u64 = 3600;

/// How the customer is made to decide, and how long that may take.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Decoupled {
    /// Makes the customer agree.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approve: Option<Order>,
    /// Makes the customer refuse.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deny: Option<Order>,
    /// How often the scaStatus is asked for, in seconds.
    #[serde(default = "five")]
    pub interval_seconds: u64,
    /// How long a decision may take until it is known at the bank, in seconds.
    #[serde(default = "two_minutes")]
    pub patience_seconds: u64,
}

/// Makes the customer decide: a request or a program. `{payment_id}` and `{authorisation_id}` stand for what they say.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// Where to send a request: https, or http on this machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub url: Option<Spanned<String>>,
    /// Its method; `POST` where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Its header fields; a body is `application/json` where nothing is said.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// Its body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// A program and its arguments, without a shell; it has to end with 0.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub command: Vec<String>,
}

impl Decoupled {
    /// What makes the customer do that.
    pub fn order(&self, ability: Ability) -> Option<&Order> {
        match ability {
            Ability::Approve => self.approve.as_ref(),
            Ability::Deny => self.deny.as_ref(),
            _ => None,
        }
    }

    /// A program that is named by a path is beside the target file.
    pub(in crate::target) fn resolve(&mut self, folder: &Path) {
        for order in self.approve.iter_mut().chain(&mut self.deny) {
            if let Some(program) = order.command.first_mut().filter(|program| program.contains('/')) {
                let whole = std::path::absolute(folder.join(&*program)).unwrap_or_else(|_| program.as_str().into());
                *program = whole.to_string_lossy().into_owned();
            }
        }
    }

    pub(super) fn objection(&self) -> Option<Objection> {
        if self.approve.is_none() && self.deny.is_none() {
            let mend = "say how the customer approves: approve = { url = \"…\" } or { command = […] }";
            return Some((None, "`[psu.decoupled]` has neither `approve` nor `deny`".into(), mend));
        }
        if self.interval_seconds == 0
            || self.interval_seconds > self.patience_seconds
            || self.patience_seconds > LONGEST_WAIT
        {
            let problem = format!(
                "`psu.decoupled` asks every {} seconds for {} seconds",
                number(self.interval_seconds),
                number(self.patience_seconds)
            );
            let mend = "let interval_seconds be at least 1, and patience_seconds no less than that and at most 3600";
            return Some((None, problem, mend));
        }
        [("approve", &self.approve), ("deny", &self.deny)]
            .into_iter()
            .find_map(|(name, order)| order.as_ref()?.objection(&format!("psu.decoupled.{name}")))
    }
}

impl Order {
    fn objection(&self, key: &str) -> Option<Objection> {
        let Some(url) = &self.url else {
            let is_program = self.command.first().is_some_and(|program| !program.is_empty());
            return (!is_program).then(|| {
                let problem = format!("`{key}` has neither `url` nor `command`");
                (None, problem, "name the URL or the program that makes the customer decide")
            });
        };
        let at = Some(url.span().start).filter(|at| *at > 0);
        let parsed = Url::parse(url.get_ref()).ok();
        let is_local = |url: &Url| matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        let good = |url: &Url| url.scheme() == "https" || (url.scheme() == "http" && is_local(url));
        if !self.command.is_empty() {
            return Some((at, format!("`{key}` has both `url` and `command`"), "keep one of them"));
        }
        if !parsed.as_ref().is_some_and(good) {
            return Some((
                at,
                format!("`{key}.url` is no https URL"),
                "write the whole URL; http is for this machine only",
            ));
        }
        let method = self.method.as_deref().filter(|method| !METHODS.contains(method))?;
        Some((at, format!("`{key}.method` is {}", word(method)), "use one of: GET, POST, PUT, PATCH, DELETE"))
    }
}

fn five() -> u64 {
    5
}

fn two_minutes() -> u64 {
    120
}

//! What the agents `browser`, `command` and `manual` need to know: `[psu.browser]`, `[psu.command]`, `[psu.manual]`.

use std::{net::SocketAddr, path::Path};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toml::Spanned;
use url::Url;

use super::{
    psu::{Ability, Objection},
    telling,
};

/// A real browser, driven over WebDriver.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Browser {
    /// A WebDriver that runs already on this machine: `http://127.0.0.1:9515`. Without it one is started.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub webdriver: Option<Spanned<String>>,
    /// The chromedriver to start, by name or path; it listens on a free port and ends with the walk.
    #[serde(default = "chromedriver")]
    pub driver: String,
    /// The Chromium or Chrome to drive, where the driver does not find it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub binary: Option<String>,
    /// Further arguments of the browser, such as `--no-sandbox` in a container.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arguments: Vec<String>,
    /// Without a window.
    #[serde(default = "yes")]
    pub headless: bool,
    /// How long a page with script may take to show something to press, in seconds, once nothing is under way.
    #[serde(default = "five")]
    pub patience_seconds: u64,
}

/// Any program that plays the customer.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Command {
    /// The program and its arguments, without a shell; a path with a slash is relative to the target file.
    #[schemars(with = "Vec<String>")]
    pub run: Spanned<Vec<String>>,
    /// What it can do.
    #[serde(default = "approve_alone")]
    pub can: Vec<Act>,
    /// The longest that it may take, in seconds.
    #[serde(default = "two_minutes")]
    pub seconds: u64,
}

/// A person at the terminal.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Manual {
    /// Address and port of this machine at which the customer's callback arrives, directly or forwarded: `127.0.0.1:8765`.
    /// Without it the person pastes the address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub listen: Option<Spanned<String>>,
    /// `true` opens each link in the browser of the desktop; a program and its arguments get it as their last argument.
    #[serde(default, skip_serializing_if = "Open::is_no")]
    pub open: Open,
    /// How long the person may take for one link, in minutes.
    #[serde(default = "ten")]
    pub minutes: u64,
    /// What the person can do at this bank.
    #[serde(default = "everything")]
    pub can: Vec<Act>,
}

/// Who opens a link.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(untagged)]
pub enum Open {
    /// The desktop, or nobody.
    Desktop(bool),
    /// That program.
    With(Vec<String>),
}

/// What somebody can do at a bank who is asked to.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    /// Agree.
    Approve,
    /// Refuse.
    Deny,
    /// Leave without a decision.
    Cancel,
    /// Type credentials wrong, for ever or for a while.
    Mistype,
    /// Stop before the decision, and go on when told to.
    Abandon,
}

impl Act {
    fn covers(self, ability: Ability) -> bool {
        self == match ability {
            Ability::Meddle => return false,
            Ability::Approve => Self::Approve,
            Ability::Deny => Self::Deny,
            Ability::Cancel => Self::Cancel,
            Ability::Mistype | Ability::MistypeOneTimeCode => Self::Mistype,
            Ability::Abandon => Self::Abandon,
        }
    }
}

impl Default for Browser {
    fn default() -> Self {
        let (driver, headless, patience_seconds) = (chromedriver(), yes(), five());
        Self { webdriver: None, driver, binary: None, arguments: Vec::new(), headless, patience_seconds }
    }
}

impl Browser {
    pub(super) fn objection(&self) -> Option<Objection> {
        let is_here = |url: &&Spanned<String>| {
            Url::parse(url.get_ref()).is_ok_and(|url| url.scheme() == "http" && is_this_machine(&url))
        };
        if let Some(url) = self.webdriver.as_ref().filter(|url| !is_here(url)) {
            let problem = "`psu.browser.webdriver` is no http URL of this machine".to_owned();
            return Some((Some(url.span().start), problem, "run the driver here: \"http://127.0.0.1:9515\""));
        }
        out_of_bounds(self.patience_seconds, 120, "psu.browser.patience_seconds")
    }
}

impl Command {
    pub(super) fn can(&self, ability: Ability) -> bool {
        self.can.iter().any(|act| act.covers(ability))
    }

    pub(super) fn objection(&self) -> Option<Objection> {
        if self.run.get_ref().first().is_none_or(String::is_empty) {
            let mend =
                "name a program that takes the link and prints where the customer came back: run = [\"./approve.py\"]";
            return Some((Some(self.run.span().start), "`psu.command.run` names no program".into(), mend));
        }
        can_nothing(&self.can, "psu.command.can").or_else(|| out_of_bounds(self.seconds, 3600, "psu.command.seconds"))
    }

    /// With its program where it is found from here; an objection where it is not there.
    pub(super) fn beside(&mut self, folder: &Path) -> Option<Objection> {
        let at = self.run.span().start;
        let program = self.run.get_mut().first_mut().filter(|program| program.contains('/'))?;
        let path = folder.join(&*program);
        let shown = telling::path(folder, Path::new(&*program)).unwrap_or_else(|| "a program".into());
        let problem = || format!("`psu.command.run` names {shown}, which is no file");
        let missing = (!path.is_file())
            .then(|| (Some(at), problem(), "paths in a target file are relative to it: correct the path"));
        *program = std::path::absolute(&path).unwrap_or(path).to_string_lossy().into_owned();
        missing
    }
}

impl Default for Manual {
    fn default() -> Self {
        Self { listen: None, open: Open::default(), minutes: ten(), can: everything() }
    }
}

impl Manual {
    pub(super) fn can(&self, ability: Ability) -> bool {
        self.can.iter().any(|act| act.covers(ability))
    }

    pub(super) fn objection(&self) -> Option<Objection> {
        let is_here = |address: &SocketAddr| address.ip().is_loopback() && address.port() != 0;
        let address = |listen: &Spanned<String>| listen.get_ref().parse().ok().filter(is_here);
        if let Some(listen) = self.listen.as_ref().filter(|listen| address(listen).is_none()) {
            let problem = "`psu.manual.listen` is an address which is no port of this machine".to_owned();
            return Some((
                Some(listen.span().start),
                problem,
                "write a loopback address and a port: \"127.0.0.1:8765\"",
            ));
        }
        can_nothing(&self.can, "psu.manual.can").or_else(|| out_of_bounds(self.minutes, 1440, "psu.manual.minutes"))
    }
}

impl Default for Open {
    fn default() -> Self {
        Self::Desktop(false)
    }
}

impl Open {
    fn is_no(&self) -> bool {
        matches!(self, Self::Desktop(false))
    }
}

fn is_this_machine(url: &Url) -> bool {
    matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"))
}

fn can_nothing(can: &[Act], key: &str) -> Option<Objection> {
    can.is_empty()
        .then(|| (None, format!("`{key}` is empty"), "leave it out, or say what can be done: [\"approve\", \"deny\"]"))
}

fn out_of_bounds(value: u64, most: u64, key: &str) -> Option<Objection> {
    let problem = || format!("`{key}` is {}, and must be from 1 to {most}", telling::number(value));
    (!(1..=most).contains(&value)).then(|| (None, problem(), "correct the number, or leave it out"))
}

fn chromedriver() -> String {
    "chromedriver".into()
}

fn yes() -> bool {
    true
}

fn five() -> u64 {
    5
}

fn ten() -> u64 {
    10
}

fn two_minutes() -> u64 {
    120
}

fn approve_alone() -> Vec<Act> {
    vec![Act::Approve]
}

fn everything() -> Vec<Act> {
    vec![Act::Approve, Act::Deny, Act::Cancel, Act::Mistype, Act::Abandon]
}

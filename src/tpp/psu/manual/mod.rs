//! `manual`: a person plays the customer. The link is told at the desk, and the address at which the customer came back is
//! pasted there, or arrives at a port of this machine.

mod desk;
mod listener;

use std::{process::Stdio, time::Duration};

use desk::Person;
pub use desk::attend;
use listener::Listener;
use url::Url;

use super::{Behaviour, Task, Walk, navigation::Navigation};
use crate::{
    evidence::walk_end::WalkEnd,
    targets::{
        Psu,
        psu::Agent,
        psu_agents::{Manual, Open},
    },
    tpp::{Trouble, clock},
};

/// What a person can answer instead of an address.
const PAGE: &str = "page";
const ERROR: &str = "error";
const CANNOT: &str = "cannot";
const THERE: &str = "there";

/// Has the person at the desk walk.
///
/// # Errors
/// Nobody is there, or says in time where the customer came back; or the person could not do it.
pub(super) async fn walk(task: &Task<'_>, psu: &Psu) -> Result<Walk, Trouble> {
    let Task { session, ways_out, .. } = *task;
    session.may_move_money()?;
    let settings = psu.manual.clone().unwrap_or_default();
    let navigation = Navigation::new(session, ways_out);
    navigation.start(task.url)?;
    let nobody = || Trouble::Prerequisite("nobody sits at a terminal who could play the customer (`manual`)".into());
    let person = desk::person().await.ok_or_else(nobody)?;
    let listener = match &settings.listen {
        Some(address) => Some(Listener::open(address.get_ref(), ways_out).await?),
        None => None,
    };
    let visit = Visit { task, psu, settings: &settings, navigation: &navigation };
    let bound = Duration::from_secs(60 * settings.minutes);
    tokio::time::timeout(bound, visit.carry_out(person, listener)).await.unwrap_or_else(|_| {
        Err(Trouble::Prerequisite(format!("the customer did not come back within {} minutes", settings.minutes)))
    })
}

struct Visit<'a> {
    task: &'a Task<'a>,
    psu: &'a Psu,
    settings: &'a Manual,
    navigation: &'a Navigation<'a>,
}

impl Visit<'_> {
    async fn carry_out(&self, mut person: Person, listener: Option<Listener>) -> Result<Walk, Trouble> {
        self.explain(&person);
        self.open();
        if let Behaviour::WalkAway(seconds) = self.task.behaviour {
            person.tell(&format!("  type `{THERE}` when you stand before the decision"));
            self.wait_for_word(&mut person, THERE).await?;
            clock::advance(self.task.session, self.task.check, seconds).await?;
            person.tell("  the time has passed: go on, and agree if the bank lets you");
        }
        let walk_end = loop {
            let said = tokio::select! {
                said = person.answer(), if !person.has_left() => said,
                url = heard(listener.as_ref()) => Some(url),
            };
            let Some(said) = said else {
                listener.as_ref().ok_or_else(gone)?;
                continue;
            };
            match self.understood(&said)? {
                Some(walk_end) => break walk_end,
                None => person
                    .tell(&format!("  that is neither an address of the TPP nor `{PAGE}`, `{ERROR}` or `{CANNOT}`")),
            }
        };
        let unsure = self.confirm(&mut person, &walk_end).await?;
        person.tell("  thank you");
        Ok(Walk::told(Agent::Manual, self.task.behaviour, walk_end, unsure))
    }

    fn explain(&self, person: &Person) {
        person.tell(&format!("\nYour turn as the customer, for {}", self.task.check));
        person.tell(&format!("  open  {}", self.task.url));
        let fields = self.psu.fields.iter().map(|(name, value)| format!("{name} {value}"));
        let secrets = self.psu.secrets.keys().map(|name| format!("{name} as in the target file"));
        let who: Vec<String> = fields.chain(secrets).collect();
        if !who.is_empty() {
            person.tell(&format!("  as    {}", who.join(", ")));
        }
        person.tell(&format!("  do    {}", self.to_do()));
        let way_out = self.task.ways_out.first().unwrap_or(&"");
        match &self.settings.listen {
            Some(address) => person
                .tell(&format!("  then  wait: the callback is awaited at {}, or paste it here", address.get_ref())),
            None => person
                .tell(&format!("  then  paste the whole address that you are sent to ({way_out}…), loaded or not")),
        }
        person.tell(&format!(
            "        or type `{PAGE}` if you end on a page of the bank that leads no further, `{ERROR}` if the bank itself \
             fails, `{CANNOT}` if the bank does not let you do this"
        ));
    }

    fn to_do(&self) -> String {
        match self.task.behaviour {
            Behaviour::Approve => "log in and agree to everything; a refusal by the bank is an answer too".into(),
            Behaviour::Deny => "log in, and refuse at the decision".into(),
            Behaviour::Cancel => "leave by the bank's own cancel button, on the first page that has one".into(),
            Behaviour::MistypeAlways => {
                "type the one-time code (or the password, where there is none) wrong, until the bank ends it".into()
            }
            Behaviour::MistypeOneTimeCode(times) => {
                format!("type the one-time code wrong {times} times, then right, and agree")
            }
            Behaviour::WalkAway(_) => "log in, and stop before the decision".into(),
            // No person is asked for what no page lets it do.
            Behaviour::Meddle(_) => "leave".into(),
        }
    }

    /// What an answer means; `None` where it means nothing.
    fn understood(&self, said: &str) -> Result<Option<WalkEnd>, Trouble> {
        match said {
            PAGE => return Ok(Some(WalkEnd::Stranded { status: 0 })),
            ERROR => return Ok(Some(WalkEnd::Stranded { status: 500 })),
            CANNOT => {
                return Err(Trouble::DoesNotApply(
                    "the person who plays the customer says that it cannot be done".into(),
                ));
            }
            _ => {}
        }
        self.task.session.recorder.secrets_of(said);
        let walk_end = Url::parse(said).ok().and_then(|url| self.navigation.end(&url, 0));
        // An address elsewhere is rather a slip of the clipboard.
        Ok(walk_end.filter(|walk_end| matches!(walk_end, WalkEnd::CalledBack { .. })))
    }

    /// People slip: before a bank is accused of an ending that does not fit, the person is asked again.
    async fn confirm(&self, person: &mut Person, walk_end: &WalkEnd) -> Result<Option<&'static str>, Trouble> {
        let asked = match self.task.behaviour {
            Behaviour::Approve if walk_end.returned("error") == Some("access_denied") => {
                "agree, and the bank sent `access_denied`"
            }
            Behaviour::Deny if walk_end.returned("code").is_some() => "refuse, and the bank sent a code",
            Behaviour::Cancel if walk_end.returned("code").is_some() => "cancel, and the bank sent a code",
            _ => return Ok(None),
        };
        person.tell(&format!("  you were to {asked}: is that what you did? (yes / no)"));
        loop {
            let Some(answer) = person.answer().await else {
                return Ok(Some("nobody could be asked whether the customer had done what was wanted"));
            };
            match answer.to_ascii_lowercase().as_str() {
                "yes" | "y" => return Ok(None),
                "no" | "n" => {
                    return Err(Trouble::Prerequisite(
                        "the person who plays the customer did something else than asked".into(),
                    ));
                }
                _ => person.tell("  yes or no?"),
            }
        }
    }

    async fn wait_for_word(&self, person: &mut Person, word: &str) -> Result<(), Trouble> {
        loop {
            match person.answer().await.ok_or_else(gone)? {
                said if said == word => return Ok(()),
                said if said == CANNOT => return self.understood(&said).map(drop),
                _ => person.tell(&format!("  type `{word}`, or `{CANNOT}`")),
            }
        }
    }

    /// Opens the link for the person. Whoever cannot is no loss: the link has been told.
    fn open(&self) {
        let desktop = [if cfg!(target_os = "macos") { "open" } else { "xdg-open" }.to_owned()];
        let program = match &self.settings.open {
            Open::Desktop(false) => return,
            Open::Desktop(true) => &desktop[..],
            Open::With(program) => &program[..],
        };
        if let [program, arguments @ ..] = program {
            let mut command = tokio::process::Command::new(program);
            command.args(arguments).arg(self.task.url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            let _ = command.spawn();
        }
    }
}

fn gone() -> Trouble {
    Trouble::Prerequisite("standard input has ended: nobody is there who could play the customer".into())
}

async fn heard(listener: Option<&Listener>) -> String {
    match listener {
        Some(listener) => listener.callback().await,
        None => std::future::pending().await,
    }
}

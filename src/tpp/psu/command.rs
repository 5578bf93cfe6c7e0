//! `command`: any program plays the customer. It gets the link and what to do, and prints where the customer came back.

use std::{process::Stdio, time::Duration};

use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    process::{Child, ChildStdin, ChildStdout},
};
use url::Url;

use super::{Behaviour, Task, Walk, navigation::Navigation};
use crate::{
    evidence::walk_end::WalkEnd,
    targets::{Psu, psu::Agent, psu_agents::Command},
    tpp::{Trouble, clock},
};

/// A program that prints more is no agent, in bytes.
const OUTPUT_BOUND: u64 = 64 * 1024;
/// What a program prints that stands before the decision, and what it is told when the time has passed.
const WAITING: &str = "waiting";
const GO_ON: &[u8] = b"go on\n";

/// Has the program of `[psu.command]` walk.
///
/// # Errors
/// It cannot be started, takes too long, fails, or prints what is no address.
pub(super) async fn walk(task: &Task<'_>, psu: &Psu) -> Result<Walk, Trouble> {
    let Task { session, behaviour, .. } = *task;
    session.may_move_money()?;
    let navigation = Navigation::new(session, task.ways_out);
    navigation.start(task.url)?;
    let settings = psu.command.as_ref().ok_or_else(|| Trouble::Harness("there is no [psu.command]".into()))?;
    let order = Order { task, redirect_uri: task.ways_out.first().unwrap_or(&""), settings };
    let bound = Duration::from_secs(settings.seconds);
    let said = tokio::time::timeout(bound, order.carry_out()).await.unwrap_or_else(|_| {
        Err(Trouble::Prerequisite(format!("{} did not end within {} seconds", order.program(), settings.seconds)))
    })?;
    let walk_end = match said.as_str() {
        "" => WalkEnd::Stranded { status: 0 },
        said => order.walk_end(&navigation, said)?,
    };
    // What the program did nobody has seen: where it was to do anything but agree, its word is not enough to accuse a bank.
    let unsure = (behaviour != Behaviour::Approve)
        .then_some("nobody has seen the PSU do it: does the program do what it is told?");
    Ok(Walk::told(Agent::Command, behaviour, walk_end, unsure))
}

struct Order<'a> {
    task: &'a Task<'a>,
    redirect_uri: &'a str,
    settings: &'a Command,
}

impl Order<'_> {
    fn program(&self) -> &str {
        self.settings.run.get_ref().first().map_or("", String::as_str)
    }

    /// What the program is told to do, and how often where that has a number.
    fn behaviour(&self) -> (&'static str, Option<usize>) {
        match self.task.behaviour {
            Behaviour::Approve => ("approve", None),
            Behaviour::Deny => ("deny", None),
            Behaviour::Cancel => ("cancel", None),
            Behaviour::MistypeAlways => ("mistype", None),
            Behaviour::MistypeOneTimeCode(times) => ("mistype-one-time-code", Some(times)),
            Behaviour::WalkAway(_) => ("abandon", None),
            // It is no program's task: its `can` has no word for it.
            Behaviour::Meddle(_) => ("meddle", None),
        }
    }

    /// The last line that the program prints; dropped half-way, it ends the program.
    async fn carry_out(&self) -> Result<String, Trouble> {
        let mut child = self.start()?;
        let last = match (child.stdin.take(), child.stdout.take()) {
            (Some(stdin), Some(stdout)) => self.talk(stdin, stdout).await?,
            _ => return Err(Trouble::Harness("a program without standard streams".into())),
        };
        let ended = child.wait().await.map_err(|error| self.failed(&error.to_string()))?;
        // Before anything of it is told: what it prints may hold a code.
        self.task.session.recorder.secrets_of(&last);
        match ended.success() {
            true => Ok(last),
            false => Err(self.failed(&format!("{ended}; what it had to say of that went to the terminal"))),
        }
    }

    fn start(&self) -> Result<Child, Trouble> {
        let (behaviour, times) = self.behaviour();
        tokio::process::Command::new(self.program())
            .args(&self.settings.run.get_ref()[1..])
            .env("BANKPROOF_URL", self.task.url)
            .env("BANKPROOF_BEHAVIOUR", behaviour)
            .env("BANKPROOF_TIMES", times.map(|times| times.to_string()).unwrap_or_default())
            .env("BANKPROOF_REDIRECT_URI", self.redirect_uri)
            .env("BANKPROOF_CHECK", self.task.check.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // To the terminal and nowhere else: it may hold secrets that nobody but the program knows.
            .stderr(Stdio::inherit())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| self.failed(&format!("it cannot be started: {error}")))
    }

    /// Tells the program what to do and reads what it says.
    async fn talk(&self, mut stdin: ChildStdin, stdout: ChildStdout) -> Result<String, Trouble> {
        let (behaviour, times) = self.behaviour();
        let order = json!({ "url": self.task.url, "behaviour": behaviour, "times": times, "redirect_uri": self.redirect_uri,
            "check": self.task.check.to_string() });
        // A program that reads nothing has the same in its environment.
        let _ = stdin.write_all(format!("{order}\n").as_bytes()).await;
        let mut stdin = Some(stdin).filter(|_| matches!(self.task.behaviour, Behaviour::WalkAway(_)));
        let mut lines = BufReader::new(stdout.take(OUTPUT_BOUND)).lines();
        let (mut last, mut length) = (String::new(), 0);
        while let Some(line) = lines.next_line().await.map_err(|error| self.failed(&format!("its output: {error}")))? {
            length += line.len() as u64 + 1;
            match (self.task.behaviour, line.trim(), &mut stdin) {
                (_, "", _) => {}
                (Behaviour::WalkAway(seconds), WAITING, Some(stdin)) => {
                    clock::advance(self.task.session, self.task.check, seconds).await?;
                    let _ = stdin.write_all(GO_ON).await;
                }
                (_, line, _) => line.clone_into(&mut last),
            }
        }
        match length >= OUTPUT_BOUND {
            true => Err(self.failed(&format!("it prints more than {OUTPUT_BOUND} bytes"))),
            false => Ok(last),
        }
    }

    /// Where the customer ended up, by what the program printed last.
    fn walk_end(&self, navigation: &Navigation<'_>, said: &str) -> Result<WalkEnd, Trouble> {
        let no_url = || self.failed("its last line is no URL: it must be the address at which the customer came back");
        let url = Url::parse(said).map_err(|_| no_url())?;
        Ok(navigation.end(&url, 0).unwrap_or(WalkEnd::Stranded { status: 0 }))
    }

    fn failed(&self, why: &str) -> Trouble {
        Trouble::Prerequisite(format!("{} does not play the customer: {why}", self.program()))
    }
}

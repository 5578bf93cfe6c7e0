//! Getting a secret from where it is kept: bounded in size and time, and never quoted in an error.

use std::{
    env, fs,
    io::{self, Read},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use super::{Kept, Secret};
use crate::target::{TargetError, error::Source, telling};

/// No secret, and nothing around it, is longer, in octets.
const LARGEST: u64 = 64 * 1024;
/// A program may ask a person for a passphrase first.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often it is looked whether a program that has closed its output has ended.
const LOOK: Duration = Duration::from_millis(2);

/// What is wrong, and how to mend it.
type Objection = (String, String);

impl Secret {
    /// Fetches the secret; `key` is what the target file calls it.
    ///
    /// # Errors
    /// It is not where it is said to be.
    pub(in crate::target) fn fetch(
        &mut self,
        source: &Source<'_>,
        folder: &Path,
        key: &str,
    ) -> Result<(), TargetError> {
        let fetched = match &self.kept {
            Kept::Here(value) => Ok(value.clone()),
            Kept::Env { env } => variable(env),
            Kept::File { file } => first_line_of(folder, file),
            Kept::Command { command } => printed_by(command, folder),
        };
        let value = fetched.map_err(|(problem, mend)| source.error(Some(self.at), format!("`{key}`: {problem}"), mend));
        self.value = Some(value?);
        Ok(())
    }
}

fn variable(name: &str) -> Result<String, Objection> {
    let problem = match env::var(name) {
        Ok(value) if !value.is_empty() => return Ok(value),
        Ok(_) => "is empty",
        Err(env::VarError::NotPresent) => "is not set",
        Err(env::VarError::NotUnicode(_)) => "is not in UTF-8",
    };
    // The secret itself stands there at times, instead of the name of its variable.
    let looks_like_one =
        name.len() <= 64 && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    let (shown, set) = if looks_like_one { (format!(" {name}"), name) } else { (" that `env` names".into(), "NAME") };
    Err((
        format!("the environment variable{shown} {problem}"),
        format!("set it where bankproof is started: export {set}=…"),
    ))
}

fn first_line_of(folder: &Path, file: &Path) -> Result<String, Objection> {
    let at = telling::path(folder, file).map_or_else(|| "that it names".to_owned(), |path| format!("`{path}`"));
    let mut bytes = Vec::new();
    fs::File::open(folder.join(file)).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes)).map_err(
        |error| {
            let mend = "paths in a target file are relative to it: correct the path, or put the file there";
            (format!("the file {at} cannot be read: {error}"), mend.to_owned())
        },
    )?;
    let problem = |what: &str| (format!("the file {at} {what}"), "put the secret on its first line".to_owned());
    first_line(bytes).map_err(problem)
}

fn printed_by(command: &[String], folder: &Path) -> Result<String, Objection> {
    let [program, arguments @ ..] = command else {
        let mend = "name the program and its arguments: { command = [\"pass\", \"show\", \"bank\"] }";
        return Err(("`command` is empty".into(), mend.into()));
    };
    let problem = |what: String| {
        let mend = "run it by hand with these arguments: it must print the secret and end with 0";
        (format!("the program that `command` names {what}"), mend.to_owned())
    };
    let child = Command::new(located(program, folder))
        .args(arguments)
        .current_dir(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        // What it complains about may quote the secret.
        .stderr(Stdio::null())
        .spawn();
    let child = child.map_err(|error| problem(format!("cannot be started: {error}")))?;
    let bytes = output(child).map_err(problem)?;
    first_line(bytes).map_err(|what| problem(format!("printed what {what}")))
}

/// A program named by a path is beside the target file; one named alone is looked for as always.
fn located(program: &str, folder: &Path) -> PathBuf {
    match Path::new(program).components().count() > 1 {
        true => std::path::absolute(folder.join(program)).unwrap_or_else(|_| program.into()),
        false => program.into(),
    }
}

/// What a program prints, once it has ended well.
fn output(mut child: Child) -> Result<Vec<u8>, String> {
    let deadline = Instant::now() + PATIENCE;
    let outcome = read_until(&mut child, deadline).and_then(|bytes| {
        let status = ended_by(&mut child, deadline)?;
        if status.success() { Ok(bytes) } else { Err(format!("failed ({status})")) }
    });
    if outcome.is_err() {
        // It may have ended by itself.
        let _ = child.kill();
        let _ = child.wait();
    }
    outcome
}

fn read_until(child: &mut Child, deadline: Instant) -> Result<Vec<u8>, String> {
    let Some(stdout) = child.stdout.take() else { return Err("has no output".into()) };
    let (sender, receiver) = mpsc::channel();
    // Reading cannot be given up: a thread that nobody waits for does it.
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = stdout.take(LARGEST + 1).read_to_end(&mut bytes);
        let _ = sender.send(read.map(|_| bytes));
    });
    match receiver.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
        Ok(Ok(bytes)) if bytes.len() as u64 > LARGEST => Err("prints too much for a secret".into()),
        Ok(read) => read.map_err(|error: io::Error| format!("cannot be read from: {error}")),
        Err(_) => Err(too_late()),
    }
}

fn ended_by(child: &mut Child, deadline: Instant) -> Result<std::process::ExitStatus, String> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) if Instant::now() < deadline => thread::sleep(LOOK),
            Ok(None) => return Err(too_late()),
            Err(error) => return Err(format!("cannot be waited for: {error}")),
        }
    }
}

fn too_late() -> String {
    format!("has not ended within {} seconds", PATIENCE.as_secs())
}

/// The first line, without its end.
fn first_line(bytes: Vec<u8>) -> Result<String, &'static str> {
    if bytes.len() as u64 > LARGEST {
        return Err("is too long for a secret");
    }
    let text = String::from_utf8(bytes).map_err(|_| "is not in UTF-8")?;
    match text.lines().next() {
        Some(line) if !line.is_empty() => Ok(line.to_owned()),
        _ => Err("has no first line"),
    }
}

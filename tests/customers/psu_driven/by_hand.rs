//! `manual`: a person plays the customer, here one who reads what is said at the terminal and does it.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, ChildStderr, Command, Stdio},
};

use super::{
    accusing, assert_set, bank_played_by,
    customer::{Customer, Deed},
    ids,
    sessions::{Desk, Ended, Run, eventually},
};

/// What the terminal asks of the person.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    pub(crate) check: String,
    pub(crate) link: String,
    pub(crate) task: String,
}

/// How the person tells where the customer came back.
enum Way {
    Paste,
    /// The TPP forwards the callback to that port.
    Forward(u16),
}

/// A run with a person at its terminal.
pub(crate) struct Session {
    run: Child,
    terminal: BufReader<ChildStderr>,
    said: String,
}

impl Session {
    pub(crate) fn begin(desk: &Path, arguments: &[&str]) -> Self {
        let mut run = Command::new(env!("CARGO_BIN_EXE_bankproof"))
            .args(["run", "--out", "out"])
            .args(arguments)
            .current_dir(desk)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let terminal = BufReader::new(run.stderr.take().unwrap());
        Self { run, terminal, said: String::new() }
    }

    /// What is asked next; nothing once the run is over.
    pub(crate) fn asked(&mut self) -> Option<Asked> {
        let mut asked = Asked::default();
        loop {
            let line = self.line()?;
            let told = |label: &str| line.trim_start().strip_prefix(label).map(|text| text.trim().to_owned());
            if let Some(check) = told("Your turn as the customer, for ") {
                asked.check = check;
            } else if let Some(link) = told("open ") {
                asked.link = link;
            } else if let Some(task) = told("do ") {
                asked.task = task;
            } else if line.contains("or type `page`") {
                return Some(asked);
            }
        }
    }

    pub(crate) fn say(&mut self, answer: &str) {
        writeln!(self.run.stdin.as_mut().unwrap(), "{answer}").unwrap();
    }

    fn wait_for(&mut self, words: &str) {
        while !self.line().unwrap_or_else(|| panic!("the terminal never said {words}")).contains(words) {}
    }

    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        (self.terminal.read_line(&mut line).unwrap() > 0).then(|| {
            self.said.push_str(&line);
            line
        })
    }

    pub(crate) fn end(mut self) -> Ended {
        drop(self.run.stdin.take());
        while self.line().is_some() {}
        let mut stdout = String::new();
        self.run.stdout.take().unwrap().read_to_string(&mut stdout).unwrap();
        Ended { code: self.run.wait().unwrap().code().unwrap_or(-1), stdout, stderr: self.said }
    }

    fn kill(mut self) {
        self.run.kill().unwrap();
        self.run.wait().unwrap();
    }
}

/// Does what is asked at the bank's pages.
fn play(session: &mut Session, customer: &Customer, asked: &Asked) -> Option<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let number = asked.task.split(' ').find_map(|word| word.parse().ok());
    let deed = match &asked.task {
        task if task.contains("stop before the decision") => Deed::PAUSE,
        task if task.contains("refuse at the decision") => Deed::DENY,
        task if task.contains("cancel button") => Deed::CANCEL,
        task if task.contains("wrong, until") => Deed::mistype(99),
        task if task.contains("wrong") => Deed::mistype(number.unwrap()),
        _ => Deed::APPROVE,
    };
    let pause = || async move {
        session.say("there");
        session.wait_for("the time has passed");
    };
    runtime.block_on(customer.play(&asked.link, &deed, pause))
}

fn person(session: &mut Session, customer: &Customer, way: &Way) -> Vec<String> {
    let mut turns = Vec::new();
    while let Some(asked) = session.asked() {
        turns.push(asked.check.clone());
        match (play(session, customer, &asked), way) {
            (None, _) => session.say("page"),
            (Some(landed), Way::Paste) => session.say(&landed),
            (Some(landed), Way::Forward(port)) => forward(*port, &landed),
        }
        session.wait_for("thank you");
    }
    turns
}

fn forward(port: u16, landed: &str) {
    let target = landed.trim_start_matches("https://tpp-a.example");
    let mut tcp = TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(tcp, "GET {target} HTTP/1.1\r\nHost: tpp-a.example\r\n\r\n").unwrap();
    let mut page = String::new();
    tcp.read_to_string(&mut page).unwrap();
    assert!(page.contains("You are back at the TPP"), "{page}");
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[test]
fn a_person_who_pastes_passes_the_set() {
    let desk = Desk::new();
    let _bank = bank_played_by(&desk, "[\"manual\"]", "");
    let customer = Customer::of(&desk.path("t.toml"));
    let mut session = Session::begin(&desk.path(""), &[&["t.toml"], &ids()[..]].concat());
    person(&mut session, &customer, &Way::Paste);
    let ended = session.end();
    assert_set(&desk.last_run(), &ended, &["pages"]);
    assert!(ended.stderr.contains(&customer.username), "the person is told who to be");
    for secret in [&customer.password, &customer.code] {
        assert!(!ended.stderr.contains(secret.as_str()), "a secret is told");
    }
}

#[test]
fn callbacks_arrive_at_a_port_of_this_machine() {
    let desk = Desk::new();
    let port = free_port();
    let _bank = bank_played_by(&desk, "[\"manual\"]", &format!("[psu.manual]\nlisten = \"127.0.0.1:{port}\"\n"));
    let customer = Customer::of(&desk.path("t.toml"));
    let mut session = Session::begin(&desk.path(""), &["t.toml", "FLOW-001", "FLOW-003", "AUTHZ-006", "PSU-001"]);
    person(&mut session, &customer, &Way::Forward(port));
    let ended = session.end();
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    assert_eq!(desk.last_run().with("pass").len(), desk.last_run().verdicts().len());
}

#[test]
fn a_port_that_is_taken_is_named() {
    let desk = Desk::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let _bank = bank_played_by(&desk, "[\"manual\"]", &format!("[psu.manual]\nlisten = \"127.0.0.1:{port}\"\n"));
    let ended = Session::begin(&desk.path(""), &["t.toml", "FLOW-001"]).end();
    assert_eq!((ended.code, accusing(&desk.last_run())), (3, Vec::new()), "{}", ended.stdout);
    let reason = desk.last_run().check("FLOW-001")["reason"].as_str().unwrap().to_owned();
    assert!(reason.contains(&format!("the callback port 127.0.0.1:{port}")) && reason.contains("`listen`"), "{reason}");
}

/// A run that was ended in the middle asks only for what is missing when it goes on.
#[test]
fn a_resumed_run_asks_for_the_rest_alone() {
    let desk = Desk::new();
    let _bank = bank_played_by(&desk, "[\"manual\"]", "");
    let customer = Customer::of(&desk.path("t.toml"));
    let begin = |arguments: &[&str]| {
        let ids = ["--jobs", "1", "t.toml"];
        Session::begin(&desk.path(""), &[&ids, arguments].concat())
    };
    let mut session = begin(&["FLOW-001", "STATE-001"]);
    let first = session.asked().unwrap();
    let landed = play(&mut session, &customer, &first).unwrap();
    session.say(&landed);
    session.wait_for("thank you");
    eventually("the first check", || desk.last_run().finished().contains(&first.check).then_some(()));
    session.asked().unwrap();
    session.kill();
    let run = desk.last_run().0;
    let mut session = begin(&["--resume", run.to_str().unwrap()]);
    let turns = person(&mut session, &customer, &Way::Paste);
    let ended = session.end();
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    assert!(!turns.is_empty() && !turns.contains(&first.check), "{turns:?} after {}", first.check);
    let run = Run(run);
    assert_eq!(run.with("pass").len(), run.verdicts().len(), "{}", ended.stdout);
}

/// Slips of the person, and a person who is not there.
#[test]
fn a_person_who_errs_accuses_nobody() {
    let desk = Desk::new();
    let _bank = bank_played_by(&desk, "[\"manual\"]", "");
    let customer = Customer::of(&desk.path("t.toml"));
    let mut session = Session::begin(&desk.path(""), &["--jobs", "1", "t.toml", "AUTHZ-006"]);
    let asked = session.asked().unwrap();
    assert!(asked.task.contains("refuse"), "{asked:?}");
    session.say("https://elsewhere.example/?code=1");
    session.wait_for("neither an address of the TPP");
    let wrong = Asked { task: "log in and agree".into(), ..asked };
    let landed = play(&mut session, &customer, &wrong).unwrap();
    session.say(&landed);
    session.wait_for("is that what you did?");
    session.say("no");
    let mut turns = 0;
    while session.asked().is_some() {
        turns += 1;
        session.say("cannot");
    }
    let ended = session.end();
    let run = desk.last_run();
    assert_eq!((ended.code, accusing(&run)), (3, Vec::new()), "{turns} {}{}", ended.stdout, ended.stderr);
    assert!(run.check("AUTHZ-006")["reason"].as_str().unwrap().contains("something else than asked"));
}

#[test]
fn nobody_at_the_terminal_is_told_so() {
    let desk = Desk::new();
    let _bank = bank_played_by(&desk, "[\"manual\"]", "[psu.manual]\nminutes = 1\n");
    let ended = desk.run(&["t.toml", "FLOW-001"]);
    let run = desk.last_run();
    assert_eq!((ended.code, accusing(&run)), (3, Vec::new()), "{}", ended.stdout);
    let reason = run.check("FLOW-001")["reason"].as_str().unwrap().to_owned();
    assert!(reason.contains("standard input has ended"), "{reason}");
}

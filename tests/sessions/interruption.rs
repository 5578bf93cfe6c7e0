//! Killed and interrupted runs: what is left, and how they go on.

use std::{
    collections::BTreeSet,
    fs::{self, OpenOptions},
    io::Write,
    net::{SocketAddr, TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread::{self, sleep},
    time::Duration,
};

use super::support::{Desk, ForeignBank, Run, code_of, complaints_of_schema, eventually};

/// Waits until that many checks of the newest run have finished.
fn finished(desk: &Desk, session: &mut Child, count: usize) -> Run {
    eventually("checks of the run", || {
        assert!(session.try_wait().unwrap().is_none(), "the run came to its end before it could be disturbed");
        desk.runs().pop().filter(|run| run.finished().len() >= count)
    })
}

/// `kill -9` once that many checks have finished; gives the ids of those that had.
fn killed(desk: &Desk, arguments: &[&str], count: usize) -> (Run, Vec<String>) {
    let mut session = desk.begin(arguments);
    let run = finished(desk, &mut session, count);
    session.kill().unwrap();
    session.wait().unwrap();
    let finished = run.finished();
    (run, finished)
}

/// Every check has one verdict, and none that had finished ran again.
fn is_whole(run: &Run, before: &[String]) {
    let mut all = run.finished();
    assert!(all.len() > before.len(), "nothing was left to do");
    all.sort();
    let checks: Vec<String> = run.verdicts().into_keys().collect();
    assert_eq!(all, checks, "a check has no verdict in the journal, or two");
    let started = run.events()[0]["checks"].as_array().unwrap().len();
    assert_eq!(checks.len(), started, "a check that the run began with has no verdict");

    let lines = run.read("journal.ndjson");
    assert!(lines.contains("\"event\":\"resumed\""));
    let after = lines.split("\"event\":\"resumed\"").last().unwrap();
    for id in before {
        assert!(!after.contains(&format!("{{\"event\":\"check-started\",\"id\":\"{id}\"}}")), "{id} ran again");
    }
    assert_eq!(complaints_of_schema(&run.results()), Vec::<String>::new());
}

#[test]
fn a_killed_run_goes_on_against_the_same_bank() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    let (run, before) = killed(&desk, &["t.toml"], 12);
    for file in ["report.html", "results.json", "junit.xml"] {
        assert!(!run.has(file), "a killed run has a {file}");
    }
    assert_eq!(desk.latest(), None);

    let folder = run.0.to_str().unwrap();
    let ended = desk.run(&["t.toml", "--resume", folder]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    is_whole(&run, &before);
    assert_eq!(desk.runs().len(), 1);
    assert_eq!(desk.latest().unwrap().as_os_str(), run.0.file_name().unwrap());
    assert!(run.read("report.html").contains("against the same bank"));
}

#[test]
fn a_run_that_was_killed_near_its_end_goes_on() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    let (run, before) = killed(&desk, &["t.toml"], 110);
    let ended = desk.run(&["t.toml", "--resume", run.0.to_str().unwrap()]);
    is_whole(&run, &before);
    assert_eq!(run.with("fail"), Vec::<String>::new());
    // What was seen before the run was killed still counts, but for the codes themselves: they are secrets and are not
    // kept, so where fewer than two came afterwards, nothing can be told of them.
    let untold = run.with("inconclusive");
    assert!(untold.is_empty() || untold == ["TOKEN-009"], "{untold:?}");
    assert_eq!(ended.code, if untold.is_empty() { 0 } else { 3 }, "{}", ended.stdout);
}

#[test]
fn a_killed_run_of_the_bundled_bank_goes_on_with_a_new_one_and_says_so() {
    let desk = Desk::new();
    let (run, before) = killed(&desk, &[], 12);
    let ended = desk.run(&["--resume", "latest"]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    is_whole(&run, &before);
    for text in [run.read("report.html"), run.results().to_string(), ended.stderr] {
        assert!(text.contains("new instance of the bank"), "the report does not say that the bank is a new one");
    }
}

#[test]
fn a_line_that_was_torn_is_no_obstacle() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    let (run, before) = killed(&desk, &["t.toml", "PKCE", "STATE"], 3);
    let mut journal = OpenOptions::new().append(true).open(run.0.join("journal.ndjson")).unwrap();
    journal.write_all(b"{\"event\":\"check-finished\",\"id\":\"PKCE-0").unwrap();
    let ended = desk.run(&["t.toml", "--resume", run.0.to_str().unwrap()]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    let after: BTreeSet<String> = run.finished().into_iter().collect();
    assert!(before.iter().all(|id| after.contains(id)) && after.len() == run.verdicts().len());
}

#[test]
fn a_run_can_be_killed_and_resumed_twice() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    let (run, first) = killed(&desk, &["t.toml"], 10);
    let folder = run.0.to_str().unwrap().to_owned();
    let (_, second) = killed(&desk, &["t.toml", "--resume", &folder], first.len() + 10);
    assert_eq!(desk.run(&["t.toml", "--resume", &folder]).code, 0);
    is_whole(&run, &second);
}

#[test]
fn a_finished_run_and_the_run_of_another_bank_cannot_be_resumed() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    assert_eq!(desk.run(&["t.toml", "META-001"]).code, 0);
    let ended = desk.run(&["t.toml", "--resume", "out/latest"]);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("nothing to resume"), "{}", ended.stderr);

    let (run, _) = killed(&desk, &["t.toml"], 3);
    desk.write("u.toml", &desk.read("t.toml").replace("name = \"Bundled bank\"", "name = \"Another bank\""));
    let ended = desk.run(&["u.toml", "--resume", run.0.to_str().unwrap()]);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("Bundled bank"), "{}", ended.stderr);
}

#[test]
fn every_way_of_asking_it_to_end_leaves_a_valid_partial_report_and_latest_as_it_was() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    assert_eq!(desk.run(&["t.toml", "META-001"]).code, 0);
    let mut latest = desk.latest();
    for name in ["INT", "TERM", "HUP"] {
        let known = desk.runs().len();
        let mut session = desk.begin(&["t.toml"]);
        let run = eventually("another run", || desk.runs().pop().filter(|_| desk.runs().len() > known));
        finished(&desk, &mut session, 8);
        send(name, &session);
        assert_eq!(code_of(&mut session), Some(3), "{name}: an interrupted run has judged nobody");

        let results = run.results();
        assert_eq!(complaints_of_schema(&results), Vec::<String>::new());
        let (done, selected) = (run.verdicts().len(), run.events()[0]["checks"].as_array().unwrap().len());
        assert!((8..selected).contains(&done), "{name}: {done} of {selected}");
        assert_eq!(run.with("fail"), Vec::<String>::new());
        let page = run.read("report.html");
        assert!(page.contains("It was stopped by its user."), "{name}: the report does not say that it is partial");
        assert_eq!(run.events().last().unwrap()["interrupted"], true);
        assert_eq!(desk.latest(), latest);

        let before = run.finished();
        assert_eq!(desk.run(&["t.toml", "--resume", run.0.to_str().unwrap()]).code, 0);
        is_whole(&run, &before);
        assert_ne!(desk.latest(), latest);
        latest = desk.latest();
    }
}

#[test]
fn the_second_signal_of_whatever_kind_ends_at_once_and_leaves_nothing_temporary() {
    for (first, second, code) in [("INT", "INT", 130), ("TERM", "INT", 130), ("HUP", "TERM", 143), ("INT", "HUP", 129)]
    {
        let desk = Desk::new();
        let stalling = Stalling::begin(&desk);
        let mut session = desk.begin_in(&[("TMPDIR", &desk.folder("tmp"))], &["stalling.toml"]);
        stalling.is_asked();
        send(first, &session);
        sleep(Duration::from_millis(300));
        send(second, &session);
        assert_eq!(code_of(&mut session), Some(code), "{first}, {second}");
        assert_eq!(
            fs::read_dir(desk.path("tmp")).unwrap().count(),
            0,
            "{first}, {second}: something temporary is left"
        );
    }
}

#[test]
fn a_doctor_or_a_proof_that_is_asked_to_end_does_and_leaves_nothing_temporary() {
    let desk = Desk::new();
    let stalling = Stalling::begin(&desk);
    let tmp = desk.folder("tmp");
    let mut doctor = desk.spawn_in(&[("TMPDIR", &tmp)], &["doctor", "stalling.toml"]);
    stalling.is_asked();
    send("TERM", &doctor);
    assert_eq!(code_of(&mut doctor), Some(143));

    let mut proof = desk.spawn_in(&[("TMPDIR", &tmp)], &["prove"]);
    let begun = || fs::read_dir(&tmp).unwrap().flatten().find_map(|own| fs::read_dir(own.path()).ok()?.next());
    eventually("the folder of the proof", begun).unwrap();
    send("HUP", &proof);
    assert_eq!(code_of(&mut proof), Some(3), "a proof that was stopped has proven nothing");
    assert_eq!(fs::read_dir(&tmp).unwrap().count(), 0, "something temporary is left");
}

#[test]
fn under_nohup_a_hangup_is_none() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    let binary = env!("CARGO_BIN_EXE_bankproof");
    let mut command = Command::new("nohup");
    command.args([binary, "run", "--out", "out", "t.toml", "PKCE", "STATE"]).current_dir(desk.path(""));
    let mut session = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    finished(&desk, &mut session, 1);
    send("HUP", &session);
    assert_eq!(code_of(&mut session), Some(0));
    assert_eq!(desk.last_run().events().last().unwrap()["interrupted"], false);
}

#[test]
fn a_run_that_was_killed_while_it_looked_for_the_bank_goes_on_with_what_it_was_to_judge() {
    let desk = Desk::new();
    let stalling = Stalling::begin(&desk);
    let mut session = desk.begin(&["stalling.toml", "PKCE", "--level", "must"]);
    stalling.is_asked();
    session.kill().unwrap();
    session.wait().unwrap();
    let run = desk.last_run();
    let ended = desk.run(&["t.toml", "--resume", run.0.to_str().unwrap()]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    is_whole(&run, &[]);
    assert_eq!(run.results()["selection"], "PKCE --level must");
    let whole = desk.run(&["t.toml", "PKCE", "--level", "must"]);
    assert_eq!(whole.code, 0);
    assert_eq!(run.verdicts(), desk.last_run().verdicts(), "other checks than the run began with");
}

#[test]
fn a_folder_that_is_there_can_be_resumed_whenever_it_was_killed() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    for _ in 0..5 {
        let known = desk.runs().len();
        let mut session = desk.begin(&["t.toml", "PKCE"]);
        let run = eventually("the journal", || {
            desk.runs().pop().filter(|run| desk.runs().len() > known && run.has("journal.ndjson"))
        });
        // A journal holds its first line a moment after it is made.
        eventually("its first line", || run.read("journal.ndjson").ends_with('\n').then_some(()));
        session.kill().unwrap();
        session.wait().unwrap();
        let ended = desk.run(&["t.toml", "--resume", run.0.to_str().unwrap()]);
        let finished = ended.code == 2 && ended.stderr.contains("nothing to resume");
        assert!(ended.code == 0 || finished, "{}{}", ended.stdout, ended.stderr);
    }
}

#[test]
fn a_run_that_still_goes_on_cannot_be_resumed_beside_itself() {
    let desk = Desk::new();
    let stalling = Stalling::begin(&desk);
    let mut first = desk.begin(&["stalling.toml", "PKCE"]);
    stalling.is_asked();
    let run = desk.last_run();
    let folder = run.0.to_str().unwrap().to_owned();
    let is_refused = || {
        let before = run.read("journal.ndjson");
        let ended = desk.run(&["t.toml", "--resume", &folder]);
        assert_eq!(ended.code, 2, "{}{}", ended.stdout, ended.stderr);
        assert!(ended.stderr.contains(&folder) && ended.stderr.contains("still going on"), "{}", ended.stderr);
        assert_eq!(run.read("journal.ndjson"), before, "the journal was touched");
    };
    is_refused();
    first.kill().unwrap();
    first.wait().unwrap();

    let stalling = Stalling::begin(&desk);
    let mut second = desk.begin(&["stalling.toml", "--resume", &folder]);
    stalling.is_asked();
    is_refused();
    second.kill().unwrap();
    second.wait().unwrap();
    let ended = desk.run(&["t.toml", "--resume", &folder]);
    assert_eq!(ended.code, 0, "the lock outlives its process: {}", ended.stderr);
}

#[test]
fn a_line_that_stands_twice_counts_once() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    let (run, before) = killed(&desk, &["t.toml", "PKCE", "STATE"], 3);
    let journal = run.read("journal.ndjson");
    let lines: Vec<&str> = journal.lines().collect();
    let doubled: String = lines.iter().chain(&lines[1..]).map(|line| format!("{line}\n")).collect();
    fs::write(run.0.join("journal.ndjson"), doubled).unwrap();
    assert_eq!(desk.run(&["t.toml", "--resume", run.0.to_str().unwrap()]).code, 0);

    let results = run.results();
    let checks = results["checks"].as_array().unwrap();
    assert_eq!(checks.len(), run.verdicts().len(), "a check is told twice");
    assert!(before.iter().all(|id| run.verdicts().contains_key(id)));
    let counted: u64 = results["totals"]
        .as_object()
        .unwrap()
        .iter()
        .filter(|(name, _)| *name != "waived")
        .map(|(_, count)| count.as_u64().unwrap())
        .sum();
    assert_eq!(counted, checks.len() as u64, "{}", results["totals"]);
    let exchanges = run.events().into_iter().filter(|event| event["event"] == "exchange");
    let ids: BTreeSet<String> = exchanges.map(|exchange| exchange["id"].to_string()).collect();
    let told = format!("<dt>Exchanges recorded</dt><dd>{}</dd>", ids.len());
    assert!(run.read("report.html").contains(&told), "an exchange is counted twice");
}

#[test]
fn a_journal_that_is_taken_away_in_mid_run_is_told() {
    type Harm = fn(&Run);
    let harms: [(&str, Harm, &str); 4] = [
        ("journal", |run| fs::remove_file(run.0.join("journal.ndjson")).unwrap(), "it was removed"),
        ("folder", |run| fs::remove_dir_all(&run.0).unwrap(), "it was removed"),
        (
            "swap",
            |run| {
                fs::copy(run.0.join("journal.ndjson"), run.0.join("x"))
                    .and_then(|_| fs::rename(run.0.join("x"), run.0.join("journal.ndjson")))
                    .unwrap()
            },
            "another file",
        ),
        ("cut", |run| drop(fs::File::create(run.0.join("journal.ndjson")).unwrap()), "it was cut"),
    ];
    for (name, harm, words) in harms {
        let desk = Desk::new();
        let stalling = Stalling::begin(&desk);
        let child = desk.begin_to_read(&["stalling.toml", "PKCE"]);
        stalling.is_asked();
        let run = desk.last_run();
        harm(&run);
        drop(stalling);
        let ended = child.wait_with_output().unwrap();
        let (stdout, stderr) = (String::from_utf8(ended.stdout).unwrap(), String::from_utf8(ended.stderr).unwrap());
        assert_eq!(ended.status.code(), Some(5), "{name}: {stdout}{stderr}");
        assert!(stderr.contains("the journal in ") && stderr.contains(words), "{name}: {stderr}");
        // What was judged is told all the same.
        assert!(stdout.contains("Could not be judged"), "{name}: {stdout}");
        assert_eq!(run.results()["exit_code"], 5, "{name}");
        assert!(run.read("report.html").contains("The journal of this run is not whole."), "{name}");
        assert_eq!(desk.latest(), None, "{name}");
    }
}

/// That signal, for that process alone.
fn send(name: &str, session: &Child) {
    let kill = Command::new("sh").arg("-c").arg(format!("kill -{name} {}", session.id())).status().unwrap();
    assert!(kill.success());
}

/// A bank whose front door takes connections and says nothing until this is dropped; then it shuts.
struct Stalling {
    asked: mpsc::Receiver<()>,
    shut: Arc<AtomicBool>,
    address: SocketAddr,
    _bank: ForeignBank,
}

impl Stalling {
    /// `t.toml` is for a bank that answers, `stalling.toml` for the same one behind that door.
    fn begin(desk: &Desk) -> Self {
        let _ = fs::remove_file(desk.path("t.toml"));
        let bank = desk.bank("t.toml", &[]);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let text = desk.read("t.toml");
        let issuer = text.lines().find(|line| line.starts_with("issuer = ")).unwrap();
        desk.write("stalling.toml", &text.replacen(issuer, &format!("issuer = \"https://{address}\""), 1));
        let (tell, asked) = mpsc::channel();
        let shut = Arc::new(AtomicBool::new(false));
        let is_shut = shut.clone();
        thread::spawn(move || {
            let mut held = Vec::new();
            for connection in listener.incoming().flatten().take(100) {
                if is_shut.load(Ordering::Relaxed) {
                    break;
                }
                held.push(connection);
                let _ = tell.send(());
            }
        });
        Self { asked, shut, address, _bank: bank }
    }

    /// Waits until somebody stands before the door.
    fn is_asked(&self) {
        self.asked.recv_timeout(Duration::from_secs(60)).unwrap();
    }
}

impl Drop for Stalling {
    fn drop(&mut self) {
        self.shut.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.address);
    }
}

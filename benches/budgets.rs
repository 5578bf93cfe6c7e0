//! The budgets of a release build: `cargo bench` prints each figure beside its budget. It judges nothing, because a
//! figure says as much about the machine as about the code; a figure beyond its budget is for a person to look into.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench that cannot go on ends")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "printing the table is what it is for")]

#[path = "budgets/many_rows.rs"]
mod many_rows;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread::sleep,
    time::{Duration, Instant},
};

use bankproof::{
    evidence::{exchange::Exchange, operation::Operation, recorder::Recorder},
    judge::{self, Finding, vocabulary::berlin_group::WORDS},
    run::{event::Event, journal::Journal, record::Recording},
    targets::{self, Target},
    tpp::{
        api::{Draft, request},
        session::Session,
        tls,
        transport::Call,
    },
};
use tokio::runtime::Builder;

/// The binary under test, of the same build.
const BANKPROOF: &str = env!("CARGO_BIN_EXE_bankproof");
/// Rounds of the comparison, each of so many requests on either side.
const ROUNDS: usize = 21;
const REQUESTS: usize = 400;
/// As in a run, rounded down.
const EXCHANGES_A_CHECK: usize = 6;
/// About as many secrets as a whole run knows when it ends.
const SECRETS: usize = 1500;

fn main() {
    let scratch = tempfile::tempdir().unwrap();
    let run = whole_run(scratch.path());
    let opening = opening(&run.report);
    let list = median((0..20).map(|_| timed(&["list"]).0 * 1000.0).collect());
    let (mut one_thread, mut all_threads) = (Builder::new_current_thread(), Builder::new_multi_thread());
    let one_thread = on(&mut one_thread, &scratch.path().join("one"));
    let all_threads = on(&mut all_threads, &scratch.path().join("all"));
    let growth = many_rows::growth(&scratch.path().join("growth"));
    let (ours, hurl) = many_rows::beside_hurl(&scratch.path().join("hurl"));
    eprintln!("The kill matrix takes a while …");
    let (matrix, code) = timed(&["prove", "--format", "json"]);
    if code != Some(0) {
        eprintln!("The kill matrix is not clean (exit code {code:?}): see `bankproof prove`.");
    }
    let size = fs::metadata(&run.report).unwrap().len() as f64 / 1e6;
    let rows = [
        ("the whole catalogue against the bundled bank", format!("{:.2} s", run.seconds), "under 5 s"),
        ("  its peak memory", format!("{:.0} MB", run.megabytes), "under 200 MB"),
        ("a recorded, judged mTLS request, beside a bare one", one_thread.ratio(), "at most 1.2 times"),
        ("  microseconds, one after the other", one_thread.microseconds(), ""),
        ("  the same with a client that may use all threads", all_threads.ratio(), "at most 1.2 times"),
        ("  microseconds, one after the other", all_threads.microseconds(), ""),
        ("10,000 rows of a scenario, beside 1,000 of them", growth.ratio(), "at most 11 times"),
        ("  seconds, two requests a row", growth.seconds(), ""),
        ("  their peak memory", format!("{:.0} MB", growth.megabytes), "under 150 MB"),
        ("2,000 requests of a payment flow", format!("{ours:.2} s"), "faster than hurl"),
        ("  the same by hurl", hurl.map_or("no hurl".into(), |seconds| format!("{seconds:.2} s")), ""),
        ("the whole kill matrix", format!("{matrix:.0} s"), "under 180 s"),
        ("bankproof list", format!("{list:.0} ms"), "under 50 ms"),
        ("the HTML report of a full run", format!("{size:.2} MB"), "under 3 MB"),
        ("  its opening in headless Chromium", opening, "under 1 s"),
    ];
    println!("\n{:<52} {:>16}   budget", "what", "measured");
    rows.iter().for_each(|(what, measured, budget)| println!("{what:<52} {measured:>16}   {budget}"));
}

struct WholeRun {
    seconds: f64,
    megabytes: f64,
    report: PathBuf,
}

/// `bankproof` alone, three times: median time, highest memory.
fn whole_run(scratch: &Path) -> WholeRun {
    let out = scratch.join("reports");
    let (mut seconds, mut megabytes) = (Vec::new(), 0_f64);
    for _ in 0..3 {
        let (took, peak) = run_to_end(&["run", "--out", out.to_str().unwrap()]);
        seconds.push(took);
        megabytes = megabytes.max(peak);
    }
    WholeRun { seconds: median(seconds), megabytes, report: out.join("latest/report.html") }
}

/// Seconds and megabytes of a run of a clean bank.
fn run_to_end(arguments: &[&str]) -> (f64, f64) {
    let (began, mut megabytes) = (Instant::now(), 0_f64);
    let mut child = bankproof(arguments);
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        megabytes = megabytes.max(peak_memory(child.id()).unwrap_or_default());
        sleep(Duration::from_millis(2));
    };
    if !status.success() {
        eprintln!("The clean bank did not pass ({status}): {arguments:?}");
    }
    (began.elapsed().as_secs_f64(), megabytes)
}

/// The high-water mark of a process that still runs, in MB.
fn peak_memory(process: u32) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches(" kB").parse::<f64>().ok()? * 1024.0 / 1e6)
}

fn bankproof(arguments: &[&str]) -> Child {
    Command::new(BANKPROOF).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Seconds, and the exit code.
fn timed(arguments: &[&str]) -> (f64, Option<i32>) {
    let began = Instant::now();
    let status = bankproof(arguments).wait().unwrap();
    (began.elapsed().as_secs_f64(), status.code())
}

/// What the report costs the browser beyond an empty page.
fn opening(report: &Path) -> String {
    let browse = |url: &str| {
        let flags = ["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"];
        let began = Instant::now();
        let mut browser = Command::new("chromium");
        let browser = browser.args(flags).arg(url).stdout(Stdio::null()).stderr(Stdio::null());
        browser.status().ok()?.success().then(|| began.elapsed().as_secs_f64())
    };
    let url = format!("file://{}", fs::canonicalize(report).unwrap().display());
    let more: Option<Vec<f64>> = (0..3).map(|_| Some(-browse("about:blank")? + browse(&url)?)).collect();
    more.map_or("no chromium".into(), |more| format!("{:.2} s", median(more)))
}

/// Microseconds a request; the ratio is the median of each round's.
struct Comparison {
    bare: f64,
    recorded: f64,
    ratio: f64,
}

impl Comparison {
    fn ratio(&self) -> String {
        format!("{:.2} times", self.ratio)
    }

    fn microseconds(&self) -> String {
        format!("{:.0} to {:.0}", self.recorded, self.bare)
    }
}

/// On one thread, as `prove` does it, what is compared is work; on several it is waking threads up as well.
fn on(runtime: &mut Builder, scratch: &Path) -> Comparison {
    fs::create_dir(scratch).unwrap();
    runtime.enable_all().build().unwrap().block_on(request(scratch))
}

/// The status of one payment, asked for again and again: bare and recorded rounds take turns, so that whatever else
/// the machine does meets both.
async fn request(scratch: &Path) -> Comparison {
    let (file, bank) = start_bank(scratch);
    let target = Arc::new(targets::load(&file).unwrap());
    let session = Session::open(target.clone(), recorder(scratch)).await.unwrap();
    let url = status_url(&session).await;
    let bare_client = bare_client(&target);
    let (mut bare, mut recorded, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let (one, other) = if round % 2 == 0 {
            let one = bare_round(&bare_client, &url).await;
            (one, recorded_round(&session, &url).await)
        } else {
            let other = recorded_round(&session, &url).await;
            (bare_round(&bare_client, &url).await, other)
        };
        // The first one warms up.
        if round > 0 {
            bare.push(one);
            recorded.push(other);
            ratios.push(other / one);
        }
    }
    end(bank);
    Comparison { bare: median(bare), recorded: median(recorded), ratio: median(ratios) }
}

/// A bank in a process of its own, and a target file that leads to it.
fn start_bank(scratch: &Path) -> (PathBuf, Child) {
    let file = scratch.join("bank.toml");
    let bank = bankproof(&["bank", "--write-target", file.to_str().unwrap()]);
    while !file.exists() {
        sleep(Duration::from_millis(20));
    }
    (file, bank)
}

fn end(mut bank: Child) {
    bank.kill().unwrap();
    bank.wait().unwrap();
}

/// A recorder with the listeners and the secrets of a real run.
fn recorder(scratch: &Path) -> Arc<Recorder> {
    let journal = Journal::open(&scratch.join("journal")).unwrap();
    let (recording, made) = (Mutex::new(Recording::default()), AtomicUsize::new(0));
    let recorder = Recorder::new(0, move |exchange: &Arc<Exchange>| {
        let event = Event::Exchange(exchange.clone());
        journal.write(&event);
        recording.lock().unwrap().take(&event);
        if made.fetch_add(1, Ordering::Relaxed) % EXCHANGES_A_CHECK == 0 {
            // Where a check ends, the journal goes to disk.
            journal.write(&Event::Resumed { at: exchange.sent_at, note: String::new() });
        }
    });
    (0..SECRETS).for_each(|_| recorder.secret("token", &uuid::Uuid::new_v4().to_string()));
    Arc::new(recorder)
}

async fn status_url(session: &Session) -> String {
    let tpp = session.target.tpp();
    let draft = Draft::new(session, tpp).unwrap();
    let reply = request::initiate(session, &"BENCH-001".into(), session.client(tpp), &draft).await.unwrap();
    session.api().unwrap().url(&draft.lodged(session, &reply).unwrap(), Operation::Status).unwrap()
}

/// reqwest with the same TLS settings, and nothing else.
fn bare_client(target: &Target) -> reqwest::Client {
    let config = tls::client_config(&target.trust_anchors, Some(&target.tpp().qwac)).unwrap();
    reqwest::Client::builder().tls_backend_preconfigured(config).no_proxy().build().unwrap()
}

const HEADERS: [(&str, &str); 2] = [("PSU-IP-Address", "192.0.2.10"), ("Accept", "application/json")];

/// Microseconds a request.
async fn bare_round(client: &reqwest::Client, url: &str) -> f64 {
    let began = Instant::now();
    for _ in 0..REQUESTS {
        let mut request = client.get(url).header("X-Request-ID", uuid::Uuid::new_v4().to_string());
        for (name, value) in HEADERS {
            request = request.header(name, value);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert!(response.text().await.unwrap().contains("RCVD"));
    }
    microseconds(began)
}

/// The same through the TPP's client, recorded as in a run, and judged.
async fn recorded_round(session: &Session, url: &str) -> f64 {
    let client = session.client(session.target.tpp());
    let began = Instant::now();
    for _ in 0..REQUESTS {
        let call = Call::get(Operation::Status, url, "read the status of the payment");
        let call = call.header("X-Request-ID", &uuid::Uuid::new_v4().to_string());
        let call = HEADERS.iter().fold(call, |call, (name, value)| call.header(name, value));
        let reply = client.send(&"BENCH-001".into(), call).await.ok().unwrap();
        assert!(matches!(judge::payment::not_executed(&reply.exchange, &WORDS), Finding::Holds(_)));
    }
    microseconds(began)
}

fn microseconds(began: Instant) -> f64 {
    began.elapsed().as_secs_f64() * 1e6 / REQUESTS as f64
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

//! `browser`: a real one, headless Chromium, plays the customer.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::{
    accusing, bank_played_by, ids, play_by,
    sessions::{Desk, Ended, eventually},
};

/// What the browser of a test needs; `None`, and a word, where it is not here and need not be.
pub(crate) fn settings() -> Option<String> {
    let find = |variable: &str, usual: &[&str]| {
        let named = std::env::var_os(variable).map(|path| vec![PathBuf::from(path)]);
        named.unwrap_or_else(|| usual.iter().map(PathBuf::from).collect()).into_iter().find(|path| path.exists())
    };
    let driver = find("BANKPROOF_CHROMEDRIVER", &["/usr/bin/chromedriver", "/usr/local/bin/chromedriver"]);
    let chromium =
        find("BANKPROOF_CHROMIUM", &["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]);
    let both = driver.zip(chromium);
    let required = std::env::var("BANKPROOF_REQUIRE_BROWSER").is_ok_and(|value| value == "1");
    assert!(both.is_some() || !required, "BANKPROOF_REQUIRE_BROWSER is 1, but chromium or chromedriver is missing");
    if both.is_none() {
        eprintln!("skipped: no chromium and chromedriver here (set BANKPROOF_REQUIRE_BROWSER=1 to fail instead)");
    }
    both.map(|(driver, chromium)| {
        let (driver, chromium) = (driver.display(), chromium.display());
        format!("[psu.browser]\ndriver = \"{driver}\"\nbinary = \"{chromium}\"\narguments = [\"--no-sandbox\"]\n")
    })
}

/// Runs to the end, however long a browser takes on a busy machine.
pub(crate) fn run(desk: &Desk, arguments: &[&str]) -> Ended {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bankproof"));
    command.args(["run", "--out", "out"]).args(arguments).current_dir(desk.path("")).stdin(Stdio::null());
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ended { code: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

#[test]
fn a_browser_passes_the_set() {
    let Some(settings) = settings() else { return };
    let desk = Desk::new();
    let _bank = bank_played_by(&desk, "[\"browser\"]", &settings);
    let ended = run(&desk, &[&["t.toml"], &ids()[..]].concat());
    super::assert_set(&desk.last_run(), &ended, &[]);
    let events = desk.last_run().events();
    let mut walked =
        events.iter().filter(|event| event["identity"]["name"] == "psu" && event["identity"]["how"] == "browser");
    let page = walked.find(|event| event["request"]["url"].as_str().unwrap().ends_with("/login")).unwrap();
    assert!(page["request"]["headers"].to_string().contains("Chrome/"), "the evidence names the browser");
    assert!(page["answer"]["body"].as_str().unwrap().contains("User name"), "the page is in the evidence");
}

/// One browser after the other with a fault: what a browser walks through is judged like what we walk through.
#[test]
fn faults_are_caught_through_a_browser() {
    let Some(settings) = settings() else { return };
    let faults = ["cancel-strands-psu", "redirect-307", "consent-hides-amount"];
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &faults);
    play_by(&desk, "[\"browser\"]", &settings);
    let ended = run(&desk, &["t.toml", "FLOW-001", "PSU-001", "AUTHZ-013", "BG-022"]);
    assert_eq!(desk.last_run().with("fail"), ["AUTHZ-013", "BG-022", "PSU-001"], "{}", ended.stdout);
    assert_eq!(desk.last_run().with("pass"), ["FLOW-001"]);
}

#[test]
fn a_driver_that_is_not_there_is_named_and_the_turn_passed() {
    let desk = Desk::new();
    let _bank = bank_played_by(&desk, "[\"browser\"]", "[psu.browser]\ndriver = \"no-such-driver\"\n");
    let ended = desk.run(&["t.toml", "FLOW-001", "AUTHZ-006"]);
    assert_eq!((ended.code, accusing(&desk.last_run())), (3, Vec::new()), "{}", ended.stdout);
    let reason = desk.last_run().check("FLOW-001")["reason"].as_str().unwrap().to_owned();
    for told in ["no-such-driver", "install it", "[psu.browser]"] {
        assert!(reason.contains(told), "{reason}");
    }
    desk.write("t.toml", &desk.read("t.toml").replace("[\"browser\"]", "[\"browser\", \"form-script\"]"));
    let ended = desk.run(&["t.toml", "FLOW-001", "AUTHZ-006"]);
    assert_eq!(ended.code, 0, "{}", ended.stdout);
}

#[test]
fn a_driver_that_is_none_is_told() {
    let desk = Desk::new();
    let _bank = bank_played_by(&desk, "[\"browser\"]", "[psu.browser]\ndriver = \"/bin/true\"\n");
    let ended = desk.run(&["t.toml", "FLOW-001"]);
    assert_eq!((ended.code, accusing(&desk.last_run())), (3, Vec::new()), "{}", ended.stdout);
    let reason = desk.last_run().check("FLOW-001")["reason"].as_str().unwrap().to_owned();
    assert!(reason.contains("is it a chromedriver?"), "{reason}");
}

/// The processes with that word in their environment.
fn processes(mark: &str) -> Vec<String> {
    let of = |process: &Path| {
        let environment = fs::read(process.join("environ")).ok()?;
        let is_ours = String::from_utf8_lossy(&environment).split('\0').any(|variable| variable == mark);
        let command = fs::read(process.join("cmdline")).unwrap_or_default();
        is_ours.then(|| String::from_utf8_lossy(&command).replace('\0', " ")).filter(|command| !command.is_empty())
    };
    fs::read_dir("/proc").into_iter().flatten().filter_map(|entry| of(&entry.ok()?.path())).collect()
}

/// Whatever ends us: no driver and no browser is left behind.
#[test]
#[cfg(target_os = "linux")]
fn a_run_that_is_killed_leaves_no_browser_behind() {
    let Some(settings) = settings() else { return };
    let desk = Desk::new();
    let _bank = bank_played_by(&desk, "[\"browser\"]", &settings);
    let mark = format!("BANKPROOF_TEST_MARK={}", uuid::Uuid::new_v4());
    let (name, value) = mark.split_once('=').unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_bankproof"));
    command.args(["run", "--out", "out", "t.toml", "FLOW", "PSU"]).current_dir(desk.path("")).env(name, value);
    let mut run = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let has_browser = || processes(&mark).iter().any(|command| command.contains("--proxy-server=")).then_some(());
    eventually("a browser", has_browser);
    run.kill().unwrap();
    run.wait().unwrap();
    let is_empty = || processes(&mark).is_empty().then_some(());
    eventually("the end of the browser", is_empty);
}

//! `docs/uk-session.md` works as it stands: its shell lines run one after the other, and say what it says they do.

use std::{fs, path::Path, process::Command};

use super::support::Desk;

#[test]
fn the_uk_session_can_be_walked() {
    let needed = ["bash", "curl", "openssl"];
    if let Some(missing) = needed.iter().find(|tool| Command::new(tool).arg("--version").output().is_err()) {
        assert!(std::env::var_os("BANKPROOF_REQUIRE_CURL").is_none(), "{missing} is missing");
        return eprintln!("SKIPPED: {missing} is not here");
    }
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/uk-session.md");
    let page = fs::read_to_string(page).unwrap();
    let desk = Desk::new();
    let _bank = desk.bank_with("uk.toml", &["--dialect", "uk-open-banking"]);
    desk.write("session.sh", &format!("set -euo pipefail\n{}", blocks(&page, "sh")));
    let output = Command::new("bash").arg("session.sh").current_dir(desk.path("")).output().unwrap();
    let (said, complaints) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let shown: String = blocks(&page, "console")
        .lines()
        .filter(|line| !line.starts_with('$'))
        .map(|line| format!("{line}\n"))
        .collect();
    assert_eq!(said, shown, "{complaints}");
}

/// The fenced blocks of that language, one after the other.
fn blocks(page: &str, language: &str) -> String {
    let fence = format!("```{language}\n");
    page.split(&fence).skip(1).map(|rest| format!("{}\n", rest.split("\n```").next().unwrap())).collect()
}

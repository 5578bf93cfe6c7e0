//! The PSU agents that reach beyond this process: a real browser, any program, a person. Each passes the same checks at the
//! bundled bank; and what is missing, broken or mistaken on our side accuses nobody.
//!
//! Tests of the browser skip where there is none; with `BANKPROOF_REQUIRE_BROWSER=1` they fail there.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]
#![allow(clippy::print_stderr, reason = "a test that skips says so")]

#[path = "psu_driven/browser.rs"]
mod browser;
#[path = "psu_driven/by_command.rs"]
mod by_command;
#[path = "psu_driven/by_hand.rs"]
mod by_hand;
#[path = "psu_driven/customer.rs"]
mod customer;
#[path = "psu_driven/keyboard.rs"]
mod keyboard;
#[path = "psu_driven/script_pages.rs"]
mod script_pages;
#[path = "psu_driven/wrong_usage.rs"]
mod wrong_usage;

use crate::{psu_agent::server, sessions, support};

use sessions::{Desk, Ended, ForeignBank, Run};
use toml::Table;

/// What a customer does at a bank, and checks that need it.
const SET: [(&str, &[&str]); 6] = [
    ("approve", &["FLOW-001", "FLOW-003", "PKCE-003", "AUTHZ-002", "BG-025", "STATE-001"]),
    ("deny", &["AUTHZ-006", "STATE-002", "BG-028", "REDIR-009"]),
    ("cancel", &["PSU-001"]),
    // One check alone: whoever is always the same customer is locked out by it.
    ("mistype", &["PSU-002"]),
    ("abandon", &["PSU-003"]),
    ("pages", &["AUTHZ-014", "BG-022"]),
];

fn ids() -> Vec<&'static str> {
    SET.iter().flat_map(|(_, ids)| ids.iter().copied()).collect()
}

/// Every check passes but those of what the agent is unable to do: they do not apply, and say why.
fn assert_set(run: &Run, ended: &Ended, unable: &[&str]) {
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    for (deed, ids) in SET {
        let expected = if unable.contains(&deed) { "not-applicable" } else { "pass" };
        for id in ids {
            let check = run.check(id);
            assert_eq!(check["verdict"], expected, "{deed}: {id}: {}", check["reason"]);
            let reason = check["reason"].as_str().unwrap();
            assert!(expected == "pass" || reason.contains("PSU agent"), "{id}: {reason}");
        }
    }
}

/// What accuses a bank.
fn accusing(run: &Run) -> Vec<String> {
    ["fail", "warn", "info"].into_iter().flat_map(|verdict| run.with(verdict)).collect()
}

/// The bundled bank with a target file whose customer is played by others.
fn bank_played_by(desk: &Desk, agents: &str, tables: &str) -> ForeignBank {
    let bank = desk.bank("t.toml", &[]);
    play_by(desk, agents, tables);
    bank
}

/// Has the customer of the target file played by others.
fn play_by(desk: &Desk, agents: &str, tables: &str) {
    let mut target: Table = toml::from_str(&desk.read("t.toml")).unwrap();
    let others: Table = toml::from_str(&format!("[psu]\nagents = {agents}\n{tables}")).unwrap();
    let psu = target["psu"].as_table_mut().unwrap();
    psu.remove("decoupled");
    psu.extend(others["psu"].as_table().unwrap().clone());
    desk.write("t.toml", &toml::to_string(&target).unwrap());
}

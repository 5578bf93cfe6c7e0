//! Every PSU agent at the bundled bank, by the same set of checks: what an agent can do is done and judged, what it
//! cannot do does not apply, and says why. Nothing fails, and nothing remains untold.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]

use crate::sessions as support;

#[path = "psu_agents/decoupled.rs"]
mod decoupled;
#[path = "psu_agents/turns.rs"]
mod turns;

use support::{Desk, Run};

/// What a customer can do at a bank, and checks that need it. The last one moves the bank's clock.
const SET: [(&str, &[&str]); 6] = [
    ("approve", &["FLOW-001", "FLOW-003", "PKCE-003", "AUTHZ-002", "AUTHZ-016", "BG-013", "BG-025", "STATE-001"]),
    ("pages", &["AUTHZ-014", "BG-022"]),
    ("deny", &["AUTHZ-006", "STATE-002", "BG-028", "REDIR-009"]),
    ("cancel", &["PSU-001"]),
    ("mistype", &["PSU-002"]),
    ("mistype the one-time code", &["PSU-004"]),
];
const ABANDON: (&str, &[&str]) = ("abandon", &["PSU-003"]);

/// One agent and the bank that it is for.
struct Row {
    /// As the target file spells it.
    agent: &'static str,
    /// How the bank is started.
    bank: &'static [&'static str],
    /// What becomes of the target file that the bank writes.
    edit: fn(&Desk, String) -> String,
    /// What the agent cannot do.
    unable: &'static [&'static str],
}

const ROWS: [Row; 5] = [
    Row { agent: "form-script", bank: &[], edit: as_it_is, unable: &[] },
    Row {
        agent: "direct-302",
        bank: &["--habit", "sandbox-approves-at-once"],
        edit: as_it_is,
        unable: &["pages", "deny", "cancel", "mistype", "mistype the one-time code", "abandon"],
    },
    Row {
        agent: "consent-hint",
        bank: &["--habit", "sandbox-takes-hint"],
        edit: as_it_is,
        unable: &["pages", "mistype the one-time code", "abandon"],
    },
    Row {
        agent: "consent-hint",
        bank: &["--habit", "sandbox-takes-hint"],
        edit: |_, target| target.replace("parameter = \"psu_consent\"", "header = \"X-PSU-Consent\""),
        unable: &["pages", "mistype the one-time code", "abandon"],
    },
    Row { agent: "magic-user", bank: &["--habit", "sandbox-magic-users"], edit: as_it_is, unable: &[] },
];

fn as_it_is(_: &Desk, target: String) -> String {
    target
}

/// Who has walked, by the names of those who sent requests.
fn walkers(run: &Run) -> Vec<String> {
    let exchanges = run.events().into_iter().filter(|event| event["event"] == "exchange");
    let psu = exchanges.filter(|event| event["identity"]["name"] == "psu");
    let mut names: Vec<String> =
        psu.map(|event| format!("psu ({})", event["identity"]["how"].as_str().unwrap())).collect();
    names.sort();
    names.dedup();
    names
}

#[test]
fn every_agent_passes_the_same_set() {
    for row in ROWS {
        let desk = Desk::new();
        let _bank = desk.bank_with("t.toml", row.bank);
        desk.write("t.toml", &(row.edit)(&desk, desk.read("t.toml")));
        let ids: Vec<&str> = SET.iter().chain([&ABANDON]).flat_map(|(_, ids)| ids.iter().copied()).collect();
        let ended = desk.run(&[&["t.toml"], &ids[..]].concat());
        let run = desk.last_run();
        assert_eq!(ended.code, 0, "{}: {}{}", row.agent, ended.stdout, ended.stderr);
        for (deed, ids) in SET.iter().chain([&ABANDON]) {
            let expected = if row.unable.contains(deed) { "not-applicable" } else { "pass" };
            for id in *ids {
                let check = run.check(id);
                assert_eq!(check["verdict"], expected, "{}: {deed}: {id}: {}", row.agent, check["reason"]);
                let reason = check["reason"].as_str().unwrap_or_default();
                assert!(expected == "pass" || reason.contains("PSU agent"), "{}: {id}: {reason}", row.agent);
            }
        }
        assert_eq!(walkers(&run), [format!("psu ({})", row.agent)]);
    }
}

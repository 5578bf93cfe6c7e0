//! Several agents in turn, and agents at banks that are not as the target file says: nobody is accused.

use super::{
    support::{Desk, Run},
    walkers,
};

/// What accuses a bank.
fn accusing(run: &Run) -> Vec<String> {
    ["fail", "warn", "info"].into_iter().flat_map(|verdict| run.with(verdict)).collect()
}

/// The target file of a bank with other agents, and tables of theirs; `decoupled` and its table stay.
fn edited(desk: &Desk, agents: &str, table: &str) -> String {
    let target = desk.read("t.toml");
    let (before, rest) = target.split_once("agents = [").unwrap();
    let whole = format!("{before}agents = [{agents}, \"decoupled\"]{}", rest.split_once(']').unwrap().1);
    whole.replacen("[payment]", &format!("{table}\n[payment]"), 1)
}

#[test]
fn an_agent_that_gets_nowhere_passes_the_turn() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    desk.write("t.toml", &edited(&desk, "\"direct-302\", \"form-script\"", ""));
    let ended = desk.run(&["t.toml", "FLOW-001", "AUTHZ-002", "AUTHZ-006", "PSU-001", "BG-025"]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    let run = desk.last_run();
    assert_eq!(run.verdicts().len(), run.with("pass").len(), "{}", ended.stdout);
    assert_eq!(walkers(&run), ["psu (direct-302)", "psu (form-script)"]);
}

#[test]
fn a_bank_that_asks_for_something_is_not_accused_where_nobody_can_answer() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    desk.write("t.toml", &edited(&desk, "\"direct-302\"", ""));
    let ended = desk.run(&["t.toml", "FLOW-001", "AUTHZ-006"]);
    let run = desk.last_run();
    assert_eq!((ended.code, accusing(&run)), (3, Vec::new()), "{}", ended.stdout);
    assert_eq!(run.check("FLOW-001")["verdict"], "inconclusive");
    let reason = run.check("FLOW-001")["reason"].to_string();
    assert!(reason.contains("/login is a page that asks for something"), "{reason}");
    assert_eq!(run.check("AUTHZ-006")["verdict"], "not-applicable");
}

/// The sandbox approves whatever it is told: the hint is wrong, and not the bank.
#[test]
fn a_hint_that_is_not_taken_accuses_nobody() {
    let desk = Desk::new();
    let _bank = desk.bank_with("t.toml", &["--habit", "sandbox-approves-at-once"]);
    let table =
        "[psu.consent-hint]\nparameter = \"x\"\napprove = \"y\"\ndeny = \"n\"\ncancel = \"c\"\nmistype = \"m\"\n";
    desk.write("t.toml", &edited(&desk, "\"consent-hint\"", table));
    let ended = desk.run(&["t.toml", "FLOW", "AUTHZ-006", "STATE-002", "PSU", "BG-028", "REDIR-009"]);
    let run = desk.last_run();
    assert_eq!(accusing(&run), [""; 0], "{}", ended.stdout);
    assert_eq!(run.check("FLOW-001")["verdict"], "pass");
    for id in ["AUTHZ-006", "PSU-001", "PSU-002", "BG-028", "REDIR-009"] {
        assert_eq!(run.check(id)["verdict"], "inconclusive", "{id}");
        let reason = run.check(id)["reason"].to_string();
        assert!(reason.contains("does the target file tell the sandbox"), "{id}: {reason}");
    }
}

#[test]
fn users_that_are_not_magic_accuse_nobody() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    let name = desk.read("t.toml").lines().find(|line| line.starts_with("username = ")).unwrap().to_owned();
    let tables = ["deny", "cancel", "mistype"].map(|deed| format!("[psu.magic-user.{deed}.fields]\n{name}\n")).concat();
    desk.write("t.toml", &edited(&desk, "\"magic-user\"", &tables));
    let ended = desk.run(&["t.toml", "FLOW-001", "AUTHZ-006", "PSU-001", "PSU-002", "BG-028", "REDIR-009"]);
    let run = desk.last_run();
    assert_eq!(accusing(&run), [""; 0], "{}", ended.stdout);
    assert_eq!(run.check("FLOW-001")["verdict"], "pass", "{}", ended.stdout);
    assert_eq!(run.check("AUTHZ-006")["verdict"], "inconclusive", "{}", ended.stdout);
}

/// After a release of the bank its login form has other names for its fields.
#[test]
fn a_form_that_has_changed_is_told_and_nobody_is_accused() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    let target = desk.read("t.toml");
    desk.write("t.toml", &target.replace("username = ", "kundennummer = ").replace("\"login\", ", ""));
    let ended = desk.run(&["t.toml", "FLOW-001", "AUTHZ-006", "PSU-001", "PSU-004", "BG-025"]);
    let run = desk.last_run();
    assert_eq!(accusing(&run), [""; 0], "{}", ended.stdout);
    assert_eq!(run.check("FLOW-001")["verdict"], "inconclusive");
    assert!(run.check("FLOW-001")["reason"].to_string().contains("credentials"), "{}", run.check("FLOW-001")["reason"]);
}

//! The customer who decides on a device of its own: at a bank that sends nobody anywhere, by a request or a program, and
//! where the decision never comes.

use super::support::Desk;

const ELSEWHERE: [&str; 2] = ["BG-030", "BG-031"];

/// The target file of a bank whose customer is made to approve by that.
fn approving_by(desk: &Desk, order: &str) -> String {
    let target = desk.read("t.toml");
    let (before, rest) = target.split_once("[psu.decoupled.approve]\n").unwrap();
    let (_, after) = rest.split_once("\n\n").unwrap();
    format!("{before}[psu.decoupled.approve]\n{order}\n\n{after}")
}

#[test]
fn a_bank_that_sends_nobody_anywhere_is_judged_by_its_status() {
    let desk = Desk::new();
    let _bank = desk.bank_with("t.toml", &["--habit", "sca-decoupled"]);
    let ended = desk.run(&["t.toml", "BG", "FLOW", "AUTHZ-006", "PSU", "REDIR-009"]);
    let run = desk.last_run();
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    for id in ["BG-001", "BG-012", "BG-019", "BG-027", "BG-030", "BG-031"] {
        assert_eq!(run.check(id)["verdict"], "pass", "{id}: {}", run.check(id)["reason"]);
    }
    for id in ["BG-013", "BG-022", "BG-024", "BG-025", "BG-028", "FLOW-001", "AUTHZ-006", "PSU-001", "REDIR-009"] {
        assert_eq!(run.check(id)["verdict"], "not-applicable", "{id}");
        assert_ne!(run.check(id)["reason"], "", "{id}");
    }
    assert!(run.requests().iter().any(|(_, url)| url.ends_with("/clock")), "nobody had to wait");
}

/// The program has to say who it is for: it is given the ids, and the bank's own device does the rest.
#[test]
fn a_program_can_make_the_customer_decide() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    let device = desk.read("t.toml").lines().find(|line| line.contains("/device\"")).unwrap().to_owned();
    let url = device.trim_start_matches("url = ").trim_matches('"').to_owned();
    let script = format!(
        "curl -sf --cacert \"$(dirname \"$0\")/t-identities/ca-root.pem\" -H 'Content-Type: application/json' \
         -d \"{{\\\"authorisation\\\": \\\"$1\\\", \\\"does\\\": \\\"approve\\\"}}\" {url}\n"
    );
    desk.write("approve.sh", &script);
    let order = format!("command = [\"sh\", \"{}\", \"{{authorisation_id}}\"]", desk.path("approve.sh").display());
    desk.write("t.toml", &approving_by(&desk, &order));
    let ended = desk.run(&["t.toml", "BG-030", "BG-031"]);
    let run = desk.last_run();
    assert_eq!((ended.code, run.with("pass").len()), (0, run.verdicts().len()), "{}", ended.stdout);
    assert!(!run.requests().iter().any(|(_, url)| url.ends_with("/device") && url.contains("approve")));
}

/// Neither an approval that gets lost nor one that cannot be given tells anything about the bank.
#[test]
fn a_decision_that_never_comes_accuses_nobody() {
    for (order, cause) in [
        ("command = [\"true\"]", "the PSU's approval has not arrived at the bank"),
        ("command = [\"false\"]", "failed"),
        ("command = [\"./no-such-program\"]", "cannot be started"),
        ("url = \"https://localhost:9/device\"", "make the PSU decide on its device"),
    ] {
        let desk = Desk::new();
        let _bank = desk.bank("t.toml", &[]);
        desk.write("t.toml", &approving_by(&desk, order));
        let ended = desk.run(&["t.toml", "BG-030"]);
        let run = desk.last_run();
        assert_eq!(run.with("fail"), [""; 0], "{order}: {}", ended.stdout);
        assert_eq!((ended.code, run.check("BG-030")["verdict"].as_str().unwrap()), (3, "inconclusive"), "{order}");
        let reason = run.check("BG-030")["reason"].to_string();
        assert!(reason.contains(cause), "{order}: {reason}");
    }
}

#[test]
fn what_nobody_can_do_on_the_device_does_not_apply() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    let target = desk.read("t.toml");
    let (before, rest) = target.split_once("[psu.decoupled.deny]\n").unwrap();
    desk.write("t.toml", &format!("{before}{}", rest.split_once("\n\n").unwrap().1));
    assert_eq!(desk.run(&[&["t.toml"], &ELSEWHERE[..]].concat()).code, 0);
    let run = desk.last_run();
    assert_eq!(run.check("BG-030")["verdict"], "pass");
    assert_eq!(run.check("BG-031")["verdict"], "not-applicable");
    assert!(run.check("BG-031")["reason"].to_string().contains("PSU agent"));
}

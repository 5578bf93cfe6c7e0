//! Target files that these agents cannot work with end the run before the first request, and say what to do.

use super::{bank_played_by, sessions::Desk};

/// The agents, their tables, and what is told.
const WRONG: [(&str, &str, &str); 10] = [
    ("command", "", "has no table `[psu.command]`"),
    ("command", "[psu.command]\nrun = []\n", "`psu.command.run` names no program"),
    ("command", "[psu.command]\nrun = [\"./not-there.py\"]\n", "not-there.py, which is no file"),
    ("command", "[psu.command]\nrun = [\"/bin/true\"]\nseconds = 0\n", "`psu.command.seconds` is 0"),
    ("browser", "[psu.browser]\nwebdriver = \"http://grid.example:4444\"\n", "no http URL of this machine"),
    ("browser", "[psu.browser]\npatience_seconds = 1000\n", "`psu.browser.patience_seconds` is 1000"),
    ("manual", "[psu.manual]\nlisten = \"0.0.0.0:8765\"\n", "which is no port of this machine"),
    ("manual", "[psu.manual]\ncan = []\n", "`psu.manual.can` is empty"),
    ("manual", "[psu.manual]\nminute = 3\n", "minute"),
    ("form-script", "[[psu.lockable]]\nfields = {}\n", "`psu.lockable[0]` names nobody"),
];

#[test]
fn tables_that_cannot_be_used_are_told_with_their_mend() {
    for (agent, table, told) in WRONG {
        let desk = Desk::new();
        bank_played_by(&desk, &format!("[\"{agent}\"]"), table).end();
        let ended = desk.run(&["t.toml", "FLOW-001"]);
        assert_eq!(ended.code, 2, "{table}: {}", ended.stderr);
        assert!(ended.stderr.contains(told) && ended.stderr.contains("mend: "), "{table}: {}", ended.stderr);
        assert!(ended.stderr.contains("t.toml"), "{table}: {}", ended.stderr);
    }
}

/// On a target marked `production` none of them goes to the bank, whatever it could do there.
#[test]
fn production_is_left_alone() {
    for (agent, table) in [("browser", ""), ("command", "[psu.command]\nrun = [\"/bin/true\"]\n"), ("manual", "")] {
        let desk = Desk::new();
        let _bank = bank_played_by(&desk, &format!("[\"{agent}\"]"), table);
        desk.write("t.toml", &desk.read("t.toml").replace("environment = \"test\"", "environment = \"production\""));
        desk.run(&["t.toml", "FLOW", "PSU", "AUTHZ-006", "BG-025"]);
        let urls: Vec<String> = desk.last_run().requests().into_iter().map(|(_, url)| url).collect();
        assert!(urls.iter().all(|url| url.contains("/.well-known/")), "{agent}: {urls:?}");
    }
}

//! `command`: a program plays the customer.

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf, sync::Arc, time::Duration};

use super::{
    SET, accusing, assert_set, bank_played_by,
    customer::{Customer, Deed},
    ids,
    sessions::Desk,
};

/// Hands what it is told to the test, and prints what the test answers.
const BRIDGE: &str = r#"#!/bin/sh
read -r order
place="$1/$$"
printf '%s\n%s\n%s\n%s\n' "$BANKPROOF_BEHAVIOUR" "$BANKPROOF_TIMES" "$BANKPROOF_URL" "$order" > "$place.asked.new"
mv "$place.asked.new" "$place.asked"
while :; do
  until [ -f "$place.answer" ]; do sleep 0.05; done
  answer=$(cat "$place.answer"); rm "$place.answer"
  echo "$answer"
  [ "$answer" = waiting ] || exit 0
  read -r go
  touch "$place.going"
done
"#;

fn script(desk: &Desk, name: &str, text: &str) {
    desk.write(name, text);
    fs::set_permissions(desk.path(name), fs::Permissions::from_mode(0o755)).unwrap();
}

/// Answers a program that was asked, as the bundled bank's customer.
async fn answer(asked: PathBuf, customer: Arc<Customer>) {
    let told = fs::read_to_string(&asked).unwrap();
    fs::remove_file(&asked).unwrap();
    let [behaviour, times, url, order] = told.lines().collect::<Vec<_>>()[..] else { panic!("{told}") };
    let order: serde_json::Value = serde_json::from_str(order).unwrap();
    assert_eq!((order["url"].as_str(), order["behaviour"].as_str()), (Some(url), Some(behaviour)));
    let deed = match behaviour {
        "approve" => Deed::APPROVE,
        "deny" => Deed::DENY,
        "cancel" => Deed::CANCEL,
        "mistype" => Deed::mistype(99),
        "mistype-one-time-code" => Deed::mistype(times.parse().unwrap()),
        "abandon" => Deed::PAUSE,
        other => panic!("{other} is no behaviour"),
    };
    let say = |text: &str| {
        fs::write(asked.with_extension("new"), text).unwrap();
        fs::rename(asked.with_extension("new"), asked.with_extension("answer")).unwrap();
    };
    let pause = || async {
        say("waiting");
        while !asked.with_extension("going").exists() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let landed = customer.play(url, &deed, pause).await;
    say(&landed.unwrap_or_default());
}

/// Plays the customer for every program that asks, until `run` is over.
fn playing<T>(desk: &Desk, run: impl FnOnce() -> T) -> T {
    let (folder, customer) = (desk.path("bridge"), Arc::new(Customer::of(&desk.path("t.toml"))));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.spawn(async move {
        loop {
            let entries = fs::read_dir(&folder).into_iter().flatten().map(|entry| entry.unwrap().path());
            for asked in entries.filter(|path| path.extension().is_some_and(|kind| kind == "asked")) {
                let taken = asked.with_extension("taken");
                fs::rename(asked, &taken).unwrap();
                tokio::spawn(answer(taken, customer.clone()));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let done = run();
    runtime.shutdown_background();
    done
}

fn bridge(desk: &Desk, can: &str) -> super::ForeignBank {
    fs::create_dir(desk.path("bridge")).unwrap();
    script(desk, "bridge.sh", BRIDGE);
    let run = format!("[\"./bridge.sh\", \"{}\"]", desk.path("bridge").display());
    bank_played_by(desk, "[\"command\"]", &format!("[psu.command]\nrun = {run}\ncan = {can}\n"))
}

#[test]
fn a_program_passes_the_set() {
    let desk = Desk::new();
    let _bank = bridge(&desk, "[\"approve\", \"deny\", \"cancel\", \"mistype\", \"abandon\"]");
    let ended = playing(&desk, || desk.run(&[&["t.toml"], &ids()[..]].concat()));
    assert_set(&desk.last_run(), &ended, &["pages"]);
    // What came back by another way than an exchange is as secret.
    let journal = desk.last_run().read("journal.ndjson");
    assert!(journal.contains("‹code:"), "a code was redeemed");
}

#[test]
fn a_program_that_can_approve_alone_leaves_the_rest_not_applicable() {
    let desk = Desk::new();
    let _bank = bridge(&desk, "[\"approve\"]");
    let ended = playing(&desk, || desk.run(&[&["t.toml"], &ids()[..]].concat()));
    let unable: Vec<&str> = SET.iter().map(|(deed, _)| *deed).filter(|deed| *deed != "approve").collect();
    assert_set(&desk.last_run(), &ended, &unable);
}

/// Programs that do not do what they should, and what is told of each.
const BROKEN: [(&str, &str); 5] = [
    ("echo \"no password: $1\" >&2; exit 7", "exit status: 7; what it had to say of that went to the terminal"),
    ("echo nonsense", "its last line is no URL"),
    ("exec sleep 30", "did not end within 2 seconds"),
    ("yes https://tpp-a.example/callback | head -c 100000", "prints more than 65536 bytes"),
    ("exit 0", "the PSU did not come back from the bank"),
];

#[test]
fn programs_that_fail_accuse_nobody() {
    for (body, told) in BROKEN {
        let desk = Desk::new();
        script(&desk, "agent.sh", &format!("#!/bin/sh\n{body}\n"));
        let bank = desk.bank("t.toml", &[]);
        let password = Customer::of(&desk.path("t.toml")).password;
        bank.end();
        let table = format!("[psu.command]\nrun = [\"./agent.sh\", \"{password}\"]\nseconds = 2\n");
        fs::remove_file(desk.path("t.toml")).unwrap();
        let _bank = bank_played_by(&desk, "[\"command\"]", &table);
        let own = Customer::of(&desk.path("t.toml")).password;
        desk.write("t.toml", &desk.read("t.toml").replace(&password, &own));
        let ended = desk.run(&["t.toml", "FLOW-001", "BG-025"]);
        let run = desk.last_run();
        assert_eq!((ended.code, accusing(&run)), (3, Vec::new()), "{body}: {}{}", ended.stdout, ended.stderr);
        let reason = run.check("FLOW-001")["reason"].as_str().unwrap().to_owned();
        assert!(reason.contains(told), "{body}: {reason}");
        for (place, text) in
            [("stdout", ended.stdout), ("page", run.read("report.html")), ("journal", run.read("journal.ndjson"))]
        {
            assert!(!text.contains(&own), "the password is told in {place}");
        }
    }
}

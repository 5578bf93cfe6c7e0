//! Secrets that are not in the target file, but in the environment, in a file, or with a program.

use super::support::{Desk, Ended};

/// Where a secret of the target file stands, and what stands there instead.
fn moved(text: &str, key: &str, elsewhere: &str) -> (String, String) {
    let line = text.lines().find(|line| line.starts_with(&format!("{key} = \""))).unwrap();
    let value = line.split('"').nth(1).unwrap().to_owned();
    (text.replacen(line, &format!("{key} = {elsewhere}"), 1), value)
}

fn is_refused(ended: &Ended, words: &[&str]) {
    assert_eq!(ended.code, 2, "{words:?}: {}{}", ended.stdout, ended.stderr);
    for words in words {
        assert!(ended.stderr.contains(words), "\"{words}\" is not in: {}", ended.stderr);
    }
}

#[test]
fn a_run_needs_no_secret_in_the_target_file() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    let (text, password) = moved(&desk.read("t.toml"), "password", "{ env = \"BANK_PASSWORD\" }");
    let (text, otp) = moved(&text, "otp", "{ file = \"otp.txt\" }");
    let (text, iban) = moved(&text, "debtor_iban", "{ command = [\"cat\", \"iban.txt\"] }");
    desk.write("t.toml", &text);
    desk.write("otp.txt", &format!("{otp}\r\nthe line below is no part of it\n"));
    desk.write("iban.txt", &format!("{iban}\n"));
    let ended = desk.bankproof_in(&[("BANK_PASSWORD", &password)], &["run", "--out", "out", "t.toml", "FLOW-001"]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    let run = desk.last_run();
    let journal = run.read("journal.ndjson");
    for secret in [&password, &otp, &iban] {
        assert!(!journal.contains(secret.as_str()), "a secret is in the journal");
    }
}

#[test]
fn a_secret_that_is_not_where_it_should_be_is_told_with_a_mend() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    let good = desk.read("t.toml");
    desk.write("empty.txt", "\n");
    desk.write("long.txt", &"x".repeat(100_000));
    for (elsewhere, words) in [
        ("{ env = \"BANKPROOF_NOT_SET\" }", ["BANKPROOF_NOT_SET is not set", "export BANKPROOF_NOT_SET="]),
        ("{ file = \"nowhere.txt\" }", ["nowhere.txt` cannot be read", "relative to it"]),
        ("{ file = \"empty.txt\" }", ["has no first line", "on its first line"]),
        ("{ file = \"long.txt\" }", ["too long", "on its first line"]),
        ("{ command = [] }", ["`command` is empty", "pass"]),
        ("{ command = [\"no-such-program-4711\"] }", ["cannot be started", "by hand"]),
        ("{ command = [\"false\"] }", ["failed", "by hand"]),
        ("{ command = [\"true\"] }", ["has no first line", "by hand"]),
        ("{ command = [\"cat\", \"/dev/zero\"] }", ["too much", "by hand"]),
        ("{ vault = \"bank\" }", ["a secret is a string", "mend"]),
    ] {
        let (bad, _) = moved(&good, "otp", elsewhere);
        desk.write("t.toml", &bad);
        let ended = desk.run(&["t.toml", "META-001"]);
        let at = bad.lines().position(|line| line.starts_with("otp = ")).unwrap() + 1;
        is_refused(&ended, &["t.toml", &format!("line {at}"), words[0], words[1]]);
        if !elsewhere.contains("vault") {
            is_refused(&ended, &["`psu.secrets.otp`"]);
        }
        assert!(desk.runs().is_empty(), "{elsewhere}: a run began");
    }
}

#[test]
fn what_a_program_says_beside_the_secret_is_not_shown() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    let program = "{ command = [\"sh\", \"-c\", \"echo the-pin-is-47110815; echo no: 47110815 >&2; exit 3\"] }";
    let (bad, _) = moved(&desk.read("t.toml"), "otp", program);
    desk.write("t.toml", &bad);
    let ended = desk.run(&["t.toml", "META-001"]);
    is_refused(&ended, &["`psu.secrets.otp`", "failed"]);
    assert!(!ended.stderr.contains("47110815"), "{}", ended.stderr);
}

#[test]
fn what_is_wrong_with_the_file_is_told_without_what_stands_there() {
    const CANARY: &str = "Sesame-4711-0815";
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    let good = desk.read("t.toml");
    let line = |key: &str| good.lines().find(|line| line.starts_with(&format!("{key} = "))).unwrap();
    let pem = format!("-----BEGIN PRIVATE KEY-----\\n{CANARY}\\n-----END PRIVATE KEY-----");
    for (old, new, words) in [
        ("[psu.secrets]", format!("secrets = \"{CANARY}\"\n[psu.secretsx]"), "secrets"),
        ("[payment]", format!("[payment]\nheaders = \"{CANARY}\""), "`payment.headers`"),
        (line("key"), format!("key = \"{pem}\""), "holds what belongs into a file"),
        (line("key"), format!("key = \"{CANARY}\""), "`identity.key` names a file"),
        (
            line("issuer"),
            format!("issuer = \"https://me:{CANARY}@127.0.0.1:1\""),
            "`server.issuer` is a URL that names a user",
        ),
        (line("api"), format!("api = \"https://{CANARY}@127.0.0.1:1\""), "`server.api` is a URL that names a user"),
        (
            line("clock"),
            format!("clock = \"https://me:{CANARY}@127.0.0.1:1\""),
            "`server.clock` is a URL that names a user",
        ),
        (line("otp"), format!("otp = \"{CANARY}"), "mend"),
        (line("otp"), "otp = 4711081500".to_owned(), "`psu.secrets.otp`"),
        (line("otp"), format!("otp = {{ env = \"{CANARY}\" }}"), "the environment variable that `env` names"),
        (line("otp"), format!("otp = {{ file = \"{CANARY}\" }}"), "`psu.secrets.otp`"),
        (line("otp"), format!("otp = {{ command = [\"{CANARY}\"] }}"), "cannot be started"),
        (line("client_id"), format!("client_secrt = \"{CANARY}\""), "client_secrt"),
    ] {
        let bad = good.replacen(old, &new, 1);
        assert_ne!(bad, good, "{old}");
        desk.write("t.toml", &bad);
        for command in [
            &["run", "--out", "out", "t.toml", "META-001"][..],
            &["doctor", "t.toml"],
            &["doctor", "t.toml", "--format", "json"],
        ] {
            let ended = desk.bankproof(command);
            let told = format!("{}{}", ended.stdout, ended.stderr);
            assert_eq!(ended.code, 2, "{new}: {told}");
            assert!(told.contains(words) && told.contains("t.toml"), "{new}: \"{words}\" is not in {told}");
            assert!(!told.contains("Sesame") && !told.contains("4711"), "{command:?}: {new}: {told}");
        }
        assert!(desk.runs().is_empty(), "{new}: a run began");
    }
}

#[test]
fn neither_waivers_nor_answers_are_quoted() {
    let desk = Desk::new();
    desk.write("w.toml", "[[waiver]]\ncheck = \"PKCE-003\"\nreason = { secret = \"Sesame-4711\" }\n");
    desk.write("a.toml", "issuer = \"https://bank.example\"\nclient_secret = { value = \"Sesame-4711\" }\n");
    for arguments in [
        &["run", "--out", "out", "--waivers", "w.toml"][..],
        &["init", "--out", "t.toml", "--answers", "a.toml"],
        &["init", "--out", "t.toml", "--answer", "issuer=https://me:Sesame-4711@bank.example"],
    ] {
        let ended = desk.bankproof(arguments);
        assert_eq!(ended.code, 2, "{arguments:?}: {}", ended.stderr);
        assert!(!ended.stderr.contains("Sesame"), "{arguments:?}: {}", ended.stderr);
    }
}

/// Where the values of `[[requests]]` must not be, and what is left behind.
fn judged_with(desk: &Desk, good: &str, requests: &str) -> String {
    desk.write("t.toml", &format!("{good}\n[[requests]]\n{requests}\n"));
    desk.write("key.txt", "live/k3y+0f-a.test=\n");
    let environment = [("BANK_KEY", "0f9e8d7c6b5a-of-the-environment")];
    let ended = desk.bankproof_in(&environment, &["run", "--out", "out", "t.toml", "FLOW-00", "--verbose"]);
    assert_eq!(ended.code, 0, "{requests}: {}{}", ended.stdout, ended.stderr);
    let examined = desk.bankproof_in(&environment, &["doctor", "t.toml"]);
    let run = desk.last_run();
    let files = ["report.html", "results.json", "junit.xml", "journal.ndjson"].map(|name| run.read(name));
    files.concat() + &ended.stdout + &ended.stderr + &examined.stdout + &examined.stderr
}

#[test]
fn what_is_sent_in_headers_is_secret_wherever_it_is_kept() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    let good = desk.read("t.toml");
    for (value, secret) in [
        ("\"plain-key-77aa88bb\"", "plain-key-77aa88bb"),
        ("{ env = \"BANK_KEY\" }", "0f9e8d7c6b5a-of-the-environment"),
        ("{ file = \"key.txt\" }", "live/k3y+0f-a.test="),
        ("{ command = [\"cat\", \"key.txt\"] }", "live/k3y+0f-a.test="),
        ("\"key-9f8e7d6c-{access_token}\"", "key-9f8e7d6c"),
    ] {
        let left = judged_with(&desk, &good, &format!("headers = {{ X-Sandbox = {value} }}"));
        assert!(!left.contains(secret), "{value} is left behind");
        assert!(left.contains("‹header:"), "{value} was not sent");
    }
    let left = judged_with(&desk, &good, "headers = { X-Sandbox = \"plain-key-77aa88bb\" }\npublic = true");
    assert!(left.contains("plain-key-77aa88bb") && !left.contains("‹header:"), "what is public is hidden");
}

#[test]
fn an_ordinary_word_is_hidden_in_its_header_alone() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    let good = desk.read("t.toml");
    for value in ["1", "true", "v1", "application/json", "redirect", "2026-11-30", "GET"] {
        let left = judged_with(&desk, &good, &format!("headers = {{ X-Mode = \"{value}\" }}"));
        assert!(!left.contains(&format!("[\"x-mode\",\"{value}\"]")), "{value} shows in its header");
        assert!(left.contains("[\"x-mode\",\"‹header:"), "{value} was not sent");
        let everywhere = left.matches("‹header:").count();
        let in_header = left.matches("[\"x-mode\",\"‹header:").count();
        assert!(everywhere < 8 * in_header, "{value}: {everywhere} placeholders for {in_header} headers");
        assert!(left.contains("GET") && left.contains("redirect") && left.contains("application/json"), "{value}");
    }
}

#[test]
fn a_header_that_is_not_where_it_should_be_is_told_with_its_name() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    let good = desk.read("t.toml");
    for (headers, words) in [
        ("{ X-Api-Key = { env = \"BANKPROOF_NOT_SET\" } }", "BANKPROOF_NOT_SET is not set"),
        ("{ X-Api-Key = { file = \"nowhere.txt\" } }", "nowhere.txt` cannot be read"),
        ("{ X-Api-Key = { vault = \"bank\" } }", "a secret is a string"),
        ("{ X-Api-Key = { command = [\"printf\", \"open-sesame-\\\\t4711\"] } }", "cannot stand in a header"),
    ] {
        desk.write("t.toml", &format!("{good}\n[[requests]]\nheaders = {headers}\n"));
        let ended = desk.run(&["t.toml", "META-001"]);
        is_refused(&ended, &["t.toml", words, "mend"]);
        assert!(!ended.stderr.contains("open-sesame"), "{}", ended.stderr);
    }
}

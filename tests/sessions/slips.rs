//! What the user got wrong in the target file is the user's: refused before anything is asked where the file shows it, and
//! otherwise inconclusive with key and mend. It is never a failure of the bank.

use super::support::{Desk, Ended, Run};

/// A bank, and its target file as of a bank that somebody else runs.
fn foreign(desk: &Desk) -> (super::support::ForeignBank, String) {
    let bank = desk.bank("t.toml", &[]);
    let text = desk.read("t.toml").replace("bundled = true\n", "");
    desk.write("t.toml", &text);
    (bank, text)
}

/// The text with another value for the first line of that key.
fn set(text: &str, key: &str, value: &str) -> String {
    let line = text.lines().find(|line| line.starts_with(&format!("{key} = "))).unwrap();
    text.replacen(line, &format!("{key} = {value}"), 1)
}

fn value(text: &str, key: &str) -> String {
    let line = text.lines().find_map(|line| line.strip_prefix(&format!("{key} = "))).unwrap();
    line.trim_matches('"').to_owned()
}

#[test]
fn an_address_that_cannot_be_meant_is_refused_with_key_and_mend() {
    let desk = Desk::new();
    let (_bank, good) = foreign(&desk);
    let (api, issuer) = (value(&good, "api"), value(&good, "issuer"));
    for (key, bad, words) in [
        ("api", format!("{api}/v1"), "`server.api` ends with /v1, which is added"),
        ("api", format!("{api}/v1/"), "`server.api` ends with /v1, which is added"),
        ("api", format!("{api}/v1/payments/sepa-credit-transfers"), "`server.api` leads to /payments"),
        ("api", format!("{api}?version=1"), "`server.api` has a query"),
        ("issuer", format!("{issuer}/.well-known/openid-configuration"), "the address of a metadata document"),
        ("issuer", format!("{issuer}/.well-known/oauth-authorization-server"), "the address of a metadata document"),
        ("issuer", format!("{issuer}?a=b"), "`server.issuer` has a query"),
    ] {
        desk.write("t.toml", &set(&good, key, &format!("\"{bad}\"")));
        for command in ["run", "doctor"] {
            let ended = desk.bankproof(&[command, "t.toml"]);
            assert_eq!(ended.code, 2, "{command} {bad}: {}{}", ended.stdout, ended.stderr);
            let told = format!("{}{}", ended.stdout, ended.stderr);
            assert!(
                told.contains(words) && told.contains("line ") && told.contains("mend: "),
                "{command} {bad}: {told}"
            );
        }
        assert!(!desk.path("reports").exists(), "{bad}: a folder was left");
    }
    // The mend names the issuer itself.
    desk.write("t.toml", &set(&good, "issuer", &format!("\"{issuer}/.well-known/openid-configuration\"")));
    assert!(desk.run(&["t.toml"]).stderr.contains(&format!("\"{issuer}\"")));
}

#[test]
fn a_slip_is_told_once_in_the_words_that_say_most() {
    let desk = Desk::new();
    let (_bank, good) = foreign(&desk);
    for (bad, words) in [
        (good.replacen("issuer = ", "isuer = ", 1), "`server.isuer` is no key of a target file"),
        (set(&good, "timeout_seconds", "\"ten\""), "`server.timeout_seconds` is a string"),
        (set(&good, "dialect", "\"berlin\""), "`dialect` is \"berlin\", which is not known"),
    ] {
        desk.write("t.toml", &bad);
        let ended = desk.run(&["t.toml"]);
        let told = ended.stderr.matches("t.toml, line ").count();
        assert!(ended.code == 2 && told == 1 && ended.stderr.contains(words), "{words}: {}", ended.stderr);
    }
}

#[test]
fn a_file_that_windows_wrote_is_read_or_refused_with_its_mend() {
    let desk = Desk::new();
    let (_bank, good) = foreign(&desk);
    let utf16: Vec<u8> = std::iter::once(0xfeff).chain(good.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    std::fs::write(desk.path("t.toml"), utf16).unwrap();
    let ended = desk.run(&["t.toml"]);
    assert_eq!(ended.code, 2, "{}", ended.stderr);
    assert!(ended.stderr.contains("UTF-16") && ended.stderr.contains("save it as UTF-8"), "{}", ended.stderr);
    let mut latin: Vec<u8> = good.clone().into_bytes();
    latin.splice(0..0, b"# Stra\xdfe\n".iter().copied());
    std::fs::write(desk.path("t.toml"), latin).unwrap();
    let ended = desk.run(&["t.toml"]);
    assert!(ended.code == 2 && ended.stderr.contains("line 1 is not in UTF-8"), "{}", ended.stderr);
    for path in ["\"t-identities\\tpp-a-qwac.pem\"", "\"C:\\keys\\qwac.pem\""] {
        desk.write("t.toml", &good.replacen("\"t-identities/tpp-a-qwac.pem\"", path, 1));
        let ended = desk.run(&["t.toml"]);
        assert_eq!(ended.code, 2, "{}", ended.stderr);
        assert!(ended.stderr.contains("write "), "{}", ended.stderr);
    }
    desk.write("t.toml", &good.replacen("\"t-identities/tpp-a-qwac.pem\"", "'t-identities\\tpp-a-qwac.pem'", 1));
    let ended = desk.run(&["t.toml"]);
    assert!(ended.code == 2 && ended.stderr.contains("write / between folders"), "{}", ended.stderr);
    // A mark before the text and other line ends harm nobody, and a slash behind the API neither.
    let slash = set(&good, "api", &format!("\"{}/\"", value(&good, "api")));
    desk.write("t.toml", &format!("\u{feff}{}", slash.replace('\n', "\r\n")));
    let ended = desk.run(&["t.toml", "BG-001"]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
}

/// Nothing is held against the bank, and the reason says what to mend.
fn is_the_users(ended: &Ended, run: &Run, words: &[&str]) {
    assert_eq!(ended.code, 3, "{}{}", ended.stdout, ended.stderr);
    assert_eq!(run.with("fail"), Vec::<String>::new());
    assert_eq!(run.with("warn"), Vec::<String>::new());
    assert_eq!(run.with("pass"), Vec::<String>::new());
    for word in words {
        assert!(ended.stdout.contains(word), "{word}: {}", ended.stdout);
    }
}

#[test]
fn what_only_the_bank_can_tell_is_inconclusive_with_its_mend() {
    let desk = Desk::new();
    let (_bank, good) = foreign(&desk);
    let issuer = value(&good, "issuer");
    for (key, wrong, words) in [
        ("issuer", format!("{issuer}/"), "write issuer = "),
        ("issuer", issuer.replace("https", "HTTPS"), "write issuer = "),
        ("client_id", "somebody-else".into(), "correct `client_id`"),
        ("debtor_iban", "DE02120300000000202051".into(), "the customer's account under [payment]"),
        ("product", "instant-sepa-credit-transfer".into(), "correct `product` under [payment]"),
    ] {
        let bad = match good.lines().any(|line| line.starts_with(&format!("{key} = "))) {
            true => set(&good, key, &format!("\"{wrong}\"")),
            false => good.replace("[payment]\n", &format!("[payment]\n{key} = \"{wrong}\"\n")),
        };
        desk.write("t.toml", &bad);
        let ended = desk.run(&["t.toml"]);
        is_the_users(&ended, &desk.last_run(), &[words]);
    }
}

#[test]
fn the_path_of_the_apis_version_can_be_said() {
    let desk = Desk::new();
    let (_bank, good) = foreign(&desk);
    let whole = format!("\"{}/v1\"\napi_version = \"\"", value(&good, "api"));
    desk.write("t.toml", &set(&good, "api", &whole));
    let ended = desk.run(&["t.toml", "BG-001", "BG-024"]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    for bad in ["v1", "/v1/", "/v1?x=1"] {
        let line = format!("\"{}\"\napi_version = \"{bad}\"", value(&good, "api"));
        desk.write("t.toml", &set(&good, "api", &line));
        let ended = desk.run(&["t.toml"]);
        assert!(ended.code == 2 && ended.stderr.contains("`server.api_version`"), "{bad}: {}", ended.stderr);
    }
}

#[test]
fn a_certificate_can_be_withheld_from_a_host() {
    let desk = Desk::new();
    let (_bank, good) = foreign(&desk);
    let named = set(&good, "api", &format!("\"{}\"", value(&good, "api").replace("127.0.0.1", "localhost")));
    for (shown, passes) in [(true, true), (false, false)] {
        let hosts = format!(
            "[network.hosts.\"localhost\"]\naddress = \"127.0.0.1\"\nclient_certificate = {shown}\n\n[server]\n"
        );
        desk.write("t.toml", &named.replacen("[server]\n", &hosts, 1));
        desk.run(&["t.toml", "BG-001"]);
        let run = desk.last_run();
        assert_eq!(run.check("BG-001")["verdict"] == "pass", passes, "{}", run.check("BG-001"));
        let subjects: Vec<_> = run
            .events()
            .into_iter()
            .filter(|event| event["event"] == "exchange" && event["check"] == "BG-001")
            .filter(|event| event["request"]["url"].as_str().unwrap().contains("//localhost"))
            .map(|event| !event["tls"]["client_subject"].is_null())
            .collect();
        assert!(!subjects.is_empty() && subjects.iter().all(|is_shown| *is_shown == shown), "{shown}: {subjects:?}");
    }
}

#[test]
fn a_payment_api_alone_needs_no_issuer_and_no_customer() {
    let desk = Desk::new();
    let (_bank, good) = foreign(&desk);
    let without = good.replacen(&format!("issuer = \"{}\"\n", value(&good, "issuer")), "", 1);
    desk.write("t.toml", &without);
    let ended = desk.run(&["t.toml"]);
    assert_eq!(ended.code, 2, "{}", ended.stderr);
    assert!(
        ended.stderr.contains("`server.issuer` is missing") && ended.stderr.contains("oauth-sca"),
        "{}",
        ended.stderr
    );
    let (before, rest) = without.split_once("\n[psu]").unwrap();
    let alone = format!("{before}\n[payment]{}", rest.split_once("\n[payment]").unwrap().1);
    desk.write("t.toml", &alone.replace("    \"oauth-sca\",\n", ""));
    let ended = desk.run(&["t.toml", "--min-share", "0"]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    let run = desk.last_run();
    assert_eq!(run.with("inconclusive"), Vec::<String>::new());
    assert!(run.with("pass").len() > 150, "{:?}", run.with("pass"));
    assert!(run.read("report.html").contains("none: the payment API alone was judged"));
    assert_eq!(desk.bankproof(&["doctor", "t.toml"]).code, 0);
}

//! How TPPs authenticate: every way is spoken to a bank that wants it, and no secret shows.

use super::support::Desk;

/// Tokens, obtained, refreshed, revoked and introspected, and refused to whoever does not authenticate.
const CHECKS: [&str; 8] =
    ["FLOW-003", "FLOW-004", "REVOKE-001", "REVOKE-005", "INTRO-002", "INTRO-001", "TOKEN-003", "TOKEN-004"];

fn is_spoken(bank: &[&str], method: &str) -> (String, String) {
    let desk = Desk::new();
    let _bank = desk.bank_with("t.toml", bank);
    let target = desk.read("t.toml");
    assert_eq!(target.contains(&format!("client_authentication = \"{method}\"")), method != "tls_client_auth");
    let ended = desk.run(&[&["t.toml"], &CHECKS[..]].concat());
    assert_eq!(ended.code, 0, "{method}: {}{}", ended.stdout, ended.stderr);
    let run = desk.last_run();
    assert!(run.verdicts().iter().all(|(_, verdict)| verdict == "pass"), "{method}: {:?}", run.verdicts());
    (target, run.read("journal.ndjson"))
}

/// The values of a key of the target file.
fn values<'a>(target: &'a str, key: &str) -> Vec<&'a str> {
    let lines = target.lines().filter_map(|line| line.strip_prefix(&format!("{key} = \"")));
    lines.map(|rest| rest.trim_end_matches('"')).collect()
}

#[test]
fn assertions_are_sent_and_not_shown() {
    let (_, journal) = is_spoken(&["--habit", "client-auth-private-key-jwt"], "private_key_jwt");
    assert!(
        journal.contains("client-assertion-type%3Ajwt-bearer&client_assertion=%E2%80%B9assertion")
            || journal.contains("client_assertion=‹assertion:"),
        "an assertion is sent, and stands there by its placeholder"
    );
    assert!(!journal.contains("client_assertion=ey"));
}

#[test]
fn certificates_of_ones_own_are_shown() {
    is_spoken(&["--habit", "client-auth-self-signed"], "self_signed_tls_client_auth");
}

#[test]
fn secrets_are_sent_in_the_header_and_not_shown() {
    let (target, journal) = is_spoken(&["--fault", "secrets-authenticate-alone"], "client_secret_basic");
    assert!(journal.contains("Basic ‹client-secret:"));
    for secret in values(&target, "client_secret") {
        assert!(!journal.contains(secret), "a client_secret is in the journal");
    }
}

#[test]
fn secrets_are_sent_in_the_form_and_not_shown() {
    let (target, journal) = is_spoken(&["--fault", "secrets-in-forms-authenticate-alone"], "client_secret_post");
    assert!(journal.contains("client_secret=‹client-secret:"));
    let secrets = values(&target, "client_secret");
    assert!(secrets.len() >= 3 && secrets.iter().all(|secret| !journal.contains(secret)));
}

#[test]
fn a_bank_that_offers_another_way_is_not_judged_by_what_it_refuses() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &["secrets-authenticate-alone"]);
    // As a TPP that is registered for assertions would come.
    let target = desk
        .read("t.toml")
        .replace("client_authentication = \"client_secret_basic\"", "client_authentication = \"private_key_jwt\"");
    let target: Vec<&str> = target.lines().filter(|line| !line.starts_with("client_secret = ")).collect();
    desk.write("t.toml", &target.join("\n"));
    desk.run(&["t.toml", "FLOW-002", "CAUTH-001"]);
    let run = desk.last_run();
    for id in ["FLOW-002", "CAUTH-001"] {
        assert_eq!(run.check(id)["verdict"], "not-applicable", "{id}");
    }
    assert!(run.check("FLOW-002")["reason"].as_str().unwrap().contains("client_authentication"));
}

#[test]
fn what_does_not_go_together_is_told_with_a_mend() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    let good = desk.read("t.toml");
    for (lines, words) in [
        ("client_authentication = \"client_secret_basic\"", ["no `client_secret`", "CLIENT_SECRET"]),
        ("client_secret = \"s3cr3t-of-ours\"", ["there is a `client_secret`", "client_secret_post"]),
        ("assertion = { kid = \"k\" }", ["there is an `assertion`", "private_key_jwt"]),
        ("client_authentication = \"client_secret_jwt\"", ["client_secret_jwt", "mend"]),
        (
            "client_authentication = \"private_key_jwt\"\nassertion = { algorithm = \"HS256\" }",
            ["cannot sign with", "PS256"],
        ),
        (
            "client_authentication = \"private_key_jwt\"\nassertion = { lifetime_seconds = 86400 }",
            ["lifetime_seconds", "a minute"],
        ),
        (
            "client_authentication = \"private_key_jwt\"\nassertion = { audience = \"bank\" }",
            ["assertion.audience", "https"],
        ),
        (
            "client_authentication = \"private_key_jwt\"\nassertion = { key = \"nowhere.key\" }",
            ["nowhere.key", "relative to it"],
        ),
        (
            "client_authentication = \"client_secret_post\"\nclient_secret = { env = \"BANKPROOF_NOT_SET\" }",
            ["is not set", "export"],
        ),
    ] {
        desk.write("t.toml", &good.replacen("redirect_uris", &format!("{lines}\nredirect_uris"), 1));
        let ended = desk.run(&["t.toml", "META-001"]);
        assert_eq!(ended.code, 2, "{lines}: {}", ended.stderr);
        for word in words {
            assert!(ended.stderr.contains(word), "\"{word}\" is not in: {}", ended.stderr);
        }
        assert!(!ended.stderr.contains("s3cr3t"), "{}", ended.stderr);
    }
}

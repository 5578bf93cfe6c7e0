//! Exit code 2: nothing is sent, nothing is written, and the message says where and how to mend it.

use super::support::{Desk, Ended};

/// Ends with 2, says all of that, and leaves no folder of a run.
fn is_refused(desk: &Desk, ended: &Ended, words: &[&str]) {
    assert_eq!(ended.code, 2, "{words:?}: {}{}", ended.stdout, ended.stderr);
    for words in words {
        assert!(ended.stderr.contains(words), "\"{words}\" is not in: {}", ended.stderr);
    }
    assert!(desk.runs().is_empty(), "{words:?}: a run that never began has left a folder");
}

#[test]
fn a_broken_target_file_is_refused_with_line_and_mend() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    let good = desk.read("t.toml");
    let breaks = |text: &str| text.matches('\n').count();
    let line_of = |old: &str, new: &str| breaks(good.split(old).next().unwrap()) + breaks(new) + 1;
    for (old, new, complaint) in [
        ("name = \"Bundled bank\"", "name = ", ""),
        ("name = \"Bundled bank\"", "name = \"Bundled bank\"\ncolour = \"blue\"", "colour"),
        ("environment = \"test\"", "environment = \"tset\"", "tset"),
        ("dialect = \"berlin-group\"", "dialect = \"klingon\"", "klingon"),
        ("\"revocation\"", "\"clairvoyance\"", "clairvoyance"),
        ("\"revocation\"", "\"payments\"", "payments"),
        ("\"pkce-required\"", "\"pkce-forbidden\"", "pkce-forbidden"),
        ("issuer = \"https:", "issuer = \"http:", "no https URL"),
        (
            "timeout_seconds = 10",
            "timeout_seconds = 10\n[server.endpoints]\nauthorization = \"https://bank.example/a\"\ntoken = \"bank.example/t\"",
            "`server.endpoints.token`",
        ),
        ("t-identities/tpp-a-qwac.key", "t-identities/tpp-b-qwac.key", "does not belong to the certificate"),
        ("t-identities/tpp-a-qwac.key", "t-identities/tpp-a-qwac.pem", "holds no private key"),
        ("t-identities/tpp-a-qwac.pem", "t-identities/nobody.pem", "t-identities/nobody.pem"),
        ("t-identities/ca-root.pem", "t.toml", "holds no certificate"),
        ("clock = \"https://127.0.0.1", "clock = \"https://bank.example", "not this machine"),
        ("otp = \"", "otp = 7 # \"", ""),
        ("form = \"berlin-group\"", "form = \"berlin-group\"\nalgorithm = \"rot13\"", "rot13"),
        ("\"form-script\"", "\"crystal-ball\"", "crystal-ball"),
        ("timeout_seconds = 10", "hosts = [\"*.bank.example\"]", "`server.hosts`"),
        ("timeout_seconds = 10", "hosts = [\"https://bank.example/login\"]", "`server.hosts`"),
        ("[psu]", "[psu]\nhosts = [\"bank example\"]", "`psu.hosts`"),
        (
            "environment = \"test\"",
            "environment = \"test\"\nproduction_file = \"none.toml\"",
            "none.toml` cannot be read",
        ),
        ("environment = \"test\"", "environment = \"production\"\nproduction_file = \"none.toml\"", "production"),
        (
            "environment = \"test\"",
            "environment = \"test\"\nproduction_file = \"t-identities/ca-root.pem\"",
            "no target file",
        ),
        ("\"form-script\"", "\"form-script\", \"form-script\"", "twice"),
        ("\"form-script\"", "\"form-script\", \"consent-hint\"", "`[psu.consent-hint]`"),
    ] {
        let bad = good.replacen(old, new, 1);
        assert_ne!(bad, good, "{old} is not in the target file");
        desk.write("t.toml", &bad);
        let at = format!("line {}", line_of(old, new));
        is_refused(&desk, &desk.run(&["t.toml"]), &["t.toml", &at, complaint, "mend: "]);
    }
}

#[test]
fn a_target_file_that_lacks_something_is_refused_with_the_key() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    let good = desk.read("t.toml");
    let without = |table: &str| good.split(table).next().unwrap().to_owned();
    let api = good.lines().find(|line| line.starts_with("api = ")).unwrap();
    for (bad, key) in [
        (without("[payment]"), "[payment]"),
        (good.replace("dialect = \"berlin-group\"", "dialect = \"none\""), "[resource]"),
        (good.replace(api, ""), "server.api"),
        (good.replace("approve = [\"approve\"]", ""), "psu.buttons.approve"),
        (good.replace("deny = [\"deny\"]", "deny = [\"Approve\"]"), "psu.buttons"),
        (good.replace("interval_seconds = 5", "interval_seconds = 0"), "psu.decoupled"),
        (with_agents(&good, "[]"), "psu.agents"),
        (good.replace("trust_anchors = [\"t-identities/ca-root.pem\"]", "trust_anchors = []"), "trust_anchors"),
    ] {
        desk.write("t.toml", &bad);
        is_refused(&desk, &desk.run(&["t.toml"]), &["t.toml", key, "mend: "]);
    }
}

/// The file of a bank of the UK.
const UK: &str = r#"
name = "A bank of the UK"
environment = "test"
dialect = "uk-open-banking"
capabilities = ["refresh-tokens"]

[server]
issuer = "https://127.0.0.1:1"
api = "https://127.0.0.1:1/open-banking/v4.0/pisp"
trust_anchors = ["t-identities/ca-root.pem"]

[[identity]]
name = "tpp-a"
client_id = "tpp-a"
certificate = "t-identities/tpp-a-qwac.pem"
key = "t-identities/tpp-a-qwac.key"
redirect_uris = ["https://tpp-a.example/callback"]

[psu]
buttons = { approve = ["Approve"] }

[payment]
creditor_account = "20405318203745"
creditor_name = "Merchant"
amount = "12.34"
currency = "GBP"
"#;

#[test]
fn a_target_file_of_the_uk_is_held_to_its_own_keys() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    for (old, new, words) in [
        ("/open-banking/v4.0/pisp", "", "`server.api` is \"https://127.0.0.1:1\", which names no version"),
        ("/v4.0/", "/v5.0/", "v3.1 is the other one"),
        ("creditor_account = \"20405318203745\"", "", "`payment.creditor_account` is missing"),
        ("20405318203745", "2040531820374", "no sort code with an account number"),
        (
            "[payment]",
            "[payment]\ndebtor_account = \"GB23BPRF20405371946028\"",
            "`payment.debtor_account` is no sort code",
        ),
        (
            "[payment]",
            "[payment]\ndebtor_iban = \"GB23BPRF20405371946028\"",
            "`payment.debtor_iban` is not for the dialect",
        ),
        ("[payment]", "[payment]\nproduct = \"sepa-credit-transfers\"", "`payment.product` is not for the dialect"),
        ("refresh-tokens", "cancellation", "`capabilities` holds \"cancellation\", which no bank of the dialect"),
    ] {
        let bad = UK.replacen(old, new, 1);
        assert_ne!(bad, UK, "{old} is not in the target file");
        desk.write("t.toml", &bad);
        let ended = desk.run(&["t.toml"]);
        is_refused(&desk, &ended, &["t.toml", words, "mend: "]);
    }
}

/// The target file with other PSU agents.
fn with_agents(target: &str, agents: &str) -> String {
    let (before, rest) = target.split_once("agents = [").unwrap();
    format!("{before}agents = {agents}{}", rest.split_once(']').unwrap().1)
}

#[test]
fn a_payment_that_a_bank_would_have_to_refuse_is_refused() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    let good = desk.read("t.toml");
    for (old, new, key) in [
        ("amount = \"123.45\"", "amount = \"123,45\"", "payment.amount"),
        ("currency = \"EUR\"", "currency = \"Euro\"", "payment.currency"),
    ] {
        let bad = good.replacen(old, new, 1);
        assert_ne!(bad, good, "{old} is not in the target file");
        desk.write("t.toml", &bad);
        is_refused(&desk, &desk.run(&["t.toml"]), &["t.toml", key, "mend: "]);
    }
}

#[test]
fn an_id_that_no_check_has_is_refused_beside_one_that_there_is() {
    let desk = Desk::new();
    is_refused(&desk, &desk.run(&["PKCE", "TOKN-001"]), &["TOKN-001", "\"TOKEN-001\""]);
    is_refused(&desk, &desk.run(&["TOKN-001"]), &["TOKN-001", "\"TOKEN-001\""]);
    is_refused(&desk, &desk.bankproof(&["prove", "TOKN-001"]), &["TOKN-001", "\"TOKEN-001\""]);
    is_refused(&desk, &desk.bankproof(&["list", "TOKN"]), &["TOKN", "\"TOKEN-0"]);
    is_refused(&desk, &desk.bankproof(&["explain", "PKCE-3"]), &["PKCE-3", "\"PKCE-003\""]);
    is_refused(&desk, &desk.bankproof(&["explain", "iss-mising"]), &["\"iss-missing\""]);
}

#[test]
fn a_target_file_that_is_not_there_is_refused() {
    let desk = Desk::new();
    is_refused(&desk, &desk.run(&["nowhere.toml"]), &["nowhere.toml", "mend: "]);
    is_refused(&desk, &desk.run(&["no/such/target"]), &["no/such/target", "mend: "]);
}

#[test]
fn a_misspelt_target_file_is_answered_with_the_nearest() {
    let desk = Desk::new();
    desk.write("bundled.toml", "");
    is_refused(&desk, &desk.run(&["bundled.tml"]), &["bundled.tml", "bundled.toml"]);
    is_refused(&desk, &desk.run(&["bundled.tml", "PKCE"]), &["bundled.tml", "bundled.toml"]);
    is_refused(&desk, &desk.run(&["bundeld.toml"]), &["bundeld.toml", "the nearest there is bundled.toml"]);
    is_refused(&desk, &desk.run(&["bundled"]), &["bundled.toml"]);
    is_refused(&desk, &desk.run(&["C:\\banks\\bundled"]), &["end in .toml"]);
}

#[test]
fn a_word_that_resembles_a_command_is_answered_with_it() {
    let desk = Desk::new();
    for (word, command) in [("rnu", "run"), ("docter", "doctor"), ("lst", "list"), ("expalin", "explain")] {
        let command = format!("`bankproof {command}`");
        is_refused(&desk, &desk.bankproof(&[word, "--out", "out"]), &[word, &command]);
        is_refused(&desk, &desk.bankproof(&[word, "PKCE", "--out", "out"]), &[word, &command]);
    }
    is_refused(&desk, &desk.bankproof(&["PKCE-01", "frobnicate", "--out", "out"]), &["FROBNICATE"]);
}

#[test]
fn a_slip_moves_no_link_to_the_latest_run() {
    let desk = Desk::new();
    assert_eq!(desk.run(&["META-001"]).code, 0);
    let latest = desk.latest();
    for slip in [&["rnu"][..], &["METTA-01"], &["--tags", "@mustt"], &["bundled.tml"], &["--level", "mst"]] {
        assert_eq!(desk.run(slip).code, 2, "{slip:?}");
    }
    // Nothing selected, and nothing that applies: no verdicts, and no news.
    assert_eq!(desk.run(&["PKCE", "--tags", "@etsi"]).code, 4);
    assert_eq!(desk.run(&["UK-001"]).code, 4);
    assert_eq!(desk.latest(), latest);
}

#[test]
fn a_tag_that_no_check_has_is_refused_with_the_nearest() {
    let desk = Desk::new();
    for (expression, wrong, near) in [
        ("not @slwo", "@slwo", "@slow"),
        ("@must and not @slowly", "@slowly", "@slow"),
        ("@mustt", "@mustt", "@must"),
        ("(@oauth or @ouath)", "@ouath", "@oauth"),
    ] {
        is_refused(&desk, &desk.run(&["--tags", expression]), &[wrong, near]);
    }
    is_refused(&desk, &desk.run(&["--level", "mst"]), &["mst", "must"]);
}

#[test]
fn two_target_files_are_refused() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    is_refused(&desk, &desk.run(&["t.toml", "other.toml", "META-001"]), &["other.toml"]);
}

#[test]
fn a_tag_expression_that_is_none_is_refused() {
    let desk = Desk::new();
    for expression in ["@must and and", "(@must", ""] {
        is_refused(&desk, &desk.run(&["--tags", expression]), &["--tags", "write for example"]);
    }
}

#[test]
fn a_folder_that_holds_no_run_cannot_be_resumed() {
    let desk = Desk::new();
    is_refused(&desk, &desk.run(&["--resume", "nowhere"]), &["nowhere", "name the folder of a run"]);
    std::fs::create_dir(desk.path("folder")).unwrap();
    for text in ["", "no journal\n", "{\"event\":\"check-started\",\"id\":\"PKCE-003\"}\n", "{\"event\":\"star"] {
        desk.write("folder/journal.ndjson", text);
        is_refused(&desk, &desk.run(&["--resume", "folder"]), &["folder", "start a new run"]);
        assert_eq!(desk.read("folder/journal.ndjson"), text, "the journal was touched");
    }
}

#[test]
fn what_the_command_line_does_not_know_is_refused() {
    let desk = Desk::new();
    is_refused(&desk, &desk.run(&["--min-share", "50%"]), &["--min-share", "without a sign: --min-share 50"]);
    is_refused(&desk, &desk.run(&["--report", "json,,junit"]), &["--report", "a name is missing", "json,junit"]);
    for arguments in [&["--no-such-option"][..], &["--jobs", "0"], &["--level", "perhaps"], &["--format", "xml"]] {
        is_refused(&desk, &desk.run(arguments), &[arguments[0]]);
    }
    let ended = desk.bankproof(&["bank", "--fault", "pkce-verifier-uncheckd"]);
    is_refused(&desk, &ended, &["pkce-verifier-uncheckd", "\"pkce-verifier-unchecked\""]);
}

#[test]
fn a_habit_that_there_is_not_is_refused_with_the_nearest() {
    let desk = Desk::new();
    let ended = desk.bankproof(&["prove", "--habit", "opaque-access-token"]);
    is_refused(&desk, &ended, &["opaque-access-token", "opaque-access-tokens"]);
}

#[test]
fn the_habits_are_listed_with_the_clause_that_allows_them() {
    let desk = Desk::new();
    let ended = desk.bankproof(&["list", "--faults"]);
    let row = ended.stdout.lines().find(|line| line.starts_with("pkce-verifier-unchecked ")).unwrap();
    assert!(ended.code == 0 && row.ends_with(" [PKCE-003]"), "{row}");
    let ended = desk.bankproof(&["list", "--faults", "--format", "json"]);
    let rows: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(rows.as_array().unwrap().len(), bankproof::bank::faults::everywhere().count());
    assert!(rows[0]["caught_by"].is_array() && rows[0]["says"].is_string(), "{}", rows[0]);
    let ended = desk.bankproof(&["list", "--habits"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(ended.stdout.contains("opaque-access-tokens") && ended.stdout.contains("RFC 6750 2.1"), "{}", ended.stdout);
}

#[test]
fn a_dialect_beside_a_target_file_that_names_one_is_refused() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    is_refused(&desk, &desk.run(&["t.toml", "--dialect", "uk-open-banking"]), &["--dialect", "t.toml", "leave one"]);
    is_refused(&desk, &desk.run(&["--dialect", "klingon"]), &["klingon", "uk-open-banking"]);
}

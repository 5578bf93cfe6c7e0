//! Targets that are not the whole of a test bank: an authorization server alone, and production.

use super::support::{Desk, Ended, Run};

/// The target file of a bank, as one of an authorization server with a protected resource and without payments.
pub(crate) fn authorization_server_alone(target: &str) -> String {
    let api = target.lines().find(|line| line.starts_with("api = ")).unwrap().to_owned();
    let url = format!("{}/v1/payments/sepa-credit-transfers/none", api.trim_start_matches("api = ").trim_matches('"'));
    let without_payment = target.split("[payment]").next().unwrap();
    let edited = without_payment.replace("dialect = \"berlin-group\"", "dialect = \"none\"").replace(&api, "");
    format!("{edited}\n[resource]\nurl = \"{url}\"\nscope = \"accounts\"\n")
}

/// Everything that does not apply says why.
fn is_explained(run: &Run) {
    for id in run.with("not-applicable") {
        assert_ne!(run.check(&id)["reason"], "", "{id} does not say why it does not apply");
    }
}

#[test]
fn an_authorization_server_alone_is_judged_without_payments() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    desk.write("t.toml", &authorization_server_alone(&desk.read("t.toml")));
    let ended = desk.run(&["t.toml"]);
    let run = desk.last_run();
    assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
    is_explained(&run);
    for id in run.verdicts().keys().filter(|id| id.starts_with("BG-")) {
        assert!(run.with("not-applicable").contains(id), "{id} is judged without payments");
    }
    for id in ["FLOW-001", "FLOW-002", "FLOW-004", "PKCE-003", "STATE-001", "TOKEN-013", "AUTHZ-006", "META-001"] {
        assert_eq!(run.check(id)["verdict"], "pass", "{id}: {}", run.check(id)["reason"]);
    }
    assert!(!run.requests().iter().any(|(method, url)| method == "POST" && url.contains("/v1/")), "a payment was made");
    // The bundled bank serves no accounts: its resource does not open, and what rests on that cannot be told.
    assert_eq!(run.with("fail"), ["FLOW-003"]);
    // The second TPP has no licence for account information: it cannot be shown to be let in.
    for id in run.with("inconclusive") {
        let reason = run.check(&id)["reason"].to_string();
        assert!(reason.contains("its positive control") || id == "CERT-025", "{id}: {reason}");
    }
    assert_eq!(ended.code, 1);
}

/// A bank that writes a log, marked production with those lines, and what it saw of a run, as `METHOD path`.
fn seen_on_production(lines: &str, words: &[&str]) -> (Desk, Ended, Vec<String>) {
    let desk = Desk::new();
    let _bank = desk.bank_with("t.toml", &["--log", "bank.log"]);
    let issuer = desk.read("t.toml").lines().find_map(|line| line.strip_prefix("issuer = ")).unwrap().to_owned();
    let marked = format!("environment = \"production\"\n{}", lines.replace("ISSUER", &issuer));
    desk.write("t.toml", &desk.read("t.toml").replace("environment = \"test\"", &marked));
    let ended = desk.run(&[&["t.toml"], words].concat());
    let log = desk.read("bank.log");
    let seen = log.lines().map(|line| line.split(' ').skip(2).take(2).collect::<Vec<_>>().join(" ")).collect();
    (desk, ended, seen)
}

#[test]
fn on_production_no_money_moves_and_no_page_is_driven() {
    for (lines, complaint) in [
        ("", "`allow_payments_on_production` is not true"),
        ("confirm_production = ISSUER", "`allow_payments_on_production` is not true"),
        ("allow_payments_on_production = true", "`confirm_production` is missing"),
        (
            "allow_payments_on_production = true\nconfirm_production = \"https://another.bank.example\"",
            "and not the issuer",
        ),
    ] {
        let (desk, ended, seen) = seen_on_production(lines, &[]);
        assert!(seen.iter().any(|line| line == "GET /.well-known/oauth-authorization-server"), "{seen:?}");
        let documents = ["GET /.well-known/", "GET /jwks", "POST /token", "POST /revoke", "POST /introspect"];
        for line in &seen {
            let harmless = documents.iter().any(|start| line.starts_with(start));
            // Whoever looks at TLS asks for nothing in particular, and a payment that does not exist fares as it may.
            let asks =
                line.starts_with("GET /v1/") && line.ends_with("/status") || line == "GET /" || line == "TLS handshake";
            assert!(harmless || asks, "the bank saw: {line}");
        }
        let run = desk.last_run();
        is_explained(&run);
        assert_eq!(run.check("PKCE-003")["verdict"], "not-applicable");
        assert!(run.check("PKCE-003")["reason"].as_str().unwrap().contains(complaint));
        for (place, told) in [("stderr", &ended.stderr), ("stdout", &ended.stdout), ("page", &run.read("report.html"))]
        {
            let plain = told.replace("&#x60;", "`").replace("&quot;", "\"");
            assert!(plain.contains("no payment is made") && plain.contains(complaint), "{place}: {told}");
        }
        assert!(run.with("pass").iter().any(|id| id == "META-001"));
        assert_eq!(run.with("fail"), Vec::<String>::new());
        // What was never sent was never answered: that is the file's doing, and nothing to look into.
        assert_eq!(run.with("inconclusive"), Vec::<String>::new());
        // So little was judged that it is no verdict.
        assert_eq!(ended.code, 4, "{}", ended.stdout);
    }
}

#[test]
fn on_production_money_moves_where_the_target_file_says_so_twice() {
    let lines = "allow_payments_on_production = true\nconfirm_production = ISSUER";
    let (desk, ended, seen) = seen_on_production(lines, &["FLOW", "BG-001"]);
    assert_eq!(ended.code, 0, "{}", ended.stdout);
    assert!(seen.iter().any(|line| line.starts_with("POST /v1/payments")), "{seen:?}");
    assert!(seen.iter().any(|line| line == "POST /login"), "{seen:?}");
    assert!(desk.last_run().read("report.html").contains("the file says so twice"));
}

/// Most banks lock a customer out at the third wrong password.
#[test]
fn a_wrong_password_is_typed_twice_and_no_more() {
    let desk = Desk::new();
    let _bank = desk.bank_with("t.toml", &["--log", "bank.log"]);
    let good = desk.read("t.toml");
    let own = good.lines().find(|line| line.starts_with("password = ")).unwrap();
    desk.write("t.toml", &good.replace(own, "password = \"not-the-password-of-anybody\""));
    let ended = desk.run(&["t.toml", "FLOW", "PKCE", "AUTHZ-01", "--jobs", "1"]);
    let log = desk.read("bank.log");
    assert_eq!(log.lines().filter(|line| line.contains(" POST /login")).count(), 2, "{log}");
    let run = desk.last_run();
    assert_eq!(run.with("fail"), Vec::<String>::new());
    let reasons: Vec<String> = run.with("inconclusive").iter().map(|id| run.check(id)["reason"].to_string()).collect();
    assert!(reasons.iter().any(|reason| reason.contains("is not sent there any more")), "{reasons:?}");
    assert_eq!(ended.code, 3, "{}", ended.stdout);
}

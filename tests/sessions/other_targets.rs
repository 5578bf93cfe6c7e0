//! Targets that are not the whole of a test bank: an authorization server alone, and production.

use super::support::{Desk, Run};

/// The target file of a bank, as one of an authorization server with a protected resource and without payments.
fn authorization_server_alone(target: &str) -> String {
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

#[test]
fn on_production_no_money_moves_and_no_page_is_driven() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    desk.write("t.toml", &desk.read("t.toml").replace("environment = \"test\"", "environment = \"production\""));
    let ended = desk.run(&["t.toml"]);
    let run = desk.last_run();
    is_explained(&run);
    let requests = run.requests();
    assert!(!requests.is_empty());
    for (method, url) in &requests {
        let harmless =
            ["/.well-known/", "/jwks", "/token", "/revoke", "/introspect"].iter().any(|path| url.contains(path));
        // Asking how a payment fares that does not exist moves none, and a bare address is nobody's authorization.
        let asks = method == "GET" && ["/status", "/authorize", "/"].iter().any(|end| url.ends_with(end));
        assert!(harmless || asks, "{method} {url}");
    }
    assert_eq!(run.check("PKCE-003")["verdict"], "not-applicable");
    assert!(run.check("PKCE-003")["reason"].as_str().unwrap().contains("production"));
    assert!(run.with("pass").iter().any(|id| id == "META-001"));
    assert_eq!(run.with("fail"), Vec::<String>::new());
    // What was never sent was never answered: that is the file's doing, and nothing to look into.
    assert_eq!(run.with("inconclusive"), Vec::<String>::new());
    assert_eq!(ended.code, 0, "{}", ended.stdout);
}

#[test]
fn on_production_money_moves_where_the_target_file_says_so() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    let allowed = "environment = \"production\"\nallow_payments_on_production = true";
    desk.write("t.toml", &desk.read("t.toml").replace("environment = \"test\"", allowed));
    assert_eq!(desk.run(&["t.toml", "FLOW", "BG-001"]).code, 0);
    assert!(desk.last_run().requests().iter().any(|(method, url)| method == "POST" && url.contains("/v1/payments")));
}

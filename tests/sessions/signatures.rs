//! Signatures on messages: signed where the target file says so, and nowhere else.

use super::support::{Desk, Run};

/// The headers of every request to the payment API, in lower case.
fn headers(run: &Run) -> Vec<Vec<String>> {
    let exchanges = run.events().into_iter().filter(|event| event["event"] == "exchange");
    let payments = exchanges.filter(|event| event["request"]["url"].as_str().unwrap().contains("/v1/payments"));
    let names = |event: serde_json::Value| {
        let headers = event["request"]["headers"].as_array().unwrap();
        headers.iter().map(|header| header[0].as_str().unwrap().to_ascii_lowercase()).collect()
    };
    payments.map(names).collect()
}

#[test]
fn a_bank_whose_target_file_says_nothing_of_signatures_is_not_judged_by_them() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    let whole = desk.read("t.toml");
    desk.write("t.toml", whole.split("[signing]").next().unwrap());
    assert_eq!(desk.run(&["t.toml", "SIGN", "BG-001", "BG-019"]).code, 0);
    let run = desk.last_run();
    for (id, verdict) in run.verdicts().iter().filter(|(id, _)| id.starts_with("SIGN")) {
        assert_eq!(verdict, "not-applicable", "{id}");
        let reason = run.check(id)["reason"].as_str().unwrap().to_owned();
        assert!(reason.contains("[signing]") || reason.contains("it is about the dialect"), "{reason}");
    }
    let headers = headers(&run);
    assert!(!headers.is_empty() && headers.iter().flatten().all(|name| name != "signature" && name != "digest"));
}

#[test]
fn every_request_to_a_bank_that_verifies_signatures_is_signed() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    assert_eq!(desk.run(&["t.toml", "BG", "SIGN-001", "SIGN-008"]).code, 0);
    let run = desk.last_run();
    assert!(headers(&run).iter().all(|names| names.contains(&"signature".to_owned())));
    assert_eq!(run.check("SIGN-001")["verdict"], "not-applicable", "this bank does not demand signatures");
    assert_eq!(run.check("SIGN-008")["verdict"], "pass");
}

#[test]
fn a_bank_that_demands_signatures_needs_a_seal_for_each_tpp() {
    let desk = Desk::new();
    let _bank = desk.bank_with("t.toml", &["--require-signatures"]);
    assert_eq!(desk.run(&["t.toml", "SIGN-001", "SIGN-031", "BG-001"]).code, 0);
    let passed = desk.last_run().with("pass");
    assert!(["SIGN-001", "SIGN-031", "BG-001"].iter().all(|id| passed.contains(&(*id).to_owned())), "{passed:?}");
    let whole = desk.read("t.toml");
    let seal = whole.split("[identity.seal]").nth(2).unwrap().split("\n\n").next().unwrap();
    desk.write("t.toml", &whole.replacen(&format!("[identity.seal]{seal}"), "", 1));
    let ended = desk.run(&["t.toml"]);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("tpp-b") && ended.stderr.contains("seal"), "{}", ended.stderr);
}

//! A run lints its own certificates, and tells those that it met.

use std::process::Command;

use serde_json::Value;

#[test]
fn a_run_tells_every_certificate() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_bankproof"));
    let output =
        command.args(["run", "META-001", "PKCE-001", "--out", "out"]).current_dir(folder.path()).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let read = |name: &str| std::fs::read_to_string(folder.path().join("out/latest").join(name)).unwrap();
    let results: Value = serde_json::from_str(&read("results.json")).unwrap();
    let used_as = |certificates: &Value| -> Vec<String> {
        let used_as = certificates.as_array().unwrap().iter().map(|one| one["used_as"].as_str().unwrap().to_owned());
        used_as.collect()
    };
    for identity in results["identities"].as_array().unwrap() {
        for certificate in identity["certificates"].as_array().unwrap() {
            assert!(certificate["days_left"].as_i64().unwrap() > 0, "{certificate}");
            assert_eq!(certificate["findings"].as_array().unwrap().len(), 0, "{certificate}");
        }
    }
    assert!(used_as(&results["identities"][0]["certificates"]).starts_with(&[
        "QWAC".to_owned(),
        "renewed QWAC".to_owned(),
        "QSealC".to_owned()
    ]));
    let bank = used_as(&results["target"]["certificates"]);
    assert_eq!(bank[0], "trust anchor");
    let servers = bank.iter().filter(|used_as| used_as.starts_with("TLS server 127.0.0.1:")).count();
    assert!(servers >= 2, "the pages and the API are met: {bank:?}");
    let page = read("report.html");
    assert!(
        page.contains("tpp-a, QWAC") && page.contains("may initiate payments") && page.contains("the bank, TLS server")
    );
}

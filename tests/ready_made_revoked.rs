//! Banks whose CA cannot be told to revoke: they are judged by certificates that were revoked beforehand, or not at all.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use bankproof::bank::Settings;
use bankproof::pki::inspect;
use bankproof::run::bundled;
use serde_json::Value;

const CHECKS: [&str; 4] = ["CERT-006", "CERT-007", "CERT-080", "CERT-082"];

/// Verdict and reason of each check, against a bank with those faults and one certificate that its CRL lists.
async fn verdicts(faults: &[&str]) -> BTreeMap<String, (String, String)> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let faults: BTreeSet<String> = faults.iter().map(|id| (*id).to_owned()).collect();
    let settings = Settings { faults: faults.clone(), ..Settings::default() };
    let (bank, pki) = bundled::start(settings).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("bank.toml");
    bundled::write_target(&target, &bank, &pki, &faults).unwrap();

    let list = Some(format!("{}/crl/beforehand.crl", bank.trust_service));
    let revoked = pki.issuing.issue(&pki.tpps[0].recipe.clone().status_at(None, None, list)).unwrap();
    let serial = inspect::facts(revoked.certificate_pem.as_bytes()).unwrap().serial;
    let url = format!("{}/certificates/{serial}", bank.trust_service);
    let put = reqwest::Client::new().put(url).header("Content-Type", "application/json");
    let said = put.body(r#"{"crl":"listed"}"#).send().await.unwrap();
    assert_eq!(said.status(), 200);
    revoked.write(folder.path(), "revoked", &bankproof::pki::Format::Pem).unwrap();
    without_trust_service(&target);

    let out = folder.path().join("out");
    tokio::task::spawn_blocking(move || judged(&target, &out)).await.unwrap()
}

fn without_trust_service(target: &Path) {
    let text = std::fs::read_to_string(target).unwrap();
    let kept: Vec<&str> = text.lines().filter(|line| !line.starts_with("trust_service")).collect();
    assert!(kept.len() + 1 == text.lines().count(), "{text}");
    let ready = "[bad_certificates.revoked-by-crl]\ncertificate = \"revoked.pem\"\nkey = \"revoked.key\"\n";
    std::fs::write(target, format!("{}\n\n{ready}", kept.join("\n"))).unwrap();
}

fn judged(target: &Path, out: &PathBuf) -> BTreeMap<String, (String, String)> {
    let mut command = assert_cmd::Command::cargo_bin("bankproof").unwrap();
    command.arg("run").arg(target).args(CHECKS).arg("--out").arg(out).output().unwrap();
    let results: Value = serde_json::from_slice(&std::fs::read(out.join("latest/results.json")).unwrap()).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let checks = results["checks"].as_array().unwrap().iter();
    checks.map(|check| (text(&check["id"]), (text(&check["verdict"]), text(&check["reason"])))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ready_made_certificate_is_tried_and_what_cannot_be_told_is_not() {
    let verdicts = verdicts(&[]).await;
    assert_eq!(verdicts["CERT-006"].0, "pass", "{verdicts:?}");
    assert_eq!(verdicts["CERT-007"].0, "not-applicable", "{verdicts:?}");
    assert!(verdicts["CERT-007"].1.contains("OCSP responder calls revoked"), "{verdicts:?}");
    for id in ["CERT-080", "CERT-082"] {
        assert_eq!(verdicts[id].0, "not-applicable", "{verdicts:?}");
        assert!(verdicts[id].1.contains("trust service"), "{verdicts:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bank_that_lets_it_in_fails() {
    assert_eq!(verdicts(&["crl-ignored"]).await["CERT-006"].0, "fail");
}

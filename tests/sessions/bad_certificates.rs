//! A target without a test CA, that has some bad certificates at hand.

use super::support::Desk;

/// A target file of a running bank, with ready-made bad certificates instead of the test CA.
fn with_ready_made(desk: &Desk, name: &str) {
    let whole = desk.read("bank.toml");
    let (before, test_ca) = whole.split_once("[test_ca]").unwrap();
    let after = test_ca.split_once("\n[").map_or("", |(_, after)| after);
    let ready =
        format!("[bad_certificates.{name}]\ncertificate = \"bad/qwac-expired.pem\"\nkey = \"bad/qwac-expired.key\"");
    desk.write("ready.toml", &format!("{before}{ready}\n\n[{after}"));
}

#[test]
fn only_the_checks_apply_whose_certificate_is_at_hand() {
    let desk = Desk::new();
    let _bank = desk.bank("bank.toml", &[]);
    assert_eq!(desk.bankproof(&["certs", "issue", "--out", "bad", "--defect", "expired"]).code, 0);
    with_ready_made(&desk, "expired");
    let ended =
        desk.run(&["ready.toml", "CERT-002", "CERT-004", "CERT-005", "CERT-035", "CERT-050", "--format", "json"]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    let verdicts = desk.last_run().verdicts();
    let of = |id: &str| verdicts[id].clone();
    for (id, expected) in [
        ("CERT-002", "pass"), // nobody's trust is needed for it
        ("CERT-004", "pass"),
        ("CERT-005", "not-applicable"),
        ("CERT-035", "not-applicable"),
        ("CERT-050", "not-applicable"),
    ] {
        assert_eq!(of(id), expected, "{id}");
    }
    assert!(ended.stdout.contains("neither a test CA nor a ready-made certificate with that defect"));
}

#[test]
fn a_defect_that_is_none_is_refused_with_the_nearest() {
    let desk = Desk::new();
    let _bank = desk.bank("bank.toml", &[]);
    with_ready_made(&desk, "expird");
    let ended = desk.run(&["ready.toml"]);
    assert_eq!(ended.code, 2, "{}", ended.stderr);
    for word in ["ready.toml, line", "bad_certificates.expird", "\"expired\"", "certs issue --list"] {
        assert!(ended.stderr.contains(word), "{word}: {}", ended.stderr);
    }
}

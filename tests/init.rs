//! `bankproof init` against the bundled bank: what it writes passes the doctor, and nothing is trusted or overwritten in
//! silence.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

use bankproof::{
    bank::{Bank, Settings},
    pki::{TestPki, inspect},
    run::bundled,
};
use serde_json::Value;

struct World {
    folder: tempfile::TempDir,
    bank: Bank,
    pki: TestPki,
}

impl World {
    async fn new() -> Self {
        let (bank, pki) = bundled::start(Settings::default()).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        pki.write(&folder.path().join("certs")).unwrap();
        Self { folder, bank, pki }
    }

    /// The fingerprint of the CA that the bank shows.
    fn fingerprint(&self) -> String {
        inspect::facts(self.pki.issuing.certificate_pem().as_bytes()).unwrap().fingerprint
    }

    /// What only the customer and the bank know.
    fn answers(&self) -> String {
        let customer = &self.bank.customer;
        let (name, password, code) = (&customer.username, &customer.password, &customer.one_time_code);
        format!(
            "issuer = \"{}\"\ndebtor_iban = \"{}\"\nfields = \"username={name}\"\nsecrets = \"password={password}, otp={code}\"\n\
             one_time_code = \"otp\"\ncontinue = \"login, confirm\"\napprove = \"approve\"\ndeny = \"deny\"\ncancel = \"cancel\"\n",
            self.bank.issuer, customer.iban
        )
    }

    async fn bankproof(&self, arguments: &[&str], typed: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bankproof"));
        command.args(arguments).current_dir(self.folder.path());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let typed = typed.to_owned();
        let run = move || {
            let mut child = command.spawn().unwrap();
            // Who has heard enough need not read it all.
            let _ = child.stdin.take().unwrap().write_all(typed.as_bytes());
            child.wait_with_output().unwrap()
        };
        tokio::task::spawn_blocking(run).await.unwrap()
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_it_writes_passes_the_doctor() {
    let world = World::new().await;
    fs::write(world.path().join("answers.toml"), world.answers()).unwrap();
    let trust = format!("trust={}", world.fingerprint());
    let given = ["--certificate", "certs/tpp-a-qwac.pem", "--answers", "answers.toml", "--answer", &trust];
    let output = world.bankproof(&[&["init"], &given[..]].concat(), "").await;
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));

    let written = fs::read_to_string(world.path().join("bank.toml")).unwrap();
    assert!(written.starts_with("#:schema bankproof.schema.json\n"), "{written}");
    let api = format!("api = \"{}\"", world.bank.api);
    for words in ["client_id = \"PSDDE-BAFIN-100001\"", "PSP_PI, PSP_AI", "refresh-tokens", "tls_client_auth", &api] {
        assert!(written.contains(words), "{words}: {written}");
    }
    let is_told = |(before, line): (&str, &str)| !line.contains(" = ") || line.starts_with('#') || !before.is_empty();
    assert!(written.lines().zip(written.lines().skip(1)).all(is_told), "{written}");
    let schema: Value =
        serde_json::from_str(&fs::read_to_string(world.path().join("bankproof.schema.json")).unwrap()).unwrap();
    assert!(jsonschema::is_valid(&schema, &toml::from_str(&written).unwrap()));

    let output = world.bankproof(&["doctor", "bank.toml"], "").await;
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
    assert!(text(&output.stdout).contains("Nothing stands in the way"), "{}", text(&output.stdout));

    let again = world.bankproof(&[&["init"], &given[..]].concat(), "").await;
    assert_eq!(again.status.code(), Some(2));
    assert!(text(&again.stderr).contains("is not overwritten"), "{}", text(&again.stderr));
    assert_eq!(fs::read_to_string(world.path().join("bank.toml")).unwrap(), written);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_asked_and_may_take_what_is_offered() {
    let world = World::new().await;
    let customer = &world.bank.customer;
    // In the order of the questions; an empty line takes what is offered.
    let typed = [
        world.bank.issuer.as_str(),
        "",
        "",
        "yes",
        "certs/tpp-a-qwac.pem",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        &customer.iban,
        "",
        "",
        "",
        "",
        &format!("username={}", customer.username),
        &format!("password={}, otp={}", customer.password, customer.one_time_code),
        "otp",
        "login, confirm",
        "approve",
        "deny",
        "cancel",
    ]
    .join("\n");
    let output = world.bankproof(&["init", "--out", "asked.toml"], &format!("{typed}\n")).await;
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains(&format!("SHA-256 {}", world.fingerprint())), "{said}");
    let output = world.bankproof(&["doctor", "asked.toml"], "").await;
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_ca_is_trusted_in_silence() {
    let world = World::new().await;
    fs::write(world.path().join("answers.toml"), world.answers()).unwrap();
    let given = ["init", "--certificate", "certs/tpp-a-qwac.pem", "--answers", "answers.toml"];
    for (more, typed) in
        [(vec![], ""), (vec![], "\n\nno\n"), (vec!["--answer", "trust=yes"], ""), (vec!["--answer", "trust=AA:BB"], "")]
    {
        let output = world.bankproof(&[&given[..], &more].concat(), typed).await;
        assert_eq!(output.status.code(), Some(2), "{more:?} {typed:?}: {}", text(&output.stderr));
        assert!(!world.path().join("bank.toml").exists() && !world.path().join("bank-ca.pem").exists());
    }
}

//! `bankproof init` against the bundled bank: what it writes passes the doctor, and nothing is trusted or overwritten in
//! silence.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

#[allow(dead_code, reason = "each file of tests uses its part")]
#[path = "support/tamper.rs"]
mod tamper;

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

use bankproof::{
    bank::{Bank, Dialect, Settings},
    pki::{TestPki, inspect},
    run::bundled,
};
use serde_json::Value;
use tamper::{Bend, tamper};

struct World {
    folder: tempfile::TempDir,
    bank: Bank,
    pki: TestPki,
}

impl World {
    async fn new() -> Self {
        Self::of(Dialect::BerlinGroup).await
    }

    async fn of(dialect: Dialect) -> Self {
        let (bank, pki) = bundled::start(Settings { dialect, ..Settings::default() }).await.unwrap();
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
async fn what_it_writes_of_a_bank_of_the_uk_passes_the_doctor() {
    let world = World::of(Dialect::UkOpenBanking).await;
    let answers = world.answers().replace("debtor_iban", "debtor_account");
    let answers = answers.replace(&world.bank.customer.iban, &world.bank.customer.account);
    let api = format!("{}/open-banking/v4.0/pisp", world.bank.api);
    let own = format!(
        "api = \"{api}\"\ndialect = \"uk-open-banking\"\nclient_authentication = \"private_key_jwt\"\n\
         assertion_key = \"certs/tpp-a-qsealc.key\"\nseal = \"certs/tpp-a-qsealc.pem\"\n\
         seal_key = \"certs/tpp-a-qsealc.key\"\n"
    );
    fs::write(world.path().join("answers.toml"), answers + &own).unwrap();
    let trust = format!("trust={}", world.fingerprint());
    let given = ["--certificate", "certs/tpp-a-qwac.pem", "--answers", "answers.toml", "--answer", &trust];
    let output = world.bankproof(&[&["init"], &given[..]].concat(), "").await;
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let written = fs::read_to_string(world.path().join("bank.toml")).unwrap();
    let api = format!("api = \"{api}\"");
    for words in ["dialect = \"uk-open-banking\"", "form = \"uk-jws\"", "currency = \"GBP\"", &api] {
        assert!(written.contains(words), "{words}: {written}");
    }
    let output = world.bankproof(&["doctor", "bank.toml"], "").await;
    assert!(text(&output.stdout).contains("Nothing stands in the way"), "{}", text(&output.stdout));
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

impl World {
    /// Everything is answered, in that folder of the world's; what is given besides goes before.
    async fn answered(&self, out: &str, more: &[&str], typed: &str) -> Output {
        fs::write(self.path().join("answers.toml"), self.answers()).unwrap();
        let trust = format!("trust={}", self.fingerprint());
        let mut arguments = vec!["init", "--out", out, "--answers", "answers.toml"];
        arguments.extend(["--answer", "certificate=certs/tpp-a-qwac.pem", "--answer", &trust]);
        arguments.extend(more.iter().flat_map(|answer| ["--answer", answer]));
        self.bankproof(&arguments, typed).await
    }
}

/// What is given and cannot be right, and words of what is said of it.
const WRONG: [(&str, &str); 17] = [
    ("issuer=http://localhost:1", "no https URL"),
    ("environment=sandbox", "test, production"),
    ("certificate=certs/none.pem", "cannot be read"),
    ("key=certs/none.key", "cannot be read"),
    ("trust_anchors=certs/none.pem", "cannot be read"),
    ("redirect_uri=callback", "no https URL"),
    ("client_authentication=mtls", "self_signed_tls_client_auth"),
    ("dialect=stet", "berlin-group, uk-open-banking, none"),
    ("oauth_sca=perhaps", "neither yes nor no"),
    ("debtor_iban=DE02120300000000202052", "check digits"),
    ("creditor_iban=DE8937040044053201300", "check digits"),
    ("amount=12,34", "no amount"),
    ("currency=euro", "ISO 4217"),
    ("fields=user", "no name=value"),
    ("fields=user=max, user=moritz", "named twice"),
    ("one_time_code=tan", "password, otp, -"),
    ("approve=-", "without a button"),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_answer_that_is_given_is_named_and_nothing_is_written() {
    let world = World::new().await;
    for (answer, words) in WRONG {
        let output = world.answered("bank.toml", &[answer], "").await;
        let said = text(&output.stderr);
        let key = answer.split('=').next().unwrap();
        assert_eq!(output.status.code(), Some(2), "{answer}: {said}");
        assert!(said.contains(&format!("the answer to \"{key}\": ")) && said.contains(words), "{answer}: {said}");
        assert!(!world.path().join("bank.toml").exists(), "{answer}");
    }
    let output = world.answered("bank.toml", &["secrets=password=correct,horse"], "").await;
    let said = text(&output.stderr);
    assert!(output.status.code() == Some(2) && said.contains("number 2 ") && !said.contains("horse"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_types_something_wrong_is_told_so_and_asked_again() {
    let world = World::new().await;
    let customer = &world.bank.customer;
    let spaced = customer.iban.split_at(4);
    // In the order of the questions: wrong ones first, and what is said of them.
    let typed = [
        (vec![("", "an answer is needed"), ("localhost", "no https URL")], world.bank.issuer.clone()),
        (vec![], String::new()),
        (vec![("sandbox", "no environment")], "test".into()),
        (vec![("maybe", "neither yes nor no")], "yes".into()),
        (vec![("tpp.pem", "tpp.pem: "), ("certs", "certs: ")], "certs/tpp-a-qwac.pem".into()),
        (vec![("certs/tpp-a-qwac.pem", "mend: ")], String::new()),
        (vec![], String::new()),
        (vec![("tpp-a.example", "no https URL")], String::new()),
        (vec![("mtls", "no client authentication")], String::new()),
        (vec![("stet", "no dialect")], String::new()),
        (vec![("perhaps", "neither yes nor no")], String::new()),
        (vec![("api", "no https URL")], String::new()),
        (vec![("DE02120300000000202052", "check digits")], format!("{} {}", spaced.0, spaced.1)),
        (vec![("DE1", "no IBAN")], String::new()),
        (vec![], String::new()),
        (vec![("much", "no amount")], String::new()),
        (vec![("€", "ISO 4217")], String::new()),
        (
            vec![("user", "number 1 "), ("=max", "number 1 "), ("a=1,a=2", "twice")],
            format!("username={}", customer.username),
        ),
        (vec![("password", "number 1 ")], format!("password={}, otp={}", customer.password, customer.one_time_code)),
        (vec![("tan", "none of the secrets")], "otp".into()),
        (vec![], "login, confirm".into()),
        (vec![("-", "without a button"), (",", "without a button")], "approve".into()),
        (vec![], "deny".into()),
        (vec![], "cancel".into()),
    ];
    let lines: Vec<&str> =
        typed.iter().flat_map(|(wrong, right)| wrong.iter().map(|(line, _)| *line).chain([right.as_str()])).collect();
    let output = world.bankproof(&["init", "--out", "asked.toml"], &format!("{}\n", lines.join("\n"))).await;
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    let mut rest = said.as_str();
    for (line, words) in typed.iter().flat_map(|(wrong, _)| wrong) {
        // In their order.
        let (_, after) = rest.split_once(words).unwrap_or_else(|| panic!("\"{line}\": {words}: {said}"));
        rest = after;
    }
    let output = world.bankproof(&["doctor", "asked.toml"], "").await;
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
}

/// The keys that the sources ask for, and those that `--questions` prints.
#[tokio::test(flavor = "multi_thread")]
async fn every_question_is_printed_with_its_key() {
    let world = World::new().await;
    let output = world.bankproof(&["init", "--questions"], "").await;
    let printed = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{printed}");
    let keys: Vec<&str> = printed.lines().map(|line| line.split(' ').next().unwrap()).collect();
    let sources = ["mod.rs", "customer.rs"]
        .map(|name| fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli/init").join(name)).unwrap());
    let asked = sources.iter().flat_map(|source| ["answers.ask(\"", "answers.find(\""].map(|call| source.split(call)));
    for asked in asked.flat_map(|parts| parts.skip(1)).map(|rest| rest.split('"').next().unwrap()) {
        assert!(keys.contains(&asked), "{asked} is asked and not printed");
    }
    assert!(printed.contains("environment ") && printed.contains("[test]"), "{printed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_to_no_question_is_refused_with_the_nearest() {
    let world = World::new().await;
    for arguments in [["init", "--answer", "isuer=https://a.example"], ["init", "--answers", "wrong.toml"]] {
        fs::write(world.path().join("wrong.toml"), "isuer = \"https://a.example\"\n").unwrap();
        let output = world.bankproof(&arguments, "").await;
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("\"isuer\"") && said.contains("\"issuer\""), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_is_not_lost_where_nothing_more_is() {
    let world = World::new().await;
    let trust = format!("trust={}", world.fingerprint());
    let typed = format!("{}\nMy bank\ntest\n\n\n\n\n\n", world.bank.issuer);
    let output = world.bankproof(&["init", "--answer", &trust], &typed).await;
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(
        said.contains("go on with --answers bank-answers.toml") && !world.path().join("bank.toml").exists(),
        "{said}"
    );
    let kept = fs::read_to_string(world.path().join("bank-answers.toml")).unwrap();
    assert!(kept.contains("name = \"My bank\"") && kept.contains(&world.bank.issuer), "{kept}");
    // The next try is not asked for them again.
    let arguments = ["init", "--answers", "bank-answers.toml", "--answer", &trust];
    let output = world.bankproof(&arguments, "certs/tpp-a-qwac.pem\n").await;
    assert!(!text(&output.stderr).contains("What shall the report call it?"), "{}", text(&output.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_asked_for_ever() {
    let world = World::new().await;
    let output = world.bankproof(&["init"], &"localhost\n".repeat(9)).await;
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert_eq!(said.matches("The bank's issuer identifier").count(), 4, "{said}");
    let output = world.bankproof(&["init"], &format!("{}\n", "x".repeat(9000))).await;
    assert!(output.status.code() == Some(2) && text(&output.stderr).contains("longer than"), "{output:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn paths_stand_in_the_file_relative_to_it() {
    let world = World::new().await;
    fs::create_dir_all(world.path().join("targets/here")).unwrap();
    fs::write(world.path().join("password.txt"), format!("{}\n", world.bank.customer.password)).unwrap();
    let code = format!("secrets=password=file:password.txt, otp={}", world.bank.customer.one_time_code);
    let absolute = format!("key={}", world.path().join("certs/tpp-a-qwac.key").display());
    for (out, up, more) in [
        ("bank.toml", "", vec![code.as_str()]),
        ("./dotted.toml", "", vec![&code]),
        ("targets/here/bank.toml", "../../", vec![&code]),
        ("targets/other.toml", "../", vec![&code, "trust_anchors=certs/ca-issuing.pem"]),
        ("absolute.toml", "", vec![&code, &absolute]),
    ] {
        let output = world.answered(out, &more, "").await;
        assert_eq!(output.status.code(), Some(0), "{out}: {}", text(&output.stderr));
        let written: toml::Table = toml::from_str(&fs::read_to_string(world.path().join(out)).unwrap()).unwrap();
        let identity = &written["identity"][0];
        assert_eq!(identity["certificate"].as_str().unwrap(), format!("{up}certs/tpp-a-qwac.pem"), "{out}");
        let key = if more.contains(&absolute.as_str()) {
            absolute[4..].to_owned()
        } else {
            format!("{up}certs/tpp-a-qwac.key")
        };
        assert_eq!(identity["key"].as_str().unwrap(), key, "{out}");
        let password = written["psu"]["secrets"]["password"]["file"].as_str().unwrap();
        assert_eq!(password, format!("{up}password.txt"), "{out}");
        let output = world.bankproof(&["doctor", out], "").await;
        assert_eq!(output.status.code(), Some(0), "{out}: {}", text(&output.stdout));
    }
}

/// Its key set is at a host of its own.
const KEYS_ELSEWHERE: Bend = |answer| {
    let Some((before, rest)) = answer.body.split_once("\"jwks_uri\":\"https://") else { return };
    let (_, after) = rest.split_once('/').unwrap();
    answer.body = format!("{before}\"jwks_uri\":\"https://keys.bank.example/{after}");
};
const OF_ANOTHER: Bend =
    |answer| answer.body = answer.body.replace("\"issuer\":\"https://127", "\"issuer\":\"https://128");

impl World {
    /// The answer to the first question, where the bank's answers are bent so.
    async fn bent(&self, bend: Bend) -> String {
        let Self { bank, pki, .. } = self;
        let shown = (pki.bank.chain_pem.as_str(), pki.bank.key_pem.as_str());
        format!("issuer={}", tamper(&bank.issuer, pki.root.certificate_pem(), shown.0, shown.1, bend).await)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_only_the_metadata_names_is_the_banks_if_somebody_says_so() {
    let world = World::new().await;
    let issuer = world.bent(KEYS_ELSEWHERE).await;
    let output = world.answered("bank.toml", &[&issuer], "").await;
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("also at keys.bank.example:") && said.contains("--answer hosts="), "{said}");
    assert!(!world.path().join("bank.toml").exists());
    for (file, answer, listed, is_told) in [
        ("none.toml", "hosts=-", "", true),
        ("named.toml", "hosts=keys.bank.example", "\nhosts = [\"keys.bank.example\"]\n", false),
    ] {
        let output = world.answered(file, &[&issuer, answer], "").await;
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        let written = fs::read_to_string(world.path().join(file)).unwrap();
        assert_eq!((written.contains("\nhosts = "), written.contains(listed)), (!is_told, true), "{written}");
        let output = world.bankproof(&["doctor", file, "--format", "json"], "").await;
        let told: Value = serde_json::from_slice(&output.stdout).unwrap();
        let names = told["findings"].as_array().unwrap().iter().map(|finding| finding["name"].as_str().unwrap());
        assert_eq!(names.into_iter().any(|name| name == "other-hosts"), is_told, "{told:#}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn metadata_of_another_issuer_is_used_for_nothing() {
    let world = World::new().await;
    let issuer = world.bent(OF_ANOTHER).await;
    let output = world.answered("bank.toml", &[&issuer], "").await;
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("of another issuer") && said.contains("Its authorization endpoint?"), "{said}");
}

//! What the doctor says: a table of broken target files and one of broken environments, each with the one finding that it
//! must have, and a word of its mend. A healthy bank has none.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "support/tamper.rs"]
mod tamper;

use std::{
    collections::BTreeSet,
    fs,
    io::{Read, Write},
    path::Path,
    process::{Command, Output, Stdio},
};

use bankproof::{
    bank::{Bank, Dialect, Settings},
    pki::{Authority, Recipe, TestPki},
    run::bundled,
};
use serde_json::{Value, json};
use tamper::{Bend, Bent, tamper};
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc2822};

/// A bank, and a folder with a target file that leads to it.
struct World {
    folder: tempfile::TempDir,
    bank: Bank,
    pki: TestPki,
    text: String,
}

impl World {
    async fn new() -> Self {
        Self::of(Dialect::BerlinGroup).await
    }

    async fn of(dialect: Dialect) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bank.toml");
        let (bank, pki) = bundled::start(Settings { dialect, ..Settings::default() }).await.unwrap();
        bundled::write_target(&path, &bank, &pki, &BTreeSet::new()).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        Self { folder, bank, pki, text }
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).unwrap();
    }

    /// What the binary says of that target file, and its exit code.
    async fn examine(&self, text: &str) -> (Value, i32) {
        self.write("bank.toml", text);
        let output = bankproof(self.folder.path(), &["doctor", "bank.toml", "--format", "json"]).await;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let told = serde_json::from_str(&said)
            .unwrap_or_else(|error| panic!("{error}: {said}{}", String::from_utf8_lossy(&output.stderr)));
        (told, output.status.code().unwrap())
    }
}

async fn bankproof(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bankproof"));
    command.args(arguments).current_dir(folder).stdin(Stdio::null());
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

/// The names of what was found, without notes.
fn names(told: &Value) -> Vec<&str> {
    let findings = told["findings"].as_array().unwrap().iter().filter(|finding| finding["severity"] != "note");
    findings.map(|finding| finding["name"].as_str().unwrap()).collect()
}

/// Holds what was said against a row: one finding, of that name and layer, with that word in its mend.
fn complaint(how: &str, (told, code): (Value, i32), name: &str, layer: &str, mend: &str) -> Option<String> {
    let findings = &told["findings"];
    if names(&told) != [name] {
        return Some(format!("{how}: expected {name} alone: {findings:#}"));
    }
    let finding = findings.as_array().unwrap().iter().find(|finding| finding["name"] == name).unwrap();
    let expected = match (finding["severity"].as_str(), layer) {
        (Some("error"), "file") => 2,
        (Some("error"), _) => 3,
        _ => 0,
    };
    let good = finding["layer"] == layer && finding["mend"].as_str().unwrap().contains(mend) && code == expected;
    (!good).then(|| format!("{how}: expected layer {layer}, exit {expected} and \"{mend}\": exit {code}, {finding:#}"))
}

/// How a target file is broken, what is found, at which layer, and a word of the mend.
type BrokenFile = (&'static str, fn(&World) -> String, &'static str, &'static str);

/// Slips of the user's, each an error of the file.
const SLIPS: [BrokenFile; 10] = [
    ("the API ends with its version", |world| behind(&world.text, "api", "/v1"), "address-wrong", "api_version"),
    (
        "the API is one of its resources",
        |world| behind(&world.text, "api", "/v1/payments/sepa-credit-transfers"),
        "address-wrong",
        "base alone",
    ),
    (
        "the issuer is its metadata document",
        |world| behind(&world.text, "issuer", "/.well-known/openid-configuration"),
        "address-wrong",
        "that the document names",
    ),
    (
        "the issuer has a query",
        |world| behind(&world.text, "issuer", "?tenant=1"),
        "address-wrong",
        "metadata document",
    ),
    (
        "the issuer has a slash too much",
        |world| behind(&world.text, "issuer", "/"),
        "issuer-spelling",
        "letter for letter",
    ),
    (
        "a path is Windows'",
        |world| world.text.replacen("\"bank-identities/tpp-a-qwac.pem\"", "'bank-identities\\tpp-a-qwac.pem'", 1),
        "file-unreadable",
        "write / between",
    ),
    (
        "a path is Windows', in double quotes",
        |world| world.text.replacen("\"bank-identities/tpp-a-qwac.pem\"", "\"C:\\keys\\qwac.pem\"", 1),
        "toml-syntax",
        "single quotes",
    ),
    (
        "the endpoints lack one",
        |world| {
            let line = format!("[server.endpoints]\ntoken = \"{}/token\"\n\n[[identity]]", world.bank.issuer);
            world.text.replacen("[[identity]]", &line, 1)
        },
        "target-file",
        "beside_metadata",
    ),
    (
        "the button that agrees is called otherwise",
        |world| world.text.replacen("approve = [\"approve\"]", "approve = [\"Confirm payment\"]", 1),
        "button-not-found",
        "Approve",
    ),
    (
        "the path of the version is none",
        |world| world.text.replacen("\n[[identity]]", "\napi_version = \"v1\"\n[[identity]]", 1),
        "address-wrong",
        "/berlin-group/v1.3",
    ),
];

/// The text with something behind the value of the first line of that key.
fn behind(text: &str, key: &str, what: &str) -> String {
    let line = text.lines().find_map(|line| line.strip_prefix(&format!("{key} = "))).unwrap();
    set(text, key, &format!("{}{what}", line.trim_matches('"')))
}

#[tokio::test(flavor = "multi_thread")]
async fn each_slip_is_the_files_and_named_with_its_mend() {
    let world = World::new().await;
    let mut complaints = Vec::new();
    for (how, broken, name, mend) in SLIPS {
        let text = broken(&world);
        assert_ne!(text, world.text, "{how}: nothing is broken");
        let (told, code) = world.examine(&text).await;
        complaints.extend((code != 2).then(|| format!("{how}: exit {code}: {told:#}")));
        complaints.extend(complaint(how, (told, code), name, "file", mend));
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

const BROKEN_FILES: [BrokenFile; 14] = [
    ("it is no TOML", |world| world.text.replacen("name = ", "name == ", 1), "toml-syntax", "example"),
    (
        "a key is misspelt",
        |world| world.text.replace("timeout_seconds", "timeout_secs"),
        "key-unknown",
        "timeout_seconds",
    ),
    ("a key is missing", |world| without(&world.text, "client_id"), "key-missing", "client_id"),
    (
        "a value has another type",
        |world| world.text.replace("parallel = true", "parallel = \"yes\""),
        "type-wrong",
        "true or false",
    ),
    (
        "a word is not known",
        |world| world.text.replace("environment = \"test\"", "environment = \"sandbox\""),
        "word-unknown",
        "production",
    ),
    (
        "an address has no TLS",
        |world| world.text.replacen("issuer = \"https", "issuer = \"http", 1),
        "url-without-tls",
        "https://",
    ),
    (
        "a file is not there",
        |world| world.text.replacen("tpp-a-qwac.pem", "tpp-a-qwack.pem", 1),
        "file-unreadable",
        "relative",
    ),
    (
        "the key is another's",
        |world| world.text.replacen("tpp-a-qwac.key", "tpp-b-qwac.key", 1),
        "key-mismatch",
        "requested with",
    ),
    ("the certificate has expired", |world| with_certificate(world, -60, 30), "certificate-expired", "renewed"),
    (
        "the certificate is for next month",
        |world| with_certificate(world, 30, 90),
        "certificate-not-yet-valid",
        "clock",
    ),
    ("the certificate ends soon", |world| with_certificate(world, -60, 70), "certificate-expires-soon", "renewed"),
    (
        "an IBAN is mistyped",
        |world| world.text.replacen("debtor_iban = \"DE", "debtor_iban = \"DE0", 1),
        "iban-check-digits",
        "correct",
    ),
    (
        "the payee is the payer",
        |world| set(&world.text, "creditor_iban", &world.bank.customer.iban),
        "creditor-is-debtor",
        "another payee",
    ),
    (
        "the TPP may not pay",
        |world| {
            let text = world.text.replace("tpp-a-", "tpp-x-").replace("tpp-c-", "tpp-a-").replace("tpp-x-", "tpp-c-");
            set(&text, "client_id", &world.pki.tpp("tpp-c").unwrap().organization_identifier)
        },
        "role-missing",
        "PSP_PI",
    ),
];

/// The text without the first line of that key.
fn without(text: &str, key: &str) -> String {
    let line = text.lines().find(|line| line.starts_with(key)).unwrap();
    text.replacen(&format!("{line}\n"), "", 1)
}

/// The text with another value for the first line of that key.
fn set(text: &str, key: &str, value: &str) -> String {
    let line = text.lines().find(|line| line.starts_with(&format!("{key} = "))).unwrap();
    text.replacen(line, &format!("{key} = \"{value}\""), 1)
}

/// The first TPP with a certificate that begins and lasts so many days from now.
fn with_certificate(world: &World, begins: i32, lasts: i32) -> String {
    let tpp = world.pki.tpp("tpp-a").unwrap();
    let odd = world.pki.issuing.issue(&tpp.recipe.clone().validity(begins, lasts)).unwrap();
    world.write("odd.pem", &odd.certificate_pem);
    world.write("odd.key", &odd.key_pem);
    let text = world.text.replacen("bank-identities/tpp-a-qwac.pem", "odd.pem", 1);
    text.replacen("bank-identities/tpp-a-qwac.key", "odd.key", 1)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_broken_target_file_is_named_with_its_mend() {
    let world = World::new().await;
    let mut complaints = Vec::new();
    for (how, broken, name, mend) in BROKEN_FILES {
        let text = broken(&world);
        assert_ne!(text, world.text, "{how}: nothing is broken");
        complaints.extend(complaint(how, world.examine(&text).await, name, "file", mend));
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// What is wrong with the surroundings of a bank.
enum Broken {
    /// Its answers are bent on the way.
    Answers(Bend),
    /// The server in front shows another certificate than it should.
    Certificate(fn(&World) -> (String, String)),
    /// The target file leads elsewhere, though it is right in itself.
    Lead(fn(&World) -> String),
}

use Broken::{Answers, Certificate, Lead};

/// What is broken, what is found, at which layer, and a word of the mend.
type BrokenEnvironment = (&'static str, Broken, &'static str, &'static str, &'static str);

const BROKEN_ENVIRONMENTS: [BrokenEnvironment; 23] = [
    ("the clocks are an hour apart", Answers(an_hour_ahead), "clock-skew", "gateway", "NTP"),
    (
        "DNS does not know the name",
        Lead(|world| set(&world.text, "issuer", "https://bank.invalid")),
        "host-unknown",
        "network",
        "network.hosts",
    ),
    (
        "nobody listens",
        Lead(|world| set(&world.text, "issuer", "https://127.0.0.1:1")),
        "no-connection",
        "network",
        "running",
    ),
    ("the callback port is taken", Lead(with_a_taken_port), "callback-port-taken", "network", "another"),
    ("the proxy refuses", Lead(behind_a_proxy), "proxy-refuses", "network", "no_proxy"),
    (
        "the intermediate is missing",
        Certificate(|world| (world.pki.bank.certificate_pem.clone(), world.pki.bank.key_pem.clone())),
        "intermediate-missing",
        "gateway",
        "intermediate",
    ),
    (
        "a CA that nobody knows",
        Certificate(|_| TestPki::fresh().map(|pki| (pki.bank.chain_pem, pki.bank.key_pem)).unwrap()),
        "issuer-unknown",
        "gateway",
        "trust_anchors",
    ),
    (
        "a CA of another name",
        Certificate(|_| another_ca().issue(&Recipe::bank_server()).map(|one| (one.chain_pem, one.key_pem)).unwrap()),
        "issuer-unknown",
        "gateway",
        "trust_anchors",
    ),
    (
        "the bank's certificate has expired",
        Certificate(|world| of_the_bank(world, Recipe::bank_server().validity(-60, 30))),
        "server-certificate-expired",
        "gateway",
        "renew",
    ),
    (
        "the bank's certificate is for another",
        Certificate(|world| of_the_bank(world, Recipe::bank_server().dns_name("other.example"))),
        "server-name-wrong",
        "gateway",
        "names",
    ),
    (
        "the metadata is another issuer's",
        Answers(|answer| answer.body = answer.body.replace("\"issuer\":\"https://127", "\"issuer\":\"https://128")),
        "issuer-mismatch",
        "authorization-server",
        "same bank",
    ),
    (
        "there is no metadata",
        Answers(|answer| {
            if answer.path.starts_with("/.well-known") {
                answer.status = 404
            }
        }),
        "metadata-missing",
        "authorization-server",
        "server.endpoints",
    ),
    (
        "an endpoint has no TLS",
        Answers(|answer| answer.body = answer.body.replace("\"jwks_uri\":\"https", "\"jwks_uri\":\"http")),
        "endpoint-without-tls",
        "authorization-server",
        "correct",
    ),
    (
        "the login form was changed",
        Answers(|answer| answer.body = answer.body.replace("name=\"username\"", "name=\"user-id\"")),
        "login-form-changed",
        "core",
        "\"user-id\"",
    ),
    (
        "the login page cannot be read",
        Answers(|answer| {
            let many: String = (0..50_000).map(|number| format!(" a{number}")).collect();
            answer.body = answer.body.replace("<form", &format!("<p{many}><form"));
        }),
        "page-not-readable",
        "core",
        "manual",
    ),
    ("too many requests", Answers(too_many), "rate-limit", "gateway", "requests_per_second"),
    ("the bank is down", Answers(|answer| answer.status = 503), "bank-down", "gateway", "wait"),
    (
        "the client is not registered",
        Lead(|world| set(&world.text, "client_id", "somebody-else")),
        "client-unknown",
        "authorization-server",
        "register",
    ),
    (
        "the bank has no such product",
        Lead(|world| world.text.replace("[payment]\n", "[payment]\nproduct = \"instant-sepa-credit-transfer\"\n")),
        "product-unknown",
        "core",
        "`product`",
    ),
    (
        "the account is another customer's",
        Lead(|world| set(&world.text, "debtor_iban", "DE02120300000000202051")),
        "payer-refused",
        "core",
        "[payment]",
    ),
    (
        "the redirect URI is not registered",
        Lead(|world| world.text.replacen("https://tpp-a.example/callback", "https://tpp-a.example/elsewhere", 1)),
        "redirect-uri-refused",
        "authorization-server",
        "register",
    ),
    (
        "the customer's password is wrong",
        Lead(|world| world.text.replacen(&world.bank.customer.password, "not-the-password", 1)),
        "customer-refused",
        "core",
        "credentials",
    ),
    ("the gateway does not know the certificate", Lead(of_another_ca), "certificate-refused", "gateway", "registered"),
];

/// More of them, each by what the bank answers.
const MORE_ENVIRONMENTS: [BrokenEnvironment; 13] = [
    (
        "the metadata is behind a door for certificates",
        Lead(|world| set(&world.text, "issuer", &world.bank.api)),
        "client-certificate-demanded",
        "gateway",
        "client_certificate",
    ),
    (
        "the metadata names no token endpoint",
        Answers(|answer| answer.body = answer.body.replace("\"token_endpoint\"", "\"tokens\"")),
        "endpoint-missing",
        "authorization-server",
        "beside_metadata",
    ),
    (
        "PKCE by plain alone",
        Answers(|answer| {
            in_metadata(answer, |metadata| metadata["code_challenge_methods_supported"] = json!(["plain"]))
        }),
        "pkce-s256-missing",
        "authorization-server",
        "S256",
    ),
    (
        "the token endpoint lets nobody in by certificate",
        Answers(|answer| {
            in_metadata(answer, |metadata| {
                metadata["token_endpoint_auth_methods_supported"] = json!(["client_secret_basic"]);
            });
        }),
        "authentication-method-missing",
        "authorization-server",
        "client_authentication",
    ),
    (
        "the token endpoint is at another host",
        Answers(|answer| with_token_endpoint(answer, |_| "https://tokens.other.example/token".into())),
        "other-hosts",
        "authorization-server",
        "hosts",
    ),
    (
        "the port of the API is another one than the bank's",
        Lead(|world| set(&world.text, "api", &world.bank.issuer)),
        "port-differs",
        "file",
        "is the port of `server.api`",
    ),
    (
        "the metadata is a web page",
        Answers(|answer| {
            if answer.path.starts_with("/.well-known") {
                answer.body = "<html><h1>Welcome</h1></html>".into();
            }
        }),
        "metadata-missing",
        "authorization-server",
        "server.issuer",
    ),
    (
        "the login wants to know where its form came from",
        Answers(|answer| {
            if answer.path == "/login" && answer.status != 200 {
                answer.status = 403;
                answer.body = "<h1>Forbidden</h1><p>CSRF verification failed: no Referer</p>".into();
            }
        }),
        "form-refused",
        "core",
        "browser",
    ),
    (
        "a customer who approves is refused",
        Answers(|answer| ends_with(answer, "error=access_denied")),
        "payer-refused",
        "core",
        "credentials",
    ),
    (
        "an approval ends with an error",
        Answers(|answer| ends_with(answer, "error=server_error")),
        "approval-fails",
        "authorization-server",
        "documentation",
    ),
    (
        "the token endpoint is not where it is said to be",
        Answers(|answer| with_token_endpoint(answer, |issuer| format!("{issuer}/nothing-is-here"))),
        "token-endpoint-missing",
        "authorization-server",
        "server.endpoints",
    ),
    (
        "the token endpoint falls over",
        Answers(|answer| {
            with_token_endpoint(answer, |issuer| format!("{issuer}/token"));
            if answer.path == "/token" {
                (answer.status, answer.body) = (500, "<h1>Oops</h1>".into());
            }
        }),
        "token-endpoint-fails",
        "authorization-server",
        "made-up code",
    ),
    (
        "the token endpoint refuses without a word of OAuth",
        Answers(|answer| {
            with_token_endpoint(answer, |issuer| format!("{issuer}/token"));
            if answer.path == "/token" {
                (answer.status, answer.body) = (403, "<h1>Forbidden</h1>".into());
            }
        }),
        "certificate-refused",
        "gateway",
        "API key",
    ),
];

fn in_metadata(answer: &mut Bent, change: impl Fn(&mut Value)) {
    if answer.path.starts_with("/.well-known") && answer.status == 200 {
        let mut metadata = serde_json::from_str(&answer.body).unwrap();
        change(&mut metadata);
        answer.body = metadata.to_string();
    }
}

/// The token endpoint is elsewhere, by what the issuer is.
fn with_token_endpoint(answer: &mut Bent, place: fn(&str) -> String) {
    in_metadata(answer, |metadata| {
        let url = json!(place(metadata["issuer"].as_str().unwrap()));
        metadata["token_endpoint"] = url.clone();
        metadata["mtls_endpoint_aliases"]["token_endpoint"] = url;
    });
}

/// The customer comes back with that in place of a code.
fn ends_with(answer: &mut Bent, what: &str) {
    let place = answer.headers.get("location").map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
    if let Some((before, after)) = place.split_once("code=") {
        let rest = after.split_once('&').map(|(_, rest)| format!("&{rest}")).unwrap_or_default();
        answer.set("location", &format!("{before}{what}{rest}"));
    }
}

/// A bank with a name of its own, behind a proxy that lets nobody through. Whoever is on this machine is not asked for by it.
fn behind_a_proxy(world: &World) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut tcp in listener.incoming().flatten() {
            let _ = tcp.read(&mut [0; 1024]);
            let _ = tcp.write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
        }
    });
    format!("{}\n[network]\nproxy = \"http://{proxy}\"\n", set(&world.text, "issuer", "https://bank.example"))
}

/// The port of the bank itself: nobody else can have it.
fn with_a_taken_port(world: &World) -> String {
    let taken = world.bank.api.trim_start_matches("https://");
    format!("{}\n[psu.manual]\nlisten = \"{taken}\"\n", world.text).replacen(
        "    \"form-script\",
",
        "    \"manual\",
",
        1,
    )
}

fn an_hour_ahead(answer: &mut Bent) {
    answer.set("date", &(OffsetDateTime::now_utc() + Duration::HOUR).format(&Rfc2822).unwrap().replace("+0000", "GMT"));
}

fn too_many(answer: &mut Bent) {
    (answer.status, answer.body) = (429, "slow down".into());
    answer.set("retry-after", "30");
}

fn of_the_bank(world: &World, recipe: Recipe) -> (String, String) {
    let issued = world.pki.issuing.issue(&recipe).unwrap();
    (issued.chain_pem, issued.key_pem)
}

fn another_ca() -> Authority {
    let recipe = Recipe::named("ca-root").unwrap().organization("Another Trust Service").common_name("Another Root");
    Authority::root(&recipe).unwrap()
}

/// The TPP with a good certificate of a CA that the bank does not trust.
fn of_another_ca(world: &World) -> String {
    let other = another_ca().issue(&world.pki.tpp("tpp-a").unwrap().recipe).unwrap();
    world.write("other.pem", &other.certificate_pem);
    world.write("other.key", &other.key_pem);
    let text = world.text.replacen("bank-identities/tpp-a-qwac.pem", "other.pem", 1);
    text.replacen("bank-identities/tpp-a-qwac.key", "other.key", 1)
}

impl World {
    /// The target file with the bank behind a proxy that shows this certificate.
    async fn behind(&self, chain_pem: &str, key_pem: &str, bend: Bend) -> String {
        let anchors = self.pki.root.certificate_pem();
        let proxy = tamper(&self.bank.issuer, anchors, chain_pem, key_pem, bend).await;
        self.text.replace(&self.bank.issuer, &proxy)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_broken_environment_is_named_with_its_mend() {
    let mut complaints = Vec::new();
    let mut world = World::new().await;
    for (how, broken, name, layer, mend) in BROKEN_ENVIRONMENTS.into_iter().chain(MORE_ENVIRONMENTS) {
        let (chain, key) = (world.pki.bank.chain_pem.clone(), world.pki.bank.key_pem.clone());
        let text = match broken {
            Answers(bend) => world.behind(&chain, &key, bend).await,
            Certificate(shown) => {
                let (chain, key) = shown(&world);
                world.behind(&chain, &key, |_| {}).await
            }
            Lead(elsewhere) => elsewhere(&world),
        };
        complaints.extend(complaint(how, world.examine(&text).await, name, layer, mend));
        // The customer may be locked out by now.
        if name == "customer-refused" {
            world = World::new().await;
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_healthy_bank_has_nothing_above_a_note() {
    let world = World::new().await;
    let proxied = world.behind(&world.pki.bank.chain_pem, &world.pki.bank.key_pem, |_| {}).await;
    for text in [world.text.clone(), proxied] {
        let (told, code) = world.examine(&text).await;
        assert_eq!((names(&told), code), (Vec::new(), 0), "{told:#}");
        let examinations = told["examinations"].as_array().unwrap();
        assert!(examinations.len() >= 10 && examinations.iter().all(|seen| seen["outcome"] == "fine"), "{told:#}");
    }
}

/// How the target file of a bank of the UK is broken, what is found, at which layer, and a word of the mend.
const BROKEN_IN_THE_UK: [BrokenFile; 4] = [
    (
        "nothing is signed",
        |world| world.text.split("[signing]").next().unwrap().into(),
        "payment-refused",
        "x-jws-signature",
    ),
    (
        "the currency is another country's",
        |world| world.text.replace("currency = \"GBP\"", "currency = \"EUR\""),
        "currency-not-gbp",
        "GBP",
    ),
    (
        "the payee is the customer",
        |world| set(&world.text, "creditor_account", &world.bank.customer.account),
        "creditor-is-debtor",
        "another payee",
    ),
    (
        "the first TPP may not initiate payments",
        |world| {
            let first = world.text.split("[[identity]]").nth(1).unwrap().to_owned();
            let own = world.text.split("[[identity]]").find(|table| table.contains("name = \"tpp-c\"")).unwrap();
            world.text.replacen(&first, own, 1)
        },
        "role-missing",
        "PSP_PI",
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_bank_of_the_uk_is_examined_as_one() {
    let world = World::of(Dialect::UkOpenBanking).await;
    let (told, code) = world.examine(&world.text).await;
    assert!(names(&told).is_empty() && code == 0, "{told:#}");
    let mut complaints = Vec::new();
    for (how, broken, name, mend) in BROKEN_IN_THE_UK {
        let (told, _) = world.examine(&broken(&world)).await;
        let finding = told["findings"].as_array().unwrap().iter().find(|finding| finding["name"] == name).cloned();
        let good = finding.is_some_and(|finding| finding["mend"].as_str().unwrap().contains(mend));
        complaints.extend((!good).then(|| format!("{how}: no {name} with \"{mend}\": {told:#}")));
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn on_production_nothing_is_paid_and_no_page_opened() {
    let world = World::new().await;
    let (told, code) =
        world.examine(&world.text.replace("environment = \"test\"", "environment = \"production\"")).await;
    assert_eq!((names(&told), code), (Vec::new(), 0), "{told:#}");
    assert_eq!(told["findings"][0]["name"], "customer-not-tried");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_out_says_because_of_what() {
    let world = World::new().await;
    let (told, _) = world.examine(&set(&world.text, "issuer", "https://bank.invalid")).await;
    let left_out = told["examinations"].as_array().unwrap().iter().filter(|seen| seen["outcome"] == "left-out");
    let because: BTreeSet<_> = left_out.map(|seen| seen["because_of"].as_str().unwrap()).collect();
    assert!(because.contains("route"), "{told:#}");

    world.write("bank.toml", &set(&world.text, "issuer", "https://bank.invalid"));
    let output = bankproof(world.folder.path(), &["doctor", "bank.toml"]).await;
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("ERROR host-unknown (network)") && said.contains("mend: "), "{said}");
    assert!(said.contains("left out, because of route"), "{said}");
    assert!(!said.contains(&world.bank.customer.password), "no secrets: {said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_comes_before_a_run() {
    let world = World::new().await;
    let run = async |text: &str| {
        world.write("bank.toml", text);
        bankproof(world.folder.path(), &["run", "bank.toml", "META-001", "--out", "out"]).await
    };
    let output = run(&with_certificate(&world, -60, 30)).await;
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("certificate-expired") && stderr.contains("mend: have it renewed"), "{stderr}");
    assert!(!world.folder.path().join("out").exists(), "no run has begun");

    let ahead = world.behind(&world.pki.bank.chain_pem, &world.pki.bank.key_pem, an_hour_ahead).await;
    let output = run(&ahead).await;
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "it can still be judged: {stderr}");
    assert!(stderr.contains("Before the run: clock-skew (gateway)"), "{stderr}");
    let read = |name: &str| fs::read_to_string(world.folder.path().join("out/latest").join(name)).unwrap();
    let results: Value = serde_json::from_str(&read("results.json")).unwrap();
    assert_eq!(results["seen_before"][0]["name"], "clock-skew");
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/schema/results-v1.schema.json");
    let schema: Value = serde_json::from_str(&fs::read_to_string(schema).unwrap()).unwrap();
    assert!(jsonschema::is_valid(&schema, &results), "results.json is not as its schema says");
    assert!(read("report.html").contains("clock-skew (gateway)"));
}

#[test]
fn every_finding_is_told_in_the_documentation() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/doctor.md")).unwrap();
    let files = BROKEN_FILES.iter().map(|row| row.2);
    let files = files.chain(SLIPS.iter().map(|row| row.2));
    let environments = BROKEN_ENVIRONMENTS.iter().chain(&MORE_ENVIRONMENTS).map(|row| row.2);
    for name in files.chain(environments) {
        assert!(page.contains(&format!("`{name}`")), "docs/doctor.md does not tell {name}");
    }
}

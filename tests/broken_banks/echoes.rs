//! A bank that gives away whatever it was told, in every answer and every encoding: none of it is found in what is left behind.

use std::{
    fs,
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::json;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate, matchers::any};

use super::{
    AT_ONCE, BOUND,
    answers::{field, form, html, is, lawful, metadata, token},
    cases::Places,
    encodings::encodings,
    support::{self, Bank, CODE, PASSWORD, TOKEN, USERNAME, judge},
};

/// No run of four checks takes longer, on the slowest machine; it took minutes once.
const HANG: Duration = Duration::from_secs(40);
/// Of the [payment] of the target file.
const ACCOUNTS: [&str; 2] = ["DE12500105170648489890", "DE75512108001245126199"];
/// Of the [[requests]] of the target file.
const API_KEY: &str = "sandbox/9fKq+27Lm0-Zt_w=";

struct Gossip {
    places: Places,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Gossip {
    /// Hears every secret of a request.
    fn listen(&self, request: &Request) {
        let mut heard = self.heard.lock().unwrap();
        let fields = ["code", "code_verifier", "password", "otp", "username"].map(|name| field(request, name));
        let token = request.headers.get("authorization").map(|value| value.to_str().unwrap().replace("Bearer ", ""));
        for secret in fields.into_iter().chain(token).filter(|secret| secret.len() > 8) {
            if !heard.contains(&secret) {
                heard.push(secret);
            }
        }
    }

    /// Everything that it has heard, in every encoding.
    fn told(&self) -> Vec<String> {
        let heard = self.heard.lock().unwrap();
        heard.iter().flat_map(|secret| encodings(secret)).map(|(_, written)| format!("<{written}>")).collect()
    }
}

impl Respond for Gossip {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        self.listen(request);
        if is(request, "/token") {
            self.heard.lock().unwrap().push(TOKEN.to_owned());
        }
        let told = self.told();
        let answer = if is(request, "/.well-known/oauth-authorization-server") {
            ResponseTemplate::new(200).set_body_json(metadata(&self.places, &[("gossip", json!(told))]))
        } else if is(request, "/token") {
            token(json!({ "access_token": TOKEN, "token_type": "Bearer", "expires_in": 300, "gossip": told }))
        } else if is(request, "/authorize") {
            html(format!("<!doctype html><title>Login</title>{}<p>{}", form(request, "/login"), told.join("<p>")))
        } else if is(request, "/login") || is(request, "/resource") && request.headers.contains_key("authorization") {
            lawful(request, &self.places)
        } else {
            ResponseTemplate::new(418).set_body_string(format!("I say {}", told.join(", ")))
        };
        told.chunks(told.len().div_ceil(20)).fold(answer, |answer, some| {
            let value: String = some.concat();
            answer.append_header("X-Gossip", value)
        })
    }
}

/// What the bank knows before anybody has asked it: everything in the target file.
fn given(bank: &Bank) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    support::pki().write(folder.path()).unwrap();
    let key = fs::read_to_string(folder.path().join("tpp-a-qwac.key")).unwrap();
    // Not the beginning of a key, which is the same for every one of a kind; and account numbers in the short form too.
    let accounts = ACCOUNTS.iter().flat_map(|account| [*account, &account[4..]]).filter(|_| bank.api.is_some());
    [PASSWORD, CODE, USERNAME, API_KEY]
        .into_iter()
        .chain(accounts)
        .chain(key.lines().nth(2))
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn what_a_bank_repeats_is_hidden_in_every_encoding() {
    let server = MockServer::start().await;
    let (door, base) = support::listener().await;
    support::terminate(door, *server.address());
    let places = Places { raw: base.clone(), elsewhere: base.clone(), plain: base.clone(), base: base.clone() };
    let heard = Arc::new(Mutex::new(Vec::new()));
    Mock::given(any()).respond_with(Gossip { places, heard: heard.clone() }).mount(&server).await;
    let requests = format!("[[requests]]\nheaders = {{ X-Api-Key = \"{API_KEY}\", X-Version = \"v1\" }}\n");
    let banks = [
        (Bank { api: Some(base.clone()), psu: Bank::psu() + &requests, ..Bank::new(&base) }, ["FLOW-00", "BG-00"]),
        (Bank { psu: Bank::psu() + &requests, ..Bank::new(&base) }, ["FLOW-00", "TOKEN-00"]),
    ];
    let turn = AT_ONCE.acquire().await.unwrap();
    for (bank, checks) in banks {
        *heard.lock().unwrap() = given(&bank);
        let judged = judge(&bank, &checks, BOUND).await;
        assert_eq!(judged.defects, Vec::<String>::new(), "{}", judged.said);
        let journal = judged.left.iter().find(|(name, _)| *name == "journal.ndjson").unwrap().1.clone();
        for kind in ["‹password:", "‹one-time-code:", "‹key:", "‹header:", "‹customer:"] {
            assert!(journal.contains(kind), "{kind} is not in the journal");
        }
        assert!(journal.contains("X-Version") && !journal.contains("\"v1\""), "a short value shows in its header");
        let mut left = judged.left;
        left.push(("stdout and stderr", judged.said));
        assert_eq!(leaks(&left, &heard.lock().unwrap()), Vec::<String>::new());
        let has_flown = heard.lock().unwrap().contains(&TOKEN.to_owned());
        assert!(bank.api.is_some() || has_flown, "the bank has heard of no code, verifier and token");
        *heard.lock().unwrap() = given(&bank);
        let examined = vec![("doctor", doctor(&bank).await)];
        assert_eq!(leaks(&examined, &heard.lock().unwrap()), Vec::<String>::new());
    }
    drop(turn);
}

/// So many tokens begin with so many octets alike, and so many of these octets are in every other answer.
const ALIKE: (usize, usize, usize) = (1_900, 400, 900_000);

#[tokio::test]
async fn tokens_that_begin_alike_hold_nobody_up() {
    let server = MockServer::start().await;
    let (door, base) = support::listener().await;
    support::terminate(door, *server.address());
    let places = Places { raw: base.clone(), elsewhere: base.clone(), plain: base.clone(), base: base.clone() };
    let (count, length, long) = ALIKE;
    let prefix = "a".repeat(length);
    let tokens: Vec<_> = (0..count).map(|number| json!({ "accessToken": format!("{prefix}{number:04}") })).collect();
    let answer = move |request: &Request| match request.url.path() {
        "/.well-known/oauth-authorization-server" => {
            ResponseTemplate::new(200).set_body_json(metadata(&places, &[("tokens", json!(tokens))]))
        }
        _ => ResponseTemplate::new(400).set_body_string(format!("{} {prefix}0042", "a".repeat(long))),
    };
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let turn = AT_ONCE.acquire().await.unwrap();
    let judged = judge(&Bank::new(&base), &["META-001", "TOKEN-003", "TOKEN-005", "AUTHZ-006"], HANG).await;
    drop(turn);
    assert_ne!(judged.exit, -1, "it had to be killed");
    assert_eq!(judged.defects, Vec::<String>::new(), "{}", judged.said);
    assert!(judged.exchanges.len() > 3, "{}", judged.said);
    for (name, text) in &judged.left {
        assert!(!text.contains("aaaa0042"), "{name} holds a token");
    }
}

fn leaks(texts: &[(&str, String)], canaries: &[String]) -> Vec<String> {
    let mut leaks = Vec::new();
    for secret in canaries {
        for (encoding, written) in encodings(secret) {
            // In JSON and HTML what was written is written once more.
            let quoted = serde_json::to_string(&written).unwrap();
            let spellings = [written.as_str(), quoted.trim_matches('"'), &written.replace('&', "&amp;")];
            for (file, text) in texts {
                let shows = spellings.iter().any(|spelling| text.contains(spelling));
                leaks.extend(shows.then(|| format!("{file}: {secret} in {encoding}: {written}")));
            }
        }
    }
    leaks
}

/// What the doctor says of a bank, for people and for machines.
async fn doctor(bank: &Bank) -> String {
    let folder = tempfile::tempdir().unwrap();
    let target = bank.write(folder.path());
    let examine = move || {
        let said = |format: &str| {
            let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_bankproof"));
            let output = command.arg("doctor").arg(&target).args(["--format", format]).output().unwrap();
            String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
        };
        let told = said("text") + &said("json");
        drop(folder);
        told
    };
    let told = tokio::task::spawn_blocking(examine).await.unwrap();
    assert!(told.contains("\"findings\""), "{told}");
    told
}

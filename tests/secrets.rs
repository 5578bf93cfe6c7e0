//! No secret of a run is found in anything that it leaves behind or prints, in whatever spelling.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test fails by panicking, in its helpers too"
)]

#[path = "support/encodings.rs"]
mod encodings;
#[path = "secrets/fuzz.rs"]
mod fuzz;
#[allow(dead_code, reason = "each file of tests uses its part of the support")]
#[path = "sessions/support.rs"]
mod support;

use std::{collections::BTreeMap, fs, path::Path};

use aho_corasick::AhoCorasick;
use base64::{Engine, engine::general_purpose::STANDARD};
use openssl::pkey::{PKey, Private};
use support::{Desk, Ended};
use url::form_urlencoded;

/// Values that stand behind these, in forms, queries, cookies and JSON, are secrets of the run.
const BEARERS: [&str; 22] = [
    "access_token=",
    "refresh_token=",
    "&token=",
    "?token=",
    "\"token=",
    "&code=",
    "?code=",
    "\"code=",
    "code_verifier=",
    "password=",
    "otp=",
    "username=",
    "client_secret=",
    "session=",
    "bearer ",
    "\"access_token\":\"",
    "\"refresh_token\":\"",
    "\\\"access_token\\\":\\\"",
    "\\\"refresh_token\\\":\\\"",
    "\"iban\":\"",
    "\\\"iban\\\":\\\"",
    "psu-id: ",
];

/// What the run is given, by name: everything secret of the target file and of the keys that it names.
fn given(desk: &Desk, target: &str) -> BTreeMap<String, String> {
    let file: toml::Table = desk.read(target).parse().unwrap();
    let psu = file["psu"].as_table().unwrap();
    let mut secrets = BTreeMap::new();
    for (name, value) in psu["secrets"].as_table().unwrap().iter().chain(psu["fields"].as_table().unwrap()) {
        secrets.insert(name.clone(), value.as_str().unwrap().to_owned());
    }
    for name in ["debtor_iban", "creditor_iban"] {
        secrets.insert(name.into(), file["payment"][name].as_str().unwrap().to_owned());
    }
    keys(&desk.path(&target.replace(".toml", "-identities")), &mut secrets);
    assert!(secrets.len() > 12 && secrets.values().all(|secret| secret.len() >= 12), "{:?}", secrets.keys());
    secrets
}

/// The lines of each private key that hold a good part of a secret number: where a key shows, they show too. What else is in
/// them is in its certificate as well.
fn keys(folder: &Path, secrets: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            keys(&path, secrets);
        } else if path.extension().is_some_and(|extension| extension == "key") {
            let text = fs::read_to_string(&path).unwrap();
            let numbers = numbers(&PKey::private_key_from_pem(text.as_bytes()).unwrap());
            let is_secret = |line: &&str| {
                let octets = STANDARD.decode(line).unwrap_or_default();
                octets.windows(12).any(|part| numbers.iter().any(|number| number.windows(12).any(|own| own == part)))
            };
            let lines: Vec<&str> = text.lines().filter(is_secret).collect();
            assert!(!lines.is_empty(), "{}", path.display());
            for (at, line) in lines.into_iter().enumerate() {
                secrets.insert(format!("{}, line {at}", path.display()), line.to_owned());
            }
        }
    }
}

/// The secret numbers of a key.
fn numbers(key: &PKey<Private>) -> Vec<Vec<u8>> {
    match key.rsa() {
        Ok(rsa) => [Some(rsa.d()), rsa.p(), rsa.q(), rsa.dmp1(), rsa.dmq1(), rsa.iqmp()]
            .into_iter()
            .flatten()
            .map(|number| number.to_vec())
            .collect(),
        Err(_) => vec![key.ec_key().unwrap().private_key().to_vec()],
    }
}

/// The ways in which a value can be written.
fn spellings(secret: &str) -> Vec<String> {
    let encoded: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let fours: Vec<String> = secret.as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four).into()).collect();
    let mut all: Vec<String> =
        [" ", "-", "+", "%20", "\u{a0}", "&nbsp;", "\\u00a0", "%C2%A0"].iter().map(|gap| fours.join(gap)).collect();
    all.extend([secret.to_owned(), encoded.clone(), encoded.replace('+', "%20"), encoded.replace('%', "%25")]);
    all.push(secret.replace('/', "\\/"));
    all.extend(encodings::encodings(secret).into_iter().map(|(_, written)| written));
    all
}

/// Everything that the run left or printed, by name.
fn left_behind(desk: &Desk, ended: &Ended) -> BTreeMap<String, String> {
    let mut all = BTreeMap::from([("stdout".into(), ended.stdout.clone()), ("stderr".into(), ended.stderr.clone())]);
    let mut folders = vec![desk.path("out")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            match entry.file_type().unwrap() {
                kind if kind.is_dir() => folders.push(entry.path()),
                kind if kind.is_symlink() => {}
                _ => {
                    let text = String::from_utf8(fs::read(entry.path()).unwrap()).unwrap();
                    all.insert(entry.file_name().into_string().unwrap(), text);
                }
            }
        }
    }
    assert!(["report.html", "results.json", "junit.xml", "journal.ndjson"].iter().all(|name| all.contains_key(*name)));
    all
}

/// Every place where a secret shows.
fn leaks(all: &BTreeMap<String, String>, secrets: &BTreeMap<String, String>) -> Vec<String> {
    let known: Vec<(&String, String)> =
        secrets.iter().flat_map(|(name, secret)| spellings(secret).into_iter().map(move |one| (name, one))).collect();
    let patterns = known.iter().map(|(_, spelling)| spelling);
    let automaton = AhoCorasick::builder().ascii_case_insensitive(true).build(patterns).unwrap();
    let mut leaks = Vec::new();
    for (file, text) in all {
        let found = automaton.find_iter(text).map(|found| &known[found.pattern().as_usize()]);
        leaks.extend(found.map(|(name, spelling)| format!("{file}: {name} as {spelling}")));
        leaks.extend(jwts(text).into_iter().map(|jwt| format!("{file}: a JWT {jwt}")));
        for word in ["PRIVATE KEY", "BEGIN RSA", "BEGIN EC"] {
            leaks.extend(text.contains(word).then(|| format!("{file}: {word}")));
        }
        leaks.extend(bare_values(text).into_iter().map(|value| format!("{file}: {value}")));
    }
    leaks
}

/// What looks like a signed token, or like the beginning of one.
fn jwts(text: &str) -> Vec<&str> {
    let of_token = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let candidates = text.match_indices("eyJ").map(|(at, _)| &text[at..]);
    let cut = candidates.map(|rest| &rest[..rest.find(|c: char| !of_token(c)).unwrap_or(rest.len())]);
    // A random `state` may begin so by chance; a token has its three parts. One without its payload is a signature on a
    // message, which is sent to be shown.
    let is_token = |candidate: &&str| candidate.matches('.').count() >= 2 && !candidate.contains("..");
    cut.filter(|candidate| candidate.len() > 16 && is_token(candidate)).collect()
}

/// Values that stand where secrets stand and are no placeholders.
fn bare_values(text: &str) -> Vec<String> {
    let folded = text.to_ascii_lowercase();
    let mut bare = Vec::new();
    for bearer in BEARERS {
        for (at, _) in folded.match_indices(bearer) {
            let value = &text[at + bearer.len()..];
            let value = &value[..value.find(|c: char| "&\"'\\<;, \n)".contains(c)).unwrap_or(value.len())];
            // A placeholder, a variable of the shell, or too short to be a secret.
            let is_hidden = value.starts_with(['‹', '$']) || value.starts_with("%E2%80%B9") || value.len() < 12;
            bare.extend((!is_hidden).then(|| format!("{bearer}{value}")));
        }
    }
    bare.sort();
    bare.dedup();
    bare
}

/// Judges a bank with those faults and searches everything that is left.
fn is_discreet(faults: &[&str], code: i32) {
    let desk = Desk::new();
    let faults_on: Vec<&str> = faults.iter().flat_map(|fault| ["--fault", fault]).collect();
    let bank = desk.bank_with("t.toml", &[&["--log", "bank.log"], &faults_on[..]].concat());
    let ended = desk.run(&["t.toml", "--verbose"]);
    assert_eq!(ended.code, code, "{}", ended.stdout);
    let mut all = left_behind(&desk, &ended);
    let examined = desk.bankproof(&["doctor", "t.toml", "--format", "json"]);
    all.insert("doctor".into(), examined.stdout + &examined.stderr);
    bank.end();
    all.insert("bank.log".into(), desk.read("bank.log"));
    assert!(all["doctor"].contains("examinations") && all["bank.log"].lines().count() > 100);
    // There is something to hide, and it is hidden: else this test would search an empty house.
    for kind in ["‹token:", "‹refresh_token:", "‹code:", "‹verifier:", "‹password:", "‹one-time-code:", "‹account:"]
    {
        assert!(all["journal.ndjson"].contains(kind), "{kind} is not in the journal");
    }
    let leaks = leaks(&all, &given(&desk, "t.toml"));
    assert!(leaks.is_empty(), "{faults:?}: {} leaks\n{}", leaks.len(), leaks[..leaks.len().min(40)].join("\n"));
}

#[test]
fn no_secret_of_a_run_is_left_behind() {
    is_discreet(&[], 0);
}

#[test]
fn no_secret_is_left_behind_where_the_bank_leaks_internals() {
    is_discreet(&["error-leaks-internals"], 0);
}

#[test]
fn no_secret_is_left_behind_where_the_bank_breaks_many_rules() {
    is_discreet(&["error-leaks-internals", "code-reusable", "pkce-verifier-unchecked", "refresh-widens-scope"], 1);
}

#[test]
fn a_leak_is_seen_in_every_spelling() {
    let secrets = BTreeMap::from([("iban".to_owned(), "DE76493656118194442161".to_owned())]);
    for text in [
        "DE76493656118194442161",
        "de76 4936 5611 8194 4421 61",
        "DE76%204936%205611%208194%204421%2061",
        "DE76\u{a0}4936\u{a0}5611\u{a0}8194\u{a0}4421\u{a0}61",
        "eyJhbGciOiJQUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl",
        "-----BEGIN PRIVATE KEY-----",
        "code=a3F9xKq81LmZpQw7&state=1",
        "?code=a3F9xKq81LmZpQw7&state=1",
        "Authorization: Bearer a3F9xKq81LmZpQw7",
    ] {
        let text = text.replacen("code=", "&code=", usize::from(text.starts_with("code=")));
        let all = BTreeMap::from([("file".to_owned(), format!("before {text} after"))]);
        assert!(!leaks(&all, &secrets).is_empty(), "{text}");
    }
    let hidden = "?code=‹code:ab12cd›&code_verifier=$VERIFIER \"iban\":\"‹account:ab12cd›\"";
    assert_eq!(leaks(&BTreeMap::from([("file".to_owned(), hidden.to_owned())]), &secrets), Vec::<String>::new());
}

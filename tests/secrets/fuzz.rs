//! Fuzzing of the redactor: whatever a bank writes, recording it does not panic, and a known secret in it is hidden in every
//! encoding.
//!
//! Texts come from `tests/corpus/redact` and are mutated. `BANKPROOF_FUZZ_SECONDS` says for how long (one second unless set),
//! `BANKPROOF_FUZZ_SEED` repeats a session.

use std::{
    fs,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use bankproof::evidence::{
    exchange::Answer,
    recorder::{Purpose, RawAnswer, RawRequest, Recorder},
};
use rand::{Rng, SeedableRng, rngs::StdRng};
use time::OffsetDateTime;

use super::encodings::encodings;

/// No text grows over this, in octets.
const LARGEST: usize = 4_000;
/// After so many rounds the recorder is a new one.
const ROUNDS_A_RUN: usize = 50;
/// What the texts of banks are made of.
const PIECES: [&str; 30] = [
    "\"access_token\":\"",
    "\"iban\":\"",
    "&code=",
    "<input type=hidden value=",
    "<token>",
    "</token>",
    "<![CDATA[",
    "]]>",
    "\\",
    "\\u",
    "\\ud83d",
    "\\\"",
    "%",
    "%25",
    "%2",
    "&",
    "&#",
    "&#x",
    "&amp;",
    ";",
    "+",
    "\"",
    "'",
    "{",
    "[",
    "<",
    "=",
    "é",
    "‹token:",
    "\u{a0}",
];
/// What secrets are made of.
const LETTERS: &[u8] = b"ABCXYZabcxyz0123456789-._~+/=";

fn corpus() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/redact");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect()
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is no number")))
}

fn mutate(random: &mut StdRng, text: &mut String, other: &str) {
    let at = text.floor_char_boundary(random.random_range(0..=text.len()));
    let end = text.ceil_char_boundary((at + random.random_range(0..30)).min(text.len()));
    match random.random_range(0..5) {
        0 => text.insert_str(at, PIECES[random.random_range(0..PIECES.len())]),
        1 => text.replace_range(at..end, ""),
        2 => {
            let copy = text[at..end].to_owned();
            text.insert_str(at, &copy.repeat(random.random_range(1..20)));
        }
        3 => text.truncate(at),
        _ => text.insert_str(at, &other[..other.floor_char_boundary(random.random_range(0..=other.len()))]),
    }
    text.truncate(text.floor_char_boundary(LARGEST));
}

fn secret(random: &mut StdRng) -> String {
    let length = random.random_range(12..60);
    (0..length).map(|_| char::from(LETTERS[random.random_range(0..LETTERS.len())])).collect()
}

/// Records an answer as it may come, and gives everything that is left of it.
fn recorded(recorder: &Arc<Recorder>, text: &str) -> String {
    let purpose = Purpose { check: "FUZZ".into(), identity: "tpp".into(), purpose: "fuzz".into() };
    let headers = [("set-cookie".to_owned(), text.to_owned()), ("location".to_owned(), text.to_owned())];
    let request = RawRequest { method: "POST", url: text, headers: &headers, body: text };
    let answer = RawAnswer::Response { status: 200, headers: &headers, body: text, truncated: false };
    let exchange = recorder.record_here(&purpose, &request, &answer, OffsetDateTime::UNIX_EPOCH, Duration::ZERO, None);
    let Answer::Response(response) = &exchange.answer else { panic!("an answer became none") };
    let headers = exchange.request.headers.iter().chain(&response.headers).map(|(_, value)| &**value);
    [exchange.request.url.as_str(), &exchange.request.body, &response.body].into_iter().chain(headers).collect()
}

#[test]
fn nothing_that_is_known_gets_through_for_a_while() {
    let seconds = number("BANKPROOF_FUZZ_SECONDS").unwrap_or(1);
    let seed = number("BANKPROOF_FUZZ_SEED").unwrap_or_else(rand::random);
    let mut random = StdRng::seed_from_u64(seed);
    let corpus = corpus();
    assert!(corpus.len() >= 7, "the corpus is gone");
    let (mut count, end) = (0, Instant::now() + Duration::from_secs(seconds));
    let mut recorder = Arc::new(Recorder::new(0, |_| {}));
    while Instant::now() < end {
        if count % ROUNDS_A_RUN == 0 {
            recorder = Arc::new(Recorder::new(0, |_| {}));
        }
        let mut text = corpus[random.random_range(0..corpus.len())].clone();
        let other = &corpus[random.random_range(0..corpus.len())];
        (0..random.random_range(0..8)).for_each(|_| mutate(&mut random, &mut text, other));
        let secret = secret(&mut random);
        recorder.secret("token", &secret);
        let all = encodings(&secret);
        let (name, written) = &all[random.random_range(0..all.len())];
        let at = text.floor_char_boundary(random.random_range(0..=text.len()));
        // A space on either side: what follows a stray `%` or `\` is another text.
        text.insert_str(at, &format!(" {written} "));
        let left = recorded(&recorder, &text);
        assert!(!left.contains(written.as_str()), "seed {seed}, round {count}: {secret} in {name} is left of {text}");
        count += 1;
    }
    eprintln!("seed {seed}: {count} texts in {seconds} s");
    assert!(count > 0);
}

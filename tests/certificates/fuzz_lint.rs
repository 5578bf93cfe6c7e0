//! Fuzzing of the linter and of the reader of files, on the stable toolchain and for a bounded time.
//!
//! Inputs come from `tests/corpus/lint` (certificates, never keys) and are mutated; what makes the linter say something new
//! is kept for further mutation, which takes the place of measured coverage. `BANKPROOF_FUZZ_SECONDS` says for how long (one
//! second unless set), `BANKPROOF_FUZZ_SEED` repeats a session, and `BANKPROOF_FUZZ_KEEP=1` adds what is new to the corpus.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails, in its helpers too")]

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use bankproof::pki::file::Contents;
use bankproof::pki::inspect::{facts, request};
use bankproof::pki::lint::{self, Options};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use time::macros::datetime;

/// No input grows over this.
const LARGEST: usize = 20_000;
/// So many inputs are kept in a session, and in the folder.
const KEPT: usize = 400;
const KEPT_ON_DISK: usize = 60;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/lint")
}

fn corpus() -> Vec<Vec<u8>> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is no number")))
}

/// Everything that reads certificates, on one input. The rules that were broken tell inputs apart.
fn target(input: &[u8]) -> Vec<&'static str> {
    let linted = lint::lint(input, &Options::at(datetime!(2026-11-21 12:00 UTC)));
    for finding in &linted.findings {
        assert!(finding.actual.chars().count() <= 301, "a finding is not bounded");
        assert!(!finding.actual.chars().any(char::is_control), "a finding steers the terminal");
    }
    assert!(linted.findings.is_sorted_by_key(|finding| finding.level));
    if let Ok(facts) = facts(input) {
        assert!(!facts.to_string().contains('\u{1b}'));
    }
    let _ = request(input);
    let contents = Contents::from_bytes("input".as_ref(), input, None);
    let _ = contents.map(|contents| (contents.inventory(), contents.chain().is_ok(), contents.key().is_ok()));
    let mut said: Vec<&'static str> = linted.findings.iter().map(|finding| finding.rule).collect();
    said.sort_unstable();
    said
}

/// As `target`, but an input that panics is kept where it can be tried again.
fn tried(input: &[u8]) -> Vec<&'static str> {
    catch_unwind(AssertUnwindSafe(|| target(input))).unwrap_or_else(|_| {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fuzz-lint-panic.der");
        std::fs::write(&path, input).unwrap();
        panic!("an input panics: it is {}; put it into {} to keep it", path.display(), folder().display())
    })
}

fn mutate(random: &mut StdRng, input: &mut Vec<u8>, other: &[u8]) {
    let length = input.len();
    if length == 0 {
        input.push(random.random());
        return;
    }
    let at = random.random_range(0..length);
    let run = random.random_range(1..=(length - at).min(40));
    match random.random_range(0..9) {
        0 => input[at] ^= 1 << random.random_range(0..8),
        1 => input[at] = random.random(),
        // Tags, lengths and numbers that parsers stumble over.
        2 => input[at] = [0, 1, 0x7f, 0x80, 0x81, 0x82, 0x84, 0xff, 0x30, 0x02, 0x06][random.random_range(0..11)],
        3 => drop(input.drain(at..at + run)),
        4 => input.truncate(at),
        5 => {
            let copy = input[at..at + run].to_vec();
            input.splice(at..at, copy);
        }
        6 => input[at] = input[at].wrapping_add(if random.random() { 1 } else { 255 }),
        7 => {
            let bytes: Vec<u8> = (0..run).map(|_| random.random()).collect();
            input.splice(at..at + run, bytes);
        }
        _ if !other.is_empty() => {
            let from = random.random_range(0..other.len());
            let until = (from + run).min(other.len());
            input.splice(at..at + run, other[from..until].iter().copied());
        }
        _ => input.reverse(),
    }
    input.truncate(LARGEST);
}

#[test]
fn the_corpus_is_read_without_a_panic() {
    let corpus = corpus();
    assert!(corpus.len() >= 10, "the corpus is gone");
    for input in &corpus {
        assert!(input.len() <= LARGEST && !input.windows(11).any(|window| window == b"PRIVATE KEY"));
        tried(input);
        (0..input.len()).step_by(7).for_each(|end| drop(tried(&input[..end])));
    }
}

#[test]
fn nothing_panics_for_a_while() {
    let seconds = number("BANKPROOF_FUZZ_SECONDS").unwrap_or(1);
    let seed = number("BANKPROOF_FUZZ_SEED").unwrap_or_else(rand::random);
    let keep = std::env::var_os("BANKPROOF_FUZZ_KEEP").is_some();
    let mut random = StdRng::seed_from_u64(seed);
    let mut inputs = corpus();
    let mut seen: HashSet<Vec<&'static str>> = inputs.iter().map(|input| tried(input)).collect();
    let (mut count, mut on_disk, end) = (0u64, inputs.len(), Instant::now() + Duration::from_secs(seconds));
    while Instant::now() < end {
        let mut input = inputs[random.random_range(0..inputs.len())].clone();
        let other = inputs[random.random_range(0..inputs.len())].clone();
        (0..random.random_range(1..5)).for_each(|_| mutate(&mut random, &mut input, &other));
        let said = tried(&input);
        count += 1;
        if inputs.len() < KEPT && seen.insert(said) {
            if keep && on_disk < KEPT_ON_DISK {
                std::fs::write(folder().join(format!("found-{seed:x}-{count}.der")), &input).unwrap();
                on_disk += 1;
            }
            inputs.push(input);
        }
    }
    eprintln!("seed {seed}: {count} inputs in {seconds} s, {} of them say something of their own", seen.len());
    assert!(count > 0);
}

/// What is nested without end must not fill the stack.
#[test]
fn deep_nesting_does_not_overflow() {
    for tag in [0x30, 0x31, 0xa0, 0xa3, 0x24] {
        let mut input = Vec::new();
        for _ in 0..4_000 {
            let length = input.len() as u32;
            let mut outer = vec![tag, 0x84];
            outer.extend(length.to_be_bytes());
            outer.extend(input);
            input = outer;
        }
        tried(&input);
        input[0] = 0x30;
        tried(&input);
    }
}

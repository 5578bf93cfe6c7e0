//! What a certificate is: the linter and the inspector give one answer.

use std::fs;
use std::path::Path;
use std::process::Command;

use bankproof::pki::lint::{self, Kind, Level, Options};
use bankproof::pki::{Recipe, TestPki, inspect};
use openssl::x509::X509;
use time::macros::datetime;

use super::forge::*;
use super::support::text;

const SURNAME: &[u64] = &[2, 5, 4, 4];
const GIVEN_NAME: &[u64] = &[2, 5, 4, 42];

fn at() -> Options {
    Options::at(datetime!(2026-11-21 12:00 UTC))
}

/// A person's certificate for signatures under a national policy, as national identity cards have them.
fn person() -> Forge {
    let mut forge = Forge::seal();
    for (attribute, value) in [(O, ""), (ORGANIZATION_ID, ""), (CN, "Ada Muster (Signature)")] {
        forge.set(attribute, value);
    }
    forge.add(SURNAME, "Muster");
    forge.add(GIVEN_NAME, "Ada");
    forge.policies(&[&[2, 16, 56, 12, 1, 1, 2, 1]]);
    forge.statements.retain(|(kind, _)| kind == COMPLIANCE);
    forge.statement(SSCD, &[]);
    forge
}

type Change = fn(&mut Forge);

#[test]
fn a_person_is_no_seal() {
    let changes: [Change; 7] = [
        |_| {},
        // Known by number alone.
        |f| {
            f.subject.retain(|(kind, ..)| kind != SURNAME && kind != GIVEN_NAME);
            f.add(REGISTRATION, "PNOBE-59008239465");
            f.set(O, "Employer GmbH");
        },
        // With the employer beside the person (EN 319 412-2 NAT-4.2.4).
        |f| {
            f.set(O, "Employer GmbH");
            f.set(ORGANIZATION_ID, "VATBE-123456789");
        },
        |f| f.purposes(&[2, 4]),
        |f| f.san(&[(1, b"ada@muster.example")]),
        |f| f.types(&[1]),
        |f| f.policies(&[&[0, 4, 0, 194_112, 1, 2]]),
    ];
    for (index, change) in changes.iter().enumerate() {
        let mut forge = person();
        change(&mut forge);
        let linted = lint::lint(&forge.der(), &at());
        assert_eq!(linted.kind, Kind::Person, "change {index}");
        assert_ne!(linted.worst(), Some(Level::Must), "change {index}: {:#?}", linted.findings);
        assert!(linted.words.contains("of no use for PSD2"), "{}", linted.words);
    }
}

#[test]
fn whoever_claims_to_be_an_organization_is_judged_as_one() {
    let rule = "en319412-5-type-missing";
    let changes: [(Change, Kind); 5] = [
        (|f| f.unstated(TYPE), Kind::Qsealc),
        (
            |f| {
                f.unstated(TYPE);
                f.policies(&[&[1, 2, 3, 4]]);
            },
            Kind::Qsealc,
        ),
        (
            |f| {
                f.unstated(TYPE);
                f.unstated(PSD2);
                f.policies(&[&[1, 2, 3, 4]]);
                f.set(ORGANIZATION_ID, "NTRDE-HRB1");
            },
            Kind::Qsealc,
        ),
        (
            |f| {
                f.unstated(TYPE);
                f.policies(&[&[1, 2, 3, 4]]);
                f.san(&[(2, b"tpp.example")]);
            },
            Kind::Qwac,
        ),
        // A sole trader with the licence of a TPP.
        (
            |f| {
                f.unstated(TYPE);
                f.policies(&[&[1, 2, 3, 4]]);
                f.add(SURNAME, "Muster");
            },
            Kind::Qsealc,
        ),
    ];
    for (index, (change, kind)) in changes.iter().enumerate() {
        let mut forge = Forge::seal();
        change(&mut forge);
        let linted = lint::lint(&forge.der(), &at());
        assert_eq!(linted.kind, *kind, "change {index}");
        assert!(linted.findings.iter().any(|finding| finding.rule == rule), "change {index}: {:#?}", linted.findings);
    }
}

/// The corpus of the fuzzer, forged ones, and one by each recipe.
fn certificates() -> Vec<(String, Vec<u8>)> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/lint");
    let mut all: Vec<(String, Vec<u8>)> = fs::read_dir(corpus)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(path).unwrap()))
        .collect();
    let issuing = TestPki::fresh().unwrap().issuing;
    for name in Recipe::names() {
        let pem = issuing.issue(&Recipe::named(name).unwrap()).unwrap().certificate_pem;
        all.push((name.to_owned(), X509::from_pem(pem.as_bytes()).unwrap().to_der().unwrap()));
    }
    let mut unqualified = Forge::qwac();
    unqualified.unstated(COMPLIANCE);
    let mut broken = Forge::qwac();
    broken.extension(QC, false, broken.bare_statements());
    let forged = [("person", person()), ("unqualified", unqualified), ("broken", broken)];
    all.extend(forged.into_iter().map(|(name, forge)| (name.to_owned(), forge.der())));
    all
}

#[test]
fn linter_and_inspector_give_one_answer() {
    let folder = tempfile::tempdir().unwrap();
    let mut compared = 0;
    for (name, der) in certificates() {
        if inspect::facts(&der).is_err() {
            continue;
        }
        fs::write(folder.path().join("one.der"), &der).unwrap();
        let say = |command: &str| {
            let mut bankproof = Command::new(env!("CARGO_BIN_EXE_bankproof"));
            text(&bankproof.args(["certs", command, "one.der"]).current_dir(folder.path()).output().unwrap()).0
        };
        let (linted, inspected) = (say("lint"), say("inspect"));
        let of_linter = linted.lines().next().unwrap().strip_prefix("one.der: ").unwrap();
        let of_inspector = inspected.lines().find_map(|line| line.strip_prefix("Kind:             ")).unwrap();
        assert_eq!(of_linter, of_inspector, "{name}");
        compared += 1;
    }
    assert!(compared > 20, "only {compared} could be read");
}

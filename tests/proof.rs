//! The kill matrix: every check passes on the clean bank, every fault is caught by its check, and nobody else is accused.
//!
//! Built in release, the whole matrix is run and kept as a snapshot; in debug, where it takes minutes, a sample of it
//! is, held against the same snapshot.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, LazyLock,
        atomic::{AtomicUsize, Ordering},
    },
    thread::available_parallelism,
};

use bankproof::{
    bank::{
        Dialect,
        faults::{self, Fault},
        habits::falls_short_of,
    },
    catalogue::{Catalogue, Check, profiles::Declared},
    run::prove::{FaultRow, Pairs, Proof, Scope, prove},
};

#[path = "support/difference.rs"]
mod difference;

/// How a new matrix is accepted.
const ACCEPT: &str = "cargo test --release --test proof";

/// The dialect of the banks of this proof.
const HERE: &str = "berlin-group";

/// One check of each area: its faults are the sample.
const SAMPLE: [&str; 16] = [
    "API-001",
    "AUTHZ-006",
    "BG-001",
    "BG-016",
    "BIND-001",
    "CERT-004",
    "CERT-006",
    "INTRO-003",
    "META-002",
    "PKCE-003",
    "REDIR-002",
    "REVOKE-001",
    "SIGN-002",
    "STATE-001",
    "TLS-001",
    "TOKEN-012",
];

/// Those of them whose faults are tried on every check as well: they reach few checks, many and all, and keep something in
/// the bank's mind.
const BOTH_WAYS: [&str; 5] = ["AUTHZ-006", "CERT-006", "PKCE-003", "REDIR-002", "TOKEN-012"];

/// The sample by reach, and on how many checks its banks were tried in all.
static BY_REACH: LazyLock<(Proof, usize)> = LazyLock::new(|| proof(&SAMPLE, false));

/// The proof, and on how many checks its banks were tried in all.
fn proof(prefixes: &[&str], everything: bool) -> (Proof, usize) {
    proof_of(prefixes, everything, None)
}

fn proof_of(prefixes: &[&str], everything: bool, pairs: Option<Pairs>) -> (Proof, usize) {
    let catalogue = Arc::new(Catalogue::load(None).unwrap());
    let tried = AtomicUsize::new(0);
    let prefixes = prefixes.iter().map(|prefix| (*prefix).to_owned()).collect();
    let threads = available_parallelism().map_or(1, std::num::NonZero::get);
    let scope = Scope {
        dialect: Dialect::BerlinGroup,
        profiles: Declared::default(),
        prefixes,
        habits: false,
        only_habits: Vec::new(),
        under: Vec::new(),
        pairs,
        everything,
        threads,
    };
    let told = |_: &str, checks| {
        tried.fetch_add(checks, Ordering::Relaxed);
    };
    let proof = prove(&catalogue, &scope, &told).unwrap();

    // What it should have been instead is said at once, and before any snapshot.
    let survivors: Vec<&str> = proof.faults.iter().filter(|row| row.survived).map(|row| row.id.as_str()).collect();
    assert!(survivors.is_empty(), "no check that must catches them: {survivors:?}");
    let alarms: BTreeMap<&str, &Vec<String>> =
        proof.faults.iter().map(|row| (row.id.as_str(), &row.unexpected)).collect();
    let alarms: Vec<_> = alarms.into_iter().filter(|(_, unexpected)| !unexpected.is_empty()).collect();
    assert!(alarms.is_empty(), "faults that trip what they should not: {alarms:#?}");
    assert!(proof.clean.alarms.is_empty(), "accused on the clean bank: {:?}", proof.clean.alarms);
    assert!(proof.clean.inconclusive.is_empty(), "untold on the clean bank: {:?}", proof.clean.inconclusive);
    for habit in &proof.habits {
        let came = &habit.came;
        assert!(came.alarms.is_empty(), "accused for {}, which is lawful: {:?}", habit.id, came.alarms);
        assert!(came.inconclusive.is_empty(), "untold because of {}: {:?}", habit.id, came.inconclusive);
        let expected: BTreeSet<&str> = habit.id.split('+').flat_map(falls_short_of).copied().collect();
        let found: BTreeSet<&str> = habit.falls_short_of.iter().map(String::as_str).collect();
        // What one habit leaves aside need not be there to be left aside where there is another.
        assert!(found.is_subset(&expected), "what {} falls short of: {found:?}", habit.id);
        assert!(found == expected || habit.id.contains('+'), "what {} falls short of: {found:?}", habit.id);
    }
    let of_here = catalogue.checks.iter().filter(|check| is_of_here(check)).count();
    assert_eq!((proof.survivors, proof.false_alarms, proof.clean.passed), (0, 0, of_here));
    (proof, tried.into_inner())
}

/// What is tried at the doors beside the payment API, and what it rests on.
const AT_EACH_DOOR: [&str; 4] = ["CERT-116", "CERT-117", "CERT-119", "CERT-120"];

#[test]
fn what_stands_before_the_bank_hides_no_door() {
    let mut catalogue = Catalogue::load(None).unwrap();
    let controls: BTreeSet<String> = ["CERT-023", "CERT-026", "CERT-080"].map(str::to_owned).into();
    catalogue.checks.retain(|check| AT_EACH_DOOR.contains(&check.id.as_str()) || controls.contains(&check.id));
    for habit in ["certificates-judged-in-http", "certificates-refused-with-400"] {
        let scope = Scope {
            dialect: Dialect::BerlinGroup,
            profiles: Declared::default(),
            prefixes: AT_EACH_DOOR.map(str::to_owned).into(),
            habits: false,
            only_habits: Vec::new(),
            under: vec![habit.to_owned()],
            pairs: None,
            everything: true,
            threads: available_parallelism().map_or(1, std::num::NonZero::get),
        };
        let proof = prove(&Arc::new(catalogue.clone()), &scope, &|_, _| ()).unwrap();
        let survivors: Vec<&str> = proof.faults.iter().filter(|row| row.survived).map(|row| row.id.as_str()).collect();
        assert!(survivors.is_empty(), "{habit}: {survivors:?}");
        assert!(proof.faults.len() >= 20, "{habit}: {}", proof.faults.len());
        assert_eq!(proof.clean.alarms, [] as [String; 0], "{habit}");
    }
}

/// The check is about banks of this dialect, and of the usual profile.
fn is_of_here(check: &Check) -> bool {
    check.is_for(HERE) && check.is_of(&Declared::default().names())
}

/// The faults that a check of this dialect catches, and the cells that somebody outside can tell.
fn of_here() -> Vec<&'static str> {
    let catalogue = Catalogue::load(None).unwrap();
    let caught: BTreeSet<String> =
        catalogue.checks.iter().filter(|check| is_of_here(check)).flat_map(|check| check.faults()).collect();
    let is_caught = |fault: &&Fault| match fault.cell {
        Some(cell) => cell.untold.is_none(),
        None => caught.contains(fault.id),
    };
    faults::of(Dialect::BerlinGroup).filter(is_caught).map(|fault| fault.id).collect()
}

/// What a fault comes to, in a line: what could not be told because of it may differ from run to run and is left out.
fn line(row: &FaultRow) -> String {
    let also =
        if row.also_tripped.is_empty() { String::new() } else { format!(" also {}", row.also_tripped.join(" ")) };
    format!("{}: {}{also}", row.id, row.caught_by.join(" "))
}

#[test]
#[cfg(not(debug_assertions))]
fn every_fault_is_caught_and_nobody_else_is_accused() {
    let (proof, _) = proof(&[], false);
    assert!(proof.faults.len() >= 75 && proof.faults.len() == of_here().len(), "{}", proof.faults.len());
    let lines: Vec<String> = proof.faults.iter().map(line).collect();
    let lines = lines.join("\n");
    difference::as_kept("proof__matrix", &lines, ACCEPT);
    insta::assert_snapshot!("matrix", lines);
}

#[test]
#[cfg(debug_assertions)]
fn a_sample_of_the_faults_is_caught_and_nobody_else_is_accused() {
    let (proof, _) = &*BY_REACH;
    assert!(proof.faults.len() >= SAMPLE.len(), "{}", proof.faults.len());
    let kept = kept();
    for row in &proof.faults {
        let was = kept.iter().find(|line| line.split(':').next() == Some(&row.id)).map_or("nothing", String::as_str);
        let mend = format!("where that is what you meant, `INSTA_UPDATE=always {ACCEPT}` accepts it");
        assert_eq!(was, line(row), "what {} trips is not what tests/snapshots/proof__matrix.snap says: {mend}", row.id);
    }
}

#[test]
fn whatever_two_lawful_habits_a_bank_has_nobody_accuses_it() {
    let count = if cfg!(debug_assertions) { 3 } else { 100 };
    let (proof, _) = proof_of(&[], false, Some(Pairs { count, seed: 20_261_130 }));
    assert_eq!((proof.habits.len(), proof.faults.len()), (count, 0));
}

#[test]
fn a_fault_comes_to_the_same_by_reach_and_on_every_check() {
    let (by_reach, tried) = &*BY_REACH;
    let all = Catalogue::load(None).unwrap().checks.len();
    // The clean bank is tried on all of them twice: together, and one by one.
    let on_average = (tried - 2 * all) / by_reach.faults.len();
    assert!(on_average < all / 2, "a fault of the sample is tried on {on_average} of {all} checks");
    let (on_everything, _) = proof(&BOTH_WAYS, true);
    assert!(on_everything.faults.len() >= BOTH_WAYS.len());
    for row in &on_everything.faults {
        let other = by_reach.faults.iter().find(|other| other.id == row.id).unwrap();
        assert_eq!((line(other), &other.untold_without_need), (line(row), &row.untold_without_need));
    }
}

#[test]
fn the_snapshot_has_a_line_for_each_fault() {
    let lines = kept();
    let kept: Vec<&str> = lines.iter().filter_map(|line| line.split(':').next()).collect();
    let mend =
        format!("`INSTA_UPDATE=always {ACCEPT}` writes the matrix anew: look at what has changed, and commit it");
    difference::same("faults in tests/snapshots/proof__matrix.snap", of_here(), kept.iter().copied(), &mend);
    assert_eq!(kept, of_here(), "the faults stand in another order: {mend}");
}

#[test]
fn what_may_trip_besides_is_a_check_of_the_catalogue() {
    let catalogue = Catalogue::load(None).unwrap();
    for fault in faults::all() {
        let catches = |id: &str| catalogue.check(id).unwrap().faults().iter().any(|own| own == fault.id);
        for id in fault.also {
            assert!(catalogue.check(id).is_some(), "{} may trip {id}, which does not exist", fault.id);
            assert!(!catches(id), "{} must trip {id}: it need not be said again", fault.id);
        }
    }
}

/// How far the proof reaches, over both dialects.
#[test]
fn there_are_cells_for_every_table_of_the_bank() {
    let cells: Vec<_> = [Dialect::BerlinGroup, Dialect::UkOpenBanking].into_iter().flat_map(faults::cells).collect();
    assert!(cells.len() >= 250, "{}", cells.len());
    let untold = cells.iter().filter_map(|fault| fault.cell?.untold).collect::<Vec<_>>();
    assert!(untold.len() * 4 < cells.len() && untold.iter().all(|why| why.len() > 20), "{untold:?}");
}

/// What is one dialect's own is told in the words of its cells: a check that names one names one that there is.
#[test]
fn every_cell_that_can_be_told_is_caught_by_a_check_of_its_dialect() {
    let catalogue = Catalogue::load(None).unwrap();
    for dialect in [Dialect::BerlinGroup, Dialect::UkOpenBanking] {
        let checks = catalogue.checks.iter().filter(|check| check.is_for(dialect.name()));
        let caught: BTreeSet<String> = checks.flat_map(|check| check.faults()).collect();
        for fault in faults::cells(dialect) {
            let cell = fault.cell.unwrap();
            let is_told = caught.contains(fault.id) || caught.contains(cell.rule);
            assert!(is_told || cell.untold.is_some(), "{}: {}", dialect.name(), fault.id);
        }
    }
}

#[test]
fn no_advice_that_a_bank_leaves_aside_trips_a_stricter_check() {
    let catalogue = Catalogue::load(None).unwrap();
    let level = |id: &str| catalogue.check(id).unwrap().level;
    for fault in faults::all() {
        let catching = catalogue.checks.iter().filter(|check| check.faults().iter().any(|own| own == fault.id));
        // A profile may have made more of the advice; so may the clause, where it speaks of another endpoint.
        let of_clauses = |check: &Arc<Check>| {
            let covered = check.tagged("covers");
            let rows = catalogue.requirements.iter().map(|row| &row.row);
            rows.filter(|row| covered.contains(&row.id)).map(|row| row.level).min()
        };
        let strictest = |check: &Arc<Check>| {
            check.raised.iter().map(|(level, _)| *level).chain([check.level]).chain(of_clauses(check)).min()
        };
        let strictest = catching.filter_map(strictest).min().unwrap();
        for id in fault.also {
            assert!(level(id) >= strictest, "{} breaks a {strictest:?} and trips {id}, a {:?}", fault.id, level(id));
        }
    }
}

/// The lines of the snapshot.
fn kept() -> Vec<String> {
    difference::kept("proof__matrix").lines().map(str::to_owned).collect()
}

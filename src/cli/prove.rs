//! `bankproof prove`: the kill matrix.

use std::{
    sync::Arc,
    sync::atomic::{AtomicUsize, Ordering},
    time::Instant,
};

use clap::Args;

use super::{
    Outcome, Stop, dialect::DialectArgument, list::Format, machine::runtime_for, output, profile, scratch,
    selecting::id_prefix, signals,
};
use crate::{
    bank::habits,
    catalogue::Catalogue,
    run::{
        exit,
        prove::{self, CellRow, Clean, FaultRow, Pairs, Proof, ProofError, Scope},
    },
};

#[derive(Args, Debug)]
pub(super) struct ProveArguments {
    /// Only the faults of checks whose ids begin so.
    #[arg(value_name = "ID-PREFIX")]
    prefixes: Vec<String>,
    /// The dialect of the bank.
    #[arg(long, value_enum, default_value_t)]
    dialect: DialectArgument,
    /// A security profile that the bank keeps to; may be given several times.
    #[arg(long, value_name = "NAME")]
    profile: Vec<String>,
    /// The lawful habits of banks too, where only some faults are asked for.
    #[arg(long)]
    habits: bool,
    /// Only this habit, and no faults but those of the prefixes; may be given several times.
    #[arg(long, value_name = "ID")]
    habit: Vec<String>,
    /// A lawful habit that every bank of the proof has; may be given several times.
    #[arg(long, value_name = "ID", conflicts_with = "pairs")]
    under: Vec<String>,
    /// That many random pairs of lawful habits that one bank can have, and nothing else.
    #[arg(long, value_name = "N", conflicts_with_all = ["habit", "habits", "prefixes", "all"])]
    pairs: Option<usize>,
    /// What the pairs are drawn by: the same number draws the same pairs.
    #[arg(long, value_name = "N", default_value_t = 1, requires = "pairs")]
    seed: u64,
    /// Try each fault and each habit on every check, and not only on those that make the bank ask for it.
    #[arg(long)]
    all: bool,
    /// For machines.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn prove(arguments: &ProveArguments) -> Outcome {
    let catalogue = Arc::new(Catalogue::load(None).map_err(Stop::internal)?);
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    // Half of the time a bank is waited for, and longer: by what asks again after a second, and by what must not come too early.
    let banks = threads.saturating_mul(3);
    if let Some(unknown) = arguments.habit.iter().chain(&arguments.under).find(|id| habits::find(id).is_none()) {
        let near = habits::nearest_to(unknown).join(", ");
        return Err(Stop::usage(format!("there is no habit \"{unknown}\"; did you mean {near}?")));
    }
    let prefixes = arguments.prefixes.iter().map(|word| id_prefix(&catalogue, word)).collect::<Result<_, _>>()?;
    let scope = Scope {
        dialect: arguments.dialect.into(),
        profiles: profile::declared(&arguments.profile)?,
        prefixes,
        habits: arguments.habits,
        only_habits: arguments.habit.clone(),
        under: arguments.under.clone(),
        pairs: arguments.pairs.map(|count| Pairs { count, seed: arguments.seed }),
        everything: arguments.all,
        threads: banks,
    };
    let (began, count) = (Instant::now(), AtomicUsize::new(0));
    let told = |bank: &str, checks: usize| {
        let done = count.fetch_add(1, Ordering::Relaxed) + 1;
        output::progress(&format!("{:>6.1} s  {done:>4}  {bank}: {checks} checks", began.elapsed().as_secs_f64()));
    };
    // Each bank has a runtime of its own; this one hears interrupts.
    let runtime = runtime_for(80 * banks as u64, "")?;
    scratch::open();
    let stop = runtime.block_on(async { signals::stop_at_first() })?;
    let proof = prove::prove_unless(&stop, &catalogue, &scope, &told);
    runtime.shutdown_background();
    let proof = proof.map_err(|error| match error {
        ProofError::Stopped => Stop { code: exit::NOT_JUDGED, message: error.to_string() },
        ProofError::Bank { .. } | ProofError::Folder(_) => Stop::because_of(&error),
    })?;
    match arguments.format {
        Format::Json => output::result(&serde_json::to_string_pretty(&proof).map_err(Stop::internal)?),
        Format::Text => print(&proof),
    }
    let code = code(&proof);
    if code == exit::CONFORMANT && is_about_nothing(&proof, &scope) {
        output::progress(
            "nothing was proven: none of these checks applies to this bank; `bankproof explain ID` says to which it does \
             (--dialect, --profile)",
        );
        return Ok(exit::NOTHING);
    }
    Ok(code)
}

/// Checks were named, and none of their faults was tried: that nothing survived says nothing.
fn is_about_nothing(proof: &Proof, scope: &Scope) -> bool {
    !scope.prefixes.is_empty() && proof.faults.is_empty() && proof.habits.is_empty()
}

/// A bank of which nothing could be told has raised no alarm either, and that proves nothing.
fn code(proof: &Proof) -> u8 {
    let banks = std::iter::once(&proof.clean).chain(proof.habits.iter().map(|habit| &habit.came));
    if proof.survivors > 0 || proof.false_alarms > 0 {
        exit::NOT_CONFORMANT
    } else if banks.into_iter().any(|came| came.passed == 0 && came.alarms.is_empty()) {
        exit::NOT_JUDGED
    } else {
        exit::CONFORMANT
    }
}

fn print(proof: &Proof) {
    for row in &proof.faults {
        output::result(&in_words(row));
    }
    if proof.faults.iter().any(|row| !row.inconclusive.is_empty()) {
        output::result(
            "\nuntold: inconclusive under that fault, as what they rest on is broken by it: no catch, and no alarm",
        );
    }
    let clean = &proof.clean;
    output::result(&format!("\nthe clean bank: {} checks pass", clean.passed));
    alarms_of(clean);
    for habit in &proof.habits {
        output::result(&format!("lawful    {:<46} {} checks pass", habit.id, habit.came.passed));
        if !habit.falls_short_of.is_empty() {
            output::result(&format!("  falls short of: {}", habit.falls_short_of.join(", ")));
        }
        alarms_of(&habit.came);
    }
    grid(&proof.cells);
    let untold = proof.cells.iter().filter(|cell| cell.untold.is_some()).count();
    let cells = proof.cells.len() - untold;
    output::result(&format!(
        "{} faults with names and {cells} cells, {} survivors, {} false alarms; {untold} cells that nobody outside can tell",
        proof.faults.len() - cells,
        proof.survivors,
        proof.false_alarms
    ));
    for line in unproven(proof) {
        output::result(&line);
    }
}

/// What stands in the way of the proof, once more at its end: what a log keeps of a long output is its end.
fn unproven(proof: &Proof) -> Vec<String> {
    let faults = proof.faults.iter().filter(|row| row.survived || !row.unexpected.is_empty()).map(in_words);
    let lawful = proof.habits.iter().map(|habit| (habit.id.as_str(), &habit.came));
    let banks = std::iter::once(("the clean bank", &proof.clean)).chain(lawful);
    let accused = banks.filter(|(_, came)| !came.alarms.is_empty());
    faults.chain(accused.map(|(bank, came)| format!("ALARM     {bank}: {}", came.alarms.join(", ")))).collect()
}

/// Each rule with its places, and beside each place who notices that the rule is left out there.
fn grid(cells: &[CellRow]) {
    let mut rules: Vec<&str> = cells.iter().map(|cell| cell.rule.as_str()).collect();
    rules.sort_unstable();
    rules.dedup();
    for rule in rules {
        output::result(&format!("rule      {rule}"));
        for cell in cells.iter().filter(|cell| cell.rule == rule) {
            let noticed = match &cell.untold {
                Some(why) => format!("untold: {why}"),
                None if cell.caught_by.is_empty() => "SURVIVED".to_owned(),
                None => cell.caught_by.join(" "),
            };
            output::result(&format!("  at {:<24} {noticed}", cell.place));
        }
    }
}

fn alarms_of(clean: &Clean) {
    for (what, checks) in [("ALARM", &clean.alarms), ("inconclusive", &clean.inconclusive)] {
        if !checks.is_empty() {
            output::result(&format!("  {what}: {}", checks.join(", ")));
        }
    }
}

fn in_words(row: &FaultRow) -> String {
    let mark = if row.survived { "SURVIVED" } else { "caught" };
    let mut text = format!("{mark:<9} {:<46} must be caught by {}", row.id, row.must_catch.join(", "));
    for (what, checks) in [
        ("also", &row.also_tripped),
        ("UNEXPECTED", &row.unexpected),
        ("untold", &row.inconclusive),
        ("UNTOLD WITHOUT NEED", &row.untold_without_need),
    ] {
        if !checks.is_empty() {
            text.push_str(&format!("\n          {what}: {}", checks.join(", ")));
        }
    }
    text
}

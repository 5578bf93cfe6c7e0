//! `bankproof list`: the catalogue.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::{
    Outcome, Stop, output,
    selecting::{SelectArguments, selection},
};
use crate::{
    bank::{faults, habits},
    catalogue::{Catalogue, Check, Level},
    run::{
        event::RequirementInfo,
        exit, listing, own,
        proven::{self, Proven},
    },
};

#[derive(Args, Debug)]
pub(super) struct ListArguments {
    /// Ids of checks, or the beginnings of ids; every check without them.
    #[arg(value_name = "ID-PREFIX", conflicts_with_all = ["coverage", "faults", "habits"])]
    words: Vec<String>,
    #[command(flatten)]
    select: SelectArguments,
    /// Count which requirements are covered, and show those that are not.
    #[arg(long)]
    coverage: bool,
    /// The ways in which the bundled bank can be told to misbehave, and the checks that must find each.
    #[arg(long, conflicts_with_all = ["coverage", "habits"])]
    faults: bool,
    /// The lawful ways in which the bundled bank can be told to differ, and why each is lawful.
    #[arg(long, conflicts_with = "coverage")]
    habits: bool,
    /// For machines.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// A folder with feature files of your own, beside the catalogue: they are examined whole.
    #[arg(long, value_name = "DIR")]
    features: Option<PathBuf>,
}

/// How a command prints its result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    #[default]
    Text,
    Json,
}

#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    title: &'a str,
    level: Level,
    requirements: Vec<String>,
    faults: Vec<String>,
    feature: &'a str,
    line: usize,
}

pub(super) fn list(arguments: &ListArguments) -> Outcome {
    if arguments.habits {
        return list_habits(arguments.format);
    }
    let catalogue = own::load(arguments.features.as_deref()).map_err(Stop::usage)?;
    if arguments.faults {
        return list_faults(&catalogue, arguments.format);
    }
    let selection = selection(&catalogue, arguments.words.iter(), &arguments.select)?;
    let picked = selection.picked(&catalogue, &BTreeSet::new(), &BTreeSet::new()).map_err(Stop::usage)?;
    match (arguments.coverage, arguments.format) {
        (true, format) => coverage(&catalogue, format)?,
        (false, Format::Json) => {
            let rows: Vec<Row<'_>> = picked.iter().map(|check| row(check)).collect();
            output::result(&serde_json::to_string_pretty(&rows).map_err(Stop::internal)?);
        }
        (false, Format::Text) => {
            for check in &picked {
                output::result(&format!("{:<11} {:<6} {}", check.id, in_words(check.level), check.title));
            }
            if !selection.in_words().is_empty() {
                output::result(&format!("\n{} of {} checks", picked.len(), catalogue.checks.len()));
                return Ok(exit::CONFORMANT);
            }
            let own = catalogue.checks.iter().filter(|check| check.own).count();
            let proven = catalogue.checks.len() - own;
            let yours = if own > 0 { format!("; {own} of your own") } else { String::new() };
            output::result(&format!("\n{proven} checks, proven by {} faults{yours}", faults::all().len()));
        }
    }
    Ok(exit::CONFORMANT)
}

#[derive(Serialize)]
struct FaultRow<'a> {
    id: &'a str,
    says: &'a str,
    caught_by: Vec<&'a str>,
    may_trip: &'a [&'a str],
}

fn list_faults(catalogue: &Catalogue, format: Format) -> Outcome {
    let row = |fault: &'static faults::Fault| {
        let catches = |check: &&std::sync::Arc<Check>| check.faults().iter().any(|own| fault.goes_by(own));
        let caught_by = catalogue.checks.iter().filter(catches).map(|check| check.id.as_str()).collect();
        FaultRow { id: fault.id, says: fault.says, caught_by, may_trip: fault.also }
    };
    let rows: Vec<FaultRow<'_>> = faults::everywhere().map(row).collect();
    match format {
        Format::Json => output::result(&serde_json::to_string_pretty(&rows).map_err(Stop::internal)?),
        Format::Text => rows
            .iter()
            .for_each(|row| output::result(&format!("{:<46} {} [{}]", row.id, row.says, row.caught_by.join(", ")))),
    }
    Ok(exit::CONFORMANT)
}

fn list_habits(format: Format) -> Outcome {
    let habits = habits::all();
    match format {
        Format::Json => output::result(&serde_json::to_string_pretty(&habits).map_err(Stop::internal)?),
        Format::Text => habits.iter().for_each(|habit| output::result(&format!("{:<36} {}", habit.id, habit.says))),
    }
    Ok(exit::CONFORMANT)
}

fn row(check: &Check) -> Row<'_> {
    Row {
        id: &check.id,
        title: &check.title,
        level: check.level,
        requirements: check.tagged("covers"),
        faults: check.faults(),
        feature: &check.path,
        line: check.line,
    }
}

pub(super) fn in_words(level: Level) -> &'static str {
    match level {
        Level::Must => "MUST",
        Level::Should => "SHOULD",
        Level::May => "MAY",
    }
}

#[derive(Serialize)]
struct CoverageRow<'a> {
    #[serde(flatten)]
    requirement: &'a RequirementInfo,
    /// A fault breaks it that a check of its level has to catch.
    proven: bool,
    faults: BTreeSet<&'static str>,
    places: BTreeSet<&'static str>,
}

impl<'a> CoverageRow<'a> {
    fn of(requirement: &'a RequirementInfo, proven: &mut BTreeMap<String, Proven>) -> Self {
        let Proven { faults, places, .. } = proven.remove(&requirement.id).unwrap_or_default();
        Self { requirement, proven: !faults.is_empty(), faults, places }
    }
}

fn coverage(catalogue: &Catalogue, format: Format) -> Result<(), Stop> {
    let (requirements, mut proven) = (listing::requirements(catalogue), proven::of(catalogue));
    let rows: Vec<CoverageRow<'_>> = requirements.iter().map(|row| CoverageRow::of(row, &mut proven)).collect();
    if format == Format::Json {
        output::result(&serde_json::to_string_pretty(&rows).map_err(Stop::internal)?);
        return Ok(());
    }
    for document in rows.chunk_by(|one, next| one.requirement.document == next.requirement.document) {
        let name = document.first().map_or("", |row| &row.requirement.document);
        output::result(&format!("{name}: {}", counted(document)));
        document.iter().for_each(|row| output::result(&told(row)));
    }
    output::result(&format!("\nAll documents: {}", counted(&rows)));
    Ok(())
}

/// How many of those that a client can observe are proven, a level at a time.
fn counted(rows: &[CoverageRow<'_>]) -> String {
    let of_level = |level: Level| {
        let own = || rows.iter().filter(|row| row.requirement.observable && row.requirement.level == level);
        let (all, proven) = (own().count(), own().filter(|row| row.proven).count());
        (all > 0).then(|| format!("{} {proven} of {all}", in_words(level)))
    };
    let levels: Vec<String> = [Level::Must, Level::Should, Level::May].into_iter().filter_map(of_level).collect();
    let hidden = rows.iter().filter(|row| !row.requirement.observable).count();
    let seen = if levels.is_empty() { "nothing that a client can observe".to_owned() } else { levels.join(", ") };
    if hidden == 0 { format!("{seen} proven") } else { format!("{seen} proven; {hidden} that no client can observe") }
}

/// A line a requirement: how far it is proven, and at which places, or why it is not.
fn told(row: &CoverageRow<'_>) -> String {
    let RequirementInfo { id, level, text, checks, why_not, .. } = row.requirement;
    let (state, more) = match (row.requirement.observable, row.proven, checks.is_empty()) {
        (false, ..) => ("unobservable", why_not.clone()),
        (_, true, _) => ("proven", by(checks, &row.places)),
        (.., false) => ("milder", format!("{text} By {}, by less than its level.", checks.join(", "))),
        (.., true) => ("uncovered", text.clone()),
    };
    format!("  {state:<12} {:<6} {id:<38} {more}", in_words(*level))
}

fn by(checks: &[String], places: &BTreeSet<&'static str>) -> String {
    let places: Vec<&str> = places.iter().copied().collect();
    let at = if places.is_empty() { String::new() } else { format!(", at {}", places.join(", ")) };
    format!("by {}{at}", checks.join(", "))
}

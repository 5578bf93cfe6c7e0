//! `bankproof list` and `bankproof explain`: the catalogue.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::{Outcome, Stop, output};
use crate::{
    bank::{faults, habits},
    catalogue::{Catalogue, Check, Level},
    run::{
        exit,
        listing::{self},
        own,
    },
};

#[derive(Args, Debug)]
pub(super) struct ListArguments {
    /// Count which requirements are covered, and show those that are not.
    #[arg(long)]
    coverage: bool,
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

#[derive(Args, Debug)]
pub(super) struct ExplainArguments {
    /// The id of a check, such as PKCE-003.
    id: String,
    /// A folder with feature files of your own, beside the catalogue.
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
    match (arguments.coverage, arguments.format) {
        (true, format) => coverage(&catalogue, format)?,
        (false, Format::Json) => {
            let rows: Vec<Row<'_>> = catalogue.checks.iter().map(|check| row(check)).collect();
            output::result(&serde_json::to_string_pretty(&rows).map_err(Stop::internal)?);
        }
        (false, Format::Text) => {
            for check in &catalogue.checks {
                output::result(&format!("{:<11} {:<6} {}", check.id, in_words(check.level), check.title));
            }
            let own = catalogue.checks.iter().filter(|check| check.own).count();
            let proven = catalogue.checks.len() - own;
            let yours = if own > 0 { format!("; {own} of your own") } else { String::new() };
            output::result(&format!("\n{proven} checks, proven by {} faults{yours}", faults::all().len()));
        }
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
        faults: check.tagged("fault"),
        feature: &check.path,
        line: check.line,
    }
}

fn in_words(level: Level) -> &'static str {
    match level {
        Level::Must => "MUST",
        Level::Should => "SHOULD",
        Level::May => "MAY",
    }
}

fn coverage(catalogue: &Catalogue, format: Format) -> Result<(), Stop> {
    let requirements = listing::requirements(catalogue);
    if format == Format::Json {
        output::result(&serde_json::to_string_pretty(&requirements).map_err(Stop::internal)?);
        return Ok(());
    }
    let mut documents: Vec<&str> = requirements.iter().map(|requirement| requirement.document.as_str()).collect();
    documents.dedup();
    for document in documents {
        let rows: Vec<_> = requirements.iter().filter(|row| row.document == document && row.observable).collect();
        let covered = rows.iter().filter(|row| !row.checks.is_empty()).count();
        output::result(&format!("{document}: {covered} of {} observable requirements covered", rows.len()));
        for row in rows.iter().filter(|row| row.checks.is_empty()) {
            output::result(&format!("  uncovered  {:<6} {:<34} {}", in_words(row.level), row.id, row.text));
        }
    }
    Ok(())
}

pub(super) fn explain(arguments: &ExplainArguments) -> Outcome {
    let catalogue = own::load(arguments.features.as_deref()).map_err(Stop::usage)?;
    let Some(check) = catalogue.check(&arguments.id.to_uppercase()) else {
        return Err(Stop::usage(format!("there is no check {}: `bankproof list` names them all", arguments.id)));
    };
    let mut text = vec![
        format!("{}  {}  ({})", check.id, check.title, in_words(check.level)),
        format!("\n{}\n", check.description),
    ];
    text.extend(check.raised.iter().map(|(level, by)| format!("{} where {by} holds", in_words(*level))));
    text.extend(check.steps.iter().map(|step| format!("    {step}")));
    let rows = check.rows.iter().filter(|row| !row.name.is_empty());
    text.extend(rows.map(|row| format!("      - {}", row.name)));
    text.push("\nWhat it rests on".into());
    for id in check.tagged("covers") {
        let found = catalogue.requirements.iter().find(|requirement| requirement.row.id == id);
        if let Some(row) = found.map(|requirement| &requirement.row) {
            text.push(format!("    {} ({}): {}\n      {}", row.id, in_words(row.level), row.text, row.link));
        }
    }
    if !check.own {
        text.push("What proves it".into());
    }
    for id in check.tagged("fault") {
        let says = faults::all().iter().find(|fault| fault.id == id).map_or("", |fault| fault.says);
        text.push(format!("    {id}: {says}"));
    }
    let controls = check.tagged("control");
    if !controls.is_empty() {
        text.push(format!("Its positive control: {}", controls.join(", ")));
    }
    text.push(format!("Written in {}, line {}", check.path, check.line));
    output::result(&text.join("\n"));
    Ok(exit::CONFORMANT)
}

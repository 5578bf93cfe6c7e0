//! `bankproof explain`: what a check, a fault, a lawful habit or a requirement is, told whole.

use std::path::PathBuf;

use clap::Args;

use super::{Outcome, Stop, list::in_words, output};
use crate::{
    bank::{faults, habits},
    catalogue::{Catalogue, Check},
    pki::distance,
    run::{exit, listing, own},
};

/// So many names are told that come near to one that is none.
const NEAR: usize = 3;

#[derive(Args, Debug)]
pub(super) struct ExplainArguments {
    /// The id of a check such as PKCE-003 or the beginning of several such as PKCE, of a fault, a habit or a requirement.
    id: String,
    /// A folder with feature files of your own, beside the catalogue.
    #[arg(long, value_name = "DIR")]
    features: Option<PathBuf>,
}

pub(super) fn explain(arguments: &ExplainArguments) -> Outcome {
    let catalogue = own::load(arguments.features.as_deref()).map_err(Stop::usage)?;
    let id = &arguments.id;
    let explained = exactly(&catalogue, id).or_else(|| fault(&catalogue, id)).or_else(|| habit(id));
    let explained = explained.or_else(|| requirement(&catalogue, id)).or_else(|| area(&catalogue, id));
    output::result(&explained.ok_or_else(|| unknown(&catalogue, id))?);
    Ok(exit::CONFORMANT)
}

fn unknown(catalogue: &Catalogue, id: &str) -> Stop {
    let checks = catalogue.checks.iter().map(|check| check.id.as_str());
    let requirements = catalogue.requirements.iter().map(|requirement| requirement.row.id.as_str());
    let others = faults::everywhere().map(|fault| fault.id).chain(habits::all().into_iter().map(|habit| habit.id));
    let asked = id.to_lowercase();
    let mut near: Vec<(usize, &str)> =
        checks.chain(requirements).chain(others).map(|name| (distance(&asked, &name.to_lowercase()), name)).collect();
    near.sort_unstable();
    let near: Vec<String> = near.iter().take(NEAR).map(|(_, name)| format!("\"{name}\"")).collect();
    Stop::usage(format!(
        "there is no check, fault, habit or requirement {id}; the nearest are {}; `bankproof list` names every check",
        near.join(", ")
    ))
}

fn exactly(catalogue: &Catalogue, id: &str) -> Option<String> {
    catalogue.check(&id.to_uppercase()).map(|check| told(catalogue, check))
}

/// Every check whose id begins so.
fn area(catalogue: &Catalogue, id: &str) -> Option<String> {
    let prefix = id.to_uppercase();
    let checks = catalogue.checks.iter().filter(|check| check.id.starts_with(&prefix));
    let told: Vec<String> = checks.map(|check| told(catalogue, check)).collect();
    (!told.is_empty()).then(|| told.join("\n\n\n"))
}

fn fault(catalogue: &Catalogue, id: &str) -> Option<String> {
    let fault = faults::everywhere().find(|fault| fault.id.eq_ignore_ascii_case(id))?;
    let catching = catalogue.checks.iter().filter(|check| check.faults().iter().any(|own| fault.goes_by(own)));
    let mut text = vec![format!("{}  (a fault of the bundled bank: `bankproof bank --fault {0}`)", fault.id)];
    text.push(format!("\n{}\n\nCaught by", fault.says));
    text.extend(catching.map(|check| line(check)));
    text.extend(fault.cell.and_then(|cell| cell.untold).map(|why| format!("    nobody outside: {why}")));
    if !fault.also.is_empty() {
        text.push(format!("It may trip besides: {}", fault.also.join(", ")));
    }
    Some(text.join("\n"))
}

fn habit(id: &str) -> Option<String> {
    let habit = habits::all().into_iter().find(|habit| habit.id.eq_ignore_ascii_case(id))?;
    Some(format!("{}  (a lawful habit of banks: `bankproof bank --habit {0}`)\n\n{}", habit.id, habit.says))
}

fn requirement(catalogue: &Catalogue, id: &str) -> Option<String> {
    let row = listing::requirements(catalogue).into_iter().find(|row| row.id.eq_ignore_ascii_case(id))?;
    let mut text = vec![format!("{}  ({}, {}, {})", row.id, in_words(row.level), row.document, row.clause)];
    text.push(format!("\n{}\n{}", row.text, row.link));
    if row.checks.is_empty() && row.observable {
        text.push("\nNo check covers it yet".into());
    } else if row.checks.is_empty() {
        text.push(format!("\nNo client can observe it: {}", row.why_not));
    } else {
        text.push("\nChecks that cover it".into());
        text.extend(row.checks.iter().filter_map(|id| catalogue.check(id)).map(line));
    }
    Some(text.join("\n"))
}

fn line(check: &Check) -> String {
    format!("    {:<11} {:<6} {}", check.id, in_words(check.level), check.title)
}

fn told(catalogue: &Catalogue, check: &Check) -> String {
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
    for id in check.faults() {
        let says = faults::find(&id).map_or("", |fault| fault.says);
        text.push(format!("    {id}: {says}"));
    }
    let control = |(at, id): (Option<String>, String)| match at {
        Some(dialect) => format!("{id} ({dialect})"),
        None => id,
    };
    let controls: Vec<String> = check.controls().map(control).collect();
    if !controls.is_empty() {
        text.push(format!("Its positive control: {}", controls.join(", ")));
    }
    text.push(format!("Written in {}, line {}", check.path, check.line));
    text.join("\n")
}

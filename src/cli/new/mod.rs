//! `bankproof new check`: for those who work on Bankproof itself. Begins what a new check consists of, each part in its
//! place, and says what is left.

mod begin;

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};

use self::begin::{Begun, Wanted};
use super::{Outcome, Stop, output};
use crate::run::exit;

#[derive(Debug, Subcommand)]
pub(super) enum NewCommand {
    /// Begin a check in a checkout of Bankproof: scenario, fault and probe.
    Check(CheckArguments),
}

#[derive(Args, Debug)]
pub(super) struct CheckArguments {
    /// The area, such as PKCE, which gives its next free id; or that id itself.
    #[arg(value_name = "AREA|ID")]
    id: String,
    /// What the bank must do, in one sentence.
    #[arg(long, value_name = "TEXT")]
    title: String,
    /// What a bank does wrong that fails it, in kebab-case: a new fault, or one that is there.
    #[arg(long, value_name = "ID")]
    fault: String,
    /// The feature file; without it the one that has the last check of the area.
    #[arg(long, value_name = "FILE")]
    feature: Option<PathBuf>,
}

pub(super) fn new(command: &NewCommand) -> Outcome {
    let NewCommand::Check(arguments) = command;
    let checkout = checkout()?;
    let wanted = Wanted {
        id: &arguments.id,
        title: arguments.title.trim(),
        fault: &arguments.fault,
        feature: arguments.feature.as_deref(),
    };
    let begun = begin::check(&checkout, &wanted).map_err(Stop::usage)?;
    // All of it is thought out before the first file is touched.
    for edit in &begun.edits {
        let failed = |error| Stop::usage(format!("{} cannot be written: {error}", edit.path.display()));
        fs::write(checkout.join(&edit.path), &edit.text).map_err(failed)?;
    }
    output::result(&told(&begun));
    Ok(exit::CONFORMANT)
}

/// The folder of the repository around this one.
fn checkout() -> Result<PathBuf, Stop> {
    let here = std::env::current_dir().map_err(Stop::usage)?;
    let is_checkout = |folder: &&Path| {
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
        manifest.contains("name = \"bankproof\"")
            && folder.join("features").is_dir()
            && folder.join(begin::FAULTS).is_dir()
    };
    here.ancestors().find(is_checkout).map(Path::to_owned).ok_or_else(|| {
        Stop::usage(format!(
            "{} is in no checkout of Bankproof (Cargo.toml, features/, {}): a check is begun where the sources are; \
             for scenarios of your own see docs/own-scenarios.md",
            here.display(),
            begin::FAULTS
        ))
    })
}

fn told(begun: &Begun) -> String {
    let Begun { id, fault, dialect, edits, has_probe, is_new_fault } = begun;
    let written: Vec<String> =
        edits.iter().map(|edit| format!("  {}, line {}: {}", edit.path.display(), edit.line, edit.what)).collect();
    let mut left = vec![
        format!("ids are never used again: `git log --oneline -S@{id} -- features` has to be empty"),
        "the scenario: every TODO, its level, @needs: where it needs anything, where it asks for a refusal a control for each dialect, otherwise \
         none (`bankproof steps WORD`)"
            .to_owned(),
        "a step or a judge, only where none fits; a judge has a table in the tests of its file".to_owned(),
    ];
    if *is_new_fault {
        left.push(format!("the fault: its sentence, and the one place in src/bank that asks `faults.on(\"{fault}\")`"));
        left.push(match has_probe {
            true => "the probe: what a right bank does, as an expression that is true then".to_owned(),
            false => "a probe of the fault in tests/bank/probes, unless it is one of TLS".to_owned(),
        });
    }
    left.extend([
        "`cargo test --no-fail-fast --test catalogue --test bank` says what of this is still missing; what it says of snapshots \
         waits"
            .to_owned(),
        match dialect {
            Some(dialect) => format!("`cargo run -- prove {id} --dialect {dialect}`: 0 survivors, 0 false alarms"),
            None => {
                format!("`cargo run -- prove {id}`: 0 survivors, 0 false alarms; then the same with --dialect uk-open-banking")
            }
        },
        "tests/interop/*/*.toml: a row for each server to which it applies, seen by hand (tests/interop/README.md)".to_owned(),
        "snapshots: `INSTA_UPDATE=always cargo test --test catalogue` and `… cargo test --release --test proof`; read the diff"
            .to_owned(),
        "figures in README.md and docs/session.md, a line in CHANGELOG.md".to_owned(),
    ]);
    let left: Vec<String> = left.iter().enumerate().map(|(index, item)| format!("  {}. {item}", index + 1)).collect();
    format!("{id} is begun:\n{}\n\nLeft to do:\n{}", written.join("\n"), left.join("\n"))
}

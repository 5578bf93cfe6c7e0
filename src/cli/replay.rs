//! `bankproof replay`: walk to an exchange of an earlier run once more, and send it again.

use std::{
    collections::BTreeSet,
    path::PathBuf,
    sync::{Arc, Mutex},
};

use clap::{Args, ValueEnum};

use super::{Outcome, Stop, dialect::DialectArgument, machine::runtime, output, profile, run, scratch, signals};
use crate::{
    bank::{Bank, Settings},
    report::terminal::{self, Options, Terminal},
    run::{
        bundled,
        event::{Exchange, RunInfo},
        exit, journal, own,
        record::Recorded,
        replay::{self, Difference, Place, Walk, Walked},
    },
    targets::{self, Target},
};

const EXIT_CODES: &str = "\
Exit codes:
  0   the answer is the recorded one
  1   it is another one
  2   wrong usage or configuration
  3   the bank could not be reached, or the walk did not get to the request
  4   the check that sent it does not apply to the bank";

#[derive(Args, Debug)]
#[command(after_help = EXIT_CODES)]
pub(super) struct ReplayArguments {
    /// The folder of a run, or its name under --out: `latest`.
    #[arg(value_name = "RUN")]
    run: PathBuf,
    /// The exchange, as the reports name it: x0042.
    #[arg(value_name = "EXCHANGE")]
    exchange: String,
    /// The target file of the bank; without one, a run against the bundled bank is repeated against a new one with the same
    /// faults and habits.
    #[arg(long, value_name = "FILE")]
    target: Option<PathBuf>,
    /// Where the folders of runs are.
    #[arg(long, value_name = "DIR", default_value = "reports")]
    out: PathBuf,
    /// The folder with feature files of your own that the run had.
    #[arg(long, value_name = "DIR")]
    features: Option<PathBuf>,
    /// Really wait where a bank's clock cannot be moved.
    #[arg(long)]
    slow: bool,
}

pub(super) fn replay(arguments: &ReplayArguments) -> Outcome {
    let recorded = read(arguments)?;
    let place = find(&recorded, &arguments.exchange)?;
    let catalogue = own::load(arguments.features.as_deref()).map_err(Stop::usage)?;
    let check = &place.exchange.check;
    if !replay::is_known(&catalogue, check) {
        return Err(Stop::usage(format!(
            "{} was sent by {check}, and there is no such check: name the folder of your own with --features",
            place.exchange.id
        )));
    }
    let runtime = runtime()?;
    scratch::open();
    let code = runtime.block_on(async {
        let stop = signals::stop_at_first()?;
        let (target, _bank) = open(arguments, &recorded.info).await?;
        let target = Arc::new(target);
        run::check_own_certificates(&target).await?;
        if target.psu.as_ref().is_some_and(|psu| psu.needs_a_person()) {
            super::person::listen(Arc::new(Mutex::new(Terminal::stderr(Options::default()))));
        }
        let run_id = format!("{}, replay of {}", recorded.info.run_id, place.exchange.id);
        let walk = Walk { target, catalogue, slow: arguments.slow, stop, run_id };
        output::progress(&begins(&recorded.info, &place));
        let walked = replay::walk(walk, &place).await.map_err(Stop::internal)?;
        Ok(tell(&place, &walked))
    });
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    code
}

/// The run of that folder, or of that name.
fn read(arguments: &ReplayArguments) -> Result<Recorded, Stop> {
    let read = journal::read(&run::folder_of(&arguments.run, &arguments.out)).map_err(Stop::usage)?;
    read.recording.so_far().ok_or_else(|| Stop::internal("the run never began"))
}

fn find(recorded: &Recorded, id: &str) -> Result<Place, Stop> {
    replay::place(recorded, id).ok_or_else(|| {
        let (first, last) = (recorded.exchanges.first(), recorded.exchanges.last());
        let id_of =
            |exchange: Option<&Arc<Exchange>>| exchange.map_or("none", |exchange| exchange.id.as_str()).to_owned();
        let run = &recorded.info.run_id;
        Stop::usage(format!(
            "the run {run} has no exchange {id}: it has {} to {}, and the report names each",
            id_of(first),
            id_of(last)
        ))
    })
}

/// The bank of the target file, or a bundled one with the faults, habits and profiles of the recorded one.
async fn open(arguments: &ReplayArguments, recorded: &RunInfo) -> Result<(Target, Option<Bank>), Stop> {
    let bank = &recorded.target;
    let Some(path) = &arguments.target else {
        if !bank.bundled {
            let why = format!("the run {} was about \"{}\"", recorded.run_id, bank.name);
            return Err(Stop::usage(format!("{why}: name its target file with --target")));
        }
        let dialect = DialectArgument::from_str(&bank.dialect, true).unwrap_or_default();
        let faults: BTreeSet<String> = bank.faults.iter().cloned().collect();
        let habits: BTreeSet<String> = bank.habits.iter().cloned().collect();
        let dialect = dialect.into();
        let settings = Settings { dialect, faults, habits, signatures_required: true, ..Settings::default() };
        return run::start_bundled(bundled::keeping_to(&profile::declared(&bank.profiles)?, settings)).await;
    };
    let target = targets::load(path).map_err(Stop::usage)?;
    if target.dialect.name() != bank.dialect {
        let (own, other) = (target.dialect.name(), &bank.dialect);
        let path = path.display();
        return Err(Stop::usage(format!(
            "{path} is about a bank that speaks {own}, and the run was about one of {other}"
        )));
    }
    if target.name != bank.name {
        output::progress(&format!(
            "The run was about \"{}\", and {} is about \"{}\".",
            bank.name,
            path.display(),
            target.name
        ));
    }
    Ok((target, None))
}

fn begins(info: &RunInfo, place: &Place) -> String {
    let Exchange { id, check, identity, purpose, .. } = &*place.exchange;
    let row = place.row.as_ref().map(|row| format!(" ({row})")).unwrap_or_default();
    format!("{id} of the run {}: {identity}, {purpose}. It was sent by {check}{row}, which runs again.\n", info.run_id)
}

fn tell(place: &Place, walked: &Walked) -> u8 {
    let id = &place.exchange.id;
    match walked {
        Walked::Sent(now) => {
            output::result(&terminal::exchange(now));
            let differences = replay::differences(&place.exchange, now);
            output::result(&format!("\n{}", comparison(&place.exchange, &differences)));
            if differences.is_empty() { exit::CONFORMANT } else { exit::NOT_CONFORMANT }
        }
        Walked::DoesNotApply(why) => {
            output::result(&format!("{id} was not sent again, for {} does not apply: {why}", place.exchange.check));
            exit::NOTHING
        }
        Walked::NotReached(why) => {
            output::result(&format!("{id} was not sent again, for the walk did not get there: {why}"));
            exit::NOT_JUDGED
        }
    }
}

fn comparison(then: &Exchange, differences: &[Difference]) -> String {
    if differences.is_empty() {
        return format!("The answer is the recorded one: {}.", replay::outcome(then));
    }
    let told = |text: &str| if text.is_empty() { "none".to_owned() } else { text.to_owned() };
    let lines =
        differences.iter().map(|it| format!("  {}: {} recorded, {} now", it.what, told(&it.then), told(&it.now)));
    format!("The answer is not the recorded one:\n{}", lines.collect::<Vec<_>>().join("\n"))
}

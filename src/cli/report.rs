//! `bankproof report`: an old run rendered again from its journal.

use std::path::PathBuf;

use clap::Args;

use super::{Outcome, Stop, formats::FormatArguments, output, run};
use crate::{
    report::{self, terminal::Options},
    run::journal,
};

#[derive(Args, Debug)]
pub(super) struct ReportArguments {
    /// The folder of a run, its name in the folder of runs, or `latest`.
    #[arg(value_name = "DIR")]
    run: PathBuf,
    #[command(flatten)]
    formats: FormatArguments,
    /// Where the folders of runs are.
    #[arg(long, value_name = "DIR", default_value = "reports")]
    out: PathBuf,
    /// Print every check, passed ones too.
    #[arg(long, short)]
    verbose: bool,
}

/// Renders, prints the summary, and ends as the run did.
pub(super) fn report(arguments: &ReportArguments) -> Outcome {
    let folder = run::folder_of(&arguments.run, &arguments.out);
    // Where there is no run, nothing is made.
    journal::read(&folder).map_err(Stop::usage)?;
    let _lock = run::lock(&folder)?;
    let read = journal::read(&folder).map_err(Stop::usage)?;
    if read.torn > 0 {
        let lines = if read.torn == 1 { "a line".to_owned() } else { format!("{} lines", read.torn) };
        output::complain(&format!(
            "{}: {lines} of the journal cannot be read, as where a run was killed; what was told there is left out",
            folder.display()
        ));
    }
    let record = read.recording.finish().ok_or_else(|| Stop::internal("the run never began"))?;
    let formats = arguments.formats.chosen();
    report::write(&record, &folder, &formats).map_err(Stop::no_report)?;
    let colour = console::Term::stdout().is_term();
    let options = Options { verbose: arguments.verbose, passes: arguments.verbose, colour };
    output::result(&report::terminal::summary(&record, options, Some(&run::page(&folder, &formats))));
    Ok(record.exit_code)
}

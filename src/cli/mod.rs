//! The command line: a file a command. Nothing else in the house prints or exits.

mod bank;
mod certs;
mod certs_inspect;
mod certs_issue;
mod certs_lint;
mod dialect;
mod doctor;
mod explain;
mod formats;
mod init;
mod list;
mod machine;
mod new;
mod output;
mod person;
mod profile;
mod prove;
mod replay;
mod report;
mod run;
mod scratch;
mod selecting;
mod signals;
mod steps;

use std::{fmt, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::run::exit;

use machine::runtime;

/// Plays a licensed third party against a bank's PSD2 interface and judges what the bank does.
///
/// Without a command it judges its own bundled bank and leaves a report under reports/.
#[derive(Debug, Parser)]
#[command(name = "bankproof", version, args_conflicts_with_subcommands = true, after_help = EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    run: run::RunArguments,
}

const EXIT_CODES: &str = "\
Exit codes:
  0   every selected check passed, or fell short only under a valid waiver
  1   at least one unwaived failure, or a stale, expired or unknown waiver
  2   wrong usage or configuration
  3   the target could not be judged: unreachable, or a mandatory check inconclusive
  4   nothing was selected, nothing selected applies, or too few MUSTs were judged (--min-share)
  5   a report could not be written
  70  a fault of bankproof itself";

#[derive(Debug, Subcommand)]
enum Command {
    /// Judge a bank: the one of a target file, or the bundled one.
    Run(run::RunArguments),
    /// Render the reports of an old run again, from its journal.
    Report(report::ReportArguments),
    /// Tell what stands in the way of judging a bank, and how to mend it.
    Doctor(doctor::DoctorArguments),
    /// Write a target file to start from.
    Init(init::InitArguments),
    /// Run the bundled bank alone, with faults if you like.
    Bank(bank::BankArguments),
    /// Prove the checks: the whole catalogue against the clean bank and against each fault.
    Prove(prove::ProveArguments),
    /// Walk to an exchange of an earlier run once more, and send it again.
    Replay(replay::ReplayArguments),
    /// Issue test certificates; lint and explain anybody's.
    #[command(subcommand)]
    Certs(certs::CertsCommand),
    /// List every check, or those of an area.
    List(list::ListArguments),
    /// Explain a check, or every check of an area: what it asks, why, and what proves it; a fault; a requirement; a habit.
    Explain(explain::ExplainArguments),
    /// List the steps that feature files can use, each with an example.
    Steps(steps::StepsArguments),
    /// Begin a part of Bankproof itself, in a checkout.
    #[command(subcommand, hide = true)]
    New(new::NewCommand),
}

/// Why a command ends without having done its work.
#[derive(Debug)]
struct Stop {
    code: u8,
    message: String,
}

impl Stop {
    /// Wrong usage or configuration.
    fn usage(message: impl fmt::Display) -> Self {
        Self { code: exit::USAGE, message: message.to_string() }
    }

    /// A report could not be written.
    fn no_report(message: impl fmt::Display) -> Self {
        Self { code: exit::NO_REPORT, message: message.to_string() }
    }

    /// A fault of bankproof itself.
    fn internal(message: impl fmt::Display) -> Self {
        Self { code: exit::INTERNAL, message: message.to_string() }
    }
}

type Outcome = Result<u8, Stop>;

/// Parses the command line, does what it says, and gives the exit code.
pub fn main() -> ExitCode {
    let outcome = match Arguments::try_parse() {
        Ok(arguments) => obey(arguments),
        // Help, a version or a complaint: it knows where it belongs.
        Err(told) => {
            let printed = told.print();
            if !told.use_stderr() {
                output::keep(printed);
            }
            Ok(u8::try_from(told.exit_code()).unwrap_or(exit::USAGE))
        }
    };
    scratch::remove();
    let code = outcome.unwrap_or_else(|stop| {
        output::complain(&stop.message);
        stop.code
    });
    ExitCode::from(match output::lost() {
        Some(error) => {
            output::complain(&format!("the result could not be printed: {error}"));
            if code == exit::INTERNAL { code } else { exit::NO_REPORT }
        }
        None => code,
    })
}

fn obey(arguments: Arguments) -> Outcome {
    machine::let_long_writes_fail()?;
    guarded(|| match arguments.command {
        None => run::run(arguments.run),
        Some(Command::Run(arguments)) => run::run(arguments),
        Some(Command::Report(arguments)) => report::report(&arguments),
        Some(Command::Doctor(arguments)) => doctor::doctor(&arguments),
        Some(Command::Init(arguments)) => init::init(&arguments),
        Some(Command::Bank(arguments)) => bank::bank(arguments),
        Some(Command::Prove(arguments)) => prove::prove(&arguments),
        Some(Command::Replay(arguments)) => replay::replay(&arguments),
        Some(Command::Certs(command)) => certs::certs(command),
        Some(Command::List(arguments)) => list::list(&arguments),
        Some(Command::Explain(arguments)) => explain::explain(&arguments),
        Some(Command::Steps(arguments)) => steps::steps(&arguments),
        Some(Command::New(command)) => new::new(&command),
    })
}

/// A fault of ours ends with a code of its own, whatever it is.
fn guarded(work: impl FnOnce() -> Outcome + std::panic::UnwindSafe) -> Outcome {
    // The panic hook has said where.
    std::panic::catch_unwind(work).unwrap_or(Ok(exit::INTERNAL))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::panic, reason = "it is what is caught")]
    fn a_fault_of_ours_is_seventy() {
        assert!(matches!(guarded(|| panic!("on purpose")), Ok(70)));
        assert_eq!(Stop::internal("a fault").code, 70);
        assert!(matches!(guarded(|| Ok(exit::NOTHING)), Ok(4)));
    }
}

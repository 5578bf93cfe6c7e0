//! `bankproof doctor`: what stands in the way of judging a bank.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::{Outcome as Ended, Stop, list::Format, output, runtime, scratch, signals};
use crate::{
    doctor::{self, Diagnosis, Examined, Finding, Layer, Outcome, Severity},
    run::exit,
};

const EXIT_CODES: &str = "\
Exit codes:
  0   nothing stops a run; there may be warnings
  2   the target file, or a file that it names, has to be mended first
  3   the bank cannot be judged as it is";

#[derive(Args, Debug)]
#[command(after_help = EXIT_CODES)]
pub(super) struct DoctorArguments {
    /// The target file.
    #[arg(value_name = "TARGET")]
    target: PathBuf,
    /// What to print: text, or JSON.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Serialize)]
struct Told<'a> {
    target: String,
    exit_code: u8,
    #[serde(flatten)]
    diagnosis: &'a Diagnosis,
}

pub(super) fn doctor(arguments: &DoctorArguments) -> Ended {
    let runtime = runtime()?;
    scratch::open();
    let diagnosis = runtime.block_on(async {
        signals::leave_at_first()?;
        Ok(doctor::examine(&arguments.target).await)
    });
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    let diagnosis = diagnosis?;
    let exit_code = code(diagnosis.obstacle());
    match arguments.format {
        Format::Json => {
            let told = Told { target: arguments.target.display().to_string(), exit_code, diagnosis: &diagnosis };
            output::result(&serde_json::to_string_pretty(&told).map_err(Stop::internal)?);
        }
        Format::Text => print(&arguments.target.display().to_string(), &diagnosis),
    }
    Ok(exit_code)
}

/// The exit code where that stands in the way.
pub(super) fn code(obstacle: Option<&Finding>) -> u8 {
    match obstacle.map(|finding| finding.layer) {
        None => exit::CONFORMANT,
        Some(Layer::File) => exit::USAGE,
        Some(_) => exit::NOT_JUDGED,
    }
}

fn print(target: &str, diagnosis: &Diagnosis) {
    output::result(target);
    for examined in &diagnosis.examinations {
        output::result(&format!("  {:<13} {}", examined.name, outcome(examined)));
    }
    let mut findings: Vec<&Finding> = diagnosis.findings.iter().collect();
    // What stops a run is not buried under what does not.
    findings.sort_by_key(|finding| finding.severity);
    for finding in findings {
        output::result(&format!("\n{}", told(finding)));
    }
    output::result(match diagnosis.obstacle() {
        None => "\nNothing stands in the way of a run.",
        Some(_) => "\nMend what is marked as an error first; the rest can be looked at then.",
    });
}

fn outcome(examined: &Examined) -> String {
    match (examined.outcome, examined.because_of) {
        (Outcome::Fine, _) => "fine".into(),
        (Outcome::Found, _) => "see below".into(),
        (Outcome::Ill, _) => "ERROR, see below".into(),
        (Outcome::LeftOut, because) => format!("left out, because of {}", because.unwrap_or_default()),
    }
}

/// A finding in text.
pub(super) fn told(finding: &Finding) -> String {
    let severity = match finding.severity {
        Severity::Error => "ERROR",
        Severity::Warning => "WARNING",
        Severity::Note => "NOTE",
    };
    let Finding { name, layer, cause, mend, .. } = finding;
    format!("{severity} {name} ({})\n  {cause}\n  mend: {mend}", layer.in_words())
}

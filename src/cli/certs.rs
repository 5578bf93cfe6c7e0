//! `bankproof certs`: test certificates.

use clap::Subcommand;

use super::{Outcome, certs_inspect, certs_issue, certs_lint};

#[derive(Debug, Subcommand)]
pub(super) enum CertsCommand {
    /// Issue a fresh test PKI: CAs, a bank, three TPPs, bad certificates on purpose, and odd ones that are valid.
    Issue(certs_issue::Issue),
    /// Say what is wrong with certificates, by which clause, and what a bank would make of it.
    Lint(certs_lint::LintArguments),
    /// Explain certificates, requests and keys in plain words.
    Inspect(certs_inspect::InspectArguments),
}

pub(super) fn certs(command: CertsCommand) -> Outcome {
    match command {
        CertsCommand::Issue(arguments) => certs_issue::issue(&arguments),
        CertsCommand::Lint(arguments) => certs_lint::lint(&arguments),
        CertsCommand::Inspect(arguments) => certs_inspect::inspect(&arguments),
    }
}

//! `bankproof certs`: test certificates.

use std::path::PathBuf;

use clap::Subcommand;

use super::{Outcome, Stop, output};
use crate::{
    pki::{self, Defect, Recipe, TestPki},
    run::exit,
};

#[derive(Debug, Subcommand)]
pub(super) enum CertsCommand {
    /// Issue a fresh test PKI: CAs, a bank, three TPPs, and bad certificates on purpose.
    Issue {
        /// Where to.
        #[arg(long, value_name = "DIR", default_value = "certs/generated")]
        out: PathBuf,
        /// Only one certificate, by this recipe: qwac, qsealc or bank-server.
        #[arg(long, value_name = "NAME")]
        profile: Option<String>,
        /// With that defect: unknown-ca, self-signed, expired, not-yet-valid or no-psd2-statement.
        #[arg(long, value_name = "NAME", requires = "profile")]
        defect: Option<String>,
    },
    /// Explain a certificate in plain words.
    Inspect {
        /// PEM or DER.
        file: PathBuf,
    },
}

pub(super) fn certs(command: CertsCommand) -> Outcome {
    match command {
        CertsCommand::Issue { out, profile: None, .. } => {
            TestPki::fresh().map_err(Stop::internal)?.write(&out).map_err(Stop::usage)?;
            output::result(&format!("issued a fresh test PKI into {}", out.display()));
            Ok(exit::CONFORMANT)
        }
        CertsCommand::Issue { out, profile: Some(profile), defect } => issue_one(&out, &profile, defect.as_deref()),
        CertsCommand::Inspect { file } => inspect(&file),
    }
}

fn issue_one(out: &std::path::Path, profile: &str, defect: Option<&str>) -> Outcome {
    let recipe = Recipe::named(profile).map_err(Stop::usage)?;
    let pki = TestPki::fresh().map_err(Stop::internal)?;
    let defect = defect.map(str::parse::<Defect>).transpose().map_err(Stop::usage)?;
    let issued = match defect {
        Some(defect) => pki.issuing.issue_with_defect(&recipe, defect),
        None => pki.issuing.issue(&recipe),
    };
    std::fs::create_dir_all(out).map_err(|error| Stop::usage(format!("{}: {error}", out.display())))?;
    let name = defect.map_or_else(|| profile.to_owned(), |defect| format!("{profile}-{defect}"));
    issued.map_err(Stop::usage)?.write(out, &name).map_err(Stop::usage)?;
    for (name, authority) in [("ca-root", &pki.root), ("ca-issuing", &pki.issuing)] {
        let path = out.join(format!("{name}.pem"));
        std::fs::write(&path, authority.certificate_pem())
            .map_err(|error| Stop::usage(format!("{}: {error}", path.display())))?;
    }
    output::result(&format!("issued {} and its CAs", out.join(format!("{name}.pem")).display()));
    Ok(exit::CONFORMANT)
}

fn inspect(file: &std::path::Path) -> Outcome {
    let bytes = std::fs::read(file).map_err(|error| Stop::usage(format!("{}: {error}", file.display())))?;
    let facts = pki::inspect::facts(&bytes).map_err(|error| Stop::usage(format!("{}: {error}", file.display())))?;
    output::result(&facts.to_string());
    Ok(exit::CONFORMANT)
}

//! `bankproof certs`: test certificates.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};

use super::{Outcome, Stop, certs_inspect, certs_lint, output};
use crate::{
    pki::{self, Defect, Format, KeyKind, NearMiss, Recipe, TestPki},
    run::exit,
};

/// More than this is no password.
const LONGEST_PASSWORD: u64 = 4096;

#[derive(Debug, Subcommand)]
pub(super) enum CertsCommand {
    /// Issue a fresh test PKI: CAs, a bank, three TPPs, bad certificates on purpose, and odd ones that are valid.
    Issue(Issue),
    /// Say what is wrong with certificates, by which clause, and what a bank would make of it.
    Lint(certs_lint::LintArguments),
    /// Explain certificates, requests and keys in plain words.
    Inspect(certs_inspect::InspectArguments),
}

#[derive(Debug, Args)]
pub(super) struct Issue {
    /// Where to.
    #[arg(long, value_name = "DIR", default_value = "certs/generated")]
    out: PathBuf,
    /// Only one certificate, by this recipe, qwac unless told; --list shows them.
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// Only one certificate, with that defect; --list shows them.
    #[arg(long, value_name = "NAME")]
    defect: Option<String>,
    /// Only one certificate, odd in that way and valid; --list shows them.
    #[arg(long, value_name = "NAME", conflicts_with = "defect")]
    near_miss: Option<String>,
    /// Only one certificate, with a key of that kind: p256, p384, rsa2048, rsa3072 or rsa4096.
    #[arg(long, value_name = "KIND")]
    key: Option<String>,
    /// Only one certificate, in that form; p12 holds the key and the CA too, and takes a password.
    #[arg(long, value_name = "FORM")]
    format: Option<Form>,
    /// The password of the p12 file: the first line of that file.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// The password of the p12 file: the value of that environment variable.
    #[arg(long, value_name = "NAME", conflicts_with = "password_file")]
    password_env: Option<String>,
    /// Issue nothing: show the names of recipes, defects, near misses and keys.
    #[arg(long)]
    list: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Form {
    Pem,
    Der,
    P12,
}

pub(super) fn certs(command: CertsCommand) -> Outcome {
    match command {
        CertsCommand::Issue(issue) if issue.list => list(),
        CertsCommand::Issue(issue) if issue.is_about_one() => issue.one(),
        CertsCommand::Issue(issue) => issue.everything(),
        CertsCommand::Lint(arguments) => certs_lint::lint(&arguments),
        CertsCommand::Inspect(arguments) => certs_inspect::inspect(&arguments),
    }
}

impl Issue {
    fn is_about_one(&self) -> bool {
        let names = [&self.profile, &self.defect, &self.near_miss, &self.key, &self.password_env];
        names.iter().any(|name| name.is_some()) || self.format.is_some() || self.password_file.is_some()
    }

    fn everything(&self) -> Outcome {
        let pki = TestPki::fresh().map_err(Stop::internal)?;
        pki.write(&self.out).and_then(|()| pki.write_deviations(&self.out)).map_err(Stop::usage)?;
        output::result(&format!("issued a fresh test PKI into {}", self.out.display()));
        Ok(exit::CONFORMANT)
    }

    fn one(&self) -> Outcome {
        let profile = self.profile.as_deref().unwrap_or("qwac");
        let mut recipe = Recipe::named(profile).map_err(Stop::usage)?;
        if let Some(kind) = &self.key {
            recipe = recipe.key(kind.parse::<KeyKind>().map_err(Stop::usage)?);
        }
        let defect = self.defect.as_deref().map(str::parse::<Defect>).transpose().map_err(Stop::usage)?;
        let near_miss = self.near_miss.as_deref().map(str::parse::<NearMiss>).transpose().map_err(Stop::usage)?;
        let format = self.form()?;
        let test_pki = TestPki::fresh().map_err(Stop::internal)?;
        let (issued, peculiar) = match (defect, near_miss) {
            (Some(defect), _) => (test_pki.issuing.issue_with_defect(&recipe, defect), Some(defect.name())),
            (None, Some(odd)) => (test_pki.issuing.issue_near_miss(&recipe, odd), Some(odd.name())),
            (None, None) => (test_pki.issuing.issue(&recipe), None),
        };
        let issued = issued.map_err(Stop::usage)?;
        pki::make_folder(&self.out).map_err(|error| Stop::usage(format!("{}: {error}", self.out.display())))?;
        let name = peculiar.map_or_else(|| profile.to_owned(), |peculiar| format!("{profile}-{peculiar}"));
        issued.write(&self.out, &name, &format).map_err(Stop::usage)?;
        for (name, authority) in [("ca-root", &test_pki.root), ("ca-issuing", &test_pki.issuing)] {
            let path = self.out.join(format!("{name}.pem"));
            std::fs::write(&path, authority.certificate_pem())
                .map_err(|error| Stop::usage(format!("{}: {error}", path.display())))?;
        }
        output::result(&format!("issued {} and its CAs", self.out.join(name).display()));
        Ok(exit::CONFORMANT)
    }

    fn form(&self) -> Result<Format, Stop> {
        let password = self.password()?;
        match (self.format.unwrap_or(Form::Pem), password) {
            (Form::P12, Some(password)) => Ok(Format::Pkcs12 { password }),
            (Form::P12, None) => Err(Stop::usage(
                "--format p12 takes a password: name a file with --password-file, or a variable with --password-env",
            )),
            (_, Some(_)) => {
                Err(Stop::usage("a password is for --format p12 only: the keys of the others are not encrypted"))
            }
            (Form::Pem, None) => Ok(Format::Pem),
            (Form::Der, None) => Ok(Format::Der),
        }
    }

    /// Never from the command line, where everybody on the machine can read it.
    fn password(&self) -> Result<Option<String>, Stop> {
        let password = match (&self.password_file, &self.password_env) {
            (Some(path), _) => first_line(path).map_err(|error| Stop::usage(format!("{}: {error}", path.display())))?,
            (None, Some(name)) => std::env::var(name).map_err(|_| {
                Stop::usage(format!("--password-env: there is no environment variable {name}, or it is no text"))
            })?,
            (None, None) => return Ok(None),
        };
        match password.is_empty() {
            true => Err(Stop::usage("the password is empty: most readers of PKCS#12 take that for none")),
            false => Ok(Some(password)),
        }
    }
}

fn first_line(path: &Path) -> std::io::Result<String> {
    use std::io::Read;
    let mut text = String::new();
    std::fs::File::open(path)?.take(LONGEST_PASSWORD).read_to_string(&mut text)?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

fn list() -> Outcome {
    let rows = |title: &str, rows: Vec<(&str, String)>| {
        let lines: Vec<String> = rows.into_iter().map(|(name, says)| format!("  {name:<30} {says}")).collect();
        format!("{title}\n{}", lines.join("\n"))
    };
    let profiles = Recipe::list().map(|(name, says)| (name, says.to_owned())).collect();
    let defects = Defect::all().map(|it| (it.name(), format!("{} ({})", it.says(), it.clause()))).collect();
    let near_misses = NearMiss::all().map(|it| (it.name(), format!("{} ({})", it.says(), it.clause()))).collect();
    let keys = KeyKind::names().collect::<Vec<_>>().join(", ");
    output::result(&rows("Recipes (--profile)", profiles));
    output::result(&rows("\nDefects (--defect)", defects));
    output::result(&rows("\nNear misses, which are valid (--near-miss)", near_misses));
    output::result(&format!("\nKeys (--key)\n  {keys}"));
    Ok(exit::CONFORMANT)
}

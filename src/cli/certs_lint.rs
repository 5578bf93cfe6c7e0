//! `bankproof certs lint`: what is wrong with anybody's certificate.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde::Serialize;
use time::OffsetDateTime;

use super::{Outcome, Stop, list::Format, output};
use crate::{
    pki::{
        file::{self, Contents},
        lint::{self, Finding, Kind, Level, Linted, Options, Purpose},
    },
    run::exit,
};

const EXIT_CODES: &str = "\
Exit codes, by the worst finding:
  0   no MUST is broken; what is broken is only recommended, or worth knowing
  1   a MUST is broken, by any of the certificates or requests
  2   wrong usage, or a file holds neither certificate nor request: the message says what it holds";

#[derive(Args, Debug)]
#[command(after_help = EXIT_CODES)]
pub(super) struct LintArguments {
    /// PEM, DER or PKCS#12, with any number of certificates and requests. Certificates that issued others are used to check
    /// their signatures; a request is judged by what it asks for.
    #[arg(value_name = "FILE", required_unless_present = "rules")]
    files: Vec<PathBuf>,
    /// For machines: one object for one certificate, a list of objects for several.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// What the certificate shall be; found out unless said. CAs beside it are linted as CAs.
    #[arg(long, value_enum, default_value_t)]
    kind: KindArgument,
    /// What a QWAC shall be used for.
    #[arg(long, value_enum, default_value_t)]
    purpose: PurposeArgument,
    #[command(flatten)]
    password: PasswordArguments,
    /// List the rules instead, each with its clause and level.
    #[arg(long)]
    rules: bool,
}

/// Where the password of a PKCS#12 file or of an encrypted key is.
#[derive(Args, Debug)]
pub(super) struct PasswordArguments {
    /// The file that holds the password of a PKCS#12 file; the line end does not count.
    #[arg(long, value_name = "FILE", conflicts_with = "password_env")]
    password_file: Option<PathBuf>,
    /// The environment variable that holds it.
    #[arg(long, value_name = "NAME")]
    password_env: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum KindArgument {
    /// Find it out.
    #[default]
    Auto,
    /// For TLS.
    Qwac,
    /// For seals.
    Qsealc,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum PurposeArgument {
    /// TLS connections to a bank: clientAuth is needed.
    #[default]
    Client,
    /// A TLS server: a DNS name is needed.
    Server,
    /// Neither is asked for.
    Any,
}

/// What is said of one certificate, or of one request.
#[derive(Serialize)]
struct Row<'a> {
    file: &'a str,
    /// Only where it is one.
    #[serde(skip_serializing_if = "is_false")]
    request: bool,
    kind: Kind,
    findings: &'a [Finding],
    worst: Option<Level>,
}

fn is_false(value: &bool) -> bool {
    !value
}

/// One thing that was linted.
struct Looked {
    /// Its file, and which one it is in there.
    name: String,
    is_request: bool,
    linted: Linted,
}

pub(super) fn lint(arguments: &LintArguments) -> Outcome {
    if arguments.rules {
        rules(arguments.format)?;
        return Ok(exit::CONFORMANT);
    }
    let password = arguments.password.read()?;
    let (mut contents, mut unread) = (Vec::new(), 0);
    for path in &arguments.files {
        match Contents::read(path, password.as_deref()).and_then(with_certificates) {
            Ok(file) => contents.push(file),
            Err(error) => {
                output::complain(&error.to_string());
                unread += 1;
            }
        }
    }
    if contents.is_empty() {
        return Ok(exit::USAGE);
    }
    let looked = lint_all(arguments, &contents);
    match arguments.format {
        Format::Json => print_json(&looked, arguments.files.len())?,
        Format::Text => print_text(&looked),
    }
    let worst = looked.iter().filter_map(|one| one.linted.worst()).min();
    Ok(match worst {
        _ if unread > 0 => exit::USAGE,
        Some(Level::Must) => exit::NOT_CONFORMANT,
        _ => exit::CONFORMANT,
    })
}

fn with_certificates(file: Contents) -> Result<Contents, file::FileError> {
    if file.certificates().next().is_none() && file.requests().next().is_none() {
        file.chain()?;
    }
    Ok(file)
}

fn lint_all(arguments: &LintArguments, contents: &[Contents]) -> Vec<Looked> {
    let mut options = Options::at(OffsetDateTime::now_utc());
    options.issuers = contents.iter().flat_map(Contents::certificates).collect();
    options.purpose = match arguments.purpose {
        PurposeArgument::Client => Purpose::Client,
        PurposeArgument::Server => Purpose::Server,
        PurposeArgument::Any => Purpose::Any,
    };
    let mut looked = Vec::new();
    for file in contents {
        let certificates = file.certificates().map(|der| (der, false));
        let all: Vec<(&[u8], bool)> = certificates.chain(file.requests().map(|der| (der, true))).collect();
        for (index, (der, is_request)) in all.iter().copied().enumerate() {
            // The CAs of a bundle are no QWACs for being in it.
            let is_other = !is_request && all.len() > 1 && lint::is_ca(der);
            options.kind = arguments.kind.kind().filter(|_| !is_other);
            let name = file.path().display();
            let name = if index == 0 { name.to_string() } else { format!("{name}#{}", index + 1) };
            let look = if is_request { lint::lint_request } else { lint::lint };
            looked.push(Looked { name, is_request, linted: look(der, &options) });
        }
    }
    looked
}

impl KindArgument {
    fn kind(self) -> Option<Kind> {
        match self {
            Self::Auto => None,
            Self::Qwac => Some(Kind::Qwac),
            Self::Qsealc => Some(Kind::Qsealc),
        }
    }
}

impl PasswordArguments {
    /// The password, where one is given.
    pub(super) fn read(&self) -> Result<Option<String>, Stop> {
        if let Some(name) = &self.password_env {
            let value = std::env::var(name);
            return value
                .map(Some)
                .map_err(|_| Stop::usage(format!("the environment has no variable {name} with text")));
        }
        self.password_file.as_deref().map(password_of).transpose()
    }
}

fn password_of(path: &Path) -> Result<String, Stop> {
    let bytes = file::bounded(path).map_err(Stop::usage)?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Stop::usage(format!("{}: the password is not in UTF-8", path.display())))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

fn print_json(looked: &[Looked], files: usize) -> Result<(), Stop> {
    let rows: Vec<Row> = looked.iter().map(Row::of).collect();
    let text = match rows.as_slice() {
        [only] if files == 1 => serde_json::to_string_pretty(only),
        rows => serde_json::to_string_pretty(rows),
    };
    output::result(&text.map_err(Stop::internal)?);
    Ok(())
}

impl<'a> Row<'a> {
    fn of(one: &'a Looked) -> Self {
        let Looked { name, is_request, linted } = one;
        let worst = linted.worst();
        Self { file: name, request: *is_request, kind: linted.kind, findings: &linted.findings, worst }
    }
}

fn print_text(looked: &[Looked]) {
    let alone = looked.len() == 1;
    for Looked { name, is_request, linted } in looked {
        match is_request {
            true => output::result(&format!("{name}: certificate request for {}", linted.words)),
            false => output::result(&format!("{name}: {}", linted.words)),
        }
        for finding in &linted.findings {
            output::result(&format!("  {:<6} {} ({})", finding.level, finding.rule, finding.clause));
            output::result(&format!("         {}", finding.message));
            output::result(&format!("         found:    {}", finding.actual));
            output::result(&format!("         expected: {}", finding.expected));
        }
        if linted.findings.is_empty() {
            output::result(match (is_request, alone) {
                (true, _) => "  nothing is wrong with what it asks for",
                (false, true) => {
                    "  nothing is wrong with it by itself; with its issuer's certificate beside it, its signature is checked too"
                }
                (false, false) => "  nothing is wrong with it",
            });
        }
    }
    let count =
        |level| looked.iter().flat_map(|one| &one.linted.findings).filter(|finding| finding.level == level).count();
    output::result(&format!(
        "\n{}, {} rules: {} MUST broken, {} SHOULD, {} MAY",
        counted(looked),
        lint::rules().count(),
        count(Level::Must),
        count(Level::Should),
        count(Level::May)
    ));
}

/// `2 certificates, 1 request`.
fn counted(looked: &[Looked]) -> String {
    let requests = looked.iter().filter(|one| one.is_request).count();
    let some =
        |count: usize, what: &str| (count > 0).then(|| format!("{count} {what}{}", if count == 1 { "" } else { "s" }));
    let parts = [some(looked.len() - requests, "certificate"), some(requests, "request")];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn rules(format: Format) -> Result<(), Stop> {
    if format == Format::Json {
        let rows: Vec<_> = lint::rules()
            .map(|rule| {
                serde_json::json!({
                    "rule": rule.id, "clause": rule.clause, "level": rule.level, "about": rule.scope.name(),
                    "message": rule.message, "expected": rule.expected,
                })
            })
            .collect();
        output::result(&serde_json::to_string_pretty(&rows).map_err(Stop::internal)?);
        return Ok(());
    }
    for rule in lint::rules() {
        output::result(&format!("{:<44} {:<6} {}", rule.id, rule.level, rule.clause));
    }
    output::result(&format!("\n{} rules", lint::rules().count()));
    Ok(())
}

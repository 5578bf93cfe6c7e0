//! `bankproof certs inspect`: what is in a file of certificates, in plain words.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{Outcome, Stop, certs_lint::PasswordArguments, output};
use crate::{
    pki::{
        file::{Contents, Item, Kind},
        inspect,
    },
    run::exit,
};

#[derive(Args, Debug)]
pub(super) struct InspectArguments {
    /// PEM, DER or PKCS#12: certificates, requests and keys, one or more.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    password: PasswordArguments,
}

pub(super) fn inspect(arguments: &InspectArguments) -> Outcome {
    let password = arguments.password.read()?;
    let told = arguments.files.iter().map(|file| of(file, password.as_deref()));
    let told: Vec<(usize, String)> = told.collect::<Result<_, _>>()?;
    let several = told.len() > 1;
    for (index, (file, (count, text))) in arguments.files.iter().zip(&told).enumerate() {
        let heading = match count {
            1 if several => format!("{}:\n", file.display()),
            _ => String::new(),
        };
        output::result(&format!("{}{heading}{text}", if index == 0 { "" } else { "\n" }));
    }
    Ok(exit::CONFORMANT)
}

/// How many things are in a file, and what each is.
fn of(file: &Path, password: Option<&str>) -> Result<(usize, String), Stop> {
    let contents = Contents::read(file, password).map_err(Stop::usage)?;
    let items = contents.items.iter().filter(|item| !matches!(item, Item::Other(Kind::Parameters)));
    let texts: Vec<String> = items
        .map(explained)
        .collect::<Result<_, _>>()
        .map_err(|error| Stop::usage(format!("{}: {error}", file.display())))?;
    let text = texts.join("\n").trim_end().to_owned();
    Ok(match texts.len() {
        1 => (1, text),
        count => (count, format!("{} holds {}.\n\n{text}", file.display(), contents.inventory())),
    })
}

fn explained(item: &Item) -> Result<String, crate::pki::PkiError> {
    Ok(match item {
        Item::Certificate(der) => inspect::facts(der)?.to_string(),
        Item::Request(der) => inspect::request(der)?,
        Item::Key(key) => inspect::private_key(key),
        Item::Other(kind) => format!("Kind:             {}\n", kind.name()),
    })
}

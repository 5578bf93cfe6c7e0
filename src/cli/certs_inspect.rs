//! `bankproof certs inspect`: what is in a file of certificates, in plain words.

use std::path::PathBuf;

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
    file: PathBuf,
    #[command(flatten)]
    password: PasswordArguments,
}

pub(super) fn inspect(arguments: &InspectArguments) -> Outcome {
    let password = arguments.password.read()?;
    let contents = Contents::read(&arguments.file, password.as_deref()).map_err(Stop::usage)?;
    let file = arguments.file.display();
    let texts: Vec<String> = contents
        .items
        .iter()
        .filter(|item| !matches!(item, Item::Other(Kind::Parameters)))
        .map(explained)
        .collect::<Result<_, _>>()
        .map_err(|error| Stop::usage(format!("{file}: {error}")))?;
    if texts.len() > 1 {
        output::result(&format!("{file} holds {}.\n", contents.inventory()));
    }
    output::result(texts.join("\n").trim_end());
    Ok(exit::CONFORMANT)
}

fn explained(item: &Item) -> Result<String, crate::pki::PkiError> {
    Ok(match item {
        Item::Certificate(der) => inspect::facts(der)?.to_string(),
        Item::Request(der) => inspect::request(der)?,
        Item::Key(key) => inspect::private_key(key),
        Item::Other(kind) => format!("Kind:             {}\n", kind.name()),
    })
}

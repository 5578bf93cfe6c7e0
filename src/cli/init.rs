//! `bankproof init`: a target file to start from.

use clap::Args;

use super::{Outcome, Stop, output};
use crate::{run::exit, target::schema::schema};

#[derive(Args, Debug)]
pub(super) struct InitArguments {
    /// Print the JSON Schema of target files instead, for editors.
    #[arg(long)]
    schema: bool,
}

pub(super) fn init(arguments: &InitArguments) -> Outcome {
    if arguments.schema {
        output::result(&serde_json::to_string_pretty(&schema()).map_err(Stop::internal)?);
    }
    Ok(exit::CONFORMANT)
}

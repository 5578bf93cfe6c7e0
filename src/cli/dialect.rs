//! The dialects of the bundled bank, by their names.

use clap::ValueEnum;

use crate::bank::Dialect;

/// Where the bundled bank has the API of each dialect.
pub(super) const PLACES: &str =
    "at /v1 (Berlin Group), /open-banking/v4.0/pisp and /open-banking/v3.1/pisp (UK) of the api";

/// A dialect of the bundled bank.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(super) enum DialectArgument {
    /// Berlin Group NextGenPSD2 1.3.
    #[default]
    BerlinGroup,
    /// UK Open Banking Read/Write 4.0 and 3.1.11.
    UkOpenBanking,
}

impl From<DialectArgument> for Dialect {
    fn from(argument: DialectArgument) -> Self {
        match argument {
            DialectArgument::BerlinGroup => Self::BerlinGroup,
            DialectArgument::UkOpenBanking => Self::UkOpenBanking,
        }
    }
}

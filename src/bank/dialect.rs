//! How a bank spells payments. Every bank serves every dialect's API; its own one says how TPPs register and authorise.

/// The headers by which a request is named, in each of them.
pub(super) const REQUEST_IDS: [&str; 2] = ["x-request-id", "x-fapi-interaction-id"];

/// How a bank spells payments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// Berlin Group NextGenPSD2 1.3.
    #[default]
    BerlinGroup,
    /// UK Open Banking Read/Write 3.1.11 and 4.0.
    UkOpenBanking,
}

impl Dialect {
    /// As target files, the catalogue and the command line call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::BerlinGroup => "berlin-group",
            Self::UkOpenBanking => "uk-open-banking",
        }
    }
}

//! How a bank spells payments. What must know each dialect asks with a `match`, so that a new one does not compile until
//! it has been thought of everywhere.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::evidence::operation::Operation;

/// How a bank spells payments.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dialect {
    /// Berlin Group NextGenPSD2 1.3.
    BerlinGroup,
    /// UK Open Banking Read/Write 3.1.11 or 4.0: domestic payments.
    UkOpenBanking,
    /// No payment API: the authorization server alone is judged.
    None,
}

/// The scope of one payment where the target file says nothing else: the Berlin Group's (NextGenPSD2 implementation
/// guidelines 13).
pub(super) const USUAL_SCOPE: &str = "PIS:{payment_id}";

/// A release of the UK's Read/Write API, as far as payments differ by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UkVersion {
    /// 3.1.11.
    V3,
    /// 4.0.
    V4,
}

impl Dialect {
    /// Every dialect.
    pub const ALL: [Self; 3] = [Self::BerlinGroup, Self::UkOpenBanking, Self::None];

    /// As target file, tags and reports spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BerlinGroup => "berlin-group",
            Self::UkOpenBanking => "uk-open-banking",
            Self::None => "none",
        }
    }

    /// There is an API for payments.
    pub fn has_payments(self) -> bool {
        match self {
            Self::BerlinGroup | Self::UkOpenBanking => true,
            Self::None => false,
        }
    }

    /// How much of the address of the API belongs into the target file, in words.
    pub const fn wanted_base(self) -> &'static str {
        match self {
            Self::UkOpenBanking => "with its version, as in /open-banking/v4.0/pisp",
            Self::BerlinGroup | Self::None => "without /v1",
        }
    }

    /// Where the base of the API usually is at its host.
    pub const fn usual_base(self) -> &'static str {
        match self {
            Self::UkOpenBanking => "/open-banking/v4.0/pisp",
            Self::BerlinGroup | Self::None => "",
        }
    }

    /// What stands between the base of its API and its resources where nothing else is said; none where the base has it.
    pub(super) const fn usual_version(self) -> Option<&'static str> {
        match self {
            Self::BerlinGroup => Some("/v1"),
            Self::UkOpenBanking | Self::None => None,
        }
    }

    /// Its API can be spoken to without any authorization server.
    pub(super) const fn does_without_issuer(self) -> bool {
        match self {
            Self::BerlinGroup => true,
            Self::UkOpenBanking | Self::None => false,
        }
    }

    /// The payment product where the target file names none.
    pub const fn usual_product(self) -> Option<&'static str> {
        match self {
            Self::BerlinGroup => Some("sepa-credit-transfers"),
            Self::UkOpenBanking | Self::None => None,
        }
    }

    /// Everything that its API can be asked for, and what opens by access token where there is none.
    pub const fn operations(self) -> &'static [Operation] {
        use Operation::{
            Authorisation, AuthorisationList, Cancellation, FundsConfirmation, Initiation, Order, OrderDetails,
            OrderStatus, Payment, Resource, ScaStatus, Status,
        };
        match self {
            Self::BerlinGroup => {
                &[Initiation, Payment, Status, ScaStatus, Authorisation, AuthorisationList, Cancellation]
            }
            Self::UkOpenBanking => &[Initiation, Status, FundsConfirmation, Order, OrderStatus, OrderDetails],
            Self::None => &[Resource],
        }
    }

    /// The capabilities that every bank of the dialect has, whatever its file declares.
    pub fn implied(self) -> &'static [&'static str] {
        match self {
            Self::BerlinGroup => &["payments"],
            // The customer authorises by OAuth alone, and funds confirmation opens by the token of that.
            Self::UkOpenBanking => &["payments", "oauth-sca", "protected-resource"],
            Self::None => &[],
        }
    }

    /// The capabilities that no bank of the dialect can have: it has no words for them.
    pub const fn lacks(self) -> &'static [&'static str] {
        match self {
            Self::BerlinGroup => &[],
            Self::UkOpenBanking => {
                &["cancellation", "explicit-authorisation", "unregistered-tpps", "psu-decoupled", "psu-decoupled-deny"]
            }
            Self::None => &["payments"],
        }
    }
}

impl UkVersion {
    /// What the base address of such an API looks like.
    pub const EXAMPLE: &str = "https://api.bank.example/open-banking/v4.0/pisp";
    /// How a base address is mended that names no release.
    pub(super) const MEND: &str = "write the whole base with its version, such as \"https://api.bank.example/open-banking/v4.0/pisp\"; v3.1 is the other one";

    /// The release that a base URL names, as in `https://…/open-banking/v4.0/pisp`.
    pub fn of(api: &str) -> Option<Self> {
        let mut segments = api.split(['?', '#']).next()?.split('/');
        segments.find_map(|segment| match segment {
            "v3.1" => Some(Self::V3),
            "v4.0" => Some(Self::V4),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dialect_is_called_what_the_target_file_calls_it() {
        for dialect in Dialect::ALL {
            assert_eq!(serde_json::to_value(dialect).unwrap(), dialect.name());
        }
    }

    #[test]
    fn every_dialect_is_listed() {
        let schema = schemars::schema_for!(Dialect);
        let told = schema.to_value().to_string();
        let named = Dialect::ALL.iter().filter(|dialect| told.contains(&format!("\"{}\"", dialect.name()))).count();
        assert_eq!((named, told.matches("\"const\"").count()), (Dialect::ALL.len(), Dialect::ALL.len()), "{told}");
    }

    #[test]
    fn the_release_stands_in_the_base() {
        for (api, version) in [
            ("https://a.example/open-banking/v4.0/pisp", Some(UkVersion::V4)),
            ("https://a.example/open-banking/v3.1/pisp", Some(UkVersion::V3)),
            ("https://v4.0.example/open-banking/v4/pisp", None),
            ("https://a.example/open-banking/v3.1.11/pisp", None),
            ("https://a.example/?v=/v4.0/", None),
        ] {
            assert_eq!(UkVersion::of(api), version, "{api}");
        }
    }
}

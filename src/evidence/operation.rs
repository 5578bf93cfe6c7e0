//! What a bank can be asked for, in the words of no dialect.

use serde::{Deserialize, Serialize};

/// One thing that a bank can be asked for. Every exchange carries its own.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// A payment is initiated.
    Initiation,
    /// A payment is read.
    Payment,
    /// The status of a payment is asked for.
    Status,
    /// The scaStatus of an authorisation is asked for.
    ScaStatus,
    /// An authorisation is started.
    Authorisation,
    /// The authorisations of a payment are asked for.
    AuthorisationList,
    /// A payment is cancelled.
    Cancellation,
    /// The bank is asked whether there is money enough for what the customer has authorised.
    FundsConfirmation,
    /// What the customer has authorised is carried out.
    Order,
    /// The status of what was carried out is asked for.
    OrderStatus,
    /// How the payment of what was carried out stands in detail.
    OrderDetails,
    /// Something is read that opens by access token, where there are no payments.
    Resource,
    /// A token is asked for.
    Token,
    /// A token is revoked (RFC 7009).
    Revocation,
    /// A token is introspected (RFC 7662).
    Introspection,
    /// An authorization request is pushed (RFC 9126).
    PushedRequest,
    /// The customer's browser opens a page, or sends a form of one.
    Page,
    /// The metadata is read (RFC 8414).
    Metadata,
    /// The keys are read (RFC 7517).
    Keys,
    /// The bank's clock is moved on.
    Clock,
    /// The trust service is told about a certificate.
    TrustService,
    /// Anything else: a look at TLS, a decision on the customer's device.
    #[default]
    Other,
}

impl Operation {
    /// Whether it may be asked for once more after an answer that does not tell whether it was done: a payment must
    /// never be made twice. What the customer and the authorization server are asked, a new try does with a code of its
    /// own.
    pub fn may_be_repeated(self) -> bool {
        !matches!(self, Self::Initiation | Self::Authorisation | Self::Cancellation | Self::Order)
    }

    /// It is asked of the payment API.
    pub fn is_about_payments(self) -> bool {
        matches!(
            self,
            Self::Initiation
                | Self::Payment
                | Self::Status
                | Self::ScaStatus
                | Self::Authorisation
                | Self::AuthorisationList
                | Self::Cancellation
                | Self::FundsConfirmation
                | Self::Order
                | Self::OrderStatus
                | Self::OrderDetails
        )
    }

    /// What is asked for, for readers who know no API.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Initiation => "the initiation of payments",
            Self::Payment => "the payment itself",
            Self::Status => "the status of payments",
            Self::ScaStatus => "the status of authorisations",
            Self::Authorisation => "the start of authorisations",
            Self::AuthorisationList => "the list of authorisations",
            Self::Cancellation => "the cancellation of payments",
            Self::FundsConfirmation => "the confirmation of funds",
            Self::Order => "the order of payments",
            Self::OrderStatus => "the status of orders",
            Self::OrderDetails => "the details of orders",
            Self::Resource => "what opens by access token",
            Self::Token => "tokens",
            Self::Revocation => "the revocation of tokens",
            Self::Introspection => "what is told of tokens",
            Self::PushedRequest => "pushed requests",
            Self::Page => "pages",
            Self::Metadata => "the metadata",
            Self::Keys => "the keys",
            Self::Clock => "the clock",
            Self::TrustService => "the trust service",
            Self::Other => "anything else",
        }
    }

    /// The one of that name.
    pub fn named(name: &str) -> Option<Self> {
        serde_json::from_value(name.into()).ok()
    }

    /// As the target file and the journal spell it.
    pub fn name(self) -> String {
        serde_json::to_value(self).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
    }
}

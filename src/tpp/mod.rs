//! The client: it plays a licensed third party against a bank, honestly or not.

mod answer;
pub mod api;
pub mod bad_certificates;
pub mod clock;
pub mod discovery;
pub mod documents;
pub mod doors;
pub mod first_look;
mod foreign_key;
pub mod kept;
mod key_secrets;
mod lost_hosts;
pub mod made_seals;
mod network;
pub mod oauth;
mod presented;
pub mod probe;
pub mod proxy_headers;
pub mod psu;
mod restrained;
mod secp521r1;
pub mod session;
pub mod signing;
pub mod tls;
pub mod tls_picture;
pub mod transport;
pub mod trust_service;
mod user_agent;
pub mod visits;

/// Why something could not be carried out. It never accuses the bank: that is a judge's business.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// The bank, or the way to it, does not answer as a living server does.
    #[error("environment: {0}")]
    Environment(String),
    /// What had to come first did not come about.
    #[error("prerequisite: {0}")]
    Prerequisite(String),
    /// It turned out on the way that the check is not about this bank.
    #[error("does not apply: {0}")]
    DoesNotApply(String),
    /// A fault of bankproof itself.
    #[error("harness: {0}")]
    Harness(String),
}

impl Trouble {
    /// Of a kind, by how it begins when it is told.
    const KINDS: [fn(String) -> Self; 4] = [Self::Environment, Self::Prerequisite, Self::DoesNotApply, Self::Harness];

    /// The trouble that was told with these words, which is all that is left of a step that failed in the engine; `None`
    /// where they are no trouble's.
    pub fn told(words: &str) -> Option<Self> {
        Self::KINDS
            .into_iter()
            .find_map(|kind| Some(kind(words.strip_prefix(&kind(String::new()).to_string())?.into())))
    }

    /// The same with its reason told otherwise.
    #[must_use]
    pub fn map(self, change: impl FnOnce(&str) -> String) -> Self {
        match self {
            Self::Environment(why) => Self::Environment(change(&why)),
            Self::Prerequisite(why) => Self::Prerequisite(change(&why)),
            Self::DoesNotApply(why) => Self::DoesNotApply(change(&why)),
            Self::Harness(why) => Self::Harness(change(&why)),
        }
    }
}

/// A certificate that could not be read or made: no bank has a part in that.
impl From<crate::pki::PkiError> for Trouble {
    fn from(error: crate::pki::PkiError) -> Self {
        Self::Harness(error.to_string())
    }
}

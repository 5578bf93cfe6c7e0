//! How much a bank may be late or early: `[tolerances]`. Whatever is granted is shown in every report.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::telling::number;

/// Beyond this, in seconds, nothing is a matter of clocks any more.
const LONGEST: u64 = 3600;

/// The whole table; what is left out is as it is for every bank.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Tolerances {
    /// For how long an access token may still open something after its end, in seconds (RFC 7519 4.1.4: "no more than a
    /// few minutes").
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<u64>")]
    pub token_expiry_seconds: Option<Spanned<u64>>,
    /// For how long a revoked certificate may still be let in after the last answer about it has run out, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<u64>")]
    pub revocation_delay_seconds: Option<Spanned<u64>>,
    /// How far ahead of ours the clock may be that dates the bank's signatures, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<u64>")]
    pub signature_clock_seconds: Option<Spanned<u64>>,
    /// For how long a revoked token may still open something, in seconds (RFC 7009 2.1: "there may be a propagation delay").
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<u64>")]
    pub token_revocation_seconds: Option<Spanned<u64>>,
    /// For how long the scaStatus may lag behind what the customer has done, the status of a payment behind its cancellation,
    /// and one answer about a payment behind another, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<u64>")]
    pub sca_status_seconds: Option<Spanned<u64>>,
    /// Who granted it, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// One tolerance: its key, what is granted where nobody says otherwise, and what it lets a bank do.
struct Kind {
    key: &'static str,
    usual: u64,
    says: &'static str,
}

const TOKEN_EXPIRY: Kind = Kind {
    key: "token_expiry_seconds",
    // Five minutes are what widespread frameworks grant, and a bank that does is no worse than its framework.
    usual: 330,
    says: "an access token may be honoured after its end",
};
const REVOCATION_DELAY: Kind = Kind {
    key: "revocation_delay_seconds",
    usual: 10,
    says: "a revoked certificate may be let in after the last answer about it has run out",
};
const SIGNATURE_CLOCK: Kind =
    Kind { key: "signature_clock_seconds", usual: 300, says: "the bank's signatures may be dated ahead" };
const TOKEN_REVOCATION: Kind = Kind {
    key: "token_revocation_seconds",
    // What several data centres take to tell one another.
    usual: 3,
    says: "a revoked token may still open something",
};
const SCA_STATUS: Kind =
    Kind { key: "sca_status_seconds", usual: 3, says: "the scaStatus may lag behind what the customer has done" };

impl Tolerances {
    fn rows(&self) -> [(&'static Kind, Option<&Spanned<u64>>); 5] {
        [
            (&TOKEN_EXPIRY, self.token_expiry_seconds.as_ref()),
            (&REVOCATION_DELAY, self.revocation_delay_seconds.as_ref()),
            (&SIGNATURE_CLOCK, self.signature_clock_seconds.as_ref()),
            (&TOKEN_REVOCATION, self.token_revocation_seconds.as_ref()),
            (&SCA_STATUS, self.sca_status_seconds.as_ref()),
        ]
    }

    fn of(&self, kind: &'static Kind) -> u64 {
        let own = self.rows().into_iter().find(|(known, _)| known.key == kind.key).and_then(|(_, own)| own);
        own.map_or(kind.usual, |own| *own.get_ref())
    }

    /// In seconds.
    pub fn token_expiry(&self) -> u64 {
        self.of(&TOKEN_EXPIRY)
    }

    /// In seconds.
    pub fn revocation_delay(&self) -> u64 {
        self.of(&REVOCATION_DELAY)
    }

    /// In seconds.
    pub fn signature_clock(&self) -> i64 {
        i64::try_from(self.of(&SIGNATURE_CLOCK)).unwrap_or(i64::MAX)
    }

    /// In seconds.
    pub fn token_revocation(&self) -> u64 {
        self.of(&TOKEN_REVOCATION)
    }

    /// In seconds.
    pub fn sca_status(&self) -> u64 {
        self.of(&SCA_STATUS)
    }

    /// What is granted otherwise than to every bank, in words, each with what is usual.
    pub fn in_words(&self) -> Vec<String> {
        let own = self.rows().into_iter().filter_map(|(kind, own)| Some((kind, *own?.get_ref())));
        own.map(|(kind, own)| format!("{} for {own} seconds ({} where nothing is said)", kind.says, kind.usual))
            .collect()
    }

    /// The first that is no tolerance any more: where in the file, and what is wrong.
    pub(super) fn objection(&self) -> Option<(std::ops::Range<usize>, String)> {
        let own = self.rows().into_iter().filter_map(|(kind, own)| Some((kind, own?)));
        own.into_iter().find(|(_, own)| *own.get_ref() > LONGEST).map(|(kind, own)| {
            (
                own.span(),
                format!("`tolerances.{}` is {}: more than an hour is no tolerance", kind.key, number(own.get_ref())),
            )
        })
    }

    /// Whatever is not said here is as it is said there.
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            token_expiry_seconds: self.token_expiry_seconds.or(other.token_expiry_seconds),
            revocation_delay_seconds: self.revocation_delay_seconds.or(other.revocation_delay_seconds),
            signature_clock_seconds: self.signature_clock_seconds.or(other.signature_clock_seconds),
            token_revocation_seconds: self.token_revocation_seconds.or(other.token_revocation_seconds),
            sca_status_seconds: self.sca_status_seconds.or(other.sca_status_seconds),
            reason: self.reason.or(other.reason),
        }
    }

    /// Nothing is granted.
    pub fn is_empty(&self) -> bool {
        self.rows().iter().all(|(_, own)| own.is_none())
    }
}

//! Policies: what a document makes of what TLS servers do, as data in `features/policies/tls`.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::evidence::tls::{Agreement, Offer};

/// A policy.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// `rfc9325-2022`.
    pub policy: String,
    /// What it says of each offer that is to be refused.
    #[serde(rename = "rule")]
    pub rules: Vec<Rule>,
    /// What it says of certificates.
    pub certificate: CertificatePolicy,
}

/// What a policy says of one offer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Which.
    pub offer: Offer,
    /// What it makes of it.
    pub rating: Rating,
    /// Where that stands: `RFC 9325 4.1`.
    pub clause: String,
    /// Pieces of the IANA names of the suites that are meant.
    #[serde(default)]
    pub suites: Vec<String>,
    /// An extension of the ServerHello that makes them fine.
    pub unless_extension: Option<u16>,
}

/// What a policy makes of an offer.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Rating {
    /// It must not be agreed to.
    Forbidden,
    /// It should not be agreed to.
    Weak,
}

/// What a policy says of certificates.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificatePolicy {
    /// The shortest RSA key, in bits.
    pub rsa_bits: usize,
    /// The shortest key on an elliptic curve, in bits.
    pub elliptic_curve_bits: usize,
    /// Hashes that no signature may be made with.
    pub forbidden_hashes: Vec<String>,
    /// So many days before its end, a certificate should have been renewed.
    pub expiry_days: i64,
    /// A certificate that lasts only briefly is renewed later: this part of its life before its end.
    pub expiry_share: i32,
}

static RFC_9325: LazyLock<Result<Policy, String>> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../features/policies/tls/rfc9325-2022.toml")).map_err(|error| error.to_string())
});

impl Policy {
    /// RFC 9325 (BCP 195), November 2022.
    ///
    /// # Errors
    /// The policy that is in the binary cannot be read: a fault of ours, in words.
    pub fn rfc9325() -> Result<&'static Self, String> {
        RFC_9325.as_ref().map_err(|error| format!("the policy rfc9325-2022 cannot be read: {error}"))
    }

    /// What it says of an offer.
    pub fn rule(&self, offer: Offer) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.offer == offer)
    }
}

impl Rule {
    /// The suite is one of those that are meant.
    pub fn means_suite(&self, agreement: &Agreement) -> bool {
        let excused = self.unless_extension.is_some_and(|number| agreement.extensions.contains(&number));
        !excused && self.suites.iter().any(|piece| agreement.suite.contains(piece.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_has_one_rule_for_each_offer_that_is_to_be_refused() {
        let policy = Policy::rfc9325().unwrap();
        for offer in Offer::ALL {
            let wanted = matches!(offer, Offer::Tls12 | Offer::Tls13 | Offer::Tls13And12);
            let rules = policy.rules.iter().filter(|rule| rule.offer == offer).count();
            assert_eq!(rules, usize::from(!wanted), "{offer:?}");
        }
    }
}

//! The picture of a host as a table: what was seen, and what a policy makes of it.

use serde::{Deserialize, Serialize};

use super::{
    Seen, certificate,
    policy::{Policy, Rating},
};
use crate::evidence::tls::HostPicture;

/// A picture with a row for each fact.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct RatedPicture {
    /// What was seen, whole.
    pub picture: HostPicture,
    /// The policy that rates it: `rfc9325-2022`.
    pub policy: String,
    /// The facts.
    pub rows: Vec<RatedFact>,
}

/// One fact, and what the policy makes of it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct RatedFact {
    /// `TLS 1.1`.
    pub about: String,
    /// `refused with protocol_version`.
    pub seen: String,
    /// What the policy makes of it.
    pub mark: Mark,
    /// `RFC 9325 3.1.1`; empty where there is none.
    pub clause: String,
}

/// What a policy makes of a fact.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// As it should be.
    Fine,
    /// Not as it should be.
    Weak,
    /// Not as it must be.
    Forbidden,
    /// It could not be told.
    Unknown,
    /// Told, and not rated.
    Information,
}

/// One thing to look at: what it is called, how it is looked at, what it is where it is bad, and where that stands.
type Look = fn(&Policy, &HostPicture) -> Seen;

/// What is looked at beside the refusals that the policy lists.
const LOOKS: [(&str, Look, Mark, &str); 13] = [
    ("TLS 1.2 or TLS 1.3", |_, picture| super::modern_at(picture), Mark::Forbidden, "RFC 9325 3.1.1"),
    ("TLS 1.3", |_, picture| super::has_tls_1_3_at(picture), Mark::Weak, "RFC 9325 3.1.1"),
    ("preferred version", |_, picture| super::prefers_tls_1_3_at(picture), Mark::Forbidden, "RFC 9325 3.1.1"),
    ("secure renegotiation", |_, picture| super::renegotiates_securely_at(picture), Mark::Forbidden, "RFC 9325 3.5"),
    (
        "keys from the whole handshake",
        |_, picture| super::derives_from_whole_handshake_at(picture),
        Mark::Forbidden,
        "RFC 9325 3.5",
    ),
    ("certificate: names", certificate::for_host_at, Mark::Forbidden, "RFC 9525 6.1"),
    ("certificate: period", certificate::in_its_period_at, Mark::Forbidden, "RFC 5280 6.1.3"),
    ("certificate: renewal", certificate::not_about_to_end_at, Mark::Weak, ""),
    ("certificate: chain", certificate::complete_at, Mark::Forbidden, "RFC 5246 7.4.2"),
    ("certificate: order of the chain", certificate::in_order_at, Mark::Weak, "RFC 8446 4.4.2"),
    ("certificate: key", certificate::strong_key_at, Mark::Forbidden, "RFC 9325 4.5"),
    ("certificate: signature", certificate::strong_signature_at, Mark::Forbidden, "RFC 9325 4.5"),
    ("client certificate", |_, picture| certificate::wants_ours_at(picture), Mark::Weak, "RFC 8446 4.4.2.3"),
];

/// Rates a picture, by the same eyes that the checks judge with.
pub fn rate(picture: &HostPicture) -> RatedPicture {
    let (name, rows) = match Policy::rfc9325() {
        Ok(policy) => (policy.policy.clone(), rows(policy, picture)),
        Err(_) => (String::new(), Vec::new()),
    };
    RatedPicture { picture: picture.clone(), policy: name, rows }
}

fn rows(policy: &Policy, picture: &HostPicture) -> Vec<RatedFact> {
    let refusals = policy.rules.iter().map(|rule| {
        let bad = if rule.rating == Rating::Forbidden { Mark::Forbidden } else { Mark::Weak };
        fact(rule.offer.in_words(), super::refuses(policy, picture, rule.offer), bad, &rule.clause)
    });
    let looks = LOOKS.iter().map(|(about, look, bad, clause)| fact(about, look(policy, picture), *bad, clause));
    let stapled = picture.certified().any(|presented| presented.stapled);
    let staple = Seen::Beside(if stapled { "sent along" } else { "not sent along" }.into());
    looks.chain(refusals).chain([fact("OCSP response", staple, Mark::Information, "")]).collect()
}

fn fact(about: &str, seen: Seen, bad: Mark, clause: &str) -> RatedFact {
    let (seen, mark) = match seen {
        Seen::Good(seen) => (seen, Mark::Fine),
        Seen::Bad(seen) => (seen, bad),
        Seen::Unclear(seen) => (seen, Mark::Unknown),
        Seen::Beside(seen) => (seen, Mark::Information),
    };
    RatedFact { about: about.into(), seen, mark, clause: clause.into() }
}

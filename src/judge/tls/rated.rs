//! The picture of a host as a table: what was seen, and what a policy makes of it.

use serde::{Deserialize, Serialize};

use super::{
    Seen,
    policy::{Policy, Rating},
};
use crate::evidence::tls::{Answer, HostPicture, Presented, Trust};

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

/// Rates a picture.
pub fn rate(picture: &HostPicture) -> RatedPicture {
    let policy = Policy::rfc9325().ok();
    let agreed = policy.into_iter().flat_map(|policy| agreed(policy, picture));
    let presented = policy.into_iter().flat_map(|policy| presented(policy, picture));
    RatedPicture {
        picture: picture.clone(),
        policy: policy.map(|policy| policy.policy.clone()).unwrap_or_default(),
        rows: agreed.chain(presented).collect(),
    }
}

fn agreed(policy: &Policy, picture: &HostPicture) -> Vec<RatedFact> {
    let row = |rule: &super::policy::Rule| {
        let positive = matches!(rule.rating, Rating::Required | Rating::Wanted | Rating::Information);
        let (seen, mark) = match super::refuses(policy, picture, rule.offer) {
            Seen::Unclear(seen) => (seen, Mark::Unknown),
            Seen::Good(_) if positive => positive_mark(rule.rating, picture.answer(rule.offer)),
            Seen::Bad(seen) => (seen, bad_mark(rule.rating)),
            Seen::Good(seen) | Seen::Beside(seen) => (seen, Mark::Fine),
        };
        RatedFact { about: rule.offer.in_words().into(), seen, mark, clause: rule.clause.clone() }
    };
    policy.rules.iter().map(row).collect()
}

/// What must, should or may be agreed to.
fn positive_mark(rating: Rating, answer: Option<&Answer>) -> (String, Mark) {
    match (rating, answer) {
        (Rating::Required, Some(Answer::Agreed(agreement))) if agreement.version != "TLS 1.3" => {
            (super::in_words(agreement), Mark::Information)
        }
        (_, Some(Answer::Agreed(agreement))) => (super::in_words(agreement), Mark::Fine),
        (Rating::Information, _) => ("refused".into(), Mark::Information),
        (rating, _) => ("refused".into(), bad_mark(rating)),
    }
}

fn bad_mark(rating: Rating) -> Mark {
    match rating {
        Rating::Forbidden | Rating::Required => Mark::Forbidden,
        Rating::Weak | Rating::Wanted => Mark::Weak,
        Rating::Information => Mark::Information,
    }
}

fn presented(policy: &Policy, picture: &HostPicture) -> Vec<RatedFact> {
    let fact = |about: String, seen: String, mark: Mark| RatedFact { about, seen, mark, clause: String::new() };
    let mut rows = Vec::new();
    for presented in picture.certified() {
        let Some(leaf) = presented.leaf() else { continue };
        let about = |what: &str| format!("{} certificate: {what}", presented.kind);
        let mark = |good: bool, otherwise: Mark| if good { Mark::Fine } else { otherwise };
        let names = leaf.names.join(", ");
        rows.push(fact(about("names"), names, mark(presented.is_for_host, Mark::Forbidden)));
        let left = (leaf.not_after - picture.seen_at).whole_days();
        let holds = leaf.not_before <= picture.seen_at && picture.seen_at <= leaf.not_after;
        let soon = mark(left >= policy.certificate.expiry_days, Mark::Weak);
        let until = format!("{}, {left} days left", leaf.not_after.date());
        rows.push(fact(about("holds until"), until, if holds { soon } else { Mark::Forbidden }));
        rows.push(fact(about("chain"), chain(presented), trust_mark(presented)));
        let shortest =
            if leaf.key == "RSA" { policy.certificate.rsa_bits } else { policy.certificate.elliptic_curve_bits };
        let key = format!("{}, {} bits", leaf.key, leaf.key_bits);
        rows.push(fact(about("key"), key, mark(leaf.key_bits >= shortest, Mark::Forbidden)));
        let weak = policy.certificate.forbidden_hashes.contains(&leaf.signature_hash);
        rows.push(fact(about("signed with"), leaf.signature_hash.clone(), mark(!weak, Mark::Forbidden)));
        let stapled = if presented.stapled { "sent along" } else { "not sent along" };
        rows.push(fact(about("OCSP response"), stapled.into(), Mark::Information));
    }
    let asks = picture.presented.iter().find(|presented| presented.asks_for_certificate);
    let asked = match asks {
        None => "not asked for".to_owned(),
        Some(presented) if presented.authorities.is_empty() => "asked for, from any authority".to_owned(),
        Some(presented) => format!("asked for, from {}", presented.authorities.join("; ")),
    };
    rows.push(fact("client certificate".into(), asked, Mark::Information));
    rows
}

fn chain(presented: &Presented) -> String {
    let subjects: Vec<&str> = presented.chain.iter().map(|certificate| certificate.subject.as_str()).collect();
    subjects.join(" ← ")
}

fn trust_mark(presented: &Presented) -> Mark {
    match &presented.trust {
        Trust::Anchored => Mark::Fine,
        Trust::UnknownIssuer if presented.chain.len() == 1 => Mark::Forbidden,
        Trust::UnknownIssuer | Trust::Unclear { .. } => Mark::Unknown,
    }
}

//! The TLS of the bank's hosts: what they agree to, held against a policy. What they present is in [`certificate`].

pub mod certificate;
pub mod http;
pub mod policy;
pub mod rated;

use std::sync::Arc;

use super::{Comparison, Finding};
use crate::evidence::tls::{Agreement, Answer, HostPicture, Offer};
use policy::{Policy, Rating};

/// The pictures of all hosts.
pub type Pictures<'a> = &'a [Arc<HostPicture>];

/// What one host does.
pub(super) enum Seen {
    /// As it should be: what was seen.
    Good(String),
    /// Not as it should be: what was seen.
    Bad(String),
    /// It cannot be told: why.
    Unclear(String),
    /// The question does not arise there: why.
    Beside(String),
}

/// One finding of what all hosts do: the worst of them counts, and each that is bad is named.
pub(super) fn of_all(pictures: Pictures<'_>, expected: &str, look: impl Fn(&HostPicture) -> Seen) -> Finding {
    let (mut good, mut bad, mut unclear, mut beside) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for picture in pictures {
        let (list, text) = match look(picture) {
            Seen::Good(text) => (&mut good, text),
            Seen::Bad(text) => (&mut bad, text),
            Seen::Unclear(text) => (&mut unclear, text),
            Seen::Beside(text) => (&mut beside, text),
        };
        list.push(format!("{}: {text}", picture.host));
    }
    let compare = |told: &[String]| Comparison {
        expected: expected.into(),
        actual: told.join("; "),
        // What a server agrees to, it agrees to, whatever else it does.
        granted: true,
        ..Comparison::default()
    };
    match () {
        () if !bad.is_empty() => Finding::Broken(compare(&bad)),
        () if !unclear.is_empty() => Finding::Unclear(unclear.join("; ")),
        () if !good.is_empty() => Finding::Holds(compare(&[good, beside].concat())),
        () if !beside.is_empty() => Finding::Holds(compare(&beside)),
        () => Finding::Unclear("there is no host to look at".into()),
    }
}

macro_rules! policy_of_run {
    () => {
        match Policy::rfc9325() {
            Ok(policy) => policy,
            Err(reason) => return Finding::Unclear(reason),
        }
    };
}
pub(super) use policy_of_run;

/// No host agrees to that version or to such suites (RFC 9325 3.1.1, 4.1, 4.2, 3.3).
pub fn refused(pictures: Pictures<'_>, offer: Offer) -> Finding {
    let policy = policy_of_run!();
    let expected = format!("no host agrees to {}", offer.in_words());
    of_all(pictures, &expected, |picture| refuses(policy, picture, offer))
}

/// What is negotiated counts, not what was offered: a server may answer with another version, or another suite.
fn refuses(policy: &Policy, picture: &HostPicture, offer: Offer) -> Seen {
    let guilty = picture.agreements().find(|(made, agreement)| is_guilty(policy, offer, *made, agreement));
    if let Some((_, agreement)) = guilty {
        return Seen::Bad(format!("agrees to {}", in_words(agreement)));
    }
    match picture.answer(offer) {
        Some(Answer::Agreed(agreement)) => Seen::Good(format!("answers with {}", in_words(agreement))),
        // An alert that blames our words says nothing about what they offer.
        Some(Answer::Alert { code: 10 | 50, name }) => Seen::Unclear(format!("{}: {name}", offer.in_words())),
        Some(Answer::Alert { name, .. }) => Seen::Good(format!("refused with {name}")),
        Some(Answer::Closed) => Seen::Good("refused: the connection was closed".into()),
        other => Seen::Unclear(not_told(offer, other)),
    }
}

fn is_guilty(policy: &Policy, offer: Offer, made: Offer, agreement: &Agreement) -> bool {
    match offer {
        Offer::Ssl30 | Offer::Tls10 | Offer::Tls11 => agreement.version == offer.in_words(),
        Offer::Compression => agreement.compression != 0,
        // What was agreed to on an offer of other suites is that offer's matter.
        _ if made != offer && !is_ordinary(made) => false,
        _ => policy.rule(offer).is_some_and(|rule| {
            // What is weak is so in TLS 1.2: an older version is judged as such, and has nothing better.
            let counts = agreement.version == "TLS 1.2" || rule.rating == Rating::Forbidden;
            counts && rule.means_suite(agreement)
        }),
    }
}

fn not_told(offer: Offer, answer: Option<&Answer>) -> String {
    let why = match answer {
        Some(Answer::Silent) => "nothing came in time",
        Some(Answer::Unreachable { reason }) => reason,
        Some(Answer::Strange { what }) => what,
        Some(Answer::Closed) => "the connection was closed without a word",
        Some(Answer::Alert { name, .. }) => name,
        Some(Answer::Agreed(_)) | None => "it was not tried",
    };
    format!("{}: {why}", offer.in_words())
}

/// `TLS 1.1 with TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA`.
pub(super) fn in_words(agreement: &Agreement) -> String {
    let compression = if agreement.compression == 0 { "" } else { ", compressed" };
    format!("{} with {}{compression}", agreement.version, agreement.suite)
}

/// Every host speaks TLS 1.2 or TLS 1.3 (RFC 9325 3.1.1): it agrees to one of them, whatever else it may do.
pub fn modern(pictures: Pictures<'_>) -> Finding {
    of_all(pictures, "every host agrees to TLS 1.2 or TLS 1.3", modern_at)
}

fn modern_at(picture: &HostPicture) -> Seen {
    let is_modern = |agreement: &Agreement| matches!(agreement.version.as_str(), "TLS 1.2" | "TLS 1.3");
    let mut modern = picture.agreements().filter(|(_, agreement)| is_modern(agreement));
    if let Some((_, agreement)) = modern.find(|(made, _)| is_ordinary(*made)) {
        return Seen::Good(in_words(agreement));
    }
    let answers = [Offer::Tls13And12, Offer::Tls12, Offer::Tls13].map(|offer| (offer, picture.answer(offer)));
    let refusing = |answer: Option<&Answer>| matches!(answer, Some(Answer::Alert { .. } | Answer::Agreed(_)));
    match answers.iter().all(|(_, answer)| refusing(*answer)) {
        true => Seen::Bad(picture.agreements().next().map_or_else(
            || "agrees to nothing".into(),
            |(_, agreement)| format!("agrees to {} at best", in_words(agreement)),
        )),
        false => Seen::Unclear(answers.map(|(offer, answer)| not_told(offer, answer)).join(", ")),
    }
}

fn is_ordinary(offer: Offer) -> bool {
    matches!(offer, Offer::Tls12 | Offer::Tls13 | Offer::Tls13And12)
}

/// Every host speaks TLS 1.3 (RFC 9325 3.1.1).
pub fn has_tls_1_3(pictures: Pictures<'_>) -> Finding {
    of_all(pictures, "every host agrees to TLS 1.3", has_tls_1_3_at)
}

fn has_tls_1_3_at(picture: &HostPicture) -> Seen {
    match picture.answer(Offer::Tls13) {
        Some(Answer::Agreed(agreement)) if agreement.version == "TLS 1.3" => Seen::Good(in_words(agreement)),
        Some(Answer::Agreed(agreement)) => Seen::Bad(format!("answers with {}", in_words(agreement))),
        Some(Answer::Alert { code: 40 | 70 | 71, name }) => Seen::Bad(format!("refused with {name}")),
        other => Seen::Unclear(not_told(Offer::Tls13, other)),
    }
}

/// A host that speaks TLS 1.3 chooses it where it is offered TLS 1.2 as well (RFC 9325 3.1.1).
pub fn prefers_tls_1_3(pictures: Pictures<'_>) -> Finding {
    of_all(pictures, "TLS 1.3 where both are offered", prefers_tls_1_3_at)
}

fn prefers_tls_1_3_at(picture: &HostPicture) -> Seen {
    match (picture.answer(Offer::Tls13), picture.answer(Offer::Tls13And12)) {
        (Some(Answer::Agreed(_)), Some(Answer::Agreed(both))) if both.version == "TLS 1.3" => {
            Seen::Good(in_words(both))
        }
        (Some(Answer::Agreed(_)), Some(Answer::Agreed(both))) => {
            Seen::Bad(format!("chooses {} though it has TLS 1.3", in_words(both)))
        }
        (Some(Answer::Agreed(_)), other) => Seen::Unclear(not_told(Offer::Tls13And12, other)),
        (Some(Answer::Alert { .. }), _) => Seen::Beside("has no TLS 1.3".into()),
        (other, _) => Seen::Unclear(not_told(Offer::Tls13, other)),
    }
}

/// In TLS 1.2, every host answers `renegotiation_info` (RFC 9325 3.5, RFC 5746). TLS 1.3 has no need of it.
pub fn renegotiates_securely(pictures: Pictures<'_>) -> Finding {
    of_all(pictures, "renegotiation_info in the ServerHello of TLS 1.2", renegotiates_securely_at)
}

fn renegotiates_securely_at(picture: &HostPicture) -> Seen {
    answers_extension(picture, "renegotiation_info", 0xff01)
}

/// In TLS 1.2, every host answers `extended_master_secret` (RFC 9325 3.5, RFC 7627). TLS 1.3 has no need of it.
pub fn derives_from_whole_handshake(pictures: Pictures<'_>) -> Finding {
    of_all(pictures, "extended_master_secret in the ServerHello of TLS 1.2", derives_from_whole_handshake_at)
}

fn derives_from_whole_handshake_at(picture: &HostPicture) -> Seen {
    answers_extension(picture, "extended_master_secret", 23)
}

fn answers_extension(picture: &HostPicture, name: &str, number: u16) -> Seen {
    match picture.answer(Offer::Tls12) {
        Some(Answer::Agreed(agreement)) if agreement.version != "TLS 1.2" => {
            Seen::Beside(format!("answers with {}", agreement.version))
        }
        Some(Answer::Agreed(agreement)) if agreement.extensions.contains(&number) => Seen::Good(name.into()),
        Some(Answer::Agreed(agreement)) => Seen::Bad(format!("{}, without {name}", in_words(agreement))),
        Some(Answer::Alert { code: 40 | 70 | 71, .. }) => Seen::Beside("does not agree to TLS 1.2".into()),
        other => Seen::Unclear(not_told(Offer::Tls12, other)),
    }
}

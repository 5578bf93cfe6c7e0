//! What the hosts present: certificate chains, and whose certificates they want.

use time::Duration;

use super::{Pictures, Seen, of_all, policy::Policy, policy_of_run};
use crate::{
    evidence::tls::{CertificateSeen, HostPicture, Presented, Trust},
    judge::Finding,
};

/// Looks at one chain and the server's own certificate in it.
type Look = fn(&Policy, &HostPicture, &Presented, &CertificateSeen) -> Seen;

/// The worst of what a host presents: it may have a certificate for each kind of key.
fn worst(policy: &Policy, picture: &HostPicture, look: Look) -> Seen {
    let chains = picture.certified().filter_map(|presented| Some((presented, presented.leaf()?)));
    let mut seen: Vec<Seen> = chains.map(|(presented, leaf)| look(policy, picture, presented, leaf)).collect();
    let first = |of: fn(&Seen) -> bool| seen.iter().position(of);
    let bad = first(|seen| matches!(seen, Seen::Bad(_)));
    match bad.or_else(|| first(|seen| matches!(seen, Seen::Unclear(_)))) {
        Some(at) => seen.swap_remove(at),
        None => seen.pop().unwrap_or_else(|| Seen::Unclear(nothing(picture))),
    }
}

fn nothing(picture: &HostPicture) -> String {
    let why = picture.presented.iter().find_map(|presented| presented.failure.clone());
    format!("no certificate was presented: {}", why.unwrap_or_else(|| "it is not told why".into()))
}

/// The certificate is for the host (RFC 9525 6).
pub fn for_host(pictures: Pictures<'_>) -> Finding {
    let policy = policy_of_run!();
    of_all(pictures, "a certificate for the host's own name", |picture| for_host_at(policy, picture))
}

pub(super) fn for_host_at(policy: &Policy, picture: &HostPicture) -> Seen {
    worst(policy, picture, |_, _, presented, leaf| {
        let names = if leaf.names.is_empty() { "no name at all".to_owned() } else { leaf.names.join(", ") };
        let told = format!("the {} certificate is for {names}", presented.kind);
        if presented.is_for_host { Seen::Good(told) } else { Seen::Bad(told) }
    })
}

/// The certificate holds on the day (RFC 5280 6.1.3).
pub fn in_its_period(pictures: Pictures<'_>) -> Finding {
    let policy = policy_of_run!();
    of_all(pictures, "a certificate that holds today", |picture| in_its_period_at(policy, picture))
}

pub(super) fn in_its_period_at(policy: &Policy, picture: &HostPicture) -> Seen {
    worst(policy, picture, |_, picture, _, leaf| {
        let told = format!("it holds from {} to {}", leaf.not_before.date(), leaf.not_after.date());
        match leaf.not_before <= picture.seen_at && picture.seen_at <= leaf.not_after {
            true => Seen::Good(told),
            false => Seen::Bad(told),
        }
    })
}

/// The certificate does not end within the horizon of the policy. One that has ended already is another matter.
pub fn not_about_to_end(pictures: Pictures<'_>) -> Finding {
    let policy = policy_of_run!();
    let expected = format!(
        "renewed {} days before its end, or with 1/{} of its life left where that is less",
        policy.certificate.expiry_days, policy.certificate.expiry_share
    );
    of_all(pictures, &expected, |picture| not_about_to_end_at(policy, picture))
}

pub(super) fn not_about_to_end_at(policy: &Policy, picture: &HostPicture) -> Seen {
    worst(policy, picture, |policy, picture, _, leaf| {
        let life = leaf.not_after - leaf.not_before;
        let (days, share) = (policy.certificate.expiry_days, policy.certificate.expiry_share.max(1));
        let horizon = Duration::days(days).min(life / share);
        let left = leaf.not_after - picture.seen_at;
        let told = format!("{} days left: it ends on {}", left.whole_days(), leaf.not_after.date());
        match left {
            left if left.is_negative() => Seen::Beside("it has ended".into()),
            left if left < horizon => Seen::Bad(told),
            _ => Seen::Good(told),
        }
    })
}

/// The chain leads from the server's certificate to a trust anchor (RFC 5246 7.4.2, RFC 8446 4.4.2). Where the issuing
/// CA is itself the anchor, the leaf alone is a whole chain.
pub fn complete(pictures: Pictures<'_>) -> Finding {
    let policy = policy_of_run!();
    let expected = "a chain from the server's certificate to a trust anchor of the target file";
    of_all(pictures, expected, |picture| complete_at(policy, picture))
}

pub(super) fn complete_at(policy: &Policy, picture: &HostPicture) -> Seen {
    worst(policy, picture, |_, _, presented, leaf| match &presented.trust {
        Trust::Anchored => Seen::Good(format!("{} that lead to a trust anchor", count(presented))),
        Trust::UnknownIssuer if presented.chain.len() == 1 && leaf.subject != leaf.issuer => Seen::Bad(format!(
            "one certificate alone, and its issuer \"{}\" is neither sent along nor a trust anchor of the target file",
            leaf.issuer
        )),
        // A longer chain may lead to a root that the target file does not name: that is no fault of the bank's.
        Trust::UnknownIssuer => Seen::Unclear(
            "the chain leads to no trust anchor of the target file: are `trust_anchors` those of this bank?".into(),
        ),
        Trust::Unclear { reason } => Seen::Unclear(format!("the chain cannot be followed: {reason}")),
    })
}

fn count(presented: &Presented) -> String {
    match presented.chain.len() {
        1 => "1 certificate".into(),
        count => format!("{count} certificates"),
    }
}

/// Each certificate is followed by that of its issuer (RFC 8446 4.4.2).
pub fn in_order(pictures: Pictures<'_>) -> Finding {
    let policy = policy_of_run!();
    of_all(pictures, "each certificate followed by that of its issuer", |picture| in_order_at(policy, picture))
}

pub(super) fn in_order_at(policy: &Policy, picture: &HostPicture) -> Seen {
    worst(policy, picture, |_, _, presented, _| {
        match presented.chain.windows(2).find(|pair| pair[0].issuer != pair[1].subject) {
            Some(pair) => Seen::Bad(format!("\"{}\" is followed by \"{}\"", pair[0].subject, pair[1].subject)),
            None => Seen::Good(format!("{} in order", count(presented))),
        }
    })
}

/// The server's key is long enough (RFC 9325 4.5).
pub fn strong_key(pictures: Pictures<'_>) -> Finding {
    let policy = policy_of_run!();
    let (rsa, curve) = (policy.certificate.rsa_bits, policy.certificate.elliptic_curve_bits);
    let expected = format!("RSA of {rsa} bits, or a curve of {curve} bits, or more");
    of_all(pictures, &expected, |picture| strong_key_at(policy, picture))
}

pub(super) fn strong_key_at(policy: &Policy, picture: &HostPicture) -> Seen {
    worst(policy, picture, |policy, _, _, leaf| {
        let told = format!("{} of {} bits", leaf.key, leaf.key_bits);
        let (rsa, curve) = (policy.certificate.rsa_bits, policy.certificate.elliptic_curve_bits);
        let shortest = if leaf.key == "RSA" { rsa } else { curve };
        match leaf.key_bits {
            0 => Seen::Unclear(format!("a key of a kind that is not known: {}", leaf.key)),
            bits if bits < shortest => Seen::Bad(told),
            _ => Seen::Good(told),
        }
    })
}

/// No certificate of the chain, but for a root, is signed with a hash that the policy forbids (RFC 9325 4.5).
pub fn strong_signature(pictures: Pictures<'_>) -> Finding {
    let policy = policy_of_run!();
    let expected = format!("no signature with {}", policy.certificate.forbidden_hashes.join(" or "));
    of_all(pictures, &expected, |picture| strong_signature_at(policy, picture))
}

pub(super) fn strong_signature_at(policy: &Policy, picture: &HostPicture) -> Seen {
    worst(policy, picture, |policy, _, presented, leaf| {
        // Nobody relies on the signature of a root over itself.
        let mut signed = presented.chain.iter().filter(|certificate| certificate.subject != certificate.issuer);
        match signed.find(|certificate| policy.certificate.forbidden_hashes.contains(&certificate.signature_hash)) {
            Some(weak) => Seen::Bad(format!("\"{}\" is signed with {}", weak.subject, weak.signature_hash)),
            None => Seen::Good(leaf.signature_hash.clone()),
        }
    })
}

/// A host that says whose certificates it wants names somebody along the TPP's own chain (RFC 8446 4.2.4, 4.4.2.3).
pub fn wants_ours(pictures: Pictures<'_>) -> Finding {
    of_all(pictures, "no list of authorities, or one with an issuer of the TPP's certificate", wants_ours_at)
}

pub(super) fn wants_ours_at(picture: &HostPicture) -> Seen {
    let mut asking = picture.presented.iter().filter(|presented| presented.asks_for_certificate).peekable();
    let Some(first) = asking.peek().copied() else { return Seen::Beside("asks for no certificate".into()) };
    let fits = |presented: &&Presented| {
        let ours = |name: &String| picture.own_authorities.contains(name);
        presented.authorities.is_empty() || presented.authorities.iter().any(ours)
    };
    let told = |presented: &Presented| match presented.authorities.is_empty() {
        true => "asks for certificates of any authority".to_owned(),
        false => format!("wants certificates of {}", presented.authorities.join(" or ")),
    };
    match asking.find(|presented| !fits(presented)) {
        // It may be an authority above those that we know of.
        Some(_) if !picture.own_authorities_known => Seen::Unclear(
            "the target file does not have the TPP's chain up to its root: put it into the certificate file".into(),
        ),
        Some(presented) => Seen::Bad(told(presented)),
        None => Seen::Good(told(first)),
    }
}

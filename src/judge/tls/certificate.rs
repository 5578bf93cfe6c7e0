//! What the hosts present: certificate chains, and whose certificates they want.

use time::Duration;

use super::{Pictures, Seen, of_all, policy::Policy, policy_of_run};
use crate::{
    evidence::tls::{CertificateSeen, HostPicture, Presented, Trust},
    judge::Finding,
};

/// Looks at each chain that a host presents; the first that is bad is told.
fn each(
    pictures: Pictures<'_>,
    expected: &str,
    look: impl Fn(&HostPicture, &Presented, &CertificateSeen) -> Seen,
) -> Finding {
    of_all(pictures, expected, |picture| {
        let chains: Vec<_> = picture.certified().filter_map(|presented| Some((presented, presented.leaf()?))).collect();
        let mut seen: Vec<Seen> = chains.iter().map(|(presented, leaf)| look(picture, presented, leaf)).collect();
        if let Some(at) = seen.iter().position(|seen| matches!(seen, Seen::Bad(_))) {
            return seen.swap_remove(at);
        }
        if let Some(at) = seen.iter().position(|seen| matches!(seen, Seen::Unclear(_))) {
            return seen.swap_remove(at);
        }
        seen.pop().unwrap_or_else(|| Seen::Unclear(nothing(picture)))
    })
}

fn nothing(picture: &HostPicture) -> String {
    let why = picture.presented.iter().find_map(|presented| presented.failure.clone());
    format!("no certificate was presented: {}", why.unwrap_or_else(|| "it is not told why".into()))
}

/// The certificate is for the host (RFC 9525 6).
pub fn for_host(pictures: Pictures<'_>) -> Finding {
    each(pictures, "a certificate for the host's own name", |_, presented, leaf| {
        let names = if leaf.names.is_empty() { "no name at all".to_owned() } else { leaf.names.join(", ") };
        let told = format!("the {} certificate is for {names}", presented.kind);
        if presented.is_for_host { Seen::Good(told) } else { Seen::Bad(told) }
    })
}

/// The certificate holds on the day (RFC 5280 6.1.3).
pub fn in_its_period(pictures: Pictures<'_>) -> Finding {
    each(pictures, "a certificate that holds today", |picture, _, leaf| {
        let told = format!("it holds from {} to {}", leaf.not_before.date(), leaf.not_after.date());
        match leaf.not_before <= picture.seen_at && picture.seen_at <= leaf.not_after {
            true => Seen::Good(told),
            false => Seen::Bad(told),
        }
    })
}

/// The certificate does not end within the horizon of the policy. One that has ended already is another matter.
pub fn not_about_to_end(pictures: Pictures<'_>) -> Finding {
    let policy = &policy_of_run!().certificate;
    let expected = format!(
        "renewed at least {} days before its end, or a {}th of its life",
        policy.expiry_days, policy.expiry_share
    );
    each(pictures, &expected, |picture, _, leaf| {
        let life = leaf.not_after - leaf.not_before;
        let horizon = Duration::days(policy.expiry_days).min(life / policy.expiry_share.max(1));
        let left = leaf.not_after - picture.seen_at;
        match left {
            left if left.is_negative() => Seen::Beside("it has ended".into()),
            left if left < horizon => {
                Seen::Bad(format!("{} days left: it ends on {}", left.whole_days(), leaf.not_after.date()))
            }
            left => Seen::Good(format!("{} days left", left.whole_days())),
        }
    })
}

/// The chain leads from the server's certificate to a trust anchor (RFC 5246 7.4.2, RFC 8446 4.4.2). Where the issuing
/// CA is itself the anchor, the leaf alone is a whole chain.
pub fn complete(pictures: Pictures<'_>) -> Finding {
    each(
        pictures,
        "a chain from the server's certificate to a trust anchor of the target file",
        |_, presented, leaf| {
            let count = presented.chain.len();
            match &presented.trust {
                Trust::Anchored => Seen::Good(format!("a chain of {count} that leads to a trust anchor")),
                Trust::UnknownIssuer if count == 1 && leaf.subject != leaf.issuer => Seen::Bad(format!(
                    "one certificate alone, and its issuer \"{}\" is neither sent along nor a trust anchor of the target file",
                    leaf.issuer
                )),
                // A longer chain may lead to a root that the target file does not name: that is no fault of the bank's.
                Trust::UnknownIssuer => Seen::Unclear(
                    "the chain leads to no trust anchor of the target file: are `trust_anchors` those of this bank?"
                        .into(),
                ),
                Trust::Unclear { reason } => Seen::Unclear(format!("the chain cannot be followed: {reason}")),
            }
        },
    )
}

/// Each certificate is followed by that of its issuer (RFC 8446 4.4.2).
pub fn in_order(pictures: Pictures<'_>) -> Finding {
    each(pictures, "each certificate followed by that of its issuer", |_, presented, _| {
        let misplaced = presented.chain.windows(2).find(|pair| pair[0].issuer != pair[1].subject);
        match misplaced {
            Some(pair) => Seen::Bad(format!("\"{}\" is followed by \"{}\"", pair[0].subject, pair[1].subject)),
            None => Seen::Good(format!("{} in order", presented.chain.len())),
        }
    })
}

/// The server's key is long enough (RFC 9325 4.5).
pub fn strong_key(pictures: Pictures<'_>) -> Finding {
    let policy = &policy_of_run!().certificate;
    let expected =
        format!("RSA of {} bits, or a curve of {} bits, or more", policy.rsa_bits, policy.elliptic_curve_bits);
    each(pictures, &expected, |_, _, leaf| {
        let told = format!("{} of {} bits", leaf.key, leaf.key_bits);
        let shortest = if leaf.key == "RSA" { policy.rsa_bits } else { policy.elliptic_curve_bits };
        match leaf.key_bits {
            0 => Seen::Unclear(format!("a key of a kind that is not known: {}", leaf.key)),
            bits if bits < shortest => Seen::Bad(told),
            _ => Seen::Good(told),
        }
    })
}

/// No certificate of the chain, but for a root, is signed with a hash that the policy forbids (RFC 9325 4.5).
pub fn strong_signature(pictures: Pictures<'_>) -> Finding {
    let policy = &policy_of_run!().certificate;
    let expected = format!("no signature with {}", policy.forbidden_hashes.join(" or "));
    each(pictures, &expected, |_, presented, leaf| {
        // Nobody relies on the signature of a root over itself.
        let signed = || presented.chain.iter().filter(|certificate| certificate.subject != certificate.issuer);
        match signed().find(|certificate| policy.forbidden_hashes.contains(&certificate.signature_hash)) {
            Some(weak) => Seen::Bad(format!("\"{}\" is signed with {}", weak.subject, weak.signature_hash)),
            None => Seen::Good(leaf.signature_hash.clone()),
        }
    })
}

/// A host that says whose certificates it wants names somebody along the TPP's own chain (RFC 8446 4.2.4, 4.4.2.3).
pub fn wants_ours(pictures: Pictures<'_>) -> Finding {
    of_all(pictures, "no list of authorities, or one with an issuer of the TPP's certificate", |picture| {
        let mut asking = picture.presented.iter().filter(|presented| presented.asks_for_certificate).peekable();
        if asking.peek().is_none() {
            return Seen::Beside("asks for no certificate".into());
        }
        let fits = |presented: &&Presented| {
            let ours = |name: &String| picture.own_authorities.contains(name);
            presented.authorities.is_empty() || presented.authorities.iter().any(ours)
        };
        match asking.find(|presented| !fits(presented)) {
            // It may be an authority above those that we know of.
            Some(_) if !picture.own_authorities_known => Seen::Unclear(
                "the target file does not have the TPP's chain up to its root: put it into the certificate file".into(),
            ),
            Some(presented) => Seen::Bad(format!("wants certificates of {}", presented.authorities.join(" or "))),
            None => Seen::Good("the TPP's issuer is among those wanted, or none is named".into()),
        }
    })
}

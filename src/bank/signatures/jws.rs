//! `x-jws-signature`: the detached JWS of UK Open Banking, by the rules of version 3.1.4 and later.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::hash::MessageDigest;
use serde_json::{Map, Value};

use super::seals::Seal;
use super::verify::{self, Method};
use super::{Checked, TOLERANCE, invalid, now, require, rewritten, unreadable};
use crate::bank::http::Incoming;
use crate::bank::model::world::World;
use crate::bank::oauth::unsigned;
use crate::bank::refusal::{Kind, Refusal};

/// The claims that UK Open Banking adds; all of them are critical.
const CLAIMS: [&str; 3] =
    ["http://openbanking.org.uk/iat", "http://openbanking.org.uk/iss", "http://openbanking.org.uk/tan"];
/// The domain of the one trust anchor of this bank.
pub(super) const TRUST_ANCHOR: &str = "openbanking.org.uk";

/// The fault by which a JWS passes that nobody has signed.
pub(in crate::bank) const UNSIGNED: &str = "jws-none-accepted";

/// A request with everything that belongs to its signature.
struct Signed<'a> {
    incoming: &'a Incoming,
    /// The organizationIdentifier of the TPP that speaks.
    speaker: Option<&'a str>,
    /// The first part, as it was sent.
    head: &'a str,
    claims: Map<String, Value>,
    payload: &'a str,
    signature: Vec<u8>,
}

type Rule = fn(&World, &Signed<'_>) -> Checked;

/// The rules of this form, in the order in which they are applied.
const RULES: [Rule; 11] = [
    refuse_everything,
    type_demanded,
    detached,          // RFC 7515 appendix F
    algorithm,         // PS256
    known_critical,    // RFC 7515 §4.1.11
    complete_critical, // all the claims that are there
    no_b64,            // since 3.1.4
    claims_there,
    issued_in_the_past,
    names,
    signature,
];

pub(super) fn check(world: &World, incoming: &Incoming, speaker: Option<&str>) -> Checked {
    let signed = parse(incoming, speaker).ok_or_else(|| unreadable(world, "x-jws-signature is no JWS"))?;
    RULES.iter().try_for_each(|rule| rule(world, &signed))
}

fn parse<'a>(incoming: &'a Incoming, speaker: Option<&'a str>) -> Option<Signed<'a>> {
    let mut parts = incoming.header("x-jws-signature")?.split('.');
    let (head, payload, signature) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(head).ok()?).ok()?;
    Some(Signed { incoming, speaker, head, claims, payload, signature: URL_SAFE_NO_PAD.decode(signature).ok()? })
}

impl Signed<'_> {
    fn text(&self, name: &str) -> Option<&str> {
        self.claims.get(name)?.as_str()
    }

    /// The names in `crit`; none where it is no list of names.
    fn critical(&self) -> Option<Vec<&str>> {
        self.claims.get("crit")?.as_array()?.iter().map(Value::as_str).collect()
    }

    /// Nobody has signed it, and a fault lets it pass.
    fn passes_unsigned(&self, world: &World) -> bool {
        let signature = if self.signature.is_empty() { "" } else { "some" };
        unsigned::passes(&world.faults, UNSIGNED, self.text("alg"), signature)
    }

    /// The seal of the TPP that speaks.
    fn seal_of_speaker<'w>(&self, world: &'w World) -> Option<&'w Seal> {
        world.seals.of_tpp(self.speaker)
    }

    /// The seal that `kid` names.
    fn seal<'w>(&self, world: &'w World) -> Option<&'w Seal> {
        match self.text("kid").and_then(|kid| world.seals.find(kid)) {
            Some(seal) => Some(seal),
            None if world.faults.on("jws-kid-ignored") || self.text("kid").is_none() => self.seal_of_speaker(world),
            None => None,
        }
    }
}

fn refuse_everything(world: &World, _: &Signed<'_>) -> Checked {
    require(!world.faults.on("jws-refused"), "signatures are not accepted")
}

/// `typ` is optional: a lawful bank does not ask for it.
fn type_demanded(world: &World, signed: &Signed<'_>) -> Checked {
    require(signed.claims.contains_key("typ") || !world.faults.on("jws-typ-demanded"), "typ is missing")
}

fn detached(world: &World, signed: &Signed<'_>) -> Checked {
    require(signed.payload.is_empty() || world.faults.on("jws-attached-accepted"), "the payload must be detached")
}

fn algorithm(world: &World, signed: &Signed<'_>) -> Checked {
    match signed.text("alg") {
        Some("PS256") => Ok(()),
        Some("RS256") => require(world.faults.on("jws-rs256-accepted"), "the algorithm must be PS256"),
        _ if signed.passes_unsigned(world) => Ok(()),
        _ => Err(invalid("the algorithm must be PS256")),
    }
}

fn known_critical(world: &World, signed: &Signed<'_>) -> Checked {
    let critical = signed.critical().unwrap_or_default();
    // On b64 there is a rule of its own.
    let known = critical.iter().all(|name| CLAIMS.contains(name) || *name == "b64");
    require(known || world.faults.on("jws-unknown-critical-accepted"), "crit names a claim that is not known")
}

fn complete_critical(world: &World, signed: &Signed<'_>) -> Checked {
    let critical = signed.critical().unwrap_or_default();
    let mut sent = CLAIMS.iter().filter(|name| signed.claims.contains_key(**name));
    let complete = sent.all(|name| critical.contains(name));
    require(complete || world.faults.on("jws-critical-incomplete-accepted"), "crit must name iat, iss and tan")
}

fn no_b64(world: &World, signed: &Signed<'_>) -> Checked {
    let named = signed.claims.contains_key("b64") || signed.critical().unwrap_or_default().contains(&"b64");
    require(!named || world.faults.on("jws-b64-accepted"), "b64 is no claim of this version")
}

fn claims_there(world: &World, signed: &Signed<'_>) -> Checked {
    let [iat, iss, tan] = CLAIMS;
    let all = signed.claims.get(iat).is_some_and(Value::is_i64)
        && [iss, tan, "kid"].iter().all(|name| signed.text(name).is_some());
    require(all || world.faults.on("jws-claims-optional"), "a claim is missing, or is none")
}

fn issued_in_the_past(world: &World, signed: &Signed<'_>) -> Checked {
    let issued = signed.claims.get(CLAIMS[0]).and_then(Value::as_i64);
    let past = issued.is_none_or(|at| at <= now().saturating_add(TOLERANCE));
    require(past || world.faults.on("jws-iat-unchecked"), "iat lies in the future")
}

/// Key, signer and trust anchor have to be those of the TPP that speaks.
fn names(world: &World, signed: &Signed<'_>) -> Checked {
    let Some(seal) = signed.seal(world) else { return Err(invalid("kid names no key that is known")) };
    let [_, iss, tan] = CLAIMS;
    let issuer = signed.text(iss).is_none_or(|name| name == seal.facts.subject);
    require(issuer || world.faults.on("jws-iss-unchecked"), "iss is not the holder of the key")?;
    let anchor = signed.text(tan).is_none_or(|domain| domain == TRUST_ANCHOR);
    require(anchor || world.faults.on("jws-tan-unchecked"), "tan is no trust anchor of this bank")?;
    let anonymous = signed.incoming.peer.certificate.is_none();
    match anonymous || signed.speaker == seal.facts.organization_identifier.as_deref() {
        true => Ok(()),
        false => Err(Refusal::new(Kind::CertificateInvalid, "kid names the key of another TPP")),
    }
}

fn signature(world: &World, signed: &Signed<'_>) -> Checked {
    let Some(seal) = signed.seal(world) else { return Err(invalid("kid names no key that is known")) };
    let method = match signed.text("alg") {
        _ if signed.passes_unsigned(world) => return Ok(()),
        Some("RS256") => Method::Plain(MessageDigest::sha256()),
        _ => Method::Pss(MessageDigest::sha256()),
    };
    let body = match world.faults.on("jws-of-rewritten-body") {
        true => rewritten(&signed.incoming.body),
        false => signed.incoming.body.to_vec(),
    };
    let mut message = format!("{}.", signed.head).into_bytes();
    match signed.claims.get("b64") {
        Some(Value::Bool(false)) => message.extend_from_slice(&body),
        _ => message.extend_from_slice(URL_SAFE_NO_PAD.encode(&body).as_bytes()),
    }
    let fits = verify::fits(&seal.certificate, method, &message, &signed.signature);
    require(fits || world.faults.on("jws-signature-unchecked"), "the signature does not fit the request")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::bank::signatures::tests::incoming;

    #[test]
    fn a_jws_has_three_parts() {
        for (value, is_one) in
            [("e30..AAAA", true), ("e30.e30.AAAA", true), ("e30..", true), ("e30.AAAA", false), ("e30...A", false)]
        {
            assert_eq!(parse(&incoming(&[("x-jws-signature", value)]), None).is_some(), is_one, "{value}");
        }
    }

    proptest! {
        #[test]
        fn no_header_makes_it_panic(value in "[!-~]{0,60}", head in "[ -~]{0,40}") {
            let _ = parse(&incoming(&[("x-jws-signature", &value)]), None);
            let encoded = format!("{}..AAAA", URL_SAFE_NO_PAD.encode(head));
            let _ = parse(&incoming(&[("x-jws-signature", &encoded)]), None).map(|signed| signed.critical().map(|it| it.len()));
        }
    }
}

//! HTTP message signatures (RFC 9421) with `Content-Digest` (RFC 9530).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use openssl::hash::{MessageDigest, hash};

use super::seals::Seal;
use super::verify::{self, Method};
use super::{Checked, TOLERANCE, invalid, now, quoted, require, rewritten, unreadable};
use crate::bank::http::Incoming;
use crate::bank::model::world::World;

/// A request with everything that belongs to its signature.
struct Signed<'a> {
    incoming: &'a Incoming,
    /// The value of `@signature-params`, as it was sent.
    parameters: &'a str,
    components: Vec<String>,
    named: Vec<(&'a str, &'a str)>,
    signature: Vec<u8>,
}

type Rule = fn(&World, &Signed<'_>) -> Checked;

/// The rules of this form, in the order in which they are applied.
const RULES: [Rule; 10] = [
    refuse_everything,
    covered, // RFC 9421 §3.2.1
    ordered,
    not_before, // §2.3 created
    not_after,  // §2.3 expires
    algorithm,  // §3.2
    own_key,
    digest_there, // RFC 9530 §2
    digest,
    signature,
];

pub(super) fn check(world: &World, incoming: &Incoming) -> Checked {
    let signed = parse(incoming).ok_or_else(|| unreadable(world, "Signature-Input or Signature cannot be read"))?;
    RULES.iter().try_for_each(|rule| rule(world, &signed))
}

/// The first signature; others are not this bank's concern.
fn parse(incoming: &Incoming) -> Option<Signed<'_>> {
    let (label, parameters) = quoted::pieces(incoming.header("signature-input")?, b',')?.first()?.split_once('=')?;
    let inside = parameters.strip_prefix('(')?;
    let (list, rest) = inside.split_once(')')?;
    let components = quoted::pieces(list, b' ')?.into_iter().filter(|item| !item.is_empty());
    let named = quoted::pieces(rest, b';')?.into_iter().filter_map(|pair| pair.split_once('='));
    let signatures = quoted::pieces(incoming.header("signature")?, b',')?;
    let own = signatures.into_iter().filter_map(|member| member.split_once('=')).find(|(name, _)| *name == label)?.1;
    Some(Signed {
        incoming,
        parameters,
        components: components.map(quoted::text).collect::<Option<_>>()?,
        named: named.collect(),
        signature: STANDARD.decode(own.strip_prefix(':')?.strip_suffix(':')?).ok()?,
    })
}

impl Signed<'_> {
    fn number(&self, name: &str) -> Option<i64> {
        self.named.iter().find(|(known, _)| *known == name)?.1.parse().ok()
    }

    fn text(&self, name: &str) -> Option<String> {
        quoted::text(self.named.iter().find(|(known, _)| *known == name)?.1)
    }

    fn covers(&self, name: &str) -> bool {
        self.components.iter().any(|component| component == name)
    }

    /// The seal that `keyid` names, if it is that of the TPP that speaks.
    fn seal<'w>(&self, world: &'w World) -> Option<&'w Seal> {
        let speaker = self.incoming.peer.certificate.as_ref();
        let organization = speaker.and_then(|speaker| speaker.organization_identifier.as_deref());
        let named = self.text("keyid").and_then(|id| world.seals.find(&id));
        let own =
            |seal: &&Seal| organization.is_none() || seal.facts.organization_identifier.as_deref() == organization;
        match named.filter(own) {
            None if world.faults.on("message-key-id-ignored") => world.seals.of_tpp(organization),
            named => named,
        }
    }
}

fn refuse_everything(world: &World, _: &Signed<'_>) -> Checked {
    require(!world.faults.on("message-signature-refused"), "signatures are not accepted")
}

/// What has to be signed, or the signature says nothing about it.
fn covered(world: &World, signed: &Signed<'_>) -> Checked {
    let has_digest = signed.incoming.headers.contains_key("content-digest");
    let all = signed.covers("@method")
        && (signed.covers("@target-uri") || signed.covers("@path"))
        && (signed.covers("content-digest") || !has_digest);
    require(all || world.faults.on("covered-components-unchecked"), "method, target and digest must be signed")
}

/// The signer chooses the order: a lawful bank asks for none.
fn ordered(world: &World, signed: &Signed<'_>) -> Checked {
    let first = signed.components.first().is_some_and(|first| first.starts_with('@'));
    require(first || !world.faults.on("component-order-fixed"), "the components are out of order")
}

fn not_before(world: &World, signed: &Signed<'_>) -> Checked {
    let begun = signed.number("created").is_none_or(|at| at <= now().saturating_add(TOLERANCE));
    require(begun || world.faults.on("created-unchecked"), "the signature lies in the future")
}

fn not_after(world: &World, signed: &Signed<'_>) -> Checked {
    let holds = signed.number("expires").is_none_or(|at| at >= now().saturating_sub(TOLERANCE));
    require(holds || world.faults.on("expires-unchecked"), "the signature has expired")
}

/// `alg` is optional; where it is there, it has to be that of the key.
fn algorithm(world: &World, signed: &Signed<'_>) -> Checked {
    let faults = &world.faults;
    let Some(named) = signed.text("alg") else {
        return require(!faults.on("message-algorithm-demanded"), "alg is missing");
    };
    let rsa = signed.seal(world).is_none_or(|seal| verify::has_rsa_key(&seal.certificate));
    let fits = match named.as_str() {
        "rsa-pss-sha512" | "rsa-v1_5-sha256" => rsa,
        "ecdsa-p256-sha256" => !rsa,
        _ => false,
    };
    require(fits || faults.on("message-algorithm-unchecked"), "alg does not fit the key")
}

fn own_key(world: &World, signed: &Signed<'_>) -> Checked {
    require(signed.seal(world).is_some(), "keyid names no key of this TPP")
}

fn digest_there(world: &World, signed: &Signed<'_>) -> Checked {
    let there = signed.incoming.headers.contains_key("content-digest") || signed.incoming.body.is_empty();
    require(there || world.faults.on("content-digest-optional"), "Content-Digest is missing")
}

fn digest(world: &World, signed: &Signed<'_>) -> Checked {
    let Some(value) = signed.incoming.header("content-digest") else { return Ok(()) };
    let faults = &world.faults;
    let members = quoted::pieces(value, b',').unwrap_or_default();
    let function = |name: &str| match name {
        "sha-256" => Some(MessageDigest::sha256()),
        "sha-512" if !faults.on("content-digest-by-sha-512-refused") => Some(MessageDigest::sha512()),
        // RFC 9530 §5: insecure, and not to be used against attackers.
        "md5" | "sha" if !faults.on("weak-content-digest-accepted") => None,
        "md5" => Some(MessageDigest::md5()),
        "sha" => Some(MessageDigest::sha1()),
        _ => None,
    };
    let known = members.into_iter().filter_map(|one| one.split_once('=')).find_map(|(n, v)| Some((function(n)?, v)));
    let (function, sent) = known.ok_or_else(|| invalid("Content-Digest has no algorithm that is accepted"))?;
    let body = match faults.on("content-digest-of-rewritten-body") {
        true => rewritten(&signed.incoming.body),
        false => signed.incoming.body.to_vec(),
    };
    let own = hash(function, &body).map(|own| format!(":{}:", STANDARD.encode(own))).unwrap_or_default();
    require(own == sent || faults.on("content-digest-unchecked"), "Content-Digest does not fit the body")
}

fn signature(world: &World, signed: &Signed<'_>) -> Checked {
    let Some(seal) = signed.seal(world) else { return Err(invalid("keyid names no key of this TPP")) };
    let method = match (verify::has_rsa_key(&seal.certificate), signed.text("alg").as_deref()) {
        // Only a bank that does not look at alg gets here.
        (_, Some("none")) => return Ok(()),
        (true, Some("rsa-v1_5-sha256")) => Method::Plain(MessageDigest::sha256()),
        (true, _) => Method::Pss(MessageDigest::sha512()),
        (false, _) => Method::TwoNumbers,
    };
    let base = base(world, signed);
    let fits = base.is_some_and(|base| verify::fits(&seal.certificate, method, base.as_bytes(), &signed.signature));
    require(fits || world.faults.on("message-signature-unchecked"), "the signature does not fit the request")
}

/// The signature base (RFC 9421 §2.5); none where a component is not there, or there twice.
fn base(world: &World, signed: &Signed<'_>) -> Option<String> {
    let mut base = String::new();
    for (at, name) in signed.components.iter().enumerate() {
        let value = component(world, signed.incoming, name)?;
        if signed.components[..at].contains(name) {
            return None;
        }
        base.push_str(&format!("\"{name}\": {value}\n"));
    }
    base.push_str(&format!("\"@signature-params\": {}", signed.parameters));
    Some(base)
}

/// The value of a component; the bank knows its own origin and does not take it from the request.
pub(super) fn component(world: &World, incoming: &Incoming, name: &str) -> Option<String> {
    let path = || incoming.path_and_query.split('?').next().unwrap_or_default().to_owned();
    match name {
        "@method" => Some(incoming.method.to_string()),
        "@target-uri" => Some(format!("{}{}", world.api, incoming.path_and_query)),
        "@authority" => world.api.split_once("://").map(|(_, authority)| authority.to_owned()),
        "@path" => Some(path()),
        name if name.starts_with('@') => None,
        name => {
            let values: Option<Vec<&str>> =
                incoming.headers.get_all(name).iter().map(|value| Some(value.to_str().ok()?.trim())).collect();
            values.filter(|values| !values.is_empty()).map(|values| values.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::bank::signatures::tests::incoming;

    #[test]
    fn the_input_of_the_rfc_is_read() {
        let input =
            "sig1=(\"@method\" \"x-a\");created=1618884473;keyid=\"a;\\\"b\";alg=\"rsa-pss-sha512\", sig2=(\"b\")";
        let incoming = incoming(&[("signature-input", input), ("signature", "sig2=:AAAA:, sig1=:AQID:")]);
        let signed = parse(&incoming).unwrap();
        assert_eq!(signed.components, ["@method", "x-a"]);
        assert_eq!((signed.number("created"), signed.text("keyid")), (Some(1_618_884_473), Some("a;\"b".to_owned())));
        assert_eq!(signed.signature, [1, 2, 3]);
    }

    proptest! {
        #[test]
        fn no_header_makes_it_panic(input in "[ -~]{0,60}", signature in "[ -~]{0,60}") {
            let _ = parse(&incoming(&[("signature-input", &input), ("signature", &signature)]));
        }
    }
}

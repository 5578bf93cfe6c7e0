//! The variations of the Berlin Group's form.

use base64::{Engine, engine::general_purpose::STANDARD};
use openssl::hash::MessageDigest;

use super::{
    super::{
        Edit::{After, Before, Making},
        Outgoing, Variation,
        berlin_group::Recipe,
        seal::Scheme,
    },
    change_body, change_request_id, cut, space_body,
};

pub(in super::super) const ALL: &[Variation<Recipe>] = &[
    // What is as good.
    ("white space between the parts of the body", &[Before(space_body)]),
    ("the signed headers in another order", &[Making(|recipe| recipe.headers.reverse())]),
    ("an unknown parameter", &[Making(|recipe| recipe.further = ",nonce=\"1\"")]),
    (
        "a digest by sha-256 in lower case",
        &[Making(|recipe| recipe.digest = Some(("sha-256", MessageDigest::sha256())))],
    ),
    ("a digest by SHA-512", &[Making(|recipe| recipe.digest = Some(("SHA-512", MessageDigest::sha512())))]),
    ("a signature by SHA-512", &[Making(|recipe| resign(recipe, "sha512", MessageDigest::sha512()))]),
    // What was changed on the way.
    ("another body", &[After(change_body)]),
    ("another X-Request-ID", &[After(change_request_id)]),
    ("a signature with one bit flipped", &[After(flip)]),
    // What is left out.
    (
        "no Digest",
        &[Making(|recipe| recipe.digest = None), Making(|recipe| recipe.headers.retain(|name| name != "digest"))],
    ),
    ("no TPP-Signature-Certificate", &[Making(|recipe| recipe.with_certificate = false)]),
    ("digest not signed", &[Making(|recipe| recipe.headers.retain(|name| name != "digest"))]),
    ("x-request-id not signed", &[Making(|recipe| recipe.headers.retain(|name| name != "x-request-id"))]),
    ("tpp-redirect-uri not signed", &[Making(|recipe| recipe.headers.retain(|name| name != "tpp-redirect-uri"))]),
    // What names the wrong thing.
    ("the serial number of another certificate", &[Making(other_serial)]),
    ("the issuer of another certificate", &[Making(|recipe| recipe.key_id.push_str("%20of%20somebody%20else"))]),
    // What is too weak.
    ("a digest by MD5", &[Making(|recipe| recipe.digest = Some(("MD5", MessageDigest::md5())))]),
    ("a digest by SHA-1", &[Making(|recipe| recipe.digest = Some(("SHA", MessageDigest::sha1())))]),
    ("a signature by SHA-1", &[Making(|recipe| resign(recipe, "sha1", MessageDigest::sha1()))]),
    ("no signature under the algorithm none", &[Making(unsigned)]),
    // What can be read in two ways.
    ("keyId twice", &[Making(|recipe| recipe.further = ",keyId=\"SN=1,CA=CN=somebody%20else\"")]),
    ("headers twice", &[Making(|recipe| recipe.further = ",headers=\"x-request-id\"")]),
    ("signature twice", &[Making(|recipe| recipe.further = ",signature=\"AAAA\"")]),
    // What cannot be read.
    ("a Signature that breaks off", &[After(|outgoing| cut(outgoing, "Signature", "headers=\""))]),
    ("a Signature that is nonsense", &[After(|outgoing| outgoing.set("Signature", Some("}=\\\"%00;{,")))]),
];

/// The same kind of signature by another hash function.
fn resign(recipe: &mut Recipe, name: &str, hash: MessageDigest) {
    let (kind, _) = recipe.algorithm.split_once('-').unwrap_or(("rsa", ""));
    recipe.scheme = if kind == "rsa" { Scheme::Pkcs1(hash) } else { Scheme::Ecdsa(hash) };
    recipe.algorithm = format!("{kind}-{name}");
}

fn unsigned(recipe: &mut Recipe) {
    recipe.algorithm = "none".into();
    recipe.scheme = Scheme::Nothing;
}

/// `SN=1f…` becomes `SN=1f…0`, which is still hexadecimal; an id of another kind gets a letter more.
fn other_serial(recipe: &mut Recipe) {
    let end = recipe.key_id.find(',').unwrap_or(recipe.key_id.len());
    recipe.key_id.insert(end, '0');
}

/// One bit in the middle of the value of `signature`.
fn flip(outgoing: &mut Outgoing) {
    let value = outgoing.header("Signature").unwrap_or_default();
    let Some((before, signature)) = value.rsplit_once("signature=\"") else { return };
    let mut octets = STANDARD.decode(signature.trim_end_matches('"')).unwrap_or_default();
    let middle = octets.len() / 2;
    octets.iter_mut().skip(middle).take(1).for_each(|octet| *octet ^= 1);
    let changed = format!("{before}signature=\"{}\"", STANDARD.encode(octets));
    outgoing.set("Signature", Some(&changed));
}

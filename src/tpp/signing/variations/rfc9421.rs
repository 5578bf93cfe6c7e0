//! The variations of the form of RFC 9421.

use openssl::hash::MessageDigest;

use super::{
    super::{
        Edit::{After, Before, Making},
        Outgoing, Variation,
        rfc9421::Recipe,
        seal::Scheme,
        structured as sf,
    },
    change_body, change_request_id, cut, space_body,
};

/// Further than any clock is wrong, in seconds.
const FAR: i64 = 6 * 3600;

pub(in super::super) const ALL: &[Variation<Recipe>] = &[
    // What is as good.
    ("white space between the parts of the body", &[Before(space_body)]),
    ("the components in another order", &[Making(|recipe| recipe.components.reverse())]),
    ("no alg", &[Making(|recipe| recipe.algorithm = None)]),
    ("a digest by SHA-512", &[Making(|recipe| recipe.digest = Some(("sha-512", MessageDigest::sha512())))]),
    // What was changed on the way.
    ("another body", &[After(change_body)]),
    ("another X-Request-ID", &[After(change_request_id)]),
    ("a signature with one bit flipped", &[After(flip)]),
    ("the method of another request", &[Making(|recipe| recipe.method = Some("PUT"))]),
    ("the path of another request", &[Making(|recipe| recipe.path = Some("/other"))]),
    // What is left out.
    (
        "no Content-Digest",
        &[Making(|recipe| recipe.digest = None), Making(|recipe| uncovered(recipe, "content-digest"))],
    ),
    ("@method not signed", &[Making(|recipe| uncovered(recipe, "@method"))]),
    ("@target-uri not signed", &[Making(|recipe| uncovered(recipe, "@target-uri"))]),
    ("content-digest not signed", &[Making(|recipe| uncovered(recipe, "content-digest"))]),
    // What does not hold any more, or not yet.
    ("a creation time hours ahead", &[Making(|recipe| recipe.created += FAR)]),
    (
        "an expiry hours ago",
        &[Making(|recipe| (recipe.created, recipe.expires) = (recipe.created - FAR, Some(recipe.created - FAR + 60)))],
    ),
    // What is too weak, or does not fit.
    ("a digest by MD5", &[Making(|recipe| recipe.digest = Some(("md5", MessageDigest::md5())))]),
    ("a digest by SHA-1", &[Making(|recipe| recipe.digest = Some(("sha", MessageDigest::sha1())))]),
    ("no signature under the algorithm none", &[Making(unsigned)]),
    ("the name of an algorithm that was not used", &[Making(|recipe| recipe.algorithm = Some("hmac-sha256".into()))]),
    ("another keyid", &[Making(|recipe| recipe.key_id.push_str("-other"))]),
    // What cannot be read.
    ("a Signature-Input that breaks off", &[After(|outgoing| cut(outgoing, "Signature-Input", "(\""))]),
    ("a Signature-Input that is nonsense", &[After(|outgoing| outgoing.set("Signature-Input", Some("sig1=((\";;=")))]),
];

fn uncovered(recipe: &mut Recipe, name: &str) {
    recipe.components.retain(|component| component != name);
}

fn unsigned(recipe: &mut Recipe) {
    recipe.algorithm = Some("none".into());
    recipe.scheme = Scheme::Nothing;
}

fn flip(outgoing: &mut Outgoing) {
    let value = outgoing.header("Signature").unwrap_or_default();
    let Some((label, signature)) = value.split_once('=') else { return };
    let mut octets = sf::read_bytes(signature).unwrap_or_default();
    let middle = octets.len() / 2;
    octets.iter_mut().skip(middle).take(1).for_each(|octet| *octet ^= 1);
    let changed = format!("{label}={}", sf::bytes(&octets));
    outgoing.set("Signature", Some(&changed));
}

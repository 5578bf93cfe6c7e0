//! The variations of the UK form.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openssl::hash::MessageDigest;
use serde_json::{Value, json};

use super::{
    super::{
        Edit::{After, Before, Making},
        Outgoing, Variation,
        jws::{IAT, ISS, Recipe, TAN},
        seal::Scheme,
    },
    change_body, cut, space_body,
};

/// Further than any clock of a TPP is wrong, in seconds.
const AHEAD: i64 = 6 * 3600;

pub(in super::super) const ALL: &[Variation<Recipe>] = &[
    // What is as good.
    ("white space between the parts of the body", &[Before(space_body)]),
    ("neither typ nor cty", &[Making(|recipe| drop_all(recipe, &["typ", "cty"]))]),
    ("crit in another order", &[Making(|recipe| edit_crit(recipe, |crit| crit.reverse()))]),
    // What was changed on the way.
    ("another body", &[After(change_body)]),
    ("a signature with one bit flipped", &[After(flip)]),
    (
        "a later iat than was signed",
        &[After(|outgoing| rewrite(outgoing, IAT, |iat| json!(iat.as_i64().unwrap_or(1) + 1)))],
    ),
    // What is too weak.
    ("no signature under the algorithm none", &[Making(unsigned)]),
    ("no signature under the algorithm None", &[Making(|recipe| unsigned_as(recipe, Some("None")))]),
    ("no signature under the algorithm NONE", &[Making(|recipe| unsigned_as(recipe, Some("NONE")))]),
    ("no signature under the algorithm nOnE", &[Making(|recipe| unsigned_as(recipe, Some("nOnE")))]),
    ("no signature and no algorithm", &[Making(|recipe| unsigned_as(recipe, None))]),
    ("an empty signature", &[Making(|recipe| recipe.scheme = Scheme::Nothing)]),
    ("the algorithm HS256 under the public key", &[Making(by_hs256)]),
    ("the algorithm RS256", &[Making(by_rs256)]),
    // What the header must say, and how.
    ("an unknown critical claim", &[Making(unknown_critical)]),
    ("a claim that is not critical", &[Making(|recipe| edit_crit(recipe, |crit| crit.retain(|name| name != TAN)))]),
    ("no crit", &[Making(|recipe| drop_all(recipe, &["crit"]))]),
    ("the payload encoded as other versions do", &[Making(Recipe::toggle_b64)]),
    ("an iat of hours ahead", &[Making(|recipe| change(recipe, IAT, |iat| json!(iat.as_i64().unwrap_or(0) + AHEAD)))]),
    ("an iat that is no number", &[Making(|recipe| change(recipe, IAT, |iat| json!(iat.to_string())))]),
    ("another iss", &[Making(|recipe| set(recipe, ISS, json!("CN=Somebody Else,O=Somebody Else,C=DE")))]),
    ("another tan", &[Making(|recipe| set(recipe, TAN, json!("attacker.example")))]),
    (
        "another kid",
        &[Making(|recipe| change(recipe, "kid", |kid| json!(format!("{}-other", kid.as_str().unwrap_or("")))))],
    ),
    ("no kid", &[Making(|recipe| drop_all(recipe, &["kid"]))]),
    ("no iat", &[Making(|recipe| without(recipe, IAT))]),
    ("no iss", &[Making(|recipe| without(recipe, ISS))]),
    ("no tan", &[Making(|recipe| without(recipe, TAN))]),
    // What cannot be read.
    ("an x-jws-signature that breaks off", &[After(|outgoing| cut(outgoing, "x-jws-signature", "eyJ"))]),
    ("an x-jws-signature that is nonsense", &[After(|outgoing| outgoing.set("x-jws-signature", Some("}..%00.{")))]),
    ("the payload attached", &[Making(|recipe| recipe.attached = true)]),
];

fn set(recipe: &mut Recipe, name: &str, value: Value) {
    recipe.header.insert(name.into(), value);
}

fn change(recipe: &mut Recipe, name: &str, edit: impl FnOnce(&Value) -> Value) {
    if let Some(value) = recipe.header.get_mut(name) {
        *value = edit(value);
    }
}

fn drop_all(recipe: &mut Recipe, names: &[&str]) {
    recipe.header.retain(|name, _| !names.contains(&name.as_str()));
}

fn edit_crit(recipe: &mut Recipe, edit: impl FnOnce(&mut Vec<Value>)) {
    if let Some(crit) = recipe.header.get_mut("crit").and_then(Value::as_array_mut) {
        edit(crit);
    }
}

/// Neither the claim, nor its name among the critical ones: a name without a claim is another mistake.
fn without(recipe: &mut Recipe, claim: &str) {
    drop_all(recipe, &[claim]);
    edit_crit(recipe, |crit| crit.retain(|name| name != claim));
}

fn unknown_critical(recipe: &mut Recipe) {
    const UNKNOWN: &str = "http://bankproof.example/unknown";
    set(recipe, UNKNOWN, json!(true));
    edit_crit(recipe, |crit| crit.push(json!(UNKNOWN)));
}

fn unsigned(recipe: &mut Recipe) {
    unsigned_as(recipe, Some("none"));
}

fn unsigned_as(recipe: &mut Recipe, algorithm: Option<&str>) {
    match algorithm {
        Some(algorithm) => set(recipe, "alg", json!(algorithm)),
        None => drop_all(recipe, &["alg"]),
    }
    recipe.scheme = Scheme::Nothing;
}

fn by_hs256(recipe: &mut Recipe) {
    set(recipe, "alg", json!("HS256"));
    recipe.scheme = Scheme::HmacOfPublicKey;
}

fn by_rs256(recipe: &mut Recipe) {
    set(recipe, "alg", json!("RS256"));
    recipe.scheme = Scheme::Pkcs1(MessageDigest::sha256());
}

fn flip(outgoing: &mut Outgoing) {
    let value = outgoing.header("x-jws-signature").unwrap_or_default();
    let Some((before, signature)) = value.rsplit_once('.') else { return };
    let mut octets = URL_SAFE_NO_PAD.decode(signature).unwrap_or_default();
    let middle = octets.len() / 2;
    octets.iter_mut().skip(middle).take(1).for_each(|octet| *octet ^= 1);
    let changed = format!("{before}.{}", URL_SAFE_NO_PAD.encode(octets));
    outgoing.set("x-jws-signature", Some(&changed));
}

/// Another claim under the signature of the old one.
fn rewrite(outgoing: &mut Outgoing, claim: &str, edit: impl FnOnce(&Value) -> Value) {
    let value = outgoing.header("x-jws-signature").unwrap_or_default();
    let Some((header, rest)) = value.split_once('.') else { return };
    let decoded = URL_SAFE_NO_PAD.decode(header).unwrap_or_default();
    let mut json: Value = serde_json::from_slice(&decoded).unwrap_or_default();
    json[claim] = edit(&json[claim]);
    let changed = format!("{}.{rest}", URL_SAFE_NO_PAD.encode(json.to_string()));
    outgoing.set("x-jws-signature", Some(&changed));
}

//! Client authentication by a signed assertion (RFC 7523 §2.2 and §3).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::hash::MessageDigest;
use openssl::x509::X509;
use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::authentication::Endpoint;
use crate::bank::http::Params;
use crate::bank::model::customer::Registration;
use crate::bank::model::world::World;
use crate::bank::oauth::error::OAuthError;
use crate::bank::oauth::unsigned;
use crate::bank::signatures::verify::{self, Method};

/// The fault by which an assertion passes that nobody has signed.
pub(in crate::bank) const UNSIGNED: &str = "assertion-alg-none-accepted";
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// An assertion as it came.
struct Assertion<'a> {
    client_id: &'a str,
    /// The client's registered key.
    key: Option<&'a X509>,
    /// Where it came.
    endpoint: Endpoint,
    header: Map<String, Value>,
    claims: Map<String, Value>,
    message: &'a str,
    signature: Vec<u8>,
    encoded_signature: &'a str,
}

type Rule = fn(&World, &Assertion<'_>) -> Result<(), &'static str>;

/// The rules for an assertion that can be read, in the order in which they are applied. A replay comes last: what is wrong
/// in itself is not remembered.
const RULES: [Rule; 6] = [
    signature, // RFC 7523 §3, 9
    names,     // RFC 7523 §3, 1 and 2
    audience,  // RFC 7523 §3, 3
    expiry,    // RFC 7523 §3, 4
    start,     // RFC 7523 §3, 5
    replay,    // RFC 7523 §3, 7
];

/// Whom an assertion says that it is from; it is believed nothing yet.
pub(in crate::bank) fn named(params: &Params) -> Option<String> {
    let (_, claims, _) = parts(params.get("client_assertion")?)?;
    decode(claims)?.get("iss")?.as_str().map(str::to_owned)
}

/// The assertion is one of the client's, under the key of the TPP with that organizationIdentifier.
pub(in crate::bank) fn check(
    world: &World,
    params: &Params,
    client: &Registration,
    key_holder: &str,
    endpoint: Endpoint,
) -> Result<(), OAuthError> {
    let text = params.get("client_assertion").filter(|_| params.get("client_assertion_type") == Some(ASSERTION_TYPE));
    let text = text.ok_or_else(|| OAuthError::invalid_client("the client has sent no assertion"))?;
    let key = world.seals.certificate_of(key_holder);
    let assertion = read(text, &client.client.client_id, key, endpoint);
    let assertion = assertion.ok_or_else(|| OAuthError::invalid_client("the assertion cannot be read"))?;
    RULES.iter().try_for_each(|rule| rule(world, &assertion)).map_err(OAuthError::invalid_client)
}

fn parts(text: &str) -> Option<(&str, &str, &str)> {
    let (message, signature) = text.rsplit_once('.')?;
    let (header, claims) = message.split_once('.')?;
    Some((header, claims, signature))
}

fn decode(part: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

fn read<'a>(text: &'a str, client_id: &'a str, key: Option<&'a X509>, endpoint: Endpoint) -> Option<Assertion<'a>> {
    let (header, claims, signature) = parts(text)?;
    Some(Assertion {
        client_id,
        key,
        endpoint,
        header: decode(header)?,
        claims: decode(claims)?,
        message: &text[..text.len() - signature.len() - 1],
        signature: URL_SAFE_NO_PAD.decode(signature).ok()?,
        encoded_signature: signature,
    })
}

impl Assertion<'_> {
    fn text(&self, claim: &str) -> Option<&str> {
        self.claims.get(claim)?.as_str()
    }

    fn seconds(&self, claim: &str) -> Option<f64> {
        self.claims.get(claim)?.as_f64()
    }
}

/// Unless a fault looks away.
fn require(world: &World, holds: bool, fault: &str, reason: &'static str) -> Result<(), &'static str> {
    if holds || world.faults.on(fault) { Ok(()) } else { Err(reason) }
}

/// Only the algorithms of FAPI: PS256 for RSA and ES256 for P-256.
fn signature(world: &World, assertion: &Assertion<'_>) -> Result<(), &'static str> {
    let named = assertion.header.get("alg").and_then(Value::as_str);
    if unsigned::passes(&world.faults, UNSIGNED, named, assertion.encoded_signature) {
        return Ok(());
    }
    let algorithm = named.unwrap_or_default();
    let key = assertion.key.ok_or("the client has no key")?;
    let method = match (algorithm, verify::has_rsa_key(key)) {
        ("PS256", true) => Method::Pss(MessageDigest::sha256()),
        ("ES256", false) => Method::TwoNumbers,
        _ => return Err("the algorithm is not that of the client's key"),
    };
    let fits = verify::fits(key, method, assertion.message.as_bytes(), &assertion.signature);
    require(world, fits, "assertion-signature-unchecked", "the signature is wrong")
}

fn names(world: &World, assertion: &Assertion<'_>) -> Result<(), &'static str> {
    let own = ["iss", "sub"].into_iter().all(|claim| assertion.text(claim) == Some(assertion.client_id));
    require(world, own, "assertion-names-unchecked", "iss and sub are not the client")
}

/// Alone or in a list: the bank by its name, or one of its endpoints (RFC 9126 §2). FAPI 2.0 Security Profile 5.3.2.1 leaves
/// its name alone.
fn audience(world: &World, assertion: &Assertion<'_>) -> Result<(), &'static str> {
    let World { issuer, api, .. } = world;
    let own = |one: &Value| {
        let one = one.as_str().unwrap_or_default();
        let endpoint = |path: &str| one == format!("{issuer}/{path}") || one == format!("{api}/{path}");
        let picky = assertion.endpoint == Endpoint::PushedRequest && world.faults.on("par-refuses-issuer-as-audience");
        (one == issuer && !picky) || endpoint("token") || endpoint("par")
    };
    let named = assertion.claims.get("aud");
    let holds = named.is_some_and(|aud| own(aud) || aud.as_array().is_some_and(|list| list.iter().any(own)));
    let holds = match assertion.endpoint.path().filter(|_| world.habits.has("assertions-for-each-endpoint")) {
        Some(path) => {
            named.and_then(Value::as_str).is_some_and(|one| [issuer, api].iter().any(|at| one == format!("{at}{path}")))
        }
        None => holds,
    };
    require(world, holds, "assertion-audience-unchecked", "the assertion is for somebody else")?;
    if named.is_some_and(|aud| aud == issuer) || !world.habits.has("assertions-for-its-issuer-alone") {
        return Ok(());
    }
    let fault = match assertion.endpoint {
        Endpoint::PushedRequest => "par-takes-loose-audience",
        _ => "assertion-with-loose-audience-accepted",
    };
    require(world, !holds, fault, "the assertion has to be for the issuer, as a string")
}

fn expiry(world: &World, assertion: &Assertion<'_>) -> Result<(), &'static str> {
    let Some(end) = assertion.seconds("exp") else {
        return require(world, false, "assertion-without-expiry-accepted", "exp is missing");
    };
    require(world, end > now(), "assertion-expiry-unchecked", "the assertion has expired")
}

/// Clocks may differ by a minute.
fn start(world: &World, assertion: &Assertion<'_>) -> Result<(), &'static str> {
    let starts = ["nbf", "iat"].into_iter().filter_map(|claim| assertion.seconds(claim));
    let ahead = starts.fold(0.0, |ahead, start| f64::max(ahead, start - now()));
    let too_far = || Err("the assertion is not yet valid");
    match ahead {
        60.0.. if !world.faults.on("assertion-from-the-future-accepted") => too_far(),
        1.0..60.0 if world.faults.on("assertion-of-a-fast-clock-refused") => too_far(),
        _ => Ok(()),
    }
}

fn replay(world: &World, assertion: &Assertion<'_>) -> Result<(), &'static str> {
    let jti = assertion.text("jti").ok_or("jti is missing")?;
    let seen = &mut world.state().assertions_seen;
    let key = format!("{} {jti}", assertion.client_id);
    let is_new = seen.get(&key).is_none();
    seen.insert(key, ());
    require(world, is_new, "assertion-replayable", "the assertion has been used")
}

/// By the clock that clients have too: the bank's own may have been moved on.
fn now() -> f64 {
    // Seconds since 1970 are exact in a double.
    OffsetDateTime::now_utc().unix_timestamp() as f64
}

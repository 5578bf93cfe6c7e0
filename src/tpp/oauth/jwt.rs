//! What an access token says of itself, where it is a JWT (RFC 9068) that the TPP can read.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openssl::{
    bn::BigNum,
    ec::{EcGroup, EcKey},
    nid::Nid,
    pkey::{PKey, Public},
    rsa::Rsa,
};
use serde_json::{Map, Value};

use crate::{
    evidence::json,
    tpp::{Trouble, signing::hmac_of_public_key},
};

/// The thumbprint of the certificate that a token says it is bound to (RFC 8705 3.1); none where it does not say.
///
/// # Errors
/// The token is no JWT that can be read: it may be encrypted, or mean something to the bank alone.
pub fn bound_to(token: &str) -> Result<Option<String>, Trouble> {
    let (_, claims) = read(token)?;
    Ok(claims["cnf"]["x5t#S256"].as_str().map(str::to_owned))
}

/// The first claim that stands in a token twice (RFC 7519 4).
///
/// # Errors
/// As those of [`bound_to`].
pub fn claim_twice(token: &str) -> Result<Option<String>, Trouble> {
    let (text, _) = read(token)?;
    Ok(json::repeated(&text))
}

/// When a token says that it was issued, in seconds since 1970; none where it does not say, or cannot be read.
pub fn issued_at(token: &str) -> Option<f64> {
    claims(token)?.1["iat"].as_f64()
}

const NOT_READABLE: &str = "the access token is no JWT that a TPP can read";

/// The three parts of a token, and what its header says.
fn parts(token: &str) -> Result<([&str; 3], Map<String, Value>), Trouble> {
    let unreadable = || Trouble::DoesNotApply(NOT_READABLE.into());
    claims(token).ok_or_else(unreadable)?;
    let parts: Vec<&str> = token.split('.').collect();
    let parts: [&str; 3] = parts.try_into().map_err(|_| unreadable())?;
    let header = URL_SAFE_NO_PAD.decode(parts[0]).ok().and_then(|text| serde_json::from_slice(&text).ok());
    Ok((parts, header.ok_or_else(unreadable)?))
}

fn with_alg(mut header: Map<String, Value>, algorithm: Option<&str>) -> String {
    header.shift_remove("alg");
    header.extend(algorithm.map(|algorithm| ("alg".to_owned(), algorithm.into())));
    URL_SAFE_NO_PAD.encode(Value::Object(header).to_string())
}

/// The token as nobody has signed it, under that algorithm or under none (RFC 8725 2.1).
///
/// # Errors
/// As those of [`bound_to`].
pub fn unsigned(token: &str, algorithm: Option<&str>) -> Result<String, Trouble> {
    let ([_, payload, _], header) = parts(token)?;
    Ok(format!("{}.{payload}.", with_alg(header, algorithm)))
}

/// The token as it is, but for its signature, which is empty.
///
/// # Errors
/// As those of [`bound_to`].
pub fn without_signature(token: &str) -> Result<String, Trouble> {
    let ([header, payload, _], _) = parts(token)?;
    Ok(format!("{header}.{payload}."))
}

/// The token signed by HMAC with the public key, of those keys, that it names (RFC 8725 2.1).
///
/// # Errors
/// As those of [`bound_to`]; or the keys hold none that could have signed it.
pub fn by_public_key(token: &str, keys: &Value) -> Result<String, Trouble> {
    let ([_, payload, _], header) = parts(token)?;
    let all = keys["keys"].as_array().cloned().unwrap_or_default();
    let named = all.iter().find(|key| key["kid"] == header.get("kid").cloned().unwrap_or_default()).or(all.first());
    let key = named.and_then(public_key);
    let key = key.ok_or_else(|| Trouble::DoesNotApply("the bank publishes no key that signs its tokens".into()))?;
    let message = format!("{}.{payload}", with_alg(header, Some("HS256")));
    let signature = hmac_of_public_key(&key, message.as_bytes());
    let signature = signature.map_err(|error| Trouble::Harness(format!("a token cannot be signed: {error}")))?;
    Ok(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

/// An RSA key, or one of a curve (RFC 7518 6).
fn public_key(jwk: &Value) -> Option<PKey<Public>> {
    let number = |name: &str| BigNum::from_slice(&URL_SAFE_NO_PAD.decode(jwk[name].as_str()?).ok()?).ok();
    match jwk["kty"].as_str()? {
        "RSA" => PKey::from_rsa(Rsa::from_public_components(number("n")?, number("e")?).ok()?).ok(),
        "EC" => {
            let curve = match jwk["crv"].as_str()? {
                "P-256" => Nid::X9_62_PRIME256V1,
                "P-384" => Nid::SECP384R1,
                _ => Nid::SECP521R1,
            };
            let group = EcGroup::from_curve_name(curve).ok()?;
            let (x, y) = (number("x")?, number("y")?);
            PKey::from_ec_key(EcKey::from_public_key_affine_coordinates(&group, &x, &y).ok()?).ok()
        }
        _ => None,
    }
}

fn read(token: &str) -> Result<(String, Value), Trouble> {
    claims(token).ok_or_else(|| Trouble::DoesNotApply(NOT_READABLE.into()))
}

/// As they are written, and what that says.
fn claims(token: &str) -> Option<(String, Value)> {
    let parts: Vec<&str> = token.split('.').collect();
    let [_, payload, _] = parts[..] else { return None };
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
    let claims: Value = serde_json::from_str(&text).ok()?;
    claims.is_object().then_some((text, claims))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_binding_is_read_and_rubbish_is_none() {
        let jwt = |claims: &str| format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims));
        assert_eq!(bound_to(&jwt(r#"{"cnf":{"x5t#S256":"abc"}}"#)).unwrap().as_deref(), Some("abc"));
        for unbound in ["{}", r#"{"cnf":7}"#, r#"{"cnf":{"jkt":"abc"}}"#] {
            assert_eq!(bound_to(&jwt(unbound)).unwrap(), None, "{unbound}");
        }
        assert_eq!(claim_twice(&jwt(r#"{"sub":"a","cnf":{"sub":"b"}}"#)).unwrap(), None);
        assert_eq!(claim_twice(&jwt(r#"{"sub":"a","sub":"b"}"#)).unwrap().as_deref(), Some("sub"));
        assert_eq!([r#"{"iat":7}"#, r#"{"iat":"7"}"#].map(|claims| issued_at(&jwt(claims))), [Some(7.0), None]);
        for rubbish in ["", "opaque", "a.b", "a.b.c", "..", &jwt("7"), "a.b.c.d.e"] {
            assert!(bound_to(rubbish).is_err(), "{rubbish}");
        }
    }
}

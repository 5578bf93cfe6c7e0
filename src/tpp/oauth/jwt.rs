//! What an access token says of itself, where it is a JWT (RFC 9068) that the TPP can read.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

use crate::{evidence::json, tpp::Trouble};

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

fn read(token: &str) -> Result<(String, Value), Trouble> {
    claims(token).ok_or_else(|| Trouble::DoesNotApply("the access token is no JWT that a TPP can read".into()))
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

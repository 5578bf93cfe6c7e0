//! What an access token says of itself, where it is a JWT (RFC 9068) that the TPP can read.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

use crate::tpp::Trouble;

/// The thumbprint of the certificate that a token says it is bound to (RFC 8705 3.1); none where it does not say.
///
/// # Errors
/// The token is no JWT that can be read: it may be encrypted, or mean something to the bank alone.
pub fn bound_to(token: &str) -> Result<Option<String>, Trouble> {
    let claims =
        claims(token).ok_or_else(|| Trouble::DoesNotApply("the access token is no JWT that a TPP can read".into()))?;
    Ok(claims["cnf"]["x5t#S256"].as_str().map(str::to_owned))
}

fn claims(token: &str) -> Option<Value> {
    let parts: Vec<&str> = token.split('.').collect();
    let [_, payload, _] = parts[..] else { return None };
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
    claims.is_object().then_some(claims)
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
        for rubbish in ["", "opaque", "a.b", "a.b.c", "..", &jwt("7"), "a.b.c.d.e"] {
            assert!(bound_to(rubbish).is_err(), "{rubbish}");
        }
    }
}

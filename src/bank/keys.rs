//! The keys that sign access tokens, and the JWKS that shows their public halves.

use josekit::JoseError;
use josekit::jwk::alg::ec::{EcCurve, EcKeyPair};
use josekit::jws::alg::ecdsa::{EcdsaJwsSigner, EcdsaJwsVerifier};
use josekit::jws::{ES256, JwsSigner, JwsVerifier};
use serde_json::{Map, Value, json};

/// Two key pairs: the one in use, and the one that comes next.
#[derive(Debug)]
pub(super) struct Keys {
    signer: EcdsaJwsSigner,
    verifier: EcdsaJwsVerifier,
    kid: String,
    private: Vec<Map<String, Value>>,
}

/// The members of a JWK that may be published (RFC 7518 §6.2.1).
const PUBLIC_MEMBERS: [&str; 7] = ["kty", "crv", "x", "y", "kid", "alg", "use"];

impl Keys {
    pub(super) fn generate(kid: String, next_kid: &str) -> Result<Self, JoseError> {
        let (current, next) = (EcKeyPair::generate(EcCurve::P256)?, EcKeyPair::generate(EcCurve::P256)?);
        let current_jwk = current.to_jwk_key_pair();
        Ok(Self {
            signer: ES256.signer_from_jwk(&current_jwk)?,
            verifier: ES256.verifier_from_jwk(&current.to_jwk_public_key())?,
            private: vec![published(current_jwk.as_ref(), &kid), published(next.to_jwk_key_pair().as_ref(), next_kid)],
            kid,
        })
    }

    /// The name of the key in use.
    pub(super) fn kid(&self) -> &str {
        &self.kid
    }

    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, JoseError> {
        self.signer.sign(message)
    }

    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.verifier.verify(message, signature).is_ok()
    }

    /// The key set, with the private members on request only.
    pub(super) fn jwks(&self, with_private: bool, same_kid: bool) -> Value {
        let show = |key: &Map<String, Value>| {
            let mut shown = key.clone();
            shown.retain(|name, _| with_private || PUBLIC_MEMBERS.contains(&name.as_str()));
            if same_kid {
                shown.insert("kid".to_owned(), json!(self.kid));
            }
            shown
        };
        json!({ "keys": self.private.iter().map(show).collect::<Vec<_>>() })
    }
}

fn published(key: &Map<String, Value>, kid: &str) -> Map<String, Value> {
    let mut key = key.clone();
    for (name, value) in [("kid", kid), ("alg", "ES256"), ("use", "sig")] {
        key.insert(name.to_owned(), json!(value));
    }
    key
}

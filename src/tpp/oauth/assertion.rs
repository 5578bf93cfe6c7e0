//! Assertions by which a TPP authenticates (RFC 7523), as right or as wrong as a check wants them.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openssl::{
    ecdsa::EcdsaSig,
    error::ErrorStack,
    hash::MessageDigest,
    pkey::{Id, PKey, Private},
    rsa::Padding,
    sign::{RsaPssSaltlen, Signer},
};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    targets::{
        Identity,
        client_authentication::{AssertionKey, Audience},
    },
    tpp::{Trouble, session::Session, signing::hmac_of_public_key},
};

/// An assertion that is not signed yet.
#[derive(Clone)]
pub struct Draft {
    /// The JOSE header.
    pub header: Map<String, Value>,
    /// The claims.
    pub claims: Map<String, Value>,
    /// How it will be signed.
    pub signature: Signature,
}

/// How an assertion is signed.
#[derive(Clone)]
pub enum Signature {
    /// By a key, with that algorithm.
    By(PKey<Private>, &'static str),
    /// By HMAC with the public key of that key: by what everybody knows.
    Hmac(PKey<Private>),
    /// Not at all: no octets.
    None,
}

impl Draft {
    /// The right assertion of an identity for that endpoint: it says that the TPP is the client of that name.
    ///
    /// # Errors
    /// The identity makes no assertions, or the bank names no token endpoint to address them to.
    pub fn new(session: &Session, identity: &Identity, client_id: &str, endpoint: &str) -> Result<Self, Trouble> {
        let own = key_of(identity)?;
        let audience = match &own.audience {
            Audience::Issuer => session.target.issuer.as_str(),
            Audience::TokenEndpoint => session.endpoint("token_endpoint", session.token_endpoint_named())?,
            Audience::Endpoint => endpoint,
            Audience::Url(url) => url,
        };
        let now = OffsetDateTime::now_utc().unix_timestamp();
        let claims = json!({
            "iss": client_id,
            "sub": client_id,
            "aud": audience,
            "jti": Uuid::new_v4().to_string(),
            "iat": now,
            "exp": now.saturating_add_unsigned(own.lifetime_seconds),
        });
        let mut header = json!({ "alg": own.algorithm, "typ": "JWT" });
        if let Some(kid) = &own.kid {
            header["kid"] = json!(kid);
        }
        let signature = Signature::By(own.key.clone(), own.algorithm);
        Ok(Self { header: members(header), claims: members(claims), signature })
    }

    /// With another value for a claim, or without it.
    pub fn claim(mut self, name: &str, value: Option<Value>) -> Self {
        self.claims.shift_remove(name);
        self.claims.extend(value.map(|value| (name.to_owned(), value)));
        self
    }
}

fn key_of(identity: &Identity) -> Result<&AssertionKey, Trouble> {
    let missing = || Trouble::Prerequisite(format!("{} makes no assertions", identity.name));
    identity.credentials.assertion.as_ref().ok_or_else(missing)
}

fn members(value: Value) -> Map<String, Value> {
    if let Value::Object(members) = value { members } else { Map::new() }
}

/// The assertion as it travels (RFC 7515 7.1).
///
/// # Errors
/// The key cannot sign.
pub(super) fn signed(draft: &Draft) -> Result<String, Trouble> {
    let part = |members: &Map<String, Value>| URL_SAFE_NO_PAD.encode(Value::Object(members.clone()).to_string());
    let message = format!("{}.{}", part(&draft.header), part(&draft.claims));
    let signature = match &draft.signature {
        Signature::By(key, algorithm) => sign(key, algorithm, message.as_bytes())?,
        Signature::Hmac(key) => hmac_of_public_key(key, message.as_bytes())
            .map_err(|error| Trouble::Harness(format!("an assertion cannot be signed by HS256: {error}")))?,
        Signature::None => Vec::new(),
    };
    Ok(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

/// RFC 7518 3 and RFC 8037 3.1: by OpenSSL itself, for the JOSE library takes no RSA key in PKCS#8 for PSS.
fn sign(key: &PKey<Private>, algorithm: &str, message: &[u8]) -> Result<Vec<u8>, Trouble> {
    let hash = match &algorithm[algorithm.len().saturating_sub(3)..] {
        "256" => MessageDigest::sha256(),
        "384" => MessageDigest::sha384(),
        _ => MessageDigest::sha512(),
    };
    let made = match (key.id(), algorithm.get(..2)) {
        (Id::RSA, Some("PS")) => by_pss(key, hash, message),
        (Id::RSA, Some("RS")) => Signer::new(hash, key).and_then(|mut signer| signer.sign_oneshot_to_vec(message)),
        (Id::EC, Some("ES")) => by_two_numbers(key, hash, message),
        (Id::ED25519, Some("Ed")) => {
            Signer::new_without_digest(key).and_then(|mut signer| signer.sign_oneshot_to_vec(message))
        }
        _ => return Err(Trouble::Harness(format!("the key of an assertion cannot sign by {algorithm}"))),
    };
    made.map_err(|error| Trouble::Harness(format!("an assertion cannot be signed by {algorithm}: {error}")))
}

fn by_pss(key: &PKey<Private>, hash: MessageDigest, message: &[u8]) -> Result<Vec<u8>, ErrorStack> {
    let mut signer = Signer::new(hash, key)?;
    signer.set_rsa_padding(Padding::PKCS1_PSS)?;
    signer.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH)?;
    signer.set_rsa_mgf1_md(hash)?;
    signer.sign_oneshot_to_vec(message)
}

/// Two numbers side by side, each as long as the curve's (RFC 7518 3.4).
fn by_two_numbers(key: &PKey<Private>, hash: MessageDigest, message: &[u8]) -> Result<Vec<u8>, ErrorStack> {
    let octets = i32::try_from(key.bits().div_ceil(8)).unwrap_or_default();
    let signature = EcdsaSig::from_der(&Signer::new(hash, key)?.sign_oneshot_to_vec(message)?)?;
    Ok([signature.r().to_vec_padded(octets)?, signature.s().to_vec_padded(octets)?].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use openssl::{
        ec::{EcGroup, EcKey},
        nid::Nid,
        rsa::Rsa,
    };

    #[test]
    fn every_algorithm_signs_with_the_key_that_it_is_for() {
        let curve = |nid| PKey::from_ec_key(EcKey::generate(&EcGroup::from_curve_name(nid).unwrap()).unwrap()).unwrap();
        let rsa = PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap();
        for algorithm in ["PS256", "PS384", "PS512", "RS256", "RS384", "RS512"] {
            assert_eq!(sign(&rsa, algorithm, b"message").unwrap().len(), 256, "{algorithm}");
        }
        let curves =
            [("ES256", Nid::X9_62_PRIME256V1, 64), ("ES384", Nid::SECP384R1, 96), ("ES512", Nid::SECP521R1, 132)];
        for (algorithm, nid, octets) in curves {
            assert_eq!(sign(&curve(nid), algorithm, b"message").unwrap().len(), octets, "{algorithm}");
        }
        assert_eq!(sign(&PKey::generate_ed25519().unwrap(), "EdDSA", b"message").unwrap().len(), 64);
        assert!(sign(&rsa, "ES256", b"message").is_err() && sign(&rsa, "none", b"message").is_err());
    }

    #[test]
    fn an_assertion_without_a_signature_ends_with_a_dot() {
        let empty = Draft { header: Map::new(), claims: Map::new(), signature: Signature::None };
        assert_eq!(signed(&empty).unwrap(), "e30.e30.");
    }
}

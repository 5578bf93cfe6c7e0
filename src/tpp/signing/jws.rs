//! The UK form: `x-jws-signature`, a detached JWS (RFC 7515 appendix F) with the claims of UK Open Banking.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openssl::hash::MessageDigest;
use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use super::{Outgoing, Seal, Trouble, seal::Scheme};
use crate::target::signing::Signing;

/// The claims that every signature has to have, and to mark as critical.
pub(super) const IAT: &str = "http://openbanking.org.uk/iat";
pub(super) const ISS: &str = "http://openbanking.org.uk/iss";
pub(super) const TAN: &str = "http://openbanking.org.uk/tan";

/// Everything that makes up a signature of this form.
pub(super) struct Recipe {
    /// The JOSE header.
    pub(super) header: Map<String, Value>,
    pub(super) scheme: Scheme,
    /// The payload stands in the signature all the same.
    pub(super) attached: bool,
}

impl Recipe {
    pub(super) fn new(signing: &Signing, seal: &Seal) -> Result<Self, Trouble> {
        if !seal.is_rsa() {
            return Err(Trouble::Prerequisite("the UK form takes an RSA key (PS256), and the seal has another".into()));
        }
        let mut recipe = Self { header: Map::new(), scheme: Scheme::Pss(MessageDigest::sha256()), attached: false };
        let claims = [
            ("alg", json!("PS256")),
            ("typ", json!("JOSE")),
            ("cty", json!("application/json")),
            ("kid", json!(seal.key_id())),
            (IAT, json!(OffsetDateTime::now_utc().unix_timestamp())),
            (ISS, json!(seal.facts.subject)),
            (TAN, json!(signing.trust_anchor)),
            ("crit", json!([IAT, ISS, TAN])),
        ];
        recipe.header.extend(claims.map(|(name, value)| (name.to_owned(), value)));
        if signing.has_unencoded_payload() {
            recipe.toggle_b64();
        }
        Ok(recipe)
    }

    /// From an encoded payload to one that is not, or back (RFC 7797).
    pub(super) fn toggle_b64(&mut self) {
        let crit = self.header.get_mut("crit").and_then(Value::as_array_mut);
        let Some(crit) = crit else { return };
        match crit.iter().position(|name| name == "b64") {
            Some(at) => {
                crit.remove(at);
                self.header.remove("b64");
            }
            None => {
                crit.push(json!("b64"));
                self.header.insert("b64".into(), json!(false));
            }
        }
    }

    pub(super) fn apply(&self, outgoing: &mut Outgoing, seal: &Seal) -> Result<(), Trouble> {
        let header = URL_SAFE_NO_PAD.encode(Value::Object(self.header.clone()).to_string());
        let is_plain = self.header.get("b64") == Some(&json!(false));
        let payload = if is_plain { outgoing.body.clone() } else { URL_SAFE_NO_PAD.encode(&outgoing.body) };
        let signature = seal.sign(self.scheme, format!("{header}.{payload}").as_bytes())?;
        let shown = if self.attached { payload.as_str() } else { "" };
        let value = format!("{header}.{shown}.{}", URL_SAFE_NO_PAD.encode(signature));
        outgoing.set("x-jws-signature", Some(&value));
        Ok(())
    }
}

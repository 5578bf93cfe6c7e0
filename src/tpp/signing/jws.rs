//! The UK form: `x-jws-signature`, a detached JWS (RFC 7515 appendix F) with the claims of UK Open Banking.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openssl::hash::MessageDigest;
use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use super::{Outgoing, Seal, Trouble, seal::Scheme};
use crate::targets::signing::Signing;

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
            (ISS, json!(seal.issuer())),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        pki::TestPki,
        targets::{
            KeyPair,
            signing::{Form, SealNames},
        },
    };

    fn signed(version: &str, issuer: Option<&str>) -> (Value, String, String) {
        let seal = TestPki::fresh().unwrap().tpps.remove(0).qsealc;
        let names = SealNames { key_id: Some("key-7".into()), issuer: issuer.map(str::to_owned) };
        let pair = KeyPair { certificate_pem: seal.certificate_pem, key_pem: seal.key_pem };
        let seal = Seal::open(&pair, &names).unwrap();
        let signing = Signing { version: version.into(), ..Signing::new(Form::UkJws) };
        let mut outgoing = Outgoing { body: "{\"amount\":\"1.50\"}".into(), ..Outgoing::default() };
        Recipe::new(&signing, &seal).unwrap().apply(&mut outgoing, &seal).unwrap();
        let value = outgoing.header("x-jws-signature").unwrap().to_owned();
        let (head, signature) = value.split_once("..").unwrap();
        let claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(head).unwrap()).unwrap();
        let key = openssl::x509::X509::from_pem(pair.certificate_pem.as_bytes()).unwrap().public_key().unwrap();
        let fits = |payload: &str| {
            let mut verifier = openssl::sign::Verifier::new(MessageDigest::sha256(), &key).unwrap();
            verifier.set_rsa_padding(openssl::rsa::Padding::PKCS1_PSS).unwrap();
            let octets = URL_SAFE_NO_PAD.decode(signature).unwrap();
            verifier.verify_oneshot(&octets, format!("{head}.{payload}").as_bytes()).unwrap()
        };
        let payload = [outgoing.body.clone(), URL_SAFE_NO_PAD.encode(&outgoing.body)].into_iter().find(|it| fits(it));
        (claims, payload.unwrap(), outgoing.body)
    }

    #[test]
    fn the_payload_is_encoded_since_3_1_4_and_was_not_before() {
        let (claims, payload, body) = signed("3.1.3", None);
        assert_eq!((claims["b64"].clone(), payload), (json!(false), body));
        assert_eq!(claims["crit"], json!([IAT, ISS, TAN, "b64"]));
        let (claims, payload, body) = signed("3.1.4", None);
        assert_eq!((claims["b64"].clone(), payload), (Value::Null, URL_SAFE_NO_PAD.encode(body)));
        assert_eq!(claims["crit"], json!([IAT, ISS, TAN]));
    }

    #[test]
    fn the_names_are_those_of_the_target_file_or_the_certificate() {
        let (claims, ..) = signed("4.0", Some("org/software"));
        assert_eq!((claims["kid"].clone(), claims[ISS].clone()), (json!("key-7"), json!("org/software")));
        assert!(signed("4.0", None).0[ISS].as_str().unwrap().contains("PSDDE-BAFIN-100001"));
    }
}

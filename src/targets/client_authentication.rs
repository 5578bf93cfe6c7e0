//! How a TPP authenticates at the authorization server: `client_authentication` and what belongs to it.

use std::{fmt, path::PathBuf};

use openssl::pkey::{Id, PKey, Private};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::{
    KeyPair, Secret,
    file::Identity,
    load::{Loaded, Loader},
    telling::{number, word},
};

/// How a client authenticates, as registered (RFC 7591 2, RFC 8705 2).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// By a certificate of a CA, known by its subject (RFC 8705 2.1).
    #[default]
    TlsClientAuth,
    /// By a certificate whose key is registered, whoever issued it (RFC 8705 2.2).
    SelfSignedTlsClientAuth,
    /// By a signed assertion (RFC 7523 2.2).
    PrivateKeyJwt,
    /// By a secret in the Authorization header (RFC 6749 2.3.1).
    ClientSecretBasic,
    /// By a secret in the form (RFC 6749 2.3.1).
    ClientSecretPost,
    /// Not at all: a public client (RFC 6749 2.1).
    None,
}

impl Method {
    /// As metadata and target files spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::TlsClientAuth => "tls_client_auth",
            Self::SelfSignedTlsClientAuth => "self_signed_tls_client_auth",
            Self::PrivateKeyJwt => "private_key_jwt",
            Self::ClientSecretBasic => "client_secret_basic",
            Self::ClientSecretPost => "client_secret_post",
            Self::None => "none",
        }
    }

    /// The certificate of the connection authenticates.
    pub fn is_by_certificate(self) -> bool {
        matches!(self, Self::TlsClientAuth | Self::SelfSignedTlsClientAuth)
    }

    /// A secret that the bank knows too authenticates.
    pub fn is_by_secret(self) -> bool {
        matches!(self, Self::ClientSecretBasic | Self::ClientSecretPost)
    }

    /// It is the default, which needs not be written.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// How assertions are made.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Assertion {
    /// PEM file with the key; that of the `seal` where it is not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub key: Option<Spanned<PathBuf>>,
    /// What opens the file of the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_password: Option<Secret>,
    /// The JWS algorithm: `PS256` (default for RSA), `PS384`, `PS512`, `RS256`, `RS384`, `RS512`, `ES256` (P-256), `ES384` (P-384),
    /// `ES512` (P-521), `EdDSA`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub algorithm: Option<Spanned<String>>,
    /// The id of the key in the client's key set; none is sent where none is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// Whom it is for: `issuer` (default), `token-endpoint`, `endpoint` (the very one that is asked), or a URL that the bank has named.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub audience: Option<Spanned<String>>,
    /// How long it lives, in seconds, 1 to 3600; default 60.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<u64>")]
    pub lifetime_seconds: Option<Spanned<u64>>,
}

/// Whom an assertion is for (RFC 7523 3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Audience {
    /// The issuer identifier.
    Issuer,
    /// The URL of the token endpoint.
    TokenEndpoint,
    /// The very endpoint that is asked.
    Endpoint,
    /// What the bank has named.
    Url(String),
}

/// Everything that a TPP needs to make assertions.
#[derive(Clone)]
pub struct AssertionKey {
    /// The private key.
    pub key: PKey<Private>,
    /// The JWS algorithm.
    pub algorithm: &'static str,
    /// The id of the key, where one is sent.
    pub kid: Option<String>,
    /// Whom they are for.
    pub audience: Audience,
    /// How long they live, in seconds.
    pub lifetime_seconds: u64,
}

impl fmt::Debug for AssertionKey {
    /// Without the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AssertionKey")
            .field("algorithm", &self.algorithm)
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}

/// What a TPP authenticates with, beside its certificate.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    /// How it authenticates.
    pub method: Method,
    /// The shared secret, where there is one.
    pub secret: Option<Secret>,
    /// How it makes assertions, where it does.
    pub assertion: Option<AssertionKey>,
}

/// The JWS algorithms that assertions can have, each with the kind of key and, of elliptic curves, the size in bits.
const ALGORITHMS: [(&str, Id, u32); 10] = [
    ("PS256", Id::RSA, 0),
    ("PS384", Id::RSA, 0),
    ("PS512", Id::RSA, 0),
    ("RS256", Id::RSA, 0),
    ("RS384", Id::RSA, 0),
    ("RS512", Id::RSA, 0),
    ("ES256", Id::EC, 256),
    ("ES384", Id::EC, 384),
    ("ES512", Id::EC, 521),
    ("EdDSA", Id::ED25519, 0),
];

/// The longest life of an assertion, in seconds.
const LONGEST: u64 = 3600;

/// Where in the file something is wrong, what it is, and how to mend it.
type Objection = (Option<usize>, String, String);

impl Identity {
    /// What is missing or too much beside the method; `None` where all fits.
    fn objection_to_authentication(&self) -> Option<Objection> {
        let (name, method) = (&self.name, self.client_authentication);
        let (by_secret, by_jwt) = (method.is_by_secret(), method == Method::PrivateKeyJwt);
        let told =
            |problem: String, mend: &str| Some((None, format!("identity \"{name}\": {problem}"), mend.to_owned()));
        let method = method.name();
        match (&self.client_secret, &self.assertion) {
            (None, _) if by_secret => told(
                format!("`client_authentication` is \"{method}\", and there is no `client_secret`"),
                "add the secret: client_secret = { env = \"CLIENT_SECRET\" }",
            ),
            (Some(_), _) if !by_secret => told(
                format!("there is a `client_secret`, and `client_authentication` is \"{method}\""),
                "leave one of them out; secrets go with \"client_secret_basic\" and \"client_secret_post\"",
            ),
            (_, Some(_)) if !by_jwt => told(
                format!("there is an `assertion`, and `client_authentication` is \"{method}\""),
                "leave `assertion` out, or set client_authentication = \"private_key_jwt\"",
            ),
            (_, assertion)
                if by_jwt && self.seal.is_none() && assertion.as_ref().is_none_or(|own| own.key.is_none()) =>
            {
                told(
                    format!("`client_authentication` is \"{method}\", and there is no key to sign with"),
                    "add assertion = { key = \"client.key\" }, or a `seal`",
                )
            }
            _ => None,
        }
    }
}

impl Loader<'_> {
    /// What a TPP authenticates with; its seal signs where no key of its own is named.
    pub(super) fn credentials(&self, identity: &Identity, seal: Option<&KeyPair>) -> Loaded<Credentials> {
        let error = |(at, problem, mend): Objection| self.source.error(at, problem, mend);
        if let Some(objection) = identity.objection_to_authentication() {
            return Err(error(objection));
        }
        let method = identity.client_authentication;
        let secret = identity.client_secret.clone();
        if method != Method::PrivateKeyJwt {
            return Ok(Credentials { method, secret, assertion: None });
        }
        let assertion = identity.assertion.clone().unwrap_or_default();
        if let Some(audience) = &assertion.audience
            && !matches!(audience.get_ref().as_str(), "issuer" | "token-endpoint" | "endpoint")
        {
            self.https(audience, "assertion.audience")?;
        }
        let key = match (&assertion.key, seal) {
            (Some(path), _) => {
                let password = assertion.key_password.as_ref();
                Some(self.key_in(&self.opened(path, password)?, path, password)?.clone())
            }
            (None, seal) => seal.and_then(|seal| PKey::private_key_from_pem(seal.key_pem.as_bytes()).ok()),
        };
        let key = key.ok_or_else(|| error((None, "the seal's key cannot be read".into(), KEYS.into())))?;
        Ok(Credentials { method, secret, assertion: Some(assertion.ready(key).map_err(error)?) })
    }
}

impl Assertion {
    /// Everything that is needed to make assertions with that key.
    ///
    /// # Errors
    /// The algorithm is not known or does not fit the key, or the lifetime is out of bounds.
    fn ready(&self, key: PKey<Private>) -> Result<AssertionKey, Objection> {
        Ok(AssertionKey {
            algorithm: self.algorithm_for(&key)?,
            key,
            kid: self.kid.clone(),
            audience: match self.audience.as_ref().map(|audience| audience.get_ref().as_str()) {
                None | Some("issuer") => Audience::Issuer,
                Some("token-endpoint") => Audience::TokenEndpoint,
                Some("endpoint") => Audience::Endpoint,
                Some(url) => Audience::Url(url.to_owned()),
            },
            lifetime_seconds: self.lifetime()?,
        })
    }

    fn algorithm_for(&self, key: &PKey<Private>) -> Result<&'static str, Objection> {
        let bits = if key.id() == Id::EC { key.bits() } else { 0 };
        let mut fitting =
            ALGORITHMS.iter().filter(|(_, id, size)| *id == key.id() && *size == bits).map(|(name, ..)| *name);
        let Some(named) = &self.algorithm else {
            let none =
                || (None, "the key of assertions is of a kind that JWS does not have".to_owned(), KEYS.to_owned());
            return fitting.next().ok_or_else(none);
        };
        let usable: Vec<&str> = fitting.collect();
        usable.iter().find(|name| *name == named.get_ref()).copied().ok_or_else(|| {
            let problem = format!("`assertion.algorithm` is {}, which the key cannot sign with", word(named.get_ref()));
            let mend = if usable.is_empty() { KEYS.to_owned() } else { format!("use one of: {}", usable.join(", ")) };
            (Some(named.span().start), problem, mend)
        })
    }

    fn lifetime(&self) -> Result<u64, Objection> {
        let Some(seconds) = &self.lifetime_seconds else { return Ok(60) };
        if (1..=LONGEST).contains(seconds.get_ref()) {
            return Ok(*seconds.get_ref());
        }
        let problem = format!("`assertion.lifetime_seconds` is {}", number(seconds.get_ref()));
        Err((Some(seconds.span().start), problem, format!("write 1 to {LONGEST}; a minute is plenty")))
    }
}

const KEYS: &str = "use an RSA key, or one of P-256, P-384, P-521 or Ed25519";

#[cfg(test)]
mod tests {
    use super::*;
    use openssl::{ec::EcGroup, ec::EcKey, nid::Nid};

    fn p256() -> PKey<Private> {
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
        PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()
    }

    fn assertion(text: &str) -> Assertion {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn the_algorithm_is_that_of_the_key() {
        assert_eq!(assertion("").ready(p256()).unwrap().algorithm, "ES256");
        assert_eq!(assertion("").ready(PKey::generate_ed25519().unwrap()).unwrap().algorithm, "EdDSA");
        for (text, mend) in [("algorithm = \"PS256\"", "ES256"), ("algorithm = \"none\"", "ES256")] {
            assert!(assertion(text).ready(p256()).unwrap_err().2.contains(mend), "{text}");
        }
        assert!(assertion("").ready(PKey::generate_x25519().unwrap()).unwrap_err().2.contains("P-256"));
    }

    #[test]
    fn the_audience_is_the_issuer_unless_it_is_said() {
        let audience = |text: &str| assertion(text).ready(p256()).unwrap().audience;
        assert_eq!(audience(""), Audience::Issuer);
        assert_eq!(audience("audience = \"issuer\""), Audience::Issuer);
        assert_eq!(audience("audience = \"token-endpoint\""), Audience::TokenEndpoint);
        assert_eq!(audience("audience = \"endpoint\""), Audience::Endpoint);
        assert_eq!(audience("audience = \"https://a.example\""), Audience::Url("https://a.example".into()));
    }

    #[test]
    fn a_life_is_bounded() {
        assert!(assertion("lifetime_seconds = 0").ready(p256()).is_err());
        assert!(assertion("lifetime_seconds = 3601").ready(p256()).is_err());
        assert_eq!(assertion("lifetime_seconds = 30").ready(p256()).unwrap().lifetime_seconds, 30);
    }
}

//! Keys for certificates: EC from the library that issues, RSA from OpenSSL, which alone can make them here.

use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;

use openssl::ec::{Asn1Flag, EcGroup, EcKey};
use openssl::nid::Nid;
use openssl::pkey::{Id, PKey, PKeyRef, Private};
use openssl::rsa::Rsa;
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PublicKeyData, SubjectPublicKeyInfo};
use serde::Deserialize;

use super::PkiError;

/// What kind of key a certificate is made for. ETSI TS 119 312 recommends all of them but RSA of 1024 bits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyKind {
    /// EC on the curve P-256.
    #[default]
    P256,
    /// EC on the curve P-384.
    P384,
    /// EC on the curve P-521.
    P521,
    /// RSA of 1024 bits, which nobody must accept any more.
    Rsa1024,
    /// RSA of 2048 bits.
    Rsa2048,
    /// RSA of 3072 bits.
    Rsa3072,
    /// RSA of 4096 bits; takes a second or so to make.
    Rsa4096,
}

impl KeyKind {
    const TABLE: [(&'static str, Self); 7] = [
        ("p256", Self::P256),
        ("p384", Self::P384),
        ("p521", Self::P521),
        ("rsa2048", Self::Rsa2048),
        ("rsa3072", Self::Rsa3072),
        ("rsa4096", Self::Rsa4096),
        ("rsa1024", Self::Rsa1024),
    ];

    /// The names of the kinds that are good for something.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Self::TABLE.iter().filter(|(_, kind)| *kind != Self::Rsa1024).map(|(name, _)| *name)
    }

    fn rsa_bits(self) -> Option<u32> {
        match self {
            Self::P256 | Self::P384 | Self::P521 => None,
            Self::Rsa1024 => Some(1024),
            Self::Rsa2048 => Some(2048),
            Self::Rsa3072 => Some(3072),
            Self::Rsa4096 => Some(4096),
        }
    }

    /// A key of that kind but P-521, which the issuing library does not know: its public half, and the whole of it as PKCS#8 PEM. `reuse` takes the RSA key that this
    /// process has made before, since making one takes longer than everything else.
    pub(super) fn generate(self, reuse: bool) -> Result<(SubjectPublicKeyInfo, String), PkiError> {
        static MADE: [OnceLock<String>; 2] = [OnceLock::new(), OnceLock::new()];
        if self == Self::P521 {
            return Err(bad("a certificate on P-521 can be issued by a CA alone, not by itself"));
        }
        let Some(bits) = self.rsa_bits() else {
            let algorithm = if self == Self::P384 { &PKCS_ECDSA_P384_SHA384 } else { &PKCS_ECDSA_P256_SHA256 };
            let key = KeyPair::generate_for(algorithm)?;
            let public = SubjectPublicKeyInfo::from_der(&key.subject_public_key_info())?;
            return Ok((public, key.serialize_pem()));
        };
        let made = match self {
            Self::Rsa1024 => Some(&MADE[0]),
            Self::Rsa2048 => Some(&MADE[1]),
            _ => None,
        };
        let pem = match made.filter(|_| reuse).map(|made| (made, made.get())) {
            Some((_, Some(pem))) => pem.clone(),
            // Where two are made at once, both get the one that was first.
            Some((made, None)) => {
                let pem = rsa_pem(bits)?;
                made.get_or_init(|| pem).clone()
            }
            None => rsa_pem(bits)?,
        };
        Ok((public_half(&pem)?, pem))
    }
}

fn rsa_pem(bits: u32) -> Result<String, PkiError> {
    let made = Rsa::generate(bits).and_then(PKey::from_rsa).and_then(|key| key.private_key_to_pem_pkcs8());
    let pem = made.map_err(|_| bad("OpenSSL could not make one"))?;
    String::from_utf8(pem).map_err(|_| bad("OpenSSL wrote no PEM"))
}

fn public_half(pem: &str) -> Result<SubjectPublicKeyInfo, PkiError> {
    let der = PKey::private_key_from_pem(pem.as_bytes()).and_then(|key| key.public_key_to_der());
    Ok(SubjectPublicKeyInfo::from_der(&der.map_err(|_| bad("its public half cannot be told"))?)?)
}

fn bad(reason: &str) -> PkiError {
    PkiError::BadKey { reason: reason.to_owned() }
}

/// A key on P-521 as PKCS#8 PEM.
pub(super) fn p521_pem() -> Result<String, PkiError> {
    let made = EcGroup::from_curve_name(Nid::SECP521R1).and_then(|group| EcKey::generate(&group));
    let pem = made.and_then(PKey::from_ec_key).and_then(|key| key.private_key_to_pem_pkcs8());
    String::from_utf8(pem.map_err(|_| bad("OpenSSL could not make one"))?).map_err(|_| bad("OpenSSL wrote no PEM"))
}

/// What a private key is, as far as it matters who can sign with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrivateKeyKind {
    /// RSA for any signature.
    Rsa,
    /// RSA for RSASSA-PSS alone.
    RsaPss,
    /// EC on a curve that the key names.
    Curve(Nid),
    /// EC with parameters of its own, which RFC 5480 §2.1.1 does not allow.
    Parameters,
    /// Ed25519.
    Ed25519,
    /// Ed448.
    Ed448,
    /// DSA.
    Dsa,
    /// Anything else: keys that cannot sign, or that are of a kind to come.
    Other,
}

impl PrivateKeyKind {
    /// Looks at a key.
    pub fn of(key: &PKeyRef<Private>) -> Self {
        match key.id() {
            Id::RSA => Self::Rsa,
            Id::RSA_PSS => Self::RsaPss,
            Id::EC => match key.ec_key() {
                Ok(ec) if ec.group().asn1_flag() == Asn1Flag::NAMED_CURVE => {
                    ec.group().curve_name().map_or(Self::Parameters, Self::Curve)
                }
                _ => Self::Parameters,
            },
            Id::ED25519 => Self::Ed25519,
            Id::ED448 => Self::Ed448,
            Id::DSA => Self::Dsa,
            _ => Self::Other,
        }
    }

    /// `EC on brainpoolP256r1`.
    pub fn in_words(self) -> String {
        match self {
            Self::Rsa => "RSA".to_owned(),
            Self::RsaPss => "RSA for RSASSA-PSS alone".to_owned(),
            Self::Curve(Nid::X9_62_PRIME256V1) => "EC on P-256".to_owned(),
            Self::Curve(Nid::SECP384R1) => "EC on P-384".to_owned(),
            Self::Curve(Nid::SECP521R1) => "EC on P-521".to_owned(),
            Self::Curve(curve) => format!("EC on {}", curve.short_name().unwrap_or("a curve without a name")),
            Self::Parameters => "EC with parameters of its own instead of a named curve".to_owned(),
            Self::Ed25519 => "Ed25519".to_owned(),
            Self::Ed448 => "Ed448".to_owned(),
            Self::Dsa => "DSA".to_owned(),
            Self::Other => "of a kind that signs nothing here".to_owned(),
        }
    }
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::TABLE.iter().find(|(_, kind)| kind == self).map_or("", |(name, _)| name))
    }
}

impl FromStr for KeyKind {
    type Err = PkiError;

    fn from_str(name: &str) -> Result<Self, PkiError> {
        // What is weak comes by a defect only.
        PkiError::lookup("kind of key", name, &Self::TABLE[..6])
    }
}

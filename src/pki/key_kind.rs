//! Keys for certificates: EC from the library that issues, RSA from OpenSSL, which alone can make them here.

use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;

use openssl::pkey::PKey;
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
    const TABLE: [(&'static str, Self); 6] = [
        ("p256", Self::P256),
        ("p384", Self::P384),
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
            Self::P256 | Self::P384 => None,
            Self::Rsa1024 => Some(1024),
            Self::Rsa2048 => Some(2048),
            Self::Rsa3072 => Some(3072),
            Self::Rsa4096 => Some(4096),
        }
    }

    /// A key of that kind: its public half, and the whole of it as PKCS#8 PEM. `reuse` takes the RSA key that this
    /// process has made before, since making one takes longer than everything else.
    pub(super) fn generate(self, reuse: bool) -> Result<(SubjectPublicKeyInfo, String), PkiError> {
        static MADE: [OnceLock<String>; 2] = [OnceLock::new(), OnceLock::new()];
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

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::TABLE.iter().find(|(_, kind)| kind == self).map_or("", |(name, _)| name))
    }
}

impl FromStr for KeyKind {
    type Err = PkiError;

    fn from_str(name: &str) -> Result<Self, PkiError> {
        // What is weak comes by a defect only.
        PkiError::lookup("kind of key", name, &Self::TABLE[..5])
    }
}

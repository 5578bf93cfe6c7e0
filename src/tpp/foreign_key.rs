//! Keys that rustls will not sign with: OpenSSL does. RSA of 1024 bits is one, for a bank must be asked about it too, and keys
//! on P-521 are others, which TPPs have.

use std::fmt;

use openssl::{
    error::ErrorStack,
    hash::MessageDigest,
    nid::Nid,
    pkey::{PKey, Private},
    rsa::Padding,
    sign::{RsaPssSaltlen, Signer as OpensslSigner},
};
use rustls::{
    Error, SignatureAlgorithm, SignatureScheme,
    sign::{Signer, SigningKey},
};

use crate::pki::PrivateKeyKind;

/// The schemes of TLS 1.3 for RSA, and the only other one of TLS 1.2 that is still seen, in order of preference.
const RSA: [SignatureScheme; 4] = [
    SignatureScheme::RSA_PSS_SHA256,
    SignatureScheme::RSA_PSS_SHA384,
    SignatureScheme::RSA_PSS_SHA512,
    SignatureScheme::RSA_PKCS1_SHA256,
];

/// The only scheme of P-521 (RFC 8446 §4.2.3).
const P521: [SignatureScheme; 1] = [SignatureScheme::ECDSA_NISTP521_SHA512];

/// An RSA key of any strength, or a key on P-521. Its `Debug` form does not show the key.
#[derive(Clone)]
pub(super) struct ForeignKey {
    key: PKey<Private>,
    algorithm: SignatureAlgorithm,
}

impl ForeignKey {
    /// Takes a key as PEM; none where it is no such key.
    pub(super) fn from_pem(pem: &str) -> Option<Self> {
        let key = PKey::private_key_from_pem_callback(pem.as_bytes(), |_| Ok(0)).ok()?;
        let algorithm = match PrivateKeyKind::of(&key) {
            PrivateKeyKind::Rsa => SignatureAlgorithm::RSA,
            PrivateKeyKind::Curve(Nid::SECP521R1) => SignatureAlgorithm::ECDSA,
            _ => return None,
        };
        Some(Self { key, algorithm })
    }

    /// In order of preference.
    fn schemes(&self) -> &'static [SignatureScheme] {
        if self.algorithm == SignatureAlgorithm::RSA { &RSA } else { &P521 }
    }
}

impl fmt::Debug for ForeignKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} key of {} bits", self.algorithm, self.key.bits())
    }
}

impl SigningKey for ForeignKey {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        let scheme = *self.schemes().iter().find(|scheme| offered.contains(scheme))?;
        Some(Box::new(Once { key: self.clone(), scheme }))
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }
}

/// One signature by one scheme.
#[derive(Debug)]
struct Once {
    key: ForeignKey,
    scheme: SignatureScheme,
}

impl Signer for Once {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let digest = match self.scheme {
            SignatureScheme::RSA_PSS_SHA384 => MessageDigest::sha384(),
            SignatureScheme::RSA_PSS_SHA512 | SignatureScheme::ECDSA_NISTP521_SHA512 => MessageDigest::sha512(),
            _ => MessageDigest::sha256(),
        };
        let signed = (|| {
            let mut signer = OpensslSigner::new(digest, &self.key.key)?;
            if [RSA[0], RSA[1], RSA[2]].contains(&self.scheme) {
                signer.set_rsa_padding(Padding::PKCS1_PSS)?;
                signer.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH)?;
                signer.set_rsa_mgf1_md(digest)?;
            }
            signer.sign_oneshot_to_vec(message)
        })();
        signed.map_err(|error: ErrorStack| Error::General(format!("OpenSSL cannot sign: {error}")))
    }

    fn scheme(&self) -> SignatureScheme {
        self.scheme
    }
}

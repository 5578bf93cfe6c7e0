//! Keys that rustls will not sign with, such as RSA of 1024 bits: OpenSSL does. A bank must be asked about them too.

use std::fmt;

use openssl::{
    error::ErrorStack,
    hash::MessageDigest,
    pkey::{Id, PKey, Private},
    rsa::Padding,
    sign::{RsaPssSaltlen, Signer as OpensslSigner},
};
use rustls::{
    Error, SignatureAlgorithm, SignatureScheme,
    sign::{Signer, SigningKey},
};

/// The schemes of TLS 1.3 for RSA, and the only other one of TLS 1.2 that is still seen, in order of preference.
const RSA: [SignatureScheme; 4] = [
    SignatureScheme::RSA_PSS_SHA256,
    SignatureScheme::RSA_PSS_SHA384,
    SignatureScheme::RSA_PSS_SHA512,
    SignatureScheme::RSA_PKCS1_SHA256,
];

/// A private key of any strength. Its `Debug` form does not show the key.
#[derive(Clone)]
pub(super) struct ForeignKey(PKey<Private>);

impl ForeignKey {
    /// Takes an RSA key as PEM; none where it is no such key.
    pub(super) fn from_pem(pem: &str) -> Option<Self> {
        let key = PKey::private_key_from_pem_callback(pem.as_bytes(), |_| Ok(0)).ok()?;
        (key.id() == Id::RSA).then_some(Self(key))
    }
}

impl fmt::Debug for ForeignKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RSA key of {} bits", self.0.bits())
    }
}

impl SigningKey for ForeignKey {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        let scheme = *RSA.iter().find(|scheme| offered.contains(scheme))?;
        Some(Box::new(Once { key: self.clone(), scheme }))
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::RSA
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
            SignatureScheme::RSA_PSS_SHA512 => MessageDigest::sha512(),
            _ => MessageDigest::sha256(),
        };
        let signed = (|| {
            let mut signer = OpensslSigner::new(digest, &self.key.0)?;
            if self.scheme != SignatureScheme::RSA_PKCS1_SHA256 {
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

//! A seal: a QSealC with its key, ready to sign.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use openssl::{
    ecdsa::EcdsaSig,
    hash::MessageDigest,
    pkey::{Id, PKey, Private},
    rsa::Padding,
    sign::{RsaPssSaltlen, Signer},
    x509::X509,
};

use super::Trouble;
use crate::{
    pki::inspect::{self, CertificateFacts},
    targets::{KeyPair, signing::SealNames},
};

/// A certificate and its key, ready to sign.
pub struct Seal {
    key: PKey<Private>,
    certificate: Vec<u8>,
    names: SealNames,
    /// What the certificate says.
    pub facts: CertificateFacts,
}

impl std::fmt::Debug for Seal {
    /// Without the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Seal").field("subject", &self.facts.subject).finish_non_exhaustive()
    }
}

/// How bytes are signed.
#[derive(Clone, Copy)]
pub(super) enum Scheme {
    /// RSASSA-PKCS1-v1_5.
    Pkcs1(MessageDigest),
    /// RSASSA-PSS with a salt as long as the hash.
    Pss(MessageDigest),
    /// ECDSA as DER.
    Ecdsa(MessageDigest),
    /// ECDSA over P-256 as `r` and `s`, 32 octets each (RFC 7518 3.4, RFC 9421 3.3.4).
    EcdsaRaw(MessageDigest),
    /// HMAC with what everybody knows: the public key, as PEM (RFC 8725 2.1).
    HmacOfPublicKey,
    /// Not signed: no octets at all.
    Nothing,
}

/// That HMAC, by SHA-256.
///
/// # Errors
/// OpenSSL's.
pub fn hmac_of_public_key<T: openssl::pkey::HasPublic>(
    key: &PKey<T>,
    message: &[u8],
) -> Result<Vec<u8>, openssl::error::ErrorStack> {
    let secret = PKey::hmac(&key.public_key_to_pem()?)?;
    Signer::new(MessageDigest::sha256(), &secret)?.sign_oneshot_to_vec(message)
}

impl Seal {
    /// Reads a seal.
    ///
    /// # Errors
    /// The certificate or the key cannot be read.
    pub fn open(pair: &KeyPair, names: &SealNames) -> Result<Self, Trouble> {
        let unusable = |error: &dyn std::fmt::Display| Trouble::Harness(format!("a seal is unusable: {error}"));
        let key = PKey::private_key_from_pem_callback(pair.key_pem.as_bytes(), |_| Ok(0));
        let leaf = X509::from_pem(pair.certificate_pem.as_bytes()).and_then(|leaf| leaf.to_der());
        Ok(Self {
            // Its own error may quote the key.
            key: key.map_err(|_| unusable(&"its key cannot be read"))?,
            certificate: leaf.map_err(|error| unusable(&error))?,
            facts: inspect::facts(pair.certificate_pem.as_bytes()).map_err(|error| unusable(&error))?,
            names: names.clone(),
        })
    }

    /// Its key is RSA.
    pub fn is_rsa(&self) -> bool {
        self.key.id() == Id::RSA
    }

    /// The certificate on one line: base64 of the DER, which is the body of its PEM.
    pub(super) fn certificate_line(&self) -> String {
        STANDARD.encode(&self.certificate)
    }

    /// The id of the key: the one that the target file names, or else the certificate's SHA-256 thumbprint.
    pub(super) fn key_id(&self) -> String {
        self.names.key_id.clone().unwrap_or_else(|| URL_SAFE_NO_PAD.encode(openssl::sha::sha256(&self.certificate)))
    }

    /// The id of the key, where the target file names one.
    pub(super) fn own_key_id(&self) -> Option<&str> {
        self.names.key_id.as_deref()
    }

    /// The claim `iss` of the UK form: the one that the target file names, or else the certificate's subject.
    pub(super) fn issuer(&self) -> &str {
        self.names.issuer.as_deref().unwrap_or(&self.facts.subject)
    }

    pub(super) fn sign(&self, scheme: Scheme, message: &[u8]) -> Result<Vec<u8>, Trouble> {
        let made = match scheme {
            Scheme::Nothing => return Ok(Vec::new()),
            Scheme::Pkcs1(hash) | Scheme::Ecdsa(hash) => {
                Signer::new(hash, &self.key).and_then(|mut signer| signer.sign_oneshot_to_vec(message))
            }
            Scheme::HmacOfPublicKey => hmac_of_public_key(&self.key, message),
            Scheme::Pss(hash) => self.sign_pss(hash, message),
            Scheme::EcdsaRaw(hash) => self.sign_raw(hash, message),
        };
        made.map_err(|error| Trouble::Harness(format!("the seal of {} cannot sign: {error}", self.facts.subject)))
    }

    fn sign_pss(&self, hash: MessageDigest, message: &[u8]) -> Result<Vec<u8>, openssl::error::ErrorStack> {
        let mut signer = Signer::new(hash, &self.key)?;
        signer.set_rsa_padding(Padding::PKCS1_PSS)?;
        signer.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH)?;
        signer.set_rsa_mgf1_md(hash)?;
        signer.sign_oneshot_to_vec(message)
    }

    fn sign_raw(&self, hash: MessageDigest, message: &[u8]) -> Result<Vec<u8>, openssl::error::ErrorStack> {
        let der = Signer::new(hash, &self.key)?.sign_oneshot_to_vec(message)?;
        let signature = EcdsaSig::from_der(&der)?;
        let (r, s) = (signature.r().to_vec_padded(32)?, signature.s().to_vec_padded(32)?);
        Ok([r, s].concat())
    }
}

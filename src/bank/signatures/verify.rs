//! Signatures held against keys.

use openssl::bn::BigNum;
use openssl::ecdsa::EcdsaSig;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::Id;
use openssl::rsa::Padding;
use openssl::sign::{RsaPssSaltlen, Verifier};
use openssl::x509::X509;

/// How a signature was made.
#[derive(Clone, Copy)]
pub(in crate::bank) enum Method {
    /// RSASSA-PKCS1-v1_5, or ECDSA in DER: as the key is.
    Plain(MessageDigest),
    /// RSASSA-PSS.
    Pss(MessageDigest),
    /// ECDSA as two numbers of 32 octets.
    TwoNumbers,
}

/// Whether a signature fits a message and a certificate's key.
pub(in crate::bank) fn fits(certificate: &X509, method: Method, message: &[u8], signature: &[u8]) -> bool {
    match method {
        Method::Plain(hash) => attempt(certificate, hash, None, message, signature),
        Method::Pss(hash) => attempt(certificate, hash, Some(hash), message, signature),
        Method::TwoNumbers => {
            let der = from_two_numbers(signature);
            return der.is_some_and(|der| fits(certificate, Method::Plain(MessageDigest::sha256()), message, &der));
        }
    }
    .unwrap_or(false)
}

/// The kind of key that a certificate has.
pub(in crate::bank) fn has_rsa_key(certificate: &X509) -> bool {
    certificate.public_key().is_ok_and(|key| key.id() == Id::RSA)
}

fn attempt(
    certificate: &X509,
    hash: MessageDigest,
    pss: Option<MessageDigest>,
    message: &[u8],
    signature: &[u8],
) -> Result<bool, ErrorStack> {
    let key = certificate.public_key()?;
    let mut verifier = Verifier::new(hash, &key)?;
    if let Some(mask) = pss {
        verifier.set_rsa_padding(Padding::PKCS1_PSS)?;
        verifier.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH)?;
        verifier.set_rsa_mgf1_md(mask)?;
    }
    verifier.verify_oneshot(signature, message)
}

fn from_two_numbers(octets: &[u8]) -> Option<Vec<u8>> {
    let (first, second) = octets.split_at_checked(32).filter(|(_, second)| second.len() == 32)?;
    let (r, s) = (BigNum::from_slice(first).ok()?, BigNum::from_slice(second).ok()?);
    EcdsaSig::from_private_components(r, s).ok()?.to_der().ok()
}

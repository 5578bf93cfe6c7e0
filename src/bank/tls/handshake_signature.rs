//! Handshake signatures of certificates that rustls refuses to look at: only a bank that has been told to accept such a
//! certificate needs them. OpenSSL verifies them.

use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::rsa::Padding;
use openssl::sign::{RsaPssSaltlen, Verifier};
use openssl::x509::X509;
use tokio_rustls::rustls::SignatureScheme;

/// Whether whoever presents the certificate (DER) has signed the message with its key (RFC 8446 §4.4.3).
pub(in crate::bank) fn verifies(certificate: &[u8], scheme: SignatureScheme, message: &[u8], signature: &[u8]) -> bool {
    let (digest, pss) = match scheme {
        SignatureScheme::RSA_PSS_SHA256 => (MessageDigest::sha256(), true),
        SignatureScheme::RSA_PSS_SHA384 => (MessageDigest::sha384(), true),
        SignatureScheme::RSA_PSS_SHA512 => (MessageDigest::sha512(), true),
        SignatureScheme::ECDSA_NISTP256_SHA256 | SignatureScheme::RSA_PKCS1_SHA256 => (MessageDigest::sha256(), false),
        SignatureScheme::ECDSA_NISTP384_SHA384 => (MessageDigest::sha384(), false),
        _ => return false,
    };
    let verified: Result<bool, ErrorStack> = (|| {
        let key = X509::from_der(certificate)?.public_key()?;
        let mut verifier = Verifier::new(digest, &key)?;
        if pss {
            verifier.set_rsa_padding(Padding::PKCS1_PSS)?;
            verifier.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH)?;
            verifier.set_rsa_mgf1_md(digest)?;
        }
        verifier.verify_oneshot(signature, message)
    })();
    verified.unwrap_or(false)
}

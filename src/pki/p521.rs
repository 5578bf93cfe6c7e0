//! Signatures by keys on P-521, which the TLS library's own cryptography does not verify: OpenSSL does. TS 119 312 recommends
//! such keys, and TPPs, banks and CAs have them.

use std::sync::LazyLock;

use openssl::bn::BigNumContext;
use openssl::ec::{EcGroup, EcKey, EcPoint};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::PKey;
use openssl::sign::Verifier;
use rustls::SignatureScheme;
use rustls::crypto::{WebPkiSupportedAlgorithms, ring};
use rustls_pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id};

/// ECDSA over P-521 with one hash.
#[derive(Debug)]
struct OverP521 {
    hash: fn() -> MessageDigest,
    algorithm: AlgorithmIdentifier,
}

static SHA256: OverP521 = OverP521 { hash: MessageDigest::sha256, algorithm: alg_id::ECDSA_SHA256 };
static SHA384: OverP521 = OverP521 { hash: MessageDigest::sha384, algorithm: alg_id::ECDSA_SHA384 };
static SHA512: OverP521 = OverP521 { hash: MessageDigest::sha512, algorithm: alg_id::ECDSA_SHA512 };

impl SignatureVerificationAlgorithm for OverP521 {
    fn verify_signature(&self, public_key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        let verified: Result<bool, ErrorStack> = (|| {
            let group = EcGroup::from_curve_name(Nid::SECP521R1)?;
            let point = EcPoint::from_bytes(&group, public_key, &mut *BigNumContext::new()?)?;
            let key = EcKey::from_public_key(&group, &point)?;
            key.check_key()?;
            let key = PKey::from_ec_key(key)?;
            Verifier::new((self.hash)(), &key)?.verify_oneshot(signature, message)
        })();
        if verified.unwrap_or(false) { Ok(()) } else { Err(InvalidSignature) }
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ECDSA_P521
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.algorithm
    }
}

type Algorithm = &'static dyn SignatureVerificationAlgorithm;

static ALL: LazyLock<Vec<Algorithm>> = LazyLock::new(|| {
    let usual = ring::default_provider().signature_verification_algorithms.all;
    usual.iter().copied().chain([&SHA256 as Algorithm, &SHA384, &SHA512]).collect()
});

/// In TLS 1.2 a scheme fixes the hash, and any curve goes with it (RFC 8422 §5.1.1): OpenSSL takes the first that fits.
static BY_SHA256: LazyLock<Vec<Algorithm>> = LazyLock::new(|| usual(SignatureScheme::ECDSA_NISTP256_SHA256, &SHA256));
static BY_SHA384: LazyLock<Vec<Algorithm>> = LazyLock::new(|| usual(SignatureScheme::ECDSA_NISTP384_SHA384, &SHA384));
static BY_SHA512: [Algorithm; 1] = [&SHA512];

/// What the TLS library has for a scheme, and one algorithm more.
fn usual(scheme: SignatureScheme, further: Algorithm) -> Vec<Algorithm> {
    let mapping = ring::default_provider().signature_verification_algorithms.mapping;
    let known = mapping.iter().filter(|(known, _)| *known == scheme).flat_map(|(_, algorithms)| *algorithms);
    known.copied().chain([further]).collect()
}

static BY_SCHEME: LazyLock<Vec<(SignatureScheme, &'static [Algorithm])>> = LazyLock::new(|| {
    let usual = ring::default_provider().signature_verification_algorithms.mapping.iter().copied();
    let with_p521 = usual.map(|(scheme, algorithms)| match scheme {
        SignatureScheme::ECDSA_NISTP256_SHA256 => (scheme, BY_SHA256.as_slice()),
        SignatureScheme::ECDSA_NISTP384_SHA384 => (scheme, BY_SHA384.as_slice()),
        _ => (scheme, algorithms),
    });
    with_p521.chain([(SignatureScheme::ECDSA_NISTP521_SHA512, BY_SHA512.as_slice())]).collect()
});

/// The signatures that the TLS library verifies, and those over P-521.
pub fn verified_signatures() -> WebPkiSupportedAlgorithms {
    WebPkiSupportedAlgorithms { all: &ALL, mapping: &BY_SCHEME }
}

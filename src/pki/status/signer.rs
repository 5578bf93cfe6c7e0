//! Who signs the answers of the responder.

use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::sign::Signer as OpensslSigner;
use rcgen::{CustomExtension, Issuer, KeyPair, PublicKeyData};

use crate::pki::recipe::Recipe;
use crate::pki::{PkiError, params};

/// The certificate and key that a response is signed with.
pub(super) struct Signer {
    /// DER, for the response (RFC 6960 §4.2.1).
    pub(super) certificate: Vec<u8>,
    /// SHA-1 of the public key: how the response names its signer.
    pub(super) key_hash: [u8; 20],
    key: PKey<Private>,
}

/// id-pkix-ocsp-nocheck: its holder is not asked about in turn (RFC 6960 §4.2.2.2.1).
const NO_CHECK: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 48, 1, 5];

impl Signer {
    /// One whom the CA has told to sign in its place.
    pub(super) fn delegated(issuing: &Issuer<'static, KeyPair>) -> Result<Self, PkiError> {
        Self::issue(issuing, &recipe()?)
    }

    /// One whom it has not: the certificate of anybody.
    pub(super) fn impostor(issuing: &Issuer<'static, KeyPair>) -> Result<Self, PkiError> {
        Self::issue(issuing, &recipe()?.extended_key_usage(&["clientAuth"]))
    }

    fn issue(issuing: &Issuer<'static, KeyPair>, recipe: &Recipe) -> Result<Self, PkiError> {
        let pair = KeyPair::generate()?;
        let mut params = params::params(recipe)?;
        params.custom_extensions.push(CustomExtension::from_oid_content(NO_CHECK, vec![0x05, 0x00]));
        let certificate = params.signed_by(&pair, issuing)?;
        let key = PKey::private_key_from_pkcs8(&pair.serialize_der()).map_err(|_| failed())?;
        Ok(Self { certificate: certificate.der().to_vec(), key_hash: openssl::sha::sha1(pair.der_bytes()), key })
    }

    /// ECDSA with SHA-256 over the response data.
    pub(super) fn sign(&self, data: &[u8]) -> Result<Vec<u8>, PkiError> {
        let sign = || OpensslSigner::new(MessageDigest::sha256(), &self.key)?.sign_oneshot_to_vec(data);
        sign().map_err(|_| failed())
    }
}

fn recipe() -> Result<Recipe, PkiError> {
    Recipe::from_toml(include_str!("../../../certs/profiles/ocsp-responder.toml"))
}

/// The library's own errors may quote its input, so they are dropped.
fn failed() -> PkiError {
    PkiError::BadKey { reason: "the responder's key cannot be used".to_owned() }
}

//! TLS settings for each identity: any certificate can be presented, good or bad.

use std::sync::{Arc, OnceLock};

use rustls::{
    ClientConfig, RootCertStore,
    client::ResolvesClientCert,
    crypto::CryptoProvider,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    sign::{CertifiedKey, SigningKey},
};

use super::{Trouble, foreign_key::ForeignKey};
use crate::target::KeyPair;

/// The one provider of the process.
pub fn provider() -> Arc<CryptoProvider> {
    static PROVIDER: OnceLock<Arc<CryptoProvider>> = OnceLock::new();
    PROVIDER.get_or_init(|| Arc::new(rustls::crypto::ring::default_provider())).clone()
}

/// Settings that trust the target's anchors and present `client`'s certificate, whatever is wrong with it.
///
/// # Errors
/// A trust anchor, certificate or key that rustls cannot read.
pub fn client_config(trust_anchors: &[String], client: Option<&KeyPair>) -> Result<ClientConfig, Trouble> {
    let mut roots = RootCertStore::empty();
    for pem in trust_anchors {
        for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()).flatten() {
            roots.add(certificate).map_err(|error| Trouble::Harness(format!("a trust anchor is unusable: {error}")))?;
        }
    }
    let builder = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|error| Trouble::Harness(error.to_string()))?
        .with_root_certificates(roots);
    Ok(match client {
        // Not `with_client_auth_cert`: it looks into the certificate and refuses what a bank is meant to refuse.
        Some(pair) => builder.with_client_cert_resolver(Arc::new(Present(certified(pair)?))),
        None => builder.with_no_client_auth(),
    })
}

fn certified(pair: &KeyPair) -> Result<Arc<CertifiedKey>, Trouble> {
    let chain: Vec<_> = CertificateDer::pem_slice_iter(pair.certificate_pem.as_bytes()).flatten().collect();
    let der = PrivateKeyDer::from_pem_slice(pair.key_pem.as_bytes())
        .map_err(|error| Trouble::Harness(format!("a client key is unusable: {error}")))?;
    let key = (provider().key_provider.load_private_key(der)).or_else(|error| {
        let foreign = ForeignKey::from_pem(&pair.key_pem).map(|key| Arc::new(key) as Arc<dyn SigningKey>);
        foreign.ok_or_else(|| Trouble::Harness(format!("a client key is of a kind that is not supported: {error}")))
    })?;
    Ok(Arc::new(CertifiedKey::new(chain, key)))
}

/// Presents one certificate whatever the server asks for.
#[derive(Debug)]
struct Present(Arc<CertifiedKey>);

impl ResolvesClientCert for Present {
    fn resolve(&self, _hints: &[&[u8]], _schemes: &[rustls::SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        Some(self.0.clone())
    }

    fn has_certs(&self) -> bool {
        true
    }
}

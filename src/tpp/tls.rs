//! TLS settings for each identity: any certificate can be presented, good or bad.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use rustls::{
    ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
    client::{
        ResolvesClientCert, WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::CryptoProvider,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime, pem::PemObject},
    sign::{CertifiedKey, SigningKey},
};

use super::{Trouble, foreign_key::ForeignKey, secp521r1::Secp521r1};
use crate::{
    pki::verified_signatures,
    targets::{KeyPair, Target},
};

/// The one provider of the process: that of the TLS library, and keys on P-521.
pub fn provider() -> Arc<CryptoProvider> {
    static PROVIDER: OnceLock<Arc<CryptoProvider>> = OnceLock::new();
    let make = || {
        let mut provider = rustls::crypto::ring::default_provider();
        // Last: whoever can do without it does.
        provider.kx_groups.push(&Secp521r1);
        provider.signature_verification_algorithms = verified_signatures();
        Arc::new(provider)
    };
    PROVIDER.get_or_init(make).clone()
}

/// Settings that trust the target's anchors and present `client`'s certificate, whatever is wrong with it.
///
/// # Errors
/// A trust anchor, certificate or key that rustls cannot read.
pub fn client_config(trust_anchors: &[String], client: Option<&KeyPair>) -> Result<ClientConfig, Trouble> {
    let builder = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|error| Trouble::Harness(error.to_string()))?
        .with_root_certificates(roots(trust_anchors)?);
    Ok(match client {
        // Not `with_client_auth_cert`: it looks into the certificate and refuses what a bank is meant to refuse.
        Some(pair) => builder.with_client_cert_resolver(Arc::new(Present(certified(pair)?))),
        None => builder.with_no_client_auth(),
    })
}

/// The same for every host of a bank, some of which may have anchors of their own.
///
/// # Errors
/// A trust anchor, certificate or key that rustls cannot read.
pub fn config_for(target: &Target, client: Option<&KeyPair>) -> Result<ClientConfig, Trouble> {
    let mut config = client_config(&target.trust_anchors, client)?;
    let with_own = target.network.hosts().filter(|(_, host)| !host.trust_anchors.is_empty());
    let own: BTreeMap<String, _> = with_own
        .map(|(name, host)| Ok((name.to_owned(), verifier(&host.trust_anchors)?)))
        .collect::<Result<_, Trouble>>()?;
    if !own.is_empty() {
        let usual = verifier(&target.trust_anchors)?;
        config.dangerous().set_certificate_verifier(Arc::new(ByHost { usual, own }));
    }
    Ok(config)
}

/// Certificates under those anchors, PEM.
///
/// # Errors
/// A trust anchor that rustls cannot read.
pub(super) fn roots(trust_anchors: &[String]) -> Result<RootCertStore, Trouble> {
    let mut roots = RootCertStore::empty();
    for pem in trust_anchors {
        for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()).flatten() {
            roots.add(certificate).map_err(|error| Trouble::Harness(format!("a trust anchor is unusable: {error}")))?;
        }
    }
    Ok(roots)
}

fn verifier(trust_anchors: &[String]) -> Result<Arc<WebPkiServerVerifier>, Trouble> {
    let roots = Arc::new(roots(trust_anchors)?);
    let unusable = |error| Trouble::Harness(format!("the trust anchors are unusable: {error}"));
    WebPkiServerVerifier::builder_with_provider(roots, provider()).build().map_err(unusable)
}

/// Verifies a server by the anchors of its host.
#[derive(Debug)]
struct ByHost {
    usual: Arc<WebPkiServerVerifier>,
    own: BTreeMap<String, Arc<WebPkiServerVerifier>>,
}

impl ServerCertVerifier for ByHost {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let own = self.own.get(&name.to_str().to_ascii_lowercase());
        own.unwrap_or(&self.usual).verify_server_cert(leaf, others, name, ocsp, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        leaf: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.usual.verify_tls12_signature(message, leaf, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        leaf: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.usual.verify_tls13_signature(message, leaf, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.usual.supported_verify_schemes()
    }
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

//! A handshake that trusts anybody and sends nothing: what a server presents is captured, whatever is wrong with it.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    client::{
        ResolvesClientCert,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        verify_server_cert_signed_by_trust_anchor, verify_server_name,
    },
    pki_types::{CertificateDer, ServerName, UnixTime},
    server::ParsedCertificate,
    sign::CertifiedKey,
};
use time::OffsetDateTime;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::{certificate, host::Host};
use crate::{
    evidence::tls::{Presented, Trust},
    targets::Target,
    tpp::{network, tls},
};

/// A kind of key that a server can have, by what is asked of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    name: &'static str,
    schemes: &'static [SignatureScheme],
}

/// A server may have a certificate of each kind, and shows each client the one that it asks for.
pub(super) const KINDS: [Kind; 2] = [
    Kind {
        name: "ECDSA",
        schemes: &[
            SignatureScheme::ECDSA_NISTP256_SHA256,
            SignatureScheme::ECDSA_NISTP384_SHA384,
            SignatureScheme::ECDSA_NISTP521_SHA512,
            SignatureScheme::ED25519,
        ],
    },
    Kind {
        name: "RSA",
        schemes: &[
            SignatureScheme::RSA_PSS_SHA256,
            SignatureScheme::RSA_PSS_SHA384,
            SignatureScheme::RSA_PSS_SHA512,
            SignatureScheme::RSA_PKCS1_SHA256,
            SignatureScheme::RSA_PKCS1_SHA384,
            SignatureScheme::RSA_PKCS1_SHA512,
        ],
    },
];

/// What is captured in the course of a handshake.
#[derive(Debug)]
struct Observer {
    roots: RootCertStore,
    schemes: &'static [SignatureScheme],
    seen: Mutex<Presented>,
}

/// Shakes hands with a host and tells what it presented.
pub(super) async fn observe(target: &Target, host: &Host, kind: Kind, limit: Duration) -> Presented {
    let nothing = Presented {
        kind: kind.name.into(),
        version: String::new(),
        chain: Vec::new(),
        is_for_host: false,
        trust: Trust::Unclear { reason: "nothing was presented".into() },
        asks_for_certificate: false,
        authorities: Vec::new(),
        stapled: false,
        failure: None,
    };
    let roots = match tls::roots(target.trust_anchors_of(&host.name)) {
        Ok(roots) => roots,
        Err(trouble) => return Presented { failure: Some(trouble.to_string()), ..nothing },
    };
    let _turn = target.network.pace.turn().await;
    let observer = Arc::new(Observer { roots, schemes: kind.schemes, seen: Mutex::new(nothing) });
    let outcome = match timeout(limit, handshake(target, &observer, host, kind)).await {
        Ok(outcome) => outcome,
        Err(_) => Err("nothing came in time".into()),
    };
    let mut seen = observer.seen.lock().unwrap_or_else(PoisonError::into_inner).clone();
    match outcome {
        Ok(version) => seen.version = version,
        // A server that wants a certificate ends the handshake once it has shown its own.
        Err(reason) if seen.chain.is_empty() => seen.failure = Some(reason),
        Err(_) => {}
    }
    seen
}

async fn handshake(target: &Target, observer: &Arc<Observer>, host: &Host, kind: Kind) -> Result<String, String> {
    let in_words = |error: &dyn std::error::Error| error.to_string();
    let mut provider = (*tls::provider()).clone();
    // TLS 1.2 names the kind of key in the suite, TLS 1.3 in the signature scheme alone.
    provider.cipher_suites.retain(|suite| {
        let name = format!("{:?}", suite.suite());
        !name.contains("ECDHE_") || name.contains(&format!("ECDHE_{}_", kind.name))
    });
    let config = ClientConfig::builder_with_provider(Arc::new(provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| in_words(&error))?
        .dangerous()
        .with_custom_certificate_verifier(observer.clone())
        .with_client_cert_resolver(observer.clone());
    let name = ServerName::try_from(host.name.clone()).map_err(|error| in_words(&error))?;
    let tcp = network::connect(&target.network, &host.name, host.port).await.map_err(|error| in_words(&error))?;
    let stream = TlsConnector::from(Arc::new(config)).connect(name, tcp).await.map_err(|error| in_words(&error))?;
    let version = stream.get_ref().1.protocol_version().and_then(|version| version.as_str());
    Ok(version.unwrap_or_default().replace("TLSv1_", "TLS 1."))
}

impl Observer {
    fn note(&self, write: impl FnOnce(&mut Presented)) {
        write(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Whether the chain leads to an anchor. An expired leaf is another matter: it is looked at while it held.
    fn trust(&self, leaf: &CertificateDer<'_>, others: &[CertificateDer<'_>], now: UnixTime) -> Trust {
        let parsed = match ParsedCertificate::try_from(leaf) {
            Ok(parsed) => parsed,
            Err(error) => return Trust::Unclear { reason: error.to_string() },
        };
        let seconds = |moment: OffsetDateTime| u64::try_from(moment.unix_timestamp()).unwrap_or_default();
        let at = certificate::seen(leaf).map_or(now, |seen| {
            let within = now.as_secs().min(seconds(seen.not_after)).max(seconds(seen.not_before));
            UnixTime::since_unix_epoch(Duration::from_secs(within))
        });
        let algorithms = tls::provider().signature_verification_algorithms.all;
        match verify_server_cert_signed_by_trust_anchor(&parsed, &self.roots, others, at, algorithms) {
            Ok(()) => Trust::Anchored,
            Err(Error::InvalidCertificate(CertificateError::UnknownIssuer)) => Trust::UnknownIssuer,
            Err(error) => Trust::Unclear { reason: error.to_string() },
        }
    }
}

impl ServerCertVerifier for Observer {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let chain = std::iter::once(end_entity).chain(intermediates).filter_map(certificate::seen).collect();
        let trust = self.trust(end_entity, intermediates, now);
        let is_for_host =
            ParsedCertificate::try_from(end_entity).and_then(|parsed| verify_server_name(&parsed, server_name)).is_ok();
        self.note(|seen| {
            (seen.chain, seen.trust, seen.is_for_host) = (chain, trust, is_for_host);
            seen.stapled = !ocsp_response.is_empty();
        });
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.schemes.to_vec()
    }
}

impl ResolvesClientCert for Observer {
    fn resolve(&self, authorities: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.note(|seen| {
            seen.asks_for_certificate = true;
            seen.authorities = authorities.iter().filter_map(|der| certificate::name(der)).collect();
        });
        None
    }

    fn has_certs(&self) -> bool {
        true
    }
}

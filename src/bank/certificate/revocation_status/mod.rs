//! Whether a TPP's certificate has been revoked, which a TLS handshake cannot wait for: it is asked on the first request,
//! and again when the last answer has run out, on whatever connection.
//!
//! The OCSP responder is asked first, and the CRL where it has no answer that counts. Only the trust service that the
//! bank knows is asked, wherever a certificate points. Where nobody has an answer that counts, the TPP is let in: its
//! certificate holds otherwise, and a trust service that is down is no reason to stop payments (RTS Art. 32(3)).

mod crl;
mod fetch;
mod ocsp;

use std::sync::{Mutex, MutexGuard, PoisonError};

use openssl::error::ErrorStack;
use openssl::x509::X509;
use openssl::x509::store::{X509Store, X509StoreBuilder};
use rustls_pki_types::CertificateDer;

use super::peer::Peer;
use crate::bank::habits;
use crate::bank::http::Incoming;
use crate::bank::model::state::Table;
use crate::bank::model::world::World;
use crate::pki::TestPki;
use crate::pki::status::Locations;

/// What the bank needs for asking, and what it was told.
pub(in crate::bank) struct Watch {
    issuer: X509,
    anchors: X509Store,
    /// By the certificate's thumbprint.
    told: Mutex<Table<Told>>,
}

impl std::fmt::Debug for Watch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watch").finish_non_exhaustive()
    }
}

/// What somebody has said of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Told {
    standing: Standing,
    source: Option<Source>,
    /// It counts until then, in seconds since 1970.
    until: i64,
}

/// How a certificate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Good,
    Revoked(Why),
    /// Nobody has said anything that counts.
    Untold,
}

/// Why it was revoked, as far as the bank cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    Suspended,
    Superseded,
    Other,
}

/// Who has said so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    Ocsp,
    Crl,
}

impl Watch {
    pub(in crate::bank) fn over(pki: &TestPki) -> Result<Self, ErrorStack> {
        let issuer = X509::from_pem(pki.issuing.certificate_pem().as_bytes())?;
        let mut anchors = X509StoreBuilder::new()?;
        anchors.add_cert(X509::from_pem(pki.root.certificate_pem().as_bytes())?)?;
        anchors.add_cert(issuer.clone())?;
        Ok(Self { issuer, anchors: anchors.build(), told: Mutex::default() })
    }

    fn told(&self) -> MutexGuard<'_, Table<Told>> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Asks about the certificate of a request, where what the bank was told has run out.
pub(in crate::bank) async fn look_up(world: &World, peer: &Peer) {
    let (Some(certificate), Some(leaf)) = (&peer.certificate, &peer.leaf) else { return };
    let earlier = world.watch.told().get(&certificate.thumbprint).copied();
    let asked_before = peer.note_request();
    if earlier.is_some_and(|told| still_counts(world, &told, asked_before)) {
        return;
    }
    let told = ask(world, leaf).await;
    let mut rows = world.watch.told();
    if told.standing == Standing::Revoked(Why::Superseded)
        && let Some(name) = &certificate.organization_identifier
    {
        rows.insert(format!("superseded: {name}"), told);
    }
    rows.insert(certificate.thumbprint.clone(), told);
}

fn still_counts(world: &World, told: &Told, asked_before: bool) -> bool {
    let is_kept = || match told.source {
        Some(Source::Ocsp) => world.faults.on("stale-ocsp-answer-kept"),
        Some(Source::Crl) => world.faults.on("stale-crl-kept"),
        None => false,
    };
    let once = || asked_before && world.faults.on("status-asked-once-per-connection");
    world.clock.now() < told.until || is_kept() || once()
}

/// One after the other, until somebody has an answer that counts.
async fn ask(world: &World, leaf: &CertificateDer<'static>) -> Told {
    let places = Locations::of(leaf).unwrap_or_default();
    let faults = &world.faults;
    let Ok(certificate) = X509::from_der(leaf) else { return UNTOLD };
    for url in places.ocsp.iter().filter(|_| !faults.on("ocsp-ignored")) {
        if let Some(told) = ocsp::ask(world, &certificate, url).await {
            return told;
        }
        if faults.on("crl-not-asked-after-ocsp") {
            return UNTOLD;
        }
    }
    for url in places.crl.iter().filter(|_| !faults.on("crl-ignored")) {
        if let Some(told) = crl::ask(world, &certificate, url).await {
            return told;
        }
    }
    UNTOLD
}

/// It is asked again on the next request.
const UNTOLD: Told = Told { standing: Standing::Untold, source: None, until: 0 };

/// The rule: no certificate that was revoked, suspended ones included (RFC 6960 §2.2).
pub(in crate::bank) fn check(world: &World, incoming: &Incoming) -> Result<(), &'static str> {
    let Some(certificate) = &incoming.peer.certificate else { return Ok(()) };
    let faults = &world.faults;
    let looks_away = || {
        (incoming.peer.resumed && faults.on("resumption-skips-status"))
            || (incoming.header("authorization").is_some() && faults.on("token-outlives-certificate"))
    };
    let rows = world.watch.told();
    let barred = || {
        let name = certificate.organization_identifier.as_deref().unwrap_or_default();
        rows.get(&format!("superseded: {name}")).is_some() && faults.on("superseded-certificate-bars-successor")
    };
    match rows.get(&certificate.thumbprint).map(|told| told.standing) {
        Some(Standing::Revoked(Why::Suspended)) if faults.on("certificate-hold-ignored") => Ok(()),
        Some(Standing::Revoked(_)) if !looks_away() => Err("the certificate has been revoked"),
        Some(Standing::Untold) if habits::refuses_untold(world, incoming) => {
            Err("nobody tells the status of the certificate")
        }
        _ if barred() => Err("the TPP's certificate has been revoked"),
        _ => Ok(()),
    }
}

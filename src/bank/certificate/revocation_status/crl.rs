//! What a CRL says, and whether that counts (RFC 5280 §6.3.3).

use std::cmp::Ordering;

use openssl::asn1::{Asn1Time, Asn1TimeRef};
use openssl::x509::{CrlStatus, ReasonCode, X509, X509Crl, X509RevokedRef};

use super::{Source, Standing, Told, Why, fetch};
use crate::bank::model::world::World;

/// What the list says; none where that does not count.
pub(super) async fn ask(world: &World, certificate: &X509, url: &str) -> Option<Told> {
    let answer = fetch::fetch(world, url, None).await?;
    read(world, certificate, &answer)
}

fn read(world: &World, certificate: &X509, list: &[u8]) -> Option<Told> {
    let list = X509Crl::from_der(list).ok()?;
    let signed = list.verify(&*world.watch.issuer.public_key().ok()?).ok()?;
    let until = until(world, &list)?;
    let standing = match list.get_by_cert(certificate) {
        CrlStatus::NotRevoked | CrlStatus::RemoveFromCrl(_) => Standing::Good,
        CrlStatus::Revoked(entry) => Standing::Revoked(why(entry)),
    };
    signed.then_some(Told { standing, source: Some(Source::Crl), until })
}

/// Until when the list counts; none where it does not, or no longer.
fn until(world: &World, list: &X509Crl) -> Option<i64> {
    let now = world.clock.now();
    let next = list.next_update()?;
    let current = Asn1Time::from_unix(now).ok()?.compare(next).ok()? != Ordering::Greater;
    current.then(|| now.saturating_add(seconds_to(next, now)))
}

fn seconds_to(next: &Asn1TimeRef, now: i64) -> i64 {
    let difference = Asn1Time::from_unix(now).and_then(|now| now.diff(next));
    difference.map_or(0, |span| i64::from(span.days) * 86_400 + i64::from(span.secs))
}

fn why(entry: &X509RevokedRef) -> Why {
    let reason = entry.extension::<ReasonCode>().ok().flatten().and_then(|(_, reason)| reason.get_i64().ok());
    match reason {
        Some(6) => Why::Suspended,
        Some(4) => Why::Superseded,
        _ => Why::Other,
    }
}

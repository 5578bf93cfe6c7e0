//! What an OCSP responder says, and whether that counts (RFC 6960 §3.2).

use openssl::hash::MessageDigest;
use openssl::ocsp::{
    OcspBasicResponse, OcspCertId, OcspCertStatus, OcspFlag, OcspRequest, OcspResponse, OcspRevokedStatus, OcspStatus,
};
use openssl::stack::Stack;
use openssl::x509::X509;
use time::PrimitiveDateTime;
use time::macros::format_description;

use super::{Source, Standing, Told, Why, fetch};
use crate::bank::model::world::World;

/// What clocks may differ by, in seconds.
const SKEW: i64 = 5;

/// What the responder says; none where that does not count.
pub(super) async fn ask(world: &World, certificate: &X509, url: &str) -> Option<Told> {
    let request = request(world, certificate)?;
    let answer = fetch::fetch(world, url, Some(("application/ocsp-request", request))).await?;
    read(world, certificate, &answer)
}

fn id(world: &World, certificate: &X509) -> Option<OcspCertId> {
    OcspCertId::from_cert(MessageDigest::sha1(), certificate, &world.watch.issuer).ok()
}

fn request(world: &World, certificate: &X509) -> Option<Vec<u8>> {
    let mut request = OcspRequest::new().ok()?;
    request.add_id(id(world, certificate)?).ok()?;
    request.to_der().ok()
}

fn read(world: &World, certificate: &X509, answer: &[u8]) -> Option<Told> {
    let basic = OcspResponse::from_der(answer).ok()?.basic().ok()?;
    if !is_believed(world, &basic) {
        return None;
    }
    let id = id(world, certificate)?;
    let status = basic.find_status(&id)?;
    let until = until(world, &status)?;
    let standing = match status.status {
        OcspCertStatus::GOOD => Standing::Good,
        OcspCertStatus::REVOKED => Standing::Revoked(why(status.reason)),
        _ if world.faults.on("ocsp-unknown-taken-for-good") => Standing::Good,
        _ => return None,
    };
    Some(Told { standing, source: Some(Source::Ocsp), until })
}

/// RFC 6960 §3.2, points 2 to 4: signed by the CA, or by whom the CA has appointed.
fn is_believed(world: &World, basic: &OcspBasicResponse) -> bool {
    let whoever = world.faults.on("undelegated-ocsp-responder-believed");
    let flags = if whoever { OcspFlag::NO_CHECKS } else { OcspFlag::empty() };
    let verify = || {
        let mut known = Stack::new()?;
        known.push(world.watch.issuer.clone())?;
        basic.verify(&known, &world.watch.anchors, flags)
    };
    verify().is_ok() || world.faults.on("ocsp-signature-unchecked")
}

/// Until when the answer counts (RFC 6960 §3.2, points 5 and 6); none where it does not, or no longer.
fn until(world: &World, status: &OcspStatus<'_>) -> Option<i64> {
    let now = world.clock.now();
    let begins = seconds(&status.this_update.to_string())?;
    // Without nextUpdate there is always something newer to be had (RFC 6960 §4.2.2.1).
    let ends = status.next_update().map_or(Some(now), |next| seconds(&next.to_string()))?;
    let counts = begins <= now.saturating_add(SKEW) && ends.saturating_add(SKEW) >= now;
    (counts || world.faults.on("stale-ocsp-answer-accepted")).then_some(ends)
}

/// The library tells the times of an answer as text only: `Nov 21 13:36:55 2026 GMT`.
fn seconds(text: &str) -> Option<i64> {
    let form = format_description!("[month repr:short] [day padding:space] [hour]:[minute]:[second] [year] GMT");
    Some(PrimitiveDateTime::parse(text, form).ok()?.assume_utc().unix_timestamp())
}

fn why(reason: OcspRevokedStatus) -> Why {
    match reason {
        OcspRevokedStatus::STATUS_CERTIFICATE_HOLD => Why::Suspended,
        OcspRevokedStatus::STATUS_SUPERSEDED => Why::Superseded,
        _ => Why::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn a_time_is_read_as_the_library_writes_it() {
        let time = openssl::asn1::Asn1GeneralizedTime::from_str("20260901020304Z").unwrap();
        assert_eq!(seconds(&time.to_string()), Some(1_788_228_184));
        assert_eq!(seconds("tomorrow"), None);
    }
}

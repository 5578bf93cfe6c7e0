//! The rules that requests to the payment API have to pass; `OPERATIONS` says which hold where.

use std::net::IpAddr;

use url::Url;
use uuid::Uuid;

use super::{Call, PRODUCT, TppMessage, scope};
use crate::bank::certificate::identification;
use crate::bank::certificate::licence;
use crate::bank::certificate::renewal;
use crate::bank::certificate::revocation_status;
use crate::bank::habits;
use crate::bank::model::payment::Payment;
use crate::bank::model::state::State;
use crate::bank::oauth::bearer::{self, Need};
use crate::bank::oauth::client::authentication::Endpoint;
use crate::bank::signatures;

pub(super) type Rule = fn(&Call<'_>, &State) -> Result<(), TppMessage>;

/// `X-Request-ID`: a UUID, on every call.
pub(super) fn request_id(call: &Call<'_>, _: &State) -> Result<(), TppMessage> {
    let faults = &call.world.faults;
    match call.incoming.header("x-request-id") {
        None if faults.on("request-id-optional") => Ok(()),
        None => Err(TppMessage::format_error("the header is missing").at("X-Request-ID")),
        Some(id) if Uuid::try_parse(id).is_ok() || faults.on("request-id-any-format") => Ok(()),
        Some(_) => Err(TppMessage::format_error("the header is no UUID").at("X-Request-ID")),
    }
}

/// RTS Art. 34: the TPP is identified by its certificate.
pub(super) fn certificate(call: &Call<'_>, _: &State) -> Result<(), TppMessage> {
    match &call.incoming.peer.certificate {
        Some(certificate) => identification::check(call.world, certificate, identification::API)
            .and_then(|()| habits::knows(call.world, certificate))
            .map_err(|reason| TppMessage::new(401, "CERTIFICATE_INVALID", reason)),
        None if call.world.faults.anonymous(Endpoint::Payments) => Ok(()),
        // The token shall say it all.
        None if call.incoming.header("authorization").is_some()
            && call.world.faults.anonymous(Endpoint::BoundResource) =>
        {
            Ok(())
        }
        None => Err(TppMessage::new(401, "CERTIFICATE_MISSING", "present a client certificate")),
    }
}

/// A certificate that was revoked identifies nobody any more.
pub(super) fn unrevoked(call: &Call<'_>, _: &State) -> Result<(), TppMessage> {
    let code = || match call.world.faults.on("revoked-certificate-wrong-code") {
        true => "CERTIFICATE_EXPIRED",
        false => "CERTIFICATE_REVOKED",
    };
    revocation_status::check(call.world, call.incoming).map_err(|reason| TppMessage::new(401, code(), reason))
}

/// RTS Art. 34(3)(a): payments are for TPPs with the role PSP_PI.
pub(super) fn role(call: &Call<'_>, _: &State) -> Result<(), TppMessage> {
    let Some(certificate) = &call.incoming.peer.certificate else { return Ok(()) };
    let unchecked = || call.access.is_for_any_role(&call.world.faults);
    match licence::allows_payments(&call.world.faults, certificate) || unchecked() {
        true => Ok(()),
        false => Err(TppMessage::new(401, "ROLE_INVALID", "the certificate lacks the role PSP_PI")),
    }
}

pub(super) fn product(call: &Call<'_>, _: &State) -> Result<(), TppMessage> {
    match call.product == PRODUCT {
        true => Ok(()),
        false if call.world.faults.on("unknown-product-server-error") => {
            Err(TppMessage::new(500, "INTERNAL_SERVER_ERROR", "the request could not be handled"))
        }
        false => Err(TppMessage::new(404, "PRODUCT_UNKNOWN", format!("this bank offers {PRODUCT} only"))),
    }
}

pub(super) fn media_type(call: &Call<'_>, _: &State) -> Result<(), TppMessage> {
    match call.incoming.media_type().as_deref() {
        Some("application/json") => Ok(()),
        _ => Err(TppMessage::new(415, "UNSUPPORTED_MEDIA_TYPE", "the body must be application/json")),
    }
}

pub(super) fn body_bounded(call: &Call<'_>, _: &State) -> Result<(), TppMessage> {
    match call.incoming.body_refused {
        true => Err(TppMessage::format_error("the body is larger than 64 KiB")),
        false => Ok(()),
    }
}

/// `PSU-IP-Address`: mandatory where the customer starts something.
pub(super) fn psu_ip_address(call: &Call<'_>, _: &State) -> Result<(), TppMessage> {
    match call.incoming.header("psu-ip-address").map(str::parse::<IpAddr>) {
        Some(Ok(_)) => Ok(()),
        None if call.world.faults.on("psu-ip-address-optional") => Ok(()),
        None => Err(TppMessage::format_error("the header is missing").at("PSU-IP-Address")),
        Some(Err(_)) => Err(TppMessage::format_error("the header is no IP address").at("PSU-IP-Address")),
    }
}

/// The TPP's addresses lie in the domain of its certificate (NextGenPSD2 §4.10).
pub(super) fn tpp_uris(call: &Call<'_>, _: &State) -> Result<(), TppMessage> {
    for name in ["TPP-Redirect-URI", "TPP-Nok-Redirect-URI"] {
        if let Some(uri) = call.incoming.header(&name.to_ascii_lowercase())
            && !is_own_address(call, uri)
            && !call.world.faults.on("tpp-redirect-uri-foreign-accepted")
        {
            let text = "the address is not an https address in the domain of the certificate";
            return Err(TppMessage::format_error(text).at(name));
        }
    }
    Ok(())
}

fn is_own_address(call: &Call<'_>, uri: &str) -> bool {
    let Some(certificate) = &call.incoming.peer.certificate else { return true };
    let Ok(uri) = Url::parse(uri) else { return false };
    let Some(host) = uri.host_str() else { return false };
    let mut names = certificate.names.iter().chain(&certificate.common_name);
    uri.scheme() == "https" && names.any(|name| covers(name, host))
}

/// A wildcard stands for exactly one label (RFC 9525 §6.3).
fn covers(name: &str, host: &str) -> bool {
    match (name.strip_prefix("*."), host.split_once('.')) {
        (Some(parent), Some((_, rest))) => parent.eq_ignore_ascii_case(rest),
        _ => name.eq_ignore_ascii_case(host),
    }
}

/// NextGenPSD2 §12: a bank may demand signatures.
pub(super) fn signature_demanded(call: &Call<'_>, _: &State) -> Result<(), TppMessage> {
    Ok(signatures::demand(call.world, call.incoming, signatures::is_signed)?)
}

/// A signature that is there has to be right.
pub(super) fn signature(call: &Call<'_>, _: &State) -> Result<(), TppMessage> {
    let certificate = call.incoming.peer.certificate.as_ref();
    let speaker = certificate.and_then(|certificate| certificate.organization_identifier.as_deref());
    Ok(signatures::check(call.world, call.incoming, speaker)?)
}

/// Reading a payment takes the access token that the customer's approval has given for it, where approvals give one.
pub(super) fn payment_token(call: &Call<'_>, state: &State) -> Result<(), TppMessage> {
    if ["redirect-alone", "sca-decoupled"].iter().any(|habit| call.world.habits.has(habit)) {
        return Ok(());
    }
    let scope = scope::of_payment(call.payment);
    Ok(bearer::check(call.world, state, call.incoming, Need::Scope(&scope), "payment")?)
}

pub(super) fn known_payment(call: &Call<'_>, state: &State) -> Result<(), TppMessage> {
    // What a customer agrees to beforehand, in the other dialect, is no payment.
    let is_payment =
        |payment: &&Payment| !payment.is_forgotten(call.world) && state.consents.get(call.payment).is_none();
    match state.payments.get(call.payment).filter(is_payment) {
        Some(_) => Ok(()),
        None if call.world.faults.on("unknown-payment-served") => Ok(()),
        None if call.world.faults.on("unknown-payment-misnamed") => {
            Err(TppMessage::format_error("the paymentId has the wrong form"))
        }
        None => Err(TppMessage::new(404, "RESOURCE_UNKNOWN", "there is no such payment")),
    }
}

/// A TPP may use any certificate of its own for as long as it is valid: old and new ones live side by side for a while.
pub(super) fn newest_certificate(call: &Call<'_>, state: &State) -> Result<(), TppMessage> {
    let registered = call.world.client(call.tpp()).is_some();
    let met = state.certificates_met.get(call.tpp()).filter(|_| !registered);
    let outdated = met.is_some_and(|met| {
        call.thumbprint().is_some_and(|thumbprint| met.contains(&thumbprint) && met.last() != Some(&thumbprint))
    });
    match outdated && call.world.faults.on("renewal-ends-old-certificate") {
        true => Err(TppMessage::new(401, "CERTIFICATE_INVALID", "there is a newer certificate of the TPP")),
        false => Ok(()),
    }
}

/// RTS Art. 36 gives a TPP what concerns its own payments.
pub(super) fn owner(call: &Call<'_>, state: &State) -> Result<(), TppMessage> {
    let payment = state.payments.get(call.payment);
    let bound = |payment: &Payment| renewal::parts_from_payment(call.world, call.incoming, payment);
    if payment.is_some_and(bound) {
        return Err(TppMessage::new(403, "RESOURCE_UNKNOWN", "the payment belongs to another certificate"));
    }
    let own = payment.is_none_or(|payment| payment.owner == call.tpp());
    match own || call.world.faults.on("payment-owner-unchecked") {
        true => Ok(()),
        false => Err(TppMessage::new(403, "RESOURCE_UNKNOWN", "the payment is not known to belong to you")),
    }
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn a_wildcard_covers_one_label() {
        assert!(covers("tpp-a.example", "TPP-A.example"));
        assert!(covers("*.tpp.example", "a.tpp.example"));
        assert!(!covers("*.tpp.example", "a.b.tpp.example"));
        assert!(!covers("*.tpp.example", "tpp.example"));
    }
}

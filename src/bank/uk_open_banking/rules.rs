//! The rules that requests to the payment API have to pass; `OPERATIONS` says which hold where.

use axum::http::StatusCode;

use super::errors::{HEADER_INVALID, HEADER_MISSING, INVALID_FORMAT};
use super::{Call, UkError};
use crate::bank::certificate::{identification, licence, revocation_status};
use crate::bank::habits;
use crate::bank::model::state::State;
use crate::bank::oauth::bearer::{self, Need};
use crate::bank::oauth::client::authentication::Endpoint;
use crate::bank::signatures;

pub(super) type Rule = fn(&Call<'_>, &State) -> Result<(), UkError>;

/// RTS Art. 34: the TPP is identified by its certificate.
pub(super) fn certificate(call: &Call<'_>, _: &State) -> Result<(), UkError> {
    let faults = &call.world.faults;
    let has_token = call.incoming.header("authorization").is_some();
    let refused = |why: &str| UkError::bare(StatusCode::UNAUTHORIZED, why);
    match &call.incoming.peer.certificate {
        Some(certificate) => identification::check(call.world, certificate, identification::API)
            .and_then(|()| habits::knows(call.world, certificate))
            .map_err(refused),
        None if faults.anonymous(Endpoint::Payments) => Ok(()),
        // The token shall say it all.
        None if has_token && faults.anonymous(Endpoint::BoundResource) => Ok(()),
        None => Err(refused("present a client certificate")),
    }
}

/// A certificate that was revoked identifies nobody any more.
pub(super) fn unrevoked(call: &Call<'_>, _: &State) -> Result<(), UkError> {
    revocation_status::check(call.world, call.incoming)
        .map_err(|reason| UkError::bare(StatusCode::UNAUTHORIZED, reason))
}

/// RTS Art. 34(3)(a): payments are for TPPs with the role PSP_PI.
pub(super) fn role(call: &Call<'_>, _: &State) -> Result<(), UkError> {
    let Some(certificate) = &call.incoming.peer.certificate else { return Ok(()) };
    let faults = &call.world.faults;
    match call.access.is_for_any_role(faults) || licence::allows_payments(faults, certificate) {
        true => Ok(()),
        false => Err(UkError::bare(StatusCode::FORBIDDEN, "the certificate lacks the role PSP_PI")),
    }
}

/// A token that the TPP has got for itself, by client credentials (Payment Initiation API Profile, grants).
pub(super) fn tpps_token(call: &Call<'_>, state: &State) -> Result<(), UkError> {
    bearer::check(call.world, state, call.incoming, Need::Payments, call.operation)?;
    let holder = bearer::holder(call.world, state, call.incoming);
    match holder.is_none_or(|(_, token)| token.intent.is_none()) {
        true => Ok(()),
        false => Err(UkError::bare(StatusCode::FORBIDDEN, "the token is one of a customer's approval")),
    }
}

/// A token that is good for the consent in the path; one that is named in the body comes later.
pub(super) fn consent_token(call: &Call<'_>, state: &State) -> Result<(), UkError> {
    let need = match state.consents.get(call.id) {
        Some(_) => Need::Payment(call.id),
        None => Need::Scope(crate::bank::oauth::scope::PAYMENTS),
    };
    Ok(bearer::check(call.world, state, call.incoming, need, call.operation)?)
}

/// A token that a customer's approval has given.
pub(super) fn customers_token(call: &Call<'_>, state: &State) -> Result<(), UkError> {
    let holder = bearer::holder(call.world, state, call.incoming);
    let is_customers = holder.is_none_or(|(_, token)| token.intent.is_some());
    match is_customers || call.world.faults.on("uk-grant-unchecked") {
        true => Ok(()),
        false => Err(UkError::bare(StatusCode::FORBIDDEN, "the token comes from no customer's approval")),
    }
}

pub(super) fn body_bounded(call: &Call<'_>, _: &State) -> Result<(), UkError> {
    match call.incoming.body_refused {
        true => Err(UkError::bad_request(INVALID_FORMAT, "the body is larger than 64 KiB")),
        false => Ok(()),
    }
}

/// In the form of this dialect alone.
pub(super) fn signature_demanded(call: &Call<'_>, _: &State) -> Result<(), UkError> {
    let is_signed = |incoming: &crate::bank::http::Incoming| incoming.headers.contains_key(signatures::X_JWS_SIGNATURE);
    Ok(signatures::demand(call.world, call.incoming, is_signed)?)
}

/// A signature that is there has to be right.
pub(super) fn signature(call: &Call<'_>, state: &State) -> Result<(), UkError> {
    let speaker = call.tpp(state);
    Ok(signatures::check(call.world, call.incoming, Some(&speaker))?)
}

/// What is sent is JSON, whatever its parameters say.
pub(super) fn media_type(call: &Call<'_>, _: &State) -> Result<(), UkError> {
    let is_json = call.incoming.media_type().as_deref() == Some("application/json");
    match is_json || takes_anything(call) {
        true => Ok(()),
        false => Err(UkError::bare(StatusCode::UNSUPPORTED_MEDIA_TYPE, "the body must be application/json")),
    }
}

/// What is answered is JSON, and the TPP takes it: who says nothing takes anything.
pub(super) fn accepts_json(call: &Call<'_>, _: &State) -> Result<(), UkError> {
    let ranges = call.incoming.headers.get_all("accept").into_iter().filter_map(|value| value.to_str().ok());
    let mut ranges = ranges.flat_map(|value| value.split(',')).filter(|range| !range.trim().is_empty()).peekable();
    match ranges.peek().is_none() || ranges.any(admits_json) || takes_anything(call) {
        true => Ok(()),
        false => {
            Err(UkError::bare(StatusCode::NOT_ACCEPTABLE, "the answer is application/json, which is not accepted"))
        }
    }
}

/// Whether nobody looks at media types.
fn takes_anything(call: &Call<'_>) -> bool {
    call.world.faults.on("uk-media-type-unchecked")
}

/// A media range of Accept (RFC 9110 §12.5.1).
fn admits_json(range: &str) -> bool {
    let mut parts = range.split(';').map(|part| part.trim().to_ascii_lowercase());
    let covers =
        parts.next().is_some_and(|range| ["application/json", "application/*", "*/*"].contains(&range.as_str()));
    let weight = parts.find_map(|part| part.strip_prefix("q=").map(str::to_owned));
    covers && weight.is_none_or(|weight| weight.parse::<f32>().is_ok_and(|weight| weight > 0.0))
}

/// The longest key, in characters (Read-Write Data API Profile, idempotency).
const LONGEST_KEY: usize = 40;

pub(super) fn idempotency_key(call: &Call<'_>, _: &State) -> Result<(), UkError> {
    const NAME: &str = "x-idempotency-key";
    let Some(key) = call.incoming.header(NAME) else {
        return Err(UkError::bad_request(HEADER_MISSING, "the header is missing").at(NAME));
    };
    match key.chars().count() <= LONGEST_KEY || call.world.faults.on("uk-long-key-accepted") {
        true => Ok(()),
        false => Err(UkError::bad_request(HEADER_INVALID, "the key is longer than 40 characters").at(NAME)),
    }
}

#[cfg(test)]
mod tests {
    use super::admits_json;

    #[test]
    fn a_media_range_admits_json_or_not() {
        for range in ["application/json", "*/*", " Application/* ; q=0.1", "application/json; charset=utf-8"] {
            assert!(admits_json(range), "{range}");
        }
        for range in ["text/html", "application/json;q=0", "application/jsonp", "application/json;q=x", ""] {
            assert!(!admits_json(range), "{range}");
        }
    }
}

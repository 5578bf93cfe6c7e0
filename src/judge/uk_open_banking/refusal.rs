//! Refusals whose HTTP status is laid down.

use super::data;
use crate::{
    evidence::exchange::Exchange,
    judge::{
        Finding, head_of, in_words, response_of,
        vocabulary::uk_open_banking::{Consent, Release},
    },
};

/// The request was refused as one that cannot be carried out as it is: with 400, whatever the code.
pub fn bad_request(exchange: &Exchange) -> Finding {
    status_is(exchange, 400)
}

/// The request was answered with that status.
pub fn status_is(exchange: &Exchange, wanted: u16) -> Finding {
    let response = head_of!(exchange);
    let granted = response.status < 300;
    Finding::of(response.status == wanted, format!("status {wanted}"), in_words(response)).granted(granted).at(exchange)
}

/// The consent that the customer denied is rejected, and says why where the release wants that.
pub fn denied(exchange: &Exchange, release: &Release) -> Finding {
    match super::consent_is(exchange, Consent::Rejected, release) {
        Finding::Holds(_) if release.tells_more => {
            let response = response_of!(exchange);
            let reasons = data(response)["StatusReason"].as_array().map_or(0, Vec::len);
            let expected = format!("Status \"{}\" with a StatusReason", release.called(Consent::Rejected));
            Finding::of(reasons > 0, expected, format!("{reasons} StatusReason")).at(exchange)
        }
        other => other,
    }
}

/// An expired token is refused with 401: without a body in 3.1.11, with an error in 4.0.
pub fn expired(exchange: &Exchange, release: &Release) -> Finding {
    let response = response_of!(exchange);
    let (expected, right_body) = match release.tells_more {
        true => ("status 401 with an error", !response.body.is_empty()),
        false => ("status 401 without a body", response.body.is_empty()),
    };
    let granted = response.status < 300;
    Finding::of(response.status == 401 && right_body, expected, in_words(response)).granted(granted).at(exchange)
}

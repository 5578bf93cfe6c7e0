//! The first half of PKCE: the code_challenge of an authorization request (RFC 7636 §4.3). This bank demands `S256`.

use super::authorize::Draft;
use super::error::OAuthError;
use crate::bank::faults::Faults;
use crate::bank::model::authorization::AuthorizationRequest;
use crate::bank::model::grant::{Challenge, Method};

/// The length of a SHA-256 digest in base64url without padding.
const S256_LENGTH: usize = 43;

pub(in crate::bank) fn check(draft: &Draft<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    let faults = &draft.world.faults;
    let Some(value) = draft.params.get("code_challenge") else {
        request.challenge = without_challenge(faults)?;
        return Ok(());
    };
    let method = match draft.params.get("code_challenge_method") {
        Some("S256") => s256(faults, value)?,
        // RFC 7636 §4.3: "plain" is what a missing method means.
        Some("plain") | None if faults.on("pkce-plain-accepted") => Method::Plain,
        Some(method) if method != "plain" && faults.on("pkce-unknown-method-accepted") => Method::Ignored,
        _ => return Err(OAuthError::invalid_request("code_challenge_method must be S256")),
    };
    request.challenge = Some(Challenge { value: value.to_owned(), method });
    Ok(())
}

fn without_challenge(faults: &Faults) -> Result<Option<Challenge>, OAuthError> {
    if faults.on("pkce-optional") {
        return Ok(None);
    }
    if faults.on("pkce-downgrade-accepted") {
        return Ok(Some(Challenge { value: String::new(), method: Method::Ignored }));
    }
    Err(OAuthError::invalid_request("code_challenge is missing"))
}

fn s256(faults: &Faults, value: &str) -> Result<Method, OAuthError> {
    let base64url = |one: u8| one.is_ascii_alphanumeric() || one == b'-' || one == b'_';
    if value.len() == S256_LENGTH && value.bytes().all(base64url) {
        return Ok(Method::S256);
    }
    let hexadecimal = value.len() == 64 && value.bytes().all(|one| one.is_ascii_hexdigit());
    if hexadecimal && faults.on("pkce-hex-challenge-accepted") {
        return Ok(Method::Hexadecimal);
    }
    Err(OAuthError::invalid_request("code_challenge must be 43 characters of base64url without padding"))
}

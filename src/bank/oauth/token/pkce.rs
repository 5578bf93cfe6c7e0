//! The second half of PKCE: the code_verifier of a token request (RFC 7636 §4.5 and §4.6).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::sha::sha256;

use super::code::Redemption;
use crate::bank::faults::Faults;
use crate::bank::model::grant::{Challenge, Method};
use crate::bank::oauth::error::OAuthError;

/// RFC 7636 §4.6, with the two ways round it closed: leaving the verifier out, and leaving the challenge out
/// (RFC 9700 §4.8.2).
pub(super) fn check(redemption: &Redemption<'_>) -> Result<(), OAuthError> {
    let faults = &redemption.request.world.faults;
    let verifier = redemption.request.params.get("code_verifier");
    match (&redemption.code.challenge, verifier) {
        (None, None) => Ok(()),
        (None, Some(_)) => Err(OAuthError::invalid_grant("the flow began without a code_challenge")),
        (Some(_), None) if faults.on("pkce-missing-verifier-accepted") => Ok(()),
        (Some(_), None) if is_empty(redemption) && faults.on("pkce-empty-verifier-accepted") => Ok(()),
        (Some(_), None) => Err(OAuthError::invalid_grant("code_verifier is missing")),
        (Some(challenge), Some(verifier)) => {
            check_grammar(faults, verifier)?;
            check_match(redemption, challenge, verifier)
        }
    }
}

/// It is there, and has no value.
fn is_empty(redemption: &Redemption<'_>) -> bool {
    redemption.request.params.empty().any(|name| name == "code_verifier")
}

/// RFC 7636 §4.1: 43 to 128 unreserved characters.
fn check_grammar(faults: &Faults, verifier: &str) -> Result<(), OAuthError> {
    if !(43..=128).contains(&verifier.len()) && !faults.on("pkce-verifier-length-unchecked") {
        return Err(OAuthError::invalid_grant("code_verifier must have 43 to 128 characters"));
    }
    let unreserved = |one: u8| one.is_ascii_alphanumeric() || b"-._~".contains(&one);
    if !verifier.bytes().all(unreserved) && !faults.on("pkce-verifier-charset-unchecked") {
        return Err(OAuthError::invalid_grant("code_verifier has characters that it must not have"));
    }
    Ok(())
}

fn check_match(redemption: &Redemption<'_>, challenge: &Challenge, verifier: &str) -> Result<(), OAuthError> {
    let faults = &redemption.request.world.faults;
    let of_any_flow = || {
        let own = redemption.state.codes.values().filter(|code| code.client_id == redemption.code.client_id);
        own.filter_map(|code| code.challenge.as_ref()).any(|other| answers(other, verifier))
    };
    let matches = match faults.on("pkce-s256-taken-for-plain") {
        true => verifier == challenge.value,
        false => answers(challenge, verifier),
    };
    let accepted = matches
        || faults.on("pkce-verifier-unchecked")
        || (verifier == challenge.value && faults.on("pkce-challenge-taken-for-verifier"))
        || (is_brought_along(redemption, verifier) && faults.on("pkce-challenge-of-token-request-taken"))
        || (faults.on("pkce-verifier-shared-between-flows") && of_any_flow());
    if accepted { Ok(()) } else { Err(OAuthError::invalid_grant("code_verifier does not match the code_challenge")) }
}

/// The token request has a challenge of its own, which the verifier answers.
fn is_brought_along(redemption: &Redemption<'_>, verifier: &str) -> bool {
    let own = redemption.request.params.get("code_challenge").map(str::to_owned);
    own.is_some_and(|value| answers(&Challenge { value, method: Method::S256 }, verifier))
}

fn answers(challenge: &Challenge, verifier: &str) -> bool {
    let digest = sha256(verifier.as_bytes());
    match challenge.method {
        Method::S256 => URL_SAFE_NO_PAD.encode(digest) == challenge.value,
        Method::Plain => verifier == challenge.value,
        Method::Hexadecimal => {
            let hexadecimal: String = digest.iter().map(|octet| format!("{octet:02x}")).collect();
            hexadecimal == challenge.value.to_ascii_lowercase()
        }
        Method::Ignored => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_rfc_7636_appendix_b() {
        let value = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM".to_owned();
        let challenge = Challenge { value, method: Method::S256 };
        assert!(answers(&challenge, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
        assert!(!answers(&challenge, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl"));
    }
}

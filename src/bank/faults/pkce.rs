//! Faults of PKCE (RFC 7636).

use super::{Fault, fault};

pub(super) const FAULTS: &[Fault] = &[
    fault("pkce-optional", "A request without code_challenge is accepted."),
    fault("pkce-plain-accepted", "The method \"plain\" is accepted."),
    fault("pkce-unknown-method-accepted", "A method that the bank does not know is accepted, and nothing is checked."),
    fault("pkce-hex-challenge-accepted", "A hexadecimal digest is accepted as code_challenge."),
    fault(
        "pkce-s256-taken-for-plain",
        "A code_verifier is held against the code_challenge as it is, whatever the method.",
    ),
    fault("pkce-verifier-unchecked", "The code_verifier is not held against the code_challenge.").also(&["PKCE-010"]),
    fault("pkce-missing-verifier-accepted", "A token request without code_verifier is accepted."),
    fault("pkce-verifier-length-unchecked", "A code_verifier of any length is accepted."),
    fault("pkce-verifier-charset-unchecked", "A code_verifier of any characters is accepted."),
    fault(
        "pkce-downgrade-accepted",
        "A request without code_challenge is accepted, and a code_verifier that comes later is ignored.",
    )
    .also(&["PKCE-001"]),
    fault("pkce-verifier-shared-between-flows", "The code_verifier of any flow of the TPP is accepted."),
];

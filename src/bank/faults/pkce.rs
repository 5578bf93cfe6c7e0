//! Faults of PKCE (RFC 7636).

use super::{Fault, fault};

pub(super) const FAULTS: &[Fault] = &[
    fault("pkce-optional", "A request without code_challenge is accepted.")
        .breaks(&["RFC7636-4.4.1-challenge-required", "FAPI2-5.3.2.2-pkce"]),
    fault("pkce-plain-accepted", "The method \"plain\" is accepted.")
        .breaks(&["RFC7636-4.4.1-unknown-method", "FAPI2-5.3.2.2-pkce"]),
    fault("pkce-unknown-method-accepted", "A method that the bank does not know is accepted, and nothing is checked."),
    fault("pkce-hex-challenge-accepted", "A hexadecimal digest is accepted as code_challenge.")
        .breaks(&["RFC7636-4.2-s256-encoding", "RFC7636-4.6"]),
    fault(
        "pkce-s256-taken-for-plain",
        "A code_verifier is held against the code_challenge as it is, whatever the method.",
    )
    .breaks(&["RFC7636-4.2-s256-supported", "RFC7636-4.6-match", "RFC9700-2.1.1-pkce-supported"])
    .also(&["PKCE-011"]),
    fault("pkce-verifier-unchecked", "The code_verifier is not held against the code_challenge.").also(&[
        "PKCE-010",
        "PKCE-011",
        "TOKEN-035",
    ]),
    fault("pkce-missing-verifier-accepted", "A token request without code_verifier is accepted.").also(&["PKCE-011"]),
    fault("pkce-empty-verifier-accepted", "A code_verifier without a value is accepted."),
    fault("pkce-challenge-taken-for-verifier", "The code_challenge itself is accepted as code_verifier."),
    fault(
        "pkce-challenge-of-token-request-taken",
        "A code_challenge that comes with the token request counts for that of the authorization request.",
    ),
    fault("pkce-verifier-length-unchecked", "A code_verifier of any length is accepted."),
    fault("pkce-verifier-charset-unchecked", "A code_verifier of any characters is accepted."),
    fault(
        "pkce-downgrade-accepted",
        "A request without code_challenge is accepted, and a code_verifier that comes later is ignored.",
    )
    .breaks(&["RFC9700-2.1.1-no-downgrade", "RFC9700-4.8.2"])
    .also(&["PKCE-001"]),
    fault("pkce-verifier-shared-between-flows", "The code_verifier of any flow of the TPP is accepted.").breaks(&[
        "RFC7636-4.4-associated",
        "RFC7636-4.6",
        "RFC9700-4.5.3-code-bound",
    ]),
    fault("code-exposes-challenge", "The code_challenge can be read out of each authorization code."),
];

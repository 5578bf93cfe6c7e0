//! Faults in the signatures on messages: the Berlin Group's, the UK's, those of RFC 9421, and the bank's own.

use super::{Fault, fault};

pub(super) const FAULTS: &[Fault] = &[
    fault("signature-optional", "A payment without a signature is accepted where one is demanded.").also(&["SIGN-082"]),
    fault("signature-errors-as-format-error", "Whatever is wrong with a signature is refused as a wrong format."),
    fault("malformed-signature-server-error", "A signature that cannot be read is answered with a server error."),
    fault("signed-initiation-refused", "A correctly signed payment is refused.").also(&["BG-001"]),
    fault(
        "unknown-signature-parameter-refused",
        "A Signature with a parameter that the bank does not know is refused.",
    ),
    fault("repeated-signature-parameter-accepted", "A Signature with a repeated parameter is accepted."),
    fault("signature-certificate-optional", "A signature without its certificate is accepted unseen."),
    fault("expired-seal-accepted", "A signature by an expired seal is accepted."),
    fault("seal-of-unknown-ca-accepted", "A signature by a seal of an unknown issuer is accepted."),
    fault("qwac-accepted-as-seal", "A signature by the key of a QWAC is accepted."),
    fault("seal-of-another-tpp-accepted", "A signature by another TPP's seal is accepted."),
    fault("signature-key-id-ignored", "A keyId that names another certificate is accepted."),
    fault("signed-headers-any", "A signature that covers neither digest nor x-request-id is accepted."),
    fault("signed-headers-conditional-unchecked", "A signature that leaves out TPP-Redirect-URI is accepted."),
    fault("signature-by-sha-1-accepted", "A signature over SHA-1 is accepted."),
    fault("signature-none-accepted", "The algorithm none is accepted in a Signature."),
    fault("signature-by-sha-512-refused", "A signature over SHA-512 is refused."),
    fault("signature-by-ec-key-refused", "A signature by ECDSA is refused."),
    fault("digest-optional", "A signed request without a Digest is accepted."),
    fault("digest-unchecked", "The Digest is not held against the body."),
    fault("weak-digest-accepted", "A Digest by MD5 or SHA-1 is accepted."),
    fault("digest-by-sha-512-refused", "A Digest by SHA-512 is refused."),
    fault("digest-name-case-sensitive", "A Digest by sha-256 in lower case is refused."),
    fault("digest-of-rewritten-body", "The Digest is held against the body as the bank would write it."),
    fault("signed-header-order-fixed", "The signed headers are taken in the bank's own order."),
    fault("signature-unchecked", "The Signature is not held against the request.")
        .breaks(&["CAVAGE-2.5-verified", "BG-12-verified"])
        .also(&["SIGN-080", "SIGN-083"]),
    fault("jws-refused", "A correct x-jws-signature is refused."),
    fault("jws-typ-demanded", "An x-jws-signature without typ is refused."),
    fault("jws-attached-accepted", "An x-jws-signature with its payload in it is accepted.")
        .breaks(&["RFC7515-F-detached", "UK-signing-detached"]),
    fault("jws-rs256-accepted", "An x-jws-signature by RS256 is accepted."),
    fault("jws-none-accepted", "The algorithm none is accepted in an x-jws-signature."),
    fault("jws-unknown-critical-accepted", "A critical claim that the bank does not know is accepted."),
    fault("jws-critical-incomplete-accepted", "Claims that are not marked as critical are accepted."),
    fault("jws-b64-accepted", "An unencoded payload is accepted."),
    fault("jws-claims-optional", "An x-jws-signature without a mandatory claim is accepted."),
    fault("jws-iat-unchecked", "An x-jws-signature from the future is accepted."),
    fault("jws-iss-unchecked", "An x-jws-signature in the name of somebody else is accepted."),
    fault("jws-tan-unchecked", "An x-jws-signature under another trust anchor is accepted."),
    fault("jws-kid-ignored", "An x-jws-signature under an unknown kid is accepted."),
    fault("jws-of-rewritten-body", "An x-jws-signature is held against the body as the bank would write it."),
    fault("jws-signature-unchecked", "The x-jws-signature is not held against the request.")
        .breaks(&["UK-signing-verified", "RFC7515-5.2-verified"])
        .also(&["SIGN-081", "SIGN-084"]),
    fault("message-signature-refused", "A correct message signature is refused."),
    fault("covered-components-unchecked", "A message signature that leaves out method, address or digest is accepted."),
    fault("component-order-fixed", "A message signature with its components in another order is refused."),
    fault("created-unchecked", "A message signature from the future is accepted."),
    fault("expires-unchecked", "A message signature that has expired is accepted."),
    fault("message-algorithm-demanded", "A message signature that does not name its algorithm is refused."),
    fault("message-algorithm-unchecked", "A message signature with any name of an algorithm is accepted."),
    fault("message-key-id-ignored", "A message signature under an unknown keyid is accepted."),
    fault("content-digest-optional", "A message signature without a Content-Digest is accepted."),
    fault("content-digest-unchecked", "The Content-Digest is not held against the body.")
        .breaks(&["RFC9421-3.2.1-requirements", "RFC9530-2-digest"]),
    fault("weak-content-digest-accepted", "A Content-Digest by MD5 or SHA-1 is accepted."),
    fault("content-digest-by-sha-512-refused", "A Content-Digest by SHA-512 is refused."),
    fault(
        "content-digest-of-rewritten-body",
        "The Content-Digest is held against the body as the bank would write it.",
    ),
    fault("message-signature-unchecked", "The message signature is not held against the request."),
    fault("answer-unsigned", "Answers are not signed."),
    fault("error-answer-unsigned", "Answers that are errors are not signed."),
    fault("answer-signature-wrong", "The signature of an answer does not fit it."),
    fault("answer-claims-missing", "The x-jws-signature of an answer does not say who signed it and when.")
        .breaks(&["UK-signing-answer-claims"]),
    fault("answer-claim-twice", "The x-jws-signature of an answer names its issuer twice.")
        .breaks(&["RFC7515-4-unique-names"]),
    fault("answer-status-unsigned", "The message signature of an answer does not cover its status."),
];

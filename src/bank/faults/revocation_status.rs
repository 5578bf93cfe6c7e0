//! Faults in finding out whether a certificate has been revoked.

use super::{Fault, fault};

pub(super) const FAULTS: &[Fault] = &[
    fault("crl-ignored", "A certificate that its issuer's CRL lists is accepted.")
        .breaks(&["RTS-34.1-no-other", "RFC5280-6.1.3-not-revoked"]),
    fault("ocsp-ignored", "A certificate that the OCSP responder calls revoked is accepted.")
        .breaks(&["RTS-34.1-no-other", "RFC5280-6.1.3-not-revoked", "RFC6960-2.2-revoked"])
        .also(&["CERT-117", "CERT-118", "CERT-119"]),
    fault("crl-not-asked-after-ocsp", "Where the OCSP responder has no answer, the CRL is not asked either."),
    fault("ocsp-unknown-taken-for-good", "A certificate of which the OCSP responder knows nothing is taken for good."),
    fault("stale-ocsp-answer-accepted", "An OCSP answer counts for ever, whatever its nextUpdate says."),
    // Whoever does not check the signature does not ask who has signed either.
    fault("ocsp-signature-unchecked", "The signature of an OCSP answer is not checked.").also(&["CERT-084"]),
    fault("undelegated-ocsp-responder-believed", "Any certificate of the CA may sign OCSP answers.")
        .breaks(&["RFC6960-3.2-signer", "RFC6960-4.2.2.2-delegated"]),
    fault("certificate-hold-ignored", "A certificate that is suspended is accepted.")
        .breaks(&["RFC6960-2.2-revoked", "RTS-34.1-no-other"]),
    fault("revoked-certificate-wrong-code", "A revoked certificate is refused as an expired one."),
    fault(
        "superseded-certificate-bars-successor",
        "A TPP whose old certificate was revoked is refused with its new one.",
    )
    .breaks(&["RFC5280-5.3.1-by-serial", "RTS-34.1"]),
    fault("stale-crl-kept", "A CRL is never fetched again."),
    fault("stale-ocsp-answer-kept", "An OCSP responder is never asked twice about a certificate.").also(&["CERT-118"]),
    fault("status-asked-once-per-connection", "On a connection that stays open, a certificate is asked about once.")
        .breaks(&["RFC6960-3.2-recent", "RTS-34.1-no-other"]),
    fault("resumption-skips-status", "A resumed TLS session carries a revoked certificate over.")
        .breaks(&["RFC6960-3.2-recent", "RTS-34.1-no-other"]),
    fault("refresh-skips-status", "A refresh token is redeemed under a revoked certificate.")
        .breaks(&["RTS-34.1-no-other", "RFC5280-6.1.3-not-revoked"]),
    fault("token-outlives-certificate", "Whoever shows an access token is not asked about the certificate any more.")
        .breaks(&["RFC6960-3.2-recent", "RTS-34.1-no-other"])
        .also(&["CERT-118"]),
];

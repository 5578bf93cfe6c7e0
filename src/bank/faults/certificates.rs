//! Faults in the identification of TPPs by their certificates (RTS Art. 34).

use super::{Fault, fault};

pub(super) const FAULTS: &[Fault] = &[
    fault("valid-qwac-refused", "A TPP with a valid QWAC is refused.").also(&["BG-001", "REVOKE-004", "TOKEN-018"]),
    fault("renewed-certificate-refused", "A TPP is known only by the certificate that it registered with.")
        .also(&["CERT-026", "CERT-080"]),
    fault("client-certificate-optional", "The token endpoint and the API serve TPPs without a certificate.")
        .also(&["TOKEN-003"]),
    fault("token-endpoint-without-client-authentication", "The token endpoint serves TPPs without a certificate.")
        .also(&["CERT-001"]),
    fault("any-certificate-authenticates", "The certificate of any TPP authenticates every client."),
    fault("unknown-ca-accepted", "A certificate from an unknown issuer is accepted."),
    fault("self-signed-accepted", "A self-signed certificate is accepted."),
    fault("expired-certificate-accepted", "An expired certificate is accepted."),
    fault("not-yet-valid-certificate-accepted", "A certificate that is not yet valid is accepted."),
    fault("certificate-without-psd2-statement-accepted", "A certificate without the PSD2 statement opens the API."),
    fault("role-unchecked", "A TPP without the role PSP_PI can initiate payments."),
];

//! Faults in what a certificate entitles to, and in where it is taken from.

use super::{Fault, fault};

pub(super) const FAULTS: &[Fault] = &[
    fault("role-unchecked-on-payment", "A payment is shown to a TPP without the role PSP_PI.")
        .breaks(&["RTS-34.3.a-role", "ETSI119495-5.2.2-role-read"]),
    fault("role-unchecked-on-status", "The status of a payment is told to a TPP without the role PSP_PI.")
        .breaks(&["RTS-34.3.a-role", "ETSI119495-5.2.2-role-read"])
        .also(&["CERT-114"]),
    fault("role-unchecked-on-cancellation", "A TPP without the role PSP_PI can cancel a payment.")
        .breaks(&["RTS-34.3.a-role", "ETSI119495-5.2.2-role-read"])
        .also(&["CERT-114"]),
    fault("role-unchecked-on-authorisation", "A TPP without the role PSP_PI can have a payment authorised.")
        .breaks(&["RTS-34.3.a-role", "ETSI119495-5.2.2-role-read"])
        .also(&["CERT-114"]),
    fault("role-unchecked-on-sca-status", "The scaStatus is told to a TPP without the role PSP_PI.")
        .breaks(&["RTS-34.3.a-role", "ETSI119495-5.2.2-role-read"])
        .also(&["CERT-114"]),
    fault("unlicensed-scope-granted", "A TPP without the role PSP_PI gets access tokens for payments.")
        .breaks(&["RTS-34.3.a-role", "ETSI119495-5.2.2-role-read"]),
    fault("certificate-header-trusted", "Without a certificate in TLS, that of a header counts.").breaks(&[
        "RFC9700-4.13",
        "RFC9440-3-sanitised",
        "RTS-34.1-no-other",
    ]),
    fault("certificate-header-overrides-tls", "The certificate of a header counts more than that of TLS.").breaks(&[
        "RFC9700-4.13",
        "RFC9440-3-sanitised",
        "RTS-34.3.a-role",
    ]),
    fault("subject-header-trusted", "Without a certificate in TLS, the subject in a header authenticates a client.")
        .breaks(&["RFC9700-4.13", "RFC8705-2-mutual-tls"]),
];

//! Faults in the TLS of the bank's listeners (RFC 9325).

use super::{Fault, fault};

pub(super) const FAULTS: &[Fault] = &[
    fault("ssl-3-0-accepted", "SSL 3.0 is spoken with whoever offers it."),
    fault("tls-1-0-accepted", "TLS 1.0 is spoken with whoever offers it."),
    fault("tls-1-1-accepted", "TLS 1.1 is spoken with whoever offers it."),
    // Whoever speaks nothing but TLS 1.1 speaks TLS 1.1, and no TLS 1.3.
    fault("only-old-tls", "Nothing but TLS 1.1 is spoken.").also(&["TLS-002", "TLS-005"]),
    fault("tls-1-3-missing", "TLS 1.3 is not spoken."),
    fault("tls-1-3-not-preferred", "TLS 1.2 is chosen where TLS 1.3 is offered as well."),
    fault("tls-null-suite-accepted", "Suites without encryption are agreed to."),
    fault("tls-anonymous-suite-accepted", "Suites without authentication of the bank are agreed to."),
    fault("tls-rc4-accepted", "RC4 suites are agreed to."),
    fault("tls-export-suite-accepted", "Export-grade suites are agreed to."),
    fault("tls-3des-accepted", "3DES suites are agreed to."),
    fault("tls-static-rsa-accepted", "Suites with RSA key transport are agreed to."),
    fault("tls-static-dh-accepted", "Suites with static Diffie-Hellman keys are agreed to."),
    fault("tls-finite-field-dhe-accepted", "Suites with finite-field Diffie-Hellman are agreed to in TLS 1.2."),
    fault("tls-cbc-suite-accepted", "Suites in CBC mode are agreed to without encrypt-then-MAC."),
    fault("tls-compression-accepted", "TLS compression is agreed to."),
    fault("tls-renegotiation-insecure", "Renegotiation in TLS 1.2 is not bound to the session before it."),
    fault("tls-extended-master-secret-missing", "The keys of TLS 1.2 do not depend on the whole handshake."),
    fault("server-certificate-for-another-host", "The bank's TLS certificate is for another host."),
    fault("server-certificate-expired", "The bank's TLS certificate has expired."),
    fault("server-certificate-about-to-expire", "The bank's TLS certificate ends in three days."),
    fault("leaf-only-chain", "The token endpoint and the API send their certificate without that of its issuer."),
    fault("chain-out-of-order", "The bank sends the certificates of its chain in the wrong order."),
    fault("server-key-too-short", "Clients without ECDSA are shown a certificate with an RSA key of 1024 bits."),
    fault("server-certificate-signed-with-sha-1", "Clients without ECDSA are shown a certificate signed with SHA-1."),
    fault("plain-http-served", "The customer's pages and the metadata are served without TLS as well.").breaks(&[
        "RFC6749-3.1-tls",
        "OWASP-API8-https",
        "RFC8414-3-tls",
    ]),
    fault("hsts-missing", "Browsers are not told to come over TLS alone."),
    fault(
        "client-certificate-merely-requested",
        "Who comes to the token endpoint and the API without a certificate is shown a page.",
    )
    .breaks(&["RTS-34.1-no-other", "RFC8705-3-tls-at-resource"])
    // The page comes with 200, where these must be refused as well.
    .also(&["BIND-005", "INTRO-001", "REVOKE-005"]),
    fault(
        "session-resumed-across-hosts",
        "A TLS session that was begun at the customer's pages is resumed at the token endpoint and the API.",
    ),
    fault("client-authorities-of-others", "The bank says that it wants certificates of an authority that no TPP has.")
        .breaks(&["RFC8446-4.4.2.3-authorities", "RTS-32.3-no-obstacles"]),
];

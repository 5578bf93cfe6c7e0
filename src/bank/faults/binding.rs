//! Faults in binding access tokens to certificates (RFC 8705), and in letting a TPP renew its certificate.

use super::{Fault, fault};

pub(super) const FAULTS: &[Fault] = &[
    fault("metadata-without-bound-tokens", "The metadata does not say that access tokens are bound to certificates."),
    // What the token does not say, introspection does not say either.
    fault("jwt-without-cnf", "An access token does not say which certificate it is bound to.").also(&["INTRO-005"]),
    fault("cnf-thumbprint-in-hexadecimal", "The thumbprint of an access token's certificate is hexadecimal.")
        .also(&["INTRO-005"]),
    fault(
        "client-credentials-token-unbound",
        "An access token for client credentials is not bound to the certificate.",
    ),
    fault("bound-token-without-certificate-accepted", "Whoever shows an access token needs no certificate.").breaks(&[
        "RFC8705-3-bound",
        "RFC8705-3-401",
        "RFC8705-3-tls-at-resource",
    ]),
    fault("binding-refused-with-403", "A bound token under another certificate is refused with 403."),
    fault("refresh-keeps-old-binding", "A refreshed access token is bound to the certificate of the first one.")
        .breaks(&["RFC8705-3-token-endpoint-certificate", "RFC8705-7.1-refresh-bound-to-client"]),
    fault("refreshed-token-unbound", "A refreshed access token is bound to no certificate.").breaks(&[
        "RFC8705-3.1-cnf-in-jwt",
        "RFC8705-3-bound",
        "RFC9700-4.10.1",
    ]),
    fault("refresh-token-bound-to-certificate", "A refresh token works under the first certificate alone.")
        .breaks(&["RFC8705-7.1-refresh-bound-to-client", "ETSI119495-5.2.1-organization-identifier-read"]),
    // The token of BIND-007 is good: what it opens is not shown.
    fault("payment-bound-to-certificate", "A payment is shown under the certificate that it was initiated with alone.")
        .also(&["BIND-007"]),
    fault("renewal-ends-old-certificate", "Once a TPP has shown a new certificate, its old one is refused."),
    fault("subject-matched-by-common-name", "A client is known by the common name of its certificate.")
        .breaks(&["RFC8705-2.1-subject-matched", "RFC8705-2-binding-enforced"]),
    fault("subject-matched-by-organization", "A client is known by the organization name of its certificate.")
        .breaks(&["RFC8705-2.1-subject-matched", "RFC8705-2-binding-enforced"]),
    fault("subject-matched-by-prefix", "A client is known by the beginning of its organizationIdentifier.")
        .breaks(&["RFC8705-2.1-subject-matched", "RFC8705-2-binding-enforced"]),
];

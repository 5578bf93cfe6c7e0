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
    fault("bound-token-without-certificate-accepted", "Whoever shows an access token needs no certificate."),
    fault("binding-refused-with-403", "A bound token under another certificate is refused with 403."),
    fault("refresh-keeps-old-binding", "A refreshed access token is bound to the certificate of the first one."),
    fault("refreshed-token-unbound", "A refreshed access token is bound to no certificate."),
    fault("refresh-token-bound-to-certificate", "A refresh token works under the first certificate alone."),
    // The token of BIND-007 is good: what it opens is not shown.
    fault("payment-bound-to-certificate", "A payment is shown under the certificate that it was initiated with alone.")
        .also(&["BIND-007"]),
    fault("renewal-ends-old-certificate", "Once a TPP has shown a new certificate, its old one is refused."),
    fault("subject-matched-by-common-name", "A client is known by the common name of its certificate."),
    fault("subject-matched-by-organization", "A client is known by the organization name of its certificate."),
    fault("subject-matched-by-prefix", "A client is known by the beginning of its organizationIdentifier."),
];

//! Faults in authenticating clients by assertions and secrets, and in what they push.

use super::{Fault, fault};

pub(super) const FAULTS: &[Fault] = &[
    fault("right-credentials-refused", "A client is refused whose assertion or secret is right.").also(&[
        "CERT-023",
        "CERT-025",
        "CERT-026",
        "CERT-080",
        "REVOKE-004",
        "TOKEN-018",
    ]),
    fault("assertion-signature-unchecked", "The signature of a client's assertion is not checked.")
        .breaks(&["RFC7523-3-signature", "RFC7523-3.2-invalid-client"])
        .also(&["TOKEN-004", "CAUTH-003", "CAUTH-022", "TOKEN-034"]),
    fault("assertion-alg-none-accepted", "A client's assertion with the algorithm \"none\" is accepted.")
        .breaks(&["RFC7523-3-signature", "RFC7523-3.2-invalid-client"]),
    fault("assertion-audience-unchecked", "A client's assertion for another server is accepted.")
        .breaks(&["RFC7523-3-audience", "RFC7523-3.2-invalid-client"]),
    fault("assertion-expiry-unchecked", "A client's assertion is accepted after it has expired.")
        .breaks(&["RFC7523-3-expiry", "RFC7523-3.2-invalid-client"]),
    fault("assertion-without-expiry-accepted", "A client's assertion is accepted that never expires.")
        .breaks(&["RFC7523-3-expiry-present", "RFC7523-3.2-invalid-client"]),
    fault("assertion-names-unchecked", "A client's assertion is accepted that names another client.").breaks(&[
        "RFC7523-3-issuer",
        "RFC7523-3-subject",
        "RFC7523-3.2-invalid-client",
    ]),
    fault(
        "assertion-with-loose-audience-accepted",
        "A client's assertion is accepted that is for more than the issuer alone.",
    ),
    fault("assertion-from-the-future-accepted", "A client's assertion is accepted two minutes before it begins."),
    fault("assertion-of-a-fast-clock-refused", "A client's assertion is refused whose clock is some seconds ahead."),
    fault("assertion-replayable", "A client's assertion can be used again."),
    fault("secrets-authenticate-alone", "Clients can authenticate by shared secrets alone.")
        .breaks(&["RFC9700-2.5-asymmetric", "FAPI2-5.3.2.1-client-authentication"]),
    fault(
        "secrets-in-forms-authenticate-alone",
        "Clients can authenticate by shared secrets in forms alone, without TLS certificates.",
    )
    .breaks(&["RFC9700-2.5-asymmetric", "FAPI2-5.3.2.1-client-authentication"])
    .also(&["BIND-001", "BIND-009"]),
    fault("client-secret-unchecked", "Any client_secret is as good as the right one.").also(&["CAUTH-023"]),
    fault("client-secret-in-query-accepted", "A client_secret is taken from the address."),
    fault("two-client-authentications-accepted", "A client may show its secret in two ways at once."),
    fault(
        "basic-refused-without-challenge",
        "A wrong secret in the Authorization header is refused without a challenge.",
    ),
    fault("par-answered-with-200", "A pushed request is answered with 200.").breaks(&["RFC9126-2.2-created"]),
    fault("par-without-lifetime", "A pushed request is answered without expires_in.").breaks(&["RFC9126-2.2-members"]),
    fault("pushed-request-refused", "A pushed request is not known when its customer comes.")
        .breaks(&["RFC9126-4-authorization", "FAPI2-5.3.2.2-par"])
        .also(&["FLOW-001"]),
    fault("pushed-request-of-any-client", "A pushed request can be used under any client_id."),
    fault("pushed-request-reusable", "A pushed request can be used again."),
    fault("pushed-request-never-expires", "A pushed request waits for ever."),
    fault("par-request-uri-parameter-accepted", "A pushed request may refer to another one."),
    fault("par-by-get", "Requests can be pushed by GET."),
    fault("par-without-client-authentication", "Anybody can push a request.")
        .breaks(&["RFC9126-2.1-client-authentication", "FAPI2-5.3.2.2-par-authenticated"]),
    fault("par-requirement-unenforced", "A request that should have been pushed is served all the same.").breaks(&[
        "RFC9126-5-required",
        "RFC9126-6-client",
        "FAPI2-5.3.2.2-par-alone",
    ]),
    fault("par-refuses-issuer-as-audience", "An assertion for the issuer is refused where requests are pushed.")
        .also(&["PAR-001"]),
    fault(
        "par-takes-loose-audience",
        "A pushed request is taken with an assertion that is for more than the issuer alone.",
    ),
    fault("pushed-request-kept-for-an-hour", "A pushed request waits for an hour."),
    fault("tokens-unbound", "Access tokens are bound to nothing.")
        .breaks(&["RFC9700-2.2.1", "FAPI2-5.3.2.1-sender-constrained", "FAPI2-5.3.4-sender-constraint"])
        .also(&["BIND-002", "BIND-008", "INTRO-005", "TOKEN-010"]),
];

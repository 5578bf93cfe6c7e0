//! Faults in authenticating clients by assertions and secrets, and in what they push.

use super::{Fault, fault};

pub(super) const FAULTS: &[Fault] = &[
    // Where every TPP authenticates so, none is let in.
    fault("right-credentials-refused", "A client is refused whose assertion or secret is right.").also(&[
        "CERT-023",
        "CERT-025",
        "CERT-026",
        "CERT-080",
        "REVOKE-004",
        "TOKEN-018",
    ]),
    fault("assertion-signature-unchecked", "The signature of a client's assertion is not checked.").also(&[
        "TOKEN-004",
        "CAUTH-003",
        "CAUTH-022",
        "TOKEN-034",
    ]),
    fault("assertion-alg-none-accepted", "A client's assertion with the algorithm \"none\" is accepted."),
    fault("assertion-audience-unchecked", "A client's assertion for another server is accepted."),
    fault("assertion-expiry-unchecked", "A client's assertion is accepted after it has expired."),
    fault("assertion-without-expiry-accepted", "A client's assertion is accepted that never expires."),
    fault("assertion-names-unchecked", "A client's assertion is accepted that names another client."),
    fault(
        "assertion-with-loose-audience-accepted",
        "A client's assertion is accepted that is for more than the issuer alone.",
    ),
    fault("assertion-from-the-future-accepted", "A client's assertion is accepted two minutes before it begins."),
    fault("assertion-of-a-fast-clock-refused", "A client's assertion is refused whose clock is some seconds ahead."),
    fault("assertion-replayable", "A client's assertion can be used again."),
    fault("secrets-authenticate-alone", "Clients can authenticate by shared secrets alone."),
    // Nobody has shown a certificate that such a token could be bound to.
    fault(
        "secrets-in-forms-authenticate-alone",
        "Clients can authenticate by shared secrets in forms alone, without TLS certificates.",
    )
    .also(&["BIND-001", "BIND-009"]),
    fault("client-secret-unchecked", "Any client_secret is as good as the right one.").also(&["CAUTH-023"]),
    fault("client-secret-in-query-accepted", "A client_secret is taken from the address."),
    fault("two-client-authentications-accepted", "A client may show its secret in two ways at once."),
    fault(
        "basic-refused-without-challenge",
        "A wrong secret in the Authorization header is refused without a challenge.",
    ),
    fault("par-answered-with-200", "A pushed request is answered with 200."),
    // Where every request is pushed, no other way is left.
    fault("pushed-request-refused", "A pushed request is not known when its customer comes.").also(&["FLOW-001"]),
    fault("pushed-request-of-any-client", "A pushed request can be used under any client_id."),
    fault("pushed-request-reusable", "A pushed request can be used again."),
    fault("pushed-request-never-expires", "A pushed request waits for ever."),
    fault("par-request-uri-parameter-accepted", "A pushed request may refer to another one."),
    fault("par-by-get", "Requests can be pushed by GET."),
    fault("par-without-client-authentication", "Anybody can push a request."),
    fault("par-requirement-unenforced", "A request that should have been pushed is served all the same."),
    // Where every TPP authenticates so, none pushes anything.
    fault("par-refuses-issuer-as-audience", "An assertion for the issuer is refused where requests are pushed.")
        .also(&["PAR-001"]),
    fault(
        "par-takes-loose-audience",
        "A pushed request is taken with an assertion that is for more than the issuer alone.",
    ),
    fault("pushed-request-kept-for-an-hour", "A pushed request waits for an hour."),
    // Where a profile promises it, whatever the metadata says.
    fault("tokens-unbound", "Access tokens are bound to nothing.").also(&[
        "BIND-002",
        "BIND-008",
        "INTRO-005",
        "TOKEN-010",
    ]),
];

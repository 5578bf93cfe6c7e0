//! Faults of the metadata, the authorization endpoint, its answers to the TPP, and the customer's pages.

use super::{Fault, fault};

pub(super) const FAULTS: &[Fault] = &[
    fault("metadata-wrong-media-type", "The metadata document is served as HTML.")
        .breaks(&["RFC8414-3.2-json", "FAPI2-5.3.2.1-metadata"]),
    fault("metadata-wrong-issuer", "The metadata document names another issuer than the one that was asked."),
    fault("metadata-http-endpoint", "The metadata document names an endpoint without TLS.").breaks(&[
        "RFC6749-3.1-tls",
        "RFC6749-3.2-tls",
        "RFC7009-2-https",
        "RFC8414-2-jwks-https",
    ]),
    fault("metadata-member-missing", "The metadata document leaves out what every TPP needs.")
        .breaks(&[
            "RFC8414-2-issuer",
            "RFC8414-2-authorization-endpoint",
            "RFC8414-2-token-endpoint",
            "RFC8414-2-response-types-supported",
        ])
        .also(&["META-002", "BG-075"]),
    fault("metadata-endpoint-with-fragment", "The address of the authorization endpoint has a fragment."),
    fault("metadata-empty-list", "A list of the metadata document has no elements."),
    fault(
        "metadata-without-signing-algorithms",
        "The metadata document lists no algorithms, although clients authenticate by signed JWTs.",
    ),
    fault(
        "metadata-without-iss-parameter",
        "The metadata document does not say that authorization responses name their issuer.",
    ),
    fault("jwks-use-missing", "The key set has a key for encryption, and the others do not say what they are for."),
    fault("callback-errors-with-quotes", "The texts of errors that go to a TPP are in quotes."),
    fault("password-readable", "The page shows the password while it is typed."),
    fault("metadata-without-pkce", "The metadata document does not say that PKCE is supported."),
    fault("metadata-without-revocation-endpoint", "The metadata document does not name the revocation endpoint."),
    fault("metadata-offers-password", "The metadata document offers the password grant."),
    fault(
        "metadata-offers-alg-none",
        "The metadata offers assertions of clients that nobody has signed, by the algorithm none.",
    ),
    fault("jwks-private-key", "The key set shows the private keys."),
    fault("jwks-duplicate-kid", "Two keys of the key set have the same kid."),
    fault("response-type-defaulted", "A request without response_type is taken for one with \"code\".")
        .breaks(&["RFC6749-3.1.1-response-type", "RFC6749-4.1.2.1-invalid-request"])
        .also(&["AUTHZ-039"]),
    fault("implicit-grant-enabled", "response_type \"token\" brings an access token through the browser.")
        .breaks(&["RFC9700-2.1.2", "FAPI2-5.3.2.2-response-type"]),
    fault("token-beside-code-enabled", "response_type \"code token\" brings an access token through the browser.")
        .breaks(&["RFC9700-2.1.2", "FAPI2-5.3.2.2-response-type"]),
    fault(
        "unknown-client-redirected",
        "An unknown client_id is told so by a redirect to the redirect_uri it came with.",
    )
    .breaks(&["RFC6749-4.1.2.1-no-redirect", "RFC9700-4.11.2"]),
    fault("scope-unchecked", "A payment that does not exist can be authorised."),
    fault("foreign-payment-authorised", "A TPP can have another TPP's payment authorised.")
        .breaks(&["BG-payments-owner", "BG-oauth-scope-owner"]),
    fault("reauthorisation-accepted", "A payment that is authorised can be authorised again."),
    fault("duplicate-parameter-accepted", "Of a parameter that is sent twice, the first is taken.")
        .also(&["AUTHZ-037", "PAR-012"]),
    fault("pushed-parameter-twice-accepted", "Of a parameter that is pushed twice, the first is taken.")
        .also(&["AUTHZ-017", "AUTHZ-037"]),
    fault("empty-parameter-refused", "An authorization request with a parameter without a value is refused.")
        .also(&["PAR-013"]),
    fault("empty-pushed-parameter-refused", "A pushed request with a parameter without a value is refused.")
        .also(&["AUTHZ-038"]),
    fault("empty-response-type-taken", "A response_type without a value is taken for \"code\".")
        .breaks(&["RFC6749-3.1-empty-is-omitted", "RFC6749-3.1.1-response-type"]),
    fault("unknown-parameter-refused", "A request with a parameter that the bank does not know is refused.")
        .also(&["AUTHZ-038", "PAR-013"]),
    fault("redirect-uri-unchecked", "Any redirect_uri is accepted.")
        .breaks(&["RFC6749-3.1.2.3-compared", "RFC6749-3.1.2.4", "RFC6749-4.1.2.1-no-redirect"])
        .also(&["REDIR-021", "REDIR-002", "REDIR-003", "REDIR-004", "REDIR-005", "REDIR-010"]),
    fault("redirect-uri-prefix-match", "A redirect_uri is accepted if it begins with a registered one.")
        .breaks(&["RFC9700-2.1-exact-match", "RFC9700-4.1.3"])
        .also(&["REDIR-022"]),
    fault(
        "redirect-uri-substring-match",
        "A redirect_uri at another host is accepted if it holds the registered host.",
    )
    .breaks(&["RFC9700-2.1-exact-match", "RFC9700-4.1.3"])
    .also(&["REDIR-021"]),
    fault("redirect-uri-fragment-accepted", "A redirect_uri is compared without its fragment.")
        .breaks(&["RFC6749-3.1.2-no-fragment", "RFC9700-2.1-exact-match"]),
    fault("redirect-uri-http-accepted", "A redirect_uri is compared without regard to TLS.")
        .breaks(&["RFC9700-2.6-no-http", "FAPI2-5.3.2.2-no-http"]),
    fault("redirect-uri-decoded", "A redirect_uri is compared once its percent-encoding is undone.")
        .breaks(&["RFC9700-2.1-exact-match", "RFC9700-4.1.3"]),
    fault("redirect-uri-normalised", "A redirect_uri is compared once host and port are written in their usual way.")
        .breaks(&["RFC9700-2.1-exact-match", "RFC9700-4.1.3"]),
    fault("redirect-uri-of-sub-host-accepted", "A redirect_uri at a host below the registered one is accepted.")
        .breaks(&["RFC9700-2.1-exact-match", "RFC9700-4.1.3"]),
    fault("redirect-uri-path-parameter-ignored", "A redirect_uri is compared without its path parameters.")
        .breaks(&["RFC9700-2.1-exact-match", "RFC9700-4.1.3"]),
    fault("redirect-uri-query-may-go-on", "A redirect_uri is accepted if it goes on where the registered query ends.")
        .breaks(&["RFC9700-2.1-exact-match", "RFC9700-4.1.3"]),
    fault("redirect-uri-of-any-client-accepted", "A redirect_uri is accepted that another client has registered.")
        .breaks(&["RFC9700-2.1-exact-match", "RFC9700-4.1.3"]),
    fault("open-redirect-on-error", "A wrong response_type is told to a redirect_uri that was not checked.").breaks(&[
        "RFC6749-4.1.2.1-no-redirect",
        "RFC9700-2.1-no-open-redirector",
        "RFC9700-4.11.2",
        "RFC6749-10.15",
    ]),
    fault(
        "redirect-uri-defaulted",
        "A request without redirect_uri is taken for one with the first that is registered.",
    ),
    fault("redirect-uri-query-lost", "The query of the redirect_uri is dropped from the redirect."),
    fault("approval-without-code", "The redirect after the customer's approval carries no code.")
        .breaks(&["RFC6749-4.1.2-code"])
        .also(&["PAR-002"]),
    fault("denial-gives-code", "A customer who denies sends the TPP a code.")
        .breaks(&["RFC6749-4.1.2.1-access-denied", "RFC6749-4.1.2.1-error"]),
    fault("state-dropped", "The state does not come back with the code.").also(&[
        "STATE-003",
        "STATE-004",
        "STATE-006",
        "STATE-007",
    ]),
    fault("state-missing-on-error", "The state does not come back with an error.").also(&[
        "PSU-001",
        "PSU-002",
        "PSU-003",
        "STATE-006",
    ]),
    fault("state-reencoded", "The state is decoded once too often.").also(&["STATE-006", "STATE-007", "STATE-008"]),
    fault("state-truncated", "A state of more than 255 characters is cut off.").also(&["STATE-006"]),
    fault("state-trimmed", "Spaces at the ends of the state are dropped.").also(&["STATE-006"]),
    fault("state-escaped", "The state is escaped as in HTML.").also(&["STATE-003", "STATE-006"]),
    fault("state-in-small-letters", "The state comes back in small letters.").also(&[
        "STATE-001",
        "STATE-002",
        "STATE-004",
        "STATE-006",
        "PSU-001",
        "PSU-002",
        "PSU-003",
    ]),
    fault("state-invented", "A state comes back where none was sent."),
    fault("iss-missing", "The issuer is not named beside the code.")
        .breaks(&["RFC9207-2-success", "FAPI2-5.3.2.2-iss"])
        .also(&["AUTHZ-031"]),
    fault("iss-of-another-server", "Another server is named as iss in each answer to a TPP.")
        .breaks(&["RFC9207-2-form", "RFC9207-2.3-metadata-issuer"])
        .also(&["AUTHZ-012", "AUTHZ-031"]),
    fault("iss-missing-on-error", "The issuer is not named beside an error.").also(&["AUTHZ-031"]),
    fault("redirect-307", "The redirect after the customer's approval makes the browser post the form to the TPP.")
        .breaks(&["RFC9700-4.12-no-307", "RFC9700-2.1-credentials-not-forwarded", "FAPI2-5.3.2.2-no-307"]),
    fault("frame-protection-missing", "The pages may be shown inside another site's frame.").also(&["AUTHZ-032"]),
    fault("session-cookie-without-secure", "The cookie of the customer's session goes over plain HTTP too."),
    fault("referrer-leaks", "The pages tell the next site their address."),
    fault("consent-hides-amount", "The pages show neither the amount nor the payee.")
        .breaks(&["RTS-5.1.a-payer-aware", "PSD2-97.2"]),
    fault("cancel-strands-psu", "A customer who cancels stays at the bank.").breaks(&[
        "RFC6749-4.1.2.1-error",
        "RFC6749-4.1.2.1-state",
        "RTS-36.2-notification",
    ]),
    fault("failed-sca-strands-psu", "A customer who has mistyped too often stays at the bank.")
        .breaks(&["RFC6749-4.1.2.1-informs-client", "BG-headers-redirect-uri"]),
    fault("timeout-strands-psu", "A customer whose session has run out stays at the bank.")
        .breaks(&["RFC6749-4.1.2.1-informs-client", "BG-headers-redirect-uri"]),
    fault("sca-attempts-unlimited", "The customer's credentials may be tried without limit.")
        .also(&["PSU-002", "PSU-013", "PSU-018"]),
    fault(
        "attempts-forgotten-half-way",
        "Who knows the password may try one-time codes without limit, in a session each.",
    ),
    fault(
        "decision-taken-again",
        "The form by which the customer agrees brings another code whenever it is sent again.",
    ),
    fault("nok-redirect-ignored", "A customer who denies is sent to the TPP-Redirect-URI."),
    fault("state-missing-on-rare-errors", "Errors that no customer has made come without the state.")
        .also(&["PSU-003"]),
    fault("iss-missing-on-rare-errors", "Errors that no customer has made come without iss."),
    fault("frame-protection-missing-after-mistake", "The page that asks once more can be framed."),
    fault("callback-parameter-repeated", "The state stands twice in each answer to a TPP.")
        .breaks(&["RFC6749-3.1-response-parameters-once"]),
    fault("worthless-code-beside-error", "A code that opens nothing stands beside each error.")
        .breaks(&["RFC6749-4.1.2.1-error"]),
    fault("authorization-errors-misnamed", "Errors other than access_denied are named \"failed\".").breaks(&[
        "RFC6749-4.1.2.1-error",
        "RFC6749-4.1.2.1-invalid-request",
        "RFC6749-4.1.2.1-unsupported-response-type",
        "RFC6749-4.1.2.1-invalid-scope",
        "RFC6749-3.3-missing-scope",
    ]),
    fault("authorization-by-post-alone", "The authorization endpoint takes POST alone.")
        .breaks(&["RFC6749-3.1-get"])
        .also(&["PAR-002", "TLS-008"]),
];

//! Faults of the metadata, the authorization endpoint, its answers to the TPP, and the customer's pages.

use super::{Fault, fault};

pub(super) const FAULTS: &[Fault] = &[
    fault("metadata-wrong-media-type", "The metadata document is served as HTML."),
    fault("metadata-wrong-issuer", "The metadata document names another issuer than the one that was asked."),
    fault("metadata-http-endpoint", "The metadata document names an endpoint without TLS."),
    fault("metadata-without-pkce", "The metadata document does not say that PKCE is supported."),
    fault("metadata-without-revocation-endpoint", "The metadata document does not name the revocation endpoint."),
    fault("metadata-offers-password", "The metadata document offers the password grant."),
    fault(
        "metadata-offers-alg-none",
        "The metadata offers assertions of clients that nobody has signed, by the algorithm none.",
    ),
    fault("jwks-private-key", "The key set shows the private keys."),
    fault("jwks-duplicate-kid", "Two keys of the key set have the same kid."),
    fault("response-type-defaulted", "A request without response_type is taken for one with \"code\"."),
    fault("implicit-grant-enabled", "response_type \"token\" brings an access token through the browser."),
    fault(
        "unknown-client-redirected",
        "An unknown client_id is told so by a redirect to the redirect_uri it came with.",
    ),
    fault("scope-unchecked", "A payment that does not exist can be authorised."),
    fault("foreign-payment-authorised", "A TPP can have another TPP's payment authorised."),
    fault("reauthorisation-accepted", "A payment that is authorised can be authorised again."),
    fault("duplicate-parameter-accepted", "Of a parameter that is sent twice, the first is taken."),
    fault("unknown-parameter-refused", "A request with a parameter that the bank does not know is refused."),
    fault("redirect-uri-unchecked", "Any redirect_uri is accepted.").also(&[
        "REDIR-021",
        "REDIR-002",
        "REDIR-003",
        "REDIR-004",
        "REDIR-005",
        "REDIR-010",
    ]),
    fault("redirect-uri-prefix-match", "A redirect_uri is accepted if it begins with a registered one."),
    fault(
        "redirect-uri-substring-match",
        "A redirect_uri at another host is accepted if it holds the registered host.",
    )
    .also(&["REDIR-021"]),
    fault("redirect-uri-fragment-accepted", "A redirect_uri is compared without its fragment."),
    fault("redirect-uri-http-accepted", "A redirect_uri is compared without regard to TLS."),
    fault("redirect-uri-decoded", "A redirect_uri is compared once its percent-encoding is undone."),
    fault("redirect-uri-normalised", "A redirect_uri is compared once host and port are written in their usual way."),
    fault("redirect-uri-of-sub-host-accepted", "A redirect_uri at a host below the registered one is accepted."),
    fault("open-redirect-on-error", "A wrong response_type is told to a redirect_uri that was not checked."),
    fault(
        "redirect-uri-defaulted",
        "A request without redirect_uri is taken for one with the first that is registered.",
    ),
    fault("redirect-uri-query-lost", "The query of the redirect_uri is dropped from the redirect."),
    fault("approval-without-code", "The redirect after the customer's approval carries no code.").also(&["PAR-002"]),
    fault("denial-gives-code", "A customer who denies sends the TPP a code."),
    fault("state-dropped", "The state does not come back with the code.").also(&[
        "STATE-003",
        "STATE-004",
        "STATE-006",
    ]),
    fault("state-missing-on-error", "The state does not come back with an error.").also(&[
        "PSU-001",
        "PSU-002",
        "PSU-003",
        "STATE-006",
    ]),
    fault("state-reencoded", "The state is decoded once too often.").also(&["STATE-006"]),
    fault("state-truncated", "A state of more than 255 characters is cut off.").also(&["STATE-006"]),
    fault("state-invented", "A state comes back where none was sent."),
    fault("iss-missing", "The issuer is not named beside the code.").also(&["AUTHZ-031"]),
    fault("iss-missing-on-error", "The issuer is not named beside an error.").also(&["AUTHZ-031"]),
    fault("redirect-307", "The redirect after the customer's approval makes the browser post the form to the TPP."),
    fault("frame-protection-missing", "The pages may be shown inside another site's frame.").also(&["AUTHZ-032"]),
    fault("session-cookie-without-secure", "The cookie of the customer's session goes over plain HTTP too."),
    fault("referrer-leaks", "The pages tell the next site their address."),
    fault("consent-hides-amount", "The pages show neither the amount nor the payee."),
    fault("cancel-strands-psu", "A customer who cancels stays at the bank."),
    fault("failed-sca-strands-psu", "A customer who has mistyped too often stays at the bank."),
    fault("timeout-strands-psu", "A customer whose session has run out stays at the bank."),
    fault("sca-attempts-unlimited", "The customer's credentials may be tried without limit.")
        .also(&["PSU-002", "PSU-013", "PSU-018"]),
    fault(
        "attempts-forgotten-half-way",
        "Who knows the password may try one-time codes without limit, in a session each.",
    )
    .also(&["PSU-013"]),
    fault(
        "decision-taken-again",
        "The form by which the customer agrees brings another code whenever it is sent again.",
    ),
    fault("nok-redirect-ignored", "A customer who denies is sent to the TPP-Redirect-URI."),
    fault("state-missing-on-rare-errors", "Errors that no customer has made come without the state.")
        .also(&["PSU-003"]),
    fault("iss-missing-on-rare-errors", "Errors that no customer has made come without iss."),
    fault("frame-protection-missing-after-mistake", "The page that asks once more can be framed."),
    fault("callback-parameter-repeated", "The state stands twice in each answer to a TPP."),
    fault("worthless-code-beside-error", "A code that opens nothing stands beside each error."),
    fault("authorization-errors-misnamed", "Errors other than access_denied are named \"failed\"."),
];

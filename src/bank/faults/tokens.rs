//! Faults of the token, revocation and introspection endpoints and of the protected resource.

use super::{Fault, fault};

pub(super) const FAULTS: &[Fault] = &[
    fault("valid-code-refused", "A correct token request is refused.").breaks(&["RFC6749-4.1.4", "RFC7636-4.6-match"]),
    fault("code-reusable", "An authorization code can be redeemed again.")
        .breaks(&[
            "RFC6749-4.1.2-single-use",
            "RFC6749-5.2-invalid-grant",
            "RFC9700-4.2.4-code-invalidated",
            "FAPI2-5.3.2.2-code-once",
        ])
        .also(&["AUTHZ-008", "FLOW-006", "AUTHZ-035"]),
    fault("code-redeemed-twice-at-once", "Of two requests at the same time both redeem an authorization code."),
    fault("replay-keeps-tokens", "The tokens of a replayed authorization code stay alive.")
        .breaks(&["RFC6749-4.1.2-replay-revokes", "RFC9700-4.2.4-replay-revokes"])
        .also(&["AUTHZ-035", "AUTHZ-036"]),
    fault("code-never-expires", "An authorization code lives for ever.")
        .breaks(&["RFC6749-4.1.2-ten-minutes", "FAPI2-5.3.2.1-code-lifetime", "RFC6749-4.1.2-short-lived"])
        .also(&["AUTHZ-030"]),
    fault("code-outlives-a-minute", "An authorization code lives for five minutes, where a minute is promised."),
    fault("code-not-bound-to-client", "Any TPP can redeem an authorization code.")
        .breaks(&["RFC6749-4.1.2-bound", "RFC6749-4.1.3-code-of-client"]),
    fault("redirect-uri-not-bound-to-code", "The token endpoint does not look at the redirect_uri."),
    fault("redirect-uri-may-be-left-out", "The token endpoint looks at the redirect_uri where there is one."),
    fault("codes-sequential", "Codes and refresh tokens are counted up.")
        .breaks(&["RFC6749-10.10", "RFC6749-10.4-unforgeable"]),
    fault("unknown-grant-server-error", "An unknown grant_type is answered with a server error."),
    fault("password-grant-enabled", "The token endpoint takes the customer's user name and password.")
        .breaks(&["RFC9700-2.4", "FAPI2-5.3.2.1-no-password"]),
    fault("garbage-code-server-error", "A code that was never issued is answered with a server error.")
        .breaks(&["RFC6749-5.2-invalid-grant"]),
    fault("unissued-code-accepted", "A code that was never issued brings a token.")
        .breaks(&["RFC6749-5.2-invalid-grant", "RFC6749-4.1.3-code-valid"])
        .also(&["TOKEN-026"]),
    fault("token-endpoint-get", "The token endpoint serves GET."),
    fault("token-parameter-twice-accepted", "Of a parameter that stands twice in a token request, the first is taken.")
        .also(&["TOKEN-035"]),
    fault("empty-token-parameter-refused", "A token request with a parameter without a value is refused."),
    fault(
        "revocation-parameter-twice-accepted",
        "Of a parameter that stands twice in a revocation request, the first is taken.",
    )
    .breaks(&["RFC7009-2.2.1-errors", "RFC6749-5.2-repeated-parameter"]),
    fault("empty-revocation-parameter-refused", "A revocation request with a parameter without a value is refused.")
        .breaks(&["RFC7009-2.2-invalid-hint", "RFC7009-2.1-wide-search"]),
    fault(
        "introspection-parameter-twice-accepted",
        "Of a parameter that stands twice in an introspection request, the first is taken.",
    ),
    fault(
        "empty-introspection-parameter-refused",
        "An introspection request with a parameter without a value is refused.",
    ),
    fault("refresh-without-client-authentication", "Anybody can use a refresh token.").breaks(&[
        "RFC6749-3.2.1",
        "RFC6749-6-client-authentication",
        "FAPI2-5.3.2.1-confidential",
    ]),
    fault("client-credentials-without-client-authentication", "Anybody gets a token by client credentials.").breaks(&[
        "RFC6749-3.2.1",
        "FAPI2-5.3.2.1-confidential",
        "RFC6749-4.4.2",
    ]),
    fault("token-type-missing", "The token response does not name the token's type.")
        .breaks(&["RFC6749-5.1-token-type"])
        .also(&["TOKEN-023"]),
    fault("access-token-misnamed", "The token response holds the access token under another name.")
        .breaks(&["RFC6749-5.1-access-token"])
        .also(&["TOKEN-018"]),
    fault("token-response-as-text", "The token response says that it is plain text.").breaks(&["RFC6749-5.1-json"]),
    fault("token-response-cacheable", "The token response may be cached.").also(&["TOKEN-025"]),
    fault("expires-in-missing", "The token response does not say how long the token lives."),
    fault("token-error-wrong-media-type", "The errors of the token endpoint are served as HTML."),
    fault("token-errors-with-quotes", "The texts of refused token requests are in quotes."),
    fault("refusals-misnamed", "Refused token requests are named \"invalid_code\".")
        .breaks(&["RFC6749-5.2-invalid-grant", "RFC6749-5.2-invalid-request"]),
    fault("refusals-with-200", "Refused token requests are answered with status 200.")
        .breaks(&["RFC6749-5.2-status-400"]),
    fault("token-with-201", "A token is issued with status 201."),
    fault("token-type-unregistered", "The token response names a type that is not registered."),
    fault("token-scope-as-list", "The token response tells the scope as a list."),
    fault("expires-in-as-text", "The token response tells the lifetime as text."),
    fault("refreshed-token-cacheable", "The answer to a refresh may be cached."),
    fault("challenge-without-parameter", "A request without a token is refused with the bare word Bearer.")
        .breaks(&["RFC6750-3-bearer-scheme"]),
    fault("challenge-missing-beside-bad-token", "A token that is none is refused without a challenge."),
    fault("json-with-byte-order-mark", "A byte order mark stands before all JSON.")
        .breaks(&["RFC8259-8.1-no-byte-order-mark"]),
    fault("json-with-idle-comma", "A comma that nothing follows stands in all JSON.").breaks(&["RFC8259-2-grammar"]),
    fault("json-member-twice", "The first member of every JSON object stands in it twice."),
    fault("location-twice", "Whatever has a Location has two, which differ."),
    fault("allow-missing", "A 405 does not say which methods there are."),
    fault("refresh-refused", "A refresh token does not refresh."),
    fault("refresh-token-replaced", "A new refresh token comes with each refresh, and the old one is dead."),
    fault("refresh-token-not-bound-to-client", "Any TPP can use a refresh token."),
    fault("refresh-widens-scope", "A refresh grants whatever scope it asks for.")
        .breaks(&["RFC6749-6-scope", "RFC9700-4.14.2-bound"]),
    fault("refresh-scope-refusal-misnamed", "A refresh for a wider scope is refused as one with a bad token."),
    fault("refresh-adds-scope", "A refresh brings a scope that was neither granted nor asked for."),
    fault("token-for-more-than-was-asked", "A token is for a scope more than was asked for and agreed to."),
    fault("client-credentials-refresh-token", "Client credentials bring a refresh token."),
    fault("valid-token-refused", "The protected resource refuses a good access token.")
        .breaks(&["RFC6750-2.1", "RTS-30.1.c-initiate"]),
    fault("token-not-bound", "An access token works under any certificate.")
        .breaks(&["RFC8705-3-bound", "RFC8705-3-401", "RFC9700-4.10.1"])
        .also(&["BIND-008", "BIND-009"]),
    fault("expired-token-accepted", "An expired access token works.")
        .breaks(&["RFC6749-7-validates", "FAPI2-5.3.4-valid", "RFC9068-4-expiry"])
        .also(&["UK-027"]),
    fault("token-signature-unchecked", "The signature of an access token is not checked.")
        .breaks(&["RFC6749-7-validates", "RFC6749-10.3-unforgeable", "RFC6750-5.2-no-forging", "RFC9068-4-signature"])
        .also(&["INTRO-003", "TOKEN-038"]),
    fault("token-alg-none-accepted", "An access token with the algorithm \"none\" works.")
        .breaks(&["RFC9068-4-alg-none", "RFC9068-2.1-signed"]),
    fault("jwt-claim-twice", "A claim stands in each access token twice."),
    fault("token-scope-unchecked", "An access token for one payment opens every payment of the TPP.").breaks(&[
        "RFC6749-7-validates",
        "RFC9700-2.3-resources",
        "BG-tokens-invalid",
    ]),
    fault("token-in-query-accepted", "An access token is taken from the query.")
        .breaks(&["RFC6750-2.3-optional", "FAPI2-5.3.4-not-in-query"]),
    fault("bearer-case-sensitive", "The scheme is recognised only if it is written \"Bearer\".")
        .breaks(&["RFC6750-2.1-scheme-case", "RFC9110-11.1-scheme-case"]),
    fault("resource-served-without-token", "The protected resource is served without a token.")
        .breaks(&["RFC6750-3-challenge"])
        .also(&["UK-040", "RS-003"]),
    fault("resource-without-challenge", "A request without a token is refused without a Bearer challenge.")
        .breaks(&["RFC6750-3-challenge"])
        .also(&["API-004"]),
    fault("access-token-revocation-without-effect", "A revoked access token still works."),
    fault("refresh-token-revocation-without-effect", "A revoked refresh token still works.")
        .breaks(&["RFC7009-2-refresh-tokens", "RFC7009-2.1-immediate"])
        .also(&["INTRO-003", "INTRO-008", "REVOKE-014", "REVOKE-017"]),
    fault("refresh-revocation-keeps-access-tokens", "The access tokens of a revoked refresh token still work."),
    fault("unknown-token-revocation-refused", "Revoking an unknown token is answered with an error.")
        .also(&["REVOKE-015"]),
    fault("revocation-without-client-authentication", "Anybody can revoke a token."),
    fault("revocation-by-other-client", "A TPP can revoke another TPP's token."),
    fault("revocation-hint-obeyed", "A token is searched only among the kind that the hint names."),
    fault("revocation-refuses-odd-hint", "A hint that names no kind of token is refused where tokens are revoked.")
        .breaks(&["RFC7009-2.2-invalid-hint", "RFC7009-2.1-wide-search"]),
    fault("token-kept-by-odd-hint", "A token lives on whose revocation comes with a hint that names no kind of token.")
        .also(&["REVOKE-016"]),
    fault("refresh-token-kept-by-hint", "A refresh token lives on that is revoked as an access token."),
    fault(
        "refresh-revocation-keeps-refreshed-tokens",
        "Access tokens that were refreshed outlive their refresh token.",
    ),
    fault("used-refresh-token-outlives-revocation", "A refresh token that was used once works after its revocation.")
        .breaks(&["RFC7009-2-refresh-tokens", "RFC7009-2.1-immediate"]),
    fault("replay-keeps-refresh-token", "The refresh token of a replayed authorization code stays alive.")
        .breaks(&["RFC6749-4.1.2-replay-revokes", "RFC9700-4.2.4-replay-revokes"]),
    fault("replay-keeps-refreshed-tokens", "Access tokens that were refreshed outlive the replay of their code.")
        .breaks(&["RFC6749-4.1.2-replay-revokes", "RFC9700-4.2.4-replay-revokes"]),
    fault("replay-keeps-used-tokens", "Access tokens that were used outlive the replay of their code.")
        .breaks(&["RFC6749-4.1.2-replay-revokes", "RFC9700-4.2.4-replay-revokes"]),
    fault("revocation-without-token-accepted", "A revocation request without a token is acknowledged.")
        .breaks(&["RFC7009-2.1-token-parameter", "RFC7009-2.2.1-errors"]),
    fault("revocation-by-get", "A GET revokes."),
    fault("second-revocation-server-error", "Revoking a token a second time is answered with a server error.")
        .breaks(&["RFC7009-2.2-unknown-token", "RFC7009-2.2-ok"]),
    fault("introspection-without-authentication", "Anybody can introspect a token."),
    fault("introspection-by-get-alone", "The introspection endpoint takes GET alone.").breaks(&["RFC7662-2.1-post"]),
    fault("introspection-inactive-for-live-token", "A live access token is said to be inactive.")
        .breaks(&["RFC7662-2.2-live-token"]),
    fault("introspection-active-as-text", "Of a live token active is told as text.").breaks(&["RFC7662-2.2-active"]),
    fault("introspection-revoked-active", "A revoked access token is said to be active.")
        .breaks(&["RFC7662-2.2-inactive-token", "RFC7662-4-validity"])
        .also(&["INTRO-008"]),
    fault("introspection-inactive-details", "Of an inactive token more is said than that.").also(&[
        "INTRO-008",
        "INTRO-009",
        "INTRO-010",
    ]),
    fault("introspection-names-other-client", "A live token is said to be another client's."),
    fault("introspection-tells-longer-life", "A live token is said to live a day longer than it was issued for."),
    fault("dead-token-active", "A token that is no good is said to be active.")
        .breaks(&["RFC7662-2.2-inactive-token", "RFC7662-4-validity"])
        .also(&["INTRO-004", "INTRO-008", "INTRO-007", "INTRO-009", "INTRO-010"]),
    fault("dead-token-told-of", "Of a token that is no good its client, its scope and its end are told.")
        .also(&["INTRO-009", "INTRO-010"]),
    fault(
        "introspection-refuses-odd-hint",
        "A hint that names no kind of token is refused where tokens are introspected.",
    ),
    fault("introspection-obeys-hint", "A token is introspected only among the kind that the hint names."),
    fault("introspection-without-cnf", "The certificate that a token is bound to is not told."),
];

//! Faults of the payment API.

use super::{Fault, fault};

pub(super) const FAULTS: &[Fault] = &[
    fault("payment-links-missing", "The answer to an initiation has no links.").breaks(&[
        "BG-payments-201",
        "RTS-36.1.b-same-information",
        "PSD2-66.4.b",
    ]),
    fault("payment-id-repeated", "Every payment of a TPP gets the id of its first."),
    fault("request-sent-again-pays-twice", "An initiation that is sent once more makes a second payment."),
    fault("request-id-optional", "A request without X-Request-ID is served.")
        .breaks(&["BG-headers-x-request-id-refused", "BG-errors-format"])
        .also(&["BG-050"]),
    fault("request-id-any-format", "An X-Request-ID that is no UUID is accepted.")
        .breaks(&["BG-headers-x-request-id-uuid", "BG-errors-format"])
        .also(&["BG-051"]),
    fault("request-id-not-echoed", "No answer carries the X-Request-ID of its request."),
    fault("request-id-missing-on-errors", "Errors do not carry the X-Request-ID of their request."),
    fault("psu-ip-address-optional", "An initiation without PSU-IP-Address is accepted.")
        .breaks(&["BG-headers-psu-ip-address-refused", "BG-errors-format"]),
    fault("body-fields-unchecked", "An initiation without a mandatory field is accepted.")
        .breaks(&["BG-payments-required-fields-checked", "BG-payments-debtor-account-checked", "BG-errors-format"])
        .also(&["BG-060", "BG-061"]),
    fault("amount-unchecked", "Any text is accepted as an amount.")
        .breaks(&["BG-payments-amount-format", "BG-payments-amount-positive"])
        .also(&["BG-062"]),
    fault("iban-unchecked", "The check digits of an IBAN are not checked."),
    fault("unknown-product-server-error", "An unknown payment product is answered with a server error."),
    fault("sca-approach-missing", "The answer to an initiation does not say how the customer will authenticate.")
        .breaks(&["BG-headers-sca-approach"]),
    fault("tpp-redirect-uri-foreign-accepted", "A TPP-Redirect-URI outside the certificate's domain is accepted.")
        .also(&["REDIR-020"]),
    fault("payment-json-as-text", "The payment API answers with JSON as text/plain.")
        .breaks(&["BG-responses-media-type", "UK-responses-media-type"]),
    fault("amount-read-back-differs", "A payment that is read has another amount than was ordered.").also(&["BG-072"]),
    fault("payee-read-back-differs", "A payment that is read goes to another account than was ordered.")
        .also(&["BG-072"]),
    fault("references-read-back-differ", "A payment that is read has other references than were ordered.")
        .also(&["BG-072"]),
    fault(
        "remittance-cut-where-it-is-read",
        "A payment that is read has the first 70 characters of its remittance alone.",
    )
    .also(&["BG-032"]),
    fault(
        "payee-name-cut-where-it-is-read",
        "A payment that is read has the first 35 characters of its payee's name alone.",
    )
    .also(&["BG-032"]),
    fault(
        "cents-misread-after-zero",
        "An amount that ends in a zero is read with its last two digits the other way round.",
    )
    .also(&["BG-032"]),
    fault("amount-not-read-back", "A payment that is read has no amount.").also(&["BG-072"]),
    fault("rejected-where-it-is-read", "A payment that was accepted is said to be rejected where it is read.")
        .breaks(&["BG-payments-get", "BG-payments-get-status"]),
    fault("links-as-texts", "The links of an initiation are texts and no objects.").breaks(&["BG-links-href"]),
    fault("sca-link-missing", "The answer to an initiation has no link by which the customer authorises.")
        .breaks(&["BG-links-sca-oauth"]),
    fault("sca-approach-undeclared", "The SCA approach is told by a word that is not published.")
        .breaks(&["BG-headers-sca-approach-values"]),
    fault("sca-status-undeclared", "The scaStatus of who has agreed is a word that is not published.")
        .breaks(&["BG-sca-status-published"])
        .also(&["BG-025", "BG-030"]),
    fault("newest-authorisation-unlisted", "The list of a payment's authorisations lacks the newest."),
    fault("links-of-another-payment", "The links of an initiation, and its Location, lead to another payment.")
        .breaks(&["BG-links-own", "RTS-35.4-references"]),
    fault("sca-link-without-tls", "The link by which the customer authorises has no TLS."),
    fault("sca-status-final-too-early", "The scaStatus is final before the customer was asked.")
        .breaks(&["BG-sca-status-order", "PSD2-64.1"]),
    fault("authorisation-born-final", "A started authorisation is said to be final before the customer was asked.")
        .breaks(&["BG-sca-status-order"]),
    fault("executed-before-sca", "A payment is executed before the customer has authorised it.")
        .breaks(&["PSD2-97.1", "BG-status-received"]),
    fault("sca-status-never-final", "The scaStatus never becomes final after an authorisation by OAuth.")
        .breaks(&["BG-sca-status"]),
    fault("redirect-sca-never-finalised", "The scaStatus never becomes final after an authorisation by redirect.")
        .breaks(&["BG-sca-status", "BG-authorisations-get"]),
    fault("authorisation-without-sca-redirect", "A started authorisation has no link for the customer.").breaks(&[
        "BG-authorisations-201",
        "BG-links-sca-redirect",
        "RTS-30.2.a-start",
    ]),
    fault(
        "decoupled-sca-never-finalised",
        "The scaStatus never becomes final after an approval on the customer's device.",
    ),
    fault("decoupled-denial-accepted", "A payment that the customer denied on its device is accepted."),
    fault("unknown-payment-served", "The status of a payment that does not exist is told.").also(&["BG-063"]),
    fault(
        "unknown-payment-misnamed",
        "Of a payment that does not exist it is said that the request has the wrong form.",
    ),
    fault("payment-owner-unchecked", "A TPP can see another TPP's payment.")
        .breaks(&["BG-payments-owner", "OWASP-API1-object-level"])
        .also(&["API-020"]),
    fault("cancellation-wrong-status", "A cancellation is answered with 200."),
    fault("cancellation-without-effect", "A cancelled payment goes on.").also(&["BG-071"]),
    fault("executed-payment-cancellable", "An executed payment can be cancelled.").also(&["BG-064"]),
    fault(
        "cancellation-refusal-misnamed",
        "Of a payment that can no longer be cancelled it is said that the request has the wrong form.",
    ),
    fault("denied-payment-accepted", "A payment that the customer denied is accepted.")
        .also(&["PSU-010", "PSU-011", "PSU-012", "PSU-013", "PSU-018"]),
    fault("transaction-status-undeclared", "A payment that was authorised has a transactionStatus of the bank's own."),
    fault("error-as-html", "A request that is not authorised is answered with an HTML page.")
        .breaks(&["BG-errors-tppmessages", "BG-errors-media-type", "RTS-36.2-notification"])
        .also(&["SIGN-024"]),
    fault("error-code-wrong-status", "A request that is not authorised is answered with a code for something else.")
        .also(&["CERT-097", "SIGN-024"]),
    fault(
        "refused-authorisation-finalised",
        "The scaStatus of an authorisation that the customer did not give is finalised.",
    ),
    fault(
        "sca-status-link-before-authorisation",
        "A payment whose authorisation the TPP has to start has a link to its scaStatus.",
    ),
    fault(
        "sca-oauth-without-metadata",
        "What should be the address of the metadata leads to a page about the bank's interface.",
    ),
    fault("published-characters-refused", "A remittance with brackets, a plus or an apostrophe is refused."),
    fault("cors-at-authorization-endpoint", "Every site's scripts may read the authorization endpoint.")
        .breaks(&["RFC9700-2.6-no-cors", "FAPI2-5.2.3-no-cors"])
        .also(&["CORS-002", "CORS-005"]),
    fault("origins-reflected-with-credentials", "Every site's scripts may ask with the customer's credentials.")
        .breaks(&["RFC9700-2.6-no-cors", "FAPI2-5.2.3-no-cors", "OWASP-API8-cors"])
        .also(&["CORS-003", "CORS-004", "CORS-005"]),
    fault("origins-mistaken-for-own", "The origins of other sites are taken for that of the bank's pages.").breaks(&[
        "RFC9700-2.6-no-cors",
        "FAPI2-5.2.3-no-cors",
        "OWASP-API8-cors",
    ]),
    fault("version-told-in-server", "Each answer tells the versions of the software behind it."),
    fault("error-leaks-internals", "The text of an error shows a stack trace."),
    fault("error-text-too-long", "The text of an error has hundreds of characters more than it may have."),
];

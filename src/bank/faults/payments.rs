//! Faults of the payment API.

use super::{Fault, fault};

pub(super) const FAULTS: &[Fault] = &[
    fault("payment-links-missing", "The answer to an initiation has no links."),
    fault("payment-id-repeated", "Every payment of a TPP gets the id of its first."),
    fault("request-id-optional", "A request without X-Request-ID is served.").also(&["BG-050"]),
    fault("request-id-any-format", "An X-Request-ID that is no UUID is accepted.").also(&["BG-051"]),
    fault("request-id-not-echoed", "No answer carries the X-Request-ID of its request."),
    fault("request-id-missing-on-errors", "Errors do not carry the X-Request-ID of their request."),
    fault("psu-ip-address-optional", "An initiation without PSU-IP-Address is accepted."),
    fault("body-fields-unchecked", "An initiation without a mandatory field is accepted.").also(&["BG-060", "BG-061"]),
    fault("amount-unchecked", "Any text is accepted as an amount.").also(&["BG-062"]),
    fault("iban-unchecked", "The check digits of an IBAN are not checked."),
    fault("unknown-product-server-error", "An unknown payment product is answered with a server error."),
    fault("sca-approach-missing", "The answer to an initiation does not say how the customer will authenticate."),
    fault("tpp-redirect-uri-foreign-accepted", "A TPP-Redirect-URI outside the certificate's domain is accepted.")
        .also(&["REDIR-020"]),
    fault("payment-json-as-text", "The payment API answers with JSON as text/plain."),
    fault("amount-read-back-differs", "A payment that is read has another amount than was ordered."),
    fault("payee-read-back-differs", "A payment that is read goes to another account than was ordered."),
    fault("references-read-back-differ", "A payment that is read has other references than were ordered."),
    fault("amount-not-read-back", "A payment that is read has no amount."),
    fault("rejected-where-it-is-read", "A payment that was accepted is said to be rejected where it is read."),
    fault("links-of-another-payment", "The links of an initiation, and its Location, lead to another payment."),
    fault("sca-link-without-tls", "The link by which the customer authorises has no TLS."),
    fault("sca-status-final-too-early", "The scaStatus is final before the customer was asked."),
    fault("authorisation-born-final", "A started authorisation is said to be final before the customer was asked."),
    fault("executed-before-sca", "A payment is executed before the customer has authorised it."),
    fault("sca-status-never-final", "The scaStatus never becomes final after an authorisation by OAuth."),
    fault("redirect-sca-never-finalised", "The scaStatus never becomes final after an authorisation by redirect."),
    fault("authorisation-without-sca-redirect", "A started authorisation has no link for the customer."),
    fault(
        "decoupled-sca-never-finalised",
        "The scaStatus never becomes final after an approval on the customer's device.",
    ),
    fault("decoupled-denial-accepted", "A payment that the customer denied on its device is accepted."),
    fault("unknown-payment-served", "The status of a payment that does not exist is told."),
    fault("payment-owner-unchecked", "A TPP can see another TPP's payment.").also(&["API-020"]),
    fault("cancellation-wrong-status", "A cancellation is answered with 200."),
    fault("cancellation-without-effect", "A cancelled payment goes on."),
    fault("executed-payment-cancellable", "An executed payment can be cancelled."),
    fault("denied-payment-accepted", "A payment that the customer denied is accepted.")
        .also(&["PSU-010", "PSU-011", "PSU-012"]),
    fault("transaction-status-undeclared", "A payment that was authorised has a transactionStatus of the bank's own."),
    fault("error-as-html", "A request that is not authorised is answered with an HTML page.").also(&["SIGN-024"]),
    fault("error-code-wrong-status", "A request that is not authorised is answered with a code for something else.")
        .also(&["CERT-097", "SIGN-024"]),
    fault("cors-at-authorization-endpoint", "Every site's scripts may read the authorization endpoint.")
        .also(&["CORS-002", "CORS-005"]),
    fault("origins-reflected-with-credentials", "Every site's scripts may ask with the customer's credentials.")
        .also(&["CORS-001", "CORS-003", "CORS-004", "CORS-005"]),
    fault("origins-mistaken-for-own", "The origins of other sites are taken for that of the bank's pages.")
        .also(&["CORS-001"]),
    fault("version-told-in-server", "Each answer tells the versions of the software behind it."),
    fault("error-leaks-internals", "The text of an error shows a stack trace."),
    fault("error-text-too-long", "The text of an error has hundreds of characters more than it may have."),
];

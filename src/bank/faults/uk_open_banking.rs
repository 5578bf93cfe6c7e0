//! Faults of the payment API of UK Open Banking.

use super::{Fault, fault};

pub(super) const FAULTS: &[Fault] = &[
    fault("uk-consent-born-authorised", "A new consent is said to be authorised.").also(&["UK-014", "UK-030"]),
    fault(
        "uk-consent-read-as-authorised",
        "A consent that nobody has decided about is said to be authorised when it is read.",
    )
    .breaks(&["UK-consent-waits", "PSD2-64.1"])
    .also(&["PSU-014", "PSU-015", "PSU-016", "PSU-017", "PSU-019", "PSU-020"]),
    fault(
        "uk-order-unauthorised",
        "A payment is ordered without its consent's token, and without the customer's approval.",
    )
    .breaks(&["UK-order-consent-authorised", "UK-order-token-of-consent", "PSD2-97.1"]),
    fault("uk-order-mismatch", "A payment is ordered that is not the one of the consent.")
        .breaks(&["UK-order-equals-consent", "PSD2-97.2"]),
    fault("uk-order-read-back-differs", "A payment that was ordered is told with another amount.")
        .breaks(&["UK-initiation-told", "UK-consent-initiation-kept"]),
    fault("uk-order-told-otherwise", "The answer to an order tells another account of the payee.")
        .breaks(&["UK-initiation-told", "UK-consent-initiation-kept"]),
    fault("uk-consent-told-otherwise", "The answer to a request for a consent names another payee.")
        .breaks(&["UK-initiation-told", "UK-consent-initiation-kept"]),
    fault("uk-consent-read-back-differs", "A consent that is read has another reference.")
        .breaks(&["UK-initiation-told", "UK-consent-initiation-kept"]),
    fault("uk-amounts-as-numbers", "Amounts are told as numbers."),
    fault("uk-replay-creates", "A request that is sent again with its idempotency key makes something new."),
    fault("uk-replay-overwrites", "Another request with an idempotency key changes what the first one has made.")
        .also(&["UK-031"]),
    fault("uk-long-key-accepted", "An idempotency key of more than 40 characters is accepted.").also(&["UK-044"]),
    fault("uk-unknown-404", "An unknown ConsentId or DomesticPaymentId is answered with 404.").also(&["UK-013"]),
    fault("uk-consent-reusable", "A consent buys any number of payments.").also(&["UK-050"]),
    fault("uk-consent-used-twice-at-once", "Of two orders at the same time both are paid under one consent."),
    fault("uk-error-form", "The body of an error has a form of the bank's own.")
        .breaks(&["UK-error-form", "RTS-36.2-notification"]),
    fault("uk-interaction-id-missing", "Answers carry no x-fapi-interaction-id."),
    fault("uk-code-status", "The code of an error belongs to another HTTP status."),
    fault("uk-status-undeclared", "A payment has a status of the bank's own."),
    fault("uk-approval-unrecorded", "A consent that the customer has approved is said to wait for that."),
    fault("uk-denial-unrecorded", "A consent that the customer has denied is said to wait for approval.")
        .breaks(&["UK-consent-rejected", "PSD2-64.1"]),
    fault("uk-owner-unchecked", "A TPP can see another TPP's consents and payments.")
        .breaks(&["UK-other-tpp", "OWASP-API1-object-level"])
        .also(&["API-020"]),
    fault("uk-foreign-intent", "A TPP can have another TPP's consent authorised."),
    fault("uk-funds-not-boolean", "Whether there are funds is told as a text.")
        .breaks(&["UK-funds-told", "RTS-36.1.c-funds"]),
    fault("uk-funds-tell-balance", "Whether there are funds is told with the balance of the account."),
    fault("uk-funds-reject-consent", "Whoever asks whether there are funds has its consent rejected.")
        .breaks(&["UK-funds-unchanged"]),
    fault("uk-funds-any-state", "Whether there are funds is told whatever the state of the consent."),
    fault("uk-grant-unchecked", "A token without a customer orders payments and asks for funds."),
    fault("uk-media-type-unchecked", "Any Content-Type is read as JSON, and JSON is sent whatever Accept says.")
        .breaks(&["UK-content-type", "UK-accept"])
        .also(&["UK-042", "UK-043"]),
    fault("uk-fields-unchecked", "A consent without a mandatory field is accepted.")
        .breaks(&["UK-consent-fields", "UK-consent-checked-at-once"]),
    fault("uk-sort-code-unchecked", "Accounts are not held against their scheme."),
    fault("uk-date-forms", "The dates of answers have no zone.").also(&["UK-019"]),
    fault("uk-version-mixed", "A consent of one version buys a payment in another."),
    fault("uk-expired-body", "An expired token is answered with a body in 3.1.11, and without one in 4.0."),
];

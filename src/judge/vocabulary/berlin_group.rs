//! What NextGenPSD2 1.3 calls things (implementation guidelines 14.11 for codes; ISO 20022 and the group's own for statuses).

use serde_json::Value;

use super::{Caller, Refusal, Stage, Vocabulary};

/// The words of Berlin Group.
pub static WORDS: Vocabulary = Vocabulary {
    created: &["/paymentId"],
    caller: Caller { codes: &["CERTIFICATE", "invalid_client", "ROLE_INVALID"], always: false },
    // Under 400 it may be about anything that the request names.
    unknown: &[],
    status: "/transactionStatus",
    status_name: "transactionStatus",
    stages: &[
        ("ACCC", Stage::Executed),
        ("ACCP", Stage::Accepted),
        ("ACSC", Stage::Executed),
        ("ACSP", Stage::Executed),
        ("ACTC", Stage::Received),
        ("ACWC", Stage::Accepted),
        ("ACWP", Stage::Executed),
        ("RCVD", Stage::Received),
        ("PDNG", Stage::Received),
        ("RJCT", Stage::Rejected),
        ("CANC", Stage::Cancelled),
        ("ACFC", Stage::Accepted),
        ("PATC", Stage::Received),
        ("PART", Stage::Accepted),
    ],
    only_checked: &["ACCP", "ACFC"],
    authorisations: "/authorisationIds",
    agreed: &[],
    settled: &["ACSC", "ACCC"],
    refusals: &[
        (Refusal::Malformed, &["FORMAT_ERROR"]),
        (Refusal::Amount, &["FORMAT_ERROR", "PAYMENT_FAILED", "PARAMETER_NOT_CONSISTENT"]),
        (Refusal::PayeeAccount, &["FORMAT_ERROR", "PAYMENT_FAILED", "RESOURCE_UNKNOWN", "PARAMETER_NOT_CONSISTENT"]),
        (
            Refusal::Product,
            &["PRODUCT_UNKNOWN", "PRODUCT_INVALID", "PARAMETER_NOT_SUPPORTED", "SERVICE_INVALID", "RESOURCE_UNKNOWN"],
        ),
        (Refusal::Signature, &["SIGNATURE_INVALID", "CERTIFICATE_INVALID"]),
    ],
    about_signatures: &["SIGNATURE", "CERTIFICATE", "FORMAT_ERROR"],
    // "CERTIFICATE_REVOKE" is how older versions of the OpenAPI file spell it.
    revoked: &["CERTIFICATE_REVOKED", "CERTIFICATE_REVOKE"],
    codes: CODES,
};

const CODES: &[(&str, &[u16])] = &[
    ("FORMAT_ERROR", &[400]),
    ("PARAMETER_NOT_CONSISTENT", &[400]),
    ("PARAMETER_NOT_SUPPORTED", &[400]),
    ("SERVICE_INVALID", &[400, 405]),
    ("RESOURCE_UNKNOWN", &[400, 403, 404]),
    ("RESOURCE_EXPIRED", &[400, 403]),
    ("RESOURCE_BLOCKED", &[400]),
    ("TIMESTAMP_INVALID", &[400]),
    ("PERIOD_INVALID", &[400]),
    ("SCA_METHOD_UNKNOWN", &[400]),
    ("SCA_INVALID", &[400]),
    ("TRANSACTION_ID_INVALID", &[400]),
    ("CONSENT_UNKNOWN", &[400, 403]),
    ("PAYMENT_FAILED", &[400]),
    ("EXECUTION_DATE_INVALID", &[400]),
    ("CARD_INVALID", &[400]),
    ("NO_PIIS_ACTIVATION", &[400]),
    ("CERTIFICATE_INVALID", &[401]),
    ("CERTIFICATE_EXPIRED", &[401]),
    ("CERTIFICATE_BLOCKED", &[401]),
    ("CERTIFICATE_REVOKED", &[401]),
    ("CERTIFICATE_REVOKE", &[401]),
    ("CERTIFICATE_MISSING", &[401]),
    ("ROLE_INVALID", &[401]),
    ("SIGNATURE_INVALID", &[401]),
    ("SIGNATURE_MISSING", &[401]),
    ("CORPORATE_ID_INVALID", &[401]),
    ("PSU_CREDENTIALS_INVALID", &[401]),
    ("CONSENT_INVALID", &[401]),
    ("CONSENT_EXPIRED", &[401]),
    ("TOKEN_UNKNOWN", &[401]),
    ("TOKEN_INVALID", &[401]),
    ("TOKEN_EXPIRED", &[401]),
    ("REQUIRED_KID_MISSING", &[401]),
    ("SERVICE_BLOCKED", &[403]),
    ("PRODUCT_INVALID", &[403]),
    ("PRODUCT_UNKNOWN", &[404]),
    ("CANCELLATION_INVALID", &[405]),
    ("REQUESTED_FORMATS_INVALID", &[406]),
    ("STATUS_INVALID", &[409]),
    ("REFERENCE_STATUS_INVALID", &[409]),
    ("UNSUPPORTED_MEDIA_TYPE", &[415]),
    ("ACCESS_EXCEEDED", &[429]),
];

/// The first of the `tppMessages` that tells of an error: warnings may come before it. One that stands in no list is read too:
/// that it should is for one check to say.
pub(in crate::judge) fn error_message(json: &Value) -> Value {
    let messages = match &json["tppMessages"] {
        Value::Array(messages) => messages.clone(),
        one => vec![one.clone()],
    };
    let error = messages.iter().find(|message| message["category"] == "ERROR");
    error.or(messages.first()).cloned().unwrap_or_default()
}

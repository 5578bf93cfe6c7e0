//! Faults in the identification of TPPs by their certificates (RTS Art. 34).

use super::{Fault, fault};

pub(super) const FAULTS: &[Fault] = &[
    fault("valid-qwac-refused", "A TPP with a valid QWAC is refused.")
        .breaks(&["RTS-30.1.a-identify", "RTS-34.1"])
        .also(&["CAUTH-001", "BG-001", "REVOKE-004", "SIGN-008", "SIGN-030", "SIGN-060", "TOKEN-018"]),
    fault("renewed-certificate-refused", "A TPP is known only by the certificate that it registered with.")
        .breaks(&["ETSI119495-5.2.1-organization-identifier-read", "RFC8705-7.1-refresh-bound-to-client"])
        .also(&["CERT-026", "CERT-080", "CERT-097"]),
    fault("client-certificate-optional", "The token endpoint and the API serve TPPs without a certificate.")
        .breaks(&["RTS-34.1-no-other", "BG-certificate-missing", "RFC8705-2-mutual-tls"])
        .also(&["TOKEN-003", "TOKEN-032", "TOKEN-033"]),
    fault("token-endpoint-without-client-authentication", "The token endpoint serves TPPs without a certificate.")
        .breaks(&[
            "RFC6749-3.2.1",
            "RFC6749-4.1.3-client-authentication",
            "FAPI2-5.3.2.1-confidential",
            "RFC8705-2-mutual-tls",
        ])
        .also(&["CERT-001"]),
    fault("any-certificate-authenticates", "The certificate of any TPP authenticates every client.")
        .breaks(&["RFC8705-2.1-subject-matched", "RFC8705-2-binding-enforced", "RFC8705-2-invalid-client"])
        .also(&["BIND-020"]),
    fault("unknown-ca-accepted", "A certificate from an unknown issuer is accepted."),
    fault("self-signed-accepted", "A self-signed certificate is accepted."),
    fault("expired-certificate-accepted", "An expired certificate is accepted.")
        .breaks(&["RTS-34.1-no-other", "BG-certificate-expired"]),
    fault("not-yet-valid-certificate-accepted", "A certificate that is not yet valid is accepted.")
        .breaks(&["RTS-34.1-no-other", "BG-certificate-invalid"]),
    fault("certificate-without-psd2-statement-accepted", "A certificate without the PSD2 statement opens the API.")
        .breaks(&["RTS-34.3.a-role", "ETSI119495-5.1-statement-read", "BG-certificate-invalid"])
        .also(&["CERT-116", "CERT-120"]),
    fault("role-unchecked", "A TPP without the role PSP_PI can initiate payments.")
        .breaks(&["RTS-34.3.a-role", "ETSI119495-5.2.2-role-read", "BG-certificate-role"])
        .also(&[
            "CERT-114", "CERT-010", "CERT-020", "CERT-073", "CERT-030", "CERT-035", "CERT-036", "CERT-037", "CERT-107",
        ]),
    // Whose word it is
    fault("incomplete-chain-accepted", "A certificate is accepted whose issuer is neither known nor presented.")
        .breaks(&["RTS-34.1-no-other", "RFC5280-6.1-path"]),
    fault("altered-certificate-accepted", "A certificate is accepted that was changed after it was signed.").breaks(&[
        "RTS-34.1-no-other",
        "RFC5280-6.1-path",
        "BG-certificate-invalid",
    ]),
    fault("possession-unchecked", "A certificate is accepted from whoever does not hold its key.")
        .breaks(&["RTS-34.1-no-other", "RFC8446-4.4.3-possession"])
        .also(&["CERT-022"]),
    fault(
        "unknown-critical-extension-accepted",
        "A certificate is accepted with a critical extension that nobody knows.",
    ),
    fault("extended-key-usage-unchecked", "A certificate is accepted that is not meant for TLS clients.")
        .breaks(&["RFC5280-4.2.1.12-purpose", "BG-certificate-invalid"]),
    fault("key-usage-unchecked", "A certificate is accepted whose key may not sign handshakes.")
        .breaks(&["RFC8446-4.4.2-key-usage", "BG-certificate-invalid"]),
    fault("ca-certificate-accepted", "The certificate of a CA is accepted as a TPP's.")
        .breaks(&["EN319412-2-4.3-end-entity", "BG-certificate-invalid"]),
    fault("weak-key-accepted", "A certificate with an RSA key of 1024 bits is accepted."),
    fault("sha1-signature-accepted", "A certificate that is signed with SHA-1 is accepted.")
        .breaks(&["RFC8446-4.4.2.4-sha1", "TS119312-keys"]),
    // The QcStatements
    fault("undecodable-statement-accepted", "A PSD2 statement that cannot be decoded opens the API.")
        .breaks(&["ETSI119495-5.1-encoding-read", "BG-certificate-invalid"]),
    fault("misshapen-roles-accepted", "Roles that are not encoded as they must be open the API.")
        .breaks(&["ETSI119495-5.1-encoding-read", "BG-certificate-invalid"]),
    fault("incomplete-statement-accepted", "A PSD2 statement without one of its fields opens the API.")
        .breaks(&["ETSI119495-5.1-encoding-read", "BG-certificate-invalid"]),
    fault("field-length-unchecked", "A PSD2 statement with an empty or an overlong field opens the API.")
        .breaks(&["ETSI119495-5.1-encoding-read", "BG-certificate-invalid"]),
    fault("string-type-unchecked", "A PSD2 statement with texts of another type opens the API.")
        .breaks(&["ETSI119495-5.1-string-type-read", "BG-certificate-invalid"]),
    fault("duplicate-statement-accepted", "A certificate with two PSD2 statements opens the API.")
        .breaks(&["EN319412-5-4.1-once-read", "BG-certificate-invalid"]),
    fault("critical-statements-accepted", "A certificate whose QcStatements are critical is accepted."),
    fault("unqualified-certificate-accepted", "A certificate that does not say that it is qualified opens the API.")
        .breaks(&["EN319412-5-4.2.1-compliance-read", "RTS-34.1"]),
    fault("qc-type-unchecked", "A certificate whose QcType is not that of websites opens the API."),
    fault("qsealc-accepted-for-tls", "A certificate for seals opens the API.")
        .breaks(&["RTS-34.1-seal-or-web", "EN319412-5-4.2.3-type-read"]),
    // Roles
    fault("empty-roles-open-payments", "An empty list of roles opens the payment API.").breaks(&[
        "RTS-34.3.a-role",
        "ETSI119495-5.2.2-role-read",
        "BG-certificate-role",
    ]),
    fault("card-issuer-role-opens-payments", "The role PSP_IC opens the payment API.")
        .breaks(&["RTS-34.3.a-role", "ETSI119495-5.2.2-role-read", "BG-certificate-role"])
        .also(&["CERT-103", "CERT-104", "CERT-105"]),
    fault("bank-role-opens-payments", "The role PSP_AS opens the payment API."),
    fault("unknown-role-opens-payments", "A role that does not exist opens the payment API.")
        .breaks(&["RTS-34.3.a-role", "ETSI119495-5.2.2-role-read"]),
    fault("unspecified-role-opens-payments", "The unspecified role opens the payment API."),
    fault("role-name-trusted", "The role PSP_PI is known by its name alone."),
    fault("role-identifier-trusted", "The role PSP_PI is known by its object identifier alone."),
    // Who it is
    fault("organization-identifier-unchecked", "A malformed organizationIdentifier is accepted.")
        .breaks(&["ETSI119495-5.2.1-form-read", "BG-certificate-invalid"]),
    fault("certificate-without-identifier-accepted", "A certificate without an organizationIdentifier is accepted.")
        .breaks(&["ETSI119495-5.3-identifier-read", "BG-certificate-invalid"]),
    fault("nca-id-unchecked", "A malformed identifier of the authority is accepted.")
        .breaks(&["ETSI119495-5.2.3-nca-id-read", "BG-certificate-invalid"]),
    fault("nca-mismatch-unchecked", "A certificate that names two authorities of one country is accepted."),
    fault("nca-country-mismatch-unchecked", "A certificate that names authorities of two countries is accepted."),
    fault("country-mismatch-unchecked", "A certificate whose holder lives elsewhere than its authority is accepted."),
    // What is in order
    fault("role-order-significant", "A QWAC is refused whose first role is not PSP_PI."),
    fault("several-roles-refused", "A QWAC with more than two roles is refused."),
    fault("unknown-further-role-refused", "A QWAC with a further role that is not known is refused."),
    fault("statement-order-significant", "A QWAC is refused whose first statement is not QcCompliance."),
    fault("further-statement-refused", "A QWAC with further QcStatements is refused.").also(&["CERT-065"]),
    fault("several-disclosures-refused", "A QWAC with several disclosure statements is refused."),
    fault("printable-string-refused", "A QWAC is refused whose subject is in PrintableString."),
    fault("long-name-refused", "A QWAC is refused whose organization has more than 64 characters."),
    fault("foreign-letters-refused", "A QWAC is refused whose organization is not ASCII."),
    fault("several-dns-names-refused", "A QWAC with several DNS names is refused."),
    fault("hyphen-in-number-refused", "A TPP whose authorisation number has hyphens is refused."),
    fault("space-in-number-refused", "A TPP whose authorisation number has spaces is refused."),
    fault("foreign-authority-refused", "A TPP that was authorised in another country is refused.")
        .breaks(&["RTS-30.1.a-identify", "RTS-34.3.b-authority"])
        .also(&["CERT-063"]),
    fault("former-authority-refused", "A TPP is refused whose authority is named as in earlier lists."),
    fault("authority-name-compared", "A TPP is refused whose authority has another name than on the list."),
    fault("other-scheme-refused", "A TPP that is known by another register is refused."),
    fault("rsa-key-refused", "A QWAC with an RSA key is refused."),
    fault("p384-key-refused", "A QWAC with a key on P-384 is refused."),
    fault("qncp-policy-refused", "A QWAC under another policy than QEVCP-w is refused."),
    fault("psd2-policy-demanded", "A QWAC without the policy for PSD2 is refused.").also(&["CERT-068"]),
    fault("long-validity-refused", "A QWAC that is valid for more than 398 days is refused."),
    fault("last-day-refused", "A QWAC is refused in its last two days."),
    fault("longer-chain-refused", "A QWAC is refused that comes with more than one CA."),
];

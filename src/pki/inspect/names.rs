//! Object identifiers of certificates by the names that people know them by.

const NAMES: [(&str, &str); 40] = [
    ("0.4.0.194112.1.0", "QCP-n: qualified, natural person"),
    ("0.4.0.194112.1.1", "QCP-l: qualified, legal person"),
    ("0.4.0.194112.1.2", "QCP-n-qscd: qualified, natural person, key in a qualified device"),
    ("0.4.0.194112.1.3", "QCP-l-qscd: qualified, legal person, key in a qualified device"),
    ("0.4.0.194112.1.4", "QEVCP-w: qualified, website, extended validation"),
    ("0.4.0.194112.1.5", "QNCP-w: qualified, website"),
    ("0.4.0.194112.1.6", "QNCP-w-gen: qualified, website, not for browsers"),
    ("0.4.0.19495.3.1", "QCP-w-psd2: qualified, website, for PSD2"),
    ("0.4.0.2042.1.1", "NCP"),
    ("0.4.0.2042.1.2", "NCP+"),
    ("0.4.0.2042.1.3", "LCP"),
    ("0.4.0.2042.1.4", "EVCP"),
    ("0.4.0.2042.1.6", "DVCP"),
    ("0.4.0.2042.1.7", "OVCP"),
    ("0.4.0.2042.1.8", "IVCP"),
    ("2.5.29.32.0", "any policy"),
    ("2.23.140.1.1", "CA/B forum: extended validation"),
    ("2.23.140.1.2.1", "CA/B forum: domain validated"),
    ("2.23.140.1.2.2", "CA/B forum: organization validated"),
    ("2.23.140.1.2.3", "CA/B forum: individual validated"),
    ("0.4.0.1862.1.1", "QcCompliance: qualified in the EU"),
    ("0.4.0.1862.1.2", "QcLimitValue: a limit on the value of transactions"),
    ("0.4.0.1862.1.3", "QcRetentionPeriod: how long the issuer keeps its records"),
    ("0.4.0.1862.1.4", "QcSSCD: the key is in a qualified device"),
    ("0.4.0.1862.1.5", "QcPDS: the issuer's disclosure statement"),
    ("0.4.0.1862.1.6", "QcType"),
    ("0.4.0.1862.1.6.1", "signatures"),
    ("0.4.0.1862.1.6.2", "seals"),
    ("0.4.0.1862.1.6.3", "websites"),
    ("0.4.0.1862.1.7", "QcCClegislation: qualified outside of the EU"),
    ("0.4.0.1862.1.8", "QcIdentMethod: how the holder was identified"),
    ("0.4.0.19495.2", "PSD2"),
    ("1.3.6.1.5.5.7.11.2", "semantics of the names"),
    ("1.2.840.113549.1.1.5", "sha1WithRSAEncryption"),
    ("1.2.840.113549.1.1.10", "RSASSA-PSS"),
    ("1.2.840.113549.1.1.11", "sha256WithRSAEncryption"),
    ("1.2.840.113549.1.1.12", "sha384WithRSAEncryption"),
    ("1.2.840.113549.1.1.13", "sha512WithRSAEncryption"),
    ("1.2.840.10045.4.3.2", "ecdsa-with-SHA256"),
    ("1.2.840.10045.4.3.3", "ecdsa-with-SHA384"),
];

/// The name, where there is one.
pub(super) fn name(dotted: &str) -> Option<&'static str> {
    NAMES.iter().find(|(known, _)| *known == dotted).map(|(_, name)| *name)
}

/// The name and the identifier, or the identifier alone.
pub(super) fn named(dotted: &str) -> String {
    name(dotted).map_or_else(|| dotted.to_owned(), |name| format!("{name} ({dotted})"))
}

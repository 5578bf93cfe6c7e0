//! Object identifiers that only the rules know.

pub(super) use crate::pki::kind::{PSD2_POLICY, SEAL_POLICIES, WEB_POLICIES};

/// countryName.
pub(super) const COUNTRY: &[u64] = &[2, 5, 4, 6];
/// serialNumber, the registration number in EV certificates.
pub(super) const SERIAL_NUMBER: &[u64] = &[2, 5, 4, 5];
/// localityName.
pub(super) const LOCALITY: &[u64] = &[2, 5, 4, 7];
/// stateOrProvinceName.
pub(super) const STATE: &[u64] = &[2, 5, 4, 8];
/// businessCategory.
pub(super) const BUSINESS_CATEGORY: &[u64] = &[2, 5, 4, 15];
/// jurisdictionCountryName (CA/B EV guidelines).
pub(super) const JURISDICTION: &[u64] = &[1, 3, 6, 1, 4, 1, 311, 60, 2, 1, 3];

/// subjectKeyIdentifier.
pub(super) const SUBJECT_KEY_ID: &[u64] = &[2, 5, 29, 14];
/// keyUsage.
pub(super) const KEY_USAGE: &[u64] = &[2, 5, 29, 15];
/// subjectAltName.
pub(super) const SUBJECT_ALT_NAME: &[u64] = &[2, 5, 29, 17];
/// issuerAltName.
pub(super) const ISSUER_ALT_NAME: &[u64] = &[2, 5, 29, 18];
/// basicConstraints.
pub(super) const BASIC_CONSTRAINTS: &[u64] = &[2, 5, 29, 19];
/// nameConstraints.
pub(super) const NAME_CONSTRAINTS: &[u64] = &[2, 5, 29, 30];
/// cRLDistributionPoints.
pub(super) const CRL_POINTS: &[u64] = &[2, 5, 29, 31];
/// policyMappings.
pub(super) const POLICY_MAPPINGS: &[u64] = &[2, 5, 29, 33];
/// authorityKeyIdentifier.
pub(super) const AUTHORITY_KEY_ID: &[u64] = &[2, 5, 29, 35];
/// policyConstraints.
pub(super) const POLICY_CONSTRAINTS: &[u64] = &[2, 5, 29, 36];
/// extKeyUsage.
pub(super) const EXTENDED_KEY_USAGE: &[u64] = &[2, 5, 29, 37];
/// inhibitAnyPolicy.
pub(super) const INHIBIT_ANY_POLICY: &[u64] = &[2, 5, 29, 54];
/// cabfOrganizationIdentifier (CA/B EV guidelines §9.8.2).
pub(super) const CABF_ORGANIZATION_ID: &[u64] = &[2, 23, 140, 3, 1];
/// The poison of precertificates (RFC 6962 §3.1).
pub(super) const PRECERTIFICATE: &[u64] = &[1, 3, 6, 1, 4, 1, 11129, 2, 4, 3];

/// QcLimitValue.
pub(super) const QC_LIMIT: &[u64] = &[0, 4, 0, 1862, 1, 2];
/// QcRetentionPeriod.
pub(super) const QC_RETENTION: &[u64] = &[0, 4, 0, 1862, 1, 3];
/// QcSSCD: the key is in a qualified device.
pub(super) const QC_SSCD: &[u64] = &[0, 4, 0, 1862, 1, 4];
/// QcCClegislation: qualified outside the EU.
pub(super) const QC_LEGISLATION: &[u64] = &[0, 4, 0, 1862, 1, 7];
/// id-qcs-pkixQCSyntax-v2, which carries SemanticsInformation (RFC 3739 §3.2.6.1).
pub(super) const QC_SEMANTICS: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 11, 2];
/// Semantics of names of legal persons (EN 319 412-1 §5.1.4).
pub(super) const SEMANTICS_LEGAL: &[u64] = &[0, 4, 0, 194_121, 1, 2];
/// The same for the eIDAS network's identifiers (EN 319 412-1 §5.1.6).
pub(super) const SEMANTICS_EIDAS_LEGAL: &[u64] = &[0, 4, 0, 194_121, 1, 4];

/// The arc of PSD2 roles.
pub(super) const ROLES: &[u64] = &[0, 4, 0, 19495, 1];

/// QCP-l: seals.
pub(super) const QCP_L: &str = "0.4.0.194112.1.1";
/// QCP-l-qscd: seals by a qualified device.
pub(super) const QCP_L_QSCD: &str = "0.4.0.194112.1.3";
/// QEVCP-w: websites, with extended validation.
pub(super) const QEVCP_W: &str = "0.4.0.194112.1.4";
/// QNCP-w: websites.
pub(super) const QNCP_W: &str = "0.4.0.194112.1.5";
/// QNCP-w-gen: websites, and not for browsers.
pub(super) const QNCP_W_GEN: &str = "0.4.0.194112.1.6";
/// Every policy of EN 319 411-2.
pub(super) const QUALIFIED_POLICIES: [&str; 7] =
    ["0.4.0.194112.1.0", QCP_L, "0.4.0.194112.1.2", QCP_L_QSCD, QEVCP_W, QNCP_W, QNCP_W_GEN];
/// The EV policy of the CA/B forum.
pub(super) const CABF_EV: &str = "2.23.140.1.1";
/// The policies under which a website's certificate is for browsers: all but QNCP-w-gen.
pub(super) const BROWSER_POLICIES: [&str; 6] =
    [QEVCP_W, QNCP_W, CABF_EV, "2.23.140.1.2.1", "2.23.140.1.2.2", "2.23.140.1.2.3"];

//! Object identifiers: a type for them, and those that PSD2 certificates use.

use std::fmt;
use std::str::FromStr;

use super::PkiError;

/// An object identifier (X.660) that is known to be encodable.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Oid(Vec<u64>);

impl Oid {
    /// The numbers between the dots.
    pub fn arcs(&self) -> &[u64] {
        &self.0
    }

    /// Reads the content octets of an encoded identifier (X.690 §8.19); none where they are not one, or an arc is over
    /// 64 bits. The parser's own reading is wrong where the first two arcs do not fit one octet, `2.999` for example.
    pub(crate) fn from_content(octets: &[u8]) -> Option<Self> {
        let mut numbers = Vec::new();
        let mut number: u64 = 0;
        for octet in octets {
            number = number.checked_mul(128)?.checked_add(u64::from(octet & 0x7f))?;
            if octet & 0x80 == 0 {
                numbers.push(std::mem::take(&mut number));
            }
        }
        let (first_two, rest) = numbers.split_first().filter(|_| octets.last().is_some_and(|last| last & 0x80 == 0))?;
        let first = (first_two / 40).min(2);
        Self::try_from([&[first, first_two - 40 * first], rest].concat().as_slice()).ok()
    }

    pub(crate) fn to_yasna(&self) -> yasna::models::ObjectIdentifier {
        yasna::models::ObjectIdentifier::from_slice(&self.0)
    }
}

impl TryFrom<&[u64]> for Oid {
    type Error = PkiError;

    /// Refuses what X.660 does not allow: less than two arcs, a first arc over 2, a second over 39 below 0 and 1.
    fn try_from(arcs: &[u64]) -> Result<Self, PkiError> {
        // The upper limit is the encoder's: the first two arcs share one 64-bit number.
        let valid = matches!(arcs, [0 | 1, 0..=39, ..] | [2, 0..=0xffff_ffff, ..]);
        if valid { Ok(Self(arcs.to_vec())) } else { Err(bad(&dotted(arcs))) }
    }
}

impl FromStr for Oid {
    type Err = PkiError;

    fn from_str(text: &str) -> Result<Self, PkiError> {
        let arcs: Result<Vec<u64>, _> = text.split('.').map(str::parse).collect();
        Self::try_from(arcs.map_err(|_| bad(text))?.as_slice()).map_err(|_| bad(text))
    }
}

impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&dotted(&self.0))
    }
}

impl fmt::Debug for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl serde::Serialize for Oid {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl PartialEq<[u64]> for Oid {
    fn eq(&self, arcs: &[u64]) -> bool {
        self.0 == arcs
    }
}

fn dotted(arcs: &[u64]) -> String {
    arcs.iter().map(u64::to_string).collect::<Vec<_>>().join(".")
}

fn bad(found: &str) -> PkiError {
    PkiError::BadRecipe {
        reason: format!("\"{found}\" is no object identifier; expected numbers such as 0.4.0.194112.1.4"),
    }
}

/// Whether what the parser found is the identifier with these arcs.
pub(crate) fn is(found: &x509_parser::asn1_rs::Oid<'_>, arcs: &[u64]) -> bool {
    Oid::from_content(found.as_bytes()).is_some_and(|oid| oid == *arcs)
}

/// commonName, an attribute of the subject (X.520).
pub const COMMON_NAME: &[u64] = &[2, 5, 4, 3];
/// organizationName, an attribute of the subject (X.520).
pub const ORGANIZATION: &[u64] = &[2, 5, 4, 10];
/// organizationIdentifier, an attribute of the subject (X.520).
pub const ORGANIZATION_IDENTIFIER: &[u64] = &[2, 5, 4, 97];
/// certificatePolicies (RFC 5280 §4.2.1.4).
pub const CERTIFICATE_POLICIES: &[u64] = &[2, 5, 29, 32];
/// authorityInfoAccess (RFC 5280 §4.2.2.1).
pub const AUTHORITY_INFO_ACCESS: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 1, 1];
/// Access method: where the status responder is.
pub const OCSP: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 48, 1];
/// Access method: where the issuer's certificate is.
pub const CA_ISSUERS: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 48, 2];
/// qcStatements, the extension (RFC 3739 §3.2.6).
pub const QC_STATEMENTS: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 1, 3];
/// QcCompliance: an EU qualified certificate (EN 319 412-5 §4.2.1).
pub const QC_COMPLIANCE: &[u64] = &[0, 4, 0, 1862, 1, 1];
/// QcPDS: where the PKI disclosure statements are (EN 319 412-5 §4.3.4).
pub const QC_PDS: &[u64] = &[0, 4, 0, 1862, 1, 5];
/// QcType: what the certificate is for (EN 319 412-5 §4.2.3).
pub const QC_TYPE: &[u64] = &[0, 4, 0, 1862, 1, 6];
/// The PSD2 statement (TS 119 495 Annex A).
pub const QC_PSD2: &[u64] = &[0, 4, 0, 19495, 2];
/// The role that is not specified (TS 119 495 GEN-5.2.2-3A).
pub const ROLE_UNSPECIFIED: &[u64] = &[0, 4, 0, 19495, 1, 0];

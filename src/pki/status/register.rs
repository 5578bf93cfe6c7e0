//! What is said about which certificate.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// Beyond this many certificates the register forgets the oldest.
const MOST_ENTRIES: usize = 10_000;
/// RFC 5280 §4.1.2.2.
const LONGEST_SERIAL: usize = 20;

/// What shall be said about one certificate; what is left out is as it is for any other: not on the list, and good.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Statement {
    /// What the CRL says.
    pub crl: CrlEntry,
    /// What the OCSP responder says.
    pub ocsp: OcspAnswer,
    /// Why it was revoked, where it was.
    pub reason: Reason,
}

/// Whether the CRL lists a certificate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CrlEntry {
    /// It is not on the list: good.
    #[default]
    Unlisted,
    /// It is on the list: revoked.
    Listed,
}

/// How the OCSP responder answers about a certificate (RFC 6960 §2.2), truthfully or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OcspAnswer {
    /// It is good.
    #[default]
    Good,
    /// It is revoked.
    Revoked,
    /// Nothing is known of it.
    Unknown,
    /// It was good yesterday: `nextUpdate` is past.
    Stale,
    /// It is good, with a signature that does not verify.
    Forged,
    /// It is good, signed by a certificate of the CA without the extended key usage OCSPSigning.
    Undelegated,
    /// No answer at the moment: the error `tryLater` (RFC 6960 §2.3).
    TryLater,
    /// No answer at all.
    Silent,
}

/// Why a certificate was revoked (RFC 5280 §5.3.1), as its field `reasonCode` spells it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Reason {
    /// Not said.
    #[default]
    Unspecified,
    /// Its key is in other hands.
    KeyCompromise,
    /// There is a newer one.
    Superseded,
    /// Its holder has given up.
    CessationOfOperation,
    /// Suspended for the time being.
    CertificateHold,
    /// The authority has withdrawn the licence.
    PrivilegeWithdrawn,
}

impl Reason {
    /// The number of RFC 5280 §5.3.1.
    pub(super) fn number(self) -> i64 {
        match self {
            Self::Unspecified => 0,
            Self::KeyCompromise => 1,
            Self::Superseded => 4,
            Self::CessationOfOperation => 5,
            Self::CertificateHold => 6,
            Self::PrivilegeWithdrawn => 9,
        }
    }
}

/// What the responder is to say of one certificate.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told {
    pub(super) answer: OcspAnswer,
    pub(super) reason: Reason,
    /// Since when.
    pub(super) at: OffsetDateTime,
}

impl Default for Told {
    fn default() -> Self {
        Self { answer: OcspAnswer::Good, reason: Reason::Unspecified, at: OffsetDateTime::UNIX_EPOCH }
    }
}

/// A line of the CRL.
#[derive(Clone, Debug)]
pub(super) struct Listed {
    pub(super) serial: Vec<u8>,
    pub(super) reason: Reason,
    pub(super) at: OffsetDateTime,
}

/// Statements by serial number.
#[derive(Debug, Default)]
pub(super) struct Register(Mutex<Pages>);

#[derive(Debug, Default)]
struct Pages {
    entries: HashMap<Vec<u8>, (Statement, OffsetDateTime)>,
    order: VecDeque<Vec<u8>>,
}

impl Register {
    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn write(&self, serial: &str, statement: Statement, now: OffsetDateTime) -> bool {
        let Some(serial) = read_serial(serial) else { return false };
        let mut pages = self.pages();
        if pages.entries.insert(serial.clone(), (statement, now)).is_none() {
            pages.order.push_back(serial);
        }
        if pages.order.len() > MOST_ENTRIES
            && let Some(oldest) = pages.order.pop_front()
        {
            pages.entries.remove(&oldest);
        }
        true
    }

    pub(super) fn ocsp(&self, serial: &[u8]) -> Told {
        let pages = self.pages();
        let found = pages.entries.get(significant(serial));
        found.map(|(said, at)| Told { answer: said.ocsp, reason: said.reason, at: *at }).unwrap_or_default()
    }

    pub(super) fn listed(&self) -> Vec<Listed> {
        let pages = self.pages();
        let listed = pages.entries.iter().filter(|(_, (said, _))| said.crl == CrlEntry::Listed);
        listed.map(|(serial, (said, at))| Listed { serial: serial.clone(), reason: said.reason, at: *at }).collect()
    }
}

/// A serial number as people write it: hexadecimal, in any case, with or without colons.
fn read_serial(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.bytes().filter(|byte| *byte != b':').collect();
    if digits.is_empty() || digits.len() > 2 * (LONGEST_SERIAL + 1) || !digits.len().is_multiple_of(2) {
        return None;
    }
    let octet = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let hexadecimal = digits.iter().all(u8::is_ascii_hexdigit);
    let octets: Vec<u8> = digits.chunks(2).filter(|_| hexadecimal).map(octet).collect::<Option<_>>()?;
    Some(significant(&octets).to_vec()).filter(|serial| !serial.is_empty() && serial.len() <= LONGEST_SERIAL)
}

/// Without the leading zeros that DER may need for the sign.
fn significant(serial: &[u8]) -> &[u8] {
    let zeros = serial.iter().take_while(|octet| **octet == 0).count();
    serial.get(zeros..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_serial_number_is_read_as_people_write_it() {
        assert_eq!(read_serial("00:aB:01"), Some(vec![0xab, 1]));
        for bad in ["", "0", "abc", "zz", "00", "é1", &"11".repeat(22)] {
            assert_eq!(read_serial(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_book_forgets_its_oldest_entry_and_no_other() {
        let register = Register::default();
        let listed = Statement { crl: CrlEntry::Listed, ..Statement::default() };
        for number in 1..=MOST_ENTRIES + 1 {
            assert!(register.write(&format!("{number:08x}"), listed, OffsetDateTime::UNIX_EPOCH));
        }
        let serials: Vec<_> = register.listed().into_iter().map(|listed| listed.serial).collect();
        assert_eq!(serials.len(), MOST_ENTRIES);
        assert!(!serials.contains(&vec![1]) && serials.contains(&vec![2]));
    }
}

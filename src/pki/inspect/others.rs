//! What is no certificate, but stands in files beside them: keys and requests.

use openssl::pkey::{PKey, Private};
use time::OffsetDateTime;

use super::facts;
use crate::pki::request::Request;
use crate::pki::{PkiError, PrivateKeyKind};

/// What of a certificate is in the hands of whoever requests it.
const ASKED_FOR: [&str; 11] = [
    "Organization",
    "Identifier",
    "Authority",
    "Roles",
    "QcStatement",
    "QcStatements",
    "Key",
    "Key usage",
    "Made for",
    "Names",
    "Policy",
];

/// What a certificate request says and asks for, one `label: value` line for each fact.
///
/// # Errors
/// When it cannot be read.
pub fn request(der: &[u8]) -> Result<String, PkiError> {
    let request = Request::read(der)?;
    let facts = facts(&request.asked_for)?;
    let signed = match request.is_signed {
        true => "by the key in it, as it must be",
        false => "not by the key in it: no trust service provider takes it",
    };
    let lines = [
        ("Kind", "certificate request: nothing is certified yet".to_owned()),
        ("Asks for", facts.kind.asked_for().to_owned()),
        ("Subject", facts.subject.clone()),
    ];
    let asked = facts.in_words(OffsetDateTime::now_utc());
    let asked = asked.into_iter().filter(|(label, _)| ASKED_FOR.contains(label));
    Ok(super::explain::lines(lines.into_iter().chain(asked).chain([("Signed", signed.to_owned())])))
}

/// What can be said of a private key without telling it.
pub fn private_key(key: &PKey<Private>) -> String {
    let lines = [
        ("Kind", "private key, not encrypted: keep it to yourself".to_owned()),
        ("Key", format!("{}, {} bits", PrivateKeyKind::of(key).in_words(), key.bits())),
    ];
    super::explain::lines(lines.into_iter())
}

//! A file that begins as DER does: what is it?

use openssl::pkcs12::Pkcs12;
use openssl::pkey::{PKey, Private};
use openssl::x509::{X509Crl, X509Req};
use x509_parser::asn1_rs::{Any, FromDer, Tag};

use super::{FileError, Item, Kind, Source, pkcs12};

pub(super) fn items(source: &Source, bytes: &[u8]) -> Result<Vec<Item>, FileError> {
    if x509_parser::parse_x509_certificate(bytes).is_ok() {
        return Ok(vec![Item::Certificate(bytes.to_vec())]);
    }
    if is_pkcs12(bytes) {
        return pkcs12::items(source, bytes);
    }
    if let Some(key) = key(bytes) {
        return Ok(vec![Item::Key(key)]);
    }
    if X509Req::from_der(bytes).is_ok() {
        return Ok(vec![Item::Request(bytes.to_vec())]);
    }
    let others = [
        (PKey::public_key_from_der(bytes).is_ok(), Kind::PublicKey),
        (X509Crl::from_der(bytes).is_ok(), Kind::Crl),
        (openssl::pkcs7::Pkcs7::from_pem(&armour(bytes)).is_ok(), Kind::Pkcs7),
    ];
    match others.iter().find(|(is, _)| *is) {
        Some((_, kind)) => Ok(vec![Item::Other(*kind)]),
        None => locked_key(source, bytes),
    }
}

/// Whoever made it, it is no use to guess further than at a key under a password: all else is taken for the certificate
/// that it was said to be, and its reader says what is wrong with it.
fn locked_key(source: &Source, bytes: &[u8]) -> Result<Vec<Item>, FileError> {
    if !is_encrypted_key(bytes) {
        return Ok(vec![Item::Certificate(bytes.to_vec())]);
    }
    let Some(password) = source.password else { return Ok(vec![Item::Other(Kind::LockedKey)]) };
    let key = PKey::private_key_from_pkcs8_passphrase(bytes, password.as_bytes());
    key.map(|key| vec![Item::Key(key)]).map_err(|_| {
        source.error("the password does not open the private key", "give the right password for the encrypted key")
    })
}

/// An unencrypted private key: PKCS#8, PKCS#1 or SEC1.
pub(super) fn key(der: &[u8]) -> Option<PKey<Private>> {
    PKey::private_key_from_der(der).ok()
}

/// `PFX ::= SEQUENCE { version INTEGER (3), authSafe …`, RFC 7292 §4. Others have no INTEGER of 3 there.
fn is_pkcs12(bytes: &[u8]) -> bool {
    let version = Any::from_der(bytes).ok().and_then(|(_, pfx)| Any::from_der(pfx.data).ok().map(|(_, first)| first));
    version.is_some_and(|first| first.tag() == Tag::Integer && first.data == [3]) && Pkcs12::from_der(bytes).is_ok()
}

/// `EncryptedPrivateKeyInfo ::= SEQUENCE { SEQUENCE { OID … }, OCTET STRING }`, RFC 5958 §3.
fn is_encrypted_key(bytes: &[u8]) -> bool {
    let parts = || {
        let (_, whole) = Any::from_der(bytes).ok()?;
        let (rest, algorithm) = Any::from_der(whole.data).ok()?;
        let (rest, data) = Any::from_der(rest).ok()?;
        Some(rest.is_empty() && algorithm.tag() == Tag::Sequence && data.tag() == Tag::OctetString)
    };
    parts().unwrap_or(false)
}

/// The library reads PKCS#7 in PEM lines alone.
fn armour(der: &[u8]) -> Vec<u8> {
    use base64::Engine;
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let lines: Vec<&[u8]> = text.as_bytes().chunks(64).collect();
    [b"-----BEGIN PKCS7-----\n".as_slice(), &lines.join(b"\n".as_slice()), b"\n-----END PKCS7-----\n"].concat()
}

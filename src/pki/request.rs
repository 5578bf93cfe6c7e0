//! Certificate requests (PKCS#10, RFC 2986): what a certificate would say that did as they ask.

use x509_parser::asn1_rs::{Any, FromDer, Oid as RawOid, Tag};
use yasna::Tag as WrittenTag;

use super::PkiError;
use super::oid;

/// extensionRequest, an attribute of requests (RFC 2985 §5.4.2).
const EXTENSION_REQUEST: &[u64] = &[1, 2, 840, 113_549, 1, 9, 14];
/// The same as old Windows servers spell it.
const EXTENSION_REQUEST_OF_WINDOWS: &[u64] = &[1, 3, 6, 1, 4, 1, 311, 2, 1, 14];

/// A request that could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Request {
    /// The certificate that it asks for, in DER: its own subject, key and extensions, and nobody's serial number, dates and
    /// signature.
    pub(super) asked_for: Vec<u8>,
    /// It is signed by the key in it, which proves that whoever asks has that key (RFC 2986 §3).
    pub(super) is_signed: bool,
}

/// What a request holds, each in DER.
struct Parts<'a> {
    subject: &'a [u8],
    key: &'a [u8],
    /// The extensions one after the other, without what holds them together.
    extensions: Vec<u8>,
}

impl Request {
    /// Reads a request.
    ///
    /// # Errors
    /// It is no PKCS#10 in DER.
    pub(super) fn read(der: &[u8]) -> Result<Self, PkiError> {
        let bad = |reason: &str| PkiError::BadCertificate { reason: format!("the request is {reason}") };
        let (rest, whole) = Any::from_der(der).map_err(|_| bad("no PKCS#10 in DER"))?;
        if !rest.is_empty() {
            return Err(bad("followed by other octets"));
        }
        let parts = parts(whole.data).ok_or_else(|| bad("no PKCS#10 in DER"))?;
        let verified = openssl::x509::X509Req::from_der(der).and_then(|req| req.verify(req.public_key()?.as_ref()));
        Ok(Self { asked_for: certificate(&parts), is_signed: verified.unwrap_or(false) })
    }
}

/// `SEQUENCE { SEQUENCE { version, subject, key, [0] attributes }, algorithm, signature }`
fn parts(request: &[u8]) -> Option<Parts<'_>> {
    let (_, info) = Any::from_der(request).ok().filter(|(_, info)| info.tag() == Tag::Sequence)?;
    let (rest, version) = Any::from_der(info.data).ok()?;
    let (after_subject, _) = Any::from_der(rest).ok().filter(|(_, name)| name.tag() == Tag::Sequence)?;
    let (after_key, _) = Any::from_der(after_subject).ok().filter(|(_, key)| key.tag() == Tag::Sequence)?;
    let is_request = version.tag() == Tag::Integer;
    let attributes = Any::from_der(after_key).map(|(_, attributes)| attributes.data).unwrap_or_default();
    is_request.then_some(Parts {
        subject: &rest[..rest.len() - after_subject.len()],
        key: &after_subject[..after_subject.len() - after_key.len()],
        extensions: extensions(attributes)?,
    })
}

/// What all attributes ask for: `SEQUENCE { OID, SET { SEQUENCE OF Extension } }` each.
fn extensions(attributes: &[u8]) -> Option<Vec<u8>> {
    let mut found = Vec::new();
    let mut left = attributes;
    while !left.is_empty() {
        let (after, attribute) = Any::from_der(left).ok()?;
        left = after;
        let (values, kind) = RawOid::from_der(attribute.data).ok()?;
        if oid::is(&kind, EXTENSION_REQUEST) || oid::is(&kind, EXTENSION_REQUEST_OF_WINDOWS) {
            let (_, set) = Any::from_der(values).ok()?;
            let (_, list) = Any::from_der(set.data).ok().filter(|(_, list)| list.tag() == Tag::Sequence)?;
            found.extend_from_slice(list.data);
        }
    }
    Some(found)
}

fn certificate(parts: &Parts<'_>) -> Vec<u8> {
    // ecdsa-with-SHA256, which nobody verifies.
    let algorithm = [0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
    let validity = yasna::construct_der(|writer| {
        writer.write_sequence(|dates| {
            for date in ["260101000000Z", "491231235959Z"] {
                let utc_time = WrittenTag { tag_class: yasna::TagClass::Universal, tag_number: 23 };
                dates.next().write_tagged_implicit(utc_time, |date_of| date_of.write_utf8_string(date));
            }
        });
    });
    yasna::construct_der(|writer| {
        writer.write_sequence(|whole| {
            whole.next().write_sequence(|tbs| {
                tbs.next().write_tagged(WrittenTag::context(0), |version| version.write_u8(2));
                tbs.next().write_u8(1);
                [&algorithm, parts.subject, &validity, parts.subject, parts.key]
                    .into_iter()
                    .for_each(|part| tbs.next().write_der(part));
                if !parts.extensions.is_empty() {
                    tbs.next().write_tagged(WrittenTag::context(3), |extensions| {
                        extensions.write_sequence(|list| list.next().write_der(&parts.extensions));
                    });
                }
            });
            whole.next().write_der(&algorithm);
            whole.next().write_bitvec_bytes(&[], 0);
        });
    })
}

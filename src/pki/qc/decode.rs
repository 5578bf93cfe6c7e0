//! QcStatements from DER. Reading and writing use different libraries, so that neither can agree with itself.

use x509_parser::asn1_rs::{self, Any, FromDer, Ia5String, PrintableString, Sequence, Tag, Utf8String};

use super::{PdsLocation, Psd2Statement, QcStatement, QcStatements, RoleOfPsp};
use crate::pki::oid::{self, Oid};
use crate::pki::{PkiError, qc::encode};

/// TS 119 495 Annex A and EN 319 412-5: no text of the PSD2 statement is longer, in characters.
const LONGEST_TEXT: usize = 256;

pub(super) fn decode(der: &[u8]) -> Result<QcStatements, PkiError> {
    let statements = QcStatements(sequence(der, "qcStatements", statement)?);
    // DER has one encoding for each value: whatever we would write otherwise is not DER (an overlong length or arc …).
    if encode::encode(&statements)? == der {
        Ok(statements)
    } else {
        Err(wrong("qcStatements", "it is BER, but not DER"))
    }
}

fn statement(der: &[u8]) -> Result<QcStatement, PkiError> {
    let (info, oid) = take_oid(der, "statementId")?;
    Ok(match oid.arcs() {
        oid::QC_COMPLIANCE if info.is_empty() => QcStatement::Compliance,
        oid::QC_COMPLIANCE => return Err(wrong("QcCompliance", "it has no information, but some was found")),
        oid::QC_TYPE => QcStatement::Type(fields(info, "QcType", |rest| take_oid(rest, "QcType"))?),
        oid::QC_PDS => QcStatement::Pds(sequence(info, "QcPDS", pds)?),
        oid::QC_PSD2 => QcStatement::Psd2(psd2(info)?),
        _ if info.is_empty() => QcStatement::Other { oid, info: None },
        _ => {
            take::<Any>(info, "statementInfo").and_then(|(rest, _)| end(rest, "QCStatement"))?;
            QcStatement::Other { oid, info: Some(info.to_vec()) }
        }
    })
}

fn pds(der: &[u8]) -> Result<PdsLocation, PkiError> {
    let (rest, url) = take::<Ia5String>(der, "QcPDS url")?;
    let (rest, language) = take::<PrintableString>(rest, "QcPDS language")?;
    end(rest, "QcPDS")?;
    Ok(PdsLocation { url: url.string(), language: language.string() })
}

fn psd2(der: &[u8]) -> Result<Psd2Statement, PkiError> {
    let (rest, content) = take::<Sequence>(der, "PSD2QcType")?;
    end(rest, "PSD2 statement")?;
    let (rest, roles) = take::<Sequence>(&content.content, "rolesOfPSP")?;
    let (rest, nca_name) = take_text(rest, "nCAName")?;
    let (rest, nca_id) = take_text(rest, "nCAId")?;
    end(rest, "PSD2QcType")?;
    Ok(Psd2Statement { roles: items(&roles.content, "roleOfPSP", role)?, nca_name, nca_id })
}

fn role(der: &[u8]) -> Result<RoleOfPsp, PkiError> {
    let (rest, oid) = take_oid(der, "roleOfPspOid")?;
    let (rest, name) = take_text(rest, "roleOfPspName")?;
    match take_oid(rest, "roleOfPspOid") {
        // As met in the wild: the fields of all roles in one list.
        Ok(_) => {
            let reason = format!("{name} is followed by another role: each role has to stand in a SEQUENCE of its own");
            Err(wrong("roleOfPSP", &reason))
        }
        Err(_) => end(rest, "roleOfPSP").map(|()| RoleOfPsp { oid, name }),
    }
}

/// A SEQUENCE OF sequences, each read from its content, and nothing after it.
fn sequence<T>(der: &[u8], what: &str, each: impl Fn(&[u8]) -> Result<T, PkiError>) -> Result<Vec<T>, PkiError> {
    let (rest, list) = take::<Sequence>(der, what)?;
    end(rest, what)?;
    items(&list.content, what, each)
}

fn items<T>(content: &[u8], what: &str, each: impl Fn(&[u8]) -> Result<T, PkiError>) -> Result<Vec<T>, PkiError> {
    repeat(content, |rest| {
        let (rest, one) = take::<Sequence>(rest, what)?;
        Ok((rest, each(&one.content)?))
    })
}

/// A SEQUENCE OF anything that `take_one` takes, and nothing after it.
fn fields<T>(
    der: &[u8],
    what: &str,
    take_one: impl Fn(&[u8]) -> Result<(&[u8], T), PkiError>,
) -> Result<Vec<T>, PkiError> {
    let (rest, list) = take::<Sequence>(der, what)?;
    end(rest, what)?;
    repeat(&list.content, take_one)
}

fn repeat<T>(content: &[u8], take_one: impl Fn(&[u8]) -> Result<(&[u8], T), PkiError>) -> Result<Vec<T>, PkiError> {
    let mut rest = content;
    let mut taken = Vec::new();
    while !rest.is_empty() {
        let (after, one) = take_one(rest)?;
        taken.push(one);
        rest = after;
    }
    Ok(taken)
}

fn take<'a, T: FromDer<'a>>(der: &'a [u8], what: &str) -> Result<(&'a [u8], T), PkiError> {
    T::from_der(der).map_err(|error| wrong(what, &in_words(error)))
}

fn take_oid<'a>(der: &'a [u8], what: &str) -> Result<(&'a [u8], Oid), PkiError> {
    let (rest, oid) = take::<asn1_rs::Oid>(der, what)?;
    let oid =
        Oid::from_content(oid.as_bytes()).ok_or_else(|| wrong(what, "it is no object identifier of 64-bit numbers"))?;
    Ok((rest, oid))
}

fn take_text<'a>(der: &'a [u8], what: &str) -> Result<(&'a [u8], String), PkiError> {
    let (rest, text) = take::<Utf8String>(der, what)?;
    let text = text.string();
    match text.chars().count() {
        1..=LONGEST_TEXT => Ok((rest, text)),
        length => Err(wrong(what, &format!("it has {length} characters, but must have 1 to {LONGEST_TEXT}"))),
    }
}

fn end(rest: &[u8], what: &str) -> Result<(), PkiError> {
    match rest.len() {
        0 => Ok(()),
        1 => Err(wrong(what, "it is complete, and one octet follows that does not belong there")),
        more => Err(wrong(what, &format!("it is complete, and {more} octets follow that do not belong there"))),
    }
}

/// What the parser found, for people.
fn in_words(error: asn1_rs::Err<asn1_rs::Error>) -> String {
    match error {
        asn1_rs::Err::Incomplete(_) => "it is missing, or ends too early".to_owned(),
        asn1_rs::Err::Error(error) | asn1_rs::Err::Failure(error) => match error {
            asn1_rs::Error::Incomplete(_) => "it is missing, or ends too early".to_owned(),
            asn1_rs::Error::UnexpectedTag { expected, actual } => {
                let due = expected.map_or_else(|| "something else".to_owned(), named);
                format!("{} stands there, where {due} is due", named(actual))
            }
            error => error.to_string(),
        },
    }
}

/// A type of ASN.1 by its name.
fn named(tag: Tag) -> String {
    let known = match tag {
        Tag::Boolean => "a BOOLEAN",
        Tag::Integer => "an INTEGER",
        Tag::BitString => "a BIT STRING",
        Tag::OctetString => "an OCTET STRING",
        Tag::Null => "a NULL",
        Tag::Oid => "an OBJECT IDENTIFIER",
        Tag::Utf8String => "a UTF8String",
        Tag::Sequence => "a SEQUENCE",
        Tag::Set => "a SET",
        Tag::PrintableString => "a PrintableString",
        Tag::T61String => "a TeletexString",
        Tag::Ia5String => "an IA5String",
        Tag::BmpString => "a BMPString",
        Tag(other) => return format!("something with the tag {other}"),
    };
    known.to_owned()
}

fn wrong(what: &str, reason: &str) -> PkiError {
    PkiError::BadQcStatements { reason: format!("{what}: {reason}") }
}

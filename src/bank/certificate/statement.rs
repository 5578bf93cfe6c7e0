//! The form of the PSD2 statement (TS 119 495 Annex A): whether it is what it must be, and if not, what is wrong with it.

use x509_parser::asn1_rs::{Any, FromDer, Tag};

use crate::pki::qc::{QcStatement, QcStatements};

/// The statement's object identifier, 0.4.0.19495.2, as its content octets.
const PSD2: &[u8] = &[0x04, 0x00, 0x81, 0x98, 0x27, 0x02];
/// The longest text of the statement, in characters.
const LONGEST_TEXT: usize = 256;

/// What can be wrong with the form of a PSD2 statement, or of the QcStatements around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::bank) enum Flaw {
    /// It is no DER, or something follows it.
    Undecodable,
    /// It is there twice.
    Twice,
    /// Its roles are not sequences of an identifier and a name, in a sequence.
    Misshapen,
    /// A field is missing.
    Incomplete,
    /// A text is empty, or too long.
    Length,
    /// A text is no UTF8String.
    StringType,
}

/// What is wrong with the extension's value, if anything is.
pub(in crate::bank) fn flaw(value: &[u8]) -> Option<Flaw> {
    match QcStatements::decode(value) {
        Ok(statements) => {
            let psd2 = statements.0.iter().filter(|statement| matches!(statement, QcStatement::Psd2(_))).count();
            (psd2 > 1).then_some(Flaw::Twice)
        }
        Err(_) => Some(outer(value).unwrap_or(Flaw::Undecodable)),
    }
}

/// What can be told of QcStatements that cannot be decoded.
fn outer(value: &[u8]) -> Option<Flaw> {
    let statements = parts(&whole(value)?)?;
    let is_psd2 = |parts: &Vec<Any<'_>>| parts.first().is_some_and(|oid| oid.tag() == Tag::Oid && oid.data == PSD2);
    match statements.iter().filter_map(parts).find(is_psd2)?.as_slice() {
        [_] => Some(Flaw::Incomplete),
        [_, info] => psd2_type(info),
        _ => None,
    }
}

fn psd2_type(info: &Any<'_>) -> Option<Flaw> {
    let fields = parts(info)?;
    let [roles, nca_name, nca_id] = fields.as_slice() else {
        return Some(if fields.len() < 3 { Flaw::Incomplete } else { Flaw::Misshapen });
    };
    let mut texts = vec![nca_name.clone(), nca_id.clone()];
    for role in parts(roles)? {
        match role.tag() {
            Tag::Sequence => match parts(&role)?.as_slice() {
                [oid, name] if oid.tag() == Tag::Oid => texts.push(name.clone()),
                _ => return Some(Flaw::Misshapen),
            },
            _ => return Some(Flaw::Misshapen),
        }
    }
    let length = |text: &Any<'_>| std::str::from_utf8(text.data).map_or(0, |text| text.chars().count());
    if texts.iter().any(|text| text.tag() != Tag::Utf8String) {
        return Some(Flaw::StringType);
    }
    texts.iter().any(|text| !(1..=LONGEST_TEXT).contains(&length(text))).then_some(Flaw::Length)
}

/// One element, and nothing after it.
fn whole(der: &[u8]) -> Option<Any<'_>> {
    Any::from_der(der).ok().filter(|(rest, _)| rest.is_empty()).map(|(_, element)| element)
}

/// The elements of a sequence.
fn parts<'a>(sequence: &Any<'a>) -> Option<Vec<Any<'a>>> {
    let (mut rest, mut parts) = (sequence.data, Vec::new());
    if sequence.tag() != Tag::Sequence {
        return None;
    }
    while !rest.is_empty() {
        let (after, part) = Any::from_der(rest).ok()?;
        parts.push(part);
        rest = after;
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::bank::certificate::presented::Presented;
    use crate::pki::{Defect, NearMiss, TestPki};
    use rustls_pki_types::CertificateDer;
    use rustls_pki_types::pem::PemObject;

    fn flaw_of(issued: &crate::pki::Issued) -> Option<Flaw> {
        let leaf = CertificateDer::from_pem_slice(issued.certificate_pem.as_bytes()).unwrap();
        Presented::read(&[leaf]).unwrap().flaw
    }

    #[test]
    fn each_defect_of_form_is_known_for_what_it_is() {
        let pki = TestPki::fresh().unwrap();
        let expected = |name: &str| match name {
            "psd2-truncated" | "psd2-trailing-octets" | "psd2-not-der" => Some(Flaw::Undecodable),
            "psd2-statement-twice" | "qc-statements-twice" => Some(Flaw::Twice),
            "roles-flattened" | "roles-unwrapped" | "roles-reversed" => Some(Flaw::Misshapen),
            "psd2-bare" | "roles-missing" | "nca-name-missing" | "nca-id-missing" => Some(Flaw::Incomplete),
            "nca-name-empty" | "nca-id-empty" | "role-name-empty" | "nca-name-too-long" => Some(Flaw::Length),
            "nca-name-printable" | "role-names-printable" => Some(Flaw::StringType),
            _ => None,
        };
        for defect in Defect::all() {
            let issued = pki.issuing.issue_with_defect(&pki.tpps[0].recipe, defect).unwrap();
            assert_eq!(flaw_of(&issued), expected(defect.name()), "{defect}");
        }
        for near_miss in NearMiss::all() {
            let issued = pki.issuing.issue_near_miss(&pki.tpps[0].recipe, near_miss).unwrap();
            assert_eq!(flaw_of(&issued), None, "{near_miss}");
        }
    }

    proptest! {
        #[test]
        fn garbage_does_not_panic(garbage in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = flaw(&garbage);
        }
    }
}

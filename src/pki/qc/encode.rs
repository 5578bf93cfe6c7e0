//! QcStatements to DER.

use yasna::models::ObjectIdentifier;
use yasna::{DERWriter, DERWriterSeq};

use super::{PdsLocation, Psd2Statement, QcStatement, QcStatements};
use crate::pki::PkiError;

pub(super) fn encode(statements: &QcStatements) -> Result<Vec<u8>, PkiError> {
    yasna::try_construct_der(|writer| {
        writer.write_sequence(|list| statements.0.iter().try_for_each(|one| statement(list.next(), one)))
    })
}

fn statement(writer: DERWriter<'_>, statement: &QcStatement) -> Result<(), PkiError> {
    writer.write_sequence(|parts| {
        parts.next().write_oid(&ObjectIdentifier::from_slice(statement.arcs()));
        match statement {
            QcStatement::Compliance | QcStatement::Other { info: None, .. } => {}
            QcStatement::Other { info: Some(der), .. } => parts.next().write_der(der),
            QcStatement::Type(types) => {
                parts.next().write_sequence(|list| types.iter().for_each(|oid| list.next().write_oid(&oid.to_yasna())));
            }
            QcStatement::Pds(locations) => {
                return parts.next().write_sequence(|list| locations.iter().try_for_each(|one| pds(list, one)));
            }
            QcStatement::Psd2(psd2) => psd2_type(parts.next(), psd2),
        }
        Ok(())
    })
}

fn pds(list: &mut DERWriterSeq<'_>, location: &PdsLocation) -> Result<(), PkiError> {
    let PdsLocation { url, language } = location;
    if !url.is_ascii() {
        return Err(wrong(format!("QcPDS: the URL \"{url}\" is not ASCII; write it percent-encoded")));
    }
    // The writer asserts what PrintableString allows, so nothing else may reach it.
    if language.len() != 2 || !language.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Err(wrong(format!("QcPDS: the language \"{language}\" is not two letters of ISO 639-1")));
    }
    list.next().write_sequence(|parts| {
        parts.next().write_ia5_string(url);
        parts.next().write_printable_string(language);
    });
    Ok(())
}

/// `PSD2QcType` alone: the information of the PSD2 statement.
pub(in crate::pki) fn psd2_info(psd2: &Psd2Statement) -> Vec<u8> {
    yasna::construct_der(|writer| psd2_type(writer, psd2))
}

fn psd2_type(writer: DERWriter<'_>, psd2: &Psd2Statement) {
    writer.write_sequence(|parts| {
        parts.next().write_sequence(|roles| {
            for role in &psd2.roles {
                roles.next().write_sequence(|role_parts| {
                    role_parts.next().write_oid(&role.oid.to_yasna());
                    role_parts.next().write_utf8_string(&role.name);
                });
            }
        });
        parts.next().write_utf8_string(&psd2.nca_name);
        parts.next().write_utf8_string(&psd2.nca_id);
    });
}

fn wrong(reason: String) -> PkiError {
    PkiError::BadQcStatements { reason }
}

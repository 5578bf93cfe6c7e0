//! PSD2 statements that are not what TS 119 495 Annex A defines, as met in the wild or thought of.

use yasna::{DERWriter, DERWriterSeq, Tag, TagClass};

use crate::pki::PkiError;
use crate::pki::qc::{Psd2Statement, RoleOfPsp, psd2_info};
use crate::pki::recipe::Recipe;

const UTF8_STRING: Tag = Tag { tag_class: TagClass::Universal, tag_number: 12 };
/// PrintableString, where the module has UTF8String.
const PRINTABLE_STRING: Tag = Tag { tag_class: TagClass::Universal, tag_number: 19 };
/// The longest text that the module allows, in characters.
pub(super) const LONGEST: usize = 256;

/// The recipe with another PSD2QcType, made from its own PSD2 statement.
pub(super) fn bend(recipe: Recipe, info: impl FnOnce(&Psd2Statement) -> Vec<u8>) -> Result<Recipe, PkiError> {
    let psd2 = recipe.qc_statements.as_ref().and_then(|qc| qc.psd2.as_ref());
    let statement = psd2.map(|psd2| psd2.statement()).transpose()?;
    let no_psd2 =
        || PkiError::BadRecipe { reason: "this defect is of the PSD2 statement: take a QWAC or a QSealC".into() };
    let info = info(&statement.ok_or_else(no_psd2)?);
    Ok(recipe.with_qc(|qc| qc.bent.psd2_info = Some(info)))
}

/// The same statement with one thing changed, encoded as it should be.
pub(super) fn change(recipe: Recipe, change: impl FnOnce(&mut Psd2Statement)) -> Result<Recipe, PkiError> {
    bend(recipe, |psd2| {
        let mut psd2 = psd2.clone();
        change(&mut psd2);
        psd2_info(&psd2)
    })
}

/// A role whose name and identifier come from two roles.
pub(super) fn mixed(oid: &str, name: &str) -> Result<RoleOfPsp, PkiError> {
    Ok(RoleOfPsp { oid: oid.parse()?, name: name.to_owned() })
}

/// Three octets are missing at the end.
pub(super) fn truncated(psd2: &Psd2Statement) -> Vec<u8> {
    let mut info = psd2_info(psd2);
    info.truncate(info.len().saturating_sub(3));
    info
}

/// A NULL follows.
pub(super) fn with_trailing_octets(psd2: &Psd2Statement) -> Vec<u8> {
    let mut info = psd2_info(psd2);
    info.extend([0x05, 0x00]);
    info
}

/// BER, and not DER: the length of the sequence takes more octets than it needs.
pub(super) fn with_long_length(psd2: &Psd2Statement) -> Vec<u8> {
    let content = content(psd2);
    let mut info = vec![0x30, 0x83, 0x00];
    // A statement of more than 64 KiB is nobody's.
    info.extend(u16::try_from(content.len()).unwrap_or(u16::MAX).to_be_bytes());
    info.extend(content);
    info
}

/// What is in the PSD2QcType.
fn content(psd2: &Psd2Statement) -> Vec<u8> {
    yasna::construct_der_seq(|parts| {
        role_list(parts.next(), &psd2.roles);
        text(parts, &psd2.nca_name);
        text(parts, &psd2.nca_id);
    })
}

/// The fields of the roles in one list, without a sequence for each role.
pub(super) fn with_flat_roles(psd2: &Psd2Statement) -> Vec<u8> {
    sequence(|parts| {
        parts.next().write_sequence(|list| {
            for role in &psd2.roles {
                list.next().write_oid(&role.oid.to_yasna());
                text(list, &role.name);
            }
        });
        text(parts, &psd2.nca_name);
        text(parts, &psd2.nca_id);
    })
}

/// The roles side by side with the authority, without the sequence that holds them.
pub(super) fn with_unwrapped_roles(psd2: &Psd2Statement) -> Vec<u8> {
    sequence(|parts| {
        psd2.roles.iter().for_each(|role| one_role(parts.next(), role));
        text(parts, &psd2.nca_name);
        text(parts, &psd2.nca_id);
    })
}

/// In each role the name comes before the identifier.
pub(super) fn with_reversed_roles(psd2: &Psd2Statement) -> Vec<u8> {
    sequence(|parts| {
        parts.next().write_sequence(|list| {
            for role in &psd2.roles {
                list.next().write_sequence(|fields| {
                    text(fields, &role.name);
                    fields.next().write_oid(&role.oid.to_yasna());
                });
            }
        });
        text(parts, &psd2.nca_name);
        text(parts, &psd2.nca_id);
    })
}

/// One of the three fields is left out: 0 the roles, 1 the authority's name, 2 its identifier.
pub(super) fn without_field(psd2: &Psd2Statement, field: usize) -> Vec<u8> {
    sequence(|parts| {
        if field != 0 {
            role_list(parts.next(), &psd2.roles);
        }
        if field != 1 {
            text(parts, &psd2.nca_name);
        }
        if field != 2 {
            text(parts, &psd2.nca_id);
        }
    })
}

/// The authority's name in another string type.
pub(super) fn with_printable_authority(psd2: &Psd2Statement) -> Vec<u8> {
    sequence(|parts| {
        role_list(parts.next(), &psd2.roles);
        string(parts.next(), PRINTABLE_STRING, &psd2.nca_name);
        text(parts, &psd2.nca_id);
    })
}

/// The names of the roles in another string type.
pub(super) fn with_printable_roles(psd2: &Psd2Statement) -> Vec<u8> {
    sequence(|parts| {
        parts.next().write_sequence(|list| {
            for role in &psd2.roles {
                list.next().write_sequence(|fields| {
                    fields.next().write_oid(&role.oid.to_yasna());
                    string(fields.next(), PRINTABLE_STRING, &role.name);
                });
            }
        });
        text(parts, &psd2.nca_name);
        text(parts, &psd2.nca_id);
    })
}

fn sequence(write: impl FnOnce(&mut DERWriterSeq<'_>)) -> Vec<u8> {
    yasna::construct_der(|writer| writer.write_sequence(write))
}

fn role_list(writer: DERWriter<'_>, roles: &[RoleOfPsp]) {
    writer.write_sequence(|list| roles.iter().for_each(|role| one_role(list.next(), role)));
}

fn one_role(writer: DERWriter<'_>, role: &RoleOfPsp) {
    writer.write_sequence(|fields| {
        fields.next().write_oid(&role.oid.to_yasna());
        text(fields, &role.name);
    });
}

fn text(parts: &mut DERWriterSeq<'_>, value: &str) {
    string(parts.next(), UTF8_STRING, value);
}

fn string(writer: DERWriter<'_>, tag: Tag, value: &str) {
    writer.write_tagged_implicit(tag, |writer| writer.write_utf8_string(value));
}

//! The OCSP response (RFC 6960 §4.2): no library here builds one.

use time::{Duration, OffsetDateTime};
use yasna::models::{GeneralizedTime, ObjectIdentifier};
use yasna::{DERWriter, DERWriterSeq, Tag};

use super::OCSP_LIFETIME;
use super::register::{OcspAnswer, Told};
use super::request::{CertId, NONCE, Request};
use super::signer::Signer;
use crate::pki::PkiError;

/// The request could not be read (RFC 6960 §4.2.1).
pub(super) const MALFORMED_REQUEST: i64 = 1;
/// The responder cannot answer at the moment (RFC 6960 §4.2.1).
pub(super) const TRY_LATER: i64 = 3;

/// id-pkix-ocsp-basic.
const BASIC: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 48, 1, 1];
/// ecdsa-with-SHA256 (RFC 5758 §3.2).
const ECDSA_SHA256: &[u64] = &[1, 2, 840, 10045, 4, 3, 2];

/// A response without an answer.
pub(super) fn error(status: i64) -> Vec<u8> {
    yasna::construct_der(|writer| writer.write_sequence(|parts| parts.next().write_enum(status)))
}

/// A response with an answer for each certificate, signed.
pub(super) fn successful(
    request: &Request,
    told: &[Told],
    signer: &Signer,
    now: OffsetDateTime,
) -> Result<Vec<u8>, PkiError> {
    let data = response_data(request, told, signer, now);
    let forged = told.iter().any(|told| told.answer == OcspAnswer::Forged);
    // A right signature of something else.
    let signature = if forged { signer.sign(b"something else")? } else { signer.sign(&data)? };
    let basic = yasna::construct_der(|writer| {
        writer.write_sequence(|parts| {
            parts.next().write_der(&data);
            parts.next().write_sequence(|algorithm| oid(algorithm.next(), ECDSA_SHA256));
            parts.next().write_bitvec_bytes(&signature, signature.len() * 8);
            parts.next().write_tagged(Tag::context(0), |certificates| {
                certificates.write_sequence(|list| list.next().write_der(&signer.certificate));
            });
        });
    });
    Ok(yasna::construct_der(|writer| {
        writer.write_sequence(|parts| {
            parts.next().write_enum(0);
            parts.next().write_tagged(Tag::context(0), |bytes| {
                bytes.write_sequence(|response| {
                    oid(response.next(), BASIC);
                    response.next().write_bytes(&basic);
                });
            });
        });
    }))
}

fn response_data(request: &Request, told: &[Told], signer: &Signer, now: OffsetDateTime) -> Vec<u8> {
    yasna::construct_der(|writer| {
        writer.write_sequence(|parts| {
            parts.next().write_tagged(Tag::context(2), |by_key| by_key.write_bytes(&signer.key_hash));
            moment(parts.next(), now);
            parts.next().write_sequence(|list| {
                for (id, told) in request.ids.iter().zip(told) {
                    single(list.next(), id, told, now);
                }
            });
            if let Some(nonce) = &request.nonce {
                parts.next().write_tagged(Tag::context(1), |extensions| echo(extensions, nonce));
            }
        });
    })
}

fn single(writer: DERWriter<'_>, id: &CertId, told: &Told, now: OffsetDateTime) {
    let (this_update, next_update) = period(told.answer, now);
    writer.write_sequence(|parts| {
        parts.next().write_der(&id.der);
        status(parts, told);
        moment(parts.next(), this_update);
        parts.next().write_tagged(Tag::context(0), |next| moment(next, next_update));
    });
}

fn period(answer: OcspAnswer, now: OffsetDateTime) -> (OffsetDateTime, OffsetDateTime) {
    let from = if answer == OcspAnswer::Stale { now.saturating_sub(Duration::days(1)) } else { now };
    (from, from.saturating_add(Duration::seconds(OCSP_LIFETIME)))
}

/// CertStatus (RFC 6960 §4.2.1).
fn status(parts: &mut DERWriterSeq<'_>, told: &Told) {
    let writer = parts.next();
    match told.answer {
        OcspAnswer::Revoked => writer.write_tagged_implicit(Tag::context(1), |revoked| {
            revoked.write_sequence(|info| {
                moment(info.next(), told.at);
                info.next().write_tagged(Tag::context(0), |reason| reason.write_enum(told.reason.number()));
            });
        }),
        OcspAnswer::Unknown => writer.write_tagged_implicit(Tag::context(2), |null| null.write_null()),
        _ => writer.write_tagged_implicit(Tag::context(0), |null| null.write_null()),
    }
}

fn echo(writer: DERWriter<'_>, nonce: &[u8]) {
    writer.write_sequence(|extensions| {
        extensions.next().write_sequence(|parts| {
            oid(parts.next(), NONCE);
            parts.next().write_bytes(nonce);
        });
    });
}

fn oid(writer: DERWriter<'_>, arcs: &[u64]) {
    writer.write_oid(&ObjectIdentifier::from_slice(arcs));
}

/// RFC 5280 §4.1.2.5.2: to the second, in UTC.
fn moment(writer: DERWriter<'_>, at: OffsetDateTime) {
    let whole = at.replace_nanosecond(0).unwrap_or(at);
    let time = GeneralizedTime::from_datetime_opt(whole);
    writer.write_generalized_time(&time.unwrap_or_else(|| GeneralizedTime::from_datetime(OffsetDateTime::UNIX_EPOCH)));
}

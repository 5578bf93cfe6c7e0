//! Signatures on messages, in whichever of the three forms they come; and the bank's own on its answers.

mod answer;
mod berlin_group;
pub(in crate::bank) mod jws;
mod message;
mod quoted;
mod seals;
pub(in crate::bank) mod verify;

pub(super) use answer::sign as sign_answer;
pub(super) use seals::Seals;

use super::dialect::Dialect;
use super::http::Incoming;
use super::model::world::World;
use super::refusal::{Kind, Refusal};

/// So far apart may the clocks of bank and TPP be, in seconds.
const TOLERANCE: i64 = 300;

type Checked = Result<(), Refusal>;

/// The header of the UK's form.
pub(super) const X_JWS_SIGNATURE: &str = "x-jws-signature";

/// A form of signatures: the header that tells it, and its rules, which may ask who speaks.
struct Form {
    header: &'static str,
    check: fn(&World, &Incoming, Option<&str>) -> Checked,
}

/// RFC 9421 and the draft before it share a header: whoever sends Signature-Input means the former.
const FORMS: [Form; 3] = [
    Form { header: X_JWS_SIGNATURE, check: jws::check },
    Form { header: "signature-input", check: |world, incoming, _| message::check(world, incoming) },
    Form { header: "signature", check: |world, incoming, _| berlin_group::check(world, incoming) },
];

/// Whether a bank of that dialect has to demand signatures.
pub(super) fn are_a_must(dialect: Dialect) -> bool {
    match dialect {
        Dialect::BerlinGroup => false,
        Dialect::UkOpenBanking => true,
    }
}

/// Whether a request is signed, in whatever form.
pub(super) fn is_signed(incoming: &Incoming) -> bool {
    FORMS.iter().any(|form| incoming.headers.contains_key(form.header))
}

/// A bank that demands signatures refuses a request without one.
pub(super) fn demand(world: &World, incoming: &Incoming, is_signed: fn(&Incoming) -> bool) -> Checked {
    match is_signed(incoming) || !world.signatures_required || world.faults.on("signature-optional") {
        true => Ok(()),
        false => Err(Refusal::new(Kind::SignatureMissing, "sign the request")),
    }
}

/// A signature that is there is checked, whether it is demanded or not. It has to be that of the TPP with that
/// organizationIdentifier.
pub(super) fn check(world: &World, incoming: &Incoming, speaker: Option<&str>) -> Checked {
    let form = FORMS.iter().find(|form| incoming.headers.contains_key(form.header));
    let checked = form.map_or(Ok(()), |form| (form.check)(world, incoming, speaker));
    match world.faults.on("signature-errors-as-format-error") {
        true => checked.map_err(|error| Refusal::new(Kind::Malformed, error.text)),
        false => checked,
    }
}

/// The header that tells in which form the answer is to be signed: as the request was, where that form promises it. The
/// Berlin Group's does not.
pub(super) fn form_of_answer(incoming: &Incoming) -> Option<&'static str> {
    form_of(incoming).filter(|form| *form != "signature")
}

fn form_of(incoming: &Incoming) -> Option<&'static str> {
    FORMS.iter().map(|form| form.header).find(|header| incoming.headers.contains_key(*header))
}

fn invalid(why: &'static str) -> Refusal {
    Refusal::new(Kind::SignatureInvalid, why)
}

/// What cannot be read is refused as any other wrong signature is.
fn unreadable(world: &World, what: &'static str) -> Refusal {
    match world.faults.on("malformed-signature-server-error") {
        true => Refusal::new(Kind::Failure, "the request could not be handled"),
        false => invalid(what),
    }
}

/// Something must hold, or the signature is refused with that reason.
fn require(holds: bool, why: &'static str) -> Checked {
    if holds { Ok(()) } else { Err(invalid(why)) }
}

/// Now, by the clock that TPPs have too: the bank's own may have been moved on.
fn now() -> i64 {
    time::OffsetDateTime::now_utc().unix_timestamp()
}

/// The body as a careless bank signs it: read and written again.
fn rewritten(body: &[u8]) -> Vec<u8> {
    let json = serde_json::from_slice::<serde_json::Value>(body);
    json.map_or_else(|_| body.to_vec(), |json| json.to_string().into_bytes())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::http::{HeaderMap, HeaderName, Method};

    use super::*;
    use crate::bank::certificate::peer::Peer;

    /// A request with those headers and without a body.
    pub(super) fn incoming(headers: &[(&'static str, &str)]) -> Incoming {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(HeaderName::from_static(name), value.parse().unwrap());
        }
        Incoming {
            method: Method::POST,
            path: "/foo".into(),
            path_and_query: "/foo?param=value&pet=dog".into(),
            query: Default::default(),
            headers: map,
            body: Default::default(),
            body_refused: false,
            peer: Arc::new(Peer::default()),
        }
    }

    #[test]
    fn a_request_with_signature_input_is_one_of_rfc_9421() {
        assert_eq!(form_of(&incoming(&[("signature", "x"), ("signature-input", "x")])), Some("signature-input"));
        assert_eq!(form_of(&incoming(&[("signature", "x")])), Some("signature"));
        assert_eq!(form_of(&incoming(&[("digest", "x")])), None);
    }

    #[test]
    fn a_careless_bank_rewrites_json_and_nothing_else() {
        assert_eq!(rewritten(b" { \"b\": 1,\n\"a\": 2 } "), b"{\"b\":1,\"a\":2}");
        assert_eq!(rewritten(b"no json"), b"no json");
    }
}

//! Judges of what a bank made of the TPP's signature.

use super::{answered, json, message, table_of_answers};
use crate::{
    evidence::exchange::Exchange,
    judge::{
        signature,
        vocabulary::{
            berlin_group,
            uk_open_banking::{V3, V4},
        },
    },
};

fn uk(code: &str) -> Exchange {
    json(400, &format!(r#"{{"Errors":[{{"ErrorCode":"{code}"}}]}}"#))
}

#[test]
fn accepted() {
    table_of_answers(
        |exchange: &Exchange| signature::accepted(exchange, &berlin_group::WORDS),
        [
            (json(201, "{}"), "holds"),
            (message(401, "SIGNATURE_INVALID"), "broken"),
            (message(401, "CERTIFICATE_INVALID"), "broken"),
            (message(400, "FORMAT_ERROR"), "broken"),
            (answered(401, &[], ""), "broken"),
            // Refused for something else that has a code of its own.
            (message(400, "PAYMENT_FAILED"), "unclear"),
            (answered(404, &[], ""), "unclear"),
            (answered(500, &[], ""), "unclear"),
        ],
    );
    table_of_answers(
        |exchange: &Exchange| signature::accepted(exchange, &V4.words),
        [(uk("U015"), "broken"), (uk("U002"), "unclear")],
    );
    table_of_answers(
        |exchange: &Exchange| signature::accepted(exchange, &V3.words),
        [(uk("UK.OBIE.Signature.Malformed"), "broken"), (uk("UK.OBIE.Field.Missing"), "unclear")],
    );
}

#[test]
fn refused_without_failing() {
    table_of_answers(
        signature::refused_without_failing,
        [
            (message(401, "SIGNATURE_INVALID"), "holds"),
            (answered(400, &[], ""), "holds"),
            (answered(500, &[], ""), "broken"),
            (answered(302, &[], ""), "broken"),
            (json(201, "{}"), "granted"),
        ],
    );
}

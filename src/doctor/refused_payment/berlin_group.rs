//! The errors of Berlin Group: `tppMessages`.

use serde_json::Value;

use super::Words;

pub(super) const WORDS: Words = Words { mends: MENDS, error };

const MENDS: &[(&str, &str)] = &[
    (
        "CERTIFICATE",
        "see what `bankproof certs lint` says of the TPP's certificate, and ask the bank whether it is registered",
    ),
    ("ROLE", "the certificate needs PSP_PI"),
    ("SIGNATURE", "see [signing] in docs/target.md: form, seal, and which fields this bank wants signed"),
    ("PSU", "name the customer as this bank wants it, with `headers` under [payment]"),
    ("PRODUCT", "correct `product` under [payment]"),
    ("FORMAT", "see what the bank misses, and correct [payment] or its `headers`"),
    ("SERVICE", "ask the bank whether this TPP may initiate payments there"),
];

fn error(json: &Value) -> [&Value; 3] {
    let message = &json["tppMessages"][0];
    [&message["code"], &message["text"], &Value::Null]
}

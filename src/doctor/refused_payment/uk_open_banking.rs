//! The errors of UK Open Banking, of both releases.

use serde_json::Value;

use super::Words;

pub(super) const WORDS: Words = Words { mends: MENDS, error };

const MENDS: &[(&str, &str)] = &[
    ("UK.OBIE.Signature", UNSIGNED),
    ("U015", UNSIGNED),
    ("U016", UNSIGNED),
    ("U017", UNSIGNED),
    ("U018", UNSIGNED),
    ("U019", UNSIGNED),
    ("UK.OBIE.Field", FIELDS),
    ("U002", FIELDS),
    ("U004", FIELDS),
    ("UK.OBIE.Header", HEADERS),
    ("U006", HEADERS),
    ("U007", HEADERS),
    ("UK.OBIE.Unsupported", ACCOUNTS),
    ("U021", ACCOUNTS),
    ("U023", ACCOUNTS),
    ("U027", ACCOUNTS),
];
const UNSIGNED: &str =
    "see [signing] in docs/target.md: this bank wants an x-jws-signature by the key of `seal`, whose `key_id` it knows";
const FIELDS: &str = "correct [payment], or add what this bank wants with `body` under [[requests]]";
const HEADERS: &str = "add the header field that this bank wants under [[requests]]";
const ACCOUNTS: &str = "correct the accounts and the currency under [payment]: this bank does not serve them";

fn error(json: &Value) -> [&Value; 3] {
    let error = &json["Errors"][0];
    [&error["ErrorCode"], &error["Message"], &error["Path"]]
}

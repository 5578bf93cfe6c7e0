//! Judges of what scripts of other sites may do.

use super::{answered, table_of_answers};
use crate::{evidence::exchange::Exchange, judge::cors};

fn from(origin: &str, headers: &[(&str, &str)]) -> Exchange {
    let mut exchange = answered(200, headers, "");
    exchange.request.headers.push(("Origin".into(), origin.into()));
    exchange
}

const ORIGIN: &str = "access-control-allow-origin";
const CREDENTIALS: (&str, &str) = ("access-control-allow-credentials", "true");

#[test]
fn lets_nobody_in() {
    table_of_answers(
        cors::lets_nobody_in,
        [
            (from("https://a.example", &[]), "holds"),
            (from("https://a.example", &[(ORIGIN, "https://bank.example")]), "holds"),
            (from("https://a.example", &[(ORIGIN, "*")]), "broken"),
            (from("https://a.example", &[(ORIGIN, "https://a.example")]), "broken"),
            (from("null", &[(ORIGIN, "null")]), "broken"),
        ],
    );
}

#[test]
fn lets_nobody_in_with_credentials() {
    table_of_answers(
        cors::lets_nobody_in_with_credentials,
        [
            (from("https://a.example", &[]), "holds"),
            (from("https://a.example", &[CREDENTIALS]), "holds"),
            (from("https://a.example", &[(ORIGIN, "*"), CREDENTIALS]), "holds"),
            (from("https://a.example", &[(ORIGIN, "https://a.example")]), "holds"),
            (from("https://a.example", &[(ORIGIN, "https://bank.example"), CREDENTIALS]), "holds"),
            (from("https://a.example", &[(ORIGIN, "https://a.example"), CREDENTIALS]), "broken"),
            (from("null", &[(ORIGIN, "null"), CREDENTIALS]), "broken"),
        ],
    );
}

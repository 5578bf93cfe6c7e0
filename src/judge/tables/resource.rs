//! Judges of the protected resource.

use super::{alert, answered, endless, failed, json, table_of_answers};
use crate::judge::resource;

#[test]
fn served() {
    table_of_answers(
        resource::served,
        [
            (json(200, "{}"), "holds"),
            (answered(204, &[], ""), "holds"),
            (endless(200, "how long it is does not matter"), "holds"),
            (answered(304, &[], ""), "broken"),
            (answered(401, &[], ""), "broken"),
            (answered(500, &[], ""), "broken"),
        ],
    );
}

#[test]
fn token_refused_and_token_revoked() {
    for (judge, granted) in [(resource::token_refused as fn(&_) -> _, "granted"), (resource::token_revoked, "broken")] {
        table_of_answers(
            judge,
            [
                (answered(401, &[], ""), "holds"),
                (answered(403, &[], ""), "holds"),
                (answered(404, &[], ""), "holds"),
                (alert(), "holds"),
                (failed("closed"), "holds"),
                (answered(500, &[], ""), "unclear"),
                (json(200, "{}"), granted),
            ],
        );
    }
}

#[test]
fn challenged() {
    let with = |status: u16, scheme: &str| answered(status, &[("www-authenticate", scheme)], "");
    table_of_answers(
        resource::challenged,
        [
            (with(401, "Bearer realm=\"bank\""), "holds"),
            // RFC 6750 3: one parameter or more.
            (with(401, "Bearer"), "broken"),
            (with(401, "Basic, bearer realm=\"bank\""), "holds"),
            (with(401, "Basic"), "broken"),
            (with(401, "Bearers"), "broken"),
            (answered(401, &[], ""), "broken"),
            (answered(500, &[], ""), "broken"),
            (with(200, "Bearer"), "granted"),
        ],
    );
}

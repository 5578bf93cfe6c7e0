//! How the customer is asked, or is not: what sandboxes do instead of pages.

use super::Habit;

pub(super) const ROWS: &[Habit] = &[
    Habit {
        id: "sandbox-approves-at-once",
        says: "asks no customer, as sandboxes may: each authorization request is approved by a redirect at once",
    },
    Habit {
        id: "sandbox-takes-hint",
        says: "is told what the customer does by a parameter of the authorization request that RFC 6749 leaves free",
    },
    Habit {
        id: "sandbox-magic-users",
        says: "lets it depend on who logs in whether the customer agrees: how it authenticates is up to it (RFC 6749 3.1)",
    },
    Habit {
        id: "sca-decoupled",
        says: "sends no customer anywhere: payments are authorised in its app (NextGenPSD2, ASPSP-SCA-Approach DECOUPLED)",
    },
];

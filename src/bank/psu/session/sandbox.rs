//! What stands in for the customer where the bank is a sandbox, as most are that TPPs are given: nobody is asked, or what
//! is answered is known beforehand.

use super::ending::Ending;
use crate::bank::http::{Incoming, Params};
use crate::bank::model::world::World;

/// What the customer does, by the words that the bank is told.
const HINTS: [(&str, Ending); 4] = [
    ("accepted", Ending::Approved),
    ("rejected", Ending::Denied),
    ("abandoned", Ending::Cancelled),
    ("failed", Ending::Blocked),
];
/// What comes after the customer's own name in those of the users who do something else.
const USERS: [(&str, Ending); 3] =
    [("-denies", Ending::Denied), ("-cancels", Ending::Cancelled), ("-fails", Ending::Blocked)];

/// The customer's decision where no page is needed for it.
pub(super) fn decided_at_once(world: &World, incoming: &Incoming) -> Option<Ending> {
    if world.habits.has("sandbox-approves-at-once") {
        return Some(Ending::Approved);
    }
    let told = incoming.query.get("psu_consent").or_else(|| incoming.header("x-psu-consent"));
    let told = told.filter(|_| world.habits.has("sandbox-takes-hint"))?;
    HINTS.iter().find(|(hint, _)| *hint == told).map(|(_, ending)| *ending)
}

/// The customer's decision where it is known by who logs in.
pub(super) fn decided_by_user(world: &World, form: &Params) -> Option<Ending> {
    let customer = &world.customer;
    let suffix = form.get("username")?.strip_prefix(&customer.username)?;
    let right = form.get("password") == Some(&customer.password) && world.habits.has("sandbox-magic-users");
    USERS.iter().find(|(user, _)| right && *user == suffix).map(|(_, ending)| *ending)
}

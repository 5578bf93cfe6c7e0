//! What a bank may want of requests beyond the documents, where it says so in its own: a habit.

use serde_json::Value;

use super::{Call, TppMessage};
use crate::bank::model::state::State;

/// Header fields and members that other banks do without.
pub(super) fn wishes(call: &Call<'_>, _: &State) -> Result<(), TppMessage> {
    if !call.world.habits.has("wants-more-of-requests") {
        return Ok(());
    }
    let missing = |name: &str| Err(TppMessage::format_error("this bank wants it").at(name));
    let incoming = call.incoming;
    if incoming.header("accept") != Some("application/json") {
        return Err(TppMessage::new(406, "REQUESTED_FORMATS_INVALID", "this bank speaks application/json alone"));
    }
    let is_initiation = incoming.method == "POST" && call.payment.is_empty();
    if is_initiation {
        let body: Value = serde_json::from_slice(&incoming.body).unwrap_or_default();
        if incoming.header("psu-id").is_none() {
            return missing("PSU-ID");
        }
        if !body["creditorAddress"]["country"].is_string() {
            return missing("creditorAddress.country");
        }
    }
    if incoming.method == "GET" && incoming.header("psu-ip-address").is_none() {
        return missing("PSU-IP-Address");
    }
    Ok(())
}

//! What was made once is not made again (Read-Write Data API Profile, idempotency): by TPP, endpoint and key, for a day.

use serde_json::Value;

use super::{Call, UkError};
use crate::bank::model::consent::Made;
use crate::bank::model::state::State;
use crate::bank::uk_open_banking::errors::HEADER_INVALID;

/// In seconds.
const DAY: i64 = 86_400;

/// Under which name something is remembered.
fn name(call: &Call<'_>, state: &State) -> String {
    let key = call.incoming.header("x-idempotency-key").unwrap_or_default();
    format!("{} {} {key}", call.tpp(state), call.incoming.path)
}

/// What an earlier request with this key has made, and whether it said the same.
pub(super) enum Earlier {
    Nothing,
    /// The id.
    Same(String),
    /// The id; the body is another now.
    Other(String),
}

pub(super) fn earlier(call: &Call<'_>, state: &State, body: &Value) -> Earlier {
    let made = state.made.get(&name(call, state));
    let made = made.filter(|made| call.world.clock.now().saturating_sub(made.at) < DAY);
    match made.filter(|_| !call.world.faults.on("uk-replay-creates")) {
        Some(made) if made.body == *body => Earlier::Same(made.id.clone()),
        Some(made) => Earlier::Other(made.id.clone()),
        None => Earlier::Nothing,
    }
}

/// Remembers what this request has made.
pub(super) fn note(call: &Call<'_>, state: &mut State, body: Value, id: &str) {
    let made = Made { body, id: id.to_owned(), at: call.world.clock.now() };
    let name = name(call, state);
    state.made.insert(name, made);
}

/// A key that stands for something else.
pub(super) fn taken() -> UkError {
    UkError::bad_request(HEADER_INVALID, "the key belongs to another request").at("x-idempotency-key")
}

//! Banks that look and act in two steps: of two requests at the same time both find what only one of them may have.

use std::time::Duration;

use super::http::Incoming;
use super::model::world::World;
use super::uk_open_banking;

/// How far the two steps are apart: what is sent at the same time arrives within that.
const APART: Duration = Duration::from_millis(200);

/// Lets whoever comes meanwhile find what this request has found, with a fault.
pub(super) async fn look_first(world: &World, incoming: &Incoming) {
    let Some(found) = find(world, incoming) else { return };
    tokio::time::sleep(APART).await;
    let mut state = world.state();
    match found {
        Found::Code(code) => {
            if let Some(code) = state.codes.get_mut(&code) {
                code.redeemed_for = None;
            }
        }
        Found::Consent(consent) => {
            if let Some(consent) = state.consents.get_mut(&consent) {
                consent.order = None;
            }
        }
    }
}

/// What only one of several requests may have.
enum Found {
    /// A code that was not redeemed.
    Code(String),
    /// A consent under which nothing was ordered.
    Consent(String),
}

fn find(world: &World, incoming: &Incoming) -> Option<Found> {
    if let Some(consent) = uk_open_banking::consent_of_order(incoming) {
        let state = world.state();
        let is_free = state.consents.get(&consent).is_some_and(|consent| consent.order.is_none());
        let found = is_free && world.faults.on("uk-consent-used-twice-at-once");
        return found.then_some(Found::Consent(consent));
    }
    if incoming.path != "/token" {
        return None;
    }
    let form = incoming.form();
    let code = form.get("code")?;
    let state = world.state();
    let is_free = state.codes.get(code).is_some_and(|code| code.redeemed_for.is_none());
    let found = is_free && world.faults.on("code-redeemed-twice-at-once");
    found.then(|| Found::Code(code.to_owned()))
}

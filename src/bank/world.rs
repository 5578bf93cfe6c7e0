//! Everything that a rule may ask about: who the bank is, whom it knows, what time it is, what it remembers.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::clock::Clock;
use super::customer::{Customer, Registration};
use super::faults::Faults;
use super::habits::Habits;
use super::keys::Keys;
use super::random::Random;
use super::revocation_status::Watch;
use super::signatures::Seals;
use super::state::State;
use super::trust_service::TrustService;

/// Everything that a rule may ask about.
#[derive(Debug)]
pub(super) struct World {
    /// The base of the pages and of the metadata, without a slash at the end.
    pub(super) issuer: String,
    /// The base of the token endpoint and the API, where a client certificate is required.
    pub(super) api: String,
    pub(super) clients: Vec<Registration>,
    pub(super) customer: Customer,
    /// The name under which the bank knows the customer towards TPPs: it tells them nothing.
    pub(super) subject: String,
    pub(super) keys: Keys,
    pub(super) seals: Seals,
    pub(super) signatures_required: bool,
    pub(super) faults: Faults,
    pub(super) habits: Habits,
    pub(super) clock: Clock,
    pub(super) trust: TrustService,
    pub(super) watch: Watch,
    pub(super) random: Random,
    pub(super) state: Mutex<State>,
}

impl World {
    /// The bank's memory, to one request at a time.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn client(&self, client_id: &str) -> Option<&Registration> {
        self.clients.iter().find(|known| known.client.client_id == client_id)
    }
}

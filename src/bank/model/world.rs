//! Everything that a rule may ask about: who the bank is, whom it knows, what time it is, what it remembers.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::customer::{Customer, Registration};
use super::state::State;
use crate::bank::certificate::revocation_status::Watch;
use crate::bank::certificate::trust_service::TrustService;
use crate::bank::clock::Clock;
use crate::bank::dialect::Dialect;
use crate::bank::faults::Faults;
use crate::bank::habits::Habits;
use crate::bank::keys::Keys;
use crate::bank::random::Random;
use crate::bank::signatures::Seals;

/// Everything that a rule may ask about.
#[derive(Debug)]
pub(in crate::bank) struct World {
    pub(in crate::bank) dialect: Dialect,
    /// The base of the pages and of the metadata, without a slash at the end.
    pub(in crate::bank) issuer: String,
    /// The base of the token endpoint and the API, where a client certificate is required.
    pub(in crate::bank) api: String,
    pub(in crate::bank) clients: Vec<Registration>,
    pub(in crate::bank) customer: Customer,
    /// Others who may dispose of the same accounts, and be locked out without harm.
    pub(in crate::bank) lockable: Vec<Customer>,
    /// The name under which the bank knows the customer towards TPPs: it tells them nothing.
    pub(in crate::bank) subject: String,
    pub(in crate::bank) keys: Keys,
    pub(in crate::bank) seals: Seals,
    pub(in crate::bank) signatures_required: bool,
    pub(in crate::bank) faults: Faults,
    pub(in crate::bank) habits: Habits,
    pub(in crate::bank) clock: Clock,
    pub(in crate::bank) trust: TrustService,
    pub(in crate::bank) watch: Watch,
    pub(in crate::bank) random: Random,
    pub(in crate::bank) state: Mutex<State>,
}

impl World {
    /// The bank's memory, to one request at a time.
    pub(in crate::bank) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Everybody who can log in.
    pub(in crate::bank) fn customers(&self) -> impl Iterator<Item = &Customer> {
        std::iter::once(&self.customer).chain(&self.lockable)
    }

    pub(in crate::bank) fn customer_named(&self, username: &str) -> Option<&Customer> {
        self.customers().find(|customer| customer.username == username)
    }

    pub(in crate::bank) fn client(&self, client_id: &str) -> Option<&Registration> {
        self.clients.iter().find(|known| known.client.client_id == client_id)
    }
}

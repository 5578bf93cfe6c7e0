//! What the bank remembers, in memory and bounded.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, VecDeque};

use super::authorization::Pushed;
use super::consent::{Consent, Made, Order};
use super::grant::{AccessToken, AuthorizationCode, Grant};
use super::payment::{Authorisation, Initiated, Payment};
use super::session::{Attempts, Session};

/// Beyond this many rows a table forgets its oldest.
const LARGEST_TABLE: usize = 10_000;

/// Everything that changes while the bank runs.
#[derive(Debug, Default)]
pub(in crate::bank) struct State {
    /// By payment id.
    pub(in crate::bank) payments: Table<Payment>,
    /// By the id of the payment that they are about.
    pub(in crate::bank) consents: Table<Consent>,
    /// By order id.
    pub(in crate::bank) orders: Table<Order>,
    /// By TPP, endpoint and idempotency key.
    pub(in crate::bank) made: Table<Made>,
    /// By authorisation id.
    pub(in crate::bank) authorisations: Table<Authorisation>,
    /// By session id, which the customer's browser holds as a cookie.
    pub(in crate::bank) sessions: Table<Session>,
    /// Failed attempts, by the customer's user name.
    pub(in crate::bank) attempts: Table<Attempts>,
    /// What was initiated, by TPP and X-Request-ID.
    pub(in crate::bank) initiated: Table<Initiated>,
    /// By code.
    pub(in crate::bank) codes: Table<AuthorizationCode>,
    /// By grant id.
    pub(in crate::bank) grants: Table<Grant>,
    /// From refresh token to grant id.
    pub(in crate::bank) refresh_tokens: Table<String>,
    /// By `jti`.
    pub(in crate::bank) access_tokens: Table<AccessToken>,
    /// Access tokens by `jti` that have been used, and where: kept only with a fault.
    pub(in crate::bank) seen: RefCell<BTreeSet<(String, &'static str)>>,
    /// The certificates under which each TPP has initiated payments, by its organizationIdentifier, oldest first.
    pub(in crate::bank) certificates_met: Table<Vec<String>>,
    /// Pushed authorization requests, by their `request_uri`.
    pub(in crate::bank) pushed_requests: Table<Pushed>,
    /// Clients' assertions that have authenticated one already, by client and `jti`.
    pub(in crate::bank) assertions_seen: Table<()>,
    /// Where customers go whose session is over, by the address that they are sent on from.
    pub(in crate::bank) leaving: Table<String>,
    /// How many codes and refresh tokens were given.
    pub(in crate::bank) secrets_given: u64,
}

/// Rows by key, the oldest of which are forgotten beyond the bound.
#[derive(Debug)]
pub(in crate::bank) struct Table<V> {
    rows: HashMap<String, V>,
    order: VecDeque<String>,
}

impl<V> Default for Table<V> {
    fn default() -> Self {
        Self { rows: HashMap::new(), order: VecDeque::new() }
    }
}

impl<V> Table<V> {
    pub(in crate::bank) fn insert(&mut self, key: String, row: V) {
        if self.rows.insert(key.clone(), row).is_none() {
            self.order.push_back(key);
        }
        if self.order.len() > LARGEST_TABLE
            && let Some(oldest) = self.order.pop_front()
        {
            self.rows.remove(&oldest);
        }
    }

    pub(in crate::bank) fn get(&self, key: &str) -> Option<&V> {
        self.rows.get(key)
    }

    pub(in crate::bank) fn get_mut(&mut self, key: &str) -> Option<&mut V> {
        self.rows.get_mut(key)
    }

    /// Forgets a row; its place in the order stays taken until it is the oldest.
    pub(in crate::bank) fn remove(&mut self, key: &str) -> Option<V> {
        self.rows.remove(key)
    }

    pub(in crate::bank) fn values(&self) -> impl Iterator<Item = &V> {
        self.rows.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_forgets_its_oldest_row_and_no_other() {
        let mut table = Table::default();
        for number in 0..=LARGEST_TABLE {
            table.insert(number.to_string(), number);
        }
        assert_eq!(table.get("0"), None);
        assert_eq!(table.get("1"), Some(&1));
        assert_eq!(table.values().count(), LARGEST_TABLE);
    }
}

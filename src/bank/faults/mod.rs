//! The ways in which the bank can be told to misbehave. Each is one row here, and is asked for at one place in the
//! bank, which a search for its id finds.

mod authorization;
mod binding;
mod cells;
mod certificates;
mod client_authentication;
mod identity;
mod payments;
mod pkce;
mod revocation_status;
mod signatures;
mod tls;
mod tokens;
mod uk_open_banking;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::asked::Asked;
use super::dialect::Dialect;
use super::error::BankError;
use super::oauth::client::authentication::Endpoint;
use crate::pki::nearest;

pub use cells::{Cell, cells};

/// One named way in which the bank misbehaves when told to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// In kebab-case, saying what the bank does wrong: `pkce-verifier-unchecked`.
    pub id: &'static str,
    /// What the bank then does wrong, in one sentence.
    pub says: &'static str,
    /// The checks that it may trip besides those that must catch it; the beginnings of their ids at a cell.
    pub also: &'static [&'static str],
    /// The requirements that it breaks, where those who must catch it cover more than one.
    pub breaks: &'static [&'static str],
    /// The rule that it leaves out at one place, where that is all that it is.
    pub cell: Option<Cell>,
}

/// A row of the tables: a fault that trips nothing else until its row says so.
const fn fault(id: &'static str, says: &'static str) -> Fault {
    Fault { id, says, also: &[], breaks: &[], cell: None }
}

impl Fault {
    /// Whether a check that must fail with a fault of that name must fail with this one: a cell is caught by whoever catches
    /// what it is a part of.
    pub fn goes_by(&self, name: &str) -> bool {
        self.id == name || self.cell.is_some_and(|cell| cell.rule == name)
    }

    /// Whether it may trip that check besides.
    pub fn may_trip(&self, check: &str) -> bool {
        self.also.iter().any(|also| if self.cell.is_some() { check.starts_with(also) } else { check == *also })
    }

    /// The same fault, which may also trip these checks.
    const fn also(self, also: &'static [&'static str]) -> Self {
        Self { also, ..self }
    }

    /// The same fault, which breaks these requirements.
    const fn breaks(self, breaks: &'static [&'static str]) -> Self {
        Self { breaks, ..self }
    }
}

static ALL: LazyLock<Vec<Fault>> = LazyLock::new(|| {
    [
        authorization::FAULTS,
        pkce::FAULTS,
        tokens::FAULTS,
        certificates::FAULTS,
        payments::FAULTS,
        revocation_status::FAULTS,
        signatures::FAULTS,
        binding::FAULTS,
        identity::FAULTS,
        tls::FAULTS,
        client_authentication::FAULTS,
        uk_open_banking::FAULTS,
    ]
    .concat()
});

/// Every fault of the bank that has a name of its own: the rest are [`cells`].
pub fn all() -> &'static [Fault] {
    &ALL
}

/// Every fault of a bank of that dialect: those with names of their own, and the cells.
pub fn of(dialect: Dialect) -> impl Iterator<Item = &'static Fault> {
    all().iter().chain(cells(dialect))
}

/// Every fault of any bank, once.
pub fn everywhere() -> impl Iterator<Item = &'static Fault> {
    all().iter().chain(cells::everywhere())
}

/// The fault of that name.
pub fn find(id: &str) -> Option<&'static Fault> {
    everywhere().find(|fault| fault.id == id)
}

/// The faults that are switched on in one bank.
#[derive(Clone, Debug, Default)]
pub(super) struct Faults {
    on: Vec<&'static str>,
    asked: Asked,
}

impl Faults {
    pub(super) fn switch_on(wanted: &BTreeSet<String>, asked: Asked) -> Result<Self, BankError> {
        let ids = || all().iter().map(|fault| fault.id);
        let known = |id: &String| find(id).map(|fault| fault.id);
        let unknown = |id: &String| BankError::UnknownFault { id: id.clone(), nearest: nearest(id, ids()) };
        let on = wanted.iter().map(|id| known(id).ok_or_else(|| unknown(id))).collect::<Result<_, _>>()?;
        Ok(Self { on, asked })
    }

    /// Whether a fault is on.
    pub(super) fn on(&self, id: &str) -> bool {
        self.asked.note(id);
        self.on.contains(&id)
    }

    /// Whether the fault of that name is on at that place alone.
    pub(super) fn on_at(&self, id: &str, place: &str) -> bool {
        self.on(&cells::of_named(id, place))
    }

    /// Whether a rule is left out at that place.
    pub(super) fn leave_out(&self, rule: &str, place: &str) -> bool {
        self.on(&cells::of_rule(rule, place))
    }

    /// The same for what has to be made ready before it is known whether anybody will ask: it does nothing by itself.
    pub(super) fn may_be_on(&self, id: &str) -> bool {
        self.on.contains(&id)
    }

    /// The same at that place alone.
    pub(super) fn may_be_on_at(&self, id: &str, place: &str) -> bool {
        self.may_be_on(&cells::of_named(id, place))
    }

    /// Whether a token that was used there is good there for ever.
    pub(super) fn seen_token_outlives(&self, place: &str) -> bool {
        self.leave_out(SEEN, place)
    }

    /// Whether that has to be made ready: what was used is written down.
    pub(super) fn seen_token_may_outlive(&self, place: &str) -> bool {
        self.may_be_on(REPLAY_KEEPS_USED_TOKENS) || self.may_be_on(&cells::of_rule(SEEN, place))
    }

    /// Somebody wants to know what the bank is asked for.
    pub(super) fn are_watched(&self) -> bool {
        self.asked.is_kept()
    }

    /// Whether a TPP without a certificate is served there.
    pub(super) fn anonymous(&self, endpoint: Endpoint) -> bool {
        ANONYMOUS.iter().any(|(id, endpoints)| endpoints.contains(&endpoint) && self.on(id))
    }

    /// Whether TLS has to let TPPs without a certificate in.
    pub(super) fn some_endpoint_may_be_anonymous(&self) -> bool {
        ANONYMOUS.iter().any(|(id, _)| self.may_be_on(id))
    }

    /// Somebody without a certificate was not let in, whom each of those faults would have let in.
    pub(super) fn note_anonymous(&self) {
        ANONYMOUS.iter().for_each(|(id, _)| self.asked.note(id));
    }
}

/// What was used outlives the replay of the code that it came by.
pub(super) const REPLAY_KEEPS_USED_TOKENS: &str = "replay-keeps-used-tokens";
/// The rule that a token which was used before is looked at again.
const SEEN: &str = "revocation_of_used_token";

/// Which fault opens which endpoints to TPPs without a certificate.
const ANONYMOUS: [(&str, &[Endpoint]); 10] = [
    (
        "client-certificate-optional",
        &[Endpoint::Token, Endpoint::Refresh, Endpoint::ClientCredentials, Endpoint::Payments],
    ),
    (
        "token-endpoint-without-client-authentication",
        &[Endpoint::Token, Endpoint::Refresh, Endpoint::ClientCredentials],
    ),
    ("refresh-without-client-authentication", &[Endpoint::Refresh]),
    ("client-credentials-without-client-authentication", &[Endpoint::ClientCredentials]),
    ("revocation-without-client-authentication", &[Endpoint::Revocation]),
    ("par-without-client-authentication", &[Endpoint::PushedRequest]),
    ("introspection-without-authentication", &[Endpoint::Introspection]),
    ("bound-token-without-certificate-accepted", &[Endpoint::BoundResource]),
    ("certificate-header-trusted", &[Endpoint::BehindProxy]),
    ("subject-header-trusted", &[Endpoint::NamedByProxy]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_fault_is_answered_with_the_nearest() {
        let error =
            Faults::switch_on(&BTreeSet::from(["pkce-verifier-uncheckd".to_owned()]), Asked::default()).unwrap_err();
        assert!(error.to_string().contains("\"pkce-verifier-unchecked\""), "{error}");
    }

    #[test]
    fn ids_are_unique() {
        let ids: BTreeSet<_> = all().iter().map(|fault| fault.id).collect();
        assert_eq!(ids.len(), all().len());
    }
}

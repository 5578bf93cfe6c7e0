//! The ways in which the bank can be told to misbehave. Each is one row here, and is asked for at one place in the
//! bank, which a search for its id finds.

mod authorization;
mod certificates;
mod payments;
mod pkce;
mod tokens;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::client_auth::Endpoint;
use super::error::BankError;

/// One named way in which the bank misbehaves when told to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// In kebab-case, saying what the bank does wrong: `pkce-verifier-unchecked`.
    pub id: &'static str,
    /// What the bank then does wrong, in one sentence.
    pub says: &'static str,
    /// The checks that it may trip besides those that must catch it.
    pub also: &'static [&'static str],
}

/// A row of the tables: a fault that trips nothing else until its row says so.
const fn fault(id: &'static str, says: &'static str) -> Fault {
    Fault { id, says, also: &[] }
}

impl Fault {
    /// The same fault, which may also trip these checks.
    const fn also(self, also: &'static [&'static str]) -> Self {
        Self { also, ..self }
    }
}

static ALL: LazyLock<Vec<Fault>> = LazyLock::new(|| {
    [authorization::FAULTS, pkce::FAULTS, tokens::FAULTS, certificates::FAULTS, payments::FAULTS].concat()
});

/// Every fault of the bank.
pub fn all() -> &'static [Fault] {
    &ALL
}

/// The faults that are switched on in one bank.
#[derive(Clone, Debug, Default)]
pub(super) struct Faults(Vec<&'static str>);

impl Faults {
    pub(super) fn switch_on(asked: &BTreeSet<String>) -> Result<Self, BankError> {
        let known = |id: &String| all().iter().find(|fault| fault.id == *id).map(|fault| fault.id);
        let unknown = |id: &String| BankError::UnknownFault { id: id.clone(), nearest: nearest(id) };
        asked.iter().map(|id| known(id).ok_or_else(|| unknown(id))).collect::<Result<_, _>>().map(Self)
    }

    /// Whether a fault is on.
    pub(super) fn on(&self, id: &str) -> bool {
        self.0.contains(&id)
    }

    /// Whether a TPP without a certificate is served there.
    pub(super) fn anonymous(&self, endpoint: Endpoint) -> bool {
        ANONYMOUS.iter().any(|(id, endpoints)| endpoints.contains(&endpoint) && self.on(id))
    }

    /// Whether TLS has to let TPPs without a certificate in.
    pub(super) fn some_endpoint_is_anonymous(&self) -> bool {
        ANONYMOUS.iter().any(|(id, _)| self.on(id))
    }
}

/// Which fault opens which endpoints to TPPs without a certificate.
const ANONYMOUS: [(&str, &[Endpoint]); 4] = [
    ("client-certificate-optional", &[Endpoint::Token, Endpoint::Payments]),
    ("token-endpoint-without-client-authentication", &[Endpoint::Token]),
    ("revocation-without-client-authentication", &[Endpoint::Revocation]),
    ("introspection-without-authentication", &[Endpoint::Introspection]),
];

/// The three ids that look most like this one.
fn nearest(asked: &str) -> Vec<String> {
    let mut ids: Vec<_> = all().iter().map(|fault| (distance(asked, fault.id), fault.id)).collect();
    ids.sort_unstable();
    ids.into_iter().take(3).map(|(_, id)| format!("\"{id}\"")).collect()
}

/// How many letters must be added, dropped or changed to get from one word to the other (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.chars().count()).collect();
    for (line, letter) in from.chars().enumerate() {
        let mut above_left = line;
        let mut left = line + 1;
        for (cell, other) in row.iter_mut().zip(std::iter::once(None).chain(to.chars().map(Some))) {
            let above = *cell;
            *cell = match other {
                None => left,
                Some(other) => (above_left + usize::from(other != letter)).min(above + 1).min(left + 1),
            };
            above_left = above;
            left = *cell;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_letters() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", "abc"), 0);
    }

    #[test]
    fn an_unknown_fault_is_answered_with_the_nearest() {
        let error = Faults::switch_on(&BTreeSet::from(["pkce-verifier-uncheckd".to_owned()])).unwrap_err();
        assert!(error.to_string().contains("\"pkce-verifier-unchecked\""), "{error}");
    }

    #[test]
    fn ids_are_unique() {
        let ids: BTreeSet<_> = all().iter().map(|fault| fault.id).collect();
        assert_eq!(ids.len(), all().len());
    }
}

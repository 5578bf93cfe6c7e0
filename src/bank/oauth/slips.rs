//! How parameters are written at each endpoint: none twice, one without a value counts as omitted, and one that is not known
//! is ignored (RFC 6749 §3.1 and §3.2). What faults make of the first two stands in tables.

use super::error::OAuthError;
use crate::bank::http::Params;
use crate::bank::model::world::World;

/// What may go wrong at one endpoint.
pub(in crate::bank) struct Slips {
    /// The fault by which the first of two is taken, and the parameters at which it has cells.
    twice: (&'static str, &'static [&'static str]),
    /// The fault by which a parameter without a value is refused, and the same.
    empty: (&'static str, &'static [&'static str]),
}

pub(in crate::bank) const AUTHORIZATION: Slips = Slips {
    twice: (
        "duplicate-parameter-accepted",
        &["response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method"],
    ),
    empty: ("empty-parameter-refused", &["request_uri", "request", "response_mode", "prompt"]),
};
pub(in crate::bank) const PUSHED: Slips = Slips {
    twice: (
        "pushed-parameter-twice-accepted",
        &["response_type", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method"],
    ),
    empty: ("empty-pushed-parameter-refused", &["request_uri", "response_mode"]),
};
pub(in crate::bank) const TOKEN: Slips = Slips {
    twice: (
        "token-parameter-twice-accepted",
        &["grant_type", "client_id", "code", "redirect_uri", "code_verifier", "refresh_token", "scope"],
    ),
    empty: ("empty-token-parameter-refused", &["scope", "resource"]),
};
pub(in crate::bank) const REVOCATION: Slips = Slips {
    twice: ("revocation-parameter-twice-accepted", &["token", "token_type_hint"]),
    empty: ("empty-revocation-parameter-refused", &["token_type_hint"]),
};
pub(in crate::bank) const INTROSPECTION: Slips = Slips {
    twice: ("introspection-parameter-twice-accepted", &["token", "token_type_hint"]),
    empty: ("empty-introspection-parameter-refused", &["token_type_hint"]),
};

impl Slips {
    /// Whether the first of two is taken, by a fault.
    pub(in crate::bank) fn takes_first(&self, world: &World, name: &str) -> bool {
        self.all().any(|slips| is_on(world, slips.twice.0, name)) || world.habits.has("takes-the-first-of-two")
    }

    /// What is pushed is an authorization request too.
    fn all(&self) -> impl Iterator<Item = &Self> {
        let is_pushed = self.twice.0 == PUSHED.twice.0;
        std::iter::once(self).chain(is_pushed.then_some(&AUTHORIZATION))
    }

    /// What is wrong with how the parameters are written.
    pub(in crate::bank) fn refused(&self, world: &World, params: &Params) -> Option<String> {
        let twice = params.repeated().find(|name| !self.takes_first(world, name));
        let refuses = |name: &str| self.all().any(|slips| is_on(world, slips.empty.0, name));
        let empty = || params.empty().find(|name| refuses(name));
        twice.map(|name| format!("{name} is sent twice")).or_else(|| empty().map(|name| format!("{name} has no value")))
    }

    fn by_place(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let of = |(fault, names): (&'static str, &'static [&'static str])| names.iter().map(move |name| (*name, fault));
        of(self.twice).chain(of(self.empty))
    }
}

/// The fault by which a parameter that is not known is refused: at the authorization endpoint by its name, elsewhere by cells.
pub(in crate::bank) const UNKNOWN: &str = "unknown-parameter-refused";
/// Where it has a cell.
pub(in crate::bank) const TOKEN_ENDPOINT: &str = "token-endpoint";

/// Ignores what is not known, unless the bank is told to refuse it.
pub(in crate::bank) fn tolerate_unknown(
    params: &Params,
    known: &[&str],
    refuses: impl FnOnce() -> bool,
) -> Result<(), OAuthError> {
    match params.names().find(|name| !known.contains(name)) {
        Some(name) if refuses() => Err(OAuthError::invalid_request(format!("{name} is not known"))),
        _ => Ok(()),
    }
}

/// At every parameter, or at that one.
fn is_on(world: &World, fault: &str, name: &str) -> bool {
    world.faults.on(fault) || world.faults.on_at(fault, name)
}

/// Each fault at each parameter.
pub(in crate::bank) fn by_place() -> impl Iterator<Item = (&'static str, &'static str)> {
    let slips = [AUTHORIZATION, PUSHED, TOKEN, REVOCATION, INTROSPECTION].into_iter().flat_map(Slips::by_place);
    slips.chain([(TOKEN_ENDPOINT, UNKNOWN)])
}

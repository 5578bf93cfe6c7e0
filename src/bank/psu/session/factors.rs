//! What the customer authenticates by, and how often it may fail (RTS Art. 4).

use super::{Purpose, Session, Step};
use crate::bank::http::Params;
use crate::bank::model::customer::Customer;
use crate::bank::model::session::Attempts;
use crate::bank::model::state::State;
use crate::bank::model::world::World;

/// RTS Art. 4(3)(b): after so many failed attempts there are no more.
const MOST_ATTEMPTS: u32 = 5;
const FEWER_ATTEMPTS: u32 = 3;
/// How long a customer is locked out, and failed attempts are remembered, in seconds.
const BLOCK: i64 = 3600;

/// What the customer authenticates by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Factor {
    /// What it knows.
    Password,
    /// What it has.
    OneTimeCode,
}

impl Factor {
    /// What is asked for on that page.
    pub(super) fn asked_at(step: Step, world: &World) -> Option<Self> {
        let code_first = world.habits.has("one-time-code-first");
        match step {
            Step::Login => Some(if code_first { Self::OneTimeCode } else { Self::Password }),
            Step::Sca => Some(if code_first { Self::Password } else { Self::OneTimeCode }),
            Step::Consent => None,
        }
    }

    pub(super) fn field(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::OneTimeCode => "otp",
        }
    }

    pub(super) fn of(self, customer: &Customer) -> &str {
        match self {
            Self::Password => &customer.password,
            Self::OneTimeCode => &customer.one_time_code,
        }
    }

    /// Where the rules about it hold.
    fn place(self, purpose: &Purpose) -> &'static str {
        match (self, purpose) {
            (Self::Password, Purpose::OAuth(_)) => "password-by-oauth",
            (Self::Password, Purpose::Redirect { .. }) => "password-by-redirect",
            (Self::OneTimeCode, Purpose::OAuth(_)) => "one-time-code-by-oauth",
            (Self::OneTimeCode, Purpose::Redirect { .. }) => "one-time-code-by-redirect",
        }
    }

    /// Whether a rule about it is left out in that session.
    pub(super) fn leaves_out(self, rule: &str, world: &World, session: &Session) -> bool {
        world.faults.leave_out(rule, self.place(&session.purpose))
    }
}

/// Each rule about a factor, wherever one is asked for by that approach: the place, and the rule.
pub(in crate::bank) fn rules_by_factor(approach: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    const ALL: [&str; 7] = [
        "factor_given",
        "factor_filled",
        "factor_whole",
        "factor_own",
        "factor_asked",
        "attempts",
        "attempts_over_sessions",
    ];
    let places = match approach {
        "oauth" => ["password-by-oauth", "one-time-code-by-oauth"],
        _ => ["password-by-redirect", "one-time-code-by-redirect"],
    };
    places.into_iter().flat_map(|place| ALL.into_iter().map(move |rule| (place, rule)))
}

/// Whether that customer has shown that factor.
pub(super) fn is_shown(
    world: &World,
    session: &Session,
    form: &Params,
    factor: Factor,
    who: Option<&Customer>,
) -> bool {
    let Some(customer) = who else { return false };
    let left_out = |rule| factor.leaves_out(rule, world, session);
    let right = factor.of(customer);
    match form.get(factor.field()) {
        Some(typed) if typed == right => true,
        Some(typed) if right.starts_with(typed) => left_out("factor_whole"),
        Some(typed) => world.customers().any(|other| factor.of(other) == typed) && left_out("factor_own"),
        None if form.names().any(|name| name == factor.field()) => left_out("factor_filled"),
        None => left_out("factor_given"),
    }
}

fn most(world: &World) -> u32 {
    if world.habits.has("three-attempts") { FEWER_ATTEMPTS } else { MOST_ATTEMPTS }
}

/// The failed attempts of a customer that still count.
fn failed(world: &World, state: &State, who: &Customer) -> u32 {
    let attempts = state.attempts.get(&who.username).copied().unwrap_or_default();
    let is_old = world.clock.now().saturating_sub(attempts.last_at) >= BLOCK;
    if is_old { 0 } else { attempts.failed }
}

/// Whether a customer is locked out, whatever it types.
pub(super) fn is_blocked(world: &World, state: &State, session: &Session, factor: Factor, who: &Customer) -> bool {
    failed(world, state, who) >= most(world) && is_limited(world, session, factor)
}

/// Whether that factor may not be tried for ever.
fn is_limited(world: &World, session: &Session, factor: Factor) -> bool {
    !world.faults.on("sca-attempts-unlimited") && !factor.leaves_out("attempts", world, session)
}

/// Notes a failed attempt of whoever it was; whether it was the last one.
pub(super) fn fails(
    world: &World,
    state: &mut State,
    session: &mut Session,
    factor: Factor,
    who: Option<&Customer>,
) -> bool {
    session.wrong_attempts += 1;
    if !is_limited(world, session, factor) {
        return false;
    }
    let over_sessions = match who {
        Some(who) if !factor.leaves_out("attempts_over_sessions", world, session) => {
            let failed = 1 + failed(world, state, who);
            state.attempts.insert(who.username.clone(), Attempts { failed, last_at: world.clock.now() });
            failed
        }
        _ => 0,
    };
    session.wrong_attempts.max(over_sessions) >= most(world)
}

/// Forgets the failed attempts of a customer who has shown that factor: only whoever has shown them all is authenticated.
pub(super) fn succeeds(world: &World, state: &mut State, who: &Customer, next: Step) {
    let is_whole = next == Step::Consent;
    let has_failed = state.attempts.get(&who.username).is_some();
    if is_whole || (has_failed && world.faults.on("attempts-forgotten-half-way")) {
        state.attempts.remove(&who.username);
    }
}

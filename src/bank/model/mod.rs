//! What the bank knows and remembers: rows alone, no rule and no endpoint.

pub(super) mod authorization;
pub(super) mod consent;
pub(super) mod customer;
pub(super) mod grant;
pub(super) mod payment;
pub(super) mod session;
pub(super) mod state;
pub(super) mod world;

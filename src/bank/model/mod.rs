//! What the bank knows and remembers: rows alone, no rule and no endpoint.

pub(super) mod customer;
pub(super) mod grant;
pub(super) mod state;
pub(super) mod world;

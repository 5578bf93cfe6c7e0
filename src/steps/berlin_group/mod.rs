//! Steps about what Berlin Group alone has.

pub(super) mod authorisations;
pub(super) mod decoupled;
mod links;
mod payments;

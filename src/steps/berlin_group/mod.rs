//! Steps about what Berlin Group alone has.

mod authorisations;
pub(super) mod decoupled;
mod payments;

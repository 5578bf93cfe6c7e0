//! Answers of Berlin Group's payment API (NextGenPSD2 1.3).

pub mod decoupled;
mod every_answer;
mod ordered;
mod payment;

pub use every_answer::errors_published;
pub use ordered::{ids_differ, payments_as_ordered};
pub use payment::{approach_agrees, authorisation_created, cancellation_accepted, cancelled, created, sca_status_is};

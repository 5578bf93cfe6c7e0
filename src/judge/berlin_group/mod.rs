//! Answers of Berlin Group's payment API (NextGenPSD2 1.3).

pub mod decoupled;
mod every_answer;
mod links;
mod ordered;
mod payment;

pub use every_answer::{errors_published, texts_fit};
pub use links::{have_tls, is_metadata, lead_to_their_payment, sca_status_link_leads_somewhere};
pub use ordered::{ids_differ, payments_as_ordered};
pub use payment::{
    approach_agrees, authorisation_created, authorisation_listed, cancellation_accepted, cancelled, created,
    nobody_has_agreed, one_of_two, sca_status_is, statuses_agree, text_accepted,
};

//! What was seen: exchanges, the recorder that makes them, redaction, the journal.

pub mod berlin_group;
pub mod check_row;
pub mod cookies;
pub mod exchange;
mod guessability;
pub mod json;
pub mod leads;
pub mod not_spoken;
pub mod operation;
mod own;
pub mod page;
pub mod recorder;
mod secrets;
pub mod signature;
mod sniff;
pub mod speaker;
pub mod tls;
pub mod walk_end;

pub use guessability::Guessability;

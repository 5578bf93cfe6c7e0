//! What was seen: exchanges, the recorder that makes them, redaction, the journal.

pub mod exchange;
mod guessability;
pub mod landing;
mod own;
pub mod page;
pub mod recorder;
mod secrets;
pub mod signature;
mod sniff;
pub mod tls;

pub use guessability::Guessability;

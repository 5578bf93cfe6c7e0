//! What a certificate says, as data and in plain words.

mod access;
mod explain;
mod facts;
mod key;
mod names;
mod others;
mod purposes;
mod read;
#[cfg(test)]
mod tests;

pub use facts::{CertificateFacts, facts};
pub use key::Key;
pub use others::{private_key, request};

pub(super) use read::{certificate_der, parse, to_pem};

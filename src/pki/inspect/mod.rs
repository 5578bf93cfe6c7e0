//! What a certificate says, as data and in plain words.

mod explain;
mod facts;
mod key;
mod purposes;
mod read;
#[cfg(test)]
mod tests;

pub use facts::{CertificateFacts, facts};
pub use key::Key;

pub(super) use read::{certificate_der, parse, to_pem};

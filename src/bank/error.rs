//! Why the bank could not be started.

use std::net::SocketAddr;

use thiserror::Error;

/// Why the bank could not be started.
#[derive(Debug, Error)]
pub enum BankError {
    /// A fault that this bank does not have.
    #[error("there is no fault \"{id}\"; did you mean {}?", nearest.join(", "))]
    UnknownFault {
        /// What was asked for.
        id: String,
        /// The ids that come nearest.
        nearest: Vec<String>,
    },
    /// A habit that this bank does not have.
    #[error("there is no habit \"{id}\"; did you mean {}?", nearest.join(", "))]
    UnknownHabit {
        /// What was asked for.
        id: String,
        /// The ids that come nearest.
        nearest: Vec<String>,
    },
    /// The log cannot be written.
    #[error("the log {} cannot be written: {source}; name a file in a folder that exists", path.display())]
    Log {
        /// The file.
        path: std::path::PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}; choose another address, or port 0 for any that is free")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The test PKI cannot be used for TLS.
    #[error("the bank's certificates cannot be used for TLS: {0}")]
    Tls(#[from] tokio_rustls::rustls::Error),
    /// The client certificates cannot be judged.
    #[error("the bank cannot judge client certificates: {0}")]
    Trust(#[from] tokio_rustls::rustls::server::VerifierBuilderError),
    /// A certificate or key of the test PKI is no PEM.
    #[error("the bank cannot read its certificates: {0}")]
    Pem(#[from] rustls_pki_types::pem::Error),
    /// A certificate of the test PKI cannot be read.
    #[error("the bank cannot read a TPP's certificate: {0}")]
    Pki(#[from] crate::pki::PkiError),
    /// A certificate or key of the test PKI cannot be used for anything but TLS.
    #[error("the bank cannot use its certificates: {0}")]
    OpenSsl(#[from] openssl::error::ErrorStack),
    /// The keys for access tokens could not be made.
    #[error("the bank cannot make its signing keys: {0}")]
    Keys(#[from] josekit::JoseError),
}

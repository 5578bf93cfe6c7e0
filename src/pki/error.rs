//! What can go wrong with certificates. No message ever holds key material.

use std::path::PathBuf;

/// Longer lists of names are not listed: those that come nearest are.
const LONGEST_LIST: usize = 12;

/// Why a certificate, a key or a recipe could not be used. Each message says what was found and how to mend it.
#[derive(Debug, thiserror::Error)]
pub enum PkiError {
    /// The input holds no certificate at all.
    #[error("no certificate found: {found}; expected PEM with a `-----BEGIN CERTIFICATE-----` block, or DER")]
    NoCertificate {
        /// What the input looks like instead.
        found: String,
    },
    /// The input starts like a certificate and is none.
    #[error("the certificate cannot be read: {reason}; export it again from where it was issued")]
    BadCertificate {
        /// Which part is wrong.
        reason: String,
    },
    /// The private key cannot be read. The reason never quotes the input.
    #[error(
        "the private key cannot be read: {reason}; expected an unencrypted PEM key, EC P-256 or P-384, or RSA of 2048 bits or more"
    )]
    BadKey {
        /// What was found.
        reason: String,
    },
    /// Certificate and key are not a pair.
    #[error("the private key does not belong to the certificate of \"{subject}\"; give the key that was made for it")]
    KeyMismatch {
        /// Whose certificate it is.
        subject: String,
    },
    /// The certificate of a would-be issuer may not sign certificates (RFC 5280 §4.2.1.9).
    #[error("\"{subject}\" cannot issue certificates: {reason}; give the certificate of the issuing CA")]
    NotAnIssuer {
        /// Whose certificate it is.
        subject: String,
        /// What is missing or cannot be done.
        reason: String,
    },
    /// A recipe that cannot be read or followed.
    #[error("recipe: {reason}")]
    BadRecipe {
        /// Which key is wrong and what was expected.
        reason: String,
    },
    /// QcStatements that are not what EN 319 412-5 and TS 119 495 define.
    #[error("QcStatements: {reason}")]
    BadQcStatements {
        /// Which statement is wrong, and how.
        reason: String,
    },
    /// An organizationIdentifier outside the grammar of EN 319 412-1 §5.1.4.
    #[error("organizationIdentifier \"{found}\": {reason}; expected for example \"PSDDE-BAFIN-100001\"")]
    BadOrganizationIdentifier {
        /// The text as it was.
        found: String,
        /// What breaks the grammar.
        reason: &'static str,
    },
    /// A word that names nothing we know.
    #[error("there is no {kind} \"{found}\"; {hint}")]
    Unknown {
        /// What kind of thing was looked for: "defect", "role" …
        kind: &'static str,
        /// The word.
        found: String,
        /// The words that exist, or of many those that come nearest.
        hint: String,
    },
    /// The cryptographic library could not make the certificate.
    #[error("the certificate could not be issued: {0}")]
    Issue(#[from] rcgen::Error),
    /// OpenSSL could not put certificate and key together.
    #[error("the certificate could not be made: {reason}")]
    OpenSsl {
        /// What was being done.
        reason: &'static str,
    },
    /// A file could not be written.
    #[error("cannot write {}: {source}; choose a directory that you may write to", path.display())]
    Write {
        /// Which file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
}

impl PkiError {
    /// Looks `found` up in a table of names.
    pub(crate) fn lookup<T: Clone>(kind: &'static str, found: &str, table: &[(&str, T)]) -> Result<T, Self> {
        let row = table.iter().find(|(name, _)| *name == found).map(|(_, value)| value.clone());
        row.ok_or_else(|| Self::unknown(kind, found, table.iter().map(|(name, _)| *name)))
    }

    /// A word that is none of these.
    pub(super) fn unknown<'a>(kind: &'static str, found: &str, names: impl Iterator<Item = &'a str>) -> Self {
        let names: Vec<&str> = names.collect();
        let hint = match names.len() {
            0..=LONGEST_LIST => format!("expected one of {}", names.join(", ")),
            _ => format!("did you mean {}?", super::nearest(found, names.into_iter()).join(", ")),
        };
        Self::Unknown { kind, found: found.to_owned(), hint }
    }
}

//! Files of certificates and keys as people have them: PEM, DER, PKCS#12, bundles, and what was taken for one of them.
//! Everything read is bounded in size and time; whatever cannot be used is named, with a line that converts it.

mod chain;
mod der;
mod error;
mod kind;
mod pem;
mod pkcs12;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use openssl::pkey::{PKey, Private};

pub use chain::{Chain, to_pem};
pub use error::FileError;
pub use kind::Kind;

/// No file of certificates is longer, in octets.
pub const LARGEST: usize = 1_000_000;

/// One thing that a file holds.
#[derive(Debug, Clone)]
pub enum Item {
    /// What says that it is a certificate, as DER. It may still be broken.
    Certificate(Vec<u8>),
    /// A private key. Its `Debug` form shows its kind alone.
    Key(PKey<Private>),
    /// A certificate request (PKCS#10), as DER.
    Request(Vec<u8>),
    /// Anything else that is known, and of no use here.
    Other(Kind),
}

/// What a file holds, in its order.
#[derive(Debug, Clone)]
pub struct Contents {
    path: PathBuf,
    /// What was found, in the order of the file; never empty.
    pub items: Vec<Item>,
}

impl Contents {
    /// Reads a file, which is tried as PEM, DER and PKCS#12. The password opens a PKCS#12 file or an encrypted key.
    ///
    /// # Errors
    /// When the file cannot be read or is over [`LARGEST`], or where nothing in it is known: the message says what was found.
    pub fn read(path: &Path, password: Option<&str>) -> Result<Self, FileError> {
        Self::from_bytes(path, &bounded(path)?, password)
    }

    /// The same for what was read already; `path` is only ever named.
    ///
    /// # Errors
    /// Where nothing in it is known, or it needs another password.
    pub fn from_bytes(path: &Path, bytes: &[u8], password: Option<&str>) -> Result<Self, FileError> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let source = Source { path, password };
        let items = match bytes {
            _ if bytes.iter().all(u8::is_ascii_whitespace) => {
                return Err(source.error("it is empty", "export the certificate or key again from where it came"));
            }
            [0x30, ..] => der::items(&source, bytes)?,
            _ if contains(bytes, b"-----BEGIN ") => pem::items(&source, bytes)?,
            _ => return Err(kind::strange(&source, bytes)),
        };
        Ok(Self { path: path.to_owned(), items })
    }

    /// The file that was read.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The certificates, as DER, in the order of the file.
    pub fn certificates(&self) -> impl Iterator<Item = &[u8]> {
        self.items.iter().filter_map(|item| match item {
            Item::Certificate(der) => Some(der.as_slice()),
            _ => None,
        })
    }

    /// The certificate requests, as DER, in the order of the file.
    pub fn requests(&self) -> impl Iterator<Item = &[u8]> {
        self.items.iter().filter_map(|item| match item {
            Item::Request(der) => Some(der.as_slice()),
            _ => None,
        })
    }

    /// The certificates, leaf first; a chain in the wrong order is put right.
    ///
    /// # Errors
    /// Where there is no certificate, or the certificates are no chain.
    pub fn chain(&self) -> Result<Chain, FileError> {
        let certificates: Vec<&[u8]> = self.certificates().collect();
        if certificates.is_empty() {
            let mend = self.items.iter().find_map(|item| kind::of(item).instead_of_certificate(&self.path));
            return Err(self.error(
                format!("it holds no certificate, but {}", self.inventory()),
                mend.unwrap_or_else(|| "name the file with the certificate".to_owned()),
            ));
        }
        chain::sort(&certificates)
            .ok_or_else(|| {
                let found = format!("it holds {} certificates that are no chain", certificates.len());
                self.error(
                    found,
                    "keep the leaf certificate first and below it the CAs up to the root, and nothing else",
                )
            })
            .map(|(order, moved)| Chain { certificates: order.into_iter().map(<[u8]>::to_vec).collect(), moved })
    }

    /// There is something of that kind in it.
    pub fn holds(&self, kind: Kind) -> bool {
        self.items.iter().any(|item| kind::of(item) == kind)
    }

    /// The one private key.
    ///
    /// # Errors
    /// Where there is none, or more than one.
    pub fn key(&self) -> Result<&PKey<Private>, FileError> {
        let mut keys = self.items.iter().filter_map(|item| match item {
            Item::Key(key) => Some(key),
            _ => None,
        });
        match (keys.next(), keys.next()) {
            (Some(key), None) => Ok(key),
            (Some(_), Some(_)) => Err(self.error(
                format!("one private key is expected, but it holds {}", self.inventory()),
                "leave the key that belongs to the certificate and remove the others",
            )),
            (None, _) => Err(self.error(
                format!("it holds no private key, but {}", self.inventory()),
                "name the file with the private key that the certificate was requested with",
            )),
        }
    }

    /// What there is, in words: `2 certificates and a private key`.
    pub fn inventory(&self) -> String {
        kind::inventory(&self.items)
    }

    fn error(&self, found: impl Into<String>, mend: impl Into<String>) -> FileError {
        FileError::new(&self.path, found, mend)
    }
}

/// What is being read, for messages.
struct Source<'a> {
    path: &'a Path,
    password: Option<&'a str>,
}

impl Source<'_> {
    fn error(&self, found: impl Into<String>, mend: impl Into<String>) -> FileError {
        FileError::new(self.path, found, mend)
    }
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

/// The octets of a file of at most [`LARGEST`]. Pipes are taken too, as shells make them of `<(…)`.
///
/// # Errors
/// When it cannot be read, is a directory, or is longer.
pub fn bounded(path: &Path) -> Result<Vec<u8>, FileError> {
    let cannot = |error: std::io::Error| {
        FileError::new(path, format!("it cannot be read: {error}"), "correct the path, or put the file there")
    };
    if path.is_dir() {
        return Err(FileError::new(path, "it is a directory", "name the file in it that holds the certificate or key"));
    }
    let mut bytes = Vec::new();
    File::open(path).map_err(cannot)?.take(LARGEST as u64 + 1).read_to_end(&mut bytes).map_err(cannot)?;
    if bytes.len() > LARGEST {
        let found = format!("it has more than {LARGEST} octets, and no file of certificates or keys is so long");
        return Err(FileError::new(path, found, "name the certificate or key itself, or split the bundle"));
    }
    Ok(bytes)
}

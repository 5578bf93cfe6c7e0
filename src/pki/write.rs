//! The test PKI on disk: what `bankproof certs issue` leaves behind.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use openssl::error::ErrorStack;
use openssl::pkcs12::Pkcs12;
use openssl::pkey::PKey;
use openssl::stack::Stack;
use openssl::x509::X509;

use super::authority::{Authority, Issued};
use super::{Defect, NearMiss, PkiError, TestPki};

/// In which form a certificate and its key are written.
#[derive(Clone, Default)]
pub enum Format {
    /// `NAME.pem`, the certificate alone, and `NAME.key`, PKCS#8.
    #[default]
    Pem,
    /// `NAME.der`, the certificate alone, and `NAME.key.der`, PKCS#8.
    Der,
    /// `NAME.p12`: both, and the CA that issued the certificate, under a password.
    Pkcs12 {
        /// What it is encrypted under.
        password: String,
    },
}

impl TestPki {
    /// Writes every identity into `dir`, which is made if need be. Files of the same names are replaced.
    ///
    /// Each TPP gets `NAME-qwac.pem`, `NAME-renewed-qwac.pem` and `NAME-qsealc.pem` (the certificate alone) with `.key`
    /// beside each. The CAs are `ca-root.pem` and `ca-issuing.pem`, the latter with its key: it is the test CA of a
    /// target file. `bank.pem` is a chain, as a server presents it; `bank-seal.pem` is the certificate that its signed
    /// answers are verified with.
    ///
    /// # Errors
    /// Names the file that cannot be written.
    pub fn write(&self, dir: &Path) -> Result<(), PkiError> {
        make(dir)?;
        write_authorities(dir, &self.root, &self.issuing)?;
        certificate(dir, "bank", &self.bank.chain_pem)?;
        key(dir, "bank", &self.bank.key_pem)?;
        certificate(dir, "bank-seal", &self.bank_seal.certificate_pem)?;
        for tpp in &self.tpps {
            tpp.qwac.write(dir, &format!("{}-qwac", tpp.name), &Format::Pem)?;
            tpp.renewed.write(dir, &format!("{}-renewed-qwac", tpp.name), &Format::Pem)?;
            tpp.qsealc.write(dir, &format!("{}-qsealc", tpp.name), &Format::Pem)?;
        }
        Ok(())
    }

    /// Writes a QWAC with each defect as `defects/NAME-DEFECT.pem`, and each near miss as `near-misses/NAME-KIND.pem`, for
    /// each TPP, with `.key` beside each.
    ///
    /// # Errors
    /// Names the file that cannot be written.
    pub fn write_deviations(&self, dir: &Path) -> Result<(), PkiError> {
        let (defects, near_misses) = (dir.join("defects"), dir.join("near-misses"));
        make(&defects)?;
        make(&near_misses)?;
        for tpp in &self.tpps {
            for defect in Defect::all() {
                let bad = self.issuing.issue_with_defect(&tpp.recipe, defect)?;
                bad.write(&defects, &format!("{}-{defect}", tpp.name), &Format::Pem)?;
            }
            for near_miss in NearMiss::all() {
                let odd = self.issuing.issue_near_miss(&tpp.recipe, near_miss)?;
                odd.write(&near_misses, &format!("{}-{near_miss}", tpp.name), &Format::Pem)?;
            }
        }
        Ok(())
    }
}

/// The files of the CAs, by which one is known to lie in a folder.
pub const AUTHORITY_FILES: [&str; 3] = ["ca-root.pem", "ca-issuing.pem", "ca-issuing.key"];

/// Writes the CAs into `dir`, which must exist, and the key of the one that issues: more can be issued under it.
///
/// # Errors
/// Names the file that cannot be written.
pub fn write_authorities(dir: &Path, root: &Authority, issuing: &Authority) -> Result<(), PkiError> {
    certificate(dir, "ca-root", root.certificate_pem())?;
    certificate(dir, "ca-issuing", issuing.certificate_pem())?;
    key(dir, "ca-issuing", issuing.key_pem())
}

impl Issued {
    /// Writes certificate and key into `dir`, which must exist, under names that begin with `name`.
    ///
    /// # Errors
    /// Names the file that cannot be written. PKCS#12 holds no key that belongs to another certificate.
    pub fn write(&self, dir: &Path, name: &str, format: &Format) -> Result<(), PkiError> {
        match format {
            Format::Pem => {
                certificate(dir, name, &self.certificate_pem)?;
                key(dir, name, &self.key_pem)
            }
            Format::Der => {
                let (certificate, key) = self.der()?;
                public(&dir.join(format!("{name}.der")), &certificate)?;
                private(&dir.join(format!("{name}.key.der")), &key)
            }
            Format::Pkcs12 { password } => private(&dir.join(format!("{name}.p12")), &self.pkcs12(name, password)?),
        }
    }

    fn der(&self) -> Result<(Vec<u8>, Vec<u8>), PkiError> {
        let made = (|| {
            let key = PKey::private_key_from_pem(self.key_pem.as_bytes())?.private_key_to_pkcs8()?;
            Ok((X509::from_pem(self.certificate_pem.as_bytes())?.to_der()?, key))
        })();
        made.map_err(|_: ErrorStack| PkiError::OpenSsl { reason: "writing DER" })
    }

    fn pkcs12(&self, name: &str, password: &str) -> Result<Vec<u8>, PkiError> {
        let made = (|| {
            let mut issuers = Stack::new()?;
            for issuer in X509::stack_from_pem(self.chain_pem.as_bytes())?.into_iter().skip(1) {
                issuers.push(issuer)?;
            }
            let (key, certificate) = (
                PKey::private_key_from_pem(self.key_pem.as_bytes())?,
                X509::from_pem(self.certificate_pem.as_bytes())?,
            );
            Pkcs12::builder().name(name).pkey(&key).cert(&certificate).ca(issuers).build2(password)?.to_der()
        })();
        made.map_err(|_: ErrorStack| PkiError::OpenSsl {
            reason: "PKCS#12 takes no such pair of certificate and key; use --format pem",
        })
    }
}

fn make(dir: &Path) -> Result<(), PkiError> {
    make_folder(dir).map_err(|source| PkiError::Write { path: dir.to_owned(), source })
}

/// Makes a folder for keys, which is open to nobody else from the beginning. One that is there already stays as it is.
///
/// # Errors
/// It cannot be made.
pub fn make_folder(dir: &Path) -> io::Result<()> {
    if let Some(parent) = dir.parent() {
        fs::create_dir_all(parent)?;
    }
    match DirBuilder::new().mode(0o700).create(dir) {
        Err(error) if !dir.is_dir() => Err(error),
        _ => Ok(()),
    }
}

fn certificate(dir: &Path, name: &str, pem: &str) -> Result<(), PkiError> {
    public(&dir.join(format!("{name}.pem")), pem.as_bytes())
}

fn key(dir: &Path, name: &str, pem: &str) -> Result<(), PkiError> {
    private(&dir.join(format!("{name}.key")), pem.as_bytes())
}

fn public(path: &Path, content: &[u8]) -> Result<(), PkiError> {
    fs::write(path, content).map_err(|source| PkiError::Write { path: path.to_owned(), source })
}

fn private(path: &Path, content: &[u8]) -> Result<(), PkiError> {
    write_private(path, content).map_err(|source| PkiError::Write { path: path.to_owned(), source })
}

/// Writes a file that is open to nobody else from the beginning. It is a new one each time: an old one could be open to
/// others, and stay so.
///
/// # Errors
/// It cannot be written, or what has its place not removed.
pub fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => new_private(path)?.write_all(content),
    }
}

pub(super) fn new_private(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

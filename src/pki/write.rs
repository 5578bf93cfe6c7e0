//! The test PKI on disk: what `bankproof certs issue` leaves behind.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use super::authority::Issued;
use super::{Defect, PkiError, TestPki};

impl TestPki {
    /// Writes everything into `dir`, which is made if need be. Files of the same names are replaced.
    ///
    /// Each TPP gets `NAME-qwac.pem`, `NAME-renewed-qwac.pem` and `NAME-qsealc.pem` (the certificate alone) with `.key`
    /// beside each, and its bad QWACs as `defects/NAME-DEFECT.pem`. The CAs are `ca-root.pem` and `ca-issuing.pem`, the
    /// latter with its key: it is the test CA of a target file. `bank.pem` is a chain, as a server presents it.
    ///
    /// # Errors
    /// Names the file that cannot be written.
    pub fn write(&self, dir: &Path) -> Result<(), PkiError> {
        let defects = dir.join("defects");
        fs::create_dir_all(&defects).map_err(|source| PkiError::Write { path: defects.clone(), source })?;
        certificate(dir, "ca-root", self.root.certificate_pem())?;
        certificate(dir, "ca-issuing", self.issuing.certificate_pem())?;
        key(dir, "ca-issuing", self.issuing.key_pem())?;
        certificate(dir, "bank", &self.bank.chain_pem)?;
        key(dir, "bank", &self.bank.key_pem)?;
        for tpp in &self.tpps {
            pair(dir, &format!("{}-qwac", tpp.name), &tpp.qwac)?;
            pair(dir, &format!("{}-renewed-qwac", tpp.name), &tpp.renewed)?;
            pair(dir, &format!("{}-qsealc", tpp.name), &tpp.qsealc)?;
            for defect in Defect::ALL {
                let bad = self.issuing.issue_with_defect(&tpp.recipe, defect)?;
                pair(&defects, &format!("{}-{defect}", tpp.name), &bad)?;
            }
        }
        Ok(())
    }
}

impl Issued {
    /// Writes `NAME.pem` (the certificate alone) and `NAME.key` into `dir`, which must exist.
    ///
    /// # Errors
    /// Names the file that cannot be written.
    pub fn write(&self, dir: &Path, name: &str) -> Result<(), PkiError> {
        pair(dir, name, self)
    }
}

fn pair(dir: &Path, name: &str, issued: &Issued) -> Result<(), PkiError> {
    certificate(dir, name, &issued.certificate_pem)?;
    key(dir, name, &issued.key_pem)
}

fn certificate(dir: &Path, name: &str, pem: &str) -> Result<(), PkiError> {
    let path = dir.join(format!("{name}.pem"));
    fs::write(&path, pem).map_err(|source| PkiError::Write { path, source })
}

fn key(dir: &Path, name: &str, pem: &str) -> Result<(), PkiError> {
    let path = dir.join(format!("{name}.key"));
    write_private(&path, pem).map_err(|source| PkiError::Write { path, source })
}

/// A new file each time: an old one could be open to others, and stay so.
fn write_private(path: &Path, content: &str) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(content.as_bytes())
}

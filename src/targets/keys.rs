//! Certificates and their keys, from files in any form: PEM, DER, PKCS#12, together or apart, under a password or not.

use std::path::PathBuf;

use openssl::pkey::{PKey, Private};
use toml::Spanned;

use super::{
    KeyPair, Secret, TargetError, TargetFile, file,
    key_use::KeyUse,
    load::{Loaded, Loader},
    signing::Seal,
};
use crate::pki::{
    self,
    file::{Contents, Kind},
};

/// What a target file says of one certificate and its key.
pub(super) struct Files<'a> {
    certificate: &'a Spanned<PathBuf>,
    /// Where it is in a file of its own.
    key: Option<&'a Spanned<PathBuf>>,
    password: Option<&'a Secret>,
}

impl<'a> From<&'a file::Identity> for Files<'a> {
    fn from(from: &'a file::Identity) -> Self {
        Self { certificate: &from.certificate, key: from.key.as_ref(), password: from.key_password.as_ref() }
    }
}

impl<'a> From<&'a file::KeyFiles> for Files<'a> {
    fn from(from: &'a file::KeyFiles) -> Self {
        Self { certificate: &from.certificate, key: from.key.as_ref(), password: from.key_password.as_ref() }
    }
}

impl<'a> From<&'a file::TestCa> for Files<'a> {
    fn from(from: &'a file::TestCa) -> Self {
        Self { certificate: &from.certificate, key: from.key.as_ref(), password: from.key_password.as_ref() }
    }
}

impl<'a> From<&'a Seal> for Files<'a> {
    fn from(from: &'a Seal) -> Self {
        Self { certificate: &from.certificate, key: from.key.as_ref(), password: from.key_password.as_ref() }
    }
}

/// Every password of a key, and every secret of a client, in the file, with what the file calls it.
pub(super) fn passwords(file: &mut TargetFile) -> impl Iterator<Item = (&'static str, &mut Secret)> {
    let of_identities = file.identities.iter_mut().flat_map(|identity| {
        let renewed = identity.renewed.as_mut().and_then(|pair| pair.key_password.as_mut());
        let seal = identity.seal.as_mut().and_then(|seal| seal.key_password.as_mut());
        let own = identity.key_password.as_mut().map(|password| ("identity.key_password", password));
        let assertion = identity.assertion.as_mut().and_then(|assertion| assertion.key_password.as_mut());
        let others = [
            renewed.map(|password| ("identity.renewed.key_password", password)),
            seal.map(|password| ("identity.seal.key_password", password)),
            assertion.map(|password| ("identity.assertion.key_password", password)),
            identity.client_secret.as_mut().map(|secret| ("identity.client_secret", secret)),
        ];
        own.into_iter().chain(others.into_iter().flatten())
    });
    let of_ca = file.test_ca.as_mut().and_then(|ca| ca.key_password.as_mut());
    let of_bad = file.bad_certificates.values_mut().filter_map(|pair| pair.key_password.as_mut());
    (of_identities)
        .chain(of_ca.map(|password| ("test_ca.key_password", password)))
        .chain(of_bad.map(|password| ("bad_certificates.key_password", password)))
}

impl Loader<'_> {
    /// A certificate and its key, and whose they are and what for.
    pub(super) fn pair<'f>(&self, whose: &str, used: KeyUse<'_>, files: impl Into<Files<'f>>) -> Loaded<KeyPair> {
        self.pair_that(true, whose, used, files)
    }

    /// The same; some defects are of the key, and such a key need not fit.
    pub(super) fn pair_that<'f>(
        &self,
        must_fit: bool,
        whose: &str,
        used: KeyUse<'_>,
        files: impl Into<Files<'f>>,
    ) -> Loaded<KeyPair> {
        let Files { certificate, key, password } = files.into();
        let file = self.opened(certificate, password)?;
        let chain = file.chain().map_err(|error| self.file_error(certificate, error))?;
        self.facts(certificate, &chain.to_pem())?;
        let other = key.map(|path| self.opened(path, password)).transpose()?;
        let private = match (&other, key) {
            (Some(contents), Some(path)) => self.key_in(contents, path, password)?,
            _ => self.key_beside(&file, certificate, password)?,
        };
        if let Some((what, mend)) = used.objection(private) {
            let path = key.unwrap_or(certificate);
            let problem = format!("{whose}: the key `{}` is {what}", path.get_ref().display());
            return Err(self.at(path.span(), problem, mend).named("key-kind"));
        }
        let pair_of = |private: &PKey<Private>| -> Option<KeyPair> {
            let leaf = openssl::x509::X509::from_der(chain.certificates.first()?).ok()?;
            let key_pem = String::from_utf8(private.private_key_to_pem_pkcs8().ok()?).ok()?;
            let fits = leaf.public_key().is_ok_and(|public| public.public_eq(private));
            (fits || !must_fit).then(|| KeyPair { certificate_pem: chain.to_pem(), key_pem })
        };
        pair_of(private).ok_or_else(|| {
            let path = key.unwrap_or(certificate);
            let (key, certificate) = (path.get_ref().display(), certificate.get_ref().display());
            let problem = format!("the key `{key}` does not belong to the certificate `{certificate}`");
            self.at(path.span(), problem, "name the key that the certificate was requested with").named("key-mismatch")
        })
    }

    /// A file that may be under a password.
    pub(super) fn opened(&self, path: &Spanned<PathBuf>, password: Option<&Secret>) -> Loaded<Contents> {
        let contents = Contents::read(&self.folder.join(path.get_ref()), password.map(Secret::value));
        contents.map_err(|error| match password {
            None if error.found.contains("none was given") => self.locked(path, &error.found),
            _ => self.file_error(path, error),
        })
    }

    pub(super) fn key_in<'c>(
        &self,
        contents: &'c Contents,
        path: &Spanned<PathBuf>,
        password: Option<&Secret>,
    ) -> Loaded<&'c PKey<Private>> {
        contents.key().map_err(|error| match password {
            None if contents.holds(Kind::LockedKey) => self.locked(path, &error.found),
            _ => self.file_error(path, error),
        })
    }

    fn key_beside<'c>(
        &self,
        contents: &'c Contents,
        path: &Spanned<PathBuf>,
        password: Option<&Secret>,
    ) -> Loaded<&'c PKey<Private>> {
        if contents.holds(Kind::Key) || contents.holds(Kind::LockedKey) {
            return self.key_in(contents, path, password);
        }
        let problem = format!("there is no `key`, and `{}` holds no private key either", path.get_ref().display());
        Err(self.at(path.span(), problem, "name the file with the key: key = \"…\""))
    }

    fn locked(&self, path: &Spanned<PathBuf>, found: &str) -> TargetError {
        let problem = format!("`{}`: {found}", path.get_ref().display());
        let mend = "say where its password is kept: key_password = { env = \"NAME\" }, or { file = \"path\" }, or { command = [\"program\"] }";
        self.at(path.span(), problem, mend)
    }

    /// What the certificate says; the file was read by then.
    pub(super) fn facts(&self, path: &Spanned<PathBuf>, pem: &str) -> Loaded<pki::inspect::CertificateFacts> {
        pki::inspect::facts(pem.as_bytes()).map_err(|error| {
            let file = path.get_ref().display();
            let problem = format!("`{file}` holds no certificate that can be read: {error}");
            self.at(path.span(), problem, format!("see what is in it: openssl asn1parse -in {file}"))
        })
    }
}

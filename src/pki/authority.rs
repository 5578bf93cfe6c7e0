//! Certification authorities that can issue, well and badly.

use std::fmt;

use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, PKeyRef, Private};
use rcgen::{CertificateParams, DistinguishedName, Issuer, KeyPair, PublicKeyData};
use rustls_pki_types::CertificateDer;
use x509_parser::certificate::X509Certificate;

use super::key_kind::{KeyKind, p521_pem};
use super::recipe::Recipe;
use super::{Defect, NearMiss, PkiError, inspect, name, params};

/// A certificate that was just issued, with its private key. Its `Debug` form does not show the key.
#[derive(Clone, PartialEq, Eq)]
pub struct Issued {
    /// The certificate alone.
    pub certificate_pem: String,
    /// The certificate, then the CA that issued it: what a TLS peer presents.
    pub chain_pem: String,
    /// The private key, PKCS#8.
    pub key_pem: String,
}

impl fmt::Debug for Issued {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issued").field("certificate_pem", &self.certificate_pem).finish_non_exhaustive()
    }
}

/// A CA with its private key. Its `Debug` form does not show the key.
pub struct Authority {
    certificate_pem: String,
    key_pem: String,
    subject: DistinguishedName,
    issuer: Issuer<'static, KeyPair>,
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authority").field("certificate_pem", &self.certificate_pem).finish_non_exhaustive()
    }
}

impl Authority {
    /// Takes a CA from files: an issuing CA that the bank under test trusts. The key may be PKCS#8, PKCS#1 or SEC1.
    ///
    /// # Errors
    /// When either cannot be read, they are no pair, or the certificate is not a CA's.
    pub fn from_pem(certificate_pem: &str, key_pem: &str) -> Result<Self, PkiError> {
        let der = inspect::certificate_der(certificate_pem.as_bytes())?;
        let certificate = inspect::parse(&der)?;
        let key = read_key(key_pem)?;
        let subject = name::text(certificate.subject());
        if certificate.public_key().subject_public_key.data != key.der_bytes() {
            return Err(PkiError::KeyMismatch { subject });
        }
        if !certificate.is_ca() {
            return Err(PkiError::NotAnIssuer { subject, reason: "its basicConstraints do not say CA".to_owned() });
        }
        Self::assemble(&certificate, &der, key)
    }

    /// A new root CA with a new P-256 key.
    ///
    /// # Errors
    /// When the recipe cannot be followed.
    pub fn root(recipe: &Recipe) -> Result<Self, PkiError> {
        let key = KeyPair::generate()?;
        let certificate = params::params(recipe)?.self_signed(&key)?;
        Self::assemble(&inspect::parse(certificate.der())?, certificate.der(), key)
    }

    /// A new CA below this one, with a new P-256 key.
    ///
    /// # Errors
    /// When the recipe cannot be followed.
    pub fn subordinate(&self, recipe: &Recipe) -> Result<Self, PkiError> {
        let key = KeyPair::generate()?;
        let certificate = params::params(recipe)?.signed_by(&key, &self.issuer)?;
        Self::assemble(&inspect::parse(certificate.der())?, certificate.der(), key)
    }

    /// The CA's own certificate.
    pub fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    /// The CA's private key, PKCS#8. Only ever write it where a test CA's key belongs.
    pub fn key_pem(&self) -> &str {
        &self.key_pem
    }

    /// Issues a certificate with a new key of the recipe's kind.
    ///
    /// # Errors
    /// When the recipe cannot be followed.
    pub fn issue(&self, recipe: &Recipe) -> Result<Issued, PkiError> {
        if recipe.key == KeyKind::P521 {
            return self.issue_for(recipe, &p521_pem()?);
        }
        let (public, key_pem) = recipe.key.generate(recipe.reuse_key)?;
        let certificate = params::params(recipe)?.signed_by(&public, &self.issuer)?;
        Ok(issued(certificate.pem(), &self.certificate_pem, key_pem))
    }

    /// Issues a certificate for a key that is there already: unencrypted PEM of any form.
    ///
    /// # Errors
    /// When the recipe cannot be followed, or the key cannot be read.
    pub fn issue_for(&self, recipe: &Recipe, key_pem: &str) -> Result<Issued, PkiError> {
        let private = private_key(key_pem)?;
        let Ok(key) = key_pair(&private) else {
            // The library knows this kind of key not: the certificate of another one is signed anew.
            let other = self.issue(&recipe.clone().key(KeyKind::P256))?;
            return self.sign_anew(&other, Some(&private), MessageDigest::sha256());
        };
        let certificate = params::params(recipe)?.signed_by(&key, &self.issuer)?;
        Ok(issued(certificate.pem(), &self.certificate_pem, key.serialize_pem()))
    }

    /// Issues a certificate that is good but for the one defect.
    ///
    /// # Errors
    /// When the recipe cannot be followed, or has not got what the defect is of.
    pub fn issue_with_defect(&self, recipe: &Recipe, defect: Defect) -> Result<Issued, PkiError> {
        defect.issue(self, recipe)
    }

    /// Issues a certificate that is odd in one thing, and valid.
    ///
    /// # Errors
    /// When the recipe cannot be followed, or the CA may not do that: one below which there may be no other.
    pub fn issue_near_miss(&self, recipe: &Recipe, near_miss: NearMiss) -> Result<Issued, PkiError> {
        near_miss.issue(self, recipe)
    }

    /// A certificate that is signed with its own key.
    pub(super) fn self_signed(recipe: &Recipe) -> Result<Issued, PkiError> {
        let (_, key_pem) = recipe.key.generate(recipe.reuse_key)?;
        let certificate = params::params(recipe)?.self_signed(&KeyPair::from_pem(&key_pem)?)?;
        Ok(issued(certificate.pem(), "", key_pem))
    }

    /// Whether its certificate allows end entities only below it (RFC 5280 §4.2.1.9).
    pub(super) fn may_not_have_others_below(&self) -> Result<bool, PkiError> {
        let der = inspect::certificate_der(self.certificate_pem.as_bytes())?;
        let certificate = inspect::parse(&der)?;
        let constraints = certificate.basic_constraints().ok().flatten();
        Ok(constraints.is_some_and(|constraints| constraints.value.path_len_constraint == Some(0)))
    }

    /// The CA's own name, for people.
    pub(super) fn subject_text(&self) -> Result<String, PkiError> {
        let der = inspect::certificate_der(self.certificate_pem.as_bytes())?;
        Ok(name::text(inspect::parse(&der)?.subject()))
    }

    fn assemble(certificate: &X509Certificate<'_>, der: &CertificateDer<'_>, key: KeyPair) -> Result<Self, PkiError> {
        Ok(Self {
            certificate_pem: inspect::to_pem(der),
            key_pem: key.serialize_pem(),
            subject: name::reissuable(certificate.subject())?,
            issuer: Issuer::from_ca_cert_der(der, key)?,
        })
    }

    /// A CA with our name and a key of its own, below a root with the name of ours and a key of its own.
    pub(super) fn double(&self) -> Result<Self, PkiError> {
        let der = inspect::certificate_der(self.certificate_pem.as_bytes())?;
        let certificate = inspect::parse(&der)?;
        let mut root = CertificateParams::default();
        root.distinguished_name = name::reissuable(certificate.issuer())?;
        let mut ours = params::params(&Recipe::named("ca-issuing")?)?;
        ours.distinguished_name = self.subject.clone();
        let key = KeyPair::generate()?;
        let double = ours.signed_by(&key, &Issuer::new(root, KeyPair::generate()?))?;
        Self::assemble(&inspect::parse(double.der())?, double.der(), key)
    }
}

fn issued(certificate_pem: String, issuer_pem: &str, key_pem: String) -> Issued {
    Issued { chain_pem: format!("{certificate_pem}{issuer_pem}"), certificate_pem, key_pem }
}

impl Issued {
    /// The same with another certificate of the same issuer.
    pub(super) fn with_certificate(self, der: &CertificateDer<'_>, issuer: &Authority) -> Self {
        issued(inspect::to_pem(der), &issuer.certificate_pem, self.key_pem)
    }
}

/// Whether a CA can issue with that key here, in any unencrypted PEM form.
pub fn can_issue_with(key_pem: &str) -> bool {
    read_key(key_pem).is_ok()
}

/// Reads a private key in any unencrypted PEM form; OpenSSL brings it to the one form that the issuing library takes.
fn read_key(pem: &str) -> Result<KeyPair, PkiError> {
    let key = private_key(pem)?;
    key_pair(&key)
}

fn private_key(pem: &str) -> Result<PKey<Private>, PkiError> {
    if pem.contains("ENCRYPTED") {
        return Err(bad_key("it is encrypted"));
    }
    // The empty password keeps OpenSSL from asking at the terminal. Its own errors may quote the input, so they are dropped.
    PKey::private_key_from_pem_callback(pem.as_bytes(), |_| Ok(0)).map_err(|_| bad_key("it is no PEM private key"))
}

fn key_pair(key: &PKeyRef<Private>) -> Result<KeyPair, PkiError> {
    let der = key.private_key_to_pkcs8().map_err(|_| bad_key("it cannot be converted to PKCS#8"))?;
    KeyPair::try_from(der.as_slice()).map_err(|_| bad_key("its kind or length is not supported"))
}

fn bad_key(reason: &str) -> PkiError {
    PkiError::BadKey { reason: reason.to_owned() }
}

//! The seals that the bank knows and trusts, and its own.

use openssl::error::ErrorStack;
use openssl::pkey::{PKey, Private};
use openssl::stack::Stack;
use openssl::x509::store::{X509Store, X509StoreBuilder};
use openssl::x509::{X509, X509StoreContext, X509VerifyResult};

use crate::bank::error::BankError;
use crate::pki::TestPki;
use crate::pki::inspect::{self, CertificateFacts};

/// `X509_V_ERR_CERT_NOT_YET_VALID` and `X509_V_ERR_CERT_HAS_EXPIRED` of OpenSSL.
const OUT_OF_TIME: [i32; 2] = [9, 10];

/// The seals that the bank knows and trusts, and its own.
pub(in crate::bank) struct Seals {
    trusted: X509Store,
    directory: Vec<Seal>,
    pub(super) own: PKey<Private>,
    pub(super) own_facts: CertificateFacts,
}

impl std::fmt::Debug for Seals {
    /// Without the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Seals").field("directory", &self.directory.len()).finish_non_exhaustive()
    }
}

/// The certificate of a seal.
pub(super) struct Seal {
    pub(super) certificate: X509,
    pub(super) facts: CertificateFacts,
}

/// What is wrong with a certificate, as far as trust goes.
#[derive(PartialEq, Eq)]
pub(super) enum Distrust {
    OutOfTime,
    UnknownIssuer,
}

impl Seals {
    /// Trusts the test PKI, and keeps its TPPs' seals in the directory.
    pub(in crate::bank) fn of(pki: &TestPki) -> Result<Self, BankError> {
        let mut trusted = X509StoreBuilder::new()?;
        for authority in [&pki.root, &pki.issuing] {
            trusted.add_cert(X509::from_pem(authority.certificate_pem().as_bytes())?)?;
        }
        let seal = |pem: &str| Seal::read(X509::from_pem(pem.as_bytes())?);
        Ok(Self {
            trusted: trusted.build(),
            directory: pki.tpps.iter().map(|tpp| seal(&tpp.qsealc.certificate_pem)).collect::<Result<_, _>>()?,
            own: PKey::private_key_from_pem(pki.bank_seal.key_pem.as_bytes())?,
            own_facts: inspect::facts(pki.bank_seal.certificate_pem.as_bytes())?,
        })
    }

    /// The seal of that id: the SHA-256 thumbprint of its certificate.
    pub(super) fn find(&self, id: &str) -> Option<&Seal> {
        self.directory.iter().find(|seal| seal.facts.thumbprint == id)
    }

    /// The seal of a TPP, by its organizationIdentifier.
    pub(super) fn of_tpp(&self, organization: Option<&str>) -> Option<&Seal> {
        self.directory.iter().find(|seal| seal.facts.organization_identifier.as_deref() == organization)
    }

    /// The certificate of a TPP's seal, whose key it has registered for its assertions too.
    pub(in crate::bank) fn certificate_of(&self, organization: &str) -> Option<&X509> {
        self.of_tpp(Some(organization)).map(|seal| &seal.certificate)
    }

    /// Why a certificate is not trusted; `None` where it is.
    pub(super) fn distrust(&self, certificate: &X509) -> Result<Option<Distrust>, ErrorStack> {
        let (mut context, none) = (X509StoreContext::new()?, Stack::new()?);
        let verdict = context.init(&self.trusted, certificate, &none, |context| {
            let holds = context.verify_cert()?;
            Ok((holds, context.error()))
        })?;
        Ok(match verdict {
            (true, X509VerifyResult::OK) => None,
            (_, error) if OUT_OF_TIME.contains(&error.as_raw()) => Some(Distrust::OutOfTime),
            _ => Some(Distrust::UnknownIssuer),
        })
    }
}

impl Seal {
    pub(super) fn read(certificate: X509) -> Result<Self, BankError> {
        let facts = inspect::facts(&certificate.to_der()?)?;
        Ok(Self { certificate, facts })
    }
}

//! The one customer of the bank, and the TPPs it knows.

use super::iban;
use super::random::Random;
use crate::pki::inspect::facts;
use crate::pki::{PkiError, Role, TestTpp};

/// The bank's customer (PSU). The values are new for each bank, and long enough to be searched for in a report.
#[derive(Clone, PartialEq, Eq)]
pub struct Customer {
    /// What the customer types as user name.
    pub username: String,
    /// What the customer knows: the first factor.
    pub password: String,
    /// What the customer's device shows: the second factor. It stays the same for the life of the bank.
    pub one_time_code: String,
    /// The customer's name.
    pub name: String,
    /// The customer's account, from which payments are made.
    pub iban: String,
}

impl std::fmt::Debug for Customer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Customer").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Customer {
    pub(super) fn invent(random: &Random) -> Self {
        Self {
            username: format!("psu-{}", random.letters(24)),
            password: random.letters(28),
            one_time_code: random.digits(24),
            name: "Robin Sample".to_owned(),
            iban: iban::german(&random.digits(18)),
        }
    }
}

/// A TPP that is registered at the bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Its name in the test PKI: `tpp-a`.
    pub name: String,
    /// Its `client_id`: the organizationIdentifier of its certificate (NextGenPSD2 implementation guidelines §13).
    pub client_id: String,
    /// Where it may have customers sent.
    pub redirect_uris: Vec<String>,
}

/// What the bank keeps about a client beyond what it tells.
#[derive(Debug)]
pub(super) struct Registration {
    pub(super) client: Client,
    /// The company's name, for the customer.
    pub(super) organization: String,
    /// The common name of its certificate.
    pub(super) common_name: Option<String>,
    /// The subject that its certificates must bear (RFC 8705 §2.1.2, `tls_client_auth_subject_dn`).
    pub(super) subject: String,
    /// The certificate that it registered with. Others with the same subject are as good.
    pub(super) first_thumbprint: String,
    pub(super) roles: Vec<Role>,
}

impl Registration {
    pub(super) fn of(tpp: &TestTpp) -> Result<Self, PkiError> {
        let certificate = facts(tpp.qwac.certificate_pem.as_bytes())?;
        let callback = format!("https://{}.example/callback", tpp.name);
        Ok(Self {
            client: Client {
                name: tpp.name.clone(),
                client_id: tpp.organization_identifier.clone(),
                redirect_uris: vec![callback.clone(), format!("{callback}?tenant=7")],
            },
            organization: certificate.organization.unwrap_or_else(|| tpp.name.clone()),
            common_name: certificate.common_name,
            subject: certificate.subject,
            first_thumbprint: certificate.thumbprint,
            roles: tpp.roles.clone(),
        })
    }
}

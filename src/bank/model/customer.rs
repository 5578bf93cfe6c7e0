//! The customers of the bank, and the TPPs it knows.

use crate::bank::iban;
use crate::bank::oauth::client::method::ClientMethod;
use crate::bank::random::Random;
use crate::pki::inspect::facts;
use crate::pki::{PkiError, Role, TestPki, TestTpp};

/// So many others may be locked out: one for each check that does it.
pub(in crate::bank) const LOCKABLE: usize = 16;

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
    /// Another one, by sort code and number: 14 digits.
    pub account: String,
}

impl std::fmt::Debug for Customer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Customer").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Customer {
    pub(in crate::bank) fn invent(random: &Random) -> Self {
        Self {
            username: format!("psu-{}", random.letters(24)),
            password: random.letters(28),
            one_time_code: random.digits(24),
            name: "Robin Sample".to_owned(),
            iban: iban::german(&random.digits(18)),
            account: random.digits(14),
        }
    }

    /// Somebody else who may dispose of the same accounts.
    pub(in crate::bank) fn joint(&self, random: &Random) -> Self {
        let Self { name, iban, account, .. } = self.clone();
        Self { name, iban, account, ..Self::invent(random) }
    }

    pub(in crate::bank) fn owns(&self, account: &str) -> bool {
        account == self.iban || account == self.account
    }
}

/// A client that is registered at the bank.
#[derive(Clone, PartialEq, Eq)]
pub struct Client {
    /// What it is called: `tpp-a`, or `tpp-a-jwt` for the same TPP with another registration.
    pub name: String,
    /// Its name in the test PKI: `tpp-a`.
    pub tpp: String,
    /// Its `client_id`: the organizationIdentifier of its certificate (NextGenPSD2 implementation guidelines §13), with
    /// more behind it where the TPP has another registration.
    pub client_id: String,
    /// Where it may have customers sent.
    pub redirect_uris: Vec<String>,
    /// How it authenticates.
    pub method: ClientMethod,
    /// It has to push its authorization requests (RFC 9126 §6).
    pub must_push: bool,
    /// The secret that it shares with the bank, where it authenticates by one.
    pub secret: Option<String>,
}

impl std::fmt::Debug for Client {
    /// Without the secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("name", &self.name).field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

/// What the bank keeps about a client beyond what it tells.
#[derive(Debug)]
pub(in crate::bank) struct Registration {
    pub(in crate::bank) client: Client,
    /// The company's name, for the customer.
    pub(in crate::bank) organization: String,
    /// The common name of its certificate.
    pub(in crate::bank) common_name: Option<String>,
    /// The subject that its certificates must bear (RFC 8705 §2.1.2, `tls_client_auth_subject_dn`).
    pub(in crate::bank) subject: String,
    /// The organizationIdentifier of its certificates: whose payments are its own.
    pub(in crate::bank) organization_identifier: String,
    /// The certificate that it registered with. Others with the same subject are as good.
    pub(in crate::bank) first_thumbprint: String,
    /// The certificates whose keys it registered, by their thumbprints (RFC 8705 §2.2).
    pub(in crate::bank) thumbprints: Vec<String>,
    pub(in crate::bank) roles: Vec<Role>,
}

/// The clients of a bank: each TPP by the method that is usual there, and the first one twice more, for there are banks with
/// clients of several kinds.
pub(in crate::bank) fn registered(
    pki: &TestPki,
    usual: ClientMethod,
    random: &Random,
) -> Result<Vec<Registration>, PkiError> {
    let ordinary = pki.tpps.iter().map(|tpp| (tpp, "", usual));
    let more = pki.tpps.iter().take(1).flat_map(|tpp| {
        [(tpp, "-jwt", ClientMethod::PrivateKeyJwt), (tpp, "-secret", ClientMethod::ClientSecretBasic)]
    });
    ordinary.chain(more).map(|(tpp, suffix, method)| Registration::of(tpp, suffix, method, random)).collect()
}

impl Registration {
    fn of(tpp: &TestTpp, suffix: &str, method: ClientMethod, random: &Random) -> Result<Self, PkiError> {
        let certificate = facts(tpp.qwac.certificate_pem.as_bytes())?;
        let renewed = facts(tpp.renewed.certificate_pem.as_bytes())?;
        let callback = format!("https://{}.example/callback", tpp.name);
        Ok(Self {
            client: Client {
                name: format!("{}{suffix}", tpp.name),
                tpp: tpp.name.clone(),
                client_id: format!("{}{suffix}", tpp.organization_identifier),
                redirect_uris: vec![callback.clone(), format!("{callback}?tenant=7")],
                method,
                must_push: suffix == "-jwt",
                secret: method.is_by_secret().then(|| random.secret()),
            },
            organization: certificate.organization.unwrap_or_else(|| tpp.name.clone()),
            common_name: certificate.common_name,
            subject: certificate.subject,
            organization_identifier: tpp.organization_identifier.clone(),
            thumbprints: vec![certificate.thumbprint.clone(), renewed.thumbprint],
            first_thumbprint: certificate.thumbprint,
            roles: tpp.roles.clone(),
        })
    }
}

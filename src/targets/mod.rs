//! The target: the bank under test and everything needed to talk to it.

pub(crate) mod addresses;
pub mod bank_profile;
pub mod capability;
pub mod client_authentication;
mod dialect;
mod error;
pub mod file;
mod iban;
mod key_use;
mod keys;
mod load;
pub mod network;
pub mod oauth;
pub mod own;
mod payment;
mod profiles;
pub mod psu;
pub mod psu_agents;
pub mod requests;
pub mod restraint;
pub mod schema;
mod secret;
mod shape;
pub mod signing;
mod telling;
pub mod tolerances;
mod user_info;

use std::collections::{BTreeMap, BTreeSet};

pub use client_authentication::{Credentials, Method};
pub use dialect::{Dialect, UkVersion};
pub use error::TargetError;
pub use file::{Environment, ReadBy, Resource, TargetFile};
pub use iban::is_iban;
pub use load::{POLICIES, SEE_THE_EXAMPLE, load, load_all};
pub use payment::{Payment, is_sort_code_account};
pub use psu::{Buttons, Psu};
pub use restraint::Restraint;
pub use secret::Secret;
pub use signing::Signing;
pub(crate) use telling::mistake;
pub(crate) use user_info::names_a_user;

use crate::{
    catalogue::profiles::Declared,
    pki::{Defect, Role},
};

/// A bank and everything needed to talk to it, loaded and checked.
#[derive(Clone, Debug)]
pub struct Target {
    /// What the report calls it.
    pub name: String,
    /// Whether real money can move.
    pub environment: Environment,
    /// What must not be done at it.
    pub restraint: Restraint,
    /// The profile that it has been described by, where it has one.
    pub bank_profile: Option<String>,
    /// What it wants of requests.
    pub requests: Vec<requests::Change>,
    /// How it is known to differ.
    pub deviations: Vec<bank_profile::Deviation>,
    /// How much it may be late or early.
    pub tolerances: tolerances::Tolerances,
    /// How it spells payments.
    pub dialect: Dialect,
    /// How it does OAuth.
    pub profiles: Declared,
    /// It is the bank that bankproof brings along.
    pub bundled: bool,
    /// Faults that are switched on in the bundled bank.
    pub faults: Vec<String>,
    /// Lawful habits that the bundled bank was given.
    pub habits: Vec<String>,
    /// What it can do: declared, or seen from the file itself. Discovery adds more.
    pub capabilities: BTreeSet<String>,
    /// Stricter rules that it has declared for itself.
    pub policies: BTreeSet<String>,
    /// The issuer identifier.
    pub issuer: String,
    /// The base URL of the payment API.
    pub api: Option<String>,
    /// What stands between that and the resources: `/v1`; empty where nothing does.
    pub api_version: String,
    /// Endpoints written by hand.
    pub endpoints: Option<file::Endpoints>,
    /// What moves its clock.
    pub clock: Option<String>,
    /// CAs that its own certificates come from, PEM.
    pub trust_anchors: Vec<String>,
    /// The longest time to wait for an answer, in seconds.
    pub timeout_seconds: u64,
    /// The way to it.
    pub network: network::Network,
    /// The TPPs; at least one, the first is *the* TPP.
    pub identities: Vec<Identity>,
    /// An issuing CA that the bank trusts.
    pub test_ca: Option<KeyPair>,
    /// Where that CA can be told what to say of its certificates.
    pub trust_service: Option<String>,
    /// Ready-made bad certificates by defect.
    pub bad_certificates: BTreeMap<String, KeyPair>,
    /// The customer.
    pub psu: Option<Psu>,
    /// What to pay.
    pub payment: Option<Payment>,
    /// What an access token opens, where there are no payments.
    pub resource: Option<Resource>,
    /// What authorization requests hold there.
    pub oauth: oauth::OAuth,
    /// How it wants messages signed, where it verifies signatures.
    pub signing: Option<Signing>,
    /// The certificate that it signs its answers with, PEM, where it promises to.
    pub bank_certificate: Option<String>,
}

/// One TPP.
#[derive(Clone, Debug)]
pub struct Identity {
    /// What the report calls it.
    pub name: String,
    /// Its `client_id`.
    pub client_id: String,
    /// Its QWAC.
    pub qwac: KeyPair,
    /// A second QWAC of the same TPP.
    pub renewed: Option<KeyPair>,
    /// Its QSealC.
    pub seal: Option<KeyPair>,
    /// What the bank calls it and the key of its seal in signatures.
    pub seal_names: signing::SealNames,
    /// It pushes every authorization request.
    pub par_required: bool,
    /// What it authenticates with at the authorization server.
    pub credentials: Credentials,
    /// Its registered redirection URIs.
    pub redirect_uris: Vec<String>,
    /// What its QWAC says.
    pub facts: crate::pki::inspect::CertificateFacts,
}

/// A certificate and its key, PEM.
#[derive(Clone)]
pub struct KeyPair {
    /// The certificate, or a chain with the leaf first.
    pub certificate_pem: String,
    /// The key.
    pub key_pem: String,
}

impl std::fmt::Debug for KeyPair {
    /// Without the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyPair").field("certificate_pem", &self.certificate_pem).finish_non_exhaustive()
    }
}

impl Identity {
    /// The redirection URI of ordinary flows: the first without a query.
    pub fn redirect_uri(&self) -> &str {
        self.redirect_uris.iter().find(|uri| !uri.contains('?')).map_or(self.redirect_uris[0].as_str(), String::as_str)
    }

    /// A registered redirection URI with a query, where there is one.
    pub fn redirect_uri_with_query(&self) -> Option<&str> {
        self.redirect_uris.iter().find(|uri| uri.contains('?')).map(String::as_str)
    }

    /// The certificate gives it that role.
    pub fn has_role(&self, role: Role) -> bool {
        self.facts.psd2_roles.contains(&role)
    }
}

impl Target {
    /// The TPP that ordinary flows play.
    pub fn tpp(&self) -> &Identity {
        &self.identities[0]
    }

    /// Another TPP with the same licence; the TPP itself under another `client_id` is none.
    pub fn second_tpp(&self) -> Option<&Identity> {
        let own = self.tpp();
        let is_other = |other: &&Identity| {
            other.client_id != own.client_id
                && other.facts.thumbprint != own.facts.thumbprint
                && !self.is_ais_only(other)
        };
        self.identities[1..].iter().find(is_other)
    }

    /// The first TPP that authenticates in such a way.
    pub fn that_authenticates(&self, such: impl Fn(Method) -> bool) -> Option<&Identity> {
        self.identities.iter().find(|identity| such(identity.credentials.method))
    }

    /// A TPP that is licensed for account information alone.
    pub fn ais_only_tpp(&self) -> Option<&Identity> {
        self.identities[1..].iter().find(|other| self.is_ais_only(other))
    }

    /// The defects of which there is a certificate, as capabilities: `bad-certificate:expired`.
    pub fn bad_certificates_at_hand(&self) -> impl Iterator<Item = String> {
        let at_hand = |defect: &Defect| {
            self.test_ca.is_some() || defect.needs_no_trust() || self.bad_certificates.contains_key(defect.name())
        };
        Defect::all().filter(at_hand).map(|defect| format!("bad-certificate:{defect}"))
    }

    /// The longest time to wait for an answer of a host, in seconds.
    pub fn timeout_of(&self, host: &str) -> u64 {
        self.network.host(host).and_then(|host| host.timeout_seconds).unwrap_or(self.timeout_seconds)
    }

    /// The CAs that a host's certificate comes from, PEM.
    pub fn trust_anchors_of(&self, host: &str) -> &[String] {
        let own = self.network.host(host).map(|host| host.trust_anchors.as_slice());
        own.filter(|own| !own.is_empty()).unwrap_or(&self.trust_anchors)
    }

    fn is_ais_only(&self, identity: &Identity) -> bool {
        identity.has_role(Role::PspAi) && !identity.has_role(Role::PspPi)
    }
}

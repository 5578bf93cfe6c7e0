//! The bundled bank: an authorization server and a payment API as PSD2 asks for them, that misbehaves when told to.
//!
//! It has two listeners, as real banks have: the customer's pages, and the token endpoint and API, where a client
//! certificate is required. Which rule guards which endpoint stands in tables: `routes`, `berlin_group::OPERATIONS`, and
//! the `RULES` of each file. It shares no protocol code with the TPP that judges it.

mod asked;
mod berlin_group;
mod certificate;
mod clock;
mod conversation;
mod cors;
mod dialect;
mod error;
pub mod faults;
pub mod habits;
mod http;
mod iban;
mod inside;
mod keys;
mod log;
mod misspelt;
mod model;
mod oauth;
mod observer;
mod own_site;
mod psu;
mod race;
mod random;
mod refusal;
mod routes;
mod rule;
mod signatures;
mod tls;
mod uk_open_banking;

pub use certificate::trust_service::TrustPlace;
pub use conversation::Patience;
pub use dialect::Dialect;
pub use error::BankError;
pub use iban::german as german_iban;
pub use log::Log;
pub use model::customer::{Client, Customer};
pub use oauth::client::method::ClientMethod;
pub use observer::{Listener, Observer, Seen, SeenEvent, Visitor};
pub use rule::Refused;

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::pki::TestPki;
use asked::Asked;
use certificate::revocation_status::Watch;
use certificate::trust_service::{self, TrustService};
use conversation::Host;
use faults::Faults;
use habits::Habits;
use keys::Keys;
use model::customer;
use model::world::World;
use oauth::client::method;
use observer::Reporter;
use random::Random;

/// How a bank is to be started.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How TPPs register, and what they have customers authorise.
    pub dialect: Dialect,
    /// The address of both listeners: 127.0.0.1 unless told. The certificate is for this machine only.
    pub listen: IpAddr,
    /// The port of the customer's pages; 0 for any that is free, as the API always has.
    pub port: u16,
    /// The ids of the faults to switch on.
    pub faults: BTreeSet<String>,
    /// The ids of the habits that it has.
    pub habits: BTreeSet<String>,
    /// The profiles that it tells its TPPs to keep to: what that takes is among its habits.
    pub profiles: Vec<String>,
    /// Whom it tells what it is asked and what it answers.
    pub observer: Option<Arc<dyn Observer>>,
    /// Makes the customer, ids, codes and sessions the same each time; keys and signatures are new all the same.
    pub seed: Option<u64>,
    /// Refuse payment initiations without a signature. One that is there is checked in any case.
    pub signatures_required: bool,
    /// Remember which faults and habits it is asked for: see [`Bank::asked`].
    pub keeps_asked: bool,
    /// How long it waits for whoever is connected.
    pub patience: Patience,
}

impl Default for Settings {
    fn default() -> Self {
        let listen = IpAddr::V4(Ipv4Addr::LOCALHOST);
        Self {
            dialect: Dialect::default(),
            listen,
            port: 0,
            faults: BTreeSet::new(),
            habits: BTreeSet::new(),
            profiles: Vec::new(),
            observer: None,
            seed: None,
            signatures_required: false,
            keeps_asked: false,
            patience: Patience::default(),
        }
    }
}

/// A running bank. Dropping it ends its tasks and connections.
#[derive(Debug)]
pub struct Bank {
    /// The issuer of RFC 8414, and the base of the customer's pages: `https://127.0.0.1:PORT`.
    pub issuer: String,
    /// The base of the token endpoint and the API, where a client certificate is required.
    pub api: String,
    /// The URL of the clock: `GET` for the time, `POST {"advance_seconds": N}` to move it on.
    pub clock: String,
    /// The base of the trust service that tells the status of the test CA's certificates: `http://127.0.0.1:PORT`.
    pub trust_service: String,
    /// The customer.
    pub customer: Customer,
    /// Others who may dispose of the same accounts, and be locked out without harm.
    pub lockable: Vec<Customer>,
    /// The TPPs that are registered.
    pub clients: Vec<Client>,
    /// How TPPs register, and what they have customers authorise.
    pub dialect: Dialect,
    /// It refuses payment initiations without a signature.
    pub signatures_required: bool,
    /// The ids of its habits.
    pub habits: BTreeSet<String>,
    /// The profiles that it tells its TPPs to keep to.
    pub profiles: Vec<String>,
    asked: Asked,
    tasks: JoinSet<()>,
}

impl Bank {
    /// The ids of the faults and habits that it was asked for since it began to start, where it keeps them: with none of
    /// the others would it have done anything else so far.
    pub fn asked(&self) -> BTreeSet<String> {
        self.asked.so_far()
    }

    /// Ends the bank's tasks and connections, and waits until they are gone.
    pub async fn stop(mut self) {
        self.tasks.shutdown().await;
    }

    /// Waits for as long as the bank runs, which is until it is stopped.
    pub async fn wait(&mut self) {
        while self.tasks.join_next().await.is_some() {}
    }
}

/// Starts a bank that trusts the test PKI and knows its TPPs.
///
/// # Errors
/// When a fault is not known, an address cannot be listened on, or the PKI cannot be used for TLS.
pub async fn start(pki: &TestPki, settings: Settings) -> Result<Bank, BankError> {
    start_beside(pki, settings, TrustPlace::take().await?).await
}

/// The same, with the trust service at a place that the certificates of the PKI name already.
///
/// # Errors
/// As for [`start`].
pub async fn start_beside(pki: &TestPki, settings: Settings, place: TrustPlace) -> Result<Bank, BankError> {
    let asked = Asked::kept(settings.keeps_asked);
    let faults = Faults::switch_on(&settings.faults, asked.clone())?;
    let habits = Habits::switch_on(&settings.habits, asked.clone())?;
    let (front, at) = listen(settings.listen, settings.port).await?;
    let (back, api) = listen(settings.listen, 0).await?;
    let by_name = habits.has("known-by-name");
    let (issuer, api) = if by_name { (under_name(&at), under_name(&api)) } else { (at.clone(), api) };
    let issuer = if habits.has("issuer-with-a-path") { format!("{issuer}/realms/psd2") } else { issuer };
    let judge = certificate::check::judge(tls::trust(pki)?, &faults, &habits)?;
    let sessions = tls::shared_sessions(&faults);
    let doors = (
        tls::Door::open(pki, &faults, sessions.clone(), None, &habits)?,
        tls::Door::open(pki, &faults, sessions, Some(judge), &habits)?,
    );
    let trust = TrustService::new(place.url().to_owned(), &pki.issuing)?;
    let world = Arc::new(found(pki, &settings, (faults, habits), (issuer, api), trust)?);

    let (mut tasks, patience) = (JoinSet::new(), settings.patience);
    let host = |listener, app| Host { app, patience, reporter: Reporter::new(settings.observer.clone(), listener) };
    tasks.spawn(tls::serve(front, doors.0, host(Listener::Pages, routes::front(Arc::clone(&world)))));
    tasks.spawn(tls::serve(back, doors.1, host(Listener::Api, routes::back(Arc::clone(&world)))));
    tasks.spawn(trust_service::serve(place, Arc::clone(&world), patience));
    Ok(Bank {
        issuer: world.issuer.clone(),
        api: world.api.clone(),
        clock: format!("{at}/clock"),
        trust_service: world.trust.url.clone(),
        customer: world.customer.clone(),
        lockable: world.lockable.clone(),
        clients: world.clients.iter().map(|known| known.client.clone()).collect(),
        dialect: settings.dialect,
        signatures_required: world.signatures_required,
        habits: settings.habits,
        profiles: settings.profiles,
        asked,
        tasks,
    })
}

async fn listen(address: IpAddr, port: u16) -> Result<(TcpListener, String), BankError> {
    let address = SocketAddr::new(address, port);
    let failed = |source| BankError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    // "Any address" is none that a browser can go to.
    let host = if bound.ip().is_unspecified() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { bound.ip() };
    Ok((listener, format!("https://{}", SocketAddr::new(host, bound.port()))))
}

/// The same place under the other name that the bank's certificate has.
fn under_name(base: &str) -> String {
    let port = base.rsplit(':').next().unwrap_or_default();
    format!("https://bank.bankproof.test:{port}")
}

fn found(
    pki: &TestPki,
    settings: &Settings,
    (faults, habits): (Faults, Habits),
    (issuer, api): (String, String),
    trust: TrustService,
) -> Result<World, BankError> {
    let random = Random::new(settings.seed);
    let keys = Keys::generate(random.letters(8), &random.letters(8))?;
    let clients = customer::registered(pki, method::ordinary(settings.dialect, &faults, &habits), &random)?;
    let customer = Customer::invent(&random);
    Ok(World {
        dialect: settings.dialect,
        issuer,
        api,
        clients,
        lockable: (0..customer::LOCKABLE).map(|_| customer.joint(&random)).collect(),
        customer,
        subject: random.uuid().to_string(),
        keys,
        seals: signatures::Seals::of(pki)?,
        signatures_required: settings.signatures_required || signatures::are_a_must(settings.dialect),
        faults,
        habits,
        clock: clock::Clock::default(),
        trust,
        watch: Watch::over(pki)?,
        random,
        state: Mutex::default(),
    })
}

//! What all checks of a run share: the target, the recorder, a client for each identity, the bank's endpoints.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use url::Url;

use super::{
    Trouble,
    api::{self, Api},
    discovery::{self, Discovery, Endpoints, Unfound},
    kept,
    signing::{self, How, Outgoing, Seal},
    tls,
    transport::Client,
};
use crate::{
    evidence::{check_row::CheckRow, recorder::Recorder, speaker::Speaker, tls::HostPicture},
    pki::{Defect, NearMiss, Role},
    targets::{
        Dialect, Identity, KeyPair, Method, Psu, Target,
        own::{Objection, Places},
        signing::Form,
    },
};

/// A run's way to one bank.
pub struct Session {
    /// The bank.
    pub target: Arc<Target>,
    /// What records every exchange.
    pub recorder: Arc<Recorder>,
    public: Client,
    clients: Vec<Client>,
    renewed: Option<Client>,
    /// By the name of the identity.
    seals: Vec<(String, Arc<Seal>)>,
    browser: rustls::ClientConfig,
    /// Where the customer goes.
    origins: Places,
    discovery: Discovery,
    /// The one customer's turn at the bank's pages.
    turn: tokio::sync::Mutex<()>,
    /// The TLS picture of each host, once it has been taken.
    pictures: tokio::sync::OnceCell<Vec<Arc<HostPicture>>>,
    /// How the bank spells payments, where it has any.
    api: Option<&'static dyn Api>,
    /// Which answers brought each payment, by the bank's id for it.
    lodged: Mutex<HashMap<String, BTreeSet<String>>>,
    /// Why nothing but the handshake itself can be looked at.
    closed: Option<Trouble>,
    /// The bank has asked for the customer's secrets again and again.
    shut_out: AtomicBool,
    /// Which of the customers who may be locked out each check has for itself.
    lent: Mutex<HashMap<CheckRow, usize>>,
}

/// Who is at the bank's pages for a check.
pub(super) struct Customers {
    /// Who logs in.
    pub(super) psu: Psu,
    /// Somebody else, whose secrets are not its own; `None` where the target file knows nobody.
    pub(super) another: Option<Psu>,
}

impl Session {
    /// Opens the way to a bank: builds the clients and finds the endpoints.
    ///
    /// # Errors
    /// The bank does not answer, or an identity cannot be used. Where somebody answers and only TLS stands in between,
    /// the way is open as far as the handshake: see [`Self::closed`].
    pub async fn open(target: Arc<Target>, recorder: Arc<Recorder>) -> Result<Self, Trouble> {
        kept::keep_secret(&target, &recorder);
        let public = Client::new(&target, &"anyone".into(), None, &recorder)?;
        let (discovery, closed) = match discovery::discover(&target, &public).await {
            Ok(discovery) => (discovery, None),
            Err(Unfound::InTls(trouble)) => (Discovery::default(), Some(trouble)),
            Err(Unfound::Nowhere(trouble)) => return Err(trouble),
        };
        let client = |identity: &Identity| {
            Client::new(&target, &Speaker::named(&identity.name), Some(&identity.qwac), &recorder)
        };
        let clients = target.identities.iter().map(client).collect::<Result<_, _>>()?;
        let renewed = (target.tpp().renewed.as_ref())
            .map(|pair| Client::new(&target, &Speaker::of(&target.tpp().name, "renewed"), Some(pair), &recorder))
            .transpose()?;
        let seal = |identity: &Identity| {
            let seal = Seal::open(identity.seal.as_ref()?, &identity.seal_names);
            Some(seal.map(|seal| (identity.name.clone(), Arc::new(seal))))
        };
        let seals = target.identities.iter().filter_map(seal).collect::<Result<_, _>>()?;
        let browser = tls::config_for(&target, None)?;
        let origins = origins(&target, discovery.endpoints.authorization.as_deref());
        Ok(Self {
            public,
            clients,
            renewed,
            seals,
            browser,
            origins,
            discovery,
            api: api::of(&target),
            target,
            recorder,
            turn: tokio::sync::Mutex::new(()),
            pictures: tokio::sync::OnceCell::new(),
            lodged: Mutex::default(),
            closed,
            shut_out: AtomicBool::new(false),
            lent: Mutex::default(),
        })
    }

    /// Why nothing but the handshake itself can be looked at; `None` where everything can.
    pub fn closed(&self) -> Option<&Trouble> {
        self.closed.as_ref()
    }

    /// Notes that an answer brought what has that id.
    pub(super) fn note_lodged(&self, id: &str, answer: &str) {
        let mut lodged = self.lodged.lock().unwrap_or_else(PoisonError::into_inner);
        lodged.entry(id.to_owned()).or_default().insert(answer.to_owned());
    }

    /// The answers that brought what has that id, where that is more than one: whose state the bank tells then, nobody knows.
    pub fn answers_that_share(&self, id: &str) -> Option<Vec<String>> {
        let lodged = self.lodged.lock().unwrap_or_else(PoisonError::into_inner);
        lodged.get(id).filter(|answers| answers.len() > 1).map(|answers| answers.iter().cloned().collect())
    }

    /// Where the TLS pictures are kept.
    pub(super) fn pictures(&self) -> &tokio::sync::OnceCell<Vec<Arc<HostPicture>>> {
        &self.pictures
    }

    /// A client without a certificate.
    pub fn public(&self) -> &Client {
        &self.public
    }

    /// The client of an identity.
    pub fn client(&self, identity: &Identity) -> &Client {
        let index = self.target.identities.iter().position(|other| other.name == identity.name);
        &self.clients[index.unwrap_or(0)]
    }

    /// The client with the TPP's renewed certificate.
    ///
    /// # Errors
    /// The target file has none.
    pub fn renewed(&self) -> Result<&Client, Trouble> {
        self.renewed.as_ref().ok_or_else(|| Trouble::Prerequisite("the TPP has no renewed certificate".into()))
    }

    /// The seal of an identity, however it comes.
    pub fn seal(&self, identity: &Speaker) -> Option<&Arc<Seal>> {
        self.seals.iter().find(|(known, _)| **known == *identity.name).map(|(_, seal)| seal)
    }

    /// Signs a request to the payment API for an identity, where the target asks for signatures and it has a seal.
    ///
    /// # Errors
    /// It cannot be signed that way.
    pub fn sign(&self, outgoing: &mut Outgoing, identity: &Speaker, how: &How) -> Result<(), Trouble> {
        let Some(signing) = self.target.signing.as_ref().filter(|_| self.is_of_the_api(&outgoing.url)) else {
            return Ok(());
        };
        match (how, self.seal(identity)) {
            (How::Varied { form, variation, seal: Some(other) }, _) => {
                signing::sign(outgoing, signing, *form, other, variation)
            }
            (How::Varied { form, variation, seal: None }, Some(own)) => {
                signing::sign(outgoing, signing, *form, own, variation)
            }
            // What has no body is not signed in that form.
            (How::AsUsual, Some(_)) if signing.form == Form::UkJws && outgoing.body.is_empty() => Ok(()),
            (How::AsUsual, Some(own)) => signing::sign(outgoing, signing, signing.form, own, ""),
            (How::Not, _) | (_, None) => Ok(()),
        }
    }

    fn is_of_the_api(&self, url: &str) -> bool {
        let below = |api: &str| url.strip_prefix(api).is_some_and(|rest| rest.starts_with('/'));
        self.target.api.as_deref().is_some_and(|api| match self.target.dialect {
            // Its releases stand side by side.
            Dialect::UkOpenBanking => api.find("/v").is_some_and(|at| url.starts_with(&api[..at])),
            Dialect::BerlinGroup | Dialect::None => below(api),
        })
    }

    /// A fresh browser: no cookies, no certificate. `name` is whose requests they are in the record.
    ///
    /// # Errors
    /// No HTTP client could be built.
    pub fn browser(&self, name: &Speaker) -> Result<Client, Trouble> {
        Client::browser(&self.target, name, &self.recorder, self.browser.clone(), true, &self.origins)
    }

    /// What carries the requests of a real browser, which keeps its cookies itself.
    pub(super) fn relay(&self, name: &Speaker) -> Result<Client, Trouble> {
        Client::browser(&self.target, name, &self.recorder, self.browser.clone(), false, &self.origins)
    }

    /// The other TPP with the same licence.
    ///
    /// # Errors
    /// The target file has none.
    pub fn second_tpp(&self) -> Result<&Identity, Trouble> {
        self.target.second_tpp().ok_or_else(|| Trouble::Prerequisite("the target file has no second TPP".into()))
    }

    /// The TPP's certificate with that defect; its key is a secret from now on.
    ///
    /// # Errors
    /// It can neither be made nor found.
    pub fn bad_certificate(&self, defect: Defect) -> Result<KeyPair, Trouble> {
        let pair = super::bad_certificates::with_defect(&self.target, defect)?;
        kept::keep_key_secret(&pair, &self.recorder);
        Ok(pair)
    }

    /// The TPP's certificate as odd as that, and valid; its key is a secret from now on.
    ///
    /// # Errors
    /// There is no test CA, or it may not issue such a certificate.
    pub fn near_miss(&self, near_miss: NearMiss) -> Result<KeyPair, Trouble> {
        let pair = super::bad_certificates::near_miss(&self.target, near_miss)?;
        kept::keep_key_secret(&pair, &self.recorder);
        Ok(pair)
    }

    /// A certificate of the TPP without any defect, just issued by the test CA; its key is a secret from now on.
    ///
    /// # Errors
    /// There is no test CA.
    pub fn fresh_certificate(&self) -> Result<KeyPair, Trouble> {
        let pair = super::bad_certificates::without_defect(&self.target)?;
        kept::keep_key_secret(&pair, &self.recorder);
        Ok(pair)
    }

    /// A certificate of the TPP for those roles alone, just issued by the test CA; its key is a secret from now on.
    ///
    /// # Errors
    /// There is no test CA.
    pub fn certificate_with_roles(&self, roles: &[Role]) -> Result<KeyPair, Trouble> {
        let pair = super::bad_certificates::with_roles(&self.target, roles)?;
        kept::keep_key_secret(&pair, &self.recorder);
        Ok(pair)
    }

    /// How the bank spells payments.
    ///
    /// # Errors
    /// The target has none.
    pub fn api(&self) -> Result<&'static dyn Api, Trouble> {
        self.api.ok_or_else(|| Trouble::Prerequisite("the target has no payment API".into()))
    }

    /// What discovery found.
    pub fn discovery(&self) -> &Discovery {
        &self.discovery
    }

    /// Where the bank's endpoints are.
    pub fn endpoints(&self) -> &Endpoints {
        &self.discovery.endpoints
    }

    /// The token endpoint as the bank names it first, whichever of its addresses the TPP takes.
    pub(super) fn token_endpoint_named(&self) -> Option<&String> {
        self.discovery.token_endpoint_named.as_ref()
    }

    /// The bank wants every authorization request of that TPP pushed (RFC 9126 5 and 6).
    pub fn must_push(&self, identity: &Identity) -> bool {
        let says = |all: &BTreeSet<String>| all.contains("par-required");
        identity.par_required || says(&self.target.capabilities) || says(&self.discovery.capabilities)
    }

    /// The identity of whoever speaks, however it comes; the TPP where it is none of the file's.
    pub fn identity(&self, who: &Speaker) -> &Identity {
        self.target.identities.iter().find(|known| *known.name == *who.name).unwrap_or(self.target.tpp())
    }

    /// What may be wanting of every authorization request that this harness sends, by the metadata.
    pub fn lacks(&self) -> Option<&'static str> {
        self.discovery.wants_request_objects.then_some(
            "by its metadata the bank takes signed request objects alone (require_signed_request_object, RFC 9101 10.5), which \
             are not spoken here",
        )
    }

    /// How the token endpoint authenticates clients, where its metadata says so.
    pub fn authentication_methods(&self) -> Option<&[String]> {
        self.discovery.authentication_methods.as_deref()
    }

    /// What the bank can do: declared, derived or discovered.
    pub fn capabilities(&self) -> BTreeSet<String> {
        let mut all: BTreeSet<String> = self.target.capabilities.union(&self.discovery.capabilities).cloned().collect();
        let bars = |identity: Option<&Identity>| {
            identity.is_some_and(|identity| self.discovery.wants_other_authentication(identity.credentials.method))
        };
        for (capability, method) in
            [("private-key-jwt", Method::PrivateKeyJwt), ("client-secret-basic", Method::ClientSecretBasic)]
        {
            if bars(self.target.that_authenticates(|own| own == method)) {
                all.remove(capability);
            }
        }
        if bars(self.target.that_authenticates(Method::is_by_secret)) {
            all.remove("client-secret");
        }
        if bars(Some(self.target.tpp())) {
            all.remove("authorization");
        }
        if all.contains("par") && self.target.identities.iter().any(|identity| self.must_push(identity)) {
            all.insert("par-enforced".into());
        }
        all
    }

    /// Waits until the customer is free to go to the bank: one login may end another, and most banks let a customer be
    /// at one place at a time only.
    pub(super) async fn turn(&self) -> Option<tokio::sync::MutexGuard<'_, ()>> {
        match self.target.psu.as_ref().is_some_and(|psu| psu.parallel) {
            true => None,
            false => Some(self.turn.lock().await),
        }
    }

    /// Payments may be made and pages driven: the last guard, whatever a scenario says.
    ///
    /// # Errors
    /// The target is marked `production`, and its file does not allow it.
    pub(super) fn may_move_money(&self) -> Result<(), Trouble> {
        let objection = self.target.restraint.objection();
        objection.map_or(Ok(()), |why| Err(Trouble::DoesNotApply(format!("no money moves here: {why}"))))
    }

    /// The bank did not take the customer's secrets: nobody is sent there again, for it may lock the customer out.
    pub(super) fn credentials_were_refused(&self) {
        self.shut_out.store(true, Ordering::Relaxed);
    }

    /// Lends each of those checks a customer of its own, who may be locked out; the same one to all of them where `shared`.
    /// Without any in the target file all of them are the ordinary customer.
    pub fn lend_customers(&self, rows: impl Iterator<Item = CheckRow>, shared: bool) {
        let mut lent = self.lent.lock().unwrap_or_else(PoisonError::into_inner);
        lent.extend(rows.enumerate().map(|(index, row)| (row, if shared { 0 } else { index })));
    }

    /// Who logs in for that check, and somebody else whose secrets are not its own.
    ///
    /// # Errors
    /// There is no customer, or none is left who may be locked out.
    pub(super) fn customers(&self, check: &CheckRow) -> Result<Customers, Trouble> {
        let usual = self.target.psu.as_ref();
        let usual = usual.ok_or_else(|| Trouble::Prerequisite("the target has no PSU agent".into()))?;
        let lent = self.lent.lock().unwrap_or_else(PoisonError::into_inner).get(check).copied();
        match lent.filter(|_| usual.has_lockable()) {
            None => Ok(Customers { psu: usual.clone(), another: None }),
            Some(index) => match usual.lockable.get(index) {
                Some(login) => Ok(Customers { psu: usual.logging_in_as(login), another: Some(usual.clone()) }),
                None => Err(Trouble::DoesNotApply(format!(
                    "all {} customers of psu.lockable have been locked out by other checks: name one more",
                    usual.lockable.len()
                ))),
            },
        }
    }

    /// The bank has taken the customer's secrets so far.
    ///
    /// # Errors
    /// It has not.
    pub(super) fn may_log_in(&self) -> Result<(), Trouble> {
        let why = "the bank asked for the credentials again and again, and the PSU is not sent there any more in this run: \
                   are the credentials and the names of their fields in the target file right? `bankproof doctor` tells";
        match self.shut_out.load(Ordering::Relaxed) {
            true => Err(Trouble::Prerequisite(why.into())),
            false => Ok(()),
        }
    }

    /// Where the metadata document is.
    pub fn metadata_url(&self) -> &str {
        &self.discovery.metadata_url
    }

    /// The URL of an endpoint that a check cannot do without.
    ///
    /// # Errors
    /// The bank does not name it, or it has no TLS: no code and no token must go there (RFC 6749 3.1, 3.2). Or it is at a
    /// host that the target file does not name.
    pub fn endpoint<'a>(&self, name: &str, url: Option<&'a String>) -> Result<&'a str, Trouble> {
        let missing = || match name {
            _ if self.discovery.is_of_another_issuer => Trouble::Prerequisite(format!(
                "{} is the metadata of another issuer than `server.issuer`, and nothing of it is used (RFC 8414 3.3)",
                self.discovery.metadata_url
            )),
            "authorization_endpoint" | "token_endpoint" => {
                Trouble::Prerequisite(format!("the bank's metadata names no {name}"))
            }
            // Every other one is optional (RFC 8414 2), whatever the target file declares.
            _ => Trouble::DoesNotApply(format!("the bank's metadata names no {name}")),
        };
        let url = url.ok_or_else(missing)?;
        let parsed = Url::parse(url).ok().filter(|parsed| parsed.scheme() == "https");
        let parsed = parsed
            .ok_or_else(|| Trouble::Prerequisite(format!("the {name} \"{url}\" is no https URL and is not used")))?;
        match self.target.network.own.hosts.objection(&parsed) {
            None => Ok(url),
            Some(why) => Err(Trouble::Prerequisite(format!("the {name} is not asked: {why}"))),
        }
    }

    /// Why the customer does not go to that address: what it types goes to the bank alone.
    pub fn objection(&self, url: &Url) -> Option<Objection> {
        self.origins.objection(url)
    }
}

/// Where the customer goes: to the origins that the file names, and to the authorization endpoint at such a host.
fn origins(target: &Target, authorization: Option<&str>) -> Places {
    let own = &target.network.own;
    let begins = authorization.and_then(|url| Url::parse(url).ok());
    match begins.filter(|url| own.hosts.objection(url).is_none()) {
        Some(url) => own.origins.clone().with(&url),
        None => own.origins.clone(),
    }
}

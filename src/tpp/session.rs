//! What all checks of a run share: the target, the recorder, a client for each identity, the bank's endpoints.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use url::Url;

use super::{
    Trouble,
    api::{self, Api},
    discovery::{self, Discovery, Endpoints, Unfound},
    signing::{self, How, Outgoing, Seal},
    tls,
    transport::Client,
};
use crate::{
    evidence::{recorder::Recorder, tls::HostPicture},
    pki::{Defect, NearMiss, Role},
    targets::{Dialect, Identity, KeyPair, Method, Target, signing::Form},
};

/// Shorter values of fields are no names of customers, in characters.
const SHORTEST_NAME: usize = 8;

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
    discovery: Discovery,
    /// The one customer's turn at the bank's pages.
    turn: tokio::sync::Mutex<()>,
    /// The TLS picture of each host, once it has been taken.
    pictures: tokio::sync::OnceCell<Vec<Arc<HostPicture>>>,
    /// How the bank spells payments, where it has any.
    api: Option<&'static dyn Api>,
    /// Why nothing but the handshake itself can be looked at.
    closed: Option<Trouble>,
    /// The bank has asked for the customer's secrets again and again.
    shut_out: AtomicBool,
}

impl Session {
    /// Opens the way to a bank: builds the clients and finds the endpoints.
    ///
    /// # Errors
    /// The bank does not answer, or an identity cannot be used. Where somebody answers and only TLS stands in between,
    /// the way is open as far as the handshake: see [`Self::closed`].
    pub async fn open(target: Arc<Target>, recorder: Arc<Recorder>) -> Result<Self, Trouble> {
        keep_secret(&target, &recorder);
        let public = Client::new(&target, "anyone", None, &recorder)?;
        let (discovery, closed) = match discovery::discover(&target, &public).await {
            Ok(discovery) => (discovery, None),
            Err(Unfound::InTls(trouble)) => (Discovery::default(), Some(trouble)),
            Err(Unfound::Nowhere(trouble)) => return Err(trouble),
        };
        let client = |identity: &Identity| Client::new(&target, &identity.name, Some(&identity.qwac), &recorder);
        let clients = target.identities.iter().map(client).collect::<Result<_, _>>()?;
        let renewed = (target.tpp().renewed.as_ref())
            .map(|pair| Client::new(&target, &format!("{} (renewed)", target.tpp().name), Some(pair), &recorder))
            .transpose()?;
        let seal = |identity: &Identity| {
            let seal = Seal::open(identity.seal.as_ref()?, &identity.seal_names);
            Some(seal.map(|seal| (identity.name.clone(), Arc::new(seal))))
        };
        let seals = target.identities.iter().filter_map(seal).collect::<Result<_, _>>()?;
        let browser = tls::config_for(&target, None)?;
        Ok(Self {
            public,
            clients,
            renewed,
            seals,
            browser,
            discovery,
            api: api::of(&target),
            target,
            recorder,
            turn: tokio::sync::Mutex::new(()),
            pictures: tokio::sync::OnceCell::new(),
            closed,
            shut_out: AtomicBool::new(false),
        })
    }

    /// Why nothing but the handshake itself can be looked at; `None` where everything can.
    pub fn closed(&self) -> Option<&Trouble> {
        self.closed.as_ref()
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

    /// The seal of an identity, by its name; `tpp-a (renewed)` has that of `tpp-a`.
    pub fn seal(&self, identity: &str) -> Option<&Arc<Seal>> {
        let name = identity.split(" (").next().unwrap_or_default();
        self.seals.iter().find(|(known, _)| known == identity || known == name).map(|(_, seal)| seal)
    }

    /// Signs a request to the payment API for an identity, where the target asks for signatures and it has a seal.
    ///
    /// # Errors
    /// It cannot be signed that way.
    pub fn sign(&self, outgoing: &mut Outgoing, identity: &str, how: &How) -> Result<(), Trouble> {
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
    pub fn browser(&self, name: &str) -> Result<Client, Trouble> {
        Client::browser(&self.target, name, &self.recorder, self.browser.clone(), true)
    }

    /// What carries the requests of a real browser, which keeps its cookies itself.
    pub(super) fn relay(&self, name: &str) -> Result<Client, Trouble> {
        Client::browser(&self.target, name, &self.recorder, self.browser.clone(), false)
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
        keep_key_secret(&pair, &self.recorder);
        Ok(pair)
    }

    /// The TPP's certificate as odd as that, and valid; its key is a secret from now on.
    ///
    /// # Errors
    /// There is no test CA, or it may not issue such a certificate.
    pub fn near_miss(&self, near_miss: NearMiss) -> Result<KeyPair, Trouble> {
        let pair = super::bad_certificates::near_miss(&self.target, near_miss)?;
        keep_key_secret(&pair, &self.recorder);
        Ok(pair)
    }

    /// A certificate of the TPP without any defect, just issued by the test CA; its key is a secret from now on.
    ///
    /// # Errors
    /// There is no test CA.
    pub fn fresh_certificate(&self) -> Result<KeyPair, Trouble> {
        let pair = super::bad_certificates::without_defect(&self.target)?;
        keep_key_secret(&pair, &self.recorder);
        Ok(pair)
    }

    /// A certificate of the TPP for those roles alone, just issued by the test CA; its key is a secret from now on.
    ///
    /// # Errors
    /// There is no test CA.
    pub fn certificate_with_roles(&self, roles: &[Role]) -> Result<KeyPair, Trouble> {
        let pair = super::bad_certificates::with_roles(&self.target, roles)?;
        keep_key_secret(&pair, &self.recorder);
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

    /// The token endpoint as the bank names it first, whichever door the TPP takes.
    pub(super) fn token_endpoint_named(&self) -> Option<&String> {
        self.discovery.token_endpoint_named.as_ref()
    }

    /// They are the bank's own: from the target file, or from metadata of the issuer that was asked.
    pub(super) fn endpoints_are_own(&self) -> bool {
        self.discovery.is_own
    }

    /// The bank wants every authorization request of that TPP pushed (RFC 9126 5 and 6).
    pub fn must_push(&self, identity: &Identity) -> bool {
        let says = |all: &BTreeSet<String>| all.contains("par-required");
        identity.par_required || says(&self.target.capabilities) || says(&self.discovery.capabilities)
    }

    /// The identity of that name, which may have something in brackets behind it; the TPP where there is none.
    pub fn identity(&self, who: &str) -> &Identity {
        let name = who.split(" (").next().unwrap_or_default();
        self.target.identities.iter().find(|known| known.name == name).unwrap_or(self.target.tpp())
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
    /// The bank does not name it, or it has no TLS: no code and no token must go there (RFC 6749 3.1, 3.2).
    pub fn endpoint<'a>(&self, name: &str, url: Option<&'a String>) -> Result<&'a str, Trouble> {
        let missing = || match name {
            "authorization_endpoint" | "token_endpoint" => {
                Trouble::Prerequisite(format!("the bank's metadata names no {name}"))
            }
            // Every other one is optional (RFC 8414 2), whatever the target file declares.
            _ => Trouble::DoesNotApply(format!("the bank's metadata names no {name}")),
        };
        let url = url.ok_or_else(missing)?;
        match Url::parse(url).is_ok_and(|parsed| parsed.scheme() == "https") {
            true => Ok(url),
            false => Err(Trouble::Prerequisite(format!("the {name} \"{url}\" is no https URL and is not used"))),
        }
    }

    /// The address is the bank's own: with TLS, at a host of its issuer, its API, its authorization endpoint, or one
    /// that the target file names for its pages. What the customer types goes nowhere else.
    pub fn is_the_banks(&self, url: &Url) -> bool {
        let target = &self.target;
        let authorization = self.endpoints().authorization.as_ref().filter(|_| self.discovery.is_own);
        let known = [Some(&target.issuer), target.api.as_ref(), authorization].into_iter().flatten();
        let mut hosts = known.filter_map(|known| Url::parse(known).ok()?.host_str().map(str::to_owned));
        let host = url.host_str().unwrap_or_default();
        let named = || target.psu.iter().flat_map(|psu| &psu.hosts).any(|known| known.eq_ignore_ascii_case(host));
        url.scheme() == "https" && !host.is_empty() && (hosts.any(|known| known == host) || named())
    }

    /// Why an address is not the bank's, and what to do if it is.
    pub fn why_not(&self, url: &Url) -> String {
        match (url.scheme(), url.host_str()) {
            ("https", Some(host)) => {
                format!("{host} is not known as the bank's; if it is, add it to `hosts` under [psu] of the target file")
            }
            (scheme, _) => format!("an address of the scheme \"{scheme}\" has no TLS and is not followed"),
        }
    }
}

/// Everything in the target file that must never be recorded.
fn keep_secret(target: &Target, recorder: &Recorder) {
    for identity in &target.identities {
        keep_key_secret(&identity.qwac, recorder);
        identity.renewed.iter().chain(&identity.seal).for_each(|pair| keep_key_secret(pair, recorder));
    }
    target.test_ca.iter().chain(target.bad_certificates.values()).for_each(|pair| keep_key_secret(pair, recorder));
    keep_public(target, recorder);
    for proxy in target.network.proxies() {
        proxy.password().into_iter().for_each(|password| recorder.secret("password", password));
    }
    // Who the customer is, where a bank wants to be told.
    let told = target.requests.iter().flat_map(|change| &change.headers);
    told.filter(|(name, _)| name.to_ascii_lowercase().starts_with("psu-")).for_each(|(_, value)| {
        if value.get_ref().chars().count() >= SHORTEST_NAME {
            recorder.secret("customer", value.get_ref());
        }
    });
    if let Some(psu) = &target.psu {
        for (fields, secrets) in psu.logins() {
            // Who the customer is stays at the desk too; what is shorter is a choice such as "sms", and stands everywhere.
            let names = fields.values().filter(|value| value.chars().count() >= SHORTEST_NAME);
            names.for_each(|name| recorder.secret("customer", name));
            for (name, value) in secrets {
                let is_code = psu.one_time_code.as_ref().is_some_and(|field| field.get_ref() == name);
                recorder.secret(if is_code { "one-time-code" } else { "password" }, value.value());
            }
        }
    }
    if let Some(payment) = &target.payment {
        payment.accounts().for_each(|(_, account)| recorder.secret("account", account.value()));
    }
}

/// What judges compare with, and words of the protocols that a careless password could be.
fn keep_public(target: &Target, recorder: &Recorder) {
    let words = ["password", "code", "token", "true", "false", "null", "Bearer", "S256", "EUR"];
    words.iter().for_each(|word| recorder.public(word));
    [Some(&target.issuer), target.api.as_ref()].into_iter().flatten().for_each(|url| recorder.public(url));
    for identity in &target.identities {
        recorder.public(&identity.client_id);
        identity.redirect_uris.iter().for_each(|uri| recorder.public(uri));
    }
    if let Some(payment) = &target.payment {
        let told = [Some(&payment.amount), Some(&payment.creditor_name), payment.product.as_ref()];
        told.into_iter().flatten().for_each(|value| recorder.public(value));
    }
}

pub(super) fn keep_key_secret(pair: &KeyPair, recorder: &Recorder) {
    let lines = pair.key_pem.lines().filter(|line| !line.starts_with("-----"));
    lines.for_each(|line| recorder.secret("key", line.trim()));
}

//! The authorization request, and what the bank makes of it.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use url::{Url, form_urlencoded};

use super::{
    form::{Form, form},
    par,
    pkce::{ProofKey, random},
};
use crate::{
    evidence::{
        check_row::CheckRow,
        exchange::Exchange,
        speaker::Speaker,
        walk_end::{AuthorizationFacts, WalkEnd},
    },
    targets::{Identity, Target, psu::Agent},
    tpp::{
        Trouble,
        api::Intent,
        psu::{self, Around, Behaviour, Task, Walk, misdeed::Sent},
        session::Session,
        transport::Reply,
    },
};

/// An authorization request (RFC 6749 4.1.1), as bent as the check wants it.
#[derive(Clone)]
pub struct AuthorizationRequest {
    /// In the order in which they are sent.
    pub parameters: Vec<(String, String)>,
    /// The proof key behind the `code_challenge`.
    pub proof_key: ProofKey,
    /// Who asks: the name of an identity.
    pub who: Speaker,
    /// How it gets to the bank.
    pub way: Way,
    /// What the browser's address has behind the rest, also where the request itself waits at the bank.
    pub behind: Option<(String, String)>,
}

/// How an authorization request gets to the bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// Pushed where the bank wants it so, in the address of the browser otherwise.
    Usual,
    /// In the address, whatever the bank wants.
    Plain,
    /// It waits at the bank under that name already.
    Pushed(String),
}

/// An authorization that has come to its end: the request, the customer's walk, and what the TPP got.
#[derive(Clone)]
pub struct Authorization {
    /// What was asked.
    pub request: AuthorizationRequest,
    /// Who played the customer.
    pub agent: Agent,
    /// Where the customer ended up.
    pub walk_end: WalkEnd,
    /// Where the customer had ended up before it went on all the same.
    pub before: Option<WalkEnd>,
    /// The code that came beside an error was tried, and brought no token.
    pub worthless_code: bool,
    /// The customer has done what there was to do.
    pub has_acted: bool,
    /// Why the way that the customer went may not be the one that was meant.
    pub unsure: Option<&'static str>,
    /// Every page and redirect on the way, in order.
    pub exchanges: Vec<Arc<Exchange>>,
    /// The forms that the customer has sent, as far as its agent sends them itself.
    pub sent: Vec<Sent>,
}

impl AuthorizationRequest {
    /// A correct request of that TPP for that scope.
    pub fn new(target: &Target, identity: &Identity, scope: &str) -> Self {
        let proof_key = ProofKey::fresh();
        let scope = target.oauth.whole_scope(scope);
        let parameters = [
            ("response_type", "code"),
            ("client_id", &identity.client_id),
            ("redirect_uri", identity.redirect_uri()),
            ("scope", &scope),
            ("state", &random(24)),
            ("code_challenge", &proof_key.challenge),
            ("code_challenge_method", "S256"),
        ];
        let parameters = parameters.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        let request =
            Self { parameters, proof_key, who: Speaker::named(&identity.name), way: Way::Usual, behind: None };
        // OpenID Connect Core 3.1.2.1: whoever wants an id_token ties it to the request.
        let nonce = scope.split(' ').any(|one| one == "openid").then(|| random(24));
        let extra = target.oauth.extra_parameters.iter().map(|(name, value)| (name.as_str(), value.clone()));
        nonce
            .map(|nonce| ("nonce", nonce))
            .into_iter()
            .chain(extra)
            .fold(request, |request, (name, value)| request.set(name, Some(&value)))
    }

    /// A correct request of that TPP for what the customer is to authorise.
    pub fn of(target: &Target, identity: &Identity, what: &Intent) -> Self {
        match what {
            Intent::Scope(scope) => Self::new(target, identity, scope),
            Intent::Claim { scope, claims } => {
                Self::new(target, identity, scope).set("claims", Some(&claims.to_string()))
            }
        }
    }

    /// The value of a parameter, if it is sent.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Sends another value, or none; a parameter that was not there is added.
    pub fn set(mut self, name: &str, value: Option<&str>) -> Self {
        let at = self.parameters.iter().position(|(key, _)| key == name);
        match (at, value) {
            (Some(at), Some(value)) => self.parameters[at].1 = value.into(),
            (Some(at), None) => _ = self.parameters.remove(at),
            (None, Some(value)) => self.parameters.push((name.into(), value.into())),
            (None, None) => {}
        }
        self
    }

    /// Sends a parameter once more.
    pub fn repeat(mut self, name: &str, value: &str) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    /// Sends a parameter once more in the browser's address, whatever is pushed.
    pub fn repeat_in_address(self, name: &str, value: &str) -> Self {
        Self { behind: Some((name.into(), value.into())), ..self }
    }

    /// On another way to the bank.
    pub fn by(self, way: Way) -> Self {
        Self { way, ..self }
    }

    /// Without any proof key.
    pub fn without_pkce(self) -> Self {
        self.set("code_challenge", None).set("code_challenge_method", None)
    }

    /// With another proof key.
    pub fn with_proof_key(self, proof_key: ProofKey) -> Self {
        Self { proof_key: proof_key.clone(), ..self.set("code_challenge", Some(&proof_key.challenge)) }
    }

    /// What the browser sends of a request that waits at the bank (RFC 9126 4).
    fn reference(&self, request_uri: &str) -> Vec<(String, String)> {
        let client_id = self.get("client_id").unwrap_or_default();
        [("client_id", client_id), ("request_uri", request_uri)].map(|(name, value)| (name.into(), value.into())).into()
    }

    /// The browser's address: what is sent there, and what stands behind it.
    fn url(&self, endpoint: &str, parameters: &[(String, String)]) -> Result<String, Trouble> {
        let mut url = Url::parse(endpoint)
            .map_err(|error| Trouble::Prerequisite(format!("the authorization endpoint is no URL: {error}")))?;
        // A browser sends none: that there must not be one is for a check of its own.
        url.set_fragment(None);
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(parameters.iter().chain(&self.behind))
            .finish();
        let joint = if url.query().is_some() { '&' } else { '?' };
        Ok(format!("{url}{joint}{query}"))
    }
}

impl Authorization {
    /// The authorization code.
    ///
    /// # Errors
    /// There is none, or there are several; what there is instead is said.
    pub fn code(&self) -> Result<&str, Trouble> {
        let mut codes = self.walk_end.all_returned("code");
        let code =
            codes.next().ok_or_else(|| Trouble::Prerequisite(format!("no authorization code: {}", self.walk_end)))?;
        match codes.all(|other| other == code) {
            true => Ok(code),
            false => Err(Trouble::Prerequisite("the TPP was called back with several codes that differ".into())),
        }
    }

    /// Whether the bank says no, and gives a code all the same.
    pub fn says_both(&self) -> bool {
        self.walk_end.returned("error").is_some() && self.walk_end.returned("code").is_some()
    }

    /// The correct token request for its code (RFC 6749 4.1.3).
    ///
    /// # Errors
    /// There is no code.
    pub fn redemption(&self, identity: &Identity) -> Result<Form, Trouble> {
        Ok(form(&[
            ("grant_type", "authorization_code"),
            ("client_id", &identity.client_id),
            ("code", self.code()?),
            ("redirect_uri", self.request.get("redirect_uri").unwrap_or_default()),
            ("code_verifier", &self.request.proof_key.verifier),
        ]))
    }

    /// Whether the code_challenge can be read out of the code, as it is or in base64url; nothing where there is no code, or
    /// was no challenge.
    pub fn exposes_challenge(&self) -> Option<bool> {
        let (code, challenge) = (self.walk_end.returned("code")?, self.request.get("code_challenge")?);
        let parts =
            code.split(['.', ':', '~']).filter_map(|part| URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).ok());
        let mut readable = parts.map(|octets| String::from_utf8_lossy(&octets).into_owned());
        Some(code.contains(challenge) || readable.any(|text| text.contains(challenge)))
    }

    /// As a judge sees it: without secrets.
    pub fn facts(&self, session: &Session) -> AuthorizationFacts {
        let recorder = &session.recorder;
        let identities = session.target.identities.iter();
        let sent = self.request.parameters.iter().map(|(name, value)| (name.clone(), recorder.redact(value))).collect();
        AuthorizationFacts {
            registered: identities.flat_map(|identity| identity.redirect_uris.clone()).collect(),
            own: session.identity(&self.request.who).redirect_uris.clone(),
            sent,
            agent: self.agent.name(),
            walk_end: self.walk_end.redacted(recorder),
            worthless_code: self.worthless_code,
            has_acted: self.has_acted,
            unsure: self.unsure,
            exchanges: self.exchanges.clone(),
        }
    }
}

/// The bank has refused a request before any customer came.
fn refused(
    session: &Session,
    request: AuthorizationRequest,
    status: u16,
    error: Option<String>,
    reply: &Reply,
) -> Authorization {
    let agents = session.target.psu.as_ref().map(|psu| psu.able(Behaviour::Approve.ability()));
    Authorization {
        request,
        agent: agents.and_then(|mut agents| agents.next()).unwrap_or(Agent::FormScript),
        walk_end: WalkEnd::RefusedAtPush { status, error },
        before: None,
        worthless_code: false,
        has_acted: false,
        unsure: session.lacks(),
        exchanges: vec![reply.exchange.clone()],
        sent: Vec::new(),
    }
}

/// Where the customer goes with that request.
enum Door {
    /// There.
    At(String),
    /// Nowhere: the bank has refused it when it was pushed.
    Refused(u16, Option<String>, Reply),
}

async fn door(session: &Session, check: &CheckRow, request: &AuthorizationRequest) -> Result<Door, Trouble> {
    session.recorder.secret("verifier", &request.proof_key.verifier);
    // A page may carry the whole request along in hidden fields; what came back is compared with what was sent.
    request.get("state").into_iter().for_each(|state| session.recorder.public(state));
    let endpoint = session.endpoint("authorization_endpoint", session.endpoints().authorization.as_ref())?;
    let request_uri = match &request.way {
        Way::Pushed(request_uri) => Some(request_uri.clone()),
        Way::Usual if session.must_push(session.identity(&request.who)) => {
            let reply = par::push(session, check, &request.who, &request.parameters).await?;
            match par::answer(&reply)? {
                par::Answer::Kept(request_uri) => Some(request_uri),
                par::Answer::Refused(status, error) => return Ok(Door::Refused(status, error, reply)),
            }
        }
        _ => None,
    };
    Ok(Door::At(match request_uri {
        Some(request_uri) => request.url(endpoint, &request.reference(&request_uri))?,
        None => request.url(endpoint, &request.parameters)?,
    }))
}

/// Where the customer goes with that request, which is there to be opened.
///
/// # Errors
/// The bank cannot be reached, or has refused it.
pub async fn address(session: &Session, check: &CheckRow, request: &AuthorizationRequest) -> Result<String, Trouble> {
    match door(session, check, request).await? {
        Door::At(url) => Ok(url),
        Door::Refused(status, ..) => {
            Err(Trouble::Prerequisite(format!("the pushed request was refused with {status}")))
        }
    }
}

/// Sends the customer to the bank with that request, and sees what comes of it.
///
/// # Errors
/// The bank cannot be reached, or its pages cannot be walked as the target file says.
pub async fn authorize(
    session: &Session,
    check: &CheckRow,
    request: AuthorizationRequest,
    (behaviour, around): (Behaviour, Around<'_>),
) -> Result<Authorization, Trouble> {
    let url = match door(session, check, &request).await? {
        Door::At(url) => url,
        Door::Refused(status, error, reply) => return Ok(refused(session, request, status, error, &reply)),
    };
    let redirect_uri = request.get("redirect_uri").unwrap_or_default().to_owned();
    let ways_out = [redirect_uri.as_str()];
    let task = Task { around, ..Task::plain(session, check, (&url, &ways_out), behaviour) };
    // Futures in futures are moved as a whole: one of a walk is large.
    let walk = Box::pin(psu::walk(&task)).await?;
    let Walk { agent, walk_end, before, has_acted, unsure, exchanges, sent } = walk;
    // A bank that gives a code all the same has lacked nothing.
    let unsure = unsure.or_else(|| session.lacks().filter(|_| walk_end.returned("code").is_none()));
    Ok(Authorization { request, agent, walk_end, before, worthless_code: false, has_acted, unsure, exchanges, sent })
}

//! The authorization request, and what the bank makes of it.

use std::sync::Arc;

use url::{Url, form_urlencoded};

use super::pkce::{ProofKey, random};
use crate::{
    evidence::{
        exchange::Exchange,
        landing::{AuthorizationFacts, Landing},
    },
    target::{Identity, psu::Agent},
    tpp::{
        Trouble,
        psu::{Behaviour, Walk},
        session::Session,
    },
};

/// An authorization request (RFC 6749 4.1.1), as bent as the check wants it.
#[derive(Clone)]
pub struct AuthorizationRequest {
    /// In the order in which they are sent.
    pub parameters: Vec<(String, String)>,
    /// The proof key behind the `code_challenge`.
    pub proof_key: ProofKey,
}

/// An authorization that has come to its end: the request, the customer's walk, and what the TPP got.
#[derive(Clone)]
pub struct Authorization {
    /// What was asked.
    pub request: AuthorizationRequest,
    /// Who played the customer.
    pub agent: Agent,
    /// Where the customer ended up.
    pub landing: Landing,
    /// The customer has done what there was to do.
    pub has_acted: bool,
    /// Why the way that the customer went may not be the one that was meant.
    pub unsure: Option<&'static str>,
    /// Every page and redirect on the way, in order.
    pub exchanges: Vec<Arc<Exchange>>,
}

impl AuthorizationRequest {
    /// A correct request of that TPP for that scope.
    pub fn new(identity: &Identity, scope: &str) -> Self {
        let proof_key = ProofKey::fresh();
        let parameters = [
            ("response_type", "code"),
            ("client_id", &identity.client_id),
            ("redirect_uri", identity.redirect_uri()),
            ("scope", scope),
            ("state", &random(24)),
            ("code_challenge", &proof_key.challenge),
            ("code_challenge_method", "S256"),
        ];
        let parameters = parameters.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        Self { parameters, proof_key }
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

    /// Without any proof key.
    pub fn without_pkce(self) -> Self {
        self.set("code_challenge", None).set("code_challenge_method", None)
    }

    /// With another proof key.
    pub fn with_proof_key(self, proof_key: ProofKey) -> Self {
        Self { proof_key: proof_key.clone(), ..self.set("code_challenge", Some(&proof_key.challenge)) }
    }

    fn url(&self, endpoint: &str) -> Result<String, Trouble> {
        let url = Url::parse(endpoint)
            .map_err(|error| Trouble::Prerequisite(format!("the authorization endpoint is no URL: {error}")))?;
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.parameters).finish();
        let joint = if url.query().is_some() { '&' } else { '?' };
        Ok(format!("{url}{joint}{query}"))
    }
}

impl Authorization {
    /// The authorization code.
    ///
    /// # Errors
    /// There is none; what there is instead is said.
    pub fn code(&self) -> Result<&str, Trouble> {
        self.landing
            .returned("code")
            .ok_or_else(|| Trouble::Prerequisite(format!("no authorization code: {}", self.landing)))
    }

    /// As a judge sees it: without secrets.
    pub fn facts(&self, session: &Session) -> AuthorizationFacts {
        let recorder = &session.recorder;
        let identities = session.target.identities.iter();
        let sent = self.request.parameters.iter().map(|(name, value)| (name.clone(), recorder.redact(value))).collect();
        AuthorizationFacts {
            registered: identities.flat_map(|identity| identity.redirect_uris.clone()).collect(),
            sent,
            agent: self.agent.name(),
            landing: self.landing.redacted(recorder),
            has_acted: self.has_acted,
            unsure: self.unsure,
            exchanges: self.exchanges.clone(),
        }
    }
}

/// Sends the customer to the bank with that request, and sees what comes of it.
///
/// # Errors
/// The bank cannot be reached, or its pages cannot be walked as the target file says.
pub async fn authorize(
    session: &Session,
    check: &str,
    request: AuthorizationRequest,
    behaviour: Behaviour,
) -> Result<Authorization, Trouble> {
    session.recorder.secret("verifier", &request.proof_key.verifier);
    let endpoint = session.endpoint("authorization_endpoint", session.endpoints().authorization.as_ref())?;
    let url = request.url(endpoint)?;
    let redirect_uri = request.get("redirect_uri").unwrap_or_default().to_owned();
    let walk = crate::tpp::psu::walk(session, check, &url, &[&redirect_uri], behaviour).await?;
    let Walk { agent, landing, has_acted, unsure, exchanges } = walk;
    Ok(Authorization { request, agent, landing, has_acted, unsure, exchanges })
}

//! How the TPP authenticates at the endpoints for clients: the one place that adds to a request what its identity needs.

use base64::{Engine, engine::general_purpose::STANDARD};
use url::form_urlencoded;

use super::{
    assertion::{self, Draft},
    form::{Form, encoded, form as fields, with},
};
use crate::{
    evidence::speaker::Speaker,
    targets::{Identity, Method, Target},
    tpp::{Trouble, session::Session, transport::Call},
};

/// The type of assertions that authenticate a client (RFC 7523 2.2).
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A form, and whatever else says whose it is.
#[derive(Clone)]
pub struct Authenticated {
    /// What is sent in the body.
    pub form: Form,
    /// What is sent in the Authorization header.
    authorization: Option<String>,
    /// What is sent in the address, where nothing belongs.
    query: Form,
}

/// How a client with a secret shows it, rightly or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// In the Authorization header.
    Basic,
    /// In the form.
    Post,
    /// In the address.
    Query,
    /// In the header and in the form.
    Twice,
}

impl Authenticated {
    /// The form alone: the certificate of the connection authenticates, or nothing does.
    pub fn by_nothing(form: &Form) -> Self {
        Self { form: form.clone(), authorization: None, query: Form::new() }
    }

    /// The header that it adds to a request.
    pub(super) fn header(&self) -> Option<(String, String)> {
        self.authorization.clone().map(|value| ("Authorization".to_owned(), value))
    }

    /// The request with that header.
    pub(super) fn sign(&self, call: Call) -> Call {
        match &self.authorization {
            Some(value) => call.header("Authorization", value),
            None => call,
        }
    }

    /// The address with what it adds there.
    pub(super) fn url(&self, url: &str) -> String {
        match self.query.is_empty() {
            true => url.to_owned(),
            false => format!("{url}{}{}", if url.contains('?') { '&' } else { '?' }, encoded(&self.query)),
        }
    }
}

/// The form as whoever speaks sends it to that endpoint: under another certificate it is the same client. A `client_id`
/// that is not its own stays as it is: the credentials are its own all the same.
///
/// # Errors
/// An assertion cannot be signed.
pub fn usual(session: &Session, who: &Speaker, url: &str, form: &Form) -> Result<Authenticated, Trouble> {
    let Some(identity) = known_as(&session.target, who) else { return Ok(Authenticated::by_nothing(form)) };
    match identity.credentials.method {
        Method::TlsClientAuth | Method::SelfSignedTlsClientAuth | Method::None => Ok(Authenticated::by_nothing(form)),
        Method::PrivateKeyJwt => {
            let draft = Draft::new(session, identity, client_id(form, identity), url)?;
            by_assertion(session, form, &draft)
        }
        Method::ClientSecretBasic => Ok(by_secret(session, identity, form, &secret_of(identity)?, Shown::Basic)),
        Method::ClientSecretPost => Ok(by_secret(session, identity, form, &secret_of(identity)?, Shown::Post)),
    }
}

/// The form with that assertion (RFC 7523 2.2).
///
/// # Errors
/// It cannot be signed.
pub fn by_assertion(session: &Session, form: &Form, draft: &Draft) -> Result<Authenticated, Trouble> {
    let assertion = assertion::signed(draft)?;
    session.recorder.secret("assertion", &assertion);
    let form = with(form.clone(), "client_assertion_type", Some(ASSERTION_TYPE));
    Ok(Authenticated::by_nothing(&with(form, "client_assertion", Some(&assertion))))
}

/// The form with that secret (RFC 6749 2.3.1).
pub fn by_secret(session: &Session, identity: &Identity, form: &Form, secret: &str, shown: Shown) -> Authenticated {
    let client_id = client_id(form, identity).to_owned();
    session.recorder.secret("client-secret", secret);
    let both = fields(&[("client_id", &client_id), ("client_secret", secret)]);
    let basic = || {
        // Each half is encoded as in a form before they are joined.
        let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let credentials = STANDARD.encode(format!("{}:{}", encode(&client_id), encode(secret)));
        session.recorder.secret("client-secret", &credentials);
        format!("Basic {credentials}")
    };
    // The client is named where its secret is, and nowhere else: some servers take a second name for a second method.
    let unnamed = with(form.clone(), "client_id", None);
    match shown {
        Shown::Basic => Authenticated { form: unnamed, authorization: Some(basic()), query: Form::new() },
        Shown::Post => Authenticated::by_nothing(&with(form.clone(), "client_secret", Some(secret))),
        Shown::Query => Authenticated { form: unnamed, authorization: None, query: both },
        Shown::Twice => {
            let form = unnamed.into_iter().chain(both).collect();
            Authenticated { form, authorization: Some(basic()), query: Form::new() }
        }
    }
}

/// The secret of an identity.
///
/// # Errors
/// It has none.
pub fn secret_of(identity: &Identity) -> Result<String, Trouble> {
    let secret = identity.credentials.secret.as_ref().map(|secret| secret.value().to_owned());
    secret.ok_or_else(|| Trouble::Prerequisite(format!("{} has no client_secret", identity.name)))
}

/// Whom the form names, or else the identity itself.
fn client_id<'a>(form: &'a Form, identity: &'a Identity) -> &'a str {
    form.iter().find(|(name, _)| name == "client_id").map_or(identity.client_id.as_str(), |(_, value)| value.as_str())
}

fn known_as<'a>(target: &'a Target, who: &Speaker) -> Option<&'a Identity> {
    target.identities.iter().find(|known| *known.name == *who.name)
}

//! The one way out for every request to the API: the usual header fields, then what the target file wants of requests,
//! then the check's own change, then the signature.

use std::sync::Arc;

use reqwest::Method;
use url::Url;
use uuid::Uuid;

use super::{
    Draft, Lodged, Started, base,
    own_token::{self, OwnToken},
};
use crate::{
    evidence::{check_row::CheckRow, exchange::Exchange, operation::Operation, speaker::Speaker},
    targets::{KeyPair, ReadBy, Signing, requests},
    tpp::{
        Trouble, made_seals,
        probe::{self, Knock},
        session::Session,
        signing::{How, Outgoing},
        transport::{Call, Client, NoReply, Reply},
    },
};

fn purpose(operation: Operation) -> &'static str {
    match operation {
        Operation::Order => "order the payment",
        _ => "initiate a payment",
    }
}

/// A request about what was lodged, or for a protected resource.
#[derive(Clone)]
pub struct Ask<'a> {
    operation: Operation,
    url: &'a str,
    purpose: &'a str,
    token: Shown<'a>,
    /// What the check wants otherwise in the header.
    changed: Vec<(String, Option<String>)>,
    signature: How,
}

/// The token that a request shows.
#[derive(Clone, Copy)]
enum Shown<'a> {
    /// The customer's, where there is one, or the TPP's own where the dialect wants that.
    Usual(Option<&'a str>),
    /// That one, under that authentication scheme.
    Exactly(&'a str, &'a str),
}

impl<'a> Ask<'a> {
    /// Asks for that operation there: a link of the bank, or below the resource. The purpose is in the words of banks and
    /// TPPs.
    pub fn new(operation: Operation, url: &'a str, purpose: &'a str) -> Self {
        let (token, changed, signature) = (Shown::Usual(None), Vec::new(), How::AsUsual);
        Self { operation, url, purpose, token, changed, signature }
    }

    /// With that access token, where there is one: once the PSU has authorised a payment by OAuth, a bank may want to see it.
    pub fn with(self, token: Option<&'a str>) -> Self {
        Self { token: Shown::Usual(token), ..self }
    }

    /// With that access token under an authentication scheme of the check's.
    pub fn under(self, scheme: &'a str, token: &'a str) -> Self {
        Self { token: Shown::Exactly(scheme, token), ..self }
    }

    /// With another value for a header field, or without it; by the name that it has on the wire.
    pub fn header(mut self, name: &str, value: Option<&str>) -> Self {
        self.changed.push((name.to_owned(), value.map(str::to_owned)));
        self
    }

    /// Signed in another way than usual.
    pub fn signed(self, signature: How) -> Self {
        Self { signature, ..self }
    }

    /// The token that the TPP has to get before.
    async fn own_token(&self, session: &Session, check: &CheckRow, client: &Client) -> Result<OwnToken, Trouble> {
        match (self.token, self.operation) {
            (Shown::Exactly(..), _) | (_, Operation::Resource) => Ok(Ok(None)),
            _ => own_token::of(session, check, client, self.operation).await,
        }
    }

    fn outgoing(&self, session: &Session, own: Option<&str>) -> Result<Outgoing, Trouble> {
        let api = session.api().ok().filter(|_| self.operation != Operation::Resource);
        let resource = session.target.resource.as_ref().filter(|_| self.operation == Operation::Resource);
        let read_by = match resource.map(|resource| resource.method) {
            Some(ReadBy::Post) => Method::POST,
            Some(ReadBy::Get) | None => Method::GET,
        };
        let method = api.map_or(read_by, |api| api.method(self.operation));
        if method != Method::GET {
            session.may_move_money()?;
        }
        let url = if api.is_some() { absolute(session, self.url)? } else { self.url.to_owned() };
        let usual = || vec![("X-Request-ID", Uuid::new_v4().to_string()), ("Accept", "application/json".to_owned())];
        let usual = api.map_or_else(usual, |api| api.headers(self.operation));
        let mut headers: Vec<_> = usual.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let by_own = api.is_some_and(|api| api.token_scope(self.operation).is_some());
        let token = match self.token {
            Shown::Exactly(scheme, token) => Some((scheme, token)),
            Shown::Usual(customers) => if by_own { own } else { customers }.map(|token| ("Bearer", token)),
        };
        headers.extend(token.map(|(scheme, token)| ("Authorization".into(), format!("{scheme} {token}"))));
        let token = token.map(|(_, token)| token);
        requests::change_headers(&session.target.requests, self.operation, &mut headers, token);
        change(&mut headers, &self.changed);
        let body = match resource {
            Some(resource) if method == Method::POST => {
                resource.body.as_ref().map(|body| body.get_ref().clone()).unwrap_or_default()
            }
            None if method == Method::POST => "{}".to_owned(),
            _ => String::new(),
        };
        if resource.is_some() && !body.is_empty() {
            headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
        }
        Ok(Outgoing { method: method.to_string(), url, headers, body })
    }

    fn call(&self, session: &Session, client: &Client, own: Option<&str>) -> Result<Call, Trouble> {
        let mut outgoing = self.outgoing(session, own)?;
        session.sign(&mut outgoing, client.identity(), &self.signature)?;
        Call::of(self.operation, &outgoing, self.purpose)
    }
}

/// Gives header fields other values, or takes them out.
pub(super) fn change(headers: &mut Vec<(String, String)>, changed: &[(String, Option<String>)]) {
    for (name, value) in changed {
        headers.retain(|(key, _)| !key.eq_ignore_ascii_case(name));
        headers.extend(value.clone().map(|value| (name.clone(), value)));
    }
}

/// Asks, and takes any answer.
///
/// # Errors
/// No response came, the link leads out of the bank, or the target file does not allow it on production.
pub async fn ask(session: &Session, check: &CheckRow, client: &Client, ask: Ask<'_>) -> Result<Reply, Trouble> {
    let own = ask.own_token(session, check, client).await?.map_err(|refusal| own_token::trouble(&refusal))?;
    client.send(check, ask.call(session, client, own.as_deref())?).await.map_err(|none| none.trouble())
}

/// The same, where whatever comes of it is wanted, a refusal in TLS too.
///
/// # Errors
/// Only what is wrong on our side, and a link that leads out of the bank.
pub async fn attempt(
    session: &Session,
    check: &CheckRow,
    client: &Client,
    ask: Ask<'_>,
) -> Result<Arc<Exchange>, Trouble> {
    let own = match ask.own_token(session, check, client).await? {
        Ok(own) => own,
        Err(refusal) => return Ok(refusal),
    };
    let outcome = client.send(check, ask.call(session, client, own.as_deref())?).await;
    Ok(outcome.map_or_else(|none| none.exchange, |reply| reply.exchange))
}

/// The same over a fresh connection without a certificate, unsigned.
///
/// # Errors
/// As for [`attempt`].
pub async fn without_certificate(session: &Session, check: &CheckRow, ask: Ask<'_>) -> Result<Arc<Exchange>, Trouble> {
    knock(
        session,
        check,
        ask.operation,
        ask.outgoing(session, None)?,
        ask.purpose,
        (&Speaker::without_certificate(), None),
    )
    .await
}

/// The same under that certificate, signed as the TPP signs.
///
/// # Errors
/// As for [`attempt`].
pub async fn under(
    session: &Session,
    check: &CheckRow,
    ask: Ask<'_>,
    (speaker, pair): (&Speaker, &KeyPair),
) -> Result<Arc<Exchange>, Trouble> {
    let mut outgoing = ask.outgoing(session, None)?;
    session.sign(&mut outgoing, &Speaker::named(&session.target.tpp().name), &ask.signature)?;
    knock(session, check, ask.operation, outgoing, ask.purpose, (speaker, Some(pair))).await
}

/// Starts an authorisation of a payment. There is none to go on with where the bank did not create it.
///
/// # Errors
/// As for [`ask`].
pub async fn start_authorisation(
    session: &Session,
    check: &CheckRow,
    client: &Client,
    lodged: &Lodged,
) -> Result<(Reply, Option<Started>), Trouble> {
    let api = session.api()?;
    let url = api.url(lodged, Operation::Authorisation)?;
    let request = Ask::new(Operation::Authorisation, &url, "start an authorisation");
    let reply = ask(session, check, client, request).await?;
    let started = api.started(lodged, &reply);
    Ok((reply, started))
}

/// A payment that does not exist.
///
/// # Errors
/// The target has no payments.
pub fn unknown(session: &Session) -> Result<Lodged, Trouble> {
    let id = Uuid::new_v4().to_string();
    let url = format!("{}/{id}", Draft::new(session, session.target.tpp())?.url(session)?);
    Ok(Lodged { id, url, ..Lodged::default() })
}

/// A token of the TPP's own, as it shows one in requests of that operation; none where the dialect wants none there.
///
/// # Errors
/// The bank gave none.
pub async fn own_token(
    session: &Session,
    check: &CheckRow,
    client: &Client,
    operation: Operation,
) -> Result<Option<String>, Trouble> {
    own_token::of(session, check, client, operation).await?.map_err(|refusal| own_token::trouble(&refusal))
}

/// The token that a draft goes out with.
async fn token_of(session: &Session, check: &CheckRow, client: &Client, draft: &Draft) -> Result<OwnToken, Trouble> {
    match &draft.token {
        Some(token) => Ok(Ok(Some(token.clone()))),
        None => own_token::of(session, check, client, draft.operation).await,
    }
}

/// Initiates a payment as that client, or orders one.
///
/// # Errors
/// No response came.
pub async fn initiate(session: &Session, check: &CheckRow, client: &Client, draft: &Draft) -> Result<Reply, Trouble> {
    initiate_as_sent(session, check, client, draft).await.map(|(_, reply)| reply)
}

/// The same, with the request as it went out.
///
/// # Errors
/// No response came.
pub async fn initiate_as_sent(
    session: &Session,
    check: &CheckRow,
    client: &Client,
    draft: &Draft,
) -> Result<(Outgoing, Reply), Trouble> {
    session.may_move_money()?;
    let token = token_of(session, check, client, draft).await?.map_err(|refusal| own_token::trouble(&refusal))?;
    let outgoing = draft.outgoing(session, token.as_deref())?;
    let call = Call::of(draft.operation, &outgoing, purpose(draft.operation))?;
    let reply = client.send(check, call).await.map_err(|none: NoReply| none.trouble())?;
    Ok((outgoing, reply))
}

/// The same, where whatever comes of it is wanted, a broken connection too.
///
/// # Errors
/// Only what is wrong on our side.
pub async fn attempt_to_initiate(
    session: &Session,
    check: &CheckRow,
    client: &Client,
    draft: &Draft,
) -> Result<Arc<Exchange>, Trouble> {
    session.may_move_money()?;
    let token = match token_of(session, check, client, draft).await? {
        Ok(token) => token,
        Err(refusal) => return Ok(refusal),
    };
    let outgoing = draft.outgoing(session, token.as_deref())?;
    let call = Call::of(draft.operation, &outgoing, purpose(draft.operation))?;
    let outcome = client.send(check, call).await;
    Ok(outcome.map_or_else(|none| none.exchange, |reply| reply.exchange))
}

/// Initiates a payment over a fresh connection under that certificate, or under none; where the TPP needs a token of its
/// own, it gets that under the same certificate over another. Refused at either is refused: its answer is the one that comes.
///
/// # Errors
/// Only what is wrong on our side.
pub async fn initiate_under(
    session: &Session,
    check: &CheckRow,
    draft: &Draft,
    certificate: (&Speaker, Option<&KeyPair>),
) -> Result<Arc<Exchange>, Trouble> {
    session.may_move_money()?;
    let own = match &draft.token {
        Some(token) => Ok(Some(token.clone())),
        None => own_token::under(session, check, draft, certificate).await?,
    };
    let token = match own {
        Ok(token) => token,
        Err(refusal) => return Ok(refusal),
    };
    let outgoing = match (certificate.1, &session.target.signing, &draft.signature) {
        // Whose key signs is told by the token, where there is one, and not by the certificate.
        (Some(pair), Some(signing), How::AsUsual) if token.is_none() => {
            draft.clone().signed(as_that_tpp(session, signing, pair)?).outgoing(session, None)?
        }
        _ => draft.outgoing(session, token.as_deref())?,
    };
    knock(session, check, draft.operation, outgoing, purpose(draft.operation), certificate).await
}

async fn knock(
    session: &Session,
    check: &CheckRow,
    operation: Operation,
    outgoing: Outgoing,
    purpose: &str,
    (identity, pair): (&Speaker, Option<&KeyPair>),
) -> Result<Arc<Exchange>, Trouble> {
    let Outgoing { method, url, headers, body } = outgoing;
    let (identity, purpose) = (identity.clone(), purpose.to_owned());
    let knock = Knock { operation, identity, pair, method, url, headers, body, purpose };
    probe::knock(&session.target, &session.recorder, check, knock).await
}

/// Signed by whoever that QWAC says; not at all where nobody can make such a seal and the bank asks for none.
fn as_that_tpp(session: &Session, signing: &Signing, qwac: &KeyPair) -> Result<How, Trouble> {
    match made_seals::beside(&session.target, qwac) {
        Ok(None) => Ok(How::AsUsual),
        Ok(Some(seal)) => Ok(How::Varied { form: signing.form, variation: String::new(), seal: Some(Arc::new(seal)) }),
        Err(_) if !signing.required => Ok(How::Not),
        Err(trouble) => Err(trouble),
    }
}

/// A link of the bank, absolute or relative to the API, never leading out of TLS or to somebody else.
///
/// # Errors
/// It is no URL, or not the bank's: nothing of the TPP must go there (RFC 6750 5.3).
pub fn absolute(session: &Session, link: &str) -> Result<String, Trouble> {
    let api = base(session)?;
    let root = Url::parse(&format!("{api}/")).map_err(|error| Trouble::Harness(error.to_string()))?;
    let reference = session.api()?.reference(&session.target, link);
    let url = root
        .join(&reference)
        .map_err(|error| Trouble::Prerequisite(format!("the link \"{link}\" is no URL: {error}")))?;
    match session.target.network.own.hosts.objection(&url) {
        None => Ok(url.into()),
        Some(why) => Err(Trouble::Prerequisite(format!("the link \"{link}\" is not followed: {why}"))),
    }
}

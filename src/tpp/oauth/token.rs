//! Token, revocation and introspection requests.

use std::{sync::Arc, time::Duration};

use reqwest::Method;
use serde_json::Value;
use time::{OffsetDateTime, format_description::well_known::Rfc2822};

use super::{
    client_authentication::{self, Authenticated},
    form::{Form, encoded, form},
};
use crate::{
    evidence::{check_row::CheckRow, exchange::Exchange, json, operation::Operation, speaker::Speaker},
    targets::{Identity, KeyPair},
    tpp::{
        Trouble,
        probe::{self, Knock},
        session::Session,
        transport::{Call, Client, NoReply, Reply},
    },
};

/// What a token response brought.
#[derive(Clone, Default)]
pub struct Tokens {
    /// RFC 6749 5.1.
    pub access_token: Option<String>,
    /// RFC 6749 6.
    pub refresh_token: Option<String>,
    /// In seconds.
    pub expires_in: Option<u64>,
    /// When, by the `Date` of the answer, in seconds since 1970.
    pub issued_at: Option<f64>,
    /// As granted, where the response says so.
    pub scope: Option<String>,
}

impl Tokens {
    /// What is in that reply.
    pub fn of(reply: &Reply) -> Self {
        let json = reply.json();
        let text = |name: &str| json[name].as_str().map(str::to_owned);
        Self {
            access_token: text("access_token"),
            refresh_token: text("refresh_token"),
            expires_in: seconds(&json["expires_in"]),
            issued_at: dated(reply),
            scope: text("scope"),
        }
    }
}

/// The `Date` of an answer that comes from no cache (RFC 9110 6.6.1).
fn dated(reply: &Reply) -> Option<f64> {
    let response = reply.exchange.response().filter(|response| response.header("age").is_none())?;
    let date = OffsetDateTime::parse(response.header("date")?, &Rfc2822).ok()?;
    i32::try_from(date.unix_timestamp()).ok().map(f64::from)
}

/// A number of seconds, however it is written: `300`, `300.0`, `3e2`. That it should be no text is for a judge to say.
fn seconds(value: &Value) -> Option<u64> {
    let number = value.as_f64().or_else(|| value.as_str()?.parse().ok())?;
    Duration::try_from_secs_f64(number).ok().map(|length| length.as_secs())
}

/// The bank knows the client, and does not let it have that grant (RFC 6749 5.2): metadata speaks of all clients at once.
pub fn is_barred(reply: &Reply) -> bool {
    reply.status == 400 && reply.json()["error"] == "unauthorized_client"
}

/// The token request of a TPP on its own behalf (RFC 6749 4.4.2).
pub fn by_client_credentials(identity: &Identity, scope: &str) -> Form {
    form(&[("grant_type", "client_credentials"), ("client_id", &identity.client_id), ("scope", scope)])
}

/// Sends a token request as that client.
///
/// # Errors
/// No response came.
pub async fn request(
    session: &Session,
    check: &CheckRow,
    client: &Client,
    form: &Form,
    purpose: &str,
) -> Result<Reply, Trouble> {
    attempt(session, check, client, form, purpose).await?.map_err(|none| none.trouble())
}

/// The same, where whatever comes of it is wanted, a refusal in TLS too.
///
/// # Errors
/// The bank names no token endpoint.
pub async fn attempt(
    session: &Session,
    check: &CheckRow,
    client: &Client,
    form: &Form,
    purpose: &str,
) -> Result<Result<Reply, NoReply>, Trouble> {
    let url = session.endpoint("token_endpoint", session.endpoints().token.as_ref())?;
    let authenticated = client_authentication::usual(session, client.identity(), url, form)?;
    attempt_as(session, check, client, &authenticated, purpose).await
}

/// The same, authenticating its client in the way that is given, right or wrong.
///
/// # Errors
/// The bank names no token endpoint.
pub async fn attempt_as(
    session: &Session,
    check: &CheckRow,
    client: &Client,
    authenticated: &Authenticated,
    purpose: &str,
) -> Result<Result<Reply, NoReply>, Trouble> {
    let url = session.endpoint("token_endpoint", session.endpoints().token.as_ref())?;
    Ok(post(check, client, (Operation::Token, url), authenticated, purpose).await)
}

/// Sends a form that authenticates its client to an endpoint of the authorization server.
///
/// # Errors
/// No response came.
pub async fn post(
    check: &CheckRow,
    client: &Client,
    (operation, url): (Operation, &str),
    authenticated: &Authenticated,
    purpose: &str,
) -> Result<Reply, NoReply> {
    let call = Call::form(operation, &authenticated.url(url), &authenticated.form, purpose);
    client.send(check, authenticated.sign(call)).await
}

/// Sends a token request as GET: what the token endpoint must not serve.
///
/// # Errors
/// No response came.
pub async fn request_by_get(
    session: &Session,
    check: &CheckRow,
    client: &Client,
    form: &Form,
    purpose: &str,
) -> Result<Reply, Trouble> {
    let url = session.endpoint("token_endpoint", session.endpoints().token.as_ref())?;
    let authenticated = client_authentication::usual(session, client.identity(), url, form)?;
    let call = authenticated.sign(by_get(Operation::Token, url, &authenticated.form, purpose));
    client.send(check, call).await.map_err(|none| none.trouble())
}

/// Asks for a revocation (RFC 7009) with those fields.
///
/// # Errors
/// The bank names no revocation endpoint, or no response came.
pub async fn revoke(
    session: &Session,
    check: &CheckRow,
    client: &Client,
    fields: &Form,
    method: Method,
) -> Result<Reply, Trouble> {
    let url = session.endpoint("revocation_endpoint", session.endpoints().revocation.as_ref())?;
    let authenticated = client_authentication::usual(session, client.identity(), url, fields)?;
    let call = match method {
        Method::GET => by_get(Operation::Revocation, url, &authenticated.form, "revoke a token by GET"),
        _ => Call::form(Operation::Revocation, url, &authenticated.form, "revoke a token"),
    };
    client.send(check, authenticated.sign(call)).await.map_err(|none| none.trouble())
}

/// Asks for a token's state (RFC 7662).
///
/// # Errors
/// The bank names no introspection endpoint, or no response came.
pub async fn introspect(
    session: &Session,
    check: &CheckRow,
    identity: &Identity,
    token: &str,
) -> Result<Reply, Trouble> {
    introspect_with(session, check, identity, &form(&[("token", token)])).await
}

/// The same with those fields beside the client's name.
///
/// # Errors
/// As those of [`introspect`].
pub async fn introspect_with(
    session: &Session,
    check: &CheckRow,
    identity: &Identity,
    fields: &Form,
) -> Result<Reply, Trouble> {
    let url = session.endpoint("introspection_endpoint", session.endpoints().introspection.as_ref())?;
    let own = form(&[("client_id", &identity.client_id)]);
    let fields = own.into_iter().chain(fields.iter().cloned()).collect();
    let authenticated = client_authentication::usual(session, &Speaker::named(&identity.name), url, &fields)?;
    let call = authenticated.sign(Call::form(Operation::Introspection, url, &authenticated.form, "introspect a token"));
    session.client(identity).send(check, call).await.map_err(|none| none.trouble())
}

/// Sends a form over a fresh connection under that certificate, with whatever else its holder authenticates with; or under
/// none, and without anything else.
///
/// # Errors
/// Only what is wrong on our side.
pub async fn knock(
    session: &Session,
    check: &CheckRow,
    (operation, url): (Operation, &str),
    form: &Form,
    certificate: (&Speaker, Option<&KeyPair>),
    purpose: &str,
) -> Result<Arc<Exchange>, Trouble> {
    let authenticated = match certificate.1 {
        Some(_) => client_authentication::usual(session, certificate.0, url, form)?,
        None => Authenticated::by_nothing(form),
    };
    let sent = (&authenticated, Vec::new());
    knock_as(session, check, (operation, url), sent, certificate, purpose).await.map(|(exchange, _)| exchange)
}

/// The same, authenticating its client in the way that is given, with those header fields besides; and the token that came,
/// if one did.
///
/// # Errors
/// Only what is wrong on our side.
pub async fn knock_as(
    session: &Session,
    check: &CheckRow,
    (operation, url): (Operation, &str),
    (authenticated, besides): (&Authenticated, Vec<(String, String)>),
    certificate: (&Speaker, Option<&KeyPair>),
    purpose: &str,
) -> Result<(Arc<Exchange>, Option<String>), Trouble> {
    let mut headers = vec![
        ("Content-Type".into(), "application/x-www-form-urlencoded".into()),
        ("Accept".into(), "application/json".into()),
    ];
    headers.extend(authenticated.header().into_iter().chain(besides));
    let knock = Knock {
        operation,
        identity: certificate.0.clone(),
        pair: certificate.1,
        method: "POST".into(),
        url: url.to_owned(),
        headers,
        body: encoded(&authenticated.form),
        purpose: purpose.to_owned(),
    };
    let (exchange, body) = probe::knock_and_read(&session.target, &session.recorder, check, knock).await?;
    let json: Value = json::read(&body).unwrap_or_default();
    Ok((exchange, json["access_token"].as_str().map(str::to_owned)))
}

fn by_get(operation: Operation, url: &str, form: &Form, purpose: &str) -> Call {
    let joint = if url.contains('?') { '&' } else { '?' };
    Call::get(operation, &format!("{url}{joint}{}", encoded(form)), purpose)
}

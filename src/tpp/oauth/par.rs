//! Pushed authorization requests (RFC 9126).

use std::sync::Arc;

use super::{
    client_authentication::{self, Authenticated},
    form::{Form, encoded},
    token,
};
use crate::{
    evidence::{check_row::CheckRow, exchange::Exchange, operation::Operation, speaker::Speaker},
    tpp::{
        Trouble,
        session::Session,
        transport::{Call, Reply},
    },
};

/// What the bank's answer to a pushed request comes to.
pub enum Answer {
    /// It waits under that name.
    Kept(String),
    /// It was refused, with that error where one is named.
    Refused(u16, Option<String>),
}

/// Pushes an authorization request as the TPP of that name does.
///
/// # Errors
/// The bank names no such endpoint, or no response came.
pub async fn push(session: &Session, check: &CheckRow, who: &Speaker, parameters: &Form) -> Result<Reply, Trouble> {
    let authenticated = client_authentication::usual(session, who, url(session)?, parameters)?;
    push_as(session, check, who, parameters, authenticated).await
}

/// The same, authenticating the client in the way that is given. The request names its client whatever that is.
///
/// # Errors
/// As for [`push`].
pub async fn push_as(
    session: &Session,
    check: &CheckRow,
    who: &Speaker,
    parameters: &Form,
    mut authenticated: Authenticated,
) -> Result<Reply, Trouble> {
    session.may_move_money()?;
    let has = |form: &Form| form.iter().any(|(name, _)| name == "client_id");
    if !has(&authenticated.form) {
        authenticated.form.extend(parameters.iter().filter(|(name, _)| name == "client_id").cloned());
    }
    let client = session.client(session.identity(who));
    let purpose = "push an authorization request";
    token::post(check, client, (Operation::PushedRequest, url(session)?), &authenticated, purpose)
        .await
        .map_err(|none| none.trouble())
}

/// Sends the request by GET, or without authenticating, whatever comes of it.
///
/// # Errors
/// The bank names no such endpoint, or what is wrong on our side.
pub async fn push_wrongly(
    session: &Session,
    check: &CheckRow,
    who: &Speaker,
    parameters: &Form,
    by_get: bool,
) -> Result<Arc<Exchange>, Trouble> {
    session.may_move_money()?;
    let url = url(session)?;
    if !by_get {
        let purpose = "push a request without authenticating";
        return token::knock(
            session,
            check,
            (Operation::PushedRequest, url),
            parameters,
            (&"nobody".into(), None),
            purpose,
        )
        .await;
    }
    let authenticated = client_authentication::usual(session, who, url, parameters)?;
    let joint = if url.contains('?') { '&' } else { '?' };
    let url = format!("{url}{joint}{}", encoded(&authenticated.form));
    let call = authenticated.sign(Call::get(Operation::PushedRequest, &url, "push a request by GET"));
    let sent = session.client(session.identity(who)).send(check, call).await;
    Ok(sent.map_or_else(|none| none.exchange, |reply| reply.exchange))
}

fn url(session: &Session) -> Result<&str, Trouble> {
    session.endpoint("pushed_authorization_request_endpoint", session.endpoints().pushed_requests.as_ref())
}

/// What that answer comes to.
///
/// # Errors
/// It comes from whatever stands before a server that is down or busy.
pub fn answer(reply: &Reply) -> Result<Answer, Trouble> {
    let json = reply.json();
    match (reply.status, json["request_uri"].as_str()) {
        (200..300, Some(name)) => Ok(Answer::Kept(name.to_owned())),
        (429 | 502..=504, _) => {
            Err(Trouble::Environment(format!("the bank answered {} to a pushed request", reply.status)))
        }
        (status, _) => Ok(Answer::Refused(status, json["error"].as_str().map(str::to_owned))),
    }
}

/// How long it is kept, in seconds, where that is said.
pub fn lifetime(reply: &Reply) -> Option<u64> {
    reply.json()["expires_in"].as_u64()
}

//! The doors beside the payment API at which a TPP shows its certificate: the endpoints of the authorization server where
//! clients authenticate (RFC 6749 3.2, RFC 7009, RFC 7662, RFC 9126).

use std::sync::Arc;

use super::{
    Trouble,
    oauth::{
        authorization::AuthorizationRequest,
        form::{Form, form},
        token::{self, Tokens},
    },
    session::Session,
};
use crate::{
    evidence::{check_row::CheckRow, exchange::Exchange, operation::Operation, speaker::Speaker},
    targets::{Identity, KeyPair},
};

/// What came of it at one of them.
pub struct Door {
    /// The knock.
    pub exchange: Arc<Exchange>,
    /// What the TPP itself is told of its token afterwards.
    pub after: Option<Arc<Exchange>>,
}

/// Knocks at each that the bank has, under that certificate, with a request that is served to whoever is let in; the
/// authorization request is one that could be pushed, where there is one.
///
/// # Errors
/// Only what is wrong on our side.
pub async fn knock_at_each(
    session: &Session,
    check: &CheckRow,
    request: Option<&AuthorizationRequest>,
    tpp: &Identity,
    (speaker, pair): (&Speaker, &KeyPair),
) -> Result<Vec<Door>, Trouble> {
    let live = live_token(session, check, tpp).await?;
    let mut doors = Vec::new();
    for (operation, url, fields) in requests(session, request, tpp, live.as_deref()) {
        let purpose = format!("come to the {} endpoint", operation.name().replace('-', " "));
        let door = (operation, url);
        let exchange = token::knock(session, check, door, &fields, (speaker, Some(pair)), &purpose).await?;
        let after = match (operation, live.as_deref()) {
            (Operation::Revocation, Some(live)) if exchange.status().is_some_and(|status| status < 300) => {
                token::introspect(session, check, tpp, live).await.ok().map(|reply| reply.exchange)
            }
            _ => None,
        };
        doors.push(Door { exchange, after });
    }
    Ok(doors)
}

/// A live token of the TPP's own: what is told of it, and whether it can be taken back, shows who was let in.
async fn live_token(session: &Session, check: &CheckRow, tpp: &Identity) -> Result<Option<String>, Trouble> {
    let capabilities = session.capabilities();
    if !["client-credentials", "introspection"].iter().all(|name| capabilities.contains(*name)) {
        return Ok(None);
    }
    let fields = token::by_client_credentials(tpp, scope(session));
    let outcome = token::attempt(session, check, session.client(tpp), &fields, "ask for a token of its own").await?;
    Ok(outcome.ok().and_then(|reply| Tokens::of(&reply).access_token))
}

fn scope(session: &Session) -> &'static str {
    session.api().ok().and_then(|api| api.token_scope(Operation::Initiation)).unwrap_or("payments")
}

/// What an honest TPP asks there.
fn requests<'s>(
    session: &'s Session,
    request: Option<&AuthorizationRequest>,
    tpp: &Identity,
    live: Option<&str>,
) -> Vec<(Operation, &'s str, Form)> {
    let (endpoints, capabilities) = (session.endpoints(), session.capabilities());
    let has = |capability: &str| capabilities.contains(capability);
    let about = |token: &str| form(&[("client_id", &tpp.client_id), ("token", token)]);
    let token = endpoints.token.as_deref().filter(|_| has("client-credentials"));
    let introspection = endpoints.introspection.as_deref().filter(|_| has("introspection"));
    let revocation = endpoints.revocation.as_deref().filter(|_| has("revocation"));
    let pushed_requests = endpoints.pushed_requests.as_deref().filter(|_| has("par"));
    [
        token.map(|url| (Operation::Token, url, token::by_client_credentials(tpp, scope(session)))),
        introspection.zip(live).map(|(url, live)| (Operation::Introspection, url, about(live))),
        revocation.zip(live).map(|(url, live)| (Operation::Revocation, url, about(live))),
        pushed_requests.zip(request).map(|(url, request)| (Operation::PushedRequest, url, request.parameters.clone())),
    ]
    .into_iter()
    .flatten()
    .collect()
}

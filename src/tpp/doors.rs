//! The doors beside the payment API at which a TPP shows its certificate: the endpoints of the authorization server where
//! clients authenticate (RFC 6749 3.2, RFC 7009, RFC 7662, RFC 9126).

use std::sync::Arc;

use uuid::Uuid;

use super::{
    Trouble,
    oauth::{
        authorization::AuthorizationRequest,
        form::{Form, form},
        token,
    },
    session::Session,
};
use crate::{
    evidence::{check_row::CheckRow, exchange::Exchange, operation::Operation, speaker::Speaker},
    targets::{Identity, KeyPair},
};

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
) -> Result<Vec<Arc<Exchange>>, Trouble> {
    let mut answers = Vec::new();
    for (operation, url, fields) in requests(session, request, tpp) {
        let purpose = format!("come to the {} endpoint", operation.name().replace('-', " "));
        let door = (operation, url);
        answers.push(token::knock(session, check, door, &fields, (speaker, Some(pair)), &purpose).await?);
    }
    Ok(answers)
}

/// What an honest TPP asks there.
fn requests<'s>(
    session: &'s Session,
    request: Option<&AuthorizationRequest>,
    tpp: &Identity,
) -> Vec<(Operation, &'s str, Form)> {
    let (endpoints, capabilities) = (session.endpoints(), session.capabilities());
    let has = |capability: &str| capabilities.contains(capability);
    // Whether there is such a token is no matter to whoever may ask (RFC 7009 2.2, RFC 7662 2.2).
    let about_none = || form(&[("client_id", &tpp.client_id), ("token", &Uuid::new_v4().simple().to_string())]);
    let scope = || session.api().ok().and_then(|api| api.token_scope(Operation::Initiation)).unwrap_or("payments");
    let token = endpoints.token.as_deref().filter(|_| has("client-credentials"));
    let revocation = endpoints.revocation.as_deref().filter(|_| has("revocation"));
    let introspection = endpoints.introspection.as_deref().filter(|_| has("introspection"));
    let pushed_requests = endpoints.pushed_requests.as_deref().filter(|_| has("par"));
    [
        token.map(|url| (Operation::Token, url, token::by_client_credentials(tpp, scope()))),
        revocation.map(|url| (Operation::Revocation, url, about_none())),
        introspection.map(|url| (Operation::Introspection, url, about_none())),
        pushed_requests.zip(request).map(|(url, request)| (Operation::PushedRequest, url, request.parameters.clone())),
    ]
    .into_iter()
    .flatten()
    .collect()
}

//! The token that a TPP gets on its own before it asks the API, where the dialect wants one.

use std::sync::Arc;

use super::Draft;
use crate::{
    evidence::{check_row::CheckRow, exchange::Exchange, operation::Operation, speaker::Speaker},
    targets::{Identity, KeyPair, Method},
    tpp::{
        Trouble,
        oauth::{
            client_authentication,
            token::{self, Tokens},
        },
        session::Session,
        transport::Client,
    },
};

const PURPOSE: &str = "ask for a token of its own";

/// What came of asking for it: the token, nothing where none is needed, or what the bank said instead.
pub(super) type OwnToken = Result<Option<String>, Arc<Exchange>>;

/// The token for that operation, as that client.
///
/// # Errors
/// The bank names no token endpoint.
pub(super) async fn of(
    session: &Session,
    check: &CheckRow,
    client: &Client,
    operation: Operation,
) -> Result<OwnToken, Trouble> {
    let Some(scope) = session.api()?.token_scope(operation) else { return Ok(Ok(None)) };
    let form = token::by_client_credentials(session.identity(client.identity()), scope);
    let outcome = token::attempt(session, check, client, &form, PURPOSE).await?;
    Ok(match outcome {
        Ok(reply) => Tokens::of(&reply).access_token.map(Some).ok_or(reply.exchange),
        Err(none) => Err(none.exchange),
    })
}

/// The same over a fresh connection under that certificate, or under none, with what the draft has in its header fields.
///
/// # Errors
/// Only what is wrong on our side.
pub(super) async fn under(
    session: &Session,
    check: &CheckRow,
    draft: &Draft,
    certificate: (&Speaker, Option<&KeyPair>),
) -> Result<OwnToken, Trouble> {
    let Some(scope) = session.api()?.token_scope(draft.operation) else { return Ok(Ok(None)) };
    let asks = by_assertion(session, session.identity(&draft.signer));
    let form = token::by_client_credentials(asks, scope);
    let url = session.endpoint("token_endpoint", session.endpoints().token.as_ref())?;
    let authenticated = client_authentication::usual(session, &Speaker::named(&asks.name), url, &form)?;
    let (place, besides) = ((Operation::Token, url), draft.added().collect());
    let sent = (&authenticated, besides);
    let (exchange, token) = token::knock_as(session, check, place, sent, certificate, PURPOSE).await?;
    Ok(token.map(Some).ok_or(exchange))
}

/// The same TPP as one that authenticates by assertion, where the target file has it so: by its certificate alone it
/// would be another as soon as the certificate differs.
fn by_assertion<'a>(session: &'a Session, identity: &'a Identity) -> &'a Identity {
    let is_same = |other: &&Identity| {
        other.facts.thumbprint == identity.facts.thumbprint && other.credentials.method == Method::PrivateKeyJwt
    };
    session.target.identities.iter().find(is_same).unwrap_or(identity)
}

/// Why an honest request could not be made.
pub(super) fn trouble(refusal: &Exchange) -> Trouble {
    match refusal.response() {
        Some(response) => {
            Trouble::Prerequisite(format!("{}: the bank gave none, and answered {}", refusal.purpose, response.status))
        }
        None => Trouble::Environment(format!("{}: no answer came", refusal.purpose)),
    }
}

//! The documents that a bank publishes, fetched as a check does.

use std::sync::Arc;

use super::{Trouble, session::Session, transport::Call};
use crate::evidence::{check_row::CheckRow, exchange::Exchange, operation::Operation};

/// Fetches the metadata document (RFC 8414).
///
/// # Errors
/// No response came.
pub async fn fetch_metadata(session: &Session, check: &CheckRow) -> Result<Arc<Exchange>, Trouble> {
    let call = Call::get(Operation::Metadata, session.metadata_url(), "fetch the metadata document");
    let reply = session.public().send(check, call.header("Accept", "application/json")).await;
    reply.map(|reply| reply.exchange).map_err(|none| none.trouble())
}

/// Fetches what should be metadata, from where a payment's link of that name leads.
///
/// # Errors
/// It leads to no place of the bank's with TLS, or no response came.
pub async fn follow(session: &Session, check: &CheckRow, name: &str, url: &String) -> Result<Arc<Exchange>, Trouble> {
    let url = session.endpoint(name, Some(url))?;
    let call = Call::get(Operation::Metadata, url, &format!("follow the {name}"));
    let reply = session.public().send(check, call.header("Accept", "application/json")).await;
    reply.map(|reply| reply.exchange).map_err(|none| none.trouble())
}

/// Fetches the key set (RFC 7517).
///
/// # Errors
/// The bank names none, or no response came.
pub async fn fetch_jwks(session: &Session, check: &CheckRow) -> Result<Arc<Exchange>, Trouble> {
    let url = session.endpoint("jwks_uri", session.endpoints().jwks.as_ref())?;
    let reply = session.public().send(check, Call::get(Operation::Keys, url, "fetch the key set")).await;
    reply.map(|reply| reply.exchange).map_err(|none| none.trouble())
}

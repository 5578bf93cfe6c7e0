//! The documents that a bank publishes, fetched as a check does.

use std::sync::Arc;

use super::{Trouble, session::Session, transport::Call};
use crate::evidence::{check_row::CheckRow, exchange::Exchange, operation::Operation};

/// Fetches the metadata document (RFC 8414).
///
/// # Errors
/// No response came.
pub async fn fetch_metadata(session: &Session, check: &CheckRow) -> Result<Arc<Exchange>, Trouble> {
    fetch_metadata_at(session, check, session.metadata_url(), "fetch the metadata document").await
}

/// Fetches what should be metadata from that address of the bank's.
///
/// # Errors
/// No response came.
pub async fn fetch_metadata_at(
    session: &Session,
    check: &CheckRow,
    url: &str,
    purpose: &str,
) -> Result<Arc<Exchange>, Trouble> {
    let call = Call::get(Operation::Metadata, url, purpose).header("Accept", "application/json");
    let reply = session.public().send(check, call).await;
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

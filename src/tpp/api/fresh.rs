//! A fresh intent: what the bank has taken for the customer to authorise, and by what it is authorised.

use serde_json::Value;

use super::{Draft, Lodged, request};
use crate::{
    evidence::check_row::CheckRow,
    targets::Identity,
    tpp::{Trouble, session::Session, transport::Reply},
};

/// What the customer is asked to authorise, as an authorization request names it: a payment, or a consent to one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Intent {
    /// By a scope that stands for it.
    Scope(String),
    /// By claims that name it (OpenID Connect Core 5.5), under a scope that is the same for all.
    Claim {
        /// The scope to ask for.
        scope: String,
        /// The value of the parameter `claims`.
        claims: Value,
    },
}

/// A fresh intent.
pub enum Fresh {
    /// The bank has taken it; its answer.
    Lodged(Box<Lodged>, Reply),
    /// The bank has not taken it; its answer, and why that is no use.
    Refused(Reply, Trouble),
}

/// Lodges a correct payment, and starts its authorisation where the bank leaves that to the TPP.
///
/// # Errors
/// No response came, or the target has no payments.
pub async fn fresh(session: &Session, check: &CheckRow, tpp: &Identity) -> Result<Fresh, Trouble> {
    lodge(session, check, tpp, &Draft::new(session, tpp)?).await
}

/// The same for that payment.
///
/// # Errors
/// No response came.
pub async fn lodge(session: &Session, check: &CheckRow, tpp: &Identity, draft: &Draft) -> Result<Fresh, Trouble> {
    let client = session.client(tpp);
    let reply = request::initiate(session, check, client, draft).await?;
    let mut lodged = match draft.lodged(session, &reply) {
        Ok(lodged) => lodged,
        Err(trouble) => return Ok(Fresh::Refused(reply, trouble)),
    };
    if lodged.leaves_the_start_to_the_tpp {
        let (_, started) = request::start_authorisation(session, check, client, &lodged).await?;
        started.into_iter().for_each(|started| lodged.go_on_with(started));
    }
    Ok(Fresh::Lodged(Box::new(lodged), reply))
}

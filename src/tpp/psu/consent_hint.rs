//! `consent-hint`: the request that brings the customer to the sandbox says what the customer does there.

use super::{Task, Walk, direct_302, navigation::Navigation};
use crate::{
    evidence::operation::Operation,
    targets::{Psu, psu::Agent},
    tpp::{Trouble, transport::Call},
};

/// Sends the customer to the bank with the hint, and follows the bank's redirects. What the TPP has asked stays as it is.
///
/// # Errors
/// The bank stops answering, or asks the customer all the same.
pub(super) async fn walk(task: &Task<'_>, psu: &Psu) -> Result<Walk, Trouble> {
    let missing = || Trouble::Harness("there is no hint for the sandbox".into());
    let hint = psu.consent_hint.as_ref().ok_or_else(missing)?;
    let value = hint.value(task.behaviour.ability()).ok_or_else(missing)?;
    let navigation = Navigation::new(task.session, task.ways_out);
    let mut at = navigation.start(task.url)?;
    if let Some(name) = &hint.parameter {
        at.query_pairs_mut().append_pair(name, value);
    }
    let call =
        Call::get(Operation::Page, at.as_str(), "open the authorization page, and tell the sandbox what the PSU does");
    let call = match &hint.header {
        Some(name) => call.header(name, value),
        None => call,
    };
    let walk = direct_302::follow(task, &navigation, (at, call), Agent::ConsentHint).await?;
    Ok(walk.on_trust(task.behaviour))
}

//! `magic-user`: the sandbox does what it does for whoever logs in. The walk is that of `form-script`.

use super::{
    Behaviour, Task, Walk,
    form_script::{self, Customer},
};
use crate::{
    targets::{
        Psu,
        psu::{Ability, Agent},
    },
    tpp::Trouble,
};

/// Walks through the bank's pages as the user whom the target file names for that behaviour.
///
/// # Errors
/// As for `form-script`.
pub(super) async fn walk(task: &Task<'_>, psu: &Psu) -> Result<Walk, Trouble> {
    let behaviour = task.behaviour;
    let user = psu.magic_user.as_ref().ok_or_else(|| Trouble::Harness("there is no magic user".into()))?;
    let login = user.login(behaviour.ability());
    let other = login.map(|login| psu.logging_in_as(login));
    let customer = Customer { psu: other.as_ref().unwrap_or(psu), another: None, agent: Agent::MagicUser };
    let by_name = matches!(behaviour.ability(), Ability::Deny | Ability::Cancel | Ability::Mistype);
    if !by_name || login.is_none() {
        return form_script::walk(task, customer).await;
    }
    // Such a user goes the way of everybody; it is the sandbox that says no.
    let walk = form_script::walk(&Task { behaviour: Behaviour::Approve, ..*task }, customer).await?;
    Ok(walk.on_trust(behaviour))
}

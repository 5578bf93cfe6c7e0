//! `magic-user`: the sandbox does what it does for whoever logs in. The walk is that of `form-script`.

use super::{
    Behaviour, Walk,
    form_script::{self, Customer},
};
use crate::{
    evidence::check_row::CheckRow,
    targets::{
        Psu,
        psu::{Ability, Agent},
    },
    tpp::{Trouble, session::Session},
};

/// Walks through the bank's pages as the user whom the target file names for that behaviour.
///
/// # Errors
/// As for `form-script`.
pub(super) async fn walk(
    session: &Session,
    check: &CheckRow,
    url: &str,
    ways_out: &[&str],
    behaviour: Behaviour,
    psu: &Psu,
) -> Result<Walk, Trouble> {
    let user = psu.magic_user.as_ref().ok_or_else(|| Trouble::Harness("there is no magic user".into()))?;
    let login = user.login(behaviour.ability());
    let other = login.map(|login| psu.logging_in_as(login));
    let customer = Customer { psu: other.as_ref().unwrap_or(psu), agent: Agent::MagicUser };
    let by_name = matches!(behaviour.ability(), Ability::Deny | Ability::Cancel | Ability::Mistype);
    if !by_name || login.is_none() {
        return form_script::walk(session, check, url, ways_out, behaviour, customer).await;
    }
    // Such a user goes the way of everybody; it is the sandbox that says no.
    let walk = form_script::walk(session, check, url, ways_out, Behaviour::Approve, customer).await?;
    Ok(walk.on_trust(behaviour))
}

//! However the customer leaves the bank without a yes, by whatever approach it was sent there.

use cucumber::{given, then, when};

use super::{
    Judged, Prepared, World,
    berlin_group::authorisations::{has_initiated_explicitly, has_started, walk_at_bank},
};
use crate::{
    evidence::walk_end::WalkEnd,
    judge::{Finding, payment as judge},
    tpp::{
        Trouble,
        psu::{Behaviour, Walk},
    },
};

/// Longer than any session may last, in seconds (RTS Art. 4(3)(d)).
const AWAY: u64 = 3600;

#[given(regex = r"^a payment is to be authorised by (redirect|oauth)$")]
pub(super) async fn to_be_authorised(world: &mut World, approach: String) -> Prepared {
    if approach == "redirect" {
        has_initiated_explicitly(world).await?;
        has_started(world).await?;
    }
    Ok(())
}

#[given(regex = r"^the PSU has left the bank without a yes: (denied|cancels|mistyped|too late)$")]
async fn has_left(world: &mut World, deed: String) -> Prepared {
    let behaviour = match deed.as_str() {
        "denied" => Behaviour::Deny,
        "cancels" => Behaviour::Cancel,
        "mistyped" => Behaviour::MistypeAlways,
        _ => Behaviour::WalkAway(AWAY),
    };
    world.awaits_yes = behaviour == Behaviour::WalkAway(AWAY);
    at_bank(world, behaviour).await
}

/// The customer goes to the bank for the payment that is to be authorised, and has done there what it was to do.
pub(super) async fn at_bank(world: &mut World, behaviour: Behaviour) -> Prepared {
    if world.started.is_some() {
        walk_at_bank(world, behaviour).await?;
        let missing = || Trouble::Prerequisite("the PSU did not walk".into());
        let walk = world.walk.as_ref().ok_or_else(missing)?;
        return done(walk.has_acted, &walk.walk_end);
    }
    let request = world.request().await?;
    world.authorize(request, behaviour).await?;
    let authorization = world.last_authorization()?;
    done(authorization.has_acted, &authorization.walk_end)
}

fn done(has_acted: bool, end: &WalkEnd) -> Prepared {
    match has_acted {
        true => Ok(()),
        false => Err(Trouble::Prerequisite(format!("{end}: the PSU has not done what it was to do"))),
    }
}

#[when("the PSU has agreed at the bank")]
async fn agrees_at_bank(world: &mut World) -> Prepared {
    at_bank(world, Behaviour::Approve).await
}

/// Where nobody has seen the customer refuse, it may not have; and a session that lasts for longer than the customer was
/// away has ended with its yes.
#[then("without a yes the payment is neither accepted nor executed")]
fn not_accepted(world: &mut World) -> Judged {
    if world.awaits_yes && has_agreed(world) {
        return world.judge(Finding::Beside("the session had not run out after an hour, and the PSU agreed".into()));
    }
    let at_first = world.lodged.last().and_then(|payment| payment.status.clone());
    let unsure =
        world.walk.as_ref().map_or(world.authorizations.last().and_then(|last| last.unsure), |walk| walk.unsure);
    let words = world.words();
    world.judge_last(|exchange| match (judge::not_accepted_by_that(exchange, words, at_first.as_deref()), unsure) {
        (Finding::Broken(_), Some(hint)) => Finding::Unclear(hint.into()),
        (finding, _) => finding,
    })
}

/// The bank has sent the customer where those go who succeed.
fn has_agreed(world: &World) -> bool {
    let by_code = world.authorizations.last().is_some_and(|last| last.walk_end.returned("code").is_some());
    let nok = world.lodged.last().and_then(|payment| payment.nok_redirect_uri.clone()).unwrap_or_default();
    let is_nok = |walk: &Walk| matches!(&walk.walk_end, WalkEnd::CalledBack { url, .. } if url.starts_with(&nok));
    by_code || world.walk.as_ref().is_some_and(|walk| nok.is_empty() || !is_nok(walk))
}

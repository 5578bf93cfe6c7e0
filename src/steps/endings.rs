//! However the customer leaves the bank without a yes, by whatever approach it was sent there.

use cucumber::{given, then};

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
async fn to_be_authorised(world: &mut World, approach: String) -> Prepared {
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
    if world.started.is_some() {
        walk_at_bank(world, behaviour).await?;
        let walk = world.walk.as_ref().map(|walk| (walk.has_acted, walk.unsure, walk.walk_end.to_string()));
        return seen(walk);
    }
    let request = world.request().await?;
    world.authorize(request, behaviour).await?;
    let authorization = world.last_authorization()?;
    seen(Some((authorization.has_acted, authorization.unsure, authorization.walk_end.to_string())))
}

/// Where nobody has seen the customer do it, it may not have.
fn seen(walk: Option<(bool, Option<&'static str>, String)>) -> Prepared {
    match walk {
        Some((true, None, _)) => Ok(()),
        Some((_, hint, end)) => {
            Err(Trouble::Prerequisite(format!("{end}: {}", hint.unwrap_or("the PSU has not done what it was to do"))))
        }
        None => Err(Trouble::Prerequisite("the PSU did not walk".into())),
    }
}

/// A session that lasts for longer than the customer was away has ended with its yes.
#[then("the payment is neither accepted nor executed, unless the PSU has agreed")]
fn not_accepted_unless_agreed(world: &mut World) -> Judged {
    let by_code = world.authorizations.last().is_some_and(|last| last.walk_end.returned("code").is_some());
    let nok = world.lodged.last().and_then(|payment| payment.nok_redirect_uri.clone()).unwrap_or_default();
    let is_nok = |walk: &Walk| matches!(&walk.walk_end, WalkEnd::CalledBack { url, .. } if url.starts_with(&nok));
    let by_success = world.walk.as_ref().is_some_and(|walk| nok.is_empty() || !is_nok(walk));
    if by_code || by_success {
        return world.judge(Finding::Beside("the session had not run out after an hour, and the PSU agreed".into()));
    }
    let at_first = world.lodged.last().and_then(|payment| payment.status.clone());
    let words = world.words();
    world.judge_last(|exchange| judge::neither_accepted_nor_executed(exchange, words, at_first.as_deref()))
}

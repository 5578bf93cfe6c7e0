//! A customer, or somebody in its place, who does what no page of the bank lets one do.

use cucumber::{given, when};

use super::{
    Prepared, World,
    berlin_group::authorisations::walk_at_bank,
    endings::{at_bank, to_be_authorised},
};
use crate::{
    evidence::operation::Operation,
    tpp::{
        Trouble,
        psu::{
            Behaviour,
            misdeed::{Bent, Factor, Misdeed, Unknown},
        },
    },
};

/// RTS Art. 4(3)(b).
const ATTEMPTS: usize = 5;

/// Another payment is authorised as the bank asks for it: its pages are known from then on.
#[given(regex = r"^the PSU has seen all pages of the bank by (redirect|oauth)$")]
async fn has_seen(world: &mut World, approach: String) -> Prepared {
    to_be_authorised(world, approach.clone()).await?;
    let (sent, walk_end) = match approach.as_str() {
        "redirect" => {
            walk_at_bank(world, Behaviour::Approve).await?;
            let walk = world.walk.take().ok_or_else(|| Trouble::Prerequisite("the PSU did not walk".into()))?;
            (walk.sent, walk.walk_end)
        }
        _ => {
            let request = world.request().await?;
            world.need_code(request).await?;
            let authorization = world.last_authorization()?;
            (authorization.sent.clone(), authorization.walk_end.clone())
        }
    };
    world.started = None;
    world.known = sent;
    match world.known.is_empty() {
        true => Err(Trouble::DoesNotApply(format!("{walk_end}: the PSU agent that got there sends no forms itself"))),
        false => Ok(()),
    }
}

fn factor(words: &str) -> Factor {
    if words == "one-time code" { Factor::OneTimeCode } else { Factor::Password }
}

async fn does(world: &mut World, misdeed: Misdeed) -> Prepared {
    at_bank(world, Behaviour::Meddle(misdeed)).await
}

#[given(
    regex = r"^the PSU agrees, and of the (password|one-time code) sends (nothing|an empty field|all but the last character|another customer's)$"
)]
async fn sends(world: &mut World, what: String, bent: String) -> Prepared {
    let bent = match bent.as_str() {
        "nothing" => Bent::LeftOut,
        "an empty field" => Bent::Empty,
        "all but the last character" => Bent::Shortened,
        _ => Bent::AnotherCustomers,
    };
    does(world, Misdeed::Bends(factor(&what), bent)).await
}

#[given(regex = r"^the PSU agrees without the form that asks for the (password|one-time code)$")]
async fn skips(world: &mut World, what: String) -> Prepared {
    does(world, Misdeed::Skips(factor(&what))).await
}

#[given("somebody sends the last form of the bank on its first page")]
async fn posts_ahead(world: &mut World) -> Prepared {
    does(world, Misdeed::PostsAhead).await
}

#[given(
    regex = r"^another site agrees in the name of the PSU, with (nothing|nothing in it|what it has of its own session) where only the bank's page knows the value$"
)]
async fn forges(world: &mut World, unknown: String) -> Prepared {
    let unknown = match unknown.as_str() {
        "nothing" => Unknown::LeftOut,
        "nothing in it" => Unknown::Empty,
        _ => Unknown::OfAnotherSession,
    };
    does(world, Misdeed::Forges(unknown)).await
}

#[given(
    regex = r"^the PSU has mistyped the (password|one-time code) 5 times, each time for another payment, by (redirect|oauth)$"
)]
async fn mistypes_everywhere(world: &mut World, what: String, approach: String) -> Prepared {
    for _ in 0..ATTEMPTS {
        to_be_authorised(world, approach.clone()).await?;
        does(world, Misdeed::Bends(factor(&what), Bent::Wrong)).await?;
        (world.started, world.walk) = (None, None);
    }
    Ok(())
}

#[given(
    regex = r"^the PSU mistypes the (password|one-time code) (\d) times more, and then agrees with everything right$"
)]
async fn guesses(world: &mut World, what: String, times: usize) -> Prepared {
    does(world, Misdeed::Guesses(factor(&what), times)).await
}

#[when(regex = r"^the TPP cancels the payment while it lies before the PSU, who then agrees$")]
async fn cancelled_meanwhile(world: &mut World) -> Prepared {
    if world.started.is_none() {
        let request = world.request().await?;
        world.cancelled_at = Some(world.url_of(Operation::Cancellation)?);
        return world.authorize(request, Behaviour::Approve).await;
    }
    world.cancelled_at = Some(world.url_of(Operation::Cancellation)?);
    walk_at_bank(world, Behaviour::Approve).await
}

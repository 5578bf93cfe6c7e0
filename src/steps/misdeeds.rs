//! A customer, or somebody in its place, who does what no page of the bank lets one do.

use cucumber::{given, then, when};

use super::{
    Judged, Prepared, World,
    berlin_group::authorisations::{walk_at_bank, way_to_the_bank},
    endings::{at_bank, to_be_authorised},
};
use crate::{
    evidence::operation::Operation,
    judge::{Finding, authorization as judge},
    tpp::{
        Trouble,
        oauth::authorization::address,
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

#[given("the TPP has cancelled the payment while it lay before the PSU, who then agreed")]
async fn cancelled_meanwhile(world: &mut World) -> Prepared {
    let by_redirect = world.started.is_some();
    let request = if by_redirect { None } else { Some(world.request().await?) };
    world.cancelled_at = Some(world.url_of(Operation::Cancellation)?);
    match request {
        None => walk_at_bank(world, Behaviour::Approve).await?,
        Some(request) => world.authorize(request, Behaviour::Approve).await?,
    }
    let exchanges = world.session()?.recorder.exchanges_of(&world.check());
    let cancelled = exchanges.iter().find(|exchange| exchange.operation == Operation::Cancellation);
    world.awaits_cancellation = true;
    match cancelled.and_then(|exchange| exchange.status()) {
        Some(202) => Err(Trouble::DoesNotApply("the PSU has to authorise the cancellation first".into())),
        Some(200..=299) => Ok(()),
        Some(status) => Err(Trouble::Prerequisite(format!("the cancellation was answered {status}"))),
        None => Err(Trouble::DoesNotApply("nobody saw the PSU stand before the decision".into())),
    }
}

#[given("somebody who has given the PSU's browser a session id agrees in its place")]
async fn fixes(world: &mut World) -> Prepared {
    does(world, Misdeed::Fixes).await
}

#[when("the PSU agrees, and its browser sends the last form once more")]
async fn repeats(world: &mut World) -> Prepared {
    let request = world.request().await?;
    world.send_to_bank(request, Behaviour::Meddle(Misdeed::Repeats)).await
}

#[then("the second time brings no other authorization code")]
fn no_second_code(world: &mut World) -> Judged {
    let facts = match (world.authorizations.last(), world.session()) {
        (Some(last), Ok(session)) => {
            last.before.as_ref().map(|before| (before.redacted(&session.recorder), last.facts(&session)))
        }
        _ => None,
    };
    world.judge(match facts {
        Some((before, facts)) => judge::no_second_code(&before, &facts),
        None => Finding::Unclear("nothing was sent twice".into()),
    })
}

#[given("another payment of the TPP lies before the PSU, in the same browser")]
#[given("somebody begins a session of its own for it")]
async fn lies_beside(world: &mut World) -> Prepared {
    let url = match world.started.is_some() {
        true => way_to_the_bank(world)?,
        false => {
            let request = world.request().await?;
            address(&*world.session()?, &world.check(), &request).await?
        }
    };
    (world.beside_it, world.started) = (Some(url), None);
    Ok(())
}

#[given("the PSU agrees, by the page of the payment that it has opened first")]
async fn mixes(world: &mut World) -> Prepared {
    does(world, Misdeed::Mixes).await
}

//! Payments that the customer decides about on a device of its own.

use std::sync::Arc;

use cucumber::{given, then, when};

use super::payments::asks_until_final;
use crate::{
    evidence::{exchange::Exchange, operation::Operation},
    judge::{Finding, berlin_group::decoupled as judge},
    steps::{Judged, Prepared, World, world::own_client},
    tpp::{
        Trouble,
        api::{
            Wish,
            request::{self, Ask},
        },
        clock,
        psu::{
            Behaviour,
            decoupled::{self, Pending},
        },
    },
};

/// What a scaStatus does not change from by itself.
pub(super) const FINAL: [&str; 4] = ["finalised", "failed", "exempted", "unconfirmed"];

/// An authorisation that nobody is sent anywhere for.
pub(in crate::steps) struct Elsewhere {
    /// Where its scaStatus is told.
    link: String,
    /// The payment's status before anybody was asked.
    before: String,
    /// What the bank said of it and of the payment, once the customer had decided.
    outcome: Option<(Arc<Exchange>, Arc<Exchange>)>,
}

#[given("the TPP has initiated a payment that the PSU will authorise on another device")]
async fn has_initiated(world: &mut World) -> Prepared {
    let draft = world.draft()?.wishing(&Wish::Decoupled)?;
    world.need_lodged(&draft).await?;
    let response = world.last.as_ref().and_then(|exchange| exchange.response());
    let approach = response.and_then(|response| response.header("aspsp-sca-approach")).unwrap_or("no approach");
    if approach != "DECOUPLED" {
        return Err(Trouble::DoesNotApply(format!("the bank chose {approach} for a payment without redirect")));
    }
    let link = world.url_of(Operation::ScaStatus)?;
    let before = world.last_lodged()?.status.clone().unwrap_or_default();
    world.elsewhere = Some(Elsewhere { link, before, outcome: None });
    Ok(())
}

#[when("the PSU approves the payment on that device")]
async fn approves(world: &mut World) -> Prepared {
    decides(world, Behaviour::Approve).await
}

#[when("the PSU denies the payment on that device")]
async fn denies(world: &mut World) -> Prepared {
    decides(world, Behaviour::Deny).await
}

/// The decision, and what the bank says once it knows, or once nobody waits any longer.
async fn decides(world: &mut World, behaviour: Behaviour) -> Prepared {
    let (session, payment) = (world.session()?, world.last_lodged()?.clone());
    let missing = || Trouble::Prerequisite("no authorisation is open on the PSU's device".into());
    let link = world.elsewhere.as_ref().map(|elsewhere| elsewhere.link.clone()).ok_or_else(missing)?;
    let authorisation_id = link.split(['?', '#']).next().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
    let pending = Pending { payment_id: &payment.id, authorisation_id };
    decoupled::decide(&session, &world.check(), &pending, behaviour).await?;
    let (times, interval) = decoupled::patience(&session);
    let mut authorisation = read(world, Operation::ScaStatus, &link, "ask for the scaStatus").await?;
    for _ in 0..times {
        if is_final(&authorisation) {
            break;
        }
        clock::advance(&session, &world.check(), interval).await?;
        authorisation = read(world, Operation::ScaStatus, &link, "ask for the scaStatus again").await?;
    }
    // A clock that is moved moves no servers that tell one another.
    if !is_final(&authorisation) {
        asks_until_final(world, &link).await?;
        authorisation = world.last.clone().unwrap_or(authorisation);
    }
    let url = session.api()?.url(&payment, Operation::Status)?;
    let payment = read(world, Operation::Status, &url, "ask for the status of the payment").await?;
    if let Some(elsewhere) = &mut world.elsewhere {
        elsewhere.outcome = Some((authorisation, payment));
    }
    Ok(())
}

async fn read(world: &World, operation: Operation, url: &str, purpose: &str) -> Result<Arc<Exchange>, Trouble> {
    let session = world.session()?;
    let ask = Ask::new(operation, url, purpose);
    Ok(request::ask(&session, &world.check(), own_client(&session), ask).await?.exchange)
}

fn is_final(exchange: &Exchange) -> bool {
    let json = exchange.response().and_then(|response| response.json()).unwrap_or_default();
    json["scaStatus"].as_str().is_some_and(|status| FINAL.contains(&status))
}

/// What the bank said of the authorisation, of the payment, and of the payment before.
fn outcome(world: &World) -> Option<(Arc<Exchange>, Arc<Exchange>, String)> {
    let Elsewhere { before, outcome, .. } = world.elsewhere.as_ref()?;
    outcome.clone().map(|(authorisation, payment)| (authorisation, payment, before.clone()))
}

const UNDECIDED: &str = "the PSU has not decided";

#[then("the scaStatus is final, as the payment shows")]
fn is_finalised(world: &mut World) -> Judged {
    let finding = match outcome(world) {
        Some((authorisation, payment, _)) => judge::final_once_executed(&authorisation, &payment),
        None => Finding::Unclear(UNDECIDED.into()),
    };
    world.judge(finding)
}

#[then("the payment that was denied on that device goes nowhere")]
fn goes_nowhere(world: &mut World) -> Judged {
    let finding = match outcome(world) {
        Some((authorisation, payment, before)) => judge::nothing_after_failure(&authorisation, &payment, &before),
        None => Finding::Unclear(UNDECIDED.into()),
    };
    world.judge(finding)
}

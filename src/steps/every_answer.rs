//! Checks over the whole run.

use cucumber::{given, then};

use super::{Judged, Prepared, World};
use crate::{
    evidence::{exchange::Exchange, speaker::Speaker},
    judge::{every_answer as judge, token},
};

#[given("every answer of this run")]
fn every_answer(world: &mut World) -> Prepared {
    world.answers = world.session()?.recorder.exchanges();
    Ok(())
}

/// Keeps the answers that the bank itself gave to a TPP that it knows: whatever refuses a stranger's certificate may
/// stand before the bank and speak HTML.
fn answers(world: &mut World, is_wanted: impl Fn(&Exchange) -> bool) -> Prepared {
    let session = world.session()?;
    let is_ours = |who: &Speaker| session.target.identities.iter().any(|identity| who.is_just(&identity.name));
    world.answers = session.recorder.exchanges();
    world.answers.retain(|exchange| is_wanted(exchange) && is_ours(&exchange.identity));
    Ok(())
}

#[given("every answer of the payment API in this run")]
fn of_payment_api(world: &mut World) -> Prepared {
    answers(world, |exchange| exchange.operation.is_about_payments())
}

#[given("every answer of the token endpoint in this run")]
fn of_token_endpoint(world: &mut World) -> Prepared {
    let session = world.session()?;
    let url = session.endpoint("token_endpoint", session.endpoints().token.as_ref())?;
    answers(world, |exchange| exchange.request.url.starts_with(url))
}

#[given("every code and refresh token of this run")]
fn codes_and_tokens(world: &mut World) -> Prepared {
    world.samples = world.session()?.recorder.guessability();
    Ok(())
}

#[then("they are long, distinct and unpredictable")]
fn unguessable(world: &mut World) -> Judged {
    let finding = token::unguessable(&world.samples);
    world.judge(finding)
}

#[then("every one of them carries the X-Request-ID of its request")]
fn carry_request_id(world: &mut World) -> Judged {
    let finding = judge::carry_request_id(&world.answers);
    world.judge(finding)
}

#[then("every published error code among them stands with a status that belongs to it")]
fn codes_match_statuses(world: &mut World) -> Judged {
    let finding = judge::codes_match_statuses(&world.answers, world.words());
    world.judge(finding)
}

#[then("every error among them is JSON with an error code")]
fn token_errors_are_json(world: &mut World) -> Judged {
    let finding = judge::token_errors_are_json(&world.answers);
    world.judge(finding)
}

#[then("none of them shows internals of the server")]
fn no_internals(world: &mut World) -> Judged {
    let finding = judge::no_internals(&world.answers);
    world.judge(finding)
}

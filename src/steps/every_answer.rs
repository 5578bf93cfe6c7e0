//! Checks over the whole run.

use cucumber::{given, then};

use super::{Judged, Prepared, World};
use crate::{
    evidence::{
        cookies::{self, Without},
        exchange::Exchange,
        operation::Operation,
        speaker::Speaker,
        walk_end::WalkEnd,
    },
    judge::{every_answer as judge, token},
    tpp::{
        oauth::authorization::authorize,
        psu::{Around, Behaviour},
    },
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

#[given("every page and callback of this run")]
fn pages_and_callbacks(world: &mut World) -> Prepared {
    world.answers = world.session()?.recorder.exchanges();
    let is_of_customer = |exchange: &Exchange| matches!(exchange.operation, Operation::Page | Operation::PushedRequest);
    world.answers.retain(|exchange| is_of_customer(exchange));
    Ok(())
}

/// So many cookies are tried: each is a walk of the customer's.
const COOKIES: usize = 3;

#[given("a customer has come without each cookie that is not for TLS alone")]
async fn without_cookies(world: &mut World) -> Prepared {
    let session = world.session()?;
    let names = cookies::in_the_open(&world.answers);
    let has_agreed = |end: &WalkEnd| end.returned("code").is_some();
    for name in names.into_iter().take(COOKIES) {
        let leaves_out = [name.clone()];
        let walked = match world.request().await {
            Ok(request) => {
                let around = Around { leaves_out: &leaves_out, ..Around::default() };
                authorize(&session, &world.check(), request, (Behaviour::Approve, around)).await.ok()
            }
            Err(_) => None,
        };
        // Whoever is sent back with an error, or nowhere, has no session; a page that nobody can read shows nothing.
        let came = match walked {
            Some(walked) if has_agreed(&walked.walk_end) => Without::Agreed,
            Some(walked) if matches!(walked.walk_end, WalkEnd::RefusedAtPush { .. }) => Without::Untried,
            Some(_) => Without::Lost,
            None => Without::Untried,
        };
        world.without_cookies.push((name, came));
    }
    Ok(())
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

#[then("none of them tells the version of the software behind it")]
fn no_versions(world: &mut World) -> Judged {
    let finding = judge::no_versions(&world.answers);
    world.judge(finding)
}

#[then("every one of them that says so is JSON")]
fn json_is_json(world: &mut World) -> Judged {
    let finding = judge::json_is_json(&world.answers);
    world.judge(finding)
}

#[then("no object among them has a member twice")]
fn members_stand_once(world: &mut World) -> Judged {
    let finding = judge::members_stand_once(&world.answers);
    world.judge(finding)
}

#[then("none of them has two lines of a header field that is no list")]
fn fields_stand_once(world: &mut World) -> Judged {
    let finding = judge::fields_stand_once(&world.answers);
    world.judge(finding)
}

#[then("every one of them with JSON says so")]
fn json_is_declared(world: &mut World) -> Judged {
    let finding = judge::json_is_declared(&world.answers);
    world.judge(finding)
}

#[then("every 401 among them challenges whoever asked")]
fn unauthorized_is_challenged(world: &mut World) -> Judged {
    let finding = judge::unauthorized_is_challenged(&world.answers);
    world.judge(finding)
}

#[then("every 405 among them names the methods that there are")]
fn methods_are_named(world: &mut World) -> Judged {
    let finding = judge::methods_are_named(&world.answers);
    world.judge(finding)
}

#[then("every access token among them comes with status 200")]
fn tokens_come_with_200(world: &mut World) -> Judged {
    let finding = judge::come_with_200(&world.answers);
    world.judge(finding)
}

#[then("every access token among them is of a registered type")]
fn types_are_registered(world: &mut World) -> Judged {
    let finding = judge::types_are_registered(&world.answers);
    world.judge(finding)
}

#[then("every member of a token response among them has its type")]
fn members_have_their_types(world: &mut World) -> Judged {
    let finding = judge::members_have_their_types(&world.answers);
    world.judge(finding)
}

#[then("every access token among them forbids caching")]
fn tokens_forbid_caching(world: &mut World) -> Judged {
    let finding = judge::forbid_caching(&world.answers);
    world.judge(finding)
}

#[then("no refresh among them brings a scope that was not granted at first")]
fn refreshes_stay_within(world: &mut World) -> Judged {
    let finding = judge::refreshes_stay_within(&world.answers);
    world.judge(finding)
}

#[then("no token among them is for more than was asked for")]
fn tokens_stay_within(world: &mut World) -> Judged {
    let finding = judge::tokens_stay_within(&world.answers);
    world.judge(finding)
}

#[then("every cookie among them that carries the session is for TLS alone")]
fn cookies_are_for_tls(world: &mut World) -> Judged {
    let finding = judge::cookies_are_for_tls(&world.answers, &world.without_cookies);
    world.judge(finding)
}

#[then("every page with a form among them forbids framing")]
fn pages_forbid_framing(world: &mut World) -> Judged {
    let finding = judge::pages_forbid_framing(&world.answers);
    world.judge(finding)
}

#[then("every error that a callback among them tells is spelt in the published characters")]
fn callback_errors_are_spelt(world: &mut World) -> Judged {
    let finding = judge::errors_told_are_spelt(&world.answers, &registered(world));
    world.judge(finding)
}

#[then("every error among them is spelt in the published characters")]
fn token_errors_are_spelt(world: &mut World) -> Judged {
    let finding = judge::token_errors_are_spelt(&world.answers);
    world.judge(finding)
}

#[then("every page among them that asks for a password hides what is typed")]
fn passwords_are_hidden(world: &mut World) -> Judged {
    let finding = judge::passwords_are_hidden(&world.answers);
    world.judge(finding)
}

#[then("every callback among them names the issuer")]
fn callbacks_name_the_issuer(world: &mut World) -> Judged {
    let issuer = world.session().map(|session| session.target.issuer.clone()).unwrap_or_default();
    let finding = judge::name_the_issuer(&world.answers, &registered(world), &issuer);
    world.judge(finding)
}

#[then("every callback among them brings back the state")]
fn callbacks_bring_back_the_state(world: &mut World) -> Judged {
    let finding = judge::bring_back_the_state(&world.answers, &registered(world));
    world.judge(finding)
}

#[then("every callback among them says one thing, and says it once")]
fn callbacks_say_one_thing_once(world: &mut World) -> Judged {
    let finding = judge::say_one_thing_once(&world.answers, &registered(world));
    world.judge(finding)
}

/// Every redirection URI that a TPP of the target has.
pub(super) fn registered(world: &World) -> Vec<String> {
    let identities = world.session().map(|session| session.target.identities.clone()).unwrap_or_default();
    identities.iter().flat_map(|identity| identity.redirect_uris.clone()).collect()
}

//! The metadata document and the key set.

use cucumber::{then, when};

use super::{Judged, Prepared, World, every_answer::registered};
use crate::{
    judge::{every_answer, metadata as judge},
    tpp::documents,
};

#[when("the TPP fetches the metadata document")]
async fn fetches_metadata(world: &mut World) -> Prepared {
    world.last = Some(documents::fetch_metadata(&*world.session()?, &world.check()).await?);
    Ok(())
}

#[when("the TPP fetches the key set")]
async fn fetches_jwks(world: &mut World) -> Prepared {
    world.last = Some(documents::fetch_jwks(&*world.session()?, &world.check()).await?);
    Ok(())
}

#[then("the metadata is served as JSON")]
fn served_as_json(world: &mut World) -> Judged {
    world.judge_last(judge::served_as_json)
}

#[then("the issuer is the one that was asked")]
fn issuer_is(world: &mut World) -> Judged {
    let issuer = world.session().map(|session| session.target.issuer.clone()).unwrap_or_default();
    world.judge_last(|exchange| judge::issuer_is(exchange, &issuer))
}

#[then("the required members are there and every endpoint has TLS")]
fn complete_and_secure(world: &mut World) -> Judged {
    world.judge_last(judge::complete_and_secure)
}

#[then(expr = "{string} holds {string}")]
fn list_holds(world: &mut World, list: String, value: String) -> Judged {
    world.judge_last(|exchange| judge::list_holds(exchange, &list, &value, true))
}

#[then(expr = "{string} does not hold {string}")]
fn list_does_not_hold(world: &mut World, list: String, value: String) -> Judged {
    world.judge_last(|exchange| judge::list_holds(exchange, &list, &value, false))
}

#[then(expr = "{string} is named")]
fn names(world: &mut World, member: String) -> Judged {
    world.judge_last(|exchange| judge::names(exchange, &member))
}

#[then("it holds no private key")]
fn no_private_keys(world: &mut World) -> Judged {
    world.judge_last(judge::no_private_keys)
}

#[then("every key has a kid of its own")]
fn distinct_kids(world: &mut World) -> Judged {
    world.judge_last(judge::distinct_kids)
}

#[then("every key says its use, if one of them is for encryption")]
fn uses_are_told(world: &mut World) -> Judged {
    world.judge_last(judge::uses_are_told)
}

#[then("no endpoint has a fragment")]
fn without_fragments(world: &mut World) -> Judged {
    world.judge_last(judge::without_fragments)
}

#[then("no list is empty")]
fn without_empty_lists(world: &mut World) -> Judged {
    world.judge_last(judge::without_empty_lists)
}

#[then(expr = "{string} is there if {string} holds a method by JWT")]
fn algorithms_are_listed(world: &mut World, algorithms: String, methods: String) -> Judged {
    world.judge_last(|exchange| judge::algorithms_are_listed(exchange, &algorithms, &methods))
}

#[then("it says that answers name their issuer, if one of them does")]
fn announces_the_issuer(world: &mut World) -> Judged {
    let issuers = every_answer::issuers(&world.answers, &registered(world));
    world.judge_last(|exchange| judge::announces_the_issuer(exchange, &issuers))
}

//! Pushed authorization requests.

use cucumber::{given, then, when};
use serde_json::json;

use super::{
    Judged, Prepared, World,
    client_authentication::{bent, with_assertions},
};
use crate::{
    evidence::speaker::Speaker,
    judge::pushed_request as judge,
    targets::Identity,
    tpp::{
        Trouble, clock,
        oauth::{
            assertion::Draft,
            authorization::{AuthorizationRequest, Way},
            client_authentication as client,
            par::{self, Answer},
        },
        psu::Behaviour,
    },
};

/// What a bank's and a TPP's clocks may differ by, in seconds.
const SKEW: u64 = 60;

pub(super) async fn push(world: &mut World, request: AuthorizationRequest) -> Prepared {
    let session = world.session()?;
    let reply = par::push(&session, &world.check(), &request.who, &request.parameters).await?;
    if let Answer::Kept(name) = par::answer(&reply)? {
        world.pushed = Some((request.by(Way::Pushed(name)), par::lifetime(&reply)));
    }
    world.last = Some(reply.exchange);
    Ok(())
}

/// The request that waits at the bank.
fn pushed(world: &World) -> Result<AuthorizationRequest, Trouble> {
    let pushed = world.pushed.as_ref().map(|(request, _)| request.clone());
    pushed.ok_or_else(|| Trouble::Prerequisite("the bank has accepted no pushed request".into()))
}

#[when("the TPP pushes an authorization request")]
async fn pushes(world: &mut World) -> Prepared {
    let request = world.request().await?;
    push(world, request).await
}

#[given("the TPP has pushed an authorization request")]
async fn has_pushed(world: &mut World) -> Prepared {
    pushes(world).await?;
    pushed(world).map(|_| ())
}

#[given("the PSU has authorised the TPP by the pushed request")]
async fn has_authorised(world: &mut World) -> Prepared {
    let request = pushed(world)?;
    world.need_code(request).await
}

#[given("the pushed request has expired")]
async fn has_expired(world: &mut World) -> Prepared {
    let lifetime = world.pushed.as_ref().and_then(|(_, lifetime)| *lifetime);
    let lifetime = lifetime.ok_or_else(|| Trouble::Prerequisite("the bank does not say how long it waits".into()))?;
    clock::advance(&*world.session()?, &world.check(), lifetime.saturating_add(SKEW)).await
}

#[when("the PSU is sent to the bank with the pushed request")]
async fn authorises(world: &mut World) -> Prepared {
    let request = pushed(world)?;
    world.authorize(request, Behaviour::Approve).await
}

#[when("the PSU is sent to the bank with the pushed request, under the second TPP's client_id")]
async fn authorises_second(world: &mut World) -> Prepared {
    let second = world.session()?.second_tpp()?.client_id.clone();
    let request = pushed(world)?.set("client_id", Some(&second));
    world.authorize(request, Behaviour::Approve).await
}

#[when("the TPP pushes an authorization request that refers to another one")]
async fn pushes_reference(world: &mut World) -> Prepared {
    let name = "urn:ietf:params:oauth:request_uri:bankproof";
    let request = world.request().await?.set("request_uri", Some(name));
    push(world, request).await
}

#[when(expr = "the TPP pushes an authorization request without {string}")]
async fn pushes_without(world: &mut World, parameter: String) -> Prepared {
    let request = world.request().await?.set(&parameter, None);
    push(world, request).await
}

#[when(regex = r"^the TPP pushes an authorization request (by GET|without authenticating)$")]
async fn pushes_wrongly(world: &mut World, how: String) -> Prepared {
    let (session, request) = (world.session()?, world.request().await?);
    let (check, by_get) = (world.check(), how == "by GET");
    world.last = Some(par::push_wrongly(&session, &check, &request.who, &request.parameters, by_get).await?);
    Ok(())
}

#[when("the TPP pushes an authorization request with an assertion for the issuer")]
async fn pushes_for_issuer(world: &mut World) -> Prepared {
    let issuer = json!(world.session()?.target.issuer);
    push_with_assertion(world, |draft| Ok(draft.claim("aud", Some(issuer)))).await
}

#[when(regex = r"^the TPP pushes an authorization request with an assertion that is wrong: (.+)$")]
async fn pushes_with_wrong_assertion(world: &mut World, flaw: String) -> Prepared {
    let (session, identity) = (world.session()?, with_assertions(world)?);
    push_with_assertion(world, |draft| bent(draft, &session, &identity, &flaw)).await
}

async fn push_with_assertion(world: &mut World, bend: impl FnOnce(Draft) -> Result<Draft, Trouble>) -> Prepared {
    let (session, identity) = (world.session()?, with_assertions(world)?);
    let request = world.request_as(&identity).await?;
    // Whom it is for is said next.
    let draft = bend(Draft::new(&session, &identity, &identity.client_id, &session.target.issuer)?)?;
    let authenticated = client::by_assertion(&session, &request.parameters, &draft)?;
    let reply =
        par::push_as(&session, &world.check(), &Speaker::named(&identity.name), &request.parameters, authenticated)
            .await?;
    world.last = Some(reply.exchange);
    Ok(())
}

#[when("a TPP that has to push its requests asks for authorization without doing so")]
async fn asks_plainly(world: &mut World) -> Prepared {
    let session = world.session()?;
    let bound = |identity: &&Identity| session.must_push(identity);
    let identity = session.target.identities.iter().find(bound).cloned();
    let identity = identity.ok_or_else(|| Trouble::Prerequisite("no TPP has to push its requests".into()))?;
    let request = world.request_as(&identity).await?.by(Way::Plain);
    world.authorize(request, Behaviour::Approve).await
}

#[then("the bank tells under which name the request waits, and how long")]
fn accepted(world: &mut World) -> Judged {
    world.judge_last(judge::accepted)
}

#[then("the pushed request is taken")]
fn taken(world: &mut World) -> Judged {
    world.judge_last(judge::taken)
}

#[then(expr = "it waits for less than {int} seconds")]
fn waits_less_than(world: &mut World, seconds: u64) -> Judged {
    world.judge_last(|exchange| judge::waits_less_than(exchange, seconds))
}

#[then("the pushed request is refused")]
fn refused(world: &mut World) -> Judged {
    world.judge_last(judge::refused)
}

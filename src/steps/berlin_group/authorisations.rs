//! Authorisations that the TPP starts itself, on pages of the bank's.

use cucumber::{given, then, when};

use super::payments::asks_until_final;
use crate::{
    evidence::{
        operation::Operation,
        walk_end::{AuthorizationFacts, WalkEnd},
    },
    judge::{Finding, berlin_group as judge, payment},
    steps::{Judged, Prepared, World, world::own_client},
    tpp::{
        Trouble,
        api::{
            Wish,
            request::{self, Ask},
        },
        psu::{self, Around, Behaviour, Task},
    },
};

#[given("the TPP has initiated a payment that it will have authorised explicitly")]
pub(in crate::steps) async fn has_initiated_explicitly(world: &mut World) -> Prepared {
    let nok = format!("{}/nok", world.tpp()?.redirect_uri());
    let draft = world.draft()?.wishing(&Wish::StartAuthorisation)?.wishing(&Wish::FailuresTo(nok))?;
    world.need_lodged(&draft).await?;
    match world.last_lodged()?.leaves_the_start_to_the_tpp {
        true => Ok(()),
        // What the TPP prefers is no order.
        false => Err(Trouble::DoesNotApply("the bank has started the authorisation of the payment itself".into())),
    }
}

#[when("the TPP starts an authorisation")]
async fn starts(world: &mut World) -> Prepared {
    let (session, payment) = (world.session()?, world.last_lodged()?.clone());
    let (reply, started) =
        request::start_authorisation(&session, &world.check(), own_client(&session), &payment).await?;
    world.started = started;
    world.last = Some(reply.exchange);
    Ok(())
}

#[given("the TPP has started an authorisation")]
pub(in crate::steps) async fn has_started(world: &mut World) -> Prepared {
    starts(world).await?;
    authorisation(world).map(|_| ())
}

/// Where the customer is sent by the authorisation that the TPP started.
pub(in crate::steps) fn way_to_the_bank(world: &World) -> Result<String, Trouble> {
    request::absolute(&*world.session()?, &authorisation(world)?.0)
}

/// The links of the authorisation that the TPP started: for the customer, and for its status.
fn authorisation(world: &World) -> Result<(String, String), Trouble> {
    let missing = || Trouble::Prerequisite("the authorisation has no links for the PSU and for its status".into());
    let started = world.started.clone().ok_or_else(missing)?;
    if started.sca_redirect.is_none() && started.sca_oauth.is_some() {
        return Err(Trouble::DoesNotApply("the authorisation leads to OAuth, and not to pages of the bank's".into()));
    }
    started.sca_redirect.zip(started.sca_status).ok_or_else(missing)
}

pub(in crate::steps) async fn walk_at_bank(world: &mut World, behaviour: Behaviour) -> Prepared {
    let (session, payment) = (world.session()?, world.last_lodged()?.clone());
    let start = request::absolute(&session, &authorisation(world)?.0)?;
    let nok = payment.nok_redirect_uri.unwrap_or_default();
    let (check, ways_out) = (world.check(), [payment.redirect_uri.as_str(), nok.as_str()]);
    let (known, meanwhile) = (world.known.clone(), world.meanwhile(&session));
    let plain = Task::plain(&session, &check, (&start, &ways_out), behaviour);
    let beside = world.beside_it.as_deref();
    let around = Around { known: &known, meanwhile: meanwhile.as_ref(), beside, ..Around::default() };
    let task = Task { around, ..plain };
    world.walk = Some(psu::walk(&task).await?);
    Ok(())
}

#[given("the PSU has approved the payment at the bank")]
async fn has_approved(world: &mut World) -> Prepared {
    walk_at_bank(world, Behaviour::Approve).await?;
    let nok = world.last_lodged()?.nok_redirect_uri.clone().unwrap_or_default();
    world.walk.as_ref().map_or(Ok(()), |walk| approved(walk, &nok))
}

/// As far as can be seen from outside: what the bank made of it is what the check is about.
fn approved(walk: &psu::Walk, nok: &str) -> Prepared {
    let is_refused = |url: &str| !nok.is_empty() && url.starts_with(nok);
    let doubt = match (&walk.walk_end, walk.unsure) {
        (_, Some(hint)) => hint,
        (WalkEnd::CalledBack { url, .. }, None) if is_refused(url) => "the bank sent it where those go who fail",
        (WalkEnd::CalledBack { .. }, None) => return Ok(()),
        _ if walk.has_acted => return Ok(()),
        _ => "it has not come to agree",
    };
    Err(Trouble::Prerequisite(format!("{} (PSU agent {}): {doubt}", walk.walk_end, walk.agent)))
}

#[when("the PSU denies the payment at the bank")]
async fn denies_at_bank(world: &mut World) -> Prepared {
    walk_at_bank(world, Behaviour::Deny).await
}

#[when("the TPP asks for the scaStatus of the authorisation")]
async fn asks_authorisation_status(world: &mut World) -> Prepared {
    let (_, status) = authorisation(world)?;
    asks_until_final(world, &status).await
}

#[when("the TPP asks for the scaStatus of what the PSU has left")]
async fn asks_for_status_of_left(world: &mut World) -> Prepared {
    let url = match world.started.is_some() {
        true => authorisation(world)?.1,
        false => world.url_of(Operation::ScaStatus)?,
    };
    asks_until_final(world, &url).await
}

#[given("the TPP has initiated a payment that it would start the authorisation of")]
async fn would_start(world: &mut World) -> Prepared {
    let draft = world.draft()?.wishing(&Wish::StartAuthorisation)?;
    world.need_lodged(&draft).await?;
    match world.last_lodged()?.authorisations.is_some() {
        true => Ok(()),
        false => Err(Trouble::DoesNotApply("the bank has started the authorisation of the payment itself".into())),
    }
}

#[when("the TPP follows the link scaStatus of that answer")]
async fn follows_sca_status(world: &mut World) -> Prepared {
    let session = world.session()?;
    let Some(link) = world.last_lodged()?.links.sca_status.clone() else { return Ok(()) };
    let url = request::absolute(&session, &link)?;
    let ask = Ask::new(Operation::ScaStatus, &url, "follow the link scaStatus of the initiation");
    world.beside = Some(request::ask(&session, &world.check(), own_client(&session), ask).await?.exchange);
    Ok(())
}

#[then("what the link leads to is there")]
fn link_leads_somewhere(world: &mut World) -> Judged {
    let finding = judge::sca_status_link_leads_somewhere(world.beside.as_deref());
    world.judge(finding)
}

#[when("the TPP asks for the authorisations of the payment")]
async fn asks_for_authorisations(world: &mut World) -> Prepared {
    let (session, payment) = (world.session()?, world.last_lodged()?.clone());
    let url = session.api()?.url(&payment, Operation::AuthorisationList)?;
    let ask = Ask::new(Operation::AuthorisationList, &url, "list the authorisations of the payment");
    world.last = Some(request::ask(&session, &world.check(), own_client(&session), ask).await?.exchange);
    Ok(())
}

#[then("the list holds the authorisation")]
fn authorisation_listed(world: &mut World) -> Judged {
    let status = world.started.clone().and_then(|started| started.sca_status).unwrap_or_default();
    world.judge_last(|exchange| judge::authorisation_listed(exchange, &status))
}

#[then("the authorisation is created with a link for the PSU")]
fn authorisation_created(world: &mut World) -> Judged {
    world.judge_last(judge::authorisation_created)
}

#[then("the PSU is sent to the TPP-Nok-Redirect-URI")]
fn sent_to_nok(world: &mut World) -> Judged {
    let nok = world.lodged.last().and_then(|payment| payment.nok_redirect_uri.clone()).unwrap_or_default();
    let finding = match facts_of_walk(world) {
        Some(facts) => payment::sent_to(&facts, &nok),
        None => Finding::Unclear("the PSU did not walk".into()),
    };
    world.judge(finding)
}

/// The last walk that was no authorization of OAuth's, as judges see such.
pub(in crate::steps) fn facts_of_walk(world: &mut World) -> Option<AuthorizationFacts> {
    let (walk, session) = world.walk.take().zip(world.session().ok())?;
    Some(AuthorizationFacts {
        registered: Vec::new(),
        own: Vec::new(),
        sent: Vec::new(),
        agent: walk.agent.name(),
        walk_end: walk.walk_end.redacted(&session.recorder),
        worthless_code: false,
        has_acted: walk.has_acted,
        unsure: walk.unsure,
        exchanges: walk.exchanges,
    })
}

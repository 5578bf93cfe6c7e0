//! `direct-302`: no customer at all. The sandbox answers the authorization request with the redirect back at once, or
//! after redirects of its own, and so approves.

use url::Url;

use super::{
    Task, Walk, form,
    navigation::{Navigation, Next, STEPS},
};
use crate::{
    evidence::{operation::Operation, walk_end::WalkEnd},
    targets::psu::Agent,
    tpp::{
        Trouble,
        transport::{Call, Reply},
    },
};

/// Follows the bank's redirects until they lead out of it.
///
/// # Errors
/// The bank stops answering, or asks the customer something.
pub(super) async fn walk(task: &Task<'_>) -> Result<Walk, Trouble> {
    let navigation = Navigation::new(task.session, task.ways_out);
    let call = Call::get(Operation::Page, task.url, "open the authorization page");
    follow(task, &navigation, (navigation.start(task.url)?, call), Agent::Direct302).await
}

/// The same from a request that is ready to be sent, for whatever agent sends it.
pub(super) async fn follow(
    task: &Task<'_>,
    navigation: &Navigation<'_>,
    (mut at, mut call): (Url, Call),
    agent: Agent,
) -> Result<Walk, Trouble> {
    let browser = task.session.browser(&super::name_of(agent))?;
    let mut exchanges = Vec::new();
    let walk = |walk_end, exchanges| {
        let has_acted = matches!(walk_end, WalkEnd::CalledBack { .. });
        Walk { agent, walk_end, has_acted, unsure: None, exchanges, sent: Vec::new(), before: None }
    };
    for _ in 0..STEPS {
        let reply = browser.send(task.check, call).await.map_err(|none| none.trouble())?;
        exchanges.push(reply.exchange.clone());
        match navigation.redirect(&at, &reply)? {
            Some(Next::Go(following, url)) => (call, at) = (following, url),
            Some(Next::Land(walk_end)) => return Ok(walk(walk_end, exchanges)),
            None => return page(&at, &reply).map(|walk_end| walk(walk_end, exchanges)),
        }
    }
    Ok(walk(WalkEnd::GaveUp { pages: STEPS }, exchanges))
}

/// A page that refuses is an end; one that wants something of the customer is no business of this agent.
fn page(at: &Url, reply: &Reply) -> Result<WalkEnd, Trouble> {
    if reply.status >= 400 {
        return Ok(WalkEnd::Stranded { status: reply.status });
    }
    let page = form::read(&reply.body, at).map_err(|too_much| form::not_readable(at, too_much))?;
    match !page.forms.is_empty() || page.refresh.is_some() {
        true => Err(Trouble::Prerequisite(format!(
            "the bank has not sent the PSU back at once: {} is a page that asks for something",
            at.path()
        ))),
        false => Ok(WalkEnd::Stranded { status: reply.status }),
    }
}

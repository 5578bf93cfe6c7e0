//! Scripts of other sites, which ask the bank in the name of whoever sits before the browser.

use std::sync::Arc;

use cucumber::{then, when};
use reqwest::Method;
use url::Url;

use super::{Judged, Prepared, World, world::own_client};
use crate::{
    evidence::{exchange::Exchange, operation::Operation},
    judge::cors as judge,
    tpp::{
        Trouble,
        api::request,
        oauth::form::form,
        session::Session,
        transport::{Call, Client},
    },
};

/// The origin of a site by its name in the catalogue. Those that are like the bank's are like that of its pages.
fn origin(session: &Session, site: &str) -> Result<String, Trouble> {
    let issuer = Url::parse(&session.target.issuer).map_err(|error| Trouble::Harness(error.to_string()))?;
    let own = issuer.origin().ascii_serialization();
    let host = own.split_once("://").map_or(own.as_str(), |(_, host)| host);
    Ok(match site {
        "another site" => "https://attacker.example".to_owned(),
        "a page of nobody's" => "null".to_owned(),
        "a host below the bank's" => format!("https://attacker.{host}"),
        "a host that begins as the bank's" => format!("{own}.attacker.example"),
        "a host that ends as the bank's" => format!("https://attacker{host}"),
        "the bank's host without TLS" => format!("http://{host}"),
        other => return Err(Trouble::Harness(format!("nobody knows where {other} is"))),
    })
}

/// Asks as a browser does for a script: at once, or first whether it may (Fetch 3.2.2).
async fn ask(world: &mut World, place: &str, site: &str, first: bool) -> Prepared {
    let session = world.session()?;
    let origin = origin(&session, site)?;
    let call = call_to(world, &session, place, first)?.header("Origin", &origin);
    let call = match first {
        true => call
            .header("Access-Control-Request-Method", "POST")
            .header("Access-Control-Request-Headers", "authorization,content-type"),
        false => call,
    };
    let client = if matches!(place, "authorization endpoint" | "customer's page") {
        session.public()
    } else {
        own_client(&session)
    };
    let check = world.check();
    world.last = Some(send(client, &check, call).await);
    Ok(())
}

async fn send(client: &Client, check: &crate::evidence::check_row::CheckRow, call: Call) -> Arc<Exchange> {
    client.send(check, call).await.map_or_else(|none| none.exchange, |reply| reply.exchange)
}

fn call_to(world: &World, session: &Session, place: &str, first: bool) -> Result<Call, Trouble> {
    const PURPOSE: &str = "ask as a script of another site does";
    let endpoints = session.endpoints();
    let named = |name: &str, url: Option<&String>| session.endpoint(name, url).map(str::to_owned);
    let (url, fields) = match place {
        "authorization endpoint" => (named("authorization_endpoint", endpoints.authorization.as_ref())?, None),
        "customer's page" => (page(world, session)?, None),
        "token endpoint" => (named("token_endpoint", endpoints.token.as_ref())?, Some("grant_type")),
        "revocation endpoint" => (named("revocation_endpoint", endpoints.revocation.as_ref())?, Some("token")),
        "introspection endpoint" => (named("introspection_endpoint", endpoints.introspection.as_ref())?, Some("token")),
        "pushed request endpoint" => {
            (named("pushed_authorization_request_endpoint", endpoints.pushed_requests.as_ref())?, Some("client_id"))
        }
        _ => (request::absolute(session, &world.url_of(Operation::Status)?)?, None),
    };
    Ok(match (first, fields) {
        (true, _) => Call::new(Operation::Other, Method::OPTIONS, &url, PURPOSE),
        (false, Some(name)) => Call::form(Operation::Other, &url, &form(&[(name, "bankproof")]), PURPOSE),
        (false, None) => Call::get(Operation::Other, &url, PURPOSE),
    })
}

/// A page that the customer was shown on the way, beyond the authorization endpoint where there is one.
fn page(world: &World, session: &Session) -> Result<String, Trouble> {
    let endpoint = session.endpoint("authorization_endpoint", session.endpoints().authorization.as_ref())?;
    let shown = &world.last_authorization()?.exchanges;
    let pages = shown.iter().map(|exchange| &exchange.request.url);
    let beyond = pages.clone().find(|url| !url.starts_with(endpoint)).or(pages.clone().next());
    let url = beyond.and_then(|url| Url::parse(url).ok());
    let own = url.filter(|url| session.target.network.own.hosts.objection(url).is_none());
    own.map(String::from).ok_or_else(|| Trouble::Prerequisite("the customer was shown no page of the bank's".into()))
}

#[when(regex = r"^a script of (.+) asks the (.+), (at once|first whether it may)$")]
async fn asks(world: &mut World, site: String, place: String, how: String) -> Prepared {
    if place == "payment API" {
        let draft = world.draft()?;
        world.need_lodged(&draft).await?;
    }
    ask(world, &place, &site, how != "at once").await
}

#[then("it may not read the answer")]
fn may_not_read(world: &mut World) -> Judged {
    world.judge_last(judge::lets_nobody_in)
}

#[then("it may not read the answer in the customer's name")]
fn may_not_read_with_credentials(world: &mut World) -> Judged {
    world.judge_last(judge::lets_nobody_in_with_credentials)
}

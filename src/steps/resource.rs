//! The protected resource.

use cucumber::{then, when};

use super::{Judged, Prepared, World, lag, world::own_client};
use crate::{
    judge::resource as judge,
    tpp::{
        Trouble,
        api::request::{self, Ask},
        documents,
        oauth::jwt,
        transport::Client,
    },
};

/// How an access token travels.
enum Carried<'a> {
    Header(&'a str, &'a str),
    Query(&'a str),
    Nowhere,
}

async fn ask(world: &mut World, client: &Client, token: Carried<'_>) -> Prepared {
    let (operation, mut url) = world.protected_resource()?;
    if let Carried::Query(token) = token {
        url = format!("{url}?access_token={token}");
    }
    let ask = Ask::new(operation, &url, "ask for the protected resource");
    let ask = if let Carried::Header(scheme, token) = token { ask.under(scheme, token) } else { ask };
    // Where no answer came, that is for the judge too: it may be a refusal in TLS.
    world.last = Some(request::attempt(&*world.session()?, &world.check(), client, ask).await?);
    Ok(())
}

/// Uses the last access token as the TPP does.
pub(super) async fn use_token(world: &mut World, scheme: &str) -> Prepared {
    let (session, token) = (world.session()?, world.access_token()?);
    let seconds = if world.awaits_revocation { session.target.tolerances.token_revocation() } else { 0 };
    let ask = async |world: &mut World| ask(world, own_client(&session), Carried::Header(scheme, &token)).await;
    lag::until(world, seconds, ask, |world| !world.last_was_served()).await
}

/// Uses that token as that client, whatever comes of it.
pub(super) async fn use_as(world: &mut World, client: &Client, token: &str) -> Prepared {
    ask(world, client, Carried::Header("Bearer", token)).await
}

async fn use_instead(world: &mut World, token: &str) -> Prepared {
    let session = world.session()?;
    ask(world, own_client(&session), Carried::Header("Bearer", token)).await
}

#[when("the TPP uses the access token")]
async fn uses(world: &mut World) -> Prepared {
    use_token(world, "Bearer").await
}

#[when(expr = "the TPP uses the access token under the scheme {string}")]
async fn uses_under_scheme(world: &mut World, scheme: String) -> Prepared {
    use_token(world, &scheme).await
}

#[when("the TPP asks for the protected resource without a token")]
async fn asks_without_token(world: &mut World) -> Prepared {
    let session = world.session()?;
    ask(world, own_client(&session), Carried::Nowhere).await
}

#[when("the TPP sends the access token in the query")]
async fn sends_in_query(world: &mut World) -> Prepared {
    let (session, token) = (world.session()?, world.access_token()?);
    ask(world, own_client(&session), Carried::Query(&token)).await
}

#[when("the TPP uses the access token with one character changed")]
async fn uses_altered(world: &mut World) -> Prepared {
    let altered = altered(&world.access_token()?);
    use_instead(world, &altered).await
}

/// Changes a character in the middle of the last part: the last character of base64 may hold bits that do not count.
pub(super) fn altered(token: &str) -> String {
    let start = token.rfind('.').map_or(0, |dot| dot + 1);
    let middle = start + (token.len() - start) / 2;
    let flip = |(index, character): (usize, char)| match (index == middle, character) {
        (true, 'A') => 'B',
        (true, _) => 'A',
        (false, _) => character,
    };
    token.char_indices().map(flip).collect()
}

#[when(regex = r"^the TPP uses the access token rewritten: (.+)$")]
async fn uses_rewritten(world: &mut World, how: String) -> Prepared {
    let token = world.access_token()?;
    let rewritten = match how.as_str() {
        "no alg" => jwt::unsigned(&token, None)?,
        "an empty signature" => jwt::without_signature(&token)?,
        "HS256 under the bank's public key" => {
            let session = world.session()?;
            let keys = documents::fetch_jwks(&session, &world.check()).await?;
            let keys = keys.response().and_then(|response| response.json()).unwrap_or_default();
            jwt::by_public_key(&token, &keys)?
        }
        other => jwt::unsigned(&token, other.strip_prefix("alg "))?,
    };
    use_instead(world, &rewritten).await
}

#[when("the TPP uses the first token on the second payment")]
async fn uses_on_other_payment(world: &mut World) -> Prepared {
    let first = world.tokens.first().and_then(|tokens| tokens.access_token.clone());
    let first = first.ok_or_else(|| Trouble::Prerequisite("there is no first token".into()))?;
    use_instead(world, &first).await
}

#[when("the access token is used under another certificate of the same TPP")]
async fn used_under_renewed(world: &mut World) -> Prepared {
    let (session, token) = (world.session()?, world.access_token()?);
    ask(world, session.renewed()?, Carried::Header("Bearer", &token)).await
}

#[when("the access token is used under the certificate of the second TPP")]
async fn used_by_second(world: &mut World) -> Prepared {
    let (session, token) = (world.session()?, world.access_token()?);
    ask(world, session.client(session.second_tpp()?), Carried::Header("Bearer", &token)).await
}

#[then("the protected resource is served")]
#[then("the access token still works")]
fn served(world: &mut World) -> Judged {
    world.judge_last(judge::served)
}

#[then("the access token is refused")]
fn token_refused(world: &mut World) -> Judged {
    world.judge_last(judge::token_refused)
}

#[then("the request is refused with a Bearer challenge")]
fn challenged(world: &mut World) -> Judged {
    world.judge_last(judge::challenged)
}

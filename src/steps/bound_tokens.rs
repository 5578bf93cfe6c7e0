//! Access tokens that are bound to certificates (RFC 8705).

use cucumber::{given, then, when};

use super::{
    Judged, Prepared, World, resource,
    token::{asks_by_client_credentials, redeem, refresh},
    world::own_client,
};
use crate::{
    evidence::operation::Operation,
    judge::{binding as judge, token as claims},
    targets::KeyPair,
    tpp::{
        Trouble,
        api::request::{self, Ask},
        oauth::{jwt, token},
        trust_service::{self, Alike},
    },
};

#[when(regex = r"^the TPP obtains an access token by (an authorization code|a refresh token|client credentials)$")]
async fn obtains(world: &mut World, grant: String) -> Prepared {
    if grant == "client credentials" {
        asks_by_client_credentials(world).await?;
    } else {
        let request = world.request().await?;
        world.need_code(request).await?;
        let fields = world.last_authorization()?.redemption(&world.tpp()?)?;
        redeem(world, fields, "redeem the authorization code").await?;
    }
    if grant == "a refresh token" {
        let fields = refresh(world)?;
        redeem(world, fields, "refresh the access token").await?;
    }
    // What the bank gave before says nothing of what it gives now.
    let gave = world.last.as_ref().and_then(|last| last.response()).and_then(|response| response.json());
    if !gave.is_some_and(|json| json["access_token"].is_string()) {
        return Err(Trouble::Prerequisite(format!("the bank gave no access token by {grant}")));
    }
    bound_to(world).map(|_| ())
}

/// What the last access token says.
fn bound_to(world: &World) -> Result<Option<String>, Trouble> {
    jwt::bound_to(&world.access_token()?)
}

#[given("the TPP's access token says that it is bound to a certificate")]
fn says_bound(world: &mut World) -> Prepared {
    match bound_to(world)? {
        Some(_) => Ok(()),
        None => Err(Trouble::DoesNotApply("the access token is bound to no certificate".into())),
    }
}

#[when("the access token is used without a certificate")]
async fn used_without(world: &mut World) -> Prepared {
    let (session, token) = (world.session()?, world.access_token()?);
    let (operation, url) = world.protected_resource()?;
    let ask = Ask::new(operation, &url, "ask for the protected resource").with(Some(&token));
    world.last = Some(request::without_certificate(&session, &world.check(), ask).await?);
    Ok(())
}

#[given("the TPP has refreshed its access token with its renewed certificate")]
async fn has_refreshed_renewed(world: &mut World) -> Prepared {
    let before = world.tokens.len();
    refreshes_renewed(world).await?;
    match world.tokens.len() > before {
        true => Ok(()),
        false => Err(Trouble::Prerequisite("the bank issued no token for the refresh token".into())),
    }
}

#[when("the TPP refreshes its access token with its renewed certificate")]
async fn refreshes_renewed(world: &mut World) -> Prepared {
    let (fields, session) = (refresh(world)?, world.session()?);
    let purpose = "refresh with the renewed certificate";
    let reply = token::request(&session, &world.check(), session.renewed()?, &fields, purpose).await?;
    world.take(&reply);
    Ok(())
}

#[when("the new access token is used under the renewed certificate")]
async fn new_token_renewed(world: &mut World) -> Prepared {
    let (session, token) = (world.session()?, world.access_token()?);
    resource::use_as(world, session.renewed()?, &token).await
}

#[when("the new access token is used under the old certificate")]
async fn new_token_old(world: &mut World) -> Prepared {
    let (session, token) = (world.session()?, world.access_token()?);
    resource::use_as(world, session.renewed()?, &token).await?;
    // A token that goes on with the old certificate alone is bound, though not as it should be.
    if !world.last_was_served() {
        return Err(Trouble::DoesNotApply("the new access token does not work under the renewed certificate".into()));
    }
    resource::use_as(world, own_client(&session), &token).await
}

#[when(
    regex = r"^the authorization code is redeemed with the certificate of another company that has (the same common name|the same organization name|an organizationIdentifier that begins with the TPP's)$"
)]
async fn redeemed_by_alike(world: &mut World, what: String) -> Prepared {
    let alike = match what.as_str() {
        "the same common name" => Alike::CommonName,
        "the same organization name" => Alike::Organization,
        _ => Alike::IdentifierPrefix,
    };
    let pair = trust_service::certificate_of_other_company(&*world.session()?, alike)?;
    redeem_under(world, &format!("another company with {what}"), &pair).await
}

async fn redeem_under(world: &mut World, who: &str, pair: &KeyPair) -> Prepared {
    let (session, tpp) = (world.session()?, world.tpp()?);
    let fields = world.last_authorization()?.redemption(&tpp)?;
    let url = session.endpoint("token_endpoint", session.endpoints().token.as_ref())?;
    let purpose = "redeem the code under the TPP's client_id";
    world.last = Some(
        token::knock(&session, &world.check(), (Operation::Token, url), &fields, (&who.into(), Some(pair)), purpose)
            .await?,
    );
    Ok(())
}

#[then("the metadata says that access tokens are bound to certificates")]
fn metadata_says_bound(world: &mut World) -> Judged {
    world.judge_last(judge::metadata_says_bound)
}

#[then("the access token says that it is bound to a certificate")]
fn token_says_bound(world: &mut World) -> Judged {
    let told = bound_to(world).unwrap_or_default();
    world.judge_last(|exchange| judge::says_bound(exchange, told.as_deref()))
}

#[then("no claim of the access token stands twice")]
fn claims_stand_once(world: &mut World) -> Judged {
    let twice = world.access_token().and_then(|token| jwt::claim_twice(&token)).unwrap_or_default();
    world.judge_last(|exchange| claims::claims_stand_once(exchange, twice.as_deref()))
}

#[then("it is the TPP's certificate, by its thumbprint")]
fn token_says_whom(world: &mut World) -> Judged {
    let told = bound_to(world).unwrap_or_default();
    let own = world.tpp().map(|tpp| tpp.facts.thumbprint).unwrap_or_default();
    world.judge_last(|exchange| judge::says_bound_to(exchange, told.as_deref(), &own))
}

#[then("the access token opens nothing")]
fn token_refused(world: &mut World) -> Judged {
    world.judge_last(judge::token_refused)
}

#[then("the access token is refused with 401 and invalid_token")]
fn refused_as_invalid(world: &mut World) -> Judged {
    world.judge_last(judge::refused_as_invalid)
}

//! Revocation and introspection.

use cucumber::{given, then, when};
use reqwest::Method;

use super::{
    Judged, Prepared, World, arrived, lag,
    resource::{altered, use_token},
    token::{has_expired, has_redeemed_again, holds_access_token},
    world::own_client,
};
use crate::{
    evidence::{exchange::Exchange, operation::Operation},
    judge::{
        introspection::{self, Issued},
        resource, token as judge,
    },
    tpp::{
        Trouble,
        oauth::{
            form::{Form, form},
            jwt,
            pkce::random,
            token,
        },
        transport::Client,
    },
};

pub(super) async fn revoke(world: &mut World, client: &Client, fields: &Form, method: Method) -> Prepared {
    let session = world.session()?;
    let reply = token::revoke(&session, &world.check(), client, fields, method).await?;
    world.last = Some(reply.exchange);
    Ok(())
}

fn fields(world: &World, token: &str) -> Result<Form, Trouble> {
    Ok(form(&[("client_id", &world.tpp()?.client_id), ("token", token)]))
}

async fn revoke_own(world: &mut World, token: &str, hint: Option<&str>) -> Prepared {
    let mut fields = fields(world, token)?;
    fields.extend(hint.map(|hint| ("token_type_hint".to_owned(), hint.to_owned())));
    let session = world.session()?;
    revoke(world, own_client(&session), &fields, Method::POST).await
}

/// Revoking once more is no other request (RFC 7009 2.2): a server that locks its own database is asked again for so many
/// seconds.
const BUSY: u64 = 2;

async fn revoke_first(world: &mut World, token: &str, hint: &str) -> Prepared {
    let again = async |world: &mut World| revoke_own(world, token, Some(hint)).await;
    lag::until(world, BUSY, again, |world| world.last_status() != Some(500)).await?;
    // How long the server was busy says nothing of what is judged afterwards.
    world.waited = None;
    world.awaits_revocation = true;
    let response = world.last.as_ref().and_then(|exchange| exchange.response());
    match response.map(|response| response.status) {
        Some(200) => Ok(()),
        // Only refresh tokens must be revocable (RFC 7009 2).
        Some(400) if response.and_then(|it| it.json()).is_some_and(|it| it["error"] == "unsupported_token_type") => {
            Err(Trouble::DoesNotApply("the bank does not revoke tokens of that kind (RFC 7009 2.2.1)".into()))
        }
        status => Err(not_revoked(status)),
    }
}

/// Whoever is told 503 takes it that the token still exists (RFC 7009 2.2.1), as with whatever else stands before a server.
fn not_revoked(status: Option<u16>) -> Trouble {
    let purpose = "the revocation";
    let told = format!("{purpose} was answered {}", status.unwrap_or_default());
    arrived(status, purpose).err().unwrap_or(Trouble::Prerequisite(told))
}

#[given("the TPP has revoked its access token")]
async fn has_revoked(world: &mut World) -> Prepared {
    let token = world.access_token()?;
    revoke_first(world, &token, "access_token").await
}

#[given("the TPP has revoked that token")]
async fn has_revoked_that(world: &mut World) -> Prepared {
    let token = world.other_token.clone();
    let token = token.ok_or_else(|| Trouble::Prerequisite("there is no such token".into()))?;
    revoke_first(world, &token, "access_token").await
}

/// A bank that says that it does not revoke such tokens is not excused from what is told of one that was revoked.
#[given("the TPP has asked the bank to revoke its access token")]
async fn has_asked_to_revoke(world: &mut World) -> Prepared {
    let token = world.access_token()?;
    revoke_own(world, &token, Some("access_token")).await?;
    match world.last.as_ref().and_then(|exchange| exchange.status()) {
        Some(200) => world.awaits_revocation = true,
        // It says that it does not do that (RFC 7009 2.2.1).
        Some(400) => {}
        status => return Err(not_revoked(status)),
    }
    Ok(())
}

#[given("the TPP has revoked its access token with the wrong hint")]
async fn has_revoked_with_wrong_hint(world: &mut World) -> Prepared {
    let token = world.access_token()?;
    revoke_first(world, &token, "refresh_token").await
}

#[given("the TPP has revoked its refresh token")]
async fn has_revoked_refresh(world: &mut World) -> Prepared {
    let token = world.refresh_token()?;
    revoke_first(world, &token, "refresh_token").await
}

#[when("the TPP revokes its access token")]
async fn revokes(world: &mut World) -> Prepared {
    let token = world.access_token()?;
    revoke_own(world, &token, Some("access_token")).await
}

#[when("the TPP revokes a token that was never issued")]
async fn revokes_unknown(world: &mut World) -> Prepared {
    revoke_own(world, &random(32), None).await
}

#[when("the TPP sends a revocation request without a token")]
async fn revokes_nothing(world: &mut World) -> Prepared {
    let (session, fields) = (world.session()?, form(&[("client_id", &world.tpp()?.client_id)]));
    revoke(world, own_client(&session), &fields, Method::POST).await
}

#[when("the second TPP tries to revoke the TPP's access token")]
async fn second_revokes(world: &mut World) -> Prepared {
    let session = world.session()?;
    let second = session.second_tpp()?;
    let fields = form(&[("client_id", &second.client_id), ("token", &world.access_token()?)]);
    revoke(world, session.client(second), &fields, Method::POST).await?;
    arrived(world.last_status(), "the revocation")?;
    use_token(world, "Bearer").await
}

#[when("the TPP tries to revoke its access token by GET")]
async fn revokes_by_get(world: &mut World) -> Prepared {
    let (session, token) = (world.session()?, world.access_token()?);
    let fields = fields(world, &token)?;
    revoke(world, own_client(&session), &fields, Method::GET).await?;
    arrived(world.last_status(), "the revocation")?;
    use_token(world, "Bearer").await
}

/// Sends the access token to an endpoint without any certificate.
async fn anyone(world: &mut World, name: &str, purpose: &str) -> Prepared {
    let session = world.session()?;
    let endpoints = session.endpoints();
    let (operation, url) = match name {
        "revocation_endpoint" => (Operation::Revocation, &endpoints.revocation),
        _ => (Operation::Introspection, &endpoints.introspection),
    };
    let at = (operation, session.endpoint(name, url.as_ref())?);
    let fields = fields(world, &world.access_token()?)?;
    world.last = Some(token::knock(&session, &world.check(), at, &fields, (&"nobody".into(), None), purpose).await?);
    Ok(())
}

#[when("someone who does not authenticate revokes the access token")]
async fn anyone_revokes(world: &mut World) -> Prepared {
    anyone(world, "revocation_endpoint", "revoke a token without authenticating").await
}

#[when("someone who does not authenticate introspects the access token")]
async fn anyone_introspects(world: &mut World) -> Prepared {
    anyone(world, "introspection_endpoint", "introspect a token without authenticating").await
}

#[given("a token that was never issued")]
fn never_issued(world: &mut World) -> Prepared {
    world.other_token = Some(random(32));
    Ok(())
}

#[given("an access token that was revoked")]
async fn was_revoked(world: &mut World) -> Prepared {
    holds_access_token(world).await?;
    that_was_revoked(world).await
}

#[given("that access token was revoked")]
async fn that_was_revoked(world: &mut World) -> Prepared {
    has_revoked(world).await?;
    is_gone(world).await
}

/// The access token opens nothing any more, where that can be seen: introspection need not say that it is inactive before.
async fn is_gone(world: &mut World) -> Prepared {
    if world.protected_resource().is_ok() {
        use_token(world, "Bearer").await?;
        if world.last_was_served() {
            // Access tokens need not be revocable (RFC 7009 2), and what still works is active indeed.
            return Err(Trouble::DoesNotApply("the revoked access token still works at the protected resource".into()));
        }
    }
    world.other_token = Some(world.access_token()?);
    Ok(())
}

/// A bank may leave such a token alive (RFC 7009 2.1, RFC 6749 4.1.2): only what is seen to be dead is no good.
async fn must_be_gone(world: &mut World) -> Prepared {
    world.protected_resource().map_err(|_| {
        Trouble::DoesNotApply("there is no protected resource that would show whether the token is dead".into())
    })?;
    is_gone(world).await
}

#[given("an access token of a refresh token that was revoked")]
async fn of_revoked_grant(world: &mut World) -> Prepared {
    holds_access_token(world).await?;
    has_revoked_refresh(world).await?;
    must_be_gone(world).await
}

#[given("an access token of a code that was replayed")]
async fn of_replayed_code(world: &mut World) -> Prepared {
    holds_access_token(world).await?;
    has_redeemed_again(world).await?;
    must_be_gone(world).await
}

#[given("a refresh token that was revoked")]
async fn refresh_token_was_revoked(world: &mut World) -> Prepared {
    holds_access_token(world).await?;
    has_revoked_refresh(world).await?;
    world.other_token = Some(world.refresh_token()?);
    Ok(())
}

#[given("an access token with one character changed")]
async fn was_altered(world: &mut World) -> Prepared {
    holds_access_token(world).await?;
    world.other_token = Some(altered(&world.access_token()?));
    Ok(())
}

#[given("an access token that has expired")]
async fn expired(world: &mut World) -> Prepared {
    holds_access_token(world).await?;
    has_expired(world).await?;
    world.other_token = Some(world.access_token()?);
    Ok(())
}

#[when("the TPP introspects its access token")]
async fn introspects(world: &mut World) -> Prepared {
    let token = world.access_token()?;
    introspect(world, &form(&[("token", &token)])).await
}

#[when("the TPP introspects that token")]
async fn introspects_other(world: &mut World) -> Prepared {
    let token = world.other_token.clone();
    let token = token.ok_or_else(|| Trouble::Prerequisite("there is no such token".into()))?;
    let seconds = if world.awaits_revocation { world.session()?.target.tolerances.token_revocation() } else { 0 };
    let is_told = |world: &World| world.last.as_ref().is_some_and(|last| says_inactive(last));
    lag::until(world, seconds, async |world: &mut World| introspect(world, &form(&[("token", &token)])).await, is_told)
        .await
}

pub(super) async fn introspect(world: &mut World, fields: &Form) -> Prepared {
    let (session, tpp) = (world.session()?, world.tpp()?);
    world.last = Some(token::introspect_with(&session, &world.check(), &tpp, fields).await?.exchange);
    Ok(())
}

#[when(regex = r#"^the TPP introspects its access token with the token_type_hint "(.*)"$"#)]
async fn introspects_with_hint(world: &mut World, hint: String) -> Prepared {
    let token = world.access_token()?;
    introspect(world, &form(&[("token", &token), ("token_type_hint", &hint)])).await
}

#[when("the second TPP introspects the TPP's access token")]
async fn second_introspects(world: &mut World) -> Prepared {
    let (session, token) = (world.session()?, world.access_token()?);
    let second = session.second_tpp()?;
    world.last = Some(token::introspect(&session, &world.check(), second, &token).await?.exchange);
    Ok(())
}

#[given("the TPP has introspected its access token")]
async fn has_introspected(world: &mut World) -> Prepared {
    introspects(world).await?;
    arrived(world.last_status(), "the introspection")
}

#[given("the TPP has used its access token")]
async fn has_used(world: &mut World) -> Prepared {
    use_token(world, "Bearer").await?;
    match world.last_was_served() {
        true => Ok(()),
        false => Err(Trouble::Prerequisite("the bank did not serve the access token while it was good".into())),
    }
}

/// It says that the token is inactive.
fn says_inactive(exchange: &Exchange) -> bool {
    exchange.response().and_then(|response| response.json()).is_some_and(|told| told["active"] == false)
}

/// It says that the bank does not revoke tokens of that kind (RFC 7009 2.2.1).
fn says_unsupported(exchange: &Exchange) -> bool {
    let response = exchange.response().filter(|response| response.status == 400);
    response.and_then(|response| response.json()).is_some_and(|told| told["error"] == "unsupported_token_type")
}

/// A token by its name in the catalogue.
fn token_named(world: &World, name: &str) -> Result<String, Trouble> {
    match name {
        "its refresh token" => world.refresh_token(),
        "a token that was never issued" => Ok(random(32)),
        _ => world.access_token(),
    }
}

/// A bank that does not revoke tokens of that kind says so whatever the hint (RFC 7009 2.2.1).
#[when(
    regex = r#"^the TPP revokes (its access token|its refresh token|a token that was never issued) with the token_type_hint "(.*)"$"#
)]
async fn revokes_with_hint(world: &mut World, name: String, hint: String) -> Prepared {
    let token = token_named(world, &name)?;
    revoke_own(world, &token, Some(&hint)).await?;
    let odd = world.last.take();
    if odd.as_ref().is_some_and(|exchange| says_unsupported(exchange)) {
        revoke_own(world, &token, None).await?;
        if world.last.as_ref().is_some_and(|exchange| says_unsupported(exchange)) {
            return Err(Trouble::DoesNotApply("the bank does not revoke tokens of that kind (RFC 7009 2.2.1)".into()));
        }
    }
    world.last = odd;
    Ok(())
}

#[given(regex = r#"^the TPP has revoked (its access token|its refresh token) with the token_type_hint "(.+)"$"#)]
async fn has_revoked_with_hint(world: &mut World, name: String, hint: String) -> Prepared {
    let token = token_named(world, &name)?;
    revoke_first(world, &token, &hint).await
}

#[then("the revocation is acknowledged")]
fn acknowledged(world: &mut World) -> Judged {
    world.judge_last(judge::acknowledged)
}

#[then("the wrong hint has not kept the token alive")]
fn hint_without_effect(world: &mut World) -> Judged {
    world.judge_last(resource::token_revoked)
}

#[then("the access token has gone with it")]
#[then("the revocation of the token is noticed")]
fn gone_with_it(world: &mut World) -> Judged {
    world.judge_last(resource::token_revoked)
}

#[then("the revocation is refused")]
fn refused(world: &mut World) -> Judged {
    world.judge_last(judge::turned_away)
}

#[then("the token is active")]
fn active(world: &mut World) -> Judged {
    world.judge_last(|exchange| introspection::is_active(exchange, true))
}

#[then("the token is inactive")]
fn inactive(world: &mut World) -> Judged {
    world.judge_last(|exchange| introspection::is_active(exchange, false))
}

#[then("nothing else is said about the token")]
fn says_nothing_else(world: &mut World) -> Judged {
    world.judge_last(introspection::says_nothing_else)
}

#[then("the token is bound to the TPP's certificate")]
fn bound(world: &mut World) -> Judged {
    let thumbprint = world.tpp().map(|tpp| tpp.facts.thumbprint).unwrap_or_default();
    world.judge_last(|exchange| introspection::is_bound_to(exchange, &thumbprint))
}

#[then("what is told of the token is what was issued")]
fn as_issued(world: &mut World) -> Judged {
    let client_id = world.tpp().map(|tpp| tpp.client_id).unwrap_or_default();
    let client_id = world.session().map(|session| session.recorder.redact(&client_id)).unwrap_or_default();
    let tokens = world.tokens.last();
    let lifetime = tokens.and_then(|tokens| tokens.expires_in);
    let by_token = tokens.and_then(|tokens| jwt::issued_at(tokens.access_token.as_deref()?));
    // A clock that is moved need not be the one that dates the answers.
    let has_one_clock = world.session().is_ok_and(|session| session.target.clock.is_none());
    let at = by_token.or_else(|| tokens.filter(|_| has_one_clock).and_then(|tokens| tokens.issued_at));
    let issued = Issued { client_id: &client_id, lifetime, at };
    world.judge_last(|exchange| introspection::as_issued(exchange, issued))
}

#[then("nothing is told of the token")]
fn nothing_told(world: &mut World) -> Judged {
    world.judge_last(introspection::tells_nothing)
}

#[then("nothing is learned about the token")]
fn nothing_learned(world: &mut World) -> Judged {
    world.judge_last(introspection::nothing_learned)
}

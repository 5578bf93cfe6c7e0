//! The token endpoint.

use cucumber::{given, then, when};

use super::{Judged, Prepared, World, arrived, lag, quoted, world::own_client};
use crate::{
    evidence::operation::Operation,
    judge::{Finding, authorization, token as judge},
    tpp::{
        Trouble, clock,
        oauth::{
            form::{Form, form, with},
            pkce::{ProofKey, random},
            token,
        },
        session::Session,
    },
};

/// Scopes to ask for in addition: the first that was not granted, as account information where a payment was agreed to.
const WIDER: [&str; 3] = ["accounts", "payments", "admin"];
/// What a clock that counts whole seconds may be off by.
const ROUNDING: u64 = 1;

/// Sends a token request as the TPP.
pub(super) async fn redeem(world: &mut World, form: Form, purpose: &str) -> Prepared {
    let session = world.session()?;
    let reply = token::request(&session, &world.check(), own_client(&session), &form, purpose).await?;
    world.take(&reply);
    Ok(())
}

/// The correct token request for the last code.
pub(super) fn redemption(world: &World) -> Result<Form, Trouble> {
    world.last_authorization()?.redemption(&world.tpp()?)
}

#[given("the TPP has redeemed the authorization code")]
pub(super) async fn has_redeemed(world: &mut World) -> Prepared {
    let before = world.tokens.len();
    redeems(world).await?;
    if world.tokens.len() > before {
        return Ok(());
    }
    Err(Trouble::Prerequisite("the bank issued no token for the code".into()))
}

#[given("the TPP has redeemed the authorization code once more")]
pub(super) async fn has_redeemed_again(world: &mut World) -> Prepared {
    // What comes of it is not kept: the token under test is the first one.
    let (form, session) = (redemption(world)?, world.session()?);
    let purpose = "redeem the code again";
    let reply = token::request(&session, &world.check(), own_client(&session), &form, purpose).await?;
    arrived(Some(reply.status), "the second redemption of the code")?;
    world.awaits_revocation = true;
    Ok(())
}

#[when("the TPP redeems the authorization code twice at the same time")]
async fn redeems_twice(world: &mut World) -> Prepared {
    let (form, session) = (redemption(world)?, world.session()?);
    let check = world.check();
    let purposes = ["redeem the code", "redeem the code at the same time"];
    let one = |purpose| Box::pin(token::request(&session, &check, own_client(&session), &form, purpose));
    let (first, second) = tokio::join!(one(purposes[0]), one(purposes[1]));
    let (first, second) = (first?, second?);
    world.take(&first);
    world.beside = world.last.take();
    world.take(&second);
    Ok(())
}

#[then("one of the two at most brings an access token")]
fn one_token(world: &mut World) -> Judged {
    let finding = match (&world.beside, &world.last) {
        (Some(first), Some(second)) => judge::one_of_two(first, second),
        _ => Finding::Unclear("there are no two answers".into()),
    };
    world.judge(finding)
}

#[given("the TPP holds an access token")]
#[given("the TPP holds an access token for a second payment")]
pub(super) async fn holds_access_token(world: &mut World) -> Prepared {
    let request = world.request().await?;
    world.need_code(request).await?;
    has_redeemed(world).await
}

#[given("the TPP holds a refresh token")]
fn holds_refresh_token(world: &mut World) -> Prepared {
    world.refresh_token().map(|_| ())
}

#[given(expr = "{int} seconds have passed")]
async fn seconds_have_passed(world: &mut World, seconds: u64) -> Prepared {
    clock::advance(&*world.session()?, &world.check(), seconds).await
}

#[given("the access token has expired")]
pub(super) async fn has_expired(world: &mut World) -> Prepared {
    let lifetime = world.tokens.last().and_then(|tokens| tokens.expires_in);
    let lifetime =
        lifetime.ok_or_else(|| Trouble::DoesNotApply("the bank does not say when its token expires".into()))?;
    let session = world.session()?;
    let late = session.target.tolerances.token_expiry().saturating_add(ROUNDING);
    clock::advance(&session, &world.check(), lifetime.saturating_add(late)).await
}

#[when("the TPP redeems the authorization code")]
async fn redeems(world: &mut World) -> Prepared {
    let form = redemption(world)?;
    redeem(world, form, "redeem the authorization code").await
}

#[when("the TPP redeems the authorization code with another code_verifier")]
async fn redeems_with_other_verifier(world: &mut World) -> Prepared {
    let form = with(redemption(world)?, "code_verifier", Some(&ProofKey::fresh().verifier));
    redeem(world, form, "redeem the code with another code_verifier").await
}

#[when(regex = r"^the TPP sends a token request with (.+)$")]
async fn sends_wrong_request(world: &mut World, what: String) -> Prepared {
    let right = redemption(world)?;
    let form = match what.as_str() {
        "a code that is no code" => with(right, "code", Some("no-code-of-this-bank")),
        "another code_verifier" => with(right, "code_verifier", Some(&ProofKey::fresh().verifier)),
        "no code_verifier" => with(right, "code_verifier", None),
        "another redirect_uri" => {
            let uri = format!("{}/other", world.tpp()?.redirect_uri());
            with(right, "redirect_uri", Some(&uri))
        }
        "no grant_type" => with(right, "grant_type", None),
        _ => return Err(Trouble::Harness(format!("nobody knows what a token request with {what} is"))),
    };
    redeem(world, form, &format!("send a token request with {what}")).await
}

#[when("the TPP redeems the authorization code and also sends an unknown parameter")]
async fn redeems_with_unknown(world: &mut World) -> Prepared {
    let form = with(redemption(world)?, "bankproof_unknown", Some("1"));
    redeem(world, form, "redeem the code with an unknown parameter besides").await
}

#[when(expr = "the TPP redeems the authorization code without {string}")]
async fn redeems_without(world: &mut World, parameter: String) -> Prepared {
    let form = with(redemption(world)?, &parameter, None);
    redeem(world, form, "redeem the code with a parameter left out").await
}

#[when(regex = r"^the TPP redeems the authorization code with (another|no) redirect_uri$")]
async fn redeems_with_other_uri(world: &mut World, which: String) -> Prepared {
    let other = format!("{}/other", world.tpp()?.redirect_uri());
    let form = with(redemption(world)?, "redirect_uri", (which == "another").then_some(other.as_str()));
    redeem(world, form, &format!("redeem the code with {which} redirect_uri")).await
}

#[when("the TPP redeems the first code with the code_verifier of the second flow")]
async fn redeems_crosswise(world: &mut World) -> Prepared {
    let second = world.last_authorization()?.request.proof_key.verifier.clone();
    let first = world.authorizations.first().cloned();
    let first = first.ok_or_else(|| Trouble::Prerequisite("there is no first flow".into()))?;
    let form = with(first.redemption(&world.tpp()?)?, "code_verifier", Some(&second));
    redeem(world, form, "redeem the first code with the second verifier").await
}

#[when("the TPP redeems the authorization code by GET")]
async fn redeems_by_get(world: &mut World) -> Prepared {
    let (form, session) = (redemption(world)?, world.session()?);
    let purpose = "redeem the code by GET";
    let reply = token::request_by_get(&session, &world.check(), own_client(&session), &form, purpose).await?;
    world.take(&reply);
    Ok(())
}

#[when("the TPP redeems the authorization code with its renewed certificate")]
async fn redeems_renewed(world: &mut World) -> Prepared {
    let (form, session) = (redemption(world)?, world.session()?);
    let purpose = "redeem the code with the renewed certificate";
    let reply = token::request(&session, &world.check(), session.renewed()?, &form, purpose).await?;
    world.take(&reply);
    Ok(())
}

#[when("the second TPP redeems the authorization code")]
async fn second_redeems(world: &mut World) -> Prepared {
    let second = world.session()?.second_tpp()?.client_id.clone();
    let form = with(redemption(world)?, "client_id", Some(&second));
    send_as_second(world, form, "redeem another TPP's code").await
}

#[when("the second TPP redeems the authorization code under the first TPP's client_id")]
async fn second_redeems_as_first(world: &mut World) -> Prepared {
    let form = redemption(world)?;
    send_as_second(world, form, "redeem the code under another TPP's client_id").await
}

async fn send_as_second(world: &mut World, form: Form, purpose: &str) -> Prepared {
    let session = world.session()?;
    let client = session.client(session.second_tpp()?);
    let reply = token::request(&session, &world.check(), client, &form, purpose).await?;
    world.take(&reply);
    Ok(())
}

#[when("someone who does not authenticate redeems the authorization code")]
async fn anyone_redeems(world: &mut World) -> Prepared {
    let (form, session) = (redemption(world)?, world.session()?);
    let url = session.endpoint("token_endpoint", session.endpoints().token.as_ref())?;
    let purpose = "redeem the code without authenticating";
    world.last = Some(
        token::knock(&session, &world.check(), (Operation::Token, url), &form, (&"nobody".into(), None), purpose)
            .await?,
    );
    Ok(())
}

#[when(
    regex = r"^someone who does not authenticate (refreshes with the TPP's refresh token|asks for a token by client credentials)$"
)]
async fn anyone_asks(world: &mut World, what: String) -> Prepared {
    let form = match what.starts_with("refreshes") {
        true => refresh(world)?,
        false => form(&[("grant_type", "client_credentials"), ("client_id", &world.tpp()?.client_id)]),
    };
    let session = world.session()?;
    let at = (Operation::Token, session.endpoint("token_endpoint", session.endpoints().token.as_ref())?);
    let nobody = (&"nobody".into(), None);
    let purpose = "ask for a token without authenticating";
    world.last = Some(token::knock(&session, &world.check(), at, &form, nobody, purpose).await?);
    Ok(())
}

#[when("the second TPP refreshes under the first TPP's client_id")]
async fn second_refreshes_as_first(world: &mut World) -> Prepared {
    let form = refresh(world)?;
    send_as_second(world, form, "refresh under another TPP's client_id").await
}

#[when("the TPP redeems a code that was never issued")]
async fn redeems_garbage(world: &mut World) -> Prepared {
    let tpp = world.tpp()?;
    let form = form(&[
        ("grant_type", "authorization_code"),
        ("client_id", &tpp.client_id),
        ("code", &random(32)),
        ("redirect_uri", tpp.redirect_uri()),
        ("code_verifier", &ProofKey::fresh().verifier),
    ]);
    redeem(world, form, "redeem a code that was never issued").await
}

#[when(expr = "the TPP asks for a token with grant_type {string}")]
async fn asks_with_grant(world: &mut World, grant: String) -> Prepared {
    let client_id = world.tpp()?.client_id;
    let mut fields = form(&[("grant_type", &grant), ("client_id", &client_id)]);
    if grant == "password" {
        let (username, password) = own_credentials(&*world.session()?).unwrap_or(("bankproof".into(), random(16)));
        fields.extend(form(&[("username", &username), ("password", &password)]));
    }
    redeem(world, fields, "ask for a token by a grant that is not offered").await
}

/// The test customer's, where the target file leaves no doubt: a bank that looks at them first says nothing of the grant to whoever has
/// none. Never a customer's of a production system.
fn own_credentials(session: &Session) -> Option<(String, String)> {
    if session.target.restraint.objection().is_some() {
        return None;
    }
    let psu = session.target.psu.as_ref()?;
    let code = psu.one_time_code.as_ref().map(|name| name.get_ref().as_str());
    let mut passwords = psu.secrets.iter().filter(|(name, _)| Some(name.as_str()) != code).map(|(_, secret)| secret);
    match (psu.fields.values().next(), psu.fields.len(), passwords.next(), passwords.next()) {
        (Some(username), 1, Some(password), None) => Some((username.clone(), password.value().to_owned())),
        _ => None,
    }
}

#[when("the TPP asks for a token by client credentials")]
pub(super) async fn asks_by_client_credentials(world: &mut World) -> Prepared {
    let (session, client_id) = (world.session()?, world.tpp()?.client_id);
    let fields = form(&[("grant_type", "client_credentials"), ("client_id", &client_id)]);
    let purpose = "ask for a token by client credentials";
    let reply = token::request(&session, &world.check(), own_client(&session), &fields, purpose).await?;
    if token::is_barred(&reply) {
        return Err(Trouble::DoesNotApply("the bank does not let this TPP have the client credentials grant".into()));
    }
    world.take(&reply);
    Ok(())
}

#[when("the TPP refreshes its access token")]
async fn refreshes(world: &mut World) -> Prepared {
    let session = world.session()?;
    let seconds = if world.awaits_revocation { session.target.tolerances.token_revocation() } else { 0 };
    // Where a try brought a new refresh token, the one before it is used up, and its refusal would show nothing.
    let ask = async |world: &mut World| {
        let form = refresh(world)?;
        redeem(world, form, "refresh the access token").await
    };
    lag::until(world, seconds, ask, |world| !world.last_was_served()).await
}

#[given("the TPP has refreshed its access token")]
async fn has_refreshed(world: &mut World) -> Prepared {
    let (form, before) = (refresh(world)?, world.tokens.len());
    redeem(world, form, "refresh the access token").await?;
    match world.tokens.len() > before {
        true => Ok(()),
        false => Err(Trouble::Prerequisite("the bank did not refresh the access token".into())),
    }
}

#[when("the TPP refreshes its access token twice with the same refresh token")]
async fn refreshes_twice(world: &mut World) -> Prepared {
    let (form, before) = (refresh(world)?, world.tokens.len());
    redeem(world, form.clone(), "refresh the access token").await?;
    if world.tokens.len() == before {
        return Err(Trouble::Prerequisite("the bank did not refresh the access token the first time".into()));
    }
    redeem(world, form, "refresh the access token with the same refresh token again").await
}

#[when("the TPP refreshes its access token and asks for a wider scope")]
async fn refreshes_wider(world: &mut World) -> Prepared {
    let granted = granted(world);
    let wider = format!("{granted} {}", beyond(&granted));
    let form = with(refresh(world)?, "scope", Some(&wider));
    redeem(world, form, "refresh with a wider scope").await
}

/// The scope of the grant: as the first token response says, or else as it was asked for (RFC 6749 5.1).
fn granted(world: &World) -> String {
    let told = world.tokens.first().and_then(|tokens| tokens.scope.clone());
    let asked = || world.last_authorization().ok()?.request.get("scope").map(str::to_owned);
    told.or_else(asked).unwrap_or_default()
}

fn beyond(granted: &str) -> &'static str {
    WIDER.into_iter().find(|scope| granted.split(' ').all(|one| one != *scope)).unwrap_or("admin")
}

#[when("the second TPP refreshes with the TPP's refresh token")]
async fn second_refreshes(world: &mut World) -> Prepared {
    let second = world.session()?.second_tpp()?.client_id.clone();
    let form = with(refresh(world)?, "client_id", Some(&second));
    send_as_second(world, form, "refresh with another TPP's refresh token").await
}

pub(super) fn refresh(world: &World) -> Result<Form, Trouble> {
    Ok(form(&[
        ("grant_type", "refresh_token"),
        ("client_id", &world.tpp()?.client_id),
        ("refresh_token", &world.refresh_token()?),
    ]))
}

#[then("an access token is issued")]
fn issued(world: &mut World) -> Judged {
    world.judge_last(judge::issued)
}

#[then("the token request is refused")]
fn turned_down(world: &mut World) -> Judged {
    world.judge_last(judge::turned_down)
}

#[then("the token request is refused, and the bank does not fail on it")]
fn turned_down_without_failing(world: &mut World) -> Judged {
    world.judge_last(judge::turned_down_without_failing)
}

#[then(regex = r"^the refusal of the token request is named (.+)$")]
fn refusal_named(world: &mut World, codes: String) -> Judged {
    world.judge_last(|exchange| judge::refusal_named(exchange, &quoted(&codes)))
}

#[then(regex = r"^the token request is refused with (.+)$")]
fn refused(world: &mut World, codes: String) -> Judged {
    world.judge_last(|exchange| judge::refused(exchange, &quoted(&codes)))
}

#[then("no token has been issued")]
fn none_issued(world: &mut World) -> Judged {
    if world.last.is_none() {
        return world.judge_authorization(authorization::no_code);
    }
    world.judge_last(judge::none_issued)
}

#[then("the token response is JSON with \"access_token\" and \"token_type\"")]
fn has_required_members(world: &mut World) -> Judged {
    world.judge_last(judge::has_required_members)
}

#[then("the token response forbids caching")]
fn forbids_caching(world: &mut World) -> Judged {
    world.judge_last(judge::forbids_caching)
}

#[then("the token response says how long the token lives")]
fn says_lifetime(world: &mut World) -> Judged {
    world.judge_last(judge::says_lifetime)
}

#[then("the password grant is refused")]
fn password_grant_refused(world: &mut World) -> Judged {
    world.judge_last(judge::password_grant_refused)
}

#[then("no refresh token is issued")]
fn without_refresh_token(world: &mut World) -> Judged {
    world.judge_last(judge::without_refresh_token)
}

#[then("no wider scope has been granted")]
fn not_widened(world: &mut World) -> Judged {
    let added = beyond(&granted(world));
    world.judge_last(|exchange| judge::scope_not_widened(exchange, added))
}

//! Each role against each endpoint.

use cucumber::{given, then, when};

use super::{Judged, Prepared, World, resource};
use crate::{
    evidence::{operation::Operation, speaker::Speaker},
    judge::{payment as judge, token as token_judge},
    pki::{PkiError, Role},
    targets::{Identity, KeyPair},
    tpp::{
        Trouble,
        api::request::{self, Ask},
        oauth::{form::form, token},
        transport::Client,
    },
};

/// `PSP_AI and PSP_IC`.
fn roles(words: &str) -> Result<Vec<Role>, Trouble> {
    let read = |word: &str| word.parse().map_err(|error: PkiError| Trouble::Harness(error.to_string()));
    words.split(" and ").map(read).collect()
}

/// The TPP as it would be with those roles alone.
fn with_roles(world: &World, words: &str) -> Result<(Speaker, KeyPair), Trouble> {
    let pair = world.session()?.certificate_with_roles(&roles(words)?)?;
    Ok((Speaker::of(&world.tpp()?.name, &format!("{words} alone")), pair))
}

pub(super) fn client(world: &World, words: &str) -> Result<Client, Trouble> {
    let (session, (name, pair)) = (world.session()?, with_roles(world, words)?);
    Client::new(&session.target, &name, Some(&pair), &session.recorder)
}

#[when(regex = r"^the status of the payment is asked for with a certificate for (PSP_.+)$")]
async fn asks_status(world: &mut World, words: String) -> Prepared {
    about(world, &words, Operation::Status, "ask for the status of the payment").await
}

#[when(regex = r"^the payment is cancelled with a certificate for (PSP_.+)$")]
async fn cancels(world: &mut World, words: String) -> Prepared {
    about(world, &words, Operation::Cancellation, "cancel the payment").await
}

#[when(regex = r"^an authorisation is started with a certificate for (PSP_.+)$")]
async fn starts(world: &mut World, words: String) -> Prepared {
    about(world, &words, Operation::Authorisation, "start an authorisation").await
}

/// Asks for that operation on what was lodged last, with a certificate for those roles.
pub(super) async fn about(world: &mut World, words: &str, operation: Operation, purpose: &str) -> Prepared {
    let (session, client) = (world.session()?, client(world, words)?);
    let url = world.url_of(operation)?;
    let ask = Ask::new(operation, &url, purpose);
    world.last = Some(request::attempt(&session, &world.check(), &client, ask).await?);
    Ok(())
}

#[given(regex = r"^the access token was issued under a certificate for (PSP_.+)$")]
async fn token_issued(world: &mut World, words: String) -> Prepared {
    let (session, tpp, client) = (world.session()?, world.tpp()?, client(world, &words)?);
    let fields = world.last_authorization()?.redemption(&tpp)?;
    let purpose = "redeem the authorization code";
    match token::attempt(&session, &world.check(), &client, &fields, purpose).await? {
        Ok(reply) => world.take(&reply),
        Err(none) if none.is_a_refusal() => {}
        Err(none) => return Err(none.trouble()),
    }
    world.licensed_otherwise = Some(client);
    match world.tokens.is_empty() {
        false => Ok(()),
        true => Err(Trouble::DoesNotApply("the token endpoint looks at the role already".into())),
    }
}

#[when("the payment is read with that token and certificate")]
async fn reads(world: &mut World) -> Prepared {
    let token = world.access_token()?;
    let client = world.licensed_otherwise.take();
    let client = client.ok_or_else(|| Trouble::Prerequisite("there is no such certificate".into()))?;
    resource::use_as(world, &client, &token).await
}

#[when("the TPP that is licensed for account information alone asks for a token for payments")]
async fn ais_only_asks(world: &mut World) -> Prepared {
    let session = world.session()?;
    let missing = || Trouble::Prerequisite("the target file has no TPP with account information alone".into());
    let tpp = session.target.ais_only_tpp().ok_or_else(missing)?;
    let fields = |tpp: &Identity| {
        form(&[("grant_type", "client_credentials"), ("client_id", &tpp.client_id), ("scope", PAYMENTS)])
    };
    let (licensed, purpose) = (session.target.tpp(), "ask for the same as a TPP that is licensed for payments");
    let outcome =
        token::attempt(&session, &world.check(), session.client(licensed), &fields(licensed), purpose).await?;
    let granted = outcome.ok().map(|reply| reply.json()).unwrap_or_default();
    let scope = granted["scope"].as_str().unwrap_or(PAYMENTS);
    if !granted["access_token"].is_string() || !scope.split(' ').any(|word| word == PAYMENTS) {
        let why = format!("the scope \"{PAYMENTS}\" is not given to a TPP that is licensed for payments either");
        return Err(Trouble::DoesNotApply(why));
    }
    let fields = fields(tpp);
    let purpose = "ask for a token for payments by client credentials";
    let outcome = token::attempt(&session, &world.check(), session.client(tpp), &fields, purpose).await?;
    world.last = Some(outcome.map_or_else(|none| none.exchange, |reply| reply.exchange));
    Ok(())
}

/// The scope that many banks call so (NextGenPSD2 itself has `PIS` for one payment).
const PAYMENTS: &str = "payments";

#[then("the request is refused for want of the role")]
fn refused(world: &mut World) -> Judged {
    world.judge_last(judge::refused)
}

#[then("no token for payments is issued")]
fn not_for_payments(world: &mut World) -> Judged {
    world.judge_last(|exchange| token_judge::scope_not_widened(exchange, PAYMENTS))
}

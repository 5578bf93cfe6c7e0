//! What a TPP keeps when it renews its certificate.

use cucumber::{then, when};
use uuid::Uuid;

use super::{Judged, Prepared, World};
use crate::{
    evidence::{operation::Operation, speaker::Speaker},
    judge::certificate as judge,
    tpp::{
        Trouble,
        api::{
            Draft,
            request::{self, Ask},
        },
        trust_service::{self, Source},
    },
};

#[when(
    regex = r"^the TPP (asks for the status of|cancels|starts an authorisation of) the payment with its renewed certificate$"
)]
async fn renewed_about(world: &mut World, what: String) -> Prepared {
    let session = world.session()?;
    let operation = match what.as_str() {
        "cancels" => Operation::Cancellation,
        "starts an authorisation of" => Operation::Authorisation,
        _ => Operation::Status,
    };
    let (url, purpose) = (world.url_of(operation)?, format!("{what} the payment after the renewal"));
    let ask = Ask::new(operation, &url, &purpose);
    world.last = Some(request::attempt(&session, &world.check(), session.renewed()?, ask).await?);
    Ok(())
}

#[when("a TPP comes back with its old certificate after it has shown its new one")]
async fn back_with_old(world: &mut World) -> Prepared {
    world.strangers_may_come()?;
    let session = world.session()?;
    let name = Uuid::new_v4().simple().to_string()[..8].to_uppercase();
    let new = || trust_service::strangers_certificate(&session, &name, Source::Ocsp);
    let (old, renewed) = (new()?, new()?);
    for (how, pair) in
        [("old certificate", &old.pair), ("new certificate", &renewed.pair), ("old one again", &old.pair)]
    {
        let mut stranger = world.tpp()?;
        stranger.redirect_uris = vec![format!("https://tpp-{}.example/callback", name.to_lowercase())];
        let draft = Draft::new(&session, &stranger)?;
        let who = Speaker::of(&format!("tpp-{}", name.to_lowercase()), how);
        if how == "old one again" && world.last.as_ref().and_then(|exchange| exchange.status()) != Some(201) {
            return Err(Trouble::DoesNotApply("the bank serves no TPP that it has not seen before".into()));
        }
        world.last = Some(request::initiate_under(&session, &world.check(), &draft, (&who, Some(pair))).await?);
    }
    Ok(())
}

#[then("the payment is still the TPP's")]
fn still_its_own(world: &mut World) -> Judged {
    let words = world.words();
    world.judge_last(|exchange| judge::not_a_stranger(exchange, words))
}

#[then("its old certificate is let in")]
fn old_let_in(world: &mut World) -> Judged {
    let words = world.words();
    world.judge_last(|exchange| judge::let_in(exchange, words))
}

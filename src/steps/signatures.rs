//! Signatures on messages.

use std::sync::Arc;

use cucumber::{then, when};

use super::{Judged, Prepared, World, world::own_client};
use crate::{
    evidence::speaker::Speaker,
    judge::signature as judge,
    targets::signing::{Form, SealNames},
    tpp::{
        Trouble,
        api::request,
        made_seals,
        signing::{self, How, Seal, answer},
    },
};

/// The forms as the scenarios call them.
fn form(name: &str) -> Form {
    match name {
        "UK" => Form::UkJws,
        "RFC 9421" => Form::Rfc9421,
        _ => Form::BerlinGroup,
    }
}

#[when("the TPP initiates a payment without a signature")]
async fn unsigned(world: &mut World) -> Prepared {
    let draft = world.draft()?.signed(How::Not);
    world.initiate(&draft).await.map(|_| ())
}

#[when(regex = r"^the TPP initiates a payment signed in the (Berlin Group|UK|RFC 9421) form$")]
async fn signed(world: &mut World, name: String) -> Prepared {
    initiate(world, form(&name), String::new(), None).await
}

#[when(regex = r"^the TPP initiates a payment signed in the (Berlin Group|UK|RFC 9421) form, with (.+)$")]
async fn varied(world: &mut World, name: String, variation: String) -> Prepared {
    initiate(world, form(&name), variation, None).await
}

#[when(
    regex = r"^the TPP initiates a payment under (its QWAC|an expired seal|a seal of an unknown CA|a seal with an EC key|the second TPP's seal)$"
)]
async fn under(world: &mut World, whose: String) -> Prepared {
    let session = world.session()?;
    let seal = match whose.as_str() {
        "its QWAC" => Arc::new(Seal::open(&session.target.tpp().qwac, &SealNames::default())?),
        "an expired seal" => Arc::new(made_seals::expired(&session.target)?),
        "a seal with an EC key" => Arc::new(made_seals::with_ec_key(&session.target)?),
        "a seal of an unknown CA" => Arc::new(made_seals::of_unknown_ca(&session.target)?),
        _ => {
            let missing = || Trouble::Prerequisite("the second TPP has no seal".into());
            session.seal(&Speaker::named(&session.second_tpp()?.name)).cloned().ok_or_else(missing)?
        }
    };
    initiate(world, Form::BerlinGroup, String::new(), Some(seal)).await
}

async fn initiate(world: &mut World, form: Form, variation: String, seal: Option<Arc<Seal>>) -> Prepared {
    let session = world.session()?;
    if let Some(signing) = &session.target.signing {
        signing::applies(signing, form, &variation)?;
    }
    let draft = world.draft()?.signed(How::Varied { form, variation, seal });
    let client = own_client(&session);
    let (sent, reply) = request::initiate_as_sent(&session, &world.check(), client, &draft).await?;
    world.signature = answer::facts(&session.target, form, &sent, &reply).ok();
    world.last = Some(reply.exchange);
    Ok(())
}

#[then("the signed initiation is accepted")]
fn accepted(world: &mut World) -> Judged {
    let words = world.words();
    world.judge_last(|exchange| judge::accepted(exchange, words))
}

#[then("the initiation is refused, and the bank does not fail over it")]
fn refused_without_failing(world: &mut World) -> Judged {
    world.judge_last(judge::refused_without_failing)
}

#[then("the answer is signed, and the signature fits")]
fn answer_is_signed(world: &mut World) -> Judged {
    world.judge_signature(judge::answer_signed)
}

#[then("the signature of the answer says all that it must")]
fn answer_is_complete(world: &mut World) -> Judged {
    world.judge_signature(judge::answer_complete)
}

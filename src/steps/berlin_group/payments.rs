//! What Berlin Group alone says of payments: links, scaStatus, cancellation.

use std::sync::Arc;

use cucumber::{given, then, when};
use uuid::Uuid;

use super::decoupled::FINAL;
use crate::{
    evidence::{exchange::Exchange, operation::Operation},
    judge::{Finding, berlin_group as judge, every_answer},
    steps::{
        Judged, Prepared, World, lag,
        payments::{ask, ask_at},
        quoted, roles,
        token::has_redeemed,
        world::own_client,
    },
    tpp::{
        Trouble,
        api::{Field, Fresh, lodge, request},
    },
};

#[when("the TPP asks for the scaStatus")]
async fn asks_sca_status(world: &mut World) -> Prepared {
    let url = world.url_of(Operation::ScaStatus)?;
    asks_until_final(world, &url).await
}

/// No clause says how soon a scaStatus tells what the customer has done.
pub(super) async fn asks_until_final(world: &mut World, url: &str) -> Prepared {
    let seconds = world.session()?.target.tolerances.sca_status();
    let ask = async |world: &mut World| ask_at(world, Operation::ScaStatus, url, "ask for the scaStatus").await;
    lag::until(world, seconds, ask, |world| world.last.as_ref().is_none_or(|last| is_told(last))).await
}

/// It is final, or no scaStatus is told at all.
fn is_told(exchange: &Exchange) -> bool {
    let json = exchange.response().and_then(|response| response.json()).unwrap_or_default();
    json["scaStatus"].as_str().is_none_or(|status| FINAL.contains(&status))
}

#[when("the TPP asks for the scaStatus before anybody has asked the PSU")]
async fn asks_sca_status_at_once(world: &mut World) -> Prepared {
    let seconds = world.session()?.target.tolerances.sca_status();
    let purpose = "ask for the scaStatus before the PSU was asked";
    let ask = async |world: &mut World| ask(world, Operation::ScaStatus, purpose).await;
    // A server that has not heard of the authorisation yet may hear of it.
    lag::until(world, seconds, ask, |world| world.last.as_ref().is_none_or(|last| last.status() != Some(404))).await
}

/// Within the window in which one server of the bank may know more than another.
#[when("the TPP reads the payment, and asks for its status")]
async fn reads_and_asks(world: &mut World) -> Prepared {
    let seconds = world.session()?.target.tolerances.sca_status();
    let both = async |world: &mut World| {
        ask(world, Operation::Payment, "read the payment").await?;
        world.beside = world.last.take();
        ask(world, Operation::Status, "ask for the status of the payment").await
    };
    lag::until(world, seconds, both, |world| !goes_two_ways(world)).await
}

/// By one of the two answers the payment goes nowhere, and by the other it goes on.
fn goes_two_ways(world: &World) -> bool {
    let words = world.words();
    let ends = |exchange: &Option<Arc<Exchange>>| words.ends(&words.status_in(exchange.as_ref()?.response()?)?);
    ends(&world.beside).zip(ends(&world.last)).is_some_and(|(read, told)| read != told)
}

#[when(regex = r"^the scaStatus is asked for with a certificate for (PSP_.+)$")]
async fn asks_sca_status_otherwise(world: &mut World, words: String) -> Prepared {
    roles::about(world, &words, Operation::ScaStatus, "ask for the scaStatus").await
}

#[given(
    regex = r"^the PSU has authorised a payment with (a remittance of 140 characters|a payee of 70 characters|an amount that ends in a zero)$"
)]
async fn has_authorised_with(world: &mut World, what: String) -> Prepared {
    let (session, check, tpp) = (world.session()?, world.check(), world.tpp()?);
    let (draft, amount) = (world.draft()?, world.payment()?.amount);
    let draft = match what.as_str() {
        "a remittance of 140 characters" => draft.at_path("remittanceInformationUnstructured", Some(&text_of(140))),
        "a payee of 70 characters" => draft.with(Field::PayeeName, &text_of(70)),
        _ => draft.with(Field::Amount, &format!("{}.50", amount.split('.').next().unwrap_or("1"))),
    };
    match lodge(&session, &check, &tpp, &draft).await? {
        Fresh::Lodged(lodged, reply) => {
            world.lodged.push(*lodged);
            world.beside = Some(reply.exchange);
        }
        Fresh::Refused(reply, _) => {
            return Err(Trouble::DoesNotApply(format!("the bank takes no such payment: it answered {}", reply.status)));
        }
    }
    let request = world.request_for_last(&tpp)?;
    world.need_code(request).await?;
    has_redeemed(world).await
}

#[when("the TPP initiates a payment whose remittance has every published character")]
async fn initiates_with_every_character(world: &mut World) -> Prepared {
    let (session, check, tpp) = (world.session()?, world.check(), world.tpp()?);
    let with = |text: &str| Ok::<_, Trouble>(world.draft()?.at_path("remittanceInformationUnstructured", Some(text)));
    if let Fresh::Refused(reply, _) = lodge(&session, &check, &tpp, &with("Invoice 4711")?).await? {
        let why = format!("the bank takes no payment with a remittance: it answered {}", reply.status);
        return Err(Trouble::DoesNotApply(why));
    }
    let draft = with(EVERY_CHARACTER)?;
    world.last = Some(request::initiate(&session, &check, own_client(&session), &draft).await?.exchange);
    Ok(())
}

/// The published set (EPC217-08): no slash begins or ends it, and no two of them stand together.
const EVERY_CHARACTER: &str =
    "Abcdefghijklmnopqrstuvwxyz BCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789: (a/b-c)? It's 1,50 + 2.";

/// A text of so many characters that every scheme has, no two parts of which are the same (EPC217-08).
fn text_of(characters: usize) -> String {
    let mut text: String = (1..).map(|number| format!("Part {number}, ")).take(characters).collect();
    text.truncate(characters - 1);
    text + "Z"
}

#[when("the TPP reads the payment")]
async fn reads(world: &mut World) -> Prepared {
    ask(world, Operation::Payment, "read the payment").await
}

#[then("what is read is what was ordered")]
fn read_as_ordered(world: &mut World) -> Judged {
    let answers: Vec<Arc<Exchange>> = world.beside.iter().chain(&world.last).cloned().collect();
    let session = world.session().ok();
    let redacted = |value: &str| session.as_ref().map_or_else(|| value.to_owned(), |it| it.recorder.redact(value));
    world.judge(judge::payments_as_ordered(&answers, redacted))
}

#[when("the TPP sends one and the same initiation twice")]
async fn initiates_twice(world: &mut World) -> Prepared {
    let id = Uuid::new_v4().to_string();
    let draft = world.draft()?.header("X-Request-ID", Some(&id));
    world.need_lodged(&draft).await?;
    world.beside = world.last.take();
    let (session, check) = (world.session()?, world.check());
    let reply = request::initiate(&session, &check, own_client(&session), &draft).await?;
    world.last = Some(reply.exchange);
    Ok(())
}

#[then("there is one payment at most")]
fn one_payment(world: &mut World) -> Judged {
    let finding = match (&world.beside, &world.last) {
        (Some(first), Some(second)) => judge::one_of_two(first, second),
        _ => Finding::Unclear("there are no two answers".into()),
    };
    world.judge(finding)
}

#[when("the TPP cancels the payment")]
async fn cancels(world: &mut World) -> Prepared {
    ask(world, Operation::Cancellation, "cancel the payment").await
}

#[given("the TPP has cancelled the payment")]
async fn has_cancelled(world: &mut World) -> Prepared {
    cancels(world).await?;
    match world.last.as_ref().and_then(|exchange| exchange.status()) {
        Some(202) => Err(Trouble::DoesNotApply("the PSU has to authorise the cancellation first".into())),
        // Whether the status is the right one is for another check.
        Some(200..=299) => {
            world.awaits_cancellation = true;
            Ok(())
        }
        status => Err(Trouble::Prerequisite(format!("the cancellation was answered {}", status.unwrap_or_default()))),
    }
}

#[then("its text is no reason to refuse it")]
fn text_accepted(world: &mut World) -> Judged {
    world.judge_last(judge::text_accepted)
}

#[then("the payment is created with its id, status and links")]
fn created(world: &mut World) -> Judged {
    world.judge_last(judge::created)
}

#[then("the ASPSP-SCA-Approach agrees with the links")]
fn approach_agrees(world: &mut World) -> Judged {
    world.judge_last(judge::approach_agrees)
}

#[then("the payment is cancelled")]
fn cancelled(world: &mut World) -> Judged {
    let words = world.words();
    world.judge_last(|exchange| judge::cancelled(exchange, words))
}

#[then("the cancellation is accepted")]
fn cancellation_accepted(world: &mut World) -> Judged {
    world.judge_last(judge::cancellation_accepted)
}

#[then(regex = r#"^the scaStatus is (".+)$"#)]
fn sca_status_is(world: &mut World, statuses: String) -> Judged {
    world.judge_last(|exchange| judge::sca_status_is(exchange, &quoted(&statuses)))
}

#[then("the PSU is not said to have agreed")]
fn nobody_has_agreed(world: &mut World) -> Judged {
    world.judge_last(judge::nobody_has_agreed)
}

#[then("both tell the same fate of the payment")]
fn statuses_agree(world: &mut World) -> Judged {
    let finding = match (&world.beside, &world.last) {
        (Some(read), Some(status)) => judge::statuses_agree(read, status),
        _ => Finding::Unclear("the payment was not read".into()),
    };
    world.judge(finding)
}

#[then("every link of a payment among them leads to that payment")]
fn lead_to_their_payment(world: &mut World) -> Judged {
    let finding = judge::lead_to_their_payment(&world.answers, &world.followed);
    world.judge(finding)
}

#[then("every link among them that leads the PSU away has TLS")]
fn links_have_tls(world: &mut World) -> Judged {
    let finding = judge::have_tls(&world.answers);
    world.judge(finding)
}

#[then("every transactionStatus among them is published")]
fn statuses_published(world: &mut World) -> Judged {
    let finding = every_answer::statuses_published(&world.answers, world.words());
    world.judge(finding)
}

#[then("every error among them has the published form")]
fn errors_published(world: &mut World) -> Judged {
    let finding = judge::errors_published(&world.answers);
    world.judge(finding)
}

#[then("every text for the TPP among them has the published length")]
fn texts_fit(world: &mut World) -> Judged {
    let finding = judge::texts_fit(&world.answers);
    world.judge(finding)
}

#[then("every payment among them that is read is the one that was ordered")]
fn payments_as_ordered(world: &mut World) -> Judged {
    let recorder = world.session().map(|session| session.recorder.clone()).ok();
    let redacted = |text: &str| recorder.as_ref().map_or_else(|| text.to_owned(), |recorder| recorder.redact(text));
    let finding = judge::payments_as_ordered(&world.answers, redacted);
    world.judge(finding)
}

#[then("every payment among them that was initiated has an id of its own")]
fn ids_differ(world: &mut World) -> Judged {
    let finding = judge::ids_differ(&world.answers);
    world.judge(finding)
}

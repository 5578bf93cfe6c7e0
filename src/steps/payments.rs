//! Payments: initiation and status.

use cucumber::{given, then, when};

use super::{Judged, Prepared, World, lag, quoted, world::own_client};
use crate::{
    evidence::{exchange::Exchange, operation::Operation},
    judge::{payment as judge, vocabulary::Refusal},
    targets::Secret,
    tpp::{
        Trouble,
        api::{
            Draft, Field,
            request::{self, Ask},
        },
        clock,
    },
};

/// By then a payment that a test bank accepted has been executed, in seconds.
const EXECUTION: u64 = 3600;

#[given("the TPP has initiated a payment")]
async fn has_initiated(world: &mut World) -> Prepared {
    let draft = world.draft()?;
    world.need_lodged(&draft).await
}

async fn initiate(world: &mut World, draft: Draft) -> Prepared {
    world.initiate(&draft).await.map(|_| ())
}

#[when("the TPP initiates a payment")]
async fn initiates(world: &mut World) -> Prepared {
    let draft = world.draft()?;
    initiate(world, draft).await
}

#[when(expr = "the TPP initiates a payment without the header {string}")]
async fn initiates_without_header(world: &mut World, name: String) -> Prepared {
    let draft = world.draft()?.header(&name, None);
    initiate(world, draft).await
}

#[when(expr = "the TPP initiates a payment with the header {string} set to {string}")]
async fn initiates_with_header(world: &mut World, name: String, value: String) -> Prepared {
    let draft = world.draft()?.header(&name, Some(&value));
    initiate(world, draft).await
}

#[when(expr = "the TPP initiates a payment without the field {string}")]
async fn initiates_without_field(world: &mut World, field: String) -> Prepared {
    let draft = world.draft()?.without(&field);
    initiate(world, draft).await
}

#[when(expr = "the TPP initiates a payment with the amount {string}")]
async fn initiates_with_amount(world: &mut World, amount: String) -> Prepared {
    let draft = world.draft()?.with(Field::Amount, &amount);
    initiate(world, draft).await
}

#[when("the TPP initiates a payment to an IBAN with a wrong check digit")]
async fn initiates_to_wrong_iban(world: &mut World) -> Prepared {
    let wrong = wrong_check_digit(world.payment()?.creditor().map_or("", Secret::value));
    let draft = world.draft()?.with(Field::PayeeAccount, &wrong);
    initiate(world, draft).await
}

/// The IBAN with its second check digit changed (ISO 13616): always wrong.
fn wrong_check_digit(iban: &str) -> String {
    let change = |(index, character): (usize, char)| match (index, character) {
        (3, '9') => '0',
        (3, digit) => char::from_u32(u32::from(digit) + 1).unwrap_or('0'),
        (_, other) => other,
    };
    iban.chars().enumerate().map(change).collect()
}

#[when(expr = "the TPP initiates a payment of the product {string}")]
async fn initiates_product(world: &mut World, product: String) -> Prepared {
    let draft = world.draft()?.of_product(&product);
    initiate(world, draft).await
}

/// Asks for that operation on what was lodged last, as the TPP.
pub(super) async fn ask(world: &mut World, operation: Operation, purpose: &str) -> Prepared {
    let url = world.url_of(operation)?;
    ask_at(world, operation, &url, purpose).await
}

pub(super) async fn ask_at(world: &mut World, operation: Operation, url: &str, purpose: &str) -> Prepared {
    let (session, token) = (world.session()?, world.access_token().ok());
    let ask = Ask::new(operation, url, purpose).with(token.as_deref());
    world.last = Some(request::ask(&session, &world.check(), own_client(&session), ask).await?.exchange);
    Ok(())
}

#[when("the TPP asks for the status of the payment")]
async fn asks_status(world: &mut World) -> Prepared {
    let seconds = if world.awaits_cancellation { world.session()?.target.tolerances.sca_status() } else { 0 };
    let words = world.words();
    let goes_on = |exchange: &Exchange| {
        let status = exchange.response().and_then(|response| words.status_in(response));
        status.is_some_and(|status| words.ends(&status) == Some(false))
    };
    let ask = async |world: &mut World| ask(world, Operation::Status, "ask for the status of the payment").await;
    lag::until(world, seconds, ask, |world| !world.last.as_ref().is_some_and(|last| goes_on(last))).await
}

#[when("the TPP asks for the status of a payment that does not exist")]
async fn asks_unknown_status(world: &mut World) -> Prepared {
    let session = world.session()?;
    let url = session.api()?.url(&request::unknown(&session)?, Operation::Status)?;
    ask_at(world, Operation::Status, &url, "ask for the status of an unknown payment").await
}

#[when("the second TPP asks for the status of the payment")]
async fn second_asks_status(world: &mut World) -> Prepared {
    let (session, url) = (world.session()?, world.url_of(Operation::Status)?);
    let client = session.client(session.second_tpp()?);
    let ask = Ask::new(Operation::Status, &url, "ask for the status of another TPP's payment");
    world.last = Some(request::ask(&session, &world.check(), client, ask).await?.exchange);
    Ok(())
}

#[given("the payment has been executed")]
async fn has_been_executed(world: &mut World) -> Prepared {
    clock::advance(&*world.session()?, &world.check(), EXECUTION).await?;
    asks_status(world).await?;
    let words = world.words();
    let status = world.last.as_ref().and_then(|exchange| words.status_in(exchange.response()?));
    match status {
        Some(status) if words.settled.contains(&status.as_str()) => Ok(()),
        // Settlement may take its time, and until then the money has not left (ISO 20022, ACSP).
        Some(other) => Err(Trouble::DoesNotApply(format!("after {EXECUTION} seconds the payment is still {other}"))),
        None => Err(Trouble::Prerequisite("the bank does not tell the status of the payment".into())),
    }
}

#[then(
    regex = r"^the initiation is refused (as malformed|for its amount|for its payee|for its product|for its signature)$"
)]
fn refused_for(world: &mut World, reason: String) -> Judged {
    let refusal = match reason.as_str() {
        "as malformed" => Refusal::Malformed,
        "for its amount" => Refusal::Amount,
        "for its payee" => Refusal::PayeeAccount,
        "for its product" => Refusal::Product,
        _ => Refusal::Signature,
    };
    let words = world.words();
    world.judge_last(|exchange| judge::refused_for(exchange, refusal, words))
}

#[then(regex = r#"^the (?:initiation|request) is refused with ("[A-Z].*)$"#)]
fn refused_with(world: &mut World, codes: String) -> Judged {
    world.judge_last(|exchange| judge::refused_with(exchange, &quoted(&codes)))
}

#[then("the payment is not executed")]
fn not_executed(world: &mut World) -> Judged {
    let words = world.words();
    world.judge_last(|exchange| judge::not_executed(exchange, words))
}

#[then("the payment is neither accepted nor executed")]
fn neither_accepted_nor_executed(world: &mut World) -> Judged {
    let at_first = world.lodged.last().and_then(|payment| payment.status.clone());
    let words = world.words();
    world.judge_last(|exchange| judge::neither_accepted_nor_executed(exchange, words, at_first.as_deref()))
}

#[then("the payment is not shown")]
fn not_shown(world: &mut World) -> Judged {
    world.judge_last(judge::not_shown)
}

//! Payments: initiation, status, cancellation, authorisation by redirect.

use cucumber::{given, then, when};

use super::{Judged, Prepared, World, decoupled::FINAL, lag, quoted, world::own_client};
use crate::{
    evidence::{
        exchange::Exchange,
        operation::Operation,
        walk_end::{AuthorizationFacts, WalkEnd},
    },
    judge::{Finding, payment as judge, vocabulary::Refusal},
    targets::Secret,
    tpp::{
        Trouble,
        api::{
            Draft, Field, Wish,
            request::{self, Ask},
        },
        clock,
        psu::{self, Behaviour},
    },
};

/// By then a payment that a test bank accepted has been executed, in seconds.
const EXECUTION: u64 = 3600;

#[given("the TPP has initiated a payment")]
async fn has_initiated(world: &mut World) -> Prepared {
    let draft = world.draft()?;
    world.need_lodged(&draft).await
}

#[given("the TPP has initiated a payment that it will have authorised explicitly")]
async fn has_initiated_explicitly(world: &mut World) -> Prepared {
    let nok = format!("{}/nok", world.tpp()?.redirect_uri());
    let draft = world.draft()?.wishing(&Wish::StartAuthorisation)?.wishing(&Wish::FailuresTo(nok))?;
    world.need_lodged(&draft).await?;
    match world.last_lodged()?.leaves_the_start_to_the_tpp {
        true => Ok(()),
        // What the TPP prefers is no order.
        false => Err(Trouble::DoesNotApply("the bank has started the authorisation of the payment itself".into())),
    }
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
async fn ask(world: &mut World, operation: Operation, purpose: &str) -> Prepared {
    let url = world.url_of(operation)?;
    ask_at(world, operation, &url, purpose).await
}

async fn ask_at(world: &mut World, operation: Operation, url: &str, purpose: &str) -> Prepared {
    let (session, token) = (world.session()?, world.access_token().ok());
    let ask = Ask::new(operation, url, purpose).with(token.as_deref());
    world.last = Some(request::ask(&session, &world.check(), own_client(&session), ask).await?.exchange);
    Ok(())
}

#[when("the TPP asks for the status of the payment")]
async fn asks_status(world: &mut World) -> Prepared {
    ask(world, Operation::Status, "ask for the status of the payment").await
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

#[when("the TPP asks for the scaStatus")]
async fn asks_sca_status(world: &mut World) -> Prepared {
    let url = world.url_of(Operation::ScaStatus)?;
    asks_until_final(world, &url).await
}

/// No clause says how soon a scaStatus tells what the customer has done.
async fn asks_until_final(world: &mut World, url: &str) -> Prepared {
    let seconds = world.session()?.target.tolerances.sca_status();
    let ask = async |world: &mut World| ask_at(world, Operation::ScaStatus, url, "ask for the scaStatus").await;
    lag::until(world, seconds, ask, |world| world.last.as_ref().is_none_or(|last| is_told(last))).await
}

/// It is final, or no scaStatus is told at all.
fn is_told(exchange: &Exchange) -> bool {
    let json = exchange.response().and_then(|response| response.json()).unwrap_or_default();
    json["scaStatus"].as_str().is_none_or(|status| FINAL.contains(&status))
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
        Some(200..=299) => Ok(()),
        status => Err(Trouble::Prerequisite(format!("the cancellation was answered {}", status.unwrap_or_default()))),
    }
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

#[when("the TPP starts an authorisation")]
async fn starts(world: &mut World) -> Prepared {
    let (session, payment) = (world.session()?, world.last_lodged()?.clone());
    let (reply, started) =
        request::start_authorisation(&session, &world.check(), own_client(&session), &payment).await?;
    world.started = started;
    world.last = Some(reply.exchange);
    Ok(())
}

#[given("the TPP has started an authorisation")]
async fn has_started(world: &mut World) -> Prepared {
    starts(world).await?;
    authorisation(world).map(|_| ())
}

/// The links of the authorisation that the TPP started: for the customer, and for its status.
fn authorisation(world: &World) -> Result<(String, String), Trouble> {
    let missing = || Trouble::Prerequisite("the authorisation has no links for the PSU and for its status".into());
    let started = world.started.clone().ok_or_else(missing)?;
    if started.sca_redirect.is_none() && started.sca_oauth.is_some() {
        return Err(Trouble::DoesNotApply("the authorisation leads to OAuth, and not to pages of the bank's".into()));
    }
    started.sca_redirect.zip(started.sca_status).ok_or_else(missing)
}

async fn walk(world: &mut World, behaviour: Behaviour) -> Prepared {
    let (session, payment) = (world.session()?, world.last_lodged()?.clone());
    let start = request::absolute(&session, &authorisation(world)?.0)?;
    let nok = payment.nok_redirect_uri.unwrap_or_default();
    world.walk = Some(psu::walk(&session, &world.check(), &start, &[&payment.redirect_uri, &nok], behaviour).await?);
    Ok(())
}

#[given("the PSU has approved the payment at the bank")]
async fn has_approved(world: &mut World) -> Prepared {
    walk(world, Behaviour::Approve).await?;
    let nok = world.last_lodged()?.nok_redirect_uri.clone().unwrap_or_default();
    world.walk.as_ref().map_or(Ok(()), |walk| approved(walk, &nok))
}

/// As far as can be seen from outside: what the bank made of it is what the check is about.
fn approved(walk: &psu::Walk, nok: &str) -> Prepared {
    let is_refused = |url: &str| !nok.is_empty() && url.starts_with(nok);
    let doubt = match (&walk.walk_end, walk.unsure) {
        (_, Some(hint)) => hint,
        (WalkEnd::CalledBack { url, .. }, None) if is_refused(url) => "the bank sent it where those go who fail",
        (WalkEnd::CalledBack { .. }, None) => return Ok(()),
        _ if walk.has_acted => return Ok(()),
        _ => "it has not come to agree",
    };
    Err(Trouble::Prerequisite(format!("{} (PSU agent {}): {doubt}", walk.walk_end, walk.agent)))
}

#[when("the PSU denies the payment at the bank")]
async fn denies_at_bank(world: &mut World) -> Prepared {
    walk(world, Behaviour::Deny).await
}

#[when("the TPP asks for the scaStatus of the authorisation")]
async fn asks_authorisation_status(world: &mut World) -> Prepared {
    let (_, status) = authorisation(world)?;
    asks_until_final(world, &status).await
}

#[then("the payment is created with its id, status and links")]
fn created(world: &mut World) -> Judged {
    world.judge_last(judge::created)
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

#[then("the ASPSP-SCA-Approach agrees with the links")]
fn approach_agrees(world: &mut World) -> Judged {
    world.judge_last(judge::approach_agrees)
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

#[then("the payment is cancelled")]
fn cancelled(world: &mut World) -> Judged {
    let words = world.words();
    world.judge_last(|exchange| judge::cancelled(exchange, words))
}

#[then("the payment is not shown")]
fn not_shown(world: &mut World) -> Judged {
    world.judge_last(judge::not_shown)
}

#[then("the cancellation is accepted")]
fn cancellation_accepted(world: &mut World) -> Judged {
    world.judge_last(judge::cancellation_accepted)
}

#[then("the authorisation is created with a link for the PSU")]
fn authorisation_created(world: &mut World) -> Judged {
    world.judge_last(judge::authorisation_created)
}

#[then(regex = r#"^the scaStatus is (".+)$"#)]
fn sca_status_is(world: &mut World, statuses: String) -> Judged {
    world.judge_last(|exchange| judge::sca_status_is(exchange, &quoted(&statuses)))
}

#[then("the PSU is sent to the TPP-Nok-Redirect-URI")]
fn sent_to_nok(world: &mut World) -> Judged {
    let nok = world.lodged.last().and_then(|payment| payment.nok_redirect_uri.clone()).unwrap_or_default();
    let walk = world.walk.take().zip(world.session().ok());
    let finding = match walk {
        Some((walk, session)) => {
            let walk_end = walk.walk_end.redacted(&session.recorder);
            let (has_acted, unsure, exchanges) = (walk.has_acted, walk.unsure, walk.exchanges);
            let (registered, own, sent, agent) = (Vec::new(), Vec::new(), Vec::new(), walk.agent.name());
            judge::sent_to(
                &AuthorizationFacts { registered, own, sent, agent, walk_end, has_acted, unsure, exchanges },
                &nok,
            )
        }
        None => Finding::Unclear("the PSU did not walk".into()),
    };
    world.judge(finding)
}

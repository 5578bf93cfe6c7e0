//! Payments of UK Open Banking: a consent, which the customer authorises, funds, and the order under it.

use std::{sync::Arc, time::Duration};

use cucumber::{given, then, when};
use serde_json::Value;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{Judged, Prepared, World, world::own_client};
use crate::{
    evidence::{exchange::Exchange, operation::Operation},
    judge::{Finding, uk_open_banking as judge, vocabulary::uk_open_banking::Consent},
    targets::{Secret, UkVersion},
    tpp::{
        Trouble,
        api::{
            Draft, Field, Lodged, Ordered,
            request::{self, Ask},
        },
        oauth::authorization::AuthorizationRequest,
    },
};

/// How long a TPP waits at least before it sends a request once more (Read/Write API profile, idempotency).
const BEFORE_A_REPLAY: Duration = Duration::from_millis(1100);
/// How long a name for a request may be is 40 characters.
const TOO_LONG: usize = 41;
const KEY: &str = "x-idempotency-key";

/// What a scenario about these payments knows besides.
#[derive(Default)]
pub(super) struct Seen {
    /// The last consent that was asked for, as it was sent.
    consent: Option<Draft>,
    /// The last order, as it was sent.
    order: Option<Draft>,
    /// What has been ordered.
    ordered: Vec<Ordered>,
    /// The answer before the last one.
    before: Option<Arc<Exchange>>,
    /// What was asked for under the idempotency key of something else.
    again: Value,
}

fn missing(what: &str) -> impl Fn() -> Trouble {
    let why = format!("there is no {what}");
    move || Trouble::Prerequisite(why.clone())
}

/// Makes it the last answer; the one that was is the one before.
fn answered(world: &mut World, exchange: Arc<Exchange>) {
    world.uk.before = world.last.replace(exchange);
}

async fn consent(world: &mut World, draft: Draft) -> Prepared {
    let before = world.last.take();
    world.initiate(&draft).await?;
    world.uk.before = before;
    world.uk.consent = Some(draft);
    Ok(())
}

/// The order for what was lodged last, by the last token.
pub(super) fn draft_of_order(world: &World) -> Result<Draft, Trouble> {
    let lodged = world.last_lodged()?;
    Draft::order(&*world.session()?, &world.tpp()?, lodged, &world.access_token()?)
}

async fn send(world: &mut World, draft: Draft) -> Prepared {
    let session = world.session()?;
    let reply = request::initiate(&session, &world.check(), own_client(&session), &draft).await?;
    world.uk.ordered.extend(draft.ordered(&session, &reply));
    world.uk.order = Some(draft);
    answered(world, reply.exchange);
    Ok(())
}

#[given("the TPP has ordered the payment")]
pub(super) async fn has_ordered(world: &mut World) -> Prepared {
    orders(world).await?;
    world.uk.ordered.last().map(|_| ()).ok_or_else(missing("payment: the bank did not take the order"))
}

#[when("the TPP orders the payment")]
async fn orders(world: &mut World) -> Prepared {
    let draft = draft_of_order(world)?;
    send(world, draft).await
}

#[when("the TPP orders the payment again, under another idempotency key")]
async fn orders_anew(world: &mut World) -> Prepared {
    let draft = world.uk.order.clone().ok_or_else(missing("order"))?.anew(&world.tpp()?);
    send(world, draft).await
}

#[when("the TPP orders the payment twice at the same time")]
async fn orders_twice(world: &mut World) -> Prepared {
    let (session, check, tpp) = (world.session()?, world.check(), world.tpp()?);
    let draft = draft_of_order(world)?;
    let other = draft.clone().anew(&tpp);
    let one = |draft| Box::pin(request::initiate(&session, &check, own_client(&session), draft));
    let (first, second) = tokio::join!(one(&draft), one(&other));
    answered(world, first?.exchange);
    answered(world, second?.exchange);
    Ok(())
}

#[then("one of the two orders at most is taken")]
fn one_order(world: &mut World) -> Judged {
    let finding = match (&world.uk.before, &world.last) {
        (Some(first), Some(second)) => judge::one_of_two(first, second),
        _ => Finding::Unclear("there are no two answers".into()),
    };
    world.judge(finding)
}

#[when(regex = r"^the TPP orders the payment with another (amount|payee|context of the payment)$")]
async fn orders_otherwise(world: &mut World, what: String) -> Prepared {
    let (draft, payment) = (draft_of_order(world)?, world.payment()?);
    let draft = match what.as_str() {
        "amount" => draft.with(Field::Amount, if payment.amount == "1.00" { "2.00" } else { "1.00" }),
        "payee" => draft.with(Field::PayeeAccount, &neighbour(payment.creditor().map_or("", Secret::value))),
        _ => draft.with(Field::Context, "BillingGoodsAndServicesInAdvance"),
    };
    send(world, draft).await
}

/// An account that is another one.
fn neighbour(account: &str) -> String {
    let (head, last) = account.split_at(account.len().saturating_sub(1));
    format!("{head}{}", if last == "0" { "1" } else { "0" })
}

#[when(regex = r"^the TPP sends the same (consent|order) once more$")]
async fn once_more(world: &mut World, what: String) -> Prepared {
    tokio::time::sleep(BEFORE_A_REPLAY).await;
    match what.as_str() {
        "consent" => {
            let draft = world.uk.consent.clone().ok_or_else(missing("consent"))?;
            consent(world, draft).await
        }
        _ => {
            let draft = world.uk.order.clone().ok_or_else(missing("order"))?;
            send(world, draft).await
        }
    }
}

#[given("the TPP has asked for a consent")]
#[when("the TPP asks for a consent")]
async fn asks_for_consent(world: &mut World) -> Prepared {
    let draft = world.draft()?;
    consent(world, draft).await?;
    world.last_lodged().map(|_| ())
}

#[given(regex = r"^the TPP has sent a (consent|order)$")]
async fn has_sent(world: &mut World, what: String) -> Prepared {
    match what.as_str() {
        "consent" => asks_for_consent(world).await,
        _ => has_ordered(world).await,
    }
}

#[when("the TPP asks for a consent to another amount under the same idempotency key")]
async fn other_body(world: &mut World) -> Prepared {
    tokio::time::sleep(BEFORE_A_REPLAY).await;
    let first = world.last_lodged()?.clone();
    let other = if world.payment()?.amount == "1.00" { "2.00" } else { "1.00" };
    let draft = world.uk.consent.clone().ok_or_else(missing("consent"))?.with(Field::Amount, other);
    consent(world, draft).await?;
    let sent = world.last.as_ref().map(|exchange| exchange.request.body.clone()).unwrap_or_default();
    world.uk.again = serde_json::from_str(&sent).unwrap_or_default();
    world.lodged.push(first);
    Ok(())
}

#[when(regex = r"^the TPP asks for a consent under an idempotency key of 41 characters$")]
async fn long_key(world: &mut World) -> Prepared {
    let draft = world.draft()?.header(KEY, Some(&"k".repeat(TOO_LONG)));
    consent(world, draft).await
}

#[when(regex = r"^the TPP asks for a consent without (an amount|a payee|the payee's name|an identification|a Risk)$")]
async fn lacking(world: &mut World, what: String) -> Prepared {
    let field = match what.as_str() {
        "an amount" => Field::Amount,
        "a payee" => Field::Payee,
        "the payee's name" => Field::PayeeName,
        "an identification" => Field::Identification,
        _ => Field::Risk,
    };
    let draft = world.draft()?.lacking(field);
    consent(world, draft).await
}

#[when("the TPP asks for a consent to pay an account of 13 digits")]
async fn short_account(world: &mut World) -> Prepared {
    let account = world.payment()?.creditor().map_or_else(String::new, |account| account.value().to_owned());
    let draft = world.draft()?.with(Field::PayeeAccount, account.get(..13).unwrap_or_default());
    consent(world, draft).await
}

#[when(regex = r#"^the TPP asks for a consent with the header "(.+)" set to "(.+)"$"#)]
async fn with_header(world: &mut World, name: String, value: String) -> Prepared {
    let draft = world.draft()?.header(&name, Some(&value));
    consent(world, draft).await
}

#[when("the TPP asks for a consent without an interaction id")]
async fn without_interaction_id(world: &mut World) -> Prepared {
    let draft = world.draft()?.header("x-fapi-interaction-id", None);
    consent(world, draft).await
}

#[when(
    regex = r"^the TPP asks for a consent that has to be authorised by a time (in UTC|with an offset|with a fraction of a second)$"
)]
async fn with_date(world: &mut World, form: String) -> Prepared {
    let now = OffsetDateTime::now_utc().replace_nanosecond(0).map_err(|error| Trouble::Harness(error.to_string()))?;
    let tomorrow = (now + time::Duration::days(1)).format(&Rfc3339);
    let tomorrow = tomorrow.map_err(|error| Trouble::Harness(error.to_string()))?;
    let local = tomorrow.trim_end_matches('Z');
    let date = match form.as_str() {
        "in UTC" => tomorrow.clone(),
        "with an offset" => format!("{local}+01:00"),
        _ => format!("{local}.250Z"),
    };
    let draft = world.draft()?.with(Field::AuthorisedBy, "Any").with(Field::Completion, &date);
    consent(world, draft).await
}

async fn ask(world: &mut World, ask: Ask<'_>) -> Prepared {
    let session = world.session()?;
    let exchange = request::ask(&session, &world.check(), own_client(&session), ask).await?.exchange;
    answered(world, exchange);
    Ok(())
}

#[when("the TPP asks for the consent")]
async fn reads_consent(world: &mut World) -> Prepared {
    let url = world.url_of(Operation::Status)?;
    ask(world, Ask::new(Operation::Status, &url, "ask for the consent")).await
}

#[when("the TPP asks whether there are funds enough")]
async fn asks_for_funds(world: &mut World) -> Prepared {
    let (url, token) = (world.url_of(Operation::FundsConfirmation)?, world.access_token()?);
    let purpose = "ask whether there are funds enough";
    ask(world, Ask::new(Operation::FundsConfirmation, &url, purpose).with(Some(&token))).await
}

/// Where that is asked for of what was ordered last.
pub(super) fn url_of_order(world: &World, operation: Operation) -> Result<String, Trouble> {
    let url = world.uk.ordered.last().map(|ordered| ordered.url.clone()).ok_or_else(missing("order"))?;
    Ok(if operation == Operation::OrderDetails { format!("{url}/payment-details") } else { url })
}

#[when("the TPP asks for the status of the order")]
async fn reads_order(world: &mut World) -> Prepared {
    let url = url_of_order(world, Operation::OrderStatus)?;
    ask(world, Ask::new(Operation::OrderStatus, &url, "ask for the status of the order")).await
}

#[when(regex = r"^the TPP asks for a (consent|payment) that does not exist$")]
async fn asks_for_unknown(world: &mut World, what: String) -> Prepared {
    let session = world.session()?;
    let (api, unknown) = (session.api()?, request::unknown(&session)?);
    let (operation, url) = match what.as_str() {
        "consent" => (Operation::Status, api.url(&unknown, Operation::Status)?),
        _ => {
            let base = session.target.api.clone().unwrap_or_default();
            let (path, _) = api.order(&unknown)?;
            (Operation::OrderStatus, format!("{base}{path}/{}", unknown.id))
        }
    };
    ask(world, Ask::new(operation, &url, &format!("ask for an unknown {what}"))).await
}

#[when(regex = r"^the second TPP asks for the (consent|order)$")]
async fn second_asks(world: &mut World, what: String) -> Prepared {
    let session = world.session()?;
    let (operation, url) = match what.as_str() {
        "consent" => (Operation::Status, world.url_of(Operation::Status)?),
        _ => {
            let ordered = world.uk.ordered.last().map(|ordered| ordered.url.clone());
            (Operation::OrderStatus, ordered.ok_or_else(missing("order"))?)
        }
    };
    let purpose = format!("ask for another TPP's {what}");
    let asked = Ask::new(operation, &url, &purpose);
    let exchange = request::ask(&session, &world.check(), session.client(session.second_tpp()?), asked).await?.exchange;
    answered(world, exchange);
    Ok(())
}

/// A token of the TPP's own, for which no customer has been asked.
async fn own_token(world: &World) -> Result<String, Trouble> {
    let session = world.session()?;
    let token = request::own_token(&session, &world.check(), own_client(&session), Operation::Initiation).await?;
    token.ok_or_else(missing("token of the TPP's own"))
}

#[when(regex = r"^the TPP (orders the payment|asks whether there are funds enough) by a token of its own$")]
async fn by_own_token(world: &mut World, what: String) -> Prepared {
    let token = own_token(world).await?;
    if what == "orders the payment" {
        let draft = draft_of_order(world)?.bearing(&token);
        return send(world, draft).await;
    }
    let url = world.url_of(Operation::FundsConfirmation)?;
    let purpose = "ask for funds by a token of the TPP's own";
    ask(world, Ask::new(Operation::FundsConfirmation, &url, purpose).under("Bearer", &token)).await
}

#[given(regex = r"^there is a second payment, which the PSU has (authorised|not authorised)$")]
async fn second_payment(world: &mut World, state: String) -> Prepared {
    if state == "not authorised" {
        return asks_for_consent(world).await;
    }
    let request = world.request().await?;
    world.need_code(request).await
}

#[when("the TPP orders the second payment by the token of the first")]
async fn orders_crosswise(world: &mut World) -> Prepared {
    let token = world.tokens.first().and_then(|tokens| tokens.access_token.clone());
    let token = token.ok_or_else(missing("first token"))?;
    let lodged = world.last_lodged()?.clone();
    let draft = Draft::order(&*world.session()?, &world.tpp()?, &lodged, &token)?;
    send(world, draft).await
}

/// The API of the other release at the same bank, by its address.
fn other_release(api: &str) -> Option<String> {
    match UkVersion::of(api)? {
        UkVersion::V3 => Some(api.replace("/v3.1/", "/v4.0/")),
        UkVersion::V4 => Some(api.replace("/v4.0/", "/v3.1/")),
    }
}

#[given("the PSU has authorised a consent of the other release of the API")]
async fn authorised_elsewhere(world: &mut World) -> Prepared {
    let (session, tpp) = (world.session()?, world.tpp()?);
    let other = session.target.api.as_deref().and_then(other_release).ok_or_else(missing("other release"))?;
    // The releases have texts for the payee in two forms.
    let draft = world.draft()?.at_path("Data.Initiation.RemittanceInformation", None).at(&other);
    let reply = request::initiate(&session, &world.check(), own_client(&session), &draft).await?;
    let Ok(lodged) = draft.lodged(&session, &reply) else {
        let why = format!("the bank does not offer the other release: it answered {}", reply.status);
        return Err(Trouble::DoesNotApply(why));
    };
    let what = session.api()?.intent(&session.target, &lodged);
    let request = AuthorizationRequest::of(&session.target, &tpp, &what);
    world.lodged.push(lodged);
    world.need_code(request).await?;
    let form = world.last_authorization()?.redemption(&tpp)?;
    super::token::redeem(world, form, "redeem the authorization code").await?;
    world.access_token().map(|_| ())
}

/// What was asked for first, as it stands in the record.
fn asked_for(world: &World) -> Value {
    let first = world.lodged.first().map(|lodged: &Lodged| lodged.sent.to_string()).unwrap_or_default();
    let told = world.session().map(|session| session.recorder.redact(&first)).unwrap_or_default();
    serde_json::from_str(&told).unwrap_or_default()
}

#[then("the consent is created, and waits for the PSU")]
fn created(world: &mut World) -> Judged {
    let release = world.uk_words();
    world.judge_last(|exchange| judge::consent_created(exchange, release))
}

#[then("the consent is authorised")]
fn is_authorised(world: &mut World) -> Judged {
    let release = world.uk_words();
    world.judge_last(|exchange| judge::consent_is(exchange, Consent::Authorised, release))
}

#[then("every consent and order among them is what was asked for")]
fn as_asked(world: &mut World) -> Judged {
    let recorder = world.session().map(|session| session.recorder.clone()).ok();
    let redacted = |text: &str| recorder.as_ref().map_or_else(|| text.to_owned(), |recorder| recorder.redact(text));
    let finding = judge::payments_as_asked(&world.answers, redacted);
    world.judge(finding)
}

#[then("every amount among them has the published form")]
fn amounts_published(world: &mut World) -> Judged {
    let finding = judge::amounts_published(&world.answers);
    world.judge(finding)
}

#[then("the consent still waits for the PSU")]
fn waits(world: &mut World) -> Judged {
    let release = world.uk_words();
    world.judge_last(|exchange| judge::consent_waits(exchange, release))
}

#[then("the consent is rejected")]
fn rejected(world: &mut World) -> Judged {
    let release = world.uk_words();
    world.judge_last(|exchange| judge::denied(exchange, release))
}

#[then("the consent was consumed by the order")]
fn consumed(world: &mut World) -> Judged {
    let release = world.uk_words();
    world.judge_exchange(world.uk.before.clone(), |exchange| judge::consent_is(exchange, Consent::Consumed, release))
}

#[then("the bank has told whether there are funds enough")]
fn funds_told(world: &mut World) -> Judged {
    world.judge_exchange(world.uk.before.clone(), judge::funds_told)
}

#[then("the bank has told no balance")]
fn no_balance_told(world: &mut World) -> Judged {
    world.judge_exchange(world.uk.before.clone(), judge::no_balance_told)
}

#[then("the consent is authorised as before")]
fn still_authorised(world: &mut World) -> Judged {
    let release = world.uk_words();
    world.judge_last(|exchange| judge::asks_no_more(exchange, release))
}

#[then("the answer is that of the first time, and nothing was created twice")]
fn repeated(world: &mut World) -> Judged {
    let finding = match (&world.uk.before, &world.last) {
        (Some(first), Some(second)) => judge::repeated(first, second),
        _ => Finding::Unclear("there are no two answers".into()),
    };
    world.judge(finding)
}

#[then("the order is told with a published status")]
fn order_told(world: &mut World) -> Judged {
    let release = world.uk_words();
    world.judge_last(|exchange| judge::order_told(exchange, release))
}

#[then("the consent is what was asked for at first")]
fn not_modified(world: &mut World) -> Judged {
    let (at_first, again) = (asked_for(world), world.uk.again.clone());
    world.judge_last(|exchange| judge::not_modified(exchange, &at_first, &again))
}

#[then("the request is refused as a bad one")]
fn bad_request(world: &mut World) -> Judged {
    world.judge_last(judge::bad_request)
}

#[then(expr = "the request is answered with status {int}")]
fn status_is(world: &mut World, status: u16) -> Judged {
    world.judge_last(|exchange| judge::status_is(exchange, status))
}

#[then("the date is accepted, and every date of the answer has its zone")]
fn dates_accepted(world: &mut World) -> Judged {
    world.judge_last(judge::dates_accepted)
}

#[then("the answer has an interaction id of the bank's own")]
fn own_interaction_id(world: &mut World) -> Judged {
    world.judge_last(judge::has_own_interaction_id)
}

#[then("the expired token is refused as the release of the API has it")]
fn expired(world: &mut World) -> Judged {
    let release = world.uk_words();
    world.judge_last(|exchange| judge::expired(exchange, release))
}

#[then("every one of them carries the interaction id of its request")]
fn carry_interaction_id(world: &mut World) -> Judged {
    let finding = judge::carry_interaction_id(&world.answers);
    world.judge(finding)
}

/// Answers of the other release are judged by none: it is there for one check alone.
fn of_this_release(world: &World) -> Vec<Arc<Exchange>> {
    let api = world.session().ok().and_then(|session| session.target.api.clone()).unwrap_or_default();
    world.answers.iter().filter(|exchange| exchange.request.url.starts_with(&api)).cloned().collect()
}

#[then("every Status among them is published")]
fn statuses_published(world: &mut World) -> Judged {
    let finding = judge::statuses_published(&of_this_release(world), world.uk_words());
    world.judge(finding)
}

#[then("every error among them is an error object")]
fn errors_published(world: &mut World) -> Judged {
    let finding = judge::errors_published(&of_this_release(world), world.uk_words());
    world.judge(finding)
}

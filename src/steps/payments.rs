//! Payments: initiation, status, cancellation, authorisation by redirect.

use cucumber::{given, then, when};
use reqwest::Method;

use super::{Judged, Prepared, World, quoted, world::own_client};
use crate::{
    evidence::walk_end::{AuthorizationFacts, WalkEnd},
    judge::{Finding, payment as judge},
    tpp::{
        Trouble, clock, payments,
        psu::{self, Behaviour},
    },
};

/// By then a payment that a test bank accepted has been executed, in seconds.
const EXECUTION: u64 = 3600;

#[given("the TPP has initiated a payment")]
async fn has_initiated(world: &mut World) -> Prepared {
    let initiation = world.initiation()?;
    world.need_payment(&initiation).await
}

#[given("the TPP has initiated a payment that it will have authorised explicitly")]
async fn has_initiated_explicitly(world: &mut World) -> Prepared {
    let nok = format!("{}/nok", world.tpp()?.redirect_uri());
    let initiation = world
        .initiation()?
        .header("TPP-Explicit-Authorisation-Preferred", Some("true"))
        .header("TPP-Nok-Redirect-URI", Some(&nok));
    world.need_payment(&initiation).await?;
    match world.last_payment()?.leaves_the_start_to_the_tpp() {
        true => Ok(()),
        // What the TPP prefers is no order.
        false => Err(Trouble::DoesNotApply("the bank has started the authorisation of the payment itself".into())),
    }
}

async fn initiate(world: &mut World, initiation: payments::Initiation) -> Prepared {
    world.initiate(&initiation).await.map(|_| ())
}

#[when("the TPP initiates a payment")]
async fn initiates(world: &mut World) -> Prepared {
    let initiation = world.initiation()?;
    initiate(world, initiation).await
}

#[when(expr = "the TPP initiates a payment without the header {string}")]
async fn initiates_without_header(world: &mut World, name: String) -> Prepared {
    let initiation = world.initiation()?.header(&name, None);
    initiate(world, initiation).await
}

#[when(expr = "the TPP initiates a payment with the header {string} set to {string}")]
async fn initiates_with_header(world: &mut World, name: String, value: String) -> Prepared {
    let initiation = world.initiation()?.header(&name, Some(&value));
    initiate(world, initiation).await
}

#[when(expr = "the TPP initiates a payment without the field {string}")]
async fn initiates_without_field(world: &mut World, field: String) -> Prepared {
    let initiation = world.initiation()?.without(&field);
    initiate(world, initiation).await
}

#[when(expr = "the TPP initiates a payment with the amount {string}")]
async fn initiates_with_amount(world: &mut World, amount: String) -> Prepared {
    let mut initiation = world.initiation()?;
    initiation.body["instructedAmount"]["amount"] = amount.into();
    initiate(world, initiation).await
}

#[when("the TPP initiates a payment to an IBAN with a wrong check digit")]
async fn initiates_to_wrong_iban(world: &mut World) -> Prepared {
    let mut initiation = world.initiation()?;
    initiation.body["creditorAccount"]["iban"] = wrong_check_digit(world.payment()?.creditor_iban.value()).into();
    initiate(world, initiation).await
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
    let initiation = payments::Initiation { product, ..world.initiation()? };
    initiate(world, initiation).await
}

/// Sends a request about a payment as the TPP.
async fn about(world: &mut World, method: Method, url: &str, purpose: &str) -> Prepared {
    let session = world.session()?;
    let token = world.access_token().ok();
    let about = payments::About { method, url, purpose, token: token.as_deref() };
    world.last = Some(payments::about(&session, &world.check(), own_client(&session), about).await?.exchange);
    Ok(())
}

#[when("the TPP asks for the status of the payment")]
async fn asks_status(world: &mut World) -> Prepared {
    let url = format!("{}/status", world.last_payment()?.url);
    about(world, Method::GET, &url, "ask for the status of the payment").await
}

#[when("the TPP asks for the status of a payment that does not exist")]
async fn asks_unknown_status(world: &mut World) -> Prepared {
    let url = format!("{}/status", payments::unknown(&*world.session()?, &world.payment()?)?);
    about(world, Method::GET, &url, "ask for the status of an unknown payment").await
}

#[when("the second TPP asks for the status of the payment")]
async fn second_asks_status(world: &mut World) -> Prepared {
    let session = world.session()?;
    let url = format!("{}/status", world.last_payment()?.url);
    let client = session.client(session.second_tpp()?);
    let purpose = "ask for the status of another TPP's payment";
    let about = payments::About { method: Method::GET, url: &url, purpose, token: None };
    world.last = Some(payments::about(&session, &world.check(), client, about).await?.exchange);
    Ok(())
}

#[when("the TPP asks for the scaStatus")]
async fn asks_sca_status(world: &mut World) -> Prepared {
    let link = world.last_payment()?.links["scaStatus"]["href"].as_str().map(str::to_owned);
    let link = link.ok_or_else(|| Trouble::DoesNotApply("the payment has no scaStatus link".into()))?;
    about(world, Method::GET, &link, "ask for the scaStatus").await
}

#[when("the TPP cancels the payment")]
async fn cancels(world: &mut World) -> Prepared {
    let url = world.last_payment()?.url.clone();
    about(world, Method::DELETE, &url, "cancel the payment").await
}

#[given("the TPP has cancelled the payment")]
async fn has_cancelled(world: &mut World) -> Prepared {
    cancels(world).await?;
    match world.last.as_ref().and_then(|exchange| exchange.status()) {
        Some(204) => Ok(()),
        Some(202) => Err(Trouble::DoesNotApply("the PSU has to authorise the cancellation first".into())),
        status => Err(Trouble::Prerequisite(format!("the cancellation was answered {}", status.unwrap_or_default()))),
    }
}

#[given("the payment has been executed")]
async fn has_been_executed(world: &mut World) -> Prepared {
    clock::advance(&*world.session()?, &world.check(), EXECUTION).await?;
    asks_status(world).await?;
    let json = world.last.as_ref().and_then(|exchange| exchange.response()?.json()).unwrap_or_default();
    match json["transactionStatus"].as_str() {
        Some("ACSC" | "ACCC") => Ok(()),
        // Settlement may take its time, and until then the money has not left (ISO 20022, ACSP).
        Some(other) => Err(Trouble::DoesNotApply(format!("after {EXECUTION} seconds the payment is still {other}"))),
        None => Err(Trouble::Prerequisite("the bank does not tell the status of the payment".into())),
    }
}

#[when("the TPP starts an authorisation")]
async fn starts(world: &mut World) -> Prepared {
    let (session, payment) = (world.session()?, world.last_payment()?.clone());
    let (reply, started) =
        payments::start_authorisation(&session, &world.check(), own_client(&session), &payment).await?;
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
    let (session, payment) = (world.session()?, world.last_payment()?.clone());
    let start = payments::absolute(&session, &authorisation(world)?.0)?;
    let nok = payment.nok_redirect_uri.unwrap_or_default();
    world.walk = Some(psu::walk(&session, &world.check(), &start, &[&payment.redirect_uri, &nok], behaviour).await?);
    Ok(())
}

#[given("the PSU has approved the payment at the bank")]
async fn has_approved(world: &mut World) -> Prepared {
    walk(world, Behaviour::Approve).await?;
    let nok = world.last_payment()?.nok_redirect_uri.clone().unwrap_or_default();
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
    about(world, Method::GET, &status, "ask for the scaStatus").await
}

#[then("the payment is created with its id, status and links")]
fn created(world: &mut World) -> Judged {
    world.judge_last(judge::created)
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
    world.judge_last(judge::not_executed)
}

#[then("the payment is neither accepted nor executed")]
fn neither_accepted_nor_executed(world: &mut World) -> Judged {
    let at_first = world.payments.last().and_then(|payment| payment.status.clone());
    world.judge_last(|exchange| judge::neither_accepted_nor_executed(exchange, at_first.as_deref()))
}

#[then("the payment is cancelled")]
fn cancelled(world: &mut World) -> Judged {
    world.judge_last(judge::cancelled)
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
    let nok = world.payments.last().and_then(|payment| payment.nok_redirect_uri.clone()).unwrap_or_default();
    let walk = world.walk.take().zip(world.session().ok());
    let finding = match walk {
        Some((walk, session)) => {
            let walk_end = walk.walk_end.redacted(&session.recorder);
            let (has_acted, unsure, exchanges) = (walk.has_acted, walk.unsure, walk.exchanges);
            let (registered, sent, agent) = (Vec::new(), Vec::new(), walk.agent.name());
            judge::sent_to(
                &AuthorizationFacts { registered, sent, agent, walk_end, has_acted, unsure, exchanges },
                &nok,
            )
        }
        None => Finding::Unclear("the PSU did not walk".into()),
    };
    world.judge(finding)
}

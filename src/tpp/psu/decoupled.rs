//! `decoupled`: the customer decides on a device of its own. Nobody is sent anywhere; a request or a program of the target
//! file makes the customer decide, and the bank tells the outcome as the scaStatus.

use std::{
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use super::Behaviour;
use crate::{
    evidence::{check_row::CheckRow, operation::Operation},
    targets::psu::{Agent, Order},
    tpp::{Trouble, session::Session, transport::Call},
};

/// No program takes longer to make the customer decide.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often it is looked whether it has ended.
const LOOK: Duration = Duration::from_millis(20);

/// What the customer decides about.
pub struct Pending<'a> {
    /// The payment.
    pub payment_id: &'a str,
    /// The authorisation of it that is open.
    pub authorisation_id: &'a str,
}

/// How long to wait for the outcome: how often it is asked for, and how many seconds apart.
pub fn patience(session: &Session) -> (u64, u64) {
    let decoupled = session.target.psu.as_ref().and_then(|psu| psu.decoupled.as_ref());
    decoupled.map_or((1, 1), |own| (own.patience_seconds / own.interval_seconds.max(1), own.interval_seconds))
}

/// Makes the customer decide. When the bank knows of it is another matter.
///
/// # Errors
/// [`Trouble::DoesNotApply`] where the target file does not say how; else what kept the customer from deciding.
pub async fn decide(
    session: &Session,
    check: &CheckRow,
    pending: &Pending<'_>,
    behaviour: Behaviour,
) -> Result<(), Trouble> {
    session.may_move_money()?;
    let ability = behaviour.ability();
    let psu = session.target.psu.as_ref().ok_or_else(|| Trouble::Prerequisite("the target has no PSU agent".into()))?;
    let order = psu.elsewhere(ability).ok_or_else(|| Trouble::DoesNotApply(psu.why_unable(ability)))?;
    let _turn = session.turn().await;
    let filled = |text: &str| {
        text.replace("{payment_id}", pending.payment_id).replace("{authorisation_id}", pending.authorisation_id)
    };
    match &order.url {
        Some(url) => ask(session, check, order, &filled(url.get_ref()), filled).await,
        None => run(order.command.iter().map(|part| filled(part)).collect()).await,
    }
}

async fn ask(
    session: &Session,
    check: &CheckRow,
    order: &Order,
    url: &str,
    filled: impl Fn(&str) -> String,
) -> Result<(), Trouble> {
    let method = order.method.as_deref().unwrap_or("POST");
    let method = method.parse().map_err(|_| Trouble::Harness(format!("no method: {method}")))?;
    let mut call = Call::new(Operation::Other, method, url, "make the PSU decide on its device");
    if let Some(body) = &order.body {
        if !order.headers.keys().any(|name| name.eq_ignore_ascii_case("content-type")) {
            call = call.header("Content-Type", "application/json");
        }
        call = call.body(&filled(body));
    }
    for (name, value) in &order.headers {
        call = call.header(name, &filled(value));
    }
    let browser = session.browser(&super::name_of(Agent::Decoupled))?;
    let reply = browser.send(check, call).await.map_err(|none| none.trouble())?;
    match reply.status {
        200..=299 => Ok(()),
        status => Err(Trouble::Prerequisite(format!("what makes the PSU decide on its device answered {status}"))),
    }
}

async fn run(command: Vec<String>) -> Result<(), Trouble> {
    let waited = tokio::task::spawn_blocking(move || wait_for(&command)).await;
    waited.map_err(|error| Trouble::Harness(error.to_string()))?.map_err(Trouble::Prerequisite)
}

fn wait_for(command: &[String]) -> Result<(), String> {
    let [program, arguments @ ..] = command else { return Err("there is no program to run".into()) };
    let failed = |what: String| format!("the program `{program}`, which makes the PSU decide on its device, {what}");
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| failed(format!("cannot be started: {error}")))?;
    let until = Instant::now() + PATIENCE;
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => return Err(failed(format!("failed ({status})"))),
            Ok(None) if Instant::now() < until => std::thread::sleep(LOOK),
            _ => {
                // It may have ended by itself.
                let _ = child.kill();
                let _ = child.wait();
                return Err(failed(format!("has not ended within {} seconds", PATIENCE.as_secs())));
            }
        }
    }
}

//! `bankproof bank`: the bundled bank alone.

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;

use super::{
    Outcome, Stop,
    dialect::{DialectArgument, PLACES},
    output, profile, runtime,
    signals::Signals,
};
use crate::{
    bank::{Bank, Log, Observer, Settings},
    run::{bundled, exit},
};

#[derive(Args, Debug)]
pub(super) struct BankArguments {
    /// How TPPs register, and what they have customers authorise; the APIs of all dialects are served in any case.
    #[arg(long, value_enum, default_value_t)]
    dialect: DialectArgument,
    /// Where the customer's pages listen; the API takes any free port of the same address.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// A way to misbehave; may be given several times. `bankproof list --faults` names them.
    #[arg(long, value_name = "ID")]
    fault: Vec<String>,
    /// A lawful way in which banks differ, for this one to have; may be given several times. `bankproof list --habits` names them.
    #[arg(long, value_name = "ID")]
    habit: Vec<String>,
    /// A security profile for it to keep to, and to tell TPPs of; may be given several times. A file of features/profiles each.
    #[arg(long, value_name = "NAME")]
    profile: Vec<String>,
    /// Makes the customer, ids and codes the same each time.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Refuse payment initiations without a signature of the TPP's seal; one that is there is checked in any case.
    #[arg(long)]
    require_signatures: bool,
    /// Write a line to that file for each request and each refused handshake: when, where, what, who, what came of it,
    /// and by which rule it was refused.
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// Write a target file for `bankproof run`, with the identities beside it, once the bank answers.
    #[arg(long, value_name = "FILE")]
    write_target: Option<PathBuf>,
}

pub(super) fn bank(arguments: BankArguments) -> Outcome {
    runtime()?.block_on(serve(arguments))
}

async fn serve(arguments: BankArguments) -> Outcome {
    let mut signals = Signals::listen()?;
    let faults: BTreeSet<String> = arguments.fault.iter().cloned().collect();
    let (listen, port) = (arguments.listen.ip(), arguments.listen.port());
    let profiles = profile::declared(&arguments.profile)?;
    let settings = Settings {
        dialect: arguments.dialect.into(),
        listen,
        port,
        faults: faults.clone(),
        habits: arguments.habit.iter().cloned().collect(),
        observer: observer(arguments.log.as_deref())?,
        seed: arguments.seed,
        signatures_required: arguments.require_signatures,
        ..Settings::default()
    };
    let settings = bundled::keeping_to(&profiles, settings);
    let (mut bank, pki) = bundled::start(settings).await.map_err(Stop::usage)?;
    describe(&bank, &faults);
    if let Some(path) = &arguments.write_target {
        bundled::write_target(path, &bank, &pki, &faults).map_err(Stop::usage)?;
        // A word without ending or folder would be taken for the id of a check.
        let shown = path.display().to_string();
        let word = if super::selecting::is_target(&shown) { shown.clone() } else { format!("./{shown}") };
        output::result(&format!("target file  {shown}  (judge it with: bankproof run {word})"));
    } else {
        output::result("certificates for TPPs, and a target file: start with --write-target FILE");
    }
    output::progress("The bank runs until you press Ctrl-C.");
    tokio::select! {
        () = bank.wait() => Err(Stop::internal("the bank has ended by itself")),
        _ = signals.next() => {
            bank.stop().await;
            Ok(exit::CONFORMANT)
        }
    }
}

fn observer(log: Option<&Path>) -> Result<Option<Arc<dyn Observer>>, Stop> {
    let log = log.map(Log::begin).transpose().map_err(Stop::usage)?;
    Ok(log.map(|log| Arc::new(log) as Arc<dyn Observer>))
}

/// How to reach the bank, and whom it knows. The customer's secrets are shown: they are made up, and typed by people.
fn describe(bank: &Bank, faults: &BTreeSet<String>) {
    let customer = &bank.customer;
    let faults: Vec<&str> = faults.iter().map(String::as_str).collect();
    output::result(&format!("issuer       {}  (customer's pages, no client certificate)", bank.issuer));
    output::result(&format!("api          {}  (token endpoint and payments, client certificate required)", bank.api));
    output::result(&format!("payments     {PLACES}"));
    output::result(&format!("metadata     {}/.well-known/oauth-authorization-server", bank.issuer));
    output::result(&format!("clock        {}", bank.clock));
    output::result(&format!("trust        {}  (status of the test CA's certificates)", bank.trust_service));
    let demanded = if bank.signatures_required { "demanded from whoever initiates payments" } else { "not demanded" };
    output::result(&format!(
        "signatures   checked where a request has one, {demanded} (how to sign: [signing] in docs/target.md)"
    ));
    output::result(&format!("faults       {}", if faults.is_empty() { "none".into() } else { faults.join(", ") }));
    if !bank.habits.is_empty() {
        let habits: Vec<&str> = bank.habits.iter().map(String::as_str).collect();
        output::result(&format!("habits       {}", habits.join(", ")));
    }
    output::result(&format!("dialect      {}", bank.dialect.name()));
    output::result(&format!("profiles     {}", bank.profiles.join(", ")));
    output::result(&format!("customer     {}, accounts {} and {}", customer.name, customer.iban, customer.account));
    output::result(&format!("  user name      {}", customer.username));
    output::result(&format!("  password       {}", customer.password));
    output::result(&format!("  one-time code  {}", customer.one_time_code));
    for client in &bank.clients {
        output::result(&format!(
            "{:<12} client_id {}, {}, {}",
            client.name,
            client.client_id,
            client.method.name(),
            client.redirect_uris.join(" or ")
        ));
        if let Some(secret) = &client.secret {
            output::result(&format!("  client_secret  {secret}"));
        }
    }
}

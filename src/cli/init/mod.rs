//! `bankproof init`: asks for the few things that it cannot find out, and writes a target file with a word on each key.

mod ask;
mod compose;
mod customer;
mod path;
mod questions;
mod read;

use std::{
    collections::BTreeSet,
    fs::OpenOptions,
    io::{ErrorKind, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use clap::Args;
use serde_json::Value;
use url::Url;

use self::{
    ask::{Answers, Question},
    compose::{Authentication, Draft, Intent, SCHEMA},
    path::{beside, kept_beside},
};
use super::{Outcome, Stop, output, runtime, signals};
use crate::{
    evidence::recorder::Recorder,
    pki::{Scratch, file, inspect},
    run::exit,
    targets::{self, Dialect, Method, own::Own, schema::schema},
    tpp::{first_look, session::Session},
};

/// The longest wait for the first look at the bank.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Args, Debug)]
pub(super) struct InitArguments {
    /// The file to write. One that is there is never overwritten.
    #[arg(long, value_name = "FILE", default_value = "bank.toml")]
    out: PathBuf,
    /// The bank's issuer identifier.
    #[arg(long, value_name = "URL")]
    issuer: Option<String>,
    /// The TPP's QWAC.
    #[arg(long, value_name = "FILE")]
    certificate: Option<String>,
    /// The key of the QWAC.
    #[arg(long, value_name = "FILE")]
    key: Option<String>,
    /// The answer to any question, by its key; may be given several times. What is not answered is asked for.
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    answer: Vec<(String, String)>,
    /// A TOML file with answers: key = "value".
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    /// Print every question instead: the key of its answer, what is asked, and what an empty answer stands for.
    #[arg(long)]
    questions: bool,
    /// Print the JSON Schema of target files instead, for editors.
    #[arg(long)]
    schema: bool,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("write KEY=VALUE, such as client_id=PSDDE-BAFIN-100001")?;
    Ok((key.to_owned(), value.to_owned()))
}

pub(super) fn init(arguments: &InitArguments) -> Outcome {
    signals::leave_nothing_behind()?;
    let schema = format!("{}\n", serde_json::to_string_pretty(&schema()).map_err(Stop::internal)?);
    if arguments.schema {
        output::result(schema.trim_end());
        return Ok(exit::CONFORMANT);
    }
    if arguments.questions {
        output::result(&questions::told());
        return Ok(exit::CONFORMANT);
    }
    let out = &arguments.out;
    if out.exists() {
        return Err(Stop::usage(format!("{} is there and is not overwritten: name another with --out", out.display())));
    }
    let flags = [("issuer", &arguments.issuer), ("certificate", &arguments.certificate), ("key", &arguments.key)];
    let flags = flags.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value.clone()?)));
    let answers = Answers::given(arguments.answers.as_deref(), arguments.answer.iter().cloned().chain(flags))?;
    let (draft, anchor) = draft(&answers, out).map_err(|stop| keep_answers(&answers, out, stop))?;
    if let Some(pem) = anchor {
        create(&out.with_file_name(&draft.trust_anchor), &pem)?;
    }
    create(out, &draft.text())?;
    // Another target file may have brought it along.
    let beside = out.with_file_name(SCHEMA);
    if !beside.exists() {
        create(&beside, &schema)?;
    }
    output::result(&format!("wrote {0}; look it over with: bankproof doctor {0}", out.display()));
    Ok(exit::CONFORMANT)
}

/// Who gives up, or mistypes once too often, has not typed the rest in vain.
fn keep_answers(answers: &Answers, out: &Path, stop: Stop) -> Stop {
    let Some(typed) = answers.typed_so_far() else { return stop };
    let stem = out.file_stem().map_or_else(|| "bank".into(), |stem| stem.to_string_lossy().into_owned());
    let path = out.with_file_name(format!("{stem}-answers.toml"));
    // Account numbers may be among them.
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path);
    match file.and_then(|mut file| file.write_all(typed.as_bytes())) {
        Ok(()) => {
            let told = format!("what was answered before is kept: go on with --answers {}", path.display());
            Stop { message: format!("{}; {told}", stop.message), ..stop }
        }
        Err(_) => stop,
    }
}

fn create(path: &Path, text: &str) -> Result<(), Stop> {
    let failed = |error: std::io::Error| match error.kind() {
        ErrorKind::AlreadyExists => Stop::usage(format!("{} is there and is not overwritten", path.display())),
        _ => Stop::usage(format!("{}: {error}", path.display())),
    };
    let mut file = OpenOptions::new().write(true).create_new(true).open(path).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)
}

/// What was answered and found out, and the certificate of a CA that was accepted.
fn draft(answers: &Answers, out: &Path) -> Result<(Draft, Option<String>), Stop> {
    let folder = out.parent().unwrap_or(Path::new(""));
    let issuer = "The bank's issuer identifier (the address of its authorization server)?";
    let issuer = answers.ask("issuer", issuer, None, read::https)?;
    let host = Url::parse(&issuer).ok().and_then(|url| url.host_str().map(str::to_owned));
    let mut draft = Draft { issuer, ..Draft::default() };
    draft.name = answers.ask("name", "What shall the report call it?", host.as_deref(), read::text)?;
    let environment = read::one_of("environment", &["test", "production"]);
    let question = "Is it a \"test\" system, or \"production\"?";
    draft.environment = answers.ask("environment", question, Some("test"), environment)?;
    let anchor = trust(answers, &mut draft, out)?;
    tpp(answers, &mut draft, folder)?;
    let metadata = discover(&draft, folder, anchor.as_deref())?;
    bank(answers, &mut draft, &metadata, folder)?;
    customer::customer(answers, &mut draft, folder)?;
    Ok((draft, anchor))
}

/// Whom the bank's certificates come from: a file, or what the bank shows, once somebody has looked at it.
fn trust(answers: &Answers, draft: &mut Draft, out: &Path) -> Result<Option<String>, Stop> {
    if let Some(path) = answers.find("trust_anchors", read::certificates)? {
        draft.trust_anchor = beside(out.parent().unwrap_or(Path::new("")), &path);
        draft.trusted = "From a file that was named.".into();
        return Ok(None);
    }
    let shown = first_look::shown(&draft.issuer, PATIENCE).map_err(Stop::usage)?;
    let last = shown.last().map(Vec::as_slice).unwrap_or_default();
    let facts = inspect::facts(last).map_err(Stop::usage)?;
    if !facts.is_ca {
        return Err(Stop::usage(format!(
            "{} shows its own certificate alone, issued by \"{}\": name a file with that CA, with --answer trust_anchors=FILE",
            draft.issuer, facts.issuer
        )));
    }
    output::progress(&format!(
        "The certificates of {} come from {}\n  SHA-256 {}",
        draft.issuer, facts.subject, facts.fingerprint
    ));
    let digits = |text: &str| text.replace([':', ' '], "").to_ascii_lowercase();
    // Who cannot look at it now must have looked before.
    let words = "Is that the bank's CA? Compare the fingerprint; \"yes\" trusts it.";
    let accepted = match answers.find("trust", |answer| Ok(digits(answer) == digits(&facts.fingerprint)))? {
        Some(is_the_same) => is_the_same,
        None => ask::typed(Question { key: "trust", words, default: None }, read::yes)?,
    };
    if !accepted {
        let mend = "name a file with the right CA, with --answer trust_anchors=FILE, or its fingerprint, with --answer trust=SHA-256";
        return Err(Stop::usage(format!("that CA is not trusted: {mend}")));
    }
    let stem = out.file_stem().map_or_else(|| "bank".into(), |stem| stem.to_string_lossy().into_owned());
    draft.trust_anchor = format!("{stem}-ca.pem");
    draft.trusted = format!("Shown by the bank and accepted: SHA-256 {}.", facts.fingerprint);
    Ok(Some(file::to_pem(last)))
}

/// The TPP: what its certificate says is the default.
fn tpp(answers: &Answers, draft: &mut Draft, folder: &Path) -> Result<(), Stop> {
    let (path, chain) = answers.ask("certificate", "The TPP's QWAC: which file?", None, read::certificate)?;
    let facts = inspect::facts(chain.as_bytes()).map_err(Stop::usage)?;
    let roles: Vec<&str> = facts.psd2_roles.iter().map(|role| role.name()).collect();
    draft.roles = if roles.is_empty() { " (without PSD2 roles)".into() } else { format!(" ({})", roles.join(", ")) };
    output::progress(&format!("  {}{}, until {}", facts.subject, draft.roles, facts.not_after.date()));
    let near = Path::new(&path).with_extension("key");
    let near = near.exists().then(|| near.display().to_string());
    let key = answers.ask("key", "Its key: which file?", near.as_deref(), read::key)?;
    (draft.certificate, draft.key) = (beside(folder, &path), beside(folder, &key));
    draft.client_id =
        answers.ask("client_id", "Its client_id at the bank?", facts.organization_identifier.as_deref(), read::text)?;
    let callback = facts.names.iter().find(|name| name.contains('.')).map(|name| format!("https://{name}/callback"));
    draft.redirect_uri =
        answers.ask("redirect_uri", "Its redirect URI, as registered there?", callback.as_deref(), read::https)?;
    Ok(())
}

fn absolute(folder: &Path, path: &str) -> Result<String, Stop> {
    Ok(std::path::absolute(folder.join(path)).map_err(Stop::usage)?.display().to_string())
}

/// The metadata document; null where there is none that can be had.
fn discover(draft: &Draft, beside: &Path, anchor: Option<&str>) -> Result<Value, Stop> {
    let folder = Scratch::new().map_err(Stop::internal)?;
    let path = folder.path().join("draft.toml");
    let anchor = match anchor {
        Some(pem) => create(&folder.path().join(&draft.trust_anchor), pem).map(|()| draft.trust_anchor.clone())?,
        None => absolute(beside, &draft.trust_anchor)?,
    };
    let placeholders = Draft {
        trust_anchor: anchor,
        buttons: [Vec::new(), vec!["approve".into()], Vec::new(), Vec::new()],
        ..draft.to_look(beside)?
    };
    create(&path, &placeholders.text())?;
    let target =
        targets::load(&path).map_err(|error| Stop::usage(format!("{}\n  mend: {}", error.problem, error.mend)))?;
    let recorder = Arc::new(Recorder::new(0, |_| {}));
    let opened = runtime()?.block_on(Session::open(Arc::new(target), recorder.clone()));
    if let Err(trouble) = opened {
        let told = recorder.redact(&trouble.to_string());
        output::progress(&format!("The bank could not be asked for its metadata: {told}"));
    }
    let found = recorder.exchanges().into_iter().find_map(|exchange| {
        let response = exchange.response().filter(|response| response.status == 200)?;
        response.json().filter(Value::is_object)
    });
    Ok(found.unwrap_or_default())
}

/// What the bank says of itself, and the rest.
fn bank(answers: &Answers, draft: &mut Draft, metadata: &Value, folder: &Path) -> Result<(), Stop> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    if let Some(own) =
        text(&metadata["issuer"]).filter(|own| own.trim_end_matches('/') == draft.issuer.trim_end_matches('/'))
    {
        draft.issuer = own;
    }
    let is_of_another = metadata.is_object() && metadata["issuer"] != draft.issuer.as_str();
    if is_of_another {
        output::progress("The metadata is of another issuer, and nothing of it is used (RFC 8414 3.3).");
    }
    let metadata = if is_of_another { &Value::Null } else { metadata };
    let aliases = &metadata["mtls_endpoint_aliases"];
    let token = text(&aliases["token_endpoint"]).or_else(|| text(&metadata["token_endpoint"]));
    match (text(&metadata["authorization_endpoint"]), &token) {
        (Some(authorization), Some(token)) => {
            draft.found = vec![format!("Found there: authorization endpoint {authorization}, token endpoint {token}.")];
            draft.found.extend(said_of_clients(metadata));
        }
        _ => {
            output::progress("The bank has no metadata document that names its endpoints.");
            let authorization =
                answers.ask("authorization_endpoint", "Its authorization endpoint?", None, read::https)?;
            let token = answers.ask("token_endpoint", "Its token endpoint?", None, read::https)?;
            draft.endpoints = Some((authorization, token));
        }
    }
    draft.authentication = authentication(answers, &metadata["token_endpoint_auth_methods_supported"], folder)?;
    let names = Dialect::ALL.map(Dialect::name);
    let dialects = read::one_of("dialect", &names);
    let dialect = "Payments as \"berlin-group\", as \"uk-open-banking\", or \"none\"?";
    let dialect = answers.ask("dialect", dialect, Some("berlin-group"), dialects)?;
    let refreshes =
        metadata["grant_types_supported"].as_array().is_some_and(|all| all.iter().any(|one| one == "refresh_token"));
    draft.capabilities.extend(refreshes.then(|| "refresh-tokens".to_owned()));
    let url = "Something that opens by access token alone: which URL?";
    let dialect = Dialect::ALL.into_iter().find(|known| known.name() == dialect).unwrap_or(Dialect::None);
    draft.intent = match dialect.has_payments() {
        true => customer::payments(answers, draft, dialect, token.as_deref(), folder)?,
        false => Intent::Resource {
            url: answers.ask("resource_url", url, None, read::https)?,
            scope: answers.ask("scope", "Which scope is asked for?", None, read::text)?,
        },
    };
    draft.hosts = hosts(answers, draft, metadata)?;
    Ok(())
}

/// Endpoints that a TPP asks.
const ENDPOINTS: [&str; 6] = [
    "authorization_endpoint",
    "token_endpoint",
    "revocation_endpoint",
    "introspection_endpoint",
    "pushed_authorization_request_endpoint",
    "jwks_uri",
];

/// Hosts that only the metadata names are the bank's where somebody says so.
fn hosts(answers: &Answers, draft: &Draft, metadata: &Value) -> Result<Vec<String>, Stop> {
    let own = Own::of(&toml::from_str(&draft.text()).map_err(Stop::internal)?);
    let places = [metadata, &metadata["mtls_endpoint_aliases"]];
    let named = places.into_iter().flat_map(|place| ENDPOINTS.map(|name| &place[name]));
    let urls = named.filter_map(|url| Url::parse(url.as_str()?).ok()).filter(|url| url.scheme() == "https");
    let strangers: BTreeSet<String> = urls.filter_map(|url| Some(own.hosts.objection(&url)?.host)).collect();
    if strangers.is_empty() {
        return Ok(Vec::new());
    }
    let strangers = strangers.into_iter().collect::<Vec<_>>().join(", ");
    let words = format!(
        "Endpoints are also at {strangers}: which of these hosts are the bank's, - for none? Nothing goes to others."
    );
    answers.ask("hosts", &words, None, read::hosts)
}

/// Best first.
const METHODS: [Method; 6] = [
    Method::TlsClientAuth,
    Method::SelfSignedTlsClientAuth,
    Method::PrivateKeyJwt,
    Method::ClientSecretBasic,
    Method::ClientSecretPost,
    Method::None,
];

fn authentication(answers: &Answers, offered: &Value, folder: &Path) -> Result<Authentication, Stop> {
    let offered = |method: &Method| offered.as_array().is_none_or(|all| all.iter().any(|one| one == method.name()));
    let best = METHODS.into_iter().find(offered).unwrap_or(METHODS[0]);
    let question = "How does the TPP authenticate, as registered?";
    let names = METHODS.map(Method::name);
    let known = read::one_of("client authentication", &names);
    let method = answers.ask("client_authentication", question, Some(best.name()), known)?;
    let is = |known: Method| known.name() == method;
    let secret = METHODS.into_iter().any(|known| is(known) && known.is_by_secret()).then(|| {
        let secret = "Its secret; env:NAME and file:PATH keep it out of the file?";
        let secret = answers.ask("client_secret", secret, Some("env:BANK_CLIENT_SECRET"), read::text)?;
        Ok(kept_beside(folder, secret))
    });
    let key = is(Method::PrivateKeyJwt).then(|| {
        let key = answers.ask("assertion_key", "The key of its assertions: which file?", None, read::key)?;
        Ok(beside(folder, &key))
    });
    Ok(Authentication { secret: secret.transpose()?, key: key.transpose()?, method })
}

fn said_of_clients(metadata: &Value) -> Option<String> {
    let methods = metadata["token_endpoint_auth_methods_supported"].as_array()?;
    let methods: Vec<&str> = methods.iter().filter_map(Value::as_str).collect();
    let bound =
        if metadata["tls_client_certificate_bound_access_tokens"] == true { "bound" } else { "not said to be bound" };
    let pushed =
        if metadata["require_pushed_authorization_requests"] == true { "; requests have to be pushed" } else { "" };
    Some(format!("Clients are authenticated by {}; tokens are {bound} to certificates{pushed}.", methods.join(", ")))
}

impl Draft {
    /// What is needed for a look at the metadata, from anywhere.
    fn to_look(&self, folder: &Path) -> Result<Self, Stop> {
        Ok(Self {
            name: self.name.clone(),
            environment: self.environment.clone(),
            issuer: self.issuer.clone(),
            client_id: self.client_id.clone(),
            certificate: absolute(folder, &self.certificate)?,
            key: absolute(folder, &self.key)?,
            redirect_uri: self.redirect_uri.clone(),
            ..Self::default()
        })
    }
}

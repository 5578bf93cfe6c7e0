//! `bankproof init`: asks for the few things that it cannot find out, and writes a target file with a word on each key.

mod ask;
mod compose;

use std::{
    fs::OpenOptions,
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use clap::Args;
use serde_json::Value;
use url::Url;

use self::{
    ask::Answers,
    compose::{Authentication, Draft, SCHEMA, Subject},
};
use super::{Outcome, Stop, output, runtime};
use crate::{
    evidence::recorder::Recorder,
    pki::{
        file::{self, Contents},
        inspect,
    },
    run::exit,
    target::{self, Method, schema::schema},
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
    /// Print the JSON Schema of target files instead, for editors.
    #[arg(long)]
    schema: bool,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("write KEY=VALUE, such as client_id=PSDDE-BAFIN-100001")?;
    Ok((key.to_owned(), value.to_owned()))
}

pub(super) fn init(arguments: &InitArguments) -> Outcome {
    let schema = format!("{}\n", serde_json::to_string_pretty(&schema()).map_err(Stop::internal)?);
    if arguments.schema {
        output::result(schema.trim_end());
        return Ok(exit::CONFORMANT);
    }
    let out = &arguments.out;
    if out.exists() {
        return Err(Stop::usage(format!("{} is there and is not overwritten: name another with --out", out.display())));
    }
    let flags = [("issuer", &arguments.issuer), ("certificate", &arguments.certificate), ("key", &arguments.key)];
    let flags = flags.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value.clone()?)));
    let answers = Answers::given(arguments.answers.as_deref(), arguments.answer.iter().cloned().chain(flags))?;
    let (draft, anchor) = draft(&answers, out)?;
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
    let issuer =
        answers.ask("issuer", "The bank's issuer identifier (the address of its authorization server)?", None)?;
    let url = Url::parse(&issuer).ok().filter(|url| url.scheme() == "https" && url.has_host());
    let url = url.ok_or_else(|| Stop::usage(format!("\"{issuer}\" is no https URL: write the whole address")))?;
    let mut draft = Draft { issuer, ..Draft::default() };
    let host = url.host_str().unwrap_or_default();
    draft.name = answers.ask("name", "What shall the report call it?", Some(host))?;
    draft.environment = answers.ask("environment", "Is it a \"test\" system, or \"production\"?", Some("test"))?;
    let anchor = trust(answers, &mut draft, out)?;
    tpp(answers, &mut draft)?;
    let metadata = discover(&draft, anchor.as_deref())?;
    bank(answers, &mut draft, &metadata)?;
    customer(answers, &mut draft)?;
    Ok((draft, anchor))
}

/// Whom the bank's certificates come from: a file, or what the bank shows, once somebody has looked at it.
fn trust(answers: &Answers, draft: &mut Draft, out: &Path) -> Result<Option<String>, Stop> {
    if let Some(path) = answers.find("trust_anchors") {
        draft.trust_anchor = absolute(path)?;
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
    let accepted = match answers.find("trust") {
        Some(answer) => digits(answer) == digits(&facts.fingerprint),
        None => ask::typed("trust", "Is that the bank's CA? Compare the fingerprint; \"yes\" trusts it.", None)?
            .eq_ignore_ascii_case("yes"),
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
fn tpp(answers: &Answers, draft: &mut Draft) -> Result<(), Stop> {
    let path = answers.ask("certificate", "The TPP's QWAC: which file?", None)?;
    let chain =
        Contents::read(Path::new(&path), None).and_then(|file| Ok(file.chain()?.to_pem())).map_err(Stop::usage)?;
    let facts = inspect::facts(chain.as_bytes()).map_err(Stop::usage)?;
    let roles: Vec<&str> = facts.psd2_roles.iter().map(|role| role.name()).collect();
    draft.roles = if roles.is_empty() { " (without PSD2 roles)".into() } else { format!(" ({})", roles.join(", ")) };
    output::progress(&format!("  {}{}, until {}", facts.subject, draft.roles, facts.not_after.date()));
    let beside = Path::new(&path).with_extension("key");
    let beside = beside.exists().then(|| beside.display().to_string());
    let key = answers.ask("key", "Its key: which file?", beside.as_deref())?;
    (draft.certificate, draft.key) = (absolute(&path)?, absolute(&key)?);
    draft.client_id =
        answers.ask("client_id", "Its client_id at the bank?", facts.organization_identifier.as_deref())?;
    let callback = facts.names.iter().find(|name| name.contains('.')).map(|name| format!("https://{name}/callback"));
    draft.redirect_uri = answers.ask("redirect_uri", "Its redirect URI, as registered there?", callback.as_deref())?;
    Ok(())
}

/// Paths in a target file are relative to it, and those that are typed to where one is.
fn absolute(path: &str) -> Result<String, Stop> {
    let path = std::path::absolute(path).map_err(Stop::usage)?;
    Ok(path.display().to_string())
}

/// The metadata document; null where there is none that can be had.
fn discover(draft: &Draft, anchor: Option<&str>) -> Result<Value, Stop> {
    let folder = tempfile::tempdir().map_err(Stop::internal)?;
    let path = folder.path().join("draft.toml");
    if let Some(pem) = anchor {
        create(&folder.path().join(&draft.trust_anchor), pem)?;
    }
    let placeholders =
        Draft { buttons: [Vec::new(), vec!["approve".into()], Vec::new(), Vec::new()], ..draft.to_look() };
    create(&path, &placeholders.text())?;
    let target =
        target::load(&path).map_err(|error| Stop::usage(format!("{}\n  mend: {}", error.problem, error.mend)))?;
    let recorder = Arc::new(Recorder::new(0, |_| {}));
    let opened = runtime()?.block_on(Session::open(Arc::new(target), recorder.clone()));
    if let Err(trouble) = opened {
        output::progress(&format!("The bank could not be asked for its metadata: {trouble}"));
    }
    let found = recorder.exchanges().into_iter().find_map(|exchange| {
        let response = exchange.response().filter(|response| response.status == 200)?;
        response.json().filter(Value::is_object)
    });
    Ok(found.unwrap_or_default())
}

/// What the bank says of itself, and the rest.
fn bank(answers: &Answers, draft: &mut Draft, metadata: &Value) -> Result<(), Stop> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    if let Some(own) =
        text(&metadata["issuer"]).filter(|own| own.trim_end_matches('/') == draft.issuer.trim_end_matches('/'))
    {
        draft.issuer = own;
    }
    let aliases = &metadata["mtls_endpoint_aliases"];
    let token = text(&aliases["token_endpoint"]).or_else(|| text(&metadata["token_endpoint"]));
    match (text(&metadata["authorization_endpoint"]), &token) {
        (Some(authorization), Some(token)) => {
            draft.found = vec![format!("Found there: authorization endpoint {authorization}, token endpoint {token}.")];
            draft.found.extend(said_of_clients(metadata));
        }
        _ => {
            output::progress("The bank has no metadata document that names its endpoints.");
            let authorization = answers.ask("authorization_endpoint", "Its authorization endpoint?", None)?;
            draft.endpoints = Some((authorization, answers.ask("token_endpoint", "Its token endpoint?", None)?));
        }
    }
    draft.authentication = authentication(answers, &metadata["token_endpoint_auth_methods_supported"])?;
    let dialect = answers.ask("dialect", "Payments as \"berlin-group\", or \"none\"?", Some("berlin-group"))?;
    let refreshes =
        metadata["grant_types_supported"].as_array().is_some_and(|all| all.iter().any(|one| one == "refresh_token"));
    draft.capabilities.extend(refreshes.then(|| "refresh-tokens".to_owned()));
    draft.subject = match dialect.as_str() {
        "berlin-group" => payments(answers, draft, token.as_deref())?,
        "none" => Subject::Resource {
            url: answers.ask("resource_url", "Something that opens by access token alone: which URL?", None)?,
            scope: answers.ask("scope", "Which scope is asked for?", None)?,
        },
        other => return Err(Stop::usage(format!("\"{other}\" is no dialect: \"berlin-group\" or \"none\""))),
    };
    Ok(())
}

/// Best first.
const METHODS: [Method; 5] = [
    Method::TlsClientAuth,
    Method::SelfSignedTlsClientAuth,
    Method::PrivateKeyJwt,
    Method::ClientSecretBasic,
    Method::ClientSecretPost,
];

fn authentication(answers: &Answers, offered: &Value) -> Result<Authentication, Stop> {
    let offered = |method: &Method| offered.as_array().is_none_or(|all| all.iter().any(|one| one == method.name()));
    let best = METHODS.into_iter().find(offered).unwrap_or(METHODS[0]);
    let question = "How does the TPP authenticate, as registered?";
    let method = answers.ask("client_authentication", question, Some(best.name()))?;
    let Some(known) = METHODS.into_iter().find(|known| known.name() == method) else {
        let all: Vec<&str> = METHODS.iter().map(|known| known.name()).collect();
        return Err(Stop::usage(format!("\"{method}\" is no client authentication: write one of {}", all.join(", "))));
    };
    let secret = "Its secret; env:NAME and file:PATH keep it out of the file?";
    let secret = known.is_by_secret().then(|| answers.ask("client_secret", secret, Some("env:BANK_CLIENT_SECRET")));
    let key = (known == Method::PrivateKeyJwt)
        .then(|| answers.ask("assertion_key", "The key of its assertions: which file?", None));
    let key = key.transpose()?.map(|path| absolute(&path)).transpose()?;
    Ok(Authentication { method, secret: secret.transpose()?, key })
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

fn payments(answers: &Answers, draft: &mut Draft, token: Option<&str>) -> Result<Subject, Stop> {
    let origin = token.and_then(|url| Some(Url::parse(url).ok()?.origin().ascii_serialization()));
    let by_oauth = answers.ask("oauth_sca", "Are payments authorised by OAuth (scaOAuth): yes or no?", Some("yes"))?;
    draft.capabilities.extend(by_oauth.eq_ignore_ascii_case("yes").then(|| "oauth-sca".to_owned()));
    Ok(Subject::Payments {
        api: answers.ask("api", "The base address of the payment API, without /v1?", origin.as_deref())?,
        debtor_iban: answers.ask("debtor_iban", "The customer's account (IBAN)?", None)?,
        creditor_iban: answers.ask("creditor_iban", "The payee's account (IBAN)?", Some("DE89370400440532013000"))?,
        creditor_name: answers.ask("creditor_name", "The payee's name?", Some("Test Merchant"))?,
        amount: answers.ask("amount", "How much, with a dot?", Some("12.34"))?,
        currency: answers.ask("currency", "In which currency?", Some("EUR"))?,
    })
}

/// The customer: each form field as `name=value`, with commas in between.
fn customer(answers: &Answers, draft: &mut Draft) -> Result<(), Stop> {
    let pairs = |text: &str| -> Vec<(String, String)> {
        let pairs = text.split(',').filter_map(|pair| pair.split_once('='));
        pairs.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect()
    };
    let fields = "What the customer types into which form fields, as name=value, …?";
    draft.fields = pairs(&answers.ask("fields", fields, None)?);
    let secrets = "The same for secrets; env:NAME and file:PATH keep them out of the file?";
    draft.secrets = pairs(&answers.ask("secrets", secrets, Some("password=env:BANK_PASSWORD"))?);
    let code = answers.ask("one_time_code", "Which of them is a one-time code (none: -)?", Some("-"))?;
    draft.one_time_code = Some(code).filter(|code| code != "-");
    let words = |text: String| -> Vec<String> {
        text.split(',').map(|word| word.trim().to_owned()).filter(|word| !word.is_empty() && word != "-").collect()
    };
    draft.buttons = [
        words(answers.ask(
            "continue",
            "Buttons that go on to the next page, with commas in between?",
            Some("Log in, Continue"),
        )?),
        words(answers.ask("approve", "Buttons that agree?", Some("Approve"))?),
        words(answers.ask("deny", "Buttons that refuse (none: -)?", Some("-"))?),
        words(answers.ask("cancel", "Buttons that leave (none: -)?", Some("-"))?),
    ];
    Ok(())
}

impl Draft {
    /// What is needed for a look at the metadata.
    fn to_look(&self) -> Self {
        Self {
            name: self.name.clone(),
            environment: self.environment.clone(),
            issuer: self.issuer.clone(),
            trust_anchor: self.trust_anchor.clone(),
            client_id: self.client_id.clone(),
            certificate: self.certificate.clone(),
            key: self.key.clone(),
            redirect_uri: self.redirect_uri.clone(),
            ..Self::default()
        }
    }
}

//! The bundled bank as a target: started fresh, and written down as a target file like any other bank's.

mod authentication;
mod dialect;
mod sandbox;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, Permissions},
    io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use toml::Spanned;
use url::Url;

use crate::{
    bank::{self, Bank, BankError, ClientMethod, Settings, TrustPlace, habits},
    catalogue::profiles::Declared,
    pki::{self, PkiError, TestPki},
    targets::{
        Buttons, Method, Psu, Secret, Signing, TargetFile,
        file::{Environment, Identity, KeyFiles, Server, TestCa},
        network::HostTable,
        psu::{Agent, Login},
        signing::Seal,
    },
};

/// Why a target file could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A certificate could not be issued or written.
    #[error(transparent)]
    Pki(#[from] PkiError),
    /// A file could not be written.
    #[error("{}: cannot be written: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The target cannot be put into TOML.
    #[error("the target file cannot be put into TOML: {0}")]
    Toml(#[from] toml::ser::Error),
}

type Adaption = fn(&mut TargetFile);

/// What the target file has to say of a bank with a habit, beyond what it says of every bank.
const ADAPTIONS: &[(&str, Adaption)] = &[
    ("wants-more-of-requests", dialect::say_what_is_wanted),
    ("opaque-access-tokens", |file| cannot(file, &["jwt-access-tokens"])),
    ("few-features", |file| {
        cannot(file, &["revocation", "introspection", "cancellation", "explicit-authorisation"]);
    }),
    ("asks-to-tick", sandbox::ticks),
    ("notice-before-login", sandbox::goes_on),
    ("unregistered-uris-when-pushed", |file| {
        file.policies.push(text(&"unregistered-redirect-uris"));
        file.capabilities.push(text(&"par-required"));
    }),
    ("par-required", |file| file.capabilities.push(text(&"par-required"))),
    ("no-refresh-tokens", |file| cannot(file, &["refresh-tokens"])),
    ("assertions-for-each-endpoint", authentication::for_each_endpoint),
    ("openid-connect", authentication::openid),
    ("no-metadata", authentication::by_hand),
    ("sandbox-approves-at-once", sandbox::approves_at_once),
    ("sandbox-takes-hint", sandbox::takes_hint),
    ("sandbox-magic-users", sandbox::magic_users),
    ("redirect-alone", |file| cannot(file, &["oauth-sca"])),
    ("registered-tpps-alone", |file| cannot(file, &["unregistered-tpps"])),
    ("known-by-name", known_by_name),
    ("sca-decoupled", sandbox::decoupled_only),
];

/// The target file says something of a bank with that habit, so that it is met otherwise from the start.
pub(super) fn tells_of(habit: &str) -> bool {
    ADAPTIONS.iter().any(|(id, _)| *id == habit)
}

/// Takes capabilities away.
fn cannot(file: &mut TargetFile, names: &[&str]) {
    file.capabilities.retain(|declared| !names.contains(&declared.get_ref().as_str()));
}

/// No DNS knows its name.
fn known_by_name(file: &mut TargetFile) {
    let name = Url::parse(file.server.issuer.get_ref()).ok().and_then(|url| url.host_str().map(str::to_owned));
    let here = HostTable { address: Some(text(&"127.0.0.1")), ..HostTable::default() };
    file.network.get_or_insert_default().hosts.extend(name.map(|name| (name, here)));
}

/// Settings of a bank that keeps to those profiles, and says so.
#[must_use]
pub fn keeping_to(profiles: &Declared, settings: Settings) -> Settings {
    let habits = settings.habits.iter().cloned().chain(profiles.habits()).collect();
    Settings { habits, profiles: profiles.named().to_vec(), ..settings }
}

/// Starts the bundled bank with those faults, and with a fresh test PKI whose certificates name its trust service.
///
/// # Errors
/// An unknown fault, or an address that is taken.
pub async fn start(settings: Settings) -> Result<(Bank, TestPki), BankError> {
    let place = TrustPlace::take().await?;
    let pki = TestPki::fresh_at(place.url())?;
    let bank = bank::start_beside(&pki, settings, place).await?;
    Ok((bank, pki))
}

/// Writes a target file for that bank, with the identities in a folder beside it. The file itself comes last and by
/// rename: where it is, everything is.
///
/// # Errors
/// A file cannot be written.
pub fn write_target(path: &Path, bank: &Bank, test_pki: &TestPki, faults: &BTreeSet<String>) -> Result<(), WriteError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| WriteError::Io { path, source }
    };
    let stem = path.file_stem().map_or_else(|| "target".into(), |stem| stem.to_string_lossy().into_owned());
    let folder = format!("{stem}-identities");
    let whole = path.with_file_name(&folder);
    test_pki.write(&whole)?;
    fs::set_permissions(&whole, Permissions::from_mode(0o700)).map_err(failed(&whole))?;
    let mut file = target_file(&folder, bank, faults);
    let has = |habit: &str| bank.habits.contains(habit) && habits::is_for(habit, bank.dialect);
    let adaptions = ADAPTIONS.iter().filter(|(habit, _)| has(habit));
    adaptions.for_each(|(_, adapt)| adapt(&mut file));
    let text = toml::to_string_pretty(&file)?;
    let unfinished = path.with_extension("toml.unfinished");
    // It holds the customer's secrets, and may those of clients.
    pki::write_private(&unfinished, text.as_bytes()).map_err(failed(&unfinished))?;
    fs::rename(&unfinished, path).map_err(failed(path))
}

fn target_file(folder: &str, bank: &Bank, faults: &BTreeSet<String>) -> TargetFile {
    let file = |name: &str| Spanned::new(0..0, PathBuf::from(folder).join(name));
    let pair = |name: &str| {
        let key = Some(file(&format!("{name}.key")));
        KeyFiles { certificate: file(&format!("{name}.pem")), key, key_password: None }
    };
    let seal = |name: &str| {
        let KeyFiles { certificate, key, key_password } = pair(name);
        Seal { certificate, key, key_password, key_id: None, issuer: None }
    };
    let identity = |client: &bank::Client| {
        let own = pair(&format!("{}-qwac", client.tpp));
        Identity {
            name: client.name.clone(),
            client_id: client.client_id.clone(),
            certificate: own.certificate,
            key: own.key,
            key_password: None,
            renewed: Some(pair(&format!("{}-renewed-qwac", client.tpp))),
            seal: Some(seal(&format!("{}-qsealc", client.tpp))),
            client_authentication: method(client.method),
            client_secret: client.secret.clone().map(Secret::from),
            assertion: None,
            par_required: client.must_push,
            redirect_uris: client.redirect_uris.iter().map(text).collect(),
        }
    };
    TargetFile {
        name: "Bundled bank".into(),
        environment: Environment::Test,
        dialect: dialect::dialect(bank),
        profile: None,
        profiles: bank.profiles.iter().map(text).collect(),
        bundled: true,
        faults: faults.iter().cloned().collect(),
        habits: bank.habits.iter().cloned().collect(),
        capabilities: dialect::capabilities(bank).iter().map(text).collect(),
        policies: ["pkce-required", "pkce-s256-only"].iter().map(text).collect(),
        allow_payments_on_production: false,
        confirm_production: None,
        production_file: None,
        profile_file: None,
        requests: Vec::new(),
        deviations: Vec::new(),
        tolerances: Default::default(),
        server: Server {
            issuer: text(&bank.issuer),
            api: Some(text(&dialect::api(bank))),
            api_version: None,
            hosts: Vec::new(),
            trust_anchors: vec![file("ca-root.pem")],
            clock: Some(text(&bank.clock)),
            endpoints: None,
            timeout_seconds: 10,
        },
        network: None,
        identities: bank.clients.iter().map(identity).collect(),
        test_ca: Some(TestCa {
            certificate: file("ca-issuing.pem"),
            key: Some(file("ca-issuing.key")),
            key_password: None,
            trust_service: Some(text(&bank.trust_service)),
        }),
        bad_certificates: BTreeMap::new(),
        psu: Some(psu(bank)),
        payment: Some(dialect::payment(bank)),
        resource: None,
        oauth: None,
        signing: Some(signing(bank, file("bank-seal.pem"))),
    }
}

/// What the bank calls a method is what a target file calls it.
fn method(own: ClientMethod) -> Method {
    match own {
        ClientMethod::TlsClientAuth => Method::TlsClientAuth,
        ClientMethod::SelfSignedTlsClientAuth => Method::SelfSignedTlsClientAuth,
        ClientMethod::PrivateKeyJwt => Method::PrivateKeyJwt,
        ClientMethod::ClientSecretBasic => Method::ClientSecretBasic,
        ClientMethod::ClientSecretPost => Method::ClientSecretPost,
    }
}

/// The bundled bank verifies several forms; the ordinary one is that of its dialect.
fn signing(bank: &Bank, certificate: Spanned<PathBuf>) -> Signing {
    let (own, also) = dialect::forms(bank);
    Signing { also, required: bank.signatures_required, bank_certificate: Some(certificate), ..Signing::new(own) }
}

fn login(customer: &bank::Customer) -> Login {
    let secret = |name: &str, value: &String| (name.to_owned(), Secret::from(value.clone()));
    Login {
        fields: [("username".to_owned(), customer.username.clone())].into(),
        secrets: [secret("password", &customer.password), secret("otp", &customer.one_time_code)].into(),
    }
}

fn psu(bank: &Bank) -> Psu {
    let Login { fields, secrets } = login(&bank.customer);
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    Psu {
        agents: [Agent::FormScript, Agent::Decoupled].map(|agent| Spanned::new(0..0, agent)).into(),
        fields,
        secrets,
        one_time_code: Some(text(&"otp")),
        lockable: bank.lockable.iter().map(login).collect(),
        parallel: true,
        hosts: Vec::new(),
        buttons: Buttons {
            go_on: words(&["login", "confirm"]),
            approve: words(&["approve"]),
            deny: words(&["deny"]),
            cancel: words(&["cancel"]),
        },
        consent_hint: None,
        magic_user: None,
        decoupled: Some(sandbox::device(&bank.issuer)),
        browser: None,
        command: None,
        manual: None,
    }
}

fn text(value: &impl ToString) -> Spanned<String> {
    Spanned::new(0..0, value.to_string())
}

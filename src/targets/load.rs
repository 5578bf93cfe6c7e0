//! From a target file to a target: paths resolved, keys matched, URLs checked.

use std::{
    collections::BTreeSet,
    fs,
    ops::Range,
    path::{Path, PathBuf},
};

use toml::{Spanned, de::DeTable};

use super::{
    Dialect, Identity, KeyPair, Method, Payment, Secret, Signing, Target, TargetError, TargetFile, addresses,
    capability,
    capability::Source as Origin,
    error::Source,
    file::{self, ReadBy, Resource},
    key_use::KeyUse,
    keys,
    psu::{Ability, Psu},
    shape,
    signing::{Form, Seal, SealNames},
    telling, user_info,
};
use super::{bank_profile::BankProfile, requests::Change, tolerances::Tolerances};
use crate::evidence::operation::Operation;
use crate::pki::{
    self,
    file::{Contents, FileError},
};

/// The mend of whoever knows no better one.
pub const SEE_THE_EXAMPLE: &str = "see the example of a target file in the README";

/// Policies that a bank can declare for itself.
pub const POLICIES: [&str; 5] =
    ["pkce-required", "pkce-s256-only", "qwac-only", "client-auth-only", "unregistered-redirect-uris"];
/// What no recipe makes bad, and what a trust service has to say of it.
const REVOKED: [&str; 2] = ["revoked-by-crl", "revoked-by-ocsp"];

/// Reads a target file.
///
/// # Errors
/// Anything that would make a run fail for reasons that are not the bank's: unknown keys, missing files, keys that do
/// not match their certificates, URLs without TLS. The message names file, line, key and mend.
pub fn load(path: &Path) -> Result<Target, TargetError> {
    let text = read_text(path)?;
    let source = Source { path, text: &text };
    let file: TargetFile = toml::from_str(&text).map_err(|error| {
        let name = if DeTable::parse(&text).is_err() { "toml-syntax" } else { "target-file" };
        telling::formal_mistake(&source, &error, mend_of_form(&text, &error)).named(name)
    })?;
    Loader { source, folder: path.parent().unwrap_or(Path::new("")).to_owned() }.target(file)
}

/// What to do about a file that is no TOML, or not of the form.
fn mend_of_form(text: &str, error: &toml::de::Error) -> &'static str {
    let at = error.span().map_or(0, |span| span.start.min(text.len()));
    let line = text.get(..at).unwrap_or_default().lines().count().saturating_sub(1);
    let around = text.lines().skip(line).take(2).any(|line| line.contains('\\') && line.contains('"'));
    match DeTable::parse(text).is_err() && around {
        true => "in double quotes a backslash begins an escape: write the path with / or in 'single quotes'",
        false => SEE_THE_EXAMPLE,
    }
}

/// The same, with every mistake in the form of the file at once; of others the first.
///
/// # Errors
/// As for [`load`]; never none.
pub fn load_all(path: &Path) -> Result<Target, Vec<TargetError>> {
    load(path).map_err(|first| {
        let Ok(text) = read_text(path) else { return vec![first] };
        let mut all = shape::mistakes(&Source { path, text: &text });
        if !all.iter().any(|mistake| mistake.line == first.line) {
            all.insert(0, first);
        }
        all
    })
}

fn read_text(path: &Path) -> Loaded<String> {
    let refused =
        |problem: String, mend: &str| Source { path, text: "" }.error(None, problem, mend).named("file-unreadable");
    let bytes = fs::read(path).map_err(|error| {
        let mend = "name an existing target file; `bankproof init` writes one to start from";
        refused(format!("the target file cannot be read: {error}"), mend)
    })?;
    in_utf8(bytes).map_err(|problem| refused(problem, "save it as UTF-8: every editor can, Windows' own too"))
}

/// The text of a file, without the mark that some editors put before it.
fn in_utf8(bytes: Vec<u8>) -> Result<String, String> {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err("the file is in UTF-16".into());
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let before = error.as_bytes().iter().take(error.utf8_error().valid_up_to());
        let line = before.filter(|byte| **byte == b'\n').count() + 1;
        format!("line {line} is not in UTF-8")
    })?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

pub(super) struct Loader<'a> {
    pub(super) source: Source<'a>,
    pub(super) folder: PathBuf,
}

pub(super) type Loaded<T> = Result<T, TargetError>;

impl Loader<'_> {
    fn target(&self, mut file: TargetFile) -> Loaded<Target> {
        let bank_profile = self.take_in_profile(&mut file)?;
        self.check_users()?;
        self.do_without_issuer(&mut file)?;
        self.check_urls(&file)?;
        let own = self.own(&file)?;
        self.check_completeness(&file)?;
        self.check_wishes(&mut file.requests, &file.tolerances, file.dialect)?;
        self.fetch_secrets(&mut file)?;
        if let Some(command) = file.psu.as_mut().and_then(|psu| psu.command.as_mut()) {
            command.beside(&self.folder).map_or(Ok(()), |(at, what, mend)| Err(self.source.error(at, what, mend)))?;
        }
        let declared = self.capabilities(&file.capabilities)?;
        let policies = self.known(&file.policies, "policies", |name| POLICIES.contains(&name))?;
        let profiles = self.profiles(&file)?;
        let signing = file.signing.as_ref();
        let identities: Vec<Identity> =
            file.identities.iter().map(|identity| self.identity(identity, signing)).collect::<Loaded<_>>()?;
        let mut target = Target {
            restraint: super::restraint::Restraint::of(&file),
            bank_profile,
            requests: file.requests.clone(),
            deviations: file.deviations,
            tolerances: file.tolerances,
            name: file.name,
            environment: file.environment,
            dialect: file.dialect,
            profiles,
            bundled: file.bundled,
            faults: file.faults,
            habits: file.habits,
            capabilities: declared,
            policies,
            issuer: file.server.issuer.into_inner(),
            api: file.server.api.map(|url| url.into_inner().trim_end_matches('/').to_owned()),
            api_version: file.dialect.usual_version().map_or_else(String::new, |usual| {
                file.server.api_version.map_or_else(|| usual.into(), Spanned::into_inner)
            }),
            endpoints: file.server.endpoints,
            clock: file.server.clock.map(Spanned::into_inner),
            trust_anchors: self.trust_anchors(&file.server.trust_anchors)?,
            timeout_seconds: file.server.timeout_seconds.clamp(1, 120),
            network: (file.network.as_ref().map(|table| self.network(table)).transpose()?.unwrap_or_default()).to(own),
            identities,
            trust_service: (file.test_ca.as_ref().and_then(|ca| ca.trust_service.as_ref()))
                .map(|url| url.get_ref().trim_end_matches('/').to_owned()),
            test_ca: (file.test_ca.as_ref().map(|ca| self.pair("[test_ca]", KeyUse::TestCa, ca))).transpose()?,
            bad_certificates: (file.bad_certificates.into_iter())
                .map(|(defect, pair)| self.bad_pair(defect, &pair))
                .collect::<Loaded<_>>()?,
            psu: file.psu,
            payment: file.payment,
            resource: file.resource,
            oauth: file.oauth.unwrap_or_default(),
            bank_certificate: self.bank_certificate(file.signing.as_ref())?,
            signing: file.signing,
        };
        let derived = derived_capabilities(&target);
        target.capabilities.extend(derived);
        let promised: Vec<String> = target.profiles.capabilities().map(str::to_owned).collect();
        target.capabilities.extend(promised);
        Ok(target)
    }

    /// A payment API alone is asked for payments alone: nothing goes to an authorization server, and what the report calls the
    /// issuer is where the API is.
    fn do_without_issuer(&self, file: &mut TargetFile) -> Loaded<()> {
        if !file.server.issuer.get_ref().is_empty() {
            return Ok(());
        }
        let by_oauth = file.capabilities.iter().any(|name| name.get_ref() == "oauth-sca");
        let is_alone = file.dialect.does_without_issuer()
            && !by_oauth
            && file.resource.is_none()
            && file.server.endpoints.is_none();
        let origin = |api: &Spanned<String>| Some(url::Url::parse(api.get_ref()).ok()?.origin().ascii_serialization());
        let Some((api, origin)) =
            file.server.api.as_ref().filter(|_| is_alone).and_then(|api| Some((api, origin(api)?)))
        else {
            let mend = "add the issuer identifier of the bank's authorization server; a Berlin Group API can do without where no `oauth-sca` is declared";
            return Err(self.problem("`server.issuer` is missing", mend).named("key-missing"));
        };
        file.server.issuer = Spanned::new(api.span(), origin);
        file.server.endpoints = Some(file::Endpoints::default());
        Ok(())
    }

    /// Adds what the bank says of itself; what the target file says beside it comes first. Gives the profile's name.
    fn take_in_profile(&self, file: &mut TargetFile) -> Loaded<Option<String>> {
        let Some(named) = &file.profile_file else { return Ok(None) };
        let path = self.folder.join(named.get_ref());
        let text = fs::read_to_string(&path).map_err(|error| {
            let shown =
                telling::path(&self.folder, named.get_ref()).map(|path| format!("`{path}` ")).unwrap_or_default();
            let problem = format!("`profile_file`: the bank's profile {shown}cannot be read: {error}");
            self.at(
                named.span(),
                problem,
                "`profile_file` is relative to the target file: correct it, or put the file there",
            )
        })?;
        let source = Source { path: &path, text: &text };
        let mut profile: BankProfile = toml::from_str(&text).map_err(|error| {
            telling::formal_mistake(&source, &error, "docs/profiles/example.toml is an example of a bank's profile")
        })?;
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        // Its own loader: what is wrong in the profile is told with the profile's lines.
        let loader = Loader { source, folder };
        loader.check_users()?;
        loader.capabilities(&profile.capabilities)?;
        loader.known(&profile.policies, "policies", |name| POLICIES.contains(&name))?;
        loader.check_wishes(&mut profile.requests, &profile.tolerances, file.dialect)?;
        loader.bank_certificate(profile.signing.as_ref())?;
        if let Some(certificate) = profile.signing.as_mut().and_then(|signing| signing.bank_certificate.as_mut()) {
            *certificate.get_mut() = std::path::absolute(loader.folder.join(certificate.get_ref())).unwrap_or_default();
        }
        file.capabilities.extend(profile.capabilities);
        file.policies.extend(profile.policies);
        file.requests.splice(0..0, profile.requests);
        file.deviations.extend(profile.deviations);
        file.tolerances = std::mem::take(&mut file.tolerances).or(profile.tolerances);
        file.signing = file.signing.take().or(profile.signing);
        Ok(Some(profile.name))
    }

    fn check_wishes(&self, requests: &mut [Change], tolerances: &Tolerances, dialect: Dialect) -> Loaded<()> {
        requests.iter_mut().try_for_each(|change| change.fetch(&self.source, &self.folder))?;
        if let Some((span, problem, mend)) = requests.iter().find_map(|change| change.objection(dialect)) {
            return Err(self.at(span, problem, mend));
        }
        match tolerances.objection() {
            Some((span, problem)) => Err(self.at(span, problem, "write 3600 or less, or have the failure waived")),
            None => Ok(()),
        }
    }

    fn capabilities(&self, names: &[Spanned<String>]) -> Loaded<BTreeSet<String>> {
        self.known(names, "capabilities", |name| {
            capability::find(name).is_some_and(|found| found.source != Origin::Derived)
        })
    }

    fn check_users(&self) -> Loaded<()> {
        let Some((span, key)) = user_info::find(self.source.text) else { return Ok(()) };
        let mend =
            "take user name and password out of the URL: no request is made with them, and reports show the address";
        Err(self.at(span, format!("`{key}` is a URL that names a user"), mend).named("url-with-user"))
    }

    fn check_urls(&self, file: &TargetFile) -> Loaded<()> {
        self.https(&file.server.issuer, "server.issuer")?;
        if let Some(api) = &file.server.api {
            self.https(api, "server.api")?;
        }
        for (key, url) in file.server.endpoints.iter().flat_map(|endpoints| endpoints.named()) {
            self.https(url, &format!("server.endpoints.{key}"))?;
        }
        if let Some(resource) = &file.resource {
            self.https(&resource.url, "resource.url")?;
            self.check_body(resource)?;
        }
        if let Some(clock) = &file.server.clock {
            self.loopback(clock, "server.clock")?;
        }
        if let Some(url) = file.test_ca.as_ref().and_then(|ca| ca.trust_service.as_ref()) {
            self.loopback(url, "test_ca.trust_service")?;
        }
        Ok(())
    }

    fn check_body(&self, resource: &Resource) -> Loaded<()> {
        let Some(body) = &resource.body else { return Ok(()) };
        let is_json = serde_json::from_str::<serde_json::Value>(body.get_ref()).is_ok();
        let (problem, mend) = match resource.method {
            ReadBy::Get => {
                ("`resource.body` is for resources that are read by POST", "write method = \"POST\", or leave it out")
            }
            ReadBy::Post if !is_json => {
                ("`resource.body` is no JSON", "write the JSON that is sent, in single quotes: body = '{}'")
            }
            ReadBy::Post => return Ok(()),
        };
        Err(self.at(body.span(), problem.to_owned(), mend))
    }

    /// Every secret of the file, from where it is kept.
    fn fetch_secrets(&self, file: &mut TargetFile) -> Loaded<()> {
        if let Some(decoupled) = file.psu.as_mut().and_then(|psu| psu.decoupled.as_mut()) {
            decoupled.resolve(&self.folder);
        }
        for (key, secret) in file.psu.iter_mut().flat_map(Psu::secrets_mut) {
            self.fetch(secret, &key)?;
        }
        if let Some(password) = file.network.as_mut().and_then(|network| network.proxy_password.as_mut()) {
            self.fetch(password, "network.proxy_password")?;
        }
        for (key, password) in keys::passwords(file) {
            self.fetch(password, key)?;
        }
        for (key, account) in file.payment.iter_mut().flat_map(Payment::accounts_mut) {
            self.fetch(account, key)?;
        }
        match file.payment.as_ref().and_then(Payment::not_a_sort_code_account) {
            Some(key) => {
                let problem = format!("`payment.{key}` is no sort code with an account number");
                Err(self.problem(&problem, "write both in one: 14 digits without spaces, such as \"20405318203745\""))
            }
            None => Ok(()),
        }
    }

    fn fetch(&self, secret: &mut Secret, key: &str) -> Loaded<()> {
        secret.fetch(&self.source, &self.folder, key)
    }

    pub(super) fn https(&self, url: &Spanned<String>, key: &str) -> Loaded<()> {
        let parsed = url::Url::parse(url.get_ref());
        if parsed.as_ref().is_ok_and(|parsed| parsed.scheme() == "https" && parsed.host().is_some()) {
            return Ok(());
        }
        Err(self
            .at(
                url.span(),
                format!("`{key}` is no https URL"),
                "write the whole URL, such as \"https://auth.bank.example\"",
            )
            .named("url-without-tls"))
    }

    fn loopback(&self, url: &Spanned<String>, key: &str) -> Loaded<()> {
        let parsed = url::Url::parse(url.get_ref()).ok();
        let host = parsed.as_ref().and_then(url::Url::host_str).unwrap_or_default();
        if matches!(host, "127.0.0.1" | "localhost" | "[::1]") {
            return Ok(());
        }
        let problem = format!("`{key}` is at a host that is not this machine");
        Err(self.at(
            url.span(),
            problem,
            "leave it out: only a test bank on loopback lets its clock be moved and its trust service be told what to say",
        ))
    }

    fn check_completeness(&self, file: &TargetFile) -> Loaded<()> {
        let missing = |problem: &str, mend: &str| Err(self.source.error(None, problem, mend));
        if file.identities.is_empty() {
            return missing(
                "there is no `[[identity]]`",
                "add one `[[identity]]` with certificate and key for each TPP to play",
            );
        }
        if file.server.trust_anchors.is_empty() {
            return missing(
                "`server.trust_anchors` is empty",
                "name at least one PEM file with the CA of the bank's certificate",
            );
        }
        let alone =
            file.server.endpoints.as_ref().filter(|endpoints| !endpoints.beside_metadata && !endpoints.is_empty());
        if let Some(endpoints) = alone {
            let needed = [("authorization", &endpoints.authorization), ("token", &endpoints.token)];
            if let Some((key, _)) = needed.into_iter().find(|(_, url)| url.is_none()) {
                return missing(
                    &format!("`server.endpoints.{key}` is missing"),
                    "name it, or set beside_metadata = true where the bank's metadata document names it",
                );
            }
        }
        if file.dialect.has_payments() && file.server.api.is_none() {
            return missing(
                "`server.api` is missing",
                "add the base URL of the payment API, or set dialect = \"none\"",
            );
        }
        if let Some((span, problem, mend)) = addresses::objection(file) {
            return Err(self.at(span, problem, mend).named("address-wrong"));
        }
        if let Some(name) =
            file.capabilities.iter().find(|name| file.dialect.lacks().contains(&name.get_ref().as_str()))
        {
            let problem = format!(
                "`capabilities` holds \"{}\", which no bank of the dialect \"{}\" has",
                name.get_ref(),
                file.dialect.name()
            );
            return Err(self.at(name.span(), problem, "take it out: there are no words for it in that dialect"));
        }
        if file.dialect.has_payments() && file.payment.is_none() {
            return missing("the `[payment]` table is missing", "say what to pay, or set dialect = \"none\"");
        }
        if !file.dialect.has_payments() && file.resource.is_none() {
            return missing(
                "the `[resource]` table is missing",
                "name a scope to ask for and a URL that a token with it opens: without payments there is nothing else to authorise",
            );
        }
        if let Some((problem, mend)) = file.payment.as_ref().and_then(|payment| payment.objection(file.dialect)) {
            return missing(&problem, &mend);
        }
        let unsealed = file.identities.iter().find(|identity| identity.seal.is_none());
        if let Some(identity) = unsealed.filter(|_| file.signing.as_ref().is_some_and(|signing| signing.required)) {
            return missing(
                &format!("the identity \"{}\" has no `seal`, and `signing.required` is true", identity.name),
                "add its QSealC: seal = { certificate = \"…\", key = \"…\" }",
            );
        }
        // A payment API can be judged without a customer, in part.
        let Some(psu) = &file.psu else {
            return match file.dialect.has_payments() {
                true => Ok(()),
                false => missing("the `[psu]` table is missing", "say how the customer fills in the bank's pages"),
            };
        };
        psu.objection().map_or(Ok(()), |(at, problem, mend)| Err(self.source.error(at, problem, mend)))
    }

    fn known(&self, names: &[Spanned<String>], key: &str, is_known: impl Fn(&str) -> bool) -> Loaded<BTreeSet<String>> {
        if let Some(unknown) = names.iter().find(|name| !is_known(name.get_ref())) {
            let all: Vec<&str> = match key {
                "policies" => POLICIES.to_vec(),
                _ => capability::ALL.iter().map(|known| known.name).filter(|name| is_known(name)).collect(),
            };
            let problem = format!("`{key}` holds {}, which is not known", telling::word(unknown.get_ref()));
            return Err(self.at(unknown.span(), problem, format!("use one of: {}", all.join(", "))));
        }
        Ok(names.iter().map(|name| name.get_ref().clone()).collect())
    }

    fn identity(&self, identity: &file::Identity, signing: Option<&Signing>) -> Loaded<Identity> {
        let whose = |what: &str| format!("identity \"{}\"{what}", identity.name);
        let qwac = self.pair(&whose(""), KeyUse::Tls, identity)?;
        let facts = self.facts(&identity.certificate, &qwac.certificate_pem)?;
        if identity.redirect_uris.is_empty() {
            let problem = format!("identity \"{}\" has no `redirect_uris`", identity.name);
            return Err(self.source.error(None, problem, "name the redirection URIs that are registered at the bank"));
        }
        for uri in &identity.redirect_uris {
            self.https(uri, "redirect_uris")?;
        }
        let seal = identity.seal.as_ref();
        let seal = seal.map(|seal| self.pair(&whose(", seal"), KeyUse::Seal(signing), seal)).transpose()?;
        let renewed = identity.renewed.as_ref();
        Ok(Identity {
            name: identity.name.clone(),
            client_id: identity.client_id.clone(),
            qwac,
            renewed: renewed.map(|pair| self.pair(&whose(", renewed"), KeyUse::Tls, pair)).transpose()?,
            seal_names: identity.seal.as_ref().map_or_else(SealNames::default, seal_names),
            par_required: identity.par_required,
            credentials: self.credentials(identity, seal.as_ref())?,
            seal,
            redirect_uris: identity.redirect_uris.iter().map(|uri| uri.get_ref().clone()).collect(),
            facts,
        })
    }

    fn bank_certificate(&self, signing: Option<&Signing>) -> Loaded<Option<String>> {
        let Some(signing) = signing else { return Ok(None) };
        if let Some(((problem, mend), named)) = signing.objection_to_algorithm().zip(signing.algorithm.as_ref()) {
            return Err(self.at(named.span(), problem, mend));
        }
        let Some(path) = &signing.bank_certificate else { return Ok(None) };
        let pem = self.read(path)?.chain().map_err(|error| self.file_error(path, error))?.to_pem();
        self.facts(path, &pem)?;
        Ok(Some(pem))
    }

    /// A ready-made bad certificate, by the name of its defect.
    fn bad_pair(&self, name: String, pair: &file::KeyFiles) -> Loaded<(String, KeyPair)> {
        let defect = name.parse::<pki::Defect>();
        if let Err(error) = &defect
            && !REVOKED.contains(&name.as_str())
        {
            let problem = format!("`[bad_certificates.{name}]` is about no defect that is known: {error}");
            let mend = "`bankproof certs issue --list` shows the names of all defects";
            return Err(self.at(pair.certificate.span(), problem, mend));
        }
        let must_fit = !defect.is_ok_and(pki::Defect::is_of_the_key);
        let whose = format!("[bad_certificates.{name}]");
        Ok((name, self.pair_that(must_fit, &whose, KeyUse::Tls, pair)?))
    }

    /// Any number of CAs in each file, in any order.
    pub(super) fn trust_anchors(&self, paths: &[Spanned<PathBuf>]) -> Loaded<Vec<String>> {
        let read = |path| {
            let contents = self.read(path)?;
            let pems: Vec<String> = contents.certificates().map(pki::file::to_pem).collect();
            if pems.is_empty() {
                contents.chain().map_err(|error| self.file_error(path, error))?;
            }
            pems.iter().try_for_each(|pem| self.facts(path, pem).map(|_| ()))?;
            Ok(pems.concat())
        };
        paths.iter().map(read).collect()
    }

    fn read(&self, path: &Spanned<PathBuf>) -> Loaded<Contents> {
        Contents::read(&self.folder.join(path.get_ref()), None).map_err(|error| self.file_error(path, error))
    }

    pub(super) fn file_error(&self, path: &Spanned<PathBuf>, error: FileError) -> TargetError {
        let key = DeTable::parse(self.source.text).map(|table| telling::key_at(table.get_ref(), path.span().start));
        let key = key.unwrap_or_default();
        let (problem, mend) = match telling::path(&self.folder, path.get_ref()) {
            _ if path.get_ref().to_string_lossy().contains("-----BEGIN ") => {
                let mend = "put it into a file of its own, and name that file";
                (format!("`{key}` holds what belongs into a file"), mend.to_owned())
            }
            shown if path.get_ref().to_string_lossy().contains(|one: char| one == '\\' || one.is_control()) => {
                let shown = shown.map(|path| format!(" `{path}`")).unwrap_or_default();
                let mend = "write / between folders and file: in double quotes a backslash begins an escape, and elsewhere it is a letter";
                (format!("`{key}` names a file{shown} by a path with backslashes: {}", error.found), mend.to_owned())
            }
            Some(shown) if !error.found.starts_with("it cannot be read") => {
                (format!("`{shown}`: {}", error.found), error.mend)
            }
            shown => {
                let shown = shown.map(|path| format!(" `{path}`")).unwrap_or_default();
                let mend = "paths in a target file are relative to it: correct the path, or put the file there";
                (format!("`{key}` names a file{shown}: {}", error.found), mend.to_owned())
            }
        };
        self.at(path.span(), problem, mend).named("file-unreadable")
    }

    pub(super) fn problem(&self, problem: &str, mend: &str) -> TargetError {
        self.source.error(None, problem, mend)
    }

    pub(super) fn at(&self, span: Range<usize>, problem: impl Into<String>, mend: impl Into<String>) -> TargetError {
        self.source.error(Some(span.start), problem, mend)
    }
}

/// There is a revoked certificate, or one can be made and revoked.
fn can_be_revoked(target: &Target, how: &str) -> bool {
    (target.test_ca.is_some() && target.trust_service.is_some()) || target.bad_certificates.contains_key(how)
}

/// What follows from the file without being declared.
fn derived_capabilities(target: &Target) -> Vec<String> {
    let psu = target.psu.as_ref();
    let psu_can = |ability| psu.is_some_and(|psu| psu.able(ability).next().is_some());
    let implied = target.dialect.implied();
    // What a profile does not let a client do is not tried there.
    let someone = |such: &dyn Fn(Method) -> bool| {
        target
            .that_authenticates(|method| such(method) && target.profiles.allow_authentication(method.name()))
            .is_some()
    };
    let has = |name: &str| implied.contains(&name) || target.capabilities.contains(name);
    [
        ("authorization", psu.is_some() && (target.resource.is_some() || has("oauth-sca"))),
        ("authorization-server", !target.endpoints.as_ref().is_some_and(file::Endpoints::is_empty)),
        ("protected-resource", target.resource.is_some()),
        ("discovery", target.endpoints.as_ref().is_none_or(|endpoints| endpoints.beside_metadata)),
        ("second-tpp", target.second_tpp().is_some()),
        ("ais-only-tpp", target.ais_only_tpp().is_some()),
        ("second-certificate", target.tpp().renewed.is_some()),
        ("tls-client-auth", target.tpp().credentials.method == Method::TlsClientAuth),
        ("private-key-jwt", someone(&|method| method == Method::PrivateKeyJwt)),
        ("client-secret", someone(&Method::is_by_secret)),
        ("client-secret-basic", someone(&|method| method == Method::ClientSecretBasic)),
        ("test-ca", target.test_ca.is_some()),
        ("trust-service", target.test_ca.is_some() && target.trust_service.is_some()),
        ("revoked-by-crl", can_be_revoked(target, "revoked-by-crl")),
        ("revoked-by-ocsp", can_be_revoked(target, "revoked-by-ocsp")),
        ("registered-redirect-uris", !target.policies.contains("unregistered-redirect-uris")),
        ("redirect-uri-with-query", target.tpp().redirect_uri_with_query().is_some()),
        ("psu", psu.is_some()),
        ("psu-pages", psu.is_some_and(Psu::sees_pages)),
        ("psu-redirect", psu_can(Ability::Approve)),
        ("psu-decoupled", psu.is_some_and(|psu| psu.elsewhere(Ability::Approve).is_some())),
        ("psu-decoupled-deny", psu.is_some_and(|psu| psu.elsewhere(Ability::Deny).is_some())),
        ("psu-cancel", psu_can(Ability::Cancel)),
        ("psu-deny", psu_can(Ability::Deny)),
        ("psu-mistype", psu_can(Ability::Mistype)),
        ("psu-abandon", psu_can(Ability::Abandon)),
        ("psu-meddle", psu_can(Ability::Meddle)),
        ("psu-may-be-locked", psu.is_some_and(Psu::has_lockable)),
        ("one-time-code", psu_can(Ability::MistypeOneTimeCode)),
    ]
    .into_iter()
    .chain(signing_capabilities(target))
    .chain(implied.iter().map(|name| (*name, true)))
    .filter(|(name, has)| *has && !target.dialect.lacks().contains(name))
    .map(|(name, _)| name.to_owned())
    .chain(operations(target))
    .collect()
}

/// What of the dialect's API this bank can be asked for, as capabilities.
fn operations(target: &Target) -> impl Iterator<Item = String> {
    let has = |name: &str| target.dialect.implied().contains(&name) || target.capabilities.contains(name);
    let by_customers_token = target.psu.is_some() && has("oauth-sca");
    let is_offered = move |operation: &&Operation| match operation {
        // Where no customer gives a token, none is asked for.
        Operation::Payment => !has("oauth-sca") || (by_customers_token && has("protected-resource")),
        Operation::ScaStatus => has("oauth-sca"),
        Operation::Authorisation | Operation::AuthorisationList => has("explicit-authorisation"),
        Operation::Cancellation => has("cancellation"),
        Operation::FundsConfirmation | Operation::Order | Operation::OrderStatus | Operation::OrderDetails => {
            by_customers_token
        }
        _ => true,
    };
    target.dialect.operations().iter().filter(is_offered).map(|operation| capability::of_operation(*operation))
}

fn seal_names(seal: &Seal) -> SealNames {
    SealNames { key_id: seal.key_id.clone(), issuer: seal.issuer.clone() }
}

fn signing_capabilities(target: &Target) -> [(&'static str, bool); 6] {
    let signing = target.signing.as_ref().filter(|_| target.dialect.has_payments() && target.tpp().seal.is_some());
    let form = |form: Form| signing.is_some_and(|signing| signing.forms().any(|own| own == form));
    let is_sealed = |other: Option<&Identity>| other.is_some_and(|other| other.seal.is_some());
    [
        ("signature-berlin-group", form(Form::BerlinGroup)),
        ("signature-uk-jws", form(Form::UkJws)),
        ("signature-rfc9421", form(Form::Rfc9421)),
        ("signature-required", signing.is_some_and(|signing| signing.required)),
        ("signed-responses", signing.is_some() && target.bank_certificate.is_some()),
        ("second-seal", is_sealed(target.second_tpp())),
    ]
}

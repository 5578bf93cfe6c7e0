//! The target file as it stands on disk: TOML, every key known, every path relative to the file.

use std::{collections::BTreeMap, path::PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::{
    Secret,
    client_authentication::{Assertion, Method},
};

pub use super::{dialect::Dialect, payment::Payment};

/// The whole file.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TargetFile {
    /// What the report calls the bank.
    pub name: String,
    /// `test` or `production`.
    pub environment: Environment,
    /// How the bank spells payments.
    pub dialect: Dialect,
    /// One profile that the bank keeps to: what `profiles` has, as older files say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub profile: Option<Spanned<String>>,
    /// How the bank does OAuth: the profiles that it keeps to, `oauth-bcp` where none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<String>")]
    pub profiles: Vec<Spanned<String>>,
    /// It is the bank that bankproof brings along: set by `bank --write-target`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bundled: bool,
    /// Faults that are switched on in the bundled bank.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<String>,
    /// Lawful habits that the bundled bank was given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub habits: Vec<String>,
    /// What the bank can do and cannot be asked for: see [`super::capability`].
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub capabilities: Vec<Spanned<String>>,
    /// Stricter rules that the bank has declared for itself: they make a SHOULD a MUST.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub policies: Vec<Spanned<String>>,
    /// On a target marked `production`: move money and drive pages all the same.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub allow_payments_on_production: bool,
    /// The same a second time: the issuer once more, so that a copied file does not let money move at another bank.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm_production: Option<String>,
    /// On a target marked `test`: production's target file. What that calls its own is never asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub production_file: Option<Spanned<PathBuf>>,
    /// A file with what the bank says of itself, which other target files can share: see [`super::bank_profile`].
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub profile_file: Option<Spanned<PathBuf>>,
    /// What the bank wants of requests beyond the documents.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<super::requests::Change>,
    /// How the bank is known to differ from the documents.
    #[serde(default, rename = "deviation", skip_serializing_if = "Vec::is_empty")]
    pub deviations: Vec<super::bank_profile::Deviation>,
    /// How much the bank may be late or early.
    #[serde(default, skip_serializing_if = "super::tolerances::Tolerances::is_empty")]
    pub tolerances: super::tolerances::Tolerances,
    /// Where the bank is.
    pub server: Server,
    /// The way to the bank, where it is not the usual one, and how often it may be gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<super::network::NetworkTable>,
    /// The TPPs to play; the first is *the* TPP.
    #[serde(rename = "identity")]
    pub identities: Vec<Identity>,
    /// An issuing CA that the bank trusts, for making bad certificates on the spot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test_ca: Option<TestCa>,
    /// Ready-made bad certificates by defect: `expired`, `roles-empty` …
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub bad_certificates: BTreeMap<String, KeyFiles>,
    /// The customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub psu: Option<super::Psu>,
    /// What to pay; needed where the dialect has payments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment: Option<Payment>,
    /// What an access token opens, where the bank has no payment API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<Resource>,
    /// What authorization requests hold at this bank.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oauth: Option<super::oauth::OAuth>,
    /// How the bank wants messages signed, where it verifies signatures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signing: Option<super::signing::Signing>,
}

/// Whether real money can move.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Environment {
    /// A sandbox or a test system.
    Test,
    /// The real thing: no payment and no page is touched unless the file says so.
    Production,
}

/// Where the bank is.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// The issuer identifier; its metadata document (RFC 8414) names the endpoints. A payment API whose payments are not
    /// authorised by OAuth can do without.
    #[serde(default = "nobody", skip_serializing_if = "is_nobody")]
    #[schemars(with = "Option<String>")]
    pub issuer: Spanned<String>,
    /// The base URL of the payment API: Berlin Group's without `/v1` (see `api_version`), the UK's with its version and `pisp`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub api: Option<Spanned<String>>,
    /// What stands between `api` and the resources of a Berlin Group API: `/v1` where nothing is said, `""` for nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub api_version: Option<Spanned<String>>,
    /// Hosts that are the bank's beside those of issuer, API and endpoints: nothing goes to any other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<String>")]
    pub hosts: Vec<Spanned<String>>,
    /// PEM files with the CAs that the bank's own certificates come from.
    #[schemars(with = "Vec<String>")]
    pub trust_anchors: Vec<Spanned<PathBuf>>,
    /// A loopback endpoint that moves the bank's clock; only test banks have one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub clock: Option<Spanned<String>>,
    /// Endpoints of a bank without a metadata document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoints: Option<Endpoints>,
    /// The longest time to wait for an answer, in seconds.
    #[serde(default = "ten")]
    pub timeout_seconds: u64,
}

/// No authorization server is named.
fn nobody() -> Spanned<String> {
    Spanned::new(0..0, String::new())
}

fn is_nobody(issuer: &Spanned<String>) -> bool {
    issuer.get_ref().is_empty()
}

fn ten() -> u64 {
    10
}

/// Endpoints written by hand.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Endpoints {
    /// They stand beside those of the metadata document, and before them; otherwise the document is not asked for.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub beside_metadata: bool,
    /// RFC 6749 3.1; needed where there is no metadata.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub authorization: Option<Spanned<String>>,
    /// RFC 6749 3.2; needed where there is no metadata.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub token: Option<Spanned<String>>,
    /// RFC 7009.
    #[schemars(with = "Option<String>")]
    pub revocation: Option<Spanned<String>>,
    /// RFC 7662.
    #[schemars(with = "Option<String>")]
    pub introspection: Option<Spanned<String>>,
    /// RFC 7517.
    #[schemars(with = "Option<String>")]
    pub jwks: Option<Spanned<String>>,
    /// RFC 9126.
    #[schemars(with = "Option<String>")]
    pub pushed_authorization_request: Option<Spanned<String>>,
}

impl Endpoints {
    /// None is named: there is no authorization server.
    pub fn is_empty(&self) -> bool {
        self.named().next().is_none() && !self.beside_metadata
    }

    /// The endpoints that are named, by their keys.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, &Spanned<String>)> {
        let all = [
            ("authorization", self.authorization.as_ref()),
            ("token", self.token.as_ref()),
            ("revocation", self.revocation.as_ref()),
            ("introspection", self.introspection.as_ref()),
            ("jwks", self.jwks.as_ref()),
            ("pushed_authorization_request", self.pushed_authorization_request.as_ref()),
        ];
        all.into_iter().filter_map(|(key, url)| Some((key, url?)))
    }
}

/// One TPP.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// What the report calls it.
    pub name: String,
    /// Its `client_id` at the bank.
    pub client_id: String,
    /// File with its QWAC: PEM, DER or PKCS#12.
    #[schemars(with = "String")]
    pub certificate: Spanned<PathBuf>,
    /// File with the key of its QWAC, where it is not in that of the certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub key: Option<Spanned<PathBuf>>,
    /// What opens the file of the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_password: Option<Secret>,
    /// A second QWAC of the same TPP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renewed: Option<KeyFiles>,
    /// Its QSealC, for signing messages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seal: Option<super::signing::Seal>,
    /// How it authenticates at the authorization server.
    #[serde(default, skip_serializing_if = "Method::is_default")]
    pub client_authentication: Method,
    /// The secret of `client_secret_basic` and `client_secret_post`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<Secret>,
    /// How the assertions of `private_key_jwt` are made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assertion: Option<Assertion>,
    /// It is registered as one that pushes every authorization request (RFC 9126 6).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub par_required: bool,
    /// Its registered redirection URIs; the first without a query is used, one with a query is tried too.
    #[schemars(with = "Vec<String>")]
    pub redirect_uris: Vec<Spanned<String>>,
}

/// A certificate and its key, as paths of files.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct KeyFiles {
    /// The certificate: PEM, DER or PKCS#12.
    #[schemars(with = "String")]
    pub certificate: Spanned<PathBuf>,
    /// Its key, where it is not in the file of the certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub key: Option<Spanned<PathBuf>>,
    /// What opens the file of the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_password: Option<Secret>,
}

/// An issuing CA that the bank trusts.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TestCa {
    /// Its certificate: PEM, DER or PKCS#12.
    #[schemars(with = "String")]
    pub certificate: Spanned<PathBuf>,
    /// Its key, where it is not in the file of the certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub key: Option<Spanned<PathBuf>>,
    /// What opens the file of the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_password: Option<Secret>,
    /// The base of its trust service, a loopback endpoint that can be told what to say of a certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub trust_service: Option<Spanned<String>>,
}

/// A resource that an access token opens.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// What is read.
    #[schemars(with = "String")]
    pub url: Spanned<String>,
    /// The scope to ask for.
    pub scope: String,
    /// How it is read: `GET` (default), or `POST`, which test systems alone are asked by.
    #[serde(default, skip_serializing_if = "ReadBy::is_default")]
    pub method: ReadBy,
    /// The JSON that is sent with POST; nothing where it is not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub body: Option<Spanned<String>>,
}

/// How a resource is read.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum ReadBy {
    /// RFC 9110 9.3.1.
    #[default]
    Get,
    /// RFC 9110 9.3.3: as OpenID Connect's UserInfo may be, and whatever takes a question in its body.
    Post,
}

impl ReadBy {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

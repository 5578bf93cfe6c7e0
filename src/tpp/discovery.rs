//! Where the bank's endpoints are: from its metadata document (RFC 8414), or from the target file.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use serde_json::Value;
use url::Url;

use super::{
    Trouble,
    transport::{Call, Client, NoReply, Reply},
};
use crate::{
    evidence::{exchange::Layer, operation::Operation},
    targets::{Method, Target},
};

/// So many times metadata is asked for again.
const AGAIN: u8 = 2;
/// What is waited before, in seconds: where the bank says nothing of it, and at most.
const SHORT: u64 = 1;
const LONG: u64 = 5;

/// The bank's endpoints, those for mutual TLS where there is a choice (RFC 8705 5).
#[derive(Clone, Debug, Default)]
pub struct Endpoints {
    /// RFC 6749 3.1.
    pub authorization: Option<String>,
    /// RFC 6749 3.2.
    pub token: Option<String>,
    /// RFC 7009.
    pub revocation: Option<String>,
    /// RFC 7662.
    pub introspection: Option<String>,
    /// RFC 7517.
    pub jwks: Option<String>,
    /// RFC 9126.
    pub pushed_requests: Option<String>,
}

/// What discovery found.
#[derive(Clone, Debug, Default)]
pub struct Discovery {
    /// Where to go.
    pub endpoints: Endpoints,
    /// What the metadata says the bank can do.
    pub capabilities: BTreeSet<String>,
    /// How the token endpoint authenticates clients, where the metadata says so.
    pub authentication_methods: Option<Vec<String>>,
    /// The metadata says that nothing is taken but signed request objects (RFC 9101 10.5).
    pub wants_request_objects: bool,
    /// The token endpoint as it is named first, for whoever authenticates without a certificate.
    pub token_endpoint_named: Option<String>,
    /// Where the metadata document is.
    pub metadata_url: String,
    /// The document is of another issuer than the one that was asked: nothing of it is here, for it must not be used
    /// (RFC 8414 3.3).
    pub is_of_another_issuer: bool,
}

/// Why the endpoints could not be found.
pub(super) enum Unfound {
    /// Somebody is there, and no connection comes about: the TLS is to blame, ours or theirs.
    InTls(Trouble),
    /// Nobody answers.
    Nowhere(Trouble),
}

impl From<NoReply> for Unfound {
    fn from(none: NoReply) -> Self {
        match none.failure.layer {
            Layer::Tls => Self::InTls(none.trouble()),
            _ => Self::Nowhere(none.trouble()),
        }
    }
}

/// The address of the metadata document by default: the well-known part goes between host and path (RFC 8414 3.1).
///
/// # Errors
/// The issuer is no URL.
fn metadata_url(issuer: &str) -> Result<String, Trouble> {
    let mut url = Url::parse(issuer).map_err(|error| Trouble::Harness(format!("issuer {issuer}: {error}")))?;
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&format!("/.well-known/oauth-authorization-server{path}"));
    Ok(url.into())
}

/// Finds the endpoints before any check runs. A bank that answers without a usable document has none: that is for the
/// checks of the metadata to judge, and whatever needs an endpoint cannot be told.
///
/// # Errors
/// The bank does not answer.
pub(super) async fn discover(target: &Target, public: &Client) -> Result<Discovery, Unfound> {
    match &target.endpoints {
        Some(endpoints) if endpoints.beside_metadata => {
            Ok(beside(by_hand(endpoints), by_metadata(target, public).await?))
        }
        Some(endpoints) => Ok(by_hand(endpoints)),
        None => by_metadata(target, public).await,
    }
}

/// What the metadata says, with what was written by hand in place of it.
fn beside(by_hand: Discovery, found: Discovery) -> Discovery {
    let (own, other) = (by_hand.endpoints, found.endpoints);
    Discovery {
        endpoints: Endpoints {
            authorization: own.authorization.or(other.authorization),
            token: own.token.or(other.token),
            revocation: own.revocation.or(other.revocation),
            introspection: own.introspection.or(other.introspection),
            jwks: own.jwks.or(other.jwks),
            pushed_requests: own.pushed_requests.or(other.pushed_requests),
        },
        capabilities: found.capabilities.into_iter().chain(by_hand.capabilities).collect(),
        token_endpoint_named: by_hand.token_endpoint_named.or(found.token_endpoint_named),
        authentication_methods: found.authentication_methods,
        wants_request_objects: found.wants_request_objects,
        metadata_url: found.metadata_url,
        is_of_another_issuer: found.is_of_another_issuer,
    }
}

async fn by_metadata(target: &Target, public: &Client) -> Result<Discovery, Unfound> {
    // Banks that speak OpenID Connect may have its document alone.
    let openid = format!("{}/.well-known/openid-configuration", target.issuer.trim_end_matches('/'));
    let first = metadata_url(&target.issuer).map_err(Unfound::Nowhere)?;
    for url in [first.clone(), openid] {
        let reply = ask(target, public, &url).await?;
        if matches!(reply.status, 429 | 502..=504) {
            return Err(Unfound::Nowhere(Trouble::Environment(format!("{url} answered {}", reply.status))));
        }
        let metadata = reply.json();
        if reply.status == 200 && metadata.is_object() {
            let is_of_another_issuer = metadata["issuer"] != target.issuer.as_str();
            let found = if is_of_another_issuer { Discovery::default() } else { from_metadata(&metadata, target) };
            return Ok(Discovery { metadata_url: url, is_of_another_issuer, ..found });
        }
    }
    Ok(Discovery { metadata_url: first, ..Discovery::default() })
}

/// Reads a metadata document, and reads it again where something has come between that may be over in a moment. Every
/// answer is recorded.
async fn ask(target: &Target, public: &Client, url: &str) -> Result<Reply, NoReply> {
    let mut answer =
        public.send(&"preflight".into(), Call::get(Operation::Metadata, url, "discover the bank's endpoints")).await;
    for _ in 0..AGAIN {
        let Some(pause) = passing(&answer) else { break };
        // Where the bank's time is moved by a clock, nobody waits.
        if target.clock.is_none() {
            tokio::time::sleep(pause).await;
        }
        let purpose = "discover the bank's endpoints, asked again";
        answer = public.send(&"preflight".into(), Call::get(Operation::Metadata, url, purpose)).await;
    }
    answer
}

/// How long what has come between may last; `None` where asking again is of no use.
fn passing(answer: &Result<Reply, NoReply>) -> Option<Duration> {
    let seconds = match answer {
        Ok(reply) if matches!(reply.status, 429 | 502..=504) => {
            reply.header("retry-after").map_or(Some(SHORT), |after| after.trim().parse().ok())
        }
        Err(none) if none.is_cut() => Some(SHORT),
        _ => None,
    };
    seconds.filter(|seconds| *seconds <= LONG).map(Duration::from_secs)
}

fn by_hand(endpoints: &crate::targets::file::Endpoints) -> Discovery {
    let named: BTreeMap<_, _> = endpoints.named().map(|(key, url)| (key, url.get_ref().clone())).collect();
    let at = |key: &str| named.get(key).cloned();
    Discovery {
        endpoints: Endpoints {
            authorization: at("authorization"),
            token: at("token"),
            revocation: at("revocation"),
            introspection: at("introspection"),
            jwks: at("jwks"),
            pushed_requests: at("pushed_authorization_request"),
        },
        capabilities: [("revocation", "revocation"), ("jwks", "jwks"), ("pushed_authorization_request", "par")]
            .into_iter()
            .filter(|(key, _)| named.contains_key(key))
            .map(|(_, capability)| capability.to_owned())
            .collect(),
        metadata_url: String::new(),
        is_of_another_issuer: false,
        authentication_methods: None,
        wants_request_objects: false,
        token_endpoint_named: at("token"),
    }
}

impl Discovery {
    /// The metadata says that the token endpoint authenticates clients in other ways alone: a TPP that is registered for
    /// that method cannot speak to it. One certificate is as good as another here: the bank knows which it has registered.
    pub fn wants_other_authentication(&self, method: Method) -> bool {
        let named = |name: &String| match method.is_by_certificate() {
            true => is_by_certificate(name),
            false => name == method.name(),
        };
        self.authentication_methods.as_ref().is_some_and(|methods| !methods.iter().any(named))
    }
}

/// Whether TPPs come with their certificates: to authenticate, or to have tokens bound to them (RFC 8705 5).
fn comes_with_certificates(metadata: &Value, target: &Target) -> bool {
    let binds = metadata["tls_client_certificate_bound_access_tokens"] == true;
    binds
        || target.capabilities.contains("bound-tokens")
        || target.identities.iter().any(|identity| identity.credentials.method.is_by_certificate())
}

fn from_metadata(metadata: &Value, target: &Target) -> Discovery {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let with_certificates = comes_with_certificates(metadata, target);
    let alias = |name: &str| text(&metadata["mtls_endpoint_aliases"][name]).filter(|_| with_certificates);
    let mtls = |name: &str| alias(name).or_else(|| text(&metadata[name]));
    let endpoints = Endpoints {
        authorization: text(&metadata["authorization_endpoint"]),
        token: mtls("token_endpoint"),
        revocation: mtls("revocation_endpoint"),
        introspection: mtls("introspection_endpoint"),
        jwks: text(&metadata["jwks_uri"]),
        pushed_requests: mtls("pushed_authorization_request_endpoint"),
    };
    let grants = metadata["grant_types_supported"].as_array().cloned().unwrap_or_default();
    let says = [
        ("revocation", endpoints.revocation.is_some()),
        ("jwks", endpoints.jwks.is_some()),
        ("par", endpoints.pushed_requests.is_some()),
        ("par-required", metadata["require_pushed_authorization_requests"] == true),
        ("iss-parameter", metadata["authorization_response_iss_parameter_supported"] == true),
        ("bound-tokens", metadata["tls_client_certificate_bound_access_tokens"] == true),
        ("client-credentials", grants.iter().any(|grant| grant == "client_credentials")),
    ];
    let capabilities = says.into_iter().filter(|(_, has)| *has).map(|(name, _)| name.to_owned()).collect();
    let methods = metadata["token_endpoint_auth_methods_supported"].as_array();
    let authentication_methods = methods.map(|methods| methods.iter().filter_map(text).collect());
    let token_endpoint_named = text(&metadata["token_endpoint"]).or_else(|| endpoints.token.clone());
    let wants_request_objects = metadata["require_signed_request_object"] == true;
    Discovery {
        endpoints,
        capabilities,
        authentication_methods,
        wants_request_objects,
        token_endpoint_named,
        ..Discovery::default()
    }
}

fn is_by_certificate(method: &str) -> bool {
    matches!(method, "tls_client_auth" | "self_signed_tls_client_auth")
}

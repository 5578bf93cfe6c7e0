//! The metadata document (RFC 8414): whether there is one, whether it is this bank's, and whether it contradicts itself or
//! the target file.

use std::{collections::BTreeSet, sync::Arc};

use serde_json::Value;
use url::Url;

use super::{Case, Finding, Layer, route, tls};
use crate::{
    evidence::exchange::{Answer, Exchange, Layer as Failed},
    targets::{addresses::are_one_but_for_spelling, own::Objection},
    tpp::{Trouble, discovery::Endpoints, session::Session},
};

const HERE: Layer = Layer::AuthorizationServer;
/// Without these nothing can be authorised.
const NEEDED: [&str; 2] = ["authorization_endpoint", "token_endpoint"];

/// Opens the way to the bank and looks at what it says of itself.
pub(super) async fn look(case: &Case) -> Vec<Finding> {
    let session = match case.session().await {
        Ok(session) => session,
        Err(trouble) => return vec![unanswered(case, &trouble)],
    };
    if let Some(trouble) = session.closed() {
        let told = trouble.to_string();
        let lower = told.to_lowercase();
        if ["certificaterequired", "certificate required", "certificate_required"]
            .iter()
            .any(|word| lower.contains(word))
        {
            let cause = format!(
                "the host of `server.issuer` demands a client certificate before it shows its metadata: {told}"
            );
            let mend = "show the TPP's there: client_certificate = true under [network.hosts.\"HOST\"]; or write the endpoints under [server.endpoints]";
            return vec![Finding::error(Layer::Gateway, "client-certificate-demanded", cause, mend)];
        }
        let mend =
            "look at the host with `openssl s_client`, and at `trust_anchors`: a run can look at its handshakes alone";
        return vec![Finding::error(Layer::Gateway, "tls-fails", told, mend)];
    }
    if case.target.endpoints.as_ref().is_some_and(crate::targets::file::Endpoints::is_empty) {
        return Vec::new();
    }
    if case.target.endpoints.as_ref().is_some_and(|endpoints| !endpoints.beside_metadata) {
        return endpoints(session.endpoints(), "[server.endpoints]");
    }
    let asked: Vec<Arc<Exchange>> =
        case.exchanges().into_iter().filter(|exchange| &*exchange.check == "preflight").collect();
    let document = asked.iter().find_map(|exchange| {
        let response = exchange.response().filter(|response| response.status == 200)?;
        response.json().filter(Value::is_object).map(|metadata| (exchange.request.url.clone(), metadata))
    });
    match document {
        Some((url, metadata)) => contradictions(case, &session, &url, &metadata),
        // A run that is resumed may have asked long ago.
        None if asked.is_empty() => Vec::new(),
        None => vec![missing(&asked)],
    }
}

/// Whether the endpoints that the metadata names at the bank's own hosts can be reached, and their TLS.
pub(super) async fn hosts(case: &Case) -> Vec<Finding> {
    let Ok(session) = case.session().await else { return Vec::new() };
    let is_own = |url: &&String| objection(case, url).is_none();
    let urls: Vec<String> = all(session.endpoints()).filter_map(|(_, url)| url).filter(is_own).cloned().collect();
    match route::to(case, &urls).await {
        found if found.is_empty() => tls::at(case, &urls).await,
        found => found,
    }
}

fn unanswered(case: &Case, trouble: &Trouble) -> Finding {
    let exchanges = case.exchanges();
    let cause = trouble.to_string();
    match exchanges.last().map(|exchange| &exchange.answer) {
        Some(Answer::Response(response)) => {
            let mend = format!(
                "wait until the bank is up again; {} is what a gateway says with nobody behind it",
                response.status
            );
            Finding::error(Layer::Gateway, "bank-down", cause, mend)
        }
        Some(Answer::Failure(failure)) if failure.layer == Failed::Timeout => Finding::error(
            Layer::Gateway,
            "no-answer",
            cause,
            "try again; is the bank up? `timeout_seconds` under [server] makes the wait longer",
        ),
        Some(Answer::Failure(_)) => Finding::error(
            Layer::Network,
            "no-connection",
            cause,
            "is the bank running, and is `server.issuer` right? `bankproof doctor` looks at each step of the way",
        ),
        None if case.target.network.calendar.closed_now().is_some() => {
            let mend = "nothing: run again when they are over, or ask all the same with --ignore-quiet-hours";
            Finding::error(Layer::Network, "quiet-hours", format!("nothing was asked: {cause}"), mend)
        }
        None => Finding::error(Layer::File, "target-unusable", cause, "mend what it names in the target file"),
    }
}

fn missing(asked: &[Arc<Exchange>]) -> Finding {
    let answers: Vec<String> = asked
        .iter()
        .map(|exchange| match exchange.response() {
            Some(response) if response.status == 200 => format!("{} is no JSON object", exchange.request.url),
            Some(response) => format!("{} answers {}", exchange.request.url, response.status),
            None => format!("{} does not answer", exchange.request.url),
        })
        .collect();
    let mend = "correct `server.issuer`, or write the endpoints under [server.endpoints] where the bank has no metadata document";
    Finding::error(HERE, "metadata-missing", format!("there is no metadata document: {}", answers.join(", ")), mend)
}

fn contradictions(case: &Case, session: &Session, url: &str, metadata: &Value) -> Vec<Finding> {
    let own = case.target.issuer.as_str();
    if metadata["issuer"] != own {
        return vec![issuer(own, url, &metadata["issuer"])];
    }
    let mut findings = endpoints(session.endpoints(), "the metadata");
    findings.extend(authentication(case, session));
    findings.extend(challenge(&metadata["code_challenge_methods_supported"]));
    findings.extend(other_hosts(case, session.endpoints()));
    findings
}

/// Every endpoint that is ever asked, by its name.
fn all(endpoints: &Endpoints) -> impl Iterator<Item = (&'static str, Option<&String>)> {
    let Endpoints { authorization, token, revocation, introspection, jwks, pushed_requests } = endpoints;
    [
        ("authorization_endpoint", authorization.as_ref()),
        ("token_endpoint", token.as_ref()),
        ("revocation_endpoint", revocation.as_ref()),
        ("introspection_endpoint", introspection.as_ref()),
        ("jwks_uri", jwks.as_ref()),
        ("pushed_authorization_request_endpoint", pushed_requests.as_ref()),
    ]
    .into_iter()
}

/// Why nothing is sent to an endpoint with TLS.
fn objection(case: &Case, url: &str) -> Option<Objection> {
    let url = Url::parse(url).ok().filter(|url| url.scheme() == "https")?;
    case.target.network.own.hosts.objection(&url)
}

fn issuer(own: &str, url: &str, found: &Value) -> Finding {
    let found = found.as_str().unwrap_or("nothing");
    let cause = format!(
        "{url} says that its issuer is \"{found}\", and `server.issuer` is \"{own}\": such metadata must not be used (RFC 8414 3.3)"
    );
    if are_one_but_for_spelling(found, own) {
        let mend = format!("write issuer = \"{found}\", letter for letter: a slash at the end counts");
        return Finding::error(Layer::File, "issuer-spelling", cause, mend);
    }
    let mend =
        format!("if that is the same bank, write issuer = \"{found}\"; if not, the bank serves a wrong document");
    Finding::error(HERE, "issuer-mismatch", cause, mend)
}

fn endpoints(endpoints: &Endpoints, place: &str) -> Vec<Finding> {
    let missing = all(endpoints).filter(|(name, url)| NEEDED.contains(name) && url.is_none()).map(|(name, _)| {
        let cause = format!("{place} names no {name}");
        Finding::error(
            HERE,
            "endpoint-missing",
            cause,
            "have the bank add it, or write it under [server.endpoints] with beside_metadata = true",
        )
    });
    let plain = all(endpoints).filter_map(|(name, url)| Some((name, url?))).filter(|(_, url)| !has_tls(url));
    let plain = plain.map(|(name, url)| {
        let cause = format!("{place} has {name} \"{url}\", which is no https URL: no code and no token is sent there");
        Finding::error(HERE, "endpoint-without-tls", cause, "have the bank correct it (RFC 6749 3.1, 3.2)")
    });
    missing.chain(plain).collect()
}

fn has_tls(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| url.scheme() == "https")
}

/// RFC 8414 2: where the list is missing, `client_secret_basic` is meant; most banks that leave it out mean nothing.
fn authentication(case: &Case, session: &Session) -> Option<Finding> {
    let tpp = case.target.tpp();
    let (discovery, own) = (session.discovery(), tpp.credentials.method);
    discovery.wants_other_authentication(own).then(|| {
        let methods = discovery.authentication_methods.clone().unwrap_or_default().join(", ");
        let cause =
            format!("the token endpoint authenticates clients by {methods}, and {} by {}", tpp.name, own.name());
        let mend = "set `client_authentication` of the identity to what the bank has registered; checks that need a token do not apply until then";
        Finding::warning(HERE, "authentication-method-missing", cause, mend)
    })
}

fn challenge(methods: &Value) -> Option<Finding> {
    let Some(methods) = methods.as_array() else {
        let cause = "the metadata does not say which code_challenge_methods it supports (RFC 8414 2)";
        return Some(Finding::note(HERE, "pkce-not-said", cause, "nothing: PKCE is tried all the same"));
    };
    (!methods.iter().any(|method| method == "S256")).then(|| {
        let cause =
            format!("the metadata supports the code_challenge_methods {}, without S256", Value::from(methods.clone()));
        Finding::warning(
            HERE,
            "pkce-s256-missing",
            cause,
            "nothing on this side: authorizations use S256, and may fail",
        )
    })
}

/// Whoever is not the bank's by the file is sent nothing; who knows better has to say so.
fn other_hosts(case: &Case, endpoints: &Endpoints) -> Option<Finding> {
    let others: Vec<(&str, Objection)> =
        all(endpoints).filter_map(|(name, url)| Some((name, objection(case, url?)?))).collect();
    let mends: BTreeSet<&str> = others.iter().map(|(_, why)| why.mend.as_str()).collect();
    let told: Vec<String> = others.iter().map(|(name, why)| format!("{name}: {}", why.problem)).collect();
    let cause = format!("the metadata names endpoints to which nothing is sent; {}", told.join("; "));
    let mend = mends.into_iter().collect::<Vec<_>>().join("; ");
    let (layer, name, mend) = match other_port(case, endpoints, &others) {
        Some(api) => {
            (Layer::File, "port-differs", format!("is the port of `server.api` ({api}) right? Correct it, or {mend}"))
        }
        None => (HERE, "other-hosts", mend),
    };
    let is_needed = others.iter().any(|(name, _)| NEEDED.contains(name));
    (!others.is_empty()).then(|| match is_needed {
        true => Finding::error(layer, name, cause, mend),
        false => Finding::warning(HERE, name, cause, mend),
    })
}

/// The address of the API, where what is not known as the bank's is at its host, and only the port is another one.
fn other_port<'c>(case: &'c Case, endpoints: &Endpoints, others: &[(&str, Objection)]) -> Option<&'c str> {
    let api = case.target.api.as_deref()?;
    let own = Url::parse(api).ok()?;
    let is_unknown = |name: &str| others.iter().any(|(other, _)| *other == name);
    let mut unknown = all(endpoints).filter(|(name, _)| is_unknown(name)).filter_map(|(_, url)| Url::parse(url?).ok());
    unknown.any(|url| url.host() == own.host()).then_some(api)
}

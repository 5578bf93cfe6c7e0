//! Client authentication: by certificate here (RFC 8705 §2), by assertion and by secret in files of their own.

use super::method::ClientMethod;
use super::{assertion, secret};
use crate::bank::certificate::identification;
use crate::bank::certificate::proxy;
use crate::bank::certificate::revocation_status;
use crate::bank::habits;
use crate::bank::http::{Incoming, Params};
use crate::bank::model::customer::Registration;
use crate::bank::model::world::World;
use crate::bank::oauth::error::OAuthError;
use crate::pki::inspect::CertificateFacts;

/// Where a TPP has to say who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::bank) enum Endpoint {
    Token,
    Revocation,
    Introspection,
    Payments,
    PushedRequest,
    /// Whatever an access token opens.
    BoundResource,
    /// Wherever a proxy in front of the bank tells in a header whom it has let in.
    BehindProxy,
    /// The same where it tells the name alone.
    NamedByProxy,
}

/// The client that speaks, once it has shown in its own way that it does.
pub(in crate::bank) fn authenticate<'w>(
    world: &'w World,
    incoming: &Incoming,
    params: &Params,
    endpoint: Endpoint,
) -> Result<&'w Registration, OAuthError> {
    let Some(client) = named(world, incoming, params).filter(|known| !known.client.method.is_by_certificate()) else {
        return by_certificate(world, incoming, params, endpoint);
    };
    if world.faults.on("right-credentials-refused") {
        return Err(OAuthError::invalid_client("the client is not welcome"));
    }
    let verdict = match client.client.method.is_by_secret() {
        true => secret::check(world, incoming, params, client),
        false => assertion::check(world, params, client, endpoint),
    };
    // RFC 6749 §5.2: a client that has used the header is answered in its terms.
    let header = incoming.header("authorization").is_some() && !world.faults.on("basic-refused-without-challenge");
    verdict
        .map(|()| client)
        .map_err(|error| OAuthError { with_challenge: header && error.code == "invalid_client", ..error })
}

/// The client that the request names, wherever it does.
fn named<'w>(world: &'w World, incoming: &Incoming, params: &Params) -> Option<&'w Registration> {
    let in_header = secret::basic(incoming).map(|(name, _)| name);
    let in_query = || secret::in_query(world, incoming, "client_id").map(str::to_owned);
    let in_form = || params.get("client_id").map(str::to_owned);
    let name = in_header.or_else(in_form).or_else(|| assertion::named(params)).or_else(in_query)?;
    world.client(&name)
}

/// The client that `client_id` names, if the certificate bears the subject registered for it, or is itself registered.
fn by_certificate<'w>(
    world: &'w World,
    incoming: &Incoming,
    params: &Params,
    endpoint: Endpoint,
) -> Result<&'w Registration, OAuthError> {
    let certificate = incoming.peer.certificate.as_ref();
    let named = proxy::subject(&world.faults, incoming);
    match certificate {
        None if !world.faults.anonymous(endpoint) && named.is_none() => {
            return Err(OAuthError::invalid_client("present a client certificate"));
        }
        None => {}
        Some(certificate) => identification::check(world, certificate)
            .and_then(|()| habits::knows(world, certificate))
            .and_then(|()| match params.get("grant_type") {
                Some("refresh_token") if world.faults.on("refresh-skips-status") => Ok(()),
                _ => revocation_status::check(world, incoming),
            })
            .map_err(OAuthError::invalid_client)?,
    }
    let client = match params.get("client_id") {
        Some(id) => world.client(id).ok_or_else(|| OAuthError::invalid_client("the client is not registered"))?,
        // A bank that asks for no certificate does not ask for a name either.
        None if certificate.is_none() => world.clients.first().ok_or_else(|| OAuthError::invalid_client("who?"))?,
        // RFC 8705 §2: client_id is what the certificate is held against.
        None => return Err(OAuthError::invalid_request("client_id is missing")),
    };
    let subject_fits = match (certificate, named) {
        (Some(certificate), _) if client.client.method == ClientMethod::SelfSignedTlsClientAuth => {
            client.thumbprints.contains(&certificate.thumbprint)
        }
        (Some(certificate), _) => bears_the_subject(world, certificate, client),
        (None, Some(named)) => named == client.subject,
        (None, None) => true,
    };
    match subject_fits || world.faults.on("any-certificate-authenticates") {
        true => Ok(client),
        false => Err(OAuthError::invalid_client("the certificate is not the client's")),
    }
}

/// RFC 8705 §2.1: the whole subject, and not a part of it.
fn bears_the_subject(world: &World, certificate: &CertificateFacts, client: &Registration) -> bool {
    let identifier = certificate.organization_identifier.as_deref().unwrap_or_default();
    let by = |fault: &str, fits: bool| fits && world.faults.on(fault);
    certificate.subject == client.subject
        || by("subject-matched-by-common-name", certificate.common_name == client.common_name)
        || by("subject-matched-by-organization", certificate.organization.as_ref() == Some(&client.organization))
        || by("subject-matched-by-prefix", identifier.starts_with(&client.client.client_id))
}

/// The parameters of a POST to one of the endpoints for clients, each at most once (RFC 6749 §3.2).
pub(in crate::bank) fn parameters(incoming: &Incoming, by_get: bool) -> Result<Params, OAuthError> {
    if incoming.body_refused {
        return Err(OAuthError::invalid_request("the body is larger than 64 KiB"));
    }
    let params = if by_get { incoming.query.clone() } else { incoming.form() };
    match params.repeated() {
        Some(name) => Err(OAuthError::invalid_request(format!("{name} is sent twice"))),
        None => Ok(params),
    }
}

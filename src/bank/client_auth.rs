//! Client authentication by certificate: `tls_client_auth` of RFC 8705 §2.1.

use super::customer::Registration;
use super::http::{Incoming, Params};
use super::identification;
use super::oauth_error::OAuthError;
use super::revocation_status;
use super::world::World;

/// Where a TPP has to say who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Endpoint {
    Token,
    Revocation,
    Introspection,
    Payments,
}

/// The client that speaks: the one that `client_id` names, if the certificate bears the subject registered for it.
pub(super) fn authenticate<'w>(
    world: &'w World,
    incoming: &Incoming,
    params: &Params,
    endpoint: Endpoint,
) -> Result<&'w Registration, OAuthError> {
    let certificate = incoming.peer.certificate.as_ref();
    match certificate {
        None if !world.faults.anonymous(endpoint) => {
            return Err(OAuthError::invalid_client("present a client certificate"));
        }
        None => {}
        Some(certificate) => identification::check(world, certificate)
            .and_then(|()| revocation_status::check(world, incoming))
            .map_err(OAuthError::invalid_client)?,
    }
    let client = match params.get("client_id") {
        Some(id) => world.client(id).ok_or_else(|| OAuthError::invalid_client("the client is not registered"))?,
        // A bank that asks for no certificate does not ask for a name either.
        None if certificate.is_none() => world.clients.first().ok_or_else(|| OAuthError::invalid_client("who?"))?,
        // RFC 8705 §2: client_id is what the certificate is held against.
        None => return Err(OAuthError::invalid_request("client_id is missing")),
    };
    let subject_fits = certificate.is_none_or(|certificate| certificate.subject == client.subject);
    match subject_fits || world.faults.on("any-certificate-authenticates") {
        true => Ok(client),
        false => Err(OAuthError::invalid_client("the certificate is not the client's")),
    }
}

/// The parameters of a POST to one of the endpoints for clients, each at most once (RFC 6749 §3.2).
pub(super) fn parameters(incoming: &Incoming, by_get: bool) -> Result<Params, OAuthError> {
    if incoming.body_refused {
        return Err(OAuthError::invalid_request("the body is larger than 64 KiB"));
    }
    let params = if by_get { incoming.query.clone() } else { incoming.form() };
    match params.repeated() {
        Some(name) => Err(OAuthError::invalid_request(format!("{name} is sent twice"))),
        None => Ok(params),
    }
}

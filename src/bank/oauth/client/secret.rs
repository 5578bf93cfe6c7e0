//! Client authentication by a shared secret (RFC 6749 §2.3.1).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use url::form_urlencoded;

use super::method::ClientMethod;
use crate::bank::http::{Incoming, Params};
use crate::bank::model::customer::Registration;
use crate::bank::model::world::World;
use crate::bank::oauth::error::OAuthError;

/// The name and the secret in the Authorization header, where it is of the scheme Basic.
pub(in crate::bank) fn basic(incoming: &Incoming) -> Option<(String, String)> {
    let (scheme, credentials) = incoming.header("authorization")?.split_once(' ')?;
    let text = String::from_utf8(STANDARD.decode(credentials.trim()).ok()?).ok()?;
    let (name, secret) = text.split_once(':').filter(|_| scheme.eq_ignore_ascii_case("Basic"))?;
    // Each half is encoded as in a form.
    let decode = |half: &str| {
        let field = format!("v={half}");
        form_urlencoded::parse(field.as_bytes()).next().map(|(_, value)| value.into_owned())
    };
    Some((decode(name)?, decode(secret)?))
}

/// What the address says of a client, which only a fault makes the bank read.
pub(in crate::bank) fn in_query<'i>(world: &World, incoming: &'i Incoming, name: &str) -> Option<&'i str> {
    incoming.query.get(name).filter(|_| world.faults.on("client-secret-in-query-accepted"))
}

/// The secret is the client's, and comes in the way that it has registered.
pub(in crate::bank) fn check(
    world: &World,
    incoming: &Incoming,
    params: &Params,
    client: &Registration,
) -> Result<(), OAuthError> {
    let (in_header, in_form) = (basic(incoming).map(|(_, secret)| secret), params.get("client_secret"));
    let is_twice = in_header.is_some() && (in_form.is_some() || params.get("client_assertion").is_some());
    if is_twice && !world.faults.on("two-client-authentications-accepted") {
        return Err(OAuthError::invalid_request("the client authenticates in two ways"));
    }
    let shown = match client.client.method {
        ClientMethod::ClientSecretPost => in_form.map(str::to_owned),
        _ => in_header,
    };
    let shown = shown.or_else(|| in_query(world, incoming, "client_secret").map(str::to_owned));
    let fits = shown.is_some() && (shown == client.client.secret || world.faults.on("client-secret-unchecked"));
    match fits {
        true => Ok(()),
        false => Err(OAuthError::invalid_client("the client has not shown its secret")),
    }
}

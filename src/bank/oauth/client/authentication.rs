//! Client authentication: by certificate here (RFC 8705 §2), by assertion and by secret in files of their own.

use super::method::{self, ClientMethod};
use super::{assertion, secret};
use crate::bank::certificate::identification;
use crate::bank::certificate::presented::Presented;
use crate::bank::certificate::proxy;
use crate::bank::certificate::revocation_status;
use crate::bank::dialect::Dialect;
use crate::bank::habits;
use crate::bank::http::{Incoming, Params};
use crate::bank::model::customer::Registration;
use crate::bank::model::world::World;
use crate::bank::oauth::error::OAuthError;
use crate::bank::oauth::slips::Slips;
use crate::bank::rule::under;
use crate::pki::inspect::CertificateFacts;

/// Where a TPP has to say who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::bank) enum Endpoint {
    Token,
    /// The same where it comes with a refresh token.
    Refresh,
    /// The same where it comes without any customer.
    ClientCredentials,
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
    in_its_own_way(world, incoming, params, endpoint.of_grant(params)).map_err(under("client_authentication"))
}

fn in_its_own_way<'w>(
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
    let is_left_out = |rule| world.faults.leave_out(rule, endpoint.place_of_credentials());
    let verdict = match client.client.method.is_by_secret() {
        true => secret::check(world, incoming, params, client)
            .or_else(|error| if is_left_out(SECRET) { Ok(()) } else { Err(error) }),
        false if is_anonymous(world, incoming, params, endpoint) => Ok(()),
        false => assertion::check(world, params, client, key_holder(world, incoming, client), endpoint)
            .or_else(|error| if is_left_out(ASSERTION) { Ok(()) } else { Err(error) })
            .and_then(|()| certificate_beside(world, incoming, params, endpoint)),
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
    if named.is_none() || certificate.is_some() {
        certificate_of_tpp(world, incoming, params, endpoint)?;
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
    let places = [endpoint.place(), endpoint.place_of_credentials()];
    let is_left_out = || places.iter().any(|place| world.faults.leave_out("subject", place));
    match subject_fits || any_will_do(world) || is_left_out() {
        true => Ok(client),
        false => Err(OAuthError::invalid_client("the certificate is not the client's")),
    }
}

/// The certificate of the connection is one that identifies a TPP (RTS Art. 34).
fn certificate_of_tpp(
    world: &World,
    incoming: &Incoming,
    params: &Params,
    endpoint: Endpoint,
) -> Result<(), OAuthError> {
    match &incoming.peer.certificate {
        None if world.faults.anonymous(endpoint) => Ok(()),
        None => Err(OAuthError::invalid_client("present a client certificate")),
        Some(certificate) => identify(world, certificate, endpoint)
            .and_then(|()| habits::knows(world, certificate))
            .and_then(|()| match params.get("grant_type") {
                Some("refresh_token") if world.faults.on("refresh-skips-status") => Ok(()),
                _ => check_status(world, incoming, endpoint),
            })
            .map_err(OAuthError::invalid_client),
    }
}

/// Whether it has not been revoked.
pub(in crate::bank) fn check_status(
    world: &World,
    incoming: &Incoming,
    endpoint: Endpoint,
) -> Result<(), &'static str> {
    match world.faults.leave_out("unrevoked", endpoint.place()) {
        true => Ok(()),
        false => revocation_status::check(world, incoming),
    }
}

/// Whether it is a certificate of a TPP's.
pub(in crate::bank) fn identify(
    world: &World,
    certificate: &Presented,
    endpoint: Endpoint,
) -> Result<(), &'static str> {
    match world.faults.leave_out("certificate", endpoint.place()) {
        true => Ok(()),
        false => identification::check(world, certificate, endpoint.place()),
    }
}

/// Each rule for certificates at each endpoint where clients authenticate: the endpoint, and the rule.
pub(in crate::bank) fn rules_by_place() -> impl Iterator<Item = (&'static str, &'static str)> {
    let rules = || ["certificate", "unrevoked", "subject"].into_iter().chain(identification::faults());
    let at = move |endpoint: Endpoint| rules().map(move |rule| (endpoint.place(), rule));
    Endpoint::FOR_CLIENTS.into_iter().flat_map(at).chain([(Endpoint::Refresh.place_of_credentials(), "subject")])
}

/// What a client of each kind shows, at each place where it has to: the place, and the rule.
pub(in crate::bank) fn credentials_by_place() -> impl Iterator<Item = (&'static str, &'static str)> {
    const PLACES: [Endpoint; 5] = [
        Endpoint::ClientCredentials,
        Endpoint::Refresh,
        Endpoint::Revocation,
        Endpoint::Introspection,
        Endpoint::PushedRequest,
    ];
    PLACES.into_iter().flat_map(|endpoint| [ASSERTION, SECRET].map(|rule| (endpoint.place_of_credentials(), rule)))
}

/// The rules that a client with an assertion, or with a secret, has to show the right one.
const ASSERTION: &str = "client_assertion";
const SECRET: &str = "client_secret";

impl Endpoint {
    /// Where clients authenticate, each once.
    pub(in crate::bank) const FOR_CLIENTS: [Self; 4] =
        [Self::Token, Self::Revocation, Self::Introspection, Self::PushedRequest];

    /// Where clients come for tokens and about them; none where they push requests, at which a bank has to go by several names
    /// (RFC 9126 2).
    pub(super) fn path(self) -> Option<&'static str> {
        match self {
            Self::Token => Some("/token"),
            Self::Revocation => Some("/revoke"),
            Self::Introspection => Some("/introspect"),
            _ => None,
        }
    }

    /// The one where clients authenticate that has that path.
    pub(in crate::bank) fn at(path: &str) -> Option<Self> {
        match path {
            "/token" => Some(Self::Token),
            "/revoke" => Some(Self::Revocation),
            "/introspect" => Some(Self::Introspection),
            "/par" => Some(Self::PushedRequest),
            _ => None,
        }
    }

    /// The token endpoint is as many places as it has grants.
    fn of_grant(self, params: &Params) -> Self {
        match (self, params.get("grant_type")) {
            (Self::Token, Some("refresh_token")) => Self::Refresh,
            (Self::Token, Some("client_credentials")) => Self::ClientCredentials,
            _ => self,
        }
    }

    /// As the cells of what a client shows call it.
    fn place_of_credentials(self) -> &'static str {
        match self {
            Self::Refresh => "refresh-grant",
            other => other.place(),
        }
    }

    /// As cells call it.
    pub(in crate::bank) fn place(self) -> &'static str {
        match self {
            Self::Token | Self::Refresh | Self::ClientCredentials => "token-endpoint",
            Self::Revocation => "revocation-endpoint",
            Self::Introspection => "introspection-endpoint",
            Self::PushedRequest => "pushed-request-endpoint",
            Self::Payments | Self::BoundResource | Self::BehindProxy | Self::NamedByProxy => identification::API,
        }
    }
}

/// Whether clients with such a registration come to the endpoints that ask for a certificate.
pub(in crate::bank) fn wants_certificate(world: &World, method: ClientMethod) -> bool {
    match world.dialect {
        Dialect::BerlinGroup => method.is_by_certificate(),
        Dialect::UkOpenBanking => !method.is_by_secret(),
    }
}

/// An assertion says who the client is; the certificate beside it, who is allowed to come at all.
fn certificate_beside(
    world: &World,
    incoming: &Incoming,
    params: &Params,
    endpoint: Endpoint,
) -> Result<(), OAuthError> {
    let usual = method::ordinary(world.dialect, &world.faults, &world.habits);
    match world.dialect {
        Dialect::UkOpenBanking if wants_certificate(world, usual) => {
            certificate_of_tpp(world, incoming, params, endpoint)
        }
        Dialect::UkOpenBanking | Dialect::BerlinGroup => Ok(()),
    }
}

/// Whether nobody needs to show anything, and nobody does.
fn is_anonymous(world: &World, incoming: &Incoming, params: &Params, endpoint: Endpoint) -> bool {
    let shows = incoming.peer.certificate.is_some() || params.get("client_assertion").is_some();
    !shows && world.faults.anonymous(endpoint)
}

/// Whether what authenticates one TPP authenticates any.
fn any_will_do(world: &World) -> bool {
    world.faults.on("any-certificate-authenticates")
}

/// The organizationIdentifier of the TPP whose key has to fit an assertion.
fn key_holder<'a>(world: &World, incoming: &'a Incoming, client: &'a Registration) -> &'a str {
    let certificate = incoming.peer.certificate.as_ref().filter(|_| any_will_do(world));
    let speaker = certificate.and_then(|certificate| certificate.organization_identifier.as_deref());
    speaker.unwrap_or(&client.organization_identifier)
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
pub(in crate::bank) fn parameters(
    world: &World,
    incoming: &Incoming,
    by_get: bool,
    slips: &Slips,
) -> Result<Params, OAuthError> {
    any_parameters(incoming, by_get).and_then(|params| written_right(world, params, slips))
}

/// The same, however often one stands there.
pub(in crate::bank) fn any_parameters(incoming: &Incoming, by_get: bool) -> Result<Params, OAuthError> {
    if incoming.body_refused {
        return Err(under("body")(OAuthError::invalid_request("the body is larger than 64 KiB")));
    }
    Ok(if by_get { incoming.query.clone() } else { incoming.form() })
}

/// RFC 6749 §3.1 and §3.2: none stands twice, and one without a value counts as omitted.
pub(in crate::bank) fn written_right(world: &World, params: Params, slips: &Slips) -> Result<Params, OAuthError> {
    let wrong = slips.refused(world, &params);
    match wrong {
        Some(why) => Err(under("parameters")(OAuthError::invalid_request(why))),
        None => Ok(params),
    }
}

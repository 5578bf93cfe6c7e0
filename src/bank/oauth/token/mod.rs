//! The token endpoint (RFC 6749 §3.2).

mod client_credentials;
mod code;
mod pkce;
mod refresh;

use std::borrow::Cow;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, PRAGMA};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::access_token;
use super::client::authentication::{self, Endpoint};
use super::error::OAuthError;
use super::{scope, slips};
use crate::bank::http::{self, Incoming, Params};
use crate::bank::model::authorization::AuthorizationRequest;
use crate::bank::model::customer::Registration;
use crate::bank::model::grant::Grant;
use crate::bank::model::state::State;
use crate::bank::model::world::World;
use crate::bank::rule::under;

/// A token request whose client is known.
struct TokenRequest<'a> {
    world: &'a World,
    client: &'a Registration,
    params: &'a Params,
    /// The certificate that the access token will be bound to.
    thumbprint: Option<String>,
}

/// What a client is allowed.
struct Allowed<'a> {
    scope: &'a str,
    /// On whose behalf.
    subject: &'a str,
    /// What the customer has agreed to; none where no customer was asked.
    intent: Option<&'a str>,
}

type Answer = Result<Value, OAuthError>;
type Handler = fn(&TokenRequest<'_>, &mut State) -> Answer;

/// What each grant_type does.
const GRANTS: [(&str, Handler); 3] = [
    ("authorization_code", code::redeem),              // RFC 6749 §4.1.3
    ("client_credentials", client_credentials::grant), // RFC 6749 §4.4
    ("refresh_token", refresh::refresh),               // RFC 6749 §6
];

/// `POST /token`.
pub(in crate::bank) fn endpoint(world: &World, incoming: &Incoming) -> Response {
    let by_get = incoming.method == Method::GET && world.faults.on("token-endpoint-get");
    let mut response = if incoming.method != Method::POST && !by_get {
        http::method_not_allowed("POST")
    } else {
        match respond(world, incoming, by_get) {
            Ok(body) => {
                let created = world.faults.on("token-with-201");
                http::json(if created { StatusCode::CREATED } else { StatusCode::OK }, &body)
            }
            Err(error) => refusal(world, error),
        }
    };
    // RFC 6749 §5.1
    let is_refresh = || incoming.form().get("grant_type") == Some("refresh_token");
    let is_kept = response.status().is_success()
        && (world.faults.on("token-response-cacheable")
            || is_refresh() && world.faults.on("refreshed-token-cacheable"));
    if !is_kept {
        http::set(&mut response, CACHE_CONTROL, "no-store");
        http::set(&mut response, PRAGMA, "no-cache");
    }
    if response.status().is_success() && world.faults.on("token-response-as-text") {
        http::set(&mut response, CONTENT_TYPE, "text/plain; charset=utf-8");
    }
    if !response.status().is_success() && world.faults.on("token-error-wrong-media-type") {
        http::set(&mut response, CONTENT_TYPE, "text/html; charset=utf-8");
    }
    response
}

/// RFC 6749 §5.2.
fn refusal(world: &World, mut error: OAuthError) -> Response {
    let is_of_grant = matches!(error.code, "invalid_grant" | "invalid_request");
    if is_of_grant && world.faults.on("refusals-misnamed") {
        error.code = "invalid_code";
    }
    if world.faults.on("token-errors-with-quotes") {
        error.description = format!("\"{}\"", error.description);
    }
    let mut response = error.response();
    if is_of_grant && world.faults.on("refusals-with-200") {
        *response.status_mut() = StatusCode::OK;
    }
    response
}

/// Whether access tokens are bound to the certificate of whoever asks for them (RFC 8705 §3).
pub(in crate::bank) fn are_bound(world: &World) -> bool {
    !world.faults.on("tokens-unbound")
}

fn respond(world: &World, incoming: &Incoming, by_get: bool) -> Answer {
    let params = authentication::parameters(world, incoming, by_get, &slips::TOKEN)?;
    let client = authentication::authenticate(world, incoming, &params, Endpoint::Token)?;
    tolerate_unknown_parameters(world, &params)?;
    let certificate = incoming.peer.certificate.as_ref().filter(|_| are_bound(world));
    let thumbprint = certificate.map(|certificate| certificate.thumbprint.clone());
    let request = TokenRequest { world, client, params: &params, thumbprint };
    let kind = request.required("grant_type").map_err(under("grant_type"))?;
    let mut state = world.state();
    match GRANTS.iter().find(|(name, _)| *name == kind) {
        Some((name, answer)) => answer(&request, &mut state).map_err(under(name)),
        None if kind == "password" && world.faults.on("password-grant-enabled") => by_password(&request, &mut state),
        None if kind != "password" && world.faults.on("unknown-grant-server-error") => {
            Err(OAuthError::server_error("the grant_type could not be handled"))
        }
        None => Err(under("grant_type")(OAuthError::new("unsupported_grant_type", "the grant_type is not offered"))),
    }
}

/// RFC 6749 §3.2.
fn tolerate_unknown_parameters(world: &World, params: &Params) -> Result<(), OAuthError> {
    const KNOWN: [&str; 13] = [
        "grant_type",
        "code",
        "redirect_uri",
        "code_verifier",
        "refresh_token",
        "scope",
        "resource",
        "client_id",
        "client_secret",
        "client_assertion",
        "client_assertion_type",
        "username",
        "password",
    ];
    slips::tolerate_unknown(params, &KNOWN, || world.faults.on_at(slips::UNKNOWN, slips::TOKEN_ENDPOINT))
}

impl TokenRequest<'_> {
    fn required(&self, name: &str) -> Result<&str, OAuthError> {
        self.params.get(name).ok_or_else(|| OAuthError::invalid_request(format!("{name} is missing")))
    }

    /// Writes down what the client is allowed; the id of the grant.
    fn grant(&self, state: &mut State, allowed: &Allowed<'_>, with_refresh_token: bool) -> String {
        let id = self.world.random.secret();
        let with_refresh_token = with_refresh_token && !self.world.habits.has("no-refresh-tokens");
        let refresh_token = with_refresh_token.then(|| self.world.new_secret(state));
        if let Some(token) = &refresh_token {
            state.refresh_tokens.insert(token.clone(), id.clone());
        }
        let grant = Grant {
            client_id: self.client.client.client_id.clone(),
            scope: allowed.scope.to_owned(),
            subject: allowed.subject.to_owned(),
            intent: allowed.intent.map(str::to_owned),
            refresh_token,
            refresh_revoked: false,
            refreshed: false,
            granted_under: self.thumbprint.clone(),
            access_tokens: Vec::new(),
        };
        state.grants.insert(id.clone(), grant);
        id
    }

    /// The token response (RFC 6749 §5.1).
    fn tokens(&self, state: &mut State, grant: &str, scope: &str) -> Answer {
        self.tokens_bound_to(state, grant, scope, self.thumbprint.clone())
    }

    fn tokens_bound_to(&self, state: &mut State, grant: &str, scope: &str, bound_to: Option<String>) -> Answer {
        let scope = self.given(scope);
        let access_token = access_token::issue(self.world, state, grant, &scope, bound_to)?;
        let refresh_token = state.grants.get(grant).and_then(|grant| grant.refresh_token.clone());
        let faults = &self.world.faults;
        let mut body = Map::new();
        let of_code = self.params.get("grant_type") == Some("authorization_code");
        let name = if of_code && faults.on("access-token-misnamed") { "token" } else { "access_token" };
        body.insert(name.to_owned(), json!(access_token));
        if !faults.on("token-type-missing") {
            let kind = if faults.on("token-type-unregistered") { "JWT" } else { "Bearer" };
            body.insert("token_type".to_owned(), json!(kind));
        }
        if !faults.on("expires-in-missing") && !self.world.habits.has("tokens-not-recalled") {
            let seconds = json!(access_token::lifetime(self.world));
            let as_text = faults.on("expires-in-as-text");
            body.insert("expires_in".to_owned(), if as_text { json!(seconds.to_string()) } else { seconds });
        }
        if let Some(refresh_token) = refresh_token {
            body.insert("refresh_token".to_owned(), json!(refresh_token));
        }
        let as_asked = self.params.get("scope").is_none_or(|asked| scope == asked);
        if !(as_asked && self.world.habits.has("opaque-access-tokens")) {
            let as_list = faults.on("token-scope-as-list");
            let words = || scope.split(' ').collect::<Vec<_>>();
            body.insert("scope".to_owned(), if as_list { json!(words()) } else { json!(scope) });
        }
        Ok(Value::Object(body))
    }

    /// The scope that the token is for.
    fn given<'s>(&self, scope: &'s str) -> Cow<'s, str> {
        let faults = &self.world.faults;
        let is_wider = match self.params.get("grant_type") {
            Some("refresh_token") => self.params.get("scope").is_none() && faults.on("refresh-adds-scope"),
            _ => faults.on("token-for-more-than-was-asked"),
        };
        let as_asked = self.params.get("scope").is_some_and(|asked| scope == asked);
        let says_more = || !as_asked && self.world.habits.has("scope-with-openid");
        match is_wider {
            true => format!("{scope} {}", scope::ACCOUNTS).into(),
            false if says_more() => format!("{scope} openid offline_access").into(),
            false => scope.into(),
        }
    }
}

/// The grant that RFC 9700 §2.4 forbids.
fn by_password(request: &TokenRequest<'_>, state: &mut State) -> Answer {
    let customer = &request.world.customer;
    let right = request.params.get("username") == Some(&customer.username)
        && request.params.get("password") == Some(&customer.password);
    if !right {
        return Err(OAuthError::invalid_grant("the user name or the password is wrong"));
    }
    let allowed = Allowed { scope: scope::PAYMENTS, subject: &request.world.subject, intent: None };
    let grant = request.grant(state, &allowed, false);
    request.tokens(state, &grant, scope::PAYMENTS)
}

/// A token that goes through the browser: nobody has presented a certificate that it could be bound to.
pub(in crate::bank) fn without_certificate(
    world: &World,
    state: &mut State,
    request: &AuthorizationRequest,
) -> Result<String, OAuthError> {
    let client = world.client(&request.client_id).ok_or_else(|| OAuthError::server_error("the client is gone"))?;
    let params = Params::default();
    let token_request = TokenRequest { world, client, params: &params, thumbprint: None };
    let allowed = Allowed { scope: &request.scope, subject: &world.subject, intent: request.intent.as_deref() };
    let grant = token_request.grant(state, &allowed, false);
    access_token::issue(world, state, &grant, &request.scope, None)
}

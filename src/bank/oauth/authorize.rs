//! The authorization endpoint (RFC 6749 §3.1): a request is examined rule by rule, and then the customer is asked.

use axum::http::Method;
use axum::response::Response;

use super::callback;
use super::error::OAuthError;
use super::par;
use super::{code_challenge, redirect_uri, scope, slips};
use crate::bank::http::{self, Incoming, Params};
use crate::bank::model::authorization::{AuthorizationRequest, Return};
use crate::bank::model::customer::Registration;
use crate::bank::model::session::Purpose;
use crate::bank::model::state::State;
use crate::bank::model::world::World;
use crate::bank::psu::pages;
use crate::bank::psu::session;
use crate::bank::rule::{Named, rules, under};

/// What a rule may look at.
pub(in crate::bank) struct Draft<'a> {
    pub(in crate::bank) world: &'a World,
    pub(in crate::bank) state: &'a State,
    pub(in crate::bank) client: &'a Registration,
    pub(in crate::bank) params: &'a Params,
    /// It came by the endpoint for pushed requests.
    pub(in crate::bank) is_pushed: bool,
}

type Rule = fn(&Draft<'_>, &mut AuthorizationRequest) -> Result<(), OAuthError>;

/// The rules of the authorization endpoint once the client and its redirect_uri are known, in the order in which they
/// are applied. What breaks one is told to the TPP.
const RULES: &[Named<Rule>] = rules![
    reject_repeated_parameters,  // RFC 6749 §3.1
    tolerate_unknown_parameters, // RFC 6749 §3.1
    check_response_type,         // RFC 6749 §3.1.1
    scope::check,                // RFC 6749 §3.3, NextGenPSD2 §13
    code_challenge::check,       // RFC 7636 §4.4.1
];

/// A rule, and what is wrong by it.
type Breach = (&'static str, &'static str);

/// Why the customer is not asked.
enum Refusal {
    /// The TPP cannot be told, because it is not known where it is.
    Page(Breach),
    Back(Return, OAuthError),
}

/// `GET` or `POST /authorize`.
pub(in crate::bank) fn endpoint(world: &World, incoming: &Incoming) -> Response {
    let form = incoming.form();
    let params = match incoming.method {
        Method::GET if !world.faults.on("authorization-by-post-alone") => &incoming.query,
        Method::POST => &form,
        _ => return http::method_not_allowed("GET, POST"),
    };
    let mut state = world.state();
    let examined = match par::find(world, &mut state, params) {
        Some(found) => found.map_err(|why| Refusal::Page(("request_uri", why))),
        None => examine_plain(world, &state, params),
    };
    match examined {
        Ok(request) => session::start(world, &mut state, incoming, Purpose::OAuth(Box::new(request))),
        Err(Refusal::Page((rule, reason))) => pages::error(world, rule, reason),
        Err(Refusal::Back(back, error)) => {
            callback::redirect(world, &back, Err(&under("authorization_request")(error)))
        }
    }
}

/// What comes in the browser's address alone, from a client that may send it so.
fn examine_plain(world: &World, state: &State, params: &Params) -> Result<AuthorizationRequest, Refusal> {
    redirect_on_error_first(world, params)?;
    let client = params.get("client_id").and_then(|id| world.client(id));
    if client.is_some_and(|client| par::is_required(world, client)) {
        return Err(Refusal::Page(("par_required", "This company has to push its requests.")));
    }
    examine(world, state, params, false)
}

/// The same rules for what a client has pushed: it is told itself (RFC 9126 §2.3).
pub(in crate::bank) fn examine_pushed(
    world: &World,
    state: &State,
    params: &Params,
) -> Result<AuthorizationRequest, OAuthError> {
    examine(world, state, params, true).map_err(|refusal| match refusal {
        Refusal::Page((rule, reason)) => under(rule)(OAuthError::invalid_request(reason)),
        Refusal::Back(_, error) => error,
    })
}

fn examine(world: &World, state: &State, params: &Params, is_pushed: bool) -> Result<AuthorizationRequest, Refusal> {
    let client = check_client(world, params, is_pushed)?;
    let uri = redirect_uri::check(world, client, params, is_pushed);
    let uri = uri.map_err(|why| Refusal::Page(("redirect_uri", why)))?;
    let back = Return { redirect_uri: uri, state: params.get("state").map(str::to_owned) };
    let mut request = AuthorizationRequest {
        client_id: client.client.client_id.clone(),
        back: back.clone(),
        implicit: false,
        scope: String::new(),
        intent: None,
        challenge: None,
        nonce: params.get("nonce").map(str::to_owned),
    };
    let draft = Draft { world, state, client, params, is_pushed };
    let verdict = RULES.iter().try_for_each(|rule| rule.apply(|rule| rule(&draft, &mut request)));
    verdict.map(|()| request).map_err(|error| Refusal::Back(back, error))
}

/// The place of a fault: a careful server finds out where to redirect to before it redirects.
fn redirect_on_error_first(world: &World, params: &Params) -> Result<(), Refusal> {
    let (Some(uri), Some(kind)) = (params.get("redirect_uri"), params.get("response_type")) else { return Ok(()) };
    if kind != "code" && world.faults.on("open-redirect-on-error") {
        return Err(Refusal::Back(
            unchecked(uri, params),
            OAuthError::new("unsupported_response_type", "the response_type must be code"),
        ));
    }
    Ok(())
}

/// RFC 6749 §4.1.2.1: nobody is redirected for a client that is not known.
fn check_client<'w>(world: &'w World, params: &Params, is_pushed: bool) -> Result<&'w Registration, Refusal> {
    let name = "client_id";
    if params.repeats(name) && !is_pushed && !slips::AUTHORIZATION.takes_first(world, name) {
        return Err(Refusal::Page(("client_id", "client_id is sent twice.")));
    }
    let client_id = params.get("client_id").ok_or(Refusal::Page(("client_id", "client_id is missing.")))?;
    world.client(client_id).ok_or_else(|| match params.get("redirect_uri") {
        Some(uri) if world.faults.on("unknown-client-redirected") => Refusal::Back(
            unchecked(uri, params),
            OAuthError::new("unauthorized_client", "the client is not registered"),
        ),
        _ => Refusal::Page(("client_id", "This bank does not know the company that has sent you.")),
    })
}

fn unchecked(uri: &str, params: &Params) -> Return {
    Return { redirect_uri: uri.to_owned(), state: params.get("state").map(str::to_owned) }
}

/// What is pushed was looked at before.
fn reject_repeated_parameters(draft: &Draft<'_>, _: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    match slips::AUTHORIZATION.refused(draft.world, draft.params).filter(|_| !draft.is_pushed) {
        Some(why) => Err(OAuthError::invalid_request(why)),
        None => Ok(()),
    }
}

fn tolerate_unknown_parameters(draft: &Draft<'_>, _: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    const KNOWN: [&str; 12] = [
        "client_id",
        "redirect_uri",
        "response_type",
        "scope",
        "state",
        "code_challenge",
        "code_challenge_method",
        "nonce",
        "claims",
        "client_assertion",
        "client_assertion_type",
        "client_secret",
    ];
    slips::tolerate_unknown(draft.params, &KNOWN, || draft.world.faults.on(slips::UNKNOWN))
}

fn check_response_type(draft: &Draft<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    let faults = &draft.world.faults;
    match draft.params.get("response_type") {
        Some("code") => {}
        Some("token") if faults.on("implicit-grant-enabled") => request.implicit = true,
        Some("code token") if faults.on("token-beside-code-enabled") => request.implicit = true,
        Some(_) => return Err(OAuthError::new("unsupported_response_type", "the response_type must be code")),
        None if faults.on("response-type-defaulted") => {}
        None if draft.params.empty().any(|name| name == "response_type") && faults.on("empty-response-type-taken") => {}
        None => return Err(OAuthError::invalid_request("response_type is missing")),
    }
    Ok(())
}

//! The customer at the bank: log in, confirm with the one-time code, approve or deny, and go back to the TPP.

mod ending;
mod factors;
mod forgery;
mod sandbox;
mod steps;

pub(in crate::bank) use ending::{RAN_OUT, TOLD_AS_GIVEN, rules_by_approach};
pub(in crate::bank) use factors::rules_by_factor;
pub(in crate::bank) use forgery::rules_of_forms;
pub(in crate::bank) use steps::endpoint;

use axum::http::Method;
use axum::http::header::SET_COOKIE;
use axum::response::Response;

use super::pages;
use crate::bank::http::{self, Incoming};
use crate::bank::model::payment::ScaStatus;
use crate::bank::model::session::{Purpose, Session, Step};
use crate::bank::model::state::State;
use crate::bank::model::world::World;

/// How long a customer may take, in seconds.
const LIFETIME: i64 = 600;
/// What RTS Art. 4(3)(d) allows, in seconds.
const SHORT_LIFETIME: i64 = 300;
/// The cookie that holds the session's id.
const COOKIE: &str = "session";
/// The same where browsers let nobody but this host set it (RFC 6265bis, cookie prefixes).
const COOKIE_OF_HOST: &str = "__Host-session";

impl Step {
    fn path(self) -> &'static str {
        match self {
            Self::Login => "/login",
            Self::Sca => "/sca",
            Self::Consent => "/consent",
        }
    }

    /// Where the customer goes once it has done what is to be done there.
    fn next(self) -> Self {
        match self {
            Self::Login => Self::Sca,
            Self::Sca | Self::Consent => Self::Consent,
        }
    }

    fn template(self) -> &'static str {
        match self {
            Self::Login => "login.html",
            Self::Sca => "sca.html",
            Self::Consent => "consent.html",
        }
    }
}

impl Purpose {
    /// How the customer was sent here.
    fn approach(&self) -> &'static str {
        match self {
            Self::OAuth(_) => "oauth",
            Self::Redirect { .. } => "redirect",
        }
    }

    /// What is to be authorised, if anything, by its id.
    fn intent(&self, state: &State) -> Option<String> {
        match self {
            Self::OAuth(request) => request.intent.clone(),
            Self::Redirect { authorisation, .. } => Some(state.authorisations.get(authorisation)?.payment.clone()),
        }
    }

    /// The authorisation sub-resource whose scaStatus follows the customer's steps.
    fn authorisation(&self, state: &State) -> Option<String> {
        match self {
            Self::OAuth(request) => state.payments.get(request.intent.as_ref()?)?.authorisations.last().cloned(),
            Self::Redirect { authorisation, .. } => Some(authorisation.clone()),
        }
    }

    fn client_id(&self, state: &State) -> Option<String> {
        match self {
            Self::OAuth(request) => Some(request.client_id.clone()),
            Self::Redirect { .. } => Some(state.payments.get(&self.intent(state)?)?.owner.clone()),
        }
    }
}

/// Begins a session and sends the browser to its first page, unless nobody has to be asked.
pub(in crate::bank) fn start(world: &World, state: &mut State, incoming: &Incoming, purpose: Purpose) -> Response {
    let brought =
        incoming.cookie(cookie_name(world)).filter(|_| world.faults.leave_out("fresh_session", purpose.approach()));
    let id = brought.map_or_else(|| world.random.secret(), str::to_owned);
    let session = Session {
        purpose,
        step: Step::Login,
        csrf: world.random.secret(),
        customer: None,
        wrong_attempts: 0,
        expires_at: world.clock.now().saturating_add(lifetime(world)),
    };
    if let Some(ending) = sandbox::decided_at_once(world, incoming) {
        return ending::end(world, state, &id, &session, ending);
    }
    state.sessions.insert(id.clone(), session);
    let mut response = http::see_other(&format!("{}{}", world.issuer, Step::Login.path()));
    set_cookie(world, &mut response, &id);
    response
}

fn lifetime(world: &World) -> i64 {
    if world.habits.has("sessions-of-five-minutes") { SHORT_LIFETIME } else { LIFETIME }
}

fn cookie_name(world: &World) -> &'static str {
    if world.habits.has("cookies-of-one-host") { COOKIE_OF_HOST } else { COOKIE }
}

fn set_cookie(world: &World, response: &mut Response, id: &str) {
    let for_tls = if world.faults.on("session-cookie-without-secure") { "" } else { " Secure;" };
    let elsewhere = forgery::same_site(world);
    let name = cookie_name(world);
    http::set(response, SET_COOKIE, &format!("{name}={id}; Path=/;{for_tls} HttpOnly; SameSite={elsewhere}"));
}

/// `GET /sca/{authorisationId}`: where the link `scaRedirect` of the payment API leads.
pub(in crate::bank) fn from_sca_redirect(world: &World, incoming: &Incoming) -> Response {
    if incoming.method != Method::GET {
        return http::method_not_allowed("GET");
    }
    let mut state = world.state();
    let id = incoming.path.rsplit('/').next().unwrap_or_default().to_owned();
    let found = state.authorisations.get(&id).filter(|found| found.status == ScaStatus::Received && !found.decoupled);
    let Some(found) = found else {
        return pages::error(world, "authorisation", "This link is not known, or it has been used.");
    };
    let (back, back_if_refused) = (found.redirect_uri.clone(), found.nok_redirect_uri.clone());
    start(world, &mut state, incoming, Purpose::Redirect { authorisation: id, back, back_if_refused })
}

fn set_sca_status(state: &mut State, session: &Session, status: ScaStatus) {
    if let Some(id) = session.purpose.authorisation(state)
        && let Some(authorisation) = state.authorisations.get_mut(&id)
    {
        authorisation.come_to(status);
    }
}

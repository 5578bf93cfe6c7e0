//! However a session ends, the payment knows it and the customer gets back to the TPP.

use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{Purpose, Session, set_sca_status};
use crate::bank::http;
use crate::bank::model::authorization::AuthorizationRequest;
use crate::bank::model::grant::AuthorizationCode;
use crate::bank::model::payment::{Payment, ScaStatus};
use crate::bank::model::state::State;
use crate::bank::model::world::World;
use crate::bank::oauth::callback;
use crate::bank::oauth::error::OAuthError;
use crate::bank::oauth::token;
use crate::bank::psu::pages;
use crate::bank::rule::under;

/// How long an authorization code lives, in seconds; RFC 6749 §4.1.2 recommends at most ten minutes.
const CODE_LIFETIME: i64 = 300;
/// Shorter is as good, in seconds.
const SHORT_CODE_LIFETIME: i64 = 60;

/// How a session ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Approved,
    Denied,
    Cancelled,
    /// Too many wrong attempts.
    Blocked,
    TimedOut,
    /// The debtor account is not the customer's.
    ForeignAccount,
}

/// The fault by which the scaStatus says that a customer has agreed who has not.
pub(in crate::bank) const TOLD_AS_GIVEN: &str = "refused-authorisation-finalised";

/// What is said of a session that has run out.
pub(in crate::bank) const RAN_OUT: &str = "the customer took too long";

impl Ending {
    fn description(self) -> &'static str {
        match self {
            Self::Approved => "the payment can no longer be authorised",
            Self::Denied => "the customer has denied",
            Self::Cancelled => "the customer has cancelled",
            Self::Blocked => "the customer could not be authenticated",
            Self::TimedOut => RAN_OUT,
            Self::ForeignAccount => "the customer may not dispose of the debtor account",
        }
    }

    /// The rule by which a payment is refused that ends so.
    fn refuses(self) -> Option<&'static str> {
        match self {
            Self::Approved => None,
            Self::Denied => Some("denial"),
            Self::Cancelled => Some("cancel"),
            Self::Blocked => Some("block"),
            Self::TimedOut => Some("time_out"),
            Self::ForeignAccount => Some("foreign_account"),
        }
    }

    /// The fault that keeps the customer at the bank after such an ending.
    fn stranding_fault(self) -> Option<&'static str> {
        match self {
            Self::Cancelled => Some("cancel-strands-psu"),
            Self::Blocked => Some("failed-sca-strands-psu"),
            Self::TimedOut => Some("timeout-strands-psu"),
            Self::Approved | Self::Denied | Self::ForeignAccount => None,
        }
    }
}

/// Each way in which a payment is not agreed to, by each approach: the approach, and the rule.
pub(in crate::bank) fn rules_by_approach(approach: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    const ALL: [Ending; 5] =
        [Ending::Denied, Ending::Cancelled, Ending::Blocked, Ending::TimedOut, Ending::ForeignAccount];
    ALL.into_iter().filter_map(move |ending| Some((approach, ending.refuses()?)))
}

/// Ends a session.
pub(super) fn end(world: &World, state: &mut State, id: &str, session: &Session, ending: Ending) -> Response {
    let is_agreed = |state: &State| {
        let payment = session.purpose.intent(state).and_then(|id| state.payments.get(&id));
        payment.is_some_and(Payment::is_accepted)
    };
    let again = ending == Ending::Approved && world.faults.on("decision-taken-again");
    if !again {
        state.sessions.remove(id);
    }
    let approved = ending == Ending::Approved && (again && is_agreed(state) || settle(world, state, session, ending));
    if !approved {
        let refused = if ending == Ending::Approved { Ending::Denied } else { ending };
        settle(world, state, session, refused);
    }
    if ending.stranding_fault().is_some_and(|fault| world.faults.on(fault)) {
        return pages::message(world, StatusCode::OK, "The end", "You can close this window.");
    }
    match &session.purpose {
        Purpose::OAuth(request) if approved => with_code(world, state, request),
        Purpose::OAuth(request) if ending == Ending::Denied && world.faults.on("denial-gives-code") => {
            with_code(world, state, request)
        }
        Purpose::OAuth(request) => {
            let code = match ending {
                Ending::Blocked if world.habits.has("other-words-for-endings") => "server_error",
                Ending::TimedOut if world.habits.has("other-words-for-endings") => "temporarily_unavailable",
                _ => "access_denied",
            };
            let error = under("customer")(OAuthError::new(code, ending.description()));
            callback::redirect(world, &request.back, Err(&error))
        }
        Purpose::Redirect { back, back_if_refused, .. } => {
            let refused = back_if_refused.as_ref().filter(|_| !approved && !world.faults.on("nok-redirect-ignored"));
            match refused.or(back.as_ref()) {
                Some(uri) => http::see_other(uri),
                None => pages::message(world, StatusCode::OK, "Done", "You can close this window."),
            }
        }
    }
}

/// Writes the outcome down in the payment and its authorisation. False when there was a payment and it had changed
/// so much in the meantime that it cannot be authorised.
fn settle(world: &World, state: &mut State, session: &Session, ending: Ending) -> bool {
    let approved = ending == Ending::Approved;
    let by_redirect = matches!(session.purpose, Purpose::Redirect { .. });
    let approach = session.purpose.approach();
    let is_left_out = || ending.refuses().is_some_and(|rule| world.faults.leave_out(rule, approach));
    let never_final = if by_redirect { "redirect-sca-never-finalised" } else { "sca-status-never-final" };
    let payment = session.purpose.intent(state);
    if let Some(payment) = payment.and_then(|id| state.payments.get_mut(&id)) {
        let settled = match approved || world.faults.on("denied-payment-accepted") || is_left_out() {
            true if approved && payment.is_cancelled() && world.faults.leave_out("cancelled_meanwhile", approach) => {
                payment.take_up_again(world)
            }
            true => payment.accept(world),
            // The customer may be asked again.
            false if world.habits.has("accepted-profile-before-sca") => true,
            false => payment.reject(world),
        };
        if !settled {
            return false;
        }
    }
    match approved {
        true if world.faults.on(never_final) => {}
        true => set_sca_status(state, session, ScaStatus::Finalised),
        false if is_told_as_given(world, approach) => set_sca_status(state, session, ScaStatus::Finalised),
        false => set_sca_status(state, session, ScaStatus::Failed),
    }
    true
}

/// Of whatever the customer did not agree to, the scaStatus says that it did.
fn is_told_as_given(world: &World, approach: &str) -> bool {
    world.faults.on(TOLD_AS_GIVEN) || world.faults.on_at(TOLD_AS_GIVEN, approach)
}

/// Whether codes live for a minute (FAPI 2.0 Security Profile 5.3.2.1), and not for five.
fn has_short_life(world: &World) -> bool {
    let by_profile = world.habits.has("codes-live-a-minute") && !world.faults.on("code-outlives-a-minute");
    by_profile || world.habits.has("long-codes-and-lives")
}

/// RFC 6749 §4.1.2: a code that is bound to the client, its redirect_uri and its challenge.
fn with_code(world: &World, state: &mut State, request: &AuthorizationRequest) -> Response {
    if request.implicit {
        return match token::without_certificate(world, state, request) {
            Ok(token) => callback::redirect_with_token(&request.back, &token),
            Err(error) => callback::redirect(world, &request.back, Err(&error)),
        };
    }
    let mut code = world.new_secret(state);
    if let Some(challenge) = request.challenge.as_ref().filter(|_| world.faults.on("code-exposes-challenge")) {
        code = format!("{}.{code}", URL_SAFE_NO_PAD.encode(format!("challenge={}", challenge.value)));
    }
    let lifetime = if has_short_life(world) { SHORT_CODE_LIFETIME } else { CODE_LIFETIME };
    let row = AuthorizationCode {
        client_id: request.client_id.clone(),
        redirect_uri: request.back.redirect_uri.clone(),
        scope: request.scope.clone(),
        challenge: request.challenge.clone(),
        intent: request.intent.clone(),
        nonce: request.nonce.clone(),
        expires_at: world.clock.now().saturating_add(lifetime),
        redeemed_for: None,
    };
    state.codes.insert(code.clone(), row);
    callback::redirect(world, &request.back, Ok(&code))
}

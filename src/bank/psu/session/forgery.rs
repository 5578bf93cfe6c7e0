//! What tells the customer's own forms from those that another site has its browser send (RFC 6749 §10.12).

use super::Session;
use crate::bank::http::Params;
use crate::bank::model::state::State;
use crate::bank::model::world::World;

/// What is looked at in the value that makes a form one of ours: that it is there, that it is not empty, and whose it is.
const RULES: [&str; 3] = ["form_token_given", "form_token_filled", "form_token_own"];

/// Each rule by that approach: the approach, and the rule.
pub(in crate::bank) fn rules_of_forms(approach: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    ["order_of_pages", "shown_payment", "fresh_session", "shows_amount", "shows_payee"]
        .into_iter()
        .chain(RULES)
        .map(move |rule| (approach, rule))
}

/// The value in the forms of a session: a secret, or what they are about where the cookie alone keeps other sites out.
pub(super) fn token(world: &World, state: &State, session: &Session) -> String {
    match world.habits.has("forms-without-secret") {
        true => session.purpose.intent(state).unwrap_or_default(),
        false => session.csrf.clone(),
    }
}

/// Whether a form comes from a page of this session.
pub(super) fn is_our_form(world: &World, state: &State, session: &Session, form: &Params) -> bool {
    let left_out = |rule| world.faults.leave_out(rule, session.purpose.approach());
    let own = token(world, state, session);
    let is_there = form.names().any(|name| name == "csrf");
    match form.get("csrf") {
        Some(token) if token == own => true,
        Some(token) => {
            let is_live = || state.sessions.values().any(|other| other.csrf == token);
            token.len() == own.len() && (left_out("form_token_own") || is_live() && left_out("shown_payment"))
        }
        None if own.is_empty() => true,
        None if is_there => left_out("form_token_filled"),
        None => left_out("form_token_given"),
    }
}

/// With which requests of other sites browsers send the cookie of the session (RFC 6265bis, SameSite).
pub(super) fn same_site(world: &World) -> &'static str {
    let may_be_forged = |approach| RULES.iter().any(|rule| world.faults.leave_out(rule, approach));
    // Where forms are not told apart, a cookie that stays at home would do so all the same.
    if may_be_forged("oauth") || may_be_forged("redirect") { "None" } else { "Lax" }
}

//! What a page shows, and what happens when its form comes back.

use axum::http::header::SET_COOKIE;
use axum::http::{HeaderValue, Method};
use axum::response::Response;

use super::ending::{self, Ending};
use super::factors::{self, Factor};
use super::{Purpose, Session, Step, cookie_name, forgery, sandbox, set_cookie, set_sca_status};
use crate::bank::habits;
use crate::bank::http::{self, Incoming, Params};
use crate::bank::model::payment::ScaStatus;
use crate::bank::model::state::State;
use crate::bank::model::world::World;
use crate::bank::oauth::scope;
use crate::bank::psu::pages::{self, PaymentView, View};
use crate::bank::rule;

/// RTS Art. 4(3)(a): what is wrong is not told.
const WRONG: &str = "What you have entered is not right. Please try again.";

/// `GET` or `POST` on one of the pages.
pub(in crate::bank) fn endpoint(world: &World, incoming: &Incoming) -> Response {
    let mut state = world.state();
    let found =
        incoming.cookie(cookie_name(world)).and_then(|id| Some((id.to_owned(), state.sessions.get(id)?.clone())));
    let Some((id, session)) = found else {
        return pages::error(world, "session", "Your session is over. Please go back to where you came from.");
    };
    if world.clock.now() >= session.expires_at {
        return ending::end(world, &mut state, &id, &session, Ending::TimedOut);
    }
    match incoming.method {
        Method::GET if incoming.path == session.step.path() => show(world, &mut state, &session, None, None),
        Method::POST if incoming.path == session.step.path() => match habits::refuses_form(world, incoming) {
            Some(refused) => refused,
            None => submit(world, &mut state, &id, session, &habits::form(world, incoming)),
        },
        Method::POST if let Some(session) = out_of_turn(world, incoming, &session) => {
            submit(world, &mut state, &id, session, &habits::form(world, incoming))
        }
        Method::GET | Method::POST => http::see_other(&format!("{}{}", world.issuer, session.step.path())),
        _ => http::method_not_allowed("GET, POST"),
    }
}

/// The page of the session's step, where the customer has named itself already with that name.
fn show(
    world: &World,
    state: &mut State,
    session: &Session,
    problem: Option<&'static str>,
    named: Option<&str>,
) -> Response {
    if session.step == Step::Sca {
        // The customer's device has the code from here on.
        set_sca_status(state, session, ScaStatus::Started);
    }
    pages::page(world, session.step.template(), &view(world, state, session, problem, named))
}

fn submit(world: &World, state: &mut State, id: &str, session: Session, form: &Params) -> Response {
    if !forgery::is_our_form(world, state, &session, form) {
        return pages::error(world, "form", "This form is not from this session.");
    }
    match (session.step, form.get("action").unwrap_or_default()) {
        (Step::Consent, "approve") if !habits::has_agreed(world, form) => {
            show(world, state, &session, Some(WRONG), None)
        }
        (Step::Consent, "approve") => ending::end(world, state, id, &session, Ending::Approved),
        (Step::Consent, "deny") => ending::end(world, state, id, &session, Ending::Denied),
        (_, "cancel") => ending::end(world, state, id, &session, Ending::Cancelled),
        (Step::Login, _) if shows_name_alone(world, form) => show(world, state, &session, None, form.get("username")),
        (Step::Login, _) => {
            if let Some(ending) = sandbox::decided_by_user(world, form) {
                return ending::end(world, state, id, &session, ending);
            }
            let customer = form.get("username").map(str::to_owned);
            attempt(world, state, id, Session { customer, ..session }, form)
        }
        (Step::Sca, _) => attempt(world, state, id, session, form),
        (Step::Consent, _) => show(world, state, &session, None, None),
    }
}

/// The customer has said who it is, and is asked for the rest on the next page.
fn shows_name_alone(world: &World, form: &Params) -> bool {
    let asked = Factor::asked_at(Step::Login, world).map(Factor::field);
    asked.and_then(|field| form.get(field)).is_none() && world.habits.has("username-first")
}

/// The session as a bank has it that takes the form of a page before those that come first.
fn out_of_turn(world: &World, incoming: &Incoming, session: &Session) -> Option<Session> {
    let sent = [Step::Sca, Step::Consent].into_iter().find(|step| step.path() == incoming.path)?;
    let leaves_out =
        |step| Factor::asked_at(step, world).is_some_and(|factor| factor.leaves_out("factor_asked", world, session));
    let is_taken = match (session.step, sent) {
        (Step::Login, Step::Sca) => leaves_out(Step::Login),
        (Step::Sca, Step::Consent) => leaves_out(Step::Sca),
        (Step::Login, Step::Consent) => world.faults.leave_out("order_of_pages", session.purpose.approach()),
        _ => false,
    };
    // Whoever has not logged in is known by what it shows.
    let form = habits::form(world, incoming);
    let shown = Factor::asked_at(sent, world).and_then(|factor| Some((factor, form.get(factor.field())?)));
    let by_factor = || shown.and_then(|(factor, typed)| world.customers().find(|who| factor.of(who) == typed));
    let customer = session.customer.clone().or_else(|| by_factor().map(|who| who.username.clone()));
    is_taken.then(|| Session { step: sent, customer, ..session.clone() })
}

/// Moves on after right credentials; counts wrong ones.
fn attempt(world: &World, state: &mut State, id: &str, session: Session, form: &Params) -> Response {
    let mut session = session;
    let (Some(factor), next) = (Factor::asked_at(session.step, world), session.step.next()) else {
        return show(world, state, &session, None, None);
    };
    let who = session.customer.as_ref().and_then(|name| world.customer_named(name));
    if who.is_some_and(|who| factors::is_blocked(world, state, &session, factor, who)) {
        return ending::end(world, state, id, &session, Ending::Blocked);
    }
    if !factors::is_shown(world, &session, form, factor, who) {
        if factors::fails(world, state, &mut session, factor, who) {
            return ending::end(world, state, id, &session, Ending::Blocked);
        }
        state.sessions.insert(id.to_owned(), session.clone());
        return rule::refused(
            show(world, state, &session, Some(WRONG), None),
            "credentials",
            "what was entered is wrong",
        );
    }
    if !owns_debtor_account(world, state, &session) {
        return ending::end(world, state, id, &session, Ending::ForeignAccount);
    }
    who.into_iter().for_each(|who| factors::succeeds(world, state, who, next));
    if next == Step::Sca {
        set_sca_status(state, &session, ScaStatus::PsuAuthenticated);
    }
    session.step = next;
    let mut response = http::see_other(&format!("{}{}", world.issuer, next.path()));
    match world.habits.has("sessions-renewed") {
        true => {
            state.sessions.remove(id);
            let id = world.random.secret();
            set_cookie(world, &mut response, &id);
            response.headers_mut().append(SET_COOKIE, HeaderValue::from_static(habits::SECOND_COOKIE));
            state.sessions.insert(id, session);
        }
        false => state.sessions.insert(id.to_owned(), session),
    }
    response
}

/// Nobody pays from another customer's account.
fn owns_debtor_account(world: &World, state: &State, session: &Session) -> bool {
    let payment = session.purpose.intent(state).and_then(|id| state.payments.get(&id));
    payment.is_none_or(|payment| payment.debtor_account.is_empty() || world.customer.owns(&payment.debtor_account))
}

fn view(world: &World, state: &State, session: &Session, problem: Option<&'static str>, named: Option<&str>) -> View {
    let client = session.purpose.client_id(state).and_then(|id| world.client(&id));
    let payment = session.purpose.intent(state).and_then(|id| state.payments.get(&id));
    let left_out = |rule| world.faults.leave_out(rule, session.purpose.approach());
    let shown = payment.filter(|_| !world.faults.on("consent-hides-amount")).map(|payment| PaymentView {
        amount: habits::shown(world, if left_out("shows_amount") { "1.00" } else { &payment.amount }, true),
        currency: payment.currency.clone(),
        creditor_name: if left_out("shows_payee") { &world.customer.name } else { &payment.creditor_name }.clone(),
        creditor_account: habits::shown(world, &payment.creditor_account, false),
        debtor_account: habits::shown(world, &payment.debtor_account, false),
    });
    View {
        organization: client.map_or_else(|| "A third party".to_owned(), |client| client.organization.clone()),
        accounts: matches!(&session.purpose, Purpose::OAuth(request) if scope::holds(&request.scope, scope::ACCOUNTS)),
        payment: shown,
        customer: world.customer.name.clone(),
        csrf: forgery::token(world, state, session),
        problem,
        readable: world.faults.on("password-readable"),
        names_first: world.habits.has("username-first"),
        named: named.unwrap_or_default().to_owned(),
    }
}
